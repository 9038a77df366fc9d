"""A mistake in a correspondence is named with its file, its line and the way out."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from adapter.dialects import Library, mappings_folder
from adapter.shipped import check_mappings

MISTAKES = [
    ("klant", "pairs:\n", "pair:\n", "pair is no construct of a correspondence; did you mean pairs?"),
    ("klant", "at: klantnummer", "at: klantnumer", "klanten/klanten has no klantnumer"),
    ("klant", "  nummer: {at", "  numer: {at", "partijen has no numer"),
    ("klant", "frozen: old", "frozen: odl", "frozen cannot be odl; did you mean old?"),
    ("klant", "range: [1, 99999]", "range: [1]", "a range is two numbers: [least, most]"),
    ("klant", "same_as: emailadres", "same_as: emailadre", "there is no emailadre to be the same as"),
    (
        "klant",
        "one_of: digitaleadressen.verstrektDoorPartij",
        "one_of: digitaleadressen",
        "by which it refers",
    ),
    ("klant", "value: {new: adres, too_long", "value: {too_long", "this needs new: the member of the row"),
    ("klant", "{setting: website_url}", "{setting: website}", "there is no setting website"),
    ("contactmoment", "one_of: actoren", "one_of: actor", "the new API has no actor"),
    ("contactmoment", "as: short_identifier", "as: short", "as cannot be short"),
    ("klantcontactmoment", "old: contactmomenten/", "old: contacten/", "no register has contacten/"),
]


@pytest.mark.parametrize(("name", "right", "wrong", "says"), MISTAKES, ids=[each[2] for each in MISTAKES])
def test_a_mistake_is_named(name: str, right: str, wrong: str, says: str, tmp_path: Path) -> None:
    folder = tmp_path / "mappings"
    shutil.copytree(mappings_folder() / "vng", folder / "vng")
    file = folder / "vng" / "correspondences" / f"{name}.yaml"
    text = file.read_text(encoding="utf-8")
    assert right in text
    file.write_text(text.replace(right, wrong, 1), encoding="utf-8")

    (error, *_) = check_mappings(Library((folder,)))

    assert says in error.problem
    assert error.file.endswith(f"{name}.yaml")
    assert error.position[0] > 1
