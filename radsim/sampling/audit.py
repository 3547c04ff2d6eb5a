r"""Audit of designs: are the inclusion probabilities those that were asked for?"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from radsim.door import Array, count, generator, number, one_of, steady, vector
from radsim.game import Game
from radsim.inference import Capital, bet, no_capital
from radsim.payoffs import worst_case
from radsim.sampling import DESIGNS, law, sample_counts
from radsim.sampling.brewer import grown, left_total
from radsim.sampling.design import Law, open_points, probabilities, unlisted

__all__ = ["Audit", "audit", "audit_law", "successive_law", "successive_sampling"]

Draw = Callable[..., Array]  # (q, *, rng, size) -> counts, shape (size, n)


@dataclass(frozen=True)
class Audit:
    """Finding of an audit: whether inclusion probabilities are as promised, and the worst one.

    Attributes
    ----------
    status : {"HOLDS", "VIOLATED", "UNDECIDED"}
        Whether all inclusion probabilities are as promised (within `tolerance` if sampled).
    exact : bool
        Found by listing all outcomes; otherwise from `n_draws` draws.
    worst_point : int
    promised, found : float
        Inclusion probability of the worst point; `found` is a mean of draws unless exact.
    tolerance : float
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

    status: Literal["HOLDS", "VIOLATED", "UNDECIDED"]
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
        If an entry of q is not in [0, 1], naming it.

    References
    ----------
    Theory page: S1; Efraimidis and Spirakis, Information Processing Letters 2006.

    Examples
    --------
    >>> drawn = successive_sampling([0.9, 0.6, 0.5], rng=0, size=4)
    >>> drawn.sum(axis=1).tolist()
    [2, 2, 2, 2]
    """
    q, rng, size = vector(q, "q", least=1, high=1), generator(rng), count(size, "size")
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
        If an entry of q is not in [0, 1], naming it.

    Examples
    --------
    >>> successive_law([0.9, 0.6, 0.5]).inclusion().round(3).tolist()
    [0.793, 0.645, 0.562]
    """
    q = vector(q, "q", least=1, high=1)
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
    tolerance = 1e-11 * max(1.0, float(q.max(initial=0)))
    marginal = found.inclusion()
    bad = bool(np.max(np.abs(marginal - q)) > tolerance or abs(found.probability.sum() - 1) > 1e-11)
    return _report("VIOLATED" if bad else "HOLDS", True, q, marginal, tolerance, 0, game)


@steady
def audit(
    inclusion: ArrayLike,
    design: str | Draw = "pivotal",
    *,
    rng: np.random.Generator | int,
    game: Game | None = None,
    tolerance: float = 0.02,
    error: float = 1e-9,
    max_draws: int = 200_000,
) -> Audit:
    r"""Audit the inclusion probabilities of a design, of the package or your own.

    A design of `DESIGNS` whose law can be listed for this pool is audited exactly.  Else four
    bettors per point play against "at most q", "at least q", "at most q - tolerance" and "at least
    q + tolerance": VIOLATED when one of the first two wins anywhere, HOLDS when both
    of the last two have won everywhere.  Valid at any stopping time; the total error is at most
    `error` a direction.

    Parameters
    ----------
    inclusion : array_like, shape (n,)
    design : str or callable
        A row of `DESIGNS`, or ``(q, *, rng, size)`` -> counts of shape (size, n).
    rng : numpy.random.Generator or int
    game : Game, optional
        Then the guarantee that is kept is said beside the one promised.
    tolerance : float
        How far a probability may be off and still pass, when sampled; in the unit of a count.
    error : float
        Probability of a wrong VIOLATED, and of a wrong HOLDS.
    max_draws : int
        UNDECIDED after so many.

    Returns
    -------
    Audit

    Raises
    ------
    ValueError
        If a probability or the shape of the draws is wrong.

    References
    ----------
    Theory page: S1.

    Examples
    --------
    >>> import numpy as np
    >>> rng = np.random.default_rng(0)
    >>> audit([0.5, 0.25, 0.75, 0.5], "sampford", rng=rng).status
    'HOLDS'
    >>> audit([0.9, 0.6, 0.5], successive_sampling, rng=rng).status
    'VIOLATED'
    """
    rng, max_draws = generator(rng), count(max_draws, "max_draws", low=1)
    tolerance = number(tolerance, "tolerance", open_low=True)
    error = number(error, "error", high=1, open_low=True, open_high=True)
    if not callable(design):
        row = DESIGNS[one_of(design, DESIGNS, "design")]
        if not unlisted(open_points(probabilities(inclusion, row), row).q, row):
            return audit_law(inclusion, law(inclusion, design), game)
        draw = _by_name(design)
    else:
        draw = design
    q = vector(inclusion, "inclusion", least=1)
    # Counts are bounded by one unless a point may come again; then by the number of draws.
    most = 1.0 if q.max(initial=0) <= 1 and design != "iid" else float(np.ceil(q.sum()))
    alarm = np.log(2 * len(q) / error)
    # Sides: at most q, at least q, at most q - tolerance, at least q + tolerance.
    nulls = (q, most - q, q - tolerance, most - q - tolerance)
    won = np.zeros((2, len(q)), dtype=bool)
    won[0], won[1] = q - tolerance < 0, q + tolerance > most
    purse: list[Capital] = [no_capital((len(q),)) for _ in range(4)]
    total, seen, batch = np.zeros(len(q)), 0, 256
    while seen < max_draws:
        drawn = np.asarray(draw(q, rng=rng, size=min(batch, max_draws - seen)))
        if drawn.ndim != 2 or drawn.shape[1] != len(q):
            raise ValueError(f"design returned shape {drawn.shape}, needs (size, {len(q)})")
        seen += len(drawn)
        total += drawn.sum(axis=0)
        if drawn.min() < 0 or drawn.max() > most:
            return _report("VIOLATED", False, q, total / seen, tolerance, seen, game)
        x = drawn / most
        paths = []
        for k, null in enumerate(nulls):
            side = x if k % 2 == 0 else 1 - x
            purse[k], path = bet(purse[k], side, np.clip(null / most, 0, 1))
            paths.append(path.max(axis=0))
        sure = ((q == 0) & (total > 0)) | ((q == 1) & (most == 1) & (total < seen))
        if sure.any() or (np.maximum(paths[0], paths[1]) >= alarm).any():
            return _report("VIOLATED", False, q, total / seen, tolerance, seen, game)
        won[0] |= paths[2] >= np.log(1 / error)
        won[1] |= paths[3] >= np.log(1 / error)
        if won.all():
            return _report("HOLDS", False, q, total / seen, tolerance, seen, game)
        batch = min(4096, 2 * batch)
    return _report("UNDECIDED", False, q, total / seen, tolerance, seen, game)


def _by_name(design: str) -> Draw:
    return lambda q, *, rng, size: sample_counts(q, design, rng=rng, size=size)


def _report(
    status: Literal["HOLDS", "VIOLATED", "UNDECIDED"],
    exact: bool,
    q: Array,
    found: Array,
    tolerance: float,
    n_draws: int,
    game: Game | None,
) -> Audit:
    worst = int(np.argmax(np.abs(found - q)))
    guarantee = kept = float("nan")
    words = f"point {worst}: {found[worst]:.6g} instead of {q[worst]:.6g}"
    if game is not None:
        guarantee, kept = worst_case(game, q)[0], worst_case(game, found)[0]
    if status == "VIOLATED":
        words += "; S1 breaks: the expected payoff is not U(q, l)"
        if game is not None and kept < guarantee:
            words += f", its worst case is {kept:.6g} instead of {guarantee:.6g}"
    return Audit(
        status,
        exact,
        worst,
        float(q[worst]),
        float(found[worst]),
        tolerance,
        n_draws,
        guarantee,
        kept,
        words,
    )
