"""Which homes in a record, and parts of gathered records, need digits of their own, and how many."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from adapter.mapping.correspondence_parts import Content, filled_in, table
from adapter.mapping.lowering import home_of
from adapter.mapping.slots import DIGITS, Need, Pins
from adapter.mapping.source import NodePath, Source

# The version digits of the uuids of what a home holds; a mapping says none.
SLOT = "slot"
AT_MOST = "at_most"
PARTS = "parts"
SLOT_FORMER = "leave it out, klantbrug slots gives digits; klantbrug convert keeps those of an older mapping"
# Without at_most: as many items of a list are served, and so many values in turn, of which all but the last
# went to live elsewhere.
ITEMS, VALUES = 5, 3

# What at_most may be.
NUMBERS = range(1, len(DIGITS) + 1)
OUTSIDE = f"{AT_MOST} is between 1 and {len(DIGITS)}, for all that stands in a record"

Sources = Mapping[str, Sequence[Source]]


def needs_of(
    contents: Mapping[str, Content],
    correspondences: Mapping[str, Content],
    sources: Sources,
    chains: Sources,
) -> Iterator[Need]:
    """All of a dialect, of which `contents` are the mapping files by name, and `sources` where they stand.

    `chains` is where its correspondences stand.
    """
    homes = [
        (stem, f"{content.get('resource')}.{name}", name, table(home))
        for stem, content in contents.items()
        for name, home in table(content.get("homes")).items()
    ]
    # what is misspelt would have its digits for ever
    known = {full for _, full, _, _ in homes}
    for stem, full, name, home in homes:
        if home.get("inside") in known:
            yield _need((home["inside"], full), home, sources[stem], ("homes", name))
    resources = {content.get("resource") for content in contents.values()}
    for stem, content in correspondences.items():
        if "gather" not in content:
            continue
        owner = home_of(content, contents)
        beside = f"{contents[owner[0]].get('resource')}.{owner[1]}" if owner else ""
        for name in table(content.get(PARTS)):
            found = _of_part(content, name, chains[stem])
            known_rows = (each for each in found if each.name.rpartition(".")[2] in resources)
            yield from (replace(each, beside=beside) for each in known_rows)


def _need(place: tuple[str, str], home: Content, sources: Sequence[Source], path: NodePath) -> Need:
    number = home.get(AT_MOST)
    exact = isinstance(number, int) and number in NUMBERS
    moves = "each" not in home and "read_only" not in home
    usual = ITEMS if "each" in home or "each_of" in home else VALUES if moves else 1
    source = next((each for each in sources if path in each.positions), sources[0])
    return Need(place, int(number or 0) if exact else usual, exact, source.file, source.position(path))


def _of_part(content: Content, name: str, sources: Sequence[Source]) -> Iterator[Need]:
    """A row that is recorded with the contact needs a digit, and so does one that no directory knows."""
    part, path = filled_in(content, name) or {}, (PARTS, name)
    record = str(content.get("correspondence"))
    of_link, of_rows = of_row(name, part)
    # a row of a gathered record never moves elsewhere: one digit is enough, or one for each item
    one = {"read_only": True}
    recorded = {**part, **one}
    if of_link:
        yield _need((record, of_link), recorded, sources, path)
    yield _need((record, of_rows), one if of_link or "by" in part else recorded, sources, path)


def of_row(name: str, part: Content) -> tuple[str, str]:
    """(part.resource of the links to the rows of a part, empty without; part.resource of the rows)."""
    link = str(part.get("via", "")).partition(".")[0]
    return f"{name}.{link}" if link else "", f"{name}.{part.get('each_of', part.get('one_of'))}"


def with_digits(contents: Mapping[str, dict[str, Any]], pins: Pins) -> dict[str, dict[str, Any]]:
    """The contents of mapping files, in which each home in a record has its digits."""
    return {stem: _with_digits(content, pins) for stem, content in contents.items()}


def _with_digits(content: dict[str, Any], pins: Pins) -> dict[str, Any]:
    homes = table(content.get("homes"))
    found = {}
    for name, home in homes.items():
        place = (str(table(home).get("inside")), f"{content.get('resource')}.{name}")
        if pins.get(place):
            found[name] = {**home, SLOT: list(pins[place])}
    return {**content, "homes": {**homes, **found}} if found else content
