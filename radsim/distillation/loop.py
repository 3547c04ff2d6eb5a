r"""The experiment: rounds of queries to a teacher, checks, a student fitted after each."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from importlib import import_module

import numpy as np
from threadpoolctl import threadpool_limits

from radsim.data.gains import gains_from_probabilities
from radsim.distillation.allowed import checked_by, chosen_by, taught_by
from radsim.distillation.case import (
    Case,
    accuracy,
    case_of,
    cross_fitted,
    first_cross_fit,
    first_student,
    labelled_accuracy,
    pool_predictions,
    shared_out,
    stream,
    whole_budgets,
)
from radsim.distillation.lessons import Lesson
from radsim.distillation.mistakes import (
    Mistakes,
    expected_reply,
    natural_mistakes,
    oracle_mistakes,
)
from radsim.distillation.replies import Asked, by_rank
from radsim.distillation.setting import Outcome, Setting
from radsim.distillation.strategies import Strategy, strategy_named
from radsim.distillation.students import Student
from radsim.distillation.view import Told, View
from radsim.door import Array, count, names, typed
from radsim.game import Game
from radsim.payoffs import worst_case
from radsim.selectors import Selection

__all__ = ["Outcome", "Setting", "compare", "first_view", "stream"]

N_DRAWS = 4  # of a strategy that knows no inclusion probabilities


@dataclass(frozen=True, eq=False)
class State:
    """The student, the points of the pool that are left, and what was asked, told and believed."""

    student: Student
    left: Array
    asked: Array
    told: Told
    lesson: Lesson
    n_validation: int


@dataclass(frozen=True)
class Batch:
    """One choice of a strategy: a round, or a stage of one."""

    round: int
    number: int
    total: int
    budget: int
    n_checks: int
    last: bool


def _batches(budgets: Sequence[int], checks: Sequence[int], stages: int) -> list[Batch]:
    """The batches of all rounds; a round of fewer points than stages has no empty ones but one."""
    found: list[Batch] = []
    for t, (budget, n_checks) in enumerate(zip(budgets, checks, strict=True)):
        parts = max(1, min(stages, budget))
        shares = zip(shared_out(budget, parts), shared_out(n_checks, parts), strict=True)
        for k, (asks, bought) in enumerate(shares):
            found.append(Batch(t, len(found), 0, asks, bought, k == parts - 1))
    return [replace(batch, total=len(found)) for batch in found]


def _start(case: Case, n_validation: int) -> State:
    split, none = case.split, np.zeros(0)
    empty = np.zeros((0, split.n_classes))
    nobody = np.zeros(0, dtype=np.intp)
    told = Told(split.features[:0], empty, none, none, empty, nobody, nobody)
    student = first_student(case, n_validation)
    return State(student, np.arange(case.n), nobody, told, Lesson(empty, none), n_validation)


def _known(case: Case, state: State) -> tuple[Array, Array, Array]:
    """Features, soft labels and weights of the labelled points and of what was asked about."""
    first = case.split.labelled
    # Those of this round's earlier stages are told, but not yet learnt.
    kept = np.flatnonzero(state.lesson.weights > 0)
    return (
        np.concatenate([case.split.features[first], state.told.features[kept]]),
        np.concatenate([case.hot(first), state.lesson.targets[kept]]),
        np.concatenate([np.ones(len(first)), state.lesson.weights[kept]]),
    )


def _view(case: Case, state: State, batch: Batch, mistakes: Mistakes, left: int) -> View:
    split, v = case.split, state.n_validation
    checks = split.validation[:v]
    x, hot = split.features[checks], case.hot(checks)
    known = _known(case, state)
    p = pool_predictions(state.student, split)[state.left]

    def first() -> Array:
        return first_cross_fit(case, v)

    def present() -> Array:
        return cross_fitted(case.fit, known, (x, hot), seed=case.seed)

    return View(
        gains=gains_from_probabilities(p, case.setting.gain),
        budget=batch.budget,
        round=batch.round,
        batch=batch.number,
        n_batches=batch.total,
        n_checks=batch.n_checks,
        true_mistakes=float(left),
        probabilities=p,
        features=split.features[split.pool[state.left]],
        first_probabilities=pool_predictions(first_student(case, v), split)[state.left],
        validation_features=x,
        validation_labels=split.labels[checks],
        validation_answers=mistakes.validation[:v],
        labelled_features=known[0],
        labelled_targets=known[1],
        labelled_weights=known[2],
        n_labelled=len(split.labelled),
        told=state.told,
        student=state.student,
        fit=case.fit,
        gain=case.setting.gain,
        cross_fit=cache(present) if batch.round else first,
        first_cross_fit=first,
    )


def _estimated(
    name: str, strategy: Strategy, view: View, rng: np.random.Generator, n_draws: int
) -> Array:
    """Inclusion probabilities: the strategy's own, or from a few draws.

    Draws are few and points are many, so one more draw's weight goes to the average frequency at
    each rank of the gain; a single draw counts only as such an average.
    """
    hits = np.zeros(len(view.gains))
    for _ in range(n_draws):
        selection = chosen_by(name, strategy, view, rng)
        if selection.inclusion is not None:
            return selection.inclusion
        hits[selection.indices] += 1
    smooth = by_rank(view.gains, hits / n_draws, view.gains)
    return smooth if n_draws == 1 else (hits + smooth) / (n_draws + 1)


@lru_cache(maxsize=1024)
def _expected(setting: Setting, seed: int, name: str, strategy: Strategy, m: int) -> Array:
    """Average best response to the strategy, on the pool and all validation points."""
    case = case_of(setting, seed)
    n, v = case.n, len(case.split.validation)
    budget = sum(whole_budgets(setting, n))
    kept = v - strategy.reserve(budget, v)
    labels = case.split.labels[case.split.validation]
    other = np.eye(case.split.n_classes)[(labels + 1) % case.split.n_classes]

    def inclusion(wrong: Array, rng: np.random.Generator) -> Array:
        said = np.where(wrong[:, None], other, case.hot(case.split.validation))
        blank = Mistakes(np.zeros(n, dtype=bool), m, said, lambda places, wrong: said)
        view = _view(case, _start(case, kept), Batch(0, 0, 1, budget, 0, True), blank, m)
        return _estimated(name, strategy, view, rng, 1)

    return expected_reply(case, inclusion, m)


def _run(case: Case, name: str, strategy: Strategy) -> Outcome:
    setting, split, seed, n = case.setting, case.split, case.seed, case.n
    budgets, v = whole_budgets(setting, n), len(split.validation)
    reserved = count(strategy.reserve(sum(budgets), v), f"{name}: reserve", high=v)
    if strategy.price is not None:
        budgets = shared_out(int(sum(budgets) / strategy.price), setting.rounds)
    checks = shared_out(reserved, setting.rounds)
    batches = _batches(budgets, checks, strategy.stages)
    if setting.noisy:
        plain = replace(setting, noise=None)
        mistakes = oracle_mistakes(case, lambda m: _expected(plain, seed, name, strategy, m))
    else:
        mistakes = natural_mistakes(case)
    wrong, m = mistakes.pool.copy(), mistakes.count
    state = _start(case, v - reserved)
    realised, guarantee, cpu, lift = 0.0, 0.0, 0.0, float("nan")
    for batch in batches:
        if not batch.budget:  # a labeller so dear that the round buys no label
            continue
        t, budget = batch.number, batch.budget
        here = m - int(wrong[state.asked].sum())
        view = _view(case, state, batch, mistakes, here)
        start = time.process_time()
        selection = chosen_by(name, strategy, view, stream(seed, "selection", str(t)))
        cpu += time.process_time() - start
        q, gains = selection.inclusion, view.gains
        if mistakes.answers:
            law = q
            if law is None:
                law = _estimated(name, strategy, view, stream(seed, "estimate", str(t)), N_DRAWS)
            stakes = np.asarray(selection.info.get("stakes", gains))
            asks = Asked(gains, law, stakes, budget)
            reply = mistakes.replied(
                asks, here, batch.round, setting.rounds, stream(seed, "reply", str(t))
            )
            if reply is not None:
                wrong[state.left] = reply
        if t == 0 and m:
            first = np.argsort(-gains, kind="stable")[: sum(budgets)]
            lift = float(wrong[first].mean() / wrong.mean()) if len(first) else lift
        guarantee += (
            float("nan")
            if q is None or not budget
            else float(worst_case(Game(gains, here, budget), q)[0])
        )
        new = state.left[selection.indices]
        erred = wrong[new] & (strategy.price is None)
        realised += float(gains[selection.indices] @ np.where(erred, -1.0, 1.0))
        start = time.process_time()
        state = _asked(case, name, strategy, view, state, selection, mistakes, wrong)
        if batch.last:
            state = _fitted(case, name, strategy, view, state)
        cpu += time.process_time() - start
    asked, told = state.asked, state.told
    bought = int(told.checked.sum())
    teacher = len(asked) if strategy.price is None else 0
    return Outcome(
        strategy=name,
        seed=seed,
        test_accuracy=accuracy(state.student, split),
        labelled_accuracy=labelled_accuracy(case),
        trusted_accuracy=accuracy(first_student(case, v), split),
        queried_accuracy=float(1 - wrong[asked].mean()) if teacher else float("nan"),
        realised_gain=realised,
        worst_case_value=guarantee,
        lift=lift,
        n_mistakes=m,
        n_queried=teacher,
        n_trusted=v - reserved + bought,
        n_checked=bought,
        n_checked_wrong=int(told.wrong.sum()),
        alarm=bool(state.lesson.info.get("alarm", False)),
        cpu_seconds=cpu,
    )


def _asked(
    case: Case,
    name: str,
    strategy: Strategy,
    view: View,
    state: State,
    selection: Selection,
    mistakes: Mistakes,
    wrong: Array,
) -> State:
    """The state after a batch of answers and checks."""
    split, picks, t = case.split, selection.indices, view.batch
    new = state.left[picks]
    if not len(new):
        return state
    points = split.pool[new]
    bought = strategy.price is not None
    said = case.hot(points) if bought else mistakes.said(new, wrong[new])
    profile = np.asarray(selection.info.get("profile", np.full(len(view.gains), np.nan)))
    old, asked = state.told, np.concatenate([state.asked, new])
    told = Told(
        np.concatenate([old.features, split.features[points]]),
        np.concatenate([old.probabilities, view.probabilities[picks]]),
        np.concatenate([old.gains, view.gains[picks]]),
        np.concatenate([old.profile, profile[picks]]),
        np.concatenate([old.answers, said]),
        np.concatenate([old.truth, split.labels[points] if bought else np.full(len(new), -1)]),
        np.concatenate([old.batches, np.full(len(new), t)]),
    )
    if view.n_checks and not bought:
        here = replace(view, told=told)
        places = checked_by(name, strategy, here, stream(case.seed, "checks", str(t)))
        truth = told.truth.copy()
        truth[places] = split.labels[split.pool[asked[places]]]
        told = replace(told, truth=truth)
    left = state.left[~np.isin(state.left, new)]
    return replace(state, left=left, asked=asked, told=told)


def _fitted(case: Case, name: str, strategy: Strategy, view: View, state: State) -> State:
    """The state after a round: the lesson, and the student fitted on it."""
    if not len(state.asked):
        return state
    view = replace(view, told=state.told)
    lesson = taught_by(name, strategy, view, stream(case.seed, "lesson", str(view.round)))
    state = replace(state, lesson=lesson)
    x, targets, weights = _known(case, state)
    checks = case.split.validation[: state.n_validation]
    student = case.fit(
        np.concatenate([x, case.split.features[checks]]),
        np.concatenate([targets, case.hot(checks)]),
        np.concatenate([weights, np.ones(len(checks))]),
        rng=stream(case.seed, "student", str(view.round + 1)),
    )
    return replace(state, student=student)


def first_view(setting: Setting, seed: int) -> View:
    """What a strategy without checks sees before the first query.

    Under noise that answers the strategy the validation points are as if it were uniform.
    """
    case = case_of(setting, count(seed, "seed"))
    v = len(case.split.validation)
    if setting.noisy:
        uniform = strategy_named("uniform")
        plain = replace(setting, noise=None)
        mistakes = oracle_mistakes(case, lambda m: _expected(plain, seed, "uniform", uniform, m))
    else:
        mistakes = natural_mistakes(case)
    budgets = whole_budgets(setting, case.n)
    batch = _batches(budgets, [0] * len(budgets), 1)[0]
    return _view(case, _start(case, v), batch, mistakes, mistakes.count)


def _rows(strategies: Sequence[str] | Mapping[str, Strategy]) -> Mapping[str, Strategy]:
    if isinstance(strategies, Mapping):
        return strategies
    found = enumerate(names(strategies, "strategies"))
    return {name: strategy_named(name, f"strategies[{k}]") for k, name in found}


def compare(
    setting: Setting, strategies: Sequence[str] | Mapping[str, Strategy], seed: int
) -> list[Outcome]:
    r"""Run strategies on one setting and seed: same split, teacher and first student for all.

    Every source of chance has a stream of its own, and no strategy's outcome depends on which
    others are in the list.  All have the same trusted labels, of the labelled and the validation
    points together; one that checks answers has so many validation points fewer.

    Parameters
    ----------
    setting : Setting
    strategies : sequence of str, or mapping
        Rows of `STRATEGIES`, with a lesson or without (``"margin + dropped"``), or your own
        `Strategy` by name.
    seed : int

    Returns
    -------
    list of Outcome
        In the order of the strategies.

    Raises
    ------
    ValueError
        If a strategy is unknown, or picks, checks or learns what it may not.

    Examples
    --------
    >>> outcomes = compare(Setting(noise="top-m", rate=0.3), ["uniform", "margin"], seed=0)
    >>> [round(o.queried_accuracy, 1) for o in outcomes]
    [0.6, 0.0]
    """
    # Another number of threads rounds otherwise, and one digit decides a pick.  A library loaded
    # within would keep its threads, so scikit-learn's OpenMP is loaded before.
    import_module("sklearn.cluster")
    seed = count(seed, "seed")
    with threadpool_limits(limits=1):
        case = case_of(typed(setting, Setting, "setting"), seed)
        return [_run(case, name, row) for name, row in _rows(strategies).items()]
