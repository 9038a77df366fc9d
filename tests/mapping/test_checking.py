"""The static check: silent on what is right; every mistake with its place and the way out."""

from pathlib import Path
from typing import Any

import pytest
from adapter.openapi.document import read_yaml

from tests.mapping.conftest import leave_what_it_is_not_in

CASES: list[dict[str, Any]] = read_yaml(Path(__file__).with_name("mistakes.yaml"))
SHIPPED = Path(__file__).parents[2] / "mappings"


def _line(text: str, part: str) -> int:
    assert part in text, f"{part!r} does not stand in the file"
    return text[: text.index(part)].count("\n") + 1


def _break(file: Path, change: str, into: str) -> str:
    text = file.read_text(encoding="utf-8")
    assert text.count(change) == 1, f"{change!r} stands {text.count(change)} times in {file.name}"
    broken = text.replace(change, into)
    file.write_text(broken, encoding="utf-8")
    return broken


def test_the_shipped_mappings_are_right(checked):
    assert [str(each) for each in checked(SHIPPED)] == []


@pytest.mark.parametrize("case", CASES, ids=[each["mistake"] for each in CASES])
def test_each_mistake_is_named_with_its_place(case, mappings, checked):
    leave_what_it_is_not_in(mappings, case["file"].partition("/")[0])
    broken = _break(mappings / case["file"], case["change"], case["into"])
    place = case.get("in", case["file"])
    text = (mappings / place).read_text(encoding="utf-8") if "in" in case else broken
    expected = (f"mappings/{place}", _line(text, case.get("line") or case["into"]))

    found = checked(mappings)

    assert case["says"] in "\n".join(
        each.problem for each in found if (each.file, each.position[0]) == expected
    ), [str(each) for each in found]
    assert all(each.dialects for each in found)
    assert case.get("after") or case["says"] in found[0].problem, [str(each) for each in found]
    if not case.get("more"):
        assert len(found) == case.get("times", 1), [str(each) for each in found]


def test_all_mistakes_of_all_dialects_are_told_at_once_by_file_and_line(mappings, checked):
    _break(mappings / "vng" / "bijlagen.yaml", "when_deleted: delete", "when_deleted: clear")
    _break(mappings / "vng" / "partijen.yaml", "untouched: [functie,", "untouched: [functie, email,")
    _break(mappings / "vng" / "partijen.yaml", "taal:\n", "taal: {to: partijen}\n")
    _break(
        mappings / "openklant" / "registers.yaml", "klantcontactmomenten.klant: klant", "nergens.klant: klant"
    )

    found = [(each.file, each.position[0]) for each in checked(mappings)]

    assert found == sorted(found)
    assert {file for file, _ in found} == {"mappings/openklant/registers.yaml", "mappings/vng/partijen.yaml"}
    assert len(found) == 3


def test_a_mistake_in_a_dialect_that_others_extend_is_told_once(mappings, checked):
    _break(mappings / "vng" / "bijlagen.yaml", "schema: Bijlage", "schema: Bijlaag")

    assert [each.file for each in checked(mappings)] == ["mappings/vng/bijlagen.yaml"]


def test_a_resource_without_a_mapping_is_missed(mappings, checked):
    (mappings / "vng" / "maak-klantcontact.yaml").unlink()

    (found,) = checked(mappings)

    assert found.file == "mappings/vng/registers.yaml"
    assert found.problem == "there is no mapping for maak-klantcontact of the specification"


def test_a_file_that_is_no_yaml_is_told_with_its_place(mappings, checked):
    _break(mappings / "vng" / "bijlagen.yaml", "homes:\n", "homes: {\n")

    assert {each.file for each in checked(mappings)} == {"mappings/vng/bijlagen.yaml"}


def test_a_dialect_that_extends_nothing_that_exists_is_told_what_there_is(mappings, checked):
    _break(mappings / "openklant" / "dialect.yaml", "extends: vng", "extends: vgn")

    (found,) = checked(mappings)

    assert (
        str(found) == "mappings/openklant/dialect.yaml:2:1: there is no dialect vgn; "
        "there is klantenbundle, openklant, vng (dialects klantenbundle, openklant)"
    )


def test_dialects_that_extend_each_other_are_told(mappings, checked):
    (mappings / "vng" / "dialect.yaml").write_text("extends: openklant\n", encoding="utf-8")

    assert {each.problem for each in checked(mappings)} == {
        "vng extends itself; break the circle",
        "openklant extends itself; break the circle",
    }


def test_a_dialect_without_registers_is_told(mappings, checked):
    (mappings / "leeg").mkdir()
    (mappings / "leeg" / "dialect.yaml").write_text("{}\n", encoding="utf-8")

    assert [str(each) for each in checked(mappings)] == [
        "mappings/leeg/dialect.yaml:1:1: a dialect needs registers.yaml, or a dialect.yaml that names "
        "another: extends: openklant (dialect leeg)"
    ]
