"""What the target would refuse is found before anything is written, and becomes what was decided."""

import pytest
from adapter.move.decisions import Decisions, DecisionsInvalid, read_decisions, rules_of
from adapter.move.numbered import Numbered
from adapter.move.planning import Planning
from adapter.move.rows import Rows
from adapter.move.target import target

from tests.move.hand import BSN, World, ref


@pytest.fixture
def world():
    found = World()
    yield found
    found.book.close()


def uuids(rows):
    return [row.uuid for row in rows]


def test_two_klanten_of_one_bsn_are_to_be_decided(world):
    """They are normal in an old register; the target takes the number once."""
    people = [world.add("partijen") for _ in range(2)]
    numbers = [
        world.add(
            "partij-identificatoren",
            identificeerdePartij=ref(each),
            partijIdentificator={**BSN, "objectId": "999990019"},
        )
        for each in people
    ]
    findings, rows = world.planned()
    assert findings["identificator"].stops
    assert findings["identificator"].uuids == numbers[1:]
    findings, rows = world.planned(rules={"identificator": "remedy"})
    assert not findings["identificator"].stops
    assert uuids(rows["partijidentificator"]) == numbers[:1]
    assert uuids(rows["partij"]) == people


def test_of_two_standard_addresses_the_newest_stays_so(world):
    partij = world.add("partijen")
    mail = {"verstrektDoorPartij": ref(partij), "soortDigitaalAdres": "email", "isStandaardAdres": True}
    made = [world.add("digitaleadressen", adres=f"{each}@a.nl", **mail) for each in "ab"]
    findings, rows = world.planned()
    standard = {row.uuid: row.values["is_standaard_adres"] for row in rows["digitaaladres"]}
    assert standard == dict(zip(made, (False, True), strict=True))
    assert (findings["standaard_adres"].count, findings["standaard_adres"].stops) == (1, False)


def test_a_number_that_two_have_stays_with_the_oldest(world):
    first, second = world.contact(nummer="0000000003"), world.contact(nummer="0000000003")
    third = world.contact(nummer="")
    _, rows = world.planned()
    numbers = {row.uuid: row.values["nummer"] for row in rows["klantcontact"]}
    assert numbers == {first: "0000000003", second: None, third: None}
    for version, decided in (("2.15", "keep"), ("2.18", "generate")):
        _, rows = world.planned(version, numbers=decided)
        numbers = {row.uuid: row.values["nummer"] for row in rows["klantcontact"]}
        assert numbers == {first: "0000000003", second: "0000000004", third: "0000000005"}


def test_what_refers_to_nothing_is_cleared_or_left_out_with_what_hangs_on_it(world):
    """A betrokkene needs its contact; an address does not need its betrokkene."""
    gone = "00000000-0000-4000-8000-999999999999"
    contact = world.contact()
    caller = world.add("betrokkenen", hadKlantcontact=ref(gone))
    other = world.add("betrokkenen", hadKlantcontact=ref(contact), wasPartij=ref(gone))
    world.add("digitaleadressen", adres="a@a.nl", verstrektDoorBetrokkene=ref(caller))
    world.add(
        "internetaken",
        aanleidinggevendKlantcontact=ref(contact),
        toegewezenAanActoren=[ref(gone)],
        toegewezenOp="2024-03-01T10:15:00Z",
    )
    findings, rows = world.planned()
    assert uuids(rows["betrokkene"]) == [other]
    assert [row.values["partij_id"] for row in rows["betrokkene"]] == [None]
    assert [row.values["betrokkene_id"] for row in rows["digitaaladres"]] == [None]
    assert rows["internetakenactorenthoughmodel"] == []
    assert findings["dangling"].count > 0


def test_texts_that_do_not_fit_are_to_be_decided(world):
    world.contact(onderwerp="x" * 201)
    findings, _ = world.planned()
    assert findings["too_long"].stops
    _, rows = world.planned(rules={"too_long": "remedy"})
    (row,) = rows["klantcontact"]
    assert row.values["onderwerp"] == "x" * 199 + "…"


def test_what_loads_but_breaks_later_is_said(world):
    partij, contact = world.add("partijen"), world.contact()
    branch = {"codeObjecttype": "vestiging", "codeRegister": "hr", "codeSoortObjectId": "vestigingsnummer"}
    world.add(
        "partij-identificatoren",
        identificeerdePartij=ref(partij),
        partijIdentificator={**branch, "objectId": "000012345678"},
    )
    done = {"status": "verwerkt", "toegewezenOp": "2024-03-01T10:15:00Z"}
    world.add("internetaken", aanleidinggevendKlantcontact=ref(contact), **done)
    phone = {"verstrektDoorPartij": ref(partij), "soortDigitaalAdres": "telefoonnummer"}
    for number in ("14020", "0612345678", "0900123456"):
        world.add("digitaleadressen", adres=number, **phone)
    findings, rows = world.planned()
    counts = {rule: each.count for rule, each in findings.items()}
    assert counts == {"vestiging_without_kvk": 1, "done_without_date": 1, "telephone": 2}
    assert len(rows["digitaaladres"]) == 3


def test_a_contact_that_succeeded_needs_no_further_action(world):
    world.contact(indicatieContactGelukt=True, verdereActieOndernomen=True)
    findings, rows = world.planned()
    assert findings["no_further_action"].count == 1
    assert rows["klantcontact"][0].values["verdere_actie_ondernomen"] is False
    assert "no_further_action" not in world.planned("2.17")[0]


def test_members_without_a_place_can_be_kept_in_metadata(world):
    world.contact(metadata={"a": "b"}, resultaat="Teruggebeld")
    world.book.finish()
    there = target("openklant")
    numbered = Numbered(world.book)
    decided = Decisions(keep_in_metadata=("resultaat",))
    Planning(there, numbered, decided).look()
    (row,) = Rows(there, numbered, decided).of(there.by_name["klantcontact"])
    assert row.values["metadata"] == {"a": "b", "resultaat": "Teruggebeld"}


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("rules: {identificatie: stop}", "rules: identificatie is none of"),
        ("rules: {identificator: join}", "rules: identificator: join is none of stop, remedy, merge"),
        ("rules: {vertegenwoordiging: merge}", "rules: vertegenwoordiging: merge is none of stop, remedy"),
        ("numbers: all", "numbers: all is none of keep, generate"),
        ("keep_in_metadata: [kanaal]", "keep_in_metadata: kanaal is none of"),
        ("other: 1", "other is none of rules, numbers, keep_in_metadata"),
        ("[1]", "is not a list of names with values"),
        ("{", "is no YAML file"),
    ],
)
def test_a_mistake_in_the_decisions_is_named(tmp_path, text, says):
    file = tmp_path / "decisions.yaml"
    file.write_text(text)
    with pytest.raises(DecisionsInvalid, match=says):
        read_decisions(file, target("openklant"))


def test_every_rule_can_be_decided(tmp_path):
    there = target("openklant")
    file = tmp_path / "decisions.yaml"
    file.write_text(f"rules: {{{', '.join(f'{rule}: stop' for rule in rules_of(there))}}}")
    assert set(read_decisions(file, there).rules.values()) == {"stop"}
