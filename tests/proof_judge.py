"""A proof of picks beside a file of gains, and a judge, in plain fractions, of whether it is true.

A change that leaves every checked statement true is no forgery: white space, the order of the
fields, a strategy's digit that moves neither side of the theorem, a seed or design that draws the
same rows, rules or gains under which all that is said still holds and whose digest the proof gives.
"""

from fractions import Fraction
from math import comb
from typing import NamedTuple

import numpy as np

from radsim import sample
from radsim.proof import read_proof, written


class Case(NamedTuple):
    """A proof beside a file of gains."""

    kind: str
    proof: bytes
    gains: bytes
    true: bool = True


def csv_of(gains, costs=None, ids=None):
    """The file of gains, of harms in a column "cost", and of identifiers in a column "id"."""
    columns = {"gain": [*map(repr, gains)]}
    columns |= {} if costs is None else {"cost": [*map(repr, costs)]}
    columns |= {} if ids is None else {"id": ids}
    rows = map(",".join, zip(*columns.values(), strict=True))
    return "\n".join([",".join(columns), *rows, ""]).encode()


def numbers(content):
    """Gains, and costs and identifiers if there are any, of a file that `csv_of` wrote."""
    header, *rows = [line.split(",") for line in content.decode().removesuffix("\n").split("\n")]
    columns = dict(zip(header, zip(*rows, strict=True), strict=True))
    if not set(columns) <= {"gain", "cost", "id"}:
        raise ValueError(f"columns {columns}")
    costs, ids = columns.get("cost"), columns.get("id")
    return [*map(float, columns["gain"])], costs and [*map(float, costs)], ids and [*ids]


def _top(values, amount):
    order, whole = sorted(values, reverse=True), int(amount)
    return sum(order[:whole]) + sum(order[whole : whole + 1]) * (amount - whole)


def sides(proof, game):
    """W(q) and max U(q, l), in fractions."""
    q, l, g, h = (
        [Fraction(x) for x in values.tolist()]
        for values in (proof.inclusion, proof.mistake_probabilities, game.gains, game.harms)
    )
    s = [x + y for x, y in zip(g, h, strict=True)]
    m, b = Fraction(game.mistakes), Fraction(game.budget)
    lower = sum(x * y for x, y in zip(q, g, strict=True))
    lower -= _top([x * y for x, y in zip(q, s, strict=True)], m)
    robust = [x - y * z for x, y, z in zip(g, s, l, strict=True)]
    robust = [max(x, Fraction(0)) for x in robust] if game.abstain else robust
    return lower, _top(robust, b) if game.capped else b * max(robust)


def drawn(proof):
    """The rows that design and seed draw; None where they are sure to be of another number."""
    if proof.design == "iid" and abs(proof.inclusion.sum() - len(proof.picks)) > 1:
        return None
    return tuple(sample(proof.inclusion, proof.design, rng=proof.seed).tolist())


def covered(n, mistakes, checked, wrong, delta):
    """Whether every number of mistakes above m makes so few wrong ones likely at most delta."""
    total = n + checked
    for left in range(int(mistakes) + 1, n + 1):
        marked = left + wrong
        ways = sum(comb(marked, j) * comb(total - marked, checked - j) for j in range(wrong + 1))
        if ways > Fraction(delta) * comb(total, checked):
            return False
    return True


def identified(proof, ids):
    """Whether each column of identifiers has one a pick, those of the file if it has the column."""
    names = [column[0] for column in proof.ids]
    own = {"id": ids} if ids else {}
    return len(set(names)) == len(names) and all(
        len(texts) == len(proof.picks)
        and texts == ([own[name][i] for i in proof.picks] if name in own else texts)
        for name, *texts in proof.ids
    )


def is_true(case):
    """Whether all that the proof says holds for these gains; it is well-formed."""
    try:
        proof = read_proof(case.proof)
        gains, costs, ids = numbers(case.gains)
        if proof.harm[0] == "column" and proof.harm[1] != "cost":
            return False
        game = proof.game(gains, costs if proof.harm[0] == "column" else None)
        found = drawn(proof)
    except (ValueError, KeyError):
        return False
    q, l = map(np.array, (proof.inclusion, proof.mistake_probabilities))
    if game.digest() != proof.digest or not len(q) == len(l) == game.n:
        return False
    spent, made = (sum(map(Fraction, x.tolist())) for x in (q, l))
    lower, upper = sides(proof, game)
    below = float(lower)
    below = below if below <= lower else np.nextafter(below, -np.inf)
    stakes = [Fraction(x) + Fraction(y) for x, y in zip(game.gains, game.harms, strict=True)]
    most = max(map(Fraction, game.gains)) if game.abstain else max(stakes)
    return bool(
        q.min() >= 0
        and l.min() >= 0
        and l.max() <= 1
        and made <= game.mistakes
        and (q.max() <= 1 or not game.capped)
        and (spent <= game.budget if game.abstain else spent == game.budget)
        and proof.lower == written(lower)
        and proof.upper == written(upper)
        and proof.value == written(float(below))
        and 10**6 * (upper - lower) <= Fraction(game.budget) * most
        and proof.picks == found
        and (proof.validation is None or covered(game.n, game.mistakes, *proof.validation))
        and identified(proof, ids)
    )
