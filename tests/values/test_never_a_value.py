"""What clients send and registers hold is nowhere but in answers: no log line, error or exception has it.

Planted values go through every operation, in its path, its query and its body, while the registers work and
while they fail in every way, one of which repeats in its error what it was sent.
"""

import io
import json
import logging
import re
import threading
from contextlib import ExitStack

import pytest
from adapter import logs
from adapter.api import gate
from adapter.errors import AdapterError
from adapter.shipped import served_document

from tests import bodies
from tests.unreliable import BROKEN, BROKEN_JSON, DOWN, LOST, MOVED, PORTAL, Fault

BSN = "111222333"
NAME = "Plantzoon"
ADDRESS = "geplant@planted.example"
PHONE = "0612987643"
TEXT = "Een geplante tekst over een ziekte"
PLANTED = (BSN, NAME, ADDRESS, PHONE, TEXT)
NOWHERE = "11111111-1111-4111-8111-111111111111"

# Reasons in which the reference repeats a value to the client that sent it, by code or by the member's name.
REPEATING = {"invalid_choice", "does_not_exist", "invalid-iban", "invalid-postcode", "unknown-parameters"}
REPEATED = re.compile(r"(?:.*\.)?(?:postcode|nummeraanduidingId|iban|bic)")
TELLTALE = Fault(
    400, json.dumps({"detail": " ".join(PLANTED), "invalidParams": [{"name": NAME, "code": TEXT}]}).encode(),
    b"application/json",
)  # fmt: skip
FAULTS = [None, DOWN, BROKEN, BROKEN_JSON, PORTAL, MOVED, LOST, TELLTALE]
OPERATIONS = served_document().operations


class Watched:
    """Everything that is logged and every exception that ends a request, as text."""

    def __init__(self):
        self.stream = io.StringIO()
        self.exceptions = []

    def answer(self, error, origin):
        """Stands in for `error_answer`, and remembers what it was asked to tell."""
        seen = error
        while seen is not None:
            self.exceptions.append(f"{type(seen).__name__} {seen} {seen!r} {fields(seen)}")
            seen = seen.__cause__ or (None if seen.__suppress_context__ else seen.__context__)
        return self.error_answer(error, origin)

    error_answer = staticmethod(gate.error_answer)


def fields(error):
    """What our own errors carry, but for what goes to the client as it was recorded."""
    carried = vars(error) if isinstance(error, AdapterError) else {}
    return {name: value for name, value in carried.items() if name not in ("problems", "media_type")}


@pytest.fixture
def watched(monkeypatch):
    """Logs at level DEBUG as they would be written."""
    root, hook = logging.getLogger(), threading.excepthook
    handlers, level = root.handlers[:], root.level
    found = Watched()
    logs.to_stream("debug", found.stream)
    monkeypatch.setattr(gate, "error_answer", found.answer)
    yield found
    root.handlers[:], threading.excepthook = handlers, hook
    root.setLevel(level)
    for name in logs.OWN:
        logging.getLogger(name).setLevel(logging.NOTSET)
    logging.captureWarnings(capture=False)


@pytest.fixture
def running(deployments):
    """The deployment, of which the contract may be broken: registers fail here."""
    found = deployments("openklant")
    found.reset()
    yield found
    found.reset()


def planted_in(text):
    return [value for value in PLANTED if value in text]


def told(answer):
    """What an error says apart from the reasons that may repeat what was sent."""
    if answer.status_code < 400:
        return ""
    body = answer.json()
    if body["code"] == "unsupported_media_type":
        body["detail"] = ""
    for problem in body.get("invalidParams", []):
        if problem["code"] in REPEATING or REPEATED.fullmatch(problem["name"]):
            problem["reason"] = ""
    return json.dumps(body, ensure_ascii=False)


def value_for(schema):
    """A planted value for a member, or a list or object full of them."""
    schema = served_document().merged(schema)
    if schema.get("type") == "array":
        return [value_for(schema.get("items", {}))]
    if schema.get("type") == "object" or "properties" in schema:
        return body_for(schema)
    if schema.get("type") == "boolean":
        return True
    if schema.get("enum"):
        return schema["enum"][0]
    return {"uuid": NOWHERE, "email": ADDRESS}.get(schema.get("format", ""), TEXT)


def body_for(schema):
    """Every member of a body, planted."""
    return {name: value_for(member) for name, member in served_document().properties(schema).items()}


def requests_for(operation):
    """An operation with planted values wherever a client can put one."""
    path = re.sub(r"\{.*?\}", NOWHERE, operation.path)
    options = {"json": body_for(operation.body)} if operation.body else {}
    yield path, options
    if operation.body:
        yield path, {"json": dict.fromkeys(options["json"], NAME)}
        yield path, {"data": TEXT.encode(), "headers": {"Content-Type": "application/json"}}
        yield path, {"data": b"{}", "headers": {"Content-Type": TEXT}}
    if "{" in operation.path:
        yield re.sub(r"\{.*?\}", BSN, operation.path), options
    for parameter in operation.parameters_in("query"):
        for value in (BSN, ADDRESS):
            yield path, {**options, "params": {parameter.name: value}}


def check(watched, answers):
    lines = watched.stream.getvalue()
    assert planted_in(lines) == [], [line for line in lines.splitlines() if planted_in(line)][:3]
    found = [text for text in watched.exceptions if planted_in(text)]
    assert found == []
    assert [text for text in map(told, answers) if planted_in(text)] == []
    return [json.loads(line) for line in lines.splitlines()]


def test_every_operation_keeps_what_it_was_sent_to_itself(running, watched):
    answers = [
        running.served.call(operation.method.upper(), path, **options)
        for operation in OPERATIONS
        for path, options in requests_for(operation)
    ]
    lines = check(watched, answers)
    logged = {line["operation"] for line in lines if line["event"] == "request"}
    assert logged >= {operation.operation_id for operation in OPERATIONS}


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault and f"{fault.status}-{fault.body[:9]}")
def test_a_life_of_planted_values_leaves_no_trace(running, watched, fault):
    """Made, found, changed and removed; with a fault, each once the registers fail."""
    made = lived(running.served, BSN)
    answers = list(made.values())
    with ExitStack() as stack:
        for each in running.faults.values() if fault else ():
            stack.enter_context(each.failing(fault))
        answers += used(running.served, {name: answer.json() for name, answer in made.items()})
    check(watched, answers)
    if fault is None:
        assert all(answer.status_code < 300 for answer in answers), [answer.text for answer in answers]
    else:
        assert any(answer.status_code >= 400 for answer in answers)


def lived(served, bsn):
    """A person, what he is reached by, and what was said with him."""
    found = {}

    def make(collection, body):
        found[collection] = served.call("POST", collection, json=body)
        assert found[collection].status_code == 201, found[collection].text
        return found[collection].json()

    naam = {"voorletters": "P.", "voornaam": NAME, "voorvoegselAchternaam": "", "achternaam": NAME}
    partij = make("partijen", bodies.partij("persoon", partijIdentificatie={"contactnaam": naam}))
    make("partij-identificatoren", bodies.identificator("bsn", bsn, partij))
    make("digitaleadressen", bodies.adres(ADDRESS, partij=partij, omschrijving=TEXT))
    contact = make("klantcontacten", bodies.contact(onderwerp=TEXT, inhoud=TEXT))
    make("betrokkenen", bodies.betrokkene(contact, partij, organisatienaam=NAME))
    actor = make("actoren", bodies.actor(ADDRESS, NAME))
    make("internetaken", bodies.taak(contact, actor, toelichting=TEXT))
    return found


def used(served, made):
    """Every resource read, found, changed and removed."""
    answers = [served.call("GET", collection) for collection in made]
    answers += [served.call("GET", each["url"]) for each in made.values()]
    for path, name, value in (
        ("partijen", "partijIdentificator__objectId", BSN),
        ("digitaleadressen", "adres", ADDRESS),
        ("klantcontacten", "onderwerp", TEXT),
        ("actoren", "naam", NAME),
        ("betrokkenen", "verstrektedigitaalAdres__adres", PHONE),
    ):
        answers.append(served.call("GET", path, params={name: value}))
    changes = {
        "digitaleadressen": {"adres": PHONE, "soortDigitaalAdres": "telefoonnummer"},
        "klantcontacten": {"inhoud": TEXT + NAME},
        "internetaken": {"toelichting": NAME},
        "betrokkenen": {"organisatienaam": TEXT},
        "actoren": {"naam": TEXT},
    }
    answers += [served.call("PATCH", made[name]["url"], json=change) for name, change in changes.items()]
    answers += [served.call("DELETE", each["url"]) for each in reversed(made.values())]
    return answers


def test_a_line_with_a_value_would_be_found(watched):
    logs.logger("klantbrug.test").info("found", name=NAME)
    with pytest.raises(AssertionError, match=NAME):
        check(watched, [])


def test_the_watch_of_every_test_finds_a_value_wherever_it_is_told(running, watch):
    """In a log line of ours, an exception that ends a request, a count and the state: none is passed over."""
    world = next(each for each in watch.worlds() if each.public_url == running.configuration.public_url)
    with pytest.raises(AssertionError) as caught, watch.during(thorough=True):
        logs.logger("klantbrug.test").debug("found", bsn=bodies.BSN)
        watch.exception(KeyError(bodies.OTHER_BSN))
        world.count("left_out.Korenbloem")
        with world.state.database.transaction() as transaction:
            transaction.run("INSERT INTO facts VALUES ('Vries', '')")
    world.counts.pop("left_out.Korenbloem")
    with world.state.database.transaction() as transaction:
        transaction.run("DELETE FROM facts WHERE name = 'Vries'")
    assert all(each in str(caught.value) for each in (bodies.BSN, bodies.OTHER_BSN, "Korenbloem", "Vries"))
    watch.found.clear()
