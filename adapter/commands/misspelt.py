"""Messages for misspelt commands and options, with the most similar one that exists."""

from __future__ import annotations

import argparse
from collections.abc import Mapping, Sequence
from difflib import get_close_matches


def subcommands(line: argparse.ArgumentParser) -> Mapping[str, argparse.ArgumentParser]:
    """The parsers of the commands by name, in the order of help."""
    # argparse has no public way to get at its subparsers.
    found = (each.choices for each in line._actions if isinstance(each, argparse._SubParsersAction))
    return {name: command for choices in found for name, command in choices.items()}


def check_names(line: argparse.ArgumentParser, given: Sequence[str]) -> None:
    """Exit with status 2 when the command, or an option of it, does not exist."""
    if not given or given[0].startswith("-"):
        return
    name, *arguments = given
    known = subcommands(line)
    if name not in known:
        line.error(f"there is no command {name}{_nearest(name, list(known))}")
    options = [option for action in known[name]._actions for option in action.option_strings]
    for argument in arguments:
        if argument == "--":
            return
        option = argument.partition("=")[0]
        # argparse accepts an unambiguous abbreviation of an option.
        if option.startswith("--") and not any(each.startswith(option) for each in options):
            known[name].error(f"there is no option {option}{_nearest(option, options)}")


def _nearest(name: str, names: Sequence[str]) -> str:
    near = get_close_matches(name, names, n=1)
    return f"; did you mean {near[0]}?" if near else ""
