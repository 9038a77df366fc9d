"""The image runs without root, without a shell, and with a file system that cannot be written."""

import json
import re
from pathlib import Path

DOCKERFILE = Path(__file__).parents[1] / "Dockerfile"


def last_stage():
    """The instructions of the stage that becomes the image: (name, arguments)."""
    text = DOCKERFILE.read_text().replace("\\\n", "")
    lines = [line.strip() for line in text.splitlines() if line.strip() and not line.startswith("#")]
    found = [tuple(line.split(None, 1)) for line in lines]
    start = max(number for number, (name, _) in enumerate(found) if name == "FROM")
    return found[start:]


def test_nobody_is_root():
    """The user is a number that is not 0, so that a cluster can see it; nothing later changes it."""
    users = [arguments for name, arguments in last_stage() if name == "USER"]
    assert len(users) == 1
    assert all(part.isdecimal() and int(part) > 0 for part in users[0].split(":"))


def test_no_shell_is_needed():
    """What runs, and what asks whether it is well, are programs with arguments."""
    found = dict(last_stage())
    health = found["HEALTHCHECK"].partition("CMD")[2]
    for arguments in (found["ENTRYPOINT"], found["CMD"], health):
        assert all(isinstance(each, str) for each in json.loads(arguments.strip()))


def test_only_the_state_is_written():
    """There is one volume; Python is told to write nothing beside its files."""
    stage = last_stage()
    assert [arguments for name, arguments in stage if name == "VOLUME"] == ["/var/lib/klantbrug"]
    assert any("PYTHONDONTWRITEBYTECODE=1" in arguments for name, arguments in stage if name == "ENV")


def test_only_what_is_locked_is_installed():
    """Whatever pip gets from elsewhere has the hash of the lock; the project is built from the source."""
    text = DOCKERFILE.read_text().replace("\\\n", " ")
    installs = [each for each in re.split(r"&&|\n", text) if re.search(r"/pip .*\b(install|wheel) ", each)]
    assert len(installs) == 4
    assert all("--no-deps" in each for each in installs)
    assert all("--require-hashes" in each or "/wheels" in each for each in installs)


def test_the_base_can_be_pinned():
    """Both stages have the one base that the build gives, and the image says which."""
    text = DOCKERFILE.read_text()
    assert re.findall(r"^FROM (\S+)", text, re.MULTILINE) == ["${BASE}", "${BASE}"]
    labels = " ".join(arguments for name, arguments in last_stage() if name == "LABEL")
    for name in ("title", "description", "licenses", "version", "revision", "created", "base.name"):
        assert f"org.opencontainers.image.{name}=" in labels
