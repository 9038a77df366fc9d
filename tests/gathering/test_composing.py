"""One record is made of the pieces as the declaration says, and every piece reads back as it was sent."""

import copy

import pytest
from adapter.gathering.asides import derived
from adapter.gathering.kept import Piece
from adapter.gathering.ports import Link
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.gathering.declared import BALIE, JAN, PAAR, composer
from tests.gathering.test_texts import HOSTILE

GROUP = {
    "codeObjecttype": "grp", "codeRegister": "obj", "codeSoortObjectId": "naam", "objectId": "Nieuw",
}  # fmt: skip
UUIDS = [f"a{n}000000-0000-4000-8000-000000000000" for n in range(10)]
CONTACT, CALLER, MAIL, PHONE, OTHER, THIRD, TASK, LINK, CASE, SHEET = UUIDS
COMPOSER = composer()
SIGN = COMPOSER.sign.of(CONTACT, {"nummer": "0000012345"})


def ref(uuid):
    return {"uuid": uuid}


def address(uuid, kind, value, **more):
    body = {"verstrektDoorBetrokkene": ref(CALLER), "verstrektDoorPartij": None, "adres": value}
    return Piece(uuid, "digitaleadressen", {**body, "soortDigitaalAdres": kind, "omschrijving": "", **more})


def contact(**more):
    body = {
        "nummer": "0000012345", "kanaal": "telefoon",
        "onderwerp": "Paspoort", "inhoud": "Wat kost het?\nEn wanneer?",
        "indicatieContactGelukt": True, "taal": "nld", "vertrouwelijk": False,
        "plaatsgevondenOp": "2026-01-02T03:04:05Z", **more,
    }  # fmt: skip
    return Piece(CONTACT, "klantcontacten", body)


def caller(**more):
    name = {"voorletters": "J.", "voornaam": "Jo", "voorvoegselAchternaam": "de", "achternaam": "Boer"}
    body = {"hadKlantcontact": ref(CONTACT), "wasPartij": None, "rol": "klant", "initiator": True}
    return Piece(CALLER, "betrokkenen", {**body, "organisatienaam": "Bakker", "contactnaam": name, **more})


def task(*actors, **more):
    body = {
        "nummer": "1", "gevraagdeHandeling": "Terugbellen", "toelichting": "Na vijf uur.",
        "status": "te_verwerken", "aanleidinggevendKlantcontact": ref(CONTACT),
        "toegewezenAanActoren": [ref(each) for each in actors], **more,
    }  # fmt: skip
    return Piece(TASK, "internetaken", body)


def case(code="zgw-Zaak"):
    identity = {
        "objectId": SHEET,
        "codeObjecttype": code,
        "codeRegister": "openzaak",
        "codeSoortObjectId": "uuid",
    }
    body = {"klantcontact": ref(CONTACT), "wasKlantcontact": None, "onderwerpobjectidentificator": identity}
    return Piece(CASE, "onderwerpobjecten", body)


BY_JAN = Piece(LINK, "actorklantcontacten", {"actor": ref(JAN), "klantcontact": ref(CONTACT)})
ALL = [
    contact(),
    BY_JAN,
    caller(),
    address(MAIL, "email", "j@voorbeeld.nl"),
    address(PHONE, "telefoonnummer", "0201234567"),
    address(OTHER, "telefoonnummer", "0612345678", omschrijving="mobiel"),
    address(THIRD, "telefoonnummer", "0687654321"),
    task(JAN, BALIE),
    case(),
]


def sent(pieces, kind="verzoek", *, fall_back=False):
    """The record and what stands beside it."""
    record = COMPOSER.compose(CONTACT, pieces, kind, fall_back=fall_back).body
    return record, COMPOSER.aside(CONTACT, pieces, kind, record)


def as_read(pieces):
    return {each.uuid: (each.resource, each.body) for each in pieces}


def test_a_contactverzoek_says_all_that_an_employee_needs():
    composed = COMPOSER.compose(CONTACT, ALL, "verzoek", fall_back=False)
    assert composed.body == {
        "kanaal": "telefoon",
        "registratiedatum": "2026-01-02T03:04:05Z",
        "tekst": "Paspoort\nWat kost het?\nEn wanneer?",
        "status": "nieuw",
        "type": "Terugbelverzoek",
        "medewerkerIdentificatie": {"identificatie": "jan"},
        "behandelaar": {"gebruikersnaam": "jan"},
        "groep": "Balie",
        "contactgegevens": {
            "emailadres": "j@voorbeeld.nl",
            "telefoonnummer": "0201234567",
            "telefoonnummerAlternatief": "0612345678",
        },
        "toelichting": "Contact opnemen met: J. Jo de Boer\nOrganisatie: Bakker\n"
        f"Overige contactgegevens: 0687654321\nGevraagde handeling: Terugbellen\n\nNa vijf uur.\n\n{SIGN}",
    }
    assert (composed.user, composed.signed) == ("jan", "toelichting")
    assert composed.searches == (
        {"telefoonnummerOfEmailadres": "j@voorbeeld.nl"},
        {"type": "Terugbelverzoek"},
    )
    assert COMPOSER.links(ALL, "r1") == [
        Link(CASE, "contactmomenten/objectcontactmomenten", {
            "object": f"https://register/zaken/zaken/{SHEET}", "objectType": "zaak",
            "contactmoment": "https://register/contactmomenten/contactmomenten/r1",
        })
    ]  # fmt: skip
    assert COMPOSER.links([caller(wasPartij=ref(SHEET)), case("nummer")], "r1") == [
        Link(CALLER, "contactmomenten/klantcontactmomenten", {
            "klant": f"https://register/klanten/klanten/{SHEET}",
            "contactmoment": "https://register/contactmomenten/contactmomenten/r1",
        })
    ]  # fmt: skip


def test_a_contactmoment_is_closed_with_its_answer():
    record, _ = sent([contact(), case()], "moment")
    assert record == {
        "kanaal": "telefoon",
        "registratiedatum": "2026-01-02T03:04:05Z",
        "tekst": "Paspoort",
        "antwoord": f"Wat kost het?\nEn wanneer?\n\n{SIGN}",
        "type": "Contactmoment",
        "status": "afgehandeld",
    }
    record, aside = sent([contact(inhoud="", onderwerp="")], "moment")
    assert (record["tekst"], record["antwoord"]) == ("N.v.t.", f"N.v.t.\n\n{SIGN}")
    assert as_read(COMPOSER.asides.read(CONTACT, record, aside)) == as_read(
        [contact(inhoud="", onderwerp="")]
    )


@pytest.mark.parametrize("kind", ["verzoek", "moment"])
def test_every_piece_reads_as_it_was_sent(kind):
    """The aside holds the rest; of what the record says nothing is repeated."""
    record, aside = sent(ALL, kind)
    assert as_read(COMPOSER.asides.read(CONTACT, record, aside)) == as_read(ALL)
    if kind == "verzoek":
        texts = str(aside)
        assert not any(said in texts for said in ("Wat kost het", "voorbeeld.nl", "Na vijf uur", "Bakker"))


def test_a_late_piece_stands_aside():
    late = Piece(THIRD, "digitaleadressen", address(THIRD, "email", "laat@voorbeeld.nl").body, late=True)
    pieces = [contact(), caller(), task(), late]
    record, aside = sent(pieces)
    assert "contactgegevens" not in record
    assert as_read(COMPOSER.asides.read(CONTACT, record, aside)) == as_read(pieces)


TEXT = st.one_of(HOSTILE, st.just(""), st.text(max_size=12))


def hostile(kind, texts):
    """Whatever people write, it is read back, from the record or from what stands beside it."""
    onderwerp, inhoud, toelichting, organisatie, adres, naam = texts
    pieces = [
        contact(onderwerp=onderwerp, inhoud=inhoud),
        caller(
            organisatienaam=organisatie, contactnaam={"achternaam": naam, "voorletters": "", "voornaam": ""}
        ),
        address(MAIL, "email", adres),
        address(PHONE, "anders", adres),
        task(JAN, toelichting=toelichting, gevraagdeHandeling=organisatie),
    ]
    record, aside = sent(pieces, kind)
    assert as_read(COMPOSER.asides.read(CONTACT, record, aside)) == as_read(pieces)


DRAWN = (st.sampled_from(["verzoek", "moment"]), st.tuples(*[TEXT] * 6))


def test_hostile_texts_are_read_back():
    settings(max_examples=20, deadline=None)(given(*DRAWN)(hostile))()


@pytest.mark.contract
def test_many_hostile_texts_are_read_back():
    settings(max_examples=1500, deadline=None)(given(*DRAWN)(hostile))()


def changed(record, **members):
    """The record after an employee changed it; a member that is None is gone."""
    after = copy.deepcopy(record) | members
    return {name: each for name, each in after.items() if each is not None}


def after(record, aside, **members):
    return as_read(COMPOSER.asides.read(CONTACT, changed(record, **members), aside))


def test_what_an_employee_changes_wins():
    """Of a member that the record says, and of what depends on it; the rest stays as it was sent."""
    record, aside = sent(ALL)
    closed = after(record, aside, status="afgehandeld")
    assert closed[TASK][1]["status"] == "verwerkt"
    assert closed[TASK][1]["toegewezenAanActoren"] == [ref(JAN), ref(BALIE)]
    busy = after(record, aside, status="in_behandeling")
    assert busy == as_read(ALL)
    given_to = after(record, aside, behandelaar={"gebruikersnaam": "piet"})
    assert given_to[TASK][1]["toegewezenAanActoren"] == [ref(PAAR), ref(BALIE)]
    unknown = after(record, aside, groep="Nieuw", behandelaar=None)
    # Whom no directory knows is served as the record has it, under a uuid that follows from the contact.
    new = derived(CONTACT, "groep", "d")
    assert unknown[TASK][1]["toegewezenAanActoren"] == [ref(new)]
    assert unknown[new] == (
        "actoren", {"naam": "Nieuw", "soortActor": "organisatorische_eenheid", "actoridentificator": GROUP}
    )  # fmt: skip
    mail = after(
        record, aside, contactgegevens={**record["contactgegevens"], "emailadres": "nieuw@voorbeeld.nl"}
    )
    assert mail[MAIL][1] == {**ALL[3].body, "adres": "nieuw@voorbeeld.nl"}
    assert after(record, aside, tekst="Rijbewijs\nWat kost het?")[CONTACT][1]["onderwerp"] == "Rijbewijs"
    other = after(record, aside, medewerkerIdentificatie={"identificatie": "piet"})
    assert other[LINK][1]["actor"] == ref(PAAR)


def test_an_address_that_is_emptied_is_gone():
    record, aside = sent(ALL)
    left = after(record, aside, contactgegevens=None)
    assert {MAIL, PHONE, OTHER} & set(left) == set()
    assert THIRD in left


def test_a_text_that_is_rewritten_keeps_its_people():
    """The betrokkene and the taak stay, without what the text no longer says; all is the toelichting."""
    record, aside = sent(ALL)
    left = after(record, aside, toelichting="Gebeld: Jo de Boer van Bakker, komt langs.")
    assert left[TASK][1]["toelichting"] == "Gebeld: Jo de Boer van Bakker, komt langs."
    assert CALLER in left
    assert left[CALLER][1]["rol"] == "klant"
    assert "organisatienaam" not in left[CALLER][1]
    # Without its sign it is still the same contact.
    bare = after(record, aside, toelichting=record["toelichting"].removesuffix(f"\n\n{SIGN}"))
    assert bare == as_read(ALL)


def test_the_fall_back_group_reads_for_whom_it_was_meant():
    """And API clients read whom they chose."""
    record, aside = sent(ALL, fall_back=True)
    assert (record["groep"], "behandelaar" in record) == ("Terugbellijst", False)
    assert "Bedoeld voor: jan, Balie" in record["toelichting"].split("\n")
    assert as_read(COMPOSER.asides.read(CONTACT, record, aside)) == as_read(ALL)


def test_a_contact_that_was_made_in_the_register_reads_as_pieces():
    """Each under a uuid that stays the same; a client recorded none of them."""
    record, _ = sent(ALL)
    found = as_read(COMPOSER.asides.read(CONTACT, {**record, "groep": None}, None))
    taak, mail, caller_ = (derived(CONTACT, "", digit) for digit in "917")
    assert found[CONTACT][1]["onderwerp"] == "Paspoort"
    assert found[CONTACT][1]["taal"] == "nld"
    assert found[taak] == ("internetaken", {
        "status": "te_verwerken", "gevraagdeHandeling": "Terugbellen", "toelichting": "Na vijf uur.",
        "aanleidinggevendKlantcontact": ref(CONTACT), "toegewezenAanActoren": [ref(JAN)],
    })  # fmt: skip
    assert found[derived(CONTACT, "", "8")][1] == {"klantcontact": ref(CONTACT), "actor": ref(JAN)}
    assert found[mail][1] == {
        "adres": "j@voorbeeld.nl", "soortDigitaalAdres": "email", "verstrektDoorBetrokkene": ref(caller_),
    }  # fmt: skip
    assert found[caller_][1]["rol"] == "klant"
    assert found[derived(CONTACT, "overig", "a")][1]["adres"] == "0687654321"
    (moment, *_) = COMPOSER.asides.read(CONTACT, {"type": "Balie", "tekst": "Vraag", "antwoord": "Ja"}, None)
    assert (moment.body["onderwerp"], moment.body["inhoud"]) == ("Vraag", "Ja")
