"""The process of the embedded registers, as the demonstration starts and stops it."""

import subprocess
import sys
from types import TracebackType
from typing import IO, Self

from adapter.demo.orders import READY, Orders

STOP_SECONDS = 8.0


class RegistersFailed(RuntimeError):
    """The process ended before its registers were ready; the reason is on stderr."""


class RegisterProcess:
    """The process of the registers. It starts when this is created, and ends with the context.

    Creating it does not wait, so that the caller can start itself meanwhile; `wait_until_ready` waits.
    """

    def __init__(self, orders: Orders) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "adapter.demo.registers"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            # A session of its own, so that Ctrl-C reaches only KlantBrug, which stops this process in order.
            start_new_session=True,
        )
        self._input, self._output = _pipe(self._process.stdin), _pipe(self._process.stdout)
        self._input.write(orders.write() + "\n")
        self._input.flush()

    @property
    def pid(self) -> int:
        """The id of the process."""
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
        # The process stops by itself when its input ends, and closes its files.
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
