"""A page of headings, texts and tables, as Markdown and as HTML."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading; `level` 1 is the title of a page."""

    text: str
    level: int = 1


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A text."""

    text: str


@dataclass(frozen=True, slots=True)
class Table:
    """A table; the first column names what a row is about. Cells are plain text."""

    headers: Sequence[str]
    rows: Sequence[Sequence[str]]


Block = Heading | Paragraph | Table

SHORT = 20
STYLE = """
:root { color-scheme: light dark; }
body { font: 16px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 75rem; padding: 0 1rem; }
table { border-collapse: collapse; margin: 1rem 0; width: 100%; }
th, td { border-bottom: 1px solid #8886; padding: .35rem .6rem; text-align: left; vertical-align: top; }
thead th { border-bottom-width: 2px; }
tbody th { font-weight: 600; overflow-wrap: anywhere; }
td { overflow-wrap: anywhere; }
.short { white-space: nowrap; }
h1, h2 { line-height: 1.25; overflow-wrap: anywhere; }
h1 { font-size: 1.6rem; }
h2 { border-top: 1px solid #8886; margin-top: 2.5rem; padding-top: 1rem; }
@media print { body { max-width: none; } tr { break-inside: avoid; } }
"""


def markdown(blocks: Iterable[Block]) -> str:
    """The page as Markdown."""
    return "\n\n".join(_markdown(block) for block in blocks) + "\n"


def html(title: str, blocks: Iterable[Block]) -> str:
    """The page as one HTML file that needs nothing else."""
    body = "\n".join(_html(block) for block in blocks)
    head = f'<meta charset="utf-8"><title>{escape(title)}</title>'
    view = '<meta name="viewport" content="width=device-width">'
    return (
        f'<!doctype html>\n<html lang="en"><head>{head}{view}<style>{STYLE}</style></head>\n'
        f"<body>\n{body}\n</body></html>\n"
    )


def plain(blocks: Iterable[Block]) -> str:
    """The page for a terminal."""
    return "\n\n".join(_plain(block) for block in blocks) + "\n"


def _markdown(block: Block) -> str:
    if isinstance(block, Heading):
        return f"{'#' * block.level} {block.text}"
    if isinstance(block, Paragraph):
        return block.text
    lines = [block.headers, ["---"] * len(block.headers), *block.rows]
    return "\n".join(f"| {' | '.join(_cell(each) for each in line)} |" for line in lines)


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("*", "\\*").replace("<", "&lt;").replace("\n", " ")


def _html(block: Block) -> str:
    if isinstance(block, Heading):
        return f"<h{block.level}>{escape(block.text)}</h{block.level}>"
    if isinstance(block, Paragraph):
        return f"<p>{escape(block.text)}</p>"
    head = "".join(f'<th scope="col">{escape(each)}</th>' for each in block.headers)
    rows = "\n".join(f"<tr>{_row(each)}</tr>" for each in block.rows)
    return f"<table>\n<thead><tr>{head}</tr></thead>\n<tbody>\n{rows}\n</tbody></table>"


def _row(cells: Sequence[str]) -> str:
    first, *rest = cells
    head = f'<th scope="row"{_class(first)}>{escape(first)}</th>'
    return head + "".join(f"<td{_class(each)}>{escape(each)}</td>" for each in rest)


def _class(text: str) -> str:
    """Short cells stay on one line, so that the long ones get the room."""
    return ' class="short"' if len(text) <= SHORT else ""


def _plain(block: Block) -> str:
    if isinstance(block, Heading):
        underline = "=-"[min(block.level, 2) - 1] * len(block.text)
        return f"{block.text}\n{underline}"
    if isinstance(block, Paragraph):
        return block.text
    lines = [block.headers, *block.rows]
    widths = [max(len(line[column]) for line in lines) for column in range(len(block.headers))]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip()
        for line in lines
    )
