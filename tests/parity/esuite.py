"""Plays the recorded scenarios before an e-Suite, and says of each where it goes another way first.

    python -m tests.parity.esuite [PART OF A NAME]

Each begins with empty registers. What the e-Suite cannot hold is refused, so not all of them agree; what each
answer that differs is about stands in docs/esuite.md.
"""

import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import requests
import yaml

from tests.deployment import deployed
from tests.parity import player

SCENARIOS = Path(__file__).parent / "recorded" / "klantinteracties"


def first_differences(part: str = "") -> Iterator[tuple[str, str]]:
    """(name of a scenario, its first step that differs and how); "" for one that agrees."""
    with tempfile.TemporaryDirectory() as folder, deployed("esuite", Path(folder), watched=False) as town:
        for file in sorted(SCENARIOS.glob("*/*.yaml")):
            name = f"{file.parent.name}/{file.stem}"
            if part in name:
                town.reset()
                scenario = yaml.load(file.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
                yield name, _first_difference(town.served.base, scenario)


def _first_difference(base: str, scenario: player.Scenario) -> str:
    server = player.Server(base, "Token demo")
    server.session.trust_env = False
    with server.session:
        try:
            for number, call, found in player.play(server, scenario):
                if found:
                    return f"{number}. {call}: {found[0]}"
        except requests.RequestException as error:
            return f"no answer: {type(error).__name__}"
    return ""


def main(part: str = "") -> None:
    """Print the differences, and how many scenarios of each folder agree."""
    agree, every = Counter[str](), Counter[str]()
    for name, found in first_differences(part):
        folder = name.partition("/")[0]
        every[folder] += 1
        agree[folder] += not found
        if found:
            print(f"{name}\n    {found[:300]}", flush=True)
    for folder, number in sorted(every.items()):
        print(f"{folder}: {agree[folder]} of {number} agree")
    print(f"{agree.total()} of {every.total()} agree")


if __name__ == "__main__":
    main(*sys.argv[1:2])
