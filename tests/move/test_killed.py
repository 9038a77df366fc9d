"""A step whose process is killed at any moment is done again, and comes to the same."""

import json
import random
import signal
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from adapter.move.book import Book
from adapter.move.numbered import Numbered
from adapter.move.target import target

# By default test_interrupted ends a pass after each of its pages, in this process.
pytestmark = pytest.mark.contract
KILLS = 50


@pytest.fixture
def dialect():
    return "openklant"


class Steps:
    """Does steps of a move in processes of their own."""

    def __init__(self, deployment):
        urls = {name: getattr(deployment, name).base for name in ("klanten", "objects", "zaken")}
        urls["klantbrug"] = deployment.served.base
        ports = {name: urlsplit(url).port for name, url in urls.items()}
        self._forks = subprocess.Popen(
            [sys.executable, "-m", "tests.move.forks", json.dumps([ports, deployment.dialect])],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=Path(__file__).parents[2],
        )

    def __call__(self, *step, kill_after=None):
        """(the status with which a step ended, its seconds); the status is negative when it was killed."""
        words = ["--config", "k.yaml", *map(str, step)]
        self._forks.stdin.write(json.dumps([kill_after, words]) + "\n")
        self._forks.stdin.flush()
        return json.loads(self._forks.stdout.readline())

    def close(self):
        self._forks.communicate(timeout=10)


@pytest.fixture
def steps(deployment):
    found = Steps(deployment)
    yield found
    found.close()


def state(folder):
    """What a book says of every resource, in order, and the file that was written of it."""
    book = Book(str(folder / "book.sqlite3"))
    numbered = Numbered(book)
    numbered.number()
    kinds = target("openklant").resources
    found = {
        kind: (numbered.digest(kind), [each.uuid for each in numbered.sample(kind, 3)]) for kind in kinds
    }
    passes = (book.passes, book.is_read)
    book.close()
    return found, passes


def is_read(folder):
    """Whether the last pass was finished, though its process may have been killed just after that."""
    file = folder / "book.sqlite3"
    if not file.exists():
        return False
    with closing(Book(str(file))) as book:
        return book.is_read


def test_steps_that_are_killed_at_any_moment_come_to_the_same(steps, tmp_path):
    """The same digests, the same file to load, and never a file that is half there."""
    whole, killed = tmp_path / "whole", tmp_path / "killed"
    lasted = {}
    for step in ("read", "write"):
        status, lasted[step] = steps(step, "--folder", whole)
        assert status == 0
    moments, met = random.Random(KILLS), 0
    for step in ("read", "write"):
        ended = None
        while ended is None or met < (KILLS if step == "write" else KILLS // 2):
            again = ["--again"] if step == "read" and is_read(killed) else []
            ended, _ = steps(step, "--folder", killed, *again, kill_after=moments.uniform(0, lasted[step]))
            met += ended < 0
            assert ended in (0, -signal.SIGKILL)
            assert not (killed / "load.sql").exists() or _is_whole(killed / "load.sql")
        if ended != 0 and not (step == "read" and is_read(killed)):
            assert steps(step, "--folder", killed)[0] == 0
    there, (passes, read) = state(killed)
    assert read
    assert there == state(whole)[0]
    assert passes >= 1
    assert _loaded(killed) == _loaded(whole)


def _is_whole(file):
    return "ANALYZE" in file.read_text()[-2000:]


def _loaded(folder):
    return (folder / "load.sql").read_text(), (folder / "load.sql.sha256").read_text()
