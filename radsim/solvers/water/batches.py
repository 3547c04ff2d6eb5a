r"""Solve thousands of small games at once."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Unpack

import numpy as np
from numpy.typing import ArrayLike

from radsim.cores import available
from radsim.door import Array, Limits, count, flag, number, steady, vector
from radsim.game import Count, Game, warn_of_rate
from radsim.payoffs import harms_and_stakes
from radsim.solution import Solution, UncertifiedError
from radsim.solvers import SOLVERS
from radsim.solvers.asking import refusal
from radsim.solvers.water.closed_form import TINY, solve_value
from radsim.solvers.water.engines import kernels as load
from radsim.solvers.water.proofs import Certificates, row_bounds
from radsim.solvers.water.ragged import in_turn, laid_out, of_game, points_of, shaped_alike
from radsim.solvers.water.together import solve_capped

__all__ = ["Solutions", "solve_many"]

# Total stakes below this are surely finite, however they are rounded.
HUGE = 1e300
# Quotients of numbers between these do not underflow.
FAR = 1e-140, 1e140
# Of the certificates.
RTOL = SOLVERS["plain", "value"]["closed_form"].rtol


@dataclass(frozen=True, eq=False)
class Solutions:
    """Solutions of many games; an index gives the `Solution` of one game.

    Attributes
    ----------
    value, level, threshold : ndarray, shape (K,)
    inclusion : ndarray, shape (K, n), or (N,)
        As the gains are.
    gains : ndarray, shape (K, n), or (N,) if the games are of different sizes
        As given.
    harms : ndarray, shaped as the gains, or None
    mistakes, budget : ndarray, shape (K,)
    harm : float
    capped, abstain : bool
    offsets : ndarray of int, shape (K + 1,)
        Game k has the points from offsets[k] to offsets[k + 1] of the arrays, flattened.
    threads : int
        On how many the certificates are worked out.

    Examples
    --------
    >>> found = solve_many([[1, 0.5, 0.25], [4, 3]], 1)
    >>> found.value.shape, found[0].certificate.accepts(), found.certificates.accepts().all()
    ((2,), True, np.True_)
    >>> found.inclusion.shape, found[1].inclusion.shape
    ((5,), (2,))
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
    offsets: Array
    threads: int = 1

    def __len__(self) -> int:
        return len(self.value)

    def _of(self, k: int) -> slice:
        k = range(len(self))[k]  # from the end too, and not beyond
        return slice(self.offsets[k], self.offsets[k + 1])

    def game(self, k: int) -> Game:
        """Game number k."""
        here = self._of(k)
        return Game(
            self.gains.reshape(-1)[here],
            Count(self.mistakes[k]),
            self.budget[k],
            self.harm,
            harms=None if self.harms is None else self.harms.reshape(-1)[here],
            capped=self.capped,
            abstain=self.abstain,
        )

    def __getitem__(self, k: int) -> Solution:
        """Solution number k; its teacher's strategy is worked out when read."""
        game = self.game(k)
        return Solution(
            game=game,
            value=float(self.value[k]),
            inclusion=self.inclusion.reshape(-1)[self._of(k)],
            mistake_probabilities=lambda: solve_value(game).mistake_probabilities,
            level=float(self.level[k]),
            threshold=float(self.threshold[k]),
            method="closed_form",
        )

    @cached_property
    def certificates(self) -> Certificates:
        """The certificate of every game, from the raw numbers."""
        found = np.empty((4, len(self)))
        flat, q = self.gains.reshape(-1), self.inclusion.reshape(-1)
        h = None if self.harms is None else self.harms.reshape(-1)

        def bound(first: int, end: int, room: Array) -> None:
            part = slice(first, end)
            here = slice(self.offsets[first], self.offsets[end])
            g = flat[here]
            s = room[0, : len(g)]
            if h is None:
                np.multiply(g, 1 + self.harm, out=s)
            else:
                np.add(g, h[here], out=s)
            found[:, part] = row_bounds(
                g,
                s,
                q[here],
                self.offsets[first : end + 1] - here.start,
                *(x[part] for x in (self.level, self.threshold, self.mistakes, self.budget)),
                capped=self.capped,
                abstain=self.abstain,
                room=room[1],
            )

        in_turn(bound, self.offsets, self.threads)
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
        those = ", ".join(map(str, wrong[:10])) + (", ..." if len(wrong) > 10 else "")
        many = f"; refused are {len(wrong)} of {len(found)} games: {those}" * (len(wrong) > 1)
        words = (
            f"game {k}: value {found.value[k]:.6g}, bounds "
            f"{proofs.lower[k]:.6g} and {proofs.upper[k]:.6g}, infeasibility "
            f"{proofs.infeasibility[k]:.1e}, scale {unit:.4g}{many}"
        )
        raise UncertifiedError(refusal("closed_form", words, RTOL))


def _ends(flat: Array, name: str, offsets: Array, first: int) -> tuple[float, float]:
    """The smallest and the largest entry, if all can be."""
    least, most = float(flat.min()), float(flat.max())
    if not (least >= 0 and most < np.inf):
        of_game(flat, name, offsets, first)
    return least, most


def _refuse_huge(
    gains: Array, harm: float | Array, offsets: Array, most: Array, first: int
) -> None:
    """Refuse games whose stakes have no finite sum, as `Game` does."""
    stakes = gains + (harm * gains if isinstance(harm, float) else harm)
    highest = np.maximum.reduceat(stakes, offsets[:-1])
    for k in np.flatnonzero(~(highest * most < HUGE)).tolist():
        here = slice(offsets[k], offsets[k + 1])
        given = harm if isinstance(harm, float) else harm[here]
        harms_and_stakes(gains[here], given, most[k], f"{first + k}, {{}}".format)


def _moderate(g: Array, s: Array | None, offsets: Array, m: Array) -> Array:
    """Whether a game without mistakes has no number that is lost beside another."""
    if m.all():
        return np.zeros(len(m), dtype=bool)
    fits = np.ones(len(m), dtype=bool)
    for x in (g,) if s is None else (g, s):
        inside = ((x >= FAR[0]) & (x <= FAR[1])) | (x == 0) | (x == np.inf)
        fits &= np.logical_and.reduceat(inside, offsets[:-1])
    return fits


def _each(values: ArrayLike, name: str, games: int, **limits: Unpack[Limits]) -> Array:
    """One number a game, from as many or from one for all."""
    if isinstance(values, list | tuple) or np.ndim(values):
        return vector(values, name, games, **limits)
    return np.full(games, number(values, name, **limits))


def _at_most_the_points(values: Array, name: str, sizes: Array) -> None:
    """Refuse a number that is larger than its game."""
    for k in np.flatnonzero(values > sizes)[:1].tolist():
        raise ValueError(f"{name}[{k}] = {values[k]} must be at most {sizes[k]}, game {k}'s points")


@steady
def solve_many(
    gains: ArrayLike,
    mistakes: ArrayLike,
    budget: ArrayLike = 1.0,
    harm: float = 1.0,
    *,
    harms: ArrayLike | None = None,
    offsets: ArrayLike | None = None,
    capped: bool = True,
    abstain: bool = True,
    kernels: str = "numpy",
    threads: int | None = None,
    certify: bool = True,
) -> Solutions:
    r"""Solve many games at once, of one size or of many.

    Newton's method on :math:`\varphi(\lambda) = \sum_i \max(0, g_i - \lambda)/s_i = m` (V1) runs on
    a block of games together, and sees of each game its own points only: the answer to a game is
    the same, to the last bit, whichever games stand beside it and however many threads there are.
    Where caps bind (V3) games are solved together as well, by tangents.  What is left, such as
    forced budgets at a level below zero, is solved one by one.

    Parameters
    ----------
    gains : array_like, shape (K, n), or a list of K vectors, or shape (N,) with `offsets`
        One game a row.  Not copied, if it is an array of floats in one piece.
    mistakes, budget : array_like, shape (K,) or a number
        m and b of each game, or of all.
    harm : float
        Harm as a multiple of the gain, unless `harms` is given.
    harms : array_like, laid out as the gains are, optional
    offsets : array_like of int, shape (K + 1,), optional
        For flat gains: game k has the points from offsets[k] to offsets[k + 1].
    capped, abstain : bool
        As in `Game`.
    kernels : {"numpy", "numba"}
        As in `radsim.solvers.water.closed_form.solve_value`.
    threads : int, optional
        How many threads share the games; by default one for each core, and one for fewer than
        500,000 points.
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

    Games of different sizes, as a list or flat:

    >>> solve_many([[1, 0.5, 0.25], [9, 7]], mistakes=[1, 0.5]).value.round(6).tolist()
    [0.142857, 3.9375]
    >>> flat = solve_many([1, 0.5, 0.25, 9, 7], mistakes=[1, 0.5], offsets=[0, 3, 5])
    >>> flat.value.round(6).tolist(), flat[1].inclusion.tolist()
    ([0.142857, 3.9375], [0.4375, 0.5625])
    """
    g, o = laid_out(gains, offsets)
    h = None if harms is None else shaped_alike(harms, g, o)
    flat, flat_harms = g.reshape(-1), None if h is None else h.reshape(-1)
    games, sizes = len(o) - 1, np.diff(o)
    largest = int(sizes.max(initial=0)) if g.ndim == 1 else g.shape[1]
    capped, abstain, harm = flag(capped, "capped"), flag(abstain, "abstain"), number(harm, "harm")
    m = _each(mistakes, "mistakes", games, high=largest)
    if not isinstance(mistakes, list | tuple) and np.ndim(mistakes) == 0:
        warn_of_rate(mistakes, largest, depth=2)
    b = _each(budget, "budget", games, high=largest if capped else np.inf, open_low=True)
    _at_most_the_points(m, "mistakes", sizes)
    if capped:
        _at_most_the_points(b, "budget", sizes)
    certify = flag(certify, "certify")
    loops = load(kernels)
    workers = available() if threads is None else count(threads, "threads", low=1)
    value, level, tau = np.empty((3, games))
    inclusion, odd = np.empty(g.shape), np.zeros(games, dtype=bool)
    q = inclusion.reshape(-1)

    def block(first: int, end: int, room: Array) -> None:
        part, here = slice(first, end), slice(o[first], o[end])
        gg, places = flat[here], o[first : end + 1] - here.start
        least, most = _ends(gg, "gains", places, first)
        unit, ss = 1 + harm, None  # the game with harm 0, and so many times the mistakes
        given: float | Array = harm
        highest = unit * most
        if flat_harms is not None:
            hh = given = flat_harms[here]
            lowest, highest = _ends(hh, "harms", places, first)
            least, highest = least + lowest, most + highest
            ss = np.add(gg, hh, out=room[3, : len(gg)])
        elif not least > 0:
            ss = np.multiply(gg, unit, out=room[3, : len(gg)])
        bound = np.maximum(sizes[part], b[part])
        if not highest * bound.max() < HUGE:
            _refuse_huge(gg, given, places, bound, first)
        if ss is not None:
            unit = 1.0
            if not least > 0:
                ss[ss <= 0] = np.inf  # no stake, no part in the game
        out = q[here]
        found, per, total, over = loops.rows(out, gg, ss, places, unit * m[part], b[part], room)
        per /= unit
        # At a level that rounding has put on the last point, none is above it.
        strange = ~(np.abs(total - b[part]) <= 1e-12 * b[part])
        sound = (per > TINY) & (per < np.inf) & ((found == 0) | (np.abs(found) > TINY))
        nothing = sound & (found <= 0) & abstain & (m[part] > 0)
        binds = sound & (found > 0) & (over > 1) & (b[part] > 1)
        binds = capped & np.where(m[part] > 0, binds, _moderate(gg, ss, places, m[part]))
        odd[part] = ~nothing & (~sound | strange | (m[part] == 0) | ~(found > 0))
        level[part], tau[part] = found, b[part] / per
        if nothing.any():
            out[np.repeat(nothing, sizes[part])] = 0.0
            level[part][nothing] = tau[part][nothing] = 0.0
        value[part] = b[part] * level[part]
        some = np.flatnonzero(binds)
        if len(some):
            at, ends = points_of(places[some], sizes[part][some])
            mine = first + some
            stakes = unit * gg[at] if ss is None else ss[at]
            answer = np.empty(len(at))
            joint = solve_capped(answer, gg[at], stakes, ends, m[mine], b[mine], abstain=abstain)
            out[at], odd[mine] = answer, ~joint.solved
            value[mine], level[mine], tau[mine] = joint.value, joint.level, joint.threshold

    in_turn(block, o, workers)
    out = Solutions(value, level, tau, inclusion, g, h, m, b, harm, capped, abstain, o, workers)
    for k in np.flatnonzero(odd).tolist():
        one = solve_value(out.game(k))
        q[o[k] : o[k + 1]], value[k] = one.inclusion, one.value
        level[k], tau[k] = one.level, one.threshold
    if certify:
        _ask(out)
    return out
