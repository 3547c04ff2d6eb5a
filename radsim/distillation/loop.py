r"""The loop: labelled points, pool, teacher, rounds of queries, and what came of them."""

from __future__ import annotations

import time
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from functools import lru_cache
from typing import Any

import numpy as np

from radsim.distillation.data import Sizes, Split, load_data, split_data
from radsim.distillation.noise import (
    NOISES,
    Noise,
    Points,
    average_reply,
    best_reply,
    by_rank,
    draw_mistakes,
)
from radsim.distillation.students import STUDENTS, Student
from radsim.distillation.teachers import LABELS, oracle_answers, teacher_answers
from radsim.distillation.view import View
from radsim.game import Array, Game, worst_case
from radsim.reading import GAINS, gains_from_probabilities
from radsim.selectors import Selection

__all__ = ["Outcome", "Setting", "compare"]

N_DRAWS = 8  # of a strategy that knows no inclusion probabilities


@dataclass(frozen=True)
class Setting:
    """One cell of an experiment.

    Attributes
    ----------
    data : str
        A row of `DATA`, or the path of a table.
    student : str
        A row of `STUDENTS`.
    gain : {"margin", "entropy", "least_confidence"}
    teacher : str
        "oracle", a row of `TEACHERS`, or the path of a file of class probabilities, one row for
        each point of the data set.
    labels : {"hard", "soft", "temperature 0.5", "temperature 2"}
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
    """

    data: str = "digits"
    student: str = "softmax"
    gain: str = "margin"
    teacher: str = "oracle"
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
        for name, value, table in (
            ("student", self.student, STUDENTS),
            ("gain", self.gain, GAINS),
            ("labels", self.labels, LABELS),
        ):
            if value not in table:
                raise ValueError(f"{name} = {value!r} must be one of {', '.join(table)}")
        if self.teacher == "oracle" and self.noise is not None and self.noise not in NOISES:
            raise ValueError(f"noise = {self.noise!r} must be one of {', '.join(NOISES)}")
        if not 0 <= self.rate <= 1:
            raise ValueError(f"rate = {self.rate} must be in [0, 1]")
        if not 0 < self.budget <= 1:
            raise ValueError(f"budget = {self.budget} must be in (0, 1]")
        if self.rounds < 1:
            raise ValueError(f"rounds = {self.rounds} must be at least 1")


@dataclass(frozen=True)
class Outcome:
    """What one strategy made of one setting under one seed.

    Attributes
    ----------
    strategy : str
    seed : int
    test_accuracy : float
        Of the student after the last round.
    labelled_accuracy : float
        Of the student fitted on the labelled points alone.
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
    cpu_seconds : float
        Selection and fits.
    """

    strategy: str
    seed: int
    test_accuracy: float
    labelled_accuracy: float
    queried_accuracy: float
    realised_gain: float
    worst_case_value: float
    lift: float
    n_mistakes: int
    n_queried: int
    cpu_seconds: float

    def row(self) -> dict[str, Any]:
        """The fields by name."""
        return asdict(self)


def stream(seed: int, *names: str) -> np.random.Generator:
    """The seed's own stream for one source of chance."""
    key = tuple(zlib.crc32(name.encode()) for name in names)
    return np.random.default_rng(np.random.SeedSequence(seed, spawn_key=key))


def _accuracy(student: Student, split: Split) -> float:
    said = student.probabilities(split.features[split.test]).argmax(axis=1)
    return float(np.mean(said == split.labels[split.test]))


@lru_cache(maxsize=4)
def _split(data: str, sizes: Sizes, n_test: int | None, seed: int) -> Split:
    split = split_data(load_data(data)[0], sizes, rng=stream(seed, "split"))
    if n_test is None:
        return split
    if not 0 < n_test <= len(split.test):
        raise ValueError(f"n_test = {n_test} must be in [1, {len(split.test)}]")
    return replace(split, test=split.test[:n_test])


@lru_cache(maxsize=4)
def _clusters(split: Split, seed: int) -> Array:
    """Clusters of the whole data set, twice as many as classes, fitted on the pool."""
    from sklearn.cluster import KMeans

    means = KMeans(
        2 * split.n_classes, n_init=1, random_state=int(stream(seed, "clusters").integers(2**31))
    )
    return np.asarray(means.fit(split.features[split.pool]).predict(split.features))


@lru_cache(maxsize=8)
def _first_student(split: Split, student: str, seed: int) -> tuple[Student, float]:
    known = STUDENTS[student](
        split.features[split.labelled],
        np.eye(split.n_classes)[split.labels[split.labelled]],
        rng=stream(seed, "student", "0"),
    )
    return known, _accuracy(known, split)


@lru_cache(maxsize=16)
def _answers(teacher: str, split: Split, seed: int) -> Array:
    """Soft labels of the whole data set by a teacher other than the oracle."""
    return teacher_answers(teacher, split, rng=stream(seed, "teacher"))


def _sizes(setting: Setting) -> Sizes:
    default = load_data(setting.data)[1]
    named = {
        "labelled": setting.n_labelled,
        "validation": setting.n_validation,
        "pool": setting.n_pool,
    }
    for name, value in named.items():
        if value is not None and value < 1:
            raise ValueError(f"n_{name} = {value} must be at least 1")
    return replace(default, **{k: v for k, v in named.items() if v is not None})


def _whole_budgets(setting: Setting, n: int) -> list[int]:
    """Queries of each round."""
    total = max(1, round(setting.budget * n))
    if setting.rounds > total:
        raise ValueError(f"rounds = {setting.rounds} must be at most the {total} queries")
    share, extra = divmod(total, setting.rounds)
    return [share + (t < extra) for t in range(setting.rounds)]


@dataclass(frozen=True, eq=False)
class Case:
    """What all strategies share under one seed."""

    setting: Setting
    seed: int
    split: Split
    student: Student
    labelled_accuracy: float

    @property
    def n(self) -> int:
        """Points in the pool."""
        return len(self.split.pool)

    @property
    def targets(self) -> Array:
        """One-hot labels of the labelled points."""
        return np.eye(self.split.n_classes)[self.split.labels[self.split.labelled]]


def _case(setting: Setting, seed: int) -> Case:
    split = _split(setting.data, _sizes(setting), setting.n_test, seed)
    return Case(setting, seed, split, *_first_student(split, setting.student, seed))


def _view(
    case: Case,
    student: Student,
    left: Array,
    asked: Array,
    answers: Array,
    budget: int,
    validation_wrong: Array,
    true_mistakes: float,
) -> View:
    """The view on the points of the pool that are `left`, given answers to those `asked`."""
    split, kind = case.split, case.setting.gain
    x = split.features
    pool, checks = x[split.pool[left]], x[split.validation]
    p, p_checks = student.probabilities(pool), student.probabilities(checks)
    known = np.concatenate([split.labelled, split.pool[asked]])
    return View(
        gains=gains_from_probabilities(p, kind),
        budget=budget,
        mistakes=float(validation_wrong.mean() * len(left)),
        true_mistakes=true_mistakes,
        probabilities=p,
        embeddings=student.embeddings(pool),
        validation_gains=gains_from_probabilities(p_checks, kind),
        validation_wrong=validation_wrong,
        validation_probabilities=p_checks,
        validation_features=checks,
        validation_labels=split.labels[split.validation],
        labelled_features=x[known],
        labelled_targets=np.concatenate([case.targets, answers]),
        labelled_weights=np.ones(len(known)),
        fit=STUDENTS[case.setting.student],
    )


def _chosen(name: str, strategy: Any, view: View, rng: np.random.Generator) -> Selection:
    """The strategy's selection, sorted, so that equal sets of points make equal students."""
    selection = strategy.choose(view, rng)
    indices = np.sort(np.asarray(selection.indices, dtype=np.intp))
    if len(indices) > view.budget:
        raise ValueError(f"{name} asks about {len(indices)} points, the budget is {view.budget}")
    if len(indices) and (indices[0] < 0 or indices[-1] >= len(view.gains)):
        raise ValueError(f"{name} picks {indices[-1]}, not an index in [0, {len(view.gains)})")
    if np.any(np.diff(indices) == 0):
        raise ValueError(f"{name} picks a point twice")
    return replace(selection, indices=indices)


def _estimated(
    name: str, strategy: Any, view: View, rng: np.random.Generator, n_draws: int
) -> Array:
    """Inclusion probabilities: the strategy's own, or from a few draws.

    Draws are few and points are many, so one more draw's weight goes to the average frequency at
    each rank of the gain; a single draw counts only as such an average.
    """
    hits = np.zeros(len(view.gains))
    for _ in range(n_draws):
        selection = _chosen(name, strategy, view, rng)
        if selection.inclusion is not None:
            return selection.inclusion
        hits[selection.indices] += 1
    smooth = by_rank(view.gains, hits / n_draws, view.gains)
    return smooth if n_draws == 1 else (hits + smooth) / (n_draws + 1)


@dataclass(frozen=True, eq=False)
class Mistakes:
    """The teacher's mistakes; those on the pool are None until they answer the strategy."""

    pool: Array | None
    validation: Array


def _oracle_mistakes(case: Case, noise: Noise, m: int, name: str, strategy: Any) -> Mistakes:
    split, setting, seed = case.split, case.setting, case.seed
    both = np.concatenate([split.pool, split.validation])
    gains = gains_from_probabilities(
        case.student.probabilities(split.features[both]), setting.gain
    )
    reply = np.zeros(len(both))
    if noise.law is NOISES["shared best response"].law:
        unaware = np.zeros(len(split.validation), dtype=bool)
        view = _first_view(case, unaware, m)

        def inclusion(wrong: Array, rng: np.random.Generator) -> Array:
            known = replace(
                view, validation_wrong=wrong, mistakes=float(wrong.mean() * case.n)
            )
            return _estimated(name, strategy, known, rng, 1)

        reply = average_reply(
            inclusion, gains[: case.n], gains[case.n :], m, rng=stream(seed, "fictitious play")
        )
    clusters = _clusters(split, seed) if noise.law is NOISES["cluster"].law else split.labels
    points = Points(gains, split.labels[both], clusters[both], reply)
    pool, validation = draw_mistakes(noise.law, points, case.n, m, rng=stream(seed, "noise"))
    return Mistakes(None if noise.answers == "own" else pool, validation)


def _first_view(case: Case, validation_wrong: Array, m: int) -> View:
    return _view(
        case,
        case.student,
        np.arange(case.n),
        np.zeros(0, dtype=np.intp),
        np.zeros((0, case.split.n_classes)),
        _whole_budgets(case.setting, case.n)[0],
        validation_wrong,
        float(m),
    )


def _run(case: Case, name: str, strategy: Any) -> Outcome:
    setting, split, seed, n = case.setting, case.split, case.seed, case.n
    truth = split.labels[split.pool]
    oracle = setting.teacher == "oracle"
    if oracle:
        m = 0 if setting.noise is None else round(setting.rate * n)
        mistakes = (
            _oracle_mistakes(case, NOISES[setting.noise], m, name, strategy)
            if setting.noise is not None and m
            else Mistakes(np.zeros(n, dtype=bool), np.zeros(len(split.validation), dtype=bool))
        )
    else:
        soft = _answers(setting.teacher, split, seed)
        wrong_any = soft.argmax(axis=1) != split.labels
        mistakes = Mistakes(wrong_any[split.pool], wrong_any[split.validation])
        m = int(wrong_any[split.pool].sum())
    wrong = mistakes.pool
    shift = stream(seed, "confusion").integers(1, split.n_classes, size=n)

    budgets = _whole_budgets(setting, n)
    student, answers = case.student, np.zeros((0, split.n_classes))
    left, asked = np.arange(n), np.zeros(0, dtype=np.intp)
    realised, guarantee, cpu, lift = 0.0, 0.0, 0.0, float("nan")
    for t, budget in enumerate(budgets):
        here = float(m if wrong is None else wrong[left].sum())
        view = _view(case, student, left, asked, answers, budget, mistakes.validation, here)
        start = time.process_time()
        selection = _chosen(name, strategy, view, stream(seed, "selection", str(t)))
        cpu += time.process_time() - start
        q, picks = selection.inclusion, selection.indices
        if wrong is None:
            if q is None:
                q_known = _estimated(name, strategy, view, stream(seed, "estimate"), N_DRAWS)
            else:
                q_known = q
            wrong = best_reply(view.gains, q_known, m, rng=stream(seed, "reply"))
        if t == 0 and m:
            first = np.argsort(-view.gains, kind="stable")[: sum(budgets)]
            lift = float(wrong[first].mean() / wrong.mean())
        game = Game(view.gains, here, budget)
        guarantee += float("nan") if q is None else float(worst_case(game, q)[0])
        new = left[picks]
        realised += float(view.gains[picks] @ np.where(wrong[new], -1.0, 1.0))
        if oracle:
            said = oracle_answers(truth[new], split.n_classes, wrong[new], shift[new])
        else:
            said = soft[split.pool[new]]
        asked = np.concatenate([asked, new])
        answers = np.concatenate([answers, LABELS[setting.labels](said)])
        left = np.setdiff1d(left, new)
        start = time.process_time()
        if len(new):
            student = STUDENTS[setting.student](
                np.concatenate([split.features[split.labelled], split.features[split.pool[asked]]]),
                np.concatenate([case.targets, answers]),
                rng=stream(seed, "student", str(t + 1)),
            )
        cpu += time.process_time() - start
    assert wrong is not None
    return Outcome(
        strategy=name,
        seed=seed,
        test_accuracy=_accuracy(student, split),
        labelled_accuracy=case.labelled_accuracy,
        queried_accuracy=float(1 - wrong[asked].mean()) if len(asked) else float("nan"),
        realised_gain=realised,
        worst_case_value=guarantee,
        lift=lift,
        n_mistakes=m,
        n_queried=len(asked),
        cpu_seconds=cpu,
    )


def compare(
    setting: Setting, strategies: Sequence[str] | Mapping[str, Any], seed: int
) -> list[Outcome]:
    r"""Run strategies on one setting and seed: same split, teacher and first student for all.

    Every source of chance has a stream of its own, and no strategy's outcome depends on which
    others are in the list.

    Parameters
    ----------
    setting : Setting
    strategies : sequence of str, or mapping
        Rows of `STRATEGIES`; or your own, by name: anything with `choose(view, rng)` that returns a
        `radsim.selectors.Selection`.
    seed : int

    Returns
    -------
    list of Outcome
        In the order of the strategies.

    Raises
    ------
    ValueError
        If a strategy is unknown, or picks what it may not.

    Examples
    --------
    >>> outcomes = compare(Setting(noise="top-m", rate=0.3), ["uniform", "margin"], seed=0)
    >>> [round(o.queried_accuracy, 1) for o in outcomes]
    [0.7, 0.0]
    """
    case = _case(setting, seed)
    return [_run(case, name, row) for name, row in _rows(strategies).items()]


def _rows(strategies: Sequence[str] | Mapping[str, Any]) -> Mapping[str, Any]:
    if isinstance(strategies, Mapping):
        return strategies
    try:
        from radsim.distillation.strategies import STRATEGIES
    except ImportError:
        STRATEGIES = _stopgap()
    for name in strategies:
        if name not in STRATEGIES:
            raise ValueError(f"strategy {name!r} must be one of {', '.join(STRATEGIES)}")
    return {name: STRATEGIES[name] for name in strategies}


def _stopgap() -> dict[str, Any]:
    from types import SimpleNamespace

    from radsim.selectors import select

    def row(name: str, **more: Any) -> Any:
        def choose(view: View, rng: np.random.Generator) -> Selection:
            rest = {"mistakes": view.mistakes} if name == "rad" else {}
            return select(name, view.gains, view.budget, rng=rng, **rest)

        return SimpleNamespace(choose=choose)

    return {name: row(name) for name in ("uniform", "margin", "rad")}
