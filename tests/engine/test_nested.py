"""What comes nested in the body of a partij keeps its own rules, and is refused before anything changes."""

import pytest

from tests import bodies

pytestmark = [
    pytest.mark.alternating,
    pytest.mark.parametrize("dialect", ["vng", "openklant", "klantenbundle"]),
]

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


def test_too_like_one_before_it_and_one_that_is_there(served, refused):
    """Both are told of what comes nested, as of a resource by itself."""
    served.post("partij-identificatoren", bodies.identificator("bsn", bodies.BSN))
    two = [nested("bsn", bodies.OTHER_BSN), nested("bsn", bodies.BSN)]
    told = [("__all__", "invalid", TAKEN), ("__all__", "invalid", SECOND)]
    assert refused("POST", "partijen", {**SMALLEST, "partijIdentificatoren": two}) == told
    partij = served.post("partijen", {**SMALLEST, "partijIdentificatoren": two[:1]})
    assert refused("POST", "partij-identificatoren", bodies.identificator("bsn", bodies.BSN, partij)) == told


@pytest.fixture
def owner(served):
    """A partij with an address, a rekeningnummer, both preferred, and a BSN."""
    partij = served.post("partijen", bodies.persoon(partijIdentificatoren=[nested("bsn", bodies.BSN)]))
    address = served.post("digitaleadressen", bodies.adres("p@example.nl", partij=partij))
    account = served.post("rekeningnummers", {"partij": bodies.ref(partij), "iban": "NL91ABNA0417164300"})
    preferred = {
        "voorkeursDigitaalAdres": bodies.ref(address),
        "voorkeursRekeningnummer": bodies.ref(account),
    }
    return served.patch(f"partijen/{partij['uuid']}", preferred)


LINKS = ["digitaleAdressen", "rekeningnummers"]
PREFERRED = {"digitaleAdressen": "voorkeursDigitaalAdres", "rekeningnummers": "voorkeursRekeningnummer"}
SMALLEST = {"soortPartij": "persoon", "indicatieActief": True}


@pytest.mark.parametrize("method", ["PUT", "PATCH"])
@pytest.mark.parametrize("name", LINKS)
@pytest.mark.parametrize("value", [None, []])
def test_null_for_a_list_of_links_is_no_links(served, owner, method, name, value):
    """As an empty list: nothing belongs to the partij any more. Its preference stays what it was."""
    path = f"partijen/{owner['uuid']}"
    call = served.put if method == "PUT" else served.patch
    changed = call(path, {**SMALLEST, name: value})
    assert changed == {**owner, name: []}


@pytest.mark.parametrize("method", ["PUT", "PATCH"])
def test_lists_that_are_left_out_stay(served, owner, method):
    """A body without them changes none of them; nor does null for what comes nested whole."""
    path = f"partijen/{owner['uuid']}"
    call = served.put if method == "PUT" else served.patch
    assert call(path, SMALLEST) == owner
    assert call(path, {**SMALLEST, "partijIdentificatoren": None}) == owner
    assert call(path, {**SMALLEST, "partijIdentificatoren": []}) == {**owner, "partijIdentificatoren": []}


def test_null_lists_of_a_new_partij(served):
    """They are no lists."""
    lists = {"digitaleAdressen": None, "rekeningnummers": None, "partijIdentificatoren": None}
    made = served.post("partijen", {**SMALLEST, **lists})
    assert [made[name] for name in lists] == [[], [], []]


@pytest.mark.parametrize("name", LINKS)
@pytest.mark.parametrize("value", [None, []])
def test_no_preference_without_links(owner, refused, name, value):
    """Beside null a preference is refused as beside an empty list: in a PUT for that reason."""
    path, preferred = f"partijen/{owner['uuid']}", PREFERRED[name]
    body = {**SMALLEST, name: value, preferred: bodies.ref(owner[preferred])}
    reason = f"{preferred} mag niet meegegeven worden als {name} leeg is."
    assert refused("PUT", path, body) == [(preferred, "invalid", reason)]
    ((named, code, reason),) = refused("PATCH", path, body)
    assert (named, code) == (preferred, "invalid")
    assert reason.startswith("Het voorkeurs ")


def test_errors_of_what_comes_nested_stand_beside_the_others(refused):
    """In the order of the members; a variant's group is looked at when all that is right."""
    body = {
        **SMALLEST,
        "voorkeurstaal": "nlds",
        "partijIdentificatie": None,
        "partijIdentificatoren": [
            nested("bsn", bodies.BSN),
            nested("vestigingsnummer", bodies.VESTIGING),
            nested("bsn", "123456789"),
            nested("kvk_nummer", KVK, subIdentificatorVan=NOWHERE),
        ],
    }
    assert [each[:2] for each in refused("POST", "partijen", body)] == [
        ("partijIdentificatoren.1.subIdentificatorVan", "invalid"),
        ("partijIdentificatoren.2.partijIdentificatorObjectId", "invalid"),
        ("partijIdentificatoren.3.subIdentificatorVan.uuid", "invalid"),
        ("voorkeurstaal", "max_length"),
    ]


VARIANTS = [
    ("partijen", {"soortPartij": "persoon", "indicatieActief": True}, "partijIdentificatie"),
    ("actoren", {"soortActor": "organisatorische_eenheid", "naam": "Balie"}, "actorIdentificatie"),
]


@pytest.mark.parametrize("variant", VARIANTS, ids=lambda each: each[0])
@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH"])
def test_the_group_of_a_variant_is_never_null(served, refused, variant, method):
    """Not even where it reads null; and it is looked at when all else is right."""
    collection, body, group = variant
    path = collection
    if method != "POST":
        made = served.post(collection, body)
        assert made[group] is None
        path += f"/{made['uuid']}"
    assert refused(method, path, {**body, group: None}) == [(group, "null", "Dit veld mag niet leeg zijn.")]
    ((name, *_),) = refused(method, path, {**body, group: None, "indicatieActief": "x"})
    assert name == "indicatieActief"


@pytest.mark.parametrize("method", ["PUT", "PATCH"])
def test_what_fitted_another_variant(served, refused, method):
    """An empty text that a unit may have is refused of an employee, also when it was served as that."""
    unit = {"naam": "Balie", "soortActor": "organisatorische_eenheid"}
    made = served.post("actoren", {**unit, "actorIdentificatie": {"omschrijving": "balie"}})
    group = {"functie": "balie", "telefoonnummer": ""}
    body = {"naam": "Balie", "soortActor": "medewerker", "actorIdentificatie": group}
    assert refused(method, f"actoren/{made['uuid']}", body) == [
        ("actorIdentificatie.telefoonnummer", "blank", "Dit veld mag niet leeg zijn.")
    ]


def test_of_itself_and_a_second_of_its_kind(served, refused, firm, kvk):
    """What only shows in storing is told together."""
    rsin = served.post("partij-identificatoren", bodies.identificator("rsin", bodies.RSIN, firm))
    second = bodies.identificator("kvk_nummer", OTHER_KVK, firm, rsin)
    for method in ("PUT", "PATCH"):
        problems = refused(method, f"partij-identificatoren/{rsin['uuid']}", second)
        assert [each[:2] for each in problems] == [("subIdentificatorVan", "invalid"), ("__all__", "invalid")]
        assert problems[1][2] == SECOND


@pytest.mark.parametrize("value", ["", [], "x", ["x"]])
def test_a_change_with_a_group_that_is_none(refused, kvk, value):
    """In a PATCH each member that it must have is missing; a PUT tells that it is none."""
    path, group = f"partij-identificatoren/{kvk['uuid']}", "partijIdentificator"
    names = ["codeObjecttype", "codeSoortObjectId", "objectId", "codeRegister"]
    told = [(f"{group}.{name}", "required", "Dit veld is vereist.") for name in names]
    assert refused("PATCH", path, {group: value}) == told
    ((name, code, _),) = refused("PUT", path, {group: value})
    assert (name, code) == (f"{group}.nonFieldErrors", "invalid")


UNIQUE = (
    "De velden ['verstrekt_door_partij', 'referentie', 'soort_digitaal_adres'] moeten een unieke set zijn."
)


@pytest.fixture
def addresses(served):
    """Three with one referentie: one of a partij, two that are loose."""
    taken = served.post("partijen", bodies.persoon())
    return [
        served.post("digitaleadressen", bodies.adres(f"a{n}@example.nl", referentie="pv", partij=partij))
        for n, partij in enumerate([taken, None, None])
    ]


def links(*resources):
    """A list of links as a member of a partij."""
    return {"digitaleAdressen": [bodies.ref(each) for each in resources]}


@pytest.mark.parametrize("method", ["PUT", "PATCH"])
def test_addresses_that_are_linked_keep_their_rules(served, refused, addresses, method):
    """A list is refused that gives a partij two addresses of one soort with one referentie."""
    own, one, two = addresses
    path = f"partijen/{own['verstrektDoorPartij']['uuid']}"
    for wrong in (links(own, one), links(one, two)):
        body = {**SMALLEST, **wrong}
        assert refused(method, path, body) == [("nonFieldErrors", "unique", UNIQUE)]
    call = served.put if method == "PUT" else served.patch
    assert call(path, {**SMALLEST, **links(one)})["digitaleAdressen"][0]["uuid"] == one["uuid"]
    assert served.get(f"digitaleadressen/{own['uuid']}")["verstrektDoorPartij"] is None
    assert call(path, {**SMALLEST, **links(own)})["digitaleAdressen"][0]["uuid"] == own["uuid"]


def test_addresses_that_are_linked_to_a_new_partij(served, refused, addresses):
    """They keep their rules too, and one that another partij has moves."""
    own, one, _ = addresses
    assert refused("POST", "partijen", {**SMALLEST, **links(own, one)}) == [
        ("nonFieldErrors", "unique", UNIQUE)
    ]
    made = served.post("partijen", {**SMALLEST, **links(own)})
    assert [each["uuid"] for each in made["digitaleAdressen"]] == [own["uuid"]]
    assert served.get(f"partijen/{own['verstrektDoorPartij']['uuid']}")["digitaleAdressen"] == []


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH"])
def test_one_of_the_addresses_that_are_linked_is_the_standard(served, method):
    """The last, as if they were linked one by one."""
    standard = []
    for n in range(2):
        partij = served.post("partijen", bodies.persoon())
        address = bodies.adres(f"a{n}@example.nl", partij=partij, isStandaardAdres=True)
        standard.append(served.post("digitaleadressen", address))
    path = "partijen"
    if method != "POST":
        path += f"/{served.post('partijen', bodies.persoon())['uuid']}"
    call = {"POST": served.post, "PUT": served.put, "PATCH": served.patch}[method]
    call(path, {**SMALLEST, **links(*standard)})
    read = [served.get(f"digitaleadressen/{each['uuid']}")["isStandaardAdres"] for each in standard]
    assert read == [False, True]


REQUIRED_MEMBER = "Dit veld is vereist."


@pytest.mark.parametrize("path", ["partij-identificatoren", "partijen"])
def test_of_a_group_that_is_not_whole_a_change_tells_what_is_missing(served, refused, path):
    """And only that; a PUT tells what is wrong with the others too. So it is below a list."""
    group = {"codeObjecttype": "x", "objectId": bodies.BSN}
    if path == "partijen":
        made = served.post("partijen", SMALLEST)
        body, at = {**SMALLEST, "partijIdentificatoren": [{"partijIdentificator": group}]}, LIST
    else:
        made = served.post(path, bodies.identificator("bsn", bodies.BSN))
        body, at = {"partijIdentificator": group}, ""
    name = f"{at}partijIdentificator"
    missing = [(f"{name}.codeSoortObjectId", "required"), (f"{name}.codeRegister", "required")]
    path += f"/{made['uuid']}"
    assert [each[:2] for each in refused("PATCH", path, body)] == missing
    told = [each[:2] for each in refused("PUT", path, body)]
    assert told == [(f"{name}.codeObjecttype", "invalid_choice"), *missing]


LIST = "partijIdentificatoren.0."


@pytest.mark.parametrize("body", [{}, {"subIdentificatorVan": None}, {"identificeerdePartij": {}}])
def test_what_comes_nested_in_a_change_misses_its_group_when_its_turn_comes(served, refused, body):
    """Told as of a resource by itself, after those before it and after all that is wrong with the change."""
    partij = served.post("partijen", SMALLEST)
    path = f"partijen/{partij['uuid']}"
    change = {"partijIdentificatoren": [nested("bsn", bodies.BSN), body]}
    missing = [("partijIdentificator", "required", REQUIRED_MEMBER)]
    assert refused("PATCH", path, change) == missing
    ((name, *_),) = refused("PATCH", path, {**change, "indicatieActief": "x"})
    assert name == "indicatieActief"
    told = {each[:2] for each in refused("PUT", path, {**SMALLEST, **change})}
    assert ("partijIdentificatoren.1.partijIdentificator", "required") in told
    served.post("partijen", bodies.persoon(partijIdentificatoren=[nested("bsn", bodies.BSN)]))
    assert refused("PATCH", path, change) == [("__all__", "invalid", TAKEN)]


def test_a_reference_without_a_uuid_in_what_comes_nested(served, refused):
    """In a change it is missed when its turn comes, too."""
    path = f"partijen/{served.post('partijen', SMALLEST)['uuid']}"
    change = {"partijIdentificatoren": [nested("bsn", bodies.BSN, subIdentificatorVan={})]}
    assert refused("PATCH", path, change) == [("subIdentificatorVan.uuid", "required", REQUIRED_MEMBER)]
    told = [(f"{LIST}subIdentificatorVan.uuid", "required", REQUIRED_MEMBER)]
    assert refused("PUT", path, {**SMALLEST, **change}) == told


def test_a_number_that_is_empty(served):
    """It may be, nested as by itself."""
    alone = served.post("partij-identificatoren", bodies.identificator("bsn", ""))
    partij = served.post("partijen", bodies.organisatie(partijIdentificatoren=[nested("rsin", "")]))
    (own,) = partij["partijIdentificatoren"]
    assert own["partijIdentificator"]["objectId"] == alone["partijIdentificator"]["objectId"] == ""
