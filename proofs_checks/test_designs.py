"""The designs that radsim draws are those of SampleStatements.v, compared as laws in fractions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from fractions import Fraction
from itertools import permutations
from math import floor

import numpy as np
import pytest

from radsim.sampling import ordered_pivotal, pivotal, systematic
from radsim.sampling.design import Law

Sample = frozenset[int]

DESIGNS = {
    "half": [1, 2, 1],
    "light": [1, 1, 1, 1],
    "heavy": [3, 3, 2],
    "mixed": [1, 3, 2, 2, 4],
    "with zero": [0, 3, 1, 4],
}
designs = pytest.mark.parametrize("quarters", DESIGNS.values(), ids=DESIGNS.keys())


def quotient(x: Fraction, y: Fraction) -> Fraction:
    return x / y if y > 0 else Fraction()


def fight(
    one: tuple[Fraction, Counter[tuple[int, Sample]]],
    two: tuple[Fraction, Counter[tuple[int, Sample]]],
) -> tuple[Fraction, Counter[tuple[int, Sample]]]:
    """`fight` and `carried` of the formal file: what the winner carries, and who won and is in."""
    (c, first), (d, second) = one, two
    light = c + d < 1
    x = quotient(c, c + d) if light else quotient(1 - c, 2 - (c + d))
    found: Counter[tuple[int, Sample]] = Counter()
    for (i, y), v in first.items():
        for (j, z), w in second.items():
            found[i, y | z | (frozenset() if light else {j})] += v * w * x
            found[j, y | z | (frozenset() if light else {i})] += v * w * (1 - x)
    return c + d - (not light), found


def tournament(
    q: list[Fraction], order: Sequence[int], fights_of: Callable[[int], int] = lambda n: n // 2
) -> Counter[Sample]:
    """`pivotal` of the formal file where, as radsim does, one half fights the other.

    With one fight at a time the bracket is that of the order given.
    """
    left = [(q[i], Counter({(i, frozenset()): Fraction(1)})) for i in order]
    while len(left) > 1:
        half = fights_of(len(left))
        fights = [fight(left[k], left[half + k]) for k in range(half)]
        left = [*fights, *left[2 * half :]]
    (c, last), law = left[0], Counter()
    for (i, y), w in last.items():
        law[y | {i}] += w * c
        law[y] += w * (1 - c)
    return law


def pivotal_law(q: list[Fraction]) -> Counter[Sample]:
    orders = list(permutations(range(len(q))))
    law: Counter[Sample] = Counter()
    for order in orders:
        for z, w in tournament(q, order).items():
            law[z] += w / len(orders)
    return law


def systematic_law(q: list[Fraction]) -> Counter[Sample]:
    """`systematic` of the formal file: starts cut at the fractional parts of the ends."""
    ends = [sum(q[:i], Fraction()) for i in range(len(q) + 1)]
    cuts = sorted({Fraction(), *(e - floor(e) for e in ends)})
    law: Counter[Sample] = Counter()
    for a, b in zip(cuts, [*cuts[1:], Fraction(1)], strict=True):
        marks = [floor(e) + (a < e - floor(e)) for e in ends]
        law[frozenset(i for i in range(len(q)) if marks[i + 1] - marks[i] == 1)] += b - a
    return law


def same(found: Law, law: Counter[Sample]) -> bool:
    got: Counter[Sample] = Counter()
    for row, w in zip(found.outcomes, found.probability, strict=True):
        got[frozenset(np.flatnonzero(row).tolist())] += w
    return all(abs(got[z] - float(law[z])) <= 1e-12 for z in got.keys() | law.keys())


def fractions(quarters: list[int]) -> list[Fraction]:
    return [Fraction(k, 4) for k in quarters]


@designs
def test_the_pivotal_method_is_the_formal_one(quarters):
    q = fractions(quarters)
    assert same(pivotal.law(np.array(q, dtype=float)), pivotal_law(q))


@designs
def test_the_pivotal_method_in_the_order_given_is_the_formal_one(quarters):
    q = fractions(quarters)
    formal = tournament(q, range(len(q)), lambda n: 1)
    assert same(ordered_pivotal.law(np.array(q, dtype=float)), formal)
    # The draw is Deville's scheme; its pairs are those of the formal fights.
    part = [i for i, x in enumerate(q) if 0 < x < 1]
    some = tournament([q[i] for i in part], range(len(part)), lambda n: 1)
    pairs = ordered_pivotal.joint(np.array([float(q[i]) for i in part]))
    for i in range(len(part)):
        for j in range(i):
            exact = sum((w for z, w in some.items() if {i, j} <= z), Fraction())
            assert abs(pairs[i, j] - float(exact)) <= 1e-12


@designs
def test_systematic_sampling_is_the_formal_one(quarters):
    q = fractions(quarters)
    assert same(systematic.law_in_order(np.array(q, dtype=float)), systematic_law(q))


def test_another_design_would_be_seen():
    q = fractions(DESIGNS["mixed"])
    assert not same(pivotal.law(np.array(q, dtype=float)), systematic_law(q))
    in_order = ordered_pivotal.law(np.array(q, dtype=float))
    assert not same(in_order, pivotal_law(q))
    assert not same(in_order, tournament(q[::-1], range(len(q))[::-1], lambda n: 1))
    assert not same(systematic.law_in_order(np.array(q[::-1], dtype=float)), systematic_law(q))


@designs
def test_the_formal_designs_have_the_inclusion_probabilities(quarters):
    q = fractions(quarters)
    for law in (pivotal_law(q), systematic_law(q)):
        assert [sum(w for z, w in law.items() if i in z) for i in range(len(q))] == q
        assert {len(z) for z, w in law.items() if w} == {sum(q)}
