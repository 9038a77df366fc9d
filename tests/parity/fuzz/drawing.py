"""Steps drawn one after another; each may name whatever earlier steps made."""

import json
from collections import Counter
from random import Random
from typing import Any
from urllib.parse import quote

from tests.contract.believable import Made, believable
from tests.parity.fuzz.bodies import DOCUMENT, ONLY_THERE, UNKNOWN, Bodies
from tests.parity.player import Step

LISTS = {each.collection: each for each in DOCUMENT.operations if each.operation_id.endswith("List")}
COLLECTIONS = sorted(LISTS)
# What clients use most, once more.
OFTEN = ["klantcontacten", "betrokkenen", "partijen", "digitaleadressen", "internetaken", "onderwerpobjecten"]
VERBS = ["POST"] * 6 + ["LIST"] * 4 + ["PATCH"] * 3 + ["PUT"] * 2 + ["DELETE", "GET", "COMPOSE"]
NUMBERS = ["999990019", "999992570", "002220647", "123456782"]
WORDS = ["", " ", "a", "true", "false", "1", "2024-01-01", "geen-uuid", "bsn", "klant", "verwerkt"]
PREFERRED = {"voorkeursDigitaalAdres": "digitaleadressen", "voorkeursRekeningnummer": "rekeningnummers"}


class Names(Made):
    """The names of what was made; the same few numbers are given again and again."""

    def __init__(self, chance: Random) -> None:
        super().__init__()
        self._chance = chance

    def one(self, collection: str) -> str | None:
        """A name that stands for a uuid; now and then of something that is gone."""
        found = self._uuids[collection]
        return self._chance.choice(found) if found else None

    def bsn(self) -> str:
        """A number that passes the test of eleven."""
        return self._chance.choice(NUMBERS)


class Drawing:
    """A history as it is drawn: `step` gives the next one, `made` tells that it made something.

    What is `compared` with Open Klant has nothing in it that is known to be answered otherwise there.
    """

    def __init__(self, seed: int, *, compared: bool = False) -> None:
        self._chance = Random(seed)
        self._compared = compared
        self._bodies = Bodies(self._chance, compared=compared)
        self._names = Names(self._chance)
        self._sent: list[str] = []
        self._count: Counter[str] = Counter()

    def made(self, step: Step) -> None:
        """The step was answered with 201: from now on its result has a name."""
        collection = step["call"].partition(" /")[2]
        self._count[collection] += 1
        name = f"{collection.replace('-', '_')}_{self._count[collection]}"
        step["keep"] = {name: "uuid"}
        self._names.note(collection, {"uuid": f"{{{name}}}"})

    def step(self) -> Step:
        """The next request."""
        verb = self._chance.choice(VERBS)
        collection = self._chance.choice([*COLLECTIONS, *OFTEN])
        if verb == "COMPOSE":
            return self._sending("POST", "maak-klantcontact", "/maak-klantcontact")
        if verb == "LIST":
            return {
                "call": f"GET /{collection}{self._query(collection, self._chance.choice([0, 1, 1, 2, 2]))}"
            }
        if verb == "POST":
            return self._sending("POST", collection, f"/{collection}")
        path = f"/{collection}/{self._names.one(collection) or UNKNOWN}"
        if verb in ("PUT", "PATCH"):
            return self._sending(verb, collection, path)
        return {"call": f"{verb} {path}"}

    def _sending(self, verb: str, collection: str, path: str) -> Step:
        template = f"/{collection}" + ("" if verb == "POST" else "/{uuid}")
        operation = DOCUMENT.operation(verb.lower(), template)
        assert operation is not None
        body = self._bodies.drawn(operation.body, optional=0.15 if verb == "PATCH" else 0.4)
        believable(body, self._names)
        for name, target in PREFERRED.items():
            if collection == "partijen" and self._chance.random() < 0.3:
                body[name] = {"uuid": self._names.one(target) or UNKNOWN}
        if self._compared and verb != "PATCH":
            body |= {name: body.get(name) for name in ONLY_THERE.get(collection, ())}
        if self._chance.random() < 0.15:
            body = self._bodies.spoilt(body)
        if "nummer" in DOCUMENT.merged(operation.body).get("properties", {}) and verb == "POST":
            # What a server numbers itself differs from server to server.
            self._count["nummer"] += 1
            body["nummer"] = f"9{self._count['nummer']:08}"
        self._sent += _texts(body)
        return {"call": f"{verb} {path}", "json": json.loads(json.dumps(body))}

    def _query(self, collection: str, most: int) -> str:
        known = LISTS[collection].parameters_in("query")
        chosen = self._chance.sample(known, min(most, len(known)))
        pairs = [(each.name, self._value(each.name, DOCUMENT.merged(each.schema))) for each in chosen]
        return "?" * bool(pairs) + "&".join(f"{name}={value}" for name, value in pairs)

    def _value(self, name: str, schema: Any) -> str:
        if name == "page":
            return self._chance.choice(["1", "1", "2"])
        if name == "pageSize":
            return self._chance.choice(["1", "2", "3"])
        if name == "expand":
            names = DOCUMENT.merged(schema.get("items", {})).get("enum") or [""]
            return ",".join(self._chance.sample(names, min(len(names), self._chance.choice([1, 2]))))
        if schema.get("enum") and self._chance.random() < 0.8:
            return quote(str(self._chance.choice(schema["enum"])))
        if name.lower().endswith(("uuid", "url")) and self._chance.random() < 0.8:
            target = self._chance.choice(COLLECTIONS)
            uuid = self._names.one(target) or UNKNOWN
            return uuid if name.lower().endswith("uuid") else f"{{base}}/{target}/{uuid}"
        return quote(self._chance.choice(self._sent[-40:] + WORDS))


def _texts(node: Any) -> list[str]:
    if isinstance(node, str):
        return [node] if len(node) < 60 and "{" not in node else []
    below = node.values() if isinstance(node, dict) else node if isinstance(node, list) else ()
    return [text for each in below for text in _texts(each)]
