// The closed forms V1 to V3, R1 and R2 for an abstaining learner, and the teacher's best reply.
// No page in here: numbers in, numbers out.  Every name is a letter or a word of the theory.
"use strict";

const radsim = (() => {
  const sum = (xs) => xs.reduce((total, x) => total + x, 0);
  const indices = (xs) => xs.map((_, i) => i);
  const dot = (xs, ys) => sum(xs.map((x, i) => x * ys[i]));
  const clip = (x, low, high) => Math.min(high, Math.max(low, x));
  // Stable, largest first: ties go to the lower index.
  const falling = (xs) => indices(xs).sort((i, j) => xs[j] - xs[i] || i - j);

  // V1: Newton's method on sum max(0, g - lam)/s = m; s > 0.
  function waterLevel(g, s, m) {
    if (m === 0) {
      const level = Math.max(...g);
      const support = g.map((x) => x === level);
      return { level, support, density: sum(s.map((x, i) => (support[i] ? 1 / x : 0))) };
    }
    let cutoff = -Infinity;
    let support = g.map(() => true);
    for (let started = false; ; started = true) {
      const density = sum(s.map((x, i) => (support[i] ? 1 / x : 0)));
      const level = (sum(g.map((x, i) => (support[i] ? x / s[i] : 0))) - m) / density;
      // The first step may come from above the root; from then on the level only rises.
      if (started && level <= cutoff) return { level: cutoff, support, density };
      const above = g.map((x) => x > level);
      if (!above.includes(true) || above.every((x, i) => x === support[i])) {
        return { level, support, density };
      }
      support = above;
      cutoff = level;
    }
  }

  // Weights in [0, 1] that put `amount` on the first entries of an order.
  function top(order, amount) {
    const weights = order.map(() => 0);
    order.forEach((i, place) => {
      weights[i] = clip(amount - place, 0, 1);
    });
    return weights;
  }

  // The teacher's best reply to q: the m largest q*s; among equals the larger gain goes first.
  function worstCase(game, q) {
    const { g, s, m } = game;
    const bite = q.map((x, i) => x * s[i]);
    const unit = Math.max(...bite);
    const close = (i, j) => Math.abs(bite[i] - bite[j]) <= 1e-13 * unit;
    const order = falling(bite);
    // Equal but for rounding: runs of neighbours are put in order of gain.
    for (let from = 0, to; from < order.length; from = to) {
      for (to = from + 1; to < order.length && close(order[from], order[to]); to += 1);
      const run = order.slice(from, to).sort((i, j) => g[j] - g[i] || i - j);
      order.splice(from, to - from, ...run);
    }
    const l = top(order, m).map((x, i) => (bite[i] > 0 ? x : 0));
    return { value: dot(q, g.map((x, i) => x - s[i] * l[i])), l };
  }

  // V3: the price of a query lam and of a mistake tau, found on the knots of the convex F.
  function twoPrices(g, s, m, b) {
    const order = falling(s);
    const need = (lam) => g.map((x, i) => Math.min(1, Math.max(0, x - lam) / s[i]));
    // Both ends of the thresholds that use up the mistakes; they differ only at a tie.
    function thresholds(lam) {
      const bites = need(lam);
      let used = 0, high = null, low = null;
      for (const i of order) {
        used += bites[i];
        if (high === null && used >= m * (1 - 1e-15)) high = s[i];
        if (low === null && used > m * (1 + 1e-15)) low = s[i];
      }
      if (m === 0) high = Infinity;
      return [low ?? 0, Math.max(high ?? 0, low ?? 0)];
    }
    const share = (tau) => s.map((x) => (x > tau ? tau / x : 1));
    const least = (lam, tau) => share(tau).map((x, i) => (g[i] > lam ? x : 0));
    const most = (lam, tau) => share(tau).map((x, i) => (g[i] >= lam ? x : 0));

    const knots = [...new Set([0, ...g])].sort((x, y) => x - y);
    // The largest knot at which at least b could be spent: spending falls as the price rises.
    let left = -1, right = knots.length, lam = null, tau = null, ends = null;
    while (right - left > 1) {
      const middle = (left + right) >> 1;
      const [low, high] = thresholds(knots[middle]);
      if (sum(most(knots[middle], high)) >= b || middle === 0) {
        left = middle;
        ends = sum(least(knots[middle], low)) <= b ? [low, high] : null;
      } else right = middle;
    }
    if (ends !== null) {
      lam = knots[left];
      tau = between(...ends);
    }
    // Threshold within its range at which exactly b can be spent.
    function between(low, high) {
      if (sum(most(lam, low)) >= b) return low;
      if (sum(least(lam, high)) <= b) return high;
      for (let step = 0; step < 200; step += 1) {
        const middle = low + (high - low) / 2;
        if (!(low < middle && middle < high)) break;
        if (sum(most(lam, middle)) >= b) high = middle;
        else low = middle;
      }
      return high;
    }
    if (lam === null) {
      // Between two knots the points in play are fixed: tau follows from b, then lam from m.
      const inPlay = order.filter((i) => g[i] > knots[left]);
      tau = fill(inPlay.map((i) => s[i]), b);
      const heavy = inPlay.filter((i) => s[i] > tau);
      const density = sum(heavy.map((i) => 1 / s[i]));
      const ceiling = right < knots.length ? knots[right] : Infinity;
      lam = density > 0 ? (sum(heavy.map((i) => g[i] / s[i])) - m) / density
        : knots[left] + (ceiling - knots[left]) / 2;
      lam = clip(lam, knots[left], ceiling);
    }
    let q = least(lam, tau);
    const room = most(lam, tau).map((x, i) => (lam > 0 ? x - q[i] : 0));
    const missing = b - sum(q);
    if (missing > 0 && sum(room) > 0) {
      const part = Math.min(1, missing / sum(room));
      q = q.map((x, i) => x + part * room[i]);
    } else if (missing < 0) q = q.map((x) => (x * b) / sum(q));
    const bites = need(lam);
    let l = bites.map((x, i) => (s[i] > tau ? x : 0));
    const edge = bites.map((x, i) => (s[i] === tau ? x : 0));
    const rest = m - sum(l);
    if (rest > 0 && sum(edge) > 0) {
      const part = Math.min(1, rest / sum(edge));
      l = l.map((x, i) => x + part * edge[i]);
    } else if (rest < 0) l = l.map((x) => (x * m) / sum(l));
    const value = b * lam + sum(g.map((x, i) => Math.max(0, x - lam - s[i] * l[i])));
    return { value, q, l, level: lam, threshold: Math.min(tau, Math.max(...s)) };
  }

  // Threshold tau with sum min(1, tau/s) = total; s is sorted, largest first.
  function fill(s, total) {
    const n = s.length;
    if (total >= n) return n ? s[0] : 0;
    let inverse = 0;
    for (let k = 0; k < n; k += 1) {
      inverse += 1 / s[k];
      const tau = (total - (n - 1 - k)) / inverse;
      if (tau >= (k + 1 < n ? s[k + 1] : 0) && tau <= s[k] * (1 + 1e-12)) return tau;
    }
    return total / inverse;
  }

  // Points with gain, apart, and the way back.
  function playing(game) {
    const there = indices(game.g).filter((i) => game.g[i] > 0);
    const pick = (xs) => there.map((i) => xs[i]);
    function spread(xs) {
      const all = game.g.map(() => 0);
      there.forEach((i, k) => {
        all[i] = xs[k];
      });
      return all;
    }
    return { g: pick(game.g), h: pick(game.h), s: pick(game.s), spread };
  }

  // Gains, harms, mistakes, budget; capped: each point once.  s = g + h.
  const makeGame = (g, h, m, b, capped) => ({ g, h, s: g.map((x, i) => x + h[i]), m, b, capped });

  // Whether some selection has a positive guarantee; a tie but for rounding is none.
  function positive(game) {
    const most = sum(game.g.map((x, i) => (x > 0 ? x / game.s[i] : 0)));
    return most > game.m * (1 + 2.3e-16 * game.g.length);
  }

  // V1 to V3: the guaranteed value and both strategies.
  function solveValue(game) {
    const { m, b } = game;
    const zeros = game.g.map(() => 0);
    if (!positive(game)) {
      const l = game.g.map((x, i) => (x > 0 ? Math.min(1, x / game.s[i]) : 0));
      return { value: 0, q: zeros, l, level: 0, threshold: 0, branch: "no guarantee" };
    }
    const { g, s, spread } = playing(game);
    const { level, support, density } = waterLevel(g, s, m);
    let q = s.map((x, i) => (support[i] ? b / density / x : 0));
    if (game.capped && b <= 1) q = q.map((x) => Math.min(1, x)); // above one by a rounding only
    if (!game.capped || Math.max(...q) <= 1) {
      const l = spread(g.map((x, i) => Math.min(1, Math.max(0, x - level) / s[i])));
      const found = { value: b * level, q: spread(q), l, level, threshold: b / density };
      return { ...found, branch: "water level" };
    }
    const found = twoPrices(g, s, m, b);
    return { ...found, q: spread(found.q), l: spread(found.l), branch: "two prices" };
  }

  // Why regret and ratio are not stated for a game, or null.
  function withoutBenchmark(game, objective) {
    const name = objective === "regret" ? "regret" : "ratio";
    if (game.m !== Math.floor(game.m)) return `The ${name} is stated for whole m only.`;
    if (game.capped && game.b > 1) {
      return `The ${name} compares with one point: b = 1, or draws with replacement.`;
    }
    if (objective === "ratio" && game.m >= game.g.filter((x) => x > 0).length) {
      return "m mistakes can spoil every gain: nothing to compare with.";
    }
    return null;
  }

  // R1 and R2: regret or competitive ratio from the water level.
  function solveHindsight(game, objective) {
    const why = withoutBenchmark(game, objective);
    if (why !== null) return { value: NaN, why };
    const { m, b } = game;
    const { g, h, s, spread } = playing(game);
    if (g.length === 0) return { value: 0, q: game.g.map(() => 0), insuredAbove: 0 };
    const good = positive(game);
    const { level, support, density } = good
      ? waterLevel(g, s, m) : { level: 0, support: g.map(() => true), density: 1 };
    const order = falling(g);
    let total = 0, j = 0;
    while (j < g.length && (total += (h[order[j]] + level) / s[order[j]]) < 1) j += 1;
    let t = j < g.length || good ? g[order[Math.min(j, m)]] : 0;
    let clamped = false;
    if (objective === "regret" && m >= 1 && sum(g.map((x, i) => x / s[i])) > 1) {
      const first = waterLevel(g, s, 1).level;
      clamped = first > t;
      t = Math.max(t, first);
    }
    const y = g.map((x) => Math.max(0, x - t));
    const insured = sum(y.map((x, i) => x / s[i]));
    const above = sum(y.map((x, i) => (x * (h[i] + level)) / s[i]));
    let weight = 1, value;
    if (objective === "ratio") value = weight = level / (t + above);
    else if (clamped) value = b * (t + sum(y.map((x, i) => (x * h[i]) / s[i])));
    else value = b * (t - level + above);
    const r = good && !clamped ? Math.max(0, 1 - weight * insured) / density : 0;
    let p = s.map((x, i) => ((support[i] ? r : 0) + weight * y[i]) / x);
    if (good) p = p.map((x, _, all) => x / sum(all));
    return { value, q: spread(p.map((x) => b * x)), insuredAbove: t, clamped };
  }

  // Learners that ask no theory: the b largest gains, and every point alike.
  const rivals = {
    margin(game) {
      const order = falling(game.g);
      // Sure picks; with replacement all draws fall on the largest gain.
      if (game.capped) return top(order, game.b);
      return game.g.map((_, i) => (i === order[0] ? game.b : 0));
    },
    uniform: (game) => game.g.map(() => game.b / game.g.length),
  };

  return { makeGame, solveValue, solveHindsight, worstCase, rivals, sum };
})();

if (typeof module !== "undefined") module.exports = radsim;
