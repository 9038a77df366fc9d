"""The command line of `klantbrug`: its commands and their options."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any

from adapter.commands.beginning import new_dialect
from adapter.commands.completion import SHELLS, completion
from adapter.commands.exporting import export, instant
from adapter.commands.mappings import check, docs, explain, test
from adapter.commands.misspelt import check_names
from adapter.commands.move import move
from adapter.commands.move_options import move_options
from adapter.commands.opening import Failure
from adapter.commands.running import demo, serve
from adapter.commands.terminal import alarming
from adapter.commands.upkeep import doctor, journal, pseudonym, setup, sweep, token

FAILED = 1
MOST_CONTACTS = 1_000_000

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
    command: Callable[[argparse.Namespace], None] = options.command
    try:
        command(options)
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

    serving = _command(
        commands,
        "serve",
        serve,
        "serve the API",
        example="klantbrug serve --config klantbrug.yaml --host 0.0.0.0 --workers 2",
    )
    _configured(serving)
    _listening(serving, "the address to listen on", 8000, "the port to listen on (default %(default)s)")
    serving.add_argument("--workers", type=int, default=1, help="how many processes (default %(default)s)")

    _add_demo(commands)

    checking = _command(
        commands,
        "check",
        check,
        "check mappings and configuration; silent when all is well",
        example="klantbrug check --config klantbrug.yaml --coverage",
    )
    checking.add_argument("--config", type=Path, metavar="FILE", help="check this configuration file too")
    _own(checking)
    checking.add_argument("--coverage", action="store_true", help="print where every property lives")
    checking.add_argument("--filters", action="store_true", help="print how every filter is answered")

    testing = _command(
        commands,
        "test",
        test,
        "run the examples and the scenes of the mappings",
        example="klantbrug test partijen",
    )
    _own(testing)
    testing.add_argument(
        "mapping", nargs="*", metavar="MAPPING", help="of these mappings only, such as partijen"
    )

    beginning = _command(
        commands,
        "new-dialect",
        new_dialect,
        "write a dialect of your own to begin with, and say what to do next",
        example="klantbrug new-dialect mijn-gemeente --extends openklant --mappings mappings",
    )
    beginning.add_argument("name", metavar="NAME", help="its name: small letters, digits and hyphens")
    beginning.add_argument(
        "--extends",
        metavar="DIALECT",
        required=True,
        help="the dialect of which it has all that it does not say itself",
    )
    beginning.add_argument(
        "--mappings",
        type=Path,
        default=Path("mappings"),
        metavar="DIR",
        help="the folder with dialects of your own (default %(default)s)",
    )

    documenting = _command(
        commands,
        "docs",
        docs,
        "write the reference of the mappings, and the JSON Schema of their language",
        example="klantbrug docs --to docs",
    )
    _own(documenting)
    documenting.add_argument(
        "--to", type=Path, default=Path("docs"), metavar="DIR", help="the folder (default %(default)s)"
    )

    explaining = _command(
        commands,
        "explain",
        explain,
        "show which register calls and mapping rules lead to the answer of a request",
        example="klantbrug explain GET 'klantcontacten?kanaal=telefoon' --demo",
    )
    explaining.add_argument("method", metavar="METHOD", help="GET, POST, PUT, PATCH or DELETE")
    explaining.add_argument("path", metavar="PATH", help="the path below the base path, with its query")
    explaining.add_argument("--json", type=Path, metavar="FILE", help="a file with the body")
    _own(explaining)
    explaining.add_argument(
        "--dialect",
        metavar="DIALECT",
        help="the dialect of the demonstration (default: the only one of --mappings, else openklant)",
    )
    asked = explaining.add_mutually_exclusive_group(required=True)
    asked.add_argument("--config", type=Path, metavar="FILE", help="call the registers of this configuration")
    asked.add_argument("--demo", action="store_true", help="call the registers of a demonstration")
    explaining.add_argument("--write", action="store_true", help="allow a request that changes registers")
    explaining.add_argument(
        "--values",
        action=argparse.BooleanOptionalAction,
        help="show personal values on the terminal (default: only those of a demonstration)",
    )
    explaining.add_argument(
        "--html", type=Path, metavar="FILE", help="also write an HTML page, without personal values"
    )

    _upkeep(commands)
    completing = _command(
        commands,
        "completion",
        completion,
        "print a script by which a shell completes these commands",
        example='eval "$(klantbrug completion bash)"',
    )
    completing.add_argument("shell", choices=SHELLS, metavar="SHELL", help="the shell")
    completing.set_defaults(line=top)
    return top


def _upkeep(commands: Any) -> None:
    setting_up = _command(
        commands,
        "setup",
        setup,
        "create KlantBrug's objecttypes in the Objects API",
        example="klantbrug setup --config klantbrug.yaml",
    )
    _configured(setting_up)

    listing = _command(
        commands,
        "journal",
        journal,
        "list the open writes",
        example="klantbrug journal --config klantbrug.yaml",
    )
    _configured(listing)
    listing.add_argument(
        "--drop", metavar="ID", help="forget this write, when a register will never let it be undone"
    )
    listing.add_argument("--yes", action="store_true", help="drop it without asking")

    sweeping = _command(
        commands,
        "sweep",
        sweep,
        "finish or undo abandoned writes, and remove orphans",
        example="klantbrug sweep --config klantbrug.yaml",
    )
    _configured(sweeping)

    examining = _command(
        commands,
        "doctor",
        doctor,
        "read all records of the registers, and report those with faults",
        example="klantbrug doctor --config klantbrug.yaml",
    )
    _configured(examining)

    _exporting(commands)
    _moving(commands)

    _tokens(commands)


def _tokens(commands: Any) -> None:
    making = _command(
        commands,
        "token",
        token,
        "make a token for a client, and the hash to configure",
        example="klantbrug token",
    )
    making.add_argument(
        "--stdin", action="store_true", help="hash the token on the input instead of a new one"
    )

    hashing = _command(
        commands,
        "pseudonym",
        pseudonym,
        "print by what the log of processing knows somebody, for each line of the input",
        example="echo 'BSN 999990019' | klantbrug pseudonym --config klantbrug.yaml",
    )
    _configured(hashing)


def _exporting(commands: Any) -> None:
    exporting = _command(
        commands,
        "export",
        export,
        "write everything of one kind, for management information",
        example="klantbrug export klantcontacten --since 2025-01-01 --format csv --to klantcontacten.csv \\\n"
        "    --config klantbrug.yaml",
    )
    _configured(exporting)
    exporting.add_argument("resource", metavar="RESOURCE", help="of which kind, such as klantcontacten")
    exporting.add_argument(
        "--since", type=instant, metavar="INSTANT", help="without what is known to be older"
    )
    exporting.add_argument(
        "--format",
        choices=("ndjson", "csv", "parquet"),
        default="ndjson",
        help="a line of JSON for each (ndjson, the default), or a table",
    )
    exporting.add_argument(
        "--to",
        type=Path,
        metavar="FILE",
        help="a new file, for parquet a folder (default: stdout); after a stop the same command goes on",
    )


def _moving(commands: Any) -> None:
    moving = _command(
        commands,
        "move",
        move,
        "move everything into the database of Open Klant, step by step",
        example="klantbrug move read --config klantbrug.yaml --folder move",
    )
    move_options(moving)
    _configured(moving)


def _add_demo(commands: Any) -> None:
    showing = _command(
        commands,
        "demo",
        demo,
        "start everything on this machine, with a made-up municipality",
        example="klantbrug demo --port 8000 --dialect vng",
    )
    _listening(showing, "the address that KlantBrug listens on", 0, "KlantBrug's port (default: a free one)")
    data = showing.add_mutually_exclusive_group()
    data.add_argument("--empty", action="store_true", help="without the municipality's data")
    data.add_argument(
        "--contacts",
        type=_contacts,
        default=0,
        metavar="N",
        help="a municipality with so many contacts, up to 1000000, and everything else in proportion",
    )
    showing.add_argument(
        "--data", type=Path, metavar="DIR", help="keep the data here (default: nothing is kept)"
    )
    _own(showing)
    showing.add_argument(
        "--dialect",
        metavar="DIALECT",
        help="the dialect of the registers (default: the only one of --mappings, else openklant)",
    )
    showing.add_argument(
        "--reverse",
        action="store_true",
        help="serve the old APIs, Klanten and Contactmomenten, from KlantBrug; PORT is theirs",
    )


def _command(
    commands: Any, name: str, command: Callable[[argparse.Namespace], None], says: str, *, example: str
) -> Any:
    added = commands.add_parser(
        name,
        help=says,
        description=f"{says[0].upper()}{says[1:]}.",
        epilog=f"example:\n  {example}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    added.set_defaults(command=command)
    return added


def _listening(command: Any, host_help: str, port: int, port_help: str) -> None:
    command.add_argument("--host", default="127.0.0.1", help=f"{host_help} (default %(default)s)")
    command.add_argument("--port", type=_port, default=port, help=port_help)


def _configured(command: Any) -> None:
    command.add_argument("--config", type=Path, required=True, metavar="FILE", help="the configuration file")


def _contacts(text: str) -> int:
    contacts = int(text)
    if not 0 < contacts <= MOST_CONTACTS:
        raise argparse.ArgumentTypeError(f"a municipality has between 1 and {MOST_CONTACTS} contacts")
    return contacts


def _own(command: Any) -> None:
    command.add_argument(
        "--mappings",
        type=Path,
        metavar="DIR",
        help="a folder with dialects of your own, beside those shipped",
    )


def _port(text: str) -> int:
    port = int(text)
    if not 0 <= port < 1 << 16:
        raise argparse.ArgumentTypeError("a port is between 0 and 65535")
    return port


if __name__ == "__main__":
    sys.exit(main())
