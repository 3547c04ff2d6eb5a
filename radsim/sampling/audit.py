r"""Audit of designs: are the inclusion probabilities those that were asked for?"""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from radsim.door import (
    Array,
    count,
    floats,
    generator,
    inside,
    number,
    one_of,
    steady,
    typed,
    vector,
)
from radsim.game import Game
from radsim.inference import bet, no_capital
from radsim.payoffs import worst_case
from radsim.sampling import DESIGNS, law, sample_counts
from radsim.sampling.brewer import grown, left_total
from radsim.sampling.design import WHOLE, Law, open_points, probabilities, unlisted

__all__ = ["Audit", "audit", "audit_law", "successive_law", "successive_sampling"]

Draw = Callable[..., Array]  # (q, *, rng, size) -> counts, shape (size, n)
Status = Literal["HOLDS", "VIOLATED", "UNDECIDED"]
_EXACT = 1e-11  # relative error of a listed law
_TINY = 2.0**-1022  # floats below it have fewer digits


@dataclass(frozen=True)
class Audit:
    """Finding of an audit: whether inclusion probabilities are as promised, and the worst one.

    Attributes
    ----------
    status : {"HOLDS", "VIOLATED", "UNDECIDED"}
        Whether all inclusion probabilities are as promised (within `tolerance` if sampled);
        UNDECIDED before the draws could have shown otherwise.
    exact : bool
        Found by listing all outcomes; otherwise from `n_draws` draws.
    worst_point : int
    promised, found : float
        Inclusion probability of the worst point; `found` is a mean of draws unless exact.
    tolerance : float
        Relative: see `audit`.
    n_draws : int
    guarantee, kept : float
        With a game: W(q) of the promised q, and W of the inclusion probabilities found.
    words : str
        The finding in one line, with the guarantee that breaks.

    References
    ----------
    Theory page: S1.

    Examples
    --------
    >>> found = audit([0.5, 0.25, 0.25], "sampford", rng=0)
    >>> found.status, found.exact, found.n_draws
    ('HOLDS', True, 0)
    """

    status: Status
    exact: bool
    worst_point: int
    promised: float
    found: float
    tolerance: float
    n_draws: int
    guarantee: float
    kept: float
    words: str


@steady
def successive_sampling(q: Array, *, rng: np.random.Generator | int, size: int) -> Array:
    r"""Draw points one by one, weighted by q: their inclusion probabilities are NOT q.

    The law of NumPy's `Generator.choice(n, b, replace=False, p=q/b)` and of Efraimidis and
    Spirakis' largest b of :math:`u_i^{1/q_i}`, which is how it is drawn here.

    Parameters
    ----------
    q : ndarray, shape (n,)
        Whole sum b.
    rng : numpy.random.Generator or int
    size : int

    Returns
    -------
    ndarray, shape (size, n)
        Zeros and ones.

    Raises
    ------
    ValueError
        If an entry of q is negative or not finite, naming it.

    References
    ----------
    Theory page: S1; Efraimidis and Spirakis, Information Processing Letters 2006.

    Examples
    --------
    >>> drawn = successive_sampling([0.9, 0.6, 0.5], rng=0, size=4)
    >>> drawn.sum(axis=1).tolist()
    [2, 2, 2, 2]
    """
    q, rng, size = vector(q, "q", least=1), generator(rng), count(size, "size")
    b = round(float(q.sum()))
    with np.errstate(divide="ignore", over="ignore"):
        key = np.log(rng.random((size, len(q)))) / q
    out = np.zeros((size, len(q)), dtype=np.int64)
    np.put_along_axis(out, np.argpartition(-key, b - 1, axis=1)[:, :b], 1, axis=1)
    return out


@steady
def successive_law(q: Array) -> Law:
    """List all outcomes of `successive_sampling` and their probabilities, for small pools.

    Parameters
    ----------
    q : ndarray, shape (n,)
        Whole sum b.

    Returns
    -------
    Law

    Raises
    ------
    ValueError
        If an entry of q is negative or not finite, naming it.

    Examples
    --------
    >>> successive_law([0.9, 0.6, 0.5]).inclusion().round(3).tolist()
    [0.793, 0.645, 0.562]
    """
    q = vector(q, "q", least=1)
    return grown(
        round(float(q.sum())),
        len(q),
        lambda sets, step: np.where(sets, 0, q) / left_total(q, sets),
    )


@steady
def audit_law(inclusion: ArrayLike, found: Law, game: Game | None = None) -> Audit:
    r"""Compare listed outcomes with the inclusion probabilities that were promised.

    Parameters
    ----------
    inclusion : array_like, shape (n,)
    found : Law
    game : Game, optional
        Then the guarantee that is kept is said beside the one promised.

    Returns
    -------
    Audit
        Exact: of the law, not of draws.

    Raises
    ------
    ValueError
        If a probability is negative or not finite, naming it.

    References
    ----------
    Theory page: S1.

    Examples
    --------
    >>> import numpy as np
    >>> q = np.array([0.9, 0.6, 0.5])
    >>> finding = audit_law(q, successive_law(q))
    >>> finding.status, finding.worst_point, round(finding.found, 3)
    ('VIOLATED', 0, 0.793)
    """
    q = vector(inclusion, "inclusion", least=1)
    if game is not None:
        typed(game, Game, "game")
    if typed(found, Law, "found").outcomes.shape[1] != len(q):
        raise ValueError(
            f"found.outcomes have {found.outcomes.shape[1]} points, inclusion has {len(q)}"
        )
    marginal = found.inclusion()
    scale = _scale(q, bool(found.outcomes.max() <= 1))
    # Near one the probabilities of a law have the rounding of their sum, not that of 1 - q.
    allowed = _EXACT * scale * (q > 0) + WHOLE * q * (q > 0.5) + _TINY * (q > 0)
    good = (np.abs(marginal - q) <= allowed).all() and found.probability.min() >= 0
    good = good and abs(found.probability.sum() - 1) <= _EXACT and found.outcomes.min() >= 0
    return _report("HOLDS" if good else "VIOLATED", q, marginal, scale, _EXACT, 0, game)


@steady
def audit(
    inclusion: ArrayLike,
    design: str | Draw = "pivotal",
    *,
    rng: np.random.Generator | int,
    game: Game | None = None,
    tolerance: float = 0.05,
    error: float = 1e-9,
    max_draws: int = 200_000,
) -> Audit:
    r"""Audit the inclusion probabilities of a design, of the package or your own.

    A design of `DESIGNS` whose law can be listed for this pool is audited exactly.  Else four
    bettors per point play against "at most q", "at least q", "at most q - d" and "at least q + d",
    :math:`d = tolerance \cdot \min(q, 1 - q)`: VIOLATED when one of the first two wins anywhere,
    HOLDS when both of the last two have won everywhere.  An excluded point that is drawn, or a sure
    one that is not, is a violation; for these d is the least one of the open points.  Your own
    design is drawn in blocks of random sizes and then as often one by one, and its first call is
    made again.  Valid at any stopping time; the total error is at most `error` a direction.

    Parameters
    ----------
    inclusion : array_like, shape (n,)
    design : str or callable
        A row of `DESIGNS`, or ``(q, *, rng, size)`` -> counts of shape (size, n).
    rng : numpy.random.Generator or int
    game : Game, optional
        Then the guarantee that is kept is said beside the one promised.
    tolerance : float
        In (0, 1): how far a probability may be off and still pass, when sampled, as a part of q
        or, above 1/2, of 1 - q; of q wherever points may be drawn more than once.
    error : float
        Probability of a wrong VIOLATED, and of a wrong HOLDS.
    max_draws : int
        UNDECIDED after so many; the words then say how many it takes.

    Returns
    -------
    Audit

    Raises
    ------
    ValueError
        If a probability is wrong, or the draws are no counts of the shape asked for.

    References
    ----------
    Theory page: S1; Waudby-Smith and Ramdas, JRSS B 2024.

    Examples
    --------
    >>> import numpy as np
    >>> rng = np.random.default_rng(0)
    >>> audit([0.5, 0.25, 0.75, 0.5], "sampford", rng=rng).status
    'HOLDS'
    >>> audit([0.9, 0.6, 0.5], successive_sampling, rng=rng).status
    'VIOLATED'
    >>> idle = audit([0.01] * 9, lambda q, rng, size: np.zeros((size, 9)), rng=rng, max_draws=999)
    >>> idle.status, idle.words
    ('UNDECIDED', 'point 0: 0 instead of 0.01; to tell 5 % takes some 8,000,000 draws')
    """
    rng, max_draws = generator(rng), count(max_draws, "max_draws", low=1)
    tolerance = number(tolerance, "tolerance", high=1, open_low=True, open_high=True)
    error = number(error, "error", high=1, open_low=True, open_high=True)
    if callable(design):
        q, draw, stages = vector(inclusion, "inclusion", least=1), design, [_blocks, _one_by_one]
        capped = bool(q.max() <= 1)
    else:
        row, stages = DESIGNS[one_of(design, DESIGNS, "design")], [_blocks]
        q, draw, capped = probabilities(inclusion, row), _by_name(design), not row.with_replacement
        if not unlisted(open_points(q, row).q, row):
            return audit_law(q, law(q, design), game)
    most, scale = 1.0 if capped else max(1.0, float(np.ceil(q.sum()))), _scale(q, capped)
    alarm, beginning = float(np.log(2 * len(stages) * len(q) / error)), deepcopy(rng)
    total, seen, first = np.zeros(len(q)), 0, None

    def say(status: Status, also: str = "") -> Audit:
        return _report(status, q, total / seen, scale, tolerance, seen, game, also)

    for stage in stages:
        bets = _Bets(q / most, tolerance * scale / most, alarm)
        while not bets.won.all():
            if seen == max_draws:
                needed = len(stages) * _needed(q, tolerance * scale, most, alarm)
                words = f"{needed:,.0f}" if needed < 1e15 else f"{needed:.0e}"
                return say("UNDECIDED", f"to tell {100 * tolerance:.3g} % takes some {words} draws")
            x = stage(draw, q, rng, min(max_draws - seen, 256 + bets.seen))
            first = x if first is None else first
            seen, total = seen + len(x), total + x.sum(axis=0)
            never = ((q == 0) & (x > 0)) | ((q == 1) & capped & (x < 1))
            if x.max() > most or never.any() or bets.lost(x / most):
                return say("VIOLATED")
    assert first is not None
    if not np.array_equal(_counts(draw, q, beginning, len(first)), first):
        return say("UNDECIDED", "a second time the same generator makes other draws")
    return say("HOLDS")


class _Bets:
    """Bettors against at most q, at least q, at most q - d, at least q + d; draws in [0, 1]."""

    def __init__(self, q: Array, d: Array, alarm: float) -> None:
        self.nulls, self.alarm, self.seen = (q, 1 - q, q - d, 1 - q - d), alarm, 0
        self.purses = [no_capital((len(q),)) for _ in self.nulls]
        self.won = np.array([null < 0 for null in self.nulls[2:]])

    def lost(self, x: Array) -> bool:
        """Take draws; whether one of the first two has won."""
        best, self.seen = [], self.seen + len(x)
        for k, null in enumerate(self.nulls):
            self.purses[k], path = bet(self.purses[k], 1 - x if k % 2 else x, np.clip(null, 0, 1))
            best.append(path.max(axis=0) >= self.alarm)
        self.won |= best[2:]
        return bool(np.any(best[:2]))


def _blocks(draw: Draw, q: Array, rng: np.random.Generator, most: int) -> Array:
    """Some draws, up to `most`, of one call: 256 at first, then a number that cannot be known."""
    size = most if most <= 256 else int(rng.integers(2, min(most, 4096), endpoint=True))
    return _counts(draw, q, rng, size)


def _one_by_one(draw: Draw, q: Array, rng: np.random.Generator, most: int) -> Array:
    """As many draws as are left, up to 256, a call each."""
    return np.concatenate([_counts(draw, q, rng, 1) for _ in range(min(most, 256))])


def _counts(draw: Draw, q: Array, rng: np.random.Generator, size: int) -> Array:
    found = floats(draw(q, rng=rng, size=size), "draws", (size, len(q)))
    return inside(found, "draws", whole=True)


def _by_name(design: str) -> Draw:
    return lambda q, *, rng, size: sample_counts(q, design, rng=rng, size=size)


def _scale(q: Array, capped: bool) -> Array:
    """What a deviation is a part of: q or 1 - q; that of the least open point where it is none."""
    scale = np.minimum(q, 1 - q) if capped else q
    return np.where(scale > 0, scale, scale[scale > 0].min(initial=1.0))


def _needed(q: Array, d: Array, most: float, alarm: float) -> float:
    """How many draws tell q from its neighbours at the distance d, to one digit and rounded up.

    Bets take some 4 alarm s^2/d^2 draws of deviation s, measured, and at least 4 alarm most/d.
    """
    d, variance = np.maximum(d, 1e-150), q * (1 - q) if most == 1 else q
    needed = 4 * alarm * float(np.max(np.maximum(variance / d, most) / d))
    digit = 10.0 ** np.floor(np.log10(needed))
    return float(np.ceil(needed / digit) * digit)


def _report(
    status: Status,
    q: Array,
    found: Array,
    scale: Array,
    tolerance: float,
    n_draws: int,
    game: Game | None,
    also: str = "",
) -> Audit:
    worst = int(np.argmax(np.abs(found - q) / np.maximum(scale, _TINY)))
    guarantee = kept = float("nan")
    words = f"point {worst}: {found[worst]:.6g} instead of {q[worst]:.6g}{also and f'; {also}'}"
    if game is not None:
        guarantee, kept = worst_case(game, q)[0], worst_case(game, found)[0]
    if status == "VIOLATED":
        words += "; S1 breaks: the expected payoff is not U(q, l)"
        if game is not None and kept < guarantee:
            words += f", its worst case is {kept:.6g} instead of {guarantee:.6g}"
    return Audit(
        status,
        n_draws == 0,
        worst,
        float(q[worst]),
        float(found[worst]),
        tolerance,
        n_draws,
        guarantee,
        kept,
        words,
    )
