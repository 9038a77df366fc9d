"""The command line of `klantbrug`: its commands and their options."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from importlib.metadata import version

from adapter.commands.completion import SHELLS, completion
from adapter.commands.misspelt import check_names
from adapter.commands.opening import Failure
from adapter.commands.options.files import file_options
from adapter.commands.options.mappings import mapping_options
from adapter.commands.options.serving import serving_options
from adapter.commands.options.shared import command
from adapter.commands.options.upkeep import token_options, upkeep_options
from adapter.commands.terminal import alarming

FAILED = 1

EXAMPLES = """\
examples:
  klantbrug demo                              see it work on this machine
  klantbrug check --config klantbrug.yaml     is the configuration right?
  klantbrug setup --config klantbrug.yaml     make the objecttypes, once
  klantbrug serve --config klantbrug.yaml     serve the API
  klantbrug COMMAND --help                    more about a command
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; returns its exit status, 0 when all is well and 1 when not.

    Raises SystemExit with status 2 for a wrong command line.
    """
    given = sys.argv[1:] if arguments is None else list(arguments)
    line = parser()
    check_names(line, given)
    options = line.parse_args(given)
    does: Callable[[argparse.Namespace], None] = options.command
    try:
        does(options)
    except Failure as failure:
        sys.stderr.write(f"{alarming('klantbrug:', sys.stderr)} {failure}\n")
        return FAILED
    except KeyboardInterrupt:
        return FAILED
    return 0


def parser() -> argparse.ArgumentParser:
    """The commands and their options."""
    top = argparse.ArgumentParser(
        prog="klantbrug",
        description="Serves the Klantinteracties API over the registers that a municipality has.",
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    top.add_argument("--version", action="version", version=f"klantbrug {version('klantbrug')}")
    commands = top.add_subparsers(required=True, metavar="COMMAND")

    serving_options(commands)
    mapping_options(commands)
    upkeep_options(commands)
    file_options(commands)
    token_options(commands)
    completing = command(
        commands,
        "completion",
        completion,
        "print a script by which a shell completes these commands",
        example='eval "$(klantbrug completion bash)"',
    )
    completing.add_argument("shell", choices=SHELLS, metavar="SHELL", help="the shell")
    completing.set_defaults(line=top)
    return top


if __name__ == "__main__":
    sys.exit(main())
