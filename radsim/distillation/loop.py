r"""The experiment: rounds of queries to a teacher, a student fitted after each, its accuracy."""

from __future__ import annotations

import time
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from importlib import import_module

import numpy as np
from threadpoolctl import threadpool_limits

from radsim.data.gains import gains_from_probabilities
from radsim.distillation.data import load_data
from radsim.distillation.noise import (
    NOISES,
    Points,
    average_reply,
    best_reply,
    by_rank,
    draw_mistakes,
)
from radsim.distillation.sets import Sizes
from radsim.distillation.setting import Outcome, Setting
from radsim.distillation.splits import Split, split_data
from radsim.distillation.strategies import STRATEGIES, Strategy
from radsim.distillation.students import STUDENTS, Student
from radsim.distillation.teachers import LABELS, oracle_answers, teacher_answers
from radsim.distillation.view import View
from radsim.door import Array, count, each_of, typed
from radsim.game import Count, Game
from radsim.payoffs import worst_case
from radsim.selectors import Selection

__all__ = ["Outcome", "Setting", "compare", "stream"]

N_DRAWS = 4  # of a strategy that knows no inclusion probabilities


def stream(seed: int, *names: str) -> np.random.Generator:
    """A random generator for one source of chance of a seed, the same for all strategies."""
    key = tuple(zlib.crc32(name.encode()) for name in names)
    return np.random.default_rng(np.random.SeedSequence(count(seed, "seed"), spawn_key=key))


def _accuracy(student: Student, split: Split) -> float:
    said = student.probabilities(split.features[split.test]).argmax(axis=1)
    return float(np.mean(said == split.labels[split.test]))


@lru_cache(maxsize=64)
def _split(data: str, sizes: Sizes, n_test: int | None, seed: int) -> Split:
    split = split_data(load_data(data)[0], sizes, rng=stream(seed, "split"))
    if n_test is None:
        return split
    return replace(split, test=split.test[: count(n_test, "n_test", low=1, high=len(split.test))])


@lru_cache(maxsize=64)
def _clusters(split: Split, seed: int) -> Array:
    """Clusters of the whole data set, twice as many as classes, fitted on the pool."""
    # Slow to import, and only mistakes in clusters need it.
    from sklearn.cluster import KMeans

    means = KMeans(
        2 * split.n_classes, n_init=1, random_state=int(stream(seed, "clusters").integers(2**31))
    )
    return np.asarray(means.fit(split.features[split.pool]).predict(split.features))


@lru_cache(maxsize=64)
def _first_student(split: Split, student: str, seed: int) -> tuple[Student, float]:
    known = STUDENTS[student](
        split.features[split.labelled],
        np.eye(split.n_classes)[split.labels[split.labelled]],
        rng=stream(seed, "student", "0"),
    )
    return known, _accuracy(known, split)


@lru_cache(maxsize=8)
def _predictions(student: Student, split: Split) -> tuple[Array, Array]:
    """Class probabilities of pool and validation points."""
    both = tuple(
        student.probabilities(split.features[part]) for part in (split.pool, split.validation)
    )
    for table in both:
        table.flags.writeable = False  # strategies share them
    return both[0], both[1]


@lru_cache(maxsize=64)
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
    """Split, teacher and first student that all strategies share under one seed."""

    setting: Setting
    seed: int
    split: Split
    student: Student
    labelled_accuracy: float

    @property
    def n(self) -> int:
        """Points in the pool."""
        return len(self.split.pool)


def _case(setting: Setting, seed: int) -> Case:
    split = _split(setting.data, _sizes(setting), setting.n_test, seed)
    return Case(setting, seed, split, *_first_student(split, setting.student, seed))


@dataclass(frozen=True, eq=False)
class State:
    """The student, points of the pool that are left and asked about, and the answers to these."""

    student: Student
    left: Array
    asked: Array
    answers: Array


def _start(case: Case) -> State:
    none = np.zeros((0, case.split.n_classes))
    return State(case.student, np.arange(case.n), np.zeros(0, dtype=np.intp), none)


def _told(case: Case, state: State, new: Array, answers: Array, t: int) -> State:
    """The state after a round of answers, with the student fitted again."""
    if not len(new):
        return state
    asked = np.concatenate([state.asked, new])
    answers = np.concatenate([state.answers, answers])
    left = state.left[~np.isin(state.left, new)]
    features, targets = _known(case, asked, answers)
    rng = stream(case.seed, "student", str(t + 1))
    return State(STUDENTS[case.setting.student](features, targets, rng=rng), left, asked, answers)


def _known(case: Case, asked: Array, answers: Array) -> tuple[Array, Array]:
    """Features and soft labels that a student is fitted on."""
    split = case.split
    points = np.concatenate([split.labelled, split.pool[asked]])
    true = np.eye(split.n_classes)[split.labels[split.labelled]]
    return split.features[points], np.concatenate([true, answers])


def _view(
    case: Case, state: State, budget: int, validation_wrong: Array, true_mistakes: int
) -> View:
    split, kind = case.split, case.setting.gain
    p, p_checks = _predictions(state.student, split)
    p = p[state.left]
    features, targets = _known(case, state.asked, state.answers)
    return View(
        gains=gains_from_probabilities(p, kind),
        budget=budget,
        mistakes=Count(validation_wrong.mean() * len(state.left)),
        true_mistakes=float(true_mistakes),
        probabilities=p,
        embeddings=state.student.embeddings(split.features[split.pool[state.left]]),
        validation_gains=gains_from_probabilities(p_checks, kind),
        validation_wrong=validation_wrong,
        validation_probabilities=p_checks,
        validation_features=split.features[split.validation],
        validation_labels=split.labels[split.validation],
        labelled_features=features,
        labelled_targets=targets,
        labelled_weights=np.ones(len(features)),
        fit=STUDENTS[case.setting.student],
    )


def _chosen(name: str, strategy: Strategy, view: View, rng: np.random.Generator) -> Selection:
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
    name: str, strategy: Strategy, view: View, rng: np.random.Generator, n_draws: int
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
    """Where the teacher is wrong on the pool and on the validation points.

    Attributes
    ----------
    pool : ndarray of bool, shape (n,)
        Where it is wrong; of a teacher that answers the strategy, not known before the choice.
    validation : ndarray of bool, shape (v,)
    count : int
        Mistakes on the pool.
    answers : bool
        Whether mistakes on points not yet asked about answer the strategy's q anew in each round.
    """

    pool: Array
    validation: Array
    count: int
    answers: bool = False


def _natural_mistakes(case: Case, soft: Array) -> Mistakes:
    split = case.split
    wrong = soft.argmax(axis=1) != split.labels
    pool = wrong[split.pool]
    return Mistakes(pool, wrong[split.validation], int(pool.sum()))


@lru_cache(maxsize=1024)
def _expected_reply(setting: Setting, seed: int, name: str, strategy: Strategy) -> Array:
    """Average best response to the strategy as if it asked in one round."""
    case = _case(setting, seed)
    n, v = case.n, len(case.split.validation)
    m = round(setting.rate * n)
    budget = sum(_whole_budgets(setting, n))
    view = _view(case, _start(case), budget, np.zeros(v, dtype=bool), m)

    def inclusion(wrong: Array, rng: np.random.Generator) -> Array:
        known = replace(view, validation_wrong=wrong, mistakes=Count(wrong.mean() * n))
        return _estimated(name, strategy, known, rng, 1)

    return average_reply(inclusion, view.gains, view.validation_gains, m, rng=stream(seed, "play"))


def _oracle_mistakes(case: Case, name: str, strategy: Strategy) -> Mistakes:
    split, setting, seed, n = case.split, case.setting, case.seed, case.n
    both = np.concatenate([split.pool, split.validation])
    m = round(setting.rate * n)
    if setting.noise is None or m == 0:
        none = np.zeros(len(both), dtype=bool)
        return Mistakes(none[:n], none[n:], 0)
    noise = NOISES[setting.noise]
    predictions = np.concatenate(_predictions(case.student, split))
    gains = gains_from_probabilities(predictions, setting.gain)
    reply = np.zeros(len(both))
    if noise.uses == "reply":
        reply = _expected_reply(replace(setting, noise=None), seed, name, strategy)
    blocks = _clusters(split, seed) if noise.uses == "clusters" else split.labels
    points = Points(gains, split.labels[both], blocks[both], reply)
    pool, validation = draw_mistakes(noise.law, points, n, m, rng=stream(seed, "noise"))
    return Mistakes(pool, validation, m, noise.answers)


def _run(case: Case, name: str, strategy: Strategy) -> Outcome:
    setting, split, seed, n = case.setting, case.split, case.seed, case.n
    if setting.noisy:
        mistakes = _oracle_mistakes(case, name, strategy)
    else:
        soft = _answers(setting.teacher, split, seed)
        mistakes = _natural_mistakes(case, soft)
    wrong, m = mistakes.pool.copy(), mistakes.count
    shift = stream(seed, "confusion").integers(1, split.n_classes, size=n)
    budgets, state = _whole_budgets(setting, n), _start(case)
    realised, guarantee, cpu, lift = 0.0, 0.0, 0.0, float("nan")
    for t, budget in enumerate(budgets):
        here = m - int(wrong[state.asked].sum())
        view = _view(case, state, budget, mistakes.validation, here)
        start = time.process_time()
        selection = _chosen(name, strategy, view, stream(seed, "selection", str(t)))
        cpu += time.process_time() - start
        q, gains = selection.inclusion, view.gains
        if mistakes.answers:
            known = q
            if known is None:
                draws = stream(seed, "estimate", str(t))
                known = _estimated(name, strategy, view, draws, N_DRAWS)
            wrong[state.left] = best_reply(gains, known, here, rng=stream(seed, "reply", str(t)))
        if t == 0 and m:
            first = np.argsort(-gains, kind="stable")[: sum(budgets)]
            lift = float(wrong[first].mean() / wrong.mean())
        guarantee += (
            float("nan") if q is None else float(worst_case(Game(gains, here, budget), q)[0])
        )
        new = state.left[selection.indices]
        realised += float(gains[selection.indices] @ np.where(wrong[new], -1.0, 1.0))
        points = split.pool[new]
        if setting.noisy:
            said = oracle_answers(split.labels[points], split.n_classes, wrong[new], shift[new])
        else:
            said = soft[points]
        start = time.process_time()
        state = _told(case, state, new, LABELS[setting.labels](said), t)
        cpu += time.process_time() - start
    asked = state.asked
    return Outcome(
        strategy=name,
        seed=seed,
        test_accuracy=_accuracy(state.student, split),
        labelled_accuracy=case.labelled_accuracy,
        queried_accuracy=float(1 - wrong[asked].mean()) if len(asked) else float("nan"),
        realised_gain=realised,
        worst_case_value=guarantee,
        lift=lift,
        n_mistakes=m,
        n_queried=len(asked),
        cpu_seconds=cpu,
    )


def _rows(strategies: Sequence[str] | Mapping[str, Strategy]) -> Mapping[str, Strategy]:
    if isinstance(strategies, Mapping):
        return strategies
    return {name: STRATEGIES[name] for name in each_of(strategies, STRATEGIES, "strategies")}


def compare(
    setting: Setting, strategies: Sequence[str] | Mapping[str, Strategy], seed: int
) -> list[Outcome]:
    r"""Run strategies on one setting and seed: same split, teacher and first student for all.

    Every source of chance has a stream of its own, and no strategy's outcome depends on which
    others are in the list.

    Parameters
    ----------
    setting : Setting
    strategies : sequence of str, or mapping
        Rows of `STRATEGIES`, or your own `Strategy` by name.
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
    # Another number of threads rounds otherwise, and one digit decides a pick.  A library loaded
    # within would keep its threads, so scikit-learn's OpenMP is loaded before.
    import_module("sklearn.cluster")
    seed = count(seed, "seed")
    with threadpool_limits(limits=1):
        case = _case(typed(setting, Setting, "setting"), seed)
        return [_run(case, name, row) for name, row in _rows(strategies).items()]
