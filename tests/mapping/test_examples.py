"""Examples in mapping files: they come out, and tell readably when they do not."""

import pytest
import yaml
from adapter.dialects import Library
from adapter.mapping.examples.telling import told
from adapter.shipped import try_mappings

from tests.mapping.conftest import leave_what_it_is_not_in


def _broken(mappings, file, change, into):
    path = mappings / file
    text = path.read_text(encoding="utf-8")
    assert text.count(change) == 1, f"{change!r} stands {text.count(change)} times"
    path.write_text(text.replace(change, into), encoding="utf-8")
    leave_what_it_is_not_in(mappings, "vng")
    return list(told({"vng": try_mappings(Library((mappings,)))["vng"]}))


@pytest.fixture(scope="module")
def shipped():
    return try_mappings()


def test_the_shipped_examples_come_out(shipped):
    assert set(shipped) == {"klantenbundle", "openklant", "vng", "esuite"}
    assert list(told(shipped)) == []


def test_every_home_with_pairs_has_an_example(shipped):
    homes = {(each.resource, each.home) for each in shipped["vng"]}
    assert {("actoren", "groep"), ("betrokkenen", "taak"), ("partij-identificatoren", "vestiging")} <= homes


def test_a_difference_names_file_line_and_both_values(mappings):
    lines = _broken(
        mappings, "vng/klantcontacten.yaml", "    register: {kanaal: chat}", "    register: {kanaal: balie}"
    )

    at = (mappings / "vng/klantcontacten.yaml").read_text(encoding="utf-8").splitlines()
    number = at.index("    register: {kanaal: balie}") + 1
    assert lines == [
        f"mappings/vng/klantcontacten.yaml:{number}: een ander kanaal raakt de rest niet: register.kanaal "
        "(dialect vng)",
        '    the example says    "balie"',
        '    the mapping gives   "chat"',
    ]


def test_an_inherited_example_that_holds_no_longer_says_how_it_is_replaced(mappings):
    """It holds in its own dialect, so the file in which it stands is not the one to change."""
    file = mappings / "openklant" / "klantcontacten.yaml"
    content = yaml.load(file.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    content.setdefault("homes", {}).setdefault("contactmoment", {}).setdefault("fields", {})
    content["homes"]["contactmoment"]["fields"]["kanaal"] = {"at": "voorkeurskanaal"}
    file.write_text(yaml.safe_dump(content), encoding="utf-8")

    lines = list(told(try_mappings(Library((mappings,)))))

    assert lines
    assert any(line.startswith("mappings/vng/") and "(dialect openklant)" in line for line in lines)
    ways = [line for line in lines if line.startswith("    it comes from the dialect that openklant extends")]
    assert ways
    assert all(line.endswith("also: [...]} in openklant/klantcontacten.yaml") for line in ways)


def test_long_texts_are_shown_around_the_place_where_they_part(mappings):
    lines = _broken(
        mappings,
        "vng/correspondences/contactmoment.yaml",
        "inhoud: {at: tekst, too_long: cut}",
        "inhoud: {at: tekst, too_long: aside}",
    )

    assert any("characters)" in line for line in lines)
    assert all(len(line) < 150 for line in lines)


MUTATIONS = [
    (
        "vng/correspondences/contactmoment.yaml",
        "  kanaal: kanaal\n  plaats",
        "  kanaal: voorkeurskanaal\n  plaats",
    ),
    ("vng/correspondences/contactmoment.yaml", "taal: voorkeurstaal", "taal: kanaal"),
    ("vng/klantcontacten.yaml", "  taal: {absent: nld}", "  taal: {absent: eng}"),
    (
        "vng/correspondences/contactmoment.yaml",
        "bronorganisatie: {setting: bronorganisatie}",
        "bronorganisatie: {setting: onbekende_medewerker}",
    ),
    ("vng/correspondences/klant.yaml", "voornaam: {at: voornaam,", "voornaam: {at: achternaam,"),
    (
        "vng/correspondences/klant.yaml",
        "organisatie: [niet_natuurlijk_persoon, vestiging]",
        "organisatie: [vestiging, niet_natuurlijk_persoon]",
    ),
    ("vng/partijen.yaml", "      nummer: {fill: random_code}\n", ""),
    ("vng/correspondences/klant.yaml", "else_at: [subjectIdentificatie.statutaireNaam, ", "else_at: ["),
    (
        "vng/correspondences/klantcontactmoment.yaml",
        "klant: [belanghebbende, gesprekspartner]",
        "klant: [gesprekspartner, belanghebbende]",
    ),
    ("vng/correspondences/klantcontactmoment.yaml", "where: {wasPartij: given}", "where: {wasPartij: null}"),
    (
        "vng/correspondences/internetaak.yaml",
        "email: [email, e-mailadres, emailadres]",
        "email: [email, emailadres]",
    ),
    ("vng/digitaleadressen.yaml", "part: klant.telefoonnummer", "part: klant.emailadres"),
    (
        "vng/correspondences/internetaak.yaml",
        "toelichting: {at: data.toelichting, too_long: cut}",
        "toelichting: {at: data.handeling, too_long: cut}",
    ),
    ("vng/internetaken.yaml", "      toegewezenOp: {as: instant}\n", ""),
    ("vng/correspondences/internetaak.yaml", "verwerkt: verwerkt", "verwerkt: afgehandeld"),
    ("vng/correspondences/objectcontactmoment.yaml", "uuid_of: zaken/zaken", "too_long: aside"),
    (
        "vng/partij-identificatoren.yaml",
        "part: klant.subjectIdentificatie.innNnpId",
        "part: klant.subjectIdentificatie.inpBsn",
    ),
    ("vng/actoren.yaml", "else_at: [identificatie], ", ""),
]


@pytest.mark.parametrize(
    ("file", "change", "into"), MUTATIONS, ids=[each[1].strip()[:40] for each in MUTATIONS]
)
def test_a_changed_mapping_is_noticed(file, change, into, mappings, checked):
    """Whatever the check lets through, an example notices."""
    lines = _broken(mappings, file, change, into)

    assert lines or checked(mappings)
