r"""Tables in large texts, read in blocks: fast where nothing can be doubtful, exactly elsewhere.

A block of which Arrow makes finite numbers, of all cells that should be some, is read by Arrow; its
numbers are those of `float`, to the last bit.  Any other goes the way of small texts.
"""

from __future__ import annotations

import codecs
import io
from collections import deque
from collections.abc import Iterable, Iterator
from importlib.util import find_spec
from typing import Any, BinaryIO

import numpy as np

from radsim.data.columns import column_floats
from radsim.data.rows import Block, Rows, apart
from radsim.data.text import Dialect, Head, long_cells, records, text_head, whole_rows
from radsim.door import Array

__all__ = ["NotText", "decoded", "text_rows"]

# Bytes read at a time: of the head, which is read exactly, and of what comes after it.
HEAD, PIECE = 1 << 17, 1 << 23
# Cells that are lists of texts at a time.
CELLS = 1 << 17
# Bytes in which the end of the last row is looked for at first.
_TAIL = 1 << 10
# Bytes of a line, or of blank lines one after the other.
LINE = 1 << 26
# More columns than this are read as one, and put side by side afterwards.
WIDE = 64


def _encoding(first: bytes) -> str:
    for mark in (b"\xff\xfe\0\0", b"\0\0\xfe\xff"):
        if first.startswith(mark):
            return "utf-32"
    return "utf-16" if first.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8"  # PowerShell's


def decoded(content: bytes) -> str:
    """A text in UTF-8, or in UTF-16 or 32 with its mark.

    Examples
    --------
    >>> decoded("gain".encode("utf-16"))
    'gain'
    """
    encoding = _encoding(content)
    text = content.decode("utf-8-sig" if encoding == "utf-8" else encoding)
    if encoding == "utf-8" and "\0" in text:
        raise UnicodeDecodeError("utf-8", content, content.index(b"\0"), 1, "a zero byte")
    return text


class _Pieces:
    """A text in UTF-8, piece by piece, each of whole lines and none that ends in a blank one."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream, self._rest, self.read = stream, b"", 0
        self._raw = stream.read(HEAD)
        self._encoding, self._decoded = _encoding(self._raw), 0
        self._decoder = codecs.getincrementaldecoder(self._encoding)()
        if self._raw.startswith(codecs.BOM_UTF8):
            self._raw, self.read = self._raw[3:], 3

    def _more(self) -> bytes:
        """The next bytes, in UTF-8; none at the end."""
        raw, self._raw = self._raw or self._stream.read(PIECE), b""
        if self._encoding == "utf-8":
            return raw
        pending = len(self._decoder.getstate()[0])
        try:
            text = self._decoder.decode(raw, final=not raw)
        except UnicodeDecodeError as error:
            raise NotText(self._decoded - pending + error.start, self._encoding) from None
        self._decoded += len(raw)
        return text.encode() if text or not raw else self._more()

    def take(self, lines: int = 1) -> bytes:
        """The next piece, of so many lines that are not blank or more; empty at the end."""
        whole = self._rest
        while more := self._line_end():
            whole += more
            # To the end of the last line after which a row begins, or its first blanks.
            begun = max(whole.rfind(b"\n"), whole.rfind(b"\r", 0, len(whole) - 1)) + 1
            tail = whole[max(0, begun - _TAIL) : begun]
            last = tail.rstrip(b" \r\n")
            if not last:  # as hardly ever: blank lines without end
                tail = whole[:begun]
                last = tail.rstrip(b" \r\n")
            tail = tail[len(last) :]
            end = begun - len(tail.lstrip(b" "))
            end += 2 if whole[end : end + 2] == b"\r\n" else 1
            if last and (lines == 1 or _several(whole[:end], lines)):
                self._rest = whole[end:]
                return whole[:end]
            _bounded(whole)
        self._rest = b""
        last = whole.rstrip(b" \r\n")
        tail = whole[len(last) :]
        return last + tail[: len(tail) - len(tail.lstrip(b" "))] if last else b""

    def _line_end(self) -> bytes:
        """So many bytes that a line ends in them, or all that are left."""
        found = [self._more()]
        while found[-1] and b"\n" not in found[-1] and b"\r" not in found[-1]:
            found.append(self._more())
            if len(found) % 8 == 0:
                found = [_bounded(b"".join(found))]
        return b"".join(found)

    def text(self, data: bytes) -> str:
        """Decode a piece, which is the next one."""
        place, self.read = self.read, self.read + len(data)
        try:
            if self._encoding == "utf-8" and b"\0" in data:
                raise NotText(place + data.index(b"\0"), "utf-8")
            return data.decode()
        except UnicodeDecodeError as error:
            raise NotText(place + error.start, "utf-8") from None


class NotText(ValueError):
    """A file is no text: the place of the byte that says so, and in which encoding."""

    def __init__(self, place: int, encoding: str) -> None:
        super().__init__(f"byte {place + 1} is no {encoding.upper()} text")


def _several(data: bytes, lines: int) -> bool:
    return sum(bool(line.strip()) for line in data.splitlines()) >= lines


def _bounded(data: bytes) -> bytes:
    if len(data) > 2 * LINE:
        raise ValueError(f"a line, or a run of blank ones, of more than {LINE:,} bytes")
    return data


def text_rows(stream: BinaryIO, dialect: Dialect, asked: Iterable[str] | None = ()) -> Rows:
    """A large text as rows, which can be read once.

    Parameters
    ----------
    stream : binary file
        At its beginning.
    dialect : Dialect
    asked : iterable of str
        Names of columns whose cells stay texts.

    Returns
    -------
    Rows

    Raises
    ------
    ValueError
        As `text_table`, at once or from the pass.

    Examples
    --------
    >>> rows = text_rows(io.BytesIO(b"gain,name\\n0.5,a\\n0.25,b\\n"), Dialect())
    >>> rows.names, [block.column(0) for block in rows.blocks()]
    (['gain', 'name'], [array([0.5 , 0.25])])
    """
    pieces = _Pieces(stream)
    first = pieces.take(lines=2)
    text = pieces.text(first)
    head = text_head(text, dialect)
    fast = _Fast(head, dialect.decimal, apart(head.names, asked))
    return Rows(head.names, lambda: _blocks(pieces, text, head, fast), list(head.notes))


def _blocks(pieces: _Pieces, text: str, head: Head, fast: _Fast) -> Iterator[Block]:
    exact = _Exact(pieces, head, fast)
    yield from exact.blocks(text[head.start :])
    while data := pieces.take():
        block = fast.block(data)
        if block is None:
            yield from exact.blocks(pieces.text(data))
        else:
            pieces.read += len(data)
            exact.passed(block.n, data)
            yield block
    if head.doubtful and exact.digits:
        raise ValueError(head.doubtful)


class _Exact:
    """Rows as the csv module reads them, across pieces where a quote goes on."""

    def __init__(self, pieces: _Pieces, head: Head, fast: _Fast) -> None:
        self._pieces, self._head, self._fast = pieces, head, fast
        self._n, self._lines, self._before = 0, 0, head.n_before
        self.digits = bool(head.doubtful)  # whether all cells are whole numbers so far

    def passed(self, n: int, data: bytes) -> None:
        """Say that so many rows were read another way."""
        self._n, self._lines = self._n + n, self._lines + n
        self.digits = self.digits and not data.translate(None, b"0123456789,\r\n \t\v\f")

    def blocks(self, text: str) -> Iterator[Block]:
        """Blocks of a piece, and of more where a quote in it is closed later."""
        lines = deque(io.StringIO(text, newline=""))

        def next_lines() -> Iterator[str]:
            while True:
                while lines:
                    self._lines += 1
                    yield lines.popleft()
                more = self._pieces.take()  # asked for within a quote only
                if not more:
                    return
                lines.extend(io.StringIO(self._pieces.text(more), newline=""))

        reader = records(next_lines(), self._head.sep, self._lines)
        width = len(self._head.names)
        while lines:
            rows: list[list[str]] = []
            with long_cells():
                while lines and len(rows) * width < CELLS:
                    row = next(reader)
                    if self._before:
                        self._before -= 1
                    else:
                        rows.append(row)
            self.digits = self.digits and all(cell.strip().isdigit() for r in rows for cell in r)
            rows = whole_rows(rows, self._head, self._n)
            if rows:
                yield self._fast.learned(rows)
            self._n += len(rows)


class _Fast:
    """Rows as Arrow reads them, and which columns should be numbers."""

    def __init__(self, head: Head, decimal: str, named: set[int]) -> None:
        self._sep, self._decimal, self._width = head.sep, decimal, len(head.names)
        self._named, self._texts = named, set(named)
        # Arrow knows separators of one byte; without it every row is read exactly, and slowly.
        self._never = len(head.sep.encode()) > 1 or find_spec("pyarrow") is None

    def learned(self, rows: list[list[str]]) -> Block:
        """A block of rows of texts; columns of finite numbers from 0 on become such."""
        n = len(rows)
        flat = [cell for row in rows for cell in row]
        values = column_floats(flat, self._decimal).reshape(n, -1)
        plain: Array = np.logical_and.reduce((values >= 0) & (values < np.inf), axis=0)
        plain[list(self._named)] = False
        if self._decimal == ",":  # "5,e3" is a number there, and a text by its looks
            doubtful = [k for k, cell in enumerate(flat) if ",e" in cell.lower()]
            plain[np.array(doubtful, dtype=np.intp) % self._width] = False
        others = np.flatnonzero(~plain).tolist()
        self._texts = set(others)
        cells = {k: [row[k] for row in rows] for k in others}
        return Block(n, values[:, plain], np.flatnonzero(plain), cells)

    def block(self, data: bytes) -> Block | None:
        """The rows of a piece, or None if it is to be read exactly."""
        if (
            self._never
            or b'"' in data
            or b"\0" in data
            or (self._sep == " " and _ragged_blanks(data))
        ):
            return None
        if self._width == 1 and self._texts:
            return None  # a blank line may be a text
        if self._decimal == "," and (b",e" in data or b",E" in data):
            return None
        import pyarrow as pa

        try:
            if self._width > WIDE and not self._texts:
                return self._wide(data)
            return self._columns(data)
        except pa.ArrowInvalid:
            return None

    def _columns(self, data: bytes) -> Block | None:
        import pyarrow as pa

        names = [str(k) for k in range(self._width)]
        types = {
            name: pa.string() if k in self._texts else pa.float64() for k, name in enumerate(names)
        }
        table = self._read(data, self._sep, names, types)
        numbers = [k for k in range(self._width) if k not in self._texts]
        matrix = np.empty((table.num_rows, len(numbers)))
        for j, k in enumerate(numbers):
            matrix[:, j] = table.column(k).to_numpy()
        if not _fine(matrix):
            return None
        cells = {k: _joined(table.column(k)) for k in sorted(self._texts)}
        return Block(table.num_rows, matrix, np.array(numbers, dtype=np.intp), cells)

    def _wide(self, data: bytes) -> Block | None:
        import pyarrow as pa

        data = data.replace(b"\r\n", b"\n").removesuffix(b"\n") + b"\n"
        marks = np.frombuffer(data, np.uint8)
        marks = marks[(marks == ord(self._sep)) | (marks == ord("\n")) | (marks == ord("\r"))]
        if marks.size % self._width:
            return None
        ends = marks.reshape(-1, self._width) == ord("\n")
        if not ends[:, -1].all() or ends[:, :-1].any():
            return None
        one = data.replace(self._sep.encode(), b"\n")
        matrix = self._read(one, ",", ["0"], {"0": pa.float64()}).column(0).to_numpy()
        if matrix.size != marks.size or not _fine(matrix):
            return None
        matrix = matrix.reshape(-1, self._width)
        return Block(len(matrix), matrix, np.arange(self._width), {})

    def _read(self, data: bytes, sep: str, names: list[str], types: dict[str, Any]) -> Any:
        import pyarrow as pa
        from pyarrow import csv

        wide = len(names) > 8
        return csv.read_csv(
            pa.BufferReader(data),
            read_options=csv.ReadOptions(
                column_names=names, block_size=len(data) + 1 if wide else 1 << 20
            ),
            parse_options=csv.ParseOptions(
                delimiter=sep, quote_char=False, ignore_empty_lines=False
            ),
            convert_options=csv.ConvertOptions(
                column_types=types,
                null_values=[],
                strings_can_be_null=False,
                decimal_point=self._decimal,
            ),
        )


def _fine(values: Array) -> bool:
    """Whether all are numbers from 0 on; of all others the text is asked for."""
    return bool(values.size == 0 or (values.min() >= 0 and values.max() < np.inf))


def _joined(column: Any) -> Any:
    import pyarrow as pa

    return pa.concat_arrays(column.chunks)


def _ragged_blanks(data: bytes) -> bool:
    """Whether blanks stand two together, or at the ends of lines: then no field is between."""
    return (
        any(x in data for x in (b"  ", b"\n ", b" \n", b"\r ", b" \r", b"\t"))
        or data[:1] == b" "
        or data[-1:] == b" "
    )
