"""What clients send and registers hold is looked for in everything that KlantBrug tells while tests run.

Every test that works with the bodies of `tests.bodies` and the records of old KISS plants their values:
numbers, names, addresses and texts. None of them may be in a log line at whatever level, an exception, a
count, or what the state keeps of a write that is done.
"""

import logging
import re
import sqlite3
import weakref
from contextlib import contextmanager

from adapter import logs, main
from adapter.api import gate
from adapter.errors import AdapterError
from adapter.state.errors import StateUnavailable

VALUES = (
    *("999990019", "999992570", "517439943", "000012345678"),
    *("Pieter", "Vries", "Korenbloem", "Jansen", "Sanne de Boer", "s.deboer", "j.jansen"),
    *("Verhuizing", "Graag terugbellen", "Wil een afspraak", "Contact opnemen met betrokkene"),
)
# Addresses and telephone numbers, whichever a test makes up.
HOST = "@example.nl"
ADDRESS, PHONE = re.compile(r"[\w.]+" + re.escape(HOST)), re.compile(r"\b0(?:20|6)\d{7,8}\b")
# What is kept when a write is done. Open writes hold what was sent, and are gone afterwards.
KEPT = ("made", "keys", "facts", "numbers", "orphans")


def planted_in(text):
    """The planted values that a text has."""
    found = {each for each in VALUES if each in text} | set(PHONE.findall(text))
    return sorted(found | set(ADDRESS.findall(text) if HOST in text else ()))


class Watch(logging.Handler):
    """Collects, while it is on, what holds a planted value."""

    def __init__(self):
        super().__init__(logging.DEBUG)
        self.setFormatter(logs.JsonLines())
        self.found = []
        self.seen = 0
        self._worlds = []

    def emit(self, record):
        self._look("log", self.format(record))

    def _look(self, where, text):
        self.seen += 1
        if values := planted_in(text):
            self.found.append(f"{where}: {values} in {text[:300]}")

    def exception(self, error):
        """An exception that ends a request, with those behind it."""
        while error is not None:
            self._look("exception", f"{type(error).__name__} {error} {error!r} {_fields(error)}")
            error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)

    def worlds(self):
        """The deployments that run."""
        return [deployment for each in self._worlds if (deployment := each()) is not None]

    def look_around(self):
        """At what the deployments that run count and keep."""
        for deployment in self.worlds():
            self._look("count", " ".join(deployment.counts))
            for table in KEPT:
                try:
                    with deployment.state.database.transaction() as transaction:
                        self._look(f"table {table}", repr(transaction.run(f"SELECT * FROM {table}")))
                except (StateUnavailable, sqlite3.Error):
                    break  # it is closed

    @contextmanager
    def on(self):
        """Watch everything in this process."""
        answer, deployment = gate.error_answer, main.Adapter.deployment

        def error_answer(error, origin):
            self.exception(error)
            return answer(error, origin)

        def opened(adapter, *arguments):
            found = deployment(adapter, *arguments)
            self._worlds.append(weakref.ref(found))
            return found

        gate.error_answer, main.Adapter.deployment = error_answer, opened
        try:
            yield self
        finally:
            gate.error_answer, main.Adapter.deployment = answer, deployment

    @contextmanager
    def during(self, *, thorough):
        """One test: nothing that is planted may be told.

        With `thorough` calls are logged too, and what deployments keep and count is read, of earlier tests
        as well.
        """
        root = logging.getLogger()
        root.addHandler(self)
        levels = {name: logging.getLogger(name).level for name in logs.OWN}
        for name in logs.OWN:
            logging.getLogger(name).setLevel(logging.DEBUG if thorough else logging.INFO)
        self.found.clear()
        try:
            yield
            if thorough:
                self.look_around()
        finally:
            root.removeHandler(self)
            for name, level in levels.items():
                logging.getLogger(name).setLevel(level)
        assert not self.found, "\n".join(self.found)


def _fields(error):
    """What our own errors carry, but for what goes to the client as it was recorded."""
    carried = vars(error) if isinstance(error, AdapterError) else {}
    return {name: value for name, value in carried.items() if name not in ("problems", "media_type")}
