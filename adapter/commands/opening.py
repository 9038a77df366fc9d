"""What commands open before they can begin, and how they end when that fails."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from adapter.configuration import Configuration, ConfigurationInvalid
    from adapter.main import Adapter
    from adapter.state.opening import State


class Failure(Exception):
    """What ends a command with a message instead of a traceback."""


def configured(path: Path) -> Configuration:
    """The configuration in a file."""
    from adapter.configuration import ConfigurationInvalid, load  # noqa: PLC0415

    try:
        return load(path)
    except ConfigurationInvalid as invalid:
        raise _unusable(path, invalid) from None
    except UnicodeDecodeError:
        raise Failure(f"{path} is not a text file in UTF-8") from None
    except OSError as error:
        raise Failure(reason(error)) from None


def prepared(path: Path) -> Adapter:
    """The deployment that a file describes; the caller closes it."""
    configuration = configured(path)
    from adapter.configuration import ConfigurationInvalid  # noqa: PLC0415
    from adapter.main import prepare  # noqa: PLC0415
    from adapter.mapping.source import MappingError  # noqa: PLC0415

    try:
        return prepare(configuration)
    except ConfigurationInvalid as invalid:
        raise _unusable(path, invalid) from None
    except MappingError as error:
        raise Failure(str(error)) from None


def _unusable(path: Path, invalid: ConfigurationInvalid) -> Failure:
    return Failure(together(f"{path} cannot be used:", map(str, invalid.problems)))


@contextmanager
def opened(path: Path) -> Iterator[State]:
    """The state of a configuration."""
    from adapter.state.opening import open_state  # noqa: PLC0415

    with state_failures():
        state = open_state(configured(path).state)
        try:
            yield state
        finally:
            state.close()


@contextmanager
def state_failures() -> Iterator[None]:
    """Within this, a state that cannot be opened ends the command."""
    from adapter.state.errors import StateNotSetUp, StateUnavailable  # noqa: PLC0415

    try:
        yield
    except StateNotSetUp:
        raise Failure("the database of the journal is not set up: run klantbrug setup") from None
    except StateUnavailable:
        raise Failure("the journal cannot be opened: see the setting state") from None


def checked_mappings() -> None:
    """End the command when there is a mistake in any mapping."""
    from adapter.shipped import check_mappings  # noqa: PLC0415

    mistakes = check_mappings()
    if mistakes:
        raise Failure(together("the mappings cannot be used:", map(str, mistakes)))


def check_port(host: str, port: int) -> None:
    """End the command when somebody listens there already; port 0 is always free."""
    import os  # noqa: PLC0415
    import socket  # noqa: PLC0415

    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
        for family, _, _, _, address in found[:1]:
            socket.create_server(address[:2], family=family).close()
    except OSError as error:
        # What socket says itself repeats the address.
        known = error.errno is not None and error.errno > 0
        what = os.strerror(error.errno or 0) if known else reason(error)
        raise Failure(f"cannot listen at port {port} of {host}: {what.lower()}") from None


def together(what: str, problems: Iterable[str]) -> str:
    """What is wrong: on the first line when it is one thing, else each on a line of its own."""
    first, *others = problems
    return f"{what} {first}" if not others else "\n  ".join((what, first, *others))


def reason(error: OSError) -> str:
    """What went wrong with a file or an address."""
    return ": ".join(filter(None, (str(error.filename or ""), error.strerror or str(error))))


@contextmanager
def register_failures() -> Iterator[None]:
    """A register that fails, in one line."""
    from adapter.errors import NotPermitted, RegisterError, RegisterUnavailable  # noqa: PLC0415

    try:
        yield
    except RegisterError as error:
        what = "does not answer as it should"
        if isinstance(error, NotPermitted):
            what = "does not let its token read all that is needed: klantbrug setup says what"
        elif isinstance(error, RegisterUnavailable):
            what = "cannot be reached; is its api_root right?"
        raise Failure(f"the register {error.register} {what}") from None


def checked_rights(adapter: Adapter) -> None:
    """End the command when the token for the Objects API does not let us read and change what we need."""
    with register_failures():
        lacking = adapter.lacking()
    if lacking.told:
        lines = "\n".join(f"  {each}" for each in lacking.told)
        what = "the token for the register objects lacks permissions; give it these in the Objects API:"
        raise Failure(f"{what}\n{lines}")
