"""Small games on which a claim is met, and those that refute it without a hypothesis or mistaken.

``python docs/worked.py [CLAIM ...]`` searches for them and writes `theorems.json`.  The file holds
games alone: every number on the pages is computed from them when the site is built.
"""

from __future__ import annotations

import importlib
import itertools
import json
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
from pytest import MonkeyPatch
from statements import DEMANDED, HYPOTHESES, MET, holds

from radsim import CLAIMS, Claim, Comparison, Game, Instance, check
from radsim.conjecture.readable import simplest, smallest_game
from radsim.game import Count
from radsim.solution import UncertifiedError
from radsim.writing import write_whole

__all__ = [
    "MOST_SLACK",
    "Row",
    "changed",
    "game_of",
    "known",
    "number",
    "planted",
    "rows",
    "stands_without",
    "tried",
    "violated_without",
]

HERE = Path(__file__).parent
FILE = HERE / "theorems.json"
SEEDS = 6  # of what a claim draws, per game
MOST_SHRUNK = 150
MOST_SLACK = 1e-9  # at equality, for rounding and for the convex solver of A4
# What a formula may do on a game that it is not stated for.
_UNDEFINED = (ValueError, IndexError, ZeroDivisionError, AssertionError, UncertifiedError)


@dataclass(frozen=True)
class Row:
    """One comparison in the game's own unit, as numbers that a person reads."""

    label: str
    kind: str
    bound: str
    measured: str
    status: str
    slack: float


def number(x: float) -> str:
    """A fraction where a short one is meant, else four digits."""
    found = Fraction(x).limit_denominator(9999)
    return str(found) if abs(float(found) - x) <= 1e-12 * max(1.0, abs(x)) else f"{x:.4g}"


def rows(claim: Claim, game: Game, seed: int) -> list[Row]:
    """The comparisons of a claim on a game, those of least slack first."""
    items = list(claim.compare(game, "rational", np.random.default_rng(seed)))
    found = []
    for item in items:
        only = replace(claim, applies=lambda game: True, compare=lambda *given, item=item: [item])
        verdict = check(only, Instance("small", game), method="rational")
        middle = sum(map(float, item.measured)) / 2
        found.append(
            Row(
                item.label,
                item.kind,
                number(float(item.bound)),
                number(middle),
                verdict.status,
                verdict.slack,
            )
        )
    return sorted(found, key=lambda row: row.slack)


def changed(claim: Claim, change: Callable[[Comparison], Comparison]) -> Claim:
    """The claim with every comparison changed."""
    return replace(
        claim, compare=lambda game, *more: (change(item) for item in claim.compare(game, *more))
    )


def _violated(claim: Claim, game: Game, seed: int) -> bool:
    try:
        found = check(claim, Instance("small", game), method="rational", rng=seed)
    except _UNDEFINED:
        return False
    return found.status == "VIOLATED"


# --- Small games, in order ---


def _small_games() -> Iterator[Game]:
    """Few points first, then small gains: two of 0 to 3, then three of 1 to 3."""
    for n, sizes in ((2, (3, 2, 1, 0)), (3, (3, 2, 1))):
        gains = sorted(itertools.combinations_with_replacement(sizes, n), key=sum)
        rules = itertools.product((1.0, 0.0), (1, 0.5, 2), (1, 2), (True, False), (True, False))
        for (harm, m, b, capped, abstain), g in itertools.product(rules, gains):
            if m <= n and (b <= n or not capped):
                yield Game(g, Count(m), b, harm=harm, capped=capped, abstain=abstain)


GAMES = tuple(_small_games())
# Claims whose comparisons take long (convex programs, laws, many rounds): fewer games.
TRIED = {"A3": 120, "A4": 120, "N2": 120, "S4": 120, "S6": 120}


def tried(claim: Claim) -> tuple[Game, ...]:
    """The small games on which a claim is asked."""
    return GAMES[: TRIED.get(claim.id, len(GAMES))]


def _tight(claim: Claim) -> dict[str, Any] | None:
    """The first small game on which what the claim is about is met with equality."""
    for game in tried(claim):
        if not claim.applies(game) or not DEMANDED.get(claim.id, DEMANDED[""])(game):
            continue
        for seed in range(SEEDS if claim.id not in ("V1", "V2", "V3") else 1):
            try:
                found = rows(claim, game, seed)
            except _UNDEFINED:
                continue
            if any(_met(row, claim.id) for row in found):
                return _kept(game, seed)
    return None


def _met(row: Row, claim: str) -> bool:
    # A tail bound of one says nothing, and a probability of zero or one meets it.
    return (
        row.label.startswith(MET[claim])
        and abs(row.slack) <= MOST_SLACK
        and not (claim in ("S2", "S3") and row.bound == "1")
    )


def stands_without(claim: Claim, words: str) -> Claim:
    """The claim asked of every game that meets its other hypotheses and not this one."""
    others = [other for other in HYPOTHESES[claim.id] if other != words]
    return replace(
        claim,
        applies=lambda game: all(holds(other, game) for other in others) and not holds(words, game),
    )


def violated_without(claim: Claim, words: str) -> dict[str, Any] | None:
    """The first small game on which a claim fails that lacks one hypothesis alone."""
    loose = stands_without(claim, words)
    for game in tried(claim):
        if loose.applies(game) and _violated(loose, game, 0):
            return _kept(game, 0)
    return None


# --- Planted errors ---


def _mutants() -> dict[str, list[Any]]:
    place = str(HERE.parent / "tests" / "mutants")
    sys.path.insert(0, place)
    try:
        return importlib.import_module("claims").MUTANTS
    finally:
        sys.path.remove(place)


def planted(claim: Claim, k: int, game: Game, seed: int) -> tuple[str, list[Row]]:
    """What the k-th planted error of a claim says, and its comparisons on a game."""
    mutant = _mutants()[claim.id][k]
    with MonkeyPatch.context() as patch:
        mutant.plant(patch)
        return mutant.says, rows(changed(claim, mutant.change), game, seed)


def _planted_game(claim: Claim) -> dict[str, Any]:
    """The first planted error that is no mere factor, shrunk with the game that refutes it."""
    mutants = _mutants()[claim.id]
    order = sorted(range(len(mutants)), key=lambda k: mutants[k].says.startswith("bounds times"))
    k = order[0]
    mutant = mutants[k]

    def refutes(game: Game, seed: int) -> bool:
        # What is planted may divide by a stake of zero.
        if game.stakes.min() == 0 or not claim.applies(game) or _violated(claim, game, seed):
            return False
        with MonkeyPatch.context() as patch:
            mutant.plant(patch)
            return _violated(changed(claim, mutant.change), game, seed)

    for seed in range(mutant.seeds):
        if refutes(mutant.game, seed):
            game = smallest_game(
                mutant.game, lambda game, seed=seed: refutes(game, seed), most=MOST_SHRUNK
            )
            return {"mutant": k, **_kept(game, seed)}
    raise ValueError(f"{claim.id}: no seed refutes {mutant.says!r}")


# --- The file ---


def _kept(game: Game, seed: int) -> dict[str, Any]:
    numbers = {"gains": game.gains, "harms": game.harms}
    return {
        **{name: [str(simplest(x)) for x in xs.tolist()] for name, xs in numbers.items()},
        "mistakes": str(simplest(float(game.mistakes))),
        "budget": str(simplest(float(game.budget))),
        "capped": game.capped,
        "abstain": game.abstain,
        "seed": seed,
    }


def game_of(kept: dict[str, Any]) -> Game:
    """The game of an entry of the file."""

    def floats(xs: list[str]) -> list[float]:
        return [float(Fraction(x)) for x in xs]

    return Game(
        floats(kept["gains"]),
        Count(float(Fraction(kept["mistakes"]))),
        float(Fraction(kept["budget"])),
        harms=floats(kept["harms"]),
        capped=kept["capped"],
        abstain=kept["abstain"],
    )


def known() -> dict[str, Any]:
    """Claim -> its games: met with equality, without each hypothesis, with a planted error."""
    return json.loads(FILE.read_text())


def _searched(claim: Claim) -> dict[str, Any]:
    return {
        "tight": _tight(claim),
        "without": {
            words: violated_without(claim, words)
            for words in HYPOTHESES[claim.id]
            if not words.startswith("n ")
        },
        "planted": _planted_game(claim),
    }


if __name__ == "__main__":
    kept = known() if FILE.exists() else {}
    for name in sys.argv[1:] or CLAIMS:
        kept[name] = _searched(CLAIMS[name])
        without = kept[name]["without"]
        broken = sum(game is not None for game in without.values())
        print(
            f"{name}: {'met' if kept[name]['tight'] else 'not met'} on a small game; "
            f"{broken} of {len(without)} hypotheses refuted without; planted error refuted",
            flush=True,
        )
        kept = {name: kept[name] for name in CLAIMS if name in kept}
        write_whole(FILE, json.dumps(kept, indent=1) + "\n")
