// The page around solver.js: one state, drawn anew after every change and kept in the address.
"use strict";

const MOST_POINTS = 12;
const byId = (id) => document.getElementById(id);

const EXAMPLES = {
  "three points": { g: [1, 0.5, 0.25], m: 1 },
  "no harm: a wasted query": { g: [1, 0.5, 0.25], m: 1, harm: 0 },
  "two queries, one point at the level": { g: [10, 3, 2], m: 1, b: 2, harm: 0 },
  "constant harm": { g: [1, 0.5, 0.25], m: 0.5, kind: "constant", harm: 1 },
  "ties": { g: [10, 5, 5, 2, 2, 1], m: 2 },
  "a pool of ten": { g: [0.95, 0.9, 0.82, 0.7, 0.64, 0.5, 0.41, 0.3, 0.22, 0.1], m: 2, b: 3 },
  "too many mistakes": { g: [1, 0.8, 0.6, 0.4], m: 2 },
};

// A full state from a part of one; whatever cannot be is put right.
function settle(part) {
  const number = (x, low, high, otherwise) =>
    Number.isFinite(x) ? Math.min(high, Math.max(low, x)) : otherwise;
  let g = (part.g ?? []).map((x) => number(x, 0, 1e300, 0)).slice(0, MOST_POINTS);
  if (g.length === 0) g = EXAMPLES["three points"].g;
  const draws = part.draws === "uncapped" ? "uncapped" : "capped";
  const most = draws === "capped" ? g.length : Math.max(g.length, 12);
  const b = number(part.b, 0, most, 1);
  return {
    g: [...g],
    m: number(part.m, 0, g.length, Math.min(1, g.length)),
    b: b > 0 ? b : Math.min(1, most),
    draws,
    kind: part.kind === "constant" ? "constant" : "multiple",
    harm: number(part.harm, 0, 1e300, 1),
    plays: byId("plays").querySelector(`[value="${part.plays}"]`) ? part.plays : "value",
    top: Math.max(number(part.top, 0, 1e300, 0), ...g) || 1,
  };
}

function fromAddress() {
  const read = new URLSearchParams(location.hash.slice(1));
  const numbers = (text) => (text === null ? undefined : text.split(",").map(Number));
  const number = (key) => numbers(read.get(key))?.[0];
  const harm = (read.get("harm") ?? "1").split(":");
  return settle({
    g: numbers(read.get("g")),
    m: number("m"),
    b: number("b"),
    top: number("top"),
    harm: Number(harm[harm.length - 1]),
    kind: harm.length > 1 ? harm[0] : "multiple",
    draws: read.get("draws"),
    plays: read.get("plays") ?? "value",
  });
}

function toAddress({ g, m, b, top, harm, kind, draws, plays }) {
  const amount = kind === "constant" ? `constant:${harm}` : harm;
  return `#g=${g.join(",")}&m=${m}&b=${b}&harm=${amount}&draws=${draws}&plays=${plays}&top=${top}`;
}

const gameOf = ({ g, m, b, harm, kind, draws }) =>
  radsim.makeGame(g, g.map((x) => (kind === "constant" ? harm : harm * x)), m, b, draws === "capped");

// The inclusion probabilities to show, or the reason why there are none.
function playsOf(state, game, answers) {
  const { value, regret, ratio } = answers;
  const rival = radsim.rivals[state.plays];
  if (rival) return { q: rival(game) };
  const found = { value, regret, ratio }[state.plays];
  return found.why ? { q: value.q, why: found.why } : { q: found.q };
}

function solve(state) {
  const game = gameOf(state);
  const answers = {
    value: radsim.solveValue(game),
    regret: radsim.solveHindsight(game, "regret"),
    ratio: radsim.solveHindsight(game, "ratio"),
  };
  const shown = playsOf(state, game, answers);
  return { game, ...answers, shown, reply: radsim.worstCase(game, shown.q) };
}

// ---- numbers -----------------------------------------------------------------------------------

function short(x, digits = 4) {
  if (Number.isNaN(x)) return "–";
  if (x === 0) return "0";
  const size = Math.abs(x);
  if (size >= 1e5 || size < 1e-4) return x.toExponential(2).replace("-", "−");
  return String(Number(x.toPrecision(digits))).replace("-", "−");
}

function put(id, x, note = "") {
  const output = byId(id);
  output.textContent = short(x);
  output.dataset.number = String(x);
  byId(`${id}-note`).textContent = note;
}

function showNumbers(state, { game, value, regret, ratio, shown, reply }) {
  const spent = radsim.sum(shown.q);
  const hindsight = "against the best point in hindsight";
  put("value", value.value, "whatever the teacher does");
  put("level", value.level, value.branch === "two prices" ? "price of a query" : "water level");
  put("spent", spent, `of b = ${short(game.b)}`);
  // Rounding of a worst case that is zero is no news.
  const unit = radsim.sum(shown.q.map((x, i) => x * game.s[i]));
  const worst = Math.abs(reply.value) < 1e-13 * unit ? 0 : reply.value;
  const share = value.value > 0 ? `${short((100 * worst) / value.value, 3)} % of V` : "of the q shown";
  put("worst", worst, share);
  put("regret", regret.value, regret.why ?? hindsight);
  put("ratio", ratio.value, ratio.why ?? hindsight);
  const words = [];
  if (value.value === 0) {
    words.push("No selection of these points has a positive guarantee against this teacher: query nothing.");
  }
  if (shown.why) words.push(`${shown.why} RAD's inclusion probabilities are shown instead.`);
  byId("message").textContent = words.join(" ");
  byId("message").hidden = words.length === 0;
  byId("numbers").tBodies[0].replaceChildren(
    ...game.g.map((x, i) => {
      const row = document.createElement("tr");
      const cells = [i + 1, x, game.h[i], game.s[i], shown.q[i], value.l[i], reply.l[i]];
      for (const cell of cells) {
        const data = row.insertCell();
        data.textContent = short(cell);
        data.dataset.number = String(cell);
      }
      return row;
    }),
  );
  const harm = state.kind === "constant" ? `constant:${state.harm}` : state.harm;
  const objective = ["regret", "ratio"].includes(state.plays) ? ` --objective ${state.plays}` : "";
  byId("command").textContent =
    `printf 'gain\\n${state.g.join("\\n")}\\n' | radsim solve - ${amounts()} --harm ${harm}` +
    (game.capped ? "" : " --uncapped") + objective;
}

// Amounts below one are written as shares of the points: a command would ask which of the two is meant.
function amounts() {
  const [m, b, n] = [state.m, state.b, state.g.length];
  return (m > 0 && m < 1 ? `--rate ${m / n}` : `--mistakes ${m}`) +
    ` --budget ${b < 1 ? `${(100 * b) / n}%` : b}`;
}

// ---- picture -----------------------------------------------------------------------------------

function element(name, attributes = {}, text = null) {
  const made = document.createElementNS(byId("plot").namespaceURI, name);
  for (const [key, x] of Object.entries(attributes)) made.setAttribute(key, x);
  if (text !== null) made.textContent = text;
  return made;
}

const PLOT = { left: 46, right: 54, ceiling: 16, texts: 22, chances: 96 };
// The gains' part is taller where there is room.
const tall = () => (byId("plot").clientWidth > 560 ? 300 : 220);

function draw(state, { game, value, shown, reply }) {
  const plot = byId("plot");
  const width = Math.max(280, plot.clientWidth);
  const { left, right, ceiling, texts, chances } = PLOT;
  const gains = tall();
  const n = game.g.length;
  const step = (width - left - right) / n;
  const bar = Math.min(46, step * 0.72);
  const floor = ceiling + gains;
  const base = floor + texts + 22 + chances;
  const height = base + 2 * texts + 8;
  const most = Math.max(1, ...shown.q);
  const y = (x) => floor - (gains * x) / state.top;
  const up = (x) => base - (chances * x) / most;
  plot.setAttribute("viewBox", `0 0 ${width} ${height}`);
  plot.setAttribute("height", height);
  plot.classList.toggle("many", n > 8);

  const parts = [];
  const line = (x1, y1, x2, y2, colour, extra = {}) =>
    parts.push(element("line", { x1, y1, x2, y2, stroke: `var(--${colour})`, ...extra }));
  const label = (x, at, text, anchor, kind) =>
    parts.push(element("text", { x, y: at, "text-anchor": anchor, class: kind }, text));
  for (const part of [0, 0.5, 1]) {
    const at = y(part * state.top);
    line(left, at, width - right, at, "line");
    label(left - 8, at + 4, short(part * state.top, 2), "end", "axis");
  }
  for (const part of [0, 1]) {
    line(left, up(part * most), width - right, up(part * most), "line");
    label(left - 8, up(part * most) + 4, short(part * most, 3), "end", "axis");
  }
  label(left - 8, floor + texts, "gain", "end", "axis");
  label(left - 8, base + texts, "q", "end", "axis");
  label(left - 8, base + 2 * texts, "reply", "end", "axis");
  game.g.forEach((x, i) => {
    const middle = left + (i + 0.5) * step;
    const from = middle - bar / 2;
    const kept = Math.max(0, x - game.s[i] * value.l[i]);
    const column = element("g", {
      class: "column", tabindex: 0, role: "slider", "data-point": i,
      "aria-label": `gain of point ${i + 1}`, "aria-valuemin": 0, "aria-valuemax": state.top,
      "aria-valuenow": x,
    });
    const box = (at, tall, colour, more = {}) =>
      element("rect", { x: from, y: at, width: bar, height: Math.max(0, tall), fill: colour, ...more });
    column.append(
      element("rect", { x: left + i * step, y: 0, width: step, height: floor + 8, fill: "transparent" }),
      box(y(kept), floor - y(kept), "var(--blue)"),
      box(y(x), y(kept) - y(x), "var(--shaved)"),
      element("rect", { class: "grip", x: middle - bar / 2 - 2, y: y(x) - 3, width: bar + 4, height: 6,
        rx: 3, fill: "var(--ink)" }),
    );
    parts.push(column, box(up(shown.q[i]), base - up(shown.q[i]), "var(--green)"));
  });
  // A row of numbers, as many as have room; all of them are in the table.
  const row = (at, xs, words) => {
    const texts = xs.map(words).map((text) => (step < 30 ? text.replace(/^0\./, ".") : text));
    const letter = n > 8 ? 6.6 : 7.9;
    const size = (text) => letter * (text.length - (text.includes(".") ? 0.5 : 0)) + 2;
    const every = Math.ceil(Math.max(...texts.map(size)) / step);
    texts.forEach((text, i) => {
      if (i % every === 0) label(left + (i + 0.5) * step, at, text, "middle", "value");
    });
  };
  const digits = step < 40 ? 2 : 3;
  row(floor + texts, game.g, (x) => short(x, digits));
  row(base + texts, shown.q, (x) => short(x, digits));
  row(base + 2 * texts, reply.l, (x) => (x > 1 - 1e-9 ? "✕" : x > 1e-9 ? short(x, 2) : "·"));
  if (value.level > 0) {
    const at = y(value.level);
    line(left, at, width - right, at, "level", { "stroke-width": 2, "stroke-dasharray": "6 4", "pointer-events": "none" });
    label(width - right + 6, at + 4, `λ ${short(value.level, 3)}`, "start", "level");
  }
  const focused = document.activeElement?.dataset?.point;
  plot.replaceChildren(...parts);
  if (focused !== undefined) plot.querySelector(`[data-point="${focused}"]`)?.focus();
}

// ---- the reader's hands ------------------------------------------------------------------------

let state = fromAddress();

function show() {
  const answers = solve(state);
  draw(state, answers);
  showNumbers(state, answers);
  teacher.show(answers.game, answers.value);
  for (const [key, most] of [["m", state.g.length], ["b", state.draws === "capped" ? state.g.length : 12]]) {
    byId(`${key}-range`).max = most;
    for (const id of [key, `${key}-range`]) if (document.activeElement !== byId(id)) byId(id).value = state[key];
  }
  byId("harm-range").max = state.kind === "constant" ? 3 * state.top : 3;
  byId("harm-range").step = state.kind === "constant" ? state.top / 20 : 0.05;
  for (const id of ["harm", "harm-range"]) if (document.activeElement !== byId(id)) byId(id).value = state.harm;
  byId("harm-name").textContent = state.kind === "constant" ? "h, in the unit of the gains" : "c, a multiple of the gain";
  for (const name of ["draws", "harm"]) {
    const chosen = name === "harm" ? state.kind : state.draws;
    for (const radio of document.getElementsByName(name)) radio.checked = radio.value === chosen;
  }
  byId("plays").value = state.plays;
  // A verdict on the gains above is one on those that were there.
  if (byId("verdict").classList.contains("above")) byId("verdict").hidden = true;
  byId("remove").disabled = state.g.length === 1;
  byId("add").disabled = state.g.length === MOST_POINTS;
}

function change(part) {
  state = settle({ ...state, ...part });
  history.replaceState(null, "", toAddress(state));
  show();
}

// Gains move in hundredths of the top.
function setGain(i, x) {
  const step = state.top / 100;
  const g = [...state.g];
  g[i] = Number((Math.min(100, Math.max(0, Math.round(x / step))) * step).toPrecision(12));
  change({ g });
}

byId("plot").addEventListener("pointerdown", (down) => {
  const column = down.target.closest(".column");
  if (!column) return;
  const i = Number(column.dataset.point);
  const plot = byId("plot");
  const move = (event) => {
    const at = event.clientY - plot.getBoundingClientRect().top;
    setGain(i, (state.top * (PLOT.ceiling + tall() - at)) / tall());
  };
  const end = (event) => {
    if (event.type === "pointerup") move(event);
    plot.removeEventListener("pointermove", move);
    for (const kind of ["pointerup", "pointercancel"]) plot.removeEventListener(kind, end);
  };
  down.preventDefault();
  // The columns are drawn anew under the finger, so the picture itself holds the pointer.
  plot.setPointerCapture(down.pointerId);
  plot.addEventListener("pointermove", move);
  for (const kind of ["pointerup", "pointercancel"]) plot.addEventListener(kind, end);
  // Nothing is drawn before the browser has asked the bar under the finger whether to scroll.
  column.focus();
});

// A finger on a bar drags it; the page scrolls by a finger anywhere else.
byId("plot").addEventListener("touchstart", (event) => {
  if (event.target.closest(".column")) event.preventDefault();
}, { passive: false });

byId("plot").addEventListener("keydown", (event) => {
  const column = event.target.closest(".column");
  const steps = { ArrowUp: 1, ArrowRight: 1, ArrowDown: -1, ArrowLeft: -1, PageUp: 10, PageDown: -10,
    Home: -100, End: 100 }[event.key];
  if (!column || steps === undefined) return;
  event.preventDefault();
  const i = Number(column.dataset.point);
  setGain(i, state.g[i] + (steps * state.top) / 100);
});

for (const key of ["m", "b", "harm"]) {
  for (const id of [key, `${key}-range`]) {
    byId(id).addEventListener("input", () => {
      if (byId(id).value !== "") change({ [key]: Number(byId(id).value) });
    });
    byId(id).addEventListener("change", () => {
      byId(id).value = state[key];
    });
  }
}
for (const radio of document.getElementsByName("draws")) {
  radio.addEventListener("change", () => change({ draws: radio.value }));
}
for (const radio of document.getElementsByName("harm")) {
  // From a multiple to a constant and back, about as harmful as before.
  radio.addEventListener("change", () => {
    const harm = radio.value === "constant" ? state.harm * state.top : state.harm / state.top;
    change({ kind: radio.value, harm: Number(harm.toPrecision(4)) });
  });
}
byId("plays").addEventListener("change", () => change({ plays: byId("plays").value }));
byId("add").addEventListener("click", () => change({ g: [...state.g, state.top / 2] }));
byId("remove").addEventListener("click", () => change({ g: state.g.slice(0, -1) }));
byId("sort").addEventListener("click", () => change({ g: [...state.g].sort((x, y) => y - x) }));
byId("random").addEventListener("click", () =>
  change({ g: state.g.map(() => Number((state.top * Math.random()).toPrecision(2))) }));
byId("preset").append(new Option("choose one", ""), ...Object.keys(EXAMPLES).map((name) => new Option(name)));
byId("preset").addEventListener("change", () => {
  const chosen = EXAMPLES[byId("preset").value];
  if (chosen) change({ kind: "multiple", harm: 1, b: 1, draws: "capped", top: 0, plays: "value", ...chosen });
});
byId("controls").addEventListener("submit", (event) => event.preventDefault());
byId("copy").addEventListener("click", () => navigator.clipboard?.writeText(byId("command").textContent));
// ---- proofs ------------------------------------------------------------------------------------

// Files of a proof and of gains, or of a proof alone: then the gains are those of the page.
const ABOVE = "the gains above";
async function checkFiles(files) {
  const named = (ending) => [...files].find(({ name }) => name.toLowerCase().endsWith(ending));
  const [proof, gains] = [named(".json"), named(".csv")];
  if (!proof) return showVerdict({ verdict: "unreadable", words: "no proof among the files: its name ends in .json" });
  showVerdict({ verdict: "checking", words: `${proof.name} …` });
  const [text, csv] = [await proof.text(), await gains?.text()];
  // The words above are painted first: a large pool takes seconds.
  await new Promise((done) => setTimeout(done, 30));
  const from = gains ? gains.name : ABOVE;
  return showVerdict(proofs.check(text, csv ?? state.g), proof.name, from);
}

function showVerdict({ verdict, words, low, high, width, scale, proof, unseen }, name = "", from = "") {
  const lines = [];
  if (verdict === "proved") {
    const { mistakes, budget, capped, abstain, harm, picks, design, seed, inclusion, validation, ids } = proof;
    const [kind, amount] = harm;
    const harms = { multiple: `${amount} times the gain`, constant: `${amount} each`, column: `from column ${amount}` };
    const rows = picks.length > 20 ? `${picks.slice(0, 20).join(", ")}, … (${picks.length} in all)` : picks.join(", ");
    const share = scale > 0 ? `, ${(width / scale).toExponential(1)} of the most that could be earned` : "";
    lines.push(
      `Proved: ${name}, from ${from} (${inclusion.length} points), in exact arithmetic.`,
      `The rules: at most ${mistakes} mistakes; ${budget} queries, ${capped ? "each point at most once" : "with replacement"}, ` +
        `${abstain ? "which may stay unspent" : "all spent"}; harm ${harms[kind]}.`,
      `The value lies between ${low} and ${high}: ${width.toExponential(1)} apart${share}.`,
      `Picks drawn with the proof's inclusion probabilities earn at least ${low} on average, whatever mistakes ` +
        `the teacher makes, up to ${mistakes}.`,
      `${design} with seed ${seed} draws these rows, counted from 0: ${rows || "none"}.`,
    );
    if (validation) {
      const [v, k, delta] = validation;
      lines.push(`The number of mistakes is from ${v} checked points of which ${k} were wrong, at delta ${delta}.`);
    }
    for (const [column] of ids) {
      lines.push(`The picks' ${column}: ${unseen.includes(column) ? "NOT CHECKED, the gains have no such column" : "those of the gains' file"}.`);
    }
  } else if (verdict === "checking") lines.push(`Checking ${words}`);
  else lines.push(`${verdict === "refused" ? "Refused" : "Unreadable"}${name && `: ${name}, from ${from}`}. ${words}`);
  byId("verdict").className = `verdict ${verdict}${from === ABOVE ? " above" : ""}`;
  byId("verdict").hidden = false;
  byId("verdict").replaceChildren(...lines.map((line) => {
    const shown = document.createElement("p");
    shown.textContent = line;
    return shown;
  }));
}

byId("proof-files").addEventListener("change", () => {
  const files = [...byId("proof-files").files];
  byId("proof-files").value = ""; // the same files may be chosen again
  if (files.length) checkFiles(files);
});
// Anywhere on the page: a file dropped beside the box would open in place of the page.
for (const kind of ["dragenter", "dragover", "dragleave", "drop"]) {
  document.addEventListener(kind, (event) => {
    event.preventDefault();
    byId("drop").classList.toggle("over", kind === "dragenter" || kind === "dragover");
    if (kind === "drop" && event.dataTransfer.files.length) {
      byId("drop").scrollIntoView({ block: "nearest" });
      checkFiles(event.dataTransfer.files);
    }
  }, true);
}

addEventListener("hashchange", () => {
  state = fromAddress();
  show();
});
new ResizeObserver(() => draw(state, solve(state))).observe(byId("plot").parentElement);
teacher.start();
show();
