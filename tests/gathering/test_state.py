"""What is held of a contact: sealed, in rows that only fit where they stand, in a file and in PostgreSQL."""

import sqlite3
from contextlib import contextmanager

import pytest
from adapter.gathering.attempts import AliasTaken, Attempts
from adapter.gathering.holds import Holds
from adapter.gathering.kept import ASKED, GATHERING, PARKED, POSTED, Piece
from adapter.gathering.keys import check_keys, rewrap
from adapter.gathering.sealing import BadKey, KeyMissing, Keyring, NotOpened, new_key
from adapter.state.aliases import Aliases, object_of
from adapter.state.migrations import MIGRATIONS
from adapter.state.opening import open_state

OLD, NEW = new_key(), new_key()
KEYS = Keyring("old", {"old": OLD})
CONTACT, OTHER, TASK = (f"{n}1111111-1111-4111-8111-111111111111" for n in "abc")
SECRET = "Wat kost een paspoort voor J. Pietersen-Planteijdt?"
FIRST = [Piece(CONTACT, "contacten", {"vraag": SECRET})]


@contextmanager
def opened(address, keys=KEYS):
    state = open_state(address)
    try:
        yield Holds(state.database, keys), Attempts(state.database), state.database
    finally:
        state.close()


def test_pieces_read_as_they_were_sent(address):
    """Another replica reads them, in the order of their arrival."""
    with opened(address) as (holds, *_), opened(address) as (other, *_):
        assert holds.begin(CONTACT, FIRST, now=1.0, due=301.0)
        assert not other.begin(CONTACT, FIRST, now=2.0, due=302.0)
        found = other.held(CONTACT)
        assert other.add(found, [Piece(TASK, "taken", {"a": 1})], now=3.0, due=303.0)
        found = holds.held(CONTACT)
        assert [(each.uuid, each.body, each.late) for each in found.pieces] == [
            (CONTACT, {"vraag": SECRET}, False),
            (TASK, {"a": 1}, False),
        ]
        assert (found.hold.version, found.hold.changed, found.hold.due) == (2, 3.0, 303.0)
        assert holds.of_piece(TASK) == CONTACT
        assert holds.change(found, Piece(TASK, "taken", {"a": 2}), now=4.0, due=304.0)
        assert other.held(CONTACT).pieces[1].body == {"a": 2}
        assert holds.remove(found, [TASK], now=5.0, due=305.0)
        assert holds.of_piece(TASK) is None
        assert holds.drop(CONTACT)
        assert holds.held(CONTACT) is None
        assert other.all() == []


def everything(database):
    with database.transaction() as transaction:
        for table in ("holds", "pieces", "aliases"):
            for row in transaction.run(f"SELECT * FROM {table}"):
                yield from map(str, row)


def test_nothing_personal_stands_in_clear(address, tmp_path):
    """Not in a row, and of a file of SQLite not in any byte; a plan is sealed as the pieces are."""
    with opened(address) as (holds, attempts, database):
        holds.begin(CONTACT, FIRST, now=1.0, due=2.0)
        token = attempts.lease(CONTACT, 1.0, 60.0, 600.0)
        assert attempts.ask(holds.held(CONTACT), token, {"body": SECRET}, 1.0)
        assert holds.held(CONTACT).plan == {"body": SECRET}
        assert not any("Planteijdt" in text for text in everything(database))
        for file in tmp_path.iterdir():
            assert b"Planteijdt" not in file.read_bytes()


def test_a_row_opens_only_where_it_was_written(address):
    """Whoever can write the tables cannot put one contact's text with another, nor change it."""
    with opened(address) as (holds, _, database):
        holds.begin(CONTACT, [*FIRST, Piece(TASK, "taken", {"a": 1})], now=1.0, due=2.0)
        holds.begin(OTHER, [Piece(OTHER, "contacten", {})], now=1.0, due=2.0)
        with database.transaction() as transaction:
            first, second = transaction.run(
                "SELECT uuid, body FROM pieces WHERE contact=? ORDER BY seq", (CONTACT,)
            )
            transaction.run("UPDATE pieces SET body=? WHERE uuid=?", (second[1], first[0]))
        with pytest.raises(NotOpened):
            holds.held(CONTACT)
        with database.transaction() as transaction:
            (row,) = transaction.run("SELECT data_key FROM holds WHERE contact=?", (CONTACT,))
            transaction.run("UPDATE holds SET data_key=? WHERE contact=?", (row[0], OTHER))
        with pytest.raises(NotOpened):
            holds.held(OTHER)


def test_finishing_takes_the_rows_and_the_key(address, tmp_path):
    """Nothing is left of a contact but its alias, which holds no value."""
    with opened(address) as (holds, attempts, database):
        holds.begin(CONTACT, FIRST, now=1.0, due=2.0)
        token = attempts.lease(CONTACT, 1.0, 60.0, 600.0)
        assert attempts.ask(holds.held(CONTACT), token, {"a": 1}, 1.0)
        assert attempts.unsure(CONTACT, token, 1.0, 601.0)
        assert attempts.posted(CONTACT, token, OTHER, "contacten")
        assert attempts.finished(holds.held(CONTACT), token)
        assert list(everything(database)) == [CONTACT, OTHER, "contacten"]
        aliases = Aliases(database)
        assert aliases.records([CONTACT, TASK]) == {CONTACT: OTHER, TASK: TASK}
        assert aliases.served([OTHER, TASK]) == {OTHER: CONTACT, TASK: TASK}


def test_a_record_has_one_alias(address):
    """A second claim is refused, in both directions; the same one again is none."""
    with opened(address) as (holds, attempts, database):
        aliases = Aliases(database)
        assert aliases.note(CONTACT, OTHER, "contacten")
        assert aliases.note(CONTACT, OTHER, "contacten")
        assert not aliases.note(TASK, OTHER, "contacten")
        assert not aliases.note(CONTACT, TASK, "contacten")
        assert len(aliases) == 1
        holds.begin(TASK, [], now=1.0, due=2.0)
        token = attempts.lease(TASK, 1.0, 60.0, 600.0)
        attempts.ask(holds.held(TASK), token, {}, 1.0)
        with pytest.raises(AliasTaken):
            attempts.posted(TASK, token, OTHER, "contacten")
        assert holds.held(TASK).hold.phase == ASKED
    assert object_of(CONTACT) == object_of(CONTACT) != object_of(OTHER)


def test_a_lease_is_of_one_attempt(address):
    """While it lasts no other begins; afterwards the sleeper can do nothing any more."""
    with opened(address) as (holds, attempts, _):
        holds.begin(CONTACT, FIRST, now=1.0, due=2.0)
        first = attempts.lease(CONTACT, 10.0, 60.0, 600.0)
        assert attempts.lease(CONTACT, 69.0, 60.0, 600.0) is None
        assert holds.due(69.0) == []
        assert [each.contact for each in holds.due(70.0)] == [CONTACT]
        second = attempts.lease(CONTACT, 70.0, 60.0, 600.0)
        assert second not in {None, first}
        # The sleeper may write once more, for so long after its lease.
        assert holds.held(CONTACT).hold.settled == 670.0
        held = holds.held(CONTACT)
        assert not attempts.ask(held, first, {}, 71.0)
        assert not attempts.holds(CONTACT, first, 71.0)
        assert attempts.ask(held, second, {}, 71.0)
        assert not attempts.unsure(CONTACT, first, 71.0, 671.0)
        assert attempts.holds(CONTACT, second, 71.0)
        assert not attempts.holds(CONTACT, second, 130.0)


def test_what_comes_while_it_is_composed_is_not_left_out(address):
    """A contact is asked for, and finished, only in the version that was opened."""
    with opened(address) as (holds, attempts, _):
        holds.begin(CONTACT, FIRST, now=1.0, due=2.0)
        token = attempts.lease(CONTACT, 1.0, 60.0, 600.0)
        before = holds.held(CONTACT)
        holds.add(before, [Piece(TASK, "taken", {})], now=1.0, due=2.0)
        assert not attempts.ask(before, token, {}, 1.0)
        assert attempts.ask(holds.held(CONTACT), token, {}, 1.0)
        attempts.unsure(CONTACT, token, 1.0, 601.0)
        late = Piece(OTHER, "adressen", {})
        assert not holds.add(before, [late], now=2.0, due=3.0)
        assert holds.add(before, [late], now=2.0, due=3.0, phases=(GATHERING, ASKED))
        assert [each.late for each in holds.held(CONTACT).pieces] == [False, False, True]
        assert holds.held(CONTACT).hold.due == 601.0
        attempts.posted(CONTACT, token, "record", "contacten")
        opened_before = holds.held(CONTACT)
        holds.remove(opened_before, [OTHER], now=3.0, due=4.0, phases=(POSTED,))
        assert not attempts.finished(opened_before, token)
        assert attempts.finished(holds.held(CONTACT), token)


def test_a_contact_is_parked_and_opened_again(address):
    """It keeps the names of the refused members, and its pieces; a sweep leaves it alone."""
    with opened(address) as (holds, attempts, _):
        holds.begin(CONTACT, FIRST, now=1.0, due=2.0)
        token = attempts.lease(CONTACT, 1.0, 60.0, 600.0)
        attempts.ask(holds.held(CONTACT), token, {"a": 1}, 1.0)
        assert attempts.park(CONTACT, token, "groep")
        hold = holds.held(CONTACT)
        assert (hold.hold.phase, hold.hold.reason, hold.hold.tries, hold.plan) == (PARKED, "groep", 1, {})
        assert holds.due(1e9) == []
        assert attempts.unpark(CONTACT, 5.0, fall_back=True)
        assert holds.held(CONTACT).hold.reason == "groep"
        assert not attempts.unpark(CONTACT, 5.0)


def test_a_new_key_takes_over(address):
    """Rows under both keys are read meanwhile; afterwards the old key can be thrown away."""
    both = Keyring("new", {"old": OLD, "new": NEW})
    only = Keyring("new", {"new": NEW})
    with opened(address) as (holds, _, database):
        holds.begin(CONTACT, FIRST, now=1.0, due=2.0)
        with pytest.raises(KeyMissing) as missing:
            check_keys(database, only)
        assert missing.value.key == "old"
        with pytest.raises(KeyMissing):
            Holds(database, only).held(CONTACT)
        check_keys(database, both)
        later = Holds(database, both)
        later.begin(OTHER, [Piece(OTHER, "contacten", {})], now=2.0, due=3.0)
        before = later.held(CONTACT)
        assert rewrap(database, both) == 1
        assert rewrap(database, both) == 0
        check_keys(database, only)
        # What was opened before goes on: the data key is the same.
        assert later.add(before, [Piece(TASK, "taken", {"a": 1})], now=3.0, due=4.0)
        assert [each.body for each in Holds(database, only).held(CONTACT).pieces] == [
            {"vraag": SECRET},
            {"a": 1},
        ]


def test_a_contact_that_no_key_opens_keeps_no_other_from_the_new_key(address):
    """It is told when all the others are sealed anew."""
    old, both = Keyring("old", {"old": OLD}), Keyring("new", {"old": OLD, "new": NEW})
    with opened(address) as (_, _, database):
        for contact in (CONTACT, OTHER):
            Holds(database, old).begin(contact, [Piece(contact, "contacten", {})], now=1.0, due=2.0)
        with database.transaction() as transaction:
            transaction.run("UPDATE holds SET data_key=? WHERE contact=?", ("AAAA", CONTACT))
        with pytest.raises(NotOpened):
            rewrap(database, both)
        with database.transaction() as transaction:
            keys = transaction.run("SELECT contact, key_id FROM holds")
    assert dict(keys) == {CONTACT: "old", OTHER: "new"}


@pytest.mark.parametrize(
    "text", ["", "c2hvcnQ=", "not base64 at all", OLD[:-2]], ids=["none", "short", "other", "cut"]
)
def test_a_key_that_is_none_is_named(text):
    """By its id, never by what was given."""
    with pytest.raises(BadKey, match="key mine must be 32 bytes in base64") as bad:
        Keyring("mine", {"mine": text})
    assert not text or text not in str(bad.value)
    with pytest.raises(KeyMissing):
        Keyring("other", {"mine": OLD})


def test_keys_stand_in_no_text():
    """Whoever logs a keyring or what was opened logs no key."""
    assert OLD not in repr(KEYS)
    sealer, _ = KEYS.new(CONTACT)
    assert "object" not in repr(sealer)


def test_an_older_state_is_migrated(tmp_path):
    """The tables are added to a file that another version made."""
    path = str(tmp_path / "state.sqlite3")
    with sqlite3.connect(path) as connection:
        for script in MIGRATIONS[:3]:
            for statement in script:
                connection.execute(statement)
        connection.execute("PRAGMA user_version = 3")
    with opened(path) as (holds, *_):
        assert holds.all() == []
