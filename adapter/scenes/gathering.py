"""Gathering on the stage, where a dialect gathers: its clock stands still but for the steps that wait."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from adapter.configuration.gathering import KEY_BYTES, GatheringSettings
from adapter.correspondence.gathered import Gathered
from adapter.engine.deployment import Deployment
from adapter.engine.service import Engine
from adapter.gathering.starting import Around, CollectionLinks, Started, start_gathering
from adapter.scenes.registers import OBJECTS, InProcess

# Nothing is secret on a stage.
_KEY = base64.b64encode(bytes(KEY_BYTES)).decode()
SETTINGS = GatheringSettings("scenes", {"scenes": _KEY}, "scenes" * 6)


@dataclass(slots=True)
class Clock:
    """The time of a scene, in seconds since 1970."""

    seconds: float = 1_700_000_000.0

    def now(self) -> float:
        """What it says."""
        return self.seconds


@dataclass(slots=True)
class Gatherer:
    """Begins gathering anew for each scene of a dialect that declares it."""

    declared: Gathered
    registers: Mapping[str, InProcess]
    clock: Clock = field(default_factory=Clock)
    started: Started | None = None

    def begin(self, deployment: Deployment) -> Deployment:
        """A deployment that gathers, with a state in which nothing is held."""
        # Of the client of a register they have what is called here.
        registers: Any = deployment.registers
        around = Around(
            deployment.mappings,
            registers,
            deployment.types,
            deployment.state.database,
            CollectionLinks(registers),
            deployment.counts,
            deployment.scan_bound,
            self.clock.now,
        )
        self.started = started = start_gathering(self.declared, SETTINGS, around)
        # Those that pieces refer to are nowhere among the pieces.
        started.directory.service = Engine(deployment)
        with_pieces = {**deployment.registers, OBJECTS: started.objects}
        return replace(deployment, registers=with_pieces, gathers=started)

    def wait(self, seconds: float) -> None:
        """Let time pass, and send what is due then."""
        self.clock.seconds += seconds
        if self.started is not None:
            self.started.sweep()
