"""Temperatures, exponents and penalties: refused by name, and right to the ends of the floats."""

import re

import numpy as np
import pytest

from radsim import Game, Instance, select
from radsim.adapters import select_from_probabilities
from radsim.distillation.students import STUDENTS, network, softmax
from radsim.distillation.teachers import LABELS, sharpened
from radsim.teachers.committee import Committee
from radsim.teachers.structured import Calibrated

GAINS = [0.2, 1.0, 0.5, 0.0]
TABLE = np.array([[0.75, 0.25], [0.5, 0.5], [1.0, 0.0]])
POOL = Instance("pool", Game(np.ones(6), 2), labels=np.array([0, 1, 2, 0, 1, 2]))
PLACES = np.arange(3.0)[:, None]

POSITIVE = {
    "softmax": lambda t: select("softmax", GAINS, 1, rng=0, temperature=t),
    "softmax_top": lambda t: select("softmax_top", GAINS, 1, rng=0, temperature=t),
    "adapter": lambda t: select_from_probabilities(
        TABLE, 1, rng=0, selector="softmax", options={"temperature": t}
    ),
    "calibrated": lambda t: Calibrated(0.8, t)(POOL, rng=0),
    "sharpened": sharpened,
}
NOT_NEGATIVE = {
    "exponent": lambda x: select("power", GAINS, 1, rng=0, exponent=x),
    "exponent of power_top": lambda x: select("power_top", GAINS, 1, rng=0, exponent=x),
    "penalty": lambda x: softmax(PLACES, TABLE, rng=0, penalty=x),
    "penalty of network": lambda x: network(PLACES, TABLE, rng=0, penalty=x),
}
OTHERS = {
    "surplus": lambda x: select(
        "cluster_margin", TABLE, 1, rng=0, embeddings=PLACES, clusters=[0, 1, 2], surplus=x
    ),
    "accuracy": lambda x: Calibrated(x)(POOL, rng=0),
    "confidence": lambda x: Committee((1, 1), 0, confidence=x)(POOL, rng=0),
}
NEVER = [-1, -1e-300, np.nan, np.inf, -np.inf, "1", True, 1j, [1]]


@pytest.mark.parametrize("place", POSITIVE)
def test_a_temperature_that_cannot_be_is_named(place):
    for t in (0, -0.0, *NEVER):
        with pytest.raises(ValueError, match=r"^temperature = .* must be "):
            POSITIVE[place](t)


@pytest.mark.parametrize("place", [*NOT_NEGATIVE, *OTHERS])
def test_exponents_and_penalties_that_cannot_be_are_named(place):
    for x in (None, *NEVER) if place in OTHERS and place != "surplus" else NEVER:
        with pytest.raises(ValueError, match=rf"^{re.escape(place.split(' ')[0])} = .* must be "):
            (NOT_NEGATIVE | OTHERS)[place](x)


@pytest.mark.parametrize("t", [5e-324, 1e-308, 1e-3, 1, 1e3, 1e308])
def test_any_temperature_leaves_a_distribution(t):
    for p in (sharpened(t)(TABLE), Calibrated(0.8, t)(POOL, rng=0).soft_labels):
        assert np.isfinite(p).all()
        assert np.allclose(p.sum(axis=1), 1)
    assert sharpened(t)(TABLE)[1].tolist() == [0.5, 0.5]
    q = select("softmax", GAINS, 1, rng=0, temperature=t).inclusion
    assert q.sum() == pytest.approx(1)
    assert q[1] == q.max()
    assert len(select("softmax_top", GAINS, 2, rng=0, temperature=t).indices) == 2


def test_the_coldest_selector_picks_by_the_gains_alone():
    """Where the weight of every point but the best is below the smallest float."""
    gains = np.random.default_rng(2).permutation(50.0 + np.arange(50))
    best = np.argsort(-gains)[:20].tolist()
    for t in (5e-324, 1e-300, 1e-6):
        assert select("softmax_top", gains, 20, rng=0, temperature=t).indices.tolist() == best
    for x in (1e6, 1e300, 1.7e308):
        assert select("power_top", gains, 20, rng=0, exponent=x).indices.tolist() == best


def test_what_a_teacher_names_does_not_hang_on_the_temperature():
    cold, warm = (Calibrated(0.8, t)(POOL, rng=0) for t in (1e-9, 5))
    assert np.array_equal(cold.labels, warm.labels)
    assert np.array_equal(cold.soft_labels.argmax(axis=1), cold.labels)
    for answer in LABELS.values():
        assert np.array_equal(answer(TABLE).argmax(axis=1), TABLE.argmax(axis=1))


@pytest.mark.parametrize("x", [0, 5e-324, 1e308])
def test_any_exponent_leaves_a_selection(x):
    q = select("power", GAINS, 1, rng=0, exponent=x).inclusion
    assert q.sum() == pytest.approx(1)
    assert len(select("power_top", GAINS, 3, rng=0, exponent=x).indices) == 3


def test_every_student_refuses_what_is_no_probability():
    for fit in STUDENTS.values():
        for bad, words in ((1.5, "targets[0, 0] = 1.5"), (np.nan, "targets[0, 0] = nan")):
            with pytest.raises(ValueError, match=re.escape(words)):
                fit(PLACES, np.where(np.eye(3)[:, :2] > 0, bad, TABLE), rng=0)
        with pytest.raises(ValueError, match=r"weights\[1\] = -1.0"):
            fit(PLACES, TABLE, [1, -1, 1], rng=0)
