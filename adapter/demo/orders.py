"""What the process with the registers is told, and what it says back."""

import json
from dataclasses import asdict, dataclass

from adapter.demo.places import Place

READY = "ready"


@dataclass(frozen=True, slots=True)
class Orders:
    """What the process is to do: which registers where, what they offer, and whether to fill them."""

    places: dict[str, Place]
    dialect: str
    fill: bool

    def write(self) -> str:
        """As one line for the input of the process."""
        return json.dumps(asdict(self))

    @classmethod
    def read(cls, line: str) -> "Orders":
        """From what `write` gave."""
        values = json.loads(line)
        places = {
            name: Place(**place | {"earlier": tuple(place["earlier"])})
            for name, place in values["places"].items()
        }
        return cls(places, values["dialect"], values["fill"])
