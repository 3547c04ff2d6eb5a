"""Advice from checked answers: worked numbers, its intervals, profiles of known answer."""

import numpy as np
import pytest
from scipy.stats import binom

from radsim import Game, solve
from radsim.analysis import advice, advise
from radsim.analysis.advice import RATES, STATEMENTS
from radsim.selectors.formulas import margin

ERROR = 1e-9  # of each test
N, B = 2000, 200
GAINS = np.sort(np.random.default_rng(7).beta(1, 2, N))
# Where a teacher is wrong, by the gain's rank u in [0, 1].
PROFILES = {
    "never": lambda u: 0 * u,
    "at random": lambda u: 0 * u + 0.1,
    "shuns the gain": lambda u: 0.3 * (1 - u),
    "follows the gain": lambda u: 0.6 * u**3,
    "the largest gains": lambda u: 0.9 * (u > 0.85),
    "too often": lambda u: 0 * u + 0.65,
}
RIGHT = {
    "never": "margin",
    "at random": "margin",
    "shuns the gain": "margin",
    "follows the gain": "RAD",
    "the largest gains": "RAD",
    "too often": "none",
}


def ranks():
    return (np.arange(N) + 0.5) / N


def earned(q, wrong):
    """Expected robust gain per query of inclusion probabilities, harm once the gain."""
    return float(q @ (GAINS * (1 - 2 * wrong))) / B


def drawn(profile, v, rng):
    """Checked points: drawn from the pool, and whether the teacher was wrong there."""
    place = rng.integers(N, size=v)
    return GAINS[place], rng.random(v) < profile(ranks())[place]


def test_a_pool_of_two_by_hand():
    # Margin takes the gain of 1.  It was wrong there in 1 of 4: 1 - 2/4.
    seen, wrong = [1, 1, 1, 1, 0.5, 0.5, 0.5, 0.5], [1, 0, 0, 0, 0, 0, 0, 0]
    found = advise([1, 0.5], 1, seen, wrong)
    assert found.margin.mean == pytest.approx(0.5)
    # Uniform asks each with 1/2: 3/4, less (1/2)(2)(1/4).
    assert found.uniform.mean == pytest.approx(0.5)
    assert found.over_uniform.mean == pytest.approx(0)
    assert found.over_rad.mean == pytest.approx(found.margin.mean - found.rad.mean)
    assert (found.n_checked, found.n_wrong, found.rate) == (8, 1, 0.15)
    assert found.wrong.mean == pytest.approx(1 / 8)
    assert found.lift == pytest.approx(2)
    game = Game([1, 0.5], rate=0.15)
    assert found.rad_guarantee == pytest.approx(solve(game).value)
    assert found.margin_guarantee == pytest.approx(1 - 2 * 0.3)


def test_a_constant_harm():
    harms, seen = np.full(2, 0.25), [1, 1, 0.5, 0.5]
    found = advise([1, 0.5], 1, seen, [1, 0, 0, 0], harms=harms, checked_harms=np.full(4, 0.25))
    assert found.margin.mean == pytest.approx(0.5 * 1 - 0.5 * 0.25)


@pytest.mark.parametrize("name", PROFILES)
def test_many_checked_points_give_the_right_advice(name):
    rng = np.random.default_rng(3)
    for _ in range(3):
        found = advise(GAINS, B, *drawn(PROFILES[name], 6000, rng))
        assert found.selector == RIGHT[name]


@pytest.mark.parametrize("name", PROFILES)
def test_few_checked_points_are_no_reason_to_be_sure(name):
    found = advise(GAINS, B, *drawn(PROFILES[name], 20, np.random.default_rng(4)))
    assert found.selector in ("guarded", "none")


def misses(profile, v, times, rng, error):
    """How often some interval misses the truth."""
    wrong = profile(ranks())
    count = 0
    for _ in range(times):
        found = advise(GAINS, B, *drawn(profile, v, rng), error=error)
        q = {
            "margin": margin(GAINS, B),
            "uniform": np.full(N, B / N),
            "rad": solve(Game(GAINS, rate=found.rate, budget=B)).inclusion,
        }
        truth = {name: earned(x, wrong) for name, x in q.items()}
        truth |= {
            "over_rad": truth["margin"] - truth["rad"],
            "over_uniform": truth["margin"] - truth["uniform"],
            "wrong": wrong.mean(),
            "wrong_at_margin": wrong[-B:].mean(),
        }
        slack = 1e-9
        count += not all(
            getattr(found, name).low - slack <= x <= getattr(found, name).high + slack
            for name, x in truth.items()
        )
    return count


@pytest.mark.parametrize("name", ["at random", "follows the gain", "the largest gains"])
def test_the_intervals_miss_no_more_often_than_they_say(name):
    times, error = 60, 0.3
    count = misses(PROFILES[name], 150, times, np.random.default_rng(5), error)
    assert count <= binom.isf(ERROR, times, error)


def test_intervals_that_are_too_narrow_are_caught(monkeypatch):
    right = advice.least_mean
    monkeypatch.setattr(
        advice, "least_mean", lambda x, n, ends, error: right(x, 400 * n, ends, error=error)
    )
    times, error = 60, 0.3
    count = misses(PROFILES["at random"], 150, times, np.random.default_rng(5), error)
    assert count > binom.isf(ERROR, times, error)


# Margin earns no more than RAD under these: to advise margin would be wrong.
FORGED = {
    "all on margin's points": lambda u: 1.0 * (u >= 1 - B / N),
    "half of margin's points": lambda u: 0.5 * (u >= 1 - B / N),
    "follows the gain": PROFILES["follows the gain"],
    "too often": PROFILES["too often"],
}


@pytest.mark.parametrize("name", FORGED)
@pytest.mark.parametrize("v", [60, 400])
def test_margin_is_not_advised_where_it_earns_no_more(name, v):
    rng, times, error = np.random.default_rng(6), 40, 0.3
    found = [advise(GAINS, B, *drawn(FORGED[name], v, rng), error=error) for _ in range(times)]
    count = sum(x.selector == "margin" for x in found)
    assert count <= binom.isf(ERROR, times, error)


def test_margin_would_be_advised_by_whoever_takes_the_mean_for_the_truth():
    # On these points margin's mistakes happen to be few; its interval knows that they may be more.
    rng = np.random.default_rng(8)
    level = PROFILES["follows the gain"]
    lucky = (advise(GAINS, B, *drawn(level, 25, rng)) for _ in range(200))
    assert any(x.over_rad.mean > 0 and x.selector != "margin" for x in lucky)


def test_the_order_of_the_points_plays_no_part():
    seen, wrong = drawn(PROFILES["at random"], 300, np.random.default_rng(9))
    order = np.argsort(seen)
    assert advise(GAINS, B, seen, wrong) == advise(GAINS, B, seen[order], wrong[order])


def test_gains_of_another_law_are_told():
    rng = np.random.default_rng(10)
    seen, wrong = drawn(PROFILES["at random"], 300, rng)
    assert advise(GAINS, B, seen, wrong).alike > 1e-3
    assert advise(GAINS, B, np.sqrt(seen), wrong).alike < 1e-3


def test_no_checked_point_where_margin_asks_leaves_all_open():
    found = advise(GAINS, B, GAINS[:300], np.zeros(300))
    assert np.isnan(found.margin.mean)
    assert found.margin.low < 0 < found.margin.high
    assert found.selector == "guarded"
    assert found.needed is None


@pytest.mark.parametrize("gains", [[1, 1, 1], [0.5], [0, 0, 0]])
def test_pools_without_differences(gains):
    found = advise(gains, 1, [0.5, 0.5, 1], [0, 1, 0])
    assert found.selector in ("guarded", "none")
    assert found.over_uniform.mean == pytest.approx(0)


@pytest.mark.parametrize("harm", [1.0, 0.2, 3.0])
def test_no_estimate_is_outside_of_what_is_possible(harm):
    # Right everywhere earns the gains, wrong everywhere loses the harms.
    rng = np.random.default_rng(11)
    for v in (3, 20, 600):
        place = rng.integers(N, size=v)
        # The largest gains are seen too often, so that the plain mean is beyond what can be lost.
        place[: v // 2] = N - 1
        found = advise(GAINS, B, GAINS[place], np.ones(v), harm=harm)
        best, even = GAINS[-B:].mean(), GAINS.mean()
        for x, most in ((found.margin, best), (found.uniform, even)):
            assert -harm * most - 1e-12 <= x.low <= x.high <= most + 1e-12
            assert np.isnan(x.mean) or x.low - 1e-12 <= x.mean <= x.high + 1e-12
        assert found.margin.mean == pytest.approx(found.margin_guarantee) or v == 3


def test_a_pool_of_zeros_is_told_apart():
    found = advise(np.zeros(4), 1, np.zeros(3), [0, 0, 0], harms=np.ones(4), checked_harms=[1] * 3)
    assert (found.selector, found.reason[:29]) == ("none", "every gain of the pool is 0, ")


def test_what_is_not_known_is_said_in_words():
    found = advise(GAINS, B, GAINS[:3], np.zeros(3))
    assert str(found.margin).startswith("not known [")


def test_the_union_is_over_all_that_is_stated():
    # Margin, uniform, two sides of their difference, two shares; three for each rate of RAD.
    assert STATEMENTS == 6 + 3 * len(RATES)
    assert RATES[-1] == 1.0 and list(RATES) == sorted(RATES)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"checked_wrong": [0, 2]}, r"checked_wrong\[1\] = 2.0"),
        ({"checked_wrong": [0, 0.5]}, r"checked_wrong\[1\] = 0.5"),
        ({"checked_wrong": [1]}, "checked_wrong has 1 entries, needs at least 2"),
        ({"checked_gains": [1, 2, 3]}, "checked_gains has 3 entries, checked_wrong has 2"),
        ({"budget": 3}, "budget = 3.0"),
        ({"error": 0}, "error = 0.0"),
        ({"error": 1}, "error = 1.0"),
        ({"harms": [1, 1]}, "harms and checked_harms must be given together"),
        ({"harms": [1, 1], "checked_harms": [1]}, "checked_harms has 1 entries"),
    ],
)
def test_what_cannot_be_is_named(options, words):
    right = {"gains": [1, 0.5], "budget": 1, "checked_gains": [1, 0.5], "checked_wrong": [0, 1]}
    with pytest.raises(ValueError, match=words):
        advise(**(right | options))
