"""Statements of known truth: every false one is refuted by a smallest game, no true one is."""

import numpy as np
import pytest
from conjectures import FALSE, RARE, TRUE

from radsim import Instance, check_answer, falsify, solve
from radsim.claims import CLAIMS, check
from radsim.conjecture import Trial, conjecture, judge
from radsim.conjecture.judging import sides
from radsim.conjecture.shrinking import moves
from radsim.conjecture.solved import optimum
from radsim.conjecture.trials import key, size


def named(rows):
    return pytest.mark.parametrize("row", rows, ids=[row.name for row in rows])


def test_the_library_is_large_enough():
    assert len(TRUE) >= 40
    assert len(FALSE) + len(RARE) >= 40
    assert len(RARE) >= 20
    names = [row.name for row in (*TRUE, *FALSE, *RARE)]
    assert len(set(names)) == len(names)


@named((*FALSE, *RARE))
def test_a_false_statement_is_refuted(row):
    found = falsify(row.statement, row.where, rng=0)
    assert found.refuted
    assert found.applicable >= 0.2
    asked, trial = conjecture(row.statement, row.where), found.trial
    assert judge(asked, trial) == "refutes"
    assert any(x.holds is False for x in sides(asked, trial))
    # No simpler game among its neighbours does: it was shrunk to the end.
    simpler = [key(x) for x in moves(trial) if min(x.gains) >= 0 and size(x) < size(trial)]
    assert not [x for x in simpler if judge(asked, x) == "refutes"]


@named(TRUE)
def test_a_true_statement_survives(row):
    found = falsify(row.statement, row.where, rng=0, games=500)
    assert not found.refuted
    assert found.n_applicable - found.n_undefined >= 100
    assert np.isfinite(found.slack)
    assert found.ended == "games"


def test_the_same_seed_tries_the_same_games():
    row = next(x for x in RARE if x.name == "regret_strict")
    first, again = (falsify(row.statement, row.where, rng=3) for _ in range(2))
    assert first.trial == again.trial
    assert first.n_tried == again.n_tried
    calm = [falsify("V <= b*max(g)", rng=3, games=400) for _ in range(2)]
    assert calm[0].tightest == calm[1].tightest
    assert np.array_equal(calm[0].pairs, calm[1].pairs)


def test_the_game_of_the_arithmetic_mean():
    found = falsify("V >= (n - 2*m)/n * mean(g)", "c == 1, b == 1, m == floor(m)", rng=0)
    trial = found.trial
    assert sorted(trial.gains) == [0, 0, 1]
    assert (trial.mistakes, trial.multiple, trial.budget) == (1, 1, 1)
    assert [str(x) for x in (found.sides[0].left[1], found.sides[0].right[1])] == ["0", "1/9"]


@pytest.mark.parametrize("name", ["arithmetic", "no_cap", "cap_sixth", "identity", "forced"])
def test_the_value_of_a_refutation_is_that_of_every_route(name):
    row = next(x for x in (*FALSE, *RARE) if x.name == name)
    trial = falsify(row.statement, row.where, rng=0).trial
    found = optimum(trial)
    game = trial.game()
    for method in ("closed_form", "linprog", "rational"):
        assert float(solve(game, method=method).value) == pytest.approx(float(found.value))
    q, l = ([float(x) for x in row] for row in (found.q, found.l))
    assert check_answer(game, q, l, float(found.value)).accepts()
    assert check(CLAIMS["V7"], Instance("refuting", game)).status == "HOLDS"


def test_a_violation_of_rounding_is_no_refutation():
    # In floats the left side is some 1e-17 above the right one on many games.
    text = "(1/3 + mean(g)/3 - 1/3)*3 <= mean(g)"
    found = falsify(text, rng=0, games=1500)
    assert not found.refuted
    assert found.n_exact > 0


@pytest.mark.parametrize(
    ("statement", "where", "words"),
    [
        ("V >= 0", "m > n", "where: none of"),
        ("V >= 0", "n > 40", "where: no pool of 1 to 40 points meets n > 40"),
        ("V >= 0", "capped, uncapped", "where: no game has such rules"),
        ("1/(m - m) >= 0", "", "statement: it is defined on none"),
        ("V >= 0", "V", "where, place 1: this is a number"),
    ],
)
def test_what_cannot_be_tried_is_refused(statement, where, words):
    with pytest.raises(ValueError, match=words):
        falsify(statement, where, rng=0)


def test_a_premise_is_a_condition():
    found = falsify("implies(m == n and n >= 3, V == 0)", rng=0, games=300)
    assert found.applicable > 0.9
    assert {x.n for x in [found.tightest]} != {1}
    assert falsify("implies(m == n - 1, V == 0)", rng=0).refuted


def test_a_trial_outside_is_no_refutation():
    asked = conjecture("V < 0", "b == 1")
    one = (1, 0)
    assert judge(asked, Trial(one, one, 3, 1)) == "outside"  # no game at all
    assert judge(asked, Trial(one, one, 1, 2)) == "outside"
    assert judge(asked, Trial(one, one, 1, 1)) == "refutes"
