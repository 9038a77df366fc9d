"""Locks between the processes that share a state; whatever ends a process lets go of its locks.

A lock has a space, which says what is locked, and a number in it. Each replica holds its own number in the
space of owners for as long as it lives, so that the others can tell.
"""

from __future__ import annotations

import fcntl
import os
import secrets
import struct
from typing import Protocol

from adapter.state.errors import StateUnavailable

NAMES, CONTENTS, KEYS, OWNERS = range(4)
SPACE = 1 << 32


class Fence(Protocol):
    """`owner` names this replica. Only one thread at a time asks for one lock."""

    owner: str

    def take(self, space: int, number: int) -> bool:
        """Whether the lock was free, and is ours now."""

    def give(self, space: int, number: int) -> None:
        """Let go of a lock."""

    def alive(self, owner: str) -> bool:
        """Whether the replica that had this name still runs."""
        if owner == self.owner:
            return True
        if not owner or not self.take(OWNERS, int(owner)):
            return bool(owner)
        self.give(OWNERS, int(owner))
        return False

    def close(self) -> None:
        """Let go of everything."""


class NoFence(Fence):
    """For a state that no other process can see."""

    def __init__(self) -> None:
        self.owner = str(secrets.randbelow(SPACE))

    def take(self, _space: int, _number: int) -> bool:
        return True

    def give(self, _space: int, _number: int) -> None:
        return

    def alive(self, owner: str) -> bool:
        return owner == self.owner

    def close(self) -> None:
        return


class FileFence(Fence):
    """Locks on bytes of a file that stays empty.

    They belong to the open file, not to the process: two of these in one process keep each other out as well.
    """

    def __init__(self, path: str) -> None:
        try:
            self._file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError:
            raise StateUnavailable from None
        self.owner = str(secrets.randbelow(SPACE))
        self.take(OWNERS, int(self.owner))

    def take(self, space: int, number: int) -> bool:
        """Whether the byte was free, and is ours now."""
        try:
            self._set(fcntl.F_WRLCK, space, number)
        except (BlockingIOError, PermissionError):
            return False
        except OSError:
            raise StateUnavailable from None
        return True

    def give(self, space: int, number: int) -> None:
        """Let go of a byte."""
        self._set(fcntl.F_UNLCK, space, number)

    def close(self) -> None:
        """Let go of everything."""
        os.close(self._file)

    def _set(self, kind: int, space: int, number: int) -> None:
        # struct flock: type, whence, start, length, process (0 for locks of an open file).
        lock = struct.pack("hhqqi4x", kind, os.SEEK_SET, space * SPACE + number, 1, 0)
        fcntl.fcntl(self._file, fcntl.F_OFD_SETLK, lock)
