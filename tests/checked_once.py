"""The contract of a register for many exchanges: what was found right is not checked again."""

import re

from adapter.api.trail import REQUEST_ID
from adapter.registers.contract import RegisterContract
from adapter.registers.messages import Received, Sent

UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


class CheckedOnce(RegisterContract):
    """Checks every exchange, unless the same was right before; what it reports to must raise.

    Nine in ten requests of a long run, and half of the answers, are repeats, and to check one costs more than
    the exchange itself. Which uuid stands somewhere makes no difference to a contract, nor what the request
    is called.
    """

    def __init__(self, *arguments):
        super().__init__(*arguments)
        self._right = set()

    def request(self, sent: Sent) -> None:
        """Check a request before it goes out."""
        headers = [(name, value) for name, value in sent.headers.items() if name != REQUEST_ID]
        content = _alike(sent.method, sent.path, sent.params, headers, sent.body)
        if content not in self._right:
            super().request(sent)
            self._right.add(content)

    def answer(self, sent: Sent, received: Received) -> None:
        """Check an answer."""
        names = sorted(received.headers)
        content_type = received.headers.get("Content-Type")
        content = _alike(sent.method, sent.path, received.status, names, content_type, received.body)
        if content not in self._right:
            super().answer(sent, received)
            self._right.add(content)


def _alike(*parts: object) -> int:
    return hash(UUID.sub("uuid", repr(parts)))
