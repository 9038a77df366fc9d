"""The construct `found_by`: records that have no URL by which they can be read, and no list of all.

A register may show the links of a record, and none of them by itself. What a client is told of one then has a
uuid that follows from what the link says, and leads to the record: there it is found again.
"""

from __future__ import annotations

from collections.abc import Iterator

from adapter.mapping.language.grammar import Described, Problem, way_out
from adapter.mapping.language.ground import Content, Ground, View
from adapter.mapping.language.values import TEXTS
from adapter.mapping.source import NodePath

NAMES = {
    "found_by": Described(
        TEXTS,
        "Its records cannot be read by their URL, nor all listed: the uuid of each follows from these "
        "members, and it is found by the first, a reference.",
    )
}


def compiled(home: Content) -> tuple[str, ...]:
    """The members by which the records of a home are found; none where they are read by their URL."""
    return tuple(home.get("found_by") or ())


def problems(ground: Ground, view: View, home: Content, here: NodePath) -> Iterator[Problem]:
    """What is wrong with them: what cannot be found again, or would be stored where nothing can be."""
    if "found_by" not in home:
        return
    path = (*here, "found_by")
    if "record" not in home:
        yield Problem(path, "found_by is for records: say record")
        return
    if "read_only" not in home:
        yield Problem(path, "what is found so is neither changed nor deleted: say read_only, with a reason")
    for word in ("keys", "created", "first"):
        if home.get(word):
            yield Problem((*here, word), f"nothing is kept beside what is found so: leave out {word}")
    pairs = [each for each in (home.get("fields") or {}).values() if each]
    fields = [str(each if isinstance(each, str) else each.get("at")) for each in pairs]
    references = {it.get("at") for it in pairs if isinstance(it, dict) and "to" in it}
    for number, name in enumerate(home["found_by"]):
        if name not in fields:
            yield Problem((*path, number), f"no pair has {name}{way_out(name, fields)}")
    register, _, collection = home["record"].partition("/")
    registers = ground.registers.get("registers", {})
    offered = (registers.get(register, {}).get("collections") or {}).get(collection) or {}
    first = next(iter(home["found_by"]), "")
    if len(home["found_by"]) < 2 or first not in references:
        yield Problem(path, f"say a reference first, and what tells the {collection} of one record apart")
    elif first not in (offered.get("search") or {}):
        yield Problem((*path, 0), f"{collection} is not searched by {first} (registers.yaml)")
