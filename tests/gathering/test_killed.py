"""kill -9 of a KlantBrug that gathers: at each call that writes, and at each step of its state."""

import time
from contextlib import suppress

import pytest
import requests

from tests.faults.proxy import FAULTS, KILLS
from tests.gathering.contacts import Contact, around
from tests.gathering.mortal import dying, site

# Longer than a process takes to be there again: the client goes on then.
LONG = 120.0
TRIES = 100
# More than a contact takes.
STEPS = range(1, 1000)


@pytest.fixture(scope="module")
def asking(tmp_path_factory):
    """A site in which a contact is sent with its task."""
    with site(tmp_path_factory.mktemp("asking"), quiet=LONG) as found:
        yield found, around(found.desk)


def answered(site, step):
    """The answer to a request that is done again as long as the client is told to wait, or told nothing."""
    for _ in range(TRIES):
        answer = dying(site, site.replicas[0], step)
        if answer.status_code != 503:
            return answer
        time.sleep(0.1)
    return answer


def sent(site, contact, spoil):
    """What is wrong with a contact that a client sends while something is spoilt; and whether that was."""
    spoil()
    told = [answered(site, each) for each in contact.steps()]
    return ended(site, contact, [each.text for each in told if each.status_code >= 300])


def ended(site, contact, refused=()):
    """What is wrong with it in the end, and whether a process died."""
    settled = site.settle()
    fired = site.order.fired or site.fate.fired
    site.calm()
    found = [*refused, *([] if settled else ["it is held on"]), *contact.problems(site, site.desk)]
    return found, fired


def at_calls(asking, kill, numbers):
    """What is wrong by the number of the call at which the process was killed, and how often it was."""
    site, known = asking
    broken, died = {}, 0
    for number in numbers:
        problems, fired = sent(site, Contact(known), lambda n=number: site.at_call(n, KILLS[kill]))
        broken |= {number: problems} if problems else {}
        if not fired:
            break
        died += 1
    return broken, died


def at_steps(asking, numbers):
    """The same for the steps of the state."""
    site, known = asking
    broken, died = {}, 0
    for number in numbers:
        problems, fired = sent(site, Contact(known), lambda n=number: site.at_step(n))
        broken |= {number: problems} if problems else {}
        if not fired:
            break
        died += 1
    return broken, died


@pytest.mark.contract
@pytest.mark.parametrize("kill", KILLS)
def test_killed_at_every_call_a_contact_is_there_once_and_whole(asking, kill):
    """Those of its client, and those of its sending: its record, its links and what stands beside it."""
    broken, died = at_calls(asking, kill, range(50))
    assert (broken, died > 7) == ({}, True)


@pytest.mark.contract
def test_killed_at_every_step_a_contact_is_there_once_and_whole(asking):
    """Before and after each transaction of the state, while a client sends it."""
    broken, died = at_steps(asking, STEPS)
    assert (broken, died > 200) == ({}, True)


def test_killed_when_its_record_was_made_a_contact_is_there_once(asking):
    """The e-Suite has it, and nobody knows under which uuid."""
    site, known = asking
    problems, fired = sent(site, Contact(known), lambda: site.at_call(1, KILLS["killed after"]))
    assert (problems, fired) == ([], True)


@pytest.mark.contract
@pytest.mark.parametrize("name", FAULTS)
def test_whatever_a_call_gets_a_contact_is_there_once_and_whole(asking, name):
    """No answer, half of one, nonsense or a refusal, at each call that writes: the client asks again."""
    site, known = asking
    broken = {}
    for number in range(50):
        problems, fired = sent(site, Contact(known), lambda n=number: site.at_call(n, FAULTS[name]))
        broken |= {number: problems} if problems else {}
        if not fired:
            break
    assert broken == {}


@pytest.mark.contract
@pytest.mark.parametrize("kill", KILLS)
def test_killed_while_a_piece_leaves_and_comes_back(asking, kill):
    """It is of its contact, or an object of its own: one of the two, and served once."""
    site, known = asking
    for number in range(4):
        contact = Contact(known)
        for step in contact.steps()[:6]:
            answered(site, step)
        own = contact.ref("klantcontacten")
        for wanted in (None, own):
            site.at_call(number, KILLS[kill])
            changed = contact.patch("eerste", "onderwerpobjecten", {"klantcontact": wanted})
            answer = answered(site, changed)
            site.calm()
            assert answer.status_code == 200, answer.text
            now = site.desk.get(f"onderwerpobjecten/{contact.uuid('eerste')}")["klantcontact"]
            assert (now and now["uuid"]) == (wanted and own["uuid"])
            found = site.desk.all("onderwerpobjecten", klantcontact__uuid=own["uuid"])
            assert len(found) == (1 if wanted else 0)
        for step in contact.steps()[6:]:
            answered(site, step)
        assert ended(site, contact)[0] == []


@pytest.mark.contract
def test_killed_while_it_is_deleted_all_of_a_contact_goes_or_nothing(asking):
    """Before and after each transaction of the state."""
    site, known = asking
    for number in STEPS:
        contact = Contact(known)
        for step in contact.steps()[:6]:
            answered(site, step)
        uuid = contact.uuid("klantcontacten")
        site.at_step(number)
        with suppress(requests.RequestException):
            site.desk.call("DELETE", f"klantcontacten/{uuid}")
        fired = site.fate.fired
        if fired:
            site.replicas[0].process.join(5)
            site.revive()
        site.calm()
        left = {
            kind: site.desk.call("GET", f"{kind}/{told['uuid']}").status_code
            for kind, told in contact.told.values()
        }
        assert set(left.values()) in ({200}, {404}), (number, left)
        if not fired:
            return
        site.desk.call("DELETE", f"klantcontacten/{uuid}")
