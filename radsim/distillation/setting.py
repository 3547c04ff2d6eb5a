"""Settings of an experiment, and the outcome of one strategy in one of them."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from radsim.data.gains import GAINS
from radsim.distillation.noise import NOISES
from radsim.distillation.students import ON_IMAGES, STUDENTS
from radsim.distillation.teachers import LABELS
from radsim.door import count, number, one_of, typed

__all__ = ["ORACLE", "Outcome", "Setting"]

ORACLE = "oracle"  # the teacher that knows the labels and errs as it is told


@dataclass(frozen=True)
class Setting:
    """Setting of an experiment: data set, student, teacher, noise, budget and rounds.

    Attributes
    ----------
    data : str
        A row of `DATA`, or the path of a table.
    student : str
        A row of `STUDENTS`.
    gain : {"margin", "entropy", "least_confidence"}
    teacher : str
        "oracle", a row of `TRAINED`, or the path of a file of class probabilities, one row for
        each point of the data set.
    labels : {"hard", "soft", "temperature 0.5", "temperature 2", "two-valued"}
        What the teacher answers.
    noise : str or None
        A row of `NOISES`; the oracle's only.
    rate : float
        Share of the pool that the oracle mislabels.
    budget : float
        Share of the pool that is asked about, in all rounds together.
    rounds : int
    n_labelled, n_validation, n_pool, n_test : int, optional
        None: the data set's own.

    Raises
    ------
    ValueError
        Naming the field and its value.

    Examples
    --------
    >>> Setting(noise="cluster", rate=0.4).labels
    'hard'
    >>> Setting(rate=2)
    Traceback (most recent call last):
    ...
    ValueError: rate = 2.0 must be in [0, 1]
    """

    data: str = "digits"
    student: str = "softmax"
    gain: str = "margin"
    teacher: str = ORACLE
    labels: str = "hard"
    noise: str | None = "gain^3"
    rate: float = 0.3
    budget: float = 0.05
    rounds: int = 1
    n_labelled: int | None = None
    n_validation: int | None = None
    n_pool: int | None = None
    n_test: int | None = None

    def __post_init__(self) -> None:
        typed(self.data, str, "data")
        typed(self.teacher, str, "teacher")
        one_of(self.student, STUDENTS, "student")
        one_of(self.gain, GAINS, "gain")
        one_of(self.labels, LABELS, "labels")
        if self.noisy and self.noise is not None:
            one_of(self.noise, NOISES, "noise")
        numbers: dict[str, float] = {
            "rate": number(self.rate, "rate", high=1),
            "budget": number(self.budget, "budget", high=1, open_low=True),
        }
        for name in ("rounds", "n_labelled", "n_validation", "n_pool", "n_test"):
            if getattr(self, name) is not None or name == "rounds":
                numbers[name] = count(getattr(self, name), name, low=1)
        for name, value in numbers.items():
            object.__setattr__(self, name, value)

    @property
    def on_images(self) -> bool:
        """Whether the student sees images; all see the same, the teacher included."""
        return self.student in ON_IMAGES

    @property
    def noisy(self) -> bool:
        """Whether the teacher is the oracle, whose mistakes `noise` and `rate` say."""
        return self.teacher == ORACLE


@dataclass(frozen=True)
class Outcome:
    """Outcome of one strategy in one setting under one seed: accuracies and robust gains.

    Attributes
    ----------
    strategy : str
    seed : int
    test_accuracy : float
        Of the student after the last round.
    labelled_accuracy, trusted_accuracy : float
        Of the student fitted on the labelled points alone, and on these and all validation points.
    queried_accuracy : float
        Share of queries that the teacher answered with the true class.
    realised_gain : float
        Sum over queries of the gain, minus the gain where the answer was wrong (c = 1).
    worst_case_value : float
        Exact W(q) on the game with the true m and proportional harm, summed over rounds; NaN where
        the strategy knows no inclusion probabilities.
    lift : float
        The teacher's error on the b largest gains over that on the pool; NaN without mistakes.
    n_mistakes, n_queried : int
        Of the teacher on the pool, and answers that it gave.
    n_trusted, n_checked, n_checked_wrong : int
        Trusted labels besides the labelled points; of these checks of answers; and of these the
        answers that were wrong.
    alarm : bool
        Whether the strategy holds the teacher to be worse where it was asked than on V.
    cpu_seconds : float
        Selection and fits.

    References
    ----------
    Theory page: V7, S5.

    Examples
    --------
    >>> from radsim.distillation import Setting, compare
    >>> (outcome,) = compare(Setting(noise="top-m", rate=0.3), ["margin"], seed=0)
    >>> outcome.n_queried, outcome.queried_accuracy
    (45, 0.0)
    """

    strategy: str
    seed: int
    test_accuracy: float
    labelled_accuracy: float
    trusted_accuracy: float
    queried_accuracy: float
    realised_gain: float
    worst_case_value: float
    lift: float
    n_mistakes: int
    n_queried: int
    n_trusted: int
    n_checked: int
    n_checked_wrong: int
    alarm: bool
    cpu_seconds: float

    def row(self) -> dict[str, Any]:
        """The outcome as a dict, one entry a field."""
        return asdict(self)
