"""The commands for who keeps a deployment: objecttypes, the journal, tokens."""

from __future__ import annotations

import argparse
import secrets
import sys
import time

from adapter.commands.opening import Failure, opened, prepared, state_failures

TOKEN_BYTES = 32


def setup(options: argparse.Namespace) -> None:
    """Create or update objecttypes, and say what was done."""
    from adapter.errors import RegisterError, RegisterUnavailable  # noqa: PLC0415
    from adapter.registers.objecttypes import ObjecttypeRefused  # noqa: PLC0415
    from adapter.state.opening import is_server, set_up  # noqa: PLC0415

    deployment = prepared(options.config)
    try:
        done = set_up(deployment.configuration.state)
        if is_server(deployment.configuration.state):
            sys.stdout.write(f"journal: {done or 'no'} migrations done\n")
        for outcome in deployment.set_up():
            sys.stdout.write(f"{outcome.name}: {outcome.done}, version {outcome.version}, {outcome.url}\n")
    except ObjecttypeRefused as refused:
        raise Failure(str(refused)) from None
    except RegisterError as error:
        down = isinstance(error, RegisterUnavailable)
        what = "cannot be reached; is its api_root right?" if down else "does not answer as it should"
        raise Failure(f"the register {error.register} {what}") from None
    finally:
        deployment.close()


def journal(options: argparse.Namespace) -> None:
    """Print every write that is not finished, with its steps; no values."""
    from adapter.state.telling import open_writes  # noqa: PLC0415

    with opened(options.config) as state:
        for line in open_writes(state):
            sys.stdout.write(f"{line}\n")


def sweep(options: argparse.Namespace) -> None:
    """Sweep the journal once, and say what is left; a process that serves does so by itself."""
    from adapter.translation.undoing import Recovery  # noqa: PLC0415

    deployment = prepared(options.config)
    try:
        with state_failures():
            left = Recovery(deployment.world()).sweep(time.time())
    finally:
        deployment.close()
    sys.stdout.write(f"writes left behind: {left}\n")


def token(options: argparse.Namespace) -> None:
    """Print a token and its hash, or only the hash of a given one."""
    from adapter.api.tokens import hash_token  # noqa: PLC0415

    if options.stdin:
        given = sys.stdin.readline().strip()
        if not given or " " in given:
            raise Failure("the token on the input is empty or has a space in it")
        sys.stdout.write(f"hash: {hash_token(given)}\n")
        return
    made = secrets.token_urlsafe(TOKEN_BYTES)
    sys.stdout.write(f"token: {made}\nhash: {hash_token(made)}\n")
