"""Playing of all scenes of a dialect."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from adapter.dialects import Library
from adapter.mapping.examples.trial import Outcome, standing
from adapter.mapping.files import SCENES
from adapter.mapping.load import read_dialect
from adapter.scenes.player import Player
from adapter.scenes.theatre import theatre

NO_HOME = ""


def play_scenes(library: Library, dialect: str, only: Iterable[str] = ()) -> Iterator[Outcome]:
    """The outcome of every scene in the mappings of a dialect, or in those of `only`.

    The mappings must have passed the check. Raises MappingError for files that cannot be read.
    """
    read = read_dialect(library, dialect)
    wanted = set(only) or set(read.files)
    with theatre(read, library) as found:
        for name, content in read.files.items():
            if name not in wanted:
                continue
            nodes = content.get(SCENES) or ()
            for node, (source, path) in zip(nodes, standing(read, name, SCENES), strict=True):
                play = found.play(node.get("settings") or {})
                differences = Player(play).differences(node["steps"])
                yield Outcome(name, NO_HOME, node["name"], source, path, tuple(differences))
