"""How large a worker is, how soon it starts, and what does not grow with the number of contacts."""

from contextlib import ExitStack
from pathlib import Path
from statistics import median
from typing import Any

import orjson
from adapter.engine.service import Engine
from adapter.errors import Invalid
from adapter.registers.messages import Answer
from adapter.service import ListQuery

from benchmarks.load import put_under
from benchmarks.measuring import interleaved
from benchmarks.processes import started
from benchmarks.tape import PAGE, Tape
from benchmarks.translation import CALLER, Recorded, deployment_of

SIZES = (1_000, 10_000, 100_000, 1_000_000)


def measure(tape: Tape, path: Path, *, requests: int, rounds: int) -> list[dict[str, Any]]:
    """Rows of the table."""
    return [*_worker(tape, path, requests), *_growth(tape, rounds)]


def _worker(tape: Tape, path: Path, requests: int) -> list[dict[str, Any]]:
    with ExitStack() as stack:
        stack.enter_context(started("replay", str(path)))
        server = stack.enter_context(started("servers", "klantbrug", str(path)))
        rest, start = server.memory(), server.cpu()
        one, page = tape.operations[0], tape.operations[1]
        put_under(server.port, page, clients=8, requests=20)
        put_under(server.port, one, clients=8, requests=max(1, requests // 10))
        soon = server.memory()
        put_under(server.port, one, clients=8, requests=requests)
        later = server.memory()
    return [
        {
            "what": "start",
            "seconds": round(server.started_in, 2),
            "of which CPU": round(start, 2),
            "target": "below 2 seconds",
        },
        {"what": "memory at rest", "MB": round(rest), "target": "below 150 MB"},
        {"what": f"memory after {requests // 10} requests", "MB": round(soon)},
        {"what": f"memory after {requests} more", "MB": round(later), "target": "below 150 MB, flat"},
    ]


class Large:
    """A contactmomenten register with that many contacts: every page of it is the recorded one."""

    def __init__(self, register: Recorded, page: dict[str, Any], amount: int) -> None:
        self.register, self.page, self.amount = register, page, amount
        self.name, self.url, self.urls = register.name, register.url, register.urls
        self.identify = register.identify

    def call(self, method: str, path: str, *, params: Any = (), json: Any = None) -> Answer:
        if path != "contactmomenten":
            return self.register.call(method, path, params=params, json=json)
        number = int(dict(params).get("page", 1))
        more = f"?page={number + 1}" if number * PAGE < self.amount else None
        rows = [{**row, "url": _numbered(row["url"], number)} for row in self.page["results"]]
        return Answer(200, {**self.page, "results": rows, "count": self.amount, "next": more})


class Nothing:
    """An Objects API without objects."""

    def __init__(self, register: Recorded) -> None:
        self.name, self.url, self.urls = register.name, register.url, register.urls
        self.identify = register.identify

    def call(self, method: str, path: str, *, params: Any = (), json: Any = None) -> Answer:
        return Answer(200, {"count": 0, "next": None, "previous": None, "results": []})


def _numbered(url: str, number: int) -> str:
    return f"{url[:-6]}{number:06x}" if number > 1 else url


def _growth(tape: Tape, rounds: int) -> list[dict[str, Any]]:
    content = orjson.loads(tape.answers[tape.operations[1].calls[0].key][1])
    plain = {"klantcontactmomenten": [], "objectcontactmomenten": [], "medewerkerIdentificatie": None}
    page = {**content, "results": [{**row, **plain} for row in content["results"]]}
    works = {}
    for amount in SIZES:
        deployment = deployment_of(tape)
        registers = dict(deployment.registers)
        registers["contactmomenten"] = Large(registers["contactmomenten"], page, amount)
        registers["objects"] = Nothing(registers["objects"])
        service = Engine(_with(deployment, registers))
        works[f"page, {amount}"] = _asking(service, {"kanaal": "telefoon"})
        works[f"scan, {amount}"] = _asking(service, {"inhoud": "aanvraag"})
    found = interleaved(works, rounds=rounds, seconds=0.0)
    rows = []
    for kind in ("page", "scan"):
        least = median(found[f"{kind}, {SIZES[0]}"])
        for amount in SIZES:
            took = median(found[f"{kind}, {amount}"])
            rows.append(
                {
                    "what": f"filter, {kind}, {amount} contacts",
                    "ms": round(took * 1000, 1),
                    "times that of the smallest": round(took / least, 2),
                    "answer": works[f"{kind}, {amount}"](),
                }
            )
    return rows


def _with(deployment: Any, registers: dict[str, Any]) -> Any:
    from dataclasses import replace  # noqa: PLC0415

    return replace(deployment, registers=registers)


def _asking(service: Engine, filters: dict[str, str]) -> Any:
    def work() -> str:
        try:
            found = service.list("klantcontacten", ListQuery(filters, (), 1, PAGE), CALLER)
        except Invalid as refused:
            return f"400 {refused.problems[0].code}"
        return f"{found.count} found"

    return work
