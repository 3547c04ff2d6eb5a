r"""What a verification comes to: outcomes of each claim counted in instances, in words, as JSON."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal

import numpy as np

from radsim.claims import ERROR
from radsim.claims.addressed import claim_at
from radsim.runs.records import Record

__all__ = ["NOT_TESTED", "Tally", "certificates", "concluded", "document", "evidence_table"]

NOT_TESTED = "not tested: no instance met its hypotheses"
Outcome = Literal["violated", "inconclusive", "holds", "not tested"]


@dataclass(frozen=True)
class Tally:
    """Instances on which a claim holds, is violated, stays inconclusive, or says nothing.

    An instance counts once: as violated if one witness says so, as holding if all witnesses do.

    Attributes
    ----------
    claim, statement, kind : str
    violated, holds, inconclusive, not_applicable : int
    worst_slack : float or None
        The smallest, relative to b*max(g); None if nothing was compared.
    sampled : int
        Verdicts that rest on samples.
    """

    claim: str
    statement: str
    kind: str
    violated: int
    holds: int
    inconclusive: int
    not_applicable: int
    worst_slack: float | None
    sampled: int

    @property
    def verdict(self) -> Outcome:
        """The worst of its instances; one without instances is not tested, and does not hold."""
        if self.violated:
            return "violated"
        if self.inconclusive:
            return "inconclusive"
        return "holds" if self.holds else "not tested"


def tallied(records: Sequence[Record], name: str) -> Tally:
    """Outcomes of one claim."""
    counts = dict.fromkeys(("violated", "holds", "inconclusive", "not_applicable"), 0)
    slacks, sampled = [], 0
    for record in records:
        found = [verdict for _, verdict in record.verdicts if verdict.claim == name]
        statuses = {verdict.status for verdict in found}
        if not found:
            outcome = "not_applicable"
        elif "VIOLATED" in statuses:
            outcome = "violated"
        else:
            outcome = "holds" if statuses == {"HOLDS"} else "inconclusive"
        counts[outcome] += 1
        slacks += [verdict.slack for verdict in found if not math.isnan(verdict.slack)]
        sampled += sum(verdict.n_sampled > 0 for verdict in found)
    claim = claim_at(name)
    worst = min(slacks, default=None)
    return Tally(name, claim.statement, claim.kind, **counts, worst_slack=worst, sampled=sampled)


def tallies(records: Sequence[Record], claims: Sequence[str]) -> list[Tally]:
    """Outcomes of claims, the violated ones first."""
    found = [tallied(records, name) for name in claims]
    return sorted(found, key=lambda tally: tally.violated == 0)


def certificates(records: Sequence[Record]) -> tuple[int, int]:
    """How many certificates of solvers were accepted, and how many refused."""
    accepted = [run.accepted for record in records for run in record.solvers]
    return sum(accepted), len(accepted) - sum(accepted)


def by_chance(found: Sequence[Tally], error: float = ERROR) -> str:
    """What chance may do to the verdicts of a run, in words."""
    n = sum(tally.sampled for tally in found)
    if not n:
        return "no verdict rests on samples: by chance no true claim is called violated"
    return (
        f"{n:,} verdict{'s rest' if n > 1 else ' rests'} on samples: the chance that a true claim "
        f"is called violated is at most {error:g} in this run"
    )


def concluded(found: Sequence[Tally], accepted: int, refused: int) -> str:
    """The run in one line: claims that hold, and those that do not; certificates."""
    verdicts = [tally.verdict for tally in found]
    n = verdicts.count("holds")
    words = [f"{n} claim{' holds' if n == 1 else 's hold'}, {verdicts.count('violated')} violated"]
    for rest in ("inconclusive", "not tested"):
        if rest in verdicts:
            words.append(f", {verdicts.count(rest)} {rest}")
    words.append(f"; {accepted:,} certificate{'' if accepted == 1 else 's'} accepted")
    words.append(f", {refused:,} refused" if refused else "")
    return "".join(words)


def worst_of_solvers(records: Sequence[Record]) -> list[dict[str, Any]]:
    """Each solver's instances, refusals, worst gap and worst distance from the exact value."""
    names = dict.fromkeys(run.method for record in records for run in record.solvers)
    found = []
    for name in names:
        runs = [run for record in records for run in record.solvers if run.method == name]
        found.append(
            {
                "solver": name,
                "instances": len(runs),
                "refused": sum(not run.accepted for run in runs),
                "worst_gap": float(np.max([run.gap for run in runs])),
                "worst_distance": float(np.max([run.distance for run in runs])),
            }
        )
    return found


def _sentence(words: str) -> str:
    return f"{words[:1].upper()}{words[1:]}."


def evidence_table(records: Sequence[Record], claims: Sequence[str], seed: int) -> str:
    """The tables of claims and of solvers, as Markdown."""
    found = tallies(records, claims)
    lines = [
        f"{len(records)} random instances, seed {seed}, each set against HiGHS and exact "
        "rationals. Counts are instances; one that does not meet a claim's hypotheses is not "
        f"applicable to it. Slack is relative to b·max(g). {_sentence(by_chance(found))}",
        "",
        "| claim | statement | kind | violated | holds | inconclusive | not applicable "
        "| worst slack |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for tally in found:
        counts = (tally.violated, tally.holds, tally.inconclusive, tally.not_applicable)
        slack = "not tested" if tally.worst_slack is None else f"{tally.worst_slack:.1e}"
        cells = (tally.claim, tally.statement, tally.kind, *map(str, counts), slack)
        lines.append(f"| {' | '.join(cells)} |")
    lines += [
        "",
        "| solver | instances | certificates refused | worst gap | worst distance from exact |",
        "|---|---|---|---|---|",
    ]
    for row in worst_of_solvers(records):
        lines.append(
            f"| {row['solver']} | {row['instances']} | {row['refused']} "
            f"| {row['worst_gap']:.1e} | {row['worst_distance']:.1e} |"
        )
    return "\n".join(lines)


def document(
    records: Sequence[Record],
    claims: Sequence[str],
    seed: int,
    real: dict[str, Any],
    failures: Sequence[dict[str, Any]],
    versions: dict[str, str],
    error: float = ERROR,
) -> dict[str, Any]:
    """All of a run as one JSON object; what is no finite number is null."""
    found = tallies(records, claims)
    accepted, refused = certificates(records)
    whole = {
        "seed": seed,
        "instances": len(records),
        "conclusion": concluded(found, accepted, refused),
        "claims": [asdict(tally) | {"verdict": tally.verdict} for tally in found],
        "certificates": {"accepted": accepted, "refused": refused},
        "solvers": worst_of_solvers(records),
        "chance": {"error": error, "sampled": sum(tally.sampled for tally in found)},
        "digits": real,
        "failures": list(failures),
        "versions": versions,
    }
    return {key: _plain(value) for key, value in whole.items()}


def _plain(x: Any) -> Any:
    if isinstance(x, dict):
        return {key: _plain(value) for key, value in x.items()}
    if isinstance(x, list):
        return [_plain(value) for value in x]
    return None if isinstance(x, float) and not math.isfinite(x) else x
