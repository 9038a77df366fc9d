"""Whose data a request concerns that the target answers, for a deployment that logs it.

The mappings say by which paths a resource leads to data subjects. They are followed through the answers of
the target: by what it can expand, and else a resource at a time.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qsl, urlencode

import orjson

from adapter.mapping.model import Resource
from adapter.mapping.paths import Path
from adapter.phases.forward import Forward, Passed
from adapter.processing import Subject

EXPAND = "expand"
FOUND = 200
_UUID = rb"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"


class Whose:
    """Finds data subjects; `expands` are the names that each kind can expand."""

    def __init__(
        self, forward: Forward, resources: Mapping[str, Resource], expands: Mapping[str, Sequence[str]]
    ) -> None:
        self._ask, self._resources, self._expands = forward, resources, expands

    def before(self, kind: str, asked: Passed) -> set[Subject]:
        """Those of whom data will be changed, as far as the target and the body say. Raises RegisterError."""
        found = self._in_body(kind, asked)
        if asked.path != kind and kind in self._resources:
            plain = replace(asked, method="GET", query="", body=b"", headers={})
            found |= self._all(kind, plain, self._text(plain))
        return found

    def after(self, kind: str, asked: Passed, body: bytes) -> set[Subject]:
        """Those of whom data is in an answer. Raises RegisterError."""
        if asked.method in ("GET", "HEAD"):
            return self._all(kind, replace(asked, method="GET"), body)
        return self._subjects(asked.base, body)

    def _all(self, kind: str, asked: Passed, text: bytes) -> set[Subject]:
        found = self._subjects(asked.base, text)
        if kind in self._resources:
            for path in self._resources[kind].concerns:
                found |= self._follow(kind, path, asked, text)
        return found

    def _follow(self, kind: str, path: Path, asked: Passed, text: bytes) -> set[Subject]:
        """Those at the end of a path from what a GET gave."""
        lengths = range(len(path) - 1, 0, -1)
        step = next((it for it in lengths if ".".join(path[:it]) in self._expands.get(kind, ())), 0)
        if step:
            text = self._text(_expanded(asked, ".".join(path[:step])))
        for name in path[:step]:
            kind = self._beyond(kind, name)
        rest = path[step:]
        if len(rest) == 1:
            return self._subjects(asked.base, text)
        to = self._beyond(kind, rest[0])
        return self._through(to, rest[1:], asked, _uuids(asked.base, to, text))

    def _through(self, kind: str, path: Path, asked: Passed, uuids: set[str]) -> set[Subject]:
        found: set[Subject] = set()
        for uuid in sorted(uuids):
            one = Passed("GET", f"{kind}/{uuid}", "", asked.base)
            found |= self._follow(kind, path, one, self._text(one))
        return found

    def _in_body(self, kind: str, asked: Passed) -> set[Subject]:
        body, found = _json(asked.body), set[Subject]()
        for path in self._resources[kind].concerns if kind in self._resources else ():
            to, uuids = self._beyond(kind, path[0]), set(_named(body.get(path[0])))
            if len(path) == 1:
                found |= {Subject(to, uuid, by_uuid=True) for uuid in uuids}
            else:
                found |= self._through(to, path[1:], asked, uuids)
        return found

    def _beyond(self, kind: str, name: str) -> str:
        resource = self._resources[kind]
        return resource.members[name].to if name in resource.members else resource.relations[name].resource

    def _subjects(self, base: str, text: bytes) -> set[Subject]:
        kinds = [name for name, each in self._resources.items() if each.identities]
        return {Subject(kind, uuid, by_uuid=True) for kind in kinds for uuid in _uuids(base, kind, text)}

    def _text(self, asked: Passed) -> bytes:
        received = self._ask(asked)
        return received.body if received.status == FOUND else b""


def _expanded(asked: Passed, name: str) -> Passed:
    """The same GET with one more name expanded."""
    pairs = parse_qsl(asked.query, keep_blank_values=True)
    names = [value for key, value in pairs if key == EXPAND and value]
    others = [(key, value) for key, value in pairs if key != EXPAND]
    return replace(asked, query=urlencode([*others, (EXPAND, ",".join(dict.fromkeys([*names, name])))]))


def _uuids(base: str, kind: str, text: bytes) -> set[str]:
    """The uuids of all resources of a kind whose URL is in a text."""
    form = b'"%b/%b/(%b)"' % (re.escape(base.encode()), re.escape(kind.encode()), _UUID)
    return {each.decode() for each in re.findall(form, text)}


def _json(body: bytes) -> dict[str, Any]:
    try:
        found = orjson.loads(body or b"{}")
    except orjson.JSONDecodeError:
        return {}
    return found if isinstance(found, dict) else {}


def _named(value: Any) -> Iterator[str]:
    for each in value if isinstance(value, list) else [value]:
        uuid = each.get("uuid") if isinstance(each, dict) else None
        if isinstance(uuid, str) and re.fullmatch(_UUID.decode(), uuid):
            yield uuid
