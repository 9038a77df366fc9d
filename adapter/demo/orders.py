"""The messages between the demonstration and the process of its registers."""

import json
from dataclasses import asdict, dataclass

from adapter.demo.places import Place

READY = "ready"


@dataclass(frozen=True, slots=True)
class Orders:
    """The orders for the process: the place of each register, their dialect, and whether to fill them.

    `contacts` is how many the municipality has; 0 for the usual one. `mappings` is the folder of its own
    dialects; empty without.
    """

    places: dict[str, Place]
    dialect: str
    fill: bool
    contacts: int = 0
    mappings: str = ""

    def write(self) -> str:
        """The orders as one line of JSON, for the input of the process."""
        return json.dumps(asdict(self))

    @classmethod
    def read(cls, line: str) -> "Orders":
        """The orders in a line of `write`."""
        values = json.loads(line)
        places = {
            name: Place(**place | {"earlier": tuple(place["earlier"])})
            for name, place in values["places"].items()
        }
        return cls(places, values["dialect"], values["fill"], values["contacts"], values["mappings"])
