r"""What failed in a verification, and the smallest game on which it still fails."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from radsim.claims import ERROR
from radsim.conjecture.readable import in_fractions, smallest_game
from radsim.data.instances import Instance
from radsim.data.saved import save
from radsim.game import Game
from radsim.runs.records import Record
from radsim.runs.verify import judged, solver_runs

__all__ = ["Failed", "first_failures", "save_failures"]

MOST_SHRUNK = 5  # of a run; each may take seconds


@dataclass(frozen=True)
class Failed:
    """A claim that is violated, or a solver whose certificate is refused, on its first instance.

    Attributes
    ----------
    what : str
        In words.
    claim : str
        Empty if it is a solver.
    index : int
        Of the instance in the run.
    instances : int
        On how many it fails.
    game : Game
        The smallest that was found.
    seen : str
        What is compared there, and both sides.
    path : Path or None
        Where the game was saved.
    """

    what: str
    claim: str
    index: int
    instances: int
    game: Game
    seen: str
    path: Path | None = None

    @property
    def fractions(self) -> str:
        """The game in one line of fractions."""
        return in_fractions(self.game)

    def document(self) -> dict[str, Any]:
        """For JSON."""
        return {
            "what": self.what,
            "claim": self.claim or None,
            "index": self.index,
            "instances": self.instances,
            "game": repr(self.game),
            "fractions": self.fractions,
            "seen": self.seen,
            "saved": None if self.path is None else str(self.path),
        }


def _violated(instance: Instance, index: int, claim: str, witness: str, error: float) -> Any:
    found = judged(instance, index, claim, witness, error)
    return found if found.status == "VIOLATED" else None


def _claim_failed(record: Record, claim: str, witness: str, n: int, error: float) -> Failed:
    game = smallest_game(
        record.instance.game,
        lambda game: (
            _violated(Instance("smaller", game), record.index, claim, witness, error) is not None
        ),
    )
    verdict = _violated(Instance("smallest", game), record.index, claim, witness, error)
    seen = "it fails on the instance as it was drawn only"
    if verdict is not None:
        low, high = verdict.measured
        seen = f"{verdict.label}: bound {verdict.bound:.10g}, measured {low:.10g} to {high:.10g}"
    return Failed(f"{claim} is violated, against {witness}", claim, record.index, n, game, seen)


def _refusal(game: Game, solver: str) -> str:
    """What a solver's refused certificate says; empty if it is accepted."""
    for run in solver_runs(Instance("smaller", game)):
        if run.method == solver and not run.accepted:
            return f"gap {run.gap:.1e}, distance {run.distance:.1e} {run.words}".strip()
    return ""


def _solver_failed(record: Record, solver: str, n: int) -> Failed:
    game = smallest_game(record.instance.game, lambda game: bool(_refusal(game, solver)), most=60)
    words = f"{solver}'s certificate is refused"
    return Failed(words, "", record.index, n, game, _refusal(game, solver))


def first_failures(records: Sequence[Record], error: float = ERROR) -> list[Failed]:
    """The first failure of each claim and solver, with its smallest game; `MOST_SHRUNK` at most."""
    first: dict[tuple[str, str], tuple[Record, str]] = {}
    count: dict[tuple[str, str], set[int]] = {}
    for record in records:
        for witness, verdict in record.verdicts:
            if verdict.status == "VIOLATED":
                key = ("claim", verdict.claim)
                first.setdefault(key, (record, witness))
                count.setdefault(key, set()).add(record.index)
        for run in record.solvers:
            if not run.accepted:
                key = ("solver", run.method)
                first.setdefault(key, (record, ""))
                count.setdefault(key, set()).add(record.index)
    found = []
    for (kind, name), (record, witness) in list(first.items())[:MOST_SHRUNK]:
        n = len(count[kind, name])
        found.append(
            _claim_failed(record, name, witness, n, error)
            if kind == "claim"
            else _solver_failed(record, name, n)
        )
    return found


def save_failures(found: Sequence[Failed], folder: Path) -> list[Failed]:
    """Save the smallest games for --replay; gives the failures with their files."""
    kept = []
    for failed in found:
        folder.mkdir(parents=True, exist_ok=True)
        words = failed.claim or failed.what.partition("'s ")[0]
        # Of a long address the end tells one claim from another.
        label = "".join(x if x.isalnum() else "_" for x in words)[-80:]
        path = folder / f"failed-{failed.index}-{label}.json"
        save(Instance(failed.what[:200], failed.game), path, index=failed.index)
        kept.append(replace(failed, path=path))
    return kept
