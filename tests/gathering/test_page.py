"""The page of the e-Suite says what its dialect does."""

import base64
import re
from pathlib import Path

import adapter
import yaml
from adapter.api.tokens import hash_token
from adapter.configuration import parse
from adapter.configuration.gathering import Afterwards
from adapter.dialects import SHIPPED
from adapter.mapping.load import read_dialect
from adapter.shipped import served_document

from tests.gathering.declared import declared

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "esuite.md").read_text(encoding="utf-8")
DIALECT = read_dialect(SHIPPED, "esuite")
# Of a setting with one value there is nothing to decide.
DECIDED = {"contact_wijzigen"}


def section(name):
    return PAGE.partition(f"\n## {name}\n")[2].partition("\n## ")[0]


def rows(name):
    """The cells of the tables of a section, without their heads."""
    found = [line.strip("|").split(" | ") for line in section(name).splitlines() if line.startswith("| ")]
    return [[cell.strip() for cell in row] for row in found]


def test_it_has_every_setting_and_no_other():
    own = set(DIALECT.settings) - set(read_dialect(SHIPPED, "vng").settings) - DECIDED
    table = {name for row in rows("Settings")[1:] for name in re.findall("`(.+?)`", row[0])}
    assert table == own


def test_what_it_says_cannot_be_changed_has_nothing_that_is_written_to_the_register():
    """403 alone: each place of such a resource in the register refuses."""
    written = {row[0] for row in rows("What it holds")[1:] if row[2].startswith("403")}
    assert written == {"betrokkenen", "internetaken", "actoren"}
    for name in written:
        text = (SHIPPED.folder("esuite") / f"{name}.yaml").read_text(encoding="utf-8")
        homes = yaml.load(text, yaml.CSafeLoader)["homes"]
        inside = [each for each in homes.values() if isinstance(each, dict) and "inside" in each]
        assert inside, name
        assert all("read_only" in each for each in inside), name


def test_every_code_in_it_is_one_that_is_answered():
    code = "".join(path.read_text(encoding="utf-8") for path in Path(adapter.__file__).parent.rglob("*.py"))
    told = set(re.findall(r"code `([a-z-]+)`", PAGE))
    assert {"not-in-register", "immutable-in-register", "no-list", "scan-bound", "one-task"} <= told
    assert [each for each in told if f'"{each}"' not in code] == []


def test_every_resource_of_its_tables_is_served():
    known = {path.split("/")[1] for path in served_document().raw["paths"]}
    for name in ("What it holds", "Lists"):
        for row in rows(name)[1:]:
            named = re.findall(r"[a-z-]+(?:en|ten|ies)\b", row[0].partition(" by ")[0].partition(" of ")[0])
            assert [each for each in named if each not in known and each != "antwoorden"] == [], row[0]


def test_what_is_decided_of_a_contact_that_was_sent_is_in_its_table():
    """Each resource of which a deployment decides, and no other."""
    pieces = {each for each, _ in declared().pieces}
    known = {"added: refuse": pieces - declared().single, "changed: beside": {*pieces, declared().resource}}
    for choice, resources in known.items():
        (row,) = (row for row in rows("Afterwards")[1:] if choice in row[2])
        assert set(re.findall(r"[a-z]+(?:en|contacten)\b", row[0].partition(":")[0])) == resources
        added, _, decided = choice.partition(": ")
        assert getattr(Afterwards(), added) != decided


def test_its_configuration_can_be_used():
    """As it stands there, with an environment."""
    text = section("From nothing").partition("```yaml\n")[2].partition("```")[0]
    key = base64.b64encode(bytes(32)).decode()
    names = ("ESUITE_SECRET", "KLANTBRUG_SIGN")
    environment = {
        **dict.fromkeys(names, "g" * 40),
        "KLANTBRUG_KEY": key,
        "OBJECTEN_TOKEN": "Token demo",
        "KISS_TOKEN_HASH": hash_token("t" * 40),
    }
    found = parse(text, environment)
    assert (found.dialect, found.gathering.current) == ("esuite", "2026-11")
    own = set(DIALECT.settings) - set(read_dialect(SHIPPED, "vng").settings) - DECIDED
    assert {"terugval_groep", "altijd_taak"} <= {each for each in own if f"    {each}:" in text}
