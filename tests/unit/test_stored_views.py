"""A stored game is what its array holds: whatever view, mode, order or type a memory map has."""

import pickle
from datetime import datetime

import numpy as np
import pytest

from radsim import Game, StoredGame, solve
from radsim.solvers.water import columns

N = 70_000  # two chunks and a part
TABLE = np.random.default_rng(5).beta(0.3, 2, (4, N))


def _npy(path, mode, table=TABLE):
    np.save(path / "table.npy", table)
    return np.load(path / "table.npy", mmap_mode=mode)


def _raw(path, dtype, *, offset=0, order="C", mode="r", table=TABLE):
    with open(path / "raw.bin", "wb") as file:
        file.write(bytes(offset))
        file.write(np.asarray(table, dtype=dtype).tobytes(order))
    return np.memmap(path / "raw.bin", dtype, mode, offset, table.shape, order)


def _written(path, mode):
    """Written to after it was opened, and not flushed."""
    stored = _npy(path, mode)
    stored[1, 5] = 7.0
    return stored[1]


def _replaced(path):
    """Of a file in whose place another one stands."""
    stored = _npy(path, "r")
    np.save(path / "other.npy", TABLE[::-1])
    (path / "other.npy").replace(path / "table.npy")
    return stored[0]


def _fields(path):
    kinds = np.dtype([("mark", "i2"), ("gain", "<f4")])
    rows = np.zeros(N, dtype=kinds)
    rows["gain"] = TABLE[0]
    return _npy(path, "r", rows)["gain"]


def _whole(path, dtype):
    return _npy(path, "r", np.random.default_rng(6).integers(0, 100, N).astype(dtype))


def _opened(path):
    stored = np.lib.format.open_memmap(path / "new.npy", "w+", "<f8", (N,))
    stored[:] = TABLE[2]
    return stored


VIEWS = {
    "row": lambda path: _npy(path, "r")[1],
    "last row": lambda path: _npy(path, "r")[-1],
    "row of a copy on write": lambda path: _npy(path, "c")[1],
    "column": lambda path: _npy(path, "r")[:, 7].repeat(3),
    "column of many": lambda path: _npy(path, "r", TABLE.T)[:, 2],
    "Fortran column": lambda path: _npy(path, "r", np.asfortranarray(TABLE.T))[:, 1],
    "from a place on": lambda path: _npy(path, "r", TABLE[0])[1000:],
    "up to a place": lambda path: _npy(path, "r+", TABLE[0])[:-1000],
    "steps": lambda path: _npy(path, "r")[2, 3::7],
    "backwards": lambda path: _npy(path, "r")[2, ::-1],
    "backwards in steps": lambda path: _npy(path, "r")[2, -5::-3],
    "view of a view": lambda path: _npy(path, "r")[1:][1][100:][::2],
    "flat": lambda path: _npy(path, "r").reshape(-1),
    "flat transposed": lambda path: _npy(path, "r").T.ravel(),
    "reshaped": lambda path: _npy(path, "r", TABLE[0]).reshape(7, -1)[3],
    "transposed": lambda path: _npy(path, "r").T[:, 3],
    "diagonal": lambda path: _npy(path, "r").diagonal(1),
    "broadcast": lambda path: np.broadcast_to(_npy(path, "r")[0, :1], (9,)),
    "other type": lambda path: _npy(path, "r").view("<u4")[0] % 7,
    "other bytes": lambda path: _npy(path, "r")[1].view("u1"),
    "field": _fields,
    "picked": lambda path: _npy(path, "r")[1][np.arange(N)[::-2]],
    "masked by flags": lambda path: _npy(path, "r")[1][TABLE[1] > 0.1],
    "copy": lambda path: _npy(path, "r")[1].copy(),
    "sorted": lambda path: np.sort(_npy(path, "r")[1]),
    "product": lambda path: 2 * _npy(path, "r")[1],
    "root": lambda path: np.sqrt(_npy(path, "r")[1]),
    "sum of rows": lambda path: _npy(path, "r").sum(axis=0),
    "into itself": lambda path: np.multiply(a := _npy(path, "c")[1], 2, out=a),
    "cast": lambda path: _npy(path, "r")[1].astype(np.float32),
    "pickled": lambda path: pickle.loads(pickle.dumps(_npy(path, "r")[1])),
    "array of a view": lambda path: np.asarray(_npy(path, "r")[2])[5:],
    "written to": lambda path: _written(path, "r+"),
    "copy written to": lambda path: _written(path, "c"),
    "replaced": _replaced,
    "opened to write": _opened,
    "raw": lambda path: _raw(path, "<f8")[3],
    "raw with an offset": lambda path: _raw(path, "<f4", offset=136)[1],
    "raw with an odd offset": lambda path: _raw(path, "<f8", offset=13)[2, 10:],
    "raw in columns": lambda path: _raw(path, "<f8", order="F", offset=4096)[1],
    "raw copy on write": lambda path: _raw(path, "<f4", mode="c")[0],
    "big-endian": lambda path: _raw(path, ">f8")[1],
    "big-endian singles": lambda path: _raw(path, ">f4")[2, ::2],
    "half": lambda path: _raw(path, "<f2")[1],
    "long": lambda path: _raw(path, np.longdouble)[1],
    **{
        f"whole {kind}": lambda path, kind=kind: _whole(path, kind)[3:]
        for kind in ("?", "i1", "u1", ">i2", "<u4", ">i8", "<u8")
    },
}


def _same(stored, held, **rest):
    """Whether the stored game of `stored` is the game of `held`."""
    n = len(held)
    for budget in (1.0, n / 2):
        found = solve(StoredGame(stored, 0.05 * n, budget, **rest))
        game = Game(held, 0.05 * n, budget)
        truth = solve(game)
        assert found.certificate.accepts(1e-12)
        assert abs(found.value - truth.value) <= 1e-13 * game.scale
        q = np.concatenate(list(found.inclusion()))
        assert np.abs(q - truth.inclusion).max() <= 1e-11


@pytest.mark.filterwarnings("ignore:mistakes")
@pytest.mark.parametrize("view", VIEWS)
def test_a_view_is_what_it_holds(view, tmp_path):
    stored = VIEWS[view](tmp_path)
    _same(stored, np.array(stored))


@pytest.mark.parametrize("dtype", [">f8", "<f4", ">i4", "u1", "?", "f2"])
def test_a_file_of_any_type_is_what_it_holds(dtype, tmp_path):
    held = (100 * TABLE[0]).astype(dtype)
    np.save(tmp_path / "gains.npy", held)
    _same(tmp_path / "gains.npy", held)


def test_harms_are_a_view_too(tmp_path):
    stored = _npy(tmp_path, "r")
    found = solve(StoredGame(stored[1, ::2], 0.1 * N, harms=stored[3, ::-2]))
    game = Game(TABLE[1, ::2], 0.1 * N, harms=TABLE[3, ::-2])
    assert found.certificate.accepts(1e-12)
    assert abs(found.value - solve(game).value) <= 1e-13


def test_pages_are_let_go_of_but_what_was_written_is_kept(tmp_path):
    """The map is larger than what stays in memory, and a copy on write is still the copy."""
    stored = _npy(tmp_path, "c", TABLE[0])
    stored[::1000] = 9.0
    held = np.array(stored)
    solve(StoredGame(stored, 5)).certificate  # noqa: B018  # read twice
    assert np.array_equal(stored, held)
    assert columns.column_of(stored, "gains", "").pick(np.array([1000, 69_000])).tolist() == [9, 9]
    with open("/proc/self/smaps") as file:
        smaps = file.read
        shared = np.memmap(tmp_path / "large.bin", "u1", "w+", shape=(1 << 24,))
        shared[:] = 1
        for _ in columns.checked_chunks(columns.column_of(shared, "gains", ""), "gains"):
            pass
        text = smaps()
    lines = text.splitlines()
    place = next(k for k, line in enumerate(lines) if line.endswith("large.bin"))
    resident = next(line for line in lines[place:] if line.startswith("Rss:"))
    assert int(resident.split()[1]) < 1 << 13  # KiB, of 1 << 14
    assert shared.sum() == 1 << 24


@pytest.mark.parametrize(
    ("held", "words"),
    [
        (TABLE, r"gains must be one-dimensional, got shape \(4, 70000\)"),
        (TABLE[:1], r"gains must be one-dimensional, got shape \(1, 70000\)"),
        (TABLE[0].astype(complex), "gains must be a vector of numbers, got complex128"),
        (np.arange(9).astype("M8[ns]"), "gains must be a vector of numbers, got datetime64"),
        (np.arange(9).astype("m8[s]"), "gains must be a vector of numbers, got timedelta64"),
        (np.array(["1", "2"]), "gains must be a vector of numbers, got <U1"),
        (np.zeros(3, dtype=[("gain", float)]), "gains must be a vector of numbers, got .*gain"),
    ],
)
def test_what_is_no_vector_of_numbers_is_refused(held, words, tmp_path):
    for gains in (_npy(tmp_path, "r", held), tmp_path / "table.npy"):
        with pytest.raises(ValueError, match=words):
            StoredGame(gains, 1)


def test_masked_arrays_are_refused(tmp_path):
    with pytest.raises(ValueError, match="gains is a masked array"):
        StoredGame(np.ma.array(_npy(tmp_path, "r")[0], mask=TABLE[0] > 0.5), 1)


def test_a_bad_entry_of_a_view_is_named_by_its_place_in_the_view(tmp_path):
    table = np.ones((2, N))
    table[1, 50_000] = -1
    with pytest.raises(ValueError, match=r"gains\[19999\] = -1.0"):
        solve(StoredGame(_npy(tmp_path, "r", table)[1, ::-1], 1))
    with pytest.raises(ValueError, match=r"gains\[19999\] = -1.0"):
        solve(StoredGame(_npy(tmp_path, "r", table)[1, :29_999:-1][: N // 2], 1))


@pytest.mark.parametrize(
    ("entry", "words"),
    [
        (datetime(2020, 1, 1), r"gains\[40001\] = .*2020"),
        ("1", r"gains\[40001\] = '1'"),
        (None, r"gains\[40001\] = nan"),
    ],
)
def test_a_column_or_block_of_no_numbers_is_named(entry, words, tmp_path):
    pa = pytest.importorskip("pyarrow")
    import pyarrow.parquet as parquet

    value = 0.5 if entry is None else entry
    gains = pa.array([value] * 40_001 + [entry] + [value] * 9)
    parquet.write_table(pa.table({"gain": gains}), tmp_path / "g.parquet")
    first = words if entry is None else words.replace("40001", "0")
    with pytest.raises(ValueError, match=first):
        solve(StoredGame(tmp_path / "g.parquet", 1))
    da = pytest.importorskip("dask.array")
    kind = float if entry is None else np.array(value).dtype
    kind = "M8[us]" if isinstance(entry, datetime) else kind
    blocks = da.concatenate(
        [da.full(40_001, 0.5), da.from_array(np.array([entry], dtype=kind), chunks=1)]
        if entry is None
        else [da.from_array(np.array([entry] * 9, dtype=kind), chunks=2)]
    )
    with pytest.raises(ValueError, match=first):
        solve(StoredGame(blocks, 1))
