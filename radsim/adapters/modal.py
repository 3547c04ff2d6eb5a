r"""A query strategy for modAL's `ActiveLearner`; modAL itself is not imported."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from radsim.adapters.arrays import select_from_model
from radsim.door import count, generator, matrix, number, one_of, steady, typed
from radsim.game import Array
from radsim.selectors import SELECTORS

__all__ = ["modal_query"]


@steady
def modal_query(
    selector: str = "rad",
    *,
    rng: np.random.Generator | int,
    mistake_rate: float = 0.1,
    embeddings: ArrayLike | None = None,
    options: Mapping[str, Any] | None = None,
) -> Callable[..., tuple[Array, Array | None]]:
    r"""Make a query strategy for modAL: ``ActiveLearner(query_strategy=...)``.

    Parameters
    ----------
    selector : str
        A row of `SELECTORS`.
    rng : numpy.random.Generator or int
        Goes on from query to query.
    mistake_rate, embeddings, options
        As in `select_from_probabilities`.

    Returns
    -------
    callable
        (learner, pool, n_instances=1) -> picks and their inclusion probabilities (None if the
        selector claims none).  A pair, because modAL takes a strategy that returns two picks alone
        for picks and metrics, and calls it a second time if it returns another number.  A learner
        that is not fitted yet starts at random; of a pool smaller than the batch all is asked,
        with a warning.

    Raises
    ------
    ValueError
        If `rng` is neither a generator nor a whole number; when called, as
        `select_from_probabilities`.

    Examples
    --------
    >>> import numpy as np
    >>> from sklearn.linear_model import LogisticRegression
    >>> x = np.linspace(-1, 1, 21)[:, None]
    >>> model = LogisticRegression().fit(x[[0, -1]], [0, 1])
    >>> query = modal_query("rad", rng=0, mistake_rate=0.1)
    >>> picks, inclusion = query(model, x, n_instances=3)
    >>> len(picks), bool((inclusion > 0).all())
    (3, True)
    """
    # Slow to import, and only a query needs it.
    from sklearn.exceptions import NotFittedError

    rng = generator(rng)
    one_of(selector, SELECTORS, "selector")
    number(mistake_rate, "mistake_rate", high=1)
    typed({} if options is None else options, Mapping, "options")
    if embeddings is not None:
        matrix(embeddings, "embeddings")

    def query(learner: Any, pool: Any, n_instances: int = 1) -> tuple[Array, Array | None]:
        size = pool.shape[0] if hasattr(pool, "shape") else len(pool)  # sparse ones have no length
        b = count(n_instances, "n_instances", low=1)
        if size < b:
            warnings.warn(
                f"n_instances = {b} is larger than the pool: all of its {size} points are asked",
                stacklevel=2,
            )
            b = size
        try:
            found = select_from_model(
                learner,
                pool,
                b,
                rng=rng,
                selector=selector,
                mistake_rate=mistake_rate,
                embeddings=embeddings,
                options=options,
            )
        except NotFittedError:
            return np.sort(rng.choice(size, b, replace=False)), np.full(b, b / size)
        q = found.inclusion
        return found.indices, None if q is None else q[found.indices]

    return query
