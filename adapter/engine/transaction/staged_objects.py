"""The objects that a write wants to be otherwise, each once, until they are sent to the Objects API."""

from __future__ import annotations

from dataclasses import dataclass

from adapter.engine.entities.stored_object import StoredObject


@dataclass(frozen=True, slots=True)
class Intent:
    """An object as the Objects API has it, and as it is wanted: None where there is, or will be, none."""

    former: StoredObject | None
    wanted: StoredObject | None

    @property
    def content(self) -> StoredObject:
        """The object that a call for this intent names: as wanted, or as it was when it goes."""
        found = self.wanted or self.former
        assert found is not None
        return found

    @property
    def is_needed(self) -> bool:
        """Whether the Objects API has to be told anything."""
        was, will = self.former, self.wanted
        return (was is None) != (will is None) or (
            was is not None and will is not None and was.data != will.data
        )


class StagedObjects:
    """uuid → intent, in the order in which they were first staged.

    What is staged for one object merges: made and changed is made with the last content, changed and deleted
    is deleted, changed back or made and deleted is nothing.
    """

    def __init__(self) -> None:
        self._intents: dict[str, Intent] = {}

    def make(self, wanted: StoredObject) -> None:
        """Stage a new object; one that was to be deleted stays, with this content."""
        former = self._intents[wanted.uuid].former if wanted.uuid in self._intents else None
        self._intents[wanted.uuid] = Intent(former, wanted)

    def change(self, was: StoredObject, wanted: StoredObject) -> None:
        """Stage another content of an object that the caller has as it `was`."""
        staged = self._intents.get(wanted.uuid)
        self._intents[wanted.uuid] = Intent(staged.former if staged else was, wanted)

    def delete(self, was: StoredObject) -> None:
        """Stage the end of an object."""
        staged = self._intents.get(was.uuid)
        self._intents[was.uuid] = Intent(staged.former if staged else was, None)

    def contents(self) -> list[Intent]:
        """The objects that are to be made or changed."""
        return [each for each in self._intents.values() if each.wanted is not None and each.is_needed]

    def deletes(self) -> list[StoredObject]:
        """The objects that are to be deleted, as the Objects API has them."""
        found = [each.former for each in self._intents.values() if each.wanted is None]
        return [each for each in found if each is not None]

    def sent(self) -> None:
        """The contents are as wanted by now; deletes are still to come."""
        for uuid, each in self._intents.items():
            if each.wanted is not None:
                self._intents[uuid] = Intent(each.wanted, each.wanted)

    def clear(self) -> None:
        """Forget everything: it was done, or will not be."""
        self._intents.clear()
