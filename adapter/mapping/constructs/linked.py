"""The construct `linked`: a reference of what stands in a record, that only a link beside it says.

The register lists the links of what is referred to, and not those of the record. So it is known only when
somebody asks for what refers to something.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from adapter.mapping.language.grammar import TEXT, Described, Problem, Shape, Table, way_out
from adapter.mapping.language.ground import Content, Ground, View
from adapter.mapping.language.places import known_place
from adapter.mapping.places import Place, place
from adapter.mapping.source import NodePath


@dataclass(frozen=True, slots=True)
class Linked:
    """The reference `member` is said by records of `place`: `owner` refers to the record in which it stands,
    `there` to what the member refers to."""

    member: str
    place: Place
    owner: str
    there: str


_LINK = Shape(
    "a link",
    {
        "by": Described(TEXT, "The records that link, as register/collection."),
        "owner": Described(TEXT, "Their member that refers to the record in which this stands."),
        "there": Described(TEXT, "Their member that refers to what is linked with it."),
    },
    required=("by", "owner", "there"),
)
NAMES = {
    "linked": Described(Table(_LINK), "References that are known only when asked for from their other end.")
}


def compiled(home: Content) -> tuple[Linked, ...]:
    """The links of a home that has passed the check."""
    return tuple(
        Linked(member, place(node["by"]), node["owner"], node["there"])
        for member, node in (home.get("linked") or {}).items()
    )


def problems(ground: Ground, view: View, home: Content, here: NodePath) -> Iterator[Problem]:
    """What is wrong with the links of a home."""
    registers = ground.registers.get("registers", {})
    for member, node in (home.get("linked") or {}).items():
        path = (*here, "linked", member)
        references = [name for name, each in view.members.items() if "to" in each]
        if member not in references:
            yield Problem(path, f"{member} of {view.name} is no reference{way_out(member, references)}")
        if "inside" not in home:
            yield Problem(path, "linked is for a home inside another record")
        yield from known_place(ground, node["by"], (*path, "by"))
        register, _, collection = node["by"].partition("/")
        record = ground.collection(register, collection)
        offered = (registers.get(register, {}).get("collections") or {}).get(collection) or {}
        for name in ("owner", "there"):
            if record is not None and node[name] not in record.names():
                text = f"{record.name} has no {node[name]}{way_out(node[name], record.names())}"
                yield Problem((*path, name), text)
        if node["there"] not in (offered.get("search") or {}):
            text = f"{collection} is not searched by {node['there']} (registers.yaml)"
            yield Problem((*path, "there"), text)
