"""Looks for what catches a mutant: the check, the examples, the promises, the recorded scenarios."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from tempfile import mkdtemp
from typing import Any
from unittest.mock import patch

import yaml
from adapter.dialects import DIALECT_FILE, SHIPPED, Library, mappings_folder
from adapter.mapping.files import read_files
from adapter.mapping.slot_files import slot_mistakes
from adapter.mapping.slots import SLOTS_FILE
from adapter.mapping.source import MappingError, read
from adapter.scenes.run import play_scenes
from adapter.shipped import check_mappings, try_mappings

from tests.correspondence import told
from tests.deployment import deployed
from tests.gathering import told as gathered
from tests.inside import Network
from tests.mutations.equal import EXPLAINED
from tests.mutations.mutants import Mutant, mutants
from tests.parity.test_recorded import FILES, player
from tests.promises import laws
from tests.promises.bench import Bench, bench
from tests.promises.examples import older, tried, written

CHECK, TEST, PROMISES, RECORDED = "check", "test", "promises", "recorded"
# The examples of correspondences.
TOLD = "told"
CORRESPONDENCES = "correspondences"
# So many examples are drawn for each law.
DRAWN = 20


class Hunt:
    """One dialect by itself, of which one file at a time is replaced."""

    def __init__(self, dialect: str, folder: Path) -> None:
        self.dialect, self.folder = dialect, folder / "mappings"
        for each in read_files(SHIPPED, dialect).chain:
            shutil.copytree(mappings_folder() / each, self.folder / each)

    def mutants(self) -> Iterator[Mutant]:
        """All mutants of the dialect's own files that differ from them in what they do."""
        yield from (each for each in self.made() if each.name not in EXPLAINED)

    def made(self) -> Iterator[Mutant]:
        """Those, and the ones of which a line elsewhere makes that they do the same."""
        whole = read_files(Library((self.folder,)), self.dialect).contents
        for path in sorted((self.folder / self.dialect).glob("*.yaml")):
            if path.name != SLOTS_FILE:
                yield from mutants(path.name, read(path).content, whole[path.stem])
        yield from self.of_correspondences()
        yield from self.of_slots()

    def of_correspondences(self) -> Iterator[Mutant]:
        """Those of the dialect's correspondences, of both directions."""
        for path in sorted((self.folder / self.dialect / CORRESPONDENCES).glob("*.yaml")):
            content = read(path).content
            yield from mutants(f"{CORRESPONDENCES}/{path.name}", content, content)

    def of_slots(self) -> Iterator[Mutant]:
        """Those of the digits that it pins: one is missing, or is that of another home of the record too."""
        path = self.folder / self.dialect / SLOTS_FILE
        content = read(path).content if path.is_file() else {}
        for record, homes in content.items():
            for home, digits in homes.items():
                others = [each for name, found in homes.items() if name != home for each in found]
                yield self._pinned(content, record, home, [], "drop an entry")
                for number, digit in enumerate(digits):
                    rest = [*digits[:number], *digits[number + 1 :]]
                    if rest:
                        yield self._pinned(content, record, home, rest, f"drop the digit {digit}")
                    for other in others[:1]:
                        both = [*digits[:number], other, *digits[number + 1 :]]
                        yield self._pinned(content, record, home, both, f"change {digit} into {other}")

    @staticmethod
    def _pinned(content: dict[str, Any], record: str, home: str, digits: list[Any], kind: str) -> Mutant:
        homes = {name: each for name, each in content[record].items() if name != home or digits}
        broken = {**content, record: {**homes, **({home: digits} if digits else {})}}
        return Mutant(kind, SLOTS_FILE, (record, home), "", broken)

    def slots_tell(self, mutant: Mutant) -> bool:
        """Whether the check of digits tells; quicker than `caught`."""
        with self._replaced(mutant):
            try:
                return bool(slot_mistakes(Library((self.folder,))))
            except MappingError:
                return True

    def caught(self, mutant: Mutant, *, by_promises: bool = True) -> str:
        """What catches it; empty when nothing does."""
        with self._replaced(mutant):
            return self._told() or self._played(mutant) or (self._broken(mutant) if by_promises else "")

    def told(self, mutant: Mutant) -> bool:
        """Whether compiling a correspondence, or one of its examples, tells; quicker than `caught`."""
        with self._replaced(mutant):
            return self._examples_tell()

    def _examples_tell(self) -> bool:
        library = Library((self.folder,))
        try:
            if bool(told.differences(self.dialect, library)):
                return True
            return library.gathers(self.dialect) and gathered.differs(self.dialect, library)
        except Exception:  # whatever goes wrong, it is noticed
            return True

    @contextmanager
    def _replaced(self, mutant: Mutant) -> Iterator[None]:
        """The file of the mutant in the place of the right one."""
        right = self.folder
        if mutant.file == DIALECT_FILE:
            # What a dialect.yaml says is read once for each place.
            self.folder = Path(mkdtemp(dir=right.parent))
            shutil.copytree(right, self.folder, dirs_exist_ok=True)
        path = self.folder / self.dialect / mutant.file
        before = path.read_bytes()
        try:
            text = yaml.dump(
                mutant.content,
                Dumper=yaml.CSafeDumper,
                sort_keys=False,
                allow_unicode=True,
                width=10**6,
                encoding="utf-8",
            )
            path.write_bytes(text)
            yield
        finally:
            path.write_bytes(before)
            if self.folder != right:
                shutil.rmtree(self.folder)
                self.folder = right

    def _broken(self, mutant: Mutant) -> str:
        """Whether a promise is broken before the registers with these mappings."""
        name = mutant.content.get("resource")
        folder = Path(mkdtemp(dir=self.folder.parent))
        replaced = Library((self.folder,))
        with (
            patch("adapter.configuration.model.SHIPPED", replaced),
            patch("tests.promises.bench.SHIPPED", replaced),
        ):
            try:
                with bench(self.dialect, folder) as found:
                    self._try(found, name)
            except Exception:  # whatever goes wrong, it is noticed
                return PROMISES
            return RECORDED if self._differs(folder) else ""

    def _differs(self, folder: Path) -> bool:
        """Whether a recorded scenario has other answers."""
        network = Network()
        (folder / "recorded").mkdir()
        with (
            network.connected(),
            deployed(self.dialect, folder / "recorded", network.running, watched=False) as found,
        ):
            for each in FILES:
                found.reset()
                scenario = yaml.load(each.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
                try:
                    steps = player.play(player.Server(found.served.base, "Token demo"), scenario)
                    if any(differing for _, _, differing in steps):
                        return True
                except Exception:  # whatever goes wrong, it is noticed
                    return True
        return False

    def _try(self, found: Bench, name: str | None) -> None:
        for resource in found.mappings.resources:
            if name in (None, resource):
                law = partial(laws.written, found, resource)
                tried(found, law, written(resource), amount=DRAWN, number=1)
        for home in found.origins():
            names = found.served_from(home)
            if name is None or name in names:
                law = partial(laws.older, found, home)
                tried(found, law, older(self.dialect, home, names), amount=DRAWN, number=1)

    def _told(self) -> str:
        if check_mappings(Library((self.folder,))):
            return CHECK
        if self.dialect in told.EXAMPLES and self._examples_tell():
            return TOLD
        try:
            tried = try_mappings(Library((self.folder,)))
        except MappingError:
            return TEST
        return TEST if any(each.differences for found in tried.values() for each in found) else ""

    def _played(self, mutant: Mutant) -> str:
        """Whether a scene comes out otherwise; those of the mutant's own file first."""
        own, library = mutant.file.removesuffix(".yaml"), Library((self.folder,))
        try:
            names = read_files(library, self.dialect).contents
            for only in ({own} & set(names), set(names) - {own}):
                if only and any(each.differences for each in play_scenes(library, self.dialect, only)):
                    return TEST
        except Exception:  # whatever goes wrong, it is noticed
            return TEST
        return ""
