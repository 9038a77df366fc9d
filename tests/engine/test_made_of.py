"""A record that is made of what comes nested, in a register that deletes none."""

import pytest
from adapter.dialects import SHIPPED
from adapter.errors import RegisterUnavailable
from adapter.gathering.store import ALIAS, ObjectStore, restore
from adapter.mapping.load import read_dialect
from adapter.scenes.theatre import theatre

BSN = {
    "codeObjecttype": "natuurlijk_persoon", "codeSoortObjectId": "bsn", "codeRegister": "brp",
    "objectId": "999990019",
}  # fmt: skip
BODY = {"soortPartij": "persoon", "partijIdentificatoren": [{"partijIdentificator": BSN}]}
ASKED = [("subjectNatuurlijkPersoon__inpBsn", "999990019")]
BY_NUMBER = "partijen?partijIdentificator__codeSoortObjectId=bsn&partijIdentificator__objectId=999990019"


@pytest.fixture
def play():
    with theatre(read_dialect(SHIPPED, "esuite"), SHIPPED) as found:
        yield found.play({})


def test_what_fails_afterwards_leaves_the_record_and_nothing_open(play, monkeypatch):
    """The register could not take it back; a client that tries again is told that it is there."""
    objects = type(play.registers["objects"])
    real = objects.call

    def call(self, method, path, **sent):
        if self.name == "objects" and method == "POST" and path == "objects":
            raise RegisterUnavailable(self.name)
        return real(self, method, path, **sent)

    monkeypatch.setattr(objects, "call", call)
    status, _ = play.ask("POST", "partijen", BODY)
    assert status == 503
    monkeypatch.undo()
    found = play.registers["klanten"].call("GET", "klanten", params=ASKED)
    assert found.body["count"] == 1
    # What may have been made of objects is looked for, as always; of the klant nothing is left to do.
    left = [step for write in play.deployment.state.journal.all() for step in write.steps]
    assert [step for step in left if step["register"] == "klanten"] == []
    status, told = play.ask("POST", "partijen", BODY)
    assert (status, told["invalidParams"][0]["name"]) == (400, "__all__")
    query = "partijen?partijIdentificator__codeSoortObjectId=bsn&partijIdentificator__objectId=999990019"
    status, page = play.ask("GET", query, None)
    assert (status, page["count"]) == (200, 1)


def test_an_object_that_cannot_move_yet_stays_what_it_is(play, monkeypatch):
    """The record is there by then: a client that tries again is answered as if nothing had happened."""
    status, partij = play.ask("POST", "partijen", {"soortPartij": "persoon", "interneNotitie": "Belt"})
    assert status == 201
    objects = type(play.registers["objects"])
    real = objects.call

    def call(self, method, path, **sent):
        if self.name == "objects" and method == "POST" and path == "objects":
            raise RegisterUnavailable(self.name)
        return real(self, method, path, **sent)

    body = {"identificeerdePartij": {"uuid": partij["uuid"]}, "partijIdentificator": BSN}
    monkeypatch.setattr(objects, "call", call)
    assert play.ask("POST", "partij-identificatoren", body)[0] == 503
    monkeypatch.undo()
    status, now = play.ask("GET", f"partijen/{partij['uuid']}", None)
    assert (status, now["interneNotitie"], now["partijIdentificatoren"]) == (200, "Belt", [])
    assert play.ask("POST", "partij-identificatoren", body)[0] == 201
    query = "partijen?partijIdentificator__codeSoortObjectId=bsn&partijIdentificator__objectId=999990019"
    _, page = play.ask("GET", query, None)
    assert [(each["uuid"], each["interneNotitie"]) for each in page["results"]] == [(partij["uuid"], "Belt")]


@pytest.mark.parametrize("failed", [None, "alias", "later"])
def test_the_uuid_of_what_moved_outlives_the_state(play, monkeypatch, failed):
    """Also when the first attempt ended before the alias was written as an object, or after that."""
    _, partij = play.ask("POST", "partijen", {"soortPartij": "persoon", "interneNotitie": "Belt"})
    body = {"identificeerdePartij": {"uuid": partij["uuid"]}, "partijIdentificator": BSN}
    objects = type(play.registers["objects"])
    real = objects.call

    def call(self, method, path, **sent):
        if self.name == "objects" and method == "POST" and path == "objects":
            alias = ALIAS.uuid in sent["json"]["type"]
            if alias == (failed == "alias"):
                raise RegisterUnavailable(self.name)
        return real(self, method, path, **sent)

    if failed:
        monkeypatch.setattr(objects, "call", call)
        assert play.ask("POST", "partij-identificatoren", body)[0] == 503
        monkeypatch.undo()
    assert play.ask("POST", "partij-identificatoren", body)[0] == 201
    aliases = play.deployment.state.aliases
    (record,) = aliases.records([partij["uuid"]]).values()
    assert record != partij["uuid"]
    with play.deployment.state.database.transaction() as transaction:
        transaction.run("DELETE FROM aliases")
    assert [each["uuid"] for each in play.ask("GET", BY_NUMBER, None)[1]["results"]] == [record]
    store = ObjectStore(play.registers["objects"], {ALIAS.uuid: 1})
    assert restore(store, aliases) == (1, 0)
    assert aliases.collection(partij["uuid"]) == "klanten/klanten"
    _, page = play.ask("GET", BY_NUMBER, None)
    assert [(each["uuid"], each["interneNotitie"]) for each in page["results"]] == [(partij["uuid"], "Belt")]
