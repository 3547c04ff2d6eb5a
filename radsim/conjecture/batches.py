r"""Conjectures in floats, on many games of one size at once: how far each is from failing.

Numbers have shape (K,), vectors (K, n), one row a game.  A truth is a *slack*: positive where it
holds, negative where it fails, relative to the larger side; what is not defined is NaN.  A slack
near zero or below is for the exact arithmetic to judge.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import numpy as np

from radsim.conjecture.solved import plain_letters
from radsim.conjecture.trials import Trial
from radsim.conjecture.words import Node
from radsim.door import Array
from radsim.selectors.formulas import softmax
from radsim.solvers import solve

__all__ = ["FLOATS", "batch_letters", "slacks"]

# Below this no side of a comparison counts as different from zero: gains are of order one.
SMALL = 1e-6


def _divided(x: Array, y: Array) -> Array:
    return np.where(y == 0, np.nan, x / np.where(y == 0, 1.0, y))


def _apart(x: Array, y: Array) -> Array:
    """How much larger x is, relative to the larger of both."""
    return (x - y) / np.maximum(np.maximum(np.abs(x), np.abs(y)), SMALL)


def _and(*parts: Array) -> Array:
    """The least slack; where one is not defined, only a failure elsewhere decides."""
    rows = np.stack(np.broadcast_arrays(*parts))
    least = np.min(np.where(np.isnan(rows), np.inf, rows), axis=0)
    return np.where(np.isnan(rows).any(axis=0) & ~(least < 0), np.nan, least)


def _or(*parts: Array) -> Array:
    return -_and(*(-x for x in parts))


def top_share(n: int, amount: Array) -> Array:
    """How much of each place the so many largest take, row by row."""
    return np.clip(amount[..., None] - np.arange(n), 0, 1)


def _falling(x: Array) -> Array:
    return -np.sort(-x, axis=-1)


def float_top(x: Array, amount: Array) -> Array:
    """Sum of so many of the largest entries of each row."""
    amount = np.broadcast_to(amount, x.shape[:-1])
    total = np.sum(_falling(x) * top_share(x.shape[-1], amount), axis=-1)
    return np.where(amount >= 0, total, np.nan)


def _quantile(x: Array, share: Array) -> Array:
    share = np.broadcast_to(share, x.shape[:-1])
    inside = (share >= 0) & (share <= 1)
    ordered = np.sort(x, axis=-1)
    place = np.where(inside, share, 0) * (x.shape[-1] - 1)
    low = np.floor(place).astype(int)
    high = np.minimum(low + 1, x.shape[-1] - 1)
    a, b = (np.take_along_axis(ordered, k[..., None], -1)[..., 0] for k in (low, high))
    return np.where(inside, a + (place - low) * (b - a), np.nan)


# Operation of a node -> the rule for arrays.
FLOATS: Mapping[str, Callable[..., Array]] = {
    "add": np.add,
    "sub": np.subtract,
    "mul": np.multiply,
    "div": _divided,
    "neg": np.negative,
    "abs": np.abs,
    "sqrt": np.sqrt,
    "floor": lambda x: np.floor(x + 1e-12),
    "ceil": lambda x: np.ceil(x - 1e-12),
    "smaller": lambda *x: np.minimum.reduce(np.broadcast_arrays(*x)),
    "larger": lambda *x: np.maximum.reduce(np.broadcast_arrays(*x)),
    "spread": lambda x: x[..., None],
    "sum": lambda x: np.sum(x, axis=-1),
    "mean": lambda x: np.mean(x, axis=-1),
    "min": lambda x: np.min(x, axis=-1),
    "max": lambda x: np.max(x, axis=-1),
    "sorted": _falling,
    "cumsum": lambda x: np.cumsum(x, axis=-1),
    "top": float_top,
    "quantile": _quantile,
    "lt": lambda x, y: _apart(y, x),
    "le": lambda x, y: _apart(y, x),
    "gt": _apart,
    "ge": _apart,
    "eq": lambda x, y: -np.abs(_apart(x, y)),
    "ne": lambda x, y: np.abs(_apart(x, y)),
    "every": lambda x: _and(*np.moveaxis(x, -1, 0)),
    "not": np.negative,
    "and": _and,
    "or": _or,
}


def slacks(node: Node, letters: Mapping[str, Array]) -> Array:
    """What a node says of a batch: its numbers, or of a truth its slack."""
    if node.op == "number":
        return np.asarray(float(node.value))
    if node.op in ("letter", "guarantee"):
        return letters[node.value if node.op == "letter" else f"W({node.value})"]
    args = [slacks(x, letters) for x in node.args]
    if node.op == "pow":
        power = int(node.value)
        return args[0] ** power if power >= 0 else _divided(np.ones(()), args[0] ** -power)
    return FLOATS[node.op](*args)


def _values(g: Array, s: Array, m: Array, b: Array, capped: bool) -> Array:
    r"""Values of abstaining games: the least of V3's dual function over its knots.

    :math:`F(\lambda) = b\lambda + f(\lambda)` bounds V at every price.  Its minimum is at
    0, at a gain, or where the k largest stakes above a gain use exactly the m mistakes.
    """
    order = np.argsort(-s, axis=1, kind="stable")
    g, s = np.take_along_axis(g, order, 1), np.take_along_axis(s, order, 1)
    bottom = np.where(s > 0, s, 1.0)
    play = (g[:, None, :] >= g[:, :, None]) & (g > 0)[:, None, :]
    ratio = np.cumsum(np.where(play, (g / bottom)[:, None, :], 0), axis=2)
    inverse = np.cumsum(np.where(play, (1 / bottom)[:, None, :], 0), axis=2)
    between = _divided(ratio - m[:, None, None], inverse).reshape(len(g), -1)
    prices = np.concatenate((np.zeros((len(g), 1)), g, between), axis=1)
    prices = np.maximum(0, np.where(np.isnan(prices), 0, prices))
    if not capped:
        # Prefix form V2, sorted by gain instead.
        return b * _levels(g, s, m)
    surplus = np.maximum(0, g[:, None, :] - prices[:, :, None])
    need = surplus / bottom[:, None, :]
    before = np.cumsum(need, axis=2) - need
    shaved = np.clip(m[:, None, None] - before, 0, need)
    left = surplus - shaved * s[:, None, :]
    return np.min(b[:, None] * prices + np.sum(np.maximum(0, left), axis=2), axis=1)


def _levels(g: Array, s: Array, m: Array) -> Array:
    """V1's water levels, by the prefix form."""
    order = np.argsort(-g, axis=1, kind="stable")
    g, s = np.take_along_axis(g, order, 1), np.take_along_axis(s, order, 1)
    play, bottom = g > 0, np.where(s > 0, s, 1.0)
    top = np.cumsum(np.where(play, g / bottom, 0), axis=1) - m[:, None]
    level = _divided(top, np.cumsum(np.where(play, 1 / bottom, 0), axis=1))
    return np.maximum(0, np.max(np.where(np.isnan(level), 0, level), axis=1))


def _one_by_one(trials: Sequence[Trial], read: Callable[[Trial], Any]) -> Array:
    return np.array([read(trial) for trial in trials], dtype=np.float64)


def _solution(trial: Trial, name: str) -> Any:
    return getattr(solve(trial.game(), certify=False), name)


def _hindsight(trials: Sequence[Trial], base: Mapping[str, Array], ratio: bool) -> Array:
    """R1 and R2 by their formulas where the learner may abstain; otherwise solved one by one."""
    g, s, m, b = (base[x] for x in "gsmb")
    first = trials[0]
    defined: Array = np.asarray(m == np.floor(m)) & np.asarray((b <= 1) | (not first.capped))
    if ratio:
        defined &= m < np.sum(g > 0, axis=1)
    if not first.abstain:
        return _one_by_one(trials, lambda trial: _forced_hindsight(trial, ratio))
    order = np.argsort(-g, axis=1, kind="stable")
    g, s = np.take_along_axis(g, order, 1), np.take_along_axis(s, order, 1)
    value = _levels(g, s, m)
    share = np.where(g > 0, (s - g + value[:, None]) / np.where(s > 0, s, 1), 1.0)
    enough = np.cumsum(share, axis=1) >= 1 - 1e-12
    j = np.argmax(enough, axis=1)
    t = np.where(enough.any(axis=1), np.take_along_axis(g, j[:, None], 1)[:, 0], 0.0)
    if not ratio:
        t = np.maximum(t, _levels(g, s, np.ones(len(g))))
    best = t + np.sum(np.maximum(0, g - t[:, None]) * share, axis=1)
    return np.where(defined, _divided(value, best) if ratio else b * (best - value), np.nan)


def _forced_hindsight(trial: Trial, ratio: bool) -> float:
    try:
        return float(solve(trial.game(), "ratio" if ratio else "regret").value)
    except ValueError:  # not defined there
        return np.nan


def _filled(weights: Array, b: Array) -> Array:
    """In proportion to the weights, at most one; what they cannot take goes to the weightless."""
    q = np.zeros_like(weights)
    full = np.zeros(weights.shape, dtype=bool)
    for _ in range(weights.shape[1]):
        total = np.sum(np.where(full, 0, weights), axis=1)
        unit = _divided(b - full.sum(axis=1), total)[:, None]
        q = np.where(full, 1.0, np.where(np.isnan(unit), 0.0, weights * unit))
        full |= q >= 1
    q = np.minimum(q, 1)
    none = weights == 0
    rest = _divided(b - q.sum(axis=1), none.sum(axis=1))[:, None]
    return np.where(none & (rest > 0), rest, q)


def _margin(base: Mapping[str, Array]) -> Array:
    order = np.argsort(-base["g"], axis=1, kind="stable")
    place = np.argsort(order, axis=1)
    return np.clip(base["b"][:, None] - place, 0, 1)


def _power(base: Mapping[str, Array]) -> Array:
    w = base["g"] ** 2
    return _filled(np.where(np.any(w, axis=1, keepdims=True), w, 1.0), base["b"])


def _softmax(base: Mapping[str, Array]) -> Array:
    return np.array([softmax(g, float(b)) for g, b in zip(base["g"], base["b"], strict=True)])


def _worst(base: Mapping[str, Array], q: Array) -> Array:
    worst = np.sum(q * base["g"], axis=1) - float_top(q * base["s"], base["m"])
    return np.where(base["b"] <= base["n"], worst, np.nan)


def _value(trials: Sequence[Trial], base: Mapping[str, Array]) -> Array:
    if not trials[0].abstain:
        return _one_by_one(trials, lambda trial: _solution(trial, "value"))
    return _values(base["g"], base["s"], base["m"], base["b"], trials[0].capped)


# Letter or guarantee -> (trials, plain letters) -> its numbers.
_SOLVED: Mapping[str, Callable[[Sequence[Trial], Mapping[str, Array]], Array]] = {
    "V": _value,
    "W(rad)": _value,
    "q": lambda trials, _: _one_by_one(trials, lambda trial: _solution(trial, "inclusion")),
    "l": lambda trials, _: _one_by_one(
        trials, lambda trial: _solution(trial, "mistake_probabilities")
    ),
    "tau": lambda trials, _: _one_by_one(trials, lambda trial: _solution(trial, "threshold")),
    "lam": lambda _, base: _levels(base["g"], base["s"], base["m"]),
    "R": lambda trials, base: _hindsight(trials, base, ratio=False),
    "rho": lambda trials, base: _hindsight(trials, base, ratio=True),
    "W(margin)": lambda _, base: _worst(base, _margin(base)),
    "W(uniform)": lambda _, base: _worst(
        base, np.repeat((base["b"] / base["n"])[:, None], base["g"].shape[1], axis=1)
    ),
    "W(power)": lambda _, base: _worst(base, _power(base)),
    "W(softmax)": lambda _, base: _worst(base, _softmax(base)),
}


def batch_letters(trials: Sequence[Trial], names: Iterable[str]) -> dict[str, Array]:
    """Letters of trials of one size and one set of rules, as arrays.

    A truth, as ``capped``, is a slack of plus or minus infinity.
    """
    exact = [plain_letters(trial) for trial in trials]
    out = {}
    for name in exact[0]:
        values = [x[name] for x in exact]
        if isinstance(values[0], bool):
            out[name] = np.where(np.array(values), np.inf, -np.inf)
        elif isinstance(values[0], tuple):
            out[name] = np.array([[float(x) for x in row] for row in values])
        else:
            out[name] = np.array([np.nan if x is None else float(x) for x in values])
    with np.errstate(all="ignore"):
        return out | {name: _SOLVED[name](trials, out) for name in names if name in _SOLVED}
