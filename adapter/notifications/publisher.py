"""The delivery of what is in the outbox, in a thread of its own: no request waits for it."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from typing import Protocol

from adapter.errors import RegisterAnswer, RegisterUnavailable
from adapter.logs import kind_and_places, logger
from adapter.notifications.messages import CLOUD_EVENTS
from adapter.registers.messages import Parameters, Received, RegisterFault
from adapter.state.errors import StateUnavailable
from adapter.state.outbox import Outbox, Waiting

# The most messages that are read at once.
BATCH = 100
# In seconds: how often the outbox is looked at without being told, since another replica may have left
# something; how often while another replica delivers.
LOOK, LOOK_AGAIN = 5.0, 0.5
# In seconds: the pauses while the API does not answer, and those of a message that was refused. The last ones
# are repeated. As long as somebody has to register a channel first, nothing is lost.
FIRST_PAUSE, LONGEST_PAUSE = 1.0, 60.0
REFUSED_PAUSE, FACTOR, LONGEST_REFUSED_PAUSE = 5.0, 4, 3600.0
# So many messages in a row that the API failed at are a reason to leave it alone.
FAULTS = 3
STOP_SECONDS = 5.0
JSON, CLOUD_EVENT = "application/json", "application/cloudevents+json"

log = logger("klantbrug.notifications")


class Api(Protocol):
    """What is asked of the client of the Notificaties API; see `adapter.registers.client.Register`."""

    def relay(
        self,
        method: str,
        path: str,
        *,
        params: Parameters = (),
        headers: Mapping[str, str] | None = None,
        body: bytes | None = None,
    ) -> Received: ...


class Publisher:
    """Delivers the messages of the outbox, each at least once and in order per resource.

    A message that is refused is sent again, and given up after `keep` seconds; one that the API does not
    answer too. Of several replicas one delivers at a time.
    """

    def __init__(
        self, outbox: Outbox, api: Api, count: Callable[[str], None], *, keep: float, news: threading.Event
    ) -> None:
        """`count` is told what became of a message; `news` is set when one has been put into the outbox."""
        self._outbox, self._api, self.count, self._keep = outbox, api, count, keep
        self._news, self._stopping = news, threading.Event()
        self._pause = 0.0
        self._thread = threading.Thread(target=self._run, name="publisher", daemon=True)

    def start(self) -> None:
        """Start the thread."""
        self._thread.start()

    def close(self) -> None:
        """Stop the thread; what it has not delivered waits for the next start."""
        self._stopping.set()
        self._news.set()
        self._thread.join(STOP_SECONDS)

    def _run(self) -> None:
        while not self._stopping.is_set():
            self._news.clear()
            wait = self._looked()
            if wait > LOOK_AGAIN and self._pause:
                # New messages are no reason to ask sooner.
                self._stopping.wait(wait)
            else:
                self._news.wait(wait)

    def _looked(self) -> float:
        """Deliver what can be; the seconds until the next look."""
        try:
            with self._outbox.alone() as mine:
                if not mine:
                    return LOOK_AGAIN
                answered = self._deliver(time.time())
        except StateUnavailable:
            return LOOK
        except Exception as error:
            # The thread has to go on; the text of the error may hold anything.
            log.error("notifications_failed", **kind_and_places(error))  # noqa: TRY400
            answered = False
        self._pause = 0.0 if answered else min(max(FIRST_PAUSE, 2 * self._pause), LONGEST_PAUSE)
        return self._pause or LOOK

    def _deliver(self, now: float) -> bool:
        """Deliver all that is due; false when the API does not answer."""
        faults = 0
        while messages := self._outbox.due(now, BATCH):
            for each in messages:
                if self._stopping.is_set():
                    return True
                try:
                    self._deliver_one(each)
                    faults = 0
                except RegisterFault as error:
                    self._again(each, error.status)
                    faults += 1
                except RegisterUnavailable:
                    self.count("notification.failed")
                    self._give_up_old(each)
                    return False
                if faults == FAULTS:
                    return False
        return True

    def _deliver_one(self, message: Waiting) -> None:
        kind = {"Content-Type": CLOUD_EVENT if message.kind == CLOUD_EVENTS else JSON}
        try:
            answer = self._api.relay("POST", message.kind, headers=kind, body=message.body)
        except RegisterAnswer:
            self._again(message, 0)
            return
        if answer.status >= 300 or not _is_of_an_api(answer):
            self._again(message, answer.status)
            return
        self._outbox.delivered(message)
        self.count("notification.sent")

    def _again(self, message: Waiting, status: int) -> None:
        """The message was refused: let it wait, or give it up."""
        self.count("notification.refused")
        log.warning("notification_refused", name=message.name, status=status, attempts=message.attempts + 1)
        if not self._give_up_old(message):
            pause = min(REFUSED_PAUSE * FACTOR**message.attempts, LONGEST_REFUSED_PAUSE)
            self._outbox.postpone(message, time.time() + pause)

    def _give_up_old(self, message: Waiting) -> bool:
        """Take out a message that has waited too long; whether it had."""
        if time.time() < message.made + self._keep:
            return False
        self._outbox.delivered(message)
        self.count("notification.given_up")
        log.error("notification_given_up", name=message.name, attempts=message.attempts)
        return True


def _is_of_an_api(answer: Received) -> bool:
    """Whether an answer is not a page, as that of a portal or of another address."""
    return not answer.body or "json" in answer.headers.get("Content-Type", "")
