"""A whole move: everything is read, written, loaded into PostgreSQL and read back equal."""

import hashlib
import json
import re
import stat
from datetime import date, datetime

import pytest
from adapter.mapping.paths import MISSING, get
from adapter.move.book import Book
from adapter.move.target import target

from tests import bodies
from tests.deployment import with_settings
from tests.engine.old_kiss import OldKiss
from tests.watching import planted_in


@pytest.fixture
def dialect():
    return "openklant"


def loaded(move, database, version="2.18"):
    """Write the files of a version and load them into a new database."""
    move("write", "--version", version)
    there = database(version)
    status, out, err = there.run(move.file("load.sql"))
    assert (status, out, err) == (0, "", "")
    return there


def read_back(move, there):
    status, out, err = there.run(move.file("verify.sql"))
    assert (status, err) == (0, "")
    move.file("rows.txt").write_text(out)
    return move.file("rows.txt")


@pytest.mark.parametrize("dialect", ["openklant", pytest.param("vng", marks=pytest.mark.contract)])
def test_everything_arrives_as_it_is_served(deployment, read, database):
    """Every resource of every list has a row with its uuid, in the order of the list, with what is served."""
    there = loaded(read, database)
    rows = {model: there.rows(model) for model in there.target.by_name}
    assert all(rows.values()), [model for model, found in rows.items() if not found]
    uuids = {
        model: {key: str(row["uuid"]) for key, row in found.items() if "uuid" in row}
        for model, found in rows.items()
    }
    for resource in there.target.resources:
        table = there.target.main(resource)
        served = {each["uuid"]: each for each in deployment.served.all(resource)}
        ours = [uuid for uuid in reversed(uuids[table.model].values()) if uuid in served]
        assert ours == list(served), resource
        for row in rows[table.model].values():
            item = served.get(str(row["uuid"])) or deployment.served.get(f"{resource}/{row['uuid']}")
            for column in table.columns:
                assert _as_served(column, row[column.name], uuids) == _wanted(column, item), column


def _as_served(column, value, uuids):
    if column.to:
        return uuids[column.to].get(value)
    if isinstance(value, datetime):
        return value.timestamp()
    if isinstance(value, date):
        return value.isoformat()
    return str(value) if column.type == "uuid" else value


def _wanted(column, item):
    value = get(item, column.path)
    if value is MISSING or value is None or (value == "" and column.nullable):
        return "" if column.type in ("varchar", "text") and not column.nullable else None
    if column.to:
        return value["uuid"]
    return datetime.fromisoformat(value).timestamp() if column.type == "timestamptz" else value


def test_what_was_loaded_is_read_back_equal_and_three_changes_by_hand_are_found(read, database):
    there = loaded(read, database)
    said = read("verify", "--rows", read_back(read, there))
    assert len(re.findall(r", (\d+) equal, 0 different, 0 missing, 0 more", said)) == 21
    there.ask("UPDATE klantinteracties_klantcontact SET onderwerp = 'Anders' WHERE id = 1")
    there.ask("UPDATE klantinteracties_partij SET indicatie_actief = NOT indicatie_actief WHERE id = 2")
    there.ask('UPDATE klantinteracties_klantcontact SET metadata = \'{"a": "b"}\' WHERE id = 2')
    there.ask("INSERT INTO klantinteracties_categorie (uuid, naam) VALUES (gen_random_uuid(), 'Nieuw')")
    assert "does not hold" in read("verify", "--rows", read_back(read, there), status=1)
    said = "".join(read.said[-2:])
    assert "id 1: onderwerp" in said
    assert "id 2: indicatie_actief" in said
    assert "id 2: metadata" in said
    assert "klantinteracties_categorie: 1 written, 1 equal, 0 different, 0 missing, 1 more" in said


def test_two_klanten_of_one_number_are_loaded_as_one(read, database):
    """The database takes the number once; what became of the other is said by uuid."""
    book, younger = Book(str(read.file("book.sqlite3"))), "ffffffff-0000-4000-8000-00000000000"
    with book.database.transaction() as transaction:
        ((number, body),) = transaction.run(
            "SELECT uuid, body FROM move_resource WHERE kind = 'partij-identificatoren' AND body LIKE ?",
            (f"%{bodies.BSN}%",),
        )
        oldest = json.loads(body)["identificeerdePartij"]["uuid"]
        for uuid, copied in (("1", oldest), ("2", number)):
            transaction.run(
                "INSERT INTO move_resource SELECT kind, ?, home, 'z', digest, replace(body, ?, ?), seen,"
                " born, changed, gone FROM move_resource WHERE uuid = ?",
                (younger + uuid, oldest, younger + "1", copied),
            )
    book.close()
    assert "identificator: 1 of partijidentificator: to be decided" in read("check", status=1) + read.said[-2]
    read.decide("rules: {identificator: merge}")
    assert "identificator: 1 of partij: merged into the oldest" in read("check")
    there = loaded(read, database)
    read("verify", "--rows", read_back(read, there))
    assert younger + "1" not in {str(row["uuid"]) for row in there.rows("partij").values()}
    assert f"partijen\t{younger}1\t{oldest}\n" in read.file("uuids.tsv").read_text()


@pytest.mark.parametrize(
    "version", ["2.15", *(pytest.param(each, marks=pytest.mark.contract) for each in ("2.16", "2.17"))]
)
def test_earlier_versions_take_what_they_have_a_place_for(read, database, version):
    """Before 2.16 every contact, task and partij needs a number, and no two may have the same."""
    there = loaded(read, database, version)
    read("verify", "--rows", read_back(read, there))
    numbers = [row["nummer"] for row in there.rows("klantcontact").values()]
    assert "0000000042" in numbers
    if version == "2.15":
        assert sorted(numbers)[:2] == ["0000000042", "0000000043"]
        assert "klantcontacten: no place for" in read("check", "--version", version)
    else:
        assert numbers.count(None) == len(numbers) - 1


def test_new_rows_get_the_next_keys(read, database):
    """The sequences go on after what was loaded, in tables that are empty too."""
    there = loaded(read, database)
    known = set(there.rows("categorie"))
    there.ask("INSERT INTO klantinteracties_categorie (uuid, naam) VALUES (gen_random_uuid(), 'Nieuw')")
    assert set(there.rows("categorie")) - known == {max(known) + 1}


def test_tables_with_rows_of_somebody_else_are_left_as_they_are(deployment, read, database):
    """A second load replaces the first; what somebody wrote meanwhile stops it, and nothing is changed."""
    move = read
    there = loaded(move, database)
    deployment.served.delete(f"bijlagen/{deployment.served.all('bijlagen')[0]['uuid']}")
    move("read", "--again")
    move("write")
    assert there.run(move.file("load.sql"))[0] == 0
    assert there.rows("bijlage") == {}
    there.ask("INSERT INTO klantinteracties_categorie (uuid, naam) VALUES (gen_random_uuid(), 'Vreemd')")
    status, _, err = there.run(move.file("load.sql"))
    assert status == 3
    assert "klantinteracties_categorie held 1 rows that this move did not bring: nothing was changed" in err
    assert len(there.rows("categorie")) == 2


def test_an_error_of_the_database_repeats_no_value(read, database):
    """A file that was tampered with breaks a constraint: everything is rolled back, and terse."""
    read("write")
    file = read.file("load.sql")
    file.write_text(file.read_text().replace("\t999990019\t", f"\t{'9' * 201}\t"))
    there = database()
    status, _, err = there.run(file)
    assert status == 3
    assert "DETAIL" not in err
    assert "CONTEXT" not in err
    assert there.rows("partij") == {}


def test_the_fixture_says_the_same(read):
    read("write", "--as", "fixture")
    lines = [json.loads(each) for each in read.file("load.jsonl").read_text().splitlines()]
    found = target("openklant")
    assert {each["model"] for each in lines} == {f"klantinteracties.{name}" for name in found.by_name}
    keys = {(each["model"], each["pk"]) for each in lines}
    for each in lines:
        table = found.by_name[each["model"].partition(".")[2]]
        assert each["fields"].keys() == {column.field for column in table.columns}
        for column in table.columns:
            key = each["fields"][column.field]
            assert not column.to or key is None or (f"klantinteracties.{column.to}", key) in keys


NAMELESS = {"subjectIdentificatie": {"inpBsn": ""}}


class Changes:
    """Changes between two passes, by a new and an old client of what was there before."""

    def __init__(self, deployment):
        self.served, self.old = deployment.served, OldKiss(deployment)
        self.klant, self.leaving = (
            self.old.klant(klantnummer=each, **NAMELESS) for each in ("stays", "leaves")
        )
        self.moment, self.removed, self.unlinked = (self.old.moment() for _ in range(3))
        self.link = self.old.link(self.unlinked, self.klant)
        contact = self.served.post("klantcontacten", bodies.contact())
        file = {"objectId": "d-2", "codeObjecttype": "d", "codeRegister": "r", "codeSoortObjectId": "u"}
        bijlage = {"wasBijlageVanKlantcontact": {"uuid": contact["uuid"]}, "bijlageidentificator": file}
        self.deleted = {
            "bijlagen": self.served.post("bijlagen", bijlage),
            "categorieen": self.served.post("categorieen", {"naam": "Voorbij"}),
        }

    def uuids(self):
        """Of everything that is listed, and of the actoren that only contacts and tasks name."""
        listed = {name: self.served.all(name) for name in target("openklant").resources}
        named = {each["actor"]["uuid"] for each in listed["actorklantcontacten"]}
        named |= {actor["uuid"] for each in listed["internetaken"] for actor in each["toegewezenAanActoren"]}
        return named | {each["uuid"] for several in listed.values() for each in several}

    def by_new_clients(self):
        """Ten; the uuids of what is changed."""
        served = self.served
        person = next(each for each in served.all("partijen") if each["interneNotitie"])
        contact, task = served.all("klantcontacten")[-1], served.all("internetaken")[-1]
        served.post("categorieen", {"naam": "Nog een"})
        served.post("partijen", bodies.organisatie("Nieuw"))
        made = served.post("klantcontacten", bodies.contact())
        served.post("betrokkenen", bodies.betrokkene(made, person))
        served.post("digitaleadressen", bodies.adres("nieuw@example.nl", partij=person))
        served.patch(f"klantcontacten/{contact['uuid']}", {"onderwerp": "Verhuizing naar elders"})
        served.patch(f"partijen/{person['uuid']}", {"soortPartij": "persoon", "interneNotitie": "Anders"})
        served.patch(f"internetaken/{task['uuid']}", {"toelichting": "Graag vandaag"})
        for name, each in self.deleted.items():
            served.delete(f"{name}/{each['uuid']}")
        return {each["uuid"] for each in (person, contact, task)}

    def by_old_clients(self):
        """Eleven; the uuids of what is changed."""
        old = self.old
        klant, moment = old.klant(klantnummer="comes", **NAMELESS), old.moment()
        old.link(moment, klant)
        old.about(moment, bodies.ZAAK)
        old.taak(moment)
        old.moment(registratiedatum="2001-02-03T04:05:06Z")
        old.klanten.patch(self.klant["url"], {"achternaam": "Veranderd"})
        old.contactmomenten.patch(self.moment["url"], {"tekst": "Belde nog eens."})
        old.contactmomenten.delete(self.removed["url"])
        old.contactmomenten.delete(self.link["url"])
        old.klanten.delete(self.leaving["url"])
        return {each["url"].rpartition("/")[2] for each in (self.klant, self.moment)}


def test_a_second_pass_finds_twenty_one_changes_and_nothing_else(deployment, move):
    """Deletes, back-dated contacts and changed klanten included; a pass without changes finds nothing."""
    changes = Changes(deployment)
    move("read")
    assert "read; --again" in move("read", status=1)
    assert re.findall(r"[1-9]\d* (?:new|changed|gone)", move("read", "--again")) == []
    before = changes.uuids()
    changed = changes.by_new_clients() | changes.by_old_clients()
    after = changes.uuids()
    said = move("read", "--again")
    found = {what: set(re.findall(rf"^  {what} (\S+)$", said, re.M)) for what in ("new", "changed", "gone")}
    assert found == {"new": after - before, "changed": changed, "gone": before - after}
    assert len(changed) == 5
    assert len(before - after) >= 5


def test_nothing_that_it_says_or_keeps_in_the_open_holds_a_value(deployment, move, database):
    """Only the book and what is loaded hold values, and only their owner can read them."""
    move("read")
    move("check")
    there = loaded(move, database)
    move("verify", "--rows", read_back(move, there))
    move("report")
    assert planted_in("".join(move.said)) == []
    for file in move.folder.iterdir():
        if file.name not in ("rows.txt", "lock"):
            assert stat.S_IMODE(file.stat().st_mode) == 0o600, file.name
        if file.name.startswith(("manifest", "clear", "verify", "report")):
            assert planted_in(file.read_text()) == []
    assert planted_in(move.file("load.sql").read_text()) != []
    assert "--yes" in move("forget", status=1)
    move("forget", "--yes")
    left = {file.name for file in move.folder.iterdir()}
    assert not left & {"book.sqlite3", "book.sqlite3-wal", "load.sql"}
    assert "not everything was read" in move("write", status=1)


@pytest.mark.contract
def test_a_target_is_asked_what_clients_ask(deployment, read, monkeypatch):
    """Another KlantBrug before the same registers answers alike."""
    monkeypatch.setenv("KLANTBRUG_TOKEN", "demo")
    read("write")
    with deployment.another(with_settings()) as other:
        assert "the environment has no KLANTBRUG_TARGET_TOKEN" in read(
            "verify", "--url", other.base, "--sample", 1, status=1
        )
        monkeypatch.setenv("KLANTBRUG_TARGET_TOKEN", "demo")
        said = read("verify", "--url", other.base, "--sample", 1)
    asked, alike = re.match(r"(\d+) questions: (\d+) answered alike, 0 not", said).groups()
    assert int(asked) == int(alike) > 100
    assert "cannot be reached" in read("verify", "--url", "http://127.0.0.1:9/x", "--sample", 1, status=1)
    assert planted_in("".join(read.said)) == []


def test_the_report_has_what_was_read_written_and_compared_and_its_own_checksum(read, database):
    read.decide("keep_in_metadata: [resultaat]")
    there = loaded(read, database)
    read("verify", "--rows", read_back(read, there))
    said = read("report")
    found = json.loads(read.file("report.json").read_text())
    assert found["target"] == {"name": "Open Klant", "version": "2.18"}
    assert [each["pass"] for each in found["passes"]] == [1]
    assert found["passes"][0]["calls"] > 20
    assert found["written"]["decisions"]["keep_in_metadata"] == ["resultaat"]
    assert all(each["digest_written"] == each["digest_read"] for each in found["rows"])
    page, checksum = (
        read.file("report.html").read_text(),
        hashlib.sha256(read.file("report.json").read_bytes()),
    )
    assert checksum.hexdigest() in page
    assert checksum.hexdigest() in said
    assert read.file("report.json.sha256").read_text() == f"{checksum.hexdigest()}  report.json\n"
    for heading in ("Pass 1", "Written", "Decided", "Left out, altered or noticed", "Rows read back"):
        assert f">{heading}</h" in page
