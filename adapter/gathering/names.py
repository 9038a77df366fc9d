"""Whether a register knows the names in a configuration and of actoren, for `klantbrug doctor`.

No API lists them. A name that a record has is known; any other can be tried, where an operator asks for that,
with a record that the register refuses in any case: it shows whether the name is among what it refuses.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from adapter.correspondence.gathered import Gathered, Name
from adapter.correspondence.rows import meets
from adapter.errors import RegisterError
from adapter.gathering.ports import Body
from adapter.mapping.paths import Path, filled, get, put
from adapter.registers.client import Register
from adapter.registers.wrong import wrong_members

# So many names are tried, each with a request.
MOST = 200
_OK = 300


@dataclass(frozen=True, slots=True)
class Candidate:
    """A name that the register should know; `what` says where it stands, without a personal value."""

    what: str
    name: Name
    text: str = field(repr=False)


@dataclass(slots=True)
class Found:
    """What came out: names that the register refuses, and those of which it does not tell.

    unseen: names that no record has, and that were not to be tried. unasked: how many were not tried.
    recorded: the uuids of records that were made against all expectation.
    """

    refused: list[str] = field(default_factory=list)
    untold: list[str] = field(default_factory=list)
    unseen: list[str] = field(default_factory=list)
    unasked: int = 0
    recorded: list[str] = field(default_factory=list)


def configured(declared: Gathered, user: str) -> Iterator[Candidate]:
    """The names in the settings, and the user for whom is called when that is nobody in particular."""
    for name in declared.names:
        for setting, text in name.configured:
            what = f"{'.'.join(name.member)} {text}" + (f" (setting {setting})" if setting else "")
            yield Candidate(what, name, text)
        if name.member == declared.user and user:
            yield Candidate(f"{'.'.join(name.member)} (user_id of the service)", name, user)


def of_rows(declared: Gathered, resource: str, rows: Mapping[str, Mapping[str, Any]]) -> Iterator[Candidate]:
    """The names by which records would refer to these resources, by their uuid."""
    names = {each.member: each for each in declared.names}
    for slot in declared.slots:
        said = [pair for pair in slot.pairs if pair.right in names and not pair.read_only]
        if not slot.shared or slot.resource != resource:
            continue
        for uuid, row in rows.items():
            for pair in said if meets(row, slot.where) else ():
                if filled(text := get(row, pair.left)):
                    yield Candidate(f"{resource} {uuid} {'.'.join(pair.right)}", names[pair.right], str(text))


def examined(
    register: Register, declared: Gathered, candidates: Iterable[Candidate], *, trying: bool
) -> Found:
    """What the register tells of names, `trying` those that no record has.

    Raises RegisterError when its list cannot be read.
    """
    found, trial = Found(), _Trial(register, declared)
    seen = _seen(register, declared)
    wanted: dict[tuple[Path, str], list[Candidate]] = {}
    for each in candidates:
        wanted.setdefault((each.name.asked, each.text), []).append(each)
    tried = 0
    for (asked, text), those in wanted.items():
        if any(text in seen.get(each.name.member, ()) for each in those):
            continue
        if not trying:
            found.unseen += [each.what for each in those]
            continue
        tried += 1
        if tried > MOST:
            found.unasked += 1
            continue
        known = trial.knows(asked, text)
        lines = [each.what for each in those]
        found.refused += lines if known is False else []
        found.untold += lines if known is None else []
    found.recorded += trial.recorded
    return found


def _seen(register: Register, declared: Gathered) -> dict[Path, set[str]]:
    """The names that records have, by member."""
    seen: dict[Path, set[str]] = {each.member: set() for each in declared.names}
    search, collection = declared.searches[-1], declared.collection.partition("/")[2]
    for kind in declared.kinds:
        number, more = 0, True
        while more:
            number += 1
            params = [(search.parameter, str(dict(kind.make).get(search.members[0]))), ("page", str(number))]
            answer = register.call("GET", collection, params=params)
            # A type that it does not know may be refused, or be that of no record.
            page = answer.body if answer.status < _OK and isinstance(answer.body, dict) else {}
            for record in page.get("results") or ():
                for path, names in seen.items():
                    if filled(text := get(record, path)):
                        names.add(str(text))
            more = bool(page.get("next"))
    return seen


@dataclass(slots=True)
class _Trial:
    """Tries names, one with each request."""

    register: Register
    declared: Gathered
    recorded: list[str] = field(default_factory=list)
    _tells: dict[Path, bool] = field(default_factory=dict)

    def knows(self, asked: Path, text: str) -> bool | None:
        """Whether the register knows a name at a member; None when it does not tell.

        Silence about a name says something only where a name that cannot exist is told.
        """
        if asked not in self._tells:
            self._tells[asked] = self._refuses(asked, f"proef-{secrets.token_hex(8)}")
        return not self._refuses(asked, text) if self._tells[asked] else None

    def _refuses(self, asked: Path, text: str) -> bool:
        if self.recorded or not self.declared.never:
            return False
        body = Body()
        for path, value in self.declared.never:
            put(body, path, value)
        put(body, asked, text)
        try:
            answer = self.register.call("POST", self.declared.collection.partition("/")[2], json=body)
        except RegisterError:
            return False
        if answer.status < _OK:
            url = answer.body.get("url") if isinstance(answer.body, dict) else ""
            self.recorded.append(str(url or "").rpartition("/")[2] or "?")
            return False
        return ".".join(asked) in wrong_members(answer.body, body)
