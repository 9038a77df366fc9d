"""Starts and ends the process with the embedded registers."""

import subprocess
import sys
from types import TracebackType
from typing import IO, Self

from adapter.demo.orders import READY, Orders

STOP_SECONDS = 8.0


class RegistersFailed(RuntimeError):
    """The process with the registers ended before they were ready; it has said why on the error output."""


class RegisterProcess:
    """The process, as a context: started at once, ended with the context whatever happens.

    It is started without waiting, so that its caller can get on with its own start; `wait_until_ready` waits.
    """

    def __init__(self, orders: Orders) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "adapter.demo.registers"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            # Ctrl-C is for who started this process: it says when to stop.
            start_new_session=True,
        )
        self._input, self._output = _pipe(self._process.stdin), _pipe(self._process.stdout)
        self._input.write(orders.write() + "\n")
        self._input.flush()

    @property
    def pid(self) -> int:
        """Of the process."""
        return self._process.pid

    def wait_until_ready(self) -> None:
        """Return when every register answers. Raises RegistersFailed."""
        if self._output.readline().strip() != READY:
            raise RegistersFailed

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        # Ending its input tells it to stop, and lets it close its files.
        self._input.close()
        try:
            self._process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._output.close()


def _pipe(stream: IO[str] | None) -> IO[str]:
    if stream is None:
        raise RuntimeError("the process has no pipe")
    return stream
