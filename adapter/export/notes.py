"""Where an export stands, noted beside its file, so that it can be taken up again."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path

import orjson

from adapter.engine.maintenance.everything import Position


@dataclass(frozen=True, slots=True)
class Note:
    """What is exported (`of`: resource, form, since, dialect), where the reading and the file stand."""

    of: tuple[str, ...]
    position: Position
    mark: int
    rows: int

    def write(self, path: Path) -> None:
        """Put it in place of the one before."""
        new = path.with_name(f"{path.name}.new")
        new.write_bytes(orjson.dumps(asdict(self)))
        new.replace(path)

    @classmethod
    def read(cls, path: Path) -> Note | None:
        """The note at a path; None when there is none."""
        if not path.exists():
            return None
        found = orjson.loads(path.read_bytes())
        position = found["position"]
        return cls(
            tuple(found["of"]),
            Position(**position | {"recent": tuple(position["recent"])}),
            found["mark"],
            found["rows"],
        )


def beside(to: Path) -> Path:
    """The path of the note of an export to a file or folder."""
    return to.with_name(f"{to.name}.position")
