"""What a target held when it began to answer, as fingerprints, and how it differs from that now."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from adapter.mapping.model import Resource
from adapter.move.book import Book, chunks, digest_of, marks

MARKED = "marked"
NEW, CHANGED, GONE = "new", "changed", "gone"

Ask = Callable[[str, int], Mapping[str, Any]]
"""Gives a page of a kind of the target, from 1: `count`, `next`, `results`."""


class Moving(Exception):
    """The target changes while it is read."""


@dataclass(frozen=True, slots=True)
class Held:
    """A resource of the target: its own values, and their fingerprint."""

    kind: str
    uuid: str
    values: Mapping[str, Any]
    digest: str


@dataclass(frozen=True, slots=True)
class Deed:
    """What is to be done to the old registers for one resource: NEW, CHANGED or GONE in the target."""

    what: str
    held: Held

    @property
    def key(self) -> str:
        """The same for the same deed, and for no other."""
        return f"{self.what} {self.held.kind} {self.held.uuid} {self.held.digest}"


def read_target(resources: Iterable[Resource], ask: Ask) -> Iterator[list[Held]]:
    """All resources of these kinds, page by page as their lists have them. Raises Moving."""
    for resource in resources:
        page, met, more, count = 1, 0, True, None
        while more:
            answer = ask(resource.name, page)
            count = answer["count"] if count is None else count
            if answer["count"] != count:
                raise Moving
            found = [held(resource, each) for each in answer["results"]]
            yield found
            page, met, more = page + 1, met + len(found), bool(answer["next"])
        if met != count:
            raise Moving


def held(resource: Resource, item: Mapping[str, Any]) -> Held:
    """A resource as the API of a target shows it."""
    names = [each.name for each in resource.members.values() if each.computed is None and each.name in item]
    values = {name: plain(item[name]) for name in names}
    return Held(resource.name, item["uuid"], values, digest_of(values))


def plain(value: Any) -> Any:
    """A value without addresses: a reference is its uuid alone, whatever else it shows of what it names."""
    if isinstance(value, dict):
        if {"uuid", "url"} <= value.keys():
            return {"uuid": value["uuid"]}
        return {name: plain(each) for name, each in value.items()}
    return [plain(each) for each in value] if isinstance(value, list) else value


def mark(book: Book, pages: Iterable[list[Held]], at: str) -> None:
    """Note what the target holds now, in place of what was noted before. Raises what reading it does."""
    # Until all is noted nothing is: what lacks would be taken for new.
    book.note(MARKED, None)
    with book.database.transaction() as transaction:
        transaction.run("DELETE FROM move_mark")
        transaction.run("DELETE FROM move_back")
    for page in pages:
        with book.database.transaction() as transaction:
            transaction.each(
                "INSERT INTO move_mark VALUES (?, ?, ?)", ((it.kind, it.uuid, it.digest) for it in page)
            )
    book.note(MARKED, at)


def mark_by_rows(book: Book) -> None:
    """Note nothing of what the target holds: the file that was loaded says it, to whoever has its rows."""
    mark(book, (), "")


def differences(book: Book, pages: Iterable[list[Held]]) -> list[Deed]:
    """What is to be done so that the old registers say what the target says, in the order of doing it.

    What others refer to comes first and the oldest first; what is gone last, in the reverse order.
    """
    there: dict[str, set[str]] = {}
    found: list[Deed] = []
    kinds: list[str] = []
    of_kind: list[Deed] = []
    for page in pages:
        for kind in {each.kind for each in page} - set(kinds):
            found += reversed(of_kind)
            kinds, of_kind = [*kinds, kind], []
        known = _marked(book, page)
        for each in page:
            there.setdefault(each.kind, set()).add(each.uuid)
            if known.get(each.uuid) != each.digest:
                of_kind.append(Deed(CHANGED if each.uuid in known else NEW, each))
    found += reversed(of_kind)
    with book.database.transaction() as transaction:
        rows = transaction.run("SELECT kind, uuid FROM move_mark ORDER BY kind, uuid")
    gone = [Held(kind, uuid, {}, "") for kind, uuid in rows if uuid not in there.get(kind, ())]
    order = {kind: place for place, kind in enumerate(kinds)}
    gone.sort(key=lambda each: -order.get(each.kind, len(order)))
    changed = [each for each in found if each.what == CHANGED]
    return [*(it for it in found if it.what == NEW), *changed, *(Deed(GONE, each) for each in gone)]


def _marked(book: Book, page: list[Held]) -> dict[str, str]:
    found: dict[str, str] = {}
    for kind in {each.kind for each in page}:
        for part in chunks([each.uuid for each in page if each.kind == kind]):
            with book.database.transaction() as transaction:
                rows = transaction.run(
                    f"SELECT uuid, digest FROM move_mark WHERE kind = ? AND uuid IN ({marks(part)})",
                    (kind, *part),
                )
            found.update(rows)
    return found
