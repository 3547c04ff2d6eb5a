"""The worst group: two routes, certified; the uncapped optimum in closed form; real groups."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from radsim import draw_instance, solve, worst_case
from radsim.analysis.worst_group import (
    WorstGroup,
    group_guarantees,
    group_scorecard,
    weighted_game,
    worst_group,
)
from radsim.claims.constrained import draw_groups
from radsim.constrained import ConstrainedGame, constrain
from radsim.data.instances import digits_instance


def _draw(seed, **rules):
    rng = np.random.default_rng([61, seed])
    game = draw_instance(rng=rng).game.replace(abstain=True)
    costs = rng.uniform(0.5, 2, game.n)
    richer = draw_groups(game, rng).replace(costs=costs, budget=0.4 * game.n)
    return richer.replace(limits=rng.uniform(0, 1, game.n), **rules)


@settings(max_examples=80, deadline=None, derandomize=True)
@given(st.integers(0, 10**6), st.booleans())
def test_the_program_is_certified_and_nobody_does_better(seed, capped):
    game = _draw(seed, capped=capped)
    best = worst_group(game)
    assert best.accepts(1e-8)
    assert game.costs @ best.inclusion <= game.budget * (1 + 1e-12)
    for q in (solve(game).inclusion, game.best_queries(game.gains)):
        assert group_guarantees(game, q).min() <= best.upper + 1e-12 * game.scale
    # The guarantees of disjoint groups add up to that of the pool.
    q = best.inclusion
    assert group_guarantees(game, q).sum() == pytest.approx(
        worst_case(game, q)[0], rel=1e-9, abs=1e-12 * game.scale
    )


@settings(max_examples=60, deadline=None, derandomize=True)
@given(st.integers(0, 10**6))
def test_uncapped_the_levels_share_the_budget(seed):
    game = _draw(seed, capped=False)
    levels = [
        solve(weighted_game(game, row)).value / game.budget for row in np.eye(len(game.mistakes))
    ]
    want = game.budget / sum(1 / x for x in levels) if min(levels) > 0 else 0.0
    assert worst_group(game).lower == pytest.approx(want, abs=1e-8 * game.scale)


@pytest.mark.parametrize("seed", range(8))
def test_the_dynamics_keep_their_bound(seed):
    game = _draw(seed, capped=seed % 2 == 0)
    best = worst_group(game)
    steps = []
    for gap in (1.0, 0.05, 0.02):
        found = worst_group(game, "exponentiated_gradient", gap=gap)
        assert found.gap <= found.stats["bound"] + 1e-12 * game.scale
        assert found.lower <= best.upper + 1e-12 * game.scale
        assert found.upper >= best.lower - 1e-12 * game.scale
        assert found.accepts(gap)
        steps.append(found.stats["steps"])
    assert steps == sorted(steps)


def test_two_groups_by_hand():
    # Levels 12/7 and 1: shares 7/12 and 1 of the budget, in proportion, earn 12/19 each.
    game = ConstrainedGame([4, 3, 2, 2], [4, 3, 2, 2], [1, 1], groups=[0, 0, 1, 1])
    best = worst_group(game)
    assert best.guarantees == pytest.approx([12 / 19, 12 / 19])
    assert (19 * best.inclusion).tolist() == pytest.approx([3, 4, 6, 6])
    # A1 leaves the second group empty.
    assert group_guarantees(game, solve(game).inclusion).tolist() == pytest.approx([12 / 7, 0])


def test_a_wrong_answer_is_refused():
    game = ConstrainedGame([4, 3, 2, 2], [4, 3, 2, 2], [1, 1], groups=[0, 0, 1, 1])
    best = worst_group(game)
    for q in (solve(game).inclusion, np.full(4, 0.25), np.full(4, np.nan)):
        each = group_guarantees(game, q)
        wrong = WorstGroup(q, best.weights, each, float(each.min()), best.upper, best.scale)
        assert not wrong.accepts(1e-6)


def test_refusals():
    crossed = ConstrainedGame([1, 1], [1, 1], [1, 1], groups=[[1, 1], [0, 1]])
    with pytest.raises(ValueError, match="point 1 is in more than one group"):
        worst_group(crossed)
    game = ConstrainedGame([1, 1], [1, 1], [1, 0], groups=[0, 1])
    with pytest.raises(ValueError, match="free to abstain"):
        worst_group(game.replace(abstain=False))
    with pytest.raises(ValueError, match="method = 'x'"):
        worst_group(game, "x")
    with pytest.raises(ValueError, match=r"q must have shape \(2,\)"):
        group_guarantees(game, [1.0])


def test_digits_by_predicted_class():
    instance = digits_instance(rng=0)
    groups = instance.probabilities.argmax(axis=1)
    made = np.bincount(groups, weights=instance.wrong, minlength=10)
    # A wrong label is a wasted query; with harm 1 no selection guarantees every class something.
    game = constrain(instance.game.replace(harm=0), groups=groups, mistakes=made)
    card = group_scorecard(game)
    print({name: {k: round(v, 3) for k, v in row.items()} for name, row in card.items()})
    best = {kind: max(row[kind] for row in card.values()) for kind in ("pool", "worst group")}
    assert card["group-aware"]["pool"] == pytest.approx(best["pool"], rel=1e-12)
    assert card["worst group"]["worst group"] == pytest.approx(best["worst group"], rel=1e-9)
    # Knowing the groups' own counts is worth something against knowing their sum.
    assert card["group-aware"]["pool"] > card["rad"]["pool"] > 0
    assert card["worst group"]["worst group"] > 2 * card["rad"]["worst group"]
