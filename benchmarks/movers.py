"""The same field moves of a klantcontact with KlantBrug's compiled mapping and with other libraries.

Each gets the bytes of a list of {record, aanvulling} and gives the bytes of a list of served members.
KlantBrug does what its rules say (bases, absent values, lengths); the others only move and default, which is
less.
"""

from collections.abc import Callable
from typing import Any

import orjson
from adapter.engine.deployment import Deployment
from adapter.engine.placement.sidecar import SUPPLEMENT, supplement_uuid
from adapter.mapping import translate
from adapter.mapping.paths import with_values

from benchmarks.tape import Tape

Work = Callable[[], bytes]
# served member → where it stands, and what it is when it stands nowhere
KEPT = {
    "nummer": "", "referentienummer": "", "onderwerp": "Contact", "reactie": "", "hoofdOnderwerpType": "",
    "indicatieContactGelukt": None, "verdereActieOndernomen": False, "vertrouwelijk": False, "metadata": {},
}  # fmt: skip
MOVED = {
    "kanaal": "kanaal", "plaatsgevondenOp": "registratiedatum", "geregistreerdOp": "registratiedatum",
    "taal": "voorkeurstaal", "inhoud": "tekst",
}  # fmt: skip
# what is written the other way: the last that says where
BACK = {at: name for name, at in reversed(MOVED.items())}


def material(deployment: Deployment, tape: Tape) -> bytes:
    """The contactmomenten of the recorded page, each with its aanvulling."""
    page, search = (orjson.loads(tape.answers[call.key][1]) for call in tape.operations[1].calls[:2])
    supplements = {each["uuid"]: each["record"]["data"] for each in search["results"]}
    resource = deployment.mappings.resources["klantcontacten"]
    place = resource.homes["contactmoment"].place
    assert place is not None and deployment.has(SUPPLEMENT)
    pairs = []
    for record in page["results"]:
        uuid = supplement_uuid(place, record["url"].rpartition("/")[2])
        pairs.append({"record": record, "aanvulling": supplements.get(uuid, {})})
    return orjson.dumps(pairs)


def works(deployment: Deployment, content: bytes) -> dict[tuple[str, str], Work]:
    """(direction, library) → the work."""
    one = orjson.dumps(orjson.loads(_klantbrug(deployment, content)())[0])
    return {
        ("read 100", "klantbrug"): _klantbrug(deployment, content),
        ("read 100", "orjson"): lambda: orjson.dumps(orjson.loads(content)),
        ("read 100", "glom"): _glom(content),
        ("read 100", "jsonata-python"): _jsonata(content),
        ("read 100", "jq"): _jq(content),
        ("read 100", "python-benedict"): _benedict(content),
        ("write 1", "klantbrug"): _klantbrug_back(deployment, one),
        ("write 1", "orjson"): lambda: orjson.dumps(orjson.loads(one)),
        ("write 1", "glom"): _glom_back(one),
        ("write 1", "jsonata-python"): _jsonata_back(one),
        ("write 1", "jq"): _jq_back(one),
        ("write 1", "python-benedict"): _benedict_back(one),
    }


def _klantbrug(deployment: Deployment, content: bytes) -> Work:
    resource = deployment.mappings.resources["klantcontacten"]
    home = resource.homes["contactmoment"]

    def work() -> bytes:
        rows = orjson.loads(content)
        return orjson.dumps([translate.read(resource, home, it["record"], it["aanvulling"]) for it in rows])

    return work


def _klantbrug_back(deployment: Deployment, one: bytes) -> Work:
    resource = deployment.mappings.resources["klantcontacten"]
    home = resource.homes["contactmoment"]

    def work() -> bytes:
        intended = orjson.loads(one)
        record = with_values({}, translate.changes(resource, home, intended, None, {}))
        return orjson.dumps(
            {"record": record, "aanvulling": translate.supplement(resource, home, intended, record)}
        )

    return work


def _glom(content: bytes) -> Work:
    from glom import Coalesce, Path, glom  # noqa: PLC0415

    spec: dict[str, Any] = {name: Coalesce(f"record.{at}", default=None) for name, at in MOVED.items()}
    for name, default in KEPT.items():
        spec[name] = Coalesce(Path("aanvulling", "waarden", name), default=default)
    return lambda: orjson.dumps(glom(orjson.loads(content), [spec]))


def _glom_back(one: bytes) -> Work:
    from glom import Coalesce, glom  # noqa: PLC0415

    spec = {
        "record": {at: Coalesce(name, default=None) for at, name in BACK.items()},
        "aanvulling": {name: Coalesce(name, default=default) for name, default in KEPT.items()},
    }
    return lambda: orjson.dumps(glom(orjson.loads(one), spec))


def _jsonata(content: bytes) -> Work:
    import jsonata  # noqa: PLC0415

    moved = [f'"{name}": record.{at}' for name, at in MOVED.items()]
    moved += [f'"{name}": aanvulling.waarden.{name}' for name in KEPT]
    program = jsonata.Jsonata("$.{" + ", ".join(moved) + "}")
    return lambda: orjson.dumps(program.evaluate(orjson.loads(content)))


def _jsonata_back(one: bytes) -> Work:
    import jsonata  # noqa: PLC0415

    moved = ", ".join(f'"{at}": {name}' for at, name in BACK.items())
    kept = ", ".join(f'"{name}": {name}' for name in KEPT)
    program = jsonata.Jsonata("{" + f'"record": {{{moved}}}, "aanvulling": {{{kept}}}' + "}")
    return lambda: orjson.dumps(program.evaluate(orjson.loads(one)))


def _jq(content: bytes) -> Work:
    import jq  # noqa: PLC0415

    moved = [f"{name}: .record.{at}" for name, at in MOVED.items()]
    moved += [f"{name}: (.aanvulling.waarden.{name} // {_json(default)})" for name, default in KEPT.items()]
    program = jq.compile("[.[] | {" + ", ".join(moved) + "}]")
    return lambda: program.input_text(content.decode()).text().encode()


def _jq_back(one: bytes) -> Work:
    import jq  # noqa: PLC0415

    moved = ", ".join(f"{at}: .{name}" for at, name in BACK.items())
    kept = ", ".join(f"{name}: .{name}" for name in KEPT)
    program = jq.compile(f"{{record: {{{moved}}}, aanvulling: {{{kept}}}}}")
    return lambda: program.input_text(one.decode()).text().encode()


def _benedict(content: bytes) -> Work:
    from benedict import benedict  # noqa: PLC0415

    def work() -> bytes:
        found = []
        for each in orjson.loads(content):
            row = benedict(each, keypath_separator="/")
            served = {name: row.get(f"record/{at}") for name, at in MOVED.items()}
            for name, default in KEPT.items():
                served[name] = row.get(f"aanvulling/waarden/{name}", default)
            found.append(served)
        return orjson.dumps(found)

    return work


def _benedict_back(one: bytes) -> Work:
    from benedict import benedict  # noqa: PLC0415

    def work() -> bytes:
        row, made = orjson.loads(one), benedict({}, keypath_separator="/")
        for at, name in BACK.items():
            made[f"record/{at}"] = row.get(name)
        for name, default in KEPT.items():
            made[f"aanvulling/{name}"] = row.get(name, default)
        return orjson.dumps(made)

    return work


def _json(value: Any) -> str:
    return orjson.dumps(value).decode()
