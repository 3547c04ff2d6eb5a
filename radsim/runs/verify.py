r"""`radsim verify`: every solver and every claim on random and real instances."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from radsim.claims import CLAIMS, Verdict, check
from radsim.data.instances import Instance, digits_instance, draw_instance
from radsim.data.saved import save
from radsim.door import count, each_of, steady
from radsim.payoffs import worst_case
from radsim.runs import versions
from radsim.runs.workers import check_jobs, spread
from radsim.solution import SolveError
from radsim.solvers import SOLVERS, solve
from radsim.writing import write_whole

__all__ = [
    "EXACT",
    "WITNESSES",
    "RealCheck",
    "Record",
    "evidence_table",
    "real_check",
    "routes",
    "run",
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


@dataclass(frozen=True)
class SolverRun:
    """One solver on one instance: its certified gap and its distance from the exact value."""

    method: str
    accepted: bool
    gap: float
    distance: float
    words: str = ""


@dataclass(frozen=True)
class Record:
    """Record of one instance: runs of its solvers, and verdicts of its claims."""

    name: str
    index: int
    instance: Instance
    solvers: tuple[SolverRun, ...]
    verdicts: tuple[tuple[str, Verdict], ...] = field(default=())

    @property
    def failed(self) -> bool:
        """Whether a solver's certificate was refused or a claim was violated."""
        return any(not run.accepted for run in self.solvers) or any(
            verdict.status == "VIOLATED" for _, verdict in self.verdicts
        )


@steady
def verify_instance(
    instance: Instance, index: int, claims: Sequence[str], witnesses: Sequence[str] = WITNESSES
) -> Record:
    """Run every solver that reaches the instance's size, then every claim that applies."""
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
    verdicts = []
    for claim_id in claims:
        claim = CLAIMS[claim_id]
        if not claim.applies(game):
            continue
        for witness in witnesses:
            if game.n > ROWS[witness].largest_n:
                continue
            rtol = max(ROWS[witness].rtol, 1e-9)
            found = check(claim, instance, method=witness, rtol=rtol, rng=index)
            verdicts.append((witness, found))
    return Record(instance.name, index, instance, tuple(runs), tuple(verdicts))


@steady
def run(
    n_instances: int,
    claims: Sequence[str],
    seed: int,
    jobs: int | None = -1,
    progress: Callable[[Record], None] = lambda record: None,
) -> list[Record]:
    """Verify random instances; instance i depends on (seed, i) alone, not on `jobs`."""
    n_instances, seed = count(n_instances, "n_instances"), count(seed, "seed")
    claims, jobs = each_of(claims, CLAIMS, "claims"), check_jobs(jobs)

    def one(index: int) -> Record:
        rng = np.random.default_rng(np.random.SeedSequence([seed, index]))
        return verify_instance(draw_instance(rng=rng), index, claims)

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


@steady
def evidence_table(records: Sequence[Record], seed: int) -> str:
    """The table claims x evidence, and the table of solvers, as Markdown."""
    lines = [
        f"{len(records)} random instances, seed {seed}. Counts are instances on which the claim "
        "HOLDS / is VIOLATED / UNDECIDED; slack is relative to b·max(g).",
        "",
        "| claim | statement | kind | against HiGHS | against exact rationals | worst slack |",
        "|---|---|---|---|---|---|",
    ]
    for claim in CLAIMS.values():
        found = [
            (witness, verdict)
            for record in records
            for witness, verdict in record.verdicts
            if verdict.claim == claim.id
        ]
        if not found:
            continue
        cells = []
        for witness in WITNESSES:
            statuses = [verdict.status for name, verdict in found if name == witness]
            counts = [statuses.count(status) for status in ("HOLDS", "VIOLATED", "UNDECIDED")]
            cells.append(" / ".join(str(count) for count in counts))
        worst = min(verdict.slack for _, verdict in found)
        lines.append(
            f"| {claim.id} | {claim.statement} | {claim.kind} | {cells[0]} | {cells[1]} "
            f"| {worst:.1e} |"
        )
    lines += [
        "",
        "| solver | instances | certificates refused | worst gap | worst distance from exact |",
        "|---|---|---|---|---|",
    ]
    for route in routes():
        runs = [run for record in records for run in record.solvers if run.method == route]
        if runs:
            refused = sum(not run.accepted for run in runs)
            gap = np.max([run.gap for run in runs])
            distance = np.max([run.distance for run in runs])
            lines.append(f"| {route} | {len(runs)} | {refused} | {gap:.1e} | {distance:.1e} |")
    return "\n".join(lines)


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
    write_whole(folder / "evidence.md", evidence_table(records, seed) + "\n")
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
