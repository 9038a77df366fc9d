"""What a register demands and the new API lacks is filled in, and never served."""

import pytest

from tests import bodies
from tests.engine.old_kiss import RSIN

pytestmark = pytest.mark.alternating

NUMBERS = {"12345678": "12345678", "123456789": "K", "0123456789": "K", None: "K", "00000001": "00000001"}


@pytest.mark.parametrize(("nummer", "klantnummer"), NUMBERS.items())
def test_numbers_of_a_partij(served, old, nummer, klantnummer):
    """A nummer that fits is the klantnummer; a longer one, or none, has a filler that is never served."""
    partij = served.post("partijen", bodies.persoon(nummer=nummer))
    assert partij["nummer"] == nummer
    klant = old.klant_of(partij)
    if klantnummer == "K":
        assert klant["klantnummer"][0] == "K"
        assert len(klant["klantnummer"]) == 8
    else:
        assert klant["klantnummer"] == klantnummer
    assert served.get(f"partijen/{partij['uuid']}")["nummer"] == nummer
    if nummer:
        assert served.get("partijen", nummer=nummer)["count"] == 1
        refused = served.post("partijen", bodies.persoon(nummer=nummer), 400)
        assert [each["name"] for each in refused["invalidParams"]] == ["nummer"]


@pytest.mark.parametrize(
    ("klantnummer", "nummer"),
    [("4711", "4711"), ("00000042", "00000042"), ("Kabc2345", None), ("x-_Za91b", None)],
)
def test_numbers_of_a_klant(served, old, klantnummer, nummer):
    """Only a klantnummer of digits is a nummer; whatever old clients make up is not served."""
    klant = old.klant(klantnummer=klantnummer)
    path = f"partijen/{klant['url'].rpartition('/')[2]}"
    assert served.get(path)["nummer"] == nummer
    served.patch(path, {"interneNotitie": "n"})
    assert old.klanten.get(klant["url"])["klantnummer"] == klantnummer


def test_fillers_are_never_served(served, old):
    """What a register demands and nobody knows stands in no answer, and is not found by."""
    partij = served.post("partijen", bodies.partij("persoon"))
    contact = served.post("klantcontacten", bodies.contact())
    klant, moment = old.klant_of(partij), old.moment_of(contact)
    assert moment["medewerkerIdentificatie"]["identificatie"] == "onbekend"
    for name in ("partijen", "klantcontacten", "actorklantcontacten", "actoren", "partij-identificatoren"):
        text = str(served.get(name))
        assert "onbekend" not in text
        assert klant["klantnummer"] not in text
        assert klant["websiteUrl"] not in text
    assert served.get("actorklantcontacten")["count"] == 0
    assert served.get("partij-identificatoren")["count"] == 0


def test_a_bronorganisatie_is_never_touched(served, old):
    """A record of another organisation keeps its bronorganisatie through every write."""
    klant, moment = old.klant(), old.moment()
    served.patch(f"partijen/{klant['url'].rpartition('/')[2]}", {"interneNotitie": "n", "nummer": "12"})
    served.patch(f"klantcontacten/{moment['url'].rpartition('/')[2]}", {"inhoud": "x"})
    assert old.klanten.get(klant["url"])["bronorganisatie"] == RSIN
    assert old.contactmomenten.get(moment["url"])["bronorganisatie"] == RSIN
