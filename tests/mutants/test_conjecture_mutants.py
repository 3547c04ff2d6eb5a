"""Broken searches for counterexamples, and the statements of known truth that catch them."""

import pytest
from conjectures import FALSE, RARE, TRUE

from radsim.conjecture import conjecture, drawing, falsify, judge, search
from radsim.conjecture.shrinking import moves
from radsim.conjecture.trials import key, size

GAMES = 300


def _row(name):
    return next(row for row in (*TRUE, *FALSE, *RARE) if row.name == name)


def shrunk():
    """No neighbour of what is found is simpler and refutes too."""
    for name in ("half_cap", "regret_strict", "near_threshold"):
        row = _row(name)
        asked = conjecture(row.statement, row.where)
        trial = falsify(row.statement, row.where, rng=0).trial
        for x in moves(trial):
            if min(x.gains) >= 0 and size(x) < size(trial):
                assert judge(asked, key(x)) != "refutes", name


def exact():
    """What rounding alone refutes survives."""
    for name in ("all_wrong", "worst", "learner", "hopeless_c"):
        row = _row(name)
        assert not falsify(row.statement, row.where, rng=0, games=GAMES).refuted, name


def solved():
    """Games are drawn inside the hypotheses."""
    for where in ("m == 3*n/7, b == 2*n/5", "h == 2*g + 1, max(g) == 5"):
        assert falsify("V >= 0", where, rng=0, games=GAMES).applicable >= 0.2, where


def local():
    """What small games and random draws miss is reached from the tightest."""
    for name in ("cap_sixth", "ratio_tenth"):
        row = _row(name)
        assert falsify(row.statement, row.where, rng=0).refuted, name


def refuted():
    """Statements that are false on small or odd sets alone are refuted."""
    for row in RARE:
        assert falsify(row.statement, row.where, rng=0, games=1000).refuted, row.name


def _no_shrinking(monkeypatch):
    monkeypatch.setattr(search, "shrink", lambda trial, refutes, repair: trial)


def _no_exact_judgement(monkeypatch):
    monkeypatch.setattr(search, "judge", lambda asked, trial: "refutes")


def _rejecting(monkeypatch):
    for module in (drawing, search):
        monkeypatch.setattr(module, "settle", lambda asked, trial: trial)
    monkeypatch.setattr(drawing, "_bounds", lambda asked, trial, name: [])


def _no_neighbours(monkeypatch):
    monkeypatch.setattr(search, "_neighbour", lambda plan, trial, rng: None)


def _strictness_lost(monkeypatch):
    # Equal sides count as right even where the statement says "less".
    monkeypatch.setattr(search, "TIGHT", -1e-9)


def _generic_games_alone(monkeypatch):
    monkeypatch.setattr(search, "small_trials", lambda plan, most, rng: [])
    families = {name: drawing.STRUCTURES[name] for name in ("uniform", "beta", "pareto")}
    monkeypatch.setattr(drawing, "STRUCTURES", families)
    monkeypatch.setattr(search, "_neighbour", lambda plan, trial, rng: None)


MUTANTS = [
    (_no_shrinking, shrunk),
    (_no_exact_judgement, exact),
    (_rejecting, solved),
    (_no_neighbours, local),
    (_strictness_lost, refuted),
    (_generic_games_alone, refuted),
]


@pytest.mark.parametrize(("mutate", "check"), MUTANTS, ids=[m.__name__ for m, _ in MUTANTS])
def test_a_broken_search_is_caught(mutate, check, monkeypatch):
    mutate(monkeypatch)
    with pytest.raises((AssertionError, ValueError)):
        check()


@pytest.mark.parametrize("check", [shrunk, exact, solved, local], ids=lambda check: check.__name__)
def test_the_search_passes_what_catches_them(check):
    check()
