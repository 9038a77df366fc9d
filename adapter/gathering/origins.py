"""Where each member of a piece stands: in the record that was made of the contact, or beside it."""

from __future__ import annotations

from adapter.gathering.asides import CONTACT, Asides
from adapter.gathering.ports import Body
from adapter.mapping.paths import Path


def origins(asides: Asides, contact: str, content: Body, aside: Body | None) -> dict[str, dict[Path, str]]:
    """By piece: the path in the record, its texts opened, of each member that the record says now.

    Below a text stands the label that says it. What is not here stands beside the record.
    """
    record, rows = asides.rows(contact, content, aside)
    found: dict[str, dict[Path, str]] = {}
    for row in rows:
        said = record.of(row["place"])
        pairs = said.slot.pairs if said.slot else asides.declared.pairs_of(record.kind)
        if row["place"] is None or (said.slot is None and row["place"] != CONTACT):
            pairs = ()
        kept = {
            tuple(names)
            for names, _, basis in row["kept"]
            if basis is None or basis == said.basis(tuple(names))
        }
        members = {}
        for pair in pairs:
            for path in (pair.left, *pair.left_before):
                if path not in kept:
                    members[path] = ".".join(pair.right)
        for path, slots in said.references.items():
            if path not in kept:
                members[path] = ", ".join(".".join(slot.pairs[0].right) for slot in slots)
        found[row["uuid"]] = members
    return found
