"""Dialects of a municipality's own, in a folder of theirs beside the shipped ones."""

import shutil

import pytest
from adapter.cli import main
from adapter.commands.opening import Failure, prepared
from adapter.configuration import ConfigurationInvalid, parse
from adapter.dialects import SHIPPED, Library
from adapter.embedded.dialect import document_of
from adapter.engine.maintenance.objecttypes import known_types
from adapter.main import prepare
from adapter.mapping.load import read_dialect
from adapter.opening import open_registers
from adapter.shipped import register_document

from tests.configuration.test_configuration import ENVIRONMENT, EXAMPLE

DIALECT = "  dialect: openklant\n"


@pytest.fixture(scope="module")
def begun(tmp_path_factory):
    """A folder with a dialect as `new-dialect` writes it, for copies."""
    folder = tmp_path_factory.mktemp("own") / "mijn"
    assert main(["new-dialect", "stad", "--extends", "klantenbundle", "--mappings", str(folder)]) == 0
    return folder


@pytest.fixture
def own(begun, tmp_path):
    """Such a folder, to be changed."""
    return shutil.copytree(begun, tmp_path / "mijn")


def said(capsys):
    return capsys.readouterr().err.removeprefix("klantbrug: the mappings cannot be used:").split("\n")


@pytest.mark.parametrize(
    "extends",
    [
        pytest.param(each, marks=() if each == "openklant" else pytest.mark.contract)
        for each in SHIPPED.dialects()
    ],
)
def test_a_new_dialect_is_right_as_it_stands(extends, tmp_path, capsys):
    """It can be served at once, and shows that its examples are run."""
    folder = str(tmp_path / "mijn")
    assert main(["new-dialect", "dorp", "--extends", extends, "--mappings", folder]) == 0
    assert f"klantbrug test --mappings {folder}" in capsys.readouterr().out
    assert main(["check", "--mappings", folder]) == 0
    assert main(["test", "--mappings", folder, "rekeningnummers", "actoren"]) == 0
    out, err = capsys.readouterr()
    assert "in dialect dorp" in out
    assert "vng" not in out
    assert err == ""


def test_a_new_dialect_replaces_nothing(own, capsys):
    for name, extends, reason in (
        ("stad", "vng", "there is a dialect stad already"),
        ("openklant", "vng", "there is a dialect openklant already"),
        ("Stad", "vng", "is no name of a dialect"),
        ("../stad", "vng", "is no name of a dialect"),
        ("dorp", "openklnt", "there is no dialect openklnt; did you mean openklant?"),
    ):
        assert main(["new-dialect", name, "--extends", extends, "--mappings", str(own)]) == 1
        assert reason in capsys.readouterr().err
    assert sorted(each.name for each in own.iterdir()) == ["mapping.schema.json", "stad"]


@pytest.mark.parametrize(
    ("file", "text", "mistake"),
    [
        (
            "overlays/klant.yaml",
            "overlay: 1.0.0\n",
            "mijn/stad/overlays/klant.yaml:1:1: is no overlay of a register",
        ),
        (
            "overlays/klanten.yaml",
            "overlay: 1.0.0\n",
            "mijn/stad/overlays/klanten.yaml:1:1: actions: must be",
        ),
        (
            "overlays/klanten.yaml",
            "overlay: 1.0.0\nactions:\n  - target: $.components.schemas.Klantje\n    remove: true\n",
            "mijn/stad/overlays/klanten.yaml:3:5: actions[0]: nothing in the document matches",
        ),
        (
            "overlays/klanten.yaml",
            "overlay: [\n",
            "mijn/stad/overlays/klanten.yaml:2:1: the value that stands",
        ),
        ("objecttypes/team.json", "{", "mijn/stad/objecttypes/team.json:1:1: is no JSON Schema"),
        ("objecttypes/team.json", "{}", "mijn/stad/objecttypes/team.json:1:1: needs a title"),
        (
            "objecttypes/ploeg.json",
            '{"title": "Ploeg", "properties": {}}',
            "there is a schema of Ploeg in objecttypes, which no home uses",
        ),
        ("dialect.yaml", "extends: stadje\n", "mijn/stad/dialect.yaml:1:1: there is no dialect stadje"),
        (
            "dialect.yaml",
            "extends: vng\nregisters:\n  klant: {document: klanten}\n",
            "mijn/stad/dialect.yaml:3:3: there is no register klant; there is",
        ),
        (
            "dialect.yaml",
            "extends: vng\nregisters:\n  klanten: {document: klantje}\n",
            "mijn/stad/dialect.yaml:3:13: there is no specification klantje.yaml",
        ),
        (
            "dialect.yaml",
            "extends: vng\nregisters:\n  klanten: {document: esuite-klanten}\n",
            "partijen.yaml",
        ),
        (
            "klantcontacten.yaml",
            "homes: {contactmoment: {fields: {kanaal: knaal}}}\n",
            "did you mean kanaal?",
        ),
    ],
)
def test_check_tells_what_is_wrong_in_any_file(own, capsys, file, text, mistake):
    (own / "stad" / file).write_text(text, encoding="utf-8")
    assert main(["check", "--mappings", str(own)]) == 1
    assert mistake in capsys.readouterr().err


def test_a_dialect_may_not_have_the_name_of_a_shipped_one(own, capsys):
    """Those that extend the shipped one would otherwise change with it."""
    (own / "stad").rename(own / "vng")
    assert main(["check", "--mappings", str(own)]) == 1
    assert (
        "mijn/vng:1:1: there is a dialect vng already, which comes with KlantBrug" in capsys.readouterr().err
    )


def test_a_folder_that_holds_none_is_told(tmp_path, capsys):
    for folder, reason in ((tmp_path, "has no dialect"), (tmp_path / "weg", "is no folder")):
        assert main(["check", "--mappings", str(folder)]) == 1
        assert reason in capsys.readouterr().err


def test_what_a_dialect_adds_to_a_list_is_added_to_what_the_one_between_added(own):
    """Three dialects, each with examples and scenes of its own: all are there."""
    read = read_dialect(SHIPPED.with_own(own), "stad")
    assert read.chain == ("stad", "klantenbundle", "openklant", "vng")
    between = read_dialect(SHIPPED, "klantenbundle").files["actoren"]
    for part in ("examples", "scenes"):
        names = [each["name"] for each in read.files["actoren"][part]]
        inherited = [each["name"] for each in between[part]]
        assert names[: len(inherited)] == inherited
        assert len(names) > len(inherited)


def configuration(own, dialect="stad"):
    text = EXAMPLE.read_text(encoding="utf-8")
    assert DIALECT in text
    return parse(text.replace(DIALECT, f"  dialect: {dialect}\n  mappings: {own}\n"), ENVIRONMENT)


def test_a_deployment_serves_a_dialect_of_its_own(own):
    found = configuration(own)
    assert found.settings["gewone_taal"] == "nld"
    adapter = prepare(found)
    try:
        contact = adapter.mappings.resources["klantcontacten"]
        assert contact.members["taal"].absent.value == "nld"
        assert "Team" in known_types(adapter.mappings)
        assert adapter.mappings.shapes["Team"]["required"] == ["code", "naam"]
    finally:
        adapter.close()
    document = register_document("contactmomenten", "stad", found.library)
    properties = document["components"]["schemas"]["ContactMoment"]["properties"]
    assert {"baliecode", "afwijkendOnderwerp", "klantcontactmomenten"} <= properties.keys()


def test_a_configuration_tells_which_dialects_there_are(own, tmp_path):
    with pytest.raises(
        ConfigurationInvalid, match=r"is no dialect: there is esuite, klantenbundle, openklant, stad, vng"
    ):
        configuration(own, "dorp")
    with pytest.raises(ConfigurationInvalid, match=r"klantbrug.mappings: is no folder on this machine"):
        configuration(tmp_path / "weg", "openklant")


def test_what_is_wrong_in_a_dialect_stops_serving_it_and_no_other(own, tmp_path, monkeypatch):
    """A mistake is told when KlantBrug starts, and not by an answer that is wrong."""
    for name, value in ENVIRONMENT.items():
        monkeypatch.setenv(name, value)
    shutil.copytree(own / "stad", own / "dorp")
    (own / "dorp" / "klantcontacten.yaml").write_text("homes: {moment: {}}\n", encoding="utf-8")
    file = tmp_path / "klantbrug.yaml"
    text = EXAMPLE.read_text(encoding="utf-8")
    for dialect in ("stad", "dorp"):
        given = f"  dialect: {dialect}\n  mappings: {own}\n"
        file.write_text(text.replace(DIALECT, given), encoding="utf-8")
        if dialect == "dorp":
            with pytest.raises(Failure, match=r"mijn/dorp/klantcontacten.yaml:1:9: a home needs"):
                prepared(file)
        else:
            prepared(file).close()


def test_check_prints_where_the_properties_of_a_dialect_live(own, capsys):
    """With those that it extends, and without the others."""
    assert main(["check", "--coverage", "--mappings", str(own)]) == 0
    lines = [line.split() for line in capsys.readouterr().out.splitlines()]
    homes = [each[2:] for each in lines if each[:2] == ["klantcontacten", "hoofdOnderwerpType"]]
    assert len(homes) == 4
    assert homes[-1] == ["contactmoment:", "contactmomenten/contactmomenten", "onderwerptype"]


@pytest.mark.contract
def test_docs_describes_a_dialect_with_those_that_it_extends(own, tmp_path):
    assert main(["docs", "--mappings", str(own), "--to", str(tmp_path / "docs")]) == 0
    page = (tmp_path / "docs" / "reference" / "klantcontacten.md").read_text(encoding="utf-8")
    assert "stad" in page
    assert "onderwerptype" in page


def test_a_dialect_may_have_another_specification_of_a_register(own):
    """What the dialects that it extends say of the standard's is not for it."""
    (own / "stad" / "dialect.yaml").write_text(
        "extends: klantenbundle\nregisters:\n  klanten: {document: esuite-klanten, user_header: X-User}\n",
        encoding="utf-8",
    )
    library = SHIPPED.with_own(own)
    titles = {
        name: register_document(name, "stad", library)["info"]["title"]
        for name in ("klanten", "contactmomenten")
    }
    assert titles == {
        "klanten": "Klanten van de e-Suite",
        "contactmomenten": register_document("contactmomenten", "klantenbundle")["info"]["title"],
    }
    assert document_of("klanten", library.lineage("stad"), library).raw["info"]["title"] == titles["klanten"]
    assert library.facts("klanten", library.lineage("stad"))["user_header"] == "X-User"
    assert SHIPPED.facts("klanten", SHIPPED.lineage("klantenbundle")) == {}


def test_no_deployment_is_served_by_an_unfinished_dialect(own):
    """Nor by one that extends it; what is missing is said in its place."""
    begun = "extends: klantenbundle\nunfinished: tasks cannot be recorded yet\n"
    (own / "stad" / "dialect.yaml").write_text(begun, encoding="utf-8")
    wijk = own / "wijk"
    wijk.mkdir()
    (wijk / "dialect.yaml").write_text("extends: stad\n", encoding="utf-8")
    library = SHIPPED.with_own(own)
    assert (library.own(), library.tried(), library.dialects()) == ([], ["stad", "wijk"], SHIPPED.dialects())
    for dialect in ("stad", "wijk"):
        with pytest.raises(ConfigurationInvalid, match="dialect: cannot be served yet: tasks cannot be"):
            configuration(own, dialect)


def test_the_client_of_a_register_has_the_header_of_its_dialect(own):
    (own / "stad" / "dialect.yaml").write_text(
        "extends: klantenbundle\nregisters:\n  klanten: {user_header: X-User}\n", encoding="utf-8"
    )
    registers = open_registers(configuration(own))
    headers = {name: each._request_headers(None, "jan") for name, each in registers.items()}
    for each in registers.values():
        each.close()
    assert [name for name, sent in headers.items() if sent.get("X-User") == "jan"] == ["klanten"]


def test_a_library_finds_dialects_in_its_own_folder_first(own):
    library = SHIPPED.with_own(own)
    assert library.own() == ["stad"]
    assert library.dialects() == ["esuite", "klantenbundle", "openklant", "stad", "vng"]
    assert library.lineage("stad") == ("stad", "klantenbundle", "openklant", "vng")
    assert [
        each.parents[1].name for each in library.overlays("contactmomenten", library.lineage("stad"))
    ] == [
        "openklant",
        "klantenbundle",
        "stad",
    ]
    assert library.folder("../mijn/stad") is None
    assert SHIPPED.with_own(None) == SHIPPED
    assert Library((own,)).own() == ["stad"]
