"""What a look and the files cost grows with what is moved, and with nothing else."""

from contextlib import contextmanager

import pytest
from adapter.move import book, numbered
from adapter.move.decisions import GENERATE, REMEDY, Decisions
from adapter.move.planning import Planning
from adapter.move.target import target
from adapter.move.writing import COPY, Order, write

from tests.move.hand import BSN, World, ref

ROWS = 20
"""Rows of a statement in these tests, so that few resources take many statements."""
FEW, MANY = 40, 160
STEPS = 50
"""The steps of SQLite are counted in so many."""
RULES = {"identificator": REMEDY, "too_long": REMEDY}
GONE = "00000000-0000-4000-8000-999999999999"


@pytest.fixture(autouse=True)
def small_statements(monkeypatch):
    monkeypatch.setattr(book, "CHUNK", ROWS)
    monkeypatch.setattr(numbered, "CHUNK", ROWS)


class Counting:
    """A database that counts the statements, and the steps that SQLite takes for them."""

    def __init__(self, database):
        self._database = database
        self.transactions = self.statements = self.steps = 0
        database._connection.set_progress_handler(self._stepped, STEPS)

    def _stepped(self):
        self.steps += STEPS

    @contextmanager
    def transaction(self):
        self.transactions += 1
        with self._database.transaction() as transaction:
            self._transaction = transaction
            yield self

    def run(self, *statement):
        self.statements += 1
        return self._transaction.run(*statement)

    def each(self, *statement):
        self.statements += 1
        self._transaction.each(*statement)

    def close(self):
        self._database.close()


def one_that_breaks_every_rule(world, number):
    """A contact and a klant with what hangs on them: many numbers, links and texts are wrong."""
    partij = world.add("partijen", soortPartij="persoon", partijIdentificatie={})
    shared = {**BSN, "objectId": f"{number // 2:09}"}
    world.add("partij-identificatoren", identificeerdePartij=ref(partij), partijIdentificator=shared)
    mail = {"verstrektDoorPartij": ref(partij), "soortDigitaalAdres": "email", "isStandaardAdres": True}
    for _ in range(2):
        world.add("digitaleadressen", adres="a@example.nl", **mail)
    contact = world.contact(
        onderwerp="x" * (201 if number % 3 else 9), indicatieContactGelukt=True, verdereActieOndernomen=True
    )
    for caller in (contact, GONE):
        world.add("betrokkenen", hadKlantcontact=ref(caller), wasPartij=ref(partij))


def cost(count, folder):
    """(the counts of a look and of writing, the findings) for so many contacts."""
    world = World()
    for number in range(count):
        one_that_breaks_every_rule(world, number)
    world.book.finish()
    world.book.database = counting = Counting(world.book.database)
    there, decisions = target("openklant"), Decisions(rules=RULES, numbers=GENERATE)
    planning = Planning(there, numbered.Numbered(world.book), decisions)
    findings = planning.look()
    looked = (counting.transactions, counting.statements, counting.steps)
    write(Order(there, world.book, decisions, folder, COPY), findings)
    wrote = (counting.transactions, counting.statements, counting.steps)
    world.book.close()
    return looked, tuple(all_ - of for all_, of in zip(wrote, looked, strict=True)), findings


def test_four_times_as_much_costs_four_times_as_much(tmp_path):
    """No row has a statement of its own, and no statement passes over what it does not need."""
    looked, wrote, findings = cost(FEW, tmp_path)
    looked_more, wrote_more, more = cost(MANY, tmp_path)
    assert {each.rule for each in findings} >= {
        "identificator", "standaard_adres", "dangling", "too_long", "no_further_action", "numbers",
    }  # fmt: skip
    assert sum(each.count for each in more) >= 4 * sum(each.count for each in findings) > 7 * FEW
    statements = (7 * MANY - 7 * FEW) / ROWS
    for few, many in ((looked, looked_more), (wrote, wrote_more)):
        assert many[0] - few[0] <= many[1] - few[1] < 9 * statements
        assert many[2] < 4.8 * few[2]
