r"""`radsim verify`: every solver and every claim on random and real instances."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from radsim.claims import CLAIMS, ERROR, Verdict, check
from radsim.claims.addressed import claim_at
from radsim.data.instances import Instance, digits_instance, draw_instance
from radsim.data.saved import save
from radsim.door import count, each_of, steady
from radsim.payoffs import worst_case
from radsim.runs import versions
from radsim.runs.outcomes import evidence_table
from radsim.runs.records import Record, SolverRun
from radsim.runs.workers import check_jobs, spread
from radsim.solution import SolveError
from radsim.solvers import SOLVERS, solve
from radsim.writing import write_whole

__all__ = [
    "EXACT",
    "WITNESSES",
    "RealCheck",
    "Record",
    "SolverRun",
    "each_level",
    "evidence_table",
    "judged",
    "real_check",
    "routes",
    "run",
    "solver_runs",
    "verdicts_on",
    "verify_instance",
]

ROWS = SOLVERS["plain", "value"]

# The exact route: the others are measured against it.
EXACT = "rational"

# Claims are set against these routes: two independent ones that share no code with the formulas.
WITNESSES = ("linprog", EXACT)


@steady
def routes() -> dict[str, tuple[str, dict[str, Any]]]:
    """Every row for the value of a plain game, the exact one first; and the other linear program.

    From the name of a route to its method and options.
    """
    other = {"linprog (teacher)": ("linprog", {"formulation": "teacher"})}
    return {EXACT: (EXACT, {})} | other | {method: (method, {}) for method in ROWS}


@steady
def solver_runs(instance: Instance) -> tuple[SolverRun, ...]:
    """Run every solver that reaches the instance's size."""
    game = instance.game
    scale = game.scale or 1.0
    exact: float | None = None
    runs = []
    for route, (method, options) in routes().items():
        row = ROWS[method]
        if game.n > row.largest_n:
            continue
        try:
            # What its certificate says is what is reported here.
            solution = solve(game, method=method, certify=False, **options)
        except SolveError as error:
            runs.append(SolverRun(route, False, float("nan"), float("nan"), str(error)))
            continue
        certificate = solution.certificate
        if method == EXACT:
            exact = float(solution.value)
        distance = 0.0 if exact is None else abs(float(solution.value) - exact) / scale
        accepted = certificate.accepts(row.rtol) and distance <= max(row.rtol, 0.0)
        runs.append(SolverRun(route, accepted, abs(float(certificate.gap)) / scale, distance))
    return tuple(runs)


def judged(instance: Instance, index: int, name: str, witness: str, error: float) -> Verdict:
    """The verdict on one claim against one witness; a claim goes by the name that was asked for."""
    rtol = max(ROWS[witness].rtol, 1e-9)
    claim = claim_at(name)
    try:
        found = check(claim, instance, method=witness, rtol=rtol, rng=index, error=error)
    except Exception as failed:
        if name in CLAIMS:
            raise
        words = " ".join(f"{type(failed).__name__}: {failed}".split())
        raise ValueError(f"--claims {name}: instance {index}: {words}") from None
    return replace(found, claim=name)


@steady
def verdicts_on(
    instance: Instance,
    index: int,
    claims: Sequence[str],
    witnesses: Sequence[str] = WITNESSES,
    error: float = ERROR,
) -> tuple[tuple[str, Verdict], ...]:
    """Verdicts of the claims that apply; each claim and witness is checked at level `error`."""
    game = instance.game
    return tuple(
        (witness, judged(instance, index, name, witness, error))
        for name in claims
        if _applies(name, instance, index)
        for witness in witnesses
        if game.n <= ROWS[witness].largest_n
    )


def _applies(name: str, instance: Instance, index: int) -> bool:
    try:
        return bool(claim_at(name).applies(instance.game))
    except Exception as failed:
        if name in CLAIMS:
            raise
        words = " ".join(f"{type(failed).__name__}: {failed}".split())
        raise ValueError(f"--claims {name}: instance {index}: {words}") from None


@steady
def verify_instance(
    instance: Instance,
    index: int,
    claims: Sequence[str],
    witnesses: Sequence[str] = WITNESSES,
    error: float = ERROR,
) -> Record:
    """Run every solver that reaches the instance's size, then every claim that applies."""
    found = verdicts_on(instance, index, claims, witnesses, error)
    return Record(instance.name, index, instance, solver_runs(instance), found)


def each_level(n_instances: int, n_claims: int, error: float = ERROR) -> float:
    r"""Level of one check, so that all checks of a run together err with chance `error` at most.

    A run makes at most N = instances x claims x witnesses checks.  Each calls a true claim violated
    with probability at most error/N (see `radsim.claims.check`); that any of them does has
    probability at most the sum, :math:`N \cdot error/N = error`, whatever they have in common
    (union bound).  Hence the family-wise error of the run is at most `error`.  Checks that rest on
    no samples never err by chance, and use up nothing.

    Examples
    --------
    >>> each_level(100, 5, 1e-3) == 1e-3 / (100 * 5 * len(WITNESSES))
    True
    """
    return error / max(1, n_instances * n_claims * len(WITNESSES))


@steady
def run(
    n_instances: int,
    claims: Sequence[str],
    seed: int,
    jobs: int | None = -1,
    progress: Callable[[Record], None] = lambda record: None,
    error: float = ERROR,
) -> list[Record]:
    """Verify random instances; instance i depends on (seed, i) alone, not on `jobs`.

    A claim is an id of `CLAIMS` or the address of a claim of your own.  That a true claim is called
    violated anywhere in the run has probability at most `error`.
    """
    n_instances, seed = count(n_instances, "n_instances"), count(seed, "seed")
    jobs = check_jobs(jobs)
    own = [x for x in claims if ":" in str(x)] if isinstance(claims, Iterable) else []
    claims = each_of(claims, [*CLAIMS, *own], "claims")
    for name in own:
        claim_at(name)
    level = each_level(n_instances, len(claims), error)

    def one(index: int) -> Record:
        rng = np.random.default_rng(np.random.SeedSequence([seed, index]))
        return verify_instance(draw_instance(rng=rng), index, claims, error=level)

    records = []
    with spread(one, range(n_instances), jobs) as found:
        for record in found:
            progress(record)
            records.append(record)
    return records


@dataclass(frozen=True)
class RealCheck:
    """Guarantee and realised payoff of RAD and of margin on the digits instance."""

    n: int
    n_mistakes: int
    budget: int
    student_accuracy: float
    teacher_accuracy: float
    guarantee: float
    realised: float
    margin_guarantee: float
    margin_realised: float
    gap: float
    accepted: bool = True

    @property
    def holds(self) -> bool:
        """Whether RAD's certificate accepts, and what it realised is at least its guarantee."""
        return self.accepted and self.realised >= self.guarantee - 1e-9 * self.budget


@steady
def real_check(seed: int) -> RealCheck:
    """Solve the digits instance and confront the guarantee with the teacher's true mistakes."""
    instance = digits_instance(rng=seed)
    game = instance.game
    probabilities, labels, wrong = instance.probabilities, instance.labels, instance.wrong
    assert probabilities is not None and wrong is not None
    solution = solve(game, certify=False)
    robust = game.gains - game.stakes * wrong
    margin = np.zeros(game.n)
    margin[np.argsort(-game.gains, kind="stable")[: int(game.budget)]] = 1
    return RealCheck(
        n=game.n,
        n_mistakes=int(game.mistakes),
        budget=int(game.budget),
        student_accuracy=float(np.mean(probabilities.argmax(axis=1) == labels)),
        teacher_accuracy=float(1 - wrong.mean()),
        guarantee=solution.value,
        realised=float(np.sum(solution.inclusion * robust)),
        margin_guarantee=worst_case(game, margin)[0],
        margin_realised=float(np.sum(margin * robust)),
        gap=float(solution.certificate.gap),
        accepted=solution.certificate.accepts(ROWS["closed_form"].rtol),
    )


def verdict_frame(records: Sequence[Record]) -> pd.DataFrame:
    """All verdicts, one row each."""
    return pd.DataFrame(
        [
            {
                "instance": record.index,
                "family": record.name,
                "claim": verdict.claim,
                "witness": witness,
                "status": verdict.status,
                "worst": verdict.label,
                "bound": verdict.bound,
                "lower": verdict.measured[0],
                "upper": verdict.measured[1],
                "slack": verdict.slack,
            }
            for record in records
            for witness, verdict in record.verdicts
        ]
    )


def solver_frame(records: Sequence[Record]) -> pd.DataFrame:
    """All runs of solvers, one row each; gap and distance relative to the largest total at play."""
    return pd.DataFrame(
        [
            {
                "instance": record.index,
                "family": record.name,
                "solver": run.method,
                "accepted": run.accepted,
                "gap": run.gap,
                "distance": run.distance,
                "words": run.words,
            }
            for record in records
            for run in record.solvers
        ]
    )


def write_run(
    records: Sequence[Record], real: RealCheck, claims: Sequence[str], seed: int, folder: Path
) -> None:
    """Write all numbers of a run, its seed and the libraries' versions into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    facts = asdict(real) | {"holds": real.holds}
    tables = {
        f"{name}.csv": frame.to_csv(index=False).encode()
        for name, frame in (
            ("verdicts", verdict_frame(records)),
            ("solvers", solver_frame(records)),
            ("real", pd.DataFrame([facts])),
        )
    }
    plan = {
        "seed": seed,
        "instances": len(records),
        "claims": list(claims),
        # A table that was changed afterwards is so known.
        "files": {name: hashlib.sha256(text).hexdigest() for name, text in tables.items()},
    }
    write_whole(folder / "manifest.json", json.dumps(plan, indent=1) + "\n")
    versions.record(folder)
    write_whole(folder / "evidence.md", evidence_table(records, claims, seed) + "\n")
    for name, text in tables.items():
        write_whole(folder / name, text)


def write_failures(records: Sequence[Record], folder: Path) -> list[Path]:
    """Save each failed instance so that it can be replayed."""
    paths = []
    for record in records:
        if record.failed:
            folder.mkdir(parents=True, exist_ok=True)
            path = folder / f"failed-{record.index}.json"
            save(record.instance, path, index=record.index)
            paths.append(path)
    return paths
