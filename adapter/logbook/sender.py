"""The connection to a logbook: records are confirmed one way or the other, or their loss is logged."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Mapping, Sequence
from importlib.metadata import version

import orjson
import requests

from adapter.configuration.logbook import LogbookSettings
from adapter.logbook.records import Record, request_of
from adapter.logs import logger

# The most records of one export, and the most that wait: some minutes of a busy deployment.
BATCH, WAITING = 1000, 50_000
FIRST_PAUSE, LONGEST_PAUSE = 0.5, 30.0
# In seconds, for what still waits when the process stops.
LAST_SECONDS = 5.0

log = logger("klantbrug.logbook")


class Sender:
    """Sends records to a logbook. Threads may share it."""

    def __init__(self, settings: LogbookSettings) -> None:
        self._settings = settings
        self._resource = {"service.name": "klantbrug", "service.version": version("klantbrug")}
        self._session = requests.Session()
        # Environment variables must not lead records elsewhere.
        self._session.trust_env = False
        self._session.headers.update({**settings.headers, "Content-Type": "application/json"})
        self._session.verify = settings.ca_certificate or True
        if settings.client_certificate:
            self._session.cert = (settings.client_certificate, settings.client_key)
        self._waiting: deque[Record] = deque()
        self._news, self._stopping = threading.Condition(), threading.Event()
        self._thread = threading.Thread(target=self._run, name="logbook", daemon=True)
        self._thread.start()

    def confirmed(self, records: Sequence[Record]) -> bool:
        """Send records now; whether the logbook has confirmed them all. With none, whether it is there."""
        whole = [records[at : at + BATCH] for at in range(0, len(records), BATCH)] or [records]
        return all(self._is_confirmed(each) for each in whole)

    def later(self, records: Sequence[Record]) -> None:
        """Send records as soon as possible, again and again until they are confirmed."""
        with self._news:
            self._waiting.extend(records)
            lost = max(0, len(self._waiting) - WAITING)
            for _ in range(lost):
                self._waiting.popleft()
            self._news.notify()
        self._log_lost(lost)

    def close(self) -> None:
        """Send what waits, for some seconds; the rest is lost, which is logged."""
        self._stopping.set()
        with self._news:
            self._news.notify()
        self._thread.join(LAST_SECONDS + self._settings.timeout)
        self._log_lost(len(self._waiting))
        self._session.close()

    def _is_confirmed(self, records: Sequence[Record]) -> bool:
        body = orjson.dumps(request_of(records, self._resource))
        # Once more: a connection that was kept may have been closed, and the same records twice do no harm.
        for _ in range(2):
            try:
                answer = self._session.post(
                    self._settings.endpoint, body, timeout=self._settings.timeout, allow_redirects=False
                )
            except requests.ConnectionError:
                continue
            except requests.RequestException:
                return False
            return answer.status_code == requests.codes.ok and _took_all(answer.content)
        return False

    def _run(self) -> None:
        pause = FIRST_PAUSE
        while True:
            with self._news:
                while not self._waiting and not self._stopping.is_set():
                    self._news.wait()
                batch = list(self._waiting)[:BATCH]
            if not batch:
                return
            if self._is_confirmed(batch):
                pause = FIRST_PAUSE
                self._forget(batch)
                continue
            log.warning("logbook_unconfirmed", waiting=len(self._waiting))
            if self._stopping.wait(pause):
                return
            pause = min(2 * pause, LONGEST_PAUSE)

    def _forget(self, sent: Sequence[Record]) -> None:
        with self._news:
            for each in sent:
                # Those that did not fit any more went from the same end.
                if self._waiting and self._waiting[0] is each:
                    self._waiting.popleft()

    def _log_lost(self, number: int) -> None:
        if number:
            log.error("logbook_lost", records=number)


def _took_all(body: bytes) -> bool:
    """Whether the answer of a logbook says that it took all records; an empty one does."""
    if not body:
        return True
    try:
        answer = orjson.loads(body)
    except orjson.JSONDecodeError:
        return False
    partial = answer.get("partialSuccess") if isinstance(answer, Mapping) else None
    rejected = partial.get("rejectedSpans") if isinstance(partial, Mapping) else None
    return isinstance(answer, Mapping) and str(rejected or 0) == "0"
