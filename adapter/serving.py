"""KlantBrug under uvicorn."""

import gc
import os
import signal
import socket
from collections.abc import Callable
from pathlib import Path
from typing import Any, NoReturn

import uvicorn

from adapter.api.protocol import BoundedHead

# A page of results makes many short-lived objects; with the standard threshold the collector would walk
# everything that was built at start-up again and again.
COLLECT_AFTER = 50_000
# Tells worker processes which file to read.
CONFIGURATION_VARIABLE = "KLANTBRUG_CONFIG"


class _Server(uvicorn.Server):
    def __init__(self, config: uvicorn.Config, started: Callable[[], None]) -> None:
        super().__init__(config)
        self._when_started = started

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            self._when_started()


def serve(
    application: Any, *, port: int, host: str = "127.0.0.1", started: Callable[[], None] = lambda: None
) -> None:
    """Serve until SIGINT or SIGTERM; `started` is called once, when requests are answered."""
    settle()
    # uvicorn sends itself the signal again when it is done: then everything else is to be closed as well.
    signal.signal(signal.SIGTERM, stop)
    try:
        _Server(uvicorn.Config(application, host=host, port=port, **_options()), started).run()
    except KeyboardInterrupt:
        return


def serve_workers(configuration: Path, *, port: int, host: str, workers: int) -> None:
    """Serve from several processes, each of which reads the configuration itself."""
    os.environ[CONFIGURATION_VARIABLE] = str(configuration.absolute())
    uvicorn.run("adapter.serving:worker", factory=True, host=host, port=port, workers=workers, **_options())


def worker() -> Any:
    """The application of one worker process."""
    from adapter.configuration import load  # noqa: PLC0415
    from adapter.main import prepare  # noqa: PLC0415

    application = prepare(load(Path(os.environ[CONFIGURATION_VARIABLE]))).application()
    settle()
    return application


def _options() -> dict[str, Any]:
    return {
        "http": BoundedHead,
        "log_level": "warning",
        # Paths and queries of requests can hold what must not be in a log.
        "access_log": False,
        "server_header": False,
        "timeout_graceful_shutdown": 10,
        # Behind a proxy that keeps connections for a minute, the side that closes first must be the proxy.
        "timeout_keep_alive": 75,
    }


def stop(_signal: int, _frame: object) -> NoReturn:
    """A signal handler that ends the process through every `finally`."""
    raise SystemExit(0)


def settle() -> None:
    """Put what was built at start-up out of the garbage collector's sight."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(COLLECT_AFTER, 20, 50)
