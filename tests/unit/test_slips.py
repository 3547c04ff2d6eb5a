"""Slips of a first hour: each is answered by a sentence that names the mend."""

import dataclasses
import inspect
import pickle
import re
import warnings

import numpy as np
import pandas as pd
import pytest

import radsim
from radsim import CLAIMS, DESIGNS, SELECTORS, SOLVERS, TEACHERS, Game, Instance, check, solve
from radsim.analysis import advise
from radsim.distillation.strategies import STRATEGIES
from radsim.door import Table, UnknownName, nearest

GAME = Game([1, 0.5, 0.25], mistakes=1)
SOLUTION = solve(GAME)
TABLE = pd.DataFrame({"gain": [1, 0.5, 0.25], "id": [7, 8, 9]})

# What is typed, and the words that mend it.
SLIPS = {
    "solve(array)": (lambda: solve(np.array([1.0])), "Game(gains, mistakes=m) makes one"),
    "solve(solution)": (lambda: solve(SOLUTION), "its .game is one"),
    "solve(game, 'ratios')": (lambda: solve(GAME, "ratios"), "one of value, regret, ratio"),
    "solve(game, 'linprog')": (lambda: solve(GAME, "linprog"), "write method='linprog'"),
    "sample(solution)": (lambda: radsim.sample(SOLUTION, rng=0), "give its .inclusion"),
    "sample(solution) without rng": (lambda: radsim.sample(SOLUTION), "give its .inclusion"),
    "sample_counts(solution) without rng": (
        lambda: radsim.sample_counts(SOLUTION),
        "give its .inclusion",
    ),
    "sample(q) without rng": (
        lambda: radsim.sample(SOLUTION.inclusion),
        "rng = None must be a numpy.random.Generator or a whole number to make one from",
    ),
    "sample(game)": (lambda: radsim.sample(GAME, rng=0), "give solve(it).inclusion"),
    "sample(q, rng=None)": (
        lambda: radsim.sample(SOLUTION.inclusion, rng=None),
        "a whole number to make one from",
    ),
    "best_response(game, solution)": (
        lambda: radsim.best_response(GAME, SOLUTION),
        "give its .mistake_probabilities",
    ),
    "worst_case(q, game)": (
        lambda: radsim.worst_case(SOLUTION.inclusion, GAME),
        "must be of type Game or ConstrainedGame, and comes first",
    ),
    "certify(array)": (
        lambda: radsim.certify(SOLUTION.inclusion),
        "solve(game) gives one; check_answer(game, q) judges a q of your own",
    ),
    "check('V9', game)": (lambda: check("V9", GAME), "claim = 'V9' must be one of V1, V2, V3"),
    "check('V2', array)": (lambda: check("V2", [1]), "Game(gains, mistakes=m) makes one"),
    "scorecard(game)": (lambda: radsim.scorecard(GAME), "Instance('mine', game) makes one"),
    "select('RAD', ...)": (
        lambda: radsim.select("RAD", [1, 0.5], 1, rng=0, mistakes=1),
        "selector = 'RAD' must be one of rad, margin",
    ),
    "Game(frame)": (lambda: Game(TABLE, 1), "give one column, gains = frame['gain']"),
    "Game(column vector)": (lambda: Game(np.ones((3, 1)), 1), "give it as .ravel()"),
    "Game(probabilities)": (lambda: Game([[0.5, 0.5], [1, 0]], 1), "gains_from_probabilities(p)"),
    "Game(frame of probabilities)": (
        lambda: Game(pd.DataFrame({"cat": [0.5, 0.25], "dog": [0.5, 0.75]}), 1),
        "gains_from_probabilities(p)",
    ),
    "Game(frame of two columns)": (
        lambda: Game(pd.DataFrame({"a": [0.5, 0.25], "b": [0.5, 0.5]}), 1),
        "give one column, gains = frame['a']",
    ),
    "harm=[1, 2]": (lambda: Game([1, 0.5], 1, harm=[1, 2]), "in the unit of the gains: harms="),
    "harm=array": (
        lambda: advise([1, 0.5], 1, [1, 1], [0, 1], harm=np.ones(2)),
        "in the unit of the gains: harms=",
    ),
    "Game('gains.csv')": (lambda: Game("gains.csv", 1), "radsim.data.files.read('gains.csv')"),
    "Game(solution)": (lambda: Game(SOLUTION, 1), "must be an array of numbers"),
}


@pytest.mark.parametrize(("typed", "words"), SLIPS.values(), ids=SLIPS)
def test_a_slip_is_told_how_to_mend_it(typed, words):
    with pytest.raises(ValueError, match=re.escape(words)) as refused:
        typed()
    assert len(str(refused.value)) < 450
    assert "\n" not in str(refused.value)
    assert "np.float64" not in str(refused.value)


@pytest.mark.parametrize(
    ("table", "key", "meant"),
    [
        (CLAIMS, "V8", "CLAIMS has no 'V8': did you mean 'V1' or 'V2' or 'V3'? It has 'V1',"),
        (CLAIMS, "v3A", "did you mean 'V3a'"),
        (DESIGNS, "pivotl", "DESIGNS has no 'pivotl': did you mean 'pivotal'?"),
        (TEACHERS, "best_response", "did you mean 'best response'?"),
        (SELECTORS, "RAD", "did you mean 'rad'?"),
        (STRATEGIES, "gaurded", "did you mean 'guarded' or"),
        (SOLVERS, "closed_form", "SOLVERS has no 'closed_form'; it has ('plain', 'value'),"),
        (SOLVERS["plain", "value"], "highs", 'SOLVERS["plain", "value"] has no \'highs\''),
        (SOLVERS["plain", "regret"], "linporg", "did you mean 'linprog'?"),
    ],
)
def test_a_table_offers_near_names(table, key, meant):
    with pytest.raises(KeyError, match=re.escape(meant)):
        table[key]
    assert key not in table
    assert table.get(key) is None


def test_nothing_is_offered_for_what_is_like_nothing():
    assert nearest("qqq", ("rad", "margin")) == []
    assert nearest("x", ()) == []


def test_a_table_is_a_dict_that_travels_to_workers():
    table = Table("T", {"a": 1})
    again = pickle.loads(pickle.dumps(table))
    assert again == {"a": 1}
    with pytest.raises(UnknownName, match=r"^T has no 'b'; it has 'a'$"):
        again["b"]


def test_a_claim_is_checked_by_its_id_on_a_bare_game():
    by_name, by_row = check("V2", GAME), check(CLAIMS["V2"], Instance("three", GAME))
    assert by_name == by_row
    assert by_name.status == "HOLDS"


def test_what_is_asked_for_by_a_generator_or_its_seed_is_the_same():
    q = SOLUTION.inclusion
    assert radsim.sample(q, rng=0) == radsim.sample(q, rng=np.random.default_rng(0))


INDEX = pd.Index(["a7", "b1", "c3"], name="image")


def test_a_series_keeps_its_index():
    game = Game(pd.Series([1, 0.5, 0.25], index=INDEX), mistakes=1)
    frame = solve(game).to_frame()
    assert frame.index.equals(INDEX)
    assert list(frame) == ["gain", "stake", "inclusion", "mistake_probability"]
    assert np.allclose(frame["inclusion"], [1 / 7, 2 / 7, 4 / 7])
    assert solve(game.replace(budget=2)).to_frame().index.equals(INDEX)
    assert game.replace(gains=[1, 2, 3]).index is None
    assert pickle.loads(pickle.dumps(game)).index.equals(INDEX)
    assert game.digest() == GAME.digest()


ONE = pd.Series([1, 0.5, 0.25], index=list("abc"))
OTHER = ONE[::-1]
MEND = re.escape("has another index than")
SAME = {
    "Game": lambda x: Game(ONE, 1, harms=x),
    "replace": lambda x: Game(ONE, 1).replace(harms=x),
    "advise, wrong": lambda x: advise(ONE, 1, ONE, (x > 0.6).astype(int)),
    "advise, harms": lambda x: advise(
        ONE, 1, ONE.to_numpy(), [0, 1, 0], harms=x, checked_harms=[1, 1, 1]
    ),
    "advise, checked harms": lambda x: advise(
        [1, 0.5], 1, ONE, [0, 1, 0], harms=[1, 1], checked_harms=x
    ),
    "advise, harms of the answers": lambda x: advise(
        [1, 0.5], 1, [1, 1, 1], (ONE > 0.6).astype(int), harms=[1, 1], checked_harms=x
    ),
}


@pytest.mark.parametrize("make", SAME.values(), ids=SAME)
def test_labels_in_another_order_are_refused(make):
    make(ONE)
    make(OTHER.loc[ONE.index])  # the two mends that are named
    make(OTHER.to_numpy())
    with pytest.raises(ValueError, match=MEND) as refused:
        make(OTHER)
    assert ".loc[" in str(refused.value) and ".to_numpy()" in str(refused.value)
    with pytest.raises(ValueError, match=MEND):
        make(ONE.reset_index(drop=True))


def test_the_length_is_named_before_the_labels():
    with pytest.raises(ValueError, match="harms has 2 entries, gains has 3"):
        Game(ONE, 1, harms=ONE[:2])


def test_a_game_with_other_gains_takes_their_labels():
    assert Game(ONE, 1).replace(gains=OTHER, harms=OTHER).index.equals(OTHER.index)


def test_the_replace_of_dataclasses_is_told_of_the_game_s_own():
    with pytest.raises(TypeError, match=re.escape("game.replace(...) changes one")):
        dataclasses.replace(GAME, budget=2)
    assert list(inspect.signature(Game).parameters)[:3] == ["gains", "mistakes", "budget"]
    with pytest.raises(TypeError, match="mistake_rate"):
        Game([1, 0.5], mistake_rate=1)
    with warnings.catch_warnings(record=True) as found:
        warnings.simplefilter("always")
        Game([1, 0.5], 0.5)
    assert [x.filename for x in found] == [__file__]


@pytest.mark.parametrize("gains", [[1, 0.5, 0.25], np.array([1, 0.5, 0.25]), (1, 0.5, 0.25)])
def test_other_pools_are_counted_from_0(gains):
    assert Game(gains, 1).index is None
    assert solve(Game(gains, 1)).to_frame().index.tolist() == [0, 1, 2]


def test_a_solution_is_shown_without_being_computed():
    lazy = radsim.Solution(
        game=GAME,
        value=1 / 7,
        inclusion=lambda: 1 / 0,
        mistake_probabilities=lambda: 1 / 0,
        level=1 / 7,
        threshold=2 / 7,
        method="none <b>",
    )
    assert repr(lazy) == f"<Solution: value 0.14285714 by none <b> of {GAME!r}>"
    assert dict(lazy.__rich_repr__())["value"] == 1 / 7
    assert "none &lt;b&gt;" in lazy._repr_html_()
    assert "not asked yet" in lazy._repr_html_()
    with pytest.raises(ZeroDivisionError):
        lazy.to_frame()


@pytest.mark.parametrize("method", ["closed_form", "rational", "linprog"])
def test_figures_are_shown_in_notebooks(method):
    found = solve(GAME, method=method)
    assert "<td>0.14285714</td>" in found._repr_html_()
    assert "not asked" not in found._repr_html_()
    assert "<td>accepted at 1e-9</td>" in found.certificate._repr_html_()
    assert "<td>HOLDS</td>" in check("V2", GAME)._repr_html_()


def test_a_wrong_certificate_is_not_shown_as_accepted():
    forged = radsim.check_answer(GAME, [1, 0, 0], value=0.5)
    assert "<td>not accepted at 1e-9</td>" in forged._repr_html_()


def test_constrained_solutions_are_shown_too():
    found = solve(radsim.constrain(GAME, limits=[0.5, 1, 1]))
    assert "mistakes feared" in found._repr_html_()
    assert len(found.to_frame()) == 3


def test_a_solution_draws_itself(tmp_path):
    assert SOLUTION.plot().png.startswith(b"\x89PNG")
    assert SOLUTION.plot(tmp_path / "level.svg").path.read_text().startswith("<?xml")
    found = SOLUTION.plot(tmp_path / "both")
    assert found.path.read_bytes() == found._repr_png_()
    assert found.path.with_suffix(".svg").exists()
