"""Locks between the processes that share a state. The end of a process, however it comes, frees its locks.

A lock is identified by a space (NAMES, CONTENTS, KEYS, OWNERS or OUTBOX) and a number in it. Each replica
holds the lock in OWNERS with its own number as long as it lives; that lock being free shows others that it is
gone.
"""

from __future__ import annotations

import fcntl
import os
import secrets
import struct
from typing import Protocol

from adapter.state.errors import StateUnavailable

NAMES, CONTENTS, KEYS, OWNERS, OUTBOX = range(5)
SPACE = 1 << 32


class Fence(Protocol):
    """The locks as one replica sees them.

    `owner` is the name of this replica, a number as text. For one lock, at most one thread at a time calls
    `take` and `give`; `Locks` sees to that.
    """

    owner: str

    def take(self, space: int, number: int) -> bool:
        """Take a lock if it is free, without waiting; returns whether it was."""

    def give(self, space: int, number: int) -> None:
        """Release a lock."""

    def alive(self, owner: str) -> bool:
        """Whether the replica with this name is still running."""
        if owner == self.owner:
            return True
        if not owner or not self.take(OWNERS, int(owner)):
            return bool(owner)
        self.give(OWNERS, int(owner))
        return False

    def close(self) -> None:
        """Release all locks."""


class NoFence(Fence):
    """The locks of a state in memory, which no other process shares: always free."""

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
    """Locks on bytes of a file, which itself stays empty.

    They are Linux's open file description locks: unlike those of POSIX they belong to the open file, so two
    instances in one process exclude each other too.
    """

    def __init__(self, path: str) -> None:
        try:
            self._file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError:
            raise StateUnavailable from None
        self.owner = str(secrets.randbelow(SPACE))
        self.take(OWNERS, int(self.owner))

    def take(self, space: int, number: int) -> bool:
        """Take a lock if it is free, without waiting; returns whether it was."""
        try:
            self._set(fcntl.F_WRLCK, space, number)
        except (BlockingIOError, PermissionError):
            return False
        except OSError:
            raise StateUnavailable from None
        return True

    def give(self, space: int, number: int) -> None:
        """Release a lock."""
        self._set(fcntl.F_UNLCK, space, number)

    def close(self) -> None:
        """Release all locks."""
        os.close(self._file)

    def _set(self, kind: int, space: int, number: int) -> None:
        # struct flock: type, whence, start, length, process (0 for locks of an open file).
        lock = struct.pack("hhqqi4x", kind, os.SEEK_SET, space * SPACE + number, 1, 0)
        fcntl.fcntl(self._file, fcntl.F_OFD_SETLK, lock)
