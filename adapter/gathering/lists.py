"""Lists of which some contacts are held, and others are records: each contact once, under its served uuid."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from adapter.gathering.doubles import Doubles
from adapter.gathering.holds import Holds
from adapter.gathering.kept import Held
from adapter.gathering.ports import Record
from adapter.gathering.sign import Sign
from adapter.mapping.paths import Path, get
from adapter.state.aliases import Aliases


@dataclass(frozen=True, slots=True)
class Listed:
    """What is held, and the records beside it with the uuid under which each is served."""

    held: tuple[Held, ...]
    records: tuple[tuple[str, Record], ...]


@dataclass(frozen=True, slots=True)
class Lists:
    """Reads lists of records together with what is held.

    signed: the members at the end of which a sign may stand.
    """

    holds: Holds
    aliases: Aliases
    sign: Sign
    signed: tuple[Path, ...]
    doubles: Doubles
    now: Callable[[], float]

    def listed(self, read: Callable[[], Sequence[Record]]) -> Listed:
        """All that is held, and the records that `read` gives and that are not of a held contact."""
        held = self.holds.opened()
        return Listed(tuple(held), tuple(self.beside(read(), (each.contact for each in held))))

    def beside(self, records: Sequence[Record], before: Iterable[str] = ()) -> list[tuple[str, Record]]:
        """The records that are not of a held contact, with the uuid under which each is served.

        A record of a held contact is left out, whether its alias is noted yet or only its sign is there:
        otherwise it would be there twice, once under a uuid that no client was given. What is held is looked
        at before the records are read (`before`), since a contact may finish meanwhile, and after it, since
        one may have begun.
        """
        served = self.aliases.served(each.uuid for each in records)
        self._note_doubles(records, served)
        contacts = {*before, *(each.contact for each in self.holds.all())}
        checks = {self.sign.check(each) for each in contacts}
        return [
            (served[each.uuid], each)
            for each in records
            if served[each.uuid] not in contacts
            and not (served[each.uuid] == each.uuid and self.checks_of(each) & checks)
        ]

    def _note_doubles(self, records: Sequence[Record], served: Mapping[str, str]) -> None:
        """Note the records that have the sign of a contact among these that has another record."""
        own = [each for each in records if served[each.uuid] == each.uuid]
        signed = [(check, each.uuid) for each in own for check in self.checks_of(each)]
        if not signed:
            return
        contacts = {self.sign.check(uuid): uuid for record, uuid in served.items() if uuid != record}
        for check, record in signed:
            if check in contacts:
                self.doubles.note(contacts[check], [record], self.now())

    def checks_of(self, record: Record) -> set[str]:
        """The letters of the signs with which members of a record end."""
        found = (self.sign.found(get(record.content, path)) for path in self.signed)
        return {check for check in found if check is not None}
