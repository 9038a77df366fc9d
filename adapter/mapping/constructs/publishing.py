"""The constructs `publishes` and `links`: what subscribers are told when a resource is written."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from adapter.mapping.language.grammar import TEXT, Described, Every, Problem, Shape, Table, text_or, way_out
from adapter.mapping.language.ground import Content, Ground, Nowhere, View
from adapter.mapping.language.values import CONSTANTS, TEXTS
from adapter.mapping.paths import Conditions, Path, meets, parse
from adapter.mapping.settings import Settings
from adapter.mapping.source import NodePath

_HEARD = Shape(
    "what is heard",
    {
        "channel": Described(TEXT, "The channel on which its register tells of it."),
        "as": Described(TEXT, "What the register calls one there."),
        "type": Described(TEXT, "The kenmerk with the URL of its objecttype, where it is an object."),
    },
    required=("channel", "as"),
)
_PUBLISHES = Shape(
    "publishes",
    {
        "channel": Described(TEXT, "The channel (kanaal) to which subscribers listen."),
        "as": Described(TEXT, "What a notification calls the resource."),
        "tells": Described(TEXTS, "The members of which a notification has the value, as kenmerken."),
        "texts": Described(
            TEXTS,
            "The members with free text, which may be personal: their value is told only where the setting "
            "notifications: texts says so, and is empty otherwise.",
        ),
        "heard": Described(
            Table(_HEARD), "Per home, how its register tells that a register client wrote one."
        ),
    },
    required=("channel", "as", "tells"),
)
_LABEL = Shape(
    "a label",
    {
        "from": Described(TEXT, "The path to the text, through references."),
        "else": Described(TEXT, "What stands there without one, or where texts are not told."),
    },
    required=("from", "else"),
)
_LINKS = Shape(
    "links",
    {
        "if": Described(Every(CONSTANTS), "It links when its values are one of these."),
        "subject": Described(TEXT, "The path to the uuid of what it links to."),
        "linked": Described(TEXT, "The type of the event when it begins to link."),
        "unlinked": Described(TEXT, "The type of the event when it ends."),
        "data": Described(
            Table(text_or(_LABEL)),
            "The data of the event; {subject} is the uuid that is linked to, {url} its own URL. A label is a "
            "text of the resource, which may be personal.",
        ),
    },
    former={"when": "say if", "labels": "put each into data"},
    required=("if", "subject", "linked", "unlinked", "data"),
)
NAMES = {
    "publishes": Described(_PUBLISHES, "The notification that subscribers get when one is written."),
    "links": Described(_LINKS, "The cloud events that are sent when one links to something, or no more."),
}


@dataclass(frozen=True, slots=True)
class Heard:
    """What a register tells of the records of a home; `type` is the kenmerk with their objecttype, or ""."""

    channel: str
    name: str
    type: str


@dataclass(frozen=True, slots=True)
class Publishing:
    """The notification of a resource: `name` is what it calls one, `tells` and `texts` are its kenmerken.

    `heard` is what registers tell of it, by home.
    """

    channel: str
    name: str
    tells: tuple[str, ...]
    texts: tuple[str, ...]
    heard: Mapping[str, Heard]

    @property
    def filters(self) -> tuple[str, ...]:
        """All that subscribers can filter by."""
        return (*self.tells, *self.texts)


@dataclass(frozen=True, slots=True)
class Linking:
    """The cloud events of a resource that links to something elsewhere, such as a zaak.

    `when` are the values of those that do, in one vocabulary or another. `labels` are the path to a text, and
    what stands for it, by name.
    """

    when: tuple[Conditions, ...]
    subject: Path
    linked: str
    unlinked: str
    data: Mapping[str, str]
    labels: Mapping[str, tuple[Path, str]]

    def links(self, values: Mapping[str, Any]) -> bool:
        """Whether a resource with these values links to something."""
        return any(meets(values, each) for each in self.when)

    def told(self, subject: str, url: str) -> dict[str, str]:
        """The data of an event, without its labels."""
        return {
            name: text.replace("{subject}", subject).replace("{url}", url) for name, text in self.data.items()
        }


def published(node: Content | None) -> Publishing | None:
    """A node that has passed the check."""
    if node is None:
        return None
    heard = {
        home: Heard(each["channel"], each["as"], each.get("type", ""))
        for home, each in (node.get("heard") or {}).items()
    }
    return Publishing(
        node["channel"], node["as"], tuple(node["tells"]), tuple(node.get("texts") or ()), heard
    )


def linking(node: Content | None, settings: Settings) -> Linking | None:
    """A node that has passed the check."""
    if node is None:
        return None
    return Linking(
        tuple(settings.pairs_of(each) for each in node["if"]),
        parse(node["subject"]),
        node["linked"],
        node["unlinked"],
        {name: each for name, each in node["data"].items() if isinstance(each, str)},
        {name: (parse(each["from"]), each["else"]) for name, each in _labels(node).items()},
    )


def _labels(node: Content) -> Content:
    """The data that are a text of the resource, by name."""
    return {name: each for name, each in node["data"].items() if not isinstance(each, str)}


def problems(ground: Ground, view: View) -> Iterator[Problem]:
    """What is wrong under `publishes` and `links`."""
    node = view.content.get("publishes") or {}
    members = view.content.get("fields") or {}
    for part in ("tells", "texts"):
        for number, each in enumerate(node.get(part) or ()):
            if each not in members:
                text = f"{view.name} has no member {each}{way_out(each, members)}"
                yield Problem(("publishes", part, number), text)
    homes = view.content.get("homes") or {}
    for each in node.get("heard") or {}:
        if each not in homes:
            yield Problem(
                ("publishes", "heard", each), f"{view.name} has no home {each}{way_out(each, homes)}"
            )
    if "links" in view.content:
        yield from _link_problems(ground, view, view.content["links"])


def _link_problems(ground: Ground, view: View, node: Content) -> Iterator[Problem]:
    places: list[tuple[NodePath, str]] = [
        *((("links", "if", number, path), path) for number, each in enumerate(node["if"]) for path in each),
        (("links", "subject"), node["subject"]),
        *((("links", "data", name, "from"), each["from"]) for name, each in _labels(node).items()),
    ]
    for place, text in places:
        try:
            end = ground.walk(view.name, text)
        except Nowhere as nowhere:
            yield Problem(place, str(nowhere))
            continue
        if end.resource:
            yield Problem(place, f"{text} is a reference, not a value")
