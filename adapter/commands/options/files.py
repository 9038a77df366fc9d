"""The options of the commands that write everything to files: `export` and `move`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from adapter.commands.exporting import export, instant
from adapter.commands.move import move
from adapter.commands.options.shared import command, configured

STEPS = (
    "read",
    "check",
    "write",
    "verify",
    "shadow",
    "freeze",
    "unfreeze",
    "cutover",
    "back",
    "report",
    "forget",
)


def file_options(commands: Any) -> None:
    """Add both commands."""
    _export(commands)
    _move(commands)


def _export(commands: Any) -> None:
    exporting = command(
        commands,
        "export",
        export,
        "write everything of one kind, for management information",
        example="klantbrug export klantcontacten --since 2025-01-01 --format csv --to klantcontacten.csv \\\n"
        "    --config klantbrug.yaml",
    )
    configured(exporting)
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


def _move(commands: Any) -> None:
    moving = command(
        commands,
        "move",
        move,
        "move everything into the database of Open Klant, step by step",
        example="klantbrug move read --config klantbrug.yaml --folder move",
    )
    _steps(moving)
    configured(moving)


def _steps(command: Any) -> None:
    command.add_argument("step", choices=STEPS, metavar="STEP", help="what is done")
    command.add_argument(
        "--folder",
        type=Path,
        default=Path("move"),
        metavar="DIR",
        help="where the book and the files of the move are (default %(default)s)",
    )
    command.add_argument(
        "--book", metavar="ADDRESS", help="a PostgreSQL to keep the book in (default: a file in the folder)"
    )
    command.add_argument("--version", help="the version of the target, such as 2.18 (default: the latest)")
    command.add_argument(
        "--decisions",
        type=Path,
        metavar="FILE",
        help="what was decided (default: decisions.yaml in the folder)",
    )
    command.add_argument("--again", action="store_true", help="read: once more, and say what is different")
    command.add_argument(
        "--as",
        dest="form",
        choices=("copy", "fixture", "api"),
        default="copy",
        help="write: a file for psql, one for loaddata, or to the API at --url (default %(default)s)",
    )
    command.add_argument(
        "--lose", action="store_true", help="write --as api: although uuids and some dates are lost"
    )
    command.add_argument(
        "--at-once",
        type=int,
        choices=range(1, 33),
        default=1,
        metavar="N",
        help="write --as api: requests under way; lists keep their order with 1 (default %(default)s)",
    )
    command.add_argument(
        "--rate",
        type=float,
        default=0,
        metavar="N",
        help="write --as api: the most requests a second (default: as many as are answered)",
    )
    command.add_argument(
        "--rows", type=Path, metavar="FILE", help="verify, back: the output of verify.sql, to be compared"
    )
    command.add_argument(
        "--by-rows",
        action="store_true",
        help="cutover: without reading the target; what changes there is told by its rows (back --rows)",
    )
    command.add_argument(
        "--url", metavar="URL", help="verify, write --as api: the base of the API of the target"
    )
    command.add_argument("--control", metavar="URL", help="verify: that of KlantBrug (default: public_url)")
    command.add_argument(
        "--sample", type=int, default=5, help="verify: of how many of a kind is asked (default %(default)s)"
    )
    command.add_argument(
        "--wait",
        type=float,
        default=120,
        metavar="SECONDS",
        help="freeze: for writes that have begun (default %(default)s)",
    )
    command.add_argument(
        "--watch",
        type=float,
        default=10,
        metavar="SECONDS",
        help="freeze: to see that nobody else writes (default %(default)s)",
    )
    command.add_argument(
        "--unseen", action="store_true", help="freeze: although of some collections no list shows writes"
    )
    command.add_argument("--yes", action="store_true", help="forget, back: do it")
