"""A mistake in a correspondence is named with its file, its line and the way out."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from adapter.correspondence.reading import read_correspondences
from adapter.dialects import SHIPPED, Library, mappings_folder
from adapter.mapping.files import read_files
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
    (
        "klant",
        "words: {persoon:",
        "words: {persoo:",
        "persoo is not one of its values; did you mean persoon?",
    ),
    (
        "klant",
        "[niet_natuurlijk_persoon, vestiging]",
        "niet_natuurlijk_persoon",
        "vestiging is not among words",
    ),
    ("klantcontactmoment", "[belanghebbende, ge", "[belanghebbend, ge", "belanghebbend is not "),
    ("contactmoment", "one_of: actoren", "one_of: actor", "the new API has no actor"),
    ("contactmoment", "as: short_identifier", "as: short", "as cannot be short"),
    ("klantcontactmoment", "old: contactmomenten/", "old: contacten/", "no register has contacten/"),
    ("internetaak", "if: {soortActor: org", "if: {soortActo: org", "has no soortActo"),
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


# What a dialect of one's own says over the correspondence klant, and what is told of it.
OVER = [
    ("by: {soortPartij: {without: [contactpersoon]}}", "there is no group for soortPartij contactpersoon"),
    ("by: {soortPartij: {persoon: {same_as: {x: y}}}}", "there is no {'x': 'y'} to be the same as"),
    ("pairs: {soortPartij: {sharper: {vestiging: onzin}}}", "vestiging wants the names of a sharper word"),
    ("pairs: {soortPartij: {sharper: {vestiging: {any: null}}}}", "any wants text"),
    ("pairs: {soortPartij: {without: 3}}", "without wants a list of names"),
    ("pairs: {without: [{x: y}]}", "without wants a list of names"),
    ("pairs: {without: [functie]}", "functie is not there to be left out"),
    (
        "by: {soortPartij: {organisatie: {partijIdentificatie.naam: {else_at: {also: 3}}}}}",
        "else_at wants a list",
    ),
]


@pytest.mark.parametrize(("over", "says"), OVER, ids=[each[0] for each in OVER])
def test_a_mistake_of_ones_own_is_named(over: str, says: str, tmp_path: Path) -> None:
    (error, *_) = check_mappings(_own(tmp_path, "vng", over))

    assert says in error.problem
    assert error.position[0] >= 1


def test_what_is_no_line_of_a_home_is_left_out_of_its_correspondence(tmp_path: Path) -> None:
    """A filler that is worked out, and a place in a list, are of the correspondence alone."""
    filler = _own(tmp_path / "filler", "vng", "fill: {old: {without: [klantnummer]}}")
    pair = _own(tmp_path / "pair", "klantenbundle", "pairs: {without: [correspondentieadres.straatnaam]}")

    assert check_mappings(filler) == []
    assert check_mappings(pair) == []


def test_what_one_says_of_a_part_is_read_in_both_directions(tmp_path: Path) -> None:
    """The home says only which part it is, in the dialect that is extended."""
    over = "parts: {emailadres: {where: {soortDigitaalAdres: mail}, make: {isStandaardAdres: false}}}"
    library = _own(tmp_path, "openklant", over)

    home = read_files(library, "stad").contents["digitaleadressen"]["homes"]["email"]

    assert home["means"] == {"soortDigitaalAdres": "mail", "isStandaardAdres": False}
    assert home["fields"] == {"adres": {"at": "emailadres", "too_long": "refuse"}}
    part = read_correspondences(library, "stad")["klant"].content["parts"]["emailadres"]
    assert part["where"] == {"soortDigitaalAdres": "mail"}


def _own(folder: Path, extends: str, over: str) -> Library:
    """A library with a dialect that says something over a correspondence of the one that it extends."""
    file = folder / "own" / "stad" / "correspondences" / "klant.yaml"
    file.parent.mkdir(parents=True)
    file.write_text(over, encoding="utf-8")
    (folder / "own" / "stad" / "dialect.yaml").write_text(f"extends: {extends}", encoding="utf-8")
    return SHIPPED.with_own(folder / "own")
