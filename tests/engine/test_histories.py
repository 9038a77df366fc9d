"""After any history of old and new clients all lists, filters, references and registers agree."""

import pytest

from tests.engine.histories import MAILS, STEPS, WORDS, ZAKEN, History, seeds

pytestmark = pytest.mark.alternating

COLLECTIONS = (
    "actoren",
    "actorklantcontacten",
    "betrokkenen",
    "digitaleadressen",
    "internetaken",
    "klantcontacten",
    "onderwerpobjecten",
    "partij-identificatoren",
    "partijen",
)
# A list of references, and the resources whose own reference makes them part of it.
BOTH_SIDES = (
    ("klantcontacten", "hadBetrokkenen", "betrokkenen", "hadKlantcontact"),
    ("klantcontacten", "leiddeTotInterneTaken", "internetaken", "aanleidinggevendKlantcontact"),
    ("klantcontacten", "gingOverOnderwerpobjecten", "onderwerpobjecten", "klantcontact"),
    ("partijen", "betrokkenen", "betrokkenen", "wasPartij"),
    ("partijen", "digitaleAdressen", "digitaleadressen", "verstrektDoorPartij"),
    ("partijen", "partijIdentificatoren", "partij-identificatoren", "identificeerdePartij"),
    ("betrokkenen", "digitaleAdressen", "digitaleadressen", "verstrektDoorBetrokkene"),
)


def uuids(resources):
    return sorted(each["uuid"] for each in resources)


def listed(served, collections=COLLECTIONS, **parameters):
    """These collections, each resource once."""
    found = {name: served.all(name, **parameters) for name in collections}
    for name, resources in found.items():
        assert uuids(resources) == sorted({each["uuid"] for each in resources}), name
    return found


def read(served, collections=COLLECTIONS):
    """These collections in pages, each resource read one by one as it is listed."""
    found = listed(served, collections, pageSize=7)
    for name, resources in found.items():
        for each in resources:
            each.pop("_expand", None)
            assert served.get(f"{name}/{each['uuid']}") == each
    return found


def both_sides_agree(found):
    """What a resource lists is what refers to it, where both were read."""
    for owner, listed, name, member in BOTH_SIDES:
        for each in found[owner] if {owner, name} <= found.keys() else ():
            mine = [other for other in found[name] if (other[member] or {}).get("uuid") == each["uuid"]]
            assert uuids(each[listed]) == uuids(mine), (owner, listed, each["uuid"])


def expands_agree(served, found):
    """What is expanded is what is read by itself."""
    paths = {
        "partijen": ("digitaleAdressen", "betrokkenen", "betrokkenen.hadKlantcontact"),
        "klantcontacten": ("hadBetrokkenen", "hadBetrokkenen.wasPartij", "leiddeTotInterneTaken"),
        "digitaleadressen": ("verstrektDoorBetrokkene", "verstrektDoorBetrokkene.hadKlantcontact"),
    }
    alone = {each["uuid"]: each for resources in found.values() for each in resources}

    def same(shown):
        below = shown.pop("_expand", {})
        assert alone[shown["uuid"]] == shown
        for each in below.values():
            for one in each if isinstance(each, list) else filter(None, [each]):
                same(one)

    for name, expand in paths.items():
        for each in served.all(name, expand=",".join(expand)):
            same(each)


def filters_agree(served, found):
    """Each filter finds what reading everything finds."""

    def agree(name, test, **filters):
        expected = uuids(each for each in found[name] if test(each))
        assert uuids(served.all(name, **filters)) == expected, (name, filters)

    for mail in MAILS:
        agree("digitaleadressen", lambda it, mail=mail: it["adres"] == mail, adres=mail)
    for status in ("te_verwerken", "verwerkt"):
        agree("internetaken", lambda it, status=status: it["status"] == status, status=status)
    for word in WORDS:
        agree("klantcontacten", lambda it, word=word: word in it["inhoud"], inhoud=word)
        agree("betrokkenen", lambda it, word=word: it["organisatienaam"] == word, organisatienaam=word)
    agree("klantcontacten", lambda it: it["kanaal"] == "balie", kanaal="balie")
    for partij in found["partijen"][:4]:
        uuid = partij["uuid"]

        def took_part(it, uuid=uuid):
            return (it["wasPartij"] or {}).get("uuid") == uuid

        contacts = {each["hadKlantcontact"]["uuid"] for each in found["betrokkenen"] if took_part(each)}
        agree("betrokkenen", took_part, wasPartij__url=partij["url"])
        agree("klantcontacten", lambda it, c=contacts: it["uuid"] in c, hadBetrokkene__wasPartij__uuid=uuid)
    for zaak in ZAKEN:
        links = [
            each
            for each in found["onderwerpobjecten"]
            if each["onderwerpobjectidentificator"]["objectId"] == zaak
        ]
        contacts = {each["klantcontact"]["uuid"] for each in links if each["klantcontact"]}
        name = "onderwerpobject__onderwerpobjectidentificatorObjectId"
        agree("klantcontacten", lambda it, c=contacts: it["uuid"] in c, **{name: zaak})


def registers_agree(old, found):
    """Old clients see the texts, addresses and states that new ones see."""
    for contact in found["klantcontacten"]:
        assert old.moment_of(contact)["tekst"] == contact["inhoud"]
    for partij in found["partijen"]:
        mail = old.klant_of(partij).get("emailadres", "")
        owned = {each["uuid"] for each in partij["digitaleAdressen"]}
        mails = [
            each
            for each in found["digitaleadressen"]
            if each["uuid"] in owned and each["soortDigitaalAdres"] == "email"
        ]
        assert not mails or mail in {each["adres"] for each in mails}, partij["uuid"]
        standard = [each["adres"] for each in mails if each["isStandaardAdres"]]
        assert not standard or mail in standard, partij["uuid"]
    for task in found["internetaken"]:
        data = old.data(task)
        assert data.get("status", "").replace(" ", "_") == task["status"]
        assert data["toelichting"] == task["toelichting"]


# What is deleted with the contacts, and with the partijen.
TAKEN = ("klantcontacten", "partijen", "betrokkenen", "internetaken", "actorklantcontacten")
# What may stay, and what it must not refer to then.
FREED = {
    "digitaleadressen": ("verstrektDoorBetrokkene", "verstrektDoorPartij"),
    "onderwerpobjecten": ("klantcontact", "wasKlantcontact"),
    "partij-identificatoren": ("identificeerdePartij",),
}


def deleting_takes_along(deployment, found):
    """When contacts and partijen are deleted, so is what belongs to them; nothing refers to any of it."""
    served = deployment.served
    for name in ("klantcontacten", "partijen"):
        for each in found[name]:
            served.delete(f"{name}/{each['uuid']}")
    assert {name: served.all(name) for name in TAKEN} == {name: [] for name in TAKEN}
    # what an old client took away before is referred to still
    gone = {each["uuid"] for name in TAKEN for each in found[name]}
    for name, members in FREED.items():
        for each in served.all(name):
            said = {each[member]["uuid"] for member in members if each[member]}
            assert not gone & said, (name, each["uuid"])


@pytest.mark.parametrize("seed", seeds(by_default=2))
def test_any_history_leaves_everything_in_agreement(deployment, seed):
    """Lists, details, both sides of relations, filters and registers agree after random work."""
    history = History(deployment, seed)
    with history.told():
        history.run(STEPS)
        found = read(history.served)
        both_sides_agree(found)
        expands_agree(history.served, found)
        filters_agree(history.served, found)
        registers_agree(history.old, found)
        deleting_takes_along(deployment, found)
