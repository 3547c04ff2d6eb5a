"""What is read at all: local files, pipes, within limits; nothing opens a connection unasked."""

import bz2
import gzip
import io
import lzma
import os
import socket
import subprocess
import sys
import threading
import urllib.request
import zipfile
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from radsim import StoredGame
from radsim.cli import main
from radsim.data import sources, text_rows
from radsim.data.files import InputError, read, read_probabilities
from radsim.data.sources import Access, local_path
from radsim.data.tables import read_table
from radsim.distillation.data import load_data
from radsim.distillation.files import read_answers
from radsim.distillation.files import read_table as read_data

ADDRESSES = ["http://localhost:9/g.csv", "https://a.b/g.npy", "ftp://a.b/g.csv", "s3://b/g.parquet"]
ADDRESSES += ["gs://b/g.csv", "HTTP://localhost:9/g.csv", "file://host/g.csv", "memory://g.csv"]
ADDRESSES += ["simplecache::s3://b/g.csv", "filecache::http://localhost:9/g.csv", "abfs://g.npz"]


def _cut_off(monkeypatch):
    """Let no connection be made, and note each attempt."""
    tried = []

    def refuse(*arguments, **options):
        tried.append(arguments)
        raise OSError("cut off")

    for name in ("connect", "connect_ex", "sendto"):
        monkeypatch.setattr(socket.socket, name, refuse)
    for name in ("getaddrinfo", "create_connection"):
        monkeypatch.setattr(socket, name, refuse)
    return tried


@pytest.fixture
def offline(monkeypatch):
    """No connection is asked for."""
    tried = _cut_off(monkeypatch)
    yield
    assert not tried


def test_a_connection_would_be_noticed(monkeypatch):
    tried = _cut_off(monkeypatch)
    for address in ("http://localhost:9/g.csv", "http://127.0.0.1:9/g.csv"):
        with pytest.raises(OSError, match="cut off"):
            urllib.request.urlopen(address)
    with pytest.raises(OSError, match="cut off"):
        pd.read_csv("http://localhost:9/g.csv")
    assert len(tried) == 3


def _command(monkeypatch, capsys, *arguments):
    monkeypatch.setattr(sys, "argv", ["radsim", *arguments])
    with pytest.raises(SystemExit) as left:
        main()
    return left.value.code, capsys.readouterr().err


READERS = {
    "read": read,
    "read_probabilities": read_probabilities,
    "read_table": read_table,
    "labelled": read_data,
    "data set": load_data,
    "answers": lambda path: read_answers(path, 2, 2),
    "stored": lambda path: StoredGame(path, 1),
    "harms": lambda path: StoredGame(np.ones(3), 1, harms=path),
}


@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize("address", ADDRESSES)
def test_no_reader_opens_a_connection(reader, address, offline):
    with pytest.raises((ValueError, OSError)) as found:
        READERS[reader](address)
    assert len(str(found.value).splitlines()) == 1


def test_a_data_set_is_refused_without_what_solve_alone_allows():
    with pytest.raises(ValueError, match=r"only local files are read; download it$"):
        read_data("s3://bucket/animals.csv")


@pytest.mark.parametrize("address", ADDRESSES)
def test_no_command_opens_a_connection(address, offline, capsys, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "proof.json").write_text("{}")
    for line in (
        ("solve", address, "--mistakes", "1"),
        ("check", "proof.json", "--gains", address),
        ("check", address, "--gains", "gains.csv"),
        ("distill", "--data", address),
        ("distill", "--teacher", address),
        ("distill", "--study", "smoke", "--rows", address),
        ("report", address),
        ("explore", address),
    ):
        code, err = _command(monkeypatch, capsys, *line)
        # A folder of that name holds no run; an explorer is written to a file of that name.
        assert code in (1, 2), (line, err)
        assert "Traceback" not in err


def test_an_address_is_refused_with_what_allows_it():
    with pytest.raises(InputError, match="only local files are read; download it, or allow it by"):
        read("s3://bucket/gains.csv")
    with pytest.raises(InputError, match="--allow-scheme s3 --allow-scheme simplecache"):
        read("simplecache::s3://bucket/gains.csv")
    with pytest.raises(InputError, match="--allow-scheme s3"):
        read("s3://bucket/gains.csv", access=Access(("gs",)))


def test_an_address_that_is_allowed_is_read():
    fsspec = pytest.importorskip("fsspec")
    with fsspec.open("memory://pool/gains.csv.gz", "wb") as file:
        file.write(gzip.compress(b"gain\n0.5\n0.25\n"))
    found = read("memory://pool/gains.csv.gz", access=Access(("memory",)))
    assert found.gains.tolist() == [0.5, 0.25]


@pytest.mark.parametrize(
    "name", ["C:\\x.csv", "a:cd:b.csv", "http:", "b c.csv", "100%.csv", "~x.csv"]
)
def test_odd_names_are_names_of_files(name, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path(name).write_text("gain\n0.5\n")
    assert read(name).gains.tolist() == [0.5]


def test_what_is_there_is_a_file_whatever_it_is_called(tmp_path, monkeypatch, offline):
    monkeypatch.chdir(tmp_path)
    Path("http:/localhost:9").mkdir(parents=True)
    Path("http:/localhost:9/g.csv").write_text("gain\n0.5\n")
    assert read("http://localhost:9/g.csv").gains.tolist() == [0.5]
    assert read(Path("http:/localhost:9/g.csv").absolute().as_uri()).gains.tolist() == [0.5]
    assert local_path("file://host/g.csv") is None


BOMBS = {
    ".gz": gzip.compress,
    ".bz2": bz2.compress,
    ".xz": lzma.compress,
    ".zst": lambda data: __import__("pyarrow").compress(data, "zstd", asbytes=True),
    ".zip": lambda data: _zipped({"gains.csv": data}),
}


def _zipped(members):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return stream.getvalue()


@pytest.mark.parametrize("packed", BOMBS)
def test_what_unpacks_to_too_much_is_refused(packed, tmp_path, monkeypatch):
    path = tmp_path / f"gains.csv{packed}"
    path.write_bytes(BOMBS[packed](b"gain\n" + b"0.5\n" * 500_000))
    assert len(read(str(path)).gains) == 500_000
    monkeypatch.setattr(sources, "_FREE", 1 << 18)
    with pytest.raises(
        InputError, match=r"unpacks to more than .* bytes; --most-bytes allows more"
    ):
        read(str(path))
    assert len(read(str(path), access=Access(most_bytes=1 << 24)).gains) == 500_000
    # Short of its end, it is no smaller file.
    path.write_bytes(path.read_bytes()[:-9])
    with pytest.raises(InputError):
        read(str(path), access=Access(most_bytes=1 << 24))


def test_arrays_that_unpack_to_too_much_are_refused(tmp_path, monkeypatch):
    np.savez_compressed(tmp_path / "gains.npz", gain=np.zeros(3_000_000) + 0.5)
    monkeypatch.setattr(sources, "_FREE", 1 << 18)
    monkeypatch.setattr("radsim.data.tables.SMALL", 16)
    with pytest.raises(InputError, match="--most-bytes allows more"):
        read(str(tmp_path / "gains.npz"))


@pytest.mark.parametrize("small", [16, 1 << 20])
@pytest.mark.parametrize("n", [10**6, 10**12, 10**30])
def test_an_array_that_claims_what_it_does_not_hold_is_refused(n, small, tmp_path, monkeypatch):
    monkeypatch.setattr("radsim.data.tables.SMALL", small)
    np.save(tmp_path / "gains.npy", np.ones(9))
    data = (tmp_path / "gains.npy").read_bytes()
    old = b"(9,), }" + b" " * 40
    assert old in data
    (tmp_path / "gains.npy").write_bytes(data.replace(old, f"({n},), }}".encode().ljust(len(old))))
    with pytest.raises(InputError) as found:
        read(str(tmp_path / "gains.npy"))
    assert len(str(found.value).splitlines()) == 1


def test_a_dictionary_of_xz_has_a_limit(tmp_path, monkeypatch):
    data = lzma.compress(b"gain\n0.5\n", filters=[{"id": lzma.FILTER_LZMA2, "dict_size": 1 << 29}])
    (tmp_path / "gains.csv.xz").write_bytes(data)
    with pytest.raises(InputError, match=r"[Mm]emory"):
        read(str(tmp_path / "gains.csv.xz"))
    (tmp_path / "gains.csv.xz").write_bytes(2 * lzma.compress(b"0.5\n") + bytes(8))
    assert read(str(tmp_path / "gains.csv.xz")).gains.tolist() == [0.5, 0.5]


def test_lines_and_cells_have_a_limit(tmp_path, monkeypatch):
    monkeypatch.setattr(text_rows, "LINE", 1 << 12)
    monkeypatch.setattr(text_rows, "HEAD", 1 << 10)
    monkeypatch.setattr(text_rows, "PIECE", 1 << 10)
    monkeypatch.setattr("radsim.data.text.MOST_IN_A_CELL", 1 << 11)
    for text, words in (
        ("gain\n" + "1" * 100_000, "a line, or a run of blank ones, of more than"),
        ("gain\n1\n" + "\n" * 100_000 + "1\n", "a line, or a run of blank ones, of more than"),
        ('gain\n1\n"' + "1\n" * 100_000, "a cell of more than 2,048 characters"),
        ("gain,x\n1," + "x" * 3000 + "\n", "a cell of more than 2,048 characters"),
    ):
        (tmp_path / "gains.csv").write_text(text)
        with pytest.raises(InputError, match=words):
            read(str(tmp_path / "gains.csv"))


def test_json_too_deep_is_refused(tmp_path):
    (tmp_path / "gains.json").write_text("[" * 200_000)
    with pytest.raises(InputError, match=r"gains\.json: "):
        read(str(tmp_path / "gains.json"))


@pytest.mark.parametrize("name", ["/dev/zero", "/dev/urandom", "/dev/full", "/", "/dev/null"])
def test_devices_and_folders_are_refused_in_one_line(name):
    with pytest.raises(InputError) as found:
        read(name)
    assert str(found.value).startswith(f"{name}: ")
    assert len(str(found.value).splitlines()) == 1


def test_a_pipe_is_read_to_its_end(tmp_path):
    pipe = tmp_path / "gains.csv"
    os.mkfifo(pipe)
    text = b"gain\n" + b"0.5\n" * 200_000
    writer = threading.Thread(target=lambda: pipe.write_bytes(text))
    writer.start()
    assert read(str(pipe)).gains.tolist() == [0.5] * 200_000
    writer.join()
    pipe = tmp_path / "gains.csv.gz"
    os.mkfifo(pipe)
    writer = threading.Thread(target=lambda: pipe.write_bytes(gzip.compress(text)))
    writer.start()
    assert len(read(str(pipe)).gains) == 200_000
    writer.join()


def test_an_endless_pipe_ends_by_the_limit(tmp_path):
    code = (
        "from radsim.data.files import read\nfrom radsim.data.sources import Access\n"
        "read('-', access=Access(most_bytes=1 << 22))"
    )
    with subprocess.Popen(["yes", "0.5"], stdout=subprocess.PIPE) as endless:
        run = subprocess.run(
            [sys.executable, "-c", code], stdin=endless.stdout, capture_output=True, text=True
        )
        endless.stdout.close()
    assert (
        "InputError: -: it holds more than 4,194,304 bytes; --most-bytes allows more" in run.stderr
    )


def test_a_disk_that_is_full_is_named(tmp_path, monkeypatch):
    (tmp_path / "gains.csv").write_text("gain\n" + "0.5\n" * 1000)
    monkeypatch.setattr("radsim.data.rows._HELD", 1)

    def full(handle, data):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "write", full)
    with pytest.raises(InputError, match=r"temporary file in .*: No space left.*TMPDIR"):
        read(str(tmp_path / "gains.csv"))
