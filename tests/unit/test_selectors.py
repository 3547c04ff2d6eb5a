"""Selectors spend the budget, follow their papers, and guarantee no more than RAD."""

import tracemalloc

import numpy as np
import pytest

from radsim import SELECTORS, ConstrainedGame, Game, Instance, scorecard, select, solve
from radsim.data.instances import mixture_instance
from radsim.game import Count
from radsim.selectors import Selection, fits, inclusion_on, select_on
from radsim.selectors.procedures import gradient_distances

MIXTURE = mixture_instance(rng=np.random.default_rng(0), n=80, budget=7)
WITH_INCLUSION = [name for name, row in SELECTORS.items() if row.inclusion is not None]


def _rng(seed=0):
    return np.random.default_rng(seed)


@pytest.mark.parametrize("name", WITH_INCLUSION)
def test_inclusion_is_feasible_and_spent(name):
    q = inclusion_on(SELECTORS[name], MIXTURE, np.zeros(80))
    assert q.shape == (80,)
    assert q.min() >= 0
    assert q.max() <= 1 + 1e-12
    assert q.sum() == pytest.approx(7)


@pytest.mark.parametrize("name", SELECTORS)
def test_picks_are_distinct_points(name):
    found = select_on(SELECTORS[name], MIXTURE, rng=_rng(), wrong=np.zeros(80))
    assert isinstance(found, Selection)
    assert len(found.indices) == len(set(found.indices.tolist())) == 7
    assert 0 <= min(found.indices) <= max(found.indices) < 80


def test_margin_takes_the_largest_gains_and_oracle_avoids_mistakes():
    instance = Instance("three", Game([3, 2, 1], 1, budget=1))
    assert inclusion_on(SELECTORS["margin"], instance).tolist() == [1, 0, 0]
    wrong = np.array([1.0, 0, 0])
    assert inclusion_on(SELECTORS["oracle"], instance, wrong).tolist() == [0, 1, 0]
    with pytest.raises(ValueError, match="has no wrong"):
        inclusion_on(SELECTORS["oracle"], instance)
    with pytest.raises(ValueError, match="has no probabilities"):
        inclusion_on(SELECTORS["entropy"], instance)
    assert not fits(SELECTORS["badge"], instance)
    with pytest.raises(ValueError, match="knows no inclusion probabilities"):
        inclusion_on(SELECTORS["badge"], MIXTURE)


def test_no_selector_guarantees_more_than_rad():
    for seed in range(20):
        instance = mixture_instance(rng=np.random.default_rng(seed), n=60, budget=6, rate=0.15)
        card = scorecard(instance)
        assert "oracle" not in card
        assert max(card.values()) <= card["rad"] + 1e-12 * instance.game.scale


def test_games_with_replacement_have_a_scorecard():
    instance = Instance("x", Game([1, 0.5, 0.25], 1, budget=5, capped=False))
    card = scorecard(instance)
    assert card["rad"] == pytest.approx(5 / 7)
    assert max(card.values()) == card["rad"]
    picks = select_on(SELECTORS["rad"], instance, rng=_rng())
    assert len(picks.indices) == 5


def test_zero_gains_and_extreme_scales():
    for scale in (0.0, 1e-300, 1e300):
        instance = Instance("x", Game(scale * np.array([1.0, 0.5, 0.25]), 1, budget=2))
        for name in ("margin", "softmax", "power", "uniform"):
            q = inclusion_on(SELECTORS[name], instance)
            assert q.sum() == pytest.approx(2), (name, scale)
        for name in ("softmax_top", "power_top"):
            assert len(set(select_on(SELECTORS[name], instance, rng=_rng()).indices)) == 2


def test_weights_that_vanish_leave_the_budget_to_the_others():
    assert inclusion_on(SELECTORS["power"], Instance("x", Game([4, 0, 0], 1, 2))).tolist() == [
        1,
        0.5,
        0.5,
    ]


def test_gains_may_come_as_class_probabilities():
    p = MIXTURE.probabilities
    by_gain = select("rad", MIXTURE.game.gains, 7, rng=_rng(), mistakes=8)
    by_probability = select("rad", p, 7, rng=_rng(), mistakes=8)
    assert np.array_equal(by_gain.indices, by_probability.indices)


def test_rad_by_regret_ratio_and_groups_is_what_solve_says():
    g = np.array([4.0, 3.0, 2.0, 2.0])
    game = Game(g, 1, 3, capped=False)
    for objective in ("regret", "ratio"):
        found = select("rad", g, 3, rng=_rng(), mistakes=1, capped=False, objective=objective)
        assert np.array_equal(found.inclusion, solve(game, objective).inclusion)
        assert len(found.indices) == 3
    grouped = ConstrainedGame(g, g, [1, 1], 2, groups=[0, 0, 1, 1])
    found = select("rad", g, 2, rng=_rng(), mistakes=[1, 1], harm=0, groups=[0, 0, 1, 1])
    assert np.array_equal(found.inclusion, solve(grouped).inclusion)
    assert solve(grouped).value == pytest.approx(13 / 4)
    capped = select("rad", g, 3, rng=_rng(), mistakes=1, objective="regret")
    assert np.array_equal(capped.inclusion, solve(Game(g, 1, 3), "regret").inclusion)
    with pytest.raises(ValueError, match="ratio"):
        select("rad", g, 3, rng=_rng(), mistakes=1, objective="ratio")


def test_rad_with_replacement_draws_independently():
    found = select("rad", [3, 2], 4, rng=_rng(), mistakes=Count(0.5), harm=0, capped=False)
    assert found.info["design"] == "iid"
    assert len(found.indices) == 4


@pytest.mark.parametrize(
    ("name", "data", "budget", "rest", "words"),
    [
        ("magic", [1, 2], 1, {}, "selector = 'magic' must be one of"),
        ("margin", [1, -2], 1, {}, r"gains\[1\] = -2.0"),
        ("margin", [1, 2], 3, {}, r"budget = 3.0 must be in \(0, 2\]"),
        ("entropy", [[0.5, 0.5], [0.5, 0.6]], 1, {}, r"probabilities\[1\] sums to 1.1"),
        ("entropy", [[0.5, 0.5], [-0.5, 1.5]], 1, {}, r"probabilities\[1, 0\] = -0.5"),
        ("entropy", [1, 2], 1, {}, r"probabilities\[1\] = 2.0 must be in \[0, 1\]: one number"),
        ("entropy", [[[1.0]]], 1, {}, "probabilities must be two-dimensional"),
        ("k_center", [[0.0], [np.nan]], 1, {}, r"embeddings\[1, 0\] = nan"),
        ("k_center", [[0.0], [1.0]], 1.5, {}, r"budget = 1.5 must be a whole number in \[1, 2\]"),
        (
            "k_center",
            [[0.0], [1.0]],
            1,
            {"start": 2},
            r"start = 2 must be a whole number in \[0, 1\]",
        ),
        ("k_center", [[0.0]], 1, {"labelled": [[0.0, 1.0]]}, "labelled has 2 columns"),
        ("badge", [[0.5, 0.5]], 1, {"embeddings": [[1.0], [2.0]]}, "embeddings has 2 rows"),
        ("unixkd", [[0.5, 0.5]], 1, {"minibatch": 0}, "minibatch = 0"),
        (
            "cluster_margin",
            [[0.5, 0.5]],
            1,
            {"embeddings": [[1.0]], "clusters": [0, 1]},
            "clusters has 2 entries, probabilities has 1",
        ),
        (
            "cluster_margin",
            [[0.5, 0.5]],
            1,
            {"embeddings": [[1.0]], "surplus": 0.5},
            "surplus = 0.5",
        ),
    ],
)
def test_bad_input_is_named(name, data, budget, rest, words):
    with pytest.raises(ValueError, match=words):
        select(name, data, budget, rng=_rng(), **rest)


def _gradients(p, z):
    a = p.copy()
    a[np.arange(len(p)), p.argmax(axis=1)] -= 1
    return a, (a[:, :, None] * z[:, None, :]).reshape(len(p), -1)


def test_badge_distances_are_those_of_the_full_gradients():
    p, z = MIXTURE.probabilities, MIXTURE.features
    a, full = _gradients(p, z)
    for i in range(0, 80, 13):
        expected = ((full - full[i]) ** 2).sum(axis=1)
        assert np.allclose(gradient_distances(a, z, i), expected, rtol=1e-9, atol=1e-12)


def test_badge_draws_in_proportion_to_squared_distance():
    """The second pick, over many draws, against the distances of the full gradients."""
    from scipy import stats

    part = slice(0, 8)
    p, z = MIXTURE.probabilities[part], MIXTURE.features[part]
    _, full = _gradients(p, z)
    first = int(np.argmax((full**2).sum(axis=1)))
    weight = ((full - full[first]) ** 2).sum(axis=1)
    rng, seen = _rng(5), np.zeros(8)
    for _ in range(4000):
        picks = select("badge", p, 2, rng=rng, embeddings=z).indices
        assert picks[0] == first
        seen[picks[1]] += 1
    there = weight > 1e-3 * weight.sum()
    for i in np.flatnonzero(there):
        test = stats.binomtest(int(seen[i]), 4000, weight[i] / weight.sum())
        assert test.pvalue > 1e-9, i


def test_badge_never_forms_the_full_gradients():
    rng, n, n_classes, d = _rng(1), 4000, 50, 60
    p = rng.dirichlet(np.ones(n_classes), n)
    z = rng.normal(size=(n, d))
    tracemalloc.start()
    select("badge", p, 5, rng=rng, embeddings=z)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    full, factors = 8 * n * n_classes * d, 8 * n * (n_classes + d)
    assert peak < 6 * factors < full / 4


def test_k_center_is_farthest_first_and_ignores_the_unit():
    z = MIXTURE.features
    start = select("k_center", z, 10, rng=_rng(), start=3)
    assert start.inclusion.sum() == 10
    for k in range(1, 10):
        centres = z[start.indices[:k]]
        nearest = np.linalg.norm(z[:, None] - centres, axis=2).min(axis=1)
        assert nearest[start.indices[k]] == pytest.approx(nearest.max())
    for unit in (1e-200, 1e200):
        assert np.array_equal(
            select("k_center", unit * z, 10, rng=_rng(), start=3).indices, start.indices
        )
    free = select("k_center", z, 10, rng=_rng(1))
    assert free.inclusion is None
    rest = select("k_center", z[1:], 9, rng=_rng(), labelled=z[:1])
    whole = select("k_center", z, 10, rng=_rng(), start=0)
    assert np.array_equal(rest.indices + 1, whole.indices[1:])


def test_cdal_is_farthest_first_in_the_symmetric_divergence():
    from scipy.special import rel_entr

    p = MIXTURE.probabilities
    picks = select("cdal", p, 6, rng=_rng(), start=0).indices
    for k in range(1, 6):
        gaps = [
            0.5 * (rel_entr(p, p[i]).sum(axis=1) + rel_entr(p[i], p).sum(axis=1)) for i in picks[:k]
        ]
        nearest = np.min(gaps, axis=0)
        assert nearest[picks[k]] == pytest.approx(nearest.max())


def test_cluster_margin_serves_small_clusters_first():
    n = 40
    top = np.linspace(0.5, 0.99, n)
    p = np.column_stack((top, 1 - top))
    clusters = np.where(np.arange(n) < 10, 0, 1)  # of the 16 lowest margins 10 and 6
    found = select(
        "cluster_margin",
        p,
        8,
        rng=_rng(),
        embeddings=np.zeros((n, 1)),
        clusters=clusters,
        surplus=2,
    ).indices
    assert set(found) <= set(range(16))
    assert clusters[found].tolist() == [1, 0] * 4
    # A cluster that is used up leaves its turns to the other.
    last = select(
        "cluster_margin",
        p,
        16,
        rng=_rng(),
        embeddings=np.zeros((n, 1)),
        clusters=clusters,
        surplus=1,
    ).indices
    assert clusters[last].tolist() == [1, 0] * 6 + [0] * 4


def test_unixkd_takes_the_same_share_of_every_minibatch():
    p = np.column_stack((np.linspace(0.5, 1, 100), 1 - np.linspace(0.5, 1, 100)))
    found = select("unixkd", p, 10, rng=_rng(3), minibatch=10)
    order = _rng(3).permutation(100).reshape(10, 10)
    # Entropy falls with the index, so each mini-batch sends its lowest.
    assert found.indices.tolist() == order.min(axis=1).tolist()
    assert len(select("unixkd", p, 7, rng=_rng(), minibatch=9).indices) == 7
    assert select("unixkd", p, 12, rng=_rng(), minibatch=1000).indices.tolist() == list(range(12))


def test_stochastic_batches_follow_successive_sampling():
    """Inclusion of Gumbel's top b against the listed law, which is not b times the weights."""
    from scipy import stats

    from radsim.sampling.audit import successive_law

    gains = np.array([1.0, 0.8, 0.5, 0.3])
    expected = successive_law(2 * gains**2 / (gains**2).sum()).inclusion()
    rng, seen = _rng(2), np.zeros(4)
    for _ in range(4000):
        seen[select("power_top", gains, 2, rng=rng).indices] += 1
    for i in range(4):
        assert stats.binomtest(int(seen[i]), 4000, expected[i]).pvalue > 1e-9
    assert abs(expected[0] - 2 * gains[0] ** 2 / (gains**2).sum()) > 0.1


def test_rad_has_four_faces():
    from radsim.selectors.formulas import rad

    gains = [1, 0.5, 0.25]
    value = rad(gains, 1, mistakes=1)
    for objective in ("regret", "ratio"):
        q = rad(gains, 1, mistakes=1, objective=objective)
        assert q.sum() == pytest.approx(1)
        assert q[0] > value[0]  # the insurance on the highest gain
    assert rad(gains, 1, mistakes=[1, 0], groups=[0, 1, 1]).tolist() == [0, 1, 0]
    with pytest.raises(ValueError, match="mistakes"):
        rad(gains, 1, mistakes=[1, 0])
