"""Sampling designs with given inclusion probabilities: a file and a row of `DESIGNS` each."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from radsim.door import Table, entries, generator, one_of, steady
from radsim.game import Array
from radsim.sampling import (
    brewer,
    conditional_poisson,
    iid,
    ordered_pivotal,
    pivotal,
    poisson,
    sampford,
    systematic,
)
from radsim.sampling.design import Design, Law, open_points, probabilities, unlisted

__all__ = ["DESIGNS", "Design", "Law", "joint_inclusion", "law", "sample", "sample_counts"]

DESIGNS: dict[str, Design] = Table(
    "DESIGNS",
    {
        # Pivotal is strongly Rayleigh given the order of its fights, with the same q in each.
        "pivotal": Design(pivotal.draw, pivotal.law, 6, associated="rayleigh"),
        "ordered_pivotal": Design(
            ordered_pivotal.draw,
            ordered_pivotal.law,
            14,
            associated="rayleigh",
            joint=ordered_pivotal.joint,
            picks=ordered_pivotal.picks,
        ),
        "systematic": Design(systematic.draw, systematic.law, 6),
        "ordered_systematic": Design(
            systematic.draw_in_order, systematic.law_in_order, 200, joint=systematic.joint_in_order
        ),
        "brewer": Design(brewer.draw, brewer.law, 12),
        "sampford": Design(
            sampford.draw, sampford.law, 14, associated="negative", joint=sampford.joint
        ),
        "conditional_poisson": Design(
            conditional_poisson.draw,
            conditional_poisson.law,
            14,
            associated="rayleigh",
            joint=conditional_poisson.joint,
        ),
        "poisson": Design(
            poisson.draw,
            poisson.law,
            14,
            fixed_size=False,
            associated="independent",
            joint=poisson.joint,
        ),
        "iid": Design(iid.draw, iid.law, 5, with_replacement=True, joint=iid.joint),
    },
)

# Samples of one size are tried where a total is whole to this, relatively.
_NEARLY = 1e-9
# Entries of one block of counts; larger requests are drawn block by block.
_BLOCK = 4_000_000
# What one call may return: indices (2 GiB), and counts (16 GiB).
MOST_PICKS, MOST_COUNTS = 1 << 28, 1 << 31


def _row(design: str) -> Design:
    return DESIGNS[one_of(design, DESIGNS, "design")]


@steady
def sample_counts(
    inclusion: ArrayLike,
    design: str = "pivotal",
    *,
    rng: np.random.Generator | int | None = None,
    size: int = 1,
) -> Array:
    r"""Draw samples as rows of counts, whatever their sizes.

    Parameters
    ----------
    inclusion : array_like, shape (n,)
        :math:`q`, each in [0, 1] ("iid": any non-negative, expected counts).
    design : str
        A row of `DESIGNS`.
    rng : numpy.random.Generator or int
        Must be given: chance that cannot be replayed is refused.
    size : int
        How many independent samples.

    Returns
    -------
    ndarray of int64, shape (size, n)
        How often each point is in each sample; 0 or 1 unless drawn with replacement.

    Raises
    ------
    ValueError
        If a probability is outside its range, naming it.

    References
    ----------
    Theory page: S1.

    Examples
    --------
    >>> sample_counts([1, 0.5, 0.5, 0], rng=0, size=3).sum(axis=1).tolist()
    [2, 2, 2]
    """
    row, size = _row(design), entries(size, "size")
    q, rng = probabilities(inclusion, row), generator(rng)
    if size * len(q) > MOST_COUNTS:
        raise ValueError(
            f"size = {size} samples of {len(q)} points are {size * len(q):.3g} counts, "
            f"at most {MOST_COUNTS} are drawn at once"
        )
    out = np.zeros((size, len(q)), dtype=np.int64)
    if size == 1 and row.picks is not None:
        out[0, row.picks(q, rng=rng)] = 1
        return out
    part, index, sure = open_points(q, row)
    out[:, sure] = 1
    block = max(1, _BLOCK // max(1, len(part)))
    place = slice(None) if len(index) == len(q) else index
    for start in range(0, size if len(index) else 0, block):
        drawn = row.draw(part, rng=rng, size=min(block, size - start))
        out[start : start + block, place] = drawn[:, : len(index)]
    return out


@steady
def sample(
    inclusion: ArrayLike,
    design: str = "pivotal",
    *,
    rng: np.random.Generator | int | None = None,
    size: int | None = None,
) -> Array:
    r"""Draw points so that point i is included with probability :math:`q_i`.

    Parameters
    ----------
    inclusion : array_like, shape (n,)
        :math:`q`, each in [0, 1] ("iid": any non-negative, expected counts).
    design : str
        "pivotal" (default), "ordered_pivotal", "systematic" (random order), "ordered_systematic",
        "brewer", "sampford", "conditional_poisson": a fixed size; a sum b of q that is not whole
        gives its floor or ceiling, in expectation b.  "poisson": independent, so of random size.
        "iid": b draws with replacement.
    rng : numpy.random.Generator or int
        Must be given: chance that cannot be replayed is refused.
    size : int, optional
        That many independent samples, shape (size, b); they must be of one size (`sample_counts`
        takes any).

    Returns
    -------
    ndarray of int
        Chosen indices, sorted; a point drawn twice stands twice.

    Raises
    ------
    ValueError
        If a probability is outside its range, naming it, or samples would differ in size.

    References
    ----------
    Theory page: S1; Tille, "Sampling Algorithms", Springer 2006.

    Examples
    --------
    >>> sample([1, 0.5, 0.5, 0], rng=0).shape
    (2,)
    """
    row = _row(design)
    if size is None and row.picks is not None:
        return row.picks(inclusion, rng=generator(rng))
    total = float(np.sum(probabilities(inclusion, row)))
    if total * (1 if size is None else entries(size, "size")) > MOST_PICKS:
        raise ValueError(
            f"inclusion sums to {total:.15g}: a sample as a list has at most {MOST_PICKS} points "
            "in all; sample_counts() says how often each is drawn"
        )
    if size is None:
        drawn = sample_counts(inclusion, design, rng=rng)[0]
        chosen = np.flatnonzero(drawn)
        return np.repeat(chosen, drawn[chosen])
    rng = generator(rng)
    b, whole = round(total), abs(total - round(total)) <= _NEARLY * max(1.0, total)
    if size == 0 or (whole and (row.fixed_size or row.with_replacement)):
        drawn = sample_counts(inclusion, design, rng=rng, size=size)
        if (drawn.sum(axis=1) == b).all():
            n = drawn.shape[1]
            return np.repeat(np.tile(np.arange(n), len(drawn)), drawn.ravel()).reshape(
                len(drawn), b
            )
    raise ValueError(
        f"inclusion sums to {total:.15g} in a {design} design: samples would differ in size; "
        "use sample_counts()"
    )


@steady
def law(inclusion: ArrayLike, design: str = "pivotal") -> Law:
    r"""List the law of a design: all outcomes and their probabilities, for small pools.

    Parameters
    ----------
    inclusion : array_like, shape (n,)
    design : str

    Returns
    -------
    Law
        `outcomes`, shape (K, n), and `probability`, shape (K,).

    Raises
    ------
    ValueError
        If more points are open than the design's row allows, or outcomes with replacement are
        more than a million.

    Examples
    --------
    >>> drawn = law([0.5, 0.5, 0.5, 0.5], "conditional_poisson")
    >>> drawn.outcomes.shape, drawn.probability.round(6).tolist()[:2]
    ((6, 4), [0.166667, 0.166667])
    """
    row = _row(design)
    q = probabilities(inclusion, row)
    part, index, sure = open_points(q, row)
    if why := unlisted(part, row):
        raise ValueError(f"inclusion {why}; the law of {design} is not listed")
    if not len(index):
        outcome = np.zeros((1, len(q)), dtype=np.int64)
        outcome[:, sure] = 1
        return Law(outcome, np.ones(1))
    found = row.law(part)
    outcomes = np.zeros((len(found.outcomes), len(q)), dtype=np.int64)
    outcomes[:, index] = found.outcomes[:, : len(index)]
    outcomes[:, sure] = 1
    return Law(outcomes, found.probability)


@steady
def joint_inclusion(inclusion: ArrayLike, design: str = "pivotal") -> Array:
    r"""Exact second-order inclusion probabilities :math:`\pi_{ij}`; the diagonal holds q.

    In closed form for conditional Poisson, Sampford, Poisson, pivotal and systematic in given order
    and with replacement (there :math:`E[N_i N_j]`, i != j); by enumeration for small pools
    otherwise.

    Parameters
    ----------
    inclusion : array_like, shape (n,)
    design : str

    Returns
    -------
    ndarray, shape (n, n)

    Raises
    ------
    ValueError
        If the design has no formula and the pool is too large to enumerate.

    References
    ----------
    Theory page: S1; Chen, Dempster, Liu, Biometrika 1994; Sampford, Biometrika 1967.

    Examples
    --------
    >>> joint_inclusion([0.5, 0.5, 0.5, 0.5], "sampford")[0].round(6).tolist()
    [0.5, 0.166667, 0.166667, 0.166667]
    """
    row = _row(design)
    q = probabilities(inclusion, row)
    if row.joint is None:
        pairs = law(q, design).joint()
    else:
        part, index, sure = open_points(q, row)
        pairs = np.zeros((len(q), len(q)))
        if len(index):
            n = len(index)
            pairs[np.ix_(index, index)] = row.joint(part)[:n, :n]
        pairs[sure], pairs[:, sure] = q, q[:, None]
    np.fill_diagonal(pairs, q)
    return pairs
