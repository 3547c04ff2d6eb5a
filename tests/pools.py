"""Pools full of ties, and what all runs over them must agree on to the last bit."""

import hashlib
from collections.abc import Callable, Iterator

import numpy as np

from radsim import Game, solve
from radsim.data.instances import FAMILIES
from radsim.game import Count
from radsim.solvers.water.engines import ENGINES
from radsim.solvers.water.kernels import PIECE, Kernels

# Threads and points of a chunk: each of the first with several of the second.
WAYS = ((1, 16 * PIECE), (1, PIECE), (2, 3 * PIECE), (2, 128 * PIECE), (4, PIECE), (4, 16 * PIECE))

GAINS = FAMILIES | {
    "two values": lambda n, rng: np.where(rng.random(n) < rng.random(), 1.0, 0.4),
    "one value": lambda n, rng: np.full(n, 0.7),
    "1 ulp apart": lambda n, rng: np.where(rng.random(n) < 0.5, 0.7, np.nextafter(0.7, 1)),
    "rounded": lambda n, rng: np.round(rng.random(n), 1 + int(rng.integers(3))),
    "half repeated": lambda n, rng: np.where(rng.random(n) < 0.5, 0.5, rng.random(n)),
}
HARMS: dict[str, Callable[..., dict[str, object]]] = {
    "multiple": lambda g, rng: {"harm": float(rng.choice([0.0, 0.3, 1.0, 7.0]))},
    "any": lambda g, rng: {"harms": g.max() * rng.random(len(g))},
    "few": lambda g, rng: {"harms": g * rng.choice([0.5, 1.0], len(g))},
    "same stakes": lambda g, rng: {"harms": g.max() - g},
}


def drawn(count: int, seed: int = 0) -> Iterator[tuple[str, Game]]:
    """So many pools of 16,385 to 60,000 points, in turn of each kind of gains and harms."""
    kinds = [(gains, harms) for gains in GAINS for harms in HARMS]
    for k in range(count):
        rng = np.random.default_rng([seed, k])
        gains, harms = kinds[(k * 5) % len(kinds)]
        n = int(rng.integers(16_385, 60_000))
        g = GAINS[gains](n, rng)
        m = Count(rng.choice([0.0, 2.5, n / 100, rng.uniform(0, n / 2)]))
        b = float(rng.choice([1.0, n / 100, n / 2, rng.uniform(1, n)]))
        rules = {"abstain": bool(rng.random() < 0.7), "capped": bool(rng.random() < 0.8)}
        yield f"{gains}, {harms}", Game(g, m, b, **rules, **HARMS[harms](g, rng))


def digest(game: Game, loops: Kernels, threads: int, chunk: int) -> str:
    """Of value, prices and both strategies, as bits."""
    before = ENGINES["numpy"]
    ENGINES["numpy"] = lambda: loops._replace(chunk=chunk)
    try:
        found = solve(game, certify=False, threads=threads)
        numbers = np.array([found.value, found.level, found.threshold])
        parts = (numbers, found.inclusion, found.mistake_probabilities)
    finally:
        ENGINES["numpy"] = before
    return hashlib.sha256(b"".join(x.tobytes() for x in parts)).hexdigest()


def differing(game: Game, loops: Kernels) -> list[tuple[int, int]]:
    """Ways whose answer is not that of the first, bit for bit."""
    first, *others = (digest(game, loops, *way) for way in WAYS)
    return [way for way, found in zip(WAYS[1:], others, strict=True) if found != first]
