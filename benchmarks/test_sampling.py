"""Speed of the designs beside NumPy's weighted draw, which has other inclusion probabilities.

`pytest benchmarks` runs small sizes; `RADSIM_BENCH=full pytest benchmarks` the sizes of README.md.
"""

import os

import numpy as np
import pytest

from radsim import DESIGNS, Game, sample, solve

FULL = os.environ.get("RADSIM_BENCH") == "full"
N, BUDGET = (1_000_000, 10_000) if FULL else (5_000, 50)
MEDIUM_N, MEDIUM_BUDGET = (10_000, 300) if FULL else (300, 20)
# Brewer's draws grow with n*b, and the coins of the two others are tossed some sqrt(b) times.
LARGE = ("pivotal", "ordered_pivotal", "systematic", "ordered_systematic", "poisson", "iid")


def _inclusion(n: int, budget: int) -> np.ndarray:
    return np.asarray(
        solve(Game(np.random.default_rng(0).random(n), rate=0.05, budget=budget)).inclusion
    )


def _group(n: int, budget: int) -> str:
    return f"one sample, n = {n}, b = {budget}"


@pytest.mark.parametrize("family", ["solved", "random"])
def test_numpy_choice(benchmark, family):
    q = _inclusion(N, BUDGET) if family == "solved" else _random()
    p, rng = q / q.sum(), np.random.default_rng(1)
    benchmark.group = f"{_group(N, BUDGET)}, {family} q"
    benchmark(lambda: rng.choice(N, BUDGET, replace=False, p=p))


def _random() -> np.ndarray:
    q = np.random.default_rng(2).random(N)
    return q * (BUDGET / q.sum())


@pytest.mark.parametrize("family", ["solved", "random"])
@pytest.mark.parametrize("design", LARGE)
def test_large(benchmark, design, family):
    q = _inclusion(N, BUDGET) if family == "solved" else _random()
    rng = np.random.default_rng(1)
    benchmark.group = f"{_group(N, BUDGET)}, {family} q"
    picks = benchmark(sample, q, design, rng=rng)
    if DESIGNS[design].fixed_size:
        assert len(picks) == BUDGET
    benchmark.extra_info.update(n=N, method=design)


@pytest.mark.parametrize("design", DESIGNS)
def test_medium(benchmark, design):
    q = _inclusion(MEDIUM_N, MEDIUM_BUDGET)
    benchmark.group = _group(MEDIUM_N, MEDIUM_BUDGET)
    picks = benchmark.pedantic(
        sample, (q, design), {"rng": np.random.default_rng(1)}, rounds=5, warmup_rounds=1
    )
    if DESIGNS[design].fixed_size:
        assert len(picks) == MEDIUM_BUDGET
    benchmark.extra_info.update(n=MEDIUM_N, method=design)
