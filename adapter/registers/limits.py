"""The limits of the calls to one register."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """The limits of the calls to one register; times are in seconds.

    connect: the time to connect; read: between two bytes of an answer; total: the whole answer.
    threads: the calls at one moment, and the connections that are kept open.
    failures: after so many in a row the register is not called for `retry_after`.
    answer_bytes: the longest answer, decompressed.
    slow: when calls take so long on average, a request does not queue to make its first one.
    """

    connect: float = 3.0
    read: float = 10.0
    total: float = 30.0
    threads: int = 40
    retry_after: int = 5
    failures: int = 5
    answer_bytes: int = 50_000_000
    slow: float = 1.0
