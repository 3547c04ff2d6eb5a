"""Designs keep their inclusion probabilities on pools too large to enumerate."""

import numpy as np
import pytest

from radsim import DESIGNS, Game, sample, solve
from radsim.sampling.audit import audit, successive_sampling


def _game(n, budget, family):
    rng = np.random.default_rng([n, budget])
    gains = 1 + rng.pareto(1.1, n) if family == "pareto" else rng.random(n)
    return Game(gains, 0.05 * n, budget)


@pytest.mark.parametrize("design", DESIGNS)
@pytest.mark.parametrize(
    ("n", "budget", "family"), [(60, 20.5, "pareto"), (300, 30, "uniform"), (400, 12, "uniform")]
)
def test_inclusion_probabilities_of_a_solved_game(design, n, budget, family, rng):
    q = np.asarray(solve(_game(n, int(budget), family)).inclusion)
    if budget != int(budget):
        q = q * (budget / q.sum()) * 0.9  # a total that is not whole
        q = np.minimum(q, 1)
    finding = audit(q, design, rng=rng, tolerance=0.25, max_draws=60_000)
    assert finding.status == "HOLDS", finding.words


def test_sizes_are_fixed_where_they_are_promised(rng):
    q = np.asarray(solve(_game(200, 20, "uniform")).inclusion)
    for name, row in DESIGNS.items():
        if row.fixed_size and not row.with_replacement:
            picks = sample(q, name, rng=rng, size=50)
            assert picks.shape == (50, 20)
            assert all(len(set(line)) == 20 for line in picks)


def _numpy_choice(q, rng, size):
    out = np.zeros((size, len(q)), dtype=int)
    for row in out:
        row[rng.choice(len(q), round(q.sum()), replace=False, p=q / q.sum())] = 1
    return out


def _biased_pivotal(q, rng, size):
    """The winner of a heavy fight goes on with its own share, not with (1 - q)/(2 - a)."""
    out = np.zeros((size, len(q)), dtype=int)
    for row in out:
        at, left = 0, q[0]
        for k in range(1, len(q)):
            total = left + q[k]
            first = rng.random() < left / total
            if total < 1:
                at, left = (at if first else k), total
            else:
                row[k if first else at] = 1
                at, left = (at if first else k), total - 1
        if left > 0.5:
            row[at] = 1
    return out


@pytest.mark.parametrize(
    "broken", [_numpy_choice, successive_sampling, _biased_pivotal], ids=lambda f: f.__name__
)
def test_broken_designs_are_found_by_sampling(broken, rng):
    # Large weights: a game on Pareto gains with half of the pool's budget.
    q = np.array([0.95, 0.9, 0.9, 0.6, 0.4, 0.15, 0.1])
    finding = audit(q, broken, rng=rng, max_draws=20_000, game=Game(q, 1, 4))
    assert finding.status == "VIOLATED"
    assert "S1 breaks" in finding.words


def test_the_guarantee_fails_under_weights_without_replacement():
    # Exact: against the inclusion probabilities that numpy really has the teacher's best reply
    # earns less than V for the learner.
    from radsim.sampling.audit import audit_law, successive_law

    game = Game([10, 3, 2, 2], 1, budget=2, harm=0)
    q = np.asarray(solve(game).inclusion)
    finding = audit_law(q, successive_law(q), game)
    assert finding.status == "VIOLATED"
    assert finding.kept < 0.95 * finding.guarantee
    assert finding.guarantee == pytest.approx(float(solve(game).value))
