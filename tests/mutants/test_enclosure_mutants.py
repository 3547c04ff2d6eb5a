"""Broken solutions get a true but wide enclosure; a broken `enclose` leaves out the true value."""

import inspect
from dataclasses import replace

import numpy as np
import pytest
from test_mutants import BROKEN

from radsim import Game, enclose, enclosure, solve
from radsim.game import Count

# Too much of a right strategy is scaled back to the right one.
REPAIRED = ("budget overspent", "too many mistakes")


@pytest.mark.parametrize("name", BROKEN)
def test_enclosure_of_a_broken_solution_is_true_and_not_accepted(name):
    broken = BROKEN[name]()
    if "NaN" in name:
        with pytest.raises(ValueError, match=r"= nan must be finite"):
            enclose(broken)
        return
    proof = enclose(broken)
    assert proof.lower <= solve(broken.game, method="rational").value <= proof.upper
    assert proof.accepts(1e-6) == (name in REPAIRED)


def _mutant(old, new):
    source = inspect.getsource(enclosure)
    assert source.count(old) == 1
    space = {"__name__": "mutant"}
    exec(compile(source.replace(old, new), "mutant", "exec"), space)
    return space["enclose"]


TENTHS = Game([0.1, 0.3, 0.7], Count(0.6), 1.3, harm=0.3)
FORCED = Game([0.1, 0.3, 0.7], 2, 2.5, harms=[1, 1, 3], abstain=False)


@pytest.mark.parametrize(
    ("old", "new", "game", "factor"),
    [
        ("min(Fraction(1), b / spent) if spent", "Fraction(1) if spent", TENTHS, 2),
        ("(m / made if made > m else 1)", "1", TENTHS, 2),
        ("0, 1 if game.capped else None", "0, None", Game([10, 3], 0, 2), [2, 0]),
        ("part = (amount - whole) * top[whole]", "part = 0 * top[whole]", TENTHS, 1),
        ("s = list(map(add, g, h))", "s = g", TENTHS, 1),
        ("np.ldexp(fraction, 53)", "np.ldexp(fraction, 30)", TENTHS, 1),
        ("spent < b and not game.abstain", "False", FORCED, 0.5),
        ("designs = [a * x + c for", "designs = [a * x for", FORCED, 0.5),
        ("max(0, x)", "x", Game([1, 0.7], 2, 2), 2),
    ],
)
def test_mutants_of_enclose_leave_out_the_true_value(old, new, game, factor):
    solution = solve(game)
    solution = replace(
        solution,
        inclusion=np.multiply(factor, solution.inclusion),
        mistake_probabilities=np.clip(np.multiply(factor, solution.mistake_probabilities), 0, 1),
    )
    exact = solve(game, method="rational").value
    good, bad = enclose(solution), _mutant(old, new)(solution)
    assert good.lower <= exact <= good.upper
    assert not bad.lower <= exact <= bad.upper
