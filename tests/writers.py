"""What a writer of files owes, one check a row, and writers that are wrong, one a row.

A writer is a function of a path and its content, bytes or text.
"""

import errno
import os
import resource
import stat
import threading
from contextlib import contextmanager, suppress
from pathlib import Path

SMALL, LARGE = b"gain\n1\n", b"x" * 100_000


@contextmanager
def full_disk(size=4096):
    """No file can grow beyond a size: a write of more fails half-way."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


@contextmanager
def umask(mode):
    before = os.umask(mode)
    try:
        yield
    finally:
        os.umask(before)


def refused(write, path, content=SMALL):
    """The error of a write that must fail, which names the path as it was given."""
    try:
        write(path, content)
    except OSError as error:
        assert error.filename == str(path), error
        return error
    raise AssertionError(f"{path} was written")


def names(folder):
    return sorted(path.name for path in folder.iterdir())


def mode(path):
    return stat.S_IMODE(path.stat().st_mode)


def whole(write, folder):
    path = folder / "a.csv"
    for content in (LARGE, b"", SMALL):
        write(str(path), content)
        assert path.read_bytes() == content
    write(path, "Zürich\n")
    assert path.read_bytes() == "Zürich\n".encode()
    assert names(folder) == ["a.csv"]


def full(write, folder):
    for path in (folder / "new.csv", folder / "old.csv"):
        if path.name == "old.csv":
            path.write_bytes(SMALL)
        with full_disk():
            assert refused(write, path, LARGE).errno == errno.EFBIG
    assert names(folder) == ["old.csv"]
    assert path.read_bytes() == SMALL


def seen_whole(write, folder):
    """Whoever has the old file open goes on reading the old one, however long the new."""
    path = folder / "a.csv"
    path.write_bytes(LARGE)
    with path.open("rb") as reader:
        half = reader.read(10)
        write(path, SMALL)
        assert half + reader.read() == LARGE
    assert path.read_bytes() == SMALL


def planted_part(write, folder):
    """Files and links that stand where a careless writer would write are not touched."""
    (folder / "precious").write_bytes(b"mine")
    planted = {f"a.csv{ending}" for ending in (".part", ".tmp", "~")}
    for name in (*planted, ".a.csv.part"):
        (folder / name).symlink_to(folder / "precious")
    write(folder / "a.csv", SMALL)
    assert names(folder) == sorted({"a.csv", "precious", ".a.csv.part", *planted})
    assert (folder / "precious").read_bytes() == b"mine"
    assert all((folder / name).is_symlink() for name in planted)
    assert not (folder / "a.csv").is_symlink()


def two_names(write, folder):
    """Two writes of one file do not meet: the name in between is another each time."""
    seen, path = [], folder / "a.csv"

    def spy(old, new):
        seen.append(Path(old))
        return replace(old, new)

    replace = os.replace
    for _ in range(2):
        os.replace = spy
        try:
            write(path, SMALL)
        finally:
            os.replace = replace
    assert len(set(seen)) == 2
    assert {part.parent for part in seen} == {folder}


def link(write, folder):
    (folder / "there").mkdir()
    (folder / "there" / "target.csv").write_bytes(b"old")
    for name, target in (("link.csv", "target.csv"), ("dangling.csv", "new.csv")):
        path = folder / name
        path.symlink_to(Path("there", target))
        write(path, SMALL)
        assert path.is_symlink()
        assert (folder / "there" / target).read_bytes() == SMALL
    assert names(folder / "there") == ["new.csv", "target.csv"]
    (folder / "round").symlink_to("round")
    assert refused(write, folder / "round").errno == errno.ELOOP


def modes(write, folder):
    new, old = folder / "new.csv", folder / "old.csv"
    with umask(0o027):
        write(new, SMALL)
    assert mode(new) == 0o640
    for kept in (0o600, 0o664, 0o755):
        old.write_bytes(b"old")
        old.chmod(kept)
        write(old, SMALL)
        assert mode(old) == kept


def private(write, folder):
    """A file that others may not read is at no moment there for them."""
    path, found = folder / "a.csv", []
    path.write_bytes(b"old")
    path.chmod(0o600)

    replace = os.replace

    def spy(old, new):
        found.append(mode(Path(old)))
        return replace(old, new)

    os.replace = spy
    try:
        write(path, SMALL)
    finally:
        os.replace = replace
    assert found == [0o600]


def pipe(write, folder):
    path, found = folder / "pipe", []
    os.mkfifo(path)
    reader = threading.Thread(target=lambda: found.append(path.read_bytes()), daemon=True)
    reader.start()
    write(path, LARGE)
    reader.join(10)
    assert found == [LARGE]
    assert stat.S_ISFIFO(path.stat().st_mode)
    assert names(folder) == ["pipe"]


def device(write, folder):
    write("/dev/null", LARGE)
    assert stat.S_ISCHR(os.stat("/dev/null").st_mode)
    assert refused(write, "/dev/full").errno == errno.ENOSPC
    assert stat.S_ISCHR(os.stat("/dev/full").st_mode)


def number(write, folder):
    """A file that the shell opened gets what is written, wherever its reader is."""
    path = folder / "there"
    with path.open("wb", buffering=0) as file:
        file.write(SMALL)
        write(f"/dev/fd/{file.fileno()}", SMALL)
        file.write(SMALL)
    assert path.read_bytes() == 3 * SMALL


def closed_pipe(write, folder):
    """Whoever reads a pipe may stop when they like."""
    read, there = os.pipe()
    os.close(read)
    try:
        write(f"/dev/fd/{there}", SMALL)
    finally:
        os.close(there)


def nowhere(write, folder):
    assert refused(write, folder / "no" / "a.csv").errno == errno.ENOENT
    (folder / "file").write_bytes(SMALL)
    assert refused(write, folder / "file" / "a.csv").errno == errno.ENOTDIR
    (folder / "folder").mkdir()
    assert refused(write, folder / "folder").errno == errno.EISDIR
    assert refused(write, folder / ("n" * 256)).errno == errno.ENAMETOOLONG
    write(folder / ("n" * 255), SMALL)
    assert refused(write, "/sys/radsim.csv").errno in (errno.EACCES, errno.EPERM, errno.EROFS)
    assert names(folder) == ["file", "folder", "n" * 255]
    assert names(folder / "folder") == []


CHECKS = {
    check.__name__: check
    for check in (
        whole,
        full,
        seen_whole,
        planted_part,
        two_names,
        link,
        modes,
        private,
        pipe,
        device,
        number,
        closed_pipe,
        nowhere,
    )
}


# --- Writers that are wrong ---


def _bytes(content):
    return content.encode() if isinstance(content, str) else content


def _direct(path):
    if str(path).startswith("/dev/fd/"):
        return True
    return os.path.exists(path) and _no_file(path)


@contextmanager
def _named(path):
    try:
        yield
    except OSError as error:
        raise OSError(error.errno, error.strerror, str(path)) from error


def writer(
    *,
    name=lambda target: target.with_name(f".{os.urandom(8).hex()}.part"),
    opened="xb",
    real=os.path.realpath,
    direct=_direct,
    keeps_mode=True,
    early=True,
    cleans=True,
    pipes=True,
    named=_named,
):
    """A writer from its parts; what is not said is right."""

    def write(path, content):
        with named(path):
            if direct(path):
                number = str(path).removeprefix("/dev/fd/")
                place = int(number) if number.isdecimal() else path
                with suppress(BrokenPipeError if pipes else ()):
                    with open(place, "wb", buffering=0, closefd=place is path) as file:
                        data = memoryview(_bytes(content))
                        while data:
                            data = data[os.write(file.fileno(), data) :]
                return
            target = Path(real(path))
            with suppress(FileNotFoundError):
                old = mode(target)
            there = target.exists()
            part = name(target)
            file = open(part, opened)
            try:
                with file:
                    if there and keeps_mode and early:
                        part.chmod(old)
                    file.write(_bytes(content))
                os.replace(part, target)
                if there and keeps_mode and not early:
                    target.chmod(old)
            except BaseException:
                if cleans:
                    part.unlink()
                raise

    return write


@contextmanager
def _unnamed(path):
    yield


def _no_file(path):
    return not stat.S_ISREG(os.stat(path).st_mode)


def _fixed(target):
    return target.with_name(f"{target.name}.part")


def in_place(path, content):
    with _named(path):
        Path(path).write_bytes(_bytes(content))


def half(path, content):
    RIGHT(path, _bytes(content)[:50_000])


RIGHT = writer()
MUTANTS = {
    "in place": in_place,
    "half of it": half,
    "a fixed name": writer(
        name=lambda target: target.with_name(f"{target.name}.part"), opened="wb"
    ),
    "a fixed name, exclusive": writer(name=lambda target: target.with_name(f"{target.name}.part")),
    "another fixed name": writer(name=lambda target: target.with_name(".radsim.part"), opened="wb"),
    "a long name": writer(
        name=lambda target: target.with_name(f"{target.name}.{os.urandom(4).hex()}.part")
    ),
    "in another folder": writer(name=lambda target: Path("/tmp", os.urandom(8).hex())),
    "links are replaced": writer(real=str),
    "open files are replaced": writer(direct=lambda path: os.path.exists(path) and _no_file(path)),
    "pipes are replaced": writer(direct=lambda path: str(path).startswith("/dev/")),
    "the mode is lost": writer(keeps_mode=False),
    "the mode comes late": writer(early=False),
    "the part is left": writer(cleans=False),
    "a closed pipe is an error": writer(pipes=False),
    "the error names the part": writer(named=_unnamed),
}
