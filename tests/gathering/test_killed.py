"""kill -9 of a KlantBrug that gathers: at each call that writes, and at each step of its state."""

import pytest
import requests

from tests.faults.proxy import FAULTS, KILLS
from tests.faults.site import is_emptied
from tests.gathering.contacts import Contact, around
from tests.gathering.mortal import answered, site

# Longer than a process takes to be there again: the client goes on then.
LONG = 120.0


@pytest.fixture(scope="module")
def asking(tmp_path_factory):
    """A site in which a contact is sent with its task."""
    with site(tmp_path_factory.mktemp("asking"), quiet=LONG) as found:
        yield found, around(found.desk)


@pytest.fixture(scope="module")
def patient(tmp_path_factory):
    """One whose registers may be silent: what is sent to them can arrive no more when it is looked for."""
    with site(tmp_path_factory.mktemp("patient"), quiet=LONG, timeout=1.0, unsure=2.5) as found:
        yield found, around(found.desk)


def sent(site, contact, spoil):
    """What is wrong with a contact that a client sends while something is spoilt; and whether that was."""
    spoil()
    told = told_of(site, contact)
    return ended(site, contact, [each.text for each in told if each.status_code >= 300])


def told_of(site, contact):
    """The answers to what a client sends of a contact."""
    told = []
    sorts = contact.sorts()
    for sort, step in zip(sorts, contact.steps(), strict=True):
        site.fate.asks(sorts.index(sort))
        told.append(answered(site, step))
    return told


def ended(site, contact, refused=(), but=()):
    """What is wrong with it in the end, and whether a process died; `but` are contacts that stay held."""
    settled = site.settle(but)
    fired = site.order.fired or site.fate.fired
    site.calm()
    site.revive()
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


def kinds_of(site, deed):
    """The kinds of the steps of the state that something makes."""
    with site.fate.noted() as kinds:
        deed()
        assert site.settle()
    return kinds


@pytest.mark.contract
@pytest.mark.parametrize("kill", KILLS)
def test_killed_at_every_call_a_contact_is_there_once_and_whole(asking, kill):
    """Those of its client, and those of its sending: its record, its links and what stands beside it."""
    broken, died = at_calls(asking, kill, range(50))
    assert (broken, died > 7) == ({}, True)


@pytest.mark.contract
def test_killed_at_every_step_a_contact_is_there_once_and_whole(asking):
    """Before and after each change of the state, while a client sends it: one step of each kind."""
    site, known = asking
    broken, died = {}, 0
    kinds = kinds_of(site, lambda: told_of(site, Contact(known)))
    for kind in kinds:
        problems, fired = sent(site, Contact(known), lambda kind=kind: site.at_step(kind))
        broken |= {kind: problems} if problems else {}
        died += fired
    assert (broken, len(kinds) - died < 4, died > 40) == ({}, True, True), (len(kinds), died)


def test_killed_when_its_record_was_made_a_contact_is_there_once(asking):
    """The e-Suite has it, and nobody knows under which uuid."""
    site, known = asking
    problems, fired = sent(site, Contact(known), lambda: site.at_call(1, KILLS["killed after"]))
    assert (problems, fired) == ([], True)


@pytest.mark.contract
@pytest.mark.parametrize("name", FAULTS)
def test_whatever_a_call_gets_a_contact_is_there_once_and_whole(patient, name):
    """No answer, half of one, nonsense or a refusal, at each call that writes: the client asks again.

    A register that goes down is back while the client still asks, and the sweep as well.
    """
    site, known = patient
    broken, spoilt = {}, 0
    for number in range(50):
        problems, fired = sent(site, Contact(known), lambda n=number: site.at_call(n, FAULTS[name]))
        broken |= {number: problems} if problems else {}
        if not fired:
            break
        spoilt += 1
    assert (broken, spoilt > 7) == ({}, True)


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


def later(site, only=""):
    """As if hours had passed, for all contacts or one: what waits for quiet is due."""
    whose = f"WHERE contact='{only}'" if only else ""
    site.rows(f"UPDATE holds SET made=made-1e5, changed=changed-1e5, due=due-1e5 {whose}")


@pytest.mark.contract
def test_killed_at_every_step_of_a_sweep_a_contact_is_there_once_and_whole(asking):
    """It has no task, and is sent when it was quiet for long enough."""
    site, known = asking

    def quiet():
        contact = Contact(known, with_task=False)
        told_of(site, contact)
        return contact

    first = quiet()
    kinds = kinds_of(site, lambda: later(site))
    assert ended(site, first)[0] == []
    broken, died = {}, 0
    for kind in kinds:
        contact = quiet()
        site.at_step(kind)
        later(site)
        problems, fired = ended(site, contact)
        broken |= {kind: problems} if problems else {}
        died += fired
    assert (broken, died > 12) == ({}, True)


def deleted(site, contact, name):
    """Delete a piece, whatever becomes of that; the status of the answer, 0 for none."""
    kind, told = contact.told[name]
    try:
        return site.desk.call("DELETE", f"{kind}/{told['uuid']}").status_code
    except requests.RequestException:
        site.replicas[0].process.join(5)
        site.revive()
        return 0


def left_of(site, contact):
    """The pieces of a contact that are there, each asked for alone."""
    return {
        name
        for name, (kind, told) in contact.told.items()
        if site.desk.call("GET", f"{kind}/{told['uuid']}").status_code == 200
    }


def deletes(asking, prepare, name, along=()):
    """A piece is deleted, and killed at each call and each step of that: what goes along goes, or nothing.

    Told again, it is gone in the end. Returns how often a process died.
    """
    site, known = asking

    def prepared():
        contact = Contact(known)
        prepare(site, contact)
        return contact

    contact = prepared()
    kinds = kinds_of_delete(site, contact, name)
    spoil = [lambda kind=kind: site.at_step(kind) for kind in kinds]
    spoil += [lambda kill=kill, at=at: site.at_call(at, kill) for kill in KILLS.values() for at in range(3)]
    died = 0
    for each in spoil:
        contact = prepared()
        all_of, gone = set(contact.told), {name, *along}
        each()
        status = deleted(site, contact, name)
        died += site.order.fired or site.fate.fired
        site.calm()
        site.revive()
        assert is_emptied(site.state)
        left = left_of(site, contact)
        assert left in ([all_of - gone] if status == 204 else [all_of, all_of - gone])
        assert deleted(site, contact, name) == (204 if left == all_of else 404)
        assert left_of(site, contact) == all_of - gone
        deleted(site, contact, "klantcontacten")
    return died


def kinds_of_delete(site, contact, name):
    with site.fate.noted() as kinds:
        assert deleted(site, contact, name) == 204
    # What is held is not waited for by what follows.
    deleted(site, contact, "klantcontacten")
    return kinds


def held(site, contact):
    """A contact with all that comes before its task."""
    for step in contact.steps()[:7]:
        answered(site, step)


def sent_with_more(site, contact):
    """A contact that is sent, with a piece that no record has a place for."""
    steps = contact.steps()
    more = contact.post("bijlage", "bijlagen", lambda: attachment(contact))
    for step in [*steps[:7], more, *steps[7:]]:
        answered(site, step)
    assert site.settle()


@pytest.mark.contract
def test_killed_while_it_is_deleted_all_of_a_held_contact_goes_or_nothing(asking):
    """It is never sent. Its addresses stay, as nobody's, as they do wherever this API is served."""
    assert deletes(asking, held, "klantcontacten", ("betrokkenen", "eerste", "wie")) > 10


@pytest.mark.contract
@pytest.mark.parametrize(
    ("prepare", "name"), [(held, "eerste"), (sent_with_more, "laat"), (sent_with_more, "bijlage")]
)
def test_killed_while_it_is_deleted_a_piece_goes_or_stays(asking, prepare, name):
    """One that is held; one that came after its contact was sent; one that stands beside what was sent."""
    assert deletes(asking, prepare, name) > 1


def attachment(contact):
    """The body of a piece that no record has a place for."""
    known = {"objectId": contact.zaken[0], "codeObjecttype": "document", "codeRegister": "openzaak"}
    own = {"wasBijlageVanKlantcontact": contact.ref("klantcontacten")}
    return {**own, "bijlageidentificator": {**known, "codeSoortObjectId": "uuid"}}


@pytest.mark.contract
def test_a_refused_delete_of_a_sent_contact_changes_nothing(asking):
    """Neither in the state nor in a register: there is no step at which a death could leave half of it."""
    site, known = asking
    contact = Contact(known)
    told_of(site, contact)
    assert site.settle()
    with site.fate.noted() as kinds:
        for name in ("klantcontacten", "betrokkenen", "mail", "taak", "eerste", "wie"):
            site.order.arm()
            assert deleted(site, contact, name) == 403
            assert [each for each in site.order.disarm() if each[0]] == []
    # Where a link is that was read may be noted.
    assert [each for each in kinds if "api." in each and "state.found.note" not in each] == []
    assert contact.problems(site, site.desk) == []
