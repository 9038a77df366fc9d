"""The generated pages of the documentation: the configuration and the commands.

`python -m adapter.handbook` writes them into docs/.
"""

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path

from adapter.cli import parser
from adapter.commands import misspelt
from adapter.configuration.page import page

COMMANDS = """\
# Commands

In a checkout, `make install` puts the command at `.venv/bin/klantbrug`. A command exits with status 0 when
all is well, 1 when something is wrong, and 2 when it was called wrongly. Errors and progress are written to
stderr, progress only on a terminal. `NO_COLOR` turns colours off. `klantbrug --version` prints the version.
"""


def pages() -> Iterator[tuple[str, str]]:
    """(file name, Markdown) of each generated page."""
    yield "configuration.md", page()
    yield "commands.md", "\n".join([COMMANDS, *map(_command, subcommands())])


def subcommands() -> list[argparse.ArgumentParser]:
    """The parsers of the commands, in the order in which help shows them."""
    return list(misspelt.subcommands(parser()).values())


def _command(command: argparse.ArgumentParser) -> str:
    rows = [_row(each) for each in command._actions if each.dest != "help"]
    table = ["| option | meaning |", "| --- | --- |", *rows, ""] if rows else []
    example = str(command.epilog).partition("\n")[2].strip()
    head = [f"## {command.prog}", "", str(command.description), "", "```sh", example, "```", ""]
    return "\n".join([*head, *table])


def _row(action: argparse.Action) -> str:
    name = "/".join(action.option_strings) or action.dest.upper()
    value = "" if action.nargs == 0 else action.metavar or action.dest.upper()
    shown = f"{name} {value}" if action.option_strings and value else str(value or name)
    said = (action.help or "") % {"default": action.default}
    choices = f": {', '.join(map(str, action.choices))}" if action.choices else ""
    needed = "; required" if action.required and action.nargs != "*" else ""
    return f"| `{shown}` | {said}{choices}{needed} |"


def write(folder: Path) -> None:
    """Write the generated pages into a folder."""
    for name, text in pages():
        (folder / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    write(Path(sys.argv[1] if len(sys.argv) > 1 else "docs"))
