"""The command `completion`: a script by which a shell completes the other commands."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from adapter.commands.misspelt import subcommands
from adapter.dialects import SHIPPED

SHELLS = ("bash", "zsh", "tcsh")


def completion(options: argparse.Namespace) -> None:
    """Print a script for a shell; it completes commands, options, their choices and file names.

    Of dialects it knows the shipped ones; other names are taken as well.
    """
    import shtab  # noqa: PLC0415

    for command in subcommands(options.line).values():
        for action in command._actions:
            if action.type is Path:
                kind = shtab.DIRECTORY if action.metavar == "DIR" else shtab.FILE
                action.complete = kind  # type: ignore[attr-defined]
            elif action.metavar == "DIALECT":
                action.choices = SHIPPED.dialects()
    sys.stdout.write(shtab.complete(options.line, options.shell) + "\n")
