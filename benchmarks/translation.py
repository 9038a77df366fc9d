"""Translation alone, from register bytes to served bytes and back: no HTTP, no threads, no waiting.

Against orjson that reads and writes the same bytes, and against libraries that move the same fields.
"""

from concurrent.futures import Executor, Future
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

import orjson
from adapter.engine.deployment import Deployment
from adapter.engine.rights import Rights
from adapter.engine.service import Engine
from adapter.main import prepare
from adapter.registers.messages import Answer
from adapter.service import Caller, ListQuery
from adapter.serving import settle

from benchmarks import movers
from benchmarks.measuring import interleaved, ratio
from benchmarks.tape import EXPAND, PAGE, Operation, Tape

CALLER = Caller("bench")


class AtOnce(Executor):
    """Does what it is given, in this thread."""

    def submit(self, fn: Any, /, *args: Any, **kwargs: Any) -> Future[Any]:
        done: Future[Any] = Future()
        done.set_result(fn(*args, **kwargs))
        return done


class Recorded:
    """A register that parses what was recorded."""

    def __init__(self, register: Any, port: int, base: str, tape: Tape) -> None:
        self.name, self.url, self.urls = register.name, register.url, register.urls
        self.identify = register.identify
        self.port, self.base, self.tape = port, base, tape

    def call(self, method: str, path: str, *, params: Any = (), json: Any = None) -> Answer:
        query = urlencode(params, safe=":/,@!$()*;'[]") if params else ""
        target = self.base + path + (f"?{query}" if query else "")
        body = orjson.dumps(json) if json is not None else b""
        searched = body if method == "GET" or path.endswith("/search") else b""
        status, content = self.tape.answers[self.port, method, target, searched]
        return Answer(status, orjson.loads(content))


def deployment_of(tape: Tape) -> Deployment:
    """KlantBrug's own world before what was recorded."""
    from adapter.demo.settings import PATHS  # noqa: PLC0415

    adapter = prepare(tape.configuration())
    deployment = adapter.deployment(tape.made)
    registers = {
        name: Recorded(register, tape.places[PATHS[name][0]].port, PATHS[name][1], tape)
        for name, register in adapter.registers.items()
    }
    return replace(deployment, registers=registers, pool=AtOnce(), rights=Rights())


def _page(deployment: Deployment, expand: str = "") -> bytes:
    query = ListQuery({}, tuple(expand.split(",")) if expand else (), 1, PAGE)
    return orjson.dumps(Engine(deployment).list("klantcontacten", query, CALLER).results)


def _plain(tape: Tape, operation: Operation) -> Any:
    contents = [tape.answers[call.key][1] for call in operation.calls]
    served = orjson.loads(operation.answer)

    def work() -> bytes:
        for content in contents:
            orjson.loads(content)
        return orjson.dumps(served)

    return work


def measure(tape: Tape, *, rounds: int, seconds: float) -> list[dict[str, Any]]:
    """Rows of the table."""
    deployment = deployment_of(tape)
    # as a worker does when it starts
    settle()
    page, expanded = tape.operations[1], tape.operations[2]
    found = interleaved(
        {
            "page": lambda: _page(deployment),
            "page, orjson": _plain(tape, page),
            "expand": lambda: _page(deployment, EXPAND),
            "expand, orjson": _plain(tape, expanded),
        },
        rounds=rounds,
        seconds=seconds,
    )
    rows = [
        _row("page of 100: all of KlantBrug but HTTP", found["page"], found["page, orjson"], 2.0),
        _row("page of 100, expand: the same", found["expand"], found["expand, orjson"], 2.0),
    ]
    return rows + _fields(deployment, tape, rounds=rounds, seconds=seconds)


def _row(name: str, ours: list[float], other: list[float], target: float) -> dict[str, Any]:
    return {
        "what": name,
        "against": "orjson loads and dumps of the same bytes",
        "ratio": round(ratio(ours, other), 2),
        "target": f"at most {target}",
        "ms": round(sorted(ours)[len(ours) // 2] * 1000, 3),
    }


def _fields(deployment: Deployment, tape: Tape, *, rounds: int, seconds: float) -> list[dict[str, Any]]:
    """The fields of 100 klantcontacten, read and one written: against libraries that move the same fields."""
    content = movers.material(deployment, tape)
    works = movers.works(deployment, content)
    rows = []
    for direction in ("read 100", "write 1"):
        mine = {name: work for (way, name), work in works.items() if way == direction}
        found = interleaved(mine, rounds=rounds, seconds=seconds)
        ours = found.pop("klantbrug")
        plain = found.pop("orjson")
        what = f"fields of klantcontacten, {direction}"
        rows.append(_row(what, ours, plain, 2.0))
        rows += [
            {
                "what": what,
                "against": name,
                "it takes times as long": round(ratio(others, ours), 1),
                "target": "at least 5",
            }
            for name, others in found.items()
        ]
    return rows
