"""The pivotal method in the order given: numbers worked by hand, and pieces that do not show."""

import numpy as np
import pytest

from radsim import joint_inclusion, sample
from radsim.sampling import law, ordered_pivotal, sample_counts


def test_worked_by_hand():
    # 0 and 1 fight: 1.0, so one is in and the other is out.  2 and 3 likewise.
    drawn = law([0.5, 0.5, 0.5, 0.5], "ordered_pivotal")
    assert drawn.outcomes.tolist() == [[0, 1, 0, 1], [0, 1, 1, 0], [1, 0, 0, 1], [1, 0, 1, 0]]
    assert drawn.probability.tolist() == [0.25] * 4
    # 0.6 + 0.6 = 1.2: each is in and the other goes on with 0.2 at even odds; then 0.2 + 0.8 = 1.
    pairs = joint_inclusion([0.6, 0.6, 0.8], "ordered_pivotal")
    assert pairs[0, 1] == pytest.approx(0.2, rel=1e-15)
    assert pairs[0, 2] == pytest.approx(0.4, rel=1e-15)


def test_neighbours_are_never_together_where_the_pool_is_sorted():
    picks = sample(np.full(1_000, 0.01), "ordered_pivotal", rng=0)
    assert (picks // 100).tolist() == list(range(10))  # one from each hundred


@pytest.mark.parametrize("piece", [1, 2, 3, 7])
def test_pieces_do_not_show(piece, monkeypatch):
    """Hoeffding over the points and the pairs at level 1e-9; sure and excluded points between."""
    monkeypatch.setattr(ordered_pivotal, "_PIECE", piece)
    q = np.array([0.7, 0.5, 0.45, 1, 0.35, 0, 0.2, 0.9, 0.8, 0.3])
    repeats, rng = 20_000, np.random.default_rng(piece)
    drawn = sample_counts(q, "ordered_pivotal", rng=rng, size=repeats)
    singles = np.zeros((2_000, len(q)))
    for row in singles:
        row[sample(q, "ordered_pivotal", rng=rng)] = 1
    exact = joint_inclusion(q, "ordered_pivotal")
    for found in (drawn, singles):
        radius = np.sqrt(np.log(2 * 200 / 1e-9) / (2 * len(found)))
        assert np.abs(found.T @ found / len(found) - exact).max() <= radius
        assert set(found.sum(axis=1)) <= {5, 6}


def test_another_design_would_be_seen():
    """Planted: the survivor is forgotten at the end of a piece."""
    q, rng = np.full(8, 0.5), np.random.default_rng(0)
    drawn = np.zeros(8)
    for _ in range(2_000):
        left = [ordered_pivotal.fought(part, 0.0, rng) for part in (q[:3], q[3:])]
        for start, found in zip((0, 3), left, strict=True):
            drawn[found.picks[0] + start] += 1
    assert np.abs(drawn / 2_000 - 0.5).max() > np.sqrt(np.log(2 * 8 / 1e-9) / (2 * 2_000))


def test_a_pick_takes_two_numbers():
    class Counted(np.random.Generator):
        given = 0

        def random(self, size=None):
            self.given += int(np.prod(size or 1))
            return super().random(size)

    rng = Counted(np.random.PCG64(0))
    picks = sample(np.full(100_000, 1e-3), "ordered_pivotal", rng=rng)
    assert len(picks) == 100
    assert rng.given <= 2 * 100 + 4 + 1  # four pieces, and the last point


@pytest.mark.parametrize(
    ("q", "words"),
    [
        ([0.5] * 40_000 + [1.5], r"inclusion\[40000\] = 1.5"),
        ([0.5, np.nan], r"inclusion\[1\] = nan"),
        ([[0.5]], r"inclusion must be one-dimensional, got shape \(1, 1\)"),
    ],
)
def test_what_cannot_be_is_named(q, words):
    with pytest.raises(ValueError, match=words):
        sample(q, "ordered_pivotal", rng=0)
