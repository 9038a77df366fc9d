"""The whole way there and back: every phase of a move, with clients that go on."""

from contextlib import closing
from dataclasses import replace
from types import MappingProxyType
from unittest.mock import patch

import pytest
from adapter.move.marks import plain
from adapter.move.target import target as described
from adapter.phases import phase as phases
from adapter.shipped import shipped_mappings

from tests import bodies
from tests.bodies import ref
from tests.deployment import KEPT, deployed
from tests.move.conftest import Move, configured
from tests.phases.phased import health, until, with_phases

# By default test_phasing goes a part of it.
pytestmark = pytest.mark.contract
KINDS = described("openklant").resources
RESOURCES = shipped_mappings("openklant").resources


@pytest.fixture
def dialect():
    return "openklant"


@pytest.fixture
def target(deployment, tmp_path):
    """Another deployment with registers of its own, in which addresses of the first are understood."""
    with deployed("openklant", tmp_path, watched=False) as there:
        here = deployment.configuration.registers

        def known(configuration):
            registers = {
                name: replace(each, aliases=(*each.aliases, *here[name].aliases))
                for name, each in configuration.registers.items()
            }
            return replace(configuration, registers=MappingProxyType(registers))

        with there.another(known) as client:
            there.served = client
            yield there


def load(here, there):
    """Give the target what the registers of the other deployment hold, as loading its database does."""
    for name, tables in KEPT.items():
        with closing(here.databases[name].cursor()) as source, there.databases[name] as sink:
            for table in tables:
                sink.execute(f"DELETE FROM {table}")
                rows = source.execute(f"SELECT * FROM {table}").fetchall()
                for row in rows:
                    sink.execute(f"INSERT INTO {table} VALUES ({', '.join('?' * len(row))})", row)


def held(client):
    """(kind, uuid) → the own values of everything that a client sees."""
    found = {}
    for kind in KINDS:
        names = [each.name for each in RESOURCES[kind].members.values() if each.computed is None]
        for item in client.all(kind, pageSize=100):
            found[kind, item["uuid"]] = {name: plain(item[name]) for name in names if name in item}
    return found


def ten_writes(client):
    """What clients do after the cut-over; the URLs of what they made."""
    person = client.post("partijen", bodies.persoon())
    mail = client.post("digitaleadressen", bodies.adres("na@example.nl", partij=person))
    client.patch(
        f"partijen/{person['uuid']}", {"soortPartij": "persoon", "voorkeursDigitaalAdres": ref(mail)}
    )
    contact = client.post("klantcontacten", bodies.contact(nummer="0000000777", onderwerp="Na de verhuizing"))
    caller = client.post("betrokkenen", bodies.betrokkene(contact, person))
    clerk = client.post("actoren", bodies.actor("n.nieuw", "N. Nieuw"))
    task = client.post("internetaken", bodies.taak(contact, clerk))
    kind = client.post("categorieen", {"naam": "Na"})
    older = next(each for each in client.all("klantcontacten") if each["nummer"] == "0000000042")
    client.patch(f"klantcontacten/{older['uuid']}", {"onderwerp": "Veranderd"})
    client.delete(f"bijlagen/{client.all('bijlagen')[0]['uuid']}")
    return [each["url"] for each in (person, mail, contact, caller, clerk, task, kind)]


def test_everything_goes_there_and_back_and_nothing_is_lost(deployment, target, database, tmp_path, capsys):
    """Translate, shadow, read, again, freeze, write, verify, cut-over, ten writes, back."""
    file, state = tmp_path / "phase", str(tmp_path / "state.sqlite3")
    change = with_phases(file, target.served.base, state=state)
    with (
        patch.object(phases, "LOOK_SECONDS", 0.02),
        configured(deployment, change),
        deployment.another(change) as client,
    ):
        move = Move(tmp_path / "move", capsys)
        stored = [each["url"] for kind in KINDS for each in client.all(kind)]
        move("read")
        move("shadow")
        client.post("categorieen", {"naam": "Tussendoor"})
        assert "categorieen: 2, 1 new" in move("read", "--again")
        frozen = ("freeze", "--watch", "0")
        move(*frozen)
        assert client.call("POST", "categorieen", json={"naam": "Te laat"}).status_code == 503
        move("read", "--again")
        move("write")
        there = database()
        assert there.run(move.file("load.sql")) == (0, "", "")
        move.file("rows.txt").write_text(there.run(move.file("verify.sql"))[1])
        move("verify", "--rows", move.file("rows.txt"))
        load(deployment, target)
        before = held(client)
        move("cutover")
        until(lambda: health(client)["phase"]["name"], "forward")
        assert held(client) == before
        assert [each for each in stored if client.call("GET", each).status_code != 200] == []
        made = ten_writes(client)
        registers = held(deployment.served)
        move(*frozen)
        assert "target answered meanwhile" in move("unfreeze", status=1)
        said = move("back")
        assert "partijen: 1 new" in said
        assert "klantcontacten: 1 new" in said
        assert "bijlagen: 1 gone" in said
        assert held(deployment.served) == registers == before
        said = move("back", "--yes")
        assert "written: 10" in said
        assert "written: 0" in move("back", "--yes")
        move("unfreeze")
        until(lambda: health(client)["phase"]["name"], "translate")
        there, here = held(target.served), held(client)
        assert there.keys() == here.keys()
        differs = {
            (kind, name)
            for (kind, uuid), values in here.items()
            for name, value in values.items()
            if value != there[kind, uuid][name]
        }
        assert differs <= {("internetaken", "toegewezenOp")}
        gone = [each for each in stored + made if client.call("GET", each).status_code != 200]
        assert ["/bijlagen/" in each for each in gone] == [True]
