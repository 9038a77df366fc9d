"""Serving the application with uvicorn, in one process or several."""

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
from uvicorn.supervisors import Multiprocess

from adapter import logs
from adapter.api.memory import use_one_heap
from adapter.api.protocol import BoundedConnection
from adapter.mapping.source import read_text

# How worker processes are told the path of the configuration.
CONFIGURATION_VARIABLE = "KLANTBRUG_CONFIG"


# So many new objects in a process that serves make it look for garbage among them.
YOUNG = 50_000
# The time for closing everything, after the time that running requests got.
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
    """An application that makes its process exit soon after it has been stopped.

    A thread that waits for a register cannot be interrupted, and would otherwise keep the process alive.
    """

    def __init__(self, application: Any) -> None:
        self._application = application

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "lifespan":
            await self._application(scope, receive, send)
            return

        async def forward(message: Message) -> None:
            if message["type"].startswith("lifespan.shutdown."):
                _end_after(LAST_SECONDS)
            await send(message)

        await self._application(scope, receive, forward)


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
    """Serve until SIGINT or SIGTERM.

    After the signal no connection is accepted, and running requests get `stop_seconds` to end. `started` is
    called once requests can be answered. `form` is the format of log lines, by default JSON.
    """
    logs.to_stream(log_level, form=form)
    settle()
    # When it has stopped, uvicorn raises the signal again; this handler lets the callers close their parts.
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
    """Serve from several processes; each reads the configuration file itself."""
    os.environ[CONFIGURATION_VARIABLE] = str(configuration.absolute())
    logs.to_stream(log_level)
    supervise("adapter.serving:worker", host=host, port=port, workers=workers, stop_seconds=stop_seconds)


def supervise(
    factory: str, *, port: int, workers: int, host: str = "127.0.0.1", stop_seconds: int = 20
) -> None:
    """Serve the application that a function makes, from several processes, until SIGINT or SIGTERM."""
    config = uvicorn.Config(
        factory,
        factory=True,
        workers=workers,
        # On a busy machine a worker may take long to start; uvicorn would kill it after five seconds.
        timeout_worker_healthcheck=30,
        host=host,
        port=port,
        **_options(stop_seconds),
    )
    _Workers(config, sockets=[config.bind_socket()]).run()


class _Workers(Multiprocess):
    """The processes that serve. A SIGHUP reaches each of them; uvicorn alone would start others instead."""

    def handle_hup(self) -> None:
        """Have every worker look at the phase of a move now."""
        for each in self.processes:
            if each.pid is not None and each.exitcode is None:
                os.kill(each.pid, signal.SIGHUP)


def worker() -> Any:
    """The application of one worker process."""
    from adapter.configuration import load  # noqa: PLC0415
    from adapter.main import prepare  # noqa: PLC0415

    # Until it follows a phase, and where there is none, the signal means nothing: it would end the process.
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    configuration = load(Path(os.environ[CONFIGURATION_VARIABLE]))
    logs.to_stream(configuration.log_level)
    application = prepare(configuration).application()
    settle()
    return _Ending(application)


def _end_after(seconds: float) -> None:
    """Exit from this process, if it is still running then."""

    def end() -> None:
        log.error("stopped_with_requests_running")
        os._exit(1)

    timer = threading.Timer(seconds, end)
    timer.daemon = True
    timer.start()


def _options(stop_seconds: int) -> dict[str, Any]:
    return {
        "http": BoundedConnection,
        # There are no WebSocket endpoints.
        "ws": "none",
        "log_config": None,
        "log_level": "warning",
        # `api.access` decides which proxies are believed; uvicorn would believe any on this machine.
        "proxy_headers": False,
        # Paths and queries of requests may hold personal values; `api.log` writes a line without them.
        "access_log": False,
        "server_header": False,
        "timeout_graceful_shutdown": stop_seconds,
        # Proxies usually keep connections for 60 seconds. The proxy must be the first to close one, or it may
        # send a request on a connection that is being closed.
        "timeout_keep_alive": 75,
    }


def stop(_signal: int, _frame: object) -> NoReturn:
    """A signal handler that raises SystemExit, so that every `finally` is executed."""
    raise SystemExit(0)


def settle() -> None:
    """Tune memory once everything is built: let mapping files go, freeze the rest, and use one heap."""
    use_one_heap()
    read_text.cache_clear()
    gc.collect()
    gc.freeze()
    gc.set_threshold(YOUNG, 20, 50)
