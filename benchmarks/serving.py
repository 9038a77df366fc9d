"""Serving over registers that answer at once: CPU a request, requests a second, how long they take."""

from contextlib import ExitStack
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.load import put_under
from benchmarks.processes import Served, started
from benchmarks.tape import Operation, Tape

TARGETS = {"GET klantcontact": 1.5, "page of 100, expand": 2.0}
# A bare Connexion app can only do these: its own validation refuses the bodies that clients send.
STATIC = ("GET klantcontact", "page of 100")
CLIENTS = (1, 8, 32)


def measure(tape: Tape, path: Path, *, rounds: int, requests: int) -> list[dict[str, Any]]:
    """Rows of the table."""
    with ExitStack() as stack:
        stack.enter_context(started("replay", str(path)))
        servers = {
            kind: stack.enter_context(started("servers", kind, str(path)))
            for kind in ("klantbrug", "proxy", "connexion")
        }
        return [_operation(each, servers, rounds, requests) for each in tape.operations]


def _operation(
    operation: Operation, servers: dict[str, Served], rounds: int, requests: int
) -> dict[str, Any]:
    asked = {kind: it for kind, it in servers.items() if kind != "connexion" or operation.name in STATIC}
    # pages take longer: fewer of them tell as much
    amount = max(8, requests // (10 if "page" in operation.name else 1))
    for server in asked.values():
        warm = put_under(server.port, operation, clients=4, requests=max(8, amount // 4))
        if warm.failed:
            raise RuntimeError(f"{operation.name} is answered with an error")
    cpu: dict[str, list[float]] = {kind: [] for kind in asked}
    loads: dict[tuple[str, int], list[Any]] = {}
    for _ in range(rounds):
        for kind, server in asked.items():
            for clients in CLIENTS:
                before = server.cpu()
                load = put_under(server.port, operation, clients=clients, requests=amount)
                if clients == 1:
                    cpu[kind].append((server.cpu() - before) / amount * 1000)
                loads.setdefault((kind, clients), []).append(load)
    row: dict[str, Any] = {"what": operation.name}
    target = TARGETS.get(operation.name)
    row["target"] = f"CPU at most {target} times the proxy" if target else ""
    for kind in asked:
        row[f"cpu ms {kind}"] = round(median(cpu[kind]), 3)
        if kind != "klantbrug":
            pairs = zip(cpu["klantbrug"], cpu[kind], strict=True)
            row[f"cpu / {kind}"] = round(median(one / other for one, other in pairs), 2)
    for (kind, clients), found in loads.items():
        row[f"{kind}, {clients} clients"] = {
            "a second": round(median(len(each.latencies) / each.seconds for each in found)),
            "p50 ms": round(median(each.percentile(0.5) for each in found), 2),
            "p99 ms": round(median(each.percentile(0.99) for each in found), 2),
        }
    return row


def hidden(tape: Tape, path: Path, *, rounds: int, delay: float = 0.01) -> list[dict[str, Any]]:
    """Over registers that answer after 10 ms: the whole as a multiple of one call."""
    rows = []
    with ExitStack() as stack:
        stack.enter_context(started("replay", str(path), "--delay", str(delay)))
        server = stack.enter_context(started("servers", "klantbrug", str(path)))
        for operation in tape.operations:
            put_under(server.port, operation, clients=1, requests=3)
            load = put_under(server.port, operation, clients=1, requests=5 * rounds)
            whole = median(load.latencies)
            waited = len(operation.rounds) * delay
            rows.append(
                {
                    "what": operation.name,
                    "calls": len(operation.calls),
                    "rounds": len(operation.rounds),
                    "times one call": round(whole / delay, 2),
                    "ms beside waiting": round((whole - waited) * 1000, 2),
                    "target": f"at most {1.3 * waited * 1000 + 2:.0f} ms",
                    "ms": round(whole * 1000, 2),
                }
            )
    return rows
