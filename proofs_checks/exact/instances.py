"""Small instances whose numbers floats hold exactly, and rows that check all of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from fractions import Fraction

import numpy as np

from proofs_checks.exact import formulas
from proofs_checks.exact.formulas import total
from radsim import Game, solve
from radsim.constrained import ConstrainedGame
from radsim.game import Count
from radsim.runs.evidence import Check
from radsim.solution import Solution

EXACT = "exact on instances"
Q = Fraction
AnyGame = Game | ConstrainedGame


def fractions(values: Iterable[float]) -> list[Q]:
    return [Q(x) for x in values]


def numbers(game: AnyGame) -> tuple[list[Q], list[Q], Q]:
    """Gains, stakes and budget; all drawn so that floats hold them exactly."""
    return fractions(game.gains), fractions(game.stakes), Q(game.budget)


def told(game: AnyGame, **more: object) -> str:
    """The instance in one line."""
    parts = [f"g = {game.gains.tolist()}", f"s = {game.stakes.tolist()}", f"b = {game.budget:g}"]
    if isinstance(game, Game):
        parts.append(f"m = {game.mistakes:g}")
    else:
        parts.append(f"m = {game.mistakes.tolist()}, r = {game.limits.tolist()}")
        if len(game.members) > 1:
            parts.append(f"groups {game.members.astype(int).tolist()}")
    parts += ["uncapped"] * (not game.capped) + ["forced"] * (not game.abstain)
    return ", ".join(parts + [f"{name} = {value}" for name, value in more.items()])


def prove(solution: Solution, instance: str) -> None:
    """Feasible strategies that meet at the claimed value, exactly."""
    proof = solution.certificate
    assert proof.gap == 0 and proof.infeasibility <= 0, f"{instance}: gap {proof.gap}"
    assert proof.lower == solution.value, f"{instance}: {solution.value} for {proof.lower}"


def same(found: Q, formula: Q, instance: str) -> None:
    assert isinstance(found, Fraction) and found == formula, f"{instance}: {found}, not {formula}"


# Instances: quarters and small whole numbers, so ties, zeros and edge cases are common.
def draw(rng: np.random.Generator, *, whole: bool = False, largest_n: int = 7, **rules) -> Game:
    n = int(rng.integers(1, largest_n + 1))
    g = rng.integers(0 if rng.random() < 0.2 else 1, 13, n) / rng.choice([1, 4])
    if rng.random() < 0.5:
        g = rng.choice(g, n)  # ties
    kind = rng.integers(3)
    h = [rng.choice([0, 0.5, 1, 2]) * g, np.full(n, rng.integers(0, 5) / 2)][kind % 2]
    if kind == 2:
        h = rng.integers(0, 9, n) / 4
    high = n if rng.random() < 0.2 else max(1, n // 2)
    m = int(rng.integers(0, high + 1)) if whole else int(rng.integers(0, 4 * high + 1)) / 4
    b = int(rng.integers(1, 4 * n + 1)) / 4
    return Game(g, Count(m), rules.pop("budget", b), harms=h, **rules)


def games(seed: int, **rules) -> Iterator[Game]:
    rng = np.random.default_rng(seed)
    while True:
        yield draw(rng, **rules)


def positive(game: Game) -> bool:
    g, s, _ = numbers(game)
    return formulas.water_level(g, s, Q(game.mistakes)) > 0


def row(
    claim: str,
    statement: str,
    hypotheses: str,
    file: str,
    instances: Callable[[], list],
    check: Callable[..., list[str]],
    planted: dict[str, Callable[[], str]],
) -> Check:
    """Check every instance; what `check` names of an instance is counted in the finding."""

    def run() -> str:
        drawn, kinds = instances(), {}
        for instance in drawn:
            for kind in check(instance):
                kinds[kind] = kinds.get(kind, 0) + 1
        counts = "; ".join(f"{kind}: {kinds[kind]}" for kind in sorted(kinds))
        return f"{len(drawn)} instances, gap exactly 0 ({counts})"

    return Check(claim, statement, hypotheses, EXACT, file, run, planted)


def differs(
    instances: Callable[[], list], wrong: Callable[..., Q], value: Callable[..., Q] | None = None
) -> Callable[[], str]:
    """First instance on which a wrong formula is not the exact value."""

    def counterexample() -> str:
        for game in instances():
            exact = value(game) if value else solve(game, method="rational").value
            other = wrong(game)
            if other != exact:
                return f"{told(game)}: {other}, not {exact}"
        raise AssertionError("planted error: right on every instance")

    return counterexample


def kinds(game: Game) -> list[str]:
    g, s, _ = numbers(game)
    rich = [i for i in range(game.n) if g[i]]
    return [
        *(["ties"] if len(set(g)) < game.n else []),
        *(["m = 0"] if game.mistakes == 0 else []),
        *(["fractional m"] if game.mistakes % 1 else []),
        *(["fractional b"] if game.budget % 1 else []),
        *(["sum g/s <= m"] if total(g[i] / s[i] for i in rich) <= Q(game.mistakes) else []),
    ]
