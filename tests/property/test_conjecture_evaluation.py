"""Statements mean what NumPy makes of the same text, in fractions and in floats."""

from fractions import Fraction as Q

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from radsim import SELECTORS, Instance, solve, water_level, worst_case
from radsim.conjecture.batches import batch_letters, slacks
from radsim.conjecture.exact import Interval, evaluate
from radsim.conjecture.language import parse
from radsim.conjecture.solved import SOLVED, exact_letters
from radsim.conjecture.trials import Trial, proportional
from radsim.conjecture.words import walk
from radsim.selectors import inclusion_on

NUMBERS = ("n", "m", "b", "c", "1/2", "2", "max(g)", "min(s)", "sum(h)", "mean(g)", "top(g, m)")
VECTORS = ("g", "h", "s", "i", "sorted(g)", "cumsum(s)", "max(g, h)", "abs(g - h)", "sqrt(s)")
SMALL = st.integers(0, 8).map(lambda x: Q(x, 2))


def _grown(kind):
    def grow(inner):
        pairs = st.tuples(inner, st.sampled_from(["+", "-", "*", "/"]), inner)
        made = [pairs.map(lambda x: f"({x[0]} {x[1]} {x[2]})"), inner.map(lambda x: f"(-{x})**2")]
        if kind == "number":
            made += [inner.map(lambda x: f"max({x}, 1)"), inner.map(lambda x: f"floor({x})")]
        return st.one_of(*made)

    return grow


NUMBER = st.recursive(st.sampled_from(NUMBERS), _grown("number"), max_leaves=4)
VECTOR = st.recursive(st.sampled_from((*VECTORS, *NUMBERS)), _grown("vector"), max_leaves=4)
REDUCED = st.tuples(st.sampled_from(["sum", "mean", "min", "max"]), VECTOR).map(
    lambda x: f"{x[0]}({x[1]} + 0*g)"
)


@st.composite
def trials(draw, *, defaults=False):
    gains = tuple(draw(st.lists(SMALL, min_size=1, max_size=4)))
    n = len(gains)
    harms = tuple(draw(st.lists(SMALL, min_size=n, max_size=n)))
    m = Q(draw(st.integers(0, 4 * n)), 4)
    b = Q(draw(st.integers(1, 4 * n)), 4)
    trial = Trial(gains, harms, m, b, None, draw(st.booleans()), draw(st.booleans()) or defaults)
    return proportional(trial, draw(SMALL)) if defaults or draw(st.booleans()) else trial


def _plain(trial):
    """NumPy's names for what the language calls so, written anew."""
    g, h = np.array(trial.gains, dtype=float), np.array(trial.harms, dtype=float)

    def top(x, k):
        return sum(min(1, max(0, k - j)) * a for j, a in enumerate(sorted(x, reverse=True)))

    return {
        "g": g,
        "h": h,
        "s": g + h,
        "i": np.arange(1, len(g) + 1),
        "n": len(g),
        "m": float(trial.mistakes),
        "b": float(trial.budget),
        "c": np.nan if trial.multiple is None else float(trial.multiple),
        "max": lambda *x: np.max(x[0]) if len(x) == 1 else np.maximum(*x),
        "min": np.min,
        "sum": np.sum,
        "mean": np.mean,
        "sorted": lambda x: np.sort(x)[::-1],
        "cumsum": np.cumsum,
        "top": top,
        "abs": np.abs,
        "sqrt": np.sqrt,
        "floor": np.floor,
        "__builtins__": {},
    }


def _number(found):
    if found is None:
        return np.nan
    return float((found.low + found.high) / 2 if isinstance(found, Interval) else found)


@settings(max_examples=300, derandomize=True, deadline=None)
@given(trial=trials(), text=st.one_of(NUMBER, REDUCED))
def test_a_statement_means_what_numpy_makes_of_it(trial, text):
    node = parse(f"{text} >= 0").args[0]
    with np.errstate(all="ignore"):
        try:
            expected = float(eval(text, _plain(trial)))
        except ZeroDivisionError:
            expected = np.nan
        found = slacks(node, batch_letters([trial, trial], ()))
    exact = _number(evaluate(node, exact_letters(trial, ())))
    near = floor_is_near(text, node, trial)
    if np.isfinite(exact) and np.isfinite(expected) and not near:
        scale = max(1.0, abs(exact))
        assert abs(exact - expected) <= 1e-6 * scale
        assert np.all(np.abs(np.broadcast_to(found, 2) - exact) <= 1e-6 * scale)
    elif not near:
        # Where a division by zero or an unknown c leaves nothing, all say so.
        assert not np.isfinite(exact)
        assert not np.isfinite(found).all()


def floor_is_near(text, node, trial):
    """Whether rounding may decide what floor gives, or what is divided by."""
    letters = exact_letters(trial, ())
    for x in walk(node):
        if x.op == "floor":
            inner = evaluate(x.args[0], letters)
            if inner is None or abs(_number(inner) - round(_number(inner))) < 1e-9:
                return True
        if x.op == "div":
            below = evaluate(x.args[1], letters)
            rows = below if isinstance(below, tuple) else (below,)
            if any(y is None or abs(_number(y)) < 1e-9 for y in rows):
                return any(not isinstance(y, Q) or y != 0 for y in rows) or "sqrt" in text
    return False


@settings(max_examples=120, derandomize=True, deadline=None)
@given(trial=trials())
def test_letters_are_those_of_the_house(trial):
    names = tuple(SOLVED)
    game = trial.game()
    exact = {
        name: _number(exact_letters(trial, [name])[name])
        for name in names
        if name not in ("q", "l", "tau")
    }
    floats = {k: float(x[0]) for k, x in batch_letters([trial], exact).items() if k in exact}
    for name, value in exact.items():
        assert np.isnan(value) == np.isnan(floats[name]), name
        assert np.isnan(value) or abs(value - floats[name]) < 1e-6, name
    assert abs(exact["V"] - solve(game).value) < 1e-9
    for name in ("margin", "uniform", "power", "softmax"):
        q = inclusion_on(SELECTORS[name], Instance("drawn", game))
        assert abs(exact[f"W({name})"] - worst_case(game, q)[0]) < 1e-6
    shares = sum(a / s for a, s in zip(trial.gains, trial.stakes, strict=True) if a)
    if shares > trial.mistakes:
        level = water_level(game.gains, game.stakes, float(trial.mistakes))
        assert abs(exact["lam"] - level[0]) < 1e-9
    if not np.isnan(exact["R"]):
        assert abs(exact["R"] - solve(game, "regret").value) < 1e-9
    if not np.isnan(exact["rho"]):
        assert abs(exact["rho"] - solve(game, "ratio").value) < 1e-9
