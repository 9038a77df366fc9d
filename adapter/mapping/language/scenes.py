"""The constructs of a scene."""

from __future__ import annotations

from adapter.mapping.language.grammar import ANYTHING, NUMBER, TEXT, Described, Every, Kind, Shape, Table
from adapter.mapping.language.values import TEXTS, WORDS

METHODS = ("get", "post", "put", "patch", "delete")

_STEP_NAMES: dict[str, Kind] = {
    "get": Described(TEXT, "The path that is read, with its query."),
    "post": Described(TEXT, "The collection in which something is made; of objects, the objecttype."),
    "put": Described(TEXT, "The path that is replaced."),
    "patch": Described(TEXT, "The path of which some members are changed."),
    "delete": Described(TEXT, "The path that is deleted."),
    "wait": Described(NUMBER, "Seconds that pass; a contact that is held and due then is sent."),
    "register": Described(
        TEXT, "The register whose old client does this; without it, a client of the served API does."
    ),
    "body": Described(
        Table(ANYTHING), "What is sent. What a new record has to have, and is not named, is filled in."
    ),
    "as": Described(TEXT, "The name under which later steps know what was answered."),
    "answer": Described(
        Table(ANYTHING), "What the answer holds; members that are not named may be anything, lists are whole."
    ),
    "lacks": Described(TEXTS, "Paths that the answer does not have."),
    "found": Described(TEXTS, "The names of what a list holds, in order."),
    "refused": Described(Table(TEXT), "The names and codes of the mistakes with which it is refused."),
    "status": Described(NUMBER, "The status of the answer, when it is not that of success."),
    "asks": Described(TEXTS, "What registers are asked among others, as register/collection?parameter."),
    "calls": Described(NUMBER, "How many register calls it takes at most."),
}
STEP = Shape("a step", _STEP_NAMES, one_of=(*METHODS, "wait"))
SCENE = Shape(
    "a scene",
    {
        "name": Described(TEXT, "What it shows."),
        "settings": Described(WORDS, "Settings that differ from their defaults here."),
        "steps": Described(Every(STEP), "What happens, one after another."),
    },
    required=("name", "steps"),
)
