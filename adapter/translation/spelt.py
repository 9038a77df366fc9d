"""Which texts to search objects for, to find those that name a record in any spelling."""

from __future__ import annotations

from collections.abc import Sequence

from adapter.mapping.model import Place
from adapter.mapping.references import spellings
from adapter.translation.world import Register


def naming(register: Register, place: Place, uuids: Sequence[str]) -> tuple[str, list[str]]:
    """(operator, texts) of a search that finds all objects which name one of these records.

    One record is looked for by its uuid, however the rest is spelt. For several one search can only ask for
    whole texts: those that clients are known to write.
    """
    if len(uuids) == 1:
        return "icontains", list(uuids)
    urls = [url for uuid in uuids for url in register.urls(place.collection, uuid)]
    return "in", [text for url in urls for text in spellings(url)]
