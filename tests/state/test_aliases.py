"""Aliases in a file and in PostgreSQL."""

import uuid as uuids
from contextlib import closing

import pytest
from adapter.state.aliases import AT_ONCE
from adapter.state.errors import StateUnavailable
from adapter.state.opening import open_state

KLANTEN, CONTACTS = "klanten/klanten", "contactmomenten/contactmomenten"


def test_aliases_are_kept_and_found_in_either_direction(address):
    """More of them than are asked for at once; those of another collection do not count."""
    one, two, three, four = (str(uuids.uuid4()) for _ in range(4))
    many = [(str(uuids.uuid4()), str(uuids.uuid4())) for _ in range(AT_ONCE + 1)]
    with closing(open_state(address)) as state, closing(open_state(address)) as replica:
        aliases = state.aliases
        assert aliases.note(one, two, KLANTEN)
        assert aliases.note(one, two, KLANTEN)
        assert not aliases.note(one, three, KLANTEN)
        assert not aliases.note(three, two, KLANTEN)
        aliases.made(one, four, CONTACTS)
        with pytest.raises(StateUnavailable):
            aliases.made(three, four, KLANTEN)
        for served, record in many:
            aliases.made(served, record, KLANTEN)
        assert len(aliases) == AT_ONCE + 2
        assert replica.aliases.there_are_any()
        records = replica.aliases.records([one, three, *(served for served, _ in many)])
        assert records == {one: four, three: three, **dict(many)}
        assert replica.aliases.served([four, two]) == {four: one, two: two}
        assert replica.aliases.served([four], KLANTEN) == {four: four}
        assert replica.aliases.served([]) == {}
        assert (aliases.collection(one), aliases.collection(two)) == (CONTACTS, "")
