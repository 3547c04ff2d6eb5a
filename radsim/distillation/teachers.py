r"""Teachers: soft labels of every point, from an oracle, a trained model or a file."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from radsim.distillation.files import read_answers
from radsim.distillation.splits import Split
from radsim.distillation.students import STUDENTS
from radsim.door import Array, generator, number, one_of, steady

__all__ = [
    "LABELS",
    "TRAINED",
    "Trained",
    "oracle_answers",
    "teacher_answers",
    "two_valued",
    "vote",
]

CONFIDENCE = 0.9  # of the oracle in the class it names, right or wrong; it knows no doubt
SURE, UNSURE = 0.9, 0.6  # what a language model says when it is asked how sure it is


def _one_hot(p: Array) -> Array:
    return np.eye(p.shape[1])[p.argmax(axis=1)]


def _soft(p: Array) -> Array:
    return p


def sharpened(temperature: float) -> Callable[[Array], Array]:
    r"""Soft labels at a temperature: :math:`p_k^{1/T}`, normalised.

    Examples
    --------
    >>> import numpy as np
    >>> sharpened(0.5)(np.array([[0.75, 0.25]])).round(12).tolist()
    [[0.9, 0.1]]
    """

    temperature = number(temperature, "temperature", open_low=True)

    @steady
    def answer(p: Array) -> Array:
        with np.errstate(over="ignore"):
            raised = (p / p.max(axis=1, keepdims=True)) ** (1 / temperature)
        return np.asarray(raised / raised.sum(axis=1, keepdims=True))

    return answer


def two_valued(p: Array) -> Array:
    """Confidence in two values, as a language model states it: 0.9 or 0.6 in the class named.

    It is 0.9 where the largest probability is at or above its median over all points; the rest is
    spread evenly over the other classes.

    Examples
    --------
    >>> import numpy as np
    >>> two_valued(np.array([[0.8, 0.2], [0.7, 0.3], [0.4, 0.6]])).round(12).tolist()
    [[0.9, 0.1], [0.9, 0.1], [0.4, 0.6]]
    """
    top = p.max(axis=1)
    said = np.where(top >= np.median(top), SURE, UNSURE)[:, None]
    return np.where(_one_hot(p) == 1, said, (1 - said) / (p.shape[1] - 1))


# From the teacher's probabilities of all points to what it answers; none changes the class named.
LABELS: dict[str, Callable[[Array], Array]] = {
    "hard": _one_hot,
    "soft": _soft,
    "temperature 0.5": sharpened(0.5),
    "temperature 2": sharpened(2.0),
    "two-valued": two_valued,
}


@dataclass(frozen=True)
class Trained:
    """A row of `TRAINED`: which models vote, and whether they see the private points too."""

    models: tuple[str, ...]
    private: bool
    says: str


TRAINED: dict[str, Trained] = {
    "network": Trained(("network",), False, "network fitted on the labelled points"),
    "forest": Trained(("forest",), False, "random forest fitted on the labelled points"),
    "network private": Trained(("network",), True, "network fitted on these and private points"),
    "forest private": Trained(
        ("forest",), True, "random forest fitted on these and private points"
    ),
    "convnet private": Trained(
        ("large convnet",), True, "large ConvNet fitted on these and private images (PyTorch)"
    ),
    "majority": Trained(
        ("network", "forest", "softmax"),
        False,
        "vote of three models fitted on the labelled points",
    ),
}


def vote(tables: Sequence[Array]) -> Array:
    """Class probabilities by vote: each table's named class, and their mean as one voice more.

    The mean is what breaks ties, and is in no vote of two against one.  One table is itself.

    Parameters
    ----------
    tables : sequence of ndarray, shape (n, K)

    Examples
    --------
    >>> import numpy as np
    >>> tables = [np.array([[0.6, 0.4]]), np.array([[0.6, 0.4]]), np.array([[0.0, 1.0]])]
    >>> vote(tables).round(6).tolist()
    [[0.6, 0.4]]
    """
    if len(tables) == 1:
        return tables[0]
    return np.mean([*map(_one_hot, tables), np.mean(tables, axis=0)], axis=0)


def oracle_answers(labels: Array, n_classes: int, wrong: Array, named: Array) -> Array:
    """Probabilities of an oracle with noise: 9/10 on the class it names, the rest spread evenly.

    Parameters
    ----------
    labels : ndarray of int, shape (n,)
    n_classes : int
    wrong : ndarray of bool, shape (n,)
    named : ndarray of int, shape (n,)
        The class that it names where it is wrong.

    Examples
    --------
    >>> import numpy as np
    >>> answers = oracle_answers(
    ...     np.array([0, 1]), 2, np.array([False, True]), np.array([1, 0])
    ... )
    >>> answers.argmax(axis=1).tolist()
    [0, 0]
    """
    said = np.where(wrong, named, labels)
    rest = (1 - CONFIDENCE) / (n_classes - 1)
    return np.where(np.arange(n_classes) == said[:, None], CONFIDENCE, rest)


def teacher_answers(teacher: str, split: Split, *, rng: np.random.Generator | int) -> Array:
    """Class probabilities of every point, by a row of `TRAINED` or a file.

    Raises
    ------
    ValueError
        If there is no such row or file.
    """
    if teacher in TRAINED:
        row = TRAINED[teacher]
        parts = [split.labelled, split.private] if row.private else [split.labelled]
        seen = np.concatenate(parts)
        targets = np.eye(split.n_classes)[split.labels[seen]]
        rng = generator(rng)
        models = [STUDENTS[name](split.features[seen], targets, rng=rng) for name in row.models]
        return vote([model.probabilities(split.features) for model in models])
    if not Path(teacher).exists():
        one_of(teacher, ("oracle", *TRAINED), "teacher", "or a file")
    return read_answers(teacher, len(split.labels), split.n_classes)
