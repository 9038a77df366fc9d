"""What options of several commands have in common."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import Any


def command(
    commands: Any, name: str, does: Callable[[argparse.Namespace], None], says: str, *, example: str
) -> Any:
    """A command with its one line of help, which begins with a small letter, and an example."""
    added = commands.add_parser(
        name,
        help=says,
        description=f"{says[0].upper()}{says[1:]}.",
        epilog=f"example:\n  {example}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    added.set_defaults(command=does)
    return added


def listening(command: Any, host_help: str, port: int, port_help: str) -> None:
    """Where it listens."""
    command.add_argument("--host", default="127.0.0.1", help=f"{host_help} (default %(default)s)")
    command.add_argument("--port", type=_port, default=port, help=port_help)


def configured(command: Any) -> None:
    """The configuration file."""
    command.add_argument("--config", type=Path, required=True, metavar="FILE", help="the configuration file")


def own(command: Any) -> None:
    """The folder with dialects of one's own."""
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
