"""`klantbrug export` writes everything that is served, each once, and goes on where it was stopped."""

import csv
import json
from collections import Counter

import pyarrow.dataset
import pytest
from adapter.engine.maintenance import everything as reading
from adapter.engine.maintenance.everything import Position, everything, sources
from adapter.export.columns import columns
from adapter.export.files import Parts, output
from adapter.export.notes import Note, beside
from adapter.main import prepare
from adapter.shipped import served_document

from tests.budget.conftest import known_of
from tests.budget.town import fill
from tests.deployment import deployed
from tests.inside import Network

CONTACTS = 70
# One of each kind of homes; the rest with `make contract`.
KINDS = [
    "klantcontacten",
    "betrokkenen",
    "digitaleadressen",
    "internetaken",
    *(
        pytest.param(name, marks=pytest.mark.contract)
        for name in (
            "partijen",
            "partij-identificatoren",
            "onderwerpobjecten",
            "actorklantcontacten",
            "actoren",
        )
    ),
]


@pytest.fixture(scope="module")
def town(tmp_path_factory):
    """(what is served, the deployment of the engine), with records of both kinds of clients."""
    network, folder = Network(), tmp_path_factory.mktemp("town")
    with network.connected(), deployed("openklant", folder, network.running, watched=False) as running:
        running.served.session.hooks["response"].clear()
        fill(running, CONTACTS)
        known_of(running)
        adapter = prepare(running.configuration)
        yield running, adapter.deployment(running.made)
        adapter.close()


@pytest.fixture
def small(monkeypatch):
    """Batches of a few records, so that everything takes many."""
    monkeypatch.setattr(reading, "PAGE", 20)
    monkeypatch.setattr(reading, "RECENT", 60)


def exported(deployment, name, **options):
    return [each for batch in everything(deployment, name, **options) for each in batch.shown]


@pytest.mark.parametrize("name", KINDS)
def test_everything_that_a_list_shows_is_exported_as_it_shows_it(town, small, name):
    """Records, objects and what stands in others: no more, no less, each with the same members."""
    running, deployment = town
    listed = {each["uuid"]: each for each in running.served.all(name, pageSize=500)}
    found = exported(deployment, name)
    assert Counter(each["uuid"] for each in found) == Counter(listed.keys())
    assert all(listed[each["uuid"]] in (each, each | {"_expand": {}}) for each in found)


def test_a_reading_goes_on_from_any_position(town, small):
    """What a second process reads from there is what the first would have."""
    _, deployment = town
    whole = list(everything(deployment, "betrokkenen"))
    assert len(whole) > 5
    for number in (3, len(whole) - 2):
        rest = exported(deployment, "betrokkenen", position=whole[number].then)
        assert rest == [each for batch in whole[number + 1 :] for each in batch.shown]


def test_what_is_older_is_left_out(town, small):
    """By the moment of the contact; and no more of the list is read than has new ones."""
    running, deployment = town
    moments = sorted(each["plaatsgevondenOp"] for each in running.served.all("klantcontacten", pageSize=500))
    since = moments[-10]
    start = len(running.exchanges)
    found = list(everything(deployment, "klantcontacten", since))
    shown = [each["plaatsgevondenOp"] for batch in found for each in batch.shown]
    assert sorted(shown) == [each for each in moments if each >= since]
    assert len(found) < len(moments) / 20
    assert len(running.exchanges) == start


class Moving:
    """A reading of a list from which is taken, or to which is added, between its batches."""

    def __init__(self, rows):
        self.rows = rows

    def read(self, source, position, change):
        """All uuids that are read when the list is changed once, after the first batches."""
        found = []
        for number in range(50):
            if number == 2:
                change(self.rows)
            start, count, uuids, known = reading.placed(
                source, position, lambda start: (len(self.rows), self.rows[start : start + reading.PAGE])
            )
            found += [each for each in uuids if each not in known]
            position = reading.after(position, start, count, uuids, known)
            if start + len(uuids) >= count:
                return found
        raise AssertionError("it does not end")


UUIDS = [f"{number:08x}-0000-4000-8000-000000000000" for number in range(0, 4000, 10)]
NEW = [f"{number:08x}-0000-4000-8000-00000000000f" for number in range(0, 4000, 7)]


@pytest.mark.parametrize("many", [1, 19, 20, 45, 300])
@pytest.mark.parametrize("of", ["klantcontacten", "internetaken"])
@pytest.mark.parametrize("added", [True, False])
def test_a_list_that_moves_is_read_whole_and_once(town, small, of, many, added):
    """New records come first in their list, objects anywhere; what is deleted was read or not."""
    source = next(sources(town[1], of))
    is_record = source.home.place is not None

    def change(rows):
        if added:
            rows[:] = [*NEW[:many], *rows] if is_record else sorted([*rows, *NEW[:many]])
        else:
            del rows[: min(many, 30)]

    found = Moving(list(UUIDS)).read(source, Position(), change)
    assert len(found) == len(set(found))
    assert set(UUIDS) <= set(found)


def test_lines_are_cut_back_to_where_they_were_noted(tmp_path, town):
    """What was written after the last note is written again, and not twice."""
    resource = town[1].mappings.resources["klantcontacten"]
    rows = exported(town[1], "klantcontacten")
    for form in ("ndjson", "csv"):
        path = tmp_path / form
        first = output(form, columns(resource, served_document()), path, None, 0)
        first.write(rows[:10])
        mark = first.mark()
        first.write(rows[10:30])
        first.close()
        second = output(form, columns(resource, served_document()), path, None, mark)
        second.write(rows[10:])
        second.finish()
        second.close()
    lines = [json.loads(line) for line in (tmp_path / "ndjson").read_text().splitlines()]
    assert lines == rows
    with (tmp_path / "csv").open(newline="") as file:
        table = list(csv.DictReader(file))
    assert [each["uuid"] for each in table] == [each["uuid"] for each in rows]
    assert {each["reactie"] for each in table} == {each.get("reactie") or "" for each in rows}
    assert [each["inhoud"] for each in table] == [each["inhoud"] for each in rows]
    assert {each["vertrouwelijk"] for each in table} <= {"true", "false"}


def test_parquet_is_a_folder_of_parts_with_types(tmp_path, town, monkeypatch):
    """A part that is not complete is left out of the mark, and made again."""
    monkeypatch.setattr("adapter.export.files.ROWS_OF_A_PART", 25)
    resource, rows = town[1].mappings.resources["klantcontacten"], exported(town[1], "klantcontacten")
    first = Parts(tmp_path, columns(resource, served_document()))
    first.write(rows[:30])
    assert first.mark() == 1
    first.write(rows[30:40])
    assert first.mark() is None
    second = Parts(tmp_path, columns(resource, served_document()), 1)
    second.write(rows[30:])
    second.finish()
    table = pyarrow.dataset.dataset(tmp_path, format="parquet").to_table()
    assert table["uuid"].to_pylist() == [each["uuid"] for each in rows]
    assert str(table.schema.field("plaatsgevondenOp").type) == "timestamp[us, tz=UTC]"
    assert str(table.schema.field("vertrouwelijk").type) == "bool"


def test_a_note_is_read_as_it_was_written(tmp_path):
    note = Note(("partijen", "csv", "", "vng"), Position(1, 200, 940, ("a", "b")), 4711, 200)
    path = beside(tmp_path / "partijen.csv")
    assert Note.read(path) is None
    note.write(path)
    assert Note.read(path) == note
