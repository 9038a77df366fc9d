"""The options of the commands for authors of mappings, from `check` to `explain`."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from adapter.commands.beginning import new_dialect
from adapter.commands.mappings import check, convert, docs, explain, slots, test
from adapter.commands.options.shared import command, own


def mapping_options(commands: Any) -> None:
    """Add all of them."""
    _check(commands)
    _test(commands)
    _new_dialect(commands)
    _slots(commands)
    _convert(commands)
    _docs(commands)
    _explain(commands)


def _check(commands: Any) -> None:
    checking = command(
        commands,
        "check",
        check,
        "check mappings and configuration; silent when all is well",
        example="klantbrug check --config klantbrug.yaml --coverage",
    )
    checking.add_argument("--config", type=Path, metavar="FILE", help="check this configuration file too")
    own(checking)
    checking.add_argument("--coverage", action="store_true", help="print where every property lives")
    checking.add_argument("--filters", action="store_true", help="print how every filter is answered")


def _test(commands: Any) -> None:
    testing = command(
        commands,
        "test",
        test,
        "run the examples and the scenes of the mappings",
        example="klantbrug test partijen",
    )
    own(testing)
    testing.add_argument(
        "mapping", nargs="*", metavar="MAPPING", help="of these mappings only, such as partijen"
    )


def _new_dialect(commands: Any) -> None:
    beginning = command(
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


def _slots(commands: Any) -> None:
    giving = command(
        commands,
        "slots",
        slots,
        "pin the digits of new homes in records, by which what stands there keeps its uuids",
        example="klantbrug slots --mappings mappings",
    )
    own(giving)


def _convert(commands: Any) -> None:
    converting = command(
        commands,
        "convert",
        convert,
        "rewrite dialects of your own that say what a correspondence says already",
        example="klantbrug convert --mappings mappings",
    )
    own(converting)


def _docs(commands: Any) -> None:
    documenting = command(
        commands,
        "docs",
        docs,
        "write the reference of the mappings, and the JSON Schema of their language",
        example="klantbrug docs --to docs",
    )
    own(documenting)
    documenting.add_argument(
        "--to", type=Path, default=Path("docs"), metavar="DIR", help="the folder (default %(default)s)"
    )


def _explain(commands: Any) -> None:
    explaining = command(
        commands,
        "explain",
        explain,
        "show which register calls and mapping rules lead to the answer of a request",
        example="klantbrug explain GET 'klantcontacten?kanaal=telefoon' --demo",
    )
    explaining.add_argument("method", metavar="METHOD", help="GET, POST, PUT, PATCH or DELETE")
    explaining.add_argument("path", metavar="PATH", help="the path below the base path, with its query")
    explaining.add_argument("--json", type=Path, metavar="FILE", help="a file with the body")
    own(explaining)
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
