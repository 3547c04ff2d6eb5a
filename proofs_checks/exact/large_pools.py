"""Large instances: the closed form in big rationals, and enclosures of what floats returned."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from itertools import accumulate

import gmpy2
import numpy as np
from gmpy2 import mpq

from proofs_checks.exact.instances import EXACT
from radsim import Game, enclose, solve
from radsim.runs.evidence import Check

FILE = "exact/large_pools.py"


# V1 at n = 10,000.  Gains of few bits keep the common denominator of all 1/s to some thousands.
def pools(n: int, bits: int) -> dict[str, Game]:
    rng = np.random.default_rng(21)
    g = rng.integers(1, 2**bits, n) / 2**bits
    skewed = np.floor(2**bits * rng.random(n) ** 3 + 1) / 2**bits
    return {
        "uniform, h = g": Game(g, n // 10),
        "uniform, h = 0, fractional m": Game(g, n / 8 + 0.5, harm=0),
        "skewed, h = 1": Game(skewed, n // 20, harms=np.ones(n)),
    }


def pair(g: list[mpq], s: list[mpq], m: mpq, short: int = 0) -> tuple[mpq, list[mpq], list[mpq]]:
    """V1 and V2 in rationals: level of the best prefix (or one short of it), p and l."""
    order = sorted(range(len(g)), key=lambda i: -g[i])
    tops = accumulate(g[i] / s[i] for i in order)
    bottoms = list(accumulate(1 / s[i] for i in order))
    ratios = [(top - m) / bottom for top, bottom in zip(tops, bottoms, strict=True)]
    k = max(range(len(ratios)), key=ratios.__getitem__) - short
    lam, p = ratios[k], [mpq(0)] * len(g)
    for i in order[: k + 1]:
        p[i] = 1 / (s[i] * bottoms[k])
    return lam, p, [max(mpq(0), g[i] - lam) / s[i] for i in range(len(g))]


def bounds(g: list[mpq], s: list[mpq], m: mpq, p: list[mpq], l: list[mpq]) -> tuple[mpq, mpq]:
    """Worst case of p and best reply to l, from nothing but the game; both must be feasible."""
    assert min(p) >= 0 and sum(p) <= 1, "p is no design"
    assert min(l) >= 0 and max(l) <= 1 and sum(l) <= m, "too many mistakes"
    bite = sorted((x * y for x, y in zip(p, s, strict=True)), reverse=True)
    whole = int(m)
    lost = sum(bite[:whole]) + ((m - whole) * bite[whole] if whole < len(bite) else 0)
    lower = sum(x * y for x, y in zip(p, g, strict=True)) - lost
    return lower, max(mpq(0), *(x - y * z for x, y, z in zip(g, s, l, strict=True)))


def exact(game: Game) -> tuple[list[mpq], list[mpq], mpq]:
    g = [mpq(x) for x in game.gains]
    return g, [x + mpq(h) for x, h in zip(g, game.harms, strict=True)], mpq(game.mistakes)


def certified(n: int, bits: int) -> Callable[[], str]:
    def run() -> str:
        found = []
        for name, game in pools(n, bits).items():
            g, s, m = exact(game)
            lam, p, l = pair(g, s, m)
            lower, upper = bounds(g, s, m, p, l)
            assert lower == lam == upper, f"{name}: {float(lower)} to {float(upper)}"
            size = gmpy2.bit_length(lam.denominator)
            claimed = mpq(solve(game).value)
            assert abs(claimed - lam) <= mpq(1, 10**12) * lam, f"{name}: {float(claimed)}"
            found.append(f"{name}: gap exactly 0, support {sum(x > 0 for x in p)}, {size} bits")
        return "; ".join(found)

    return run


def one_short(n: int, bits: int) -> str:
    name, game = next(iter(pools(n, bits).items()))
    g, s, m = exact(game)
    lam, _, l = pair(g, s, m, short=1)
    proper, _, _ = pair(g, s, m)
    assert lam != proper and sum(l) != m
    return f"{name}, n = {n}: {float(lam):.17g}, not {float(proper):.17g}"


def without_multiple(n: int, bits: int) -> str:
    """Proportional harm: (k - m)/H' in place of (k - D m)/H'."""
    name, game = next(iter(pools(n, bits).items()))
    g, s, m = exact(game)
    wrong, proper = pair(g, g, m)[0], pair(g, s, m)[0]
    assert wrong != proper
    return f"{name}, n = {n}: {float(wrong):.17g}, not {float(proper):.17g}"


def large(n: int, bits: int, slow: bool) -> Check:
    return Check(
        "V1",
        f"closed form in big rationals at n = {n:,}: gap exactly 0, and the float value is near it",
        f"b = 1, gains of {bits} bits; three harms",
        EXACT,
        FILE,
        certified(n, bits),
        {
            "support one short": lambda: one_short(n, bits),
            "m for D*m": lambda: without_multiple(n, bits),
        },
        slow,
    )


# Enclosures by integers alone.
WIDTH = Fraction(1, 10**12)
REGIMES = {
    "V1": {"b = 1": {"budget": 1}, "b = 7, uncapped": {"budget": 7, "capped": False}},
    "V3": {"b = 50000.5": {"budget": 50_000.5}},
    "V3b": {"b = 90000, forced": {"budget": 90_000, "abstain": False}},
}


def enclosed_pools(regime: dict[str, float]) -> dict[str, Game]:
    rng = np.random.default_rng(22)
    n = 100_000
    return {
        "uniform": Game(rng.random(n), 1_234.5, **regime),
        "Pareto": Game(1 + rng.pareto(1.1, n), 1_000, **regime),
    }


def enclosed(claim: str) -> Callable[[], str]:
    def run() -> str:
        count = 0
        for name, regime in REGIMES[claim].items():
            for family, game in enclosed_pools(regime).items():
                proof = enclose(solve(game))
                assert 0 < proof.lower <= proof.upper, f"{name}, {family}: no positive interval"
                relative = proof.gap / proof.lower
                assert relative <= WIDTH, f"{name}, {family}: width {float(relative):.1e}"
                count += 1
        return f"{count} enclosures, relative width at most 1e-12"

    return run


def rolled(claim: str) -> str:
    """Strategies on the wrong points: still an enclosure, but a wide one."""
    name, regime = next(iter(REGIMES[claim].items()))
    game = enclosed_pools(regime)["uniform"]
    solution = solve(game)
    proper = enclose(solution)
    q = np.roll(solution.inclusion, 1)
    proof = enclose(replace(solution, inclusion=q))
    assert proof.lower <= proper.lower and proof.gap > WIDTH * proper.lower
    return f"{name}: relative width {float(proof.gap / proper.lower):.3f}"


def enclosure(claim: str) -> Check:
    return Check(
        claim,
        "dyadic enclosure of the closed form's float output at n = 100,000, without rounding",
        ", ".join(REGIMES[claim]) + "; uniform and Pareto gains, h = g",
        EXACT,
        FILE,
        enclosed(claim),
        {"q rolled by one point": lambda: rolled(claim)},
    )


CHECKS = (
    large(10_000, 12, slow=False),
    large(10_000, 16, slow=True),
    *(enclosure(claim) for claim in REGIMES),
)
