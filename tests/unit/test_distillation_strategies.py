"""Every strategy: its budget, its chance, its view; and what its rule asks for."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from views import erring, view_of

from radsim.constrained import contaminate
from radsim.distillation.balance import balanced_weight
from radsim.distillation.strategies import PRICES, STRATEGIES, Strategy, strategy_named
from radsim.distillation.view import View
from radsim.game import Array, Game
from radsim.payoffs import payoff, worst_case
from radsim.solvers import solve

N, V, A, K, D, B = 200, 120, 30, 4, 6, 20


def rng(seed: int = 0) -> np.random.Generator:
    return np.random.default_rng(seed)


@pytest.fixture(scope="module")
def view() -> View:
    """Three classes and more in six dimensions; the teacher errs on the larger gains."""
    chance = rng(1)
    labels = chance.integers(K, size=N + V + A)
    x = 1.5 * np.eye(K, D)[labels] + chance.normal(size=(len(labels), D))
    found = view_of(x, labels, N, V, B)
    wrong = chance.random(V) < 0.6 * found.validation_gains
    return replace(erring(found, wrong), true_mistakes=60.0)


def unseen(view: View, wrong: bool) -> View:
    """The same view where V holds nothing but right, or nothing but wrong answers."""
    return replace(erring(view, np.full(V, wrong)), true_mistakes=float(wrong) * N)


SPARING = {name for name in STRATEGIES if name == "nobody" or name.endswith("abstaining")}
ASKING = [name for name in STRATEGIES if name not in SPARING]


@pytest.mark.parametrize("name", ASKING)
def test_spends_the_budget_on_distinct_points(name: str, view: View) -> None:
    chosen = STRATEGIES[name].choose(view, rng())
    assert len(chosen.indices) == B
    assert len(np.unique(chosen.indices)) == B
    assert chosen.indices.min() >= 0
    assert chosen.indices.max() < N


@pytest.mark.parametrize("name", ASKING)
@pytest.mark.parametrize("wrong", [False, True])
def test_a_teacher_always_right_or_always_wrong(name: str, wrong: bool, view: View) -> None:
    assert len(STRATEGIES[name].choose(unseen(view, wrong), rng()).indices) == B


@pytest.mark.parametrize("name", STRATEGIES)
def test_same_seed_same_choice(name: str, view: View) -> None:
    first, again = (STRATEGIES[name].choose(view, rng(7)) for _ in range(2))
    np.testing.assert_array_equal(first.indices, again.indices)


UNKNOWN = {"k_center", "badge", "cluster_margin", "cdal", "unixkd", "typiclust", "probcover"} | {
    *("max_herding", "gm_matching", "m_raru", "pcoreset")
}


@pytest.mark.parametrize("name", STRATEGIES)
def test_inclusion_is_a_distribution_over_samples_of_the_budget(name: str, view: View) -> None:
    q = STRATEGIES[name].choose(view, rng()).inclusion
    if q is None:
        assert name in UNKNOWN
        return
    assert q.shape == (N,)
    assert q.min() >= 0
    assert q.max() <= 1
    assert q.sum() <= B * (1 + 1e-9)
    assert name in SPARING or abs(q.sum() - B) <= 1e-9 * B


@pytest.mark.parametrize("name", sorted(SPARING))
def test_who_abstains_asks_no_teacher_that_is_always_wrong(name: str, view: View) -> None:
    right = B * (name != "nobody")
    for known, least, most in (
        (unseen(view, True), 0, 0),
        (view, 0, B),
        (unseen(view, False), right, right),
    ):
        chosen = STRATEGIES[name].choose(known, rng())
        assert least <= len(chosen.indices) <= most
        assert chosen.inclusion is not None
        assert abs(len(chosen.indices) - chosen.inclusion.sum()) < 1


@pytest.mark.parametrize("name", ["uniform", "rad", "contaminated", "guarded"])
def test_inclusion_is_the_law_of_the_draws(name: str, view: View) -> None:
    """Hoeffding over the draws, a union bound over the points, at 1e-9."""
    q = STRATEGIES[name].choose(view, rng()).inclusion
    assert q is not None
    draws = 200
    hits = np.zeros(N)
    for seed in range(draws):
        hits[STRATEGIES[name].choose(view, rng(seed)).indices] += 1
    assert np.abs(hits / draws - q).max() <= np.sqrt(np.log(2 * N / 1e-9) / (2 * draws))


@pytest.mark.parametrize("name", [n for n in STRATEGIES if n != "rad_true_m"])
def test_only_the_row_that_is_told_m_looks_at_it(name: str, view: View) -> None:
    lied = replace(view, true_mistakes=0.0)
    first, second = (STRATEGIES[name].choose(v, rng(3)).indices for v in (view, lied))
    np.testing.assert_array_equal(first, second)


def test_the_row_that_is_told_m_uses_it(view: View) -> None:
    first, second = (
        STRATEGIES["rad_true_m"].choose(replace(view, true_mistakes=m), rng(3)).inclusion
        for m in (0.0, 90.0)
    )
    assert first is not None
    assert second is not None
    assert np.abs(first - second).max() > 0.5


@pytest.mark.parametrize("name", [n for n in STRATEGIES if n.startswith("rad")])
def test_rad_is_margin_when_the_teacher_is_always_right(name: str, view: View) -> None:
    if name == "rad_measured_harm":  # its gains are measured values
        return
    right = unseen(view, False)
    picks = STRATEGIES[name].choose(right, rng()).indices
    best = STRATEGIES["margin"].choose(right, rng()).indices
    np.testing.assert_array_equal(np.sort(picks), np.sort(best))


@pytest.mark.parametrize("name", STRATEGIES)
def test_no_strategy_guarantees_more_than_rad(name: str, view: View) -> None:
    q = STRATEGIES[name].choose(view, rng()).inclusion
    best = STRATEGIES["rad_true_m"].choose(view, rng()).inclusion
    assert best is not None
    game = Game(view.gains, view.true_mistakes, B)
    value = worst_case(game, best)[0]
    if q is not None:
        assert worst_case(game, q)[0] <= value + 1e-9 * game.gains.sum()


def test_skip_m_drops_the_largest_gains(view: View) -> None:
    skipped = round(view.mistakes)
    order = np.argsort(-view.gains, kind="stable")
    picks = STRATEGIES["skip_m"].choose(view, rng()).indices
    np.testing.assert_array_equal(picks, np.sort(order[skipped : skipped + B]))


def test_stratified_trusts_strata_where_the_teacher_was_right(view: View) -> None:
    """All mistakes of V below its median gain: RAD shuns the top, A1 does not."""
    low = view.validation_gains < np.median(view.validation_gains)
    known = erring(view, low)
    top = view.gains >= np.quantile(view.gains, 0.6)
    blind = STRATEGIES["rad"].choose(known, rng()).inclusion
    aware = STRATEGIES["stratified"].choose(known, rng()).inclusion
    assert blind is not None
    assert aware is not None
    assert aware[top].sum() > blind[top].sum() + B / 4


def test_the_balanced_weight_costs_both_teachers_alike(view: View) -> None:
    """A little more weight loses less to the profile, and more to the adversary."""
    unit = view.gains / view.gains.max()
    game = Game(unit, view.mistakes, B, harms=np.ones(N), abstain=False)
    r = rng(5).random(N)

    def lost(weight: float) -> float:
        q = [np.clip(solve(contaminate(game, r, w)).inclusion, 0, 1) for w in (0, weight, 1)]
        known, worst = (np.array([f(x) for x in q]) for f in (known_of, worst_of))
        return float(
            (known[2] - known[1]) / (known[2] - known[0])
            - (worst[0] - worst[1]) / (worst[0] - worst[2])
        )

    def known_of(q: Array) -> float:
        return payoff(game, q, r)

    def worst_of(q: Array) -> float:
        return worst_case(game, q)[0]

    weight = balanced_weight(game, r)
    assert 0 < weight < 1
    assert lost(weight - 1 / 64) >= 0 >= lost(weight + 1 / 64)
    # Where no teacher errs one solution serves both.
    assert balanced_weight(Game(unit, 0, B, abstain=False), np.zeros(N)) == 1


def test_weight_one_takes_the_best_expected_points(view: View) -> None:
    q = STRATEGIES["contaminated_1"].choose(view, rng()).inclusion
    assert q is not None
    assert np.sum((q > 1e-9) & (q < 1 - 1e-9)) <= 1


def test_a_strategy_may_have_a_lesson() -> None:
    margin, dropped = STRATEGIES["margin"], strategy_named("margin + dropped")
    assert strategy_named("margin") == margin
    assert dropped.choose is margin.choose and dropped.learn is not margin.learn
    with pytest.raises(ValueError, match=r"strategies = 'margins' must be one of"):
        strategy_named("margins + dropped")
    with pytest.raises(ValueError, match=r"strategies: lesson = 'drooped' must be one of"):
        strategy_named("margin + drooped")


def test_prices_of_a_trusted_label() -> None:
    assert {f"labels/{price}" for price in PRICES} == {
        name for name, row in STRATEGIES.items() if row.price is not None
    }
    rows = {"stages": 0, "price": 0.0}
    for field, value in rows.items():
        with pytest.raises(ValueError, match=f"{field} = "):
            Strategy(STRATEGIES["margin"].choose, "of this test", "none", **{field: value})


@pytest.mark.parametrize("name", [n for n in STRATEGIES if n.startswith("audited")])
def test_an_audit_keeps_some_trusted_labels_back_and_leaves_some(name: str) -> None:
    reserve = STRATEGIES[name].reserve
    for budget, trusted in ((0, 300), (1, 1), (45, 300), (450, 300), (450, 100)):
        assert 0 <= reserve(budget, trusted) <= min(budget, trusted)
        assert trusted == 1 or reserve(budget, trusted) < trusted
    assert reserve(450, 300) > 0


def test_every_row_says_what_it_is_and_where_it_comes_from() -> None:
    assert all(row.says and row.source for row in STRATEGIES.values())
