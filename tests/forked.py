"""`klantbrug` in a process that is forked from one with everything imported.

For tests of what a command does once it runs. How it starts is tested with the command itself.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Mapping
from multiprocessing.connection import Connection
from pathlib import Path
from types import TracebackType
from typing import IO, Self

from adapter.cli import main

from tests.faults.site import PROCESSES


class Forked:
    """A command that runs, with what tests use of `subprocess.Popen`; it is killed with the context."""

    def __init__(
        self, *arguments: object, env: Mapping[str, str] | None = None, cwd: Path | None = None
    ) -> None:
        self.stdout, out = _pipe()
        self.stderr, err = _pipe()
        given = [str(each) for each in arguments]
        order = (given, dict(os.environ if env is None else env), str(cwd or Path.cwd()), out, err)
        self._process = PROCESSES.Process(target=_run, args=order)
        self._process.start()
        out.close()
        err.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.kill()
        self._process.join()
        self.stdout.close()
        self.stderr.close()

    @property
    def returncode(self) -> int | None:
        """The status with which it ended; None while it runs."""
        return self._process.exitcode

    poll = returncode.fget

    def send_signal(self, number: signal.Signals) -> None:
        """Send it a signal."""
        assert self._process.pid
        os.kill(self._process.pid, number)

    def kill(self) -> None:
        """End it at once."""
        self._process.kill()

    def wait(self, timeout: float) -> int:
        """The status with which it ends."""
        self._process.join(timeout)
        assert self.returncode is not None, f"it still runs after {timeout} seconds"
        return self.returncode

    def communicate(self, timeout: float) -> tuple[str, str]:
        """What it still printed, and what it said of mistakes, once it has ended."""
        self.wait(timeout)
        return self.stdout.read(), self.stderr.read()


def _pipe() -> tuple[IO[str], Connection]:
    reader, writer = PROCESSES.Pipe(duplex=False)
    with reader:
        return open(os.dup(reader.fileno()), encoding="utf-8"), writer  # noqa: PTH123


def _run(arguments: list[str], env: dict[str, str], cwd: str, out: Connection, err: Connection) -> None:
    os.environ.clear()
    os.environ.update(env)
    os.chdir(cwd)
    os.dup2(out.fileno(), 1)
    os.dup2(err.fileno(), 2)
    sys.exit(main(arguments))
