"""A dialect of the older form, in which homes say the pairs that correspondences say, is rewritten."""

from pathlib import Path

import pytest
from adapter.cli import main
from adapter.dialects import SHIPPED, Library
from adapter.mapping.converting import converted
from adapter.mapping.files import read_files

OLD = """\
# Ours.
homes:
  contactmoment:
    fields:
      inhoud: {at: tekst, too_long: cut}
      # the register has words of its own
      kanaal:
        at: kanaal
        words: {whatsapp: wa}
        other_words: same
      taal: voorkeurstaal

    untouched: {also: [baliecode]}
"""
NEW = """\
# Ours.
homes:
  contactmoment:
    fields:
      # the register has words of its own
      kanaal:
        words: {whatsapp: wa, "*": "*"}

    untouched: {also: [baliecode]}
"""
OLD_TASK = """\
homes:
  taak:
    fields:
      toelichting: {at: toelichting, too_long: cut}
"""
OVERLAY = """\
overlay: 1.0.0
info: {title: Contactmomenten of the city, version: 1.0.0}
actions:
  - target: $.components.schemas.ContactMoment.properties
    update: {baliecode: {type: string}}
"""


@pytest.fixture
def older(tmp_path):
    dialect = tmp_path / "mijn" / "stad"
    (dialect / "overlays").mkdir(parents=True)
    (dialect / "dialect.yaml").write_text("extends: openklant\n", encoding="utf-8")
    (dialect / "klantcontacten.yaml").write_text(OLD, encoding="utf-8")
    (dialect / "internetaken.yaml").write_text(OLD_TASK, encoding="utf-8")
    (dialect / "overlays" / "contactmomenten.yaml").write_text(OVERLAY, encoding="utf-8")
    return dialect


def test_it_is_refused_with_the_way_out_and_rewritten_to_the_same(older, capsys):
    """It still says the same: files with and without what they said twice are laid over to equal contents."""
    folder = str(older.parent)
    library = SHIPPED.with_own(older.parent)
    before = read_files(library, "stad").contents["internetaken"]
    assert main(["check", "--mappings", folder]) == 1
    told = capsys.readouterr().err
    assert "mijn/stad/klantcontacten.yaml:5:7: inhoud stands in mappings/vng/correspondences/" in told
    assert "klantbrug convert does so" in told

    assert main(["convert", "--mappings", folder]) == 0

    assert "klantcontacten.yaml is in the form of now" in capsys.readouterr().out
    assert (older / "klantcontacten.yaml").read_text(encoding="utf-8") == NEW
    assert (older / "internetaken.yaml").read_text(encoding="utf-8") == ""
    assert main(["check", "--mappings", folder]) == 0
    assert read_files(library, "stad").contents["internetaken"] == before
    fields = read_files(library, "stad").contents["klantcontacten"]["homes"]["contactmoment"]["fields"]
    assert fields["kanaal"] == {"at": "kanaal", "words": {"whatsapp": "wa", "*": "*"}}
    assert main(["convert", "--mappings", folder]) == 0
    assert capsys.readouterr().out == ""


FIELDS = "homes:\n  contactmoment:\n    fields:\n"
WRITTEN = [
    # a comment inside a line, and one behind it
    (
        "      kanaal:\n        # as in 2023\n        words: {whatsapp: wa}  # ours\n        at: kanaal\n",
        "      kanaal:\n        # as in 2023\n        words: {whatsapp: wa}  # ours\n",
    ),
    (
        "      kanaal: {at: kanaal, words: {whatsapp: wa}}  # ours\n",
        "      kanaal: {words: {whatsapp: wa}}  # ours\n",
    ),
    # brackets that end at the beginning of a line
    (
        "      kanaal: {\n        at: kanaal, words: {whatsapp: wa}\n      }\n",
        "      kanaal: {words: {whatsapp: wa}}\n",
    ),
    # ends of lines
    (
        "      taal: voorkeurstaal\r\n      inhoud: {read_only: true}\r\n",
        "      inhoud: {read_only: true}\r\n",
    ),
    (
        "      kanaal: {at: kanaal, words: {whatsapp: wa}}\r\n",
        "      kanaal: {words: {whatsapp: wa}}\r\n",
    ),
]


@pytest.mark.parametrize(("old", "new"), WRITTEN)
def test_the_rest_stays_as_it_was_written(older, old, new):
    """Comments and the ends of lines too."""
    (older / "klantcontacten.yaml").write_bytes(f"{FIELDS}{old}".encode())

    ((path, text),) = [
        each for each in converted(SHIPPED.with_own(older.parent), "stad") if "contacten" in each[0].name
    ]

    assert path == older / "klantcontacten.yaml"
    assert text == f"{FIELDS}{new}"


def test_what_stands_in_a_line_with_others_is_left_to_its_author(older, capsys):
    (older / "internetaken.yaml").unlink()
    text = (
        "homes:\n  contactmoment:\n    fields: {\n"
        "      taal: voorkeurstaal, kanaal: {words: {whatsapp: wa}}\n    }\n"
        "    untouched: {also: [baliecode]}\n"
    )
    (older / "klantcontacten.yaml").write_text(text, encoding="utf-8")

    assert main(["convert", "--mappings", str(older.parent)]) == 1

    told = capsys.readouterr()
    assert told.out == ""
    assert "stad/klantcontacten.yaml:4:7: taal stands in" in told.err
    assert (older / "klantcontacten.yaml").read_text(encoding="utf-8") == text


def test_a_line_that_is_no_home_is_told(older, capsys):
    (older / "klantcontacten.yaml").write_text("homes:\n  contactmoment: null\n", encoding="utf-8")

    assert main(["check", "--mappings", str(older.parent)]) == 1

    assert "stad/klantcontacten.yaml:2:3: contactmoment wants the names of a home" in capsys.readouterr().err


def test_what_follows_by_itself_is_left_out_and_words_have_their_new_names(tmp_path: Path) -> None:
    folder = tmp_path / "mappings" / "stad"
    folder.mkdir(parents=True)
    (folder / "dialect.yaml").write_text("extends: vng\n", encoding="utf-8")
    file = folder / "actoren.yaml"
    file.write_text(
        "homes:\n"
        "  groep: # theirs\n"
        "    optional: true\n"
        "    known_by: identificatie\n"
        "    read_only: Niet hier. # a sentence\n"
        "  taak:\n"
        "    unlisted: true\n"
        "    there_if: {actor.soortActor: medewerker} # of whom\n"
        "    tells: {actor: {of: iets}}\n",
        encoding="utf-8",
    )

    ((path, text),) = converted(Library((folder.parent, *SHIPPED.folders)), "stad")

    assert path == file
    assert text == (
        "homes:\n"
        "  groep: # theirs\n"
        "    read_only: Niet hier. # a sentence\n"
        "  taak:\n"
        "    if: {actor.soortActor: medewerker} # of whom\n"
        "    tells: {actor: {of: iets}}\n"
    )
