"""The benchmark: what is timed, what is not and why, its verdicts, and files of it."""

import json

import pytest

from radsim import Game
from radsim.analysis import Bench, bench
from radsim.analysis.bench import Timing, recommendation
from radsim.analysis.bench_files import changes, frame_of, read_bench
from radsim.analysis.candidates import CANDIDATES, why_not
from radsim.analysis.turns import BASELINE
from radsim.solvers import SOLVERS

OWN = """
import time

import numpy as np
from dataclasses import replace
from radsim import solve


def fine(game):
    print("this is lost")
    return solve(game).inclusion


def rolled(game):
    return np.roll(solve(game).inclusion, 1)


def of_another_game(game):
    return solve(game.replace(gains=game.gains[::-1]), certify=False)


def boasts(game):
    return replace(solve(game), value=1.05 * solve(game).value)


def raises(game):
    return 1 / 0


def hangs(game):
    while True:
        pass


def leaves(game):
    import os

    os._exit(1)
"""


@pytest.fixture(scope="module")
def own(tmp_path_factory):
    place = tmp_path_factory.mktemp("own") / "my.py"
    place.write_text(OWN)
    return place


def test_every_solver_is_a_candidate():
    assert set(SOLVERS["plain", "value"]) <= set(CANDIDATES)
    assert {"closed_form, numba", "linprog, interior point", "nashpy"} <= set(CANDIDATES)


def test_why_not_is_said_in_words():
    game = Game([1.0] * 50, 5)
    assert why_not(CANDIDATES["enumeration"], game) == "n <= 12"
    assert "not installed: pip install" in why_not(CANDIDATES["nashpy"], game) or (
        why_not(CANDIDATES["nashpy"], game)
        == "writes out the matrix: one mistake and one query only"
    )
    assert why_not(CANDIDATES["closed_form"], game) == ""


def test_each_way_in_which_a_solver_of_ones_own_may_go(own):
    names = ["fine", "rolled", "of_another_game", "boasts", "raises", "hangs", "leaves"]
    found = bench(
        [40],
        mistakes=lambda n: 4.0,
        budget=lambda n: 3.0,
        solvers=["closed_form"],
        own=[f"{own}:{name}" for name in names],
        seconds=5,
        repeats=2,
    )
    rows = {row.method.rpartition(":")[2]: row for row in found.timings}
    assert rows["closed_form"].accepted and rows["fine"].accepted
    assert len(rows["fine"].turns) == 2
    for name in ("rolled", "of_another_game", "boasts"):
        assert rows[name].turns and not rows[name].accepted, name
        assert rows[name].why.startswith("certificate refused")
    assert rows["raises"].why == "ZeroDivisionError: division by zero"
    assert rows["hangs"].why == "stopped after 5 s"
    assert rows["leaves"].why == "its process ended (out of memory?)"
    assert rows[BASELINE].turns
    parts = rows["closed_form"]
    assert parts.game > 0 and parts.solve > 0 and parts.inclusion > 0
    assert "a certificate was refused" in recommendation(found)
    assert list(frame_of(found)["method"]) == [row.method for row in found.timings]


def test_what_was_stopped_is_not_asked_for_larger_sizes():
    found = bench([200, 300], solvers=["rational"], seconds=0.05, repeats=1)
    last = found.timings[-1]
    assert last.why == "stopped after 0.05 s at n = 200"


def test_the_first_turn_counts_where_it_takes_long(own, tmp_path):
    (tmp_path / "slow.py").write_text(
        "import time\nfrom radsim import solve\n\n\n"
        "def slow(game):\n    time.sleep(1.2)\n    return solve(game).inclusion\n"
    )
    found = bench([20], solvers=[], own=[f"{tmp_path}/slow.py:slow"], seconds=2, repeats=3)
    assert len(found.timings[-1].turns) == 1


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"sizes": [0]}, r"sizes\[0\] = 0"),
        ({"family": "guess"}, "family = 'guess' must be one of uniform"),
        ({"solvers": ["guess"]}, r"solvers\[0\] = 'guess'"),
        ({"seconds": 0}, "seconds = 0.0"),
        ({"repeats": 0}, "repeats = 0"),
        ({"budget": lambda n: 2.0 * n}, "budget = 10.0"),
    ],
)
def test_what_cannot_be_asked_is_named(options, words):
    with pytest.raises(ValueError, match=words):
        bench(**({"sizes": [5], "solvers": ["closed_form"]} | options))


# --- files ---


def _timing(method, *turns, n=9):
    return Timing(method, n, turns, 0.0, turns[0], 0.0, 0.0, True, "")


ASKED = {"family": "uniform", "sizes": [9], "mistakes": [1.0], "budget": [1.0]}


def _bench(*rows, **asked):
    return Bench(ASKED | asked, {}, rows)


def test_a_file_is_read_as_it_was_written(tmp_path):
    found = _bench(_timing("closed_form", 1.0, 2.0), _timing(BASELINE, 0.5))
    (tmp_path / "a.json").write_text(found.text())
    assert read_bench(tmp_path / "a.json") == found


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda d: d | {"schema": "radsim bench 0"}, "it says 'radsim bench 0'"),
        (lambda d: {"n": 3}, "it says None"),
        (lambda d: [d], "it says 'list'"),
        (lambda d: d | {"more": 1}, "its keys are"),
        (lambda d: d | {"machine": 3}, "must be tables"),
        (lambda d: d | {"timings": 3}, "not iterable"),
        (lambda d: d | {"timings": [3]}, r"timings\[0\] must have method"),
        (lambda d: d | {"timings": [d["timings"][0] | {"n": 0}]}, r"timings\[0\].n = 0"),
        (lambda d: d | {"timings": [d["timings"][0] | {"turns": [-1]}]}, r"turns = -1"),
        (lambda d: d | {"timings": [d["timings"][0] | {"turns": "ab"}]}, r"turns = 'a'"),
        (lambda d: d | {"timings": [d["timings"][0] | {"accepted": 1}]}, "true or false"),
        (lambda d: d | {"timings": [d["timings"][0] | {"gap": float("nan")}]}, "NaN is no number"),
        (lambda d: d | {"timings": [d["timings"][0] | {"why": 3}]}, "why must be text"),
    ],
)
def test_a_file_of_another_form_is_refused_in_one_line(change, words, tmp_path):
    document = json.loads(_bench(_timing("closed_form", 1.0)).text())
    (tmp_path / "a.json").write_text(json.dumps(change(document)))
    with pytest.raises(ValueError, match=words) as found:
        read_bench(tmp_path / "a.json")
    assert "a.json: no benchmark of this version" in str(found.value)
    assert "\n" not in str(found.value)


@pytest.mark.parametrize("content", ["", "{", "\x00", '{"a": 1e999}'])
def test_what_is_no_json_is_refused(content, tmp_path):
    (tmp_path / "a.json").write_text(content)
    with pytest.raises(ValueError, match="no benchmark of this version"):
        read_bench(tmp_path / "a.json")


def test_a_change_is_told_from_noise():
    old = _bench(
        _timing("faster", 2.0, 2.1, 2.2),
        _timing("same", 1.0, 1.2, 1.1),
        _timing("few", 2.0),
        _timing(BASELINE, 1.0, 1.0, 1.0),
    )
    new = _bench(
        _timing("faster", 1.0, 1.1, 1.2),
        _timing("same", 0.9, 1.1, 1.05),
        _timing("few", 1.0),
        _timing(BASELINE, 1.0, 1.0, 1.0),
    )
    found = {name: (round(ratio, 2), beyond) for name, _, ratio, _, beyond in changes(new, old)}
    assert found == {
        "faster": (1.91, True),
        "same": (1.05, False),
        "few": (2.0, False),
        BASELINE: (1.0, False),
    }


def test_a_machine_that_is_slower_at_everything_is_no_change():
    old = _bench(_timing("one", 1.0, 1.01, 1.02), _timing(BASELINE, 0.5, 0.5, 0.5))
    new = _bench(_timing("one", 2.0, 2.02, 2.04), _timing(BASELINE, 1.0, 1.0, 1.0))
    found = {name: (relative, beyond) for name, _, _, relative, beyond in changes(new, old)}
    assert found["one"] == (pytest.approx(1.0), False)


def test_other_questions_are_not_compared():
    with pytest.raises(ValueError, match="family was 'uniform' then and is 'beta' now"):
        changes(_bench(family="beta"), _bench())
    assert changes(_bench(_timing("a", 1.0), budget=[2.0]), _bench(_timing("a", 1.0))) == []


def test_the_plain_one_is_recommended_where_none_is_told_to_be_faster():
    row = _timing("closed_form", 1.0, 1.2, 1.4)
    equal = _bench(row, _timing("closed_form, numba", 0.9, 1.1, 1.3))
    assert recommendation(equal).startswith("use closed_form: ")
    faster = _bench(row, _timing("closed_form, numba", 0.5, 0.6, 0.7))
    assert recommendation(faster).startswith("use closed_form, numba: ")
    assert recommendation(_bench()) == "no answer was certified: nothing is recommended"
