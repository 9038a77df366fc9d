"""What one request reads from the registers: records and objects, calls side by side where they can be."""

from __future__ import annotations

from collections.abc import Sequence

from adapter.translation.objects import Objects
from adapter.translation.records import Job, Records, run
from adapter.translation.world import World


class Sources:
    """The registers as one request sees them. Not shared between threads."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.records = Records(world)
        self.objects = Objects(world)

    def run(self, jobs: Sequence[Job]) -> None:
        """Make calls ahead of when they are needed, side by side."""
        run(self.world, jobs)
