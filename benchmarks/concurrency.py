"""Many clients at once, before registers that take their time: requests a second, and the slowest of them."""

from contextlib import ExitStack
from pathlib import Path
from typing import Any

from benchmarks.load import Load, put_under
from benchmarks.processes import started
from benchmarks.tape import Operation, Tape

CLIENTS = (1, 8, 32, 128)
WORKERS = (1, 4)
# In seconds: a fast register, and what a real Open Klant 1.0 takes for a page.
DELAYS = (0.01, 0.12)
READS = ("GET klantcontact", "page of 100")


def measure(tape: Tape, path: Path, *, requests: int) -> list[dict[str, Any]]:
    """Rows of the table; each client sends so many requests, one after the other."""
    operations = [each for each in tape.operations if each.name in READS]
    return [
        row
        for delay in DELAYS
        for workers in WORKERS
        for row in _served(operations, path, delay, workers, requests)
    ]


def _served(
    operations: list[Operation], path: Path, delay: float, workers: int, requests: int
) -> list[dict[str, Any]]:
    with ExitStack() as stack:
        stack.enter_context(started("replay", str(path), "--delay", str(delay)))
        options = ("klantbrug", str(path), "--workers", str(workers))
        server = stack.enter_context(started("servers", *options, ready=workers))
        rows = []
        for operation in operations:
            put_under(server.port, operation, clients=8 * workers, requests=16 * workers)
            row: dict[str, Any] = {
                "what": operation.name,
                "registers, ms": round(delay * 1000),
                "workers": workers,
            }
            for clients in CLIENTS:
                load = put_under(server.port, operation, clients=clients, requests=clients * requests)
                row[f"{clients} clients"] = _told(load)
            rows.append(row)
        return rows


def _told(load: Load) -> dict[str, Any]:
    return {
        "a second": round(len(load.latencies) / load.seconds, 1),
        "p50 ms": round(load.percentile(0.5)),
        "p99 ms": round(load.percentile(0.99)),
        "refused": load.failed,
    }
