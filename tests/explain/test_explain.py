"""`klantbrug explain`: every call and every source, and nobody's data unless that is asked for."""

import pytest
from adapter.explain.masks import DOTS, parameter, query, shown
from adapter.explain.page import blocks
from adapter.explain.request import Asked, NoSuchOperation, explain
from adapter.explain.sources import properties
from adapter.main import prepare
from adapter.mapping.reference.terminal import plain
from adapter.mapping.reference.web import html
from adapter.shipped import served_document

pytestmark = pytest.mark.alternating

TEXT = "Mevrouw Hasselbaink belt over haar paspoort"
OLD = {"bronorganisatie": "002220647"}
MOMENT = {
    **OLD,
    "medewerkerIdentificatie": {"identificatie": "jbakker"},
    "todo": {"description": "Graag bellen", "attendees": ["els"]},
}
KLANT = {
    **OLD,
    "klantnummer": "1",
    "subjectType": "natuurlijk_persoon",
    "subjectIdentificatie": {"voorletters": "A."},
    "emails": [{"email": "anna@voorbeeld.example"}],
}


@pytest.fixture
def world(deployment):
    """What the deployment answers from, without its HTTP face."""
    adapter = prepare(deployment.configuration)
    yield adapter.deployment(deployment.made)
    adapter.close()


@pytest.fixture
def contact(deployment):
    body = {
        "kanaal": "telefoon",
        "onderwerp": "Paspoort",
        "inhoud": TEXT,
        "taal": "nld",
        "vertrouwelijk": False,
        "plaatsgevondenOp": "2024-03-01T10:15:00Z",
    }
    return deployment.served.post("klantcontacten", body)


def explained(world, method, target, body=b""):
    return explain(world, served_document(), Asked.of(method, target, body))


def pages(world, explanation, *, values=False):
    found = list(blocks(explanation, served_document(), world, values=values))
    return plain(found), html("page", found)


def sources(explanation):
    entry, answer = explanation.entries[0]
    return {".".join(each.path): each.source for each in properties(entry, answer)}


def test_each_property_names_where_it_stands(world, contact):
    found = explained(world, "GET", f"/klantcontacten/{contact['uuid']}")

    assert found.status == 200
    assert sources(found)["kanaal"] == "contactmomenten/contactmomenten: kanaal"
    assert sources(found)["inhoud"] == "contactmomenten/contactmomenten: tekst"
    assert sources(found)["onderwerp"] == "aanvulling"
    assert sources(found)["vertrouwelijk"] == "nobody gave it: the mapping's own"


@pytest.mark.parametrize("dialect", ["klantenbundle"])
def test_what_stands_in_a_list_is_named_with_the_list(world, deployment):
    """Of groups and of plain values."""
    moment = deployment.contactmomenten.post("contactmomenten", MOMENT)["url"].rpartition("/")[2]
    klant = deployment.klanten.post("klanten", KLANT)["url"].rpartition("/")[2]

    actor = explained(world, "GET", f"/actoren/{moment[:14]}5{moment[15:]}")
    adres = explained(world, "GET", f"/digitaleadressen/{klant[:14]}8{klant[15:]}")

    assert sources(actor)["naam"] == "in klantcontacten.contactmoment: todo.attendees"
    assert sources(actor)["soortActor"] == "follows from the home deelnemer"
    assert sources(adres)["adres"] == "in partijen.klant: emails.email"


def test_every_register_call_is_there_in_order_with_its_time(world, deployment, contact):
    seen = len(deployment.exchanges)
    found = explained(world, "GET", "/klantcontacten?kanaal=telefoon")

    assert found.answer["count"] == 1
    assert found.calls[0].path == "contactmomenten"
    assert [call.started for call in found.calls] == sorted(call.started for call in found.calls)
    assert all(call.seconds > 0 and call.status == 200 for call in found.calls)
    assert seen == len(deployment.exchanges)


def test_a_page_tells_what_is_asked_and_what_is_read_on(world, contact):
    text, _ = pages(world, explained(world, "GET", "/klantcontacten?kanaal=telefoon&inhoud=paspoort"))

    parameters = text.split("Parameters\n")[1].split("Register calls\n")[0].splitlines()
    said = {line.split()[0]: line for line in parameters if line.strip()}
    assert said["kanaal"].endswith("klantcontacten searched (contactmoment: kanaal)")
    assert said["inhoud"].endswith("tested here on what is found")


def test_nothing_personal_is_on_a_page_unless_asked_for(world, contact):
    found = explained(world, "GET", "/klantcontacten?inhoud=Hasselbaink&expand=hadBetrokkenen")

    masked = pages(world, found)
    whole = pages(world, found, values=True)

    assert not any("Hasselbaink" in page for page in masked)
    assert all(DOTS in page for page in masked)
    assert all(TEXT in page for page in whole)


def test_a_write_is_done_and_explained(world, deployment, contact):
    found = explained(world, "PATCH", f"/klantcontacten/{contact['uuid']}", b'{"kanaal": "balie"}')

    assert found.status == 200
    assert [call.method for call in found.calls if call.method != "GET"]
    assert deployment.served.get(f"klantcontacten/{contact['uuid']}")["kanaal"] == "balie"


def test_what_a_write_tells_the_registers_is_shown_member_by_member(world, contact):
    """Each member of a register write has a line, its value masked unless values are asked for."""
    body = b'{"kanaal": "balie", "onderwerp": "Over Hasselbaink"}'
    found = explained(world, "PATCH", f"/klantcontacten/{contact['uuid']}", body)

    masked, whole = (pages(world, found, values=values)[0] for values in (False, True))

    def written(text):
        lines = text.split("Written\n")[1].split("\n\nklantcontacten ")[0].splitlines()
        return {line.split()[1]: line.split(maxsplit=2)[2] for line in lines[3:] if line.strip()}

    assert written(masked)["kanaal"] == f"{DOTS} (5 characters)"
    assert written(whole)["kanaal"] == "balie"
    assert written(whole)["record.data.waarden.onderwerp"] == "Over Hasselbaink"
    assert "Hasselbaink" not in masked


def test_a_refused_request_names_the_members(world):
    found = explained(world, "POST", "/klantcontacten", b"{}")
    text, _ = pages(world, found)

    assert found.status == 400
    assert {name for name, _, _ in found.problems} >= {"kanaal", "onderwerp"}
    assert "Refused" in text
    assert found.calls == []


def test_what_the_specification_does_not_have_is_no_operation(world):
    with pytest.raises(NoSuchOperation):
        explained(world, "GET", "/nergens")
    with pytest.raises(NoSuchOperation):
        explained(world, "DELETE", "/klantcontacten")


UUID = "5b1f3a52-3d0b-4a35-9c7e-8a1f0f6f2b11"


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("page", "2", "page=2"),
        ("emailadres", "anna@voorbeeld.example", f"emailadres={DOTS}"),
        ("subjectNatuurlijkPersoon__inpBsn", "999990019", f"subjectNatuurlijkPersoon__inpBsn={DOTS}"),
        ("klant", f"https://k.example/api/v1/klanten/{UUID}", f"klant=klanten/{UUID}"),
        ("data_attr", "adres__icontains__anna", f"data_attr=adres__icontains__{DOTS}"),
        ("data_attr", f"uuid__in__{UUID}|{UUID}", f"data_attr=uuid__in__{UUID} and 1 more"),
        ("indicatieActief", "true", "indicatieActief=true"),
    ],
)
def test_of_a_parameter_only_references_and_names_are_shown(name, value, said):
    assert parameter(name, value, values=False) == said


def test_of_a_value_only_references_and_choices_are_shown():
    assert shown(UUID, values=False) == UUID
    assert shown("klant", values=False, choices=("klant",)) == "klant"
    assert shown("Anna", values=False) == f"{DOTS} (4 characters)"
    assert shown("Anna", values=True) == "Anna"
    assert shown(1981, values=False) == f"{DOTS} (4 characters)"
    assert query("naam=Anna&page=1", values=False) == f"naam={DOTS}&page=1"
