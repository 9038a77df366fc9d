"""What surrounds the code: the changelog, the description for catalogues, the jobs of both forges."""

import re
import tomllib
from datetime import date
from importlib.resources import files
from pathlib import Path

import jsonschema_rs
import pytest
import yaml

ROOT = Path(__file__).parents[1]
VERSION = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]
CHANGELOG = (ROOT / "CHANGELOG.md").read_text()
SECTIONS = {"Added", "Changed", "Deprecated", "Removed", "Fixed", "Security", "Upgrade and roll-back"}
WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
TARGETS = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
# Facts of the standard publiccode.yml 0.4: what is required, the lists of words, and lengths.
PUBLICCODE = yaml.safe_load((ROOT / "tests" / "publiccode.schema.yaml").read_text())


def releases():
    """(name, date or "", {section: text}) of each, as the changelog has them."""
    for part in re.split(r"^## ", CHANGELOG, flags=re.MULTILINE)[1:]:
        heading, _, text = part.partition("\n")
        found = re.fullmatch(r"\[(Unreleased|\d+\.\d+\.\d+)\](?: - (\d{4}-\d\d-\d\d))?", heading)
        assert found, heading
        sections = dict(re.findall(r"^### ([^\n]+)\n(.*?)(?=^### |\Z)", text, re.MULTILINE | re.DOTALL))
        yield found[1], found[2] or "", sections


def test_the_changelog_keeps_its_form():
    """Newest first, with dates and the known sections; each release says how to go back."""
    found = list(releases())
    dated = [date.fromisoformat(day) for name, day, _ in found if name != "Unreleased"]
    assert dated == sorted(dated, reverse=True)
    for name, day, sections in found:
        assert (name == "Unreleased") == (not day)
        assert set(sections) <= SECTIONS
        assert all(text.strip().startswith("- ") for text in sections.values())
        assert "Roll-back:" in sections["Upgrade and roll-back"]
    assert [name for name, _, _ in found if name != "Unreleased"][:1] in ([], [VERSION])


def test_versions_agree():
    chart = yaml.safe_load((ROOT / "deploy" / "helm" / "klantbrug" / "Chart.yaml").read_text())
    assert chart["appVersion"] == VERSION
    assert yaml.safe_load((ROOT / "publiccode.yml").read_text()).get("softwareVersion", VERSION) == VERSION


def test_the_description_for_catalogues_is_valid():
    found = yaml.safe_load((ROOT / "publiccode.yml").read_text())
    validator = jsonschema_rs.validator_for(PUBLICCODE)
    assert [f"{each.instance_path}: {each.message}" for each in validator.iter_errors(found)] == []
    assert found["legal"]["license"] == "EUPL-1.2"
    assert ("softwareVersion" in found) == ("releaseDate" in found)


def commands():
    """(file, line of shell) of every job."""
    for file in WORKFLOWS:
        for job in yaml.safe_load(file.read_text())["jobs"].values():
            yield from ((file.name, step["run"]) for step in job["steps"] if "run" in step)
    for job in yaml.safe_load((ROOT / ".gitlab-ci.yml").read_text()).values():
        if isinstance(job, dict):
            yield from ((".gitlab-ci.yml", line) for line in job.get("script", []))


def test_jobs_call_what_is_called_by_hand():
    """Targets of make and scripts that exist; both forges run the same check."""
    checks = set()
    for file, line in commands():
        if line.startswith("make "):
            assert {each for each in line.split()[1:] if "=" not in each} <= TARGETS, line
        if line.startswith("./"):
            assert (ROOT / line).stat().st_mode & 0o100, line
            checks.add(file)
    assert checks == {"ci.yml", ".gitlab-ci.yml"}


@pytest.mark.parametrize("file", WORKFLOWS, ids=lambda each: each.name)
def test_a_job_has_no_more_rights_than_it_needs(file):
    """Rights are given by name, time is bounded, and a checkout leaves no token behind."""
    found = yaml.safe_load(file.read_text())
    assert found["permissions"] == {"contents": "read"}
    for job in found["jobs"].values():
        assert job["timeout-minutes"] <= 180
        for step in job["steps"]:
            if step.get("uses", "").startswith("actions/checkout"):
                assert step["with"] == {"persist-credentials": False}


@pytest.mark.deploy
@pytest.mark.parametrize(
    ("name", "file"),
    [("github-workflows", each) for each in WORKFLOWS] + [("gitlab-ci", ROOT / ".gitlab-ci.yml")],
)
def test_jobs_are_valid(name, file):
    pytest.importorskip("check_jsonschema")
    schema = files("check_jsonschema") / "builtin_schemas" / "vendor" / f"{name}.json"
    # `on` is true in the YAML that Python reads.
    found = {"on" if key is True else key: value for key, value in yaml.safe_load(file.read_text()).items()}
    validator = jsonschema_rs.validator_for(schema.read_text())
    assert [each.message for each in validator.iter_errors(found)] == []
