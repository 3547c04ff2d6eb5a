"""Speed of every row of `SOLVERS`, and of the linear programs in all their forms.

Each solution is certified after the timer has stopped, at the tolerance of its row.

`pytest benchmarks` runs small sizes; `RADSIM_BENCH=full pytest benchmarks` the sizes of README.md.
"""

import os
from pathlib import Path

import numpy as np
import pytest

from radsim import SOLVERS, Game, StoredGame, constrain, enclose, solve

FULL = os.environ.get("RADSIM_BENCH") == "full"
SIZES = [1_000, 10_000, 100_000] if FULL else [200]
LARGEST_N = 1_000 if FULL else 200  # of the rows side by side; a row may end before it
TIME_LIMIT = 120.0

ROWS = [(*game, method) for game, rows in SOLVERS.items() for method in rows]


def _game(n: int, budget: float = 1.0) -> Game:
    return Game(np.random.default_rng(0).random(n), rate=0.05, budget=budget)


def _stored(game: Game, folder: Path) -> StoredGame:
    np.save(folder / "gains.npy", game.gains)
    return StoredGame(folder / "gains.npy", game.mistakes, game.budget)


# A game of each kind from a plain one; groups hold every third point.
KINDS = {
    "plain": lambda game, folder: game,
    "constrained": lambda game, folder: constrain(
        game, groups=np.arange(game.n) % 3, mistakes=[game.mistakes / 3] * 3
    ),
    "stored": _stored,
}


@pytest.mark.parametrize(("kind", "objective", "method"), ROWS)
def test_rows(benchmark, kind, objective, method, tmp_path):
    row = SOLVERS[kind, objective][method]
    n = min(row.largest_n, LARGEST_N)
    # Regret and ratio know whole m, and one query.
    plain = _game(n, max(1.0, 0.05 * n)) if objective == "value" else Game(_game(n).gains, n // 20)
    game = KINDS[kind](plain, tmp_path)
    benchmark.group = f"{objective} of a {kind} game"
    solution = benchmark.pedantic(solve, (game, objective, method), rounds=1)
    proof = solution.certificate
    assert proof.accepts(row.rtol)
    gap = abs(float(proof.gap)) / float(proof.scale)
    benchmark.extra_info.update(n=n, family="uniform", method=method, gap=gap)


@pytest.mark.parametrize("n", SIZES)
@pytest.mark.parametrize("algorithm", ["highs-ds", "highs-ipm"])
@pytest.mark.parametrize("formulation", ["teacher", "learner"])
def test_linprog(benchmark, formulation, algorithm, n):
    if n == 100_000 and algorithm == "highs-ds":
        pytest.skip("the dual simplex takes minutes at this size")
    game = _game(n, 0.01 * n)
    benchmark.group = f"linear programs, n = {n}"
    solution = benchmark.pedantic(
        solve,
        (game,),
        dict(method="linprog", formulation=formulation, algorithm=algorithm, time_limit=TIME_LIMIT),
        rounds=1,
    )
    assert solution.certificate.accepts(1e-7)
    benchmark.extra_info.update(n=n, gap=solution.certificate.gap, method="linprog")


def test_enclosure(benchmark):
    n = 100_000 if FULL else 1_000
    solution = solve(_game(n, 0.01 * n))
    benchmark.group = f"enclosure in integers, n = {n}"
    proof = benchmark(enclose, solution)
    assert proof.accepts(1e-15)
    benchmark.extra_info.update(n=n, gap=float(proof.gap), method="closed_form")
