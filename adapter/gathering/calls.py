"""The register as gathering asks it, over HTTP."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from adapter import context
from adapter.context import Once
from adapter.errors import RegisterAnswer, RegisterError, RegisterUnavailable, TooManyCalls
from adapter.gathering.ports import Body, NotSent, Record, RecordPage, Refused, Unanswered
from adapter.registers import messages
from adapter.registers.client import Register
from adapter.registers.messages import RegisterFault
from adapter.registers.wrong import wrong_members

_CONFLICT, _NOT_FOUND = 409, 404
# Who asks may not do this: of the employee in whose name it is done, or of KlantBrug itself.
_WHO = frozenset({401, 403})
# Statuses with which a register says that it did nothing, and may do it later.
_LATER = frozenset({408, 425, 429})


class Calls:
    """The registers of a dialect by name; collections are `register/collection`."""

    def __init__(self, registers: Mapping[str, Register]) -> None:
        self._registers = registers

    def post(self, collection: str, body: Body, user: str) -> Record:
        """Make a record in the name of a user. Raises PostFailed.

        A user whom the register does not know does not stop it: then it is made in the name that the
        service has.
        """
        made = _record(self._done(collection, body, user))
        if made is None:
            raise Unanswered
        return made

    def link(self, collection: str, body: Body, user: str) -> None:
        """The same for a link, of which the register may tell no URL. Raises PostFailed."""
        made = self._done(collection, body, user)
        if made is not None and not isinstance(made, dict):
            raise Unanswered

    def _done(self, collection: str, body: Body, user: str) -> Any:
        status, answer = self._posted(collection, body, user)
        if status in _WHO and user:
            status, answer = self._posted(collection, body, "")
        if status in _WHO:
            raise NotSent
        if status >= 400:
            members = wrong_members(answer, body)
            raise Refused(tuple(members), conflict=status == _CONFLICT)
        return answer

    def _posted(self, collection: str, body: Body, user: str) -> tuple[int, Any]:
        register, name = self._place(collection)
        try:
            answer = register.call("POST", name, json=body, user=user)
        except RegisterFault as fault:
            raise (NotSent if fault.status in _LATER else Unanswered) from None
        except (messages.NotSent, TooManyCalls):
            raise NotSent from None
        except RegisterError:
            raise Unanswered from None
        return answer.status, answer.body

    def retrieve(self, collection: str, uuid: str) -> Record | None:
        """A record; None when there is none. Raises RegisterUnavailable.

        It is read once for a request: nothing that a client does changes it.
        """
        request = context.current()
        if request is None:
            return self._retrieved(collection, uuid)
        once = request.records.setdefault((collection, uuid), Once())
        with once.alone:
            if once.found is None:
                once.found = self._retrieved(collection, uuid)
            found: Record | None = once.found
            return found

    def _retrieved(self, collection: str, uuid: str) -> Record | None:
        register, name = self._place(collection)
        answer = register.call("GET", f"{name}/{uuid}")
        if answer.status == _NOT_FOUND:
            return None
        self._check(register, answer.status)
        found = _record(answer.body)
        if found is None:
            raise RegisterAnswer(register.name)
        return found

    def page(self, collection: str, filters: Mapping[str, str], number: int) -> RecordPage:
        """The records that meet the filters; a page past the last is empty. Raises RegisterUnavailable."""
        register, name = self._place(collection)
        answer = register.call("GET", name, params=[*filters.items(), ("page", str(number))])
        if answer.status == _NOT_FOUND and number > 1:
            return RecordPage(0, (), more=False)
        self._check(register, answer.status)
        try:
            found = tuple(record for each in answer.body["results"] if (record := _record(each)))
            return RecordPage(int(answer.body["count"]), found, more=bool(answer.body.get("next")))
        except (KeyError, TypeError, ValueError, AttributeError):
            raise RegisterAnswer(register.name) from None

    def linked(self, collection: str, parameter: str, url: str) -> list[Body]:
        """The records that a register finds beside this one. Raises RegisterUnavailable."""
        register, name = self._place(collection)
        answer = register.call("GET", name, params=[(parameter, url)])
        self._check(register, answer.status)
        found = answer.body.get("results") if isinstance(answer.body, dict) else None
        if not isinstance(found, list):
            raise RegisterAnswer(register.name)
        return [each for each in found if isinstance(each, dict)]

    def _check(self, register: Register, status: int) -> None:
        if status >= 400:
            raise RegisterUnavailable(register.name)

    def _place(self, collection: str) -> tuple[Register, str]:
        register, _, name = collection.partition("/")
        return self._registers[register], name


def _record(content: Any) -> Record | None:
    """A record; its uuid is the last part of its URL. None for what is none."""
    url = content.get("url") if isinstance(content, dict) else None
    uuid = url.rpartition("/")[2] if isinstance(url, str) else ""
    return Record(uuid, content) if uuid else None
