"""The commands that run until a signal: `serve` and `demo`."""

from __future__ import annotations

import argparse

from adapter.commands.opening import (
    Failure,
    check_held,
    check_own,
    check_port,
    check_telemetry,
    chosen_dialect,
    library_with,
    phase_failures,
    phase_of,
    prepared,
    reason,
    state_failures,
    telemetry_failures,
)


def serve(options: argparse.Namespace) -> None:
    """Serve the API until a signal."""
    from adapter import logs, serving  # noqa: PLC0415

    check_port(options.host, options.port)
    check_telemetry(options.workers)
    # Worker processes load it again; here a mistake is reported once, and before they start.
    adapter = prepared(options.config)
    configuration = adapter.configuration
    phase = phase_of(configuration)
    check_held(configuration)
    manner = {
        "port": options.port,
        "host": options.host,
        "log_level": configuration.log_level,
        "stop_seconds": configuration.limits.stop_timeout,
    }
    log = logs.logger("klantbrug.serving")
    where = {
        "public_url": configuration.public_url,
        "dialect": configuration.dialect,
        "listens": f"{options.host}:{options.port}",
        "workers": options.workers,
        **({"phase": phase} if phase else {}),
    }
    try:
        if options.workers > 1:
            adapter.close()
            logs.to_stream(configuration.log_level)
            log.info("serving", **where)
            serving.serve_workers(options.config, workers=options.workers, **manner)
        else:
            with state_failures(), telemetry_failures(), phase_failures(configuration):
                application = adapter.application()
            serving.serve(application, started=lambda: log.info("serving", **where), **manner)
    finally:
        adapter.close()
        log.info("stopped", **where)


def demo(options: argparse.Namespace) -> None:
    """Start everything on this machine until a signal."""
    from adapter.demo.process import RegistersFailed  # noqa: PLC0415
    from adapter.demo.run import AlreadyFilled, Demonstration, demonstrate  # noqa: PLC0415

    check_port(options.host, options.port)
    library = library_with(options.mappings)
    dialect = chosen_dialect(library, options.dialect)
    check_own(library, dialect)
    asked = Demonstration(
        options.port,
        options.empty,
        options.data,
        dialect,
        options.contacts,
        options.host,
        options.mappings,
        reverse=options.reverse,
    )
    try:
        demonstrate(asked)
    except AlreadyFilled:
        raise Failure(f"{options.data} has a municipality already; --contacts needs a new folder") from None
    except RegistersFailed:
        raise Failure("the registers did not start; the reason stands above") from None
    except OSError as error:
        raise Failure(reason(error)) from None
