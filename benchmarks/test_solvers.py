"""Speed of the linear programs; each is certified after the timer has stopped.

`pytest benchmarks` runs small sizes; `RADSIM_BENCH=full pytest benchmarks` the sizes of README.md.
"""

import os

import numpy as np
import pytest

from radsim import Game, enclose, solve

FULL = os.environ.get("RADSIM_BENCH") == "full"
SIZES = [1_000, 10_000, 100_000] if FULL else [200]
TIME_LIMIT = 120.0


def _game(n: int, budget: float = 1.0) -> Game:
    return Game(np.random.default_rng(0).random(n), 0.05 * n, budget)


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
