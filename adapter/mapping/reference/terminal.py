"""A page of headings, texts and tables for a terminal: as wide as it is, or as wide as it takes."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterable, Iterator, Sequence

from adapter.mapping.reference.blocks import Block, Heading, Paragraph, Table

GAP = 2
NARROWEST = 6
# Of one cell at most so many lines are shown.
MOST_LINES = 6
# Where a long text may go on at the next line: behind a blank, and behind what joins parts of a URL.
_PIECE = re.compile(r"[^ /&?,;|]*[ /&?,;|]*")


def plain(blocks: Iterable[Block], width: int | None = None) -> str:
    """The page; with `width` no line is longer than that, and long cells go on below."""
    return "\n\n".join(_plain(block, width) for block in blocks) + "\n"


def _plain(block: Block, width: int | None) -> str:
    if isinstance(block, Heading):
        lines = wrapped(block.text, width) if width else [block.text]
        underline = "=-"[min(block.level, 2) - 1] * max(map(len, lines))
        return "\n".join([*lines, underline])
    if isinstance(block, Paragraph):
        return textwrap.fill(block.text, width) if width else block.text
    return "\n".join(_table(block, width))


def _table(table: Table, width: int | None) -> Iterator[str]:
    lines = [table.headers, *table.rows]
    widths = [max(len(line[column]) for line in lines) for column in range(len(table.headers))]
    if width:
        widths = _fitted(widths, width - GAP * (len(widths) - 1))
    for line in lines:
        cells = [_cell(text, room) for text, room in zip(line, widths, strict=True)]
        for number in range(max(map(len, cells))):
            parts = (each[number] if number < len(each) else "" for each in cells)
            yield (
                (" " * GAP).join(part.ljust(room) for part, room in zip(parts, widths, strict=True)).rstrip()
            )


def _fitted(widths: Sequence[int], room: int) -> list[int]:
    """The widths, of which the largest give up what there is no room for."""
    found = list(widths)
    while sum(found) > room and max(found) > NARROWEST:
        widest = max(found)
        others = [each for each in found if each < widest]
        least = max(others, default=NARROWEST)
        many = found.count(widest)
        less = max(1, min(widest - max(least, NARROWEST), (sum(found) - room) // many))
        found = [each - less if each == widest else each for each in found]
    return found


def _cell(text: str, room: int) -> list[str]:
    if len(text) <= room:
        return [text]
    lines = wrapped(text, room)
    if len(lines) <= MOST_LINES:
        return lines
    shown = lines[: MOST_LINES - 1]
    left = f"… {sum(map(len, lines[MOST_LINES - 1 :]))} more"
    return [*shown, *wrapped(left, room)]


def wrapped(text: str, width: int) -> list[str]:
    """The text in lines of at most that width, parted where that can be read best."""
    lines = [""]
    for piece in _PIECE.findall(text):
        part = piece
        if lines[-1] and len(lines[-1]) + len(part.rstrip()) > width:
            lines.append("")
        while len(part.rstrip()) > width:
            lines[-1], part = part[:width], part[width:]
            lines.append("")
        lines[-1] += part
    return [each.rstrip() for each in lines if each.rstrip()] or [""]
