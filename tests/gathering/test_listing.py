"""What is held is listed by phase and age, parked contacts by member."""

import pytest
from adapter.gathering.kept import Piece
from adapter.gathering.listing import by_phase, held_lines

from tests.gathering.test_state import CONTACT, FIRST, OTHER, TASK, opened


@pytest.fixture
def held(tmp_path):
    """The path of a state with a contact that is gathered, one that may have arrived, and one parked."""
    path = str(tmp_path / "state.sqlite3")
    with opened(path) as (holds, attempts, _):
        holds.begin(CONTACT, FIRST, now=1000.0, due=1300.0)
        for contact, now in ((OTHER, 2000.0), (TASK, 3000.0)):
            holds.begin(contact, [Piece(contact, "contacten", {"vraag": "Planteijdt"})], now=now, due=now)
            token = attempts.lease(contact, now, 60.0, 600.0)
            attempts.ask(holds.held(contact), token, {}, now + 60.0)
            attempts.unsure(contact, token, now + 60.0, now + 600.0)
        attempts.park(TASK, token, "groep, afdeling")
    return path


LINES = [
    "contacts gathering: 1, the oldest since 1970-01-01T00:16:40+00:00",
    "contacts asked: 1, the oldest since 1970-01-01T00:34:20+00:00",
    "contacts parked: 1, the oldest since 1970-01-01T00:50:00+00:00",
    "contacts sealed with key old: 3",
    "contacts refused for afdeling: 1",
    "contacts refused for groep: 1",
    f"{OTHER} sent 1970-01-01T00:34:20+00:00, looked for at 1970-01-01T00:43:20+00:00, 0 failed attempts",
    f"{TASK} parked, made 1970-01-01T00:50:00+00:00, refused: groep, afdeling, 1 failed attempt",
]


def test_what_is_held_is_listed_without_values(held):
    with opened(held) as (*_, database):
        assert list(held_lines(database)) == LINES
        assert {phase: (each.number, each.oldest) for phase, each in by_phase(database).items()} == {
            "gathering": (1, 1000.0),
            "asked": (1, 2060.0),
            "posted": (0, 0.0),
            "parked": (1, 3000.0),
        }
