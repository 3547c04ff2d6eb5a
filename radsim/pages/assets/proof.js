// Proofs of picks, checked in exact arithmetic.  No page in here: texts in, a verdict out.
// For all feasible q, l:  W(q) <= V <= max U(q', l).  Both sides are sums over largest entries, and
// a double is a whole number times a power of two, so BigInt loses nothing.
"use strict";

const proofs = (() => {
  const FIELDS = ["format", "version", "digest", "mistakes", "budget", "capped", "abstain", "harm",
    "value", "lower", "upper", "inclusion", "mistake_probabilities", "design", "seed", "picks", "validation",
    "ids"];
  class Refused extends Error {}
  class Unreadable extends Error {}
  function ask(holds, words, kind = Refused) {
    if (!holds) throw new kind(words);
  }

  // ---- exact numbers: pairs [m, e] for m * 2^e ----

  const view = new DataView(new ArrayBuffer(8));
  function exact(x) {
    view.setFloat64(0, x);
    const raw = view.getBigUint64(0);
    const e = Number((raw >> 52n) & 2047n);
    const m = (raw & 0xfffffffffffffn) | (e ? 1n << 52n : 0n);
    return [raw >> 63n ? -m : m, (e || 1) - 1075];
  }
  const digits = (m) => (m < 0n ? -m : m).toString(16);
  function written([m, e]) {
    if (m === 0n) return "0x0p0";
    const zeros = /0*$/.exec(digits(m))[0].length;
    m >>= BigInt(4 * zeros);
    e += 4 * zeros;
    for (; !(m & 1n); e += 1) m >>= 1n;
    return `${m < 0n ? "-" : ""}0x${digits(m)}p${e}`;
  }
  function align([m, e], [n, f]) {
    const least = Math.min(e, f);
    return [m << BigInt(e - least), n << BigInt(f - least), least];
  }
  const times = ([m, e], [n, f]) => [m * n, e + f];
  function minus(x, y) {
    const [m, n, e] = align(x, y);
    return [m - n, e];
  }
  const atMost = (x, y) => minus(x, y)[0] <= 0n;
  // The largest double that is no larger.
  function below([m, e]) {
    const head = digits(m);
    const bits = 4 * head.length - Math.clz32(parseInt(head[0], 16)) + 28;
    const cut = m === 0n ? 0 : Math.max(0, bits - 53, -1074 - e);
    return Number(m >> BigInt(cut)) * 2 ** (e + cut);
  }
  const above = ([m, e]) => -below([-m, e]);

  // Doubles as whole numbers in one unit 2^e.
  function integers(xs) {
    const pairs = xs.map(exact);
    const e = pairs.reduce((least, [m, f]) => (m === 0n ? least : Math.min(least, f)), Infinity);
    if (e === Infinity) return [xs.map(() => 0n), 0];
    return [pairs.map(([m, f]) => (m === 0n ? 0n : m << BigInt(f - e))), e];
  }
  const total = (xs) => xs.reduce((sum, x) => sum + x, 0n);
  // The sum of the `amount` largest, the last of them by its fraction.
  function topSum(xs, amount) {
    const order = [...xs].sort((x, y) => (x < y ? 1 : x > y ? -1 : 0));
    const whole = Math.floor(amount);
    const sure = [total(order.slice(0, whole)), 0];
    if (whole >= order.length || whole === amount) return sure;
    const [m, e] = exact(amount - whole);
    return minus(sure, [-m * order[whole], e]);
  }

  // ---- reading ----

  const packed = (text) => text.replace(/[ \t\r\n]+/g, "");
  function double(text, name) {
    const found = /^0x([0-9a-f]{1,14})p(-?\d{1,4})$/.exec(text);
    const x = found && typeof text === "string" ? Number(`0x${found[1]}`) * 2 ** Number(found[2]) : NaN;
    ask(Number.isFinite(x) && written(exact(x)) === text, `${name}: no double as a proof writes it`, Unreadable);
    return x;
  }
  function readProof(text) {
    let p, again;
    try {
      p = JSON.parse(text);
      again = JSON.stringify(p);
    } catch (error) {
      throw new Unreadable(`no JSON: ${error.message}`);
    }
    ask(packed(again) === packed(text), "a key twice, or a value in another form", Unreadable);
    const names = p !== null && typeof p === "object" && !Array.isArray(p) ? Object.keys(p) : [];
    ask(names.length === FIELDS.length && FIELDS.every((name) => names.includes(name)),
      "fields are missing or unknown", Unreadable);
    ask(p.format === "radsim proof" && p.version === 2, "format or version: not radsim proof 2", Unreadable);
    for (const name of ["capped", "abstain"]) ask(typeof p[name] === "boolean", `${name}: not true or false`, Unreadable);
    for (const name of ["inclusion", "mistake_probabilities", "picks", "harm", "ids"]) {
      ask(Array.isArray(p[name]), `${name}: not a list`, Unreadable);
    }
    ask(typeof p.seed === "string" && /^(0|[1-9]\d{0,37})$/.test(p.seed), "seed: no number as text", Unreadable);
    ask(p.picks.every(Number.isSafeInteger), "picks: not rows", Unreadable);
    for (const name of ["mistakes", "budget"]) p[name] = double(p[name], name);
    for (const name of ["inclusion", "mistake_probabilities"]) {
      p[name] = p[name].map((x, i) => double(x, `${name}[${i}]`));
    }
    ask(p.ids.every((column) => Array.isArray(column) && column.length && column.every((x) => typeof x === "string")),
      "ids: not columns of texts", Unreadable);
    if (p.validation !== null) {
      const [v, k, delta, ...rest] = Array.isArray(p.validation) ? p.validation : [];
      ask(Number.isSafeInteger(v) && Number.isSafeInteger(k) && k >= 0 && k <= v && v <= 100000 && !rest.length,
        "validation: no count and part of it", Unreadable);
      p.validation = [v, k, double(delta, "validation[2]")];
      ask(p.validation[2] > 0 && p.validation[2] < 1, "validation: delta outside (0, 1)", Unreadable);
    }
    return p;
  }
  function records(text) {
    const rows = [[]];
    // A cell, quoted or not, and what ends it.
    const cell = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n|\n|\r|$)/y;
    for (let found; cell.lastIndex < text.length && (found = cell.exec(text)); ) {
      rows[rows.length - 1].push(found[1]?.replaceAll('""', '"') ?? found[2]);
      if (found[3] !== ",") rows.push([]);
      else if (cell.lastIndex === text.length) rows[rows.length - 1].push("");
      if (cell.lastIndex === text.length) return rows.filter((row) => row.join("").trim());
    }
    throw new Unreadable("gains: no CSV file with a header");
  }
  // Gains and harms from a CSV with a header: the column "gain", or the only one; or from a list.
  function readGame(source, harm) {
    const [kind, amount] = harm;
    ask(harm.length === 2 && ["multiple", "constant", "column"].includes(kind) && typeof amount === "string",
      "harm: no kind and amount", Unreadable);
    let g, h = null, header = [], rows = [];
    if (typeof source === "string") {
      [header, ...rows] = records(source.replace(/^\uFEFF/, ""));
      ask(kind !== "column" || header.includes(amount), `gains: no column ${amount}`, Unreadable);
      const others = header.filter((name) => kind !== "column" || name !== amount);
      ask(others.includes("gain") || others.length === 1, "gains: no column 'gain'", Unreadable);
      const column = (name) => rows.map((row, k) => {
        const text = row.length === header.length ? row[header.indexOf(name)] : "?";
        const x = /^\s*[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?\s*$/.test(text) ? Number(text) : NaN;
        ask(x >= 0 && x < Infinity, `gains: row ${k}: ${text.slice(0, 40)} is no gain or harm`, Unreadable);
        return x + 0;
      });
      g = column(others.includes("gain") ? "gain" : others[0]);
      if (kind === "column") h = column(amount);
    } else {
      ask(kind !== "column", "harm: the proof wants a column of harms, which only a CSV file has", Unreadable);
      g = source;
    }
    ask(g.length > 0, "gains: no rows", Unreadable);
    if (h !== null) return [g, h, header, rows];
    const c = double(amount, "harm");
    return [g, g.map((x) => (kind === "multiple" ? c * x : c)), header, rows];
  }

  // ---- SHA-256, which a page opened from a file is not given by the browser ----

  const root = (x, power) => Math.floor((x ** (1 / power) % 1) * 2 ** 32);
  const PRIMES = [];
  for (let x = 2; PRIMES.length < 64; x += 1) if (PRIMES.every((p) => x % p)) PRIMES.push(x);
  function sha256(bytes) {
    const length = (bytes.length + 72) & ~63;
    const all = new Uint8Array(length);
    all.set(bytes);
    all[bytes.length] = 128;
    const data = new DataView(all.buffer);
    data.setUint32(length - 8, Math.floor(bytes.length / 2 ** 29));
    data.setUint32(length - 4, bytes.length << 3);
    const k = Int32Array.from(PRIMES, (p) => root(p, 3));
    const hash = Int32Array.from(PRIMES.slice(0, 8), (p) => root(p, 2));
    const w = new Int32Array(64);
    const turn = (x, by) => (x >>> by) | (x << (32 - by));
    for (let at = 0; at < length; at += 64) {
      let [a, b, c, d, e, f, g, h] = hash;
      for (let i = 0; i < 64; i += 1) {
        if (i < 16) w[i] = data.getInt32(at + 4 * i);
        else {
          const [x, y] = [w[i - 15], w[i - 2]];
          w[i] = w[i - 16] + w[i - 7] + (turn(x, 7) ^ turn(x, 18) ^ (x >>> 3)) +
            (turn(y, 17) ^ turn(y, 19) ^ (y >>> 10));
        }
        const t = (h + (turn(e, 6) ^ turn(e, 11) ^ turn(e, 25)) + ((e & f) ^ (~e & g)) + k[i] + w[i]) | 0;
        const u = (turn(a, 2) ^ turn(a, 13) ^ turn(a, 22)) + ((a & b) ^ (a & c) ^ (b & c));
        [h, g, f, e, d, c, b, a] = [g, f, e, (d + t) | 0, c, b, a, (t + u) | 0];
      }
      [a, b, c, d, e, f, g, h].forEach((x, i) => {
        hash[i] += x;
      });
    }
    return Array.from(hash, (x) => (x >>> 0).toString(16).padStart(8, "0")).join("");
  }
  function digest(p, g, h) {
    const head = new TextEncoder().encode(`radsim plain game ${g.length}\n`);
    const numbers = [p.mistakes, p.budget, Number(p.capped), Number(p.abstain), ...g, ...h];
    const bytes = new Uint8Array(head.length + 8 * numbers.length);
    bytes.set(head);
    const data = new DataView(bytes.buffer, head.length);
    numbers.forEach((x, i) => data.setFloat64(8 * i, x, true));
    return sha256(bytes);
  }

  // ---- the theorem ----

  const most = (xs) => xs.reduce((x, y) => (x > y ? x : y));
  const least = (xs) => xs.reduce((x, y) => (x < y ? x : y));
  function checkValue(p, g, h) {
    const { mistakes: m, budget: b, capped, abstain } = p;
    const n = g.length;
    ask(least(h) >= 0 && most(h) < Infinity, "harm: negative, or too large");
    ask(m >= 0 && m <= n && b > 0 && (b <= n || !capped), "mistakes or budget out of range");
    const right = digest(p, g, h);
    ask(right === p.digest, `digest: these are not the gains, harms and rules that were proved (${right.slice(0, 12)}…)`);
    for (const [name, high, low, sum] of [
      ["inclusion", capped ? 1 : Infinity, abstain ? 0 : b, b], ["mistake_probabilities", 1, 0, m],
    ]) {
      ask(p[name].length === n, `${name}: ${p[name].length} entries for ${n} points`);
      ask(least(p[name]) >= 0 && most(p[name]) <= high, `${name}: outside its range`);
      const [xs, e] = integers(p[name]);
      const spent = [total(xs), e];
      ask(atMost(spent, exact(sum)) && atMost(exact(low), spent), `${name}: sums to ${below(spent)}, not ${sum}`);
    }
    const [both, unit] = integers([...g, ...h]);
    const gains = both.slice(0, n);
    const stakes = gains.map((x, i) => x + both[n + i]);
    const [q, v] = integers(p.inclusion);
    const [l, w] = integers(p.mistake_probabilities);
    const inUnit = ([x, e], by) => [x, e + unit + by];
    const lower = minus(
      inUnit([total(q.map((x, i) => x * gains[i])), 0], v),
      inUnit(topSum(q.map((x, i) => x * stakes[i]), m), v),
    );
    let earned = gains.map((x, i) => (x << BigInt(-w)) - stakes[i] * l[i]);
    if (abstain) earned = earned.map((x) => (x > 0n ? x : 0n));
    const upper = inUnit(capped ? topSum(earned, b) : times(exact(b), [most(earned), 0]), w);
    ask(p.lower === written(lower), `lower: W(q) is ${below(lower)}, not what it says`);
    ask(p.upper === written(upper), `upper: max U(q, l) is ${below(upper)}, not what it says`);
    ask(p.value === written(exact(below(lower))), `value: the double below W(q) is ${below(lower)}`);
    const scale = times(exact(b), [most(abstain ? gains : stakes), unit]);
    const width = minus(upper, lower);
    ask(atMost(times(width, [1000000n, 0]), scale), `interval: ${above(width)} wide says nothing`);
    return { low: below(lower), high: above(upper), width: above(width), scale: below(scale) };
  }

  // More than m mistakes make k or fewer wrong of v checked points likely at most delta: S4.
  function checkMistakes({ mistakes, validation }, n) {
    const [v, k, delta] = validation;
    const marked = Math.floor(mistakes) + 1 + k, rest = n + v - marked, least = Math.max(0, v - rest);
    const choose = (top, part) => range(part).reduce((x, i) => (x * BigInt(top - i)) / BigInt(i + 1), 1n);
    let ways = 0n, term = least <= k ? choose(marked, least) * choose(rest, v - least) : 0n;
    for (let j = least; j <= k; j += 1) {
      ways += term;
      term = (term * BigInt(marked - j) * BigInt(v - j)) / (BigInt(j + 1) * BigInt(rest - v + j + 1));
    }
    ask(atMost([ways, 0], times(exact(delta), [choose(n + v, v), 0])),
      `validation: ${k} wrong of ${v} do not make more than ${mistakes} mistakes unlikely`);
  }
  // The file's own texts at the picks are the proof's; names of columns that it does not have.
  function checkIds({ ids, picks }, header, rows) {
    const names = ids.map(([name]) => name);
    ask(new Set(names).size === names.length, "ids: two columns of one name");
    for (const [name, ...texts] of ids) {
      ask(texts.length === picks.length, `ids: ${texts.length} in ${name} for ${picks.length} picks`);
      const place = header.indexOf(name);
      ask(place < 0 || picks.every((i, k) => rows[i][place] === texts[k]), `ids: column ${name} holds others at the picks`);
    }
    return names.filter((name) => !header.includes(name));
  }

  // ---- the draw: PCG64 as NumPy seeds it, and three designs in doubles ----

  function generator(seed) {
    const full = 0xffffffffn, long = 0xffffffffffffffffn, wide = (1n << 128n) - 1n;
    let constant = 0x43b0d7e5n;
    function hashed(x, factor) {
      x ^= constant;
      constant = (constant * factor) & full;
      x = (x * constant) & full;
      return x ^ (x >> 16n);
    }
    function mixed(x, y) {
      const z = (0xca01f9ddn * x - 0x4973f715n * y) & full;
      return z ^ (z >> 16n);
    }
    const pool = [0n, 32n, 64n, 96n].map((k) => hashed((seed >> k) & full, 0x931e8875n));
    for (let i = 0; i < 4; i += 1) {
      for (let j = 0; j < 4; j += 1) if (i !== j) pool[j] = mixed(pool[j], hashed(pool[i], 0x931e8875n));
    }
    constant = 0x8b51f9ddn;
    const words = [...pool, ...pool].map((x) => hashed(x, 0x58f38dedn));
    const [a, b, c, d] = [0, 2, 4, 6].map((i) => words[i] | (words[i + 1] << 32n));
    const step = ((((c << 64n) | d) << 1n) & wide) | 1n;
    let state = step + ((a << 64n) | b), half = null;
    function bits() {
      state = (state * 0x2360ed051fc65da44385df649fccf645n + step) & wide;
      const turn = state >> 122n, x = ((state >> 64n) ^ state) & long;
      return ((x >> turn) | (x << (64n - turn))) & long;
    }
    bits();
    // Halves of 64 bits, the low one first, cut until one fits.
    function under(n) {
      const mask = n > 1 ? 2 ** (32 - Math.clz32(n - 1)) - 1 : 0;
      for (;;) {
        let x;
        if (half === null) {
          const both = bits();
          x = Number(both & full);
          half = Number(both >> 32n);
        } else [x, half] = [half, null];
        const cut = (x & mask) >>> 0;
        if (cut < n) return cut;
      }
    }
    return {
      uniform: () => Number(bits() >> 11n) * 2 ** -53,
      shuffled(xs) {
        for (let i = xs.length - 1; i > 0; i -= 1) {
          const j = under(i + 1);
          [xs[i], xs[j]] = [xs[j], xs[i]];
        }
        return xs;
      },
    };
  }
  const range = (n) => Array.from({ length: n }, (_, i) => i);
  const sum = (xs) => xs.reduce((x, y) => x + y, 0);
  // A sum in the order in which NumPy adds: eight at a time up to 128, halves beyond.
  function pairwise(xs) {
    const n = xs.length, even = n - (n % 8);
    if (n > 128) {
      const half = (n >> 1) - ((n >> 1) % 8);
      return pairwise(xs.slice(0, half)) + pairwise(xs.slice(half));
    }
    if (n < 8) return sum(xs);
    const r = range(8).map((k) => sum(xs.filter((_, i) => i < even && i % 8 === k)));
    return xs.slice(even).reduce((x, y) => x + y, ((r[0] + r[1]) + (r[2] + r[3])) + ((r[4] + r[5]) + (r[6] + r[7])));
  }
  function round(x) {
    const up = Math.round(x);
    return up - x === 0.5 && up % 2 ? up - 1 : up;
  }
  function running(xs) {
    let x = 0;
    return xs.map((y) => (x += y));
  }
  const DESIGNS = {
    pivotal(q, rng) {
      const n = q.length, small = 131072, block = 64, even = n - (n % block);
      let who = range(n), mixed = n <= small;
      if (mixed) rng.shuffled(who);
      else {
        const starts = rng.shuffled(range(even / block)).map((k) => k * block);
        who = [...starts.flatMap((k) => range(block).map((i) => k + i)), ...who.slice(even)];
      }
      let p = who.map((i) => q[i]);
      const chosen = [];
      while (p.length > 1) {
        if (!mixed && p.length <= small) {
          const place = rng.shuffled(range(p.length));
          [who, p, mixed] = [place.map((k) => who[k]), place.map((k) => p[k]), true];
        }
        const half = p.length >> 1, odd = p.length % 2;
        for (let k = 0; k < half; k += 1) {
          const i = who[k], j = who[half + k], a = p[k] + p[half + k], u = rng.uniform();
          const on = a >= 1 ? u * (2 - a) < 1 - p[k] : u * a < p[k];
          if (a >= 1) chosen.push(on ? j : i);
          who[k] = on ? i : j;
          p[k] = a >= 1 ? a - 1 : a;
        }
        who = [...who.slice(0, half), ...who.slice(who.length - odd)];
        p = [...p.slice(0, half), ...p.slice(p.length - odd)];
      }
      return rng.uniform() < p[0] ? [...chosen, who[0]] : chosen;
    },
    systematic(q, rng) {
      const order = rng.shuffled(range(q.length));
      const ends = running(order.map((i) => q[i]));
      const u = rng.uniform(), end = ends[ends.length - 1], part = round(end) / end;
      const marks = ends.map((x, k) => (k < ends.length - 1 ? x * part : round(end)))
        .map((x) => Math.floor(x) + (u < x - Math.floor(x) ? 1 : 0));
      return order.filter((_, k) => marks[k] > (k ? marks[k - 1] : 0));
    },
  };
  function withReplacement(q, rng, nPicks) {
    const index = range(q.length).filter((i) => q[i] > 0);
    const b = pairwise(index.map((i) => q[i]));
    const whole = Math.abs(b - Math.max(1, round(b))) <= 2 ** -46 * b;
    const [k, part] = whole ? [round(b), 0] : [Math.floor(b), b - Math.floor(b)];
    ask(k <= nPicks && nPicks <= k + 1, `picks: ${nPicks} of them from an expected ${b}`);
    let cdf = running(index.map((i) => q[i] / b));
    cdf = cdf.map((x) => x / cdf[cdf.length - 1]);
    function draw() {
      const u = rng.uniform();
      let low = 0, high = cdf.length;
      while (low < high) {
        const middle = (low + high) >> 1;
        if (u < cdf[middle]) high = middle;
        else low = middle + 1;
      }
      return index[low];
    }
    const found = range(k).map(draw);
    return part && rng.uniform() < part ? [...found, draw()] : found;
  }
  function drawPicks({ inclusion: q, design, seed, picks }) {
    const rng = generator(BigInt(seed));
    let found;
    if (design === "iid") found = withReplacement(q, rng, picks.length);
    else {
      ask(Object.hasOwn(DESIGNS, design), `picks: this page cannot draw the design ${design} again; radsim check can`);
      ask(most(q) <= 1, `inclusion: above 1, which ${design} cannot draw`);
      const index = range(q.length).filter((i) => q[i] > 0 && q[i] < 1);
      let part = index.map((i) => q[i]);
      found = range(q.length).filter((i) => q[i] === 1);
      if (part.length) {
        const sum = pairwise(part);
        // A phantom makes the total whole.
        if (Math.abs(sum - Math.max(1, round(sum))) > 2 ** -46 * (sum + found.length)) part.push(Math.ceil(sum) - sum);
        const all = pairwise(part);
        part = part.map((x) => Math.min(x * (round(all) / all), 1 - 2 ** -53));
        const drawn = DESIGNS[design](part, rng).filter((k) => k < index.length);
        found = [...found, ...drawn.map((k) => index[k])];
      }
    }
    return found.sort((x, y) => x - y);
  }

  // The text of a proof, and the text of a CSV file or a list of gains -> the verdict.
  function check(text, source) {
    try {
      const p = readProof(text);
      const [g, h, header, rows] = readGame(source, p.harm);
      const found = checkValue(p, g, h);
      if (p.validation !== null) checkMistakes(p, g.length);
      const drawn = drawPicks(p);
      ask(JSON.stringify(drawn) === JSON.stringify(p.picks),
        `picks: ${p.design} with seed ${p.seed} draws ${drawn.slice(0, 9).join(", ") || "none"}${drawn.length > 9 ? ", …" : ""}`);
      const unseen = checkIds(p, header, rows);
      const [kind, amount] = p.harm;
      const harm = [kind, kind === "column" ? amount : double(amount, "harm")];
      return { verdict: "proved", ...found, proof: { ...p, harm }, unseen, words: "" };
    } catch (error) {
      return { verdict: error instanceof Refused ? "refused" : "unreadable", words: error.message };
    }
  }
  return { check, sha256 };
})();

if (typeof module !== "undefined") module.exports = proofs;
