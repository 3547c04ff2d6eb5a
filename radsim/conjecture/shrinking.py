r"""The smallest game that still refutes: moves toward fewer points and shorter numbers."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from fractions import Fraction

from radsim.conjecture.trials import Trial, key, proportional, size, weight

__all__ = ["moves", "shrink"]

Q = Fraction


def _simpler(x: Q) -> list[Q]:
    """Numbers that read more easily than one, the simplest first."""
    near = [Q(0), Q(1), Q(2), Q(int(x)), Q(int(x) + 1), Q(int(x) // 2), Q(int(2 * x), 2)]
    near += [Q(int(x) - 1), *(x.limit_denominator(k) for k in (3, 8, 20, 60, 200, 1000))]
    if x > 10:  # one digit and zeros
        unit = 10 ** (len(str(int(x))) - 1)
        near += [Q(unit * k) for k in (1, int(x / unit), int(x / unit) + 1, 10)]
    return [y for y in dict.fromkeys(near) if weight(y) < weight(x)]


def _with_gains(trial: Trial, gains: tuple[Q, ...]) -> Trial:
    changed = replace(trial, gains=gains)
    return changed if trial.multiple is None else proportional(changed, trial.multiple)


def _put(values: tuple[Q, ...], k: int, x: Q) -> tuple[Q, ...]:
    return (*values[:k], x, *values[k + 1 :])


def moves(trial: Trial) -> Iterator[Trial]:
    """Trials that may be simpler, the largest steps first."""
    n, g, h = trial.n, trial.gains, trial.harms
    for k in range(n) if n > 1 else ():
        left = replace(trial, gains=g[:k] + g[k + 1 :], harms=h[:k] + h[k + 1 :])
        yield left
        # One point fewer: m and b may have been what they were because of n.
        for m in dict.fromkeys((trial.mistakes - 1, trial.mistakes * (n - 1) / n)):
            yield replace(left, mistakes=m)
            yield replace(left, mistakes=m, budget=trial.budget - 1)
        yield replace(left, budget=trial.budget - 1)
    if trial.multiple is None:
        for c in (Q(1), Q(0), Q(2), Q(1, 2)):
            yield proportional(trial, c)
        yield replace(trial, harms=(Q(1),) * n)
    largest = max(g)
    if largest:
        ratio = [x / largest for x in g]
        for whole in (1, 2, 3, 4, 6, 12):
            rounded = tuple(Q(round(whole * x)) for x in ratio)
            yield _with_gains(trial, rounded)
            scaled = tuple(Q(round(whole * x / largest)) for x in h)
            yield replace(trial, gains=rounded, harms=scaled, multiple=None)
        exact = tuple(ratio)
        yield replace(_with_gains(trial, exact), harms=tuple(x / largest for x in h))
    for m in _simpler(trial.mistakes):
        yield replace(trial, mistakes=m)
        if m > 0 and trial.multiple is not None:  # both at the threshold D m = n
            yield proportional(replace(trial, mistakes=m), n / m - 1)
    for b in _simpler(trial.budget):
        yield replace(trial, budget=b)
    for c in _simpler(trial.multiple) if trial.multiple is not None else ():
        yield proportional(trial, c)
    for k in range(n):
        for x in dict.fromkeys((*_simpler(g[k]), *(y for y in g if y < g[k]))):
            yield _with_gains(trial, _put(g, k, x))
        if trial.multiple is None:
            for x in dict.fromkeys((*_simpler(h[k]), g[k])):
                yield replace(trial, harms=_put(h, k, x))
    if not trial.capped:
        yield replace(trial, capped=True)
    if not trial.abstain:
        yield replace(trial, abstain=True)


def shrink(
    trial: Trial,
    refutes: Callable[[Trial], bool],
    repair: Callable[[Trial], Trial],
    going: Callable[[], bool] = lambda: True,
    most: int = 1500,
) -> Trial:
    """Follow the moves as long as one leads to a simpler trial that still refutes.

    Parameters
    ----------
    trial : Trial
        That refutes.
    refutes : callable
        Whether a trial does, exactly.
    repair : callable
        From a changed trial to one that meets the equalities among the conditions.
    going : callable
        Whether there is time left.
    most : int
        Trials looked at.

    Returns
    -------
    Trial

    Examples
    --------
    >>> one = proportional(Trial((Q(7, 2), Q(5), Q(2)), (), Q(1), Q(1)), Q(1))
    >>> shrink(one, lambda t: sum(t.gains) > 2, lambda t: t).gains
    (Fraction(3, 1),)
    """
    # A rule that breaks ties by place may hang on the order.
    ordered = key if refutes(key(trial)) else lambda found: found
    best = ordered(trial)
    seen = {best}
    improved = True
    while improved and len(seen) < most and going():
        improved = False
        for changed in moves(best):
            found = ordered(repair(changed)) if min(changed.gains) >= 0 else best
            if found in seen or size(found) >= size(best):
                continue
            seen.add(found)
            if refutes(found):
                best, improved = found, True
                break
            if len(seen) >= most or not going():
                break
    return best
