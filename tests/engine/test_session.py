"""The register calls of a round: as few as answer what is asked, told without a server."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from adapter.engine.deployment import Deployment, ObjectType
from adapter.engine.gateway.scheduler import gather
from adapter.engine.gateway.session import Session
from adapter.engine.rights import Rights
from adapter.mapping.model import Place
from adapter.registers.messages import Answer
from adapter.shipped import shipped_mappings

CONTACTS = Place("contactmomenten", "contactmomenten")
LINKS = Place("contactmomenten", "klantcontactmomenten")
ONE, TWO, THREE = (f"{digit * 8}-1111-4111-8111-111111111111" for digit in "123")
TYPES = ("KlantinteractiesActor", "KlantinteractiesBijlage")


class Watched:
    """A register that has nothing, and notes what it is asked."""

    def __init__(self, name, made):
        self.name, self.made = name, made

    def call(self, method, path, *, params=(), json=None):
        asked = dict(params)
        query = asked.get("data_attr", "") or ",".join(f"{key}={value}" for key, value in params)
        self.made.append(f"{path} {'of a type ' if 'type' in asked else ''}{query}".strip())
        if path.rpartition("/")[2] in (ONE, TWO, THREE):
            return Answer(404, None)
        return Answer(200, {"count": 0, "next": None, "results": []})

    def url(self, collection, uuid):
        return f"http://{self.name}.nl/{collection}/{uuid}"

    def urls(self, collection, uuid):
        return (self.url(collection, uuid),)

    def identify(self, url):
        head, _, uuid = url.rpartition("/")
        return head.rpartition("/")[2], uuid


@pytest.fixture
def made():
    """The calls that were made."""
    return []


@pytest.fixture
def session(made):
    """A session of one request before registers that have nothing."""
    rights = Rights()
    rights.hidden = frozenset()
    types = {name: ObjectType(name, ONE, f"http://types.nl/{name}", 1) for name in TYPES}
    registers = {name: Watched(name, made) for name in ("contactmomenten", "klanten", "objects")}
    with ThreadPoolExecutor(1) as pool:
        yield Session(
            Deployment(shipped_mappings("vng"), registers, types, {}, "http://k.nl", pool, rights=rights)
        )


def found(session, kind, *texts, path="naam", operator="in"):
    return session.objects.found(kind, path, texts, operator)


def hanging(session, key, *uuids):
    return session.objects.hanging(key, uuids, TYPES[0])


ACTOR, BIJLAGE = TYPES
CALLS = {
    "a record": (lambda s: [s.records.get(CONTACTS, [ONE])], 1),
    "the same record twice": (lambda s: [s.records.get(CONTACTS, [ONE]), s.records.get(CONTACTS, [ONE])], 1),
    "two records": (lambda s: [s.records.get(CONTACTS, [ONE, TWO]), s.records.get(CONTACTS, [ONE])], 2),
    "records by a value": (lambda s: [s.records.where(LINKS, "klant", ["a", "b"])], 2),
    "what hangs on several": (lambda s: [hanging(s, "klant", ONE), hanging(s, "klant", TWO, THREE)], 1),
    "under two keys": (lambda s: [hanging(s, "klant", ONE), hanging(s, "contactmoment", ONE)], 2),
    "a text of two types": (lambda s: [found(s, ACTOR, "a"), found(s, BIJLAGE, "a")], 1),
    "two texts of two types": (lambda s: [found(s, ACTOR, "a"), found(s, BIJLAGE, "b")], 2),
    "a part of a text of two types": (
        lambda s: [found(s, ACTOR, "a", operator="icontains"), found(s, BIJLAGE, "a", operator="icontains")],
        2,
    ),
    "a text at two paths": (lambda s: [found(s, ACTOR, "a"), found(s, ACTOR, "a", path="rol")], 2),
    "a text that cannot be searched for": (lambda s: [found(s, ACTOR, "a,b"), s.objects.all(ACTOR)], 1),
    "objects by uuid": (lambda s: [s.objects.get([ONE]), s.objects.get([TWO, ONE])], 2),
    "no texts": (lambda s: [found(s, ACTOR)], 0),
    "a type that the deployment lacks": (lambda s: [found(s, "Ander", "a"), s.objects.all("Ander")], 0),
}


@pytest.mark.parametrize(("reads", "calls"), CALLS.values(), ids=CALLS.keys())
def test_as_few_calls_as_answer_a_round(session, made, reads, calls):
    """And none when it is all asked again."""
    for _ in range(2):
        session.run(gather(reads(session)))
        assert len(made) == calls, made


def test_a_search_for_several_types_names_none(session, made):
    """One of one type does."""
    session.run(gather([found(session, ACTOR, "a"), found(session, BIJLAGE, "a")]))
    session.run(found(session, ACTOR, "b"))
    assert made == ["objects naam__in__a", "objects of a type naam__in__b"]


def test_nothing_refers_to_what_the_request_makes(session, made):
    """Neither what hangs on it nor what names it is asked for."""
    session.made(ONE)
    session.run(
        gather(
            [
                hanging(session, "klant", ONE),
                found(session, ACTOR, ONE),
                session.records.get(CONTACTS, [ONE]),
                session.objects.get([ONE]),
                session.records.where(LINKS, "klant", [f"http://klanten.nl/klanten/{ONE}"]),
            ]
        )
    )
    assert made == []
