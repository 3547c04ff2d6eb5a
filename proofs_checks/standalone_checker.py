"""Check a proof of picks: standard library only, to be read in one sitting.

    python standalone_checker.py picks.proof.json gains.csv [--no-redraw]

A learner queries point i with probability q_i (sum q <= b); a teacher errs on it with probability
l_i (sum l <= m).  The learner earns U(q, l) = sum_i q_i (g_i - s_i l_i), stakes s = gain + harm.
Theorem (weak duality).  For all feasible q, l:   W(q) <= V <= max_q' U(q', l),   because
W(q) = min_l' U(q, l') <= U(q, l) <= max_q' U(q', l), and V is the largest W(q).  So q guarantees
W(q), whatever the teacher does, and no learner can be promised more than the right-hand side.

Both sides are sums over the largest entries of a vector (best replies), worked out here in whole
numbers: a double is a whole number times a power of two, so nothing is rounded.  The exit code is
0 if all holds, 1 if the proof is refused, 2 if a file cannot be read.
"""

import bisect
import csv
import hashlib
import io
import json
import math
import re
import struct
import sys
from fractions import Fraction
from itertools import accumulate
from pathlib import Path

FIELDS = (
    "format version digest mistakes budget capped abstain harm value lower upper inclusion "
    "mistake_probabilities design seed picks validation ids"
).split()
WIDEST = Fraction(1, 10**6)  # of the interval, as a part of the most that could be earned


class Unreadable(Exception):
    """A file is not of the form it should be."""


class Refused(Exception):
    """The proof does not prove what it says."""


def ask(holds, words, error=Refused):
    if not holds:
        raise error(words)


# ---- reading ----


def written(x):
    """The one text of a number m * 2^e, m odd: a float or a fraction."""
    top, bottom = x.as_integer_ratio()
    shift = (top & -top).bit_length() - 1 if top else 0
    return f"{top >> shift:#x}p{shift + 1 - bottom.bit_length()}"


def double(text, name):
    try:
        x = float.fromhex(text)
        if written(x) == text:
            return x
    except (TypeError, ValueError, OverflowError):
        pass
    raise Unreadable(f"{name}: {text!r:.80} is no double as a proof writes it")


def read_proof(content):
    """The fields, each value in the one way it may be written: no key twice, no 1.0 for 1."""
    try:
        text = content.decode()
        p = json.loads(text)
        again = json.dumps(p, ensure_ascii=False, separators=(",", ":"))
    except (ValueError, RecursionError) as error:
        raise Unreadable(f"no JSON: {error}") from None
    packed = [re.sub("[ \t\r\n]+", "", t) for t in (text, again)]
    ask(packed[0] == packed[1], "a key twice, or a value in another form", Unreadable)
    ask(type(p) is dict and set(p) == set(FIELDS), "fields are missing or unknown", Unreadable)
    ask(p["format"] == "radsim proof", "format: not 'radsim proof'", Unreadable)
    ask(type(p["version"]) is int and p["version"] == 2, "version: not 2", Unreadable)
    for name in ("capped", "abstain"):
        ask(type(p[name]) is bool, f"{name}: not true or false", Unreadable)
    for name in ("mistakes", "budget"):
        p[name] = double(p[name], name)
    for name in ("inclusion", "mistake_probabilities", "picks", "harm", "ids"):
        ask(type(p[name]) is list, f"{name}: not a list", Unreadable)
    for name in ("inclusion", "mistake_probabilities"):
        p[name] = [double(x, f"{name}[{i}]") for i, x in enumerate(p[name])]
    ask(all(type(x) is int for x in p["picks"]), "picks: not rows", Unreadable)
    for column in p["ids"]:
        ask(type(column) is list and column, "ids: not columns", Unreadable)
        ask(all(type(x) is str for x in column), "ids: not texts", Unreadable)
    v = p["validation"]
    if v is not None:
        ok = type(v) is list and [*map(type, v)] == [int, int, str]
        ask(ok, "validation: not two counts and delta", Unreadable)
        v[2] = double(v[2], "validation[2]")
        ok = 0 <= v[1] <= v[0] <= 100_000 and 0 < v[2] < 1
        ask(ok, f"validation: {v!r:.80} is no count, part of it and delta", Unreadable)
    seed = p["seed"]
    ask(
        type(seed) is str and re.fullmatch("0|[1-9][0-9]{0,37}", seed),
        "seed: no number",
        Unreadable,
    )
    p["seed"] = int(seed)
    return p


def read_game(content, harm):
    """Gains and harms from a CSV with a header, the column "gain" or the only one; its rows."""
    ask(len(harm) == 2 and type(harm[1]) is str, "harm: no kind and amount", Unreadable)
    kind, amount = harm
    ask(kind in ("multiple", "constant", "column"), f"harm: {kind!r:.40} is no kind", Unreadable)
    try:
        text = content.decode("utf-8-sig")
        header, *rows = [r for r in csv.reader(io.StringIO(text, newline="")) if "".join(r).strip()]
    except (ValueError, csv.Error) as error:
        raise Unreadable(f"gains: no CSV file with a header: {error}") from None
    ask(kind != "column" or amount in header, f"gains: no column {amount!r:.60}", Unreadable)
    others = [name for name in header if kind != "column" or name != amount]
    ask("gain" in others or len(others) == 1, "gains: no column 'gain'", Unreadable)

    def column(name):
        found, place = [], header.index(name)
        for k, row in enumerate(rows):
            cell = row[place] if len(row) == len(header) else "?"
            ok = re.fullmatch(r"\s*[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?\s*", cell, re.ASCII)
            x = float(cell) if ok else math.nan
            ask(0 <= x < math.inf, f"gains: row {k}: {cell!r:.40} is no gain or harm", Unreadable)
            found.append(x + 0.0)  # -0.0 is 0.0
        return found

    g = column("gain" if "gain" in others else others[0])
    ask(g, "gains: no rows", Unreadable)
    if kind == "column":
        return g, column(amount), header, rows
    amount = double(amount, "harm")
    h = [amount * x if kind == "multiple" else amount for x in g]  # as IEEE doubles
    return g, h, header, rows


# ---- the theorem ----


def integers(values):
    """Whole numbers a and a power of two u, the values being a / u exactly."""
    ratios = [x.as_integer_ratio() for x in values]
    u = max(bottom for _, bottom in ratios)
    return [top * (u // bottom) for top, bottom in ratios], u


def top_sum(values, amount):
    """Sum of the `amount` largest, the last of them by its fraction."""
    whole, order = int(amount), sorted(values, reverse=True)
    part = (amount - whole) * order[whole] if whole < len(order) else 0
    return sum(order[:whole]) + part


def check_value(p, g, h):
    """Digest, feasibility, both sides of the theorem, the width; returns the upper side."""
    n, m, b, capped, abstain = len(g), p["mistakes"], p["budget"], p["capped"], p["abstain"]
    ask(0 <= min(h) and max(h) < math.inf, "harm: negative, or too large")
    ask(0 <= m <= n and 0 < b and (b <= n or not capped), "mistakes or budget out of range")
    found = hashlib.sha256(f"radsim plain game {n}\n".encode())
    found.update(struct.pack(f"<{4 + 2 * n}d", m, b, capped, abstain, *g, *h))
    ask(found.hexdigest() == p["digest"], "digest: these are not the gains, harms and rules proved")
    m, b = Fraction(m), Fraction(b)
    for name, high, least, most in (
        ("inclusion", 1 if capped else math.inf, 0 if abstain else b, b),
        ("mistake_probabilities", 1, 0, m),
    ):
        ask(len(p[name]) == n, f"{name}: {len(p[name])} entries for {n} points")
        ask(0 <= min(p[name]) and max(p[name]) <= high, f"{name}: outside [0, {high}]")
        total = Fraction(sum(integers(p[name])[0]), integers(p[name])[1])
        ask(least <= total <= most, f"{name}: sums to {float(total)!r}, not {float(most)!r}")
    (both, u), (q, v), (l, w) = map(integers, (g + h, p["inclusion"], p["mistake_probabilities"]))
    g, s = both[:n], [x + y for x, y in zip(both[:n], both[n:], strict=True)]
    bites = [x * y for x, y in zip(q, s, strict=True)]  # lost on each point if it is mislabelled
    lower = (sum(x * y for x, y in zip(q, g, strict=True)) - top_sum(bites, m)) * Fraction(1, u * v)
    earned = [w * x - y * z for x, y, z in zip(g, s, l, strict=True)]  # by a query against l
    earned = [max(0, x) for x in earned] if abstain else earned
    upper = (top_sum(earned, b) if capped else b * max(earned)) * Fraction(1, u * w)
    ask(p["lower"] == written(lower), f"lower: W(q) is {float(lower)!r}, not what it says")
    ask(p["upper"] == written(upper), f"upper: max U(q, l) is {float(upper)!r}, not what it says")
    value = float(lower)
    value = value if value <= lower else math.nextafter(value, -math.inf)
    ask(p["value"] == written(value), f"value: the double below W(q) is {value!r}")
    scale = b * max(g if abstain else s) / u
    ask(upper - lower <= WIDEST * scale, f"interval: {float(upper - lower):.3g} wide says nothing")
    return upper


def check_mistakes(p, n):
    """More than m mistakes make k or fewer wrong of v checked points likely at most delta: S4."""
    v, k, delta = p["validation"]
    marked = int(p["mistakes"]) + 1 + k  # among all n + v points, if there is one mistake more
    rest = n + v - marked
    least = max(0, v - rest)
    ways, term = 0, math.comb(marked, least) * math.comb(max(0, rest), v - least)
    for j in range(least, k + 1):  # the hypergeometric law, each term from the one before
        ways += term
        term = term * (marked - j) * (v - j) // ((j + 1) * (rest - v + j + 1))
    ok = rest < 0 or ways <= Fraction(delta) * math.comb(n + v, v)
    ask(ok, f"validation: {k} wrong of {v} do not make more than {p['mistakes']!r} unlikely")


def check_ids(p, header, rows):
    """The file's own texts at the picks are the proof's; returns columns that it does not have."""
    names, picks = [name for name, *_ in p["ids"]], p["picks"]
    ask(len(set(names)) == len(names), "ids: two columns of one name")
    ask(all(0 <= i < len(rows) for i in picks), "picks: a row that is none")
    for name, *texts in p["ids"]:
        ask(len(texts) == len(picks), f"ids: {len(texts)} in {name!r:.60} for {len(picks)} picks")
        own = [rows[i][header.index(name)] for i in picks] if name in header else texts
        ask(own == texts, f"ids: column {name!r:.60} holds {own[:9]!r:.200} at the picks")
    return [name for name in names if name not in header]


# ---- the draw: PCG64 as NumPy seeds it, and three designs in IEEE doubles ----


class Generator:
    """O'Neill's PCG XSL-RR 128/64, seeded by SeedSequence(seed), as numpy.random.default_rng."""

    def __init__(self, seed):
        const, full = 0x43B0D7E5, 0xFFFFFFFF

        def hashed(x, factor):
            nonlocal const
            x ^= const
            const = const * factor & full
            x = x * const & full
            return x ^ x >> 16

        def mixed(x, y):
            x = (0xCA01F9DD * x - 0x4973F715 * y) & full
            return x ^ x >> 16

        pool = [hashed(seed >> 32 * i & full, 0x931E8875) for i in range(4)]
        for i in range(4):
            for j in range(4):
                if i != j:
                    pool[j] = mixed(pool[j], hashed(pool[i], 0x931E8875))
        const = 0x8B51F9DD
        words = [hashed(pool[i % 4], 0x58F38DED) for i in range(8)]
        a, b, c, d = (words[i] | words[i + 1] << 32 for i in (0, 2, 4, 6))
        self.step = (c << 64 | d) << 1 & (1 << 128) - 1 | 1
        self.state, self.half = self.step + (a << 64 | b), None
        self.bits()

    def bits(self):
        """64 random bits."""
        state = self.state * 0x2360ED051FC65DA44385DF649FCCF645 + self.step
        self.state = state = state & (1 << 128) - 1
        turn, x = state >> 122, (state >> 64 ^ state) & 0xFFFFFFFFFFFFFFFF
        return (x >> turn | x << (64 - turn)) & 0xFFFFFFFFFFFFFFFF

    def uniform(self):
        return (self.bits() >> 11) * 2.0**-53

    def below(self, n):
        """A whole number below n <= 2^32: halves of 64 bits, low half first, cut until one fits."""
        while True:
            if self.half is None:
                self.half, x = divmod(self.bits(), 1 << 32)
            else:
                self.half, x = None, self.half
            x &= (1 << (n - 1).bit_length()) - 1
            if x < n:
                return x

    def shuffled(self, values):
        """Fisher and Yates, from the end."""
        for i in range(len(values) - 1, 0, -1):
            j = self.below(i + 1)
            values[i], values[j] = values[j], values[i]
        return values


def pairwise(x):
    """A sum in the order in which NumPy adds: eight at a time up to 128, halves beyond."""
    n = len(x)
    if n > 128:
        half = n // 2 - n // 2 % 8
        return pairwise(x[:half]) + pairwise(x[half:])
    if n < 8:
        return sum_in_order(x)
    r = [sum_in_order(x[k : n - n % 8 : 8]) for k in range(8)]
    total = ((r[0] + r[1]) + (r[2] + r[3])) + ((r[4] + r[5]) + (r[6] + r[7]))
    for y in x[n - n % 8 :]:
        total += y
    return total


def sum_in_order(x):
    """Without the compensation of `sum`."""
    return list(accumulate(x))[-1] if x else 0.0


def pivotal(q, rng):
    """Two points fight: q_i + q_j goes on with one of them, or one is in and the rest goes on."""
    n, small, block = len(q), 1 << 17, 64
    who, mixed = list(range(n)), n <= small
    if mixed:
        rng.shuffled(who)
    else:
        starts = rng.shuffled(list(range(0, n - n % block, block)))
        who = [i for k in starts for i in range(k, k + block)] + who[n - n % block :]
    p, chosen = [q[i] for i in who], []
    while len(p) > 1:
        if not mixed and len(p) <= small:
            place, mixed = rng.shuffled(list(range(len(p)))), True
            who, p = [who[k] for k in place], [p[k] for k in place]
        half = len(p) // 2
        for k in range(half):
            i, j, a, u = who[k], who[half + k], p[k] + p[half + k], rng.uniform()
            on = u * (2 - a) < 1 - p[k] if a >= 1 else u * a < p[k]
            if a >= 1:
                chosen.append(j if on else i)
            who[k], p[k] = i if on else j, a - 1 if a >= 1 else a
        odd = len(p) % 2
        who[half:], p[half:] = who[len(who) - odd :], p[len(p) - odd :]
    return chosen + [who[0]] * (rng.uniform() < p[0])


def systematic(q, rng):
    """Laid end to end in random order; points that hold u, u + 1, u + 2, ..."""
    order = rng.shuffled(list(range(len(q))))
    ends = list(accumulate(q[i] for i in order))
    u, total = rng.uniform(), ends[-1]
    ends = [*(x * (round(total) / total) for x in ends[:-1]), float(round(total))]
    marks = [0, *(int(x) + (u < x - int(x)) for x in ends)]
    return [i for k, i in enumerate(order) if marks[k + 1] > marks[k]]


def iid(q, rng, n_picks):
    """As many draws from q/b as b has ones, and one more with the probability of the rest."""
    index = [i for i, x in enumerate(q) if x > 0]
    q = [q[i] for i in index]
    b = pairwise(q)
    whole = abs(b - max(1, round(b))) <= 2.0**-46 * b
    k, part = (round(b), 0) if whole else (int(b), b - int(b))
    ask(k <= n_picks <= k + 1, f"picks: {n_picks} of them from an expected {b:.6g}")
    cdf = list(accumulate(x / b for x in q))
    cdf = [x / cdf[-1] for x in cdf]

    def draw():
        return index[bisect.bisect_right(cdf, rng.uniform())]

    found = [draw() for _ in range(k)]
    return found + [draw() for _ in range(part > 0 and rng.uniform() < part)]


DESIGNS = {"pivotal": pivotal, "systematic": systematic, "iid": iid}


def draw_picks(q, design, seed, n_picks):
    """The rows, counted from 0, that design and seed draw; sure points are set aside first."""
    rng = Generator(seed)
    if design == "iid":
        return sorted(iid(q, rng, n_picks))
    ask(max(q) <= 1, f"inclusion: above 1, which {design} cannot draw")
    index = [i for i, x in enumerate(q) if 0 < x < 1]
    part = [q[i] for i in index]
    found = [i for i, x in enumerate(q) if x == 1]
    if part:
        total, sure = pairwise(part), len(found)
        if abs(total - max(1, round(total))) > 2.0**-46 * (total + sure):
            part.append(math.ceil(total) - total)  # a phantom makes the total whole
        total = pairwise(part)
        part = [min(x * (round(total) / total), 1 - 2.0**-53) for x in part]
        found += [index[k] for k in DESIGNS[design](part, rng) if k < len(index)]
    return sorted(found)


def check(proof, gains, redraw=True):
    """Bytes of both files -> what is proved, in words; raises Refused or Unreadable."""
    p = read_proof(proof)
    g, h, header, rows = read_game(gains, p["harm"])
    upper = check_value(p, g, h)
    high = float(upper)
    high = high if high >= upper else math.nextafter(high, math.inf)
    words = [
        f"rules      mistakes {p['mistakes']!r}, budget {p['budget']!r}, capped {p['capped']}, "
        f"abstain {p['abstain']}, harm {' '.join(p['harm'])!r}; {len(p['inclusion'])} points",
        f"value      V is at least {float.fromhex(p['value'])!r}, at most {high!r}",
        "guarantee  picks drawn with the proof's inclusion probabilities earn no less on average",
    ]
    if p["validation"] is not None:
        check_mistakes(p, len(g))
        v, k, delta = p["validation"]
        words.insert(1, f"mistakes   {k} of {v} checked points wrong: enough at delta {delta!r}")
    if redraw:
        name = f"{p['design']!r:.40}"
        ask(type(p["design"]) is str and p["design"] in DESIGNS, f"PICKS NOT RE-DRAWN: {name}")
        drawn = draw_picks(p["inclusion"], p["design"], p["seed"], len(p["picks"]))
        ask(drawn == p["picks"], f"picks: {p['design']}, seed {p['seed']} draw {drawn[:9]}...")
        words.append(f"picks      drawn again, the same {len(drawn)} rows")
    unseen = check_ids(p, header, rows)
    for name, *_ in p["ids"]:
        told = "NOT CHECKED: no such column beside the gains" if name in unseen else "the same"
        words.append(f"ids        {name!r:.60}: {told}")
    return [*words, *([] if redraw else ["PICKS NOT RE-DRAWN, as you asked"])]


def main(arguments):
    files = [x for x in arguments if x != "--no-redraw"]
    if len(files) != 2:
        print(__doc__, file=sys.stderr)
        return 2
    try:
        contents = [Path(file).read_bytes() for file in files]
        words = check(*contents, redraw="--no-redraw" not in arguments)
    except (OSError, Unreadable) as error:
        print(f"UNREADABLE: {error}", file=sys.stderr)
        return 2
    except Refused as error:
        print(f"REFUSED: {error}", file=sys.stderr)
        return 1
    print("PROVED, in exact arithmetic:", *words, sep="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
