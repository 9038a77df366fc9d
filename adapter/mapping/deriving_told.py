"""What is worked out of rows and written into the record of a part, for register clients."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from adapter.mapping.correspondence_parts import DATA, Content, Part, is_object, table
from adapter.mapping.paths import ITSELF


@dataclass(frozen=True, slots=True)
class Told:
    """What a part tells; `files` are the mapping files of the dialect, `parts` all parts."""

    files: Mapping[str, Content]
    part: Part
    parts: Sequence[Part]

    @property
    def silent(self) -> bool:
        """Whether register clients are told nothing."""
        return bool(self.part.node.get("read_only")) or any(
            each.at == self.part.at and each.listed == self.part.listed for each in self._before()
        )

    def of_all(self) -> dict[str, Any]:
        """One word for all rows together."""
        node = self.part.node
        value = {"any": node.get("test"), "then": node.get("then"), "else": node.get("else")}
        return self._at({"of": node[self.part.kind], "value": value})

    def of_link(self, member: str) -> dict[str, Any]:
        """The members of the row to which a link leads by its `member`."""
        return self._at({"of": member, "fields": self._fields(self.part)})

    def of_list(self, known: Sequence[str]) -> dict[str, Any]:
        """The rows to which a list of references leads, and how these are found by their keys.

        known: the homes in which they stand where only the record has them.
        """
        part, list_ = self.part, self.part.kind == "each_of"
        if self._before_in_list():
            return self._tells_of_list() if not self.silent else {}
        reference: dict[str, Any] = (
            {"known": list(known)} if list_ else {"told": part.at, "known": list(known)}
        )
        fields = {"fields": {part.listed: reference}} if known else {}
        return {**fields, **self._tells_of_list()} if not self.silent else fields

    def through(self, owner: Content) -> dict[str, Any]:
        """The row that hangs on another record, to which that of the part refers; the last that was made."""
        part, reference = self.part, str(self.part.node["through"])
        target = table(table(owner.get("fields")).get(reference)).get("to", "")
        relation = self._relation(str(target), str(part.node[part.kind]))
        group = {"of": f"{reference}.{relation}", "last": True, "fields": self._fields(part)}
        required = {
            path.removeprefix(f"{DATA}{part.at}."): value
            for path, value in self._fillers().items()
            if path.startswith(f"{DATA}{part.at}.")
        }
        return self._at({**group, **({"required": required} if required else {})})

    def _tells_of_list(self) -> dict[str, Any]:
        part = self.part
        if part.kind == "each_of":
            ((_, pair), *_) = [*part.pairs(), (ITSELF, {})]
            return self._at({"of": part.listed, "list": {"from": pair.get("new")}})
        group: dict[str, Any] = {"of": part.listed}
        if part.node.get("prefer"):
            group["first"] = part.node["prefer"]
        group["fields"] = self._fields(part)
        for each in self.parts:
            same = each.at == part.at and each.listed == part.listed
            if same and each.name != part.name and each.correspondence is part.correspondence:
                group["beside"] = {"where": dict(each.conditions), "fields": self._fields(each)}
        return self._at(group)

    def _at(self, node: Content) -> dict[str, Any]:
        return {} if self.part.node.get("read_only") else {"tells": {self.part.at: dict(node)}}

    def _before(self) -> list[Part]:
        own = [each for each in self.parts if each.correspondence is self.part.correspondence]
        return own[: [each.name for each in own].index(self.part.name)]

    def _before_in_list(self) -> bool:
        return any(
            each.listed == self.part.listed and each.outer == self.part.outer for each in self._before()
        )

    def _fields(self, part: Part) -> dict[str, Any]:
        pairs = ((name, pair) for name, pair in part.pairs() if not pair.get("read_only"))
        found: dict[str, Any] = {name: self._field(part, name, pair) for name, pair in pairs}
        for each in part.parts():
            relation = self._relation(part.rows, str(each.node.get(each.kind)))
            if relation:
                member = each.at.removeprefix(f"{part.at}.")
                found[member] = {"each": relation, "fields": self._fields(each)}
        return found

    def _field(self, part: Part, name: str, pair: Content) -> dict[str, Any]:
        if table(part.node.get("shared")).get("key") == name:
            fill = table(self._fillers().get(f"{DATA}{part.at}")).get(name)
            return {"known_by": self._key(part.rows), **({"else": fill} if fill is not None else {})}
        field = {"from": pair["new"]}
        if pair.get("too_long") == "cut":
            field["too_long"] = "cut"
        if any(word != _first(others) for word, others in table(pair.get("words")).items()):
            field["words"] = pair["words"]
        return field | ({"to": pair["to"]} if "to" in pair else {})

    def _key(self, resource: str) -> str:
        content = next((each for each in self.files.values() if each.get("resource") == resource), {})
        return next(iter(table(content.get("known_by"))), "")

    def _relation(self, resource: str, reference: str) -> str:
        content = next((each for each in self.files.values() if each.get("resource") == resource), {})
        relations = table(content.get("relations")).items()
        return next((name for name, each in relations if table(each).get("from") == reference), "")

    def _fillers(self) -> Content:
        """What an object has that nobody says; a record of a register is filled when it is made."""
        if not is_object(self.part.correspondence):
            return {}
        return table(table(self.part.correspondence.get("fill")).get("old"))


def _first(words: Any) -> Any:
    """The word that is written."""
    return words[0] if isinstance(words, list) and words else words
