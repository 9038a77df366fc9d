"""What one request reads from the registers: records and objects, calls side by side where they can be."""

from __future__ import annotations

from collections.abc import Sequence

from adapter.translation.objects import Attributes, Objects
from adapter.translation.records import Job, Records, run
from adapter.translation.world import World


class Sources:
    """The registers as one request sees them. Not shared between threads."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.records = Records(world)
        self.objects = Objects(world)

    def limited(self, object_type: str, attributes: Attributes) -> Sources:
        """The same, as if there were no other objects of a type than those with these attributes."""
        other = Sources(self.world)
        other.records, other.objects = self.records, self.objects.limited(object_type, attributes)
        return other

    def run(self, jobs: Sequence[Job]) -> None:
        """Make calls ahead of when they are needed, side by side."""
        run(self.world, jobs)
