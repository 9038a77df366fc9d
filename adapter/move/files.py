"""The files of a move: only their owner can read them, and they are whole or not there."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from adapter.move.book import wipe

OWNER_ONLY = 0o600
FOLDER_OWNER_ONLY = 0o700
UNFINISHED, SUM = ".part", ".sha256"


def opened_folder(folder: Path) -> Path:
    """A folder that only its owner can read; it is made when it is not there."""
    folder.mkdir(parents=True, exist_ok=True, mode=FOLDER_OWNER_ONLY)
    return folder


@contextmanager
def private(file: Path) -> Iterator[IO[str]]:
    """A file to write to, which takes the place of an older one at the end of the context."""
    unfinished = file.with_name(file.name + UNFINISHED)
    unfinished.unlink(missing_ok=True)
    handle = os.open(unfinished, os.O_CREAT | os.O_EXCL | os.O_WRONLY, OWNER_ONLY)
    with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as stream:
        yield stream
    unfinished.replace(file)


def written(file: Path, text: Iterable[str]) -> str:
    """Write a file, and its checksum beside it as `sha256sum -c` reads it; returns the checksum."""
    sums = hashlib.sha256()
    with private(file) as stream:
        for part in text:
            sums.update(part.encode())
            stream.write(part)
    with private(file.with_name(file.name + SUM)) as stream:
        stream.write(f"{sums.hexdigest()}  {file.name}\n")
    return sums.hexdigest()


def checksum(file: Path) -> str:
    """The checksum of a file as it is now."""
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def json_text(value: Mapping[str, Any]) -> str:
    """JSON as the files have it."""
    return json.dumps(value, indent=2, ensure_ascii=False) + "\n"


def wipe_all(folder: Path, names: Iterable[str]) -> list[str]:
    """Overwrite and remove these files and what belongs to them; the names of those that were there."""
    found = []
    for name in names:
        for suffix in ("", SUM, UNFINISHED):
            file = folder / (name + suffix)
            if file.is_file():
                wipe(file)
                found.append(file.name)
    return found
