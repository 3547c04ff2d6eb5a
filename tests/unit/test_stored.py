"""Pools on disk and in Dask arrays: the same answers as in memory, in few passes."""

import numpy as np
import pytest

from radsim import Game, StoredGame, solve

N = 150_000


def _gains(dtype):
    return np.random.default_rng(3).beta(0.3, 2, N).astype(dtype)


def _memmap(path, gains):
    stored = np.memmap(path / "gains.bin", gains.dtype, "w+", shape=gains.shape)
    stored[:] = gains
    stored.flush()
    return stored


def _npy(path, gains):
    np.save(path / "gains.npy", gains)
    return path / "gains.npy"


def _parquet(path, gains):
    pa = pytest.importorskip("pyarrow")
    import pyarrow.parquet as parquet

    parquet.write_table(pa.table({"gain": gains}), path / "gains.parquet", row_group_size=40_001)
    return str(path / "gains.parquet")


def _dask(path, gains):
    return pytest.importorskip("dask.array").from_array(gains, chunks=37_001)


SOURCES = {"memmap": _memmap, "npy": _npy, "parquet": _parquet, "dask": _dask}


@pytest.mark.parametrize("budget", [1.0, 1_000.0, N / 2])  # the caps bind at the last
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("source", SOURCES)
def test_the_same_as_in_memory(source, dtype, budget, tmp_path):
    gains = _gains(dtype)
    stored = solve(StoredGame(SOURCES[source](tmp_path, gains), 0.05 * N, budget))
    game = Game(gains, 0.05 * N, budget)
    whole = solve(game)
    assert len(stored.passes) <= 4
    assert stored.certificate.accepts(1e-12)
    assert whole.certificate.accepts(1e-12)
    assert abs(stored.value - whole.value) <= 1e-13 * game.scale
    q = np.concatenate(list(stored.inclusion()))
    assert np.abs(q - whole.inclusion).max() <= 1e-12
    for design in ("systematic", "pivotal"):
        picks = stored.sample(design, rng=np.random.default_rng(0))
        assert len(picks) == budget
        assert len(np.unique(picks)) == budget
        assert (q[picks] > 0).all()


def test_harms_in_a_second_file(tmp_path):
    gains = _gains(np.float64)
    harms = np.random.default_rng(4).random(N)
    np.save(tmp_path / "g.npy", gains)
    np.save(tmp_path / "h.npy", harms)
    for budget in (1.0, N / 3):
        stored = solve(StoredGame(tmp_path / "g.npy", 0.1 * N, budget, harms=tmp_path / "h.npy"))
        game = Game(gains, 0.1 * N, budget, harms=harms)
        assert stored.certificate.accepts(1e-12)
        assert abs(stored.value - solve(game).value) <= 1e-13 * game.scale


def test_no_positive_guarantee_is_said(tmp_path):
    np.save(tmp_path / "g.npy", np.ones(5))
    solution = solve(StoredGame(tmp_path / "g.npy", 4))
    assert (solution.value, solution.branch) == (0.0, "no positive guarantee")
    assert solution.certificate.accepts(0)
    assert len(solution.sample(rng=np.random.default_rng(0))) == 0


def test_a_gain_that_cannot_be_is_named(tmp_path):
    gains = np.ones(100_000, dtype=np.float32)
    gains[70_000] = np.nan
    np.save(tmp_path / "g.npy", gains)
    with pytest.raises(ValueError, match=r"gains\[70000\] = nan"):
        solve(StoredGame(tmp_path / "g.npy", 5))
    with pytest.raises(ValueError, match="must be a memmap, a path or a Dask array"):
        StoredGame([1, 2], 1)


@pytest.mark.parametrize("design", ["systematic", "pivotal"])
def test_samples_have_the_inclusion_probabilities(design, tmp_path, monkeypatch):
    # Chunks of three points, so that most of the work is at their ends.
    monkeypatch.setattr("radsim.solvers.water.columns.CHUNK", 3)
    gains = np.array([9, 7, 4, 4, 1, 1, 1, 3, 2, 8, 0.0])
    np.save(tmp_path / "g.npy", gains)
    solution = solve(StoredGame(tmp_path / "g.npy", 2, 4.0))
    q = np.concatenate(list(solution.inclusion()))
    rng, repeats = np.random.default_rng(1), 20_000
    seen = np.zeros(len(q))
    for _ in range(repeats):
        seen[solution.sample(design, rng=rng)] += 1
    # Hoeffding and a union bound over the points: error level 1e-9.
    assert np.abs(seen / repeats - q).max() <= np.sqrt(np.log(2 * len(q) / 1e-9) / (2 * repeats))
    assert ((q == 0) <= (seen == 0)).all()


def test_a_cluster_of_two_workers():
    distributed = pytest.importorskip("distributed")
    da = pytest.importorskip("dask.array")
    gains = _gains(np.float32)
    with (
        distributed.LocalCluster(
            n_workers=2, threads_per_worker=1, processes=True, dashboard_address=":0"
        ) as cluster,
        distributed.Client(cluster),
    ):
        stored = solve(StoredGame(da.from_array(gains, chunks=20_000), 0.3 * N, 100.0))
        assert stored.certificate.accepts(1e-12)
        picks = stored.sample("pivotal", rng=np.random.default_rng(0))
    assert len(picks) == 100
    assert (
        abs(stored.value - solve(Game(gains, 0.3 * N, 100.0)).value) <= 1e-13 * stored.game.budget
    )
