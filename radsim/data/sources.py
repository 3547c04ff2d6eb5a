r"""Files as streams of bytes: local ones, unpacked in pieces and within limits.

Nothing here opens a network connection unasked: an address such as ``s3://...`` is refused, unless
its scheme was allowed by name.
"""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import os
import re
import stat
import sys
import tempfile
import weakref
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any, BinaryIO, NamedTuple
from urllib.parse import unquote, urlsplit

from radsim.extras import needed

__all__ = ["PACKED", "Access", "Scratch", "Source", "kept", "local_path", "opened", "suffixes_of"]

# Bytes of what is packed, or comes through a pipe or from a device, that are read at most.
MOST_BYTES = 16 << 30
# What is packed may grow to so much at once, and from there on to so many times its own size.
_FREE, _TIMES = 1 << 30, 100
# An XZ file may ask for so much memory to be unpacked.
_XZ_MEMORY = 1 << 28
_PIECE = 1 << 20


@dataclass(frozen=True)
class Access:
    """What may be read beyond local files of a usual size.

    Attributes
    ----------
    schemes : tuple of str
        Schemes of addresses that fsspec may open, such as "s3".
    most_bytes : int, optional
        Most bytes of what is unpacked, piped or kept in a temporary file.  If not given: 16 GiB,
        and of a packed file beyond 1 GiB at most 100 times its own size.

    Examples
    --------
    >>> Access(("s3",)).schemes
    ('s3',)
    """

    schemes: tuple[str, ...] = ()
    most_bytes: int | None = None

    def __post_init__(self) -> None:
        if self.most_bytes is not None and self.most_bytes < 1:
            raise ValueError(f"--most-bytes {self.most_bytes} must be at least 1")

    def limit(self, packed: int | None = None) -> int:
        """Most bytes that may come of so many packed ones."""
        if self.most_bytes is not None:
            return self.most_bytes
        return MOST_BYTES if packed is None else min(MOST_BYTES, max(_FREE, _TIMES * packed))


class _Limited(io.RawIOBase):
    """A stream that ends in an error beyond its limit."""

    def __init__(self, stream: Any, most: int, what: str) -> None:
        self._stream, self._left, self._most, self._what = stream, most, most, what

    def readable(self) -> bool:
        return True

    def readinto(self, target: Any) -> int:
        data = self._stream.read(min(len(target), self._left + 1))
        self._left -= len(data)
        if self._left < 0:
            raise ValueError(
                f"{self._what} more than {self._most:,} bytes; --most-bytes allows more"
            )
        target[: len(data)] = data
        return len(data)


class _Xz(io.RawIOBase):
    """What an XZ file holds, of one or several streams, in bounded memory."""

    def __init__(self, stream: Any) -> None:
        self._stream, self._one = stream, self._new()
        self._rest, self._begun = b"", False

    def _new(self) -> lzma.LZMADecompressor:
        return lzma.LZMADecompressor(memlimit=_XZ_MEMORY)

    def readable(self) -> bool:
        return True

    def readinto(self, target: Any) -> int:
        while True:
            if self._one.eof:
                self._rest = self._one.unused_data.lstrip(b"\0") or self._rest
                self._one, self._begun = self._new(), False
            if self._one.needs_input and not self._rest:
                self._rest = self._stream.read(_PIECE)
                if not self._rest:
                    if self._begun or not self._stream.tell():
                        raise EOFError("the packed data end too early")
                    return 0
                if not self._begun:
                    self._rest = self._rest.lstrip(b"\0")  # padding between streams
                    if not self._rest:
                        continue
            data, self._rest = self._one.decompress(self._rest, len(target)), b""
            self._begun = True
            if data:
                target[: len(data)] = data
                return len(data)


def _unzip(stream: BinaryIO) -> Any:
    archive = zipfile.ZipFile(stream)
    names = archive.namelist()
    if len(names) != 1:
        words = ", ".join(names[:6]) + (", ..." if len(names) > 6 else "")
        raise ValueError(f"one file in it is needed, has {words or 'none'}")
    return archive.open(names[0])


def _unzstd(stream: BinaryIO) -> Any:
    pa = needed("pyarrow")
    return pa.CompressedInputStream(pa.PythonFile(stream, mode="r"), "zstd")


# What unpacks a file whose name goes on: gains.csv.gz.
PACKED: dict[str, Callable[[BinaryIO], Any]] = {
    ".gz": lambda stream: gzip.GzipFile(fileobj=stream),
    ".bz2": bz2.BZ2File,
    ".xz": _Xz,
    ".zst": _unzstd,
    ".zip": _unzip,
}


def local_path(path: str) -> str | None:
    """The local file that a path or a `file://` address names; None for any other address.

    What is there is a file, whatever it is called.

    Examples
    --------
    >>> local_path("gains.csv"), local_path("file:///tmp/a%20b.csv"), local_path("s3://a/b.csv")
    ('gains.csv', '/tmp/a b.csv', None)
    """
    if os.path.lexists(path) or not re.match(r"[A-Za-z][A-Za-z0-9+.-]*(::[^:]+)*://", path):
        return os.path.expanduser(path)
    place = urlsplit(path)
    if place.scheme.lower() == "file" and place.netloc in ("", "localhost"):
        return unquote(place.path)
    return None


def suffixes_of(path: str) -> list[str]:
    """Suffixes of a file's name in small letters, or of an address without what is asked of it."""
    place = path if local_path(path) is not None else urlsplit(path).path
    return [suffix.lower() for suffix in PurePosixPath(place).suffixes]


def _remote(path: str, access: Access) -> Any:
    schemes = {part.partition("://")[0].lower() for part in path.split("::")}
    refused = sorted(schemes - {scheme.lower() for scheme in access.schemes})
    if refused:
        raise ValueError(
            "an address, and only local files are read; download it, or allow it by "
            + " ".join(f"--allow-scheme {scheme}" for scheme in refused)
        )
    try:
        import fsspec
    except ImportError:
        raise ValueError("addresses need fsspec: pip install 'radsim[remote]'") from None
    return fsspec.open(path, "rb").open()


class Source(NamedTuple):
    """What a path holds, unpacked: a stream, and the local file itself if it is just that."""

    stream: BinaryIO
    local: str | None


@contextmanager
def opened(path: str, access: Access) -> Iterator[Source]:
    """Open what a path holds, within the limits."""
    local = None if path == "-" else local_path(path)
    size = None
    if path == "-":
        raw: Any = sys.stdin.buffer
    elif local is None:
        raw = _remote(path, access)
    else:
        raw = open(local, "rb")
        found = os.fstat(raw.fileno())
        size = found.st_size if stat.S_ISREG(found.st_mode) else None
    try:
        suffixes = suffixes_of(path)
        packer = PACKED.get(suffixes[-1]) if suffixes else None
        if packer is not None:
            with kept(raw, access).reopened() if size is None else _same(raw) as packed:
                packed.seek(0, os.SEEK_END)
                most = access.limit(packed.tell())
                packed.seek(0)
                stream = _Limited(packer(packed), most, "it unpacks to")
                yield Source(io.BufferedReader(stream, _PIECE), None)
        elif size is None:
            limited = _Limited(raw, access.limit(), "it holds")
            yield Source(io.BufferedReader(limited, _PIECE), None)
        else:
            yield Source(raw, local)
    finally:
        if path != "-":
            raw.close()


@contextmanager
def _same(stream: BinaryIO) -> Iterator[BinaryIO]:
    yield stream


@contextmanager
def _scratch_errors() -> Iterator[None]:
    """Say of a disk that is full which one it is."""
    try:
        yield
    except OSError as error:
        if error.filename is not None or error.strerror is None:
            raise
        place = tempfile.gettempdir()
        raise ValueError(
            f"temporary file in {place}: {error.strerror}; TMPDIR names another folder"
        ) from None


class Scratch:
    """A temporary file without a name, which goes with this object; TMPDIR says where it lies."""

    def __init__(self, most: int, what: str = "it needs a temporary file of") -> None:
        self.size, self._most, self._what = 0, most, what
        with _scratch_errors():
            with tempfile.TemporaryFile(prefix="radsim-") as file:
                self._handle = os.dup(file.fileno())
        weakref.finalize(self, os.close, self._handle)

    def write(self, data: Any) -> int:
        """Append bytes, and say how many there are."""
        view = memoryview(data).cast("B")
        self.size += len(view)
        if self.size > self._most:
            raise ValueError(
                f"{self._what} more than {self._most:,} bytes; --most-bytes allows more"
            )
        with _scratch_errors():
            while len(view):
                view = view[os.write(self._handle, view) :]
        return self.size

    def reopened(self) -> BinaryIO:
        """The same file from its beginning; its place is shared, so read one at a time."""
        file = os.fdopen(os.dup(self._handle), "rb")
        file.seek(0)
        return file


def kept(stream: Any, access: Access, begun: bytes = b"") -> Scratch:
    """Copy a stream, and what was read of it, to a temporary file that can be read anywhere."""
    found = Scratch(access.limit())
    found.write(begun)
    while data := stream.read(_PIECE):
        found.write(data)
    return found
