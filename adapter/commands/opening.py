"""Opening of configurations, registers and the state for commands, with a message when that fails."""

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
    """A command ends with status 1 and this message."""


def configured(path: Path) -> Configuration:
    """The configuration in a file. Raises Failure."""
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
    """The deployment that a configuration file describes; the caller closes it. Raises Failure."""
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
    """The state of the deployment in a configuration file, open as long as the context lasts."""
    from adapter.state.opening import open_state  # noqa: PLC0415

    with state_failures():
        state = open_state(configured(path).state)
        try:
            yield state
        finally:
            state.close()


@contextmanager
def state_failures() -> Iterator[None]:
    """Turns errors of the state into Failure."""
    from adapter.state.errors import StateNotSetUp, StateUnavailable  # noqa: PLC0415

    try:
        yield
    except StateNotSetUp:
        raise Failure("the database of the journal is not set up: run klantbrug setup") from None
    except StateUnavailable:
        raise Failure("the journal cannot be opened: see the setting state") from None


@contextmanager
def telemetry_failures() -> Iterator[None]:
    """Turns what is wrong with the variables of OpenTelemetry into Failure."""
    from adapter.telemetry.environment import TelemetryInvalid  # noqa: PLC0415

    try:
        yield
    except TelemetryInvalid as invalid:
        raise Failure(str(invalid)) from None


def check_telemetry(workers: int) -> None:
    """Raise Failure when so many processes cannot measure what the environment asks for."""
    import os  # noqa: PLC0415

    from adapter.telemetry.environment import METRICS_EXPORTER, TelemetryInvalid, wanted  # noqa: PLC0415

    with telemetry_failures():
        if workers > 1 and wanted(os.environ).prometheus:
            reason = "names prometheus, which reads one process: use --workers 1, or otlp"
            raise TelemetryInvalid(METRICS_EXPORTER, reason)


def checked_mappings() -> None:
    """Raise Failure with all mistakes in the mappings, if there are any."""
    from adapter.shipped import check_mappings  # noqa: PLC0415

    mistakes = check_mappings()
    if mistakes:
        raise Failure(together("the mappings cannot be used:", map(str, mistakes)))


def check_port(host: str, port: int) -> None:
    """Raise Failure when the port cannot be listened on; port 0 stands for any free one."""
    import os  # noqa: PLC0415
    import socket  # noqa: PLC0415

    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
        for family, _, _, _, address in found[:1]:
            socket.create_server(address[:2], family=family).close()
    except OSError as error:
        # The text of the error itself would repeat the address.
        known = error.errno is not None and error.errno > 0
        what = os.strerror(error.errno or 0) if known else reason(error)
        raise Failure(f"cannot listen at port {port} of {host}: {what.lower()}") from None


def together(what: str, problems: Iterable[str]) -> str:
    """A message with problems: one on the same line, or several on lines of their own."""
    first, *others = problems
    return f"{what} {first}" if not others else "\n  ".join((what, first, *others))


def reason(error: OSError) -> str:
    """The message for an error with a file or an address: `config.yaml: No such file or directory`."""
    return ": ".join(filter(None, (str(error.filename or ""), error.strerror or str(error))))


@contextmanager
def register_failures() -> Iterator[None]:
    """Turns errors of a register into Failure."""
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
    """Raise Failure when the token for the Objects API lacks a permission that KlantBrug needs."""
    with register_failures():
        lacking = adapter.lacking()
    if lacking.sentences:
        lines = "\n".join(f"  {each}" for each in lacking.sentences)
        what = "the token for the register objects lacks permissions; give it these in the Objects API:"
        raise Failure(f"{what}\n{lines}")
