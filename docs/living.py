"""One page a claim: formula, hypotheses, what is measured, a small game, and how it breaks."""

from __future__ import annotations

import re
import shutil
from collections.abc import Sequence
from html import escape
from pathlib import Path
from typing import Any

import blueprint
import numpy as np
import small_game
import worked
from statements import HYPOTHESES, REFERENCES, holds

from proofs_checks.blueprint import nodes
from proofs_checks.formal.theorems import THEOREMS
from radsim import CLAIMS, Claim, draw_instance
from radsim.analysis import least_slack, side_by_side
from radsim.conjecture.readable import in_fractions
from radsim.plots import scatter_plot
from radsim.runs.evidence import Formula

__all__ = ["page", "sections", "write_theorems"]

N_INSTANCES = 24
# A convex program or a hypergeometric law for each comparison: fewer games.
SLOW = {"A4": 4, "S4": 4}
LISTED = {"S1", "S2", "S3", "S5"}  # every outcome of a design is listed: small pools
KINDS = {
    "tight": "equal",
    "lower": "at least",
    "upper": "at most",
}
MOST_ROWS = 8
SECTION = re.compile(r"^### ([VRASN]\d[ab]?): (.+?)\n(.*?)^\{\{ \1 \}\}$", re.M | re.S)
Standing = tuple[Formula, str, list[str]]


def sections(theory: str) -> dict[str, tuple[str, str]]:
    """Id -> title and text of its section on the theory page, with links as from two folders down.

    The text ends where the page shows the status.
    """
    found = {}
    theory = re.sub(r"\]\((?!https?:|#)([^)]+)\)", r"](../../\1)", theory)
    for chapter in re.split(r"^## .+\n", theory, flags=re.M):
        # What a chapter says before its first statement holds for all of them.
        opening = chapter.partition("### ")[0].strip()
        for match in SECTION.finditer(chapter):
            name, title, text = match.groups()
            found[name] = title, f"{opening}\n\n{text.strip()}".strip()
    return found


def _table(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    lines = [columns, ["---"] * len(columns), *([c.replace("|", r"\|") for c in r] for r in rows)]
    return [f"| {' | '.join(line)} |" for line in lines] + [""]


def _raw(html: str) -> list[str]:
    return ["```{raw} html", html, "```", ""]


# --- Computed beside the formula ---


def _measured(claim: Claim, folder: Path) -> list[str]:
    n = SLOW.get(claim.id, N_INSTANCES)
    frame = side_by_side([claim.id], n, largest_n=5 if claim.id in LISTED else 8)
    bad = frame[frame["status"] != "HOLDS"]
    if len(bad):
        raise ValueError(f"{claim.id} does not hold: {bad.iloc[0].to_dict()}")
    scatter_plot(frame, folder / f"{claim.id}.svg")
    worst = frame.loc[frame["slack"].idxmin()]
    families = frame["family"].nunique()
    return [
        f"```{{figure}} {claim.id}.svg",
        f":alt: What is measured against what {claim.id} says, {len(frame)} dots",
        ":class: scatter",
        "",
        f"{_counted(len(frame), 'comparison')} on {_counted(frame['game'].nunique(), 'game')} of "
        f"{_counted(families, 'family')}, in units of their scale. The least slack is "
        f"`{worst['slack']:.1e}`: `{worst['label']}`, a game of the family {worst['family']} with "
        f"{_counted(int(worst['n']), 'point')}. "
        + (
            "None is on the wrong side by more than rounding."
            if worst["slack"] < 0
            else "None is on the wrong side."
        ),
        "```",
        "",
        *_table(
            ("compared", "measured must be", "how often", "least slack"),
            [
                (f"`{label}`", KINDS[kind], str(row.comparisons), f"{row.least_slack:.1e}")
                for (label, kind), row in least_slack(frame, ("compared", "kind")).iterrows()
            ],
        ),
        f"The same on your machine, with more games: `radsim verify --claims {claim.id} "
        "--instances 200`.",
        "",
    ]


def _counted(n: int, word: str) -> str:
    more = f"{word[:-1]}ies" if word.endswith("y") else f"{word}s"
    return f"{n} {word if n == 1 else more}"


# --- A small game ---


def _rows(found: Sequence[worked.Row], verdict: bool = False) -> list[str]:
    shown = list({row.label: row for row in reversed(found)}.values())[::-1][:MOST_ROWS]
    lines = _table(
        ("compared", "measured must be", "stated", "measured", *(("",) if verdict else ())),
        [
            (
                f"`{row.label}`",
                KINDS[row.kind],
                row.bound,
                row.measured,
                *(
                    (f"**{row.status}**" if row.status != "HOLDS" else row.status,)
                    if verdict
                    else ()
                ),
            )
            for row in shown
        ],
    )
    left = len(found) - len(shown)
    return [*lines, *([f"And {_counted(left, 'more comparison')}.", ""] if left else [])]


def _introduced(claim: Claim, kept: dict[str, Any]) -> str:
    if claim.id[0] in "VR":
        return "What the claim compares on this game:"
    shown = (
        f"The form shows a small game with such rules; the claim starts from `{_short(kept)}`."
        if claim.id in small_game.RULED
        else "The form shows the plain game from which the claim starts."
    )
    drawn = "there or on what it draws from there (designs, groups, limits, rounds, teachers)"
    return f"{shown} What it compares, {drawn}:"


def _small(claim: Claim, kept: dict[str, Any] | None) -> list[str]:
    if kept is None:
        return [
            f"None. On none of the {len(worked.tried(claim))} games of two or three points with "
            "gains up to 3 that were tried is the bound met: it leaves room on each of these.",
            "",
        ]
    found = worked.rows(claim, worked.game_of(kept), kept["seed"])
    closest = [row for row in found if abs(row.slack) <= worked.MOST_SLACK]
    if not closest:
        raise ValueError(f"{claim.id}: nothing is met on its tight game")
    return [
        "The first game, by number of points and then by size of the gains, that promises "
        "something only by chance and on which the bound is met. Change any number: both "
        "strategies are computed anew, in exact fractions, by the simplex method in this page, and "
        "each is judged for itself.",
        "",
        *_raw(small_game.form(claim.id, kept)),
        _introduced(claim, kept),
        "",
        *_rows(found),
    ]


# --- Break it ---


def _without(claim: Claim, kept: dict[str, Any]) -> list[str]:
    lines = []
    for words, entry in kept.items():
        loose = worked.stands_without(claim, words)
        if entry is None:
            n = sum(loose.applies(game) for game in worked.tried(claim))
            lines.append(
                f"- **{words}**: not refuted without it, on {_counted(n, 'small game')}."
                if n
                else f"- **{words}**: no small game lacks it and meets the others."
            )
            continue
        game = worked.game_of(entry)
        found = worked.rows(loose, game, entry["seed"])
        worst = next((row for row in found if row.status == "VIOLATED"), None)
        if worst is None:
            raise ValueError(f"{claim.id} stands without {words!r} on {game}")
        lines.append(
            f"- **{words}**: dropped, it is false. On `{in_fractions(game)}` the claim says "
            f"{worst.bound} for `{worst.label}` ({KINDS[worst.kind]}), and {worst.measured} is "
            "measured."
        )
    return [*lines, ""]


def _broken(claim: Claim, kept: dict[str, Any]) -> list[str]:
    entry = kept["planted"]
    game = worked.game_of(entry)
    says, wrong = worked.planted(claim, entry["mutant"], game, entry["seed"])
    right = {row.label: row for row in worked.rows(claim, game, entry["seed"])}
    bad = [row for row in wrong if row.status == "VIOLATED"]
    if not bad or any(row.status == "VIOLATED" for row in right.values()):
        raise ValueError(f"{claim.id}: {says!r} is not refuted on {game}")
    lines = [
        f"**A planted error**: {says}. On `{in_fractions(game)}` it is refuted; as the claim "
        "stands, it holds there.",
        "",
        *_rows(bad, verdict=True),
    ]
    true = right.get(bad[0].label)
    if true is not None:
        lines += [f"Rightly stated: {true.bound}, and {true.measured} is measured.", ""]
    if kept["without"]:
        lines += [
            "**Without a hypothesis**, all others kept:",
            "",
            *_without(claim, kept["without"]),
        ]
    return lines


# --- Proofs ---


def _proved(claim: str, standings: Sequence[Standing]) -> list[str]:
    known = {row.name: row for row in THEOREMS}
    lines = []
    for formula, status, by in standings:
        if formula.claim != claim:
            continue
        mark = blueprint.LOOKS[blueprint.look(status)][1]
        theorems = [name for name in by if name in known]
        others = [f"`{name}`" for name in by if name not in known]
        lines += [
            f"{mark} **{status}**: `{formula.says}`"
            + (f"; also by {', '.join(others)}" if theorems and others else "")
            + (f"; by {', '.join(others)}" if others and not theorems else "")
            + (f". What is missing: {formula.gap}" if formula.gap else "")
            + ".",
            "",
        ]
        for name in theorems:
            lines += [
                *_raw(f"<details><summary>Statement of <code>{escape(name)}</code></summary>"),
                f"`{known[name].says}`, where `{known[name].hypotheses}`; "
                f"[what it rests on](../blueprint/index.md#{blueprint.anchor(name)}).",
                "",
                "```coq",
                nodes()[f"{name}_statement"].text,
                "```",
                "",
                *_raw("</details>"),
            ]
    return lines


def _status(claim: str, standings: Sequence[Standing]) -> str:
    found = [blueprint.look(status) for formula, status, _ in standings if formula.claim == claim]
    parts = []
    for kind, words in (("proved", "proved"), ("checked", "checked"), ("open", "open")):
        if n := found.count(kind):
            parts.append(f"{blueprint.LOOKS[kind][1]} {n} {words}")
    return ", ".join(parts) or "sampled"


# --- Pages ---


def _hypotheses(claim: Claim) -> list[str]:
    for k in range(120):
        game = draw_instance(rng=np.random.default_rng([5, k]), largest_n=40 if k % 3 else 4).game
        met = all(holds(words, game) for words in HYPOTHESES[claim.id])
        if met != claim.applies(game):
            raise ValueError(f"{claim.id}: its hypotheses are not those of {game}")
    words = HYPOTHESES[claim.id]
    return [f"- {line}" for line in words] if words else ["- none on the game"]


def page(
    claim: Claim, title: str, text: str, standings: Sequence[Standing], folder: Path
) -> list[str]:
    """The lines of one claim's page; its picture is written beside it."""
    kept = worked.known()[claim.id]
    reference = REFERENCES.get(claim.id, REFERENCES[""])
    return [
        f"# {claim.id}: {title}",
        "",
        f"*In short*: {claim.statement}. *Kind*: {claim.kind}. *Formulas*: "
        f"{_status(claim.id, standings)}.",
        "",
        "## What it says",
        "",
        text,
        "",
        "**Checked where**",
        "",
        *_hypotheses(claim),
        "",
        f"**Reference.** {reference}",
        "",
        "## Computed beside the formula",
        "",
        *_measured(claim, folder),
        "## The smallest tight game",
        "",
        *_small(claim, kept["tight"]),
        "## Break it",
        "",
        *_broken(claim, kept),
        "## What is proved",
        "",
        *_proved(claim.id, standings),
        *_raw('<script src="../../_static/theorem.js"></script>'),
    ]


def _short(kept: dict[str, Any]) -> str:
    """A game in one line, the usual rules left out."""
    line = in_fractions(worked.game_of(kept))
    return line.replace(", capped", "").replace(", abstain", "")


def write_theorems(folder: Path, checkout: Path) -> None:
    """A page for each claim, and their index."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    standings = blueprint.standing(checkout)
    told = sections((checkout / "docs" / "theory.md").read_text())
    known = worked.known()
    rows = []
    for claim in CLAIMS.values():
        lines = page(claim, *told[claim.id], standings, folder)
        (folder / f"{claim.id}.md").write_text("\n".join(lines) + "\n")
        tight = known[claim.id]["tight"]
        rows.append(
            (
                f"[{claim.id}]({claim.id}.md)",
                claim.statement,
                claim.kind,
                _status(claim.id, standings),
                f"`{_short(tight)}`" if tight else "-",
            )
        )
    lines = [
        "# Theorems",
        "",
        "One page a claim: what it says, what is measured beside it on drawn games, the smallest "
        "game on which it is met, live and in fractions, what breaks it, and what is proved. The "
        "statements in one text, with their proofs: [Theory](../../theory.md). What rests on what: "
        "[Blueprint](../blueprint/index.md). A claim of your own: "
        "[Add a claim](../../howto/add-a-claim.md).",
        "",
        *_table(("id", "statement", "kind", "formulas", "tight on"), rows),
        "● proved for all n in Coq, ◐ checked on instances, for small n or by sampling, ○ open. "
        "The game: gains g, harms c times the gains, m mistakes, b queries, without replacement, "
        "budget may stay unspent; of the chapters A, S and N it is the plain game from which the "
        "claim starts.",
        "",
        "```{toctree}",
        ":hidden:",
        "",
        *CLAIMS,
        "```",
    ]
    (folder / "index.md").write_text("\n".join(lines) + "\n")
