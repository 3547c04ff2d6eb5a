r"""check_selector, check_solver and check_design; failures written down and replayed."""

from __future__ import annotations

import inspect
import json
import runpy
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from radsim.data.instances import Instance
from radsim.data.saved import load, save
from radsim.door import count, each_of, one_of, typed, write_whole
from radsim.sampling import DESIGNS, Design
from radsim.sampling.design import Law
from radsim.selectors import SELECTORS, Selector
from radsim.solvers import SOLVERS, Solver
from radsim.testing.checks import Check, CheckFailed, Result, run_check
from radsim.testing.design_checks import DESIGN_CHECKS
from radsim.testing.run import PROFILES, RUN, Run
from radsim.testing.selector_contract import CONTRACT_CHECKS
from radsim.testing.selector_merit import MERIT_CHECKS
from radsim.testing.solver_checks import SOLVER_CHECKS

__all__ = [
    "CHECKS",
    "SELECTOR_CHECKS",
    "check_design",
    "check_selector",
    "check_solver",
    "parametrize_with_checks",
    "replay",
]

FOLDER = Path("radsim-failures")

SELECTOR_CHECKS: dict[str, Check] = {check.id: check for check in (*CONTRACT_CHECKS, *MERIT_CHECKS)}


def _unlisted(q: np.ndarray) -> Law:
    raise ValueError("this design lists no law")


@dataclass(frozen=True)
class Kind:
    """What is checked: the checks, the package's own rows, and how a function becomes a row."""

    checks: Mapping[str, Check]
    rows: Mapping[str, Any]
    row: type
    made: Callable[[Callable[..., Any]], Any]
    function: str  # field of the row that holds the function


CHECKS: dict[str, Kind] = {
    "selector": Kind(SELECTOR_CHECKS, SELECTORS, Selector, Selector, "select"),
    "solver": Kind(SOLVER_CHECKS, SOLVERS["plain", "value"], Solver, Solver, "solve"),
    "design": Kind(DESIGN_CHECKS, DESIGNS, Design, lambda f: Design(f, _unlisted, 0), "draw"),
}


def _resolve(kind: str, subject: Any) -> tuple[Any, str]:
    """A row and its name, from a name, a row or a function."""
    known = CHECKS[kind]
    if isinstance(subject, str):
        return known.rows[one_of(subject, known.rows, kind)], subject
    if not isinstance(subject, known.row):
        if not callable(subject):
            raise ValueError(f"{kind} = {subject!r} must be a function, a row or a name")
        subject = known.made(subject)
    for name, row in known.rows.items():
        if row is subject:
            return row, name
    function = getattr(subject, known.function)
    return subject, getattr(function, "__name__", type(function).__name__)


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
    path = _save(kind, result, row, run)
    return replace(result, replay=f"radsim verify --replay {path}")


def _reasons(kind: str, skip: Mapping[str, str] | None) -> Mapping[str, str]:
    """From the ids of checks to the reasons why they are left out."""
    found = typed({} if skip is None else skip, Mapping, "skip")
    each_of(found, CHECKS[kind].checks, "skip")
    return found


def _check(
    kind: str,
    subject: Any,
    only: Iterable[str] | None,
    skip: Mapping[str, str] | None,
    seed: int | None,
    profile: str | None,
    on_fail: str | None,
) -> list[Result]:
    __tracebackhide__ = True
    table, skip = CHECKS[kind].checks, _reasons(kind, skip)
    chosen = each_of(table if only is None else only, table, "only")
    one_of(on_fail, ("raise", None), "on_fail")
    row, name = _resolve(kind, subject)
    run, results = _current(seed, profile), []
    for check in (check for id, check in table.items() if id in chosen):
        if check.id in skip:
            results.append(Result(check.id, name, "skipped", words=skip[check.id]))
            continue
        results.append(_one(kind, check, row, name, run))
        if results[-1].status == "failed" and on_fail == "raise":
            raise CheckFailed(results[-1], check.says)
    return results


def check_selector(
    selector: Any,
    *,
    only: Iterable[str] | None = None,
    skip: Mapping[str, str] | None = None,
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
    skip : mapping of str to str, optional
        From a check's id to the reason why it is left out.
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


def check_solver(
    solver: Any,
    *,
    only: Iterable[str] | None = None,
    skip: Mapping[str, str] | None = None,
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


def check_design(
    design: Any,
    *,
    only: Iterable[str] | None = None,
    skip: Mapping[str, str] | None = None,
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
    skip: Mapping[str, str] | Callable[[Any], Mapping[str, str]] | None = None,
) -> Any:
    r"""Decorate a test so that pytest runs it once for each subject and check.

    Parameters
    ----------
    subjects : sequence
        As the first argument of `check_selector`, `check_solver` or `check_design`.
    kind : {"selector", "solver", "design"}
    skip : mapping, or callable from a subject to one
        From a check's id to the reason.

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
    for subject in typed(subjects, Iterable, "subjects"):
        reasons = _reasons(kind, skip(subject) if callable(skip) else skip)
        name = _resolve(kind, subject)[1]
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


def _place(function: Callable[..., Any]) -> dict[str, str] | None:
    """File and name by which a function is found again, if it can be."""
    name = getattr(function, "__qualname__", "<none>")
    try:
        file = inspect.getsourcefile(function)
    except TypeError:
        return None
    if file is None or "<" in name or not Path(file).exists():
        return None
    return {"file": str(Path(file).resolve()), "name": name}


def _address(kind: str, row: Any) -> dict[str, Any] | None:
    """What the replay needs to find the subject: a name of a table, or a file and a name."""
    known = CHECKS[kind]
    for name, listed in known.rows.items():
        if listed is row:
            return {"row": name}
    place = _place(getattr(row, known.function))
    return None if place is None else place | {"takes": list(getattr(row, "takes", ()))}


def _find(kind: str, address: Mapping[str, Any]) -> Any:
    known = CHECKS[kind]
    if "row" in address:
        return known.rows[address["row"]]
    found: Any = runpy.run_path(address["file"])
    for k, part in enumerate(str(address["name"]).split(".")):
        found = found[part] if k == 0 else getattr(found, part)
    if isinstance(found, known.row):
        return found
    made = known.made(found)
    return replace(made, takes=tuple(address["takes"])) if address["takes"] else made


_DATA = ("probabilities", "features", "labels")


def _save(kind: str, result: Result, row: Any, run: Run) -> Path:
    """Write the failing case with all that finds check and subject again."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    label = "".join(c if c.isalnum() else "_" for c in result.subject)
    path = FOLDER / f"{kind}-{label}-{result.check}.json"
    extra: dict[str, Any] = {
        "kind": kind,
        "check": result.check,
        "subject": result.subject,
        "address": _address(kind, row),
        "seed": run.seed,
        "profile": next(name for name, value in PROFILES.items() if value == run.profile),
        "words": result.words,
    }
    if isinstance(result.case, Instance):
        data = {name: getattr(result.case, name) for name in _DATA}
        extra |= {k: None if value is None else value.tolist() for k, value in data.items()}
        save(result.case, path, **extra)
    else:
        document = extra | {"inclusion": np.asarray(result.case).tolist()}
        write_whole(path, json.dumps(document, indent=1) + "\n")
    return path


def replay(path: str | Path, subject: Any = None) -> Result:
    r"""Run one check again on the one case that was written when it failed.

    Parameters
    ----------
    path : path
        As in the failure's replay line.
    subject : optional
        The selector, solver or design, if it is not a function at the top of a file.

    Returns
    -------
    Result

    Raises
    ------
    ValueError
        If the file is not such a failure, or the subject cannot be found.

    Examples
    --------
    >>> import json, tempfile
    >>> saved = {"kind": "design", "check": "shape", "subject": "pivotal", "seed": 0,
    ...          "profile": "fast", "address": {"row": "pivotal"}, "inclusion": [0.5, 0.5]}
    >>> with tempfile.TemporaryDirectory() as place:
    ...     path = Path(place, "failure.json")
    ...     _ = path.write_text(json.dumps(saved))
    ...     replay(path).status
    'passed'
    """
    path = Path(path)
    try:
        document = json.loads(path.read_text())
        kind, check = document["kind"], CHECKS[document["kind"]].checks[document["check"]]
        run = Run(int(document["seed"]), PROFILES[document["profile"]])
        if "inclusion" in document:
            case: Any = np.array(document["inclusion"], dtype=np.float64)
        else:
            data: dict[str, Any] = {
                k: np.array(document[k]) for k in _DATA if document.get(k) is not None
            }
            case = replace(load(path)[0], **data)
    except (OSError, KeyError, TypeError, ValueError) as error:
        raise ValueError(f"{path}: not a saved failure: {error!r}") from error
    if subject is None:
        if document["address"] is None:
            raise ValueError(
                f"{path}: {document['subject']} is not at the top of a file; "
                "call radsim.testing.replay(path, subject)"
            )
        subject = _find(kind, document["address"])
    row, name = _resolve(kind, subject)
    again = replace(check, cases=lambda subject, run: [case])
    return run_check(again, row, name, run)
