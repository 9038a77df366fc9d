"""Mistakes in what a record is made of, in what only a link says, and in how links are found, are told."""

import shutil

import pytest
from adapter.dialects import SHIPPED

from tests.mapping.conftest import leave_what_it_is_not_in

FOUND = "found_by: [contactmoment, object]"
LINK = "owner: contactmoment, there: klant}"
MISTAKES = [
    (
        "betrokkenen", LINK, "owner: klant, there: contactmoment}",
        "klantcontactmomenten is not searched by contactmoment (registers.yaml)",
    ),
    (
        "betrokkenen", LINK, "owner: contact, there: klant}",
        "contactmomenten/klantcontactmomenten has no contact; did you mean contactmoment?",
    ),
    (
        "partijen", "inpBsn: {one_of: partijIdentificatoren", "inpBsn: {one_of: digitaleAdressen",
        "digitaleAdressen does not come nested in partijen",
    ),
    (
        "partijen", "subjectIdentificatie.inpBsn: {one_of", "subjectIdentificatie.bsn: {one_of",
        "klanten/klanten subjectIdentificatie has no bsn",
    ),
    (
        "onderwerpobjecten", FOUND, "found_by: [contactmoment, objekt]",
        "no pair has objekt; did you mean object?",
    ),
    (
        "onderwerpobjecten", FOUND, "found_by: [object, contactmoment]",
        "say a reference first, and what tells the objectcontactmomenten of one record apart",
    ),
    (
        "onderwerpobjecten", "[takes, keys, created, first]", "[takes, keys, first]\n    created: true",
        "nothing is kept beside what is found so: leave out created",
    ),
    (
        "internetaken", "{setting: contactverzoek_type}", "{setting: adres_zonder_klant}",
        "the setting adres_zonder_klant is per_client: only passed_over can ask for it",
    ),
]  # fmt: skip


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_is_told(tmp_path, checked, mistake):
    file, change, into, says = mistake
    folder = shutil.copytree(SHIPPED.folders[0], tmp_path / "mappings")
    path = folder / "esuite" / f"{file}.yaml"
    text = path.read_text()
    assert change in text
    path.write_text(text.replace(change, into))
    leave_what_it_is_not_in(folder, "esuite")
    found, *others = checked(folder)
    assert others == []
    assert says in str(found)
    assert f"esuite/{file}.yaml" in str(found)


def test_what_is_found_so_is_read_only(tmp_path, checked):
    """Where it is not, something would have to be written as well, and that is told too."""
    folder = shutil.copytree(SHIPPED.folders[0], tmp_path / "mappings")
    path = folder / "esuite" / "onderwerpobjecten.yaml"
    text = path.read_text()
    assert "    read_only:" in text
    path.write_text(text.replace("    read_only:", "    stays:"))
    leave_what_it_is_not_in(folder, "esuite")
    says = "what is found so is neither changed nor deleted: say read_only, with a reason"
    assert len([each for each in checked(folder) if says in str(each)]) == 1
