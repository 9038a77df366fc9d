"""Klanten that are one by a number that both have: the younger is merged into the oldest."""

import pytest
from adapter.move.numbered import Numbered
from adapter.move.posted import Uuids

from tests.move.hand import BSN, World, ref
from tests.move.test_posting import Api, send

MERGE = {"identificator": "merge", "identificator_of_kvk": "merge"}
KVK = {"codeObjecttype": "niet_natuurlijk_persoon", "codeRegister": "hr", "codeSoortObjectId": "kvk_nummer"}
BRANCH = {"codeObjecttype": "vestiging", "codeRegister": "hr", "codeSoortObjectId": "vestigingsnummer"}


class Klanten(World):
    """A book of partijen with numbers."""

    def klant(self, number="999990019", **values):
        """A persoon with a BSN; the uuids of both."""
        partij = self.add("partijen", **{"soortPartij": "persoon", **values})
        return partij, self.number(partij, BSN, number)

    def number(self, partij, kind, value, below=None):
        said = {"partijIdentificator": {**kind, "objectId": value}, "identificeerdePartij": ref(partij)}
        return self.add("partij-identificatoren", **said, subIdentificatorVan=below and ref(below))

    def merged(self, **rules):
        return self.planned(rules={**MERGE, **rules})

    def pairs(self, kind):
        return {uuid: into for page in Numbered(self.book).merged.each(kind) for uuid, into in page}


@pytest.fixture
def world():
    found = Klanten()
    yield found
    found.book.close()


def uuids(rows):
    return [row.uuid for row in rows]


def leads(rows, column):
    """uuid → primary key of what a column of these rows leads to."""
    return {row.uuid: row.values[column] for row in rows}


def test_what_names_the_younger_names_the_oldest(world):
    """Numbers, addresses, betrokkenen, accounts, categories and who stands for whom."""
    (first, number), (second, same) = world.klant(), world.klant()
    other = world.add("partijen", soortPartij="organisatie")
    kind, contact = world.add("categorieen", naam="x"), world.contact()
    own = world.number(second, KVK, "12345678")
    caller = world.add("betrokkenen", hadKlantcontact=ref(contact), wasPartij=ref(second))
    mail = world.add(
        "digitaleadressen", verstrektDoorPartij=ref(second), adres="b@b.nl", soortDigitaalAdres="email"
    )
    account = world.add("rekeningnummers", partij=ref(second), iban="NL91ABNA0417164300")
    relation = world.add("categorie-relaties", partij=ref(second), categorie=ref(kind))
    stands = world.add(
        "vertegenwoordigingen", vertegenwoordigendePartij=ref(second), vertegenwoordigdePartij=ref(other)
    )
    findings, rows = world.merged()
    assert uuids(rows["partij"]) == [first, other]
    assert leads(rows["partijidentificator"], "partij_id") == {number: 1, own: 1}
    for model, uuid in (
        ("betrokkene", caller),
        ("digitaaladres", mail),
        ("rekeningnummer", account),
        ("categorierelatie", relation),
    ):
        assert leads(rows[model], "partij_id") == {uuid: 1}
    assert leads(rows["vertegenwoordigden"], "vertegenwoordigende_partij_id") == {stands: 1}
    assert world.pairs("partijen") == {second: first}
    assert world.pairs("partij-identificatoren") == {same: number}
    found = findings["identificator"]
    assert (found.uuids, found.becomes, found.stops) == ([second], "merged into the oldest", False)


def test_what_both_have_is_there_once(world):
    """And an address that was preferred is still so, by the one that is left."""
    first, _ = world.klant()
    mail = {"soortDigitaalAdres": "email", "adres": "a@a.nl"}
    ours = world.add("digitaleadressen", **mail, verstrektDoorPartij=ref(first))
    second, _ = world.klant()
    theirs = world.add("digitaleadressen", **mail, verstrektDoorPartij=ref(second), omschrijving="werk")
    third, _ = world.klant("999990020")
    apart = world.add("digitaleadressen", **mail, verstrektDoorPartij=ref(third))
    world.add(
        "vertegenwoordigingen", vertegenwoordigendePartij=ref(first), vertegenwoordigdePartij=ref(second)
    )
    blank = {**world._blank["partijen"], "soortPartij": "persoon", "voorkeursDigitaalAdres": ref(theirs)}
    world.put("partijen", second, blank)
    _, rows = world.merged()
    assert uuids(rows["digitaaladres"]) == [ours, apart]
    assert rows["digitaaladres"][0].values["omschrijving"] == "werk"
    assert rows["partij"][0].values["voorkeurs_digitaal_adres_id"] == rows["digitaaladres"][0].pk
    assert rows["vertegenwoordigden"] == []
    assert world.pairs("digitaleadressen") == {theirs: ours}


def test_what_only_the_younger_says_is_kept_and_what_both_say_otherwise_is_told(world):
    name = {"voorletters": "", "voornaam": "Eva", "voorvoegselAchternaam": "", "achternaam": "Groot"}
    world.klant(partijIdentificatie={"contactnaam": name}, voorkeurstaal="nld")
    theirs = {"partijIdentificatie": {"contactnaam": {**name, "achternaam": "Klein"}}, "voorkeurstaal": "nld"}
    second, _ = world.klant(**theirs, interneNotitie="Belt graag terug")
    world.merged()
    numbered = Numbered(world.book)
    (oldest,) = next(numbered.each("partijen"))
    assert oldest.values["interneNotitie"] == "Belt graag terug"
    assert oldest.values["partijIdentificatie"]["contactnaam"]["achternaam"] == "Groot"
    findings, _ = world.merged()
    told = findings["merged_otherwise"]
    assert (told.column, told.uuids) == ("partijIdentificatie.contactnaam.achternaam", [second])


def test_several_are_one_by_different_numbers_and_numbers_below_numbers(world):
    """The second and third share another number than the first and second; branches follow their owners."""
    first, second, third = (world.add("partijen", soortPartij="organisatie") for _ in range(3))
    one, two = world.number(first, KVK, "1"), world.number(second, KVK, "1")
    world.number(second, BSN, "2")
    world.number(third, BSN, "2")
    branches = [world.add("partijen", soortPartij="organisatie") for _ in range(2)]
    for branch, above in zip(branches, (one, two), strict=True):
        world.number(branch, BRANCH, "000012345678", above)
    _, rows = world.merged()
    assert uuids(rows["partij"]) == [first, branches[0]]
    assert world.pairs("partijen") == {second: first, third: first, branches[1]: branches[0]}
    assert len(rows["partijidentificator"]) == 3


def test_what_cannot_be_one_is_still_to_be_decided(world):
    """A persoon and an organisatie are not, nor are numbers of which nothing is said."""
    world.klant()
    _, number = world.klant(soortPartij="organisatie")
    empty = [world.klant("")[1] for _ in range(2)]
    findings, rows = world.merged()
    assert len(rows["partij"]) == 4
    assert findings["identificator"].stops
    assert findings["identificator"].uuids == [number, empty[1]]


def test_a_later_pass_finds_what_is_one_by_then(world):
    first, _ = world.klant()
    second, same = world.klant()
    world.merged()
    again = {"identificeerdePartij": ref(second), "partijIdentificator": {**BSN, "objectId": "999990020"}}
    world.book.begin()
    for kind in ("partijen", "partij-identificatoren"):
        with world.book.database.transaction() as transaction:
            transaction.run("UPDATE move_resource SET seen = 2 WHERE kind = ?", (kind,))
    world.put("partij-identificatoren", same, {**world._blank["partij-identificatoren"], **again})
    _, rows = world.merged()
    assert uuids(rows["partij"]) == [first, second]
    assert world.pairs("partijen") == {}


@pytest.mark.parametrize("at_once", [True, False], ids=["at once", "decided later"])
def test_what_was_merged_is_sent_once_and_known_by_all_its_uuids(at_once):
    """Decided later, the younger is deleted, and what named it is changed."""
    api, world = Api(), World()
    people = [world.add("partijen", soortPartij="persoon") for _ in range(2)]
    for each in people:
        number = {**BSN, "objectId": "999990019"}
        world.add("partij-identificatoren", identificeerdePartij=ref(each), partijIdentificator=number)
    contact = world.contact(kanaal="telefoon", onderwerp="D", taal="nld")
    world.add("betrokkenen", hadKlantcontact=ref(contact), wasPartij=ref(people[1]), rol="klant")
    world.book.finish()
    if not at_once:
        send(world, api, identificator="stop")
        assert len(api.kept["partijen"]) == 2
    send(world, api, identificator="merge")
    ((made, _),) = api.kept["partijen"].items()
    (caller,) = api.kept["betrokkenen"].values()
    assert caller["wasPartij"]["uuid"] == made
    uuids, merged = Uuids(world.book), Numbered(world.book).merged.each("partijen")
    assert list(uuids.merged_lines("partijen", merged)) == [f"partijen\t{people[1]}\t{made}\n"]
