"""What `radsim solve` answers: a certified solution, the draw from it, a proof, and figures."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from radsim.analysis.figures import Answer, Figures, answer, rows_of, stored_answer
from radsim.data.files import Reading
from radsim.data.stored_columns import Column, in_memory
from radsim.game import Count, Game
from radsim.hindsight import competitive_ratio, many_benchmarks, regret
from radsim.proof import MOST_PROVED, prove
from radsim.sampling import sample_counts
from radsim.solution import Solution
from radsim.solvers import solve
from radsim.solvers.water.columns import constant
from radsim.solvers.water.draws import DRAWS
from radsim.solvers.water.stored import StoredGame

__all__ = ["Question", "Reply", "figure_rows", "picked", "reply_to"]

# Points of a game in memory: some 1.5 GB.
MOST_POINTS = 10_000_000

_Row = tuple[str, str, str]  # a figure: its name, its value, and what it is in some three words


@dataclass(frozen=True)
class Question:
    """A pool that was read, the rules of its game, and what is asked of it.

    Attributes
    ----------
    file : str
    found : Reading
    harm : tuple
        What `harm_of` gives.
    m : Count
    budget : float
    rules : dict
        capped and abstain of the game.
    objective, method, design, seed : str, str, str, int
    validation : tuple or None
        Of `Fear`.
    """

    file: str
    found: Reading
    harm: tuple[str, Any]
    m: Count
    budget: float
    rules: dict[str, bool]
    objective: str
    method: str
    design: str
    seed: int
    validation: tuple[int, int, float] | None

    def harms(self, constants: Any) -> dict[str, Any]:
        """Harms as a game takes them: a multiple of the gains, or one a point."""
        kind, amount = self.harm
        if kind == "multiple":
            return {"harm": amount}
        return {
            "harms": constants(self.found.n, amount) if kind == "constant" else self.found.harms
        }


@dataclass(frozen=True)
class Reply:
    """An answer, and what more there is of a pool in memory.

    Attributes
    ----------
    answer : Answer
    method : str
        That was used, which may be another than was asked.
    in_chunks : bool
        Whether the pool was not held in memory for it.
    solution : Solution or None
        Of the pool in memory.
    proof : str
    """

    answer: Answer
    method: str
    in_chunks: bool
    solution: Solution | None
    proof: str = ""


def _needs_memory(asked: Question, proof: bool, plot: bool) -> bool:
    """Whether the answer needs the pool in memory; refuses what needs a larger one than may be."""
    whole = {
        f"--objective {asked.objective}": asked.objective != "value",
        f"--method {asked.method}": asked.method != "closed_form",
        f"--design {asked.design}": asked.design not in DRAWS,
        "--proof": proof,
    }
    needs = [words for words, given in whole.items() if given]
    most = {words: MOST_POINTS for words in [*needs, *(["--plot"] if plot else [])]}
    most |= {"--proof": MOST_PROVED} if proof else {}
    n = asked.found.n
    for words, limit in most.items():
        if n > limit:
            raise ValueError(
                f"{words} needs the pool in memory, which is for at most {limit} points: "
                f"{asked.file} has {n}; go on without {words.split()[0]}, or with a part of the "
                "file"
            )
    return bool(needs)


def reply_to(asked: Question, *, proof: bool, plot: bool) -> Reply:
    """Solve, certify and draw: in chunks where the file is large and nothing needs it in memory."""
    found = asked.found
    rules: dict[str, Any] = dict(asked.rules)
    in_chunks = not _needs_memory(asked, proof, plot) and isinstance(found.gains, Column)
    solution = None
    if not in_chunks or plot:
        gains = in_memory(found.gains)
        harms = asked.harms(np.full)
        if harms.get("harms") is not None:
            harms = {"harms": in_memory(harms["harms"])}
        game = Game(gains, asked.m, asked.budget, **harms, **rules)
        solution = solve(game, asked.objective, asked.method)
    if in_chunks:
        pool = StoredGame(found.gains, asked.m, asked.budget, **asked.harms(constant), **rules)
        rule = solve(pool)
        drawn = rule.draw(asked.design, rng=asked.seed)
        return Reply(stored_answer(rule, drawn), rule.method, True, solution)
    assert solution is not None
    text = ""
    if proof:
        solution, text = prove(
            solution,
            asked.harm,
            asked.design,
            asked.seed,
            validation=asked.validation,
            ids_at=found.ids_at,
        )
    q = np.asarray(solution.inclusion, dtype=float)
    counts = sample_counts(q, asked.design, rng=asked.seed)[0]
    return Reply(answer(solution, counts), solution.method, False, solution, text)


def _faces(solution: Solution) -> list[_Row]:
    """Rows on regret and ratio for the printed table, if the objective is one of them."""
    game, q = solution.game, np.asarray(solution.inclusion, dtype=float)
    if solution.objective == "value":
        return []
    rows = [("worst-case regret", f"{regret(game, q):.8g}", "mean, against hindsight")]
    compared = game.mistakes < np.sum(game.gains > 0) and not many_benchmarks(game)
    if solution.objective == "ratio" or compared:
        ratio = f"{competitive_ratio(game, q):.8g}"
        rows.append(("competitive ratio", ratio, "mean, worst case"))
    if "insured_above" in solution.stats:
        insured = f"{float(solution.stats['insured_above']):.8g}"
        rows.append(("insured above", insured, "gains get more"))
    return rows


def picked(answer: Answer, found: Reading, counted: bool) -> Iterator[str]:
    """The file of the picks; a column of the same name as one of ours has "file." before it."""
    ours = ["row", "gain", "inclusion_probability", *(["count"] if counted else [])]
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow([*ours, *(f"file.{name}" if name in ours else name for name in found.ids)])
    # Identifiers of a large file are looked up in a pass over it.
    for picks in rows_of(answer, counted, 1 << (20 if found.ids else 17)):
        columns = [picks.place, picks.gains, picks.inclusion, picks.times][: len(ours)]
        ids = found.ids_at(picks.place).values()
        writer.writerows(zip(*(x.tolist() for x in columns), *ids, strict=True))
        yield text.getvalue()
        text.seek(0)
        text.truncate()
    yield text.getvalue()


def _percent(share: float) -> str:
    return f"{share:.1%}" if share >= 0 else "-"


def figure_rows(found: Figures, m: float, read_as: str, solution: Solution | None) -> list[_Row]:
    """Rows of the printed table: of the strategies, of this draw, and of two rivals."""
    return [
        ("mistakes feared, m", f"{m:.8g}", read_as),
        *(_faces(solution) if solution else []),
        ("guaranteed value", f"{found.guaranteed:.8g}", "mean over draws"),
        ("worst case of this draw", f"{found.drawn:.8g}", "of the rows below"),
        ("margin's guarantee", f"{found.margin:.8g}", "largest gains, surely"),
        ("largest share wrong", _percent(found.wrong), "expected, any mistakes"),
        ("  uniform's", _percent(found.uniform_wrong), "same budget"),
        ("  margin's", _percent(found.margin_wrong), "same budget"),
        ("share wrong at equilibrium", _percent(found.met), "teacher plays its mix"),
        ("water level", f"{found.level:.8g}", "price of a query"),
        ("support", f"{found.support} points", f"{found.spent:.6g} queries expected"),
        ("duality gap", f"{found.gap:.1e}", "proof: accepted"),
    ]
