r"""Contract of a selector: what every caller may count on.

The first checks use games in general position, so that each fault is named by the check that is
about it: ties, zeros and extreme sizes come later, each by itself.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from radsim.data.gains import gains_from_probabilities
from radsim.data.instances import Instance
from radsim.game import Array, Game
from radsim.selectors import Selection, Selector, select_on
from radsim.testing.asking import ask, drawn_between, expected, filled
from radsim.testing.checks import Broken, Check, relabelled, scaled
from radsim.testing.run import Run
from radsim.testing.strategies import gains, instances

__all__ = ["CONTRACT_CHECKS"]

_ROUNDING = 1e-9  # of an inclusion probability
_DRAWN = "drawn from"  # pools on which a selector is known by its draws alone
_ERROR = 1e-9  # of a verdict that rests on draws
_SURE = float("inf")  # slack of what is either so or not


def _abstains(selector: Selector, instance: Instance) -> bool:
    """Whether the selector was told that it may leave budget unspent."""
    return "abstain" in selector.takes and instance.game.abstain


# --- one thing at a time; each raises Broken or returns its slack ---


def _shape(selector: Selector, instance: Instance, run: Run) -> float:
    found, n = ask(selector, instance, run.seed), instance.game.n
    if found.indices.ndim != 1 or not (
        np.issubdtype(found.indices.dtype, np.integer) or found.indices.size == 0
    ):
        raise Broken(
            f"picks are {found.indices.dtype} of shape {found.indices.shape}, not a row of indices"
        )
    if found.inclusion is not None and found.inclusion.shape != (n,):
        raise Broken(f"inclusion has shape {found.inclusion.shape}, not ({n},)")
    return _SURE


def _range(selector: Selector, instance: Instance, run: Run) -> float:
    found, n = ask(selector, instance, run.seed), instance.game.n
    bad = found.indices[(found.indices < 0) | (found.indices >= n)]
    if bad.size:
        raise Broken(f"pick {bad[0]} is not an index in [0, {n})")
    q = found.inclusion
    if q is None:
        return _SURE
    if not np.isfinite(q).all():
        i = int(np.flatnonzero(~np.isfinite(q))[0])
        raise Broken(f"inclusion[{i}] = {q[i]}")
    slack = _ROUNDING + float(min(q.min(), 1 - q.max()))
    if slack < 0:
        i = int(np.argmax(np.maximum(-q, q - 1)))
        raise Broken(f"inclusion[{i}] = {q[i]:.10g} is not in [0, 1]")
    return slack


def _distinct(selector: Selector, instance: Instance, run: Run) -> float:
    picks, times = np.unique(ask(selector, instance, run.seed).indices, return_counts=True)
    if (times > 1).any():
        i = int(np.argmax(times))
        raise Broken(f"point {picks[i]} is picked {times[i]} times")
    return _SURE


def _budget(selector: Selector, instance: Instance, run: Run) -> float:
    size, b = len(ask(selector, instance, run.seed).indices), int(instance.game.budget)
    if size > b or (size < b and not _abstains(selector, instance)):
        raise Broken(f"{size} points are picked, the budget is {b}")
    return _SURE


def _inclusion_sum(selector: Selector, instance: Instance, run: Run) -> float | None:
    q, b = ask(selector, instance, run.seed).inclusion, instance.game.budget
    if q is None:
        return None
    total = float(q.sum())
    over = total - b if _abstains(selector, instance) else abs(total - b)
    if not over <= _ROUNDING * b:
        raise Broken(f"inclusion sums to {total:.10g}, the budget is {b:g}")
    return _ROUNDING - over / b


def _agreement(selector: Selector, instance: Instance, run: Run) -> float | None:
    told = None
    for seed in range(run.seed, run.seed + 5):
        found = ask(selector, instance, seed)
        q = found.inclusion
        if q is None:
            continue
        told = _SURE
        picked = np.zeros(instance.game.n, dtype=bool)
        picked[found.indices] = True
        wrong = (picked & (q <= 0)) | (~picked & (q >= 1))
        if wrong.any():
            i = int(np.flatnonzero(wrong)[0])
            raise Broken(
                f"point {i} has inclusion {q[i]:g} and is {'' if picked[i] else 'not '}picked"
            )
        if abs(len(found.indices) - q.sum()) > 1 + _ROUNDING:
            raise Broken(f"{len(found.indices)} picks where inclusion sums to {q.sum():g}")
    return told


def _same(a: Selection, b: Selection) -> str:
    if not np.array_equal(a.indices, b.indices):
        return f"picks {a.indices.tolist()} and then {b.indices.tolist()}"
    q, r = a.inclusion, b.inclusion
    if q is None and r is None:
        return ""
    if q is None or r is None or not np.array_equal(q, r):
        return "other inclusion probabilities the second time"
    return ""


def _seed(selector: Selector, instance: Instance, run: Run) -> float:
    for seed in range(run.seed, run.seed + 5):
        first, second = (ask(selector, instance, seed) for _ in range(2))
        if words := _same(first, second):
            raise Broken(f"the same generator twice: {words}")
    return _SURE


def _global_state(selector: Selector, instance: Instance, run: Run) -> float:
    before = np.random.get_state(legacy=False)  # noqa: NPY002 - the state that is watched
    ask(selector, instance, run.seed)
    after = np.random.get_state(legacy=False)  # noqa: NPY002 - the state that is watched
    key, place = before["state"]["key"], before["state"]["pos"]
    if not np.array_equal(key, after["state"]["key"]) or place != after["state"]["pos"]:
        raise Broken("numpy's global random state has changed; draw from rng")
    return _SURE


def _input_untouched(selector: Selector, instance: Instance, run: Run) -> float:
    """Writable copies are compared afterwards; a game's own arrays are read-only."""

    def watched(data: Any, budget: float, **rest: Any) -> Any:
        given = {selector.takes[0]: data} | rest
        arrays = {name: x for name, x in given.items() if isinstance(x, np.ndarray)}
        free = {name: x.copy() for name, x in arrays.items()}
        first, *others = (free.get(name, given[name]) for name in given if name != "rng")
        names = [name for name in given if name != "rng"][1:]
        found = selector.select(
            first, budget, rng=rest["rng"], **dict(zip(names, others, strict=True))
        )
        for name, x in free.items():
            if not np.array_equal(x, arrays[name]):
                raise Broken(f"{name} is changed")
        return found

    rng = np.random.default_rng(run.seed)
    select_on(replace(selector, select=watched), instance, rng=rng)
    try:
        select_on(selector, instance, rng=rng)
    except ValueError as error:
        raise Broken(f"read-only input is refused: {error}") from error
    return _SURE


def _compare(
    selector: Selector,
    instance: Instance,
    run: Run,
    other: Instance,
    back: Array,
    words: str,
) -> float | None:
    q, moved = (expected(selector, x, run.seed) for x in (instance, other))
    if q is None or moved is None:
        return None
    moved = moved[back]
    gap = np.abs(q - moved)
    if not gap.max() <= 1e-7:
        i = int(np.argmax(gap))
        raise Broken(f"inclusion of point {i} is {q[i]:.6g}, {words} {moved[i]:.6g}")
    return float(1e-7 - gap.max())


def _draws_compare(
    selector: Selector, instance: Instance, run: Run, other: Instance, back: Array, words: str
) -> float:
    """The same of a selector that draws: intervals of its inclusion probabilities must meet."""
    rng, n, error = np.random.default_rng([run.seed, 8]), run.profile.repetitions, _ERROR / 12
    low, high = drawn_between(selector, instance, n, rng=rng, error=error)
    moved_low, moved_high = drawn_between(selector, other, n, rng=rng, error=error)
    apart = np.maximum(low - moved_high[back], moved_low[back] - high)
    i = int(np.argmax(apart))
    if apart[i] > 0:
        raise Broken(
            f"inclusion of point {i} is in [{low[i]:.4g}, {high[i]:.4g}], {words} in "
            f"[{moved_low[back][i]:.4g}, {moved_high[back][i]:.4g}] (error level {_ERROR:g})"
        )
    return _SURE


def _permutation(selector: Selector, instance: Instance, run: Run) -> float | None:
    n, slacks = instance.game.n, []
    compare = _draws_compare if instance.name == _DRAWN else _compare
    for order in (np.arange(n)[::-1], np.random.default_rng([run.seed, 1]).permutation(n)):
        words = f"with the points in order {order.tolist()}"
        other, back = relabelled(instance, order), np.argsort(order)
        slacks.append(compare(selector, instance, run, other, back, words))
    return min((slack for slack in slacks if slack is not None), default=None)


def _scale(selector: Selector, instance: Instance, run: Run) -> float | None:
    slacks = []
    for power in (-20, 20):
        other = scaled(instance, 2.0**power)
        words = f"in a unit 2^{power} times as large"
        same = np.arange(instance.game.n)
        slacks.append(_compare(selector, instance, run, other, same, words))
    return min((slack for slack in slacks if slack is not None), default=None)


_BASICS = (_shape, _range, _distinct, _budget, _inclusion_sum, _agreement)


def _basics(selector: Selector, instance: Instance, run: Run) -> float:
    """Basic checks of shape, range and budget on a special pool."""
    slacks = [basic(selector, instance, run) for basic in _BASICS]
    return min(slack for slack in slacks if slack is not None)


def _extreme(selector: Selector, instance: Instance, run: Run) -> float:
    """Basic checks in extreme units, compared with the picks in an ordinary unit."""
    slack = _basics(selector, instance, run)
    unit = float(instance.game.gains.max())
    other, same = scaled(instance, 1 / unit), np.arange(instance.game.n)
    words = f"in a unit of {unit:g}"
    near = _compare(selector, instance, run, other, same, words)
    return slack if near is None else min(slack, near)


# --- cases ---


def _general(selector: Selector, run: Run) -> SearchStrategy[Instance]:
    made = instances((2, 8), takes=selector.takes, ties=False)
    return made.filter(lambda instance: instance.game.budget < instance.game.n)


def _orders(selector: Selector, run: Run) -> SearchStrategy[Instance] | list[Instance]:
    """Games in general position; a few fixed ones for a selector that has to be drawn from."""
    games = [
        Game([1, 0.6], 1, 1, abstain=False),
        Game([0.3, 1, 0.1, 0.6], 1, 2, abstain=False),
        Game([0.2, 0.9, 0.5, 1, 0.4, 0.7], 2, 2, abstain=False),
    ]
    cases = [filled(selector, game, _DRAWN) for game in games]
    try:
        told = expected(selector, cases[-1], run.seed) is not None
    except Exception:  # whatever it raises is shown by the check itself
        told = True
    return _general(selector, run) if told else cases


def _tied(selector: Selector, run: Run) -> SearchStrategy[Instance]:
    """Few different gains; all data of some points the same."""

    @st.composite
    def made(draw: st.DrawFn) -> Instance:
        g = draw(gains((2, 8), elements=st.sampled_from([1.0, 2.0])))
        b = draw(st.integers(1, len(g) - 1))
        instance = filled(selector, Game(g, min(1, len(g) - 1), b, abstain=False), "ties")
        if instance.features is not None:
            instance = replace(instance, features=np.tile(g[:, None], 2))
        return instance

    return made()


def _zeros(selector: Selector, run: Run) -> SearchStrategy[Instance]:
    @st.composite
    def made(draw: st.DrawFn) -> Instance:
        g = draw(gains((2, 6), elements=st.sampled_from([0.0, 1.0])))
        b = draw(st.integers(1, len(g) - 1))
        instance = filled(selector, Game(g, 0, b, abstain=False), "zero gains")
        if instance.features is not None:
            instance = replace(instance, features=np.tile(g[:, None], 2))
        return instance

    return made()


def _tiny(selector: Selector, run: Run) -> list[Instance]:
    made = []
    for g in ([1.0], [1.0, 0.5], [0.9, 0.5, 0.2]):
        for b in range(1, len(g) + 1):
            made.append(filled(selector, Game(g, 0, b, abstain=False), "tiny"))
    return made


def _extremes(selector: Selector, run: Run) -> list[Instance]:
    game = Game([0.3, 1, 0.1, 0.6], 1, 2, abstain=False)
    ordinary = filled(selector, game, "extreme")
    return [scaled(ordinary, unit) for unit in (1e-300, 1e-100, 1e100, 1e300)]


def _huge(selector: Selector, run: Run) -> list[Instance]:
    # Clusters of embeddings take n^2.
    n = 2_000 if "embeddings" in selector.takes else run.profile.huge
    rng = np.random.default_rng([run.seed, 2])
    probabilities = rng.dirichlet(np.ones(3), n)
    game = Game(gains_from_probabilities(probabilities), n // 10, 100, abstain=False)
    return [Instance("huge", game, features=rng.normal(size=(n, 4)), probabilities=probabilities)]


def _no_unit(selector: Selector) -> str:
    with_unit = {"gains", "embeddings"} & set(selector.takes)
    return "" if with_unit else "takes nothing that has a unit"


def _contract(id: str, says: str, test: Any, cases: Any = _general, **more: Any) -> Check:
    return Check(id, "contract", says, test, cases, **more)


CONTRACT_CHECKS: tuple[Check, ...] = (
    _contract("shape", "picks are a row of indices; inclusion has one entry a point", _shape),
    _contract("range", "picks are in [0, n), inclusion probabilities in [0, 1]", _range),
    _contract("distinct", "no point is picked twice", _distinct),
    _contract("budget", "as many points are picked as the budget says", _budget),
    _contract("inclusion_sum", "inclusion probabilities sum to the budget", _inclusion_sum),
    _contract(
        "agreement", "inclusion 0 is never picked, inclusion 1 always, sizes agree", _agreement
    ),
    _contract("seed", "the same generator gives the same selection", _seed),
    _contract("global_state", "no global random state is touched", _global_state),
    _contract(
        "input_untouched", "the input is left as it was, and may be read-only", _input_untouched
    ),
    _contract("permutation", "the order of the points does not matter", _permutation, _orders),
    _contract("scale", "the unit does not matter", _scale, unless=_no_unit),
    _contract("ties", "with equal points the contract holds", _basics, _tied),
    _contract("zero_gains", "without gains the contract holds", _basics, _zeros),
    _contract("tiny_pools", "with one to three points, and b = n, it holds", _basics, _tiny),
    _contract(
        "extreme_units",
        "with gains of 1e-300 to 1e300 it holds",
        _extreme,
        _extremes,
        unless=_no_unit,
    ),
    _contract("huge_pool", "with very many points it holds", _basics, _huge),
)
