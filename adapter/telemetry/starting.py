"""The start of telemetry, which loads OpenTelemetry for those who want it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from adapter.engine.deployment import Deployment
from adapter.logs import logger
from adapter.openapi.document import Document
from adapter.phases.phase import Phase
from adapter.registers.client import Register
from adapter.telemetry.environment import wanted

if TYPE_CHECKING:
    from adapter.telemetry.telemetry import Telemetry

log = logger("klantbrug.telemetry")


def start_telemetry(
    environment: Mapping[str, str],
    deployment: Deployment,
    registers: Mapping[str, Register],
    documents: Sequence[Document],
    phase: Callable[[], str] = lambda: str(Phase.TRANSLATE),
) -> Telemetry | None:
    """The telemetry that the environment asks for, running; the caller closes it.

    `documents` are served; `phase` gives the phase of a move.

    None when it asks for nothing, and when OpenTelemetry is not installed, which is logged: the variables are
    often set for all that runs on a platform. Raises TelemetryInvalid.
    """
    asked = wanted(environment)
    if not asked:
        return None
    try:
        # A second of loading, and twenty packages that only this needs.
        from adapter.telemetry.telemetry import Parts, Telemetry  # noqa: PLC0415
    except ImportError:
        log.warning("telemetry_not_installed", install="klantbrug[telemetry]")
        return None
    routes = {
        each.operation_id: urlsplit(document.raw["servers"][0]["url"]).path.rstrip("/") + each.path
        for document in documents
        for each in document.operations
    }
    found = Telemetry(asked, Parts(deployment, registers, routes, phase))
    log.info(
        "telemetry",
        traces=asked.traces or "none",
        metrics=asked.metrics or "none",
        prometheus=asked.prometheus,
    )
    return found
