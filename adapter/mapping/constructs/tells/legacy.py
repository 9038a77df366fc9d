"""The construct `legacy`: what a record that a register client wrote says by way of another record."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from adapter.mapping import codecs, schemas
from adapter.mapping.constructs.pairs.words import words
from adapter.mapping.language.grammar import Problem, way_out
from adapter.mapping.language.ground import Content, Ground, Nowhere, View
from adapter.mapping.language.wording import strange_words
from adapter.mapping.paths import filled
from adapter.mapping.source import NodePath


@dataclass(frozen=True, slots=True)
class Legacy:
    """`member` reads from the field `at` of the record that the reference `of` names.

    Whether somebody began a contact follows from the one word that the contact has for it. What KlantBrug
    wrote itself is kept with its own record.
    """

    member: str
    of: str
    at: str
    convert: codecs.Convert

    def read(self, value: Any) -> Any:
        """The served value of what stands in the field; MISSING and null are no text."""
        return self.convert(value if filled(value) else "")


def compiled(member: str, node: Content) -> Legacy:
    """What the node of a member says, which has passed the check."""
    spec = node["legacy"]
    return Legacy(member, spec["of"], spec["at"], words(spec["words"]).read)


def problems(ground: Ground, view: View, node: Content, here: NodePath) -> Iterator[Problem]:
    """What is wrong with a node: the member, the reference and the field exist, every word has a meaning."""
    member, spec, inner = str(here[-1]), node["legacy"], (*here, "legacy")
    reference = view.members.get(spec["of"], {}).get("to")
    if member not in view.members:
        yield Problem(here, f"{view.name} has no {member}{way_out(member, view.members)}")
        return
    if reference not in ground.views:
        references = [name for name, line in view.members.items() if "to" in line]
        text = f"{spec['of']} is no reference of {view.name}{way_out(spec['of'], references)}"
        yield Problem((*inner, "of"), text)
        return
    homes = ground.views[reference].homes.values()
    record = next((ground.record(home) for home in homes if "record" in home), None)
    try:
        right = schemas.facts(record.at(spec["at"])) if record else None
    except Nowhere as nowhere:
        yield Problem((*inner, "at"), str(nowhere))
        return
    if right is not None:
        left = schemas.facts(ground.at(view, member))
        yield from strange_words(spec["words"], left, right, (*inner, "words"), writes=False)
