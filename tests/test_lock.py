"""The lock says what pyproject.toml asks for, and what pip installs is what the lock says."""

import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
LOCK = tomllib.loads((ROOT / "uv.lock").read_text())
PACKAGES = {(each["name"], each.get("version")): each for each in LOCK["package"]}
(OURS,) = (each for each in LOCK["package"] if "editable" in each["source"])
EXTRAS = [each for extra in OURS.get("optional-dependencies", {}).values() for each in extra]
RUN = [each["name"] for each in [*OURS["dependencies"], *EXTRAS]]
GROUPS = {group: [each["name"] for each in found] for group, found in OURS["dev-dependencies"].items()}
FILES = sorted((ROOT / "requirements").glob("*.txt"))
AGAIN = "write it again: make lock"


def asked(requirements):
    """{(name, extras, marker): set of the bounds} of requirements as text."""
    found = {}
    for each in map(Requirement, requirements):
        name = re.sub(r"[-_.]+", "-", each.name).lower()
        found[name, frozenset(each.extras), str(each.marker or "")] = {str(bound) for bound in each.specifier}
    return found


def locked(requirements):
    """The same of the entries of uv.lock; the marker of an extra is how uv writes what the extra asks for."""
    return asked(
        each["name"]
        + (f"[{','.join(each['extras'])}]" if each.get("extras") else "")
        + each.get("specifier", "")
        + (f" ; {each['marker']}" if each.get("marker") else "")
        for each in requirements
    )


def test_the_lock_is_of_these_dependencies():
    extras = PROJECT["project"].get("optional-dependencies", {})
    wanted = asked(PROJECT["project"]["dependencies"])
    for extra, requirements in extras.items():
        wanted |= asked(f"{each} ; extra == '{extra}'" for each in requirements)
    assert locked(OURS["metadata"]["requires-dist"]) == wanted, AGAIN


@pytest.mark.parametrize("group", sorted(PROJECT["dependency-groups"]))
def test_the_lock_is_of_this_group(group):
    wanted = PROJECT["dependency-groups"][group]
    assert locked(OURS["metadata"]["requires-dev"][group]) == asked(wanted), AGAIN


def read(file):
    """{(name, version): set of hashes} of a file of requirements."""
    text = re.sub(r"#.*\n", "", file.read_text()).replace("\\\n", " ")
    found = {}
    for line in text.splitlines():
        name, _, rest = line.partition("==")
        found[name, re.split(r"[\s;]", rest)[0]] = set(re.findall(r"--hash=(\S+)", rest))
    return found


@pytest.mark.parametrize("file", FILES, ids=lambda each: each.stem)
def test_the_hashes_are_those_of_the_lock(file):
    """Every package has hashes, and all that the lock has."""
    for package, hashes in read(file).items():
        each = PACKAGES[package]
        files = [*each.get("wheels", []), *([each["sdist"]] if "sdist" in each else [])]
        assert hashes == {file["hash"] for file in files}, AGAIN


@pytest.mark.parametrize(
    ("file", "first"),
    [
        ("run", RUN),
        ("dev", RUN + GROUPS["dev"]),
        ("build", GROUPS["build"]),
        ("deploy", GROUPS["deploy"]),
        ("docs", GROUPS["docs"]),
    ],
)
def test_what_is_installed_is_complete(file, first):
    """pip gets --no-deps: whatever a package needs, on some machine, stands in the file too."""
    found = {name for name, _ in read(ROOT / "requirements" / f"{file}.txt")}
    assert set(first) <= found, AGAIN
    for name in found:
        for (other, _), package in PACKAGES.items():
            if other == name:
                needed = {each["name"] for each in package.get("dependencies", [])}
                assert needed <= found, AGAIN
