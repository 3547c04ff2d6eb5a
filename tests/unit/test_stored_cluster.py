"""Pools in blocks: the same bytes as in one process, whatever the blocks, and who works on them."""

import math
import sys
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

import numpy as np
import pytest

from radsim import StoredGame, solve
from radsim.data.dask_columns import parquet_array
from radsim.solvers.water import reading
from radsim.solvers.water.draws import ORDERS

da = pytest.importorskip("dask.array")
pa = pytest.importorskip("pyarrow")
SCRIPTS = Path(__file__).parents[2] / "benchmarks"
N = 150_000
GAINS = np.random.default_rng(3).beta(0.3, 2, N).astype(np.float32)
HARMS = np.random.default_rng(4).random(N)


def _said(gains, budget, *, design=None, **rest):
    """An answer and its draws, to the last bit."""
    found = solve(StoredGame(gains, 0.05 * N, budget, **rest), certify=False)
    proof = found.certificate
    assert proof.accepts(1e-12)
    assert len(found.passes) + 2 <= 4  # the certificate, and a draw
    picks = [found.sample(name, rng=1).tobytes() for name in ([design] if design else ORDERS)]
    return found.value.hex(), found.level.hex(), found.threshold.hex(), proof, picks


@pytest.mark.parametrize("budget", [1.0, 333.3, N / 2])  # the caps bind at the last
@pytest.mark.parametrize("size", [1_000, 37_001, 65_536, N])
def test_blocks_of_any_size_give_the_same_bytes(size, budget):
    plain = _said(GAINS, budget)
    assert _said(da.from_array(GAINS, chunks=size), budget) == plain
    with_harms = _said(GAINS, budget, harms=HARMS)
    blocks = da.from_array(GAINS, chunks=size), da.from_array(HARMS, chunks=size + 7)
    assert _said(blocks[0], budget, harms=blocks[1]) == with_harms


def test_sums_that_depend_on_the_blocks_are_seen(monkeypatch):
    """Planted: blocks are taken as they are, and cut where they begin."""
    monkeypatch.setattr(reading, "aligned", lambda array, length: array)
    assert _said(da.from_array(GAINS, chunks=37_001), 333.3) != _said(GAINS, 333.3)


def _folder(path, sizes):
    import pyarrow.parquet as parquet

    for k, part in enumerate(np.split(GAINS, np.cumsum(sizes))):
        parquet.write_table(
            pa.table({"gain": part}), path / f"part-{k}.parquet", row_group_size=30_011
        )
    return path


def test_a_folder_of_parts_is_one_pool(tmp_path):
    folder = _folder(tmp_path, [70_000, 0, 50_001])
    assert _said(folder, 333.3) == _said(GAINS, 333.3)
    assert np.array_equal(parquet_array(folder, block=40_000).compute(), GAINS)
    assert _said(parquet_array(folder, block=1 << 16), 333.3) == _said(GAINS, 333.3)
    with pytest.raises(ValueError, match="no column 'score'; has gain"):
        StoredGame(folder, 1, column="score")
    with pytest.raises(ValueError, match="no column 'score'; has gain"):
        parquet_array(folder, "score")
    (tmp_path / "empty").mkdir()
    with pytest.raises(ValueError, match=r"empty: no \.parquet or \.pq file in this folder"):
        StoredGame(tmp_path / "empty", 1)


def test_a_bad_gain_is_named_by_its_place_where_it_lies():
    gains = GAINS.copy()
    gains[100_000] = np.nan
    with pytest.raises(ValueError, match=r"gains\[100000\] = nan"):
        solve(StoredGame(da.from_array(gains, chunks=40_000), 5))
    gains[100_000] = -1
    with pytest.raises(ValueError, match=r"gains\[100000\] = -1"):
        solve(StoredGame(da.from_array(gains, chunks=40_000), 5))


def test_blocks_that_change_between_two_passes_are_refused():
    rng = np.random.default_rng(0)
    noise = da.map_blocks(
        lambda block: block + rng.random(), da.from_array(GAINS, chunks=50_000), dtype=float
    )
    with pytest.raises(ValueError, match="gains changed while it was read"):
        solve(StoredGame(noise, 5))


def _script(name):
    """A script of such scenes at their full size."""
    spec = spec_from_file_location(name, SCRIPTS / f"{name}.py")
    module = sys.modules[name] = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_a_worker_is_lost_in_the_middle_of_each_pass(tmp_path):
    """Two workers of bounded memory, killed by their ids: the bytes of one process."""
    distributed = pytest.importorskip("distributed")
    folder = _folder(tmp_path, [70_000, 50_001])
    with (
        distributed.LocalCluster(
            n_workers=2, threads_per_worker=1, memory_limit="512MiB", dashboard_address=":0"
        ) as cluster,
        distributed.Client(cluster),
    ):
        gains = parquet_array(folder, block=1 << 15)
        losses = _script("cluster").killer(cluster, gains.numblocks[0], most=1)
        cluster.scheduler.add_plugin(losses, name="killer")
        there = _said(gains, 333.3, design="ordered_pivotal")
        blocks = da.from_array(GAINS, chunks=20_000)  # which are cut anew
        assert _said(blocks, 333.3, design="pivotal") == _said(GAINS, 333.3, design="pivotal")
    assert len(losses.killed) == 1
    assert there == _said(folder, 333.3, design="ordered_pivotal")


def test_sums_go_up_a_tree_in_any_order():
    """And a node that adds a block twice is seen."""
    paper = _script("thousand_workers")
    rng = np.random.default_rng(0)
    sums = (rng.random((300, 3)) * 10.0 ** rng.integers(-12, 12, (300, 1))).tolist()
    whole = math.fsum(x for block in sums for x in block)
    orders = [[*rng.permutation(300), *rng.integers(0, 300, 50)] for _ in range(5)]
    assert {math.fsum(paper.up_the_tree(sums, order)[0]) for order in orders} == {whole}
    largest = max(sums, key=max)
    twice = [*sums[:-1], [*sums[-1], *largest]]
    assert math.fsum(paper.up_the_tree(twice, orders[0])[0]) != whole
    plain = {float(np.sum([sum(sums[k]) for k in order[:300]])) for order in orders}
    assert len(plain | {whole}) > 1


def test_a_simulated_pass_ends_with_all_blocks():
    paper = _script("thousand_workers")
    cluster = paper.Cluster(20, 200, seconds=1.0, tail=1.2, between=15.0, back=5.0)
    for second in (False, True):
        found = paper.one_pass(cluster, np.random.default_rng(0), second)
        assert set(found.order) == set(range(200))
        assert found.died > 0
        assert found.again >= found.died / 2
