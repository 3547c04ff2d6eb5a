"""The one place where arguments are refused."""

import math
import re
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pandas as pd
import pytest

import radsim
from radsim import (
    CLAIMS,
    ConstrainedGame,
    Game,
    Instance,
    StoredGame,
    analysis,
    inference,
    teachers,
)
from radsim.door import (
    array,
    class_probabilities,
    count,
    each_of,
    flag,
    floats,
    generator,
    inside,
    matrix,
    number,
    one_of,
    typed,
    vector,
    whole,
)
from radsim.teachers import TeacherDraw

NAN, INF = float("nan"), float("inf")


@pytest.mark.parametrize(
    ("value", "found"),
    [
        (3, 3.0),
        (np.float32(0.5), 0.5),
        (np.int8(2), 2.0),
        (np.array(2.5), 2.5),
        (Fraction(1, 4), 0.25),
        (Decimal("0.5"), 0.5),
        (2**53 + 1, 2.0**53),
    ],
)
def test_a_number_of_any_kind_becomes_a_float(value, found):
    assert number(value, "x") == found
    assert type(number(value, "x")) is float


@pytest.mark.parametrize(
    ("value", "limits", "words"),
    [
        (NAN, {}, "x = nan must be finite and non-negative"),
        (INF, {}, "x = inf must be finite and non-negative"),
        (-INF, {"low": -INF}, "x = -inf must be finite"),
        (10**400, {}, "x = inf must be finite and non-negative"),
        (-(10**400), {"low": -INF}, "x = -inf must be finite"),
        (-1, {}, "x = -1.0 must be finite and non-negative"),
        (0, {"open_low": True}, "x = 0.0 must be finite and positive"),
        (1, {"high": 1, "open_high": True}, "x = 1.0 must be in [0, 1)"),
        (1, {"low": 2}, "x = 1.0 must be finite and at least 2"),
        (2, {"low": 2, "open_low": True}, "x = 2.0 must be finite and above 2"),
        (1000002, {"high": 1000001}, "x = 1000002.0 must be in [0, 1000001]"),
        (1 + 2e-6, {"high": 1, "slack": 1e-6}, "x = 1.000002 must be in [0, 1]"),
        (0.5, {"whole": True}, "x = 0.5 must be a whole number of at least 0"),
        (np.float64(-2), {}, "x = -2.0 must be finite and non-negative"),
        (True, {}, "x = True must be a number"),
        (np.True_, {}, "x = True must be a number"),
        ("3", {}, "x = '3' must be a number"),
        (b"3", {}, "x = b'3' must be a number"),
        (None, {}, "x = None must be a number"),
        (1j, {}, "x = 1j must be a number"),
        ([3], {}, "x = [3] must be a number"),
        (np.array([3.0]), {}, "x = array([3.]) must be a number"),
        ([[1], [1, 2]], {}, "x = [[1], [1, 2]] must be a number"),
        (Decimal("sNaN"), {}, "x = Decimal('sNaN') must be a number"),
        (np.complex128(2 + 3j), {}, "x = (2+3j) must be a number"),
        (np.timedelta64(3, "s"), {}, "x = 3 seconds must be a number"),
        (np.datetime64(3, "ns"), {}, "x = 1970-01-01T00:00:00.000000003 must be a number"),
        (np.array(np.datetime64("2020-01-01")), {}, "x = 2020-01-01 must be a number"),
        (np.ma.array(1.0, mask=True), {}, "x = masked must be a number"),
        (np.ma.masked, {}, "x = masked must be a number"),
    ],
)
def test_a_number_that_cannot_be_is_named_with_its_value(value, limits, words):
    with pytest.raises(ValueError, match=f"^{re.escape(words)}$"):
        number(value, "x", **limits)


def test_a_rounding_is_brought_to_the_end_of_the_range():
    assert number(1 + 1e-9, "x", high=1, slack=1e-6) == 1
    assert array([-1e-9, 1 + 1e-9], "x", high=1, slack=1e-6).tolist() == [0, 1]


def test_minus_zero_becomes_zero():
    assert math.copysign(1, number(-0.0, "x")) == 1
    assert np.copysign(1, vector([-0.0], "x")).tolist() == [1]
    assert np.copysign(1, matrix([[-0.0]], "x")).tolist() == [[1]]


@pytest.mark.parametrize(
    ("value", "found"),
    [(3, 3), (3.0, 3), (np.int64(3), 3), (np.array(3), 3), (Fraction(6, 2), 3), (2**60 + 1,) * 2],
)
def test_a_whole_number_of_any_kind_becomes_an_int(value, found):
    assert count(value, "n") == found
    assert type(count(value, "n")) is int


def test_what_has_a_float_and_no_int_is_no_count():
    class Half:
        def __float__(self):
            return 2.0

    with pytest.raises(ValueError, match="must be a whole number"):
        count(Half(), "n")


def test_an_int_beyond_floats_is_still_a_count():
    assert count(10**400, "n") == 10**400
    with pytest.raises(ValueError, match=r"n = 1000.*\.\.\. must be a whole number in \[0, 5\]"):
        count(10**400, "n", high=5)
    # Python refuses to write an int of more than 4,300 digits, so it is not written.
    with pytest.raises(ValueError, match="n = int too long to write must be"):
        count(10**5000, "n", high=5)


@pytest.mark.parametrize(
    "value",
    [21.000000000000004, NAN, INF, -1, True, np.False_, "3", None, [3], np.array([3]), 1j],
)
def test_what_is_no_count_is_named(value):
    with pytest.raises(ValueError, match=r"^n = .* must be a whole number of at least 0$"):
        count(value, "n")
    with pytest.raises(ValueError, match=r"^n = 6 must be a whole number in \[1, 5\]$"):
        count(6, "n", low=1, high=5)


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ([1, NAN], "g[1] = nan must be finite and non-negative"),
        ([1e400], "g[0] = inf must be finite and non-negative"),
        ([10**400], "g[0] = inf must be finite and non-negative"),
        ([2, -1], "g[1] = -1.0 must be finite and non-negative"),
        ([1, "2"], "g[1] = '2' must be a number"),
        (np.array(["2"]), "g[0] = '2' must be a number"),
        ([1, None], "g[1] = None must be a number"),
        ([1j], "g[0] = 1j must be a number"),
        ([[1, 2]], "g must be one-dimensional, got shape (1, 2)"),
        (np.ma.array([1, 2], mask=[0, 1]), "g[1] = masked must be a number"),
        (np.array([1], "M8[ns]"), "g[0] = 1970-01-01T00:00:00.000000001 must be a number"),
        (np.array(["2020-01-01"], "M8[D]"), "g[0] = 2020-01-01 must be a number"),
        (np.array([3], "m8[ns]"), "g[0] = 3 nanoseconds must be a number"),
        (np.array(["NaT"], "m8[us]"), "g[0] = NaT must be a number"),
        ([1.0, np.datetime64(3, "ns")], "g[1] = 1970-01-01T00:00:00.000000003 must be a number"),
        ([np.timedelta64(3, "s"), 1], "g[0] = 3 seconds must be a number"),
        ([date(2020, 1, 1)], "g[0] = datetime.date(2020, 1, 1) must be a number"),
        ([timedelta(3)], "g[0] = datetime.timedelta(days=3) must be a number"),
        (pd.Series(pd.to_datetime(["2020"])), "g[0] = 2020-01-01T00:00:00"),
        (pd.Series(pd.to_timedelta([1], unit="s")), "g[0] = 1"),
        ([pd.Timestamp("2020")], "g[0] = Timestamp('2020-01-01 00:00:00') must be a number"),
        ([pd.NA], "g[0] = <NA> must be a number"),
        (pd.Series(["1"], dtype="string"), "g[0] = '1' must be a number"),
        (np.array([2 + 0j]), "g[0] = (2+0j) must be a number"),
        (np.array([2, 1], dtype="c8"), "g[0] = (2+0j) must be a number"),
        (np.array([1, 2 + 0j], dtype=object), "g[1] = (2+0j) must be a number"),
        ([np.str_("1")], "g[0] = '1' must be a number"),
        ([b"1"], "g[0] = b'1' must be a number"),
        (np.array([b"12"], "V2"), "g[0] = b'12' must be a number"),
        (np.array([object()]), "g[0] = <object object at"),
        ([1, np.ma.masked], "g[1] = masked must be a number"),
        ([[1, 2], np.ma.array([1, 2], mask=[0, 1])], "g[1, 1] = masked must be a number"),
        (np.ma.array([1.0, 2], mask=True), "g[0] = masked must be a number"),
        (np.ma.array(1.0, mask=True), "g = masked must be a number"),
        (np.zeros(2, [("a", float), ("b", int)]), "g has the fields a, b: give g['a']"),
        (np.array([np.longdouble("1e4000")]), "g[0] = inf must be finite and non-negative"),
        ({1, 2}, "g = {1, 2} must be an array of numbers"),
        ("12", "g = '12' must be an array of numbers"),
        (3, "g must be one-dimensional, got shape ()"),
        (None, "g = None must be an array of numbers"),
        ({1: 2}, "g = {1: 2} must be an array of numbers"),
        ([[1], [1, 2]], "g = [[1], [1, 2]] must be an array of numbers, its rows of one length"),
    ],
)
def test_a_vector_that_cannot_be_is_named_by_place(values, words):
    end = "$" if "must be" in words or "has the fields" in words else ""
    with pytest.raises(ValueError, match=f"^{re.escape(words)}{end}"):
        vector(values, "g")


def test_a_vector_has_as_many_entries_as_another():
    with pytest.raises(ValueError, match=r"^harms has 1 entries, gains has 2$"):
        vector([1], "harms", 2)
    with pytest.raises(ValueError, match=r"^wrong has 1 entries, needs at least 2$"):
        vector([1], "wrong", least=2)


@pytest.mark.parametrize("door", [array, vector, lambda x, name: matrix(x[None], name)])
def test_what_passes_is_a_read_only_copy(door):
    given = np.array([1.0, 2.0])
    found = door(given, "g")
    assert not np.shares_memory(found, given)
    assert found.dtype == np.float64
    with pytest.raises(ValueError, match="read-only"):
        found[...] = 0
    given[0] = 5
    assert found.ravel().tolist() == [1, 2]
    assert given.flags.writeable


def test_kinds_of_numbers_become_floats():
    assert vector([True, False], "wrong").tolist() == [1, 0]
    assert vector([Fraction(1, 2), 3], "g").tolist() == [0.5, 3]
    assert vector(np.array([1, 2], dtype=np.float32), "g").dtype == np.float64
    assert array(np.array(2), "g").shape == ()
    assert vector([], "g").shape == (0,)


def test_floats_are_not_copied_and_need_not_be_finite():
    given = np.array([1.0, NAN])
    assert floats(given, "q", (2,)) is given
    with pytest.raises(ValueError, match=r"^q must have shape \(3,\), got \(2,\)$"):
        floats(given, "q", (3,))


def test_the_place_is_that_in_the_whole():
    with pytest.raises(ValueError, match=r"^g\[7, 1\] = nan must be"):
        inside(np.array([[0, 1], [2, NAN]]), "g", first=6)


def test_whole_numbers_are_named_by_place():
    labels = whole([0, 1.0, True], "labels")
    assert labels.dtype == np.intp
    assert not labels.flags.writeable
    with pytest.raises(ValueError, match=r"^labels\[1\] = 0.5 must be a whole number in \[0, 2\]$"):
        whole([0, 0.5, 1], "labels", high=2)
    with pytest.raises(ValueError, match=r"^labels\[1\] = 3.0 must be a whole number in \[0, 2\]$"):
        whole([0, 3], "labels", high=2)
    with pytest.raises(ValueError, match=r"^labels\[0\] = 1e\+19 must be a whole number in \["):
        whole([1e19], "labels")


@pytest.mark.parametrize(
    ("values", "rest", "words"),
    [
        ([1, 2], {}, "z must be two-dimensional, got shape (2,)"),
        (np.zeros((0, 2)), {}, "z needs at least one row and column, got shape (0, 2)"),
        (np.zeros((2, 0)), {}, "z needs at least one row and column, got shape (2, 0)"),
        ([[1, 2]], {"n": 2}, "z has 1 rows, gains has 2"),
        ([[1, 2]], {"columns": 3, "of": "the pool"}, "z has 2 columns, the pool has 3"),
        ([[1, NAN]], {}, "z[0, 1] = nan must be finite"),
        ([[1], [-1]], {"low": 0}, "z[1, 0] = -1.0 must be finite and non-negative"),
        ([[1], ["x"]], {}, "z[1, 0] = 'x' must be a number"),
    ],
)
def test_a_table_that_cannot_be_is_named_by_place(values, rest, words):
    with pytest.raises(ValueError, match=f"^{re.escape(words)}$"):
        matrix(values, "z", **rest)


def test_class_probabilities():
    assert class_probabilities([[-1e-9, 1.0]]).tolist() == [[0, 1]]
    for one in ([0.25, 1, -1e-9], [[0.25], [1], [0]], np.float32([0.25, 1, 0])):
        assert class_probabilities(one).tolist() == [[0.75, 0.25], [0, 1], [1, 0]]
    for values, words in (
        ([[0.5, 0.5], [0.5, 0.6]], r"p\[1\] sums to 1.1, not 1"),
        ([[1.5, -0.5]], r"p\[0, 0\] = 1.5 must be in \[0, 1\]"),
        ([[1.0], [1.5]], r"p\[1, 0\] = 1.5 must be in \[0, 1\]: one number a point is"),
        ([0.5, NAN], r"p\[1\] = nan must be in \[0, 1\]: one number a point is"),
        ([[[0.5]]], "p must be two-dimensional"),
        ([[NAN, 1.0]], r"p\[0, 0\] = nan"),
    ):
        with pytest.raises(ValueError, match=words):
            class_probabilities(values, "p")


def test_names():
    assert one_of("a", {"a": 1}, "kind") == "a"
    assert one_of(None, ("raise", None), "on_fail") is None
    assert each_of(iter(["a", "b"]), ("a", "b"), "kinds") == ["a", "b"]
    for unknown in ("x", None, 3, ["a"], np.array(["a"]), NAN):
        with pytest.raises(ValueError, match=r"^kind = .* must be one of a, b$"):
            one_of(unknown, ("a", "b"), "kind")
    with pytest.raises(ValueError, match=r"^kinds\[1\] = 'x' must be one of a, b$"):
        each_of(["a", "x"], ("a", "b"), "kinds")
    for no_list in ("a", None, 3):
        with pytest.raises(ValueError, match=r"^kinds = .* must be a list, each one of a, b$"):
            each_of(no_list, ("a", "b"), "kinds")
    with pytest.raises(ValueError, match=r"must be one of a, b, or a file$"):
        one_of("x", ("a", "b"), "kind", "or a file")


def test_an_option_is_refused_as_it_is_written():
    for call, words in (
        (lambda: one_of("x", ("a",), "--kind"), "--kind 'x' must be one of a"),
        (lambda: each_of(["x"], ("a",), "--kinds"), "--kinds 'x' must be one of a"),
        (lambda: number(2, "--delta", high=1), "--delta 2.0 must be in [0, 1]"),
        (lambda: count(-1, "--seed"), "--seed -1 must be a whole number of at least 0"),
    ):
        with pytest.raises(ValueError, match=f"^{re.escape(words)}$"):
            call()


def test_flags_and_types():
    assert flag(np.True_, "capped") is True
    for value in ("no", 1, None, np.array([True])):
        with pytest.raises(ValueError, match=r"^capped = .* must be True or False$"):
            flag(value, "capped")
    assert typed(3, int, "n") == 3
    with pytest.raises(ValueError, match=r"^n = 'x' must be of type int or float$"):
        typed("x", (int, float), "n")


def test_a_long_value_is_cut_and_stands_in_one_line():
    with pytest.raises(ValueError, match=r"^x = \[0, .*\.\.\. must be a number$") as found:
        number(list(range(10_000)), "x")
    assert len(str(found.value)) < 250
    with pytest.raises(ValueError, match="must be a number") as found:
        number(np.eye(3), "x")
    assert "\n" not in str(found.value)


def test_generators():
    rng = np.random.default_rng(0)
    assert generator(rng) is rng
    assert generator(np.int64(3)).random() == np.random.default_rng(3).random()
    for value in (None, True, -1, 1.0, "0", NAN, np.random.RandomState):
        with pytest.raises(ValueError, match=r"^rng = .* must be a numpy.random.Generator or a"):
            generator(value)


GAME = Game([3, 2, 1], 1)
RICH = ConstrainedGame([3, 2, 1], [3, 2, 1], 1)
TABLE = [[0.5, 0.5], [0.4, 0.6]]


def _make(n):
    return Game(np.arange(1.0, n + 1), 1)


# Every public name that takes numbers: how it is called with one bad argument, and how that is
# refused.
REFUSALS = [
    (lambda: Game([1, NAN], 1), "gains[1] = nan"),
    (lambda: Game([1, 2], NAN), "mistakes = nan"),
    (lambda: Game([1, 2], 1, INF, capped=False), "budget = inf"),
    (lambda: Game([1, 2], 1, harm=None), "harm = None"),
    (lambda: Game([1, 2], 1, harms=[1]), "harms has 1 entries"),
    (lambda: Game([1, 2], 1, capped="no"), "capped = 'no'"),
    (lambda: Game([1, 2], 1, abstain=None), "abstain = None"),
    (lambda: ConstrainedGame([1, NAN], [1, 1], 1), "gains[1] = nan"),
    (lambda: ConstrainedGame([1, 2], [1, NAN], 1), "stakes[1] = nan"),
    (lambda: ConstrainedGame([1, 2], [1, 1], [1, NAN], groups=[0, 1]), "mistakes[1] = nan"),
    (lambda: ConstrainedGame([1, 2], [1, 1], [1, 1], groups=[0, NAN]), "groups[1] = nan"),
    (lambda: ConstrainedGame([1, 2], [1, 1], [1], groups=["a", "b"]), "groups[0] = 'a'"),
    (lambda: ConstrainedGame([1, 2], [1, 1], 1, capped=1), "capped = 1"),
    (lambda: StoredGame([1, 2], 1), "gains must be a memmap"),
    (lambda: radsim.constrain([1, 2]), "game = [1, 2] must be of type Game"),
    (lambda: radsim.contaminate(GAME, [0, 0, NAN], 0.5), "profile[2] = nan"),
    (lambda: radsim.contaminate(GAME, [0, 0, 0], NAN), "weight = nan"),
    (lambda: radsim.contaminate([1], [0], 0.5), "game = [1] must be of type Game or Constrained"),
    (lambda: radsim.payoff(GAME, [1, 0], [0, 0, 0]), "q must have shape (3,)"),
    (lambda: radsim.payoff(GAME, [1, 0, "x"], [0, 0, 0]), "q[2] = 'x'"),
    (lambda: radsim.payoff(GAME, [1, 0, 0], None), "l = None"),
    (lambda: radsim.payoff([1, 2], [1, 0], [0, 0]), "game = [1, 2] must be of type Game"),
    (lambda: radsim.worst_case(GAME, np.array([1, None, 0])), "q[1] = None"),
    (lambda: radsim.best_response(GAME, [0]), "l must have shape (3,)"),
    (lambda: radsim.mistakes_from_rate(NAN, 3), "rate = nan"),
    (lambda: radsim.mistakes_from_rate(0.5, 2.5), "n = 2.5"),
    (lambda: radsim.regret(GAME, [1]), "q must have shape (3,)"),
    (
        lambda: radsim.sample(radsim.solve(GAME), rng=0),
        "must be an array of numbers: give its .inclusion",
    ),
    (lambda: radsim.regret(3, [1]), "game = 3 must be of type Game"),
    (lambda: radsim.competitive_ratio(GAME, "x"), "q = 'x'"),
    (lambda: radsim.solve(np.array([1.0])), "game = array([1.]) must be of type Game"),
    (lambda: radsim.solve(GAME, ["value"]), "objective = ['value'] must be one of value"),
    (lambda: radsim.solve(GAME, method=None), "method = None must be one of closed_form"),
    (lambda: radsim.solve(GAME, method="hedge", gap=NAN), "gap = nan"),
    (lambda: radsim.solve(GAME, method="hedge", max_steps=0.5), "max_steps = 0.5"),
    (lambda: radsim.solve(GAME, method="linprog", time_limit=NAN), "time_limit = nan"),
    (lambda: radsim.solve(GAME, method="convex", constraints=3), "constraints = 3"),
    (lambda: radsim.certify(GAME), "must be of type Solution"),
    (lambda: radsim.enclose(3), "solution = 3 must be of type Solution"),
    (lambda: radsim.check_answer(3, [1.0]), "game = 3 must be of type Game or ConstrainedGame"),
    (lambda: radsim.check_answer(GAME, [1.0], objective="best"), "objective = 'best'"),
    (
        lambda: radsim.sample(radsim.solve(GAME), rng=0),
        "inclusion = <Solution: value 0.54545455 by closed",
    ),
    (lambda: radsim.sample([0.5, NAN], rng=0), "inclusion[1] = nan"),
    (lambda: radsim.sample([0.5, 0.5], rng=None), "rng = None"),
    (lambda: radsim.sample([0.5, 0.5], rng=0, size=-1), "size = -1"),
    (lambda: radsim.sample_counts([0.5, 1.5], rng=0), "inclusion[1] = 1.5"),
    (lambda: radsim.sample_counts([0.5, 0.5], rng=0, size=1.5), "size = 1.5"),
    (lambda: radsim.joint_inclusion([[0.5]]), "inclusion must be one-dimensional"),
    (lambda: radsim.joint_inclusion([0.5], 3), "design = 3 must be one of pivotal"),
    (lambda: radsim.audit([NAN], rng=0), "inclusion[0] = nan"),
    (lambda: radsim.audit([], lambda q, rng, size: q, rng=0), "inclusion has 0 entries"),
    (lambda: radsim.audit([0.5], rng=0, tolerance=NAN), "tolerance = nan"),
    (lambda: radsim.audit([0.5], rng=0, error=2), "error = 2.0"),
    (lambda: radsim.audit([0.5], rng=0, max_draws=0), "max_draws = 0"),
    (lambda: radsim.audit([0.5], 3, rng=0), "design = 3 must be one of pivotal"),
    (lambda: radsim.select("margin", [1, NAN], 1, rng=0), "gains[1] = nan"),
    (lambda: radsim.select("margin", [1, 2], NAN, rng=0), "budget = nan"),
    (lambda: radsim.select("rad", [1, 2], 1, rng=0), "mistakes must be given"),
    (lambda: radsim.select("rad", [1, 2], 1, rng=0, mistakes=NAN), "mistakes = nan"),
    (lambda: radsim.select("softmax", [1, 2], 1, rng=0, temperature=0), "temperature = 0.0"),
    (lambda: radsim.select("power", [1, 2], 1, rng=0, exponent=NAN), "exponent = nan"),
    (lambda: radsim.select("k_center", [[1.0]], 1, rng=0, start=0.5), "start = 0.5"),
    (lambda: radsim.select("badge", TABLE, 1, rng=0, embeddings=[[1]]), "embeddings has 1 rows"),
    (lambda: radsim.select("unixkd", TABLE, 1, rng=0, minibatch=NAN), "minibatch = nan"),
    (lambda: radsim.select("oracle", [1], 1, rng=0, harms=[1], wrong=[2]), "wrong[0] = 2.0"),
    (lambda: radsim.scorecard(GAME), "must be of type Instance"),
    (lambda: radsim.solve_many([[1, NAN]], 1), "gains[0, 1] = nan"),
    (lambda: radsim.solve_many([[1, 2]] * 2, [1, NAN]), "mistakes[1] = nan"),
    (lambda: radsim.solve_many([[1, 2]] * 2, [1, 1, 1]), "mistakes has 3 entries, gains has 2"),
    (lambda: radsim.solve_many([[1, 2]], 1, INF, capped=False), "budget = inf"),
    (lambda: radsim.solve_many([[1, 2]], 1, harm=NAN), "harm = nan"),
    (lambda: radsim.solve_many([[1, 2]], 1, harms=[[1, NAN]]), "harms[0, 1] = nan"),
    (lambda: radsim.water_level([1, NAN], [1, 1], 1), "gains[1] = nan"),
    (lambda: radsim.water_level([1, 2], [1, -1], 1), "stakes[1] = -1.0"),
    (lambda: radsim.water_level([1, 2], [1], 1), "stakes has 1 entries"),
    (lambda: radsim.water_level([1, 2], [1, 1], NAN), "mistakes = nan"),
    (
        lambda: radsim.mistakes_upper_bound(1000, 300, 21.000000000000004, 0.05),
        "n_wrong = 21.000000000000004",
    ),
    (lambda: radsim.mistakes_upper_bound(NAN, 300, 21, 0.05), "n_pool = nan"),
    (lambda: radsim.mistakes_upper_bound(1000, True, 0, 0.05), "n_validation = True"),
    (lambda: radsim.mistakes_upper_bound(1000, 300, 21, NAN), "delta = nan"),
    (lambda: inference.mean_at_least([NAN], 0, (0, 1), tolerance=1), "draws[0] = nan"),
    (lambda: inference.mean_at_least([0.5], NAN, (0, 1), tolerance=1), "bound = nan"),
    (lambda: inference.mean_at_least([0.5], 0, (0, NAN), tolerance=1), "support[1] = nan"),
    (lambda: inference.mean_at_least([0.5], 0, (1, 0), tolerance=1), "support[1] = 0.0"),
    (
        lambda: inference.mean_at_least([0.5], 0, 1, tolerance=1),
        "support must be one-dimensional",
    ),
    (lambda: inference.mean_at_least([0.5], 0, (0, 1), tolerance=NAN), "tolerance = nan"),
    (lambda: inference.mean_at_least([0.5], 0, (0, 1), tolerance=1, error=2), "error = 2.0"),
    (
        lambda: inference.mean_at_least([0.5], 0, (0, 1), tolerance=1, error=-1),
        "error = -1.0",
    ),
    (lambda: radsim.error_profile([NAN], [1, 2], [0, 1]), "gains[0] = nan"),
    (lambda: radsim.error_profile([1], [1, 2], [0, NAN]), "validation_wrong[1] = nan"),
    (lambda: radsim.error_profile([1], [1], [0, 1]), "validation_gains has 1 entries"),
    (lambda: radsim.error_profile([1], [1, 2], [0, 1], folds=2.5), "folds = 2.5"),
    (lambda: radsim.error_profile([1], [1, 2], [0, 1], n_bins=0), "n_bins = 0"),
    (lambda: radsim.limits_from_confidence([NAN], 0), "confidences[0] = nan"),
    (lambda: radsim.limits_from_confidence([0.5], NAN), "slack = nan"),
    (lambda: analysis.guarantee_in_error(GAME, [1, 0, 0], [NAN]), "errors[0] = nan"),
    (lambda: analysis.guarantee_in_error(GAME, [NAN, 0, 0], 0), "q[0] = nan"),
    (lambda: analysis.guarantee_in_mistakes(GAME, [0, 0, NAN]), "q[2] = nan"),
    (lambda: analysis.guarantee_in_mistakes(GAME, [1, 0, 0])(NAN), "at = nan"),
    (lambda: analysis.price_of_not_knowing(GAME, [1, NAN], 1), "guesses[1] = nan"),
    (lambda: analysis.price_of_not_knowing(GAME, 1, 4), "truths = 4.0"),
    (lambda: analysis.value_in_budget(GAME, [NAN]), "budgets[0] = nan"),
    (lambda: analysis.value_in_budget(None, 1), "game = None must be of type Game"),
    (lambda: analysis.advise([1, NAN], 1, [1, 1], [0, 1]), "gains[1] = nan"),
    (lambda: analysis.advise([1, 2], 1, [1, 1], [0, 3]), "checked_wrong[1] = 3.0"),
    (lambda: analysis.trade_off(GAME, 2.5), "n_points = 2.5"),
    (lambda: analysis.insurance(GAME, NAN), "n_points = nan"),
    (lambda: analysis.worst_group(GAME), "must be of type ConstrainedGame"),
    (lambda: analysis.worst_group(RICH, "x"), "method = 'x' must be one of linprog"),
    (lambda: analysis.worst_group(RICH, gap=NAN), "gap = nan"),
    (lambda: radsim.draw_instance(rng=1.5), "rng = 1.5"),
    (lambda: radsim.draw_instance(rng=0, largest_n=0), "largest_n = 0"),
    (lambda: analysis.timings(_make, ["closed_form"], [NAN]), "sizes[0] = nan"),
    (lambda: analysis.timings(_make, ["closed_form"], []), "sizes has 0 entries"),
    (
        lambda: analysis.timings(_make, "closed_form", [3]),
        "methods = 'closed_form' must be a list",
    ),
    (lambda: analysis.timings(_make, ["closed_form"], [3], repeats=0), "repeats = 0"),
    (
        lambda: teachers.audit_draw(Instance("x", GAME), TeacherDraw([0, NAN, 0])),
        "wrong[1] = nan",
    ),
    (lambda: teachers.audit_draw(GAME, TeacherDraw([0, 0, 0])), "must be of type Instance"),
    (lambda: radsim.check(CLAIMS["V2"], 3), "instance = 3 must be of type Game or Instance"),
    (lambda: radsim.check(CLAIMS["V2"], Instance("x", GAME), rtol=-1), "rtol = -1.0"),
    (lambda: radsim.check(CLAIMS["V2"], Instance("x", GAME), rtol=INF), "rtol = inf"),
    (lambda: radsim.falsify("V >= k", rng=0), "statement, place 6: no such letter 'k'"),
    (lambda: radsim.falsify("V >= 0", "m > n", rng=0, games=9), "none of 9 games meets"),
    (lambda: radsim.falsify(3, rng=0), "statement = 3 must be text"),
    (lambda: radsim.falsify("V >= 0", None, rng=0), "where = None must be text"),
    (lambda: radsim.falsify("V >= 0", rng=None), "rng = None"),
    (lambda: radsim.falsify("V >= 0", rng=0, games=0), "games = 0"),
    (lambda: radsim.falsify("V >= 0", rng=0, seconds=NAN), "seconds = nan"),
    (lambda: radsim.sweep(print, [{}], "nowhere", seed=NAN), "seed = nan"),
    (lambda: radsim.sweep(print, [3], "nowhere", seed=0), "cells[0] = 3"),
    (lambda: radsim.sweep(print, [{}], None, seed=0), "folder = None"),
]


@pytest.mark.parametrize(("call", "words"), REFUSALS, ids=[words for _, words in REFUSALS])
def test_the_house_refuses_in_one_dialect(call, words, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ValueError, match=re.escape(words)):
        call()
    assert not list(tmp_path.iterdir())


def test_every_public_function_is_in_the_table():
    told = {name for call, _ in REFUSALS for name in call.__code__.co_names}
    functions = {
        name
        for name in radsim.__all__
        if callable(found := getattr(radsim, name)) and not isinstance(found, type)
    }
    assert functions <= told
