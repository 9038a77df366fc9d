"""What the doctor says before an e-Suite: what is held, and which configured names that does not know."""

from dataclasses import replace

import pytest
from adapter.commands.gathered import sections
from adapter.gathering.attempts import Attempts
from adapter.gathering.doubles import Doubles
from adapter.gathering.names import MOST, Candidate, examined
from adapter.main import prepare
from adapter.registers.messages import Answer

from tests.gathering.declared import declared
from tests.gathering.service import configured, served
from tests.gathering.test_service import actor, contact

WRONG = {
    "contactmoment_type": "Gesprek",
    "terugval_groep": "Nergens",
    "altijd_taak": ["open-inwoner", "duif"],
}
DUIF = "2c9d3c0e-77d1-4f0e-8f1b-0f3c6a7b9d22"


def said(town, state, *, trying=True, **dialect):
    """What the doctor says: heading without its number → (number, lines)."""
    adapter = prepare(configured(town, state, dialect))
    try:
        found = list(sections(adapter, adapter.deployment(town.made), trying=trying))
    finally:
        adapter.close()
    return {
        heading.rpartition(": ")[0]: (int(heading.rpartition(": ")[2]), lines) for heading, lines in found
    }


REFUSES, UNTOLD = "names that the register does not know", "names of which the register does not tell"


@pytest.mark.contract
def test_names_that_the_e_suite_does_not_know(town, tmp_path):
    """Those of settings are told, those of actoren by their uuid; nothing is recorded by asking."""
    state = str(tmp_path / "state")
    with served(town, state) as desk:
        there, gone = actor(desk, "Parkeren"), actor(desk, "Opgeheven")
    before = town.contacts("")
    found = said(town, state, kanalen=["telefoon", "rook"], **WRONG)
    refused = [
        f"actoren {gone['uuid']} groep",
        "groep Nergens (setting terugval_groep)",
        "kanaal duif (setting altijd_taak)",
        "kanaal rook (setting kanalen)",
        "type Gesprek (setting contactmoment_type)",
    ]
    assert (found[REFUSES], found[UNTOLD]) == ((5, refused), (0, []))
    assert there["uuid"] not in str(found)
    assert town.contacts("") == before


@pytest.mark.contract
def test_an_e_suite_that_does_not_tell(town, tmp_path):
    """What a contact has is known all the same."""
    town.records(tekst="Vraag", type="Contactverzoek", groep="Parkeren", kanaal="balie")
    town.looseness.mute = True
    try:
        found = said(town, str(tmp_path / "state"), terugval_groep="Parkeren", altijd_taak=["balie", "duif"])
    finally:
        town.looseness.__init__()
    assert found[REFUSES] == (0, [])
    lines = found[UNTOLD][1]
    assert {"kanaal duif (setting altijd_taak)", "type Contactmoment (setting contactmoment_type)"} <= set(
        lines
    )
    assert not [each for each in lines if "balie" in each or "Parkeren" in each or "Contactverzoek" in each]


@pytest.mark.contract
def test_what_is_held_is_counted(town, tmp_path):
    state = str(tmp_path / "state")
    with served(town, state) as desk:
        one, two = contact(desk), contact(desk)
    adapter = prepare(configured(town, state))
    try:
        database = adapter.deployment(town.made).state.database
        attempts = Attempts(database)
        assert attempts.park(two["uuid"], attempts.lease(two["uuid"], 0.0, 1.0, 0.0), "kanaal")
        Doubles(database).note(one["uuid"], [DUIF], 0.0)
    finally:
        adapter.close()
    number, lines = said(town, state)["contacts held"]
    assert number == 2
    assert "contacts refused for kanaal: 1" in lines
    assert f"{DUIF} doubles {one['uuid']}, found 1970-01-01T00:00:00+00:00" in lines


class Suite:
    """A register with one record, which knows these names; `mute` when it does not say which it refuses."""

    def __init__(self, *known, mute=False):
        self.known, self.mute, self.posted = {*known, "Proef", "0", "afgehandeld"}, mute, 0

    def call(self, method, path, *, params=(), json=None):
        if method == "GET":
            assert ("page", "1") in params
            return Answer(
                200, {"count": 1, "next": None, "results": [{"groep": "Balie", "url": f"u/{DUIF}"}]}
            )
        self.posted += 1
        wrong = [name for name, each in json.items() if isinstance(each, str) and each not in self.known]
        detail = "" if self.mute else "; ".join(f"{name}: onbekend" for name in [*wrong, "antwoord"])
        return Answer(400, {"code": "VALIDATION", "detail": detail or "fout"})


@pytest.mark.parametrize(
    ("suite", "refused", "untold"),
    [
        (Suite("vogel"), ["kanaal duif"], []),
        (Suite("vogel", "duif"), [], []),
        (Suite(mute=True), [], ["kanaal duif", "kanaal vogel"]),
    ],
)
def test_a_name_is_known_that_a_record_has_or_that_is_not_among_what_is_refused(suite, refused, untold):
    """Where no name is told, silence about one says nothing."""
    names = {".".join(each.member): each for each in declared().names}
    asked = [Candidate(f"kanaal {text}", names["kanaal"], text) for text in ("vogel", "duif")]
    asked.append(Candidate("groep", names["groep"], "Balie"))
    found = examined(suite, declared(), asked, trying=True)
    assert (found.refused, sorted(found.untold)) == (refused, untold)
    assert (found.unasked, found.recorded) == (0, [])


def test_no_name_is_tried_that_nobody_asked_to_try():
    """The register is read alone; names that a record has are known."""
    names = {".".join(each.member): each for each in declared().names}
    asked = [Candidate("kanaal duif", names["kanaal"], "duif"), Candidate("groep", names["groep"], "Balie")]
    suite = Suite()
    found = examined(suite, declared(), asked, trying=False)
    assert (found.unseen, found.refused, found.untold, suite.posted) == (["kanaal duif"], [], [], 0)


def test_no_more_than_so_many_names_are_tried():
    (kanaal,) = (each for each in declared().names if each.member == ("kanaal",))
    many = [Candidate(str(at), kanaal, f"k{at}") for at in range(MOST + 3)]
    found = examined(Suite(), declared(), many, trying=True)
    assert (len(found.refused), found.unasked) == (MOST, 3)


def test_every_name_of_the_dialect_can_be_asked():
    """Each by itself, or by another member with the same names; where a closed contact may have it."""
    names = {".".join(each.member): each for each in declared().names}
    assert {".".join(each.asked) for each in names.values()} == names.keys() - {"behandelaar.gebruikersnaam"}


@pytest.mark.contract
def test_a_record_that_is_made_by_asking_is_told(town, tmp_path, monkeypatch):
    """Should an e-Suite take what it is to refuse, nothing more is asked."""
    adapter = prepare(configured(town, str(tmp_path / "state"), WRONG))
    taken = replace(declared(), never=(), searches=declared().searches)
    right = ((("tekst",), "Proef"), (("kanaal",), "balie"))
    monkeypatch.setattr("adapter.commands.gathered.gathered", lambda *_: replace(taken, never=right))
    try:
        found = dict(sections(adapter, adapter.deployment(town.made), trying=True))
    finally:
        adapter.close()
    (made,) = found["trials that the register recorded; remove them there: 1"]
    assert made in str(town.contacts("Proef"))
