"""The subscription of a deployment to what registers tell, at the Notificaties API."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from adapter.configuration.notifications import ReceivingSettings
from adapter.errors import RegisterAnswer
from adapter.mapping.model import Mappings
from adapter.notifications.channels import API, Api
from adapter.notifications.messages import SHAPE

_WORDS: Mapping[str, str] = SHAPE["subscriptions"]
PATH = _WORDS["path"]


def heard_channels(mappings: Mappings) -> list[str]:
    """The channels on which registers tell of what is published here."""
    told = [each.publishes for each in mappings.resources.values() if each.publishes is not None]
    return list(dict.fromkeys(heard.channel for each in told for heard in each.heard.values()))


def subscribe(api: Api, settings: ReceivingSettings, channels: Sequence[str]) -> str:
    """Subscribe to these channels, or renew the subscription: what was done, or why it was refused.

    The API sends a notification to the endpoint to try it, so KlantBrug must be running there. It keeps the
    secret of a subscription to itself, so one that is there is always written anew. Raises what
    `Register.call` raises.
    """
    body = {
        _WORDS["url"]: settings.url,
        _WORDS["authorization"]: settings.authorization,
        _WORDS["channels"]: [{_WORDS["name"]: each, _WORDS["filters"]: {}} for each in channels],
    }
    if (found := _subscription(api, settings)) is None:
        answer = api.call("POST", PATH, json=body)
    else:
        answer = api.call("PUT", f"{PATH}/{str(found['url']).rstrip('/').rpartition('/')[2]}", json=body)
    if answer.status not in (200, 201):
        return (
            f"refused ({answer.status}): does KlantBrug run, can the API reach the url of receive, "
            f"and are the channels {', '.join(channels)} there?"
        )
    return "created" if answer.status == 201 else "renewed"


def problem(api: Api, settings: ReceivingSettings, channels: Sequence[str]) -> str:
    """What is wrong with the subscription; "" when nothing is. Raises what `Register.call` raises."""
    found = _subscription(api, settings)
    if found is None:
        return "there is no subscription to what registers tell: run klantbrug setup while KlantBrug serves"
    there = {
        each.get(_WORDS["name"]) for each in found.get(_WORDS["channels"]) or () if isinstance(each, Mapping)
    }
    if missing := [each for each in channels if each not in there]:
        return f"the subscription lacks the channels {', '.join(missing)}: run klantbrug setup"
    return ""


def _subscription(api: Api, settings: ReceivingSettings) -> Mapping[str, Any] | None:
    answer = api.call("GET", PATH)
    rows = answer.body.get("results") if isinstance(answer.body, Mapping) else answer.body
    if answer.status != 200 or not isinstance(rows, list):
        raise RegisterAnswer(API)
    mine = (each for each in rows if isinstance(each, Mapping) and each.get(_WORDS["url"]) == settings.url)
    return next(mine, None)
