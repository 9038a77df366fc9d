"""The commands that run until a signal."""

from __future__ import annotations

import argparse

from adapter.commands.opening import Failure, prepared, reason, state_failures


def serve(options: argparse.Namespace) -> None:
    """Serve the API until a signal."""
    from adapter import serving  # noqa: PLC0415

    # Also when worker processes will do it again: a mistake is to be said once, and here.
    deployment = prepared(options.config)
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
            with state_failures():
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
        raise Failure(reason(error)) from None
