"""Sampled payoffs against guarantees and tails; the validation bound end to end."""

import numpy as np
import pytest
from scipy import stats

from radsim import Game, solve, worst_case
from radsim.inference import mean_at_least, mistakes_upper_bound
from radsim.runs.simulate import INSTANCES, coverage, grid, run_cell
from radsim.sampling import DESIGNS, sample_counts
from radsim.sampling.tails import design_tails
from radsim.teachers import TEACHERS

ERROR = 1e-9


def _game():
    return Game(np.random.default_rng(11).random(150), 10, 15)


def _payoffs(game, q, l, design, rng, size=3000):
    return sample_counts(q, design, rng=rng, size=size) @ (game.gains - game.stakes * l)


@pytest.mark.parametrize("design", [name for name, row in DESIGNS.items() if row.fixed_size])
def test_rad_keeps_its_guarantee_against_the_worst_teacher(design, rng):
    game = _game()
    solution = solve(game)
    q = np.asarray(solution.inclusion)
    value, l = worst_case(game, q)
    draws = _payoffs(game, q, l, design, rng)
    width = float(np.sort(game.stakes)[::-1][:15].sum())
    support = (-width, width)
    test = mean_at_least(draws, value, support, tolerance=0.04 * width, error=ERROR)
    assert test.status == "HOLDS"


def test_a_teacher_with_more_mistakes_breaks_it(rng):
    # Few points, so that one more mistake weighs.
    game = Game([1, 1, 0.9, 0.8], 1, 2)
    q = np.asarray(solve(game).inclusion)
    value, _ = worst_case(game, q)
    l = worst_case(game.replace(mistakes=2), q)[1]
    draws = _payoffs(game, q, l, "pivotal", rng)
    test = mean_at_least(draws, value, (-2, 2), tolerance=0.05, error=ERROR)
    assert test.status == "VIOLATED"


@pytest.mark.parametrize("design", [name for name, row in DESIGNS.items() if row.associated])
def test_tails_stay_under_their_bounds(design, rng):
    game = _game()
    q = np.asarray(solve(game).inclusion)
    l = np.zeros(game.n)  # weights of one sign, so that every bound applies
    weights = game.gains - game.stakes * l
    draws, mean = _payoffs(game, q, l, design, rng, 20_000), float(q @ weights)
    for deviation in (0.5, 1.0, 2.0):
        n_low = int(np.sum(draws <= mean - deviation))
        for name, bound in design_tails(deviation, q, weights, design).items():
            # Exact binomial test of "the tail is at most the bound".
            assert stats.binom.sf(n_low - 1, len(draws), min(1.0, bound)) > ERROR, name


def test_validation_bound_covers_end_to_end():
    found = coverage(0.1, 400, seed=3)
    n_missed = round(400 * (1 - found["covered"]))
    assert stats.binom.sf(n_missed - 1, 400, 0.1) > ERROR
    assert found["kept"] >= found["covered"] - 1e-12


def test_an_exceeded_bound_would_be_seen():
    # A bound that forgets the uncertainty of the validation sample covers about half of the time.
    rng = np.random.default_rng(8)
    n, v, total, missed = 800, 200, 100, 0
    for _ in range(400):
        seen = int(rng.hypergeometric(total, n + v - total, v))
        assert mistakes_upper_bound(n, v, seen, 0.1) >= round(seen * n / v) - 1
        missed += total - seen > round(seen * n / v)
    assert stats.binom.sf(missed - 1, 400, 0.1) < ERROR


@pytest.mark.parametrize("teacher", TEACHERS)
def test_simulated_cells_hold(teacher):
    # The first instance that has what the teacher needs.
    cells = grid(
        ["mixture", "digits"], [teacher], ["rad", "margin", "uniform"], ["pivotal"], 800, 2
    )
    rows = run_cell(cells[0], np.random.default_rng(4))
    assert {row["status"] for row in rows} <= {"HOLDS", "UNDECIDED"}
    rad = next(row for row in rows if row["selector"] == "rad")
    assert rad["status"] == "HOLDS"
    assert all(rad["guarantee"] >= row["guarantee"] for row in rows)


def test_a_planted_selector_guarantee_is_violated(monkeypatch):
    # A guarantee that is promised 20 % too high cannot hold against the teacher's best reply.
    import radsim.runs.simulate as simulation

    monkeypatch.setattr(
        simulation, "worst_case", lambda game, q: (1.5 * worst_case(game, q)[0] + 0.5, None)
    )
    cells = grid(["uniform"], ["best response"], ["rad"], ["pivotal"], 2000, 2)
    rows = run_cell(cells[0], np.random.default_rng(4))
    assert {row["status"] for row in rows} == {"VIOLATED"}


def test_instances_are_the_same_in_every_process():
    for name, make in INSTANCES.items():
        assert make(1).game.gains.tobytes() == make(1).game.gains.tobytes(), name
