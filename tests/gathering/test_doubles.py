"""Second records of contacts: found, listed, counted, and settled by somebody."""

import pytest
from adapter.cli import main
from adapter.gathering.doubles import Double, Doubles, doubt
from adapter.gathering.listing import held_lines
from adapter.gathering.ports import Record, RecordPage
from adapter.state import aliases

from tests.cli.test_commands import configured  # noqa: F401  (a fixture)
from tests.cli.test_journal import file  # noqa: F401
from tests.gathering.service import served, suite, until
from tests.gathering.test_service import actor, contact, task
from tests.gathering.test_state import CONTACT, FIRST, OTHER, opened
from tests.gathering.world import SIGN

PLAN = {"collection": "records", "signed": "tekst", "filters": '{"type":"verzoek"}'}
WAIT = 600.0


class Pages:
    """A register whose lists have pages of one record; every search is noted."""

    def __init__(self, *records):
        self.records, self.asked = [Record(uuid, {"tekst": text}) for uuid, text in records], []

    def page(self, collection, filters, number):
        self.asked.append((collection, dict(filters), number))
        found = tuple(self.records[number - 1 : number])
        return RecordPage(len(self.records), found, more=number < len(self.records))


def signed(contact):
    return SIGN.put("Vraag", SIGN.of(contact, {}))


@pytest.fixture
def doubted(tmp_path):
    """A state with a contact that was sent anew, as record `first`, and whose earlier POST may still come."""
    with opened(str(tmp_path / "state.sqlite3")) as (holds, _, database), database.transaction() as change:
        doubt(change, CONTACT, PLAN, 100.0)
        aliases.note(change, CONTACT, "first", "records")
    with opened(str(tmp_path / "state.sqlite3")) as (holds, _, database):
        yield holds, database, Doubles(database)


def test_a_second_record_is_found_at_one_of_three_looks(doubted):
    """Past the first page, among records of others; after the last look no more is asked."""
    _, _, doubles = doubted
    pages = Pages(("first", signed(CONTACT)), ("stranger", signed(OTHER)), ("plain", "Vraag"))
    for now in (99.0, 100.0, 100.0, 100.0 + 6 * WAIT):
        doubles.look(pages, SIGN, now, WAIT)
        assert doubles.open() == []
    assert pages.asked == [("records", {"type": "verzoek"}, number) for number in (1, 2, 3)] * 2
    last = 100.0 + 6 * WAIT + 36 * WAIT
    pages.records.append(Record("second", {"tekst": signed(CONTACT)}))
    doubles.look(pages, SIGN, last, WAIT)
    assert doubles.open() == [Double("second", CONTACT, last)]
    pages.asked.clear()
    doubles.look(pages, SIGN, 1e12, WAIT)
    assert pages.asked == []


def test_a_contact_that_is_held_is_looked_at_later(doubted):
    """It has no record yet; when it was deleted meanwhile, any record with its sign is one too many."""
    holds, database, doubles = doubted
    with database.transaction() as change:
        change.run("DELETE FROM aliases WHERE served=?", (CONTACT,))
    holds.begin(CONTACT, FIRST, now=1.0, due=2.0)
    pages = Pages(("late", signed(CONTACT)))
    doubles.look(pages, SIGN, 100.0, WAIT)
    assert (pages.asked, doubles.open()) == ([], [])
    holds.drop(CONTACT, phases=("gathering",))
    doubles.look(pages, SIGN, 100.0 + WAIT, WAIT)
    assert [each.record for each in doubles.open()] == ["late"]


def test_a_double_is_listed_until_it_is_settled_and_not_noted_again(doubted):
    _, database, doubles = doubted
    doubles.note(CONTACT, ["second", "third"], 0.0)
    doubles.note(CONTACT, ["second"], 60.0)
    assert list(held_lines(database)) == [
        "records of a contact that has another one: 2",
        f"second doubles {CONTACT}, found 1970-01-01T00:00:00+00:00",
        f"third doubles {CONTACT}, found 1970-01-01T00:00:00+00:00",
    ]
    assert (doubles.settle("second"), doubles.settle("second")) == (True, False)
    doubles.note(CONTACT, ["second"], 120.0)
    assert [each.record for each in doubles.open()] == ["third"]


def test_a_double_is_settled_by_a_command(doubted, file, tmp_path, capsys):  # noqa: F811
    _, _, doubles = doubted
    doubles.note(CONTACT, ["second"], 0.0)
    assert main(["journal", "--config", str(file)]) == 0
    assert f"second doubles {CONTACT}" in capsys.readouterr().out
    assert main(["journal", "--config", str(file), "--settle", "second"]) == 0
    assert "double_settled" in capsys.readouterr().err
    assert main(["journal", "--config", str(file)]) == 0
    assert capsys.readouterr().out == ""
    assert main(["journal", "--config", str(file), "--settle", "second"]) == 1
    assert "no second record of a contact" in capsys.readouterr().err


@pytest.mark.contract
def test_a_post_that_arrives_too_late_is_found_and_alarmed(tmp_path):
    """The e-Suite does it after nobody waited any more: by looking again, without a client that reads."""
    with suite() as town, served(town, str(tmp_path / "s"), unsure=0.3, retry=0.1, sweep=0.1) as desk:
        made = contact(desk)
        town.looseness.late = 1.0
        task(desk, made, actor(desk, "Frontoffice"))
        town.looseness.late = 0.0
        assert until(lambda: len(town.contacts(made["onderwerp"])) == 2, 30)
        records = {each["url"].rpartition("/")[2] for each in town.contacts(made["onderwerp"])}
        with opened(str(tmp_path / "s")) as (_, _, database):
            (found,) = until(Doubles(database).open, 30)
            assert (found.contact, found.record in records) == (made["uuid"], True)
            (own,) = records - {found.record}
            assert desk.get(f"klantcontacten/{own}")["uuid"] == made["uuid"]


@pytest.mark.contract
def test_a_line_that_an_employee_copied_is_noticed_in_a_list(tmp_path):
    with suite() as town, served(town, str(tmp_path / "s")) as desk:
        made = contact(desk)
        task(desk, made, actor(desk, "Frontoffice"))
        (seen,) = town.contacts(made["onderwerp"])
        copy = town.records(
            tekst="Eigen vraag", kanaal="telefoon", type="Contactverzoek", toelichting=seen["toelichting"]
        )
        assert {made["uuid"], copy} <= {each["uuid"] for each in desk.all("klantcontacten")}
        with opened(str(tmp_path / "s")) as (_, _, database):
            assert [(each.record, each.contact) for each in Doubles(database).open()] == [
                (copy, made["uuid"])
            ]
