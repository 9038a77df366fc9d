"""A book in a PostgreSQL is looked at and written as one in a file is."""

import psycopg
import pytest
from adapter.move.decisions import REMEDY, Decisions
from adapter.move.numbered import Numbered
from adapter.move.planning import Planning
from adapter.move.target import target
from adapter.move.writing import COPY, LOAD, Order, finding_shown, write

from tests.move.hand import World
from tests.move.test_costs import one_that_breaks_every_rule

HERE, SERVER = "here", "server"


@pytest.fixture
def server(postgres):
    with psycopg.connect(postgres, autocommit=True) as connection:
        connection.execute('CREATE DATABASE "book"')
    return postgres.removesuffix("postgres") + "book"


def found(address, folder):
    """(the findings, the file to load, the digests, what the next pass finds) of the same resources."""
    folder.mkdir()
    world = World(address)
    for number in range(6):
        one_that_breaks_every_rule(world, number)
    world.book.finish()
    there, numbered = target("openklant"), Numbered(world.book)
    decisions = Decisions(rules={"identificator": REMEDY, "too_long": REMEDY})
    findings = Planning(there, numbered, decisions).look()
    manifest = write(Order(there, world.book, decisions, folder, COPY), findings)
    sampled = [each.uuid for each in numbered.sample("klantcontacten", 3)]
    world.book.begin()
    world.contact(nummer="0000000009")
    world.book.finish()
    differences = world.book.differences(there.resources)
    shown = [finding_shown(each) for each in findings]
    load = (folder / LOAD).read_text()
    world.book.forget()
    return shown, load, manifest["digests"], manifest["rows"], sampled, differences


def test_a_book_in_postgresql_comes_to_the_same_as_a_file(server, tmp_path):
    there = found(server, tmp_path / SERVER)
    assert there == found(str(tmp_path / "book.sqlite3"), tmp_path / HERE)
    new = {each.kind: len(each.new) for each in there[-1]}
    assert new["klantcontacten"] == 1
    with psycopg.connect(server) as connection:
        tables = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()
    assert tables == []
