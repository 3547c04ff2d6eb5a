"""Genuine proofs of picks over all regimes, and forged ones.

A change of form (types, keys, truncation) is always a forgery; of all others the judge says.
"""

import json
import re
from fractions import Fraction

import numpy as np
from proof_judge import Case, csv_of, drawn, is_true, numbers, sides

from radsim import Game, mistakes_upper_bound, solve
from radsim.game import Count
from radsim.proof import prove, read_proof, text_of, written


def _gains(rng, n):
    kinds = (
        lambda: rng.random(n),
        lambda: rng.integers(0, 4, n) / 4,  # ties and zeros
        lambda: 1 + rng.pareto(1.1, n),
        lambda: rng.random(n) * 10.0 ** rng.integers(-300, 301, n),
        lambda: np.full(n, rng.random()),
        lambda: np.zeros(n),
        lambda: rng.integers(1, 9, n) * 1e-300,
    )
    return kinds[rng.choice(len(kinds), p=[0.4, 0.2, 0.1, 0.2, 0.05, 0.02, 0.03])]()


def genuine(rng, n=None):
    """A genuine proof of a random game, with the file of its gains."""
    n = n or int(rng.integers(1, 13) if rng.random() < 0.8 else rng.integers(1, 301))
    gains = _gains(rng, n)
    m = Count(
        rng.choice([0, rng.integers(0, n + 1), rng.integers(0, n // 3 + 1), n * rng.random()])
    )
    checked = None
    if rng.random() < 0.4:
        v = int(rng.integers(1, 60))
        checked = v, int(rng.binomial(v, 0.2 * rng.random())), float(rng.choice([0.05, 0.3]))
        m = mistakes_upper_bound(n, *checked)
    b = float(rng.choice([1, rng.integers(1, n + 1), n * (1 - rng.random())]))
    capped, abstain = bool(rng.random() < 0.6), bool(rng.random() < 0.6)
    kind = str(rng.choice(["multiple", "constant", "column"]))
    amount = float(rng.choice([0, 1, 2.5, rng.random()]))
    costs = None
    if kind == "column":
        costs = rng.choice([0, 1, float(gains.max())]) * rng.integers(0, 3, n) / 2
    rules = dict(capped=capped, abstain=abstain)
    if kind == "multiple":
        game = Game(gains, m, b, amount, **rules)
    else:
        game = Game(gains, m, b, harms=np.full(n, amount) if costs is None else costs, **rules)
    solution = solve(game)
    design = "iid"
    if capped:
        design = "systematic" if rng.random() < 0.3 else "pivotal"
    seed = int(rng.choice([0, 7, rng.integers(2**62)])) * int(rng.choice([1, 2**60]))
    harm = (kind, "cost" if kind == "column" else amount)
    listed = None if costs is None else costs.tolist()
    ids = [f"img {k}" for k in rng.permutation(n)] if rng.random() < 0.7 else None
    asked = {} if ids is None else {"ids_at": lambda places: {"id": [ids[k] for k in places]}}
    _, text = prove(solution, harm, design, seed, validation=checked, **asked)
    return Case("genuine", text.encode(), csv_of(gains.tolist(), listed, ids))


# --- the forgers: (rng, fields, gains, another genuine case) -> what is changed ---


def _nudged(rng, text):
    """A number with its last bit changed, as a proof writes it."""
    x = float.fromhex(text)
    return written(float(np.nextafter(x, rng.choice([-1, 1]) * np.inf)) + 0.0)


def _signed(fields, gains):
    """The digest of the game that the gains and the rules of the fields make, whatever they are."""
    proof = read_proof(text_of(fields))
    g, costs, _ = numbers(gains)
    game = proof.game(g, costs if proof.harm[0] == "column" else None)
    return fields | {"digest": game.digest()}


def _honest(fields, gains):
    """Both sides, value, digest and picks worked out again from what the fields have become."""
    fields = _signed(fields, gains)
    proof = read_proof(text_of(fields))
    g, costs, _ = numbers(gains)
    game = proof.game(g, costs if proof.harm[0] == "column" else None)
    lower, upper = sides(proof, game)
    below = float(lower)
    below = below if below <= lower else float(np.nextafter(below, -np.inf))
    found = drawn(proof)
    new = {"value": written(below), "lower": written(lower), "upper": written(upper)}
    return fields | new | {"picks": list(proof.picks if found is None else found)}


def _entry(rng, fields, name, change):
    values = list(fields[name])
    k = int(rng.integers(len(values)))
    values[k] = change(values[k])
    return fields | {name: values}


def _scaled(rng, fields, name, factor):
    return fields | {name: [written(factor * float.fromhex(x)) for x in fields[name]]}


def _number(rng, fields, gains, other):
    name = str(rng.choice(["value", "mistakes", "budget"]))
    return fields | {name: _nudged(rng, fields[name])}, gains


def _number_signed(rng, fields, gains, other):
    name = str(rng.choice(["mistakes", "budget"]))
    factor = rng.choice([0.5, 0.99, 1.01, 2])
    new = _nudged(rng, fields[name]) if rng.random() < 0.5 else None
    return _signed(
        fields | {name: new or written(factor * float.fromhex(fields[name]))}, gains
    ), gains


def _strategy_bit(rng, fields, gains, other):
    name = str(rng.choice(["inclusion", "mistake_probabilities"]))
    return _entry(rng, fields, name, lambda x: _nudged(rng, x)), gains


def _strategy(rng, fields, gains, other):
    name = str(rng.choice(["inclusion", "mistake_probabilities"]))
    if rng.random() < 0.5:
        return _scaled(rng, fields, name, rng.choice([0.5, 0.999, 1.001, 2])), gains
    return fields | {name: fields[name][1:] + fields[name][:1]}, gains


def _strategy_honest(rng, fields, gains, other):
    """A better payoff from a strategy that is not feasible, or a worse one that says little."""
    name = str(rng.choice(["inclusion", "mistake_probabilities"]))
    return _honest(_scaled(rng, fields, name, rng.choice([0.9, 1 + 1e-9, 1.1, -1])), gains), gains


def _swapped(rng, fields, gains, other):
    q, l = fields["inclusion"], fields["mistake_probabilities"]
    return fields | {"inclusion": l, "mistake_probabilities": q}, gains


def _interval(rng, fields, gains, other):
    low, high = (Fraction(*_pair(fields[name])) for name in ("lower", "upper"))
    bit = Fraction(1, 2 ** int(rng.integers(2000)))
    new = [
        {"lower": written(low - bit)},
        {"lower": written(low + bit)},
        {"upper": written(high - bit)},
        {"upper": written(high + bit)},
        {"lower": written(low - bit), "upper": written(high + bit)},
        {"lower": fields["upper"], "upper": fields["lower"]},
        {"lower": fields["upper"]},
        {"upper": fields["lower"]},
        {"lower": "-0x1p1023"},
        {"lower": "-0x1p999999999", "upper": "0x1p999999999"},
    ]
    return fields | new[rng.integers(len(new))], gains


def _pair(text):
    top, exponent = text.split("p")
    e = int(exponent)
    return (int(top, 16) << max(0, e), 1 << max(0, -e))


def _digest(rng, fields, gains, other):
    k, new = int(rng.integers(64)), "0123456789abcdef"[rng.integers(16)]
    text = fields["digest"]
    return fields | {"digest": text[:k] + new + text[k + 1 :]}, gains


def _other_game(rng, fields, gains, other):
    return fields, other.gains


def _other_game_signed(rng, fields, gains, other):
    return _signed(fields, other.gains), other.gains


def _permuted(rng, fields, gains, other):
    head, *rows = gains.decode().splitlines()
    new = "\n".join([head, *(rows[k] for k in rng.permutation(len(rows))), ""]).encode()
    return fields if rng.random() < 0.5 else _signed(fields, new), new


def _gain(rng, fields, gains, other):
    """A gain or harm with its last bit changed; a row more or less."""
    g, costs, ids = numbers(gains)
    k = int(rng.integers(len(g)))
    kind = rng.integers(4)
    if kind == 0:
        g[k] = float(np.nextafter(g[k], np.inf))
    elif kind == 1 and costs:
        costs[k] = float(np.nextafter(costs[k], np.inf))
    elif kind == 2 and len(g) > 1:
        g, costs, ids = g[1:], costs and costs[1:], ids and ids[1:]
    else:
        g, costs, ids = [*g, 0.5], costs and [*costs, 0.5], ids and [*ids, "more"]
    new = csv_of(g, costs, ids)
    return fields if rng.random() < 0.5 else _signed(fields, new), new


def _flag(rng, fields, gains, other):
    name = str(rng.choice(["capped", "abstain"]))
    new = fields | {name: not fields[name]}
    return new if rng.random() < 0.5 else _signed(new, gains), gains


def _harm(rng, fields, gains, other):
    amount = written(float(rng.choice([0, 0.5, 1, 3, -1])))
    new = fields | {"harm": [str(rng.choice(["multiple", "constant"])), amount]}
    return new if rng.random() < 0.5 else _signed(new, gains), gains


def _draw(rng, fields, gains, other):
    picks, n = fields["picks"], len(fields["inclusion"])
    designs = ["pivotal", "iid", "systematic"]
    new = [
        {"seed": str(int(fields["seed"]) + 1)},
        {"seed": str(rng.integers(2**62))},
        {"design": str(rng.choice(designs))},
        {"picks": picks[1:]},
        {"picks": [*picks, n - 1]},
        {"picks": [*picks, n]},
        {"picks": picks[::-1]},
        {"picks": [(x + 1) % n for x in picks]},
        {"picks": [x + 1 for x in picks]},
    ]
    return fields | new[rng.integers(len(new))], gains


def _validation(rng, fields, gains, other):
    """Other counts or another delta, below what the number of mistakes covers or not."""
    v, k, delta = fields["validation"] or (int(rng.integers(1, 60)), 0, written(0.05))
    new = [
        [v, min(v, k + 1), delta],
        [v, v, delta],
        [max(k, v // 2, 1), k, delta],
        [v, k, written(float.fromhex(delta) / 100)],
        [v, k, written(1e-9)],
        [v * 10, k * 10 + 1, delta],
    ]
    return fields | {"validation": new[rng.integers(len(new))]}, gains


def _ids(rng, fields, gains, other):
    """Identifiers of other rows, one less or more, of another name; the file's own ones changed."""
    column = list(fields["ids"][0]) if fields["ids"] else ["id", *map(str, fields["picks"])]
    if fields["ids"] and rng.random() < 0.2:
        return fields, gains.replace(b"img 0", b"img 1")
    new = [
        [[column[0], *column[:0:-1]]],
        [column[:-1] or ["id", "img 1"]],
        [[*column, "img 0"]],
        [[column[0], *(f"{x} " for x in column[1:])]],
        [column, column],
        [["elsewhere", *column[1:]]],
        [[column[0], *("img 0" for _ in column[1:])]],
    ]
    return fields | {"ids": new[rng.integers(len(new))]}, gains


JUDGED = {
    "last bit of value, m or b": _number,
    "m or b changed, digest made to fit": _number_signed,
    "last bit of a strategy": _strategy_bit,
    "strategy scaled or rolled": _strategy,
    "strategy scaled, all else made to fit": _strategy_honest,
    "q and l swapped": _swapped,
    "interval moved, narrowed, widened, inverted": _interval,
    "digit of the digest": _digest,
    "file of another game": _other_game,
    "file of another game, digest made to fit": _other_game_signed,
    "rows permuted": _permuted,
    "a gain or harm changed, a row more or less": _gain,
    "a flag flipped": _flag,
    "another harm": _harm,
    "seed, design or picks": _draw,
    "checked points": _validation,
    "identifiers": _ids,
}

WRONG_VALUES = [
    "null", "NaN", "Infinity", "-Infinity", "1e400", "0", "1", "-1", "1.0", "true", "false", "{}",
    "[]", '""', '"0x1p0"', '"0X1P0"', '"0x2p0"', '"0x1.0p0"', '" 0x1p0"', '"nan"', '"inf"',
    '"0x1p99999999999"', '"-0x0p0"', '["multiple"]', '["constant",null]', '[[],{}]', '[0]',
    "1" * 5000, f'"0x{"f" * 5000}p0"', "[" * 5000 + "]" * 5000,
]  # fmt: skip


def _lines(proof):
    return proof.decode().split("\n")


def _wrong_type(rng, proof):
    lines = _lines(proof)
    k = int(rng.integers(1, len(lines) - 2))
    name = lines[k].split(": ")[0]
    lines[k] = f"{name}: {rng.choice(WRONG_VALUES)}" + ("," if lines[k][-1] == "," else "")
    return "\n".join(lines).encode()


def _duplicated(rng, proof):
    """A key twice: once as it is, once as it may please."""
    lines = _lines(proof)
    k = int(rng.integers(1, len(lines) - 2))
    line = lines[k].rstrip(",") + ","
    other = line if rng.random() < 0.5 else f"{line.split(': ')[0]}: {rng.choice(WRONG_VALUES)},"
    return "\n".join([lines[0], *(other, *lines[1:])]).encode()


def _keys(rng, proof):
    lines = _lines(proof)
    k = int(rng.integers(1, len(lines) - 3))
    if rng.random() < 0.5:
        del lines[k]
    else:
        lines.insert(k, f'"{rng.choice(["note", "__proto__", "Digest", "toString"])}": "x",')
    return "\n".join(lines).encode()


def _truncated(rng, proof):
    return proof[: int(rng.integers(len(proof.rstrip()) - 1))]


def _appended(rng, proof):
    return proof + bytes(rng.choice([b"}", b"x", b"0", proof, b"\0", b"\xff"]))


def _another_form(rng, proof):
    """The same number or text, written otherwise."""
    text = proof.decode()
    old, new = [
        ("0x", "0X"), ("p", "P"), ("version\": 2", "version\": 2.0"), ("true", "True"),
        ("radsim", "\\u0072adsim"), ("0x1p0", "0x2p-1"), ("0x", "0x0"), ("p", "p+"), ("p0", "p00"),
        ('"seed": "', '"seed": "0'), ("0x", " 0x"), ('"version": 2', '"version": true'),
    ][rng.integers(12)]  # fmt: skip
    return text.replace(old, new).encode() if old in text else None


FORMS = {
    "a value of another type or form": _wrong_type,
    "a key twice": _duplicated,
    "a key missing or unknown": _keys,
    "truncated": _truncated,
    "something appended": _appended,
    "a number or text in another form": _another_form,
}


def _flipped(rng, case):
    """A bit of a random byte, of either file."""
    which = "proof" if rng.random() < 0.8 else "gains"
    content = bytearray(getattr(case, which))
    content[rng.integers(len(content))] ^= 1 << int(rng.integers(7))
    return case._replace(**{which: bytes(content)})


def forged(rng, n_cases):
    """Cases that are forged, or judged to be true after all, in equal parts of all kinds."""
    kinds = [*JUDGED, *FORMS, "a bit flipped"]
    other = genuine(rng)
    for k in range(n_cases):
        case, kind = genuine(rng), kinds[k % len(kinds)]
        if kind == "a bit flipped":
            # Only gains that `csv_of` could have written are judged.
            changed = _flipped(rng, case)
            new = changed._replace(kind=kind)
            try:
                known = csv_of(*numbers(new.gains)) == new.gains
                known = known and not re.search(b'[\0-\x09\x0b-\x1f"]', new.gains)
            except (ValueError, KeyError):
                known = True
            if not known:
                continue
            yield new._replace(true=is_true(new))
        elif kind in FORMS:
            proof = FORMS[kind](rng, case.proof)
            if proof is None or proof == case.proof or _same_content(proof, case.proof):
                continue
            yield Case(kind, proof, case.gains, False)
        else:
            fields = json.loads(case.proof)
            try:
                fields, gains = JUDGED[kind](rng, fields, case.gains, other)
            except ValueError:
                continue  # no game has such rules
            new = Case(kind, text_of(fields).encode(), gains)
            yield new._replace(true=is_true(new))
        other = case


def _same_content(proof, genuine_proof):
    """Whether a value was put in the place of an equal one."""
    return b"".join(proof.split()) == b"".join(genuine_proof.split())
