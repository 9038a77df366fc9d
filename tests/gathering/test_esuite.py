"""Contacts that clients record in pieces are in an e-Suite, over HTTP, as its employees need them."""

import uuid as uuids
from dataclasses import replace

import pytest
import requests
from adapter.counts import Counts
from adapter.embedded.esuite import Looseness, create_app
from adapter.embedded.klanten_contactmomenten import DEMO_SECRETS
from adapter.embedded.server import running
from adapter.gathering.attempts import Attempts
from adapter.gathering.calls import Calls
from adapter.gathering.kept import PARKED, Piece
from adapter.gathering.opening import Decided, open_gathering
from adapter.gathering.opening import World as Tools
from adapter.gathering.ports import Refused
from adapter.gathering.sealing import KeyMissing, new_key
from adapter.registers.client import Register
from adapter.registers.services import build_service
from adapter.state.opening import open_state

from tests.embedded.esuite.client import token
from tests.gathering import declared
from tests.gathering.world import KEYS, Clock, Died, Fate, Fated, FatedDatabase, Objects
from tests.registers.test_esuite import BASES, USER_HEADER

COLLECTION = "contactmomenten/contactmomenten"
ZAKEN = "https://zaken.example/zaken/api/v1/zaken"
FRONT, GONE, JJ = (f"{n}0000000-0000-4000-8000-000000000000" for n in "456")
ACTORS = {
    JJ: declared.actor("Jan", "medewerker", "jjansen", "mdw"),
    FRONT: declared.actor("Frontoffice", "organisatorische_eenheid", "9", "grp"),
    GONE: declared.actor("Opgeheven", "organisatorische_eenheid", "8", "grp"),
}


class Directory(declared.Directory):
    """The actoren of the tests, by names that exist in this e-Suite."""

    actors = ACTORS


class Links:
    """References as the registers have them."""

    def __init__(self, registers):
        self._registers = registers

    def url(self, collection, uuid):
        register, _, name = collection.partition("/")
        return f"{ZAKEN}/{uuid}" if register == "zaken" else self._registers[register].url(name, uuid)

    def uuid(self, collection, url):
        return url.rpartition("/")[2]


class Town:
    """An e-Suite with its registers, and processes before it."""

    def __init__(self, base, looseness):
        self.base, self.looseness = base, looseness
        self.registers = {name: self._register(name, path) for name, path in BASES.items()}

    def _register(self, name, path):
        service = {
            "identifier": name, "api_type": "orc", "api_root": f"{self.base}/{path}", "auth_type": "zgw",
            "client_id": "demo", "secret": DEMO_SECRETS["demo"], "user_id": "demo",
            "user_representation": "D. Demonstratie",
        }  # fmt: skip
        return Register(name, build_service(service), user_header=USER_HEADER)

    def begin(self, address):
        self.state, self.clock, self.objects = open_state(address), Clock(), Objects()

    def process(self, at=0):
        replica = Replica(self, Fate())
        # Its steps count from when it is open.
        replica.fate.at, replica.fate.steps = at, 0
        return replica

    def settle(self):
        process = self.process()
        for _ in range(8):
            self.clock.now += 700.0
            process.gathering.sweep()
        return process

    def contacts(self, text):
        """The contacts with this text, as an API client of the e-Suite sees them."""
        calls, found = Calls(self.registers), []
        for number in range(1, 1000):
            page = calls.page(COLLECTION, {"type": "Terugbelverzoek"}, number)
            found += page.records
            if not page.more:
                break
        return [each for each in found if text in str(each.content)]


class Replica:
    """A process before the e-Suite, with what it works with."""

    def __init__(self, town, fate):
        self.fate, database = fate, FatedDatabase(town.state.database, fate)
        self.gathering = open_gathering(
            declared.declared(),
            Decided("k", KEYS.keys, b"secret"),
            Tools(
                database, Fated(Calls(town.registers), fate), Fated(town.objects, fate), Directory(),
                Links(town.registers), Counts(), town.clock,
            ),
        )  # fmt: skip
        self.gatherer, self.holds = self.gathering.gatherer, self.gathering.reading.holds

    def read(self, contact):
        """The pieces of a contact as they are served now."""
        return {each.uuid: each.body for each in self.gathering.pieces(contact)}


@pytest.fixture(scope="module")
def suite():
    looseness = Looseness()
    with running(create_app(zaken=[ZAKEN], looseness=looseness)) as base:
        town = Town(base, looseness)
        yield town
        for each in town.registers.values():
            each.close()


@pytest.fixture
def town(suite, tmp_path):
    suite.begin(str(tmp_path / "state.sqlite3"))
    yield suite
    suite.state.close()
    suite.looseness.__init__()


def piece(resource, **body):
    return Piece(str(uuids.uuid4()), resource, body)


def ref(uuid):
    return {"uuid": uuid}


def address(own, adres, soort, omschrijving):
    return piece("digitaleadressen", **own, adres=adres, soortDigitaalAdres=soort, omschrijving=omschrijving)


def flow(text, group=FRONT):
    """A contactverzoek of somebody without a BSN, as KISS sends it."""
    contact = piece(
        "klantcontacten", nummer="0000000042", kanaal="telefoon", onderwerp=text, inhoud="Wil terugbel",
        indicatieContactGelukt=True, taal="nld", vertrouwelijk=False, plaatsgevondenOp="2026-01-02T03:04:05Z",
    )  # fmt: skip
    caller = piece(
        "betrokkenen", hadKlantcontact=ref(contact.uuid), wasPartij=None, rol="klant", initiator=True,
        organisatienaam="", contactnaam={"voorletters": "P", "voornaam": "Piet", "achternaam": "Jansen"},
    )  # fmt: skip
    own = {"verstrektDoorBetrokkene": ref(caller.uuid), "verstrektDoorPartij": None}
    return [
        contact,
        piece("actorklantcontacten", actor=ref(JJ), klantcontact=ref(contact.uuid)),
        caller,
        address(own, "piet@voorbeeld.nl", "email", "e-mailadres"),
        address(own, "0612345678", "telefoonnummer", "mobiel"),
        piece(
            "internetaken", nummer="", gevraagdeHandeling="Contact opnemen met betrokkene",
            status="te_verwerken",
            aanleidinggevendKlantcontact=ref(contact.uuid), toegewezenAanActoren=[ref(JJ), ref(group)],
            toelichting="Graag terugbellen",
        ),
    ]  # fmt: skip


def play(town, process, pieces):
    """A client sends the pieces; those that it was told are recorded. What died is sent again elsewhere."""
    told = {}
    for each in pieces:
        try:
            gatherer = process.gatherer
            taken = gatherer.begin([each]) if each is pieces[0] else gatherer.add(each)
        except Died:
            process = town.process()
            again = process.gatherer.held(each.uuid)
            if again is None and each is pieces[0]:
                again = process.gatherer.begin([each])
            elif again is None and process.holds.of_piece(pieces[0].uuid):
                again = process.gatherer.add(each)
            taken = again
        if taken is not None:
            told[taken.uuid] = each.body
    return told


def test_a_contactverzoek_is_one_contact_with_the_right_group(town):
    """At once, with all that was recorded until then; API clients read what they sent."""
    pieces = flow("Paspoort")
    process = town.process()
    told = play(town, process, pieces)
    assert set(told) == {each.uuid for each in pieces}
    (record,) = town.contacts("Paspoort")
    content = record.content
    assert (content["status"], content["groep"], content["kanaal"]) == ("nieuw", "Frontoffice", "telefoon")
    assert content["behandelaar"]["gebruikersnaam"] == "jjansen"
    assert content["medewerkerIdentificatie"]["identificatie"] == "jjansen"
    assert content["contactgegevens"] == {"emailadres": "piet@voorbeeld.nl", "telefoonnummer": "0612345678"}
    assert content["toelichting"].startswith(
        "Contact opnemen met: P Piet Jansen\nGevraagde handeling: Contact"
    )
    assert "\n\nGraag terugbellen\n\nKenmerk: 0000000042-" in content["toelichting"]
    assert process.holds.all() == []
    assert process.read(pieces[0].uuid) == told
    assert town.objects.aliases == {pieces[0].uuid: record.uuid}
    # By the uuid of its record it is the same contact.
    assert process.read(record.uuid) == told
    listed = process.gathering.listed(lambda: town.contacts("Paspoort"))
    assert {contact: {each.uuid: each.body for each in found} for contact, found in listed.items()} == {
        pieces[0].uuid: told
    }


def test_a_group_that_does_not_exist_there_is_told_to_the_client(town):
    process, pieces = town.process(), flow("Rijbewijs", GONE)
    for each in pieces[1:-1]:
        process.gatherer.begin([pieces[0]])
        process.gatherer.add(each)
    with pytest.raises(Refused) as refused:
        process.gatherer.add(pieces[-1])
    assert refused.value.members == ("groep",)
    assert town.contacts("Rijbewijs") == []


def test_a_group_that_is_gone_when_nobody_waits_goes_to_the_fall_back(town):
    """With the name in the text."""
    process, pieces = town.process(), flow("Kapvergunning", GONE)
    Attempts(town.state.database).lease(pieces[0].uuid, 0.0, 1.0, 0.0)
    told = {each.uuid: each.body for each in pieces}
    process.holds.begin(pieces[0].uuid, pieces, now=town.clock.now, due=town.clock.now)
    process.gathering.sweep()
    (hold,) = process.holds.all()
    assert (hold.phase, hold.reason) == (PARKED, "groep")
    assert process.read(pieces[0].uuid) == told
    assert Attempts(town.state.database).unpark(pieces[0].uuid, town.clock.now, fall_back=True)
    process.gathering.sweep()
    (record,) = town.contacts("Kapvergunning")
    assert record.content["groep"] == "Terugbellijst"
    assert "Bedoeld voor: jjansen, Opgeheven" in record.content["toelichting"]
    assert process.read(pieces[0].uuid) == told


def test_an_answer_that_is_lost_makes_no_second_contact(town):
    """It is found by its sign, in a list without an order."""
    for number in range(3):
        play(town, town.process(), flow(f"Andere {number}"))
    town.looseness.lost, town.looseness.page_size = 1, 2
    pieces = flow("Trouwen")
    told = play(town, town.process(), pieces)
    (record,) = town.contacts("Trouwen")
    # While nobody knows whose it is, it is nobody's.
    assert town.process().gathering.pieces(record.uuid) is None
    assert list(town.process().gathering.listed(lambda: [record])) == [pieces[0].uuid]
    process = town.settle()
    assert len(town.contacts("Trouwen")) == 1
    assert process.holds.all() == []
    assert process.read(pieces[0].uuid) == told


class Before:
    """The aliases before there was any."""

    def served(self, records):
        return {each: each for each in records}

    records = served


def test_a_record_that_gets_its_alias_while_it_is_read_is_read_by_it(town):
    """Not as one that was made in the e-Suite."""
    pieces, process = flow("Uittreksel"), town.process()
    told = play(town, process, pieces)
    (record,) = town.contacts("Uittreksel")
    reading = replace(process.gathering.reading, aliases=Before())
    assert {each.uuid: each.body for each in reading.pieces(record.uuid)} == told


def test_what_an_employee_does_is_read(town):
    """Closing, and another address."""
    pieces = flow("Verhuizen")
    process = town.process()
    play(town, process, pieces)
    (record,) = town.contacts("Verhuizen")
    told = {"telefoonnummer": "0612345678"}
    changed = requests.patch(
        f"{town.base}/kantoor/contacten/{record.uuid}",
        json={"status": "afgehandeld", "antwoord": "Gebeld.", "contactgegevens": told},
        headers={"Authorization": token()},
        timeout=5,
    )
    assert changed.status_code == 200, changed.text
    read = process.read(pieces[0].uuid)
    assert read[pieces[-1].uuid]["status"] == "verwerkt"
    assert pieces[3].uuid not in read
    assert read[pieces[4].uuid] == pieces[4].body


def test_a_contact_that_was_made_in_the_e_suite_is_read(town):
    """Under its own uuid, with pieces of which no client knows yet."""
    body = {
        "tekst": "Hondenbelasting\nHoeveel?",
        "type": "Terugbelverzoek",
        "kanaal": "balie",
        "groep": "Frontoffice",
    }
    record = Calls(town.registers).post(COLLECTION, body, "jjansen")
    found = {each.resource: each for each in town.process().gathering.pieces(record.uuid)}
    assert found["klantcontacten"].uuid == record.uuid
    assert found["klantcontacten"].body["onderwerp"] == "Hondenbelasting"
    assert found["internetaken"].body["status"] == "te_verwerken"
    assert found["actorklantcontacten"].body["klantcontact"] == ref(record.uuid)
    assert town.process().gathering.pieces(str(uuids.uuid4())) is None


def test_a_start_without_a_key_of_what_is_held_is_refused(town):
    """A key that replaces it opens nothing; with both, all is sealed anew, and the old one can go."""
    pieces = flow("Sleutel")
    town.process().gatherer.begin(pieces[:1])
    new = Decided("n", {"n": new_key()}, b"secret")
    both = replace(new, keys={**new.keys, **KEYS.keys})

    def opened(decided):
        tools = Tools(
            town.state.database,
            Calls(town.registers),
            town.objects,
            Directory(),
            Links({}),
            Counts(),
            town.clock,
        )
        return open_gathering(declared.declared(), decided, tools)

    with pytest.raises(KeyMissing):
        opened(new)
    assert opened(both).sweep() == 0
    assert opened(new).pieces(pieces[0].uuid)[0].body == pieces[0].body


def deaths(town, folder, stride):
    broken = {}
    for at in range(1, 200, stride):
        town.state.close()
        town.begin(str(folder / f"{at}.sqlite3"))
        text = f"Dood {uuids.uuid4()}"
        pieces, process = flow(text), town.process(at)
        told = play(town, process, pieces)
        reached = process.fate.dead
        settled = town.settle()
        read, sent = settled.read(pieces[0].uuid), {each.uuid: each.body for each in pieces}
        # What a client sent without an answer may be recorded all the same.
        right = told | read == read and sent | read == sent
        problems = [] if right else ["read otherwise"]
        problems += [] if len(town.contacts(text)) == 1 else ["not once"]
        problems += [each.phase for each in settled.holds.all()]
        if problems:
            broken[at] = problems
        if not reached:
            assert at > 50
            return broken
    return broken


def test_a_death_at_any_step_leaves_one_contact(town, tmp_path):
    """Whole, and read as the client was told."""
    assert deaths(town, tmp_path, 23) == {}


@pytest.mark.contract
def test_a_death_at_every_step_leaves_one_contact(town, tmp_path):
    assert deaths(town, tmp_path, 1) == {}
