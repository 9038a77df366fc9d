"""The steps that have `serve` go to another phase: none comes too early, and what has begun is awaited."""

import json
from argparse import Namespace
from contextlib import closing
from types import SimpleNamespace
from unittest.mock import Mock, patch

import pytest
from adapter.cli import main
from adapter.commands import move_phases
from adapter.commands.move_back import target_pages
from adapter.commands.move_verify import merged
from adapter.commands.opening import Failure
from adapter.mapping.model import Place
from adapter.move.back import BACK
from adapter.move.book import Book
from adapter.move.files import written
from adapter.move.phasing import is_owed, missing, note_phase, note_proven
from adapter.move.posted import Posted, Uuids
from adapter.phases import phase as phases
from adapter.shipped import shipped_mappings
from adapter.state.opening import open_state

from tests import bodies
from tests.engine.old_kiss import OldKiss
from tests.move.conftest import Move, configured
from tests.phases.phased import with_phases

SENT = "99999999-0000-4000-8000-000000000001"


@pytest.fixture
def dialect():
    return "openklant"


@pytest.fixture
def quick():
    with patch.object(phases, "LOOK_SECONDS", 0.01):
        yield


@pytest.mark.usefixtures("quick")
def test_each_step_goes_from_where_it_may(deployment, move, tmp_path, capsys):
    """Frozen it is when what had begun is done and nobody else writes; forward when all was found there."""
    assert "has no phases" in move("freeze", status=1)
    file, state = tmp_path / "phase", tmp_path / "state.sqlite3"
    busy = open_state(str(state))
    change = with_phases(file, deployment.served.base, state=str(state))
    frozen = ("freeze", "--wait", "0", "--watch", "0")
    with configured(deployment, change):
        step = Move(move.folder, capsys)
        assert "not yet: nothing was frozen by this move" in step("cutover", status=1)
        step("shadow")
        assert file.read_text() == "shadow\n"
        write = busy.journal.begin("partijenCreate", (), [])
        assert "still in the journal: 1" in step(*frozen, status=1)
        assert file.read_text() == "frozen\n"
        busy.journal.close(write, done=True)
        said = step(*frozen)
        assert "klanten: klanten.aanmaken, klanten.bijwerken, klanten.verwijderen" in said
        assert "nothing was written in 0 seconds" in said
        assert "this goes from translate or shadow" in step("shadow", status=1)
        with patch("adapter.commands.move_phases.time.sleep", lambda _: OldKiss(deployment).moment()):
            assert "somebody writes to contactmomenten/contactmomenten" in step(*frozen, status=1)
        assert "not yet: nothing was read since the freeze" in step("cutover", status=1)
        with patch("adapter.move.phasing.missing", lambda _: []):
            step("cutover")
        assert file.read_text() == "forward\n"
        assert "the phase is forward" in step("unfreeze", status=1)
        # Changed by hand, or by a command that died before it noted it.
        file.write_text("frozen\n")
        assert "the target answered meanwhile" in step("unfreeze", status=1)
        with closing(Book(str(step.file("book.sqlite3")))) as book:
            book.note(BACK, "now")
        step("unfreeze")
        assert file.read_text() == "translate\n"
    busy.close()


def test_a_freeze_says_at_which_collections_it_cannot_look(capsys):
    """One without a list, and one whose list fails; a list that has to be asked in a certain way is."""
    register, contacts = Mock(), [{"uuid": "1"}]
    register.call = lambda _, collection, params=(): Mock(
        status=200 if collection != "klantcontactmomenten" else 404, body=list(contacts) if params else []
    )
    offered = {
        Place("klanten", "klanten"): Mock(no_list="Geen lijst.", all_with=()),
        Place("contactmomenten", "contactmomenten"): Mock(no_list="", all_with=(("type", "x"),)),
        Place("contactmomenten", "klantcontactmomenten"): Mock(no_list="", all_with=()),
    }
    registers = dict.fromkeys(("klanten", "contactmomenten", "objects"), register)
    adapter = Mock(registers=registers, mappings=Mock(collections=offered))
    blind = "klanten/klanten, contactmomenten/klantcontactmomenten"
    with pytest.raises(Failure, match=f"no list shows whether somebody writes to {blind}"):
        move_phases._see_that_nobody_writes(adapter, 0, unseen=False)
    move_phases._see_that_nobody_writes(adapter, 0, unseen=True)
    assert f"not seen, since no list shows them: {blind}" in capsys.readouterr().out
    with (
        patch.object(move_phases.time, "sleep", lambda _: contacts.append({"uuid": "2"})),
        pytest.raises(Failure, match="somebody writes to contactmomenten/contactmomenten;"),
    ):
        move_phases._see_that_nobody_writes(adapter, 0, unseen=True)


@pytest.mark.usefixtures("quick")
def test_what_was_done_after_the_cut_over_is_done_to_the_registers(deployment, deployments, tmp_path, capsys):
    """What is new, changed and gone; test_whole_way does more, all the way."""
    target, file = deployments("vng"), tmp_path / "phase"
    target.reset()
    stays, goes = (target.served.post("categorieen", {"naam": each}) for each in ("Blijft", "Gaat"))
    change = with_phases(file, target.served.base, state=str(tmp_path / "state.sqlite3"))
    frozen = ("freeze", "--watch", "0")
    with configured(deployment, change), deployment.another(change) as client:
        step = Move(tmp_path / "move", capsys)
        assert "was not noted" in step("back", status=1)
        step(*frozen)
        with patch("adapter.move.phasing.missing", lambda _: []):
            step("cutover")
            person = target.served.post("partijen", bodies.persoon())
            # What is noted at the cut-over stays, however often that is asked for.
            step("cutover")
        mail = target.served.post("digitaleadressen", bodies.adres("na@example.nl", partij=person))
        target.served.patch(f"categorieen/{stays['uuid']}", {"naam": "Anders"})
        target.served.delete(f"categorieen/{goes['uuid']}")
        assert "the phase is not frozen" in step("back", "--yes", status=1)
        step(*frozen)
        said = step("back")
        for each in ("partijen: 1 new", "digitaleadressen: 1 new", "categorieen: 1 changed", "1 gone"):
            assert each in said
        with configured(deployment, with_phases(file, target.served.base, state=":memory:")):
            assert "the aliases would be lost" in step("back", "--yes", status=1)
        assert "not everything could be written" in step("back", "--yes", status=1)
        said = step.said[-2].splitlines()
        # The registers never had the category that was changed, and what is gone is gone there.
        assert "written: 3" in said
        assert f"refused: changed categorieen {stays['uuid']}: not_found" in said
        step("back", "--yes", status=1)
        assert "written: 0" in step.said[-2].splitlines()
        step("unfreeze", status=1)
        step("report")
        returned = json.loads(step.file("report.json").read_text())["returned"]
        assert returned["kinds"]["partijen"] == {"new": 1, "changed": 0, "gone": 0}
        assert returned["written"] == 3
        assert returned["refused"] == [["changed", "categorieen", stays["uuid"], ["not_found"]]]
        assert f"{stays['uuid']}</td>" in step.file("report.html").read_text()
        assert client.get(f"partijen/{person['uuid']}")["uuid"] == person["uuid"]
        assert client.get(f"digitaleadressen/{mail['uuid']}")["verstrektDoorPartij"]["uuid"] == person["uuid"]
        assert alias_after_the_state_is_lost(step, tmp_path / "state.sqlite3", person["uuid"])
        assert client.get(f"partijen/{person['uuid']}")["uuid"] == person["uuid"]


@pytest.mark.usefixtures("quick")
def test_what_changed_is_told_by_the_rows_of_the_target_too(deployment, deployments, read, tmp_path, capsys):
    """Nothing of the target is read at the cut-over then, and later what is different alone."""
    target, file = deployments("vng"), tmp_path / "phase"
    target.reset()
    change = with_phases(file, target.served.base, state=str(tmp_path / "state.sqlite3"))
    with configured(deployment, change):
        step, rows = Move(read.folder, capsys), read.folder / "rows.txt"
        step("write")
        rows.write_text(as_read_back(step.file("load.sql").read_text()))
        step("verify", "--rows", rows)
        step("freeze", "--watch", "0")
        with patch("adapter.move.phasing.missing", lambda _: []):
            step("cutover", "--by-rows")
        made = target.served.post("categorieen", {"naam": "Na"})
        step("freeze", "--watch", "0")
        assert "say with --rows" in step("back", status=1)
        assert "nothing is different" in step("back", "--rows", rows)
        rows.write_text(as_read_back(step.file("load.sql").read_text(), f"99\tNa\t{made['uuid']}"))
        target.exchanges.clear()
        assert "categorieen: 1 new" in step("back", "--rows", rows)
        assert len(target.exchanges) <= 1
        assert "written: 1" in step("back", "--rows", rows, "--yes")
        assert deployment.served.get(f"categorieen/{made['uuid']}")["naam"] == "Na"
        step("unfreeze")
        with step.file("load.sql").open("a") as load:
            load.write("-- changed\n")
        assert "its checksum is another" in step("back", "--rows", rows, status=1)


def as_read_back(load, category=""):
    """What `verify.sql` reads of what was loaded, with another row among the categories."""
    text, lines = "", iter(load.splitlines())
    for line in lines:
        if line.startswith("COPY klantinteracties_"):
            name = line.split(" ")[1]
            rows = list(iter(lines.__next__, "\\."))
            rows += [category] if category and name.endswith("_categorie") else []
            text += f"== {name}\n" + "".join(f"{row}\n" for row in rows)
    return f"{text}== end\n"


def alias_after_the_state_is_lost(step, state, served):
    """Whether setup notes an alias again from its object."""
    with closing(open_state(str(state))) as opened:
        before = opened.aliases.records([served])
        with opened.database.transaction() as transaction:
            transaction.run("DELETE FROM aliases")
        assert opened.aliases.records([served]) != before
        assert main(["setup", "--config", "klantbrug.yaml"]) == 0
        assert "aliases: 1 noted again, 0 not" in step.printed()
        return opened.aliases.records([served]) == before


def test_what_the_target_was_told_is_owed_again_after_each_cut_over():
    """That all was written back once says nothing of what is written to the target later."""
    book = Book(":memory:")
    owed = []
    for phase in ("frozen", "forward", "frozen", BACK, "translate", "frozen", "forward", "frozen"):
        if phase == BACK:
            book.note(BACK, "now")
        else:
            note_phase(book, phase, "")
        owed.append(is_owed(book))
    book.close()
    assert owed == [False, False, True, False, False, False, False, True]


def test_a_target_does_not_answer_before_it_was_proven():
    """Whatever is done again has to be followed by all that comes after it."""
    book, left = Book(":memory:"), []

    def first():
        left.append(next(iter(missing(book)), "").partition(":")[0])

    first()
    book.begin()
    book.finish()
    note_phase(book, "frozen", "")
    first()
    book.begin()
    first()
    book.finish()
    first()
    book.note("written", {"made": "1", "pass": 2})
    first()
    note_proven(book, "rows", "")
    first()
    book.note("written", {"made": "2", "pass": 2})
    first()
    note_phase(book, "translate", "")
    note_phase(book, "frozen", "")
    first()
    book.close()
    assert left == [
        "nothing was frozen by this move",
        "nothing was read since the freeze",
        "nothing was read since the freeze",
        "what was read last was not written",
        "what was written last was not found in the target",
        "",
        "what was written last was not found in the target",
        "nothing was read since the freeze",
    ]


def test_a_target_is_read_in_pages_that_it_answers_in_time():
    """Open Klant 2.18 was observed to need 23 seconds for 500 contacts on a busy machine, and 4 for 100."""
    asked = []

    def call(method, kind, *, params):
        asked.append(int(dict(params)["pageSize"]))
        return Mock(status=200, body={"count": 1, "next": None, "results": [{"uuid": f"{kind}-{SENT}"}]})

    adapter = Mock(registers={"klantinteracties": Mock(call=call)})
    adapter.mappings = shipped_mappings("openklant")
    with closing(Book(":memory:")) as book:
        Uuids(book).note("partijen", [Posted("read", SENT)])
        found = [each.uuid for page in target_pages(adapter, book) for each in page]
    # What was sent to its API is known by the uuid that was read.
    assert "partijen-read" in found
    assert max(asked) <= 100


def test_what_was_merged_is_told_to_serve_at_the_cut_over(tmp_path):
    """By the file that was written, in a state that other processes see."""
    options, state = Namespace(folder=tmp_path), str(tmp_path / "state.sqlite3")
    lines = ["partijen\ta\tc\n", "partijen\tb\tc\n"]
    manifest = {"form": "copy", "sha256": {"uuids.tsv": written(tmp_path / "uuids.tsv", lines)}}
    assert merged(options, None) == merged(options, {**manifest, "form": "api"}) == {}
    found = merged(options, manifest)
    for pairs, known in ((found, {"a": "c", "b": "c"}), ({}, {})):
        move_phases._note_merged(SimpleNamespace(configuration=SimpleNamespace(state=state)), pairs)
        with closing(open_state(state)) as opened:
            assert opened.merged.into(["a", "b", "c"]) == known
    with pytest.raises(Failure, match="in memory"):
        move_phases._note_merged(SimpleNamespace(configuration=SimpleNamespace(state=":memory:")), found)
    written(tmp_path / "uuids.tsv", lines[:1])
    with pytest.raises(Failure, match="its checksum is another"):
        merged(options, manifest)
