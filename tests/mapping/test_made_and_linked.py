"""Mistakes in what a record is made of, and in what only a link says, are told with their place."""

import shutil

import pytest
from adapter.dialects import SHIPPED

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
]  # fmt: skip


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_is_told(tmp_path, checked, mistake):
    file, change, into, says = mistake
    folder = shutil.copytree(SHIPPED.folders[0], tmp_path / "mappings")
    path = folder / "esuite" / f"{file}.yaml"
    text = path.read_text()
    assert change in text
    path.write_text(text.replace(change, into))
    (found,) = checked(folder)
    assert says in str(found)
    assert f"esuite/{file}.yaml" in str(found)
