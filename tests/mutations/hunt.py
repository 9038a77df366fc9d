"""Looks for what catches a mutant: the check, the examples."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from unittest.mock import patch

import yaml
from adapter.mapping import checking, load
from adapter.mapping.source import MappingError, Source, read
from adapter.shipped import check_mappings, mappings_folder, try_mappings

from tests.mutations.mutants import Mutant, mutants

CHECK, TEST = "check", "test"


class Hunt:
    """One dialect by itself, of which one file at a time is replaced."""

    def __init__(self, dialect: str, folder: Path) -> None:
        self.dialect, self.folder = dialect, folder / "mappings"
        for each in load.read_files(mappings_folder(), dialect).chain:
            shutil.copytree(mappings_folder() / each, self.folder / each)
        self._read: dict[Path, Source] = {}

    def mutants(self) -> Iterator[Mutant]:
        """All mutants of the dialect's own files."""
        for path in sorted((self.folder / self.dialect).glob("*.yaml")):
            yield from mutants(path.name, read(path).content)

    def caught(self, mutant: Mutant) -> str:
        """What catches it; empty when nothing of these does."""
        path = self.folder / self.dialect / mutant.file
        before = path.read_bytes()
        try:
            path.write_text(yaml.safe_dump(mutant.content, sort_keys=False, allow_unicode=True, width=10**6))
            self._read.pop(path, None)
            with patch.object(checking, "read", self._cached), patch.object(load, "read", self._cached):
                return self._told()
        finally:
            path.write_bytes(before)
            self._read.pop(path, None)

    def _told(self) -> str:
        if check_mappings(self.folder):
            return CHECK
        try:
            tried = try_mappings(self.folder)
        except MappingError:
            return TEST
        return TEST if any(each.differences for found in tried.values() for each in found) else ""

    def _cached(self, path: Path, name: str = "") -> Source:
        if path not in self._read:
            self._read[path] = read(path, name or path.name)
        return self._read[path]
