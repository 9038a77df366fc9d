"""Asides in a table of the state: found as those in the Objects API, and undone as those."""

from __future__ import annotations

import pytest
from adapter.reverse.asides import ItemAsked
from adapter.reverse.table import AsideTable, TableShelf
from adapter.state.asides import Asides, Entry
from adapter.state.opening import open_state

from tests.reverse.chain import Chain
from tests.reverse.test_rules import KLANTEN, LINKS, MOMENTEN, klant, moment
from tests.reverse.test_undoing import Broken, everything, perform, recover
from tests.state.conftest import database


def entry(uuid: str, **members: object) -> Entry:
    content = {"verzameling": "klanten", "record": uuid}
    return Entry(**{"id": uuid, "collection": "klanten", "record": uuid, "content": content, **members})  # type: ignore[arg-type]


def stored(asides: Asides) -> None:
    """What is asked of a table, of any database."""
    assert asides.add(entry("a", owners=["x", "y"], words={"functie": "inkoper"}))
    assert not asides.add(entry("a", content={}))
    assert asides.add(entry("b", words={"functie": "inkoper", "adres.stad": "Utrecht"}))
    assert asides.add(entry("c", collection="contactmomenten", words={"functie": "inkoper"}))
    assert [it for it, _ in asides.found(9, collection="klanten", word=("functie", "inkoper"))] == ["a", "b"]
    assert [it for it, _ in asides.found(9, collection="klanten", records=["b", "z"])] == ["b"]
    assert [it for it, _ in asides.found(9, owner="y")] == ["a"]
    assert len(asides.found(2)) == 2
    assert asides.add(entry("d", content={"waarden": {"x": "Een%_Adres"}}))
    assert [[it for it, _ in asides.found(9, part=each)] for each in ("N%_a", "n_%a", "\\")] == [
        ["d"],
        [],
        [],
    ]
    assert asides.remove("d")
    assert asides.replace(entry("a", content={"een": 1}, words={"functie": "chef"}))
    assert not asides.replace(entry("z"))
    assert asides.get("a") == {"een": 1}
    assert [it for it, _ in asides.found(9, word=("functie", "chef"))] == ["a"]
    assert asides.found(9, owner="y") == []
    assert (asides.remove("a"), asides.remove("a"), asides.get("a"), asides.count()) == (True, False, None, 2)


def test_a_table_finds_what_it_was_given() -> None:
    state = open_state()
    stored(state.asides)
    state.close()


def test_an_item_of_a_list_is_found_in_a_table_by_a_part() -> None:
    """Whatever its capitals and letters, at its own member alone."""
    state = open_state()
    content = {
        "record": "a",
        "verzameling": "klanten",
        "grondslag": {"emails.1.email": "", "emails.1.naam": ""},
    }
    values = {"emails.1.email": "Straße@example.nl", "emails.1.naam": "Thuis"}
    content = {"waarden": values, "grondslag": dict.fromkeys(values, "")}
    assert state.asides.add(entry("a", content={"record": "a", "verzameling": "klanten", **content}))
    shelf = TableShelf(AsideTable(state.asides), None, bound=9)
    for part, there in {"ASSE@": False, "STRAßE@": True, "Example": True, "thuis": False, '"': False}.items():
        asked = ItemAsked(("emails",), ("email",), part)
        assert bool(shelf.with_item("klanten", asked)) is there, part
    state.close()


@pytest.mark.contract
def test_so_does_one_in_postgresql(postgres) -> None:
    address = database(postgres, "asides")
    state = open_state(address)
    stored(state.asides)
    state.close()


def test_old_clients_find_what_stands_in_the_table(tabled: Chain) -> None:
    """By text, by record, after a change and a delete; what hung on a record goes with it."""
    old, asides = tabled.old, tabled.reverse.deployment.serving.state.asides
    made = old.post(KLANTEN, klant(functie="inkoper", telefoonnummer="030 2861000"))
    other = old.post(KLANTEN, klant(klantnummer="2", functie="chef"))
    assert [each["url"] for each in old.get(f"{KLANTEN}?functie=inkoper")["results"]] == [made["url"]]
    assert [each["url"] for each in old.get(f"{KLANTEN}?telefoonnummer=030 2861000")["results"]] == [
        made["url"]
    ]
    assert old.get(KLANTEN)["results"] == [other, made]
    contact = old.post(MOMENTEN, moment())
    old.post(LINKS, {"klant": made["url"], "contactmoment": contact["url"], "rol": "gesprekspartner"})
    changed = old.patch(made["url"], {"functie": "chef"})
    assert old.get(f"{KLANTEN}?functie=chef")["results"] == [other, changed]
    old.delete(made["url"])
    old.delete(other["url"])
    old.delete(contact["url"])
    assert asides.count() == 0


def test_a_write_that_stops_leaves_no_aside(tabled: Chain, monkeypatch: pytest.MonkeyPatch) -> None:
    """The journal takes back what stands in the table as it does objects."""
    person = tabled.old.post(KLANTEN, klant(functie="inkoper", emailadres="jan@example.nl"))
    broken, before = Broken(tabled, monkeypatch), everything(tabled)
    change = {"voornaam": "Piet", "functie": "chef", "telefoonnummer": "030 2861000"}
    for number in range(1, 9):
        broken.at(number, arrives=True, dies=True)
        status = perform(tabled, "PATCH", person["url"], change)
        broken.alive()
        if status < 400:
            break
        recover(tabled)
        assert everything(tabled) == before, number
    else:
        pytest.fail("it is never done")
    assert number > 1
    assert tabled.old.get(person["url"])["functie"] == "chef"
