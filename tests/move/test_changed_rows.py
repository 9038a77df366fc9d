"""What was done to a target since it was loaded, by its rows alone."""

import pytest
from adapter.move.changed_rows import deeds_of, different
from adapter.move.copying import HEADING
from adapter.move.decisions import Decisions
from adapter.move.marks import CHANGED, GONE, NEW
from adapter.move.numbered import Numbered
from adapter.move.planning import Planning
from adapter.move.target import target
from adapter.move.verifying import NotReadBack, compare
from adapter.move.writing import COPY, Order, write
from adapter.shipped import shipped_mappings

from tests.move.hand import World, ref

TARGET = target("openklant")
MADE = "00000000-0000-4000-8000-000000000099"


class Rows:
    """The rows of a target that was loaded, which can be changed."""

    def __init__(self, folder, world):
        self._folder = folder
        world.book.finish()
        decisions = Decisions()
        findings = Planning(TARGET, Numbered(world.book), decisions).look()
        write(Order(TARGET, world.book, decisions, folder, COPY), findings)
        world.book.close()
        lines = iter((folder / "load.sql").read_text().splitlines())
        names = {table.name: table.model for table in TARGET.tables}
        self.of = {}
        for line in lines:
            name = line.split(" ")[1] if line.startswith("COPY ") else ""
            if name in names:
                self.of[names[name]] = [row.split("\t") for row in iter(lines.__next__, "\\.")]

    def read_back(self):
        """The file with what `verify.sql` reads now."""
        text = ""
        for table in TARGET.tables:
            rows = sorted(self.of[table.model], key=lambda row: int(row[0]))
            text += f"{HEADING}{table.name}\n" + "".join("\t".join(row) + "\n" for row in rows)
        (self._folder / "rows.txt").write_text(f"{text}{HEADING}end\n")
        return self._folder / "rows.txt"

    def set(self, model, number, column, value):
        """Change a value of a row."""
        names = [each.name for each in next(it for it in TARGET.tables if it.model == model).columns]
        self.of[model][number][1 + names.index(column)] = value

    def found(self):
        """(kind, uuid) → what was done to it."""
        found = different(TARGET, self._folder / "load.sql", self.read_back())
        return {(each.kind, uuid): what for each in found for uuid, what in each.uuids.items()}


@pytest.fixture
def world():
    return World()


@pytest.fixture
def loaded(world, tmp_path):
    """Gives the rows of what was added to the world."""
    return lambda: Rows(tmp_path, world)


def test_each_resource_is_found_by_its_row_and_by_those_of_its_parts(world, loaded):
    """A name stands in a row of its own, and so does each employee of a task."""
    person = {
        "contactnaam": {"voornaam": "A", "voorletters": "", "voorvoegselAchternaam": "", "achternaam": ""}
    }
    named, other = (
        world.add("partijen", soortPartij="persoon", partijIdentificatie=person) for _ in range(2)
    )
    stays, goes = (
        world.add(
            "digitaleadressen", adres="a@b.nl", soortDigitaalAdres="email", verstrektDoorPartij=ref(other)
        )
        for _ in range(2)
    )
    clerks = [world.add("actoren", soortActor="medewerker", naam=each) for each in "ab"]
    contact = world.contact()
    task = world.add(
        "internetaken",
        aanleidinggevendKlantcontact=ref(contact),
        toegewezenAanActoren=[ref(each) for each in clerks],
    )
    rows = loaded()
    assert rows.found() == {}
    rows.set("persoon", 0, "contactnaam_voornaam", "B")
    rows.set("klantcontact", 0, "onderwerp", "Anders")
    made = list(rows.of["digitaaladres"][0])
    rows.of["digitaaladres"] = [each for each in rows.of["digitaaladres"] if goes not in each]
    made[0] = "77"
    rows.of["digitaaladres"].append([MADE if each in (stays, goes) else each for each in made])
    rows.of["internetakenactorenthoughmodel"].pop()
    assert rows.found() == {
        ("partijen", named): CHANGED,
        ("digitaleadressen", goes): GONE,
        ("digitaleadressen", MADE): NEW,
        ("klantcontacten", contact): CHANGED,
        ("internetaken", task): CHANGED,
    }


def test_only_what_is_different_is_asked_in_the_order_of_doing_it(world, loaded, tmp_path):
    gone = world.add("partijen", soortPartij="organisatie", partijIdentificatie={"naam": "x"})
    kind, other = (world.add("categorieen", naam=each) for each in "xy")
    rows = loaded()
    rows.set("categorie", 0, "naam", "Anders")
    rows.of["categorie"].append(["9", "Nieuw", MADE])
    rows.of["partij"].clear()
    rows.of["organisatie"].clear()
    asked = []

    def fetch(resource, uuid):
        asked.append(uuid)
        return {"uuid": uuid, "url": f"https://doel.example/{uuid}", "naam": "Anders"}

    found = different(TARGET, tmp_path / "load.sql", rows.read_back())
    deeds = list(deeds_of(found, shipped_mappings("openklant").resources, fetch))
    assert [(each.what, each.held.uuid) for each in deeds] == [(NEW, MADE), (CHANGED, kind), (GONE, gone)]
    assert deeds[1].held.values == {"naam": "Anders"}
    assert asked == [MADE, kind]
    assert other not in asked


def test_a_file_that_is_cut_off_says_nothing(world, loaded):
    world.add("categorieen", naam="x")
    rows = loaded()
    file = rows.read_back()
    file.write_text(file.read_text().replace(f"{HEADING}end\n", ""))
    with pytest.raises(NotReadBack):
        different(TARGET, file.parent / "load.sql", file)


@pytest.mark.parametrize(
    "spoiled",
    [
        pytest.param(lambda text: text.encode("utf-16"), id="of_windows"),
        pytest.param(lambda text: text[: text.index("changed") + 3].encode(), id="cut_in_a_line"),
    ],
)
def test_a_file_that_was_spoiled_on_its_way_is_no_output(world, loaded, spoiled):
    world.add("categorieen", naam="x")
    rows = loaded()
    rows.set("categorie", 0, "naam", "changed")
    file = rows.read_back()
    file.write_bytes(spoiled(file.read_text()))
    for read in (different, compare):
        with pytest.raises(NotReadBack):
            read(TARGET, file.parent / "load.sql", file)
