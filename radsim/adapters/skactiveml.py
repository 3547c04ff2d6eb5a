r"""A query strategy for scikit-activeml; needs scikit-activeml (extra `peers`)."""

from __future__ import annotations

import sys
from typing import Any

import numpy as np
from scipy.sparse import issparse
from skactiveml.base import SingleAnnotatorPoolQueryStrategy
from skactiveml.utils import MISSING_LABEL
from sklearn.base import clone

from radsim.adapters.arrays import select_from_probabilities

__all__ = ["RobustSampling"]


def _refuse_parts() -> None:
    """Refuse to be asked part by part: the wrapper says nothing of it, only the call stack does."""
    frame = sys._getframe(1)
    while frame.f_back is not None:
        frame = frame.f_back
        if "ParallelUtilityEstimationWrapper" in frame.f_code.co_qualname:
            raise ValueError(
                "query_strategy = RobustSampling(...) must not be in a "
                "ParallelUtilityEstimationWrapper: inclusion probabilities are those of a whole "
                "pool, and in parts of it they would hang on n_jobs"
            )


class RobustSampling(SingleAnnotatorPoolQueryStrategy):
    r"""RAD, or any other row of `SELECTORS`, in a pool loop of scikit-activeml.

    Parameters
    ----------
    selector : str
        A row of `SELECTORS`.
    mistake_rate : float
        Share of the candidates that the teacher may mislabel.
    options : dict, optional
        Parameters of the selector: harm, temperature, labelled, ...
    missing_label : scalar
    random_state : None, int or numpy.random.RandomState
        An int seeds `numpy.random.default_rng`, which goes on from query to query: the picks of
        "rad" are those of ``sample(q, rng=default_rng(seed))``.

    Examples
    --------
    >>> import numpy as np
    >>> from skactiveml.classifier import SklearnClassifier
    >>> from sklearn.linear_model import LogisticRegression
    >>> X = np.linspace(-1, 1, 21)[:, None]
    >>> y = np.full(21, np.nan)
    >>> y[[0, -1]] = 0, 1
    >>> strategy = RobustSampling(mistake_rate=0.1, random_state=0)
    >>> model = SklearnClassifier(LogisticRegression(), classes=[0, 1])
    >>> picks = strategy.query(X, y, model, batch_size=3)
    >>> len(picks), bool(np.isnan(y[picks]).all())
    (3, True)
    """

    def __init__(
        self,
        selector: str = "rad",
        mistake_rate: float = 0.1,
        options: dict[str, Any] | None = None,
        missing_label: Any = MISSING_LABEL,
        random_state: Any = None,
    ) -> None:
        super().__init__(missing_label=missing_label, random_state=random_state)
        self.selector = selector
        self.mistake_rate = mistake_rate
        self.options = options

    def query(
        self,
        X: Any,
        y: Any,
        clf: Any,
        fit_clf: bool = True,
        sample_weight: Any = None,
        candidates: Any = None,
        batch_size: int = 1,
        return_utilities: bool = False,
    ) -> Any:
        r"""Choose the points to query: scikit-activeml's own call.

        Parameters
        ----------
        X : array_like or sparse matrix, shape (n_samples, n_features)
        y : array_like, shape (n_samples,)
            Labels, missing ones as `missing_label`.
        clf : SkactivemlClassifier
        fit_clf : bool
            Fit a clone of it first.
        sample_weight : array_like, optional
        candidates : None, indices into X, or samples
        batch_size : int
            If it is larger than the number of candidates all are queried, with a warning.
        return_utilities : bool

        Returns
        -------
        query_indices : ndarray, shape (batch_size,)
        utilities : ndarray, shape (batch_size, n_samples or n_candidates)
            Only if asked for: inclusion probabilities, zeros where the selector claims none; NaN
            for points that are no candidates and for those picked before.

        Raises
        ------
        ValueError
            Inside a `ParallelUtilityEstimationWrapper`, which asks about parts of the pool.
        """
        _refuse_parts()
        # scikit-activeml and its classifiers take no sparse matrices.
        X, candidates = (x.toarray() if issparse(x) else x for x in (X, candidates))
        X, y, candidates, batch_size, return_utilities = self._validate_data(
            X, y, candidates, batch_size, return_utilities, reset=True
        )
        pool, place = self._transform_candidates(candidates, X, y)
        if fit_clf:
            weight = () if sample_weight is None else (sample_weight,)
            clf = clone(clf).fit(X, y, *weight)
        if not hasattr(self, "rng_"):
            state = self.random_state
            if isinstance(state, np.random.RandomState):
                state = state._bit_generator
            self.rng_ = np.random.default_rng(state)
        found = select_from_probabilities(
            clf.predict_proba(pool),
            batch_size,
            rng=self.rng_,
            selector=self.selector,
            mistake_rate=self.mistake_rate,
            embeddings=pool,
            options=self.options,
        )
        place = np.arange(len(pool)) if place is None else place
        picks = place[found.indices]
        if not return_utilities:
            return picks
        n = len(pool) if candidates is not None and np.ndim(candidates) > 1 else len(X)
        utilities = np.full((len(picks), n), np.nan)
        utilities[:, place] = 0.0 if found.inclusion is None else found.inclusion
        for k, pick in enumerate(picks):
            utilities[k + 1 :, pick] = np.nan
        return picks, utilities
