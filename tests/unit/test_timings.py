"""Running times come with a verdict on the answer."""

from dataclasses import replace

import numpy as np
import pytest

from radsim import Game, SolveError
from radsim.analysis import timings
from radsim.solvers import SOLVERS

ROWS = SOLVERS["plain", "value"]


def _game(n):
    return Game(np.arange(1.0, n + 1), n // 5)


def test_every_method_up_to_its_largest_n():
    sizes = [10, 50, 100]
    frame = timings(_game, list(ROWS), sizes, repeats=1)
    assert len(frame) == len(ROWS) * len(sizes)
    left = frame[frame["why"] != ""]
    assert left["seconds"].isna().all() and not left["accepted"].any()
    assert set(left["why"]) == {"n <= 12", "n <= 30", "n <= 60"}
    frame = frame[frame["why"] == ""]
    assert frame["accepted"].all()
    parts = frame[["game", "solve", "inclusion"]]
    assert (parts > 0).all(axis=None)
    assert np.allclose(parts.sum(axis=1), frame["seconds"], rtol=1e-3)
    assert (frame["seconds"] > 0).all()
    assert frame.groupby("method")["n"].max().to_dict() == {
        method: max(n for n in sizes if n <= row.largest_n) for method, row in ROWS.items()
    }
    # Sizes that tell the rows apart, so that one that went too far or not far enough is seen.
    assert set(frame.groupby("method")["n"].max()) == set(sizes)


def test_a_wrong_answer_is_not_accepted_however_fast(monkeypatch):
    def wrong(game):
        solution = ROWS["linprog"].solve(game)
        return replace(solution, inclusion=np.roll(solution.inclusion, 1))

    monkeypatch.setitem(ROWS, "closed_form", replace(ROWS["closed_form"], solve=wrong))
    frame = timings(_game, ["closed_form", "linprog"], [10], repeats=1)
    assert frame["accepted"].tolist() == [False, True]


def test_a_solver_that_gives_up_and_one_that_is_slow(monkeypatch):
    def lost(game):
        raise SolveError("lost")

    monkeypatch.setitem(ROWS, "closed_form", replace(ROWS["closed_form"], solve=lost))
    frame = timings(_game, ["closed_form", "linprog"], [10, 20], patience=1e-9)
    assert frame["n"].tolist() == [10, 20, 10, 20]
    assert frame["accepted"].tolist() == [False, False, True, False]
    assert np.isnan(frame["gap"][0])
    assert frame["why"][0] == "gave up: lost"
    assert frame["why"][3].startswith("took ") and frame["why"][3].endswith(" s at n = 10")


def test_unknown_method():
    with pytest.raises(ValueError, match=r"methods\[0\] = 'guess'"):
        timings(_game, ["guess"], [10])
