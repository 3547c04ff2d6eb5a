"""One answer, to the last bit, on any number of threads and wherever a pool is cut.

`RADSIM_POOLS=1000 pytest -s tests/property/test_cores.py` does it for so many pools.
"""

import os

import numpy as np
import pytest
from pools import WAYS, differing, drawn

from radsim import Game, solve
from radsim.cores import FEWEST, available, over, threads_for
from radsim.solvers.water.engines import kernels

POOLS = int(os.environ.get("RADSIM_POOLS", "56"))


def _loops(name):
    if name == "numba":
        pytest.importorskip("numba", reason="compiled loops are an extra: radsim[fast]")
    return kernels(name)


@pytest.mark.parametrize("name", ["numpy", "numba"])
def test_threads_and_chunks_change_no_bit(name):
    loops = _loops(name)
    wrong = {}
    for k, (kind, game) in enumerate(drawn(POOLS)):
        if ways := differing(game, loops):
            wrong[k, kind] = ways
    print(f"{name}: {POOLS} pools, {len(WAYS)} ways each, {len(wrong)} with a bit that differs")
    assert not wrong


@pytest.mark.parametrize("name", ["numpy", "numba"])
def test_the_drawn_pools_are_certified(name):
    _loops(name)
    for kind, game in drawn(POOLS // 2, seed=1):
        found = solve(game, kernels=name, threads=2, certify=False)
        assert found.certificate.accepts(1e-12), kind


def test_work_is_handed_back_in_order_whoever_did_it():
    for threads in (1, 2, 3, 8):
        for n in (1, 9, 10, 11, 100):
            found = list(over(n, 10, lambda part: (part.start, part.stop), threads))
            assert found == [(k, min(n, k + 10)) for k in range(0, n, 10)]


def test_an_error_on_a_thread_is_raised_here():
    def work(part):
        if part.start == 50:
            raise MemoryError("of the sixth")
        return part

    with pytest.raises(MemoryError, match="of the sixth"):
        list(over(100, 10, work, 2))


def test_threads_are_those_given_or_that_may_be_used(monkeypatch):
    assert threads_for(10, 3) == 3
    assert threads_for(FEWEST - 1, None) == 1
    monkeypatch.delenv("OMP_NUM_THREADS", raising=False)
    every = available()
    assert threads_for(FEWEST, None) == every >= 1
    for text, wanted in (("1", 1), ("1,4", 1), (str(every + 7), every), ("", every), ("0", every)):
        monkeypatch.setenv("OMP_NUM_THREADS", text)
        assert available() == wanted


@pytest.mark.parametrize("threads", [0, -1, 1.5, "two"])
def test_threads_that_are_none_are_refused(threads):
    with pytest.raises(ValueError, match="threads"):
        solve(Game([1, 2], 1), threads=threads)


def test_pools_full_of_ties_take_as_few_passes_as_others():
    n = 200_000
    rng = np.random.default_rng(0)
    two = np.where(rng.random(n) < 0.3, 1.0, 0.4)
    games = [
        Game(two, 0.05 * n, n / 2),
        Game(two, 0.05 * n, n / 2, harms=rng.choice([0.5, 1.0], n) * two),
        Game(two, 0.05 * n, n / 2, harms=rng.random(n) * two),
        Game(rng.random(n), 0.05 * n, n / 2, harms=None, harm=0.5),
    ]
    for game in games:
        found = solve(game, certify=False)
        assert found.stats["branch"] == "two prices"
        assert found.stats["passes"] == 1
