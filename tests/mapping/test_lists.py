"""Lists in a record of which every item is a resource, also when the items are plain values."""

from pathlib import Path

from adapter.dialects import Library
from adapter.mapping.examples.telling import told
from adapter.mapping.slot_files import slot_files
from adapter.openapi.document import read_yaml
from adapter.scenes.run import play_scenes
from adapter.shipped import check_mappings, try_mappings

from tests.mapping.conftest import leave_what_it_is_not_in

ADDED = read_yaml(Path(__file__).with_name("lists.yaml"))


def _written(mappings, file, *changes):
    path = mappings / "vng" / file
    text = path.read_text(encoding="utf-8")
    for change, into in changes:
        assert text.count(change) == 1, f"{change!r} stands {text.count(change)} times in {file}"
        text = text.replace(change, into)
    path.write_text(text, encoding="utf-8")


def _given_digits(mappings):
    for path, text in slot_files(Library((mappings,)), ["vng"]):
        path.write_text(text, encoding="utf-8")


def _played(mappings, resource):
    return list(told({"vng": play_scenes(Library((mappings,)), "vng", (resource,))}))


def test_a_plain_value_in_a_list_is_a_resource_like_any_other(mappings):
    """It is made, changed and taken out on either side, and the other sees that."""
    leave_what_it_is_not_in(mappings, "vng")
    _written(
        mappings,
        "bijlagen.yaml",
        ("filters:\n", f"{ADDED['plain_home']}filters:\n"),
        ("scenes:\n", f"scenes:\n{ADDED['plain_scene']}"),
    )
    _written(
        mappings,
        "klantcontacten.yaml",
        (" onderwerpLinks,", ""),
    )
    _written(mappings, "correspondences/contactmoment.yaml", ("parts:\n", f"parts:\n{ADDED['plain_part']}"))
    _given_digits(mappings)
    assert [str(each) for each in check_mappings(Library((mappings,)))] == []
    assert list(told({"vng": try_mappings(Library((mappings,)))["vng"]})) == []
    assert _played(mappings, "bijlagen") == []


def test_a_key_in_every_item_of_a_list_names_as_many(mappings):
    """Of an object too; it is found by each of them."""
    _written(mappings, "actoren.yaml", ("filters:\n", f"{ADDED['named_home']}filters:\n"))
    _written(
        mappings,
        "internetaken.yaml",
        (
            "      toegewezenOp: {as: instant}\n",
            "      toegewezenOp: {as: instant}\n"
            "      toegewezenAanActoren: {known: [actoren.taak, actoren.adres]}\n",
        ),
        ("scenes:\n", f"scenes:\n{ADDED['named_scene']}"),
    )
    # the record has no digits left
    _written(mappings, "digitaleadressen.yaml", ("at_most: 9", "at_most: 7"))
    _given_digits(mappings)
    assert [each for each in _played(mappings, "internetaken") if "met een adres" in each] == []
