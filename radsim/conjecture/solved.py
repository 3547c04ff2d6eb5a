r"""The letters of a trial in exact fractions: its value by a linear program, and its proof."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from fractions import Fraction
from functools import lru_cache
from typing import Any, NamedTuple

from radsim.conjecture.exact import Interval, exact_top
from radsim.conjecture.trials import Trial, whole_units
from radsim.game import Game
from radsim.selectors.formulas import softmax
from radsim.simplex import maximise
from radsim.solution import SolveError
from radsim.solvers import solve

__all__ = ["SOLVED", "Optimum", "exact_letters", "optimum", "plain_letters"]

Q = Fraction


class Optimum(NamedTuple):
    """Optimum of a trial: value, strategies of both sides, threshold."""

    value: Q
    q: tuple[Q, ...]
    l: tuple[Q, ...]
    tau: Q


@lru_cache(maxsize=4096)
def optimum(trial: Trial) -> Optimum:
    r"""Value and strategies by the simplex method, re-evaluated on both sides.

    The learner's program: the largest :math:`q \cdot g - m\tau - \sum y` with
    :math:`q_i s_i \le \tau + y_i` and what bounds q.  A forced budget is spent when gains are
    lifted by more than the largest harm.

    Raises
    ------
    SolveError
        If the payoff of q against its worst mistakes, and of l against its best response, are not
        the value (a defect, not a rounding).

    Examples
    --------
    >>> optimum(Trial((Q(1), Q(1, 2), Q(1, 4)), (Q(0),) * 3, Q(1), Q(1))).value
    Fraction(1, 3)
    """
    g, h, s, m, b, n = (
        trial.gains,
        trial.harms,
        trial.stakes,
        trial.mistakes,
        trial.budget,
        trial.n,
    )
    lift = Q(0) if trial.abstain else 1 + max(h)
    none = [Q(0)] * (2 * n + 1)
    rows, bounds = [], []
    for i in range(n):
        row = list(none)
        row[i], row[n], row[n + 1 + i] = s[i], Q(-1), Q(-1)
        rows.append(row)
        bounds.append(Q(0))
    rows.append([Q(1)] * n + [Q(0)] * (n + 1))
    bounds.append(b)
    if trial.capped:
        rows += [[Q(int(k == i)) for k in range(2 * n + 1)] for i in range(n)]
        bounds += [Q(1)] * n
    x, y = maximise([a + lift for a in g] + [-m] + [Q(-1)] * n, rows, bounds)
    q, l, tau = tuple(x[:n]), tuple(y[:n]), x[n]
    low = _worst(trial, q)
    robust = [a - c * d for a, c, d in zip(g, s, l, strict=True)]
    if trial.abstain:
        robust = [max(Q(0), a) for a in robust]
    high = exact_top(tuple(robust), b) if trial.capped else b * max(robust)
    feasible = all(0 <= a <= 1 for a in l) and sum(l) <= m and all(a >= 0 for a in q)
    spent = sum(q) == b or (trial.abstain and sum(q) < b)
    if not (low == high and feasible and spent and (not trial.capped or max(q) <= 1)):
        raise SolveError(f"the exact value of {trial} is not proved: {low} and {high}")
    return Optimum(low, q, l, tau)


def _worst(trial: Trial, q: tuple[Q, ...]) -> Q:
    """Payoff of q against the costliest mistakes."""
    bite = tuple(a * c for a, c in zip(q, trial.stakes, strict=True))
    earned = sum((a * c for a, c in zip(q, trial.gains, strict=True)), Q(0))
    return earned - exact_top(bite, trial.mistakes)


def _level(trial: Trial) -> Q:
    """V1's water level in its prefix form."""
    total, inverse, best = Q(0), Q(0), Q(0)
    for a, c in sorted(zip(trial.gains, trial.stakes, strict=True), reverse=True):
        if a:
            total, inverse = total + a / c, inverse + 1 / c
            best = max(best, (total - trial.mistakes) / inverse)
    return best


def _hindsight(trial: Trial, objective: str) -> Q | None:
    """Regret or ratio where it is defined: whole m, and a budget of one or with replacement."""
    _, gains, harms = whole_units(trial)
    m, b = trial.mistakes, trial.budget
    if m.denominator > 1 or (trial.capped and b > 1) or max(gains + harms) >= 2**50:
        return None
    game = Game(gains, int(m), harms=harms, capped=trial.capped, abstain=trial.abstain)
    try:
        return Q(solve(game, objective, "rational").value)
    except ValueError:  # not defined there
        return None


def _regret(trial: Trial) -> Q | None:
    found = _hindsight(trial, "regret")
    return None if found is None else found * trial.budget / whole_units(trial)[0]


def _margin(trial: Trial) -> tuple[Q, ...]:
    order = sorted(range(trial.n), key=lambda k: -trial.gains[k])
    place = {point: k for k, point in enumerate(order)}
    return tuple(min(Q(1), max(Q(0), trial.budget - place[k])) for k in range(trial.n))


def _power(trial: Trial) -> tuple[Q, ...]:
    weights = [x * x for x in trial.gains] if any(trial.gains) else [Q(1)] * trial.n
    full: set[int] = set()
    while True:
        open_ = [k for k in range(trial.n) if k not in full and weights[k]]
        left = trial.budget - len(full)
        if not open_:
            rest = [k for k in range(trial.n) if not weights[k]]
            share = left / len(rest) if rest else Q(0)
            return tuple(Q(1) if k in full else share for k in range(trial.n))
        unit = left / sum(weights[k] for k in open_)
        over = {k for k in open_ if weights[k] * unit > 1}
        if not over:
            return tuple(Q(1) if k in full else weights[k] * unit for k in range(trial.n))
        full |= over


def _guarantee(rule: Callable[[Trial], tuple[Q, ...]]) -> Callable[[Trial], Any]:
    return lambda trial: _worst(trial, rule(trial)) if trial.budget <= trial.n else None


def _softmax(trial: Trial) -> Any:
    """Its weights are not rational: the interval covers the rounding of its floats."""
    if trial.budget > trial.n:
        return None
    q = softmax([float(x) for x in trial.gains], float(trial.budget))
    middle = _worst(trial, tuple(Q(x) for x in q))
    slack = Q(1, 10**9) * trial.budget * max(trial.stakes)
    return Interval(middle - slack, middle + slack)


# Letters that need a solution, and guarantees of selectors: from a trial to a number or a vector.
SOLVED: Mapping[str, Callable[[Trial], Any]] = {
    "V": lambda trial: optimum(trial).value,
    "q": lambda trial: optimum(trial).q,
    "l": lambda trial: optimum(trial).l,
    "tau": lambda trial: optimum(trial).tau,
    "lam": _level,
    "R": _regret,
    "rho": lambda trial: _hindsight(trial, "ratio"),
    "W(rad)": lambda trial: optimum(trial).value,
    "W(margin)": _guarantee(_margin),
    "W(uniform)": _guarantee(lambda trial: (trial.budget / trial.n,) * trial.n),
    "W(power)": _guarantee(_power),
    "W(softmax)": _softmax,
}


def plain_letters(trial: Trial) -> dict[str, Any]:
    """Letters that need no solution."""
    return {
        "g": trial.gains,
        "h": trial.harms,
        "s": trial.stakes,
        "i": tuple(Q(k + 1) for k in range(trial.n)),
        "n": Q(trial.n),
        "m": trial.mistakes,
        "b": trial.budget,
        "c": trial.multiple,
        "capped": trial.capped,
        "uncapped": not trial.capped,
        "abstain": trial.abstain,
        "forced": not trial.abstain,
    }


def exact_letters(trial: Trial, names: Iterable[str]) -> dict[str, Any]:
    """The letters and guarantees of these names, exactly.

    Examples
    --------
    >>> three = Trial((Q(1), Q(1, 2), Q(1, 4)), (Q(0),) * 3, Q(1), Q(1))
    >>> found = exact_letters(three, ("V", "m", "W(uniform)"))
    >>> [str(found[name]) for name in ("V", "m", "W(uniform)")]
    ['1/3', '1', '1/4']
    """
    found = plain_letters(trial)
    return found | {name: SOLVED[name](trial) for name in names if name in SOLVED}
