"""KlantBrug under uvicorn."""

import gc
import logging
import os
import signal
import socket
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any, NoReturn

import uvicorn
from starlette.types import Message, Receive, Scope, Send

from adapter import logs
from adapter.api.memory import use_one_heap
from adapter.api.protocol import BoundedConnection

# A page of results makes many short-lived objects; with the standard threshold the collector would walk
# everything that was built at start-up again and again.
COLLECT_AFTER = 50_000
# Tells worker processes which file to read.
CONFIGURATION_VARIABLE = "KLANTBRUG_CONFIG"


# What is left to an orderly stop once the requests have had their time.
LAST_SECONDS = 9.0

log = logs.logger("klantbrug.serving")


class _Server(uvicorn.Server):
    def __init__(self, config: uvicorn.Config, started: Callable[[], None]) -> None:
        super().__init__(config)
        self._when_started = started

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            self._when_started()


class _Ending:
    """An application whose process ends soon after it has been stopped.

    A thread that waits for a register cannot be stopped: without this, it would keep the process.
    """

    def __init__(self, application: Any) -> None:
        self._application = application

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "lifespan":
            await self._application(scope, receive, send)
            return

        async def told(message: Message) -> None:
            if message["type"].startswith("lifespan.shutdown."):
                _end_after(LAST_SECONDS)
            await send(message)

        await self._application(scope, receive, told)


def serve(
    application: Any,
    *,
    port: int,
    host: str = "127.0.0.1",
    log_level: str = "info",
    stop_seconds: int = 20,
    started: Callable[[], None] = lambda: None,
    form: logging.Formatter | None = None,
) -> None:
    """Serve until SIGINT or SIGTERM; `started` is called once, when requests are answered.

    From the signal on no connection is taken; the requests that run get `stop_seconds`. `form` is that of log
    lines, JSON unless it is given.
    """
    logs.to_stream(log_level, form=form)
    settle()
    # uvicorn sends itself the signal again when it is done: then everything else is to be closed as well.
    signal.signal(signal.SIGTERM, stop)
    config = uvicorn.Config(_Ending(application), host=host, port=port, **_options(stop_seconds))
    try:
        _Server(config, started).run()
    except KeyboardInterrupt:
        return


def serve_workers(
    configuration: Path,
    *,
    port: int,
    host: str,
    workers: int,
    log_level: str = "info",
    stop_seconds: int = 20,
) -> None:
    """Serve from several processes, each of which reads the configuration itself."""
    os.environ[CONFIGURATION_VARIABLE] = str(configuration.absolute())
    logs.to_stream(log_level)
    uvicorn.run(
        "adapter.serving:worker",
        factory=True,
        host=host,
        port=port,
        workers=workers,
        # A machine that is busy starting them must not be taken for one that hangs.
        timeout_worker_healthcheck=30,
        **_options(stop_seconds),
    )


def worker() -> Any:
    """The application of one worker process."""
    from adapter.configuration import load  # noqa: PLC0415
    from adapter.main import prepare  # noqa: PLC0415

    configuration = load(Path(os.environ[CONFIGURATION_VARIABLE]))
    logs.to_stream(configuration.log_level)
    application = prepare(configuration).application()
    settle()
    return _Ending(application)


def _end_after(seconds: float) -> None:
    """End this process when it is still there then."""

    def end() -> None:
        log.error("stopped_with_requests_running")
        os._exit(1)

    timer = threading.Timer(seconds, end)
    timer.daemon = True
    timer.start()


def _options(stop_seconds: int) -> dict[str, Any]:
    return {
        "http": BoundedConnection,
        # What a WebSocket would be for does not exist here.
        "ws": "none",
        "log_config": None,
        "log_level": "warning",
        # The address that a request comes from is that of its connection, whatever a header says.
        "proxy_headers": False,
        # Paths and queries of requests can hold what must not be in a log.
        "access_log": False,
        "server_header": False,
        "timeout_graceful_shutdown": stop_seconds,
        # Behind a proxy that keeps connections for a minute, the side that closes first must be the proxy.
        "timeout_keep_alive": 75,
    }


def stop(_signal: int, _frame: object) -> NoReturn:
    """A signal handler that ends the process through every `finally`."""
    raise SystemExit(0)


def settle() -> None:
    """Put what was built at start-up out of the garbage collector's sight, and keep memory in one place."""
    use_one_heap()
    gc.collect()
    gc.freeze()
    gc.set_threshold(COLLECT_AFTER, 20, 50)
