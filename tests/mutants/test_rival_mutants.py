"""Rivals that miss their paper's point fail what is asked of them."""

import numpy as np
import pytest

from radsim import select
from radsim.selectors import coverage, herding, procedures, stochastic

Z = np.array([[0.0], [1.0], [2.0], [3.0], [4.0], [90.0], [91.0], [92.0]])


def spreads_from_the_known():
    return select("k_center", Z, 1, rng=0, labelled=Z[:1]).indices.tolist() == [7]


def covers_both_groups():
    picks = select("max_herding", Z, 2, rng=0).indices
    return (picks < 5).sum() == 1


def balls_are_pure():
    """Two classes that meet: a ball that holds both covers all at once."""
    line = np.arange(12.0)[:, None]
    distances, labels = np.abs(line - line.T), np.repeat([0, 1], 6)
    radius = coverage.pure_radius(distances, labels)
    near = distances < radius
    return bool((near & (labels[:, None] != labels)).any(axis=1).mean() <= 0.05)


def follows_the_median():
    return bool(herding.geometric_median(np.array([[0.0], [1.0], [1000.0]]))[0] < 2)


def doubts_are_what_is_drawn():
    sure = np.array([[0.5, 0.5]] * 2 + [[1.0, 0.0]] * 6)
    return all(set(select("m_raru", sure, 2, rng=s).indices) == {0, 1} for s in range(5))


MUTANTS = {
    "known points ignored": (
        spreads_from_the_known,
        (procedures, "squared_distances", lambda a, b: np.full((len(a), len(b)), 1.0)),
    ),
    "coverage never updated": (
        covers_both_groups,
        (coverage, "_covering", lambda near, covered, b, rng: np.argsort(-near.sum(axis=1))[:b]),
    ),
    "balls of any size": (balls_are_pure, (coverage, "_PURITY", 0.5)),
    "mean for median": (
        follows_the_median,
        (herding, "geometric_median", lambda rows: rows.mean(axis=0)),
    ),
    "sure points for doubts": (
        doubts_are_what_is_drawn,
        (stochastic, "gains_from_probabilities", lambda p, kind: np.asarray(p).max(axis=1)),
    ),
}


@pytest.mark.parametrize("name", MUTANTS)
def test_a_wrong_mechanism_is_seen(name, monkeypatch):
    holds, (place, part, wrong) = MUTANTS[name]
    assert holds()
    monkeypatch.setattr(place, part, wrong)
    assert not holds()
