"""Asides and aliases are objects: found by the uuid of the contact, written again without a second one."""

import uuid as uuids

import pytest
from adapter.embedded.objects import create_app
from adapter.embedded.server import running
from adapter.errors import RegisterUnavailable
from adapter.gathering.store import ALIAS, ASIDE, ObjectStore, lacks, restore
from adapter.registers.client import Register
from adapter.registers.objecttypes import set_up
from adapter.registers.services import build_service
from adapter.state.aliases import Aliases
from adapter.state.opening import open_state

COLLECTION = "contactmomenten/contactmomenten"


@pytest.fixture(scope="module")
def objects():
    with running(create_app(":memory:")) as base:
        service = {
            "identifier": "objects", "api_type": "orc", "api_root": f"{base}/api/v2", "auth_type": "api_key",
            "header_key": "Authorization", "header_value": "Token demo",
        }  # fmt: skip
        register = Register(
            "objects", build_service(service), headers={"Accept-Crs": "EPSG:4326", "Content-Crs": "EPSG:4326"}
        )
        yield register
        register.close()


@pytest.fixture(scope="module")
def store(objects):
    return ObjectStore(objects, {each.uuid: each.version for each in set_up(objects, (ASIDE, ALIAS))})


def uuid():
    return str(uuids.uuid4())


def test_an_aside_is_written_again(store):
    contact, other = uuid(), uuid()
    rows = [{"uuid": contact, "resource": "klantcontacten", "place": "", "kept": [[["taal"], "nld", None]]}]
    assert store.aside(contact) is None
    store.put_aside(contact, {"kind": "moment", "rows": rows})
    assert store.aside(contact) == {"kind": "moment", "rows": rows}
    store.put_aside(contact, {"kind": "verzoek", "rows": []})
    assert store.aside(contact) == {"kind": "verzoek", "rows": []}
    store.put_aside(contact, {"kind": "moment", "rows": []}, there=True)
    assert store.aside(contact) == {"kind": "moment", "rows": []}
    # Somebody may have deleted it since.
    gone = uuid()
    store.put_aside(gone, {"kind": "moment", "rows": rows}, there=True)
    assert store.aside(gone) == {"kind": "moment", "rows": rows}
    assert store.aside(other) is None


def test_aliases_are_restored_after_the_state_is_lost(store, tmp_path):
    """From their objects; one that is contradicted stays as it is."""
    pairs = [(uuid(), uuid()) for _ in range(3)]
    for contact, record in pairs:
        store.put_alias(contact, record, COLLECTION)
        store.put_alias(contact, record, COLLECTION)
    assert store.alias(pairs[0][0]) == pairs[0][1]
    assert store.alias(uuid()) is None
    state = open_state(str(tmp_path / "state.sqlite3"))
    try:
        aliases = Aliases(state.database)
        other = uuid()
        aliases.note(other, pairs[2][1], COLLECTION)
        # As after a setup that was broken off.
        assert lacks(store, aliases)
        assert restore(store, aliases) == (3, 1)
        assert not lacks(store, aliases)
        assert aliases.records([each for each, _ in pairs[:2]]) == dict(pairs[:2])
        assert aliases.served([pairs[2][1]]) == {pairs[2][1]: other}
        assert restore(store, aliases) == (3, 1)
    finally:
        state.close()


def test_an_objecttype_that_is_gone_is_no_success(objects):
    """Nothing is taken for written that was refused."""
    store = ObjectStore(objects, {ASIDE.uuid: 99, ALIAS.uuid: 99})
    with pytest.raises(RegisterUnavailable):
        store.put_aside(uuid(), {"kind": "moment", "rows": []})
