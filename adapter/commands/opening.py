"""Opening of configurations, registers and the state for commands, with a message when that fails."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from adapter.dialects import SHIPPED, Library

if TYPE_CHECKING:
    from adapter.configuration import Configuration, ConfigurationInvalid
    from adapter.main import Adapter
    from adapter.state.opening import State


USUAL_DIALECT = "openklant"


class Failure(Exception):
    """A command ends with status 1 and this message."""


def configured(path: Path, mappings: Path | None = None) -> Configuration:
    """The configuration in a file, with another folder of own mappings if one is given. Raises Failure."""
    from adapter.configuration import ConfigurationInvalid, load  # noqa: PLC0415

    try:
        return load(path, mappings=mappings)
    except ConfigurationInvalid as invalid:
        raise _unusable(path, invalid) from None
    except UnicodeDecodeError:
        raise Failure(f"{path} is not a text file in UTF-8") from None
    except OSError as error:
        raise Failure(reason(error)) from None


def prepared(path: Path, mappings: Path | None = None) -> Adapter:
    """The deployment that a configuration file describes; the caller closes it. Raises Failure.

    Mappings of the municipality's own have passed the check then, as those that come with KlantBrug have.
    """
    configuration = configured(path, mappings)
    check_own(configuration.library, configuration.dialect)
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


def check_held(configuration: Configuration) -> None:
    """Raise Failure when contacts are held with a key that the configuration does not have.

    A state that is not there yet, or does not answer now, holds nothing that is known.
    """
    settings = configuration.gathering
    from adapter.state.opening import is_server, open_state  # noqa: PLC0415

    if settings is None or not (is_server(configuration.state) or Path(configuration.state).is_file()):
        return
    from adapter.gathering.keys import check_keys  # noqa: PLC0415
    from adapter.gathering.sealing import KeyMissing, Keyring  # noqa: PLC0415
    from adapter.state.errors import StateNotSetUp, StateUnavailable  # noqa: PLC0415

    with suppress(StateUnavailable, StateNotSetUp):
        state = open_state(configuration.state)
        try:
            check_keys(state.database, Keyring(settings.current, settings.keys))
        except KeyMissing as missing:
            reason = f"contacts are held with the key {missing.key}: add it to the keys of gathering"
            raise Failure(reason) from None
        finally:
            state.close()


@contextmanager
def telemetry_failures() -> Iterator[None]:
    """Turns what is wrong with the variables of OpenTelemetry into Failure."""
    from adapter.telemetry.environment import TelemetryInvalid  # noqa: PLC0415

    try:
        yield
    except TelemetryInvalid as invalid:
        raise Failure(str(invalid)) from None


@contextmanager
def phase_failures(configuration: Configuration) -> Iterator[None]:
    """Turns what is wrong with the file of the phase into Failure."""
    from adapter.phases.phase import PhaseUnknown  # noqa: PLC0415

    try:
        yield
    except PhaseUnknown as unknown:
        file = configuration.phases.file if configuration.phases else ""
        raise Failure(f"{file} does not say the phase: {unknown}") from None


def phase_of(configuration: Configuration) -> str:
    """The phase of a move that the file says; "" for a deployment without phases. Raises Failure."""
    if configuration.phases is None:
        return ""
    from adapter.phases.phase import read_phase  # noqa: PLC0415

    with phase_failures(configuration):
        return str(read_phase(configuration.phases.file))


def check_telemetry(workers: int) -> None:
    """Raise Failure when so many processes cannot measure what the environment asks for."""
    import os  # noqa: PLC0415

    from adapter.telemetry.environment import METRICS_EXPORTER, TelemetryInvalid, wanted  # noqa: PLC0415

    with telemetry_failures():
        if workers > 1 and wanted(os.environ).prometheus:
            reason = "names prometheus, which reads one process: use --workers 1, or otlp"
            raise TelemetryInvalid(METRICS_EXPORTER, reason)


def library_with(folder: Path | None) -> Library:
    """Where dialects are looked for; `folder` has those of the municipality, if any. Raises Failure."""
    if folder is not None and not folder.is_dir():
        raise Failure(f"{folder} is no folder")
    library = SHIPPED.with_own(folder)
    if folder is not None and not any(folder.glob("*/*.yaml")):
        raise Failure(f"{folder} has no dialect: klantbrug new-dialect NAME --mappings {folder} makes one")
    return library


def own_dialects(library: Library) -> list[str]:
    """The dialects of the municipality in a library."""
    return library.own() if len(library.folders) > 1 else []


def chosen_dialect(library: Library, name: str | None) -> str:
    """The dialect of that name, or else the only one of the municipality, or openklant. Raises Failure."""
    own = own_dialects(library)
    if name is None:
        return own[0] if len(own) == 1 else USUAL_DIALECT
    if name not in (known := library.dialects()):
        from adapter.mapping.language.grammar import way_out  # noqa: PLC0415

        raise Failure(f"there is no dialect {name}{way_out(name, known)}")
    return name


def check_own(library: Library, dialect: str) -> None:
    """Raise Failure with what is wrong in a dialect of the municipality's; those shipped are right."""
    if dialect in own_dialects(library):
        checked_mappings(library, dialect)


def checked_mappings(library: Library = SHIPPED, dialect: str | None = None) -> None:
    """Raise Failure with all mistakes in the dialects of a library that `check_mappings` checks.

    With `dialect`, only with those that matter to it: another one may be half done.
    """
    from adapter.shipped import check_mappings  # noqa: PLC0415

    mistakes = check_mappings(library)
    if dialect is not None:
        mistakes = [each for each in mistakes if set(each.dialects) & set(library.lineage(dialect))]
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


@contextmanager
def writing() -> Iterator[None]:
    """Turns mappings that cannot be read, and files that cannot be written, into Failure."""
    from adapter.mapping.source import MappingError  # noqa: PLC0415

    try:
        yield
    except MappingError as error:
        raise Failure(str(error)) from None
    except OSError as error:
        raise Failure(reason(error)) from None


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
