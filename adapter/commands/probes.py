"""Probes of the registers of a deployment: whether each can be used, and which setting is wrong if not.

Nothing is changed. Whether KlantBrug may write is tested with an empty body, which every register refuses.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from adapter.commands.probes_old import needed, register_problems
from adapter.configuration import LISTS, NOTIFICATIONS
from adapter.engine.deployment import ObjectType
from adapter.errors import RegisterAnswer, RegisterError
from adapter.main import OBJECTS, Adapter
from adapter.notifications.channels import CHANNELS
from adapter.notifications.channels import problems as channel_problems
from adapter.notifications.starting import channels
from adapter.notifications.subscriptions import heard_channels
from adapter.notifications.subscriptions import problem as subscription_problem
from adapter.old_apis import NEW, new_collections
from adapter.opening import open_register
from adapter.registers.client import Register
from adapter.registers.messages import Mode
from adapter.registers.reference_lists import ReferenceLists
from adapter.registers.refusals import REFUSED

_LOGIN = {
    "zgw": "are its client_id and secret",
    "api_key": "is its header_value",
    "oauth2_client_credentials": "are its client_id and secret",
    "no_auth": "is its auth_type (it is asked without a login)",
}
# Where the register must know the employee for whom it is called.
_WITH_USER = "are its client_id, secret and user_id"
_ELSEWHERE = "what answers at its api_root"
_UP_TO = "right, up to and including the version?"
_TYPES = "objecttypes"
TAKEN = "InterneTaak"


@dataclass(frozen=True, slots=True)
class _Probe:
    """The probe of one register; `login` is the question about the settings for its authentication."""

    name: str
    register: Register
    login: str

    def problem(self, collections: Iterable[str]) -> str:
        """Why the register cannot be used, with the setting to look at; "" when it can.

        One readable collection is enough, since not every register lists all of its collections.
        """
        found = ""
        for each in collections:
            why = self._asked(each)
            if not why or not why.startswith(_ELSEWHERE):
                return why
            found = found or why
        return found

    def _asked(self, collection: str) -> str:
        try:
            status = self.register.call("GET", collection).status
        except RegisterAnswer:
            return f"{_ELSEWHERE} is no such register: is that {_UP_TO}"
        except RegisterError:
            return "it cannot be reached: is the host in its api_root right, and can it be reached from here?"
        if status == 404:
            return f"{_ELSEWHERE} has no {collection}: is that {_UP_TO}"
        if status == 401:
            return f"it does not know KlantBrug (401): {self.login} right?"
        if status == 403:
            return (
                f"it refuses KlantBrug (403): {self.login} right, and may KlantBrug read {collection} there?"
            )
        return self._not_written(collection) if self.name != OBJECTS else ""

    def _not_written(self, collection: str) -> str:
        try:
            status = self.register.call("POST", collection, json={}).status
        except RegisterError:
            return ""
        if status not in REFUSED:
            return ""
        return (
            f"KlantBrug may read {collection} there, but not write them ({status}): "
            "give its client the right to create, change and delete them"
        )


def _tables(register: Register, tables: Mapping[str, str]) -> Iterator[str]:
    """A line for each setting of which the table cannot be used."""
    lists = ReferenceLists(register, 0)
    for setting, table in tables.items():
        try:
            if table and not lists.codes(table):
                yield f"the setting {setting}: its table has no code that holds now, so no text is right"
        except RegisterAnswer:
            yield f"the register {register.name}: {_ELSEWHERE} is no such register: is that {_UP_TO}"
        except RegisterError:
            yield f"the register {register.name}: it cannot be reached: is the host in its api_root right?"


def _channels(adapter: Adapter, register: Register, *, made: bool) -> Iterator[str]:
    """A line for each reason why messages could not be delivered."""
    try:
        if (status := register.call("POST", NOTIFICATIONS, json={}).status) in REFUSED:
            yield (
                f"the register {NOTIFICATIONS}: it takes no notifications of KlantBrug ({status}): "
                "give its client the right to publish (notificaties.publiceren)"
            )
        elif made:
            yield from channel_problems(register, channels(adapter.mappings))
            receive = adapter.configuration.notifications.receive
            if receive and (why := subscription_problem(register, receive, heard_channels(adapter.mappings))):
                yield why
    except RegisterError:
        yield f"the register {NOTIFICATIONS}: {_ELSEWHERE} is no Notificaties API: is that {_UP_TO}"


def problems(adapter: Adapter, *, made: bool) -> Iterator[str]:
    """A line for each problem. `made` is whether KlantBrug's own objecttypes should exist already.

    Contracts are not checked: an answer that breaks its contract is no reason why a register is unusable.
    """
    configuration = adapter.configuration
    collections: dict[str, list[str]] = {OBJECTS: [_TYPES], NOTIFICATIONS: [CHANNELS]}
    for place in adapter.mappings.collections:
        collections.setdefault(place.register, []).append(place.collection)
    if configuration.serves_old:
        collections[NEW] = new_collections(configuration)
    elif configuration.phases is not None:
        collections[NEW] = list(adapter.mappings.resources)[:1]
    usable: dict[str, Register] = {}
    opened: list[Register] = []
    try:
        for name, values in configuration.registers.items():
            register = open_register(replace(values, contract=Mode.OFF), configuration)
            opened.append(register)
            login = _WITH_USER if register.for_users else _LOGIN[values.service["auth_type"]]
            why = _Probe(name, register, login).problem(collections.get(name, ()))
            if why:
                yield f"the register {name}: {why}"
            else:
                usable[name] = register
        if configuration.serves_old and NEW in usable:
            yield from register_problems(usable[NEW], needed(configuration))
        taken = configuration.registers_api.internetaak if configuration.serves_old else None
        if taken is not None and OBJECTS in usable:
            uuid = taken.url.rstrip("/").rpartition("/")[2]
            why = _unusable(usable[OBJECTS], ObjectType(TAKEN, uuid, taken.url, taken.version), theirs=True)
            yield from [f"registers_api.internetaak: {why}"] if why else ()
        if LISTS in usable:
            yield from _tables(usable[LISTS], adapter.mappings.tables)
        if NOTIFICATIONS in usable:
            yield from _channels(adapter, usable[NOTIFICATIONS], made=made)
        if OBJECTS in usable:
            for each in adapter.types().values():
                theirs = each.name in configuration.objecttypes
                if theirs or made:
                    why = _unusable(usable[OBJECTS], each, theirs=theirs)
                    yield from [f"the objecttype {each.name}: {why}"] if why else ()
    finally:
        for register in opened:
            register.close()


def _unusable(objects: Register, objecttype: ObjectType, *, theirs: bool) -> str:
    """Why an objecttype cannot be used, permissions aside; "" when it can."""
    path = f"{_TYPES}/{objecttype.uuid}"
    try:
        found = objects.call("GET", path)
        if found.status == 404:
            return "there is none at its url" if theirs else "it is not there: run klantbrug setup"
        if found.status == 200 and theirs and (why := _another(objects, path, objecttype, found.body)):
            return why
    except RegisterError:
        return "the register objects does not tell whether it is there"
    return ""


def _another(objects: Register, path: str, objecttype: ObjectType, body: Any) -> str:
    """Why the objecttype at the configured URL is not the one that is meant; "" when it is."""
    there = str(body.get("name", "")) if isinstance(body, dict) else ""
    one, other = _letters(there), _letters(objecttype.name)
    if one not in other and other not in one:
        return f"at its url is the objecttype {there}: is that url right?"
    if objects.call("GET", f"{path}/versions/{objecttype.version}").status == 404:
        versions = body.get("versions") or []
        numbers = ", ".join(str(each).rstrip("/").rpartition("/")[2] for each in versions) or "none"
        return f"{there} has no version {objecttype.version}; it has {numbers}"
    return ""


def _letters(text: str) -> str:
    return "".join(each for each in text.casefold() if each.isalnum())
