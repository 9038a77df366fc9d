"""The command: plays random histories and tells what differs, with a scenario file for each kind."""

import argparse
import copy
import os
import re
import sys
import tempfile
import time
from pathlib import Path

from tests.deployment import deployed
from tests.parity.fuzz import laws
from tests.parity.fuzz.playing import compare, draw
from tests.parity.fuzz.shrinking import shrunk
from tests.parity.player import SERVED, Server, written


def main() -> int:
    """Gives the exit status: 1 when something differs or a law does not hold."""
    options = _arguments()
    with (
        tempfile.TemporaryDirectory() as folder,
        deployed(options.dialect, Path(folder), watched=False) as it,
    ):
        server = Server(it.served.base, "Token demo", SERVED)
        if options.reference:
            token = f"Token {os.environ.get('REFERENCE_TOKEN', 'demo')}"
            return _differing(options, Server(options.reference, token, SERVED), server)
        return _lawless(options, server)


def _seeds(options: argparse.Namespace) -> range:
    return range(options.seed, options.seed + options.histories)


def _differing(options: argparse.Namespace, reference: Server, server: Server) -> int:
    kinds: dict[str, int] = {}
    steps, end = 0, time.monotonic() + options.seconds
    for seed in _seeds(options):
        if time.monotonic() > end:
            break
        reference.reset()
        server.reset()
        scenario, _ = draw(reference, seed, options.steps, compared=True)
        found = [each for each in compare(server, scenario) if not each.declared]
        steps += len(scenario["steps"])
        # What comes after the first difference may only follow from it.
        for each in found[:1]:
            kinds[each.kind] = kinds.get(each.kind, 0) + 1
            if kinds[each.kind] == 1:
                smallest = shrunk(reference, server, copy.deepcopy(scenario), each)
                _write(options.into, seed, each.kind, written(smallest))
                print(f"{seed}: {each.kind}", *each.said[:3], sep="\n    ", flush=True)
    print(f"{steps} steps; {sum(kinds.values())} histories differ, in {len(kinds)} kinds; see {options.into}")
    return 1 if kinds else 0


def _write(folder: Path, seed: int, kind: str, text: str) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    name = re.sub(r"[^\w]+", "-", kind)[:80].strip("-").lower()
    (folder / f"{name}-{seed}.yaml").write_text(text, encoding="utf-8")


def _lawless(options: argparse.Namespace, server: Server) -> int:
    wrong, end = 0, time.monotonic() + options.seconds
    for seed in _seeds(options):
        if time.monotonic() > end:
            break
        server.reset()
        scenario, answers = draw(server, seed, options.steps)
        found = [line for each in answers for line in laws.broken_by_answer(each, server.base)]
        found += laws.broken(server)
        if found:
            wrong += 1
            _write(options.into, seed, found[0], written(scenario))
            print(f"{seed}:", *found[:5], sep="\n    ", flush=True)
    print(f"{wrong} histories break a law; see {options.into}")
    return 1 if wrong else 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.parity.fuzz", description=__doc__)
    parser.add_argument("--reference", default=os.environ.get("REFERENCE_URL"), help="also REFERENCE_URL")
    parser.add_argument("--dialect", default="openklant")
    parser.add_argument("--seed", type=int, default=1, help="of the first history")
    parser.add_argument("--histories", type=int, default=20)
    parser.add_argument("--steps", type=int, default=30, help="of each history")
    parser.add_argument("--seconds", type=float, default=3600, help="after which none is begun")
    parser.add_argument("--into", type=Path, default=Path("found"), help="where scenario files go")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
