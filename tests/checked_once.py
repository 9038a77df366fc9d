"""The contract of a register for many exchanges: what was found right is not checked again."""

from adapter.registers.contract import RegisterContract
from adapter.registers.messages import Received, Sent


class CheckedOnce(RegisterContract):
    """Checks every exchange, unless exactly the same was right before; what it reports to must raise.

    Nine in ten requests of a long run, and half of the answers, are repeats, and to check one costs more than
    the exchange itself.
    """

    def __init__(self, *arguments):
        super().__init__(*arguments)
        self._right = set()

    def request(self, sent: Sent) -> None:
        """Check a request before it goes out."""
        content = hash((sent.method, sent.path, tuple(sent.params), tuple(sent.headers.items()), sent.body))
        if content not in self._right:
            super().request(sent)
            self._right.add(content)

    def answer(self, sent: Sent, received: Received) -> None:
        """Check an answer."""
        names = tuple(sorted(received.headers))
        content_type = received.headers.get("Content-Type")
        content = hash((sent.method, sent.path, received.status, names, content_type, received.body))
        if content not in self._right:
            super().answer(sent, received)
            self._right.add(content)
