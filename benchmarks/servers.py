"""The servers that are compared, each a process with one worker under the same uvicorn.

klantbrug: as it is. proxy: bare Starlette that makes the same register calls with the same client, in the
same rounds, and answers the same JSON. connexion: a bare Connexion app of the same specification with static
answers.
"""

import argparse
import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import orjson
from adapter.demo.places import ADAPTER
from adapter.demo.settings import PATHS, PUBLIC_PATH
from adapter.main import prepare
from adapter.opening import open_registers
from adapter.serving import serve, settle, supervise
from adapter.shipped import served_document
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from benchmarks.tape import Call, Operation, Tape

PORTS = {"klantbrug": 0, "proxy": 1, "connexion": 2}


# How worker processes are told where the tape is.
TAPE = "BENCHMARKS_TAPE"


def workers(path: Path, port: int, amount: int) -> None:
    """KlantBrug itself, in so many processes."""
    os.environ[TAPE] = str(path)
    supervise("benchmarks.servers:worker", workers=amount, port=port)


def worker() -> Any:
    """The application of one worker process."""
    tape = Tape.load(Path(os.environ[TAPE]))
    application = prepare(tape.configuration()).application(tape.made)
    settle()
    _ready()
    return application


def klantbrug(tape: Tape, port: int) -> None:
    """KlantBrug itself."""
    adapter = prepare(tape.configuration())
    serve(adapter.application(tape.made), port=port, log_level="error", started=_ready)


def proxy(tape: Tape, port: int) -> None:
    """The same calls, and no translation."""
    configuration = tape.configuration()
    registers = open_registers(configuration)
    pool = ThreadPoolExecutor(configuration.limits.threads)
    bases = {(tape.places[place].port, base): registers[name] for name, (place, base) in PATHS.items()}

    def make(call: Call) -> Any:
        parts = urlsplit(call.target)
        base, register = next(
            (base, register)
            for (at, base), register in bases.items()
            if at == call.port and parts.path.startswith(base)
        )
        path = parts.path.removeprefix(base)
        body = orjson.loads(call.body) if call.body else None
        return register.call(call.method, path, params=parse_qsl(parts.query), json=body).body

    def perform(operation: Operation) -> bytes:
        for calls in operation.rounds:
            if len(calls) == 1:
                make(calls[0])
            else:
                list(pool.map(make, calls))
        return orjson.dumps(shown[operation.name])

    shown = {each.name: orjson.loads(each.answer) for each in tape.operations}
    known = {(each.method, path): each for each in tape.operations for path, _ in each.variants}

    async def app(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "http":
            return
        while (await receive()).get("more_body"):
            pass
        query = scope["query_string"].decode()
        path = scope["path"].removeprefix(f"{PUBLIC_PATH}/") + (f"?{query}" if query else "")
        operation = known[scope["method"], path]
        body = await run_in_threadpool(perform, operation)
        await Response(body, operation.status, media_type="application/json")(scope, receive, send)

    serve(app, port=port, log_level="error", started=_ready)


def connexion(tape: Tape, port: int) -> None:
    """A Connexion app without anything behind it."""
    from connexion import AsyncApp  # noqa: PLC0415
    from connexion.options import SwaggerUIOptions  # noqa: PLC0415
    from connexion.resolver import Resolution, Resolver  # noqa: PLC0415

    shown = {each.name: orjson.loads(each.answer) for each in tape.operations}

    # the specification names two types of answer
    json = {"Content-Type": "application/json"}

    def listing(**_: Any) -> Any:
        return shown["page of 100"], 200, json

    def one(**_: Any) -> Any:
        return shown["GET klantcontact"], 200, json

    class Static(Resolver):
        def resolve(self, operation: Any) -> Resolution:
            name = operation.operation_id
            return Resolution(listing if name.endswith("List") else one, name)

    app = AsyncApp("benchmarks", swagger_ui_options=SwaggerUIOptions(swagger_ui=False))
    # tokens are no part of what is compared
    document = {**served_document().raw, "security": [], "servers": [{"url": PUBLIC_PATH}]}
    app.add_api(document, resolver=Static(), validate_responses=False)
    serve(app, port=port, log_level="error", started=_ready)


def _ready() -> None:
    print("ready", flush=True)


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("kind", choices=PORTS)
    parser.add_argument("tape", type=Path)
    parser.add_argument("--port", type=int)
    parser.add_argument("--workers", type=int, default=1)
    given = parser.parse_args()
    tape = Tape.load(given.tape)
    port = given.port or tape.places[ADAPTER].port
    if given.workers > 1:
        workers(given.tape, port, given.workers)
    else:
        globals()[given.kind](tape, port)
