"""The options of the command `move`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

STEPS = ("read", "check", "write", "verify", "report", "forget")


def move_options(command: Any) -> None:
    """Add the options to the parser of the command."""
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
        choices=("copy", "fixture"),
        default="copy",
        help="write: a file for psql or one for loaddata (default %(default)s)",
    )
    command.add_argument("--rows", type=Path, metavar="FILE", help="verify: the output of verify.sql")
    command.add_argument(
        "--url", metavar="URL", help="verify: the base of the API of the target, to be asked too"
    )
    command.add_argument("--control", metavar="URL", help="verify: that of KlantBrug (default: public_url)")
    command.add_argument(
        "--sample", type=int, default=5, help="verify: of how many of a kind is asked (default %(default)s)"
    )
    command.add_argument("--yes", action="store_true", help="forget: without asking")
