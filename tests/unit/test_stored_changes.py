"""What is stored and changes between two passes over it is refused, whatever hides the change."""

import os

import numpy as np
import pytest

from radsim import StoredGame, solve
from radsim.data.stored_columns import column_of

N = 100_000
GAINS = np.random.default_rng(8).beta(0.3, 2, N)


def _write(path, gains):
    if path.suffix == ".npy":
        np.save(path, gains)
    else:
        pa = pytest.importorskip("pyarrow")
        import pyarrow.parquet as parquet

        parquet.write_table(pa.table({"gain": gains}), path, compression="none")


def _hidden(path, work):
    """A change after which file, size and time are what they were."""
    before = path.stat()
    work(path)
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert (path.stat().st_size, path.stat().st_ino) == (before.st_size, before.st_ino)


def _one_value(path):
    data = bytearray(path.read_bytes())
    place = data.index(GAINS[70_000].tobytes())
    data[place : place + 8] = np.float64(0.75).tobytes()
    with open(path, "r+b") as file:
        file.write(data)


def _swap(path):
    data = bytearray(path.read_bytes())
    one, other = (data.index(GAINS[i].tobytes()) for i in (60_000, 70_000))
    data[one : one + 8], data[other : other + 8] = data[other : other + 8], data[one : one + 8]
    with open(path, "r+b") as file:
        file.write(data)


def _rename(path):
    other = path.with_name(f"other{path.suffix}")
    _write(other, GAINS[::-1])
    other.replace(path)


CHANGES = {
    "one value": lambda path: _hidden(path, _one_value),
    "two values swapped": lambda path: _hidden(path, _swap),
    "another file": _rename,
    "cut": lambda path: os.truncate(path, path.stat().st_size - 80),
    "longer": lambda path: path.write_bytes(path.read_bytes() + bytes(80)),
    "gone": lambda path: path.unlink(),
}
WORDS = "changed while it was read|No such file"


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("suffix", [".npy", ".parquet"])
def test_a_file_that_changes_between_two_passes_is_refused(suffix, change, tmp_path):
    path = tmp_path / f"gains{suffix}"
    _write(path, GAINS)
    solution = solve(StoredGame(path, 500, 100.0))
    CHANGES[change](path)
    passes = {
        "inclusion": lambda: list(solution.inclusion()),
        "sample": lambda: solution.sample(rng=0),
        "certificate": lambda: solution.__class__.certificate.func(solution),
    }
    for name, one_pass in passes.items():
        with pytest.raises((ValueError, OSError), match=WORDS) as found:
            one_pass()
        assert str(path) in str(found.value), name


@pytest.mark.parametrize("change", [x for x in CHANGES if x != "gone"])
def test_a_file_that_changes_before_the_first_pass_is_read_whole_or_refused(change, tmp_path):
    path = tmp_path / "gains.npy"
    _write(path, GAINS)
    game = StoredGame(path, 500, 100.0)
    CHANGES[change](path)
    if change in ("one value", "two values swapped"):
        assert solve(game).certificate.accepts(1e-12)
    else:
        with pytest.raises(ValueError, match=f"{path} {WORDS}"):
            solve(game)


@pytest.mark.parametrize("copy", ["array", "map"])
def test_an_array_that_changes_between_two_passes_is_refused(copy, tmp_path):
    np.save(tmp_path / "gains.npy", GAINS)
    gains = GAINS.copy() if copy == "array" else np.load(tmp_path / "gains.npy", mmap_mode="r+")
    solution = solve(StoredGame(gains, 500, 100.0))
    gains[99_999] += 0.125
    with pytest.raises(ValueError, match="gains changed while it was read"):
        list(solution.inclusion())
    gains[99_999] = GAINS[99_999]
    assert solution.certificate.accepts(1e-12)


def test_a_touch_is_refused_and_a_second_reading_is_not(tmp_path):
    path = tmp_path / "gains.npy"
    _write(path, GAINS)
    column = column_of(path, "gains")
    assert np.array_equal(np.concatenate(list(column.blocks())), GAINS)
    os.utime(path, ns=(0, 0))
    with pytest.raises(ValueError, match=WORDS):
        list(column.blocks())
    assert column_of(column, "gains") is column
    assert len(list(column_of(path, "gains").blocks())) == 1
