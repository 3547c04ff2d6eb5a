r"""What a verification found on each instance."""

from __future__ import annotations

from dataclasses import dataclass, field

from radsim.claims import Verdict
from radsim.data.instances import Instance

__all__ = ["Record", "SolverRun"]


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
