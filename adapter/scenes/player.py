"""Playing of a scene: its steps one by one, and the differences from what it expects."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import quote

from adapter.mapping.examples.run import Difference
from adapter.mapping.examples.written import spelled
from adapter.mapping.language.scenes import METHODS
from adapter.mapping.paths import MISSING, get, parse
from adapter.mapping.source import NodePath
from adapter.registers.messages import RegisterFault
from adapter.scenes.registers import OBJECTS, SEARCH, with_bases
from adapter.scenes.theatre import Play

_NAMED = re.compile(r"<([\w-]+)((?:\.[\w-]+)*)>")
_DONE = {"get": 200, "post": 201, "put": 200, "patch": 200, "delete": 204}
REFUSED = 400
PAGE = ("pageSize", "100")


class Player:
    """Plays one scene. `names` are the answers that steps gave a name (`as`), by that name."""

    def __init__(self, play: Play) -> None:
        self.play = play
        self.names: dict[str, Any] = {}

    def differences(self, steps: list[Mapping[str, Any]]) -> list[Difference]:
        """The differences of the first step that has any; those of later steps would follow from them."""
        for number, step in enumerate(steps):
            found = list(self._step(step, ("steps", number)))
            if found:
                return found
        return []

    def _step(self, step: Mapping[str, Any], here: NodePath) -> Iterator[Difference]:
        if "wait" in step:
            yield from self._waited(step, here)
            return
        method = next(each for each in METHODS if each in step)
        self.play.asked()
        body = self._filled(spelled(step["body"])) if "body" in step else None
        try:
            status, answer = self._done(method, step, body)
        except (LookupError, RegisterFault) as error:
            yield Difference((*here, method), step[method], str(error) or type(error).__name__)
            return
        asked = self.play.asked()
        if "as" in step:
            self.names[step["as"]] = answer
        if "refused" in step:
            yield from _told((*here, "refused"), step["refused"], _problems(status, answer))
            return
        wanted = step.get("status", _DONE[method])
        if status != wanted:
            yield Difference((*here, method), wanted, _shown(status, answer))
            return
        yield from self._compared(step, answer, here)
        yield from _asked(step, asked, here)

    def _waited(self, step: Mapping[str, Any], here: NodePath) -> Iterator[Difference]:
        try:
            self.play.wait(step["wait"])
        except LookupError as error:
            yield Difference((*here, "wait"), step["wait"], str(error))

    def _compared(self, step: Mapping[str, Any], answer: Any, here: NodePath) -> Iterator[Difference]:
        if "answer" in step:
            expected = self._filled(spelled(step["answer"]))
            yield from _named((*here, "answer"), expected, answer)
        for number, text in enumerate(step.get("lacks", ())):
            if get(answer, parse(text)) is not MISSING:
                yield Difference((*here, "lacks", number), MISSING, get(answer, parse(text)))
        if "found" in step:
            known = {each["uuid"]: name for name, each in self.names.items() if "uuid" in (each or ())}
            found = [known.get(each["uuid"], "another") for each in answer.get("results", ())]
            if found != step["found"]:
                yield Difference((*here, "found"), step["found"], found)

    # doing

    def _done(self, method: str, step: Mapping[str, Any], body: Any) -> tuple[int, Any]:
        target = self._filled(step[method], in_path=True)
        if "register" not in step:
            return self.play.ask(method.upper(), target, body)
        if step["register"] not in self.play.registers:
            raise LookupError(f"there is no register {step['register']}")
        if step["register"] == OBJECTS:
            return self._object(method, target, body)
        register = self.play.registers[step["register"]]
        if method == "post":
            body = self.play.completed_for(register.name, target, body or {})
        answer = register.call(method.upper(), target, json=body)
        return answer.status, _with_uuid(answer.body)

    def _object(self, method: str, target: str, body: Any) -> tuple[int, Any]:
        """A request on objects; `target` is `OBJECTTYPE` or `OBJECTTYPE/UUID`, bodies are the data alone."""
        name, _, uuid = target.partition("/")
        kind, register = self.play.types.get(name), self.play.registers[OBJECTS]
        if kind is None:
            raise LookupError(f"there is no objecttype {name}")
        if method == "get" and not uuid:
            found = register.call("POST", SEARCH, params=[PAGE], json={"type": kind.url})
            return found.status, {"results": [_data(each) for each in found.body["results"]]}
        sent: dict[str, Any] | None = None
        if body is not None:
            sent = {"record": {"typeVersion": kind.version, "data": body, "startAt": "2024-01-01"}}
            if method == "post":
                sent |= {"type": kind.url, **({"uuid": body["uuid"]} if "uuid" in body else {})}
        answer = register.call(method.upper(), f"objects/{uuid}".rstrip("/"), json=sent)
        return answer.status, _data(answer.body) if answer.body and "record" in answer.body else answer.body

    # what was made before

    def _filled(self, node: Any, *, in_path: bool = False) -> Any:
        """The node with its placeholders replaced: `<name>` by a uuid, `<name.member>` by a value."""
        if isinstance(node, Mapping):
            return {name: self._filled(each) for name, each in node.items()}
        if isinstance(node, list):
            return [self._filled(each) for each in node]
        if not isinstance(node, str):
            return node
        whole = _NAMED.fullmatch(node)
        if whole is not None:
            return self._value(whole)
        plain = with_bases(_NAMED.sub(lambda found: str(self._value(found)), node))
        return quote(plain, safe="/?&=,:%+") if in_path else plain

    def _value(self, found: re.Match[str]) -> Any:
        path = parse(found[2].removeprefix(".")) if found[2] else ("uuid",)
        value = get(self.names.get(found[1]), path)
        return found[0] if value is MISSING else value


def _data(stored: Mapping[str, Any]) -> dict[str, Any]:
    return {**stored["record"]["data"], "uuid": stored["uuid"], "url": stored["url"]}


def _with_uuid(record: Any) -> Any:
    """A register record with its uuid, which some registers give only as the end of its URL."""
    if isinstance(record, dict) and "url" in record and "uuid" not in record:
        return {**record, "uuid": record["url"].rpartition("/")[2]}
    if isinstance(record, dict) and isinstance(record.get("results"), list):
        return {**record, "results": [_with_uuid(each) for each in record["results"]]}
    return record


def _problems(status: int, answer: Any) -> dict[str, str]:
    """The code of each problem by its name; {} when the answer is no 400."""
    problems = answer.get("invalidParams", ()) if status == REFUSED and isinstance(answer, dict) else ()
    return {each["name"]: each["code"] for each in problems}


def _shown(status: int, answer: Any) -> str:
    """An answer with an unexpected status, in short: the status and its problems."""
    said = _problems(status, answer) or answer if status >= REFUSED else ""
    return f"{status} {said}".strip()


def _asked(
    step: Mapping[str, Any], asked: list[tuple[str, frozenset[str]]], here: NodePath
) -> Iterator[Difference]:
    """The searches of `asks` that were not made, and too many `calls`."""
    for number, text in enumerate(step.get("asks", ())):
        place, _, parameter = text.partition("?")
        if not any(each == place and parameter in names for each, names in asked):
            yield Difference((*here, "asks", number), text, MISSING)
    if len(asked) > step.get("calls", len(asked)):
        yield Difference((*here, "calls"), step["calls"], len(asked))


def _told(path: NodePath, expected: Any, found: Any) -> Iterator[Difference]:
    if expected != found:
        yield Difference(path, expected, found)


def _named(path: NodePath, expected: Any, found: Any) -> Iterator[Difference]:
    """The differences from what is expected; members that it does not name are ignored, lists are whole."""
    if isinstance(expected, Mapping) and isinstance(found, Mapping):
        for name, each in expected.items():
            yield from _named((*path, name), each, found.get(name, MISSING))
    elif isinstance(expected, list) and isinstance(found, list) and len(expected) == len(found):
        for number, (each, other) in enumerate(zip(expected, found, strict=True)):
            yield from _named((*path, number), each, other)
    elif expected != found or type(expected) is not type(found):
        yield Difference(path, expected, found)
