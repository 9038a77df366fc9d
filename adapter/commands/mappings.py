"""The commands for authors of mappings: `check`, `test`, `slots`, `convert`, `docs` and `explain`."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from adapter.commands.opening import (
    Failure,
    check_held,
    check_own,
    checked_mappings,
    chosen_dialect,
    configured,
    library_with,
    prepared,
    reason,
    together,
    writing,
)
from adapter.commands.terminal import progress, terminal_width

if TYPE_CHECKING:
    from adapter.dialects import Library
    from adapter.mapping.examples.trial import Outcome


def check(options: argparse.Namespace) -> None:
    """Check the mappings, and a configuration if one is given; calls no register."""
    library = library_with(options.mappings)
    with progress("Checking the mappings") as shown:
        if options.config:
            shown.at("Checking the configuration")
            adapter = prepared(options.config, options.mappings)
            adapter.close()
            check_held(adapter.configuration)
            library = adapter.configuration.library
        shown.at("Checking the mappings")
        checked_mappings(library)
    if options.coverage or options.filters:
        from adapter.explain.reference import coverage_tables, filter_tables  # noqa: PLC0415
        from adapter.mapping.reference.terminal import plain  # noqa: PLC0415

        blocks = [
            *(coverage_tables(library) if options.coverage else ()),
            *(filter_tables(library) if options.filters else ()),
        ]
        sys.stdout.write(plain(blocks, terminal_width()))


def test(options: argparse.Namespace) -> None:
    """Run the examples of every dialect, then its scenes; the same difference in several is reported once."""
    from adapter.mapping.source import MappingError  # noqa: PLC0415
    from adapter.scenes.run import play_scenes  # noqa: PLC0415
    from adapter.shipped import try_mappings  # noqa: PLC0415

    try:
        with progress("Checking the mappings") as shown:
            library = library_with(options.mappings)
            checked_mappings(library)
            only = _known(options.mapping, library)
            shown.at("Running the examples")
            tried = {
                dialect: [each for each in found if not only or each.resource in only]
                for dialect, found in try_mappings(library).items()
            }
            _expect_none_different("examples", tried)
            played = {
                dialect: list(
                    shown.each(play_scenes(library, dialect, only), f"Playing the scenes of {dialect}")
                )
                for dialect in tried
            }
            _expect_none_different("scenes", played)
    except MappingError as error:
        raise Failure(str(error)) from None
    counts = ", ".join(
        f"{len(tried[dialect])} and {len(played[dialect])} in dialect {dialect}" for dialect in tried
    )
    sys.stdout.write(f"all examples and scenes come out: {counts}\n")


def _known(names: list[str], library: Library) -> list[str]:
    """The given names of mappings. Raises Failure for one that no dialect has."""
    from adapter.mapping.language.grammar import way_out  # noqa: PLC0415
    from adapter.mapping.load import read_dialect  # noqa: PLC0415

    found = [read_dialect(library, dialect) for dialect in library.own() if names]
    known = {name for each in found for name in each.files}
    for name in names:
        if name not in known:
            raise Failure(f"there is no mapping {name}{way_out(name, known)}")
    return names


def _expect_none_different(what: str, outcomes: Mapping[str, Iterable[Outcome]]) -> None:
    from adapter.mapping.examples.telling import told  # noqa: PLC0415

    if different := list(told(outcomes)):
        raise Failure(f"these {what} do not come out:\n" + "\n".join(different))


def convert(options: argparse.Namespace) -> None:
    """Rewrite the files of dialects that are of an older form, and name them."""
    from adapter.mapping.converting import converted  # noqa: PLC0415
    from adapter.mapping.slot_files import taken_over  # noqa: PLC0415

    library = library_with(options.mappings)
    with writing():
        for dialect in library.tried():
            # before the lines that say them are gone
            if (pinned := taken_over(library, dialect)) is not None:
                pinned[0].write_text(pinned[1], encoding="utf-8", newline="")
                sys.stdout.write(f"{pinned[0]} has the digits that the mappings said\n")
            for path, text in converted(library, dialect):
                path.write_text(text, encoding="utf-8", newline="")
                sys.stdout.write(f"{path} is in the form of now\n")
        _write_slots(library)
    checked_mappings(library)


def slots(options: argparse.Namespace) -> None:
    """Give homes in records their digits, and name the files in which they are pinned."""
    from adapter.mapping.slot_files import slot_mistakes  # noqa: PLC0415

    library = library_with(options.mappings)
    with writing():
        _write_slots(library)
        mistakes = slot_mistakes(library)
    if mistakes:
        raise Failure(together("some homes have no digits:", map(str, mistakes)))


def _write_slots(library: Library) -> None:
    from adapter.mapping.slot_files import slot_files  # noqa: PLC0415

    for path, text in slot_files(library, library.tried()):
        path.write_text(text, encoding="utf-8", newline="")
        sys.stdout.write(f"{path} has the digits of every home; keep it with the mappings\n")


def docs(options: argparse.Namespace) -> None:
    """Write the reference of the mappings."""
    from adapter.explain.reference import files  # noqa: PLC0415

    library = library_with(options.mappings)
    checked_mappings(library)
    try:
        for name, text in files(library):
            path = options.to / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise Failure(reason(error)) from None


def explain(options: argparse.Namespace) -> None:
    """Do one request, and show which register calls and mapping rules led to its answer."""
    from adapter.explain.run import Order, Wrong, run  # noqa: PLC0415

    if options.config and options.method.upper() != "GET" and not options.write:
        raise Failure(f"{options.method.upper()} changes the registers; say --write if it should")
    library = library_with(options.mappings)
    dialect = chosen_dialect(library, options.dialect)
    configuration = configured(options.config, options.mappings) if options.config else None
    if configuration:
        library, dialect = configuration.library, configuration.dialect
    check_own(library, dialect)
    order = Order(
        options.method, options.path, options.json, configuration, dialect, options.write, options.mappings
    )
    try:
        values = options.demo if options.values is None else options.values
        terminal, html = run(order, values=values, width=terminal_width())
        if options.html:
            options.html.write_text(html, encoding="utf-8")
    except Wrong as wrong:
        raise Failure(str(wrong)) from None
    except OSError as error:
        raise Failure(reason(error)) from None
    sys.stdout.write(terminal)
