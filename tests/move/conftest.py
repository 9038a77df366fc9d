"""A move from a running deployment, by its commands, into a PostgreSQL with the tables of the target."""

import shutil
from contextlib import contextmanager
from pathlib import Path
from unittest.mock import patch

import pytest
from adapter.cli import main
from adapter.move.target import target
from adapter.opening import load_mappings

from tests.move.tables import Database
from tests.move.world import one_of_everything

_COMPILED = {}


class Move:
    """The commands of a move, in a folder of its own."""

    def __init__(self, folder, capsys):
        self.folder, self._capsys = folder, capsys
        self.said = []

    def __call__(self, step, *options, status=0):
        """What a step prints; it ends with this status."""
        ended = main(
            ["move", step, "--config", "klantbrug.yaml", "--folder", str(self.folder), *map(str, options)]
        )
        out, err = self._capsys.readouterr()
        self.said += [out, err]
        assert ended == status, err + out
        return err if status else out

    def printed(self):
        """What was printed since the last step."""
        return "".join(self._capsys.readouterr())

    def file(self, name) -> Path:
        """A file of the move."""
        return self.folder / name

    def decide(self, text):
        """Write the file of decisions."""
        self.file("decisions.yaml").write_text(text)


@pytest.fixture(scope="module")
def filled(deployments):
    """Gives the running deployment of a dialect with one of everything, filled once for a module."""
    found = {}

    def of(dialect):
        if dialect not in found:
            found[dialect] = deployments(dialect)
            found[dialect].reset()
            one_of_everything(found[dialect])
        return found[dialect]

    return of


@pytest.fixture(scope="module")
def books(filled, tmp_path_factory):
    """Gives the folder of a move in which everything of a dialect was read once."""
    found = {}

    def of(dialect):
        if dialect not in found:
            folder = tmp_path_factory.mktemp("read")
            with configured(filled(dialect)):
                read = ["move", "read", "--config", "klantbrug.yaml", "--folder", str(folder)]
                assert main(read) == 0
            found[dialect] = folder
        return found[dialect]

    return of


@contextmanager
def configured(deployment, change=lambda it: it):
    """Within this, every configuration file is that of a running deployment, changed.

    The mappings are compiled once for a dialect: they name the registers by their addresses alone.
    """
    configuration = change(deployment.configuration)

    def mappings(configuration, registers):
        if configuration.dialect not in _COMPILED:
            _COMPILED[configuration.dialect] = load_mappings(configuration, registers)
        return _COMPILED[configuration.dialect]

    with (
        patch("adapter.commands.opening.configured", lambda *_, **__: configuration),
        patch("adapter.main.load_mappings", mappings),
    ):
        yield


@pytest.fixture
def deployment(filled, dialect):
    """A running deployment with one of everything."""
    return filled(dialect)


@pytest.fixture
def move(deployment, tmp_path, capsys):
    """A move from the running deployment in which nothing was done yet."""
    with configured(deployment):
        yield Move(tmp_path / "move", capsys)


@pytest.fixture
def read(move, books, dialect):
    """A move in which everything was read."""
    shutil.copytree(books(dialect), move.folder)
    return move


@pytest.fixture(scope="session")
def databases(postgres):
    """The databases with the tables of a version of Open Klant, by version; each is made once."""
    return {}


@pytest.fixture
def database(postgres, databases):
    """Gives the database with the tables of a version of Open Klant, empty."""

    def of(version="2.18"):
        if version not in databases:
            name = f"target{version.replace('.', '_')}"
            databases[version] = Database(postgres, name, target("openklant", version))
        databases[version].empty()
        return databases[version]

    return of
