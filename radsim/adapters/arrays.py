r"""Selectors on class probabilities, on any `predict_proba`, on arrays of logits."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from radsim.door import (
    Array,
    class_probabilities,
    floats,
    inside,
    matrix,
    number,
    one_of,
    steady,
    typed,
)
from radsim.game import mistakes_from_rate
from radsim.selectors import SELECTORS, Selection, ask

__all__ = ["select_from_logits", "select_from_model", "select_from_probabilities"]

# The batch is filled: a loop that asked for b labels gets b.
_FORCED = {"abstain": False}


@steady
def select_from_probabilities(
    probabilities: ArrayLike,
    budget: float,
    *,
    rng: np.random.Generator | int,
    selector: str = "rad",
    mistake_rate: float = 0.1,
    embeddings: ArrayLike | None = None,
    options: Mapping[str, Any] | None = None,
) -> Selection:
    r"""Select points to query from a student's class probabilities.

    Parameters
    ----------
    probabilities : array_like or tensor, shape (n, C), (n,) or (n, 1)
        Of two classes the probability of class 1 is enough.
    budget : float
    rng : numpy.random.Generator or int
    selector : str
        A row of `SELECTORS` (not "oracle").
    mistake_rate : float
        Share of the pool that the teacher may mislabel; only "rad" asks for it.
    embeddings : array_like, shape (n, d), optional
        For selectors that take them.
    options : mapping, optional
        Further options of `select`: `harm`, `temperature`, `labelled`, ...

    Returns
    -------
    Selection
        RAD spends the whole budget here, even where no selection has a positive guarantee.

    Raises
    ------
    ValueError
        If the selector is unknown, or takes what is not given.

    Examples
    --------
    >>> import numpy as np
    >>> p = np.array([[0.9, 0.1], [0.6, 0.4], [0.5, 0.5], [0.8, 0.2]])
    >>> found = select_from_probabilities(p, 2, rng=np.random.default_rng(0), mistake_rate=0.25)
    >>> len(found.indices), found.inclusion.round(3).tolist()
    (2, [0.1, 0.5, 0.4, 1.0])
    """
    p = class_probabilities(probabilities)
    options = typed({} if options is None else options, Mapping, "options")
    mistake_rate = number(mistake_rate, "mistake_rate", high=1)
    if embeddings is not None:
        embeddings = matrix(embeddings, "embeddings", len(p), of="probabilities")
    known = {name: row for name, row in SELECTORS.items() if "wrong" not in row.takes}
    row = known[one_of(selector, known, "selector")]
    given: dict[str, Any] = {
        "gains": p,
        "probabilities": p,
        "embeddings": embeddings,
    }
    if "embeddings" in row.takes and embeddings is None:
        raise ValueError(f"embeddings must be given: {selector!r} takes them")
    first, *others = row.takes
    more = {name: given[name] for name in others if name in given}
    if "mistakes" in row.takes:
        more |= {"mistakes": mistakes_from_rate(mistake_rate, len(p))}
    if "abstain" in row.takes:
        more |= _FORCED
    return ask(
        row,
        given[first],
        budget,
        rng=rng,
        options=more | dict(options),
    )


@steady
def select_from_model(
    model: Any,
    pool: Any,
    budget: float,
    *,
    rng: np.random.Generator | int,
    selector: str = "rad",
    mistake_rate: float = 0.1,
    embeddings: ArrayLike | None = None,
    options: Mapping[str, Any] | None = None,
) -> Selection:
    r"""Select points to query with any model that has `predict_proba`, as scikit-learn's do.

    Parameters
    ----------
    model : object
        Its ``predict_proba(pool)`` gives class probabilities, as `select_from_probabilities` takes
        them.
    pool : array_like
        Unlabelled points, in whatever form the model takes; two-dimensional arrays serve as the
        embeddings unless `embeddings` is given.
    budget : float
    rng, selector, mistake_rate, embeddings, options
        As in `select_from_probabilities`.

    Returns
    -------
    Selection
        RAD spends the whole budget here, even where no selection has a positive guarantee.

    Raises
    ------
    ValueError
        If the selector is unknown or takes what is not given, or naming the entry that cannot be.

    Examples
    --------
    >>> import numpy as np
    >>> from sklearn.linear_model import LogisticRegression
    >>> x = np.linspace(-1, 1, 21)[:, None]
    >>> model = LogisticRegression().fit(x[[0, -1]], [0, 1])
    >>> rng = np.random.default_rng(0)
    >>> select_from_model(model, x, 1, rng=rng, selector="margin").indices.tolist()
    [10]
    """
    if not callable(getattr(model, "predict_proba", None)):
        raise ValueError(f"model = {model!r} must have a method predict_proba")
    takes = SELECTORS[one_of(selector, SELECTORS, "selector")].takes
    if embeddings is None and "embeddings" in takes and np.ndim(pool) == 2:
        embeddings = pool
    return select_from_probabilities(
        model.predict_proba(pool),
        budget,
        rng=rng,
        selector=selector,
        mistake_rate=mistake_rate,
        embeddings=embeddings,
        options=options,
    )


def softmax(logits: ArrayLike) -> Array:
    """Class probabilities of logits, shape (n, C); -inf is the logit of a class that is out.

    One logit a point, shape (n,) or (n, 1), is that of class 1 against class 0.
    """
    z = floats(logits, "logits")
    inside(np.where(np.isneginf(z), 0, z), "logits", low=-np.inf)
    if z.ndim == 1 or z.shape[1:] == (1,):
        z = np.column_stack((np.zeros(len(z)), z.ravel()))
    matrix(np.where(np.isneginf(z), 0, z), "logits")
    for k in np.flatnonzero(np.isneginf(z).all(axis=1))[:1]:
        raise ValueError(f"logits[{k}] is -inf for every class: one must be possible")
    with np.errstate(over="ignore"):  # below the largest by more than a float is -inf
        weight = np.exp(z - z.max(axis=1, keepdims=True))
    return np.asarray(weight / weight.sum(axis=1, keepdims=True))


@steady
def select_from_logits(
    logits: Any,
    budget: float,
    *,
    rng: np.random.Generator | int,
    selector: str = "rad",
    mistake_rate: float = 0.1,
    embeddings: ArrayLike | None = None,
    options: Mapping[str, Any] | None = None,
) -> Selection:
    r"""Select points to query from a network's logits, an array or a PyTorch tensor.

    Parameters
    ----------
    logits : array_like or tensor, shape (n, C), (n,) or (n, 1)
        -inf for a class that is out; one number a point is the logit of class 1 of two.
    budget : float
    rng, selector, mistake_rate, embeddings, options
        As in `select_from_probabilities`; `embeddings` may be the input of the last layer.

    Returns
    -------
    Selection
        RAD spends the whole budget here, even where no selection has a positive guarantee.

    Raises
    ------
    ValueError
        If the selector is unknown or takes what is not given, or naming the entry that cannot be.

    Examples
    --------
    >>> import numpy as np
    >>> logits = [[9.0, 0.0], [0.1, 0.0], [0.0, 5.0]]
    >>> rng = np.random.default_rng(0)
    >>> select_from_logits(logits, 1, rng=rng, selector="entropy").indices.tolist()
    [1]
    """
    return select_from_probabilities(
        softmax(logits),
        budget,
        rng=rng,
        selector=selector,
        mistake_rate=mistake_rate,
        embeddings=embeddings,
        options=options,
    )
