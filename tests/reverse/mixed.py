"""Old and new clients of the same register take turns; after every write the laws are checked."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from random import Random
from typing import Any

from tests.deployment import Client
from tests.reverse.chain import Chain
from tests.reverse.histories import COLLECTIONS, KLANT_LINKS, KLANTEN, MOMENTEN, OBJECT_LINKS, History

Record = dict[str, Any]
Records = dict[str, Record]
NEW = (
    "partijen",
    "klantcontacten",
    "betrokkenen",
    "onderwerpobjecten",
    "digitaleadressen",
    "partij-identificatoren",
    "actoren",
    "actorklantcontacten",
)
# What follows from other records.
FOLLOWING = {"klantcontactmomenten", "objectcontactmomenten", "volgendContactmoment"}
# What no old client knows of.
UNKNOWN = {
    "partijen": ("interneNotitie", "voorkeurstaal", "correspondentieadres", "indicatieGeheimhouding"),
    "klantcontacten": ("reactie", "vertrouwelijk", "indicatieContactGelukt", "metadata"),
    "betrokkenen": ("organisatienaam", "contactnaam", "bezoekadres"),
    "digitaleadressen": ("omschrijving",),
}


# What a new client has to know for a write of each kind.
CONCERNS = {
    "contact": ("klantcontacten",),
    "unknown": ("klantcontacten",),
    "partij": ("partijen",),
    "adres": ("digitaleadressen",),
    "less": ("digitaleadressen",),
    "betrokkene": ("betrokkenen",),
    "more": ("partijen", "digitaleadressen"),
}


def leaves(node: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """The values of a record that have no members, by dotted path."""
    if isinstance(node, dict) and node:
        for name, value in node.items():
            yield from leaves(value, f"{path}.{name}" if path else name)
    else:
        yield path, node


def own(record: Record) -> Record:
    """What a record says itself."""
    return {name: value for name, value in record.items() if name not in FOLLOWING}


@dataclass
class Mixed:
    """One history. `broken` are the laws that did not hold, and where."""

    chain: Chain
    random: Random
    broken: list[str] = field(default_factory=list)
    checks: int = 0
    number: int = 0
    seen: dict[str, Any] = field(default_factory=dict)
    """What there was after the last write."""
    order: dict[str, int] = field(default_factory=dict)
    """When each record was seen first, by URL or uuid."""

    def __post_init__(self) -> None:
        for client in (self.chain.old, self.chain.running.served):
            client.session.hooks["response"] = [self.written]

    def written(self, answer: Any, **_options: Any) -> None:
        """Forget what there was once something is written."""
        if answer.request.method != "GET":
            self.seen.clear()

    def play(self, steps: int) -> list[str]:
        """What broke in so many steps."""
        history = History(self.random, self.chain.zaken)
        self.urls: dict[str, list[str]] = {each: [] for each in COLLECTIONS}
        for method, path, body in history.requests(1):
            self.old_write(history, method, path, body)
        for self.number in range(steps):
            draw = self.random.random()
            if draw < 0.45:
                method, path, body = history.step()
                if method != "GET":
                    self.old_write(history, method, path, body)
            elif draw < 0.6:
                self.unchanged()
            else:
                self.new_write()
        return self.broken

    # what is there

    def olds(self) -> Records:
        """All old records by URL."""
        if "old" not in self.seen:
            self.seen["old"] = {each["url"]: each for each in self.all_old()}
            self.note_order(self.seen["old"])
        return dict(self.seen["old"])

    def news(self, *names: str) -> dict[str, Records]:
        """The new records of these resources, or of all, by resource and uuid."""
        served: Client = self.chain.running.served
        wanted = names or self.resources
        for name in wanted:
            if name not in self.seen:
                self.seen[name] = {each["uuid"]: each for each in served.all(name)}
                self.note_order(self.seen[name])
        return {name: dict(self.seen[name]) for name in wanted}

    def note_order(self, found: Records) -> None:
        for each in found:
            self.order.setdefault(each, len(self.order))

    def one_of(self, found: Iterable[str]) -> str:
        """One of these, drawn alike whatever uuids a run gives."""
        return self.random.choice(sorted(found, key=self.order.__getitem__))

    @property
    def resources(self) -> tuple[str, ...]:
        """Those of the new API that are looked at."""
        return NEW

    @property
    def compared(self) -> tuple[str, ...]:
        """Those that are looked at before and after every write of an old client."""
        return tuple(UNKNOWN)

    def all_old(self) -> Iterator[Record]:
        """All old records."""
        for collection in (KLANTEN, MOMENTEN, KLANT_LINKS, OBJECT_LINKS):
            yield from self.chain.old.all(collection)

    def law(self, name: str, wanted: Any, found: Any) -> None:
        """Note whether something is as it must be."""
        self.checks += 1
        if wanted != found:
            one, other = dict(leaves(wanted)), dict(leaves(found))
            shown = [(key, one.get(key), other.get(key)) for key in {**one, **other}]
            self.broken.append(f"{self.number} {name}: {[it for it in shown if it[1] != it[2]][:4]}")

    # old clients

    def old_write(self, history: History, method: str, path: str, body: Any) -> None:
        """A write of an old client."""
        url, sent = self.filled(path), json.loads(self.filled(json.dumps(body)))
        old_before, new_before = self.olds(), self.news(*self.compared)
        answer = self.chain.old.call(method, url, json=sent)
        if answer.status_code >= 400:
            # Open Klant 1.0 fails at a second link of the same contact and zaak
            twice = path == OBJECT_LINKS and answer.status_code == 500
            # a link that went with its klant or contactmoment is there no longer
            gone = method != "POST" and self.chain.old.url(url) not in old_before
            wanted = 404 if gone else 400
            self.law(f"refused {method} {path}", wanted, 400 if twice else answer.status_code)
            return
        history.note(method, path, answer.status_code)
        old, new = self.olds(), self.news(*self.compared)
        made = answer.json() if answer.content else {}
        if method == "POST":
            self.urls[path].append(made["url"])
        changed = made.get("url", self.chain.old.url(url))
        if method != "DELETE":
            self.law(f"{method} reads back", own(made), own(old[changed]))
            said = {key: value for key, value in leaves(sent) if value not in ("", None, [], {})}
            read = dict(leaves(old[changed]))
            self.law(f"{method} reads as written", said, {key: read.get(key) for key in said})
        if method == "PATCH":
            self.others_of_one(sent, old_before[changed], old[changed])
        self.others(method, changed, old_before, old)
        self.unknown(new_before, new)

    def filled(self, text: str) -> str:
        for collection, urls in self.urls.items():
            for number, url in enumerate(urls):
                text = text.replace(f"<{collection}#{number}>", url)
        return text

    def others_of_one(self, sent: Record, before: Record, after: Record) -> None:
        """A PATCH changes what it names."""
        rest = {name: value for name, value in own(before).items() if name not in sent}
        self.law("PATCH leaves the rest", rest, {name: after[name] for name in rest})

    def others(self, what: str, changed: str, before: Records, after: Records) -> None:
        """Another old record stays as it reads; what goes along with a delete goes."""
        for url, record in before.items():
            if url == changed or (what == "DELETE" and changed in json.dumps(record)):
                continue
            self.law(f"{what}: another record stays", own(record), own(after.get(url, {})))

    def unknown(self, before: dict[str, Records], after: dict[str, Records]) -> None:
        """What no old client knows of stays."""
        for resource, names in UNKNOWN.items():
            for uuid, record in before[resource].items():
                now = after[resource].get(uuid)
                if now is not None and now.get("adres") == record.get("adres"):
                    wanted = {name: record.get(name) for name in names}
                    self.law(f"{resource} keeps", wanted, {name: now.get(name) for name in names})

    def unchanged(self) -> None:
        """What is sent back as it was read changes nothing."""
        old_before, new_before = self.olds(), self.news()
        # no PUT of the one, and `kissing` has its own of the other
        records = [each for url, each in old_before.items() if "/object" not in url]
        if records:
            one = self.random.choice(records)
            # only a record by itself says for certain which one follows it
            earlier = one.get("vorigContactmoment")
            followed = self.chain.old.get(earlier) if earlier else None
            answer = self.chain.old.call("PUT", one["url"], json=one)
            self.law(f"an unchanged PUT of {one['url']}", 200, answer.status_code)
            self.law("it follows the same one", followed, self.chain.old.get(earlier) if earlier else None)
            self.law("an unchanged PUT changes nothing new", new_before, self.news())
            self.law("an unchanged PUT changes nothing old", old_before, self.olds())

    # new clients

    def new_write(self) -> None:
        """A write of a new client, and what it must come to for old ones."""
        served, draw = self.chain.running.served, self.random.choice
        kind = draw(("contact", "unknown", "partij", "adres", "betrokkene", "more", "less"))
        before, new = self.olds(), self.news(*CONCERNS[kind])
        if kind == "contact" and new["klantcontacten"]:
            uuid = draw(list(new["klantcontacten"]))
            member, path = draw((("kanaal", "kanaal"), ("inhoud", "tekst"), ("taal", "voorkeurstaal")))
            value = draw(("fra", "deu", "spa")) if member == "taal" else f"{member} {self.number}"
            served.patch(f"klantcontacten/{uuid}", {member: value})
            self.wins(before, uuid, {path: value})
        elif kind == "unknown" and new["klantcontacten"]:
            uuid = draw(list(new["klantcontacten"]))
            served.patch(f"klantcontacten/{uuid}", {"reactie": f"reactie {self.number}"})
            self.wins(before, uuid, {})
        elif kind == "partij" and new["partijen"]:
            uuid = draw(list(new["partijen"]))
            address = {**(new["partijen"][uuid]["bezoekadres"] or {}), "straatnaam": f"Straat {self.number}"}
            served.patch(f"partijen/{uuid}", {"bezoekadres": address, "interneNotitie": "x"})
            self.wins(before, uuid, {"adres.straatnaam": f"Straat {self.number}"})
        elif kind in ("adres", "less") and new["digitaleadressen"]:
            self.address(kind, before, new)
        elif kind == "more" and new["partijen"]:
            uuid = draw(list(new["partijen"]))
            shown = [each for each in before.values() if each["url"].endswith(uuid)]
            body = {"adres": f"nieuw{self.number}@example.nl", "soortDigitaalAdres": "email"}
            owner = {"verstrektDoorPartij": {"uuid": uuid}, "verstrektDoorBetrokkene": None}
            there = any(
                (each["verstrektDoorPartij"] or {}).get("uuid") == uuid
                and each["soortDigitaalAdres"] == "email"
                for each in new["digitaleadressen"].values()
            )
            served.post("digitaleadressen", {**body, **owner, "omschrijving": "thuis"})
            if shown:
                self.wins(before, uuid, {} if there else {"emailadres": body["adres"]})
        elif kind == "betrokkene":
            known = [each for each in new["betrokkenen"].values() if each["wasPartij"]]
            if known:
                one = draw(known)
                served.patch(f"betrokkenen/{one['uuid']}", {"rol": "vertegenwoordiger"})
                self.wins(before, one["uuid"], {"rol": "gesprekspartner"})

    def address(self, kind: str, before: Records, new: dict[str, Records]) -> None:
        """A new client changes or deletes an address."""
        served = self.chain.running.served
        uuid = self.random.choice(list(new["digitaleadressen"]))
        address = new["digitaleadressen"][uuid]
        owner = (address["verstrektDoorPartij"] or {}).get("uuid", "")
        word = address["soortDigitaalAdres"]
        member = {"email": "emailadres", "telefoonnummer": "telefoonnummer"}.get(word, "")
        record = next((each for each in before.values() if each["url"].endswith(owner)), None)
        shown = bool(member and record and record.get(member) == address["adres"])
        if kind == "less":
            served.delete(f"digitaleadressen/{uuid}")
            after = self.olds()
            if shown and record:
                self.checks += 1
                if after[record["url"]][member] == address["adres"]:
                    self.broken.append(f"{self.number} a deleted address is still shown")
            return
        value = f"ander{self.number}@example.nl" if word == "email" else f"06{self.number:08}"
        served.patch(f"digitaleadressen/{uuid}", {"adres": value})
        # also when an old client wrote what the new API refuses: that counts while this one is as it was
        read = shown or (owner and uuid == self.chosen(new, owner, word))
        self.wins(before, owner, {member: value} if member and read else {})

    def chosen(self, new: dict[str, Records], owner: str, word: str) -> str:
        """The address that old clients read of a partij: the preferred one, else the oldest."""
        mine = [
            each
            for each in reversed(new["digitaleadressen"].values())
            if (each["verstrektDoorPartij"] or {}).get("uuid") == owner and each["soortDigitaalAdres"] == word
        ]
        return str(max(mine, key=lambda each: bool(each["isStandaardAdres"]))["uuid"])

    def concerned(self, _url: str, _record: Record, _uuid: str) -> bool:
        """Whether another old record may read otherwise since a new client changed this."""
        return False

    def wins(self, before: Records, uuid: str, wanted: Record) -> None:
        """What a new client changed is what old clients read, and nothing else changes for them."""
        after = self.olds()
        for url, record in before.items():
            changed = wanted if url.endswith(uuid) else {}
            if self.concerned(url, record, uuid):
                continue
            was, now = dict(leaves(own(record))), dict(leaves(own(after.get(url, {}))))
            if changed and url.endswith(uuid):
                self.law("a new client wins", changed, {name: now.get(name) for name in changed})
            groups = {name.partition(".")[0] for name in changed}
            rest = {name: value for name, value in was.items() if name.partition(".")[0] not in groups}
            self.law("a new write leaves the rest", rest, {name: now.get(name) for name in rest})
