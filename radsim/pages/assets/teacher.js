// Play the teacher: the reader spoils points, and the robust gains of three learners move.
// Numbers are those of solver.js; explorer.js calls `teacher.show` after every change of the game.
"use strict";

const teacher = (() => {
  let spoiled = []; // in the order in which they were chosen
  let revealed = false;
  let shown = null; // the game, and each learner with what it earns

  // Mistake k takes what m leaves to it: a last one of half a mistake spoils its point by half.
  const mistakes = (game) =>
    game.g.map((_, i) => {
      const place = spoiled.indexOf(i);
      return place < 0 ? 0 : Math.min(1, Math.max(0, game.m - place));
    });
  const earned = (game, q, l) =>
    radsim.sum(q.map((x, i) => x * (game.g[i] - game.s[i] * l[i])));

  function learnersOf(game, value) {
    const l = mistakes(game);
    const { margin, uniform } = radsim.rivals;
    return [["margin", margin(game)], ["uniform", uniform(game)], ["RAD", value.q]].map(([name, q]) => {
      // Rounding of a sum that is zero is no gain.
      const unit = radsim.sum(q.map((x, i) => x * game.s[i]));
      const clean = (x) => (Math.abs(x) < 1e-13 * unit ? 0 : x);
      const reply = radsim.worstCase(game, q);
      const [score, least] = [clean(earned(game, q, l)), clean(reply.value)];
      return { name, q, score, least, reply: reply.l, found: score - least <= 1e-9 * unit };
    });
  }

  // ---- words ----

  const and = (words) => (words.length < 2 ? words.join("") : `${words.slice(0, -1).join(", ")} and ${words.at(-1)}`);
  const plural = (x, word) => `${short(x)} ${word}${x === 1 ? "" : "s"}`;
  function points(l) {
    const whole = l.flatMap((x, i) => (x > 1 - 1e-9 ? [i + 1] : []));
    const named = whole.length ? [`point${whole.length > 1 ? "s" : ""} ${and(whole)}`] : [];
    l.forEach((x, i) => {
      if (x > 1e-9 && x <= 1 - 1e-9) named.push(`${short(100 * x, 2)} % of point ${i + 1}`);
    });
    return named.length ? named.join(" and ") : "no point";
  }

  function spent({ m }) {
    if (m === 0) return "This teacher makes no mistakes: there is nothing to spoil.";
    const left = Math.max(0, m - spoiled.length);
    if (left === 0) return `All ${plural(m, "mistake")} spent. Take a point back to try another, or see the best reply.`;
    return `${plural(left, "mistake")} left, of ${short(m)}.`;
  }

  // What happened: yours beside the teacher's best against each, then what RAD promises.
  function ending({ game, value, learners }) {
    const lines = learners.map(({ name, score, least, reply, found }) => {
      const best = `Against ${name} the best reply spoils ${points(reply)} and leaves ${short(least)}`;
      return found ? `${best}: you found as much.` : `${best}; yours left ${short(score)}.`;
    });
    const [rad, rivals] = [learners[2], learners.slice(0, 2)];
    if (value.value === 0) {
      lines.push("These mistakes can spoil every gain, so RAD asks nothing: it earns 0 and loses nothing.");
      return lines;
    }
    const worse = rivals.filter((x) => x.least < rad.least - 1e-9 * Math.abs(rad.least));
    lines.push(
      `RAD earns at least ${short(rad.least)} whatever you spoil, and no learner can be sure of more.` +
        (worse.length ? ` You could have brought ${and(worse.map(({ name, least }) => `${name} down to ${short(least)}`))}.` : ""),
    );
    const bites = rad.q.map((x, i) => x * game.s[i]).filter((x) => x > 0);
    if (bites.length > 1 && Math.max(...bites) - Math.min(...bites) <= 1e-9 * Math.max(...bites)) {
      lines.push("Each point that RAD may ask about costs it the same when it is spoiled: there is no best one to hit.");
    }
    const above = learners.filter((x) => x.score > rad.score + 1e-9 * Math.abs(rad.score));
    if (above.length && !rivals.every((x) => x.found)) {
      lines.push(`Against your choice ${and(above.map(({ name }) => name))} earned more than RAD: a mild teacher is cheap to trust.`);
    }
    return lines;
  }

  // ---- the page ----

  function made(name, attributes = {}, text = "") {
    const found = document.createElement(name);
    for (const [key, x] of Object.entries(attributes)) found.setAttribute(key, x);
    found.textContent = text;
    return found;
  }

  // One button a point, kept from one drawing to the next: the focus stays where it is.
  function drawPoints({ game }) {
    const box = byId("spoil");
    while (box.children.length > game.g.length) box.lastChild.remove();
    while (box.children.length < game.g.length) {
      const button = made("button", { type: "button", "data-spoil": box.children.length });
      button.append(made("b"), made("i"), made("span"));
      box.append(button);
    }
    const l = mistakes(game);
    [...box.children].forEach((button, i) => {
      const [name, bar, words] = button.children;
      name.textContent = i + 1;
      bar.style.height = `${Math.round((34 * game.g[i]) / Math.max(...game.g, 1e-300)) + 2}px`;
      words.textContent = l[i] > 1 - 1e-9 ? "✕" : l[i] > 0 ? `✕ ${short(l[i], 2)}` : short(game.g[i], 2);
      button.setAttribute("aria-pressed", String(spoiled.includes(i)));
      button.setAttribute("aria-label", `spoil point ${i + 1}, gain ${short(game.g[i])}`);
    });
  }

  function drawScores({ game, learners }) {
    const ends = [0, ...learners.flatMap(({ q, score, least }) => [score, least, earned(game, q, q.map(() => 0))])];
    const [low, high] = [Math.min(...ends), Math.max(...ends)];
    const at = (x) => (high > low ? (100 * (x - low)) / (high - low) : 0);
    byId("scores").tBodies[0].replaceChildren(...learners.map(({ name, score, least, found }) => {
      const row = made("tr", { "data-learner": name });
      const bar = made("td", { class: "score" });
      const box = made("div");
      const from = Math.min(at(0), at(score));
      box.append(
        made("i", { class: score < 0 ? "loss" : "", style: `left: ${from}%; width: ${Math.abs(at(score) - at(0))}%` }),
        made("i", { class: "zero", style: `left: ${at(0)}%` }),
      );
      if (revealed) box.append(made("i", { class: "least", style: `left: ${at(least)}%` }));
      bar.append(box);
      row.append(
        made("th", { scope: "row" }, name),
        made("td", { "data-number": score }, short(score, 3)),
        made("td", { "data-number": revealed ? least : "" }, revealed ? `${short(least, 3)}${found ? " ✓" : ""}` : "?"),
        bar,
      );
      return row;
    }));
  }

  function draw() {
    drawPoints(shown);
    drawScores(shown);
    byId("spent-words").textContent = spent(shown.game);
    byId("reveal").setAttribute("aria-expanded", String(revealed));
    byId("again").disabled = spoiled.length === 0 && !revealed;
    byId("ending").hidden = !revealed;
    byId("ending").replaceChildren(...(revealed ? ending(shown) : []).map((line) => made("p", {}, line)));
  }

  function play() {
    shown = { ...shown, learners: learnersOf(shown.game, shown.value) };
    draw();
  }

  // What is left of the choice when the game is another: the points that are there, up to m.
  function show(game, value) {
    spoiled = spoiled.filter((i) => i < game.g.length).slice(0, Math.ceil(game.m));
    shown = { game, value };
    play();
  }

  function start() {
    byId("spoil").addEventListener("click", (event) => {
      const button = event.target.closest("[data-spoil]");
      if (!button) return;
      const i = Number(button.dataset.spoil);
      if (spoiled.includes(i)) spoiled = spoiled.filter((k) => k !== i);
      else if (spoiled.length < Math.ceil(shown.game.m)) spoiled = [...spoiled, i];
      play();
    });
    byId("spoil").addEventListener("keydown", (event) => {
      const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
      const button = event.target.closest("[data-spoil]");
      if (step === undefined || !button) return;
      event.preventDefault();
      (step > 0 ? button.nextElementSibling : button.previousElementSibling)?.focus();
    });
    byId("reveal").addEventListener("click", () => {
      revealed = true;
      draw();
    });
    byId("again").addEventListener("click", () => {
      [spoiled, revealed] = [[], false];
      play();
    });
  }

  return { show, start };
})();
