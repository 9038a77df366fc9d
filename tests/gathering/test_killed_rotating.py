"""kill -9 while a new key takes over what is held: nothing becomes unreadable, and nothing is sent twice."""

import time
from contextlib import suppress
from dataclasses import replace

import pytest
import requests
from adapter.gathering.sealing import new_key

from tests.faults.site import is_emptied
from tests.gathering.contacts import Contact, around
from tests.gathering.mortal import PATIENCE, answered, site
from tests.gathering.test_killed import ended, later, told_of

# Longer than all of it takes.
LONG = 3000.0


class Keys:
    """The keys of a site over time: the current one, and the one before it; earlier ones are thrown away."""

    def __init__(self, found):
        self._site = found
        known = found.replicas[0].given.configuration().gathering
        self.current, self.keys, self.turns = known.current, dict(known.keys), 0

    def turn(self):
        """Start the process with a new key. It may die while it starts, or later."""
        replica = self._site.replicas[0]
        replica.kill()
        self.turns += 1
        before, self.current = self.current, f"key {self.turns}"
        self.keys = {before: self.keys[before], self.current: new_key()}
        given = {**replica.given.gathering, "current": self.current, "keys": self.keys}
        replica.given = replace(replica.given, gathering=given)
        replica.begin()
        end = time.monotonic() + PATIENCE
        while replica.process.is_alive() and time.monotonic() < end:
            with suppress(requests.ConnectionError):
                replica.client.call("GET", "openapi.json")
                return
            time.sleep(0.02)
        self._site.revive()

    def taken_over(self):
        """Whether all that is held is sealed with the current key, which takes a sweep."""
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            self._site.revive()
            names = {name for (name,) in self._site.rows("SELECT DISTINCT key_id FROM holds")}
            if names == {self.current}:
                return True
            time.sleep(0.05)
        return False


class Round:
    """Contacts that are held when a key is turned: one with which its client goes on, and a quiet one."""

    def __init__(self, found, known):
        self.site = found
        self.asked, self.quiet = Contact(known), Contact(known, with_task=False)
        for step in self.asked.steps()[:7]:
            assert answered(found, step).status_code < 300
        told_of(found, self.quiet)

    def goes_on(self, held):
        """(what is wrong in the end, whether a process died); `held` is a contact that is held throughout."""
        found, but = self.site, held.uuid("klantcontacten")
        later(found, self.quiet.uuid("klantcontacten"))
        told = [answered(found, step) for step in self.asked.steps()[7:]]
        wrong = [each.text for each in told if each.status_code >= 300]
        of_quiet, fired = ended(found, self.quiet, wrong, {but})
        return [*of_quiet, *ended(found, self.asked, (), {but})[0]], bool(fired)


def unreadable(found, held):
    """What does not read as its client was told."""
    read = {name: found.desk.call("GET", f"{kind}/{it['uuid']}") for name, (kind, it) in held.told.items()}
    return [name for name, (kind, it) in held.told.items() if held.differs(kind, it, read[name])]


@pytest.mark.contract
def test_killed_at_every_step_while_a_key_takes_over(tmp_path):
    """From the start with a new key on, while clients go on; each key is thrown away in turn."""
    with site(tmp_path, quiet=LONG) as found:
        known, keys = around(found.desk), Keys(found)
        held = Contact(known)
        for step in held.steps()[:7]:
            answered(found, step)
        others = Round(found, known)
        with found.fate.noted() as kinds:
            keys.turn()
            assert others.goes_on(held) == ([], False)
            assert keys.taken_over()
        assert len([each for each in kinds if "keys.rewrap" in each]) == 2
        broken, died = {}, 0
        for kind in kinds:
            others = Round(found, known)
            found.at_step(kind)
            keys.turn()
            wrong, fired = others.goes_on(held)
            died += fired
            wrong += unreadable(found, held)
            wrong += [] if keys.taken_over() and is_emptied(found.state) else ["an earlier key is needed"]
            broken |= {kind: wrong} if wrong else {}
        assert (broken, len(kinds) - died < 4) == ({}, True), (len(kinds), died)
