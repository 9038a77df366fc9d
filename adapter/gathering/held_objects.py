"""The Objects API with the pieces of contacts in it, as objects that are read and written like any other.

So the engine validates, filters, expands and deletes pieces as it does everything else, and whether a piece
is held, or stands in a record and beside it, is known here alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from typing import Any

from adapter import context
from adapter.context import Once
from adapter.errors import Forbidden, RegisterUnavailable
from adapter.gathering.asked import Asked
from adapter.gathering.finding import Finding, Pieces
from adapter.gathering.gatherer import Gatherer, NotTaken, Taken
from adapter.gathering.kept import Piece
from adapter.gathering.known_names import KnownNames
from adapter.gathering.late import STAYS, Late
from adapter.gathering.ports import Body, Refused
from adapter.gathering.refusals import told
from adapter.registers.client import Register
from adapter.registers.messages import Answer

OBJECTS = "objects"
SEARCH = "objects/search"
_FOUND, _MADE, _GONE = 200, 201, 204
_MOST = 500
# Whom only a record knows, among what was read for a request.
_UNLISTED = "unlisted"


class HeldObjects:
    """The objects of a deployment. Threads may share it; see `engine.deployment.Register`."""

    def __init__(
        self, objects: Register, gatherer: Gatherer, finding: Finding, late: Late, names: KnownNames
    ) -> None:
        self._objects, self._gatherer, self._finding, self._late = objects, gatherer, finding, late
        self._names = names
        self.name = objects.name
        self.url, self.urls, self.identify = objects.url, objects.urls, objects.identify
        # The others, such as whom only a record names, are in no list.
        self._shapes = {each.type: each for each in finding.shapes.values() if each.resource in late.pieces}

    @property
    def _base(self) -> str:
        return self._objects.url(OBJECTS, "").rstrip("/")

    def call(
        self, method: str, path: str, *, params: Sequence[tuple[str, str]] = (), json: Any = None
    ) -> Answer:
        """Do one request. Raises what the Objects API raises, Invalid, Forbidden and Waits."""
        collection, _, uuid = path.partition("/")
        if collection != OBJECTS:
            return self._objects.call(method, path, params=params, json=json)
        if path == SEARCH or (not uuid and method == "GET"):
            return self._listed(method, path, params, json)
        if method != "GET":
            context.read_anew()
        if method == "POST":
            return self._post(json)
        answer = self._one(method, uuid, json)
        return answer or self._objects.call(method, path, params=params, json=json)

    # reading

    def _listed(self, method: str, path: str, params: Sequence[tuple[str, str]], form: Any) -> Answer:
        asked = Asked.of(params, form or {})
        there = [] if asked.type and asked.type not in self._shapes else self._found(asked)
        if not there:
            return self._objects.call(method, path, params=params, json=form)
        real = self._all(method, path, params, form)
        if isinstance(real, Answer):
            return real
        known = {each["uuid"] for each in there}
        found = asked.sorted([*there, *(each for each in real if each["uuid"] not in known)])
        start = (asked.page - 1) * asked.size
        more = "more" if len(found) > start + asked.size else None
        page = found[start : start + asked.size]
        return Answer(_FOUND, {"count": len(found), "next": more, "previous": None, "results": page})

    def _found(self, asked: Asked) -> list[Body]:
        found = []
        for _, pieces in self._finding.found(asked):
            for piece in pieces:
                shape = self._finding.shapes[piece.resource]
                if shape.type not in self._shapes:
                    _remember(piece, pieces)
                elif asked.type in {"", shape.type}:
                    made = shape.object(piece, pieces, self._base)
                    found += [made] if asked.meets(made["record"]["data"]) else []
        return found

    def _all(
        self, method: str, path: str, params: Sequence[tuple[str, str]], form: Any
    ) -> list[Body] | Answer:
        """All that the Objects API finds; its answer when that is none."""
        rest = [each for each in params if each[0] not in {"page", "pageSize"}]
        found: list[Body] = []
        number, more = 0, True
        while more:
            number += 1
            paging = [("pageSize", str(_MOST)), ("page", str(number))]
            answer = self._objects.call(method, path, params=[*rest, *paging], json=form)
            if answer.status >= 400 or not isinstance(answer.body, dict):
                return answer
            found += answer.body["results"]
            more = bool(answer.body.get("next"))
        return found

    def _read(self, uuid: str) -> tuple[Piece, Pieces] | None:
        if (known := _remembered(uuid)) is not None:
            return known
        contact = self._finding.reading.places.contact_of(uuid)
        pieces = None if contact is None else self._finding.reading.pieces(contact)
        piece = next((each for each in pieces or () if each.uuid == uuid), None)
        return (piece, pieces) if piece and pieces else None

    # writing

    def _post(self, content: Body) -> Answer:
        shape = self._shapes.get(str(content.get("type", "")).rstrip("/").rpartition("/")[2])
        if shape is None:
            return self._objects.call("POST", OBJECTS, json=content)
        piece = Piece(content["uuid"], shape.resource, shape.body(content["record"]["data"]))
        with told(self._late.declared, piece):
            if piece.resource == self._late.declared.resource:
                self._check_names(piece)
                request = context.current()
                self._gatherer.begin([piece], request.settle if request else None)
            elif self._added(piece) is None:
                return self._late.added(piece, lambda: self._objects.call("POST", OBJECTS, json=content))
        return Answer(_MADE, shape.object(piece, [piece], self._base))

    def _added(self, piece: Piece) -> Taken | None:
        if self._names.known and self._gatherer.contact_of(piece.resource, piece.body) is not None:
            self._check_names(piece)
        return self._gatherer.add(piece)

    def _check_names(self, piece: Piece, before: Piece | None = None) -> None:
        """Raise Refused when the register would refuse what this piece says."""
        if unknown := self._names.unknown(piece, before):
            raise Refused(unknown)

    def _one(self, method: str, uuid: str, content: Any) -> Answer | None:
        """The answer of a piece; None when the uuid is that of none."""
        found = self._read(uuid)
        if found is None:
            return self._put_of_none(uuid, content) if method == "PUT" else None
        piece, pieces = found
        shape = self._finding.shapes[piece.resource]
        if method == "GET":
            return Answer(_FOUND, shape.object(piece, pieces, self._base))
        if piece.resource not in self._late.pieces:
            raise Forbidden(STAYS)
        with told(self._late.declared, piece):
            if method == "DELETE":
                if self._gatherer.remove(uuid) is None:
                    self._late.removed(piece)
                return Answer(_GONE, None)
            body = shape.body(content["record"]["data"])
            if self._leaves(piece, body):
                return self._moved(piece, body, content)
            changed = Piece(uuid, piece.resource, body)
            if self._names.known and self._gatherer.held(uuid) is not None:
                self._check_names(changed, piece)
            if self._gatherer.change(uuid, body) is None:
                self._late.changed(piece, body)
        return Answer(_FOUND, shape.object(changed, pieces, self._base))

    def _leaves(self, piece: Piece, body: Body) -> bool:
        """Whether a piece would be one of its contact no longer."""
        if piece.resource == self._late.declared.resource:
            return False
        return self._late.contact_of(piece.resource, body) != self._late.contact_of(
            piece.resource, piece.body
        )

    def _moved(self, piece: Piece, body: Body, content: Body) -> Answer:
        """A piece that becomes one of another contact, or an object."""
        moved = self._gatherer.move(piece.uuid, body)
        if moved is not None:
            shape = self._finding.shapes[piece.resource]
            return Answer(_FOUND, shape.object(moved, [moved], self._base))
        # Before a link is made of it, which would stay.
        self._late.check_delete(piece.uuid)
        # The object first: until the piece goes, that is what is read. See `settled`.
        answer = self._late.added(
            replace(piece, body=body),
            lambda: self._objects.call("POST", OBJECTS, json={**content, "uuid": piece.uuid}),
        )
        self._leave(piece)
        return answer if answer.status >= 400 else Answer(_FOUND, answer.body)

    def _leave(self, piece: Piece) -> None:
        """Let a piece go of which there is an object. When it cannot, that goes, and this raises why."""
        try:
            if self._gatherer.remove(piece.uuid) is None:
                self._late.removed(piece)
        except (NotTaken, Forbidden):
            self._objects.call("DELETE", f"{OBJECTS}/{piece.uuid}")
            raise

    # what was left of processes that died

    def settled(self, new: bool, uuid: str) -> bool:
        """See `engine.deployment.Gathers`. Raises RegisterUnavailable."""
        if new and self._gatherer.withdraw(uuid):
            return True
        there = self._objects.call("GET", f"{OBJECTS}/{uuid}")
        if there.status >= 500:
            raise RegisterUnavailable(self.name)
        found = self._read(uuid)
        if there.status >= 400:
            if found is not None and not new:
                self._late.linked(found[0])
            return not new
        if found is not None:
            # A piece that became an object, or an object that became a piece.
            with suppress(NotTaken, Forbidden):
                self._leave(found[0])
        elif new:
            return self._objects.call("DELETE", f"{OBJECTS}/{uuid}").status < 500
        else:
            shape = self._shapes.get(str(there.body["type"]).rstrip("/").rpartition("/")[2])
            if shape is not None:
                self._late.linked(Piece(uuid, shape.resource, shape.body(there.body["record"]["data"])))
        return True

    def delete_held(self, uuids: Sequence[str]) -> frozenset[str]:
        """See `engine.deployment.Gathers`. Raises Invalid and Waits."""
        with told(self._late.declared, Piece("", self._late.declared.resource, {})):
            return self._gatherer.remove_all(frozenset(uuids))

    def _put_of_none(self, uuid: str, content: Body) -> Answer | None:
        """The change of an object that is no piece; None when it is as any other. Its links are made."""
        attached = self._attached(uuid, content)
        shape = self._shapes.get(str(content.get("type", "")).rstrip("/").rpartition("/")[2])
        if attached is not None or shape is None or shape.resource not in self._late.linking:
            return attached
        answer = self._objects.call("PUT", f"{OBJECTS}/{uuid}", json=content)
        if answer.status < 400:
            self._late.linked(Piece(uuid, shape.resource, shape.body(content["record"]["data"])))
        return answer

    def _attached(self, uuid: str, content: Body) -> Answer | None:
        """An object that becomes a piece of a contact that is held; None when it does not."""
        shape = self._shapes.get(str(content.get("type", "")).rstrip("/").rpartition("/")[2])
        if shape is None or shape.resource == self._late.declared.resource:
            return None
        body = shape.body(content["record"]["data"])
        if self._gatherer.contact_of(shape.resource, body) is None:
            return None
        answer = self._post({**content, "uuid": uuid})
        self._objects.call("DELETE", f"{OBJECTS}/{uuid}")
        return Answer(_FOUND, answer.body)

    # what else is asked of the client of a register

    def __getattr__(self, name: str) -> Any:
        return getattr(self._objects, name)


def _remember(piece: Piece, pieces: Pieces) -> None:
    """Whom only a record knows was read with it: no list has it, so it may be asked for one by one now."""
    request = context.current()
    if request is not None:
        request.read[_UNLISTED, piece.uuid] = Once(found=(piece, pieces))


def _remembered(uuid: str) -> tuple[Piece, Pieces] | None:
    request = context.current()
    once = None if request is None else request.read.get((_UNLISTED, uuid))
    found: tuple[Piece, Pieces] | None = None if once is None else once.found
    return found
