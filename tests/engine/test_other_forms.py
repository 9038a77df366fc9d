"""Words, lists and dates that a register has in other forms, which the mappings of a deployment say."""

import shutil
from dataclasses import replace

import pytest
from adapter.dialects import Library, mappings_folder

from tests import bodies

pytestmark = pytest.mark.alternating

# What stands in a mapping of this deployment instead.
INSTEAD = {
    "vng/klantcontacten.yaml": (
        "    fields:\n",
        '    fields:\n      kanaal: {words: {telefoon: tel, "*": "*"}, too_long: cut}\n',
    ),
    "vng/partijen.yaml": (
        "    by:\n      soortPartij:\n",
        "    by:\n      soortPartij:\n        organisatie:\n          partijIdentificatie.naam: "
        '{at: subjectIdentificatie.handelsnaam, split: "; ", without: [else_at, too_long]}\n',
    ),
    "vng/internetaken.yaml": (
        "      toegewezenOp: {as: instant}\n",
        "      toegewezenOp: {as: instant}\n      without: [nummer]\n"
        "      afgehandeldOp: {at: nummer, as: YYYYMMDDHHmm}\n",
    ),
}


@pytest.fixture(scope="module")
def own(deployments, tmp_path_factory):
    """A client of a KlantBrug before registers that write words, lists and dates in their own way."""
    folder = shutil.copytree(mappings_folder(), tmp_path_factory.mktemp("own") / "mappings")
    for name, (shipped, instead) in INSTEAD.items():
        text = (folder / name).read_text()
        assert text.count(shipped) == 1
        (folder / name).write_text(text.replace(shipped, instead))
    own = Library((folder,))
    with deployments("openklant").another(lambda it: replace(it, library=own)) as client:
        yield client


@pytest.fixture
def dialect():
    """One of the dialects: what is tested holds for all."""
    return "openklant"


@pytest.fixture
def other(deployment, own):
    """That client before empty registers."""
    return own


def test_words_that_a_table_does_not_name(other, old):
    """They pass both ways; what the register has for another word is kept and read back."""
    for served, stored in (("telefoon", "tel"), ("balie", "balie"), ("tel", "")):
        made = other.post("klantcontacten", bodies.contact(kanaal=served))
        assert made["kanaal"] == served
        assert old.moment_of(made)["kanaal"] == stored
        assert other.get(made["url"])["kanaal"] == served
    assert {each["kanaal"] for each in other.get("klantcontacten", kanaal="telefoon")["results"]} == {
        "telefoon"
    }
    for stored, served in (("tel", "telefoon"), ("whatsapp", "whatsapp")):
        moment = old.moment(kanaal=stored)
        path = f"klantcontacten/{moment['url'].rpartition('/')[2]}"
        assert other.get(path)["kanaal"] == served
        for sent, left in (("balie", "balie"), ("tel", "")):
            assert other.patch(path, {"kanaal": sent})["kanaal"] == sent
            assert old.contactmomenten.get(moment["url"])["kanaal"] == left
        old.contactmomenten.patch(moment["url"], {"kanaal": "post"})
        assert other.get(path)["kanaal"] == "post"


def test_a_list_in_the_register_that_is_served_as_text(other, old, deployment):
    """Its items are divided as the mapping says; a text that is no such list stays whole."""
    names = {"vestigingsNummer": "000012345678", "handelsnaam": ["De Hoek", "Hoek BV"]}
    klant = old.klant(subjectType="vestiging", subjectIdentificatie=names)
    path = f"partijen/{klant['url'].rpartition('/')[2]}"

    def kept():
        return deployment.klanten.get(klant["url"])["subjectIdentificatie"]["handelsnaam"]

    def named(name):
        body = {"soortPartij": "organisatie", "partijIdentificatie": {"naam": name}}
        assert other.patch(path, body)["partijIdentificatie"]["naam"] == name
        assert other.get(path)["partijIdentificatie"]["naam"] == name

    assert other.get(path)["partijIdentificatie"]["naam"] == "De Hoek; Hoek BV"
    named("De Hoek; Hoekje; Hoek")
    assert kept() == ["De Hoek", "Hoekje", "Hoek"]
    named("De Hoek ;Hoek")
    assert kept() == ["De Hoek", "Hoek"]
    named("De Hoek; ;")
    deployment.klanten.patch(klant["url"], {"subjectIdentificatie": {"handelsnaam": ["Anders"]}})
    assert other.get(path)["partijIdentificatie"]["naam"] == "Anders"


def test_a_moment_that_the_register_writes_in_a_form_of_its_own(other, old):
    """What the form tells is read; what it does not tell is kept, until an old client changes it."""
    moment = old.moment()
    known = old.taak(moment, status="verwerkt", nummer="202401021530")
    odd = old.taak(moment, status="verwerkt", nummer="vorige week")
    assert other.get(f"internetaken/{known['uuid']}")["afgehandeldOp"] == "2024-01-02T15:30:00Z"
    assert other.get(f"internetaken/{odd['uuid']}")["afgehandeldOp"] is None
    contact = other.get("klantcontacten")["results"][0]
    actor = other.post("actoren", bodies.actor("sanne", "Sanne"))
    made = other.post("internetaken", bodies.taak(contact, actor))
    done = other.patch(f"internetaken/{made['uuid']}", {"status": "verwerkt"})["afgehandeldOp"]
    digits = "".join(each for each in done if each.isdigit())
    assert old.data(made)["nummer"] == digits[:12]
    assert other.get(f"internetaken/{made['uuid']}")["afgehandeldOp"] == done
    old.change({"url": f"objects/{made['uuid']}"}, nummer="202412312359")
    assert other.get(f"internetaken/{made['uuid']}")["afgehandeldOp"] == "2024-12-31T23:59:00Z"
