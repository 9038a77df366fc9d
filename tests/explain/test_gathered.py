"""What is explained of contacts that are gathered: while they are held, when sent, and afterwards."""

import json
from pathlib import Path

import pytest
from adapter.explain.page import blocks
from adapter.explain.request import Asked, explain
from adapter.gathering.origins import origins
from adapter.main import prepare
from adapter.mapping.reference.terminal import plain
from adapter.shipped import served_document

from tests.gathering.service import configured, suite
from tests.gathering.test_composing import (
    ALL,
    CASE,
    COMPOSER,
    CONTACT,
    MAIL,
    TASK,
    THIRD,
)

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "gathering-esuite.md"
CONTENT = {
    "kanaal": "telefoon",
    "onderwerp": "Planteijdt",
    "inhoud": "Wanneer?",
    "taal": "nld",
    "vertrouwelijk": False,
    "plaatsgevondenOp": "2026-03-01T10:15:00Z",
}
TODO = {"gevraagdeHandeling": "Bellen", "toelichting": "Na vijven", "status": "te_verwerken"}


def test_each_member_stands_in_the_record_or_beside_it():
    """Texts are named with their label; what an employee changed stands in the record since."""
    content = COMPOSER.compose(CONTACT, ALL, "verzoek", fall_back=False).body
    aside = COMPOSER.aside(CONTACT, ALL, "verzoek", content)
    found = origins(COMPOSER.asides, CONTACT, content, aside)
    assert found[TASK]["gevraagdeHandeling",] == "toelichting.Gevraagde handeling"
    assert ("toegewezenAanActoren",) not in found[TASK]
    assert found[MAIL] == {("adres",): "contactgegevens.emailadres"}
    assert found[THIRD] == {("adres",): "toelichting.Overige contactgegevens"}
    assert found[CONTACT]["onderwerp",] == "tekst.first"
    assert ("nummer",) not in found[CONTACT]
    assert found[CASE] == {}
    del content["groep"]
    changed = origins(COMPOSER.asides, CONTACT, {**content, "afdeling": "Burgerzaken"}, aside)
    said = changed[TASK]["toegewezenAanActoren",]
    assert said == "behandelaar.gebruikersnaam, afdeling, groep"


@pytest.mark.contract
def test_a_contact_is_explained_while_it_is_held_and_when_it_is_sent(tmp_path):
    """What would be sent, what is, and where each member stands then; without values where none are asked."""
    with suite() as town:
        adapter = prepare(configured(town, str(tmp_path / "state")))
        try:
            made = list(adapter.set_up())
            deployment = adapter.deployment(made)

            def told(method, path, body=None, **options):
                asked = Asked.of(method, path, json.dumps(body).encode() if body else b"")
                found = explain(deployment, served_document(), asked)
                return found, plain(blocks(found, served_document(), deployment, **options))

            found, text = told("POST", "klantcontacten", CONTENT, values=True)
            uuid = found.answer["uuid"]
            assert f"The contact {uuid}" in text
            assert "It is held, sealed, with 1 piece; none of it is in a register yet." in text
            assert "as moment:" in text
            assert [each.method for each in found.calls if each.method != "GET"] == []
            task = {**TODO, "aanleidinggevendKlantcontact": {"uuid": uuid}, "toegewezenAanActoren": []}
            found, text = told("POST", "internetaken", task, values=False)
            assert "The record" in text
            assert "contactmomenten/contactmomenten: toelichting.Gevraagde handeling" in text
            assert "Planteijdt" not in text
            posts = [(each.register, each.path) for each in found.calls if each.method == "POST"]
            assert ("contactmomenten", "contactmomenten") in posts
            found, text = told("GET", f"klantcontacten/{uuid}", values=True)
            assert "contactmomenten/contactmomenten: tekst.first" in text
            assert "beside the record" in text
        finally:
            adapter.close()


def test_the_reference_has_a_page_of_what_is_gathered():
    """Every piece, every rule, every label."""
    page = PAGE.read_text(encoding="utf-8")
    declared = COMPOSER.declared
    said = [declared.resource, *(each for each, _ in declared.pieces), "the setting terugval_groep"]
    said += [f"`{label}: …`" for text in declared.texts for label in text.labels]
    said += [declared.sign, "kanaal is in the setting altijd_taak", "N.v.t."]
    said += [".".join(pair.right) for slot in declared.slots for pair in slot.pairs]
    assert [each for each in said if each not in page] == []
