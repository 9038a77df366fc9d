"""The words in which applications say that something is a zaak."""

import pytest

from tests import bodies
from tests.deployment import with_settings

pytestmark = pytest.mark.alternating

WORDS = {
    "kiss": ("zgw-Zaak", "openzaak", "uuid"),
    "zac": ("zaak", "open-zaak", "uuid"),
}
EQUIVALENT = with_settings(zaak_vocabularies="equivalent")
NAMES = ("CodeObjecttype", "CodeRegister", "CodeSoortObjectId")
OF_CONTACT = "onderwerpobject__onderwerpobjectidentificator"


def link(words):
    """A zaak in the words of one application."""
    objecttype, register, kind = WORDS[words]
    codes = {"codeObjecttype": objecttype, "codeRegister": register, "codeSoortObjectId": kind}
    return {**codes, "objectId": bodies.ZAAK}


def asked(words):
    """The filters by which an application looks for the contacts of a zaak."""
    codes = zip(NAMES, WORDS[words], strict=True)
    return {**{OF_CONTACT + name: word for name, word in codes}, f"{OF_CONTACT}ObjectId": bodies.ZAAK}


@pytest.mark.parametrize("written", WORDS)
@pytest.mark.parametrize("read", WORDS)
def test_a_filter_finds_its_own_words(served, contact, written, read):
    """A filter with codes finds links that have exactly those codes."""
    served.post("onderwerpobjecten", bodies.onderwerp(contact, onderwerpobjectidentificator=link(written)))
    assert served.get("klantcontacten", **asked(read))["count"] == int(written == read)


@pytest.fixture
def equivalent(others, dialect):
    """A client of a deployment that says so."""
    return others(dialect, EQUIVALENT)


@pytest.mark.parametrize("written", WORDS)
@pytest.mark.parametrize("read", WORDS)
def test_equivalent_words_find_each_other(served, equivalent, contact, written, read):
    """Where the deployment says so, every application finds every link, each in its own words."""
    served.post("onderwerpobjecten", bodies.onderwerp(contact, onderwerpobjectidentificator=link(written)))
    assert equivalent.get("klantcontacten", **asked(read))["count"] == 1
    (found,) = equivalent.get("onderwerpobjecten")["results"]
    assert found["onderwerpobjectidentificator"] == link(written)
