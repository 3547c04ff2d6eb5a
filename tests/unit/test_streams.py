"""A stream of unknown length at fixed prices: what it promises, draws and finds out afterwards."""

import numpy as np
import pytest

from radsim import Game, solve, worst_case
from radsim.extensions import PricedStream, streams
from radsim.solvers.water.rule import Rule


def _pool(rng, n):
    """Ties, zeros and harms of any kind now and then."""
    gains = rng.random(n) ** rng.choice([1, 3])
    if rng.random() < 0.4:
        gains = np.round(gains, 1)
    return gains, gains * rng.choice([0, 1, 2.5]) if rng.random() < 0.5 else rng.random(n)


def _broken(rng):
    """Promises that are not kept, and bounds that do not hold the value, in drawn streams."""
    gains, harms = _pool(rng, int(rng.integers(1, 40)))
    n = len(gains)
    m = float(rng.choice([0, 1, n * rng.random() / 2]))
    stream = PricedStream(0.6 * rng.random(), rng.random(), rng=0)
    for part in np.array_split(np.arange(n), rng.integers(1, n + 1)):
        stream.take(gains[part], harms[part])
    q = stream._rule.inclusion(gains, harms, gains + harms)
    assert abs(stream.spent - q.sum()) <= 1e-12 * n
    if not q.any():
        return []
    game = Game(gains, rate=m / n, budget=min(n, max(stream.spent, 1e-9)), harms=harms)
    value, proof = solve(game).value, stream.certificate(m)
    kept = worst_case(game.replace(budget=n), q)[0]
    slack = 1e-12 * n
    return [
        name
        for name, holds in {
            "guarantee": stream.guarantee(m) <= kept + slack,
            "lower": proof.lower <= value + slack and proof.lower <= kept + slack,
            "upper": value <= proof.upper + slack,
        }.items()
        if not holds
    ]


def test_promises_are_kept_at_any_prices():
    assert not [found for seed in range(120) for found in _broken(np.random.default_rng(seed))]


def test_a_rule_that_takes_more_than_the_price_is_seen(monkeypatch):
    """Planted: all that stands above the level is taken surely."""

    class Greedy(Rule):
        def inclusion(self, gains, harms, stakes, *loops):
            return (gains > self.level).astype(float)

    monkeypatch.setattr(streams, "Rule", Greedy)
    assert any(_broken(np.random.default_rng(seed)) for seed in range(120))


def test_at_the_prices_of_the_pool_nothing_is_lost():
    game = Game(np.random.default_rng(0).random(500), mistakes=20, budget=60)
    answer = solve(game)
    stream = PricedStream(answer.level, answer.threshold, rng=1)
    for gain in game.gains:
        stream.take(gain)
    assert stream.guarantee(20) == pytest.approx(answer.value, abs=1 / 60)  # but for one point
    one = PricedStream(0.0, 0.5, harm=0.0, rng=1)
    one.take([1.0, 0.5, 0.25])  # q = 1/2, 1, 1
    # By hand: 1/2 + 1/2 + 1/4 less 1/2 a mistake; two points lose 1/2 each if they are wrong.
    assert one.guarantee(2) == 0.25
    assert worst_case(Game([1, 0.5, 0.25], mistakes=2, budget=3, harm=0), [0.5, 1, 1])[0] == 0.25


@pytest.mark.parametrize("design", ["ordered_pivotal", "poisson"])
def test_picks_have_the_inclusion_probabilities(design):
    gains = np.array([9, 7, 4, 0.5, 4, 1, 3, 2, 8, 0.0])
    repeats, seen, sizes = 5_000, np.zeros(10), []
    rng = np.random.default_rng(1)
    for _ in range(repeats):
        stream = PricedStream(1.5, 4.0, rng=rng, design=design)
        blocks = [gains[:1], gains[1:4], gains[4:4], gains[4:]]
        picks = np.concatenate([stream.take(block) for block in blocks] + [stream.finish()])
        assert len(np.unique(picks)) == len(picks)
        seen[picks] += 1
        sizes.append(len(picks))
    q = np.where(gains > 1.5, np.minimum(1, 4 / np.maximum(2 * gains, 1e-9)), 0)
    # Hoeffding and a union bound over the points: error level 1e-9.
    radius = np.sqrt(np.log(2 * 10 / 1e-9) / (2 * repeats))
    assert np.abs(seen / repeats - q).max() <= radius
    assert ((q == 0) <= (seen == 0)).all()
    if design == "ordered_pivotal":
        assert set(sizes) == {int(q.sum()), int(q.sum()) + 1}


def test_one_point_at_most_is_undecided():
    stream = PricedStream(0.0, 0.25, harm=0.0, rng=0)
    assert stream.take(1.0).tolist() == []
    assert stream.undecided == 0
    stream.take([0.5, 0.5])
    assert stream.finish().tolist() == []  # 1/4 + 1/2 + 1/2 ... all of it is 1.25
    assert stream.undecided is None


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda s: s.take([0.5, -1]), r"gains\[3\] = -1"),
        (lambda s: s.take([0.5, np.nan]), r"gains\[3\] = nan"),
        (lambda s: s.take([0.5], [np.inf]), r"harms\[2\] = inf"),
        (lambda s: s.take([0.5], [1, 2]), r"harms must have shape \(1,\), got \(2,\)"),
        (lambda s: s.take([[0.5]]), r"gains must be one-dimensional, got shape \(1, 1\)"),
        (lambda s: s.certificate(-1), "mistakes = -1"),
        (lambda s: PricedStream(-1, 1, rng=0), "level = -1"),
        (lambda s: PricedStream(1, np.inf, rng=0), "threshold = inf"),
        (lambda s: PricedStream(1, 1, rng=0, design="brewer"), "design = 'brewer'"),
        (lambda s: PricedStream(1, 1, rng=0).certificate(1), "no point was met"),
    ],
)
def test_what_cannot_be_is_refused(call, words):
    stream = PricedStream(0.1, 0.5, rng=0)
    stream.take([0.5, 0.25])
    with pytest.raises(ValueError, match=words):
        call(stream)
