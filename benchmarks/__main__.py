"""All measurements, as tables and as JSON."""

import argparse
import json
import os
import platform
import sys
import tempfile
from pathlib import Path
from typing import Any

from benchmarks import concurrency, serving, size, translation
from benchmarks.tape import record

SECTIONS = ("translation", "serving", "latency", "concurrency", "size")


def table(rows: list[dict[str, Any]]) -> str:
    """Rows under each other; what is itself a group stands in the JSON, and on a line of its own here."""
    lines = []
    for row in rows:
        plain = [f"{name}: {value}" for name, value in row.items() if name != "what" and not _is_group(value)]
        lines.append(f"  {row['what']}  " + ", ".join(each for each in plain if not each.endswith(": ")))
        for name, value in row.items():
            if _is_group(value):
                inner = ", ".join(f"{key} {each}" for key, each in value.items())
                lines.append(f"      {name}: {inner}")
    return "\n".join(lines)


def _is_group(value: Any) -> bool:
    return isinstance(value, dict)


def main() -> None:
    """Run what is asked, or everything."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks")
    parser.add_argument("sections", nargs="*", choices=[*SECTIONS, []], help="all unless named")
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--requests", type=int, default=400, help="of one kind in a round")
    parser.add_argument("--each", type=int, default=20, help="requests of each of many clients")
    parser.add_argument("--many", type=int, default=100_000, help="requests after which memory is looked at")
    parser.add_argument("--output", type=Path, default=Path("benchmarks/results.json"))
    given = parser.parse_args()
    machine = {"python": platform.python_version(), "cores": os.cpu_count(), "load": os.getloadavg()[0]}
    results: dict[str, Any] = {"machine": machine}
    with tempfile.TemporaryDirectory() as folder:
        tape, path = record(Path(folder)), Path(folder) / "tape"
        tape.save(path)
        measures = {
            "translation": lambda: translation.measure(tape, rounds=given.rounds, seconds=0.3),
            "serving": lambda: serving.measure(tape, path, rounds=given.rounds, requests=given.requests),
            "latency": lambda: serving.hidden(tape, path, rounds=given.rounds),
            "concurrency": lambda: concurrency.measure(tape, path, requests=given.each),
            "size": lambda: size.measure(tape, path, requests=given.many, rounds=min(3, given.rounds)),
        }
        for name in given.sections or SECTIONS:
            results[name] = measures[name]()
            sys.stdout.write(f"{name}\n{table(results[name])}\n\n")
            sys.stdout.flush()
    given.output.write_text(json.dumps(results, indent=1, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
