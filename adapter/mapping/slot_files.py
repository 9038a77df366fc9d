"""The `slots.yaml` of dialects: what is wrong with one, how it should be, and what mappings said before."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from adapter.dialects import Library
from adapter.mapping.correspondence_parts import filled_in, table
from adapter.mapping.files import Files, correspondences, laid_over, read_files, shown
from adapter.mapping.slot_needs import PARTS, SLOT, of_row
from adapter.mapping.slots import (
    DIGITS,
    SLOTS_FILE,
    Pins,
    Place,
    allotted,
    laid_over_pins,
    text_of,
    unserved,
)
from adapter.mapping.source import MappingError

ROW_SLOT = "row_slot"


@dataclass(slots=True)
class SlotCheck:
    """Looks at dialects, each after those that it extends, of which the mistakes are told once."""

    library: Library
    _right: dict[str, Pins] = field(default_factory=dict)
    _lacking: dict[str, set[str]] = field(default_factory=dict)

    def mistakes(self, files: Files) -> Iterator[MappingError]:
        """What is wrong with the digits of a dialect; none where `klantbrug slots` would change nothing."""
        inherited = self._right.get(files.chain[1], files.inherited) if files.chain[1:] else {}
        own = allotted(files.needs, files.own_pins, inherited)
        pins = laid_over_pins([own, inherited])
        self._right[files.dialect] = pins
        lacking = [*unserved(files.needs, pins)]
        told = self._lacking[files.dialect] = {f"{each.file}{each.position}" for each in lacking}
        before = self._lacking.get(files.chain[1], set()) if files.chain[1:] else set()
        yield from (each for each in lacking if f"{each.file}{each.position}" not in before)
        if told:
            return
        homes, file = {each.place: each for each in files.needs}, self._file(files.dialect)
        for place, digits in own.items():
            had = files.pins.get(place)
            if digits != had:
                now = f"has {' '.join(had)}" if had else "has none"
                lost = "" if had else f", or put back {SLOTS_FILE} if it had them"
                problem = (
                    f"{place[1]} needs the digits {' '.join(digits)} for its uuids, and {now} in {file}: run "
                    f"klantbrug slots{lost}"
                )
                home = homes.get(place)
                yield home.error(problem) if home else MappingError(file, (1, 1), problem)

    def _file(self, dialect: str) -> str:
        folder = self.library.folder(dialect)
        return shown(folder / SLOTS_FILE) if folder else dialect


def slot_files(library: Library, dialects: Sequence[str]) -> Iterator[tuple[Path, str]]:
    """The files of these dialects as they should be, where they are otherwise.

    Each is to be written before the next is asked for, which may inherit from it. Left out is that of a
    dialect in which a home can have no digit: `klantbrug check` says what to do. Raises MappingError.
    """
    for dialect in _bases_first(library, dialects):
        files, folder = read_files(library, dialect), library.folder(dialect)
        own = allotted(files.needs, files.own_pins, files.inherited)
        if folder is None or any(unserved(files.needs, laid_over_pins([own, files.inherited]))):
            continue
        path, text = folder / SLOTS_FILE, text_of(own, files.needs)
        if own and (not path.is_file() or path.read_text(encoding="utf-8") != text):
            yield path, text


def slot_mistakes(library: Library) -> list[MappingError]:
    """What is wrong with the digits in the dialects of the first folder. Raises MappingError."""
    check = SlotCheck(library)
    dialects = _bases_first(library, library.tried())
    return [each for dialect in dialects for each in check.mistakes(read_files(library, dialect))]


def _bases_first(library: Library, dialects: Sequence[str]) -> list[str]:
    return sorted(dialects, key=lambda each: (len(library.lineage(each)), each))


def taken_over(library: Library, dialect: str) -> tuple[Path, str] | None:
    """The file of a dialect with the digits that its own mapping files said once; None where they say none.

    What the file has already stays as it is. Raises MappingError.
    """
    files, folder = read_files(library, dialect), library.folder(dialect)
    said = {**dict(_of_homes(files)), **dict(_of_parts(library, files))}
    if folder is None or not said:
        return None
    return folder / SLOTS_FILE, text_of({**said, **files.own_pins}, files.needs)


def _of_homes(files: Files) -> Iterator[tuple[Place, tuple[str, ...]]]:
    for stem, (own, *_) in files.sources.items():
        if not own.file.endswith(f"/{files.dialect}/{stem}.yaml"):
            continue
        content = files.contents[stem]
        for name, home in table(own.content.get("homes")).items():
            inside = table(table(content.get("homes")).get(name)).get("inside")
            if digits := _digits(table(home).get(SLOT)):
                yield (str(inside), f"{content.get('resource')}.{name}"), digits


def _of_parts(library: Library, files: Files) -> Iterator[tuple[Place, tuple[str, ...]]]:
    layers = [correspondences(library, each) for each in files.chain]
    for stem, own in layers[0].items():
        whole = laid_over([each[stem] for each in layers if stem in each])
        for name, said in table(own.content.get(PARTS)).items():
            part = filled_in(whole, name) or {}
            of_link, of_rows = of_row(name, part)
            record = str(whole.get("correspondence"))
            if digits := _digits(table(said).get(SLOT)):
                yield (record, of_link or of_rows), digits
            if digits := _digits([table(said).get(ROW_SLOT)]):
                yield (record, of_rows), digits


def _digits(said: Any) -> tuple[str, ...]:
    found = said if isinstance(said, list) else []
    return tuple(str(each) for each in found if str(each) in DIGITS)
