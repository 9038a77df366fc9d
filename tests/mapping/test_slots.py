"""What stands in a record keeps its uuid: its digits are given out once, pinned, and guarded."""

from pathlib import Path
from typing import Any

import pytest
from adapter.cli import main
from adapter.configuration import parse
from adapter.dialects import SHIPPED
from adapter.main import prepare
from adapter.mapping.converting import converted
from adapter.mapping.load import read_dialect
from adapter.mapping.slot_files import slot_mistakes, taken_over
from adapter.mapping.slots import Need, allotted, pins_in, text_of
from adapter.mapping.source import MappingError, read_text
from adapter.openapi.document import read_yaml
from adapter.shipped import example_settings, gathered, shipped_mappings

from tests.configuration.test_configuration import ENVIRONMENT, EXAMPLE

RULES: list[dict[str, Any]] = read_yaml(Path(__file__).with_name("slots.yaml"))

# The digits with which each dialect was published, by record and home: a uuid that an application has kept
# leads to the same value for ever. None of these lines is ever changed.
KLANT = {
    "digitaleadressen.email": "89bdf",
    "digitaleadressen.telefoon": "7ace",
    "partij-identificatoren.bsn": "61",
    "partij-identificatoren.rechtspersoon": "52",
    "partij-identificatoren.vestiging": "3",
}
TASK = {
    "actoren.taak": "7",
    "actoren.eenheid": "9",
    "betrokkenen.taak": "8ab",
    "digitaleadressen.taak": "65321cdef",
}
CONTACT = {
    "actoren.contactmoment": "6",
    "actorklantcontacten.medewerker": "8ab",
    "onderwerpobjecten.vorig": "7cd",
}
VNG = {"partijen.klant": KLANT, "internetaken.taak": TASK, "klantcontacten.contactmoment": CONTACT}
PUBLISHED = {
    "vng": VNG,
    "openklant": VNG,
    "klantenbundle": VNG
    | {"klantcontacten.contactmoment": CONTACT | {"actoren.deelnemer": "5321", "internetaken.todo": "9ef"}},
    "esuite": {
        "partijen.klant": KLANT
        | {
            "digitaleadressen.tweede": "21",
            "partij-identificatoren.bsn": "6",
            "partij-identificatoren.rechtspersoon": "5",
        },
        "internetaken.taak": TASK,
        "klantcontacten.contactmoment": {
            "actoren.contactmoment": "6",
            "actoren.behandelaar": "5",
            "actoren.eenheid_contact": "c",
            "actorklantcontacten.medewerker": "8",
            "betrokkenen.contact": "7",
            "digitaleadressen.contact_email": "1",
            "digitaleadressen.contact_telefoon": "2",
            "digitaleadressen.contact_tweede": "3",
            "internetaken.contact": "9",
        },
    },
}
# Of a gathered contact: the digits of rows that were recorded with it, and that of whom no directory knows.
GATHERED = {
    "taak": ("9", ""),
    "betrokkene": ("7", ""),
    "email": ("1", ""),
    "telefoon": ("2", ""),
    "telefoon2": ("3", ""),
    "overig": ("abef", ""),
    "behandelaar": ("", "5"),
    "afdeling": ("", "c"),
    "groep": ("", "d"),
    "medewerker": ("8", "6"),
}

HOME = """\
homes:
  rekening:
    inside: partijen.klant
    owner: {partij: self}
    filled: functie
    fields:
      iban: {at: functie, too_long: refuse}
"""
# A klant has none left, so something has to give.
LESS = "homes:\n  email: {at_most: 2}\n"


@pytest.mark.parametrize("dialect", PUBLISHED)
def test_the_digits_with_which_a_dialect_was_published_stay(dialect):
    """In their order too: the first value of a home has the first, the next the next."""
    found: dict[str, dict[str, str]] = {}
    for resource in shipped_mappings(dialect).resources.values():
        for home in resource.homes.values():
            if home.kind == "inside":
                record = found.setdefault(f"{home.owner_resource}.{home.owner_home}", {})
                record[f"{resource.name}.{home.name}"] = "".join(home.slots)

    assert found == PUBLISHED[dialect]


def test_the_digits_of_a_gathered_contact_stay():
    settings = {**read_dialect(SHIPPED, "esuite").settings, **example_settings()}
    declared = gathered("esuite", settings)

    assert declared is not None
    assert {each.name: ("".join(each.digits), each.row_digit) for each in declared.slots} == GATHERED


@pytest.mark.parametrize("case", RULES, ids=[each["rule"] for each in RULES])
def test_digits_are_given_out_by_rule(case):
    """Once given out, nothing is given any more: asked again, the answer is the same."""
    own, inherited = (_pins(case.get(each, {})) for each in ("own", "inherited"))
    needs = [
        Need(
            _place(name),
            int(str(number).removeprefix("=")),
            "=" in str(number),
            "file",
            (1, 1),
            "record" if "@" in name else "",
        )
        for name, number in case["needs"].items()
    ]

    found = allotted(needs, own, inherited)

    assert found == _pins(case["then"])
    assert allotted(needs, found, inherited) == found
    assert pins_in(read_text(text_of(found, needs), "again")) == found


def _pins(said: dict[str, list[Any]]) -> dict[tuple[str, str], tuple[str, ...]]:
    return {_place(name): tuple(map(str, digits)) for name, digits in said.items()}


def _place(text: str) -> tuple[str, str]:
    name, _, record = text.partition("@")
    return record or "record", name


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("a.b:\n  c.d: [4]\n", "file:2:9: 4 is no digit of a slot; there are 1 2 3"),
        ("a.b:\n  c.d: [g]\n", "file:2:9: g is no digit"),
        (
            "a.b:\n  c.d: [5, 5]\n",
            "file:2:12: the digit 5 of a.b is that of c.d already; leave it to the one",
        ),
        ("a.b:\n  c.d: [5]\n  e.f: [6, 5]\n", "file:3:12: the digit 5 of a.b is that of c.d already"),
        ("a.b:\n  c.d: 5\n", "file:2:3: c.d wants a list of digits; restore the file, or"),
        ("a.b: [5]\n", "file:1:1: a.b wants homes with their digits"),
    ],
)
def test_a_file_that_cannot_be_right_is_refused(text, problem):
    with pytest.raises(MappingError) as refused:
        pins_in(read_text(text, "file"))
    assert str(refused.value).startswith(problem)


def test_another_record_may_have_the_same_digit():
    assert len(pins_in(read_text("a.b:\n  c.d: [5]\ne.f:\n  c.d: [5]\n", "file"))) == 2


@pytest.fixture
def own(tmp_path):
    """A dialect of one's own with a new home in a klant, for which another one holds fewer."""
    folder = tmp_path / "mijn" / "stad"
    folder.mkdir(parents=True)
    (folder / "dialect.yaml").write_text("extends: vng\n", encoding="utf-8")
    (folder / "rekeningnummers.yaml").write_text(HOME, encoding="utf-8")
    (folder / "digitaleadressen.yaml").write_text(LESS, encoding="utf-8")
    return folder


def test_a_new_home_gets_digits_by_the_command_and_nothing_is_served_before(own, capsys):
    folder = str(own.parent)
    library = SHIPPED.with_own(own.parent)
    with pytest.raises(MappingError, match=r"rekeningnummers.rekening has no digits in slots.yaml: run"):
        read_dialect(library, "stad")

    assert main(["slots", "--mappings", folder]) == 0

    assert "stad/slots.yaml has the digits of every home" in capsys.readouterr().out
    text = (own / "slots.yaml").read_text(encoding="utf-8")
    assert text.split("no other value gets its uuids.\n")[1] == (
        "partijen.klant:\n  digitaleadressen.email: [8, 9]\n  rekeningnummers.rekening: [b, d, f]\n"
    )
    homes = read_dialect(library, "stad").files["rekeningnummers"]["homes"]
    assert homes["rekening"]["slot"] == ["b", "d", "f"]

    assert main(["slots", "--mappings", folder]) == 0
    assert capsys.readouterr().out == ""
    assert (own / "slots.yaml").read_text(encoding="utf-8") == text


def test_the_digits_of_a_home_that_is_gone_stay_pinned(own):
    folder = str(own.parent)
    assert main(["slots", "--mappings", folder]) == 0
    (own / "rekeningnummers.yaml").unlink()
    assert main(["slots", "--mappings", folder]) == 0

    lines = (own / "slots.yaml").read_text(encoding="utf-8").splitlines()
    assert "  rekeningnummers.rekening: [b, d, f]  # no home now" in lines


def test_where_none_is_free_it_is_said_who_could_give_some_and_nothing_is_written(own, capsys):
    (own / "digitaleadressen.yaml").unlink()

    assert main(["slots", "--mappings", str(own.parent)]) == 1

    assert (
        "mijn/stad/rekeningnummers.yaml:2:3: no digit is free in partijen.klant for rekeningnummers.rekening"
        ": say at_most at another one, before values with its last uuids exist (digitaleadressen.email has 5,"
    ) in capsys.readouterr().err
    assert not (own / "slots.yaml").exists()


def test_a_digit_that_the_other_dialect_gave_out_later_stays_with_what_has_it_here(own):
    """As after an upgrade: nothing is served before the other has digits of its own here."""
    (own / "digitaleadressen.yaml").unlink()
    (own / "slots.yaml").write_text("partijen.klant:\n  rekeningnummers.rekening: [8]\n", encoding="utf-8")
    library = SHIPPED.with_own(own.parent)
    with pytest.raises(MappingError, match=r"have the digit 8 both: run klantbrug slots"):
        read_dialect(library, "stad")

    assert main(["slots", "--mappings", str(own.parent)]) == 0

    pinned = read_dialect(library, "stad").files
    assert pinned["rekeningnummers"]["homes"]["rekening"]["slot"] == ["8"]
    assert pinned["digitaleadressen"]["homes"]["email"]["slot"] == ["9", "b", "d", "f"]


def test_a_server_does_not_start_with_a_home_that_has_no_digits(own):
    """Those that are given out could differ from replica to replica."""
    configuration = parse(EXAMPLE.read_text().replace("  dialect: openklant\n", _of(own)), ENVIRONMENT)

    with pytest.raises(MappingError, match=r"rekeningnummers.rekening has no digits in slots.yaml"):
        prepare(configuration)


def _of(folder: Path) -> str:
    return f"  mappings: {folder.parent}\n  dialect: {folder.name}\n"


# What a dialect of before said, and the homes that vng had then.
OLD = {
    "rekeningnummers.yaml": HOME.replace("    filled", "    slot: [b, 1]  # of two\n    filled"),
    "digitaleadressen.yaml": "homes:\n  email: {slot: [8, 9]}\n  telefoon:\n    slot: [7]\n",
    "partij-identificatoren.yaml": "homes:\n  bsn: {slot: [6], read_only: Nee.}\n",
}


@pytest.fixture
def old(own):
    for name, text in OLD.items():
        (own / name).write_text(text, encoding="utf-8")
    return own


def test_digits_in_a_mapping_are_a_mistake_and_are_taken_over(old, capsys):
    """Every value keeps its uuid, and what needs more gets it behind."""
    folder = str(old.parent)
    assert main(["check", "--mappings", folder]) == 1
    told = capsys.readouterr().err
    assert "mijn/stad/rekeningnummers.yaml:5:5: slot is no construct of a home any more; leave it out" in told
    assert "klantbrug convert keeps those of an older mapping" in told

    main(["convert", "--mappings", folder])

    assert (old / "rekeningnummers.yaml").read_text(encoding="utf-8") == HOME
    assert (old / "digitaleadressen.yaml").read_text(encoding="utf-8") == "homes:\n  email: {}\n"
    text = (old / "partij-identificatoren.yaml").read_text(encoding="utf-8")
    assert text == "homes:\n  bsn: {read_only: Nee.}\n"
    pinned = read_yaml(old / "slots.yaml")["partijen.klant"]
    assert [*map(str, pinned["rekeningnummers.rekening"])][:2] == ["b", "1"]
    assert [*map(str, pinned["digitaleadressen.email"])][:2] == ["8", "9"]
    assert [*map(str, pinned["digitaleadressen.telefoon"])][:1] == ["7"]
    assert pinned["partij-identificatoren.bsn"] == [6]
    assert slot_mistakes(SHIPPED.with_own(old.parent)) == []


def test_digits_of_a_gathered_record_are_taken_over_too(tmp_path):
    """Also where a dialect says another digit of a part that it has from the one that it extends."""
    folder = tmp_path / "mijn" / "stad"
    (folder / "correspondences").mkdir(parents=True)
    (folder / "dialect.yaml").write_text("extends: esuite\n", encoding="utf-8")
    file = folder / "correspondences" / "contact.yaml"
    file.write_text(
        "parts:\n  overig: {slot: [a, b]}\n  medewerker:\n    slot: [6]\n    row_slot: 8\n"
        "  groep:\n    row_slot: e\n",
        encoding="utf-8",
    )
    library = SHIPPED.with_own(folder.parent)

    pinned = taken_over(library, "stad")
    rewritten = dict(converted(library, "stad"))

    assert pinned is not None
    assert pinned[0] == folder / "slots.yaml"
    assert read_text(pinned[1], "slots").content["contact"] == {
        "groep.actoren": ["e"],
        "medewerker.actoren": [8],
        "medewerker.actorklantcontacten": [6],
        "overig.digitaleadressen": ["a", "b"],
    }
    assert rewritten == {file: "parts:\n  overig: {}\n"}
