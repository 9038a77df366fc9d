"""Reading of the body of a register's answer, with a limit on its size."""

import zlib
from collections.abc import Callable, Iterator, Mapping
from typing import Any

CHUNK = 1 << 16
# Tells zlib to recognise gzip and zlib headers.
EITHER_HEADER = 32 + zlib.MAX_WBITS
CODINGS = {"gzip", "x-gzip", "deflate"}


class Unreadable(Exception):
    """The body is longer than allowed, or does not have the encoding of its Content-Encoding."""


class TooLong(Unreadable):
    """The body is longer than allowed."""


def read_body(raw: Any, headers: Mapping[str, str], *, longest: int) -> bytes:
    """The decoded body of the urllib3 response `raw`, at most `longest` bytes.

    Prevents that an endless body, or a small one that decompresses into gigabytes, fills the memory. The
    connection limits the time. Raises Unreadable and TooLong.
    """
    coding = headers.get("Content-Encoding", "").strip().lower()
    if coding in ("", "identity"):
        return _joined(_pieces(raw), longest)
    if coding not in CODINGS:
        raise Unreadable
    decoder = zlib.decompressobj(EITHER_HEADER)
    try:
        return _joined(_decoded(_pieces(raw), decoder.decompress, longest), longest)
    except zlib.error:
        raise Unreadable from None


def _pieces(raw: Any) -> Iterator[bytes]:
    while piece := raw.read1(CHUNK, decode_content=False):
        yield piece


def _decoded(
    pieces: Iterator[bytes], decompress: Callable[[bytes, int], bytes], longest: int
) -> Iterator[bytes]:
    # One byte more than allowed shows that it is too long.
    for piece in pieces:
        yield decompress(piece, longest + 1)


def _joined(pieces: Iterator[bytes], longest: int) -> bytes:
    found, size = [], 0
    for piece in pieces:
        size += len(piece)
        if size > longest:
            raise TooLong
        found.append(piece)
    return b"".join(found)
