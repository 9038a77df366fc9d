"""Creates and updates KlantBrug's own objecttypes in an Objects API; may be repeated without harm."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from adapter.errors import RegisterAnswer
from adapter.registers.client import Register
from adapter.registers.messages import Answer

COLLECTION = "objecttypes"
VERSIONS = "versions"
PUBLISHED = "published"


class Definition(Protocol):
    """An objecttype of the mappings; its uuid is the same in every deployment."""

    @property
    def uuid(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def name_plural(self) -> str: ...
    @property
    def schema(self) -> Mapping[str, Any]: ...


@dataclass(frozen=True, slots=True)
class Outcome:
    """The result for one objecttype.

    `version` is the published version with the wanted schema; `done` is "created", "new version" or
    "unchanged".
    """

    name: str
    uuid: str
    url: str
    version: int
    done: str


class ObjecttypeRefused(Exception):
    """The Objects API refused the objecttype `name` with `status`; 401 and 403 concern the token."""

    def __init__(self, name: str, status: int) -> None:
        self.name = name
        self.status = status
        hint = {
            401: "; it does not know the token: is header_value right?",
            403: "; the token needs write permission for objecttypes",
            404: "; is the api_root right, up to and including the version?",
        }.get(status, "")
        super().__init__(f"objecttype {name}: the Objects API answered {status}{hint}")


def set_up(objects: Register, definitions: Iterable[Definition]) -> Iterator[Outcome]:
    """Create missing objecttypes and publish a version where the schema differs; yields after each.

    Raises ObjecttypeRefused, and what `Register.call` raises.
    """
    for definition in definitions:
        path = f"{COLLECTION}/{definition.uuid}"
        found = objects.call("GET", path)
        created = found.status == 404
        if created:
            body = {"uuid": definition.uuid, "name": definition.name, "namePlural": definition.name_plural}
            _expect(objects.call("POST", COLLECTION, json=body), definition, 201)
        else:
            _expect(found, definition, 200)
        version, changed = _publish(objects, path, definition)
        done = "created" if created else "new version" if changed else "unchanged"
        yield Outcome(definition.name, definition.uuid, f"{objects.base}{path}", version, done)


def _publish(objects: Register, path: str, definition: Definition) -> tuple[int, bool]:
    """(number of the published version with the wanted schema, whether it was created now)."""
    listed = _expect(objects.call("GET", f"{path}/{VERSIONS}"), definition, 200)
    try:
        published = [each for each in listed["results"] if each["status"] == PUBLISHED]
        newest = max(published, key=lambda each: each["version"], default=None)
        if newest is not None and newest["jsonSchema"] == definition.schema:
            return int(newest["version"]), False
        body = {"status": PUBLISHED, "jsonSchema": definition.schema}
        made = _expect(objects.call("POST", f"{path}/{VERSIONS}", json=body), definition, 201)
        return int(made["version"]), True
    except (KeyError, TypeError, ValueError):
        raise RegisterAnswer(objects.name) from None


def _expect(answer: Answer, definition: Definition, status: int) -> Any:
    if answer.status != status:
        raise ObjecttypeRefused(definition.name, answer.status)
    return answer.body
