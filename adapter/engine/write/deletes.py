"""Delete served resources, and do what is agreed with those that refer to them."""

from __future__ import annotations

from collections.abc import Collection

from adapter.engine.effects import mirrors
from adapter.engine.effects.mirror_content import names_owner
from adapter.engine.effects.mirrors import owners_of
from adapter.engine.effects.reprojection import retell
from adapter.engine.entities.annotations import Annotations
from adapter.engine.entities.entry import Entry
from adapter.engine.query.candidates import Candidates
from adapter.engine.query.plans import Wanted
from adapter.engine.read.repository import Repository
from adapter.engine.validate.closings import Closings
from adapter.engine.write.locks import held_by
from adapter.engine.write.writes import Writes
from adapter.errors import Forbidden, Invalid, Problem
from adapter.mapping.model import Member, Resource
from adapter.mapping.paths import Path, copied, get


class Deletes:
    """The deletes of one request."""

    def __init__(self, writes: Writes, closings: Closings) -> None:
        self.writes, self.closings = writes, closings
        self._doomed: set[str] = set()

    @property
    def repository(self) -> Repository:
        """What the request reads now."""
        return self.writes.repository

    def look(self, resource: Resource, uuid: str) -> tuple[Entry, set[str]]:
        """A resource that is to be deleted, and what that concerns: all that goes with it too.

        Raises NotFound, Forbidden, Invalid.
        """
        entry = self._going(resource, uuid)
        return entry, held_by(entry) | {each.uuid for each in self._all_going(entry)}

    def look_at_tied(self, resource: Resource, uuid: str) -> tuple[Entry, set[str]]:
        """The same, with what goes with those that it ties together."""
        entry = self._going(resource, uuid)
        found = held_by(entry)
        for name, link in self._tied(entry):
            other = self.repository.one(name, link)
            if other is not None:
                found |= {each.uuid for each in self._all_going(other, refusing=False)}
        return entry, found

    def _going(self, resource: Resource, uuid: str) -> Entry:
        """A resource that can be deleted."""
        entry = self.writes.existing(resource, uuid)
        if entry.home.stays:
            raise Forbidden(entry.home.stays)
        self.closings.check_delete(entry)
        return entry

    def destroy(self, entry: Entry) -> None:
        """Delete a resource that was looked at, and what goes with it."""
        self._doomed = {each.uuid for each in self._all_going(entry)}
        with self.writes.undoing():
            self.delete(entry)

    def destroy_with_tied(self, entry: Entry) -> list[tuple[str, str]]:
        """Delete a resource with those that it ties together, unless another of its kind uses them.

        (resource, uuid) of those that stay.
        """
        with self.writes.undoing():
            return self._delete_with_tied(entry, self._tied(entry))

    def _tied(self, entry: Entry) -> list[tuple[str, str]]:
        return [
            (member.to, link)
            for name, member in entry.resource.members.items()
            if member.when_deleted == "delete"
            for link in entry.references(name)
        ]

    def _delete_with_tied(self, entry: Entry, tied: list[tuple[str, str]]) -> list[tuple[str, str]]:
        self.delete(entry)
        stay = []
        for name, link in dict.fromkeys(tied):
            if self._used(entry.resource, name, link):
                stay.append((name, link))
            else:
                self._delete_with_loose_ends(name, link)
        return stay

    def delete(self, entry: Entry, going: set[str] | None = None, *, record_goes: bool = False) -> None:
        """Delete a resource that was checked; `going` are those that are being deleted already."""
        going = going if going is not None else set()
        if entry.uuid in going:
            return
        going.add(entry.uuid)
        self.writes.news.ends(entry)
        for owner, member, path in self.repository.mappings.references_to[entry.resource.name]:
            self._release(entry, owner, member, path, going)
        if entry.home.kind != "inside" or not record_goes:
            self.writes.store.delete(entry, going | self._doomed, record_goes=record_goes)
        owners = [each for each in owners_of(entry.resource, entry) if each not in going]
        if owners and (entry.home.kind == "object" or (entry.home.kind == "inside" and not record_goes)):
            mirrors.settle(self.writes.store, entry.resource, owners, entry)
        retell(self.writes.store, [entry], going)

    # what refers to a resource

    def _all_going(self, entry: Entry, *, refusing: bool = True) -> list[Entry]:
        """A resource and all that goes with it. Raises Invalid when something may not be without it."""
        going = {entry.uuid: entry}
        self._add_going(entry, going, refusing=refusing)
        return list(going.values())

    def _add_going(self, entry: Entry, going: dict[str, Entry], *, refusing: bool) -> None:
        for owner, member, path in self.repository.mappings.references_to[entry.resource.name]:
            if len(path) > 1 or member.when_deleted in (None, "clear", "void"):
                continue
            for each in self.repository.related(owner.name, member.name, [entry.uuid]):
                if each.uuid in going:
                    continue
                if refusing and member.when_deleted == "refuse" and not _goes_too(each, going):
                    raise Invalid([Problem("nonFieldErrors", "invalid", member.reason)])
                going[each.uuid] = each
                self._add_going(each, going, refusing=refusing)

    def refused(self, resource: Resource, uuids: Collection[str]) -> list[Problem]:
        """Why these may not be taken away by what they belong to: something rests on one of them.

        It does not help when that goes in the same write.
        """
        return [
            Problem("nonFieldErrors", "invalid", member.reason)
            for owner, member, path in self.repository.mappings.references_to[resource.name]
            if len(path) == 1 and member.when_deleted == "refuse"
            if uuids and self.repository.related(owner.name, member.name, sorted(uuids))
        ]

    def _release(self, entry: Entry, owner: Resource, member: Member, path: Path, going: set[str]) -> None:
        if member.when_deleted == "void":
            self._void(entry, owner, path)
        elif len(path) == 1:
            for each in self.repository.related(owner.name, member.name, [entry.uuid]):
                if each.uuid in going:
                    continue
                if member.when_deleted in ("delete", "refuse"):
                    self.delete(each, going, record_goes=self._goes_with(each, member, entry))
                elif member.when_deleted == "clear" and not self._goes_with_owner(each, going):
                    self._clear(each, member, entry)
            if member.when_deleted == "delete":
                self._delete_emptied(entry, owner, member, going)

    def _delete_emptied(self, entry: Entry, owner: Resource, member: Member, going: set[str]) -> None:
        """Objects that register clients emptied where they are mirrored: no resources, and they go too."""
        for home in owner.homes.values():
            key = home.key_for.get(member.name)
            if key and home.mirrors and home.kind == "object":
                session = self.repository.session
                for each in session.run(session.objects.hanging(key, [entry.uuid], home.object_type)):
                    if each.uuid not in going and Annotations.of(home, each.data).mirrors:
                        self.writes.unit.delete_object(each)

    def _goes_with_owner(self, entry: Entry, going: set[str]) -> bool:
        """Whether a resource in a slot goes because the record that it stands in goes."""
        return entry.owner is not None and (entry.owner.uuid in going or entry.owner.uuid in self._doomed)

    def _goes_with(self, entry: Entry, member: Member, owner: Entry) -> bool:
        """Whether the register itself drops this record, or slot, together with its owner."""
        if entry.home.kind == "inside":
            same = entry.owner is not None and entry.owner.uuid == owner.uuid
            if same and names_owner(entry, entry.home, owner):
                return False
            return same or self._goes_with_owner(entry, self._doomed)
        if entry.home.place is None or owner.home.kind != "record":
            return False
        pair = next((each for each in entry.home.pairs if each.served == (member.name,)), None)
        goes_with = self.repository.mappings.collections[entry.home.place].goes_with
        return pair is not None and ".".join(pair.at) == goes_with

    def _clear(self, entry: Entry, member: Member, gone: Entry) -> None:
        value = entry.values.get(member.name)
        cleared = [each for each in value if each["uuid"] != gone.uuid] if isinstance(value, list) else None
        draft = self.writes.changing(entry, {member.name: cleared})
        self.writes.store.update(entry, draft.intended, draft.aside)

    def _void(self, entry: Entry, owner: Resource, path: Path) -> None:
        """A reference inside a group: the group as a whole goes."""
        link = (*path, "uuid")
        perhaps = Candidates(self.repository.reads).perhaps(owner, Wanted(link, "equals", entry.uuid))
        for each in self.repository.session.run(perhaps) or ():
            if get(each.values, link) == entry.uuid:
                intended = copied(each.values)
                intended[path[0]] = None
                self.writes.store.update(each, intended, {})

    # what a resource ties together

    def _used(self, resource: Resource, target: str, uuid: str) -> bool:
        return any(
            self.repository.related(resource.name, name, [uuid])
            for name, member in resource.members.items()
            if member.to == target
        )

    def _delete_with_loose_ends(self, name: str, uuid: str) -> None:
        """Delete a resource; what then belongs to nobody any more goes too."""
        entry = self.repository.one(name, uuid)
        if entry is None:
            return
        perhaps = self._held_by_going(entry)
        self._doomed = {each.uuid for each in self._all_going(entry)}
        self.delete(entry)
        for other, link in perhaps:
            found = self.repository.one(other, link)
            if found is not None and not any(
                found.references(each) for each, member in found.resource.members.items() if member.to
            ):
                self.delete(found)

    def _held_by_going(self, entry: Entry) -> list[tuple[str, str]]:
        """(resource, uuid) of what refers to resources that go with this one and would be left without."""
        found = []
        for owner, member, _ in self.repository.mappings.references_to[entry.resource.name]:
            if member.when_deleted != "delete":
                continue
            for going in self.repository.related(owner.name, member.name, [entry.uuid]):
                for other, link, _ in self.repository.mappings.references_to[owner.name]:
                    if link.when_deleted == "clear":
                        rows = self.repository.related(other.name, link.name, [going.uuid])
                        found += [(other.name, each.uuid) for each in rows]
        return found


def _goes_too(entry: Entry, going: Collection[str]) -> bool:
    return any(
        link in going
        for name, member in entry.resource.members.items()
        if member.when_deleted == "delete"
        for link in entry.references(name)
    )
