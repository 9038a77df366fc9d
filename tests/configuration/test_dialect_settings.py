"""A setting of a dialect's own: decided by a deployment, and a default of its members."""

import shutil

import pytest
from adapter.configuration import ConfigurationInvalid, model, parse
from adapter.dialects import Library, mappings_folder
from adapter.mapping.examples.written import ExampleLinks
from adapter.mapping.load import load
from adapter.shipped import example_settings, register_documents, served_document

from tests.configuration.test_configuration import ENVIRONMENT, EXAMPLE

OWN = "settings:\n  gewone_taal: {default: eng, maxLength: 3, description: The language of most contacts.}\n"


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """Mappings of which the dialect has a setting of its own, for what is not known of a contact."""
    found = shutil.copytree(mappings_folder(), tmp_path / "mappings")
    file = found / "openklant" / "dialect.yaml"
    file.write_text(f"{file.read_text()}{OWN}")
    contacts = found / "vng" / "klantcontacten.yaml"
    text = contacts.read_text()
    assert "taal: {absent: nld}" in text
    contacts.write_text(text.replace("taal: {absent: nld}", "taal: {absent: {setting: gewone_taal}}"))
    monkeypatch.setattr(model, "SHIPPED", Library((found,)))
    return found


def absent(folder, settings):
    loaded = load(
        Library((folder,)),
        "openklant",
        served=served_document(),
        registers=register_documents("openklant"),
        settings=settings,
        links=ExampleLinks(),
    )
    return loaded.resources["klantcontacten"].members["taal"].absent.value


@pytest.mark.usefixtures("folder")
def test_a_deployment_decides_it_as_any_other_setting():
    text = EXAMPLE.read_text()
    assert parse(text, ENVIRONMENT).settings["gewone_taal"] == "eng"
    assert parse(f"{text}    gewone_taal: fry\n", ENVIRONMENT).settings["gewone_taal"] == "fry"
    with pytest.raises(ConfigurationInvalid, match="gewone_taal: is longer than 3 characters"):
        parse(f"{text}    gewone_taal: fries\n", ENVIRONMENT)
    with pytest.raises(ConfigurationInvalid, match="did you mean gewone_taal"):
        parse(f"{text}    gewone_tal: fry\n", ENVIRONMENT)


@pytest.mark.usefixtures("folder")
def test_another_dialect_does_not_have_it():
    text = EXAMPLE.read_text().replace("dialect: openklant", "dialect: vng")
    with pytest.raises(ConfigurationInvalid, match="gewone_taal: is not known here"):
        parse(f"{text}    gewone_taal: fry\n", ENVIRONMENT)


def test_a_member_is_what_it_says_when_nothing_is_known(folder):
    assert absent(folder, example_settings()) == "eng"
    assert absent(folder, {**example_settings(), "gewone_taal": "fry"}) == "fry"
