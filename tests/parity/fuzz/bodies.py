"""Bodies drawn from the served document: mostly right, now and then with something wrong in them."""

from random import Random
from typing import Any

from adapter.shipped import served_document

JSON = dict[str, Any]

DOCUMENT = served_document()
# Instead of what a member should be.
SPOILT: list[Any] = [
    None, "", " ", 5, -1, 1.5, True, [], {}, [None], [{}], "x" * 300, {"uuid": "abc"}, {"uuid": None},
    {"uuid": "99999999-9999-4999-8999-999999999999"}, "2024-02-30", "15-01-2025", "2024-01-01T10:00:00+02:00",
]  # fmt: skip
TEXTS = ["Anna", "de Vries", "Vraag", " spatie ", "12345678", "met, komma", "\u00e9\u00e9n", "x"]
DATES = ["2024-01-01", "2024-02-29", "1999-12-31"]
INSTANTS = ["2024-01-01T10:00:00Z", "2024-06-30T23:59:59.123456Z", "2024-01-01T10:00:00+02:00"]
UNKNOWN = "99999999-9999-4999-8999-999999999999"
# What Open Klant passes over in a body, and KlantBrug does not.
ONLY_HERE = frozenset({"todo", "resultaat", "geregistreerdOp"})
# What Open Klant wants in every body, against its own document.
ONLY_THERE = {"digitaleadressen": ("verstrektDoorPartij", "verstrektDoorBetrokkene")}


class Bodies:
    """What a history sends, all of it from one source of chance; `compared` with Open Klant or not."""

    def __init__(self, chance: Random, *, compared: bool = False) -> None:
        self._chance = chance
        self._without = ONLY_HERE if compared else frozenset[str]()

    def drawn(self, schema: Any, optional: float = 0.4) -> Any:
        """A value that the schema allows, with so many of what may be left out."""
        node = DOCUMENT.merged(schema)
        if node.get("nullable") and self._chance.random() < 0.1:
            return None
        if "discriminator" in node:
            variants = node["discriminator"]["mapping"]
            name = self._chance.choice(sorted(variants))
            found = self._object(DOCUMENT.merged({"$ref": variants[name]}), optional)
            return {**found, node["discriminator"]["propertyName"]: name}
        if "oneOf" in node or "anyOf" in node:
            return self.drawn(self._chance.choice(node.get("oneOf") or node["anyOf"]), optional)
        if "enum" in node:
            return self._chance.choice(node["enum"])
        return self._of_type(node, optional)

    def _of_type(self, node: Any, optional: float) -> Any:
        kind = node.get("type", "object")
        if kind == "object":
            return self._object(node, optional)
        if kind == "array":
            return [self.drawn(node["items"], optional) for _ in range(self._chance.choice([0, 1, 1, 2]))]
        if kind == "boolean":
            return self._chance.random() < 0.5
        return self._chance.randint(0, 9) if kind in ("integer", "number") else self._text(node)

    def _object(self, node: Any, optional: float) -> JSON:
        found = {}
        for name, member in node.get("properties", {}).items():
            if DOCUMENT.merged(member).get("readOnly") or name in self._without:
                continue
            if name in node.get("required", ()) or self._chance.random() < optional:
                found[name] = self.drawn(member, optional)
        if isinstance(node.get("additionalProperties"), dict):
            found["sleutel"] = self._chance.choice(TEXTS)
        return found

    def _text(self, node: Any) -> str:
        known = {
            "uuid": [UNKNOWN],
            "date": DATES,
            "date-time": INSTANTS,
            "uri": ["https://bron.example/x"],
            "email": ["info@example.nl"],
        }
        return self._chance.choice(known.get(node.get("format"), TEXTS))[: node.get("maxLength")]

    def spoilt(self, body: Any) -> Any:
        """The same with one member, however deep, gone or something else; changed in place."""
        places = list(_places(body))
        if places:
            group, key = self._chance.choice(places)
            if isinstance(group, dict) and self._chance.random() < 0.25:
                del group[key]
            else:
                group[key] = self._chance.choice(SPOILT)
        return body


def _places(node: Any) -> Any:
    items = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    for key, value in list(items):
        yield node, key
        yield from _places(value)
