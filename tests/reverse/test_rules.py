"""Each rule of the reverse direction is there for a law, which breaks without it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from adapter.mapping.paths import put
from adapter.reverse import bodies, writes
from adapter.reverse.shelf import ObjectShelf

from tests.reverse.chain import Chain

KLANTEN = "klanten/api/v1/klanten"
MOMENTEN = "contactmomenten/api/v1/contactmomenten"
LINKS = "contactmomenten/api/v1/klantcontactmomenten"

Laws = Callable[[Chain], bool]


def klant(**members: Any) -> dict[str, Any]:
    subject = {"subjectType": "natuurlijk_persoon", "subjectIdentificatie": {"voorletters": "J."}}
    return {
        "bronorganisatie": "002220647",
        "klantnummer": "12345678",
        "websiteUrl": "https://voorbeeld.example/",
        **subject,
        **members,
    }


def moment(**members: Any) -> dict[str, Any]:
    employee = {"medewerkerIdentificatie": {"identificatie": "mw-1"}}
    return {"bronorganisatie": "002220647", "kanaal": "balie", "tekst": "Hallo", **employee, **members}


def an_unchanged_put_changes_nothing_new(chain: Chain) -> bool:
    """R1: a verificatieDatum that a new client set stays."""
    old, new = chain.old, chain.running.served
    made = old.post(KLANTEN, klant(emailadres="jan@example.nl"))
    (address,) = new.get("digitaleadressen")["results"]
    new.patch(f"digitaleadressen/{address['uuid']}", {"verificatieDatum": "2024-03-01"})
    before = new.get(f"digitaleadressen/{address['uuid']}")
    old.put(made["url"], {**made, "functie": "inkoper"})
    return bool(new.get(f"digitaleadressen/{address['uuid']}") == before)


def what_is_written_is_read(chain: Chain) -> bool:
    """R2: also what the new API has no place for."""
    kept = {"functie": "inkoper", "telefoonnummer": "030 2861000", "websiteUrl": "https://voorbeeld.example/"}
    made = chain.old.post(KLANTEN, klant(**kept))
    return bool(chain.old.get(made["url"]) == made | kept)


def a_change_by_a_new_client_wins(chain: Chain) -> bool:
    """R3: over a number that the new API had refused."""
    made = chain.old.post(KLANTEN, klant(telefoonnummer="030 2861000"))
    partij = {"uuid": made["url"].rpartition("/")[2]}
    kind = {"adres": "0612345678", "soortDigitaalAdres": "telefoonnummer"}
    nobody = {"verstrektDoorBetrokkene": None, "omschrijving": ""}
    chain.running.served.post("digitaleadressen", {"verstrektDoorPartij": partij, **kind, **nobody})
    return bool(chain.old.get(made["url"])["telefoonnummer"] == "0612345678")


def another_record_stays_as_it_read(chain: Chain) -> bool:
    """R4: a contactmoment, when a link to it is made, changed and deleted."""
    old = chain.old
    person, contact = old.post(KLANTEN, klant()), old.post(MOMENTEN, moment(initiatiefnemer="gemeente"))
    silent = old.post(MOMENTEN, moment())
    ends = [{"contactmoment": each["url"], "klant": person["url"]} for each in (contact, silent)]
    links = [old.post(LINKS, {**each, "rol": "belanghebbende"}) for each in ends]
    said = [[old.get(each["url"])["initiatiefnemer"] for each in (contact, silent)]]
    for link in links:
        old.delete(link["url"])
    said.append([old.get(each["url"])["initiatiefnemer"] for each in (contact, silent)])
    return said == [["gemeente", ""], ["gemeente", ""]]


def a_group_stays_whole(chain: Chain) -> bool:
    """R5: what an old client does not know of a group stays when it changes a member."""
    new = chain.running.served
    address = {"straatnaam": "Kerkstraat", "huisnummer": 1, "woonplaatsnaam": "Utrecht"}
    made = chain.old.post(KLANTEN, klant(adres=address))
    partij = f"partijen/{made['url'].rpartition('/')[2]}"
    whole = new.get(partij)["bezoekadres"] | {"adresregel3": "3511 LT Utrecht"}
    new.patch(partij, {"bezoekadres": whole})
    chain.old.patch(made["url"], {"adres": {"straatnaam": "Dam"}})
    return bool(new.get(partij)["bezoekadres"] == whole | {"straatnaam": "Dam"})


def without_r1(patch: pytest.MonkeyPatch) -> None:
    """Everything is written, whatever was read."""
    patch.setattr(bodies, "_same", lambda _one, _other: False)
    patch.setattr(writes, "unchanged", lambda *_args: False)
    patch.setattr("adapter.reverse.making._says", lambda _value, _wanted: False)
    patch.setattr("adapter.reverse.making._unchanged", lambda _pair, _was, _value: False)


def without_r2(patch: pytest.MonkeyPatch) -> None:
    """Nothing is kept aside."""
    patch.setattr(ObjectShelf, "put", lambda *_args, **_options: None)


def without_r3(patch: pytest.MonkeyPatch) -> None:
    """What stands aside counts for ever."""
    patch.setattr("adapter.reverse.asides.valid", lambda _said, aside: dict(aside))


def without_r4(patch: pytest.MonkeyPatch) -> None:
    """A write looks at its own record alone."""
    patch.setattr(writes, "held", lambda *_args, **_options: [])


def without_r5(patch: pytest.MonkeyPatch) -> None:
    """Only the member that changed is sent of a group."""

    def alone(body: dict[str, Any], _record: Any, pair: Any, value: Any) -> None:
        put(body, pair.left, value)

    patch.setattr(bodies, "_put_whole", alone)


RULES = [
    pytest.param(an_unchanged_put_changes_nothing_new, without_r1, id="R1"),
    pytest.param(what_is_written_is_read, without_r2, id="R2"),
    pytest.param(a_change_by_a_new_client_wins, without_r3, id="R3"),
    pytest.param(another_record_stays_as_it_read, without_r4, id="R4"),
    pytest.param(a_group_stays_whole, without_r5, id="R5"),
]


@pytest.mark.parametrize(("law", "without"), RULES)
def test_a_law_holds_with_its_rule_and_breaks_without(
    law: Laws, without: Callable[[pytest.MonkeyPatch], None], chain: Chain, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert law(chain)
    chain.reset()
    without(monkeypatch)
    assert not law(chain)


@pytest.mark.parametrize(
    ("law", "without"),
    [RULES[1], *(pytest.param(*each.values, id=each.id, marks=pytest.mark.contract) for each in RULES)],
)
def test_the_laws_hold_with_asides_in_a_table(
    law: Laws, without: Callable[[pytest.MonkeyPatch], None], tabled: Chain, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No call of the Objects API is made for them."""
    assert law(tabled)
    assert not [each for each in tabled.calls if each[0] == "objects"]
    tabled.reset()
    without(monkeypatch)
    assert not law(tabled)


def test_who_is_found_by_an_address_is_in_the_order_of_the_list(chain: Chain) -> None:
    """Also a klant whose address is newer than one who is newer herself."""
    older, newer = (chain.old.post(KLANTEN, klant(klantnummer=each)) for each in ("1", "2"))
    for each in (newer, older):
        chain.old.patch(each["url"], {"emailadres": "jan@example.nl"})
    found = chain.old.get(KLANTEN, emailadres="jan@example.nl")["results"]
    assert [each["url"] for each in found] == [newer["url"], older["url"]]


@pytest.mark.parametrize("subject", ["1.5", "2024-02-30T00:00:00Z", "ftp:/nergens"])
def test_a_subject_that_could_never_be_fetched_is_told_so_too(subject: str, chain: Chain) -> None:
    """As Open Klant 1.0 does, beside that it is no URL; nothing is fetched to say that."""
    made = chain.old.post(KLANTEN, klant())
    answer = chain.old.call("PATCH", made["url"], json={"subject": subject})
    said = [(each["name"], each["code"]) for each in answer.json()["invalidParams"]]
    assert said == [("subject", "bad-url"), ("subject", "invalid")]
