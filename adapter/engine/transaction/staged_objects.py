"""The objects that a write wants to be otherwise, each once, until they are sent to the Objects API."""

from __future__ import annotations

from adapter.engine.entities.stored_object import StoredObject


class StagedObjects:
    """Of each object, how the Objects API has it and how it is wanted; None where there is, or will be, none.

    What is staged for one object merges: made and changed is made with the last content, changed and deleted
    is deleted, changed back or made and deleted is nothing.
    """

    def __init__(self) -> None:
        # By uuid, in the order in which they were first staged.
        self._former: dict[str, StoredObject | None] = {}
        self._wanted: dict[str, StoredObject | None] = {}

    def stage(self, uuid: str, was: StoredObject | None, wanted: StoredObject | None) -> None:
        """Stage what becomes of an object that the caller has as it `was`."""
        self._former.setdefault(uuid, was)
        self._wanted[uuid] = wanted

    def contents(self) -> list[tuple[StoredObject | None, StoredObject]]:
        """(as the Objects API has it, as it is wanted) of the objects that are to be made or changed."""
        return [
            (former, wanted)
            for uuid, wanted in self._wanted.items()
            if wanted is not None
            if (former := self._former[uuid]) is None or former.data != wanted.data
        ]

    def deletes(self) -> list[StoredObject]:
        """The objects that are to be deleted, as the Objects API has them."""
        gone = [self._former[uuid] for uuid, wanted in self._wanted.items() if wanted is None]
        return [each for each in gone if each is not None]

    def sent(self) -> None:
        """The contents are as wanted by now; deletes are still to come."""
        self._former.update((uuid, each) for uuid, each in self._wanted.items() if each is not None)
