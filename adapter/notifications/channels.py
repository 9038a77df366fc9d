"""The channels of a deployment at its Notificaties API, which takes messages only to those that it knows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from adapter.errors import RegisterAnswer
from adapter.notifications.messages import SHAPE
from adapter.registers.messages import Answer, Parameters

API = "notificaties"
# The collection of channels, and the members of one.
CHANNELS, NAME, LINK, FILTERS = (SHAPE["channels"][each] for each in ("path", "name", "link", "filters"))
DOCUMENTATION = "https://vng-realisatie.github.io/klantinteracties/"


class Api(Protocol):
    """What is asked of the client of the Notificaties API; see `adapter.registers.client.Register`."""

    @property
    def base(self) -> str: ...
    def call(self, method: str, path: str, *, params: Parameters = (), json: Any = None) -> Answer: ...


class ChannelRefused(Exception):
    """The API does not take a channel; the status of its answer."""

    def __init__(self, name: str, status: int) -> None:
        self.name, self.status = name, status
        super().__init__(
            f"the Notificaties API refuses the channel {name} ({status}): "
            "may KlantBrug's client publish there (notificaties.publiceren)?"
        )


@dataclass(frozen=True, slots=True)
class Channel:
    """A channel, and the kenmerken by which its subscribers can filter."""

    name: str
    filters: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ChannelOutcome:
    """What was done for a channel: "created", "changed" or "unchanged"."""

    name: str
    done: str


def set_up(api: Api, channels: Iterable[Channel]) -> Iterator[ChannelOutcome]:
    """Register missing channels, and add missing filters to those that are there; yields after each.

    A filter that is there already stays: another publisher may tell it. Raises ChannelRefused, and what
    `Register.call` raises.
    """
    for each in channels:
        found = registered(api, each.name)
        body = {NAME: each.name, LINK: DOCUMENTATION, FILTERS: list(each.filters)}
        if found is None:
            _expect(api.call("POST", CHANNELS, json=body), each.name, 201)
            yield ChannelOutcome(each.name, "created")
            continue
        there = [str(name) for name in found.get(FILTERS) or ()]
        if missing := [name for name in each.filters if name not in there]:
            path = f"{CHANNELS}/{str(found.get('url', '')).rstrip('/').rpartition('/')[2]}"
            link = found.get(LINK) or DOCUMENTATION
            body = {NAME: each.name, LINK: link, FILTERS: [*there, *missing]}
            _expect(api.call("PUT", path, json=body), each.name, 200)
        yield ChannelOutcome(each.name, "changed" if missing else "unchanged")


def registered(api: Api, name: str) -> Mapping[str, Any] | None:
    """A channel as it is registered, or None. Raises ChannelRefused, and what `Register.call` raises."""
    answer = _expect(api.call("GET", CHANNELS, params=[(NAME, name)]), name, 200)
    # Open Notificaties has a plain list; later versions of the standard have pages.
    rows = answer.get("results") if isinstance(answer, Mapping) else answer
    if not isinstance(rows, list):
        raise RegisterAnswer(API)
    return next((each for each in rows if isinstance(each, Mapping) and each.get(NAME) == name), None)


def problems(api: Api, channels: Iterable[Channel]) -> Iterator[str]:
    """What is wrong with the channels, a line for each problem. Raises what `Register.call` raises."""
    for each in channels:
        try:
            found = registered(api, each.name)
        except ChannelRefused as refused:
            yield str(refused)
            return
        if found is None:
            yield f"the channel {each.name} is not registered: run klantbrug setup"
        elif missing := set(each.filters) - set(found.get(FILTERS) or ()):
            yield f"the channel {each.name} has no filter {', '.join(sorted(missing))}: run klantbrug setup"


def _expect(answer: Answer, name: str, status: int) -> Any:
    if answer.status != status:
        raise ChannelRefused(name, answer.status)
    return answer.body
