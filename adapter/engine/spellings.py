"""The spellings in which clients write the URL of a record.

A register that searches for whole texts does not find `https://KLANTEN.example/klanten/UUID/` when it is
asked for `https://klanten.example/klanten/uuid`. The spellings that occur are noticed while records are read.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

from adapter.mapping.model import Place
from adapter.mapping.references import plain, uuid_at_end

# More ways to write one address than clients have.
MOST = 8
LENGTH = 36
# What stands before a uuid, whether that is in capitals, what stands after it.
Form = tuple[str, bool, str]


class Bases(Protocol):
    """The client of a register, as far as it knows the URLs of the register's records."""

    def urls(self, collection: str, uuid: str) -> tuple[str, ...]: ...
    def identify(self, url: str) -> tuple[str, str] | None: ...


class Spellings:
    """The spellings that were seen: what stands around the uuid, and whether that is in capitals."""

    def __init__(self) -> None:
        self._forms: dict[Place, tuple[Form, ...]] = {}

    def notice(self, place: Place, register: Bases, texts: Sequence[Any]) -> None:
        """Remember how these values, of which some may be no text, name records of a collection."""
        usual = register.urls(place.collection, "")
        for text in texts:
            if isinstance(text, str) and not (text[:-LENGTH] in usual and text[-LENGTH:].islower()):
                self._see(place, register, text)

    def texts(self, place: Place, uuid: str) -> list[str]:
        """The unusual texts under which a record may be named, as other records of its collection are."""
        forms = self._forms.get(place, ())
        return [f"{head}{uuid.upper() if capitals else uuid}{tail}" for head, capitals, tail in forms]

    def _see(self, place: Place, register: Bases, text: str) -> None:
        uuid, named = uuid_at_end(text), register.identify(plain(text))
        if uuid is None or named is None or named[0] != place.collection:
            return
        forms = self._forms.get(place, ())
        for written in (uuid, uuid.upper()):
            head, found, tail = text.rpartition(written)
            form = (head, written != uuid, tail)
            if found and form not in forms and len(forms) < MOST:
                # another one, as others may be reading the one that is there
                self._forms[place] = (*forms, form)
