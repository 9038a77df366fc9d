"""What employees of the e-Suite do with a contact, and what clients read of it then."""

import pytest

from tests.gathering.service import served
from tests.gathering.test_service import actor, contact, refusal, task

RULE = "--- Voorlopige antwoorden in de e-Suite ---"


@pytest.fixture(scope="module")
def desk(town):
    with served(town) as client:
        yield client


def test_provisional_answers_stand_behind_the_text_of_a_task(town, desk):
    """Of a contact that a client recorded, and of one made there; sent back they count for nothing."""
    made = contact(desk)
    ours = task(desk, made, actor(desk, "Frontoffice"))
    (seen,) = town.contacts(made["onderwerp"])
    theirs = town.records(tekst="Eigen vraag", kanaal="telefoon", type="Contactverzoek", toelichting="Bel")
    (other,) = desk.get(f"klantcontacten/{theirs}")["leiddeTotInterneTaken"]
    assert desk.get(f"internetaken/{ours['uuid']}") == ours
    for record, uuid, text in (
        (seen["url"].rpartition("/")[2], ours["uuid"], "Na vijven"),
        (theirs, other["uuid"], "Bel"),
    ):
        town.answers(record, "Morgen")
        town.answers(record, "Overmorgen")
        found = desk.get(f"internetaken/{uuid}")
        own, _, answers = found["toelichting"].partition(f"\n\n{RULE}\n")
        assert own == text
        assert [each.rpartition(": ")[2] for each in answers.split("\n")] == ["Overmorgen", "Morgen"]
        (listed,) = (each for each in desk.all("internetaken") if each["uuid"] == uuid)
        assert listed["toelichting"] == text
    town.answers(seen["url"].rpartition("/")[2], "Toch morgen")
    before = desk.get(f"internetaken/{ours['uuid']}")["toelichting"]
    same = {"toelichting": before.replace("Toch", "Dan"), "status": "te_verwerken"}
    assert desk.patch(f"internetaken/{ours['uuid']}", same)["toelichting"] == before
    own = {"toelichting": f"Anders\n\n{RULE}\nx"}
    assert refusal(desk.patch(f"internetaken/{ours['uuid']}", own, 400)) == {
        "toelichting": "immutable-in-register"
    }


def test_an_answer_is_a_contact_of_its_own_where_that_is_asked(town):
    """As Open Inwoner finds it: by the onderwerpobject that names the question."""
    with served(town, dialect={"antwoord_als_klantcontact": True}) as site:
        made = contact(site, kanaal="open-inwoner")
        task(site, made, actor(site, "Frontoffice"))
        (seen,) = town.contacts(made["onderwerp"])
        assert site.all("onderwerpobjecten", wasKlantcontact__uuid=made["uuid"]) == []
        town.works(seen["url"].rpartition("/")[2], status="afgehandeld", antwoord="Ja, vanaf 9 uur.")
        (link,) = site.all("onderwerpobjecten", wasKlantcontact__uuid=made["uuid"])
        assert site.get(f"onderwerpobjecten/{link['uuid']}") == link
        path = f"klantcontacten/{link['klantcontact']['uuid']}"
        answer = site.get(path, expand="gingOverOnderwerpobjecten")
        assert (answer["inhoud"], answer["kanaal"], len(answer["nummer"])) == (
            "Ja, vanaf 9 uur.",
            "open-inwoner",
            10,
        )
        assert answer["_expand"]["gingOverOnderwerpobjecten"] == [link]
        assert site.get(f"klantcontacten/{made['uuid']}")["reactie"] == "Ja, vanaf 9 uur."
        site.patch(path, {"inhoud": "Nee"}, 403)
        site.delete(path, 403)
        assert site.get(path)["inhoud"] == "Ja, vanaf 9 uur."
