"""Draws with given inclusion probabilities: one file a design, one row a design in `DESIGNS`."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike

from radsim.game import Array
from radsim.sampling import iid, pivotal, systematic

__all__ = ["DESIGNS", "sample"]

Design = Callable[[Array, np.random.Generator], Array]

DESIGNS: dict[str, Design] = {
    "pivotal": pivotal.draw,
    "systematic": systematic.draw,
    "iid": iid.draw,
}


def sample(
    inclusion: ArrayLike,
    design: str = "pivotal",
    *,
    rng: np.random.Generator,
    size: int | None = None,
) -> Array:
    r"""Draw points so that point i is included with probability :math:`q_i`.

    Parameters
    ----------
    inclusion : array_like, shape (n,)
        :math:`q`, each in [0, 1] ("iid": any non-negative, expected counts).
    design : {"pivotal", "systematic", "iid"}
        A sum of q that is not whole gives its floor or ceiling, in expectation the sum.
    rng : numpy.random.Generator
    size : int, optional
        That many independent samples, shape (size, b); needs a whole sum.

    Returns
    -------
    ndarray of int
        Chosen indices, sorted.

    Raises
    ------
    ValueError
        If a probability is outside its range, naming it.

    References
    ----------
    THEORY S1.

    Examples
    --------
    >>> import numpy as np
    >>> sample([1, 0.5, 0.5, 0], rng=np.random.default_rng(0)).shape
    (2,)
    """
    if design not in DESIGNS:
        raise ValueError(f"design = {design!r} must be one of {', '.join(DESIGNS)}")
    q = np.array(inclusion, dtype=np.float64)
    if q.ndim != 1:
        raise ValueError(f"inclusion must be one-dimensional, got shape {q.shape}")
    top = np.inf if design == "iid" else 1 + 1e-9
    bad = np.flatnonzero(~((q >= -1e-12) & (q <= top) & np.isfinite(q)))
    if bad.size:
        i = int(bad[0])
        raise ValueError(f"inclusion[{i}] = {q[i]} must be in [0, {'inf' if top > 2 else 1}]")
    q = np.maximum(q, 0)
    if top < 2:
        q = np.minimum(q, 1)
    draw = DESIGNS[design]
    if size is None:
        return np.sort(draw(q, rng))
    if abs(q.sum() - round(q.sum())) > 1e-9 * max(1.0, q.sum()):
        raise ValueError(f"inclusion sums to {q.sum()}, not whole: samples would differ in size")
    return np.array([np.sort(draw(q, rng)) for _ in range(size)])
