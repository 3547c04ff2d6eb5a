r"""Solve thousands of small games at once."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Unpack

import numpy as np
from numpy.typing import ArrayLike

from radsim.door import Array, Limits, flag, floats, inside, number, steady, vector
from radsim.game import Count, Game, harms_and_stakes, warn_of_rate
from radsim.solution import Solution, UncertifiedError
from radsim.solvers import SOLVERS
from radsim.solvers.asking import refusal
from radsim.solvers.water.closed_form import TINY, solve_value
from radsim.solvers.water.engines import kernels as load
from radsim.solvers.water.proofs import Certificates, row_bounds

__all__ = ["Solutions", "solve_many"]

# Entries of a block of games; a handful of such arrays fit the second-level cache.
_BLOCK = 32_768
# Total stakes below this are surely finite, however they are rounded.
HUGE = 1e300
# Of the certificates.
RTOL = SOLVERS["plain", "value"]["closed_form"].rtol


@dataclass(frozen=True, eq=False)
class Solutions:
    """Solutions of many games, one a row; an index gives the `Solution` of one game.

    Attributes
    ----------
    value, level, threshold : ndarray, shape (K,)
    inclusion : ndarray, shape (K, n)
    gains : ndarray, shape (K, n)
        As given.
    harms : ndarray, shape (K, n), or None
    mistakes, budget : ndarray, shape (K,)
    harm : float
    capped, abstain : bool

    Examples
    --------
    >>> found = solve_many([[1, 0.5, 0.25], [4, 3, 2]], 1)
    >>> found.value.shape, found[0].certificate.accepts(), found.certificates.accepts().all()
    ((2,), True, np.True_)
    """

    value: Array
    level: Array
    threshold: Array
    inclusion: Array
    gains: Array
    harms: Array | None
    mistakes: Array
    budget: Array
    harm: float
    capped: bool
    abstain: bool

    def __len__(self) -> int:
        return len(self.value)

    def game(self, k: int) -> Game:
        """Game number k."""
        return Game(
            self.gains[k],
            Count(self.mistakes[k]),
            self.budget[k],
            self.harm,
            harms=None if self.harms is None else self.harms[k],
            capped=self.capped,
            abstain=self.abstain,
        )

    def __getitem__(self, k: int) -> Solution:
        """Solution number k; its teacher's strategy is worked out when read."""
        game = self.game(k)
        return Solution(
            game=game,
            value=float(self.value[k]),
            inclusion=self.inclusion[k],
            mistake_probabilities=lambda: solve_value(game).mistake_probabilities,
            level=float(self.level[k]),
            threshold=float(self.threshold[k]),
            method="closed_form",
        )

    @cached_property
    def certificates(self) -> Certificates:
        """The certificate of every game, from the raw numbers."""
        count, n = self.gains.shape
        found = np.empty((4, count))
        step = max(1, _BLOCK // n)
        for start in range(0, count, step):
            part = slice(start, start + step)
            g = self.gains[part]
            found[:, part] = row_bounds(
                g,
                (1 + self.harm) * g if self.harms is None else g + self.harms[part],
                self.inclusion[part],
                *(x[part] for x in (self.level, self.threshold, self.mistakes, self.budget)),
                capped=self.capped,
                abstain=self.abstain,
            )
        lower, upper, infeasibility, scale = found
        proofs = Certificates(lower, upper, self.value, infeasibility, scale)
        # The teacher who shaves down to the level is not always the best; then all is worked out.
        for k in np.flatnonzero(~proofs.accepts(RTOL)).tolist():
            one = self[k].certificate
            found[:, k] = one.lower, one.upper, one.infeasibility, one.scale
        return proofs


def _ask(found: Solutions) -> None:
    """Refuse a batch in which the certificate of one game does not accept."""
    proofs = found.certificates
    wrong = np.flatnonzero(~proofs.accepts(RTOL))
    if len(wrong):
        k = int(wrong[0])
        unit = float(proofs.scale[k]) or 1.0
        words = (
            f"game {k} ({len(wrong)} of {len(found)} games): value {found.value[k]:.6g}, bounds "
            f"{proofs.lower[k]:.6g} and {proofs.upper[k]:.6g}, infeasibility "
            f"{proofs.infeasibility[k]:.1e}, scale {unit:.4g}"
        )
        raise UncertifiedError(refusal("closed_form", words, RTOL))


def _least(block: Array, name: str, first: int) -> float:
    """The smallest entry, if all can be."""
    least = float(block.min())
    if not (least >= 0 and block.max() < np.inf):
        inside(block, name, first=first)  # which names the one that cannot
    return least


def _refuse_huge(gains: Array, harm: float | Array, most: Array, first: int) -> None:
    """Refuse games whose stakes have no finite sum, as `Game` does."""
    harms = harm * gains if isinstance(harm, float) else harm
    for k in np.flatnonzero(~((gains + harms).max(axis=1) * most < HUGE)).tolist():
        place = f"{first + k}, {{}}".format
        given = harm if isinstance(harm, float) else harm[k]
        harms_and_stakes(gains[k], given, most[k], place)


def _each(values: ArrayLike, name: str, count: int, **limits: Unpack[Limits]) -> Array:
    """One number a game, from as many or from one for all."""
    if isinstance(values, list | tuple) or np.ndim(values):
        return vector(values, name, count, **limits)
    return np.full(count, number(values, name, **limits))


@steady
def solve_many(
    gains: ArrayLike,
    mistakes: ArrayLike,
    budget: ArrayLike = 1.0,
    harm: float = 1.0,
    *,
    harms: ArrayLike | None = None,
    capped: bool = True,
    abstain: bool = True,
    kernels: str = "numpy",
    certify: bool = True,
) -> Solutions:
    r"""Solve many games of the same size at once.

    Newton's method on :math:`\varphi(\lambda) = \sum_i \max(0, g_i - \lambda)/s_i = m` (V1) runs on
    a block of games together.  The few regimes in which the water level is not the whole answer
    (caps that bind, forced budgets at a level below zero) are solved one by one.

    Parameters
    ----------
    gains : array_like, shape (K, n)
        One game a row.  Not copied.
    mistakes, budget : array_like, shape (K,) or a number
        m and b of each game, or of all.
    harm : float
        Harm as a multiple of the gain, unless `harms` is given.
    harms : array_like, shape (K, n), optional
    capped, abstain : bool
        As in `Game`.
    kernels : {"numpy", "numba"}
        As in `radsim.solvers.water.closed_form.solve_value`.
    certify : bool
        False: return the answers without asking their certificates.

    Returns
    -------
    Solutions

    Raises
    ------
    ValueError
        Naming the argument, the place and the value that cannot be.
    UncertifiedError
        If the certificate of a game does not accept at the tolerance of closed_form.

    References
    ----------
    Theory page: V1 to V3b.

    Examples
    --------
    >>> from radsim import solve_many
    >>> solutions = solve_many([[1, 0.5, 0.25], [9, 7, 4]], mistakes=[1, 0.5])
    >>> solutions.value.round(6).tolist(), solutions[0].certificate.accepts(1e-14)
    ([0.142857, 3.968504], True)
    """
    g = floats(gains, "gains")  # the entries are looked at block by block
    if g.ndim != 2 or not g.shape[1]:
        raise ValueError(f"gains must be two-dimensional, games and points, got shape {g.shape}")
    h = None if harms is None else floats(harms, "harms", g.shape)
    count, n = g.shape
    capped, abstain, harm = flag(capped, "capped"), flag(abstain, "abstain"), number(harm, "harm")
    m = _each(mistakes, "mistakes", count, high=n)
    if not isinstance(mistakes, list | tuple) and np.ndim(mistakes) == 0:
        warn_of_rate(mistakes, n, depth=2)
    b = _each(budget, "budget", count, high=n if capped else np.inf, open_low=True)
    certify = flag(certify, "certify")
    loops = load(kernels)
    level, density, q = np.empty(count), np.empty(count), np.empty((count, n))
    odd = np.zeros(count, dtype=bool)
    step = max(1, _BLOCK // n)
    with np.errstate(all="ignore"):
        for start in range(0, count, step):
            part = slice(start, min(count, start + step))
            gg = g[part]
            least = _least(gg, "gains", start)
            unit, ss = 1 + harm, None  # the game with harm 0 and so many times the mistakes
            if h is not None:
                least += _least(h[part], "harms", start)
                ss = gg + h[part]
            elif not least > 0:
                ss = unit * gg
            if ss is not None:
                unit = 1.0
                if not least > 0:
                    ss = np.where(ss > 0, ss, np.inf)  # no stake, no part in the game
            _refuse_huge(gg, harm if h is None else h[part], np.maximum(n, b[part]), start)
            level[part], per, total, over = loops.rows(q[part], gg, ss, unit * m[part], b[part])
            density[part] = per / unit
            # At a level that rounding has put on the last point, none is above it.
            odd[part] = ~(np.abs(total - b[part]) <= 1e-12 * b[part])
            if capped:
                odd[part] |= (over > 0) & (b[part] > 1)
        tau, value = b / density, b * level
        sound = (density > TINY) & (density < np.inf) & ((level == 0) | (np.abs(level) > TINY))
        nothing = sound & (level <= 0) & abstain & (m > 0)
        rest = ~nothing & (~sound | odd | (m == 0) | ~(level > 0))
    for k in np.flatnonzero(nothing).tolist():
        q[k], value[k], level[k], tau[k] = 0.0, 0.0, 0.0, 0.0
    out = Solutions(value, level, tau, q, g, h, m, b, harm, capped, abstain)
    for k in np.flatnonzero(rest).tolist():
        one = solve_value(out.game(k))
        q[k], value[k], level[k], tau[k] = one.inclusion, one.value, one.level, one.threshold
    if certify:
        _ask(out)
    return out
