"""The body of a register's answer, read within bounds of size."""

import zlib
from collections.abc import Callable, Iterator, Mapping
from typing import Any

CHUNK = 1 << 16
# zlib finds out itself whether it is gzip or deflate with a header.
EITHER_HEADER = 32 + zlib.MAX_WBITS
CODINGS = {"gzip", "x-gzip", "deflate"}


class Unreadable(Exception):
    """The body is longer than allowed, or not encoded as it says."""


class TooLong(Unreadable):
    """The body is longer than allowed."""


def read_body(raw: Any, headers: Mapping[str, str], *, longest: int) -> bytes:
    """The decoded body of a urllib3 response.

    Prevents that a register fills the memory with a body without end, or with a few bytes that decompress
    into gigabytes. The connection bounds the time that it takes. Raises Unreadable, or TooLong.
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
    # One more than is allowed is enough to see that it is too long.
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
