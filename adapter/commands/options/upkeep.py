"""The options of the commands for operators, but for those that write files."""

from __future__ import annotations

from typing import Any

from adapter.commands.options.shared import command, configured
from adapter.commands.upkeep import doctor, journal, pseudonym, setup, sweep, token


def upkeep_options(commands: Any) -> None:
    """Add the commands about the state and the registers: `setup`, `journal`, `sweep`, `doctor`."""
    setting_up = command(
        commands,
        "setup",
        setup,
        "create KlantBrug's objecttypes in the Objects API",
        example="klantbrug setup --config klantbrug.yaml",
    )
    configured(setting_up)

    listing = command(
        commands,
        "journal",
        journal,
        "list the open writes, and the contacts that are held",
        example="klantbrug journal --config klantbrug.yaml",
    )
    configured(listing)
    listing.add_argument(
        "--drop", metavar="ID", help="forget this write, when a register will never let it be undone"
    )
    listing.add_argument("--yes", action="store_true", help="drop it without asking")
    parked = listing.add_mutually_exclusive_group()
    parked.add_argument(
        "--retry",
        metavar="UUID",
        help="send this contact again, that a register refused: what was wrong is mended",
    )
    parked.add_argument(
        "--fall-back",
        metavar="UUID",
        help="send this contact, that a register refused, to the fall-back group",
    )
    parked.add_argument(
        "--settle",
        metavar="RECORD",
        help="this second record of a contact was dealt with in the register: list and count it no more",
    )

    sweeping = command(
        commands,
        "sweep",
        sweep,
        "finish or undo abandoned writes, and remove orphans",
        example="klantbrug sweep --config klantbrug.yaml",
    )
    configured(sweeping)

    examining = command(
        commands,
        "doctor",
        doctor,
        "read all records of the registers, and report those with faults",
        example="klantbrug doctor --config klantbrug.yaml",
    )
    configured(examining)
    examining.add_argument(
        "--try-names",
        action="store_true",
        help="where contacts are gathered: ask the register whether it knows each name that no contact has, "
        "with a POST of a contact that it refuses in any case",
    )


def token_options(commands: Any) -> None:
    """Add the commands that print what a configuration needs: `token` and `pseudonym`."""
    making = command(
        commands,
        "token",
        token,
        "make a token for a client, and the hash to configure",
        example="klantbrug token",
    )
    making.add_argument(
        "--stdin", action="store_true", help="hash the token on the input instead of a new one"
    )

    hashing = command(
        commands,
        "pseudonym",
        pseudonym,
        "print by what the log of processing knows somebody, for each line of the input",
        example="echo 'BSN 999990019' | klantbrug pseudonym --config klantbrug.yaml",
    )
    configured(hashing)
