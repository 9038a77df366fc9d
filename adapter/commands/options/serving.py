"""The options of the commands `serve` and `demo`."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from adapter.commands.options.shared import command, configured, listening, own
from adapter.commands.running import demo, serve

MOST_CONTACTS = 1_000_000


def serving_options(commands: Any) -> None:
    """Add both commands."""
    serving = command(
        commands,
        "serve",
        serve,
        "serve the API",
        example="klantbrug serve --config klantbrug.yaml --host 0.0.0.0 --workers 2",
    )
    configured(serving)
    listening(serving, "the address to listen on", 8000, "the port to listen on (default %(default)s)")
    serving.add_argument("--workers", type=int, default=1, help="how many processes (default %(default)s)")
    _demo(commands)


def _demo(commands: Any) -> None:
    showing = command(
        commands,
        "demo",
        demo,
        "start everything on this machine, with a made-up municipality",
        example="klantbrug demo --port 8000 --dialect vng",
    )
    listening(showing, "the address that KlantBrug listens on", 0, "KlantBrug's port (default: a free one)")
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
    own(showing)
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


def _contacts(text: str) -> int:
    contacts = int(text)
    if not 0 < contacts <= MOST_CONTACTS:
        raise argparse.ArgumentTypeError(f"a municipality has between 1 and {MOST_CONTACTS} contacts")
    return contacts
