"""A history that shows a difference, made as short as it gets."""

import copy
import json
import re

from tests.parity.fuzz.playing import Difference, compare
from tests.parity.player import Scenario, Server, Step, play


def shrunk(reference: Server, server: Server, scenario: Scenario, shown: Difference) -> Scenario:
    """The fewest steps, recorded anew from the reference, that still show the same kind of difference."""
    steps: list[Step] = scenario["steps"][: shown.number]
    size = len(steps) // 2
    while size:
        steps = _without(size, reference, server, {**scenario, "steps": steps}, shown)
        size //= 2
    found = {**scenario, "steps": copy.deepcopy(steps)}
    _recorded(reference, found)
    return found


def _without(
    size: int, reference: Server, server: Server, scenario: Scenario, shown: Difference
) -> list[Step]:
    """The steps without those that nothing needs, tried so many at once from the last to the first."""
    steps: list[Step] = scenario["steps"]
    for end in range(len(steps) - 1, 0, -size):
        start = max(0, end - size)
        rest = [*steps[:start], *steps[end:]]
        if _needed(steps[start:end], rest):
            continue
        if _shows(reference, server, {**scenario, "steps": rest}, shown):
            steps = rest
    return steps


def _needed(steps: list[Step], rest: list[Step]) -> bool:
    """Whether one of the other steps names what these made."""
    sent = json.dumps([(each["call"], each.get("json")) for each in rest])
    made = [name for step in steps for name in step.get("keep", ())]
    return any(re.search(rf"\{{{name}\}}", sent) for name in made)


def _shows(reference: Server, server: Server, scenario: Scenario, shown: Difference) -> bool:
    tried = copy.deepcopy(scenario)
    if not _recorded(reference, tried):
        return False
    server.reset()
    return any(
        found.kind == shown.kind and found.number == len(tried["steps"]) for found in compare(server, tried)
    )


def _recorded(reference: Server, scenario: Scenario) -> bool:
    """Whether the reference could play all of it; what it answers then stands in the scenario."""
    reference.reset()
    played = list(play(reference, scenario, recording=True))
    return len(played) == len(scenario["steps"]) and not any(said for _, _, said in played)
