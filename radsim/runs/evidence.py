"""`radsim evidence`: run the proof checks and write the table statement x evidence.

A checkout's `proofs_checks/` holds the checks; this module runs them and renders what they found.
"""

from __future__ import annotations

import hashlib
import importlib
import sys
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType

from radsim.claims import CLAIMS
from radsim.writing import write_whole

__all__ = [
    "NOT_RUN",
    "Check",
    "Formula",
    "Proofs",
    "current",
    "established",
    "load",
    "package",
    "render",
    "run",
    "standing",
    "write",
]

# What a check establishes, strongest first; a status begins with one of these.
STATUSES = (
    "proved for all n",
    "proved for all real gains",
    "identity",
    "exact on instances",
    "refuted variant",
)
NOT_RUN = "not run"


@dataclass(frozen=True)
class Check:
    """One statement, what is assumed, and the run that establishes it.

    Attributes
    ----------
    claim : str
        Id as in the theory.
    statement, hypotheses : str
    status : str
        Begins with one of `STATUSES`.
    file : str
        Where the check stands, relative to `proofs_checks/`.
    run : callable
        Returns what was found, in words that do not change from run to run; raises AssertionError
        if the statement does not come out.
    planted : mapping
        Name of a wrong variant -> a run that returns its counterexample; raises if there is none.
    slow : bool
        Not part of the default run.
    name : str
        What the formulas that it establishes call it; its file where it has none of its own.
    """

    claim: str
    statement: str
    hypotheses: str
    status: str
    file: str
    run: Callable[[], str] = field(compare=False)
    planted: Mapping[str, Callable[[], str]] = field(default_factory=dict, compare=False)
    slow: bool = False
    name: str = ""

    def __post_init__(self) -> None:
        if not self.status.startswith(STATUSES):
            raise ValueError(f"status = {self.status!r} must begin with one of {STATUSES}")
        object.__setattr__(self, "name", self.name or self.file)

    @property
    def key(self) -> str:
        """All cells of the table but the last, what the row is about."""
        cells = (self.claim, self.statement, self.hypotheses, self.status, f"`{self.file}`")
        return _cells(*cells) + " "


@dataclass(frozen=True)
class Formula:
    """One formula of a claim: a claim is established as far as its formulas are, no further.

    Attributes
    ----------
    claim : str
    says : str
    by : tuple of str
        Names of the checks that establish it: theorems, or files with checks of the same claim;
        "radsim verify" where nothing but sampling does.
    code : tuple of str
        Public functions that use it, by their address.
    gap : str
        Why it is not proved for all n, where it is not.
    """

    claim: str
    says: str
    by: tuple[str, ...]
    code: tuple[str, ...] = ()
    gap: str = ""


@dataclass(frozen=True)
class Proofs:
    """What a folder of proofs holds: checks, and the formulas that they are about."""

    checks: tuple[Check, ...]
    formulas: tuple[Formula, ...]


def package(folder: Path) -> ModuleType:
    """Import the package of checks in `folder`.

    Raises
    ------
    ValueError
        If the folder holds no such package.
    """
    folder = folder.resolve()
    if not (folder / "__init__.py").is_file():
        raise ValueError(f"{folder} holds no proof checks; run this in a checkout of radsim")
    sys.path.insert(0, str(folder.parent))
    try:
        return importlib.import_module(folder.name)
    finally:
        sys.path.remove(str(folder.parent))


def load(folder: Path) -> Proofs:
    """The tables `CHECKS` and `FORMULAS` of the package in `folder`; ValueError if it has none."""
    found = package(folder)
    return Proofs(found.CHECKS, found.FORMULAS)


def digests(folder: Path, checks: Iterable[Check]) -> dict[str, str]:
    """Of every file that a check comes from: a short SHA-256, so that a stale row shows."""
    return {
        name: hashlib.sha256((folder / name).read_bytes()).hexdigest()[:16]
        for name in sorted({check.file for check in checks})
    }


def _recorded(text: str) -> tuple[dict[str, str], dict[str, str]]:
    """What a written table says: key -> found, and file -> digest."""
    found, files = {}, {}
    for line in text.splitlines():
        cells = line.strip().strip("|").rsplit(" | ", 1)
        if len(cells) == 2 and line.startswith("| ") and line.count(" | ") == 5:
            found[line[: line.rindex(" | ") + 3]] = cells[1].strip()
        elif len(cells) == 2 and line.startswith("| `") and line.count(" | ") == 1:
            files[cells[0].strip(" `")] = cells[1].strip(" `")
    return found, files


def run(
    folder: Path,
    checks: Iterable[Check],
    slow: bool,
    progress: Callable[[Check, str], None] = lambda check, found: None,
) -> dict[Check, str]:
    """Run checks; without `slow`, slow rows are kept from the written table while their file is.

    A check that fails raises: a table with a failed row is never written.
    """
    checks = tuple(checks)
    path = folder / "THEOREMS.md"
    before, files = _recorded(path.read_text()) if path.is_file() else ({}, {})
    now = digests(folder, checks)
    results = {}
    for check in checks:
        if slow or not check.slow:
            results[check] = check.run()
        else:
            fresh = files.get(check.file) == now[check.file]
            results[check] = before.get(check.key, NOT_RUN) if fresh else NOT_RUN
        progress(check, results[check])
    return results


def established(results: Mapping[Check, str]) -> dict[str, list[Check]]:
    """For each id the statements that came out, strongest first; refuted variants apart.

    A status is that of one statement under its own hypotheses, never that of a whole claim.
    """
    reached: dict[str, list[Check]] = {}
    for status in STATUSES[:-1]:
        for check, found in results.items():
            if check.status.startswith(status) and found != NOT_RUN:
                reached.setdefault(check.claim, []).append(check)
    return reached


def standing(formula: Formula, results: Mapping[Check, str]) -> tuple[str, list[Check]]:
    """How a formula stands, and the checks that came out for it, strongest first.

    "sampled" where only `radsim verify` tests it, "open" where nothing does.
    """
    found = [
        check
        for check, words in results.items()
        if check.claim == formula.claim and check.name in formula.by and words != NOT_RUN
    ]
    found.sort(key=_strength)
    if found:
        return found[0].status, found
    return ("sampled" if "radsim verify" in formula.by else "open"), []


def _order(claim: str) -> tuple[int, str]:
    return "VRASN".find(claim[0]), claim


def _strength(check: Check) -> int:
    return next(k for k, kind in enumerate(STATUSES) if check.status.startswith(kind))


def _cells(*cells: str) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def render(folder: Path, proofs: Proofs, results: Mapping[Check, str]) -> str:
    """The whole of THEOREMS.md."""
    formulas = sorted(proofs.formulas, key=lambda formula: _order(formula.claim))
    stand = [(formula, *standing(formula, results)) for formula in formulas]
    lines = [
        "# What is proved, and how",
        "",
        "Written by `radsim evidence`; a test checks that it is current. Never edit it.",
        "",
        "Formula by formula. A status is that of the strongest check below that establishes the",
        "formula, under that check's hypotheses; `radsim verify` samples every claim besides.",
        "",
        "| id | formula | status | by | what is missing |",
        "|---|---|---|---|---|",
    ]
    for formula, status, found in stand:
        by = ", ".join(dict.fromkeys(f"`{check.name}`" for check in found)) or "-"
        lines.append(_cells(formula.claim, formula.says, status, by, formula.gap or "-"))
    alone = [
        claim
        for claim in sorted(CLAIMS, key=_order)
        if all(not found for formula, _, found in stand if formula.claim == claim)
    ]
    lines += ["", f"By sampling alone (`radsim verify`): {', '.join(alone) or 'none'}.", ""]
    lines += [
        "| id | statement | hypotheses | status | file | found |",
        "|---|---|---|---|---|---|",
    ]
    for check in sorted(results, key=lambda check: (_order(check.claim), _strength(check))):
        lines.append(f"{check.key}{results[check]} |")
    lines += ["", "The files as they were when the rows were found:", "", "| file | SHA-256 |"]
    lines.append("|---|---|")
    lines += [f"| `{name}` | `{digest}` |" for name, digest in digests(folder, results).items()]
    return "\n".join(lines) + "\n"


def current(folder: Path, proofs: Proofs, results: Mapping[Check, str]) -> bool:
    """Whether the written table is exactly what these results render."""
    path = folder / "THEOREMS.md"
    return path.is_file() and path.read_text() == render(folder, proofs, results)


def write(folder: Path, proofs: Proofs, results: Mapping[Check, str]) -> None:
    """Write THEOREMS.md, whole or not at all."""
    write_whole(folder / "THEOREMS.md", render(folder, proofs, results))
