"""What comes nested in the body of a partij keeps its own rules, and is refused before anything changes."""

import pytest

from tests import bodies

KVK, OTHER_KVK = "12345678", "87654321"
RESTS = (
    "Cannot delete some instances of model 'PartijIdentificator' because they are referenced through"
    " protected foreign keys: 'PartijIdentificator.sub_identificator_van'."
)
REQUIRED = (
    "Voor een PartijIdentificator met codeSoortObjectId = `vestigingsnummer` is het verplicht om een"
    " `sub_identifier_van` met codeSoortObjectId = `kvk_nummer` te kiezen."
)
NOT_THERE = "PartijIdentificator object bestaat niet."
TAKEN = "`PartijIdentificator` moet uniek zijn, er bestaat er al een met deze gegevenscombinatie."
SECOND = "`CodeSoortObjectId` moet uniek zijn voor de Partij."
NOWHERE = {"uuid": "5f0c3b1e-7a64-4a0e-9d53-2f1f3a7c9e11"}


def nested(soort, number, **members):
    """An identificator as it comes nested: without the partij."""
    body = bodies.identificator(soort, number)
    del body["identificeerdePartij"]
    return {**body, **members}


@pytest.fixture
def firm(served):
    """An organisatie."""
    return served.post("partijen", bodies.organisatie())


@pytest.fixture
def kvk(served, firm):
    """The KVK number of the organisatie."""
    return served.post("partij-identificatoren", bodies.identificator("kvk_nummer", KVK, firm))


@pytest.fixture
def branch(served, kvk):
    """A partij whose vestigingsnummer rests on the KVK number of the organisatie."""
    partij = served.post("partijen", bodies.organisatie())
    served.post(
        "partij-identificatoren", bodies.identificator("vestigingsnummer", bodies.VESTIGING, partij, kvk)
    )
    return partij


@pytest.fixture
def refused(served, deployment):
    """Does a call that is refused without a register write, and gives what is said of it."""

    def call(method, path, body):
        with deployment.writes() as writes:
            answer = served.call(method, path, json=body)
        assert answer.status_code == 400, answer.text
        assert writes == []
        return [(each["name"], each["code"], each["reason"]) for each in answer.json()["invalidParams"]]

    return call


def numbers(served):
    """The identificatoren that are there."""
    found = served.get("partij-identificatoren")["results"]
    return sorted(each["partijIdentificator"]["objectId"] for each in found)


@pytest.mark.parametrize("method", ["PUT", "PATCH"])
@pytest.mark.parametrize("left", [[], [nested("kvk_nummer", OTHER_KVK)], [nested("kvk_nummer", KVK)]])
@pytest.mark.usefixtures("branch")
def test_a_number_that_another_rests_on_is_not_left_out(served, firm, refused, method, left):
    """Not for nothing, not for another number, and not for one that reads the same."""
    body = bodies.organisatie(partijIdentificatoren=left)
    assert refused(method, f"partijen/{firm['uuid']}", body) == [("nonFieldErrors", "invalid", RESTS)]
    assert numbers(served) == [bodies.VESTIGING, KVK]


def test_a_number_does_not_go_together_with_what_rests_on_it(served, firm, kvk, refused):
    """Both belong to one partij, and are left out at once: the order in which they go is for the client."""
    own = bodies.identificator("vestigingsnummer", bodies.VESTIGING, firm, kvk)
    served.post("partij-identificatoren", own)
    problems = refused("PATCH", f"partijen/{firm['uuid']}", {"partijIdentificatoren": []})
    assert problems == [("nonFieldErrors", "invalid", RESTS)]
    served.patch(f"partijen/{firm['uuid']}", {"partijIdentificatoren": [{**kvk}]})
    served.patch(f"partijen/{firm['uuid']}", {"partijIdentificatoren": []})
    assert numbers(served) == []


@pytest.mark.parametrize("method", ["PUT", "PATCH"])
def test_nothing_comes_to_rest_on_a_number_that_goes(served, firm, kvk, refused, method):
    """What the same body leaves out is not there any more when its turn comes."""
    own = nested("vestigingsnummer", bodies.VESTIGING, subIdentificatorVan=bodies.ref(kvk))
    body = bodies.organisatie(partijIdentificatoren=[own])
    problems = refused(method, f"partijen/{firm['uuid']}", body)
    assert problems == [("subIdentificatorVan.uuid", "invalid", NOT_THERE)]
    served.patch(f"partijen/{firm['uuid']}", {"partijIdentificatoren": [kvk, own]})
    assert numbers(served) == [bodies.VESTIGING, KVK]


def test_nothing_rests_on_a_number_that_becomes_another_kind(firm, kvk, refused):
    """Each is looked at as if those before it were stored."""
    body = [
        {**nested("rsin", bodies.RSIN), "uuid": kvk["uuid"]},
        nested("vestigingsnummer", bodies.VESTIGING, subIdentificatorVan=bodies.ref(kvk)),
    ]
    ((name, code, _),) = refused("PATCH", f"partijen/{firm['uuid']}", {"partijIdentificatoren": body})
    assert (name, code) == ("subIdentificatorVan", "invalid")


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH"])
def test_a_partij_that_is_not_there(served, refused, method):
    """Named in an identificator that comes nested, it is not passed over."""
    path = "partijen"
    if method != "POST":
        path += f"/{served.post('partijen', bodies.persoon())['uuid']}"
    own = nested("bsn", bodies.BSN, identificeerdePartij=NOWHERE)
    problems = refused(method, path, bodies.persoon(partijIdentificatoren=[own]))
    name = "partijIdentificatoren.0.identificeerdePartij.uuid"
    assert problems == [(name, "invalid", "Partij object bestaat niet.")]


def test_another_partij_is_passed_over(served):
    """Outside a POST an identificator belongs to what it comes nested in, whatever it names."""
    other, partij = served.post("partijen", bodies.persoon()), served.post("partijen", bodies.persoon())
    own = bodies.identificator("bsn", bodies.BSN, other)
    changed = served.patch(f"partijen/{partij['uuid']}", {"partijIdentificatoren": [own]})
    (found,) = changed["partijIdentificatoren"]
    assert found["identificeerdePartij"]["uuid"] == partij["uuid"]


@pytest.mark.parametrize("method", ["PUT", "PATCH"])
def test_a_reference_that_is_left_out_is_none(served, firm, kvk, refused, method):
    """Also of an identificator that is there: it rests on what the body names, or on nothing."""
    rsin = bodies.identificator("rsin", bodies.RSIN, firm, kvk)
    rsin = served.post("partij-identificatoren", rsin)
    path, own = f"partijen/{firm['uuid']}", {**nested("rsin", bodies.RSIN), "uuid": rsin["uuid"]}
    del own["subIdentificatorVan"]
    call = served.put if method == "PUT" else served.patch
    changed = call(path, bodies.organisatie(partijIdentificatoren=[kvk, own]))
    assert {each["uuid"]: each["subIdentificatorVan"] for each in changed["partijIdentificatoren"]} == {
        kvk["uuid"]: None,
        rsin["uuid"]: None,
    }
    branch = bodies.identificator("vestigingsnummer", bodies.VESTIGING, firm, kvk)
    branch = served.post("partij-identificatoren", branch)
    own = {"uuid": branch["uuid"], "partijIdentificator": branch["partijIdentificator"]}
    body = bodies.organisatie(partijIdentificatoren=[kvk, own])
    assert refused(method, path, body) == [
        ("partijIdentificatoren.1.subIdentificatorVan", "invalid", REQUIRED)
    ]


def test_each_takes_its_turn(served, refused):
    """A number is free for those that come after the one that gave it up, and not for those before."""
    partij = served.post("partijen", bodies.persoon(partijIdentificatoren=[nested("bsn", bodies.BSN)]))
    path, (bsn,) = f"partijen/{partij['uuid']}", partij["partijIdentificatoren"]
    changed = {**nested("bsn", bodies.OTHER_BSN), "uuid": bsn["uuid"]}
    other = nested("rsin", bodies.RSIN)
    assert refused("PATCH", path, {"partijIdentificatoren": [nested("bsn", bodies.BSN), changed]}) == [
        ("__all__", "invalid", TAKEN),
        ("__all__", "invalid", SECOND),
    ]
    assert refused("PATCH", path, {"partijIdentificatoren": [changed, other, nested("bsn", bodies.BSN)]}) == [
        ("__all__", "invalid", SECOND)
    ]
    served.patch(path, {"partijIdentificatoren": [changed, other]})
    assert numbers(served) == [bodies.RSIN, bodies.OTHER_BSN]
    free = nested("bsn", bodies.BSN)
    served.post("partijen", bodies.persoon(partijIdentificatoren=[free]))
    assert numbers(served) == [bodies.RSIN, bodies.BSN, bodies.OTHER_BSN]
