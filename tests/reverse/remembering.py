"""Registers that answer a question again without being asked, as long as nothing was written to them.

A history looks at everything after each write, through two directions; two in five of the questions that this
takes are the same ones again.
"""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock
from unittest.mock import patch

from adapter.registers.client import Register
from adapter.registers.messages import Received, Sent

# Behind it are other registers, to which is written without its knowing.
NEVER = "klantinteracties"


@contextmanager
def remembering() -> Iterator[None]:
    """Remember answers as long as the context lasts.

    All that is written to registers must go through `Register`, and nothing may be emptied meanwhile.
    """
    lock, writing = Lock(), Counter[str]()
    kept: dict[str, dict[tuple[str, ...], Received]] = {}
    really = Register._send

    def write(register: Register, sent: Sent, seconds: float) -> Received:
        origin = _origin(register)
        with lock:
            writing[origin] += 1
        try:
            return really(register, sent, seconds)
        finally:
            with lock:
                writing[origin] -= 1
                kept[origin] = {}

    def send(register: Register, sent: Sent, seconds: float) -> Received:
        if not register._is_read(sent):
            return write(register, sent, seconds)
        if register.name == NEVER:
            return really(register, sent, seconds)
        question = (register.base, sent.method, sent.path, repr(sent.params), repr(sent.body))
        with lock:
            answers = kept.setdefault(_origin(register), {})
            quiet = not writing[_origin(register)]
            if quiet and question in answers:
                return answers[question]
        received = really(register, sent, seconds)
        if quiet:
            # of no use any more if something was written since: then there are other `kept` ones
            answers[question] = received
        return received

    with patch.object(Register, "_send", send):
        yield


def _origin(register: Register) -> str:
    return "/".join(register.base.split("/")[:3])
