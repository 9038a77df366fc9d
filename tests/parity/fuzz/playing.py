"""Histories played: drawn before one server, and compared with what another one answers."""

import re
from dataclasses import dataclass, field

from requests import Response

from tests.parity.fuzz.drawing import Drawing
from tests.parity.player import Scenario, Server, asked, body_of, keep, play, seen

# What says where in an answer a difference is, but not which of several it is.
POSITION = re.compile(r"(?<=\.)\d+(?=\.|$)")
# What docs/differences.md says that Open Klant answers otherwise.
DECLARED = re.compile(
    r"""status:\ expected\ 500,
    | invalidParams\.\d+\.name:\ expected\ "\w+\.adresregel_\d",
    | (?:results\.\d+\.)?toegewezenAanActor:\ expected\ \{"uuid":\ null\},\ got\ null""",
    re.VERBOSE,
)
NAME = re.compile(r"\{\w+\}|[0-9a-f]{8}-[0-9a-f-]{27}")


@dataclass(frozen=True)
class Difference:
    """Of one step: its number from 1, what it called, and how the answers differ."""

    number: int
    call: str
    said: tuple[str, ...] = field(compare=False)

    @property
    def declared(self) -> bool:
        """Whether the documentation says so."""
        return all(DECLARED.match(each) for each in self.said)

    @property
    def kind(self) -> str:
        """The same for all histories that show the same."""
        where, _, what = self.said[0].partition(": ")
        shown = " ".join(what.split()[:4]) if where == "status" else ""
        verb, _, path = self.call.partition(" ")
        parameters = ",".join(re.findall(r"[?&](\w+)=", path))
        place = NAME.sub("*", path.partition("?")[0])
        return f"{verb} {place} {parameters} {POSITION.sub('*', where)} {shown}".strip()


def draw(server: Server, seed: int, steps: int, *, compared: bool = False) -> tuple[Scenario, list[Response]]:
    """A history with what the server answers to each step, as a scenario and as it came."""
    drawing, names = Drawing(seed, compared=compared), dict(server.given)
    scenario: Scenario = {"name": f"random history {seed}", "steps": []}
    answers = []
    for _ in range(steps):
        step = drawing.step()
        answer = asked(server, step, names)
        body = body_of(answer)
        if answer.status_code == 201 and isinstance(body, dict) and "uuid" in body:
            drawing.made(step)
            keep(step, names, answer, body)
        step["expect"] = seen(step, answer, body, names, server.base)
        scenario["steps"].append(step)
        answers.append(answer)
    return scenario, answers


def compare(server: Server, scenario: Scenario) -> list[Difference]:
    """Where this server answers otherwise than the scenario says."""
    return [Difference(number, call, tuple(said)) for number, call, said in play(server, scenario) if said]
