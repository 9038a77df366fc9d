"""What a client sends in any member of any piece stands nowhere but sealed in the state, and not for longer.

Every row of every table is looked at after each step of the state, while the contact is held and afterwards.
"""

from contextlib import contextmanager

import pytest
from adapter.dialects import SHIPPED
from adapter.mapping.load import read_dialect
from adapter.mapping.paths import get, put
from adapter.scenes.theatre import theatre
from adapter.shipped import served_document
from adapter.state.database import SqliteDatabase

from tests.gathering.declared import declared

# Two or three letters that say nothing, and what is to be empty while a task is open.
NOT_TOLD = {("taal",), ("bezoekadres", "land"), ("correspondentieadres", "land"), ("afgehandeldOp",)}
# What only some values may be, and what hangs on the others.
GIVEN = {
    ("kanaal",): "Webformulier",
    ("adres",): "geplant@planted.example",
    ("bezoekadres", "postcode"): "9876 QX",
    ("correspondentieadres", "postcode"): "8765 QZ",
    ("referentie",): "geplant_referentie",
}
KINDS = {
    "klantcontacten": {"kanaal": "telefoon", "taal": "nld", "vertrouwelijk": False},
    "betrokkenen": {"rol": "klant", "initiator": True},
    "digitaleadressen": {"soortDigitaalAdres": "email"},
    "internetaken": {"status": "te_verwerken", "toegewezenAanActoren": []},
}
BSN = [{"partijIdentificator": {
    "codeObjecttype": "natuurlijk_persoon", "codeSoortObjectId": "bsn", "codeRegister": "brp",
    "objectId": "999990019",
}}]  # fmt: skip


def texts(schema, path=()):
    """The members of a body that are text, with their schemas."""
    document = served_document()
    for name, node in document.merged(schema).get("properties", {}).items():
        each = document.merged(node)
        if each.get("readOnly") or (*path, name) in NOT_TOLD:
            continue
        if "properties" in each:
            yield from texts(each, (*path, name))
        elif each.get("type") == "string" and "enum" not in each and each.get("format") != "uuid":
            yield (*path, name), each


def planted(path, schema, number):
    """A value for a member that occurs nowhere else."""
    if path in GIVEN:
        return GIVEN[path]
    if schema.get("format") == "date-time":
        return f"19{60 + number}-06-05T04:03:02Z"
    if schema.get("format") == "date":
        return f"19{60 + number}-06-05"
    if schema.get("format") == "uri":
        return f"https://geplant{number}.example/"
    longest = schema.get("maxLength", 1000)
    if path[-1].endswith("nummer") or "pattern" in schema:
        return str(98_760_000 + number).rjust(longest, "9")
    return f"Gepl{number:04d}"


RESOURCES = [declared().resource, *(each for each, _ in declared().pieces)]
CASES = {
    name: {
        path: planted(path, schema, number)
        for number, (path, schema) in enumerate(texts(served_document().operation("post", f"/{name}").body))
    }
    for name in RESOURCES
}


@pytest.fixture(scope="module")
def stage():
    with theatre(read_dialect(SHIPPED, "esuite"), SHIPPED) as found:
        yield found


def rows(database):
    """Every row of the state, as text, with its table."""
    with database.transaction() as transaction:
        tables = [name for (name,) in transaction.run("SELECT name FROM sqlite_master WHERE type='table'")]
        return [(name, str(row)) for name in tables for row in transaction.run(f"SELECT * FROM {name}")]


@contextmanager
def watched(monkeypatch, play, values):
    """The tables in which one of these stood after a step of the state, with it."""
    found, busy, inner = set(), [], SqliteDatabase.transaction

    @contextmanager
    def stepped(database):
        with inner(database) as transaction:
            yield transaction
        if not busy:
            busy.append(True)
            found.update((table, value) for table, row in rows(database) for value in values if value in row)
            busy.pop()

    with monkeypatch.context() as patch:
        patch.setattr(SqliteDatabase, "transaction", stepped)
        yield found


def made(play, resource, body):
    status, answer = play.ask("POST", resource, body)
    assert status == 201, answer
    return answer


def body_of(resource, owner, values):
    """The body of a piece, with these values in it."""
    body = {**KINDS.get(resource, {})}
    if resource in dict(declared().pieces):
        put(body, (*dict(declared().pieces)[resource], "uuid"), owner)
    for path, value in values.items():
        put(body, path, value)
    return body


def chain(play, resource, values, **more):
    """A contact with a piece of this resource, in which these values are; the uuids of both."""
    own = values if resource == "klantcontacten" else {}
    contact = made(play, "klantcontacten", body_of("klantcontacten", None, {("onderwerp",): "Vraag", **own}))
    owner = contact["uuid"]
    if resource == "klantcontacten":
        return owner, owner
    if resource == "digitaleadressen":
        owner = made(play, "betrokkenen", body_of("betrokkenen", owner, {}))["uuid"]
    return contact["uuid"], made(play, resource, {**body_of(resource, owner, values), **more})["uuid"]


# Of those whose texts take the most ways; the others with the contract.
OFTEN = {"klantcontacten", "betrokkenen", "internetaken"}
EACH = [
    pytest.param(name, marks=[] if name in OFTEN else [pytest.mark.contract])
    for name in RESOURCES
    if CASES[name]
]


@pytest.mark.parametrize("resource", EACH)
def test_what_a_piece_says_stands_nowhere_in_clear(stage, monkeypatch, resource):
    """And is read all the while; once its contact is sent, nothing of it is left, sealed or not."""
    play, values = stage.play({}), CASES[resource]
    with watched(monkeypatch, play, values.values()) as leaked:
        _, uuid = chain(play, resource, values)
        read = play.ask("GET", f"{resource}/{uuid}", None)[1]
        play.wait(301)
        after = play.ask("GET", f"{resource}/{uuid}", None)[1]
    assert leaked == set()
    assert {path: get(read, path) for path in values} == values
    assert {path: get(after, path) for path in values} == values
    left = [name for name, row in rows(play.deployment.state.database) if name in {"holds", "pieces"}]
    assert left == []


def test_a_member_that_is_sent_with_its_contact_is_looked_for_too(stage, monkeypatch):
    """A partij of a betrokkene: its uuid is personal where it stands with a contact."""
    play = stage.play({})
    partij = made(play, "partijen", {"soortPartij": "persoon", "partijIdentificatoren": BSN})["uuid"]
    with watched(monkeypatch, play, [partij]) as leaked:
        _, uuid = chain(play, "betrokkenen", {}, wasPartij={"uuid": partij})
        assert play.ask("GET", f"betrokkenen/{uuid}", None)[1]["wasPartij"]["uuid"] == partij
        play.wait(301)
    # That it was made stands there by itself.
    assert leaked == {("made", partij)}


def test_every_text_of_a_piece_is_planted():
    """So that this looks at what it says."""
    assert sum(map(len, CASES.values())) > 40
    assert all(len(set(values.values())) == len(values) for values in CASES.values())
    assert {("toelichting",), ("gevraagdeHandeling",)} <= CASES["internetaken"].keys()
