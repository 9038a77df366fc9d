"""Translation alone, from register bytes to served bytes and back: no HTTP, no threads, no waiting.

Against orjson that reads and writes the same bytes, and against libraries that move the same fields.
"""

import gc
from collections.abc import Callable
from concurrent.futures import Executor, Future
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

import orjson
from adapter.engine.deployment import Deployment
from adapter.engine.rights import Rights
from adapter.engine.service import Engine
from adapter.main import prepare
from adapter.mapping.paths import parse
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


def _anew(deployment: Deployment) -> Callable[[], bytes]:
    """A page of records that were not read before: what is remembered of URLs and instants is forgotten.

    To be made before `settle`, which hides from the collector what is there.
    """
    _page(deployment)
    caches = [
        each
        for each in gc.get_objects()
        if type(each) is type(parse)
        and each is not parse
        and "adapter" in f"{getattr(each, '__module__', '')}{each.__wrapped__!r}"
    ]
    own = [each for each in caches if each.cache_info().currsize >= PAGE // 4]

    def work() -> bytes:
        for each in own:
            each.cache_clear()
        return _page(deployment)

    return work


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
    new_page = _anew(deployment)
    # as a worker does when it starts
    settle()
    page, expanded = tape.operations[1], tape.operations[2]
    found = interleaved(
        {
            "page": lambda: _page(deployment),
            "new page": new_page,
            "page, orjson": _plain(tape, page),
            "expand": lambda: _page(deployment, EXPAND),
            "expand, orjson": _plain(tape, expanded),
        },
        rounds=rounds,
        seconds=seconds,
    )
    rows = [
        _row("page of 100: all of KlantBrug but HTTP", found["page"], found["page, orjson"], 4.0),
        _row("page of 100 that was not read before: the same", found["new page"], found["page, orjson"], 4.0),
        _row("page of 100, expand: the same", found["expand"], found["expand, orjson"], 4.0),
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
    for direction, target in (("read 100", 2.0), ("write 1", 4.0)):
        mine = {name: work for (way, name), work in works.items() if way == direction}
        found = interleaved(mine, rounds=rounds, seconds=seconds)
        ours = found.pop("klantbrug")
        plain = found.pop("orjson")
        what = f"fields of klantcontacten, {direction}"
        rows.append(_row(what, ours, plain, target))
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
