// A small game in exact fractions: both strategies by the simplex method, each judged for itself,
// and what the formula of the page says beside them.
"use strict";

const theorem = (() => {
  // --- Fractions: [numerator, denominator], the latter positive ---
  const gcd = (a, b) => { while (b) [a, b] = [b, a % b]; return a < 0n ? -a : a; };
  const ratio = (n, d) => {
    if (d < 0n) [n, d] = [-n, -d];
    const k = gcd(n, d) || 1n;
    return [n / k, d / k];
  };
  const whole = (n) => [BigInt(n), 1n];
  const ZERO = whole(0), ONE = whole(1);
  const add = (x, y) => ratio(x[0] * y[1] + y[0] * x[1], x[1] * y[1]);
  const minus = (x, y) => ratio(x[0] * y[1] - y[0] * x[1], x[1] * y[1]);
  const times = (x, y) => ratio(x[0] * y[0], x[1] * y[1]);
  const over = (x, y) => ratio(x[0] * y[1], x[1] * y[0]);
  const compare = (x, y) => { const d = x[0] * y[1] - y[0] * x[1]; return d < 0n ? -1 : d > 0n ? 1 : 0; };
  const most = (xs) => xs.reduce((x, y) => (compare(x, y) < 0 ? y : x));
  const least = (xs) => xs.reduce((x, y) => (compare(x, y) > 0 ? y : x));
  const sum = (xs) => xs.reduce(add, ZERO);
  const dot = (xs, ys) => sum(xs.map((x, i) => times(x, ys[i])));
  const show = ([n, d]) => (d === 1n ? `${n}` : `${n}/${d}`);

  // "3", "1/2" or "0.25"; null for anything else.
  function read(text) {
    const found = /^\s*(\d{1,6})(?:\.(\d{1,6})|\/(\d{1,6}))?\s*$/.exec(text);
    if (!found) return null;
    const [, n, decimals, d] = found;
    if (decimals) return ratio(BigInt(n + decimals), 10n ** BigInt(decimals.length));
    if (d && BigInt(d) === 0n) return null;
    return ratio(BigInt(n), BigInt(d ?? 1));
  }

  // max c x over A x <= a and x >= 0, where a >= 0: the simplex method from zero, by Bland's rule.
  // Gives x and the price of each row.
  function simplex(A, a, c) {
    const nRows = A.length, nColumns = c.length;
    const table = A.map((row, i) => [
      ...row, ...A.map((_, k) => (k === i ? ONE : ZERO)), a[i],
    ]);
    const cost = [...c.map((x) => minus(ZERO, x)), ...A.map(() => ZERO), ZERO];
    const basis = A.map((_, i) => nColumns + i);
    for (;;) {
      const enters = cost.findIndex((x, k) => k < cost.length - 1 && compare(x, ZERO) < 0);
      if (enters < 0) break;
      let leaves = -1, step = null;
      table.forEach((row, i) => {
        if (compare(row[enters], ZERO) <= 0) return;
        const reached = over(row.at(-1), row[enters]);
        const order = step === null ? -1 : compare(reached, step);
        if (order < 0 || (order === 0 && basis[i] < basis[leaves])) [leaves, step] = [i, reached];
      });
      if (leaves < 0) throw new Error("unbounded");
      const pivot = table[leaves].map((x) => over(x, table[leaves][enters]));
      table[leaves] = pivot;
      for (const row of [...table.filter((_, i) => i !== leaves), cost]) {
        const factor = row[enters];
        if (compare(factor, ZERO) !== 0) {
          pivot.forEach((x, k) => { row[k] = minus(row[k], times(factor, x)); });
        }
      }
      basis[leaves] = enters;
    }
    const x = c.map(() => ZERO);
    basis.forEach((k, i) => { if (k < nColumns) x[k] = table[i].at(-1); });
    return { x, value: cost.at(-1), prices: cost.slice(nColumns, nColumns + nRows) };
  }

  // --- The game: gains, harms, mistakes, budget; capped or not, abstaining or not.  Some have a
  // limit r on each mistake probability, or a group of each point and mistakes ms of each group ---
  const limit = (game, i) => game.r?.[i] ?? ONE;
  const groupOf = (game, i) => game.group?.[i] ?? 0;
  const mistakesOf = (game) => game.ms ?? [game.m];
  const stakes = ({ g, h }) => g.map((x, i) => add(x, h[i]));

  // The guarantee of q: of each group the m largest q s are lost, the last by its fraction.
  function guarantee(game, q) {
    const bites = stakes(game).map((s, i) => ({ i, bite: times(s, q[i]) }))
      .sort((x, y) => compare(y.bite, x.bite));
    const left = [...mistakesOf(game)];
    let lost = ZERO;
    for (const { i, bite } of bites) {
      const group = groupOf(game, i), part = least([left[group], limit(game, i)]);
      lost = add(lost, times(part, bite));
      left[group] = minus(left[group], part);
    }
    return minus(dot(game.g, q), lost);
  }

  // The most that any design earns against l: budget on the largest robust gains.
  function bestReply(game, l) {
    const robust = stakes(game).map((s, i) => minus(game.g[i], times(s, l[i])));
    const falling = [...robust].sort((x, y) => compare(y, x));
    let left = game.b, earned = ZERO;
    for (const x of falling) {
      if (game.abstain && compare(x, ZERO) <= 0) break;
      const part = game.capped ? least([left, ONE]) : left;
      earned = add(earned, times(part, x));
      left = minus(left, part);
    }
    return earned;
  }

  // max sum q g - sum r u - sum m tau over q s <= u + tau, a tau for each group.  A forced budget is spent by itself once every
  // gain is raised above all harms; what that adds is taken off again.
  function solveValue(game) {
    const n = game.g.length, s = stakes(game);
    const raise = game.abstain ? ZERO : add(most(game.h), ONE);
    const ms = mistakesOf(game);
    const row = (entries) => {
      const found = Array(2 * n + ms.length).fill(ZERO);
      for (const [k, x] of entries) found[k] = x;
      return found;
    };
    const points = s.map((_, i) => i), minusOne = whole(-1);
    const A = points.map((i) => row([[i, s[i]], [n + i, minusOne],
      [2 * n + groupOf(game, i), minusOne]]));
    const a = points.map(() => ZERO);
    A.push(row(points.map((i) => [i, ONE])));
    a.push(game.b);
    if (game.capped) {
      points.forEach((i) => { A.push(row([[i, ONE]])); a.push(ONE); });
    }
    const c = [...game.g.map((x) => add(x, raise)),
      ...points.map((i) => minus(ZERO, limit(game, i))), ...ms.map((m) => minus(ZERO, m))];
    const { x, prices, value } = simplex(A, a, c);
    return { value: minus(value, times(raise, game.b)), q: x.slice(0, n), l: prices.slice(0, n) };
  }

  // Sets of as many mistakes as can be, and the b largest gains outside each: the benchmark.
  function worlds(game) {
    const n = game.g.length, b = Number(game.b[0]), found = [];
    const m = Math.min(Number(game.m[0] / game.m[1]), n - b);
    for (let set = 0; set < 2 ** n; set += 1) {
      const wrong = game.g.map((_, i) => (set >> i) & 1);
      if (wrong.reduce((x, y) => x + y, 0) !== m) continue;
      const right = game.g.filter((_, i) => !wrong[i]).sort((x, y) => compare(y, x));
      found.push({ wrong, best: sum(right.slice(0, b)) });
    }
    return found;
  }

  // Whole b and m: the least regret as G - max R', the best ratio as max rho.
  function solveHindsight(game, objective) {
    const n = game.g.length, s = stakes(game), all = worlds(game);
    const top = most(all.map(({ best }) => best));
    const regret = objective === "regret";
    const A = all.map(({ wrong, best }) => [
      ...game.g.map((x, i) => minus(wrong[i] ? s[i] : ZERO, x)), regret ? ONE : best,
    ]);
    const a = all.map(({ best }) => (regret ? minus(top, best) : ZERO));
    A.push([...game.g.map(() => ONE), ZERO]);
    a.push(game.b);
    game.g.forEach((_, i) => {
      A.push([...game.g.map((__, k) => (k === i ? ONE : ZERO)), ZERO]);
      a.push(ONE);
    });
    const { x, prices, value } = simplex(A, a, [...game.g.map(() => ZERO), ONE]);
    const q = x.slice(0, n), law = prices.slice(0, all.length);
    // Both sides for themselves: the worst world of q, and the best design against the law.
    const left = (wrong) => dot(q, game.g.map((y, i) => minus(y, wrong[i] ? s[i] : ZERO)));
    const l = game.g.map((_, i) => sum(law.map((w, k) => (all[k].wrong[i] ? w : ZERO))));
    const benchmark = sum(law.map((w, k) => times(w, all[k].best)));
    const weight = sum(law), earned = bestReply(game, l.map((y) => over(y, weight)));
    const mean = over(benchmark, weight);
    return {
      value: regret ? minus(top, value) : value,
      q,
      l: l.map((y) => over(y, weight)),
      kept: regret
        ? most(all.map(({ wrong, best }) => minus(best, left(wrong))))
        : least(all.map(({ wrong, best }) => over(left(wrong), best))),
      bound: regret ? minus(mean, earned) : over(earned, mean),
    };
  }

  // --- What the theory says, where it says it ---
  function level({ g, h }, m) {
    const order = g.map((_, i) => i).sort((i, j) => compare(g[j], g[i]));
    let shares = minus(ZERO, m), density = ZERO;
    const found = [];
    for (const i of order) {
      const s = add(g[i], h[i]);
      if (compare(s, ZERO) <= 0 || compare(g[i], ZERO) <= 0) continue;
      shares = add(shares, over(g[i], s));
      density = add(density, over(ONE, s));
      found.push(over(shares, density));
    }
    return found.length ? most(found) : ZERO;
  }

  function insured(game) {
    const order = game.g.map((_, i) => i).filter((i) => compare(game.g[i], ZERO) > 0)
      .sort((i, j) => compare(game.g[j], game.g[i]));
    const g = order.map((i) => game.g[i]), h = order.map((i) => game.h[i]);
    const s = g.map((x, i) => add(x, h[i])), value = level(game, game.m);
    const E = (t) => add(t, sum(g.map((x, i) => (
      compare(x, t) > 0 ? over(times(minus(x, t), add(h[i], value)), s[i]) : ZERO))));
    let total = ZERO, j = 0;
    while (j < g.length - 1) {
      total = add(total, over(add(h[j], value), s[j]));
      if (compare(total, ONE) >= 0) break;
      j += 1;
    }
    const one = compare(game.m, ONE) >= 0 && compare(sum(g.map((x, i) => over(x, s[i]))), ONE) > 0;
    return { value, E, floor: g[j], t: one ? most([g[j], level(game, ONE)]) : g[j] };
  }

  // N3: the largest over the number j of mistakes before the place of the b-th right point.
  function byPlaces(game, q) {
    const order = game.g.map((_, i) => i).sort((i, j) => compare(game.g[j], game.g[i]));
    const s = stakes(game), m = Number(game.m[0]), b = Number(game.b[0]);
    const g = order.map((i) => game.g[i]), bite = order.map((i) => times(q[i], s[i]));
    const top = (xs, k) => sum([...xs].sort((x, y) => compare(y, x)).slice(0, k));
    const loss = (j) => add(
      add(minus(sum(g.slice(0, b + j)), dot(game.g, q)),
        top(bite.slice(0, b + j).map((x, i) => minus(x, g[i])), j)),
      top(bite.slice(b + j), m - j),
    );
    return most(Array.from({ length: m + 1 }, (_, j) => loss(j)));
  }

  // A1: the level of the best group alone.  A2: what a limit protects, or the level.
  function bestGroup(game) {
    const inside = (k) => game.g.map((_, i) => i).filter((i) => groupOf(game, i) === k);
    const alone = game.ms.map((m, k) => level({
      g: inside(k).map((i) => game.g[i]), h: inside(k).map((i) => game.h[i]) }, m));
    return times(game.b, most([ZERO, ...alone]));
  }
  function protectedOrLevel(game) {
    const kept = stakes(game).map((s, i) => minus(game.g[i], times(s, limit(game, i))));
    return times(game.b, most([ZERO, ...kept, level(game, game.m)]));
  }

  const shares = ({ g, h }) => sum(g.map((x, i) => (
    compare(x, ZERO) > 0 ? over(x, add(x, h[i])) : ZERO)));
  const LEVEL = ["the sum of g/s exceeds m", (game) => compare(shares(game), game.m) > 0];
  const SINGLE = ["one query, or draws with replacement",
    (game) => !game.capped || compare(game.b, ONE) === 0];
  const WHOLE = ["m is whole", (game) => game.m[1] === 1n];
  const ABSTAIN = ["budget may stay unspent", (game) => game.abstain];
  const CAPPED = ["without replacement", (game) => game.capped];
  const UNCAPPED = ["draws with replacement", (game) => !game.capped];
  const FEW = ["whole b, and m at most n - b", (game) => (
    game.b[1] === 1n && compare(add(game.m, game.b), whole(game.g.length)) <= 0)];
  const ONE_QUERY = ["one query", (game) => compare(game.b, ONE) === 0];
  const levels = (game) => times(game.b, level(game, game.m));
  const FORMULAS = {
    V1: { says: "b λ", needs: [SINGLE, LEVEL], formula: levels },
    V2: { says: "b max F", needs: [SINGLE, LEVEL], formula: levels },
    V3a: { says: "at most b λ", needs: [CAPPED, ABSTAIN, LEVEL], formula: levels, upper: true },
    R1: {
      says: "V/E(g_j)", needs: [ONE_QUERY, WHOLE, LEVEL], objective: "ratio",
      formula: (game) => { const f = insured(game); return over(f.value, f.E(f.floor)); },
    },
    R2: {
      says: "E(t) − V", needs: [ONE_QUERY, WHOLE, LEVEL], objective: "regret",
      formula: (game) => { const f = insured(game); return minus(f.E(f.t), f.value); },
    },
    R3: {
      says: "V/(V + R), or more", needs: [ONE_QUERY, WHOLE, LEVEL], objective: "ratio", lower: true,
      formula: (game) => {
        const { value } = solveValue(game), R = solveHindsight(game, "regret").value;
        return over(value, add(value, R));
      },
    },
    N3: {
      says: "R(q) by places", needs: [WHOLE, FEW, CAPPED, ABSTAIN], objective: "regret",
      formula: byPlaces,
    },
    A1: { says: "b times the best group's level", needs: [UNCAPPED, ABSTAIN], formula: bestGroup },
    A2: {
      says: "b max(0, g − s r, λ)", needs: [UNCAPPED, ABSTAIN], formula: protectedOrLevel,
    },
  };
  const NAMES = { value: "V", regret: "R", ratio: "ρ" };

  // Everything that the page says of a game, as texts.
  function told(claim, game) {
    const stated = FORMULAS[claim], objective = stated?.objective ?? "value";
    if (game.g.every((x) => compare(x, ZERO) === 0)) throw new Error("some gain must be positive");
    if (game.group?.some((k) => !(k in game.ms))) throw new Error("a group has no mistakes m");
    if (compare(sum(mistakesOf(game)), whole(game.g.length)) > 0) throw new Error("m must be at most n");
    if (game.capped && compare(game.b, whole(game.g.length)) > 0) {
      throw new Error("without replacement b must be at most n");
    }
    const unmet = (stated?.needs ?? []).filter(([, met]) => !met(game)).map(([words]) => words);
    if (objective !== "value" && unmet.length) {
      return { unmet, words: `${claim} is not stated here; not so: ${unmet.join(" and ")}.` };
    }
    const best = objective === "value" ? solveValue(game) : solveHindsight(game, objective);
    const { q, l } = best, name = NAMES[objective];
    const kept = best.kept ?? guarantee(game, q), bound = best.bound ?? bestReply(game, l);
    const proof = {
      value: `This q earns ${show(kept)} or more against every teacher; against this l no design `
        + `earns more than ${show(bound)}.`,
      regret: `This q has a regret of at most ${show(kept)}; against this teacher, who draws its `
        + `mistakes, no design has less than ${show(bound)}.`,
      ratio: `This q keeps a share of ${show(kept)}; against this teacher, who draws its mistakes, `
        + `no design keeps more than ${show(bound)}.`,
    }[objective];
    const found = { unmet, q: q.map(show), l: l.map(show), value: show(best.value), proof, name,
      proved: compare(kept, best.value) === 0 && compare(bound, best.value) === 0,
      robust: stakes(game).map((s, i) => show(minus(game.g[i], times(s, l[i])))) };
    if (!stated) return found;
    const says = stated.formula(game, q), order = compare(best.value, says);
    const agrees = stated.upper ? order <= 0 : stated.lower ? order >= 0 : order === 0;
    found.formula = `${claim} says ${stated.says} = ${show(says)}`;
    found.verdict = unmet.length === 0
      ? (agrees ? "it holds here" : "it does not hold here")
      : `outside its hypotheses (not so: ${unmet.join(" and ")}) it ${agrees ? "still holds" : "is false"}`;
    return found;
  }

  return { read, show, told, simplex, solveValue, solveHindsight };
})();

if (typeof document !== "undefined") {
  for (const bench of document.querySelectorAll(".live")) {
    const find = (name) => bench.querySelector(`[name="${name}"]`);
    const readGame = () => {
      const numbers = (name) => [...bench.querySelectorAll(`[name="${name}"]`)].map((box) => {
        const x = theorem.read(box.value);
        box.setAttribute("aria-invalid", String(x === null));
        if (x === null) throw new Error(`"${box.value}" is no number such as 2, 1/2 or 0.25`);
        return x;
      });
      const ms = numbers("m"), [b] = numbers("b"), r = numbers("r"), group = numbers("group");
      return { g: numbers("g"), h: numbers("h"), m: ms[0], b,
        r: r.length ? r : undefined,
        group: group.length ? group.map((x) => Number(x[0]) / Number(x[1])) : undefined,
        ms: group.length ? ms : undefined,
        capped: find("capped").checked, abstain: find("abstain").checked };
    };
    const show = () => {
      const says = bench.querySelector(".says");
      try {
        const found = theorem.told(bench.dataset.claim, readGame());
        for (const name of ["q", "l", "robust"]) {
          bench.querySelectorAll(`output.${name}`).forEach((box, i) => {
            box.textContent = found[name]?.[i] ?? "";
          });
        }
        const equal = found.value === undefined ? found.words
          : `${found.name} = ${found.value}. ${found.formula ? `${found.formula}: ${found.verdict}. ` : ""}${found.proof}`;
        says.textContent = equal;
        bench.dataset.value = found.value ?? "";
        says.classList.toggle("false", /is false|does not/.test(found.verdict ?? ""));
      } catch (problem) {
        says.textContent = `Not a game: ${problem.message}.`;
        says.classList.remove("false");
      }
    };
    bench.querySelectorAll("[disabled]").forEach((box) => { box.disabled = false; });
    bench.addEventListener("input", show);
    show();
  }
}
if (typeof module !== "undefined") module.exports = theorem;
