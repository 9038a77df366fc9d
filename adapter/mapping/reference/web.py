"""A page of headings, texts and tables as one HTML file that needs nothing else, also on a small screen."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from html import escape

from adapter.mapping.reference.blocks import Block, Heading, Paragraph, Table

SHORT = 20
EVERY = "every dialect"
STYLE = """
:root { color-scheme: light dark; }
* { box-sizing: border-box; }
body { font: 16px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 75rem; padding: 0 1rem; }
table { border-collapse: collapse; margin: 1rem 0; width: 100%; }
th, td { border-bottom: 1px solid #8886; padding: .35rem .6rem; text-align: left; vertical-align: top; }
thead th { border-bottom-width: 2px; }
tbody th { font-weight: 600; overflow-wrap: anywhere; }
td, p, li { overflow-wrap: anywhere; }
.short { white-space: nowrap; }
h1, h2, h3 { line-height: 1.25; overflow-wrap: anywhere; }
h1 { font-size: 1.6rem; }
h2 { border-top: 1px solid #8886; margin-top: 2.5rem; padding-top: 1rem; }
h2 a, h3 a { color: inherit; text-decoration: none; }
h2 a:hover::after, h3 a:hover::after { content: " #"; }
nav ul { columns: 14rem; padding-left: 1.2rem; }
form { background: Canvas; display: flex; flex-wrap: wrap; gap: .5rem 1rem; padding: .5rem 0; }
form { position: sticky; top: 0; }
input, select { font: inherit; max-width: 100%; }
[hidden] { display: none !important; }
@media (max-width: 45rem) {
  table, tbody, tr, th, td { display: block; }
  thead { display: none; }
  tr { border-bottom: 2px solid #8886; padding: .4rem 0; }
  th, td { border: 0; padding: .1rem 0; }
  td:empty { display: none; }
  td[data-of]::before { content: attr(data-of) ": "; opacity: .7; }
  .short { white-space: normal; }
}
@media print { body { max-width: none; } form { display: none; } tr { break-inside: avoid; } }
"""
# Without it everything is shown.
SCRIPT = """
const form = document.querySelector("form");
const all = (where, what) => [...where.querySelectorAll(what)];
function show() {
  const text = form.elements.search.value.trim().toLowerCase(), dialect = form.elements.dialect.value;
  const other = names => Boolean(names && dialect && !names.split(" ").includes(dialect));
  for (const cell of all(document, "[data-dialect]")) cell.hidden = other(cell.dataset.dialect);
  for (const part of all(document, "section section")) {
    const rows = all(part, "tbody tr");
    for (const row of rows) row.hidden = !row.textContent.toLowerCase().includes(text);
    part.hidden = other(part.dataset.dialects) || (text !== "" && rows.every(row => row.hidden));
  }
  for (const part of all(document, "main > section")) {
    const parts = all(part, "section");
    part.hidden = parts.length > 0 && parts.every(each => each.hidden);
    document.querySelector(`nav a[href="#${part.id}"]`).parentElement.hidden = part.hidden;
  }
}
form.hidden = false;
form.addEventListener("input", show);
form.addEventListener("submit", event => event.preventDefault());
"""


def html(title: str, blocks: Iterable[Block]) -> str:
    """The page, as it is read from begin to end."""
    return _document(title, "\n".join(_html(block) for block in blocks))


def reference(title: str, about: str, blocks: Iterable[Block], dialects: Sequence[str]) -> str:
    """A page to look things up in: contents, anchors, a search, and a choice of dialect.

    The headings of level 2 and 3 are its parts; those of one dialect only say so.
    """
    parts = list(blocks)
    links = "\n".join(
        f'<li><a href="#{_slug(each.text)}">{escape(each.text)}</a></li>'
        for each in parts
        if isinstance(each, Heading) and each.level == 2
    )
    options = "".join(f"<option>{escape(each)}</option>" for each in dialects)
    form = (
        '<form hidden><label>Search <input type="search" name="search"></label>'
        f'<label>Dialect <select name="dialect"><option value="">{EVERY}</option>{options}</select></label>'
        "</form>"
    )
    body = (
        f"<h1>{escape(title)}</h1>\n<p>{escape(about)}</p>\n"
        f'<nav aria-label="Contents"><ul>\n{links}\n</ul></nav>\n{form}\n'
        f"<main>\n{''.join(_sections(parts, dialects))}</main>\n<script>{SCRIPT}</script>"
    )
    return _document(title, body)


def _document(title: str, body: str) -> str:
    head = f'<meta charset="utf-8"><title>{escape(title)}</title>'
    view = '<meta name="viewport" content="width=device-width">'
    return (
        f'<!doctype html>\n<html lang="en"><head>{head}{view}<style>{STYLE}</style></head>\n'
        f"<body>\n{body}\n</body></html>\n"
    )


def _sections(blocks: Iterable[Block], dialects: Sequence[str]) -> Iterator[str]:
    """The parts, each with what belongs to it; the anchor of a smaller one begins with that of the larger."""
    open_parts: list[str] = []
    for block in blocks:
        if not isinstance(block, Heading):
            yield f"{_html(block, dialects)}\n"
            continue
        while len(open_parts) > block.level - 2:
            open_parts.pop()
            yield "</section>\n"
        anchor = "-".join([*open_parts[:1], _slug(block.text)])
        open_parts.append(anchor)
        only = f' data-dialects="{" ".join(block.dialects)}"' if block.dialects else ""
        link = f'<a href="#{anchor}">{escape(block.text)}</a>'
        yield f'<section id="{anchor}"{only}>\n<h{block.level}>{link}</h{block.level}>\n'
    yield "</section>\n" * len(open_parts)


def _slug(text: str) -> str:
    return re.sub("[^a-z0-9]+", "-", text.lower()).strip("-")


def _html(block: Block, dialects: Sequence[str] = ()) -> str:
    if isinstance(block, Heading):
        return f"<h{block.level}>{escape(block.text)}</h{block.level}>"
    if isinstance(block, Paragraph):
        return f"<p>{escape(block.text)}</p>"
    assert isinstance(block, Table)
    only = [f' data-dialect="{each}"' if each in dialects else "" for each in block.headers]
    head = "".join(
        f'<th scope="col"{one}>{escape(each)}</th>' for each, one in zip(block.headers, only, strict=True)
    )
    rows = "\n".join(f"<tr>{_row(block.headers, each, only)}</tr>" for each in block.rows)
    return f"<table>\n<thead><tr>{head}</tr></thead>\n<tbody>\n{rows}\n</tbody></table>"


def _row(headers: Sequence[str], cells: Sequence[str], only: Sequence[str]) -> str:
    first, *rest = cells
    found = f'<th scope="row"{_class(first)}>{escape(first)}</th>'
    for name, one, text in zip(headers[1:], only[1:], rest, strict=True):
        found += f'<td{_class(text)}{one} data-of="{escape(name)}">{escape(text)}</td>'
    return found


def _class(text: str) -> str:
    """Short cells stay on one line, so that the long ones get the room."""
    return ' class="short"' if len(text) <= SHORT else ""
