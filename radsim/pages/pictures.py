r"""Pictures of a run's folder: what is no picture, or too large a one, is refused."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from xml.etree import ElementTree

__all__ = ["PICTURES", "checked_picture", "png_size", "readable_width", "said_of"]

PICTURES = {".svg": "image/svg+xml", ".png": "image/png"}
MOST_PIXELS = 100_000_000
_MOST_SAID = 1000  # characters of a picture's sentence
_PNG = b"\x89PNG\r\n\x1a\n"


def png_size(content: bytes) -> tuple[int, int]:
    r"""Width and height of a PNG that was checked.

    Examples
    --------
    >>> png_size(b"\x89PNG\r\n\x1a\n\x00\x00\x00\x0dIHDR\x00\x00\x00\x02\x00\x00\x00\x01")
    (2, 1)
    """
    return int.from_bytes(content[16:20], "big"), int.from_bytes(content[20:24], "big")


def readable_width(content: bytes, kind: str) -> int:
    r"""Pixels below which the letters of a picture are too small to be read.

    An SVG of ours is in points, a PNG has 150 dots an inch and, in studies, smaller names.  A
    narrow page scrolls to the side inside the picture's frame rather than make it smaller.

    Examples
    --------
    >>> svg = b'<svg xmlns="http://www.w3.org/2000/svg" width="504pt" height="360pt"/>'
    >>> readable_width(svg, "image/svg+xml")
    478
    """
    if kind == "image/png":
        return min(900, png_size(content)[0] * 90 // 150)
    try:
        return min(900, int(0.95 * float(ElementTree.fromstring(content).get("width", "")[:-2])))
    except (ElementTree.ParseError, ValueError, OverflowError):
        return 0


def said_of(content: bytes, kind: str) -> str:
    """The sentence that a checked picture holds of itself, its description; empty without one."""
    if kind == "image/svg+xml":
        found = ElementTree.fromstring(content).find(".//{*}description")
        text = "" if found is None else "".join(found.itertext())
    else:
        # iTXt: keyword, its end, not compressed, language and translated keyword empty; UTF-8.
        head = b"Description" + bytes(5)
        texts = (body for name, body in _chunks(content) if name == b"iTXt")
        text = next((x[len(head) :].decode(errors="replace") for x in texts if x[:16] == head), "")
    return " ".join(text.split())[:_MOST_SAID]


def _chunks(content: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Names and contents of the chunks of a PNG, whose checksums must be right."""
    k = len(_PNG)
    while k < len(content):
        size = int.from_bytes(content[k : k + 4], "big")
        body, check = content[k + 4 : k + 8 + size], content[k + 8 + size : k + 12 + size]
        if len(check) != 4 or zlib.crc32(body) != int.from_bytes(check, "big"):
            raise ValueError("a damaged PNG")
        yield body[:4], body[4:]
        k += 12 + size


def checked_picture(content: bytes, suffix: str) -> bytes:
    """Give a picture back if it is one.

    A page shows it as an image alone, in which no script runs and nothing is fetched.

    Parameters
    ----------
    content : bytes
    suffix : {".svg", ".png"}

    Returns
    -------
    bytes

    Raises
    ------
    ValueError
        If it is none of its kind, or has more pixels than a page can show.

    Examples
    --------
    >>> checked_picture(b"<html/>", ".svg")
    Traceback (most recent call last):
    ...
    ValueError: no SVG
    """
    if suffix == ".svg":
        # Entities are how a small SVG becomes a large one, or reads other files.
        if b"<!ENTITY" in content or not content.lstrip()[:1] == b"<":
            raise ValueError("no SVG that is plain")
        try:
            root = ElementTree.fromstring(content)
        except (ElementTree.ParseError, ValueError, LookupError) as error:
            raise ValueError(f"no SVG: {error}") from None
        if root.tag != "{http://www.w3.org/2000/svg}svg":
            raise ValueError("no SVG")
        return content
    if not content.startswith(_PNG):
        raise ValueError("no PNG")
    names = [name for name, _ in _chunks(content)]
    if names[:1] != [b"IHDR"] or names[-1:] != [b"IEND"] or b"IDAT" not in names:
        raise ValueError("a damaged PNG")
    width, height = png_size(content)
    if width * height > MOST_PIXELS:
        raise ValueError(f"more than {MOST_PIXELS:,} pixels")
    return content
