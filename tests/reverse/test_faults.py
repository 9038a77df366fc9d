"""Whatever goes wrong at whichever register call of an old client's write, all of it is done, or nothing."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.reverse.chain import Chain
from tests.reverse.faulty import Spoiler, Table, every, in_turn
from tests.reverse.test_rules import KLANTEN, LINKS, MOMENTEN, klant, moment
from tests.reverse.test_taken import ADRESSEN, OBJECTS, kiss, running_kiss, verzoek
from tests.reverse.test_undoing import perform, writes

__all__ = ["kiss", "running_kiss"]


def of_kiss(chain: Chain) -> Iterator[tuple[str, str, Any]]:
    """The writes of a contactverzoek: made, linked, changed, replaced, deleted."""
    old = chain.old
    person, contact = old.post(KLANTEN, klant()), old.post(MOMENTEN, moment(initiatiefnemer="klant"))
    body = verzoek(contact["url"])
    body["record"]["data"]["betrokkene"]["klant"] = person["url"]
    yield "POST", OBJECTS, body
    yield "POST", LINKS, {"klant": person["url"], "contactmoment": contact["url"], "rol": "gesprekspartner"}
    (taak,) = old.get(OBJECTS, type=body["type"])["results"]
    yield "PATCH", taak["url"], {"record": {"data": {"status": "verwerkt", "toelichting": "Gebeld"}}}
    other = verzoek(
        contact["url"], actor={"naam": "Els Bos", "soortActor": "medewerker", "identificatie": "ebos"}
    )
    other["record"]["data"]["betrokkene"] |= {"klant": person["url"], "digitaleAdressen": ADRESSEN[1:2]}
    yield "PUT", taak["url"], other
    yield "DELETE", taak["url"], None


def tried(table: Table, cases: Any, writes: Iterator[tuple[str, str, Any]]) -> Table:
    """What came of the cases of these writes, each of which is done afterwards."""
    for write in writes:
        table.try_all(write, cases)
    return table


def assert_all_or_nothing(table: Table, record_property: Any) -> None:
    record_property("tried", str(table))
    assert table.wrong == [], f"{table}\n" + "\n".join(table.wrong)
    assert table.cases


@pytest.mark.faults
@pytest.mark.parametrize("number", range(13))
def test_everything(chain: Chain, monkeypatch: pytest.MonkeyPatch, record_property: Any, number: int) -> None:
    """The write with this number; those before it are done without a fault."""
    table = Table(chain, Spoiler(chain, monkeypatch))
    for at, write in enumerate(writes(chain)):
        if at == number:
            table.try_all(write, every)
            break
        assert perform(chain, *write) < 300
    assert_all_or_nothing(table, record_property)


@pytest.mark.faults
def test_everything_of_kiss(kiss: Chain, monkeypatch: pytest.MonkeyPatch, record_property: Any) -> None:
    assert_all_or_nothing(
        tried(Table(kiss, Spoiler(kiss, monkeypatch)), every, of_kiss(kiss)), record_property
    )


def test_faults_at_every_write_of_a_contactverzoek(
    kiss: Chain, monkeypatch: pytest.MonkeyPatch, record_property: Any
) -> None:
    """The longest write of an old client, some of the faults."""
    table = Table(kiss, Spoiler(kiss, monkeypatch))
    table.try_all(next(of_kiss(kiss)), in_turn)
    assert_all_or_nothing(table, record_property)
