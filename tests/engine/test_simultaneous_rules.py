"""What only one may have goes to one, whoever writes it at once and in whatever way it is reached."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from adapter.mapping.constructs.rules import UniqueTogether
from adapter.shipped import shipped_mappings

from tests import bodies
from tests.deployment import Client
from tests.state.conftest import database

AT_ONCE = 8

pytestmark = [
    pytest.mark.alternating,
    pytest.mark.parametrize("dialect", ["vng", "openklant", "klantenbundle"]),
]


def statuses(answers):
    return sorted(each.status_code for each in answers)


def kvk(number="12345678"):
    return bodies.identificator("kvk_nummer", number)


def nested(number=bodies.BSN, soort="bsn", **members):
    """A partij in which an identificator comes nested."""
    own = bodies.identificator(soort, number)
    del own["identificeerdePartij"]
    return {"partijIdentificatoren": [{**own, **members}]}


def without_sub(body):
    """The same, in which what it rests on is absent instead of null."""
    (own,) = body["partijIdentificatoren"]
    return {"partijIdentificatoren": [{name: each for name, each in own.items() if name[:3] != "sub"}]}


def in_a_new_partij(_):
    return "POST", "partijen", bodies.persoon(**nested())


def in_a_new_partij_without_sub(_):
    return "POST", "partijen", bodies.persoon(**without_sub(nested()))


def in_a_changed_partij(served):
    partij = served.post("partijen", bodies.persoon())
    return "PATCH", f"partijen/{partij['uuid']}", nested()


def in_a_replaced_partij(served):
    partij = served.post("partijen", bodies.persoon())
    return "PUT", f"partijen/{partij['uuid']}", bodies.persoon(**nested())


def instead_of_another(served):
    partij = served.post("partijen", bodies.persoon(**nested(_bsn())))
    (own,) = partij["partijIdentificatoren"]
    return "PATCH", f"partijen/{partij['uuid']}", nested(uuid=own["uuid"])


def by_itself(served):
    partij = served.post("partijen", bodies.persoon())
    return "POST", "partij-identificatoren", bodies.identificator("bsn", bodies.BSN, partij)


def by_itself_without_sub(served):
    _, path, body = by_itself(served)
    return "POST", path, {name: each for name, each in body.items() if name[:3] != "sub"}


def changed_by_itself(served):
    own = served.post("partij-identificatoren", bodies.identificator("bsn", _bsn()))
    body = {"partijIdentificator": bodies.identificator("bsn", bodies.BSN)["partijIdentificator"]}
    return "PATCH", f"partij-identificatoren/{own['uuid']}", body


WAYS = [
    in_a_new_partij,
    in_a_new_partij_without_sub,
    in_a_changed_partij,
    in_a_replaced_partij,
    instead_of_another,
    by_itself,
    by_itself_without_sub,
    changed_by_itself,
]
GIVEN = iter(range(10**6))


def _bsn():
    """A BSN that was not given before."""
    while True:
        digits = [int(each) for each in f"1{next(GIVEN):07}"]
        last = sum(weight * each for weight, each in zip(range(9, 1, -1), digits, strict=True)) % 11
        if last < 10:
            return "".join(map(str, [*digits, last]))


@pytest.mark.parametrize("way", WAYS, ids=lambda each: each.__name__)
def test_one_of_many_gets_a_bsn(served, together, way):
    """In every way to write one, of eight at once one gets it."""
    answers = together(*[way(served) for _ in range(AT_ONCE)])
    assert statuses(answers)[1:] == [400] * (AT_ONCE - 1)
    assert one_has(served, bodies.BSN)


def test_one_way_gets_a_bsn(served, together):
    """All ways at once: one gets it."""
    answers = together(*[way(served) for way in WAYS])
    assert statuses(answers)[1:] == [400] * (len(WAYS) - 1)
    assert one_has(served, bodies.BSN)


def one_has(served, number):
    found = served.all("partij-identificatoren", partijIdentificatorObjectId=number)
    partijen = served.all("partijen", partijIdentificator__objectId=number)
    return len(found) == 1 and len(partijen) <= 1


def test_one_number_of_a_kind_for_a_partij(served, together):
    """Nested and by itself, with numbers that differ: a partij has one BSN."""
    partij = served.post("partijen", bodies.persoon())
    calls = []
    for _ in range(AT_ONCE // 2):
        calls += [
            ("POST", "partij-identificatoren", bodies.identificator("bsn", _bsn(), partij)),
            ("PATCH", f"partijen/{partij['uuid']}", nested(_bsn())),
        ]
    together(*calls)
    assert len(served.get(f"partijen/{partij['uuid']}")["partijIdentificatoren"]) == 1
    assert served.get("partij-identificatoren")["count"] == 1


def test_all_that_change_one_list_have_their_turn(served, together):
    """However many: nobody is told to come back because others keep changing what goes."""
    partij = served.post("partijen", bodies.persoon())
    path = f"partijen/{partij['uuid']}"
    answers = together(*[("PATCH", path, nested(_bsn())) for _ in range(3 * AT_ONCE)])
    assert statuses(answers) == [200] * (3 * AT_ONCE)
    assert served.get("partij-identificatoren")["count"] == 1


@pytest.mark.parametrize("linking", ["new", "changed", "replaced", "one by one"])
def test_one_address_with_a_referentie(served, together, linking):
    """Of addresses that are linked to one partij at once, or to new ones, the rules hold as for one."""
    partij = served.post("partijen", bodies.persoon())
    path = f"partijen/{partij['uuid']}"
    loose = [
        served.post("digitaleadressen", bodies.adres(f"a{n}@example.nl", referentie="pv"))
        for n in range(AT_ONCE)
    ]
    calls = {
        "new": [("POST", "partijen", bodies.persoon(digitaleAdressen=[bodies.ref(loose[0])]))] * AT_ONCE,
        "changed": [("PATCH", path, {"digitaleAdressen": [bodies.ref(each)]}) for each in loose],
        "replaced": [("PUT", path, bodies.persoon(digitaleAdressen=[bodies.ref(each)])) for each in loose],
        "one by one": [
            ("PATCH", f"digitaleadressen/{each['uuid']}", {"verstrektDoorPartij": bodies.ref(partij)})
            for each in loose
        ],
    }[linking]
    answers = together(*calls)
    if linking == "one by one":
        assert statuses(answers) == [200] + [400] * (AT_ONCE - 1)
    for each in served.all("partijen"):
        assert len(each["digitaleAdressen"]) <= 1
    linked = [each for each in served.all("digitaleadressen") if each["verstrektDoorPartij"]]
    assert len(linked) == 1


@pytest.mark.parametrize("going", ["the partij", "the list", "the number"])
def test_nothing_rests_on_a_number_that_goes(served, together, going):
    """While a KVK number goes, others come to rest on it: it stays, or they are refused."""
    firm = served.post("partijen", bodies.organisatie())
    own = served.post("partij-identificatoren", {**kvk(), "identificeerdePartij": bodies.ref(firm)})
    end = {
        "the partij": ("DELETE", f"partijen/{firm['uuid']}", None),
        "the list": ("PATCH", f"partijen/{firm['uuid']}", {"partijIdentificatoren": []}),
        "the number": ("DELETE", f"partij-identificatoren/{own['uuid']}", None),
    }[going]
    branch = bodies.identificator("vestigingsnummer", bodies.VESTIGING, sub=own)
    inside = bodies.organisatie(
        **nested("000012345679", "vestigingsnummer", subIdentificatorVan=bodies.ref(own))
    )
    together(("POST", "partij-identificatoren", branch), end, ("POST", "partijen", inside))
    there = {each["uuid"] for each in served.all("partij-identificatoren")}
    for each in served.all("partij-identificatoren"):
        assert each["subIdentificatorVan"] is None or each["subIdentificatorVan"]["uuid"] in there


def numbered(served, collection, make, member, *more):
    """Eight writers of one number: creates, changes and replacements."""
    value = {member: "0000000077"}
    changed = [served.post(collection, make()) for _ in range(2)]
    replaced = [served.post(collection, make()) for _ in range(AT_ONCE - 5 - len(more))]
    return [
        *(("POST", collection, {**make(), **value}) for _ in range(3)),
        *(("PATCH", f"{collection}/{each['uuid']}", value) for each in changed),
        *(("PUT", f"{collection}/{each['uuid']}", {**make(), **value}) for each in replaced),
        *more,
    ]


def partij_nummer(served):
    return numbered(served, "partijen", bodies.persoon, "nummer")


def contact_number(served, member):
    composed = {"klantcontact": bodies.contact(**{member: "0000000077"}), "betrokkene": CALLER}
    return numbered(served, "klantcontacten", bodies.contact, member, ("POST", "maak-klantcontact", composed))


def contact_nummer(served):
    return contact_number(served, "nummer")


def contact_referentienummer(served):
    return contact_number(served, "referentienummer")


def task_number(served, member):
    contact = served.post("klantcontacten", bodies.contact())
    actor = served.post("actoren", bodies.actor("sanne", "Sanne"))
    return numbered(served, "internetaken", lambda: bodies.taak(contact, actor), member)


def task_nummer(served):
    return task_number(served, "nummer")


def task_referentienummer(served):
    return task_number(served, "referentienummer")


def pairs(served, collection, first, second, makes):
    """Four creates of one pair, and changes and replacements of others that become it."""
    one, two = (make() for make in makes)
    pair = {first: bodies.ref(one), second: bodies.ref(two)}
    others = [served.post(collection, {**pair, second: bodies.ref(makes[1]())}) for _ in range(4)]
    return [
        *(("POST", collection, pair) for _ in range(4)),
        *(("PATCH", f"{collection}/{each['uuid']}", {second: pair[second]}) for each in others[:2]),
        *(("PUT", f"{collection}/{each['uuid']}", pair) for each in others[2:]),
    ]


def pair_of_partijen(served):
    def partij():
        return served.post("partijen", bodies.persoon())

    names = ("vertegenwoordigendePartij", "vertegenwoordigdePartij")
    return pairs(served, "vertegenwoordigingen", *names, (partij, partij))


def actor_of_a_contact(served):
    numbers = iter(range(AT_ONCE))

    def contact():
        return served.post("klantcontacten", bodies.contact())

    def actor():
        return served.post("actoren", bodies.actor(f"mdw{next(numbers)}", "Sanne"))

    return pairs(served, "actorklantcontacten", "klantcontact", "actor", (contact, actor))


def referentie_of_an_address(served):
    """Created, changed and replaced for one partij; two that are its own get the referentie."""
    partij = served.post("partijen", bodies.persoon())
    value = {"referentie": "pv"}
    own = [served.post("digitaleadressen", bodies.adres(f"o{n}@example.nl", partij=partij)) for n in range(2)]
    loose = [served.post("digitaleadressen", bodies.adres(f"l{n}@example.nl", **value)) for n in range(3)]
    full = bodies.adres("a@example.nl", partij=partij, **value)
    link = {"verstrektDoorPartij": bodies.ref(partij)}
    return [
        *(("POST", "digitaleadressen", full) for _ in range(3)),
        *(("PATCH", f"digitaleadressen/{each['uuid']}", value) for each in own),
        *(("PATCH", f"digitaleadressen/{each['uuid']}", link) for each in loose[:2]),
        ("PUT", f"digitaleadressen/{loose[2]['uuid']}", full),
    ]


CALLER = {"rol": "klant", "initiator": True}
RULES = [
    partij_nummer,
    contact_nummer,
    contact_referentienummer,
    task_nummer,
    task_referentienummer,
    pair_of_partijen,
    actor_of_a_contact,
    referentie_of_an_address,
]


@pytest.mark.parametrize("rule", RULES, ids=lambda each: each.__name__)
def test_one_of_many_writers_under_a_rule(served, together, rule):
    """For every other rule of what is unique, of eight that write under it in all ways at once one wins."""
    calls = rule(served)
    assert len(calls) == AT_ONCE
    assert statuses(together(*calls))[1:] == [400] * (AT_ONCE - 1)


def test_every_rule_has_its_writers(dialect):
    """No rule of the mappings of what is unique was forgotten above."""
    found = 0
    for resource in shipped_mappings(dialect).resources.values():
        found += sum(bool(each.unique) for each in resource.members.values())
        found += sum(isinstance(each, UniqueTogether) for each in resource.rules)
    assert found == len(RULES) + len(("one BSN", "one number of a kind for a partij"))


def test_replicas_keep_the_rules_of_what_comes_nested(deployment, served, postgres):
    """Two KlantBrugs with one state before the same registers give a BSN once, however it is written."""
    state = database(postgres, f"rules-{deployment.dialect}")

    def replica(configuration):
        return replace(configuration, state=state)

    calls = [way(served) for way in WAYS]
    with deployment.another(replica) as one, deployment.another(replica) as two:

        def call(number):
            method, path, body = calls[number]
            other = Client((one, two)[number % 2].base, Authorization="Token demo")
            with other.session:
                return other.call(method, path, json=body)

        with ThreadPoolExecutor(len(calls)) as pool:
            answers = list(pool.map(call, range(len(calls))))
    assert statuses(answers)[1:] == [400] * (len(calls) - 1)
    assert one_has(served, bodies.BSN)
