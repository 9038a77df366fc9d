"""A new client, and an older one that speaks to registers of the klantenbundle itself."""

import pytest

RSIN = "002220647"


@pytest.fixture
def dialect():
    """The dialect that all of these tests are about."""
    return "klantenbundle"


@pytest.fixture
def klanten(deployment):
    """What an older client sees of the klanten."""
    return deployment.klanten


@pytest.fixture
def moments(deployment):
    """What an older client sees of the contactmomenten."""
    return deployment.contactmomenten


@pytest.fixture
def klant(klanten):
    """Makes a klant as an older client does."""

    def make(**members):
        smallest = {"bronorganisatie": RSIN, "klantnummer": "12345678", "subjectType": "natuurlijk_persoon"}
        subject = {"subjectIdentificatie": {"inpBsn": "999990019"}}
        return klanten.post("klanten", {**smallest, **subject, **members})

    return make


@pytest.fixture
def moment(moments):
    """Makes a contactmoment as an older client does."""

    def make(**members):
        smallest = {
            "bronorganisatie": RSIN,
            "kanaal": "telefoon",
            "tekst": "Mevrouw belde over haar paspoort",
            "registratiedatum": "2024-03-01T10:15:00Z",
            "medewerkerIdentificatie": {"identificatie": "jbakker", "achternaam": "Bakker"},
        }
        return moments.post("contactmomenten", {**smallest, **members})

    return make


def uuid_of(record):
    """The uuid of a register's record."""
    return record["url"].rpartition("/")[2]
