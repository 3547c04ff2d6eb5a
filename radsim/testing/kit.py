r"""Checks of selectors, solvers and designs, alone and as pytest tests."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from radsim.door import count, each_of, one_of, steady, typed
from radsim.testing.checks import Check, CheckFailed, Result, run_check
from radsim.testing.kinds import CHECKS, resolve
from radsim.testing.replays import replay_line, save_failure
from radsim.testing.run import PROFILES, RUN, Run

__all__ = [
    "check_design",
    "check_selector",
    "check_solver",
    "parametrize_with_checks",
]


def _current(seed: int | None, profile: str | None) -> Run:
    """The run that pytest's options set, or a fresh one; with what the caller fixes."""
    run = RUN.get() or Run()
    if seed is not None:
        run = replace(run, seed=count(seed, "seed"))
    if profile is None:
        return run
    return replace(run, profile=PROFILES[one_of(profile, PROFILES, "profile")])


def _one(kind: str, check: Check, row: Any, name: str, run: Run) -> Result:
    result = run_check(check, row, name, run)
    if result.status != "failed":
        return result
    path = save_failure(kind, result, row, run)
    return replace(result, replay=replay_line(kind, path, row))


Skip = Mapping[str, str] | Iterable[str]


def _reasons(kind: str, skip: Skip | None) -> Mapping[str, str]:
    """From the ids of checks to the reasons why they are left out."""
    given = {} if skip is None else skip
    ids = each_of(given, CHECKS[kind].checks, "skip")
    return given if isinstance(given, Mapping) else dict.fromkeys(ids, "left out")


def _check(
    kind: str,
    subject: Any,
    only: Iterable[str] | None,
    skip: Skip | None,
    seed: int | None,
    profile: str | None,
    on_fail: str | None,
) -> list[Result]:
    __tracebackhide__ = True
    table, skip = CHECKS[kind].checks, _reasons(kind, skip)
    chosen = each_of(table if only is None else only, table, "only")
    one_of(on_fail, ("raise", None), "on_fail")
    row, name = resolve(kind, subject)
    run, results = _current(seed, profile), []
    for check in (check for id, check in table.items() if id in chosen):
        if check.id in skip:
            results.append(Result(check.id, name, "skipped", words=skip[check.id]))
            continue
        results.append(_one(kind, check, row, name, run))
        if results[-1].status == "failed" and on_fail == "raise":
            raise CheckFailed(results[-1], check.says)
    return results


@steady
def check_selector(
    selector: Any,
    *,
    only: Iterable[str] | None = None,
    skip: Skip | None = None,
    seed: int | None = None,
    profile: str | None = None,
    on_fail: str | None = "raise",
) -> list[Result]:
    r"""Check a selector: its contract, its worst case, its sampling, its gain under noise.

    Parameters
    ----------
    selector : callable, Selector or str
        ``(gains, budget, *, rng)`` -> indices or `Selection`; a `Selector` says what else it takes;
        a name is a row of `SELECTORS`.
    only : iterable of str, optional
        Ids of `SELECTOR_CHECKS`.
    skip : mapping of str to str, or iterable of str, optional
        From a check's id to the reason why it is left out, or the ids alone.
    seed : int, optional
        Default that of pytest's --radsim-seed, or 0.
    profile : {"fast", "thorough"}, optional
        Default that of --radsim-profile, or "fast".
    on_fail : {"raise", None}
        None: go on, and return failures among the results.

    Returns
    -------
    list of Result

    Raises
    ------
    CheckFailed
        With the smallest failing game that was found, and a line that replays it.
    ValueError
        If the selector, an id or a profile is unknown.

    References
    ----------
    Theory page: V7, S1.

    Examples
    --------
    >>> import numpy as np
    >>> from radsim.testing import check_selector
    >>> def largest(gains, budget, *, rng):
    ...     return np.argsort(-gains, kind="stable")[: int(budget)]
    >>> results = check_selector(largest, only=["shape", "budget", "permutation"])
    >>> [result.status for result in results]
    ['passed', 'passed', 'passed']
    """
    __tracebackhide__ = True
    return _check("selector", selector, only, skip, seed, profile, on_fail)


@steady
def check_solver(
    solver: Any,
    *,
    only: Iterable[str] | None = None,
    skip: Skip | None = None,
    seed: int | None = None,
    profile: str | None = None,
    on_fail: str | None = "raise",
) -> list[Result]:
    r"""Check a solver: both strategies certified, the value exact, any order, any unit.

    Parameters
    ----------
    solver : callable, Solver or str
        ``game`` -> `Solution`; a `Solver` says its tolerance and largest n; a name is a row of
        `SOLVERS` for the value of a plain game.
    only : iterable of str, optional
        Ids of `SOLVER_CHECKS`.
    skip, seed, profile, on_fail
        As in `check_selector`.

    Returns
    -------
    list of Result

    Raises
    ------
    CheckFailed
        With the smallest failing game that was found, and a line that replays it.
    ValueError
        If the solver, an id or a profile is unknown.

    References
    ----------
    Theory page: V1 to V3b.

    Examples
    --------
    >>> from radsim.testing import check_solver
    >>> {result.status for result in check_solver("closed_form", only=["certificate", "scale"])}
    {'passed'}
    """
    __tracebackhide__ = True
    return _check("solver", solver, only, skip, seed, profile, on_fail)


@steady
def check_design(
    design: Any,
    *,
    only: Iterable[str] | None = None,
    skip: Skip | None = None,
    seed: int | None = None,
    profile: str | None = None,
    on_fail: str | None = "raise",
) -> list[Result]:
    r"""Check a sampling design: counts, sizes, generators, its law, its inclusion probabilities.

    Parameters
    ----------
    design : callable, Design or str
        ``(q, *, rng, size)`` -> counts, shape (size, n); a `Design` also lists its law; a name is a
        row of `DESIGNS`.
    only : iterable of str, optional
        Ids of `DESIGN_CHECKS`.
    skip, seed, profile, on_fail
        As in `check_selector`.

    Returns
    -------
    list of Result

    Raises
    ------
    CheckFailed
        With the inclusion probabilities on which it fails, and a line that replays it.
    ValueError
        If the design, an id or a profile is unknown.

    References
    ----------
    Theory page: S1.

    Examples
    --------
    >>> from radsim.testing import check_design
    >>> {result.status for result in check_design("sampford", only=["shape", "law"])}
    {'passed'}
    """
    __tracebackhide__ = True
    return _check("design", design, only, skip, seed, profile, on_fail)


def parametrize_with_checks(
    subjects: Sequence[Any],
    *,
    kind: str = "selector",
    skip: Skip | Callable[[Any], Skip] | None = None,
) -> Any:
    r"""Decorate a test so that pytest runs it once for each subject and check.

    Parameters
    ----------
    subjects : sequence
        As the first argument of `check_selector`, `check_solver` or `check_design`.
    kind : {"selector", "solver", "design"}
    skip : mapping, iterable of str, or callable from a subject to one
        From a check's id to the reason, or the ids alone.

    Returns
    -------
    pytest.MarkDecorator
        Of a test with two arguments, `subject` and `check`; it calls ``check(subject)``.

    Raises
    ------
    ValueError
        If the kind, a subject or the id of a check is unknown.

    Examples
    --------
    >>> from radsim.testing import parametrize_with_checks
    >>> @parametrize_with_checks(["rad", "uniform"])
    ... def test_selectors(subject, check):
    ...     check(subject)
    """
    # Checks run, and failed ones are replayed, without pytest.
    import pytest

    table, cases = CHECKS[one_of(kind, CHECKS, "kind")].checks, []
    if isinstance(subjects, str | bytes):
        raise ValueError(f"subjects = {subjects!r} must be a list of subjects")
    if not callable(skip):
        _reasons(kind, skip)
    for k, subject in enumerate(typed(subjects, Iterable, "subjects")):
        name = resolve(kind, subject, f"subjects[{k}]")[1]
        reasons = _reasons(kind, skip(subject) if callable(skip) else skip)
        for check in table.values():
            marks = [pytest.mark.skip(reason=reasons[check.id])] if check.id in reasons else []
            label = f"{name}-{check.id}"
            cases.append(pytest.param(subject, _Bound(kind, check.id), id=label, marks=marks))
    return pytest.mark.parametrize(("subject", "check"), cases)


@dataclass(frozen=True)
class _Bound:
    """One check, to be called with a subject inside a test."""

    kind: str
    id: str

    def __call__(self, subject: Any) -> Result:
        import pytest  # see parametrize_with_checks

        __tracebackhide__ = True
        (result,) = _check(self.kind, subject, [self.id], None, None, None, "raise")
        if result.status == "skipped":
            pytest.skip(result.words)
        return result
