"""The command `klantbrug`.

Each command imports what it needs when it runs: help and wrong options cost nothing.
"""

from __future__ import annotations

import argparse
import secrets
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from adapter.configuration import Configuration
    from adapter.main import Deployment
    from adapter.state.opening import State

FAILED = 1
TOKEN_BYTES = 32


class Failure(Exception):
    """What ends a command with a message instead of a traceback."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; the exit status: 0 when all is well, 1 when not, 2 for a wrong command."""
    options = parser().parse_args(arguments)
    command: Callable[[argparse.Namespace], None] = options.command
    try:
        command(options)
    except Failure as failure:
        sys.stderr.write(f"klantbrug: {failure}\n")
        return FAILED
    except KeyboardInterrupt:
        return FAILED
    return 0


def parser() -> argparse.ArgumentParser:
    """The commands and their options."""
    top = argparse.ArgumentParser(
        prog="klantbrug",
        description="Serves the Klantinteracties API over the registers that a municipality has.",
    )
    commands = top.add_subparsers(required=True, metavar="COMMAND")

    serving = _command(commands, "serve", serve, "serve the API")
    serving.add_argument("--config", type=Path, required=True, metavar="FILE", help="the configuration file")
    serving.add_argument("--host", default="127.0.0.1", help="the address to listen on (default %(default)s)")
    serving.add_argument(
        "--port", type=_port, default=8000, help="the port to listen on (default %(default)s)"
    )
    serving.add_argument("--workers", type=int, default=1, help="how many processes (default %(default)s)")

    showing = _command(
        commands, "demo", demo, "start everything on this machine, with a made-up municipality"
    )
    showing.add_argument("--port", type=_port, default=0, help="KlantBrug's port (default: a free one)")
    showing.add_argument("--empty", action="store_true", help="without the municipality's data")
    showing.add_argument(
        "--data", type=Path, metavar="DIR", help="keep the data here (default: nothing is kept)"
    )
    showing.add_argument(
        "--dialect",
        choices=("vng", "openklant"),
        default="openklant",
        help="what the registers offer (default %(default)s)",
    )

    checking = _command(commands, "check", check, "check mappings and configuration; silent when all is well")
    checking.add_argument("--config", type=Path, metavar="FILE", help="check this configuration file too")
    checking.add_argument("--coverage", action="store_true", help="print where every property lives")
    checking.add_argument("--filters", action="store_true", help="print how every filter is answered")

    _command(commands, "test", test, "run the examples that stand in the mappings")

    documenting = _command(
        commands, "docs", docs, "write the reference of the mappings and the schema of their language"
    )
    documenting.add_argument(
        "--to", type=Path, default=Path("docs"), metavar="DIR", help="where (default %(default)s)"
    )

    explaining = _command(commands, "explain", explain, "show step by step what is done for a request")
    explaining.add_argument("method", metavar="METHOD", help="GET, POST, PUT, PATCH or DELETE")
    explaining.add_argument("path", metavar="PATH", help="the path behind the base path, with its query")
    explaining.add_argument("--json", type=Path, metavar="FILE", help="the body")
    asked = explaining.add_mutually_exclusive_group(required=True)
    asked.add_argument("--config", type=Path, metavar="FILE", help="ask the registers of this configuration")
    asked.add_argument("--demo", action="store_true", help="ask those of a demonstration")
    explaining.add_argument("--write", action="store_true", help="let a request change real registers")
    explaining.add_argument("--values", action="store_true", help="show personal values on the terminal")
    explaining.add_argument(
        "--html", type=Path, metavar="FILE", help="write a page too, without personal values"
    )

    setting_up = _command(commands, "setup", setup, "create KlantBrug's objecttypes in the Objects API")
    setting_up.add_argument(
        "--config", type=Path, required=True, metavar="FILE", help="the configuration file"
    )

    listing = _command(commands, "journal", journal, "list the writes that are not finished")
    listing.add_argument("--config", type=Path, required=True, metavar="FILE", help="the configuration file")

    sweeping = _command(
        commands, "sweep", sweep, "finish or undo the writes that a process left when it died"
    )
    sweeping.add_argument("--config", type=Path, required=True, metavar="FILE", help="the configuration file")

    making = _command(commands, "token", token, "make a token for a client, and the hash to configure")
    making.add_argument(
        "--stdin", action="store_true", help="hash the token on the input instead of a new one"
    )
    return top


def serve(options: argparse.Namespace) -> None:
    """Serve the API until a signal."""
    from adapter import serving  # noqa: PLC0415

    # Also when worker processes will do it again: a mistake is to be said once, and here.
    deployment = _prepared(options.config)
    configuration = deployment.configuration
    manner = {
        "port": options.port,
        "host": options.host,
        "log_level": configuration.log_level,
        "stop_seconds": configuration.limits.stop_timeout,
    }
    if options.workers > 1:
        deployment.close()
        serving.serve_workers(options.config, workers=options.workers, **manner)
    else:
        try:
            with _state_failures():
                application = deployment.application()
            serving.serve(application, **manner)
        finally:
            deployment.close()


def demo(options: argparse.Namespace) -> None:
    """Start everything on this machine until a signal."""
    from adapter.demo.process import RegistersFailed  # noqa: PLC0415
    from adapter.demo.run import Demonstration, demonstrate  # noqa: PLC0415

    try:
        demonstrate(Demonstration(options.port, options.empty, options.data, options.dialect))
    except RegistersFailed:
        raise Failure("the registers did not start; the reason stands above") from None
    except OSError as error:
        raise Failure(_reason(error)) from None


def check(options: argparse.Namespace) -> None:
    """Check without starting or calling anything."""
    _checked()
    if options.config:
        _prepared(options.config).close()
    if options.coverage or options.filters:
        from adapter.explaining.reference import coverage_tables, filter_tables  # noqa: PLC0415
        from adapter.mapping.reference.blocks import plain  # noqa: PLC0415

        blocks = [
            *(coverage_tables() if options.coverage else ()),
            *(filter_tables() if options.filters else ()),
        ]
        sys.stdout.write(plain(blocks))


def test(_options: argparse.Namespace) -> None:
    """Run the examples of every dialect; each difference that several dialects have is told once."""
    from adapter.mapping.examples.telling import told  # noqa: PLC0415
    from adapter.mapping.source import MappingError  # noqa: PLC0415
    from adapter.shipped import try_mappings  # noqa: PLC0415

    _checked()
    try:
        tried = try_mappings()
    except MappingError as error:
        raise Failure(str(error)) from None
    different = [list(told([each])) for outcomes in tried.values() for each in outcomes if each.differences]
    if different:
        lines = dict.fromkeys("\n".join(each) for each in different)
        raise Failure("these examples do not come out:\n" + "\n".join(lines))
    counts = ", ".join(f"{len(outcomes)} in dialect {dialect}" for dialect, outcomes in tried.items())
    sys.stdout.write(f"all examples come out: {counts}\n")


def docs(options: argparse.Namespace) -> None:
    """Write the reference of the mappings."""
    from adapter.explaining.reference import files  # noqa: PLC0415

    _checked()
    try:
        for name, text in files():
            path = options.to / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise Failure(_reason(error)) from None


def explain(options: argparse.Namespace) -> None:
    """Do one request, and show what was done for it."""
    from adapter.explaining.run import Order, Wrong, run  # noqa: PLC0415

    if options.config and options.method.upper() != "GET" and not options.write:
        raise Failure(f"{options.method.upper()} changes the registers; say --write if it should")
    configuration = _configured(options.config) if options.config else None
    order = Order(options.method, options.path, options.json, configuration, write=options.write)
    try:
        terminal, mailed = run(order, values=options.values)
        if options.html:
            options.html.write_text(mailed, encoding="utf-8")
    except Wrong as wrong:
        raise Failure(str(wrong)) from None
    except OSError as error:
        raise Failure(_reason(error)) from None
    sys.stdout.write(terminal)


def setup(options: argparse.Namespace) -> None:
    """Create or update objecttypes, and say what was done."""
    from adapter.errors import RegisterError, RegisterUnavailable  # noqa: PLC0415
    from adapter.registers.objecttypes import ObjecttypeRefused  # noqa: PLC0415
    from adapter.state.opening import is_server, set_up  # noqa: PLC0415

    deployment = _prepared(options.config)
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

    with _opened(options.config) as state:
        for line in open_writes(state):
            sys.stdout.write(f"{line}\n")


def sweep(options: argparse.Namespace) -> None:
    """Sweep the journal once, and say what is left; a process that serves does so by itself."""
    from adapter.translation.undoing import Recovery  # noqa: PLC0415

    deployment = _prepared(options.config)
    try:
        with _state_failures():
            left = Recovery(deployment.world()).sweep(time.time())
    finally:
        deployment.close()
    sys.stdout.write(f"writes left behind: {left}\n")


@contextmanager
def _opened(path: Path) -> Iterator[State]:
    """The state of a configuration."""
    from adapter.state.opening import open_state  # noqa: PLC0415

    with _state_failures():
        state = open_state(_configured(path).state)
        try:
            yield state
        finally:
            state.close()


@contextmanager
def _state_failures() -> Iterator[None]:
    from adapter.state.errors import StateNotSetUp, StateUnavailable  # noqa: PLC0415

    try:
        yield
    except StateNotSetUp:
        raise Failure("the database of the journal is not set up: run klantbrug setup") from None
    except StateUnavailable:
        raise Failure("the journal cannot be opened: see the setting state") from None


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


def _checked() -> None:
    from adapter.shipped import check_mappings  # noqa: PLC0415

    mistakes = check_mappings()
    if mistakes:
        raise Failure("the mappings cannot be used:\n" + "\n".join(f"  {each}" for each in mistakes))


def _prepared(path: Path) -> Deployment:
    configuration = _configured(path)
    from adapter.main import prepare  # noqa: PLC0415
    from adapter.mapping.source import MappingError  # noqa: PLC0415

    try:
        return prepare(configuration)
    except MappingError as error:
        raise Failure(str(error)) from None


def _configured(path: Path) -> Configuration:
    from adapter.configuration import ConfigurationInvalid, load  # noqa: PLC0415

    try:
        return load(path)
    except ConfigurationInvalid as invalid:
        problems = "\n".join(f"  {problem}" for problem in invalid.problems)
        raise Failure(f"{path} cannot be used:\n{problems}") from None
    except UnicodeDecodeError:
        raise Failure(f"{path} is not a text file in UTF-8") from None
    except OSError as error:
        raise Failure(_reason(error)) from None


def _reason(error: OSError) -> str:
    return ": ".join(filter(None, (str(error.filename or ""), error.strerror or str(error))))


def _command(commands: Any, name: str, command: Callable[[argparse.Namespace], None], says: str) -> Any:
    added = commands.add_parser(name, help=says, description=f"{says[0].upper()}{says[1:]}.")
    added.set_defaults(command=command)
    return added


def _port(text: str) -> int:
    port = int(text)
    if not 0 <= port < 1 << 16:
        raise argparse.ArgumentTypeError("a port is between 0 and 65535")
    return port
