"""What one request knows of the registers: records and objects, calls side by side where they can be.

What it writes itself is put among what it has read. So nothing is read anew after a write, and what hangs on
a record that the request has just made is known without asking: nothing but what it made too.
"""

from __future__ import annotations

from collections.abc import Sequence

from adapter.translation.object_lists import Attributes
from adapter.translation.objects import Objects
from adapter.translation.records import Job, Records, run
from adapter.translation.world import World


class Sources:
    """The registers as one request sees them. Not shared between threads."""

    def __init__(self, world: World) -> None:
        self.world = world
        self._made: set[str] = set()
        self.records = Records(world, self._made)
        self.objects = Objects(world, self._made)

    def made(self, uuid: str) -> None:
        """A uuid that is new in this request: nothing that was there before can refer to it."""
        self._made.add(uuid)

    def is_made(self, uuid: str) -> bool:
        """Whether this request has made what has this uuid."""
        return uuid in self._made

    def limited(self, object_type: str, attributes: Attributes) -> Sources:
        """The same, as if there were no other objects of a type than those with these attributes."""
        other = Sources(self.world)
        other.records, other.objects = self.records, self.objects.limited(object_type, attributes)
        return other

    def run(self, jobs: Sequence[Job]) -> None:
        """Make calls ahead of when they are needed, side by side."""
        run(self.world, jobs)
