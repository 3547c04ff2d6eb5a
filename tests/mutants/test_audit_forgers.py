"""Designs that look as if they were right: an audit passes none of them."""

import numpy as np
import pytest

from radsim.sampling.audit import audit, audit_law
from radsim.sampling.design import Law

HUNDRED = np.full(100, 0.01)
THIRDS = np.array([0.3, 0.7, 0.5, 0.5, 0.6, 0.4])
TAIL = np.array([1.0, 1.0, 0.6, 0.4, 0.0, 5e-4, 1 - 5e-4])
LARGE = np.array([0.197, 0.803, 0.5, 0.5])


def honest(q, *, rng, size):
    return (rng.random((size, len(q))) < q).astype(int)


def idle(q, *, rng, size):
    return np.zeros((size, len(q)), dtype=int)


def sure_only(q, *, rng, size):
    return np.tile((q == 1).astype(int), (size, 1))


def not_below(q, *, rng, size):
    return honest(q, rng=rng, size=size) * (q >= 1e-3)


def never_missed(q, *, rng, size):
    return np.maximum(honest(q, rng=rng, size=size), q > 1 - 1e-3)


def five_percent_off(q, *, rng, size):
    counts = honest(q, rng=rng, size=size)
    counts[:, 0] &= rng.random(size) >= 0.05
    return counts


def leaks(q, *, rng, size):
    """An excluded point, in a draw of a thousand."""
    return np.where((q == 0) & (rng.random((size, 1)) < 1e-3), 1, honest(q, rng=rng, size=size))


def twice(q, *, rng, size):
    """Right on average, in pairs: for points that may be drawn once."""
    return 2 * (rng.random((size, len(q))) < q / 2)


class OnFirstCall:
    """Nothing at first, then as promised."""

    def __init__(self):
        self.called = False

    def __call__(self, q, *, rng, size):
        first, self.called = not self.called, True
        return (idle if first else honest)(q, rng=rng, size=size)


class Repeated:
    """The samples of the first call are handed out again."""

    def __init__(self):
        self.kept = None

    def __call__(self, q, *, rng, size):
        if self.kept is None:
            self.kept = honest(q, rng=rng, size=10_000)
        return self.kept[rng.integers(0, 10_000, size)]


def only_in_blocks(q, *, rng, size):
    """One sample by itself is 5 % off in one point."""
    return (five_percent_off if size == 1 else honest)(q, rng=rng, size=size)


def only_by_itself(q, *, rng, size):
    return (honest if size == 1 else five_percent_off)(q, rng=rng, size=size)


FORGERS = [
    (HUNDRED, idle),
    (TAIL, idle),
    (TAIL, sure_only),
    (TAIL, not_below),
    (TAIL, never_missed),
    (TAIL, leaks),
    (HUNDRED, five_percent_off),
    (LARGE, five_percent_off),
    (1 - LARGE, five_percent_off),
    (THIRDS, twice),
    (THIRDS, only_in_blocks),
    (THIRDS, only_by_itself),
    (THIRDS, OnFirstCall),
    (HUNDRED, OnFirstCall),
    (THIRDS, Repeated),
]


def _name(value):
    return value.__name__ if callable(value) else "q"


def _made(forger):
    return forger() if isinstance(forger, type) else forger


@pytest.mark.parametrize(("q", "forger"), FORGERS, ids=_name)
@pytest.mark.parametrize("max_draws", [10, 1_000, 200_000])
def test_no_forger_holds(q, forger, max_draws):
    assert audit(q, _made(forger), rng=1, max_draws=max_draws).status != "HOLDS"


@pytest.mark.parametrize("seed", range(6))
def test_five_percent_of_a_fifth_is_found(seed):
    """Where 0.02, whatever the q, let two of three such designs pass."""
    found = audit(LARGE, five_percent_off, rng=seed, max_draws=400_000)
    assert (found.status, found.worst_point) == ("VIOLATED", 0)


@pytest.mark.parametrize(
    ("q", "forger", "tolerance"),
    [(THIRDS, OnFirstCall, 0.2), (np.full(4, 0.02), OnFirstCall, 0.3)],
    ids=["at once", "by the second time"],
)
def test_a_first_call_of_its_own_is_found(q, forger, tolerance):
    found = audit(q, _made(forger), rng=0, tolerance=tolerance, max_draws=1_000_000)
    assert found.status == "VIOLATED" or "a second time" in found.words


@pytest.mark.parametrize("tolerance", [0.1, 0.2])
def test_an_honest_design_holds_and_as_soon_as_is_said(tolerance):
    short = audit(THIRDS, honest, rng=0, tolerance=tolerance, max_draws=500)
    assert short.status == "UNDECIDED"
    said = int(short.words.split("some ")[1].split()[0].replace(",", ""))
    found = audit(THIRDS, honest, rng=0, tolerance=tolerance, max_draws=said)
    assert found.status == "HOLDS"
    assert found.n_draws > said / 5


@pytest.mark.parametrize(
    ("made", "words"),
    [
        (lambda counts: counts[:-1], r"draws must have shape \(\d+, 6\)"),
        (lambda counts: counts[:, :-1], r"draws must have shape \(\d+, 6\)"),
        (lambda counts: counts.ravel(), r"draws must have shape \(\d+, 6\)"),
        (lambda counts: counts * np.nan, r"draws\[0, 0\] = nan must be a whole number"),
        (lambda counts: counts - 1, r"draws\[\d, \d\] = -1.0 must be a whole number of at least 0"),
        (lambda counts: counts * 0.5, r"draws\[\d, \d\] = 0.5 must be a whole number"),
        (lambda counts: counts.astype(str), "draws.* must be a number"),
        (lambda counts: counts + 0j, "draws.* must be a number"),
        (lambda counts: None, "draws = None must be"),
    ],
)
def test_what_is_no_count_is_refused_by_place(made, words):
    with pytest.raises(ValueError, match=words):
        audit(THIRDS, lambda q, rng, size: made(honest(q, rng=rng, size=size)), rng=0)


@pytest.mark.parametrize(
    "chances",
    [
        [0.5 - 1e-9, 0.5, 1e-9],  # relatively, the third is never drawn as it should
        [0.5, 0.5, 0.0],
        [0.5, 0.5 + 1e-12, -1e-12],
        [0.5, np.nan, 1e-12],
    ],
)
def test_a_law_is_compared_relatively(chances):
    q = [0.5, 0.5, 1e-12]
    good = Law(np.eye(3, dtype=int), np.array([0.5, 0.5, 1e-12]))
    assert audit_law(q, good).status == "HOLDS"
    assert audit_law(q, good._replace(probability=np.array(chances))).status == "VIOLATED"
    with pytest.raises(ValueError, match="outcomes have 3 points, inclusion has 2"):
        audit_law([0.5, 0.5], good)


def test_many_draws_of_few_points_say_how_many_samples_are_needed():
    """A count is bounded by all draws of a sample, so that many samples are needed."""
    q = np.full(30, 70_000.0)
    short = audit(q, "iid", rng=0, tolerance=0.2, max_draws=10)
    assert short.status == "UNDECIDED"
    assert "20 % takes some 20,000 draws" in short.words
