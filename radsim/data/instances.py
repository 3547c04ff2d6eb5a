r"""Instances for tests and simulations: families of gains, random games, a mixture, digits."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from radsim.door import (
    array,
    checked,
    entries,
    flag,
    generator,
    matrix,
    number,
    one_of,
    steady,
    vector,
    whole,
)
from radsim.game import Array, Count, Game

__all__ = [
    "FAMILIES",
    "Instance",
    "digits_instance",
    "draw_instance",
    "mixture_instance",
]

Family = Callable[[int, np.random.Generator], Array]


def _ladder(n: int, rng: np.random.Generator) -> Array:
    return rng.uniform(0.3, 0.95) ** np.arange(n, dtype=np.float64)


def _two_level(n: int, rng: np.random.Generator) -> Array:
    return np.where(np.arange(n) < rng.integers(1, n + 1), 1.0, rng.uniform(0.05, 0.95))


def _ties(n: int, rng: np.random.Generator) -> Array:
    return rng.integers(0, 4, n).astype(np.float64)


def _near_degenerate(n: int, rng: np.random.Generator) -> Array:
    """Almost equal gains: with m just below n/D the level is almost zero (k - M -> 0)."""
    return 1.0 + 1e-9 * rng.random(n)


FAMILIES: dict[str, Family] = {
    "uniform": lambda n, rng: rng.random(n),
    "beta": lambda n, rng: rng.beta(0.3, 2.0, n),
    "pareto": lambda n, rng: 1.0 + rng.pareto(1.1, n),
    "ladder": _ladder,
    "two_level": _two_level,
    "ties": _ties,
    "near_degenerate": _near_degenerate,
    "tiny": lambda n, rng: 1e-12 * rng.random(n),
    "huge": lambda n, rng: 1e12 * rng.random(n),
}


@dataclass(frozen=True, eq=False)
class Instance:
    """Instance: a game and its name, with labels and features if the pool has them.

    Attributes
    ----------
    name : str
    game : Game
    labels : ndarray of int, shape (n,), optional
        True classes, 0 to C - 1.
    features : ndarray, shape (n, d), optional
    probabilities : ndarray, shape (n, C), (n,) or (n, 1), optional
        The student's class probabilities; of two classes that of class 1 is enough.
    wrong : ndarray, shape (n,), optional
        1 where a real teacher is wrong, else 0.

    Examples
    --------
    >>> Instance("three", Game([1, 0.5, 0.25], mistakes=1)).game
    Game([1, 0.5, 0.25], mistakes=1)
    """

    name: str
    game: Game
    labels: Array | None = None
    features: Array | None = None
    probabilities: Array | None = None
    wrong: Array | None = None

    def __post_init__(self) -> None:
        checked(self, name=str, game=Game)
        n = self.game.n
        made = {
            "labels": lambda x: whole(x, "labels", n),
            "features": lambda x: matrix(x, "features", n),
            "probabilities": lambda x: array(x, "probabilities", high=1, slack=1e-6),
            "wrong": lambda x: vector(x, "wrong", n, high=1),
        }
        for name, make in made.items():
            value = getattr(self, name)
            if value is not None:
                object.__setattr__(self, name, make(value))
        p = self.probabilities
        if p is not None and p.shape[:1] != (n,):
            raise ValueError(f"probabilities must have {n} rows, got shape {p.shape}")


@steady
def draw_instance(
    *,
    rng: np.random.Generator | int,
    largest_n: int = 12,
    family: str | None = None,
    harm: float | None = None,
    mistakes: float | None = None,
    budget: float | None = None,
    capped: bool | None = None,
    abstain: bool | None = None,
) -> Instance:
    """Draw a game: family, size, harm profile, mistakes, budget and rules all at random.

    What is fixed leaves what else is drawn as it was, but for the number of points, which must hold
    the mistakes and the budget.

    Parameters
    ----------
    rng : numpy.random.Generator or int
    largest_n : int
        Games have 1 to `largest_n` points.
    family : str, optional
        A key of `FAMILIES`.
    harm : float, optional
        Multiple of the gain.
    mistakes, budget : float, optional
    capped, abstain : bool, optional

    Returns
    -------
    Instance
        Named after its family and harm profile.

    Raises
    ------
    ValueError
        If `rng` is neither a generator nor a whole number, `largest_n` is no count, or what is
        fixed is that of no game; names it.

    Examples
    --------
    >>> import numpy as np
    >>> draw_instance(rng=np.random.default_rng(0)).game.n <= 12
    True
    >>> game = draw_instance(rng=1, harm=1, budget=2, family="ties").game
    >>> game.multiple, game.budget
    (1.0, 2.0)
    """
    rng = generator(rng)
    largest_n = entries(largest_n, "largest_n", low=1)
    low = 1
    for name, value in (("mistakes", mistakes), ("budget", None if capped is False else budget)):
        if value is not None:
            low = max(low, int(np.ceil(number(value, name, high=largest_n))))
    n = int(rng.integers(low, largest_n + 1))
    drawn = str(rng.choice(list(FAMILIES)))
    family = drawn if family is None else one_of(family, FAMILIES, "family")
    gains = FAMILIES[family](n, rng)
    unit = float(gains.max()) or 1.0
    multiple = float(rng.choice([0.0, 0.5, 1.0, 2.0]))
    harms: Array = {
        "proportional": multiple * gains,
        "constant": np.full(n, unit * float(rng.choice([0.1, 1.0]))),
        "random": unit * rng.random(n),
        "decreasing": np.maximum(0.0, unit - gains),
    }[profile := str(rng.choice(["proportional", "constant", "random", "decreasing"]))]
    if family == "near_degenerate" and profile == "proportional":
        m = n / (1.0 + multiple) * (1 - 1e-6)
    else:
        m = {
            "none": 0.0,
            "few": float(rng.integers(0, n // 3 + 1)),
            "count": float(rng.integers(0, n + 1)),
            "fraction": float(rng.uniform(0, n)),
            "all": float(n),
        }[str(rng.choice(["none", "few", "few", "count", "fraction", "fraction", "all"]))]
    b = {
        "one": 1.0,
        "count": float(rng.integers(1, n + 1)),
        "fraction": float(rng.uniform(0.05, n)),
        "all": float(n),
    }[str(rng.choice(["one", "count", "fraction", "all"]))]
    rules = {"capped": bool(rng.random() < 0.7), "abstain": bool(rng.random() < 0.65)}
    for name, given in (("capped", capped), ("abstain", abstain)):
        rules[name] = rules[name] if given is None else flag(given, name)
    game = Game(
        gains,
        Count(m if mistakes is None else mistakes),
        b if budget is None else budget,
        **({"harms": harms} if harm is None else {"harm": harm}),
        **rules,
    )
    return Instance(f"{family}/{profile if harm is None else 'proportional'}", game)


@steady
def digits_instance(*, rng: np.random.Generator | int) -> Instance:
    """Make an instance from scikit-learn's digits: a student of 50 labels, a teacher of 200.

    The student is a logistic regression on 50 labelled digits; the gains of the pool are one minus
    the margin of its class probabilities.  The teacher is one on 200 labels; its mistakes on the
    pool are counted from the true labels, and m is that count.

    Parameters
    ----------
    rng : numpy.random.Generator or int
        Splits the data.

    Returns
    -------
    Instance
        n = 1,000 pool points, budget 100, harm equal to the gain; with labels, features, the
        student's probabilities, and where the teacher is wrong.

    Raises
    ------
    ValueError
        If `rng` is neither a generator nor a whole number.

    Examples
    --------
    >>> digits = digits_instance(rng=0)
    >>> digits.game.n, digits.game.budget, bool(digits.wrong.sum() == digits.game.mistakes)
    (1000, 100.0, True)
    """
    # Slow to import, and only this instance needs them.
    from sklearn.datasets import load_digits
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    data, labels = load_digits(return_X_y=True)
    order = generator(rng).permutation(len(labels))
    few, more, pool = order[:50], order[50:250], order[250:1250]

    def fit(rows: Array) -> Any:
        model = make_pipeline(StandardScaler(), LogisticRegression(max_iter=2000))
        return model.fit(data[rows], labels[rows])

    student, teacher = fit(few), fit(more)
    probabilities = student.predict_proba(data[pool])
    top = np.sort(probabilities, axis=1)
    wrong = (teacher.predict(data[pool]) != labels[pool]).astype(np.float64)
    gains = np.clip(1 - (top[:, -1] - top[:, -2]), 0, 1)
    game = Game(gains, float(wrong.sum()), 100)
    return Instance("digits", game, labels[pool], data[pool], probabilities, wrong)


@steady
def mixture_instance(
    *,
    rng: np.random.Generator | int,
    n: int = 400,
    n_classes: int = 4,
    rate: float = 0.1,
    budget: float = 40,
) -> Instance:
    r"""Draw an instance with labels and features: Gaussian classes in the plane.

    The student knows the class centres a little wrong; the gains are one minus the margin of its
    class probabilities.

    Parameters
    ----------
    rng : numpy.random.Generator or int
    n, n_classes : int
    rate : float
        m is this share of n, rounded down.
    budget : float

    Returns
    -------
    Instance
        With labels, features and the student's probabilities.

    Raises
    ------
    ValueError
        Naming the number that cannot be.

    Examples
    --------
    >>> import numpy as np
    >>> mixture_instance(rng=np.random.default_rng(0)).game.n
    400
    """
    rng, rate = generator(rng), number(rate, "rate", high=1)
    n, n_classes = entries(n, "n", low=1), entries(n_classes, "n_classes", low=2)
    centres = 2.0 * rng.normal(size=(n_classes, 2))
    labels = rng.integers(n_classes, size=n)
    features = centres[labels] + rng.normal(size=(n, 2))
    believed = centres + 0.5 * rng.normal(size=centres.shape)
    score = -0.5 * ((features[:, None, :] - believed) ** 2).sum(axis=2)
    weight = np.exp(score - score.max(axis=1, keepdims=True))
    probabilities = weight / weight.sum(axis=1, keepdims=True)
    top = np.sort(probabilities, axis=1)
    gains = np.clip(1 - (top[:, -1] - top[:, -2]), 0, 1)
    game = Game(gains, int(rate * n), budget)
    return Instance("mixture", game, labels, features, probabilities)
