"""Scenes in mapping files: they come out, and tell readably when they do not."""

import pytest
from adapter.dialects import SHIPPED, Library
from adapter.mapping.examples.telling import told
from adapter.mapping.load import read_dialect
from adapter.scenes.run import play_scenes

from tests.standard import STANDARD


def _played(mappings, dialect="vng", only=("categorieen",)):
    return list(told({dialect: play_scenes(Library((mappings,)), dialect, only)}))


def _with(mappings, steps, dialect="vng", more=""):
    file = mappings / dialect / "categorieen.yaml"
    scene = f"scenes:\n  - name: a scene\n{more}    steps:\n" + "".join(f"      - {each}\n" for each in steps)
    file.write_text(file.read_text(encoding="utf-8") + scene, encoding="utf-8")
    return _played(mappings, dialect)


def _shown_in(dialect):
    """Mappings whose scenes a dialect shows: every third, so that all have a turn, and what it adds."""
    dialects, read = STANDARD, read_dialect(SHIPPED, dialect)
    turn = sorted(read.files)[dialects.index(dialect) :: len(dialects)]
    added = {
        chain[-1].content["resource"]
        for own, *chain in read.sources.values()
        if any("scenes" in each.content for each in chain)
        and f"/{dialect}/" in own.file
        and "scenes" in own.content
    }
    return {*turn, *added}


def test_the_scenes_of_the_e_suite_come_out():
    """All of them: most are its own, for it cannot have what those of the others begin with."""
    played = list(play_scenes(SHIPPED, "esuite"))
    assert list(told({"esuite": played})) == []
    assert {each.resource for each in played} >= {"klantcontacten", "partijen", "internetaken"}


@pytest.mark.parametrize("dialect", STANDARD)
def test_the_shipped_scenes_come_out(dialect):
    """Each in one dialect at least, and what a dialect has of its own in that one."""
    wanted = _shown_in(dialect)
    played = list(play_scenes(SHIPPED, dialect, wanted))
    assert list(told({dialect: played})) == []
    assert played


def test_the_scenes_of_every_mapping_have_a_turn():
    shown = set().union(*map(_shown_in, STANDARD))
    assert shown == set(read_dialect(SHIPPED, "vng").files)


@pytest.mark.contract
@pytest.mark.parametrize("dialect", STANDARD)
def test_all_shipped_scenes_come_out_in_every_dialect(dialect):
    played = list(play_scenes(SHIPPED, dialect))
    assert list(told({dialect: played})) == []
    shown = {each.resource for each in played}
    assert {"klantcontacten", "partijen", "internetaken", "maak-klantcontact"} <= shown


def test_a_difference_names_file_line_and_both_values(mappings):
    lines = _with(
        mappings, ["{post: categorieen, body: {naam: vip}, as: vip}", "{get: categorieen, found: []}"]
    )
    number = len((mappings / "vng/categorieen.yaml").read_text(encoding="utf-8").splitlines())
    assert lines == [
        f"mappings/vng/categorieen.yaml:{number}: a scene: steps.1.found (dialect vng)",
        "    the example says    []",
        '    the mapping gives   ["vip"]',
    ]


@pytest.mark.parametrize(
    ("step", "where", "found"),
    [
        ("{post: categorieen, body: {naam: null}}", "post", "\"400 {'naam': 'null'}\""),
        ("{post: categorieen, body: {naam: vip}, answer: {naam: vop}}", "answer.naam", '"vip"'),
        ("{post: categorieen, body: {naam: vip}, lacks: [naam]}", "lacks.0", '"vip"'),
        ("{post: categorieen, refused: {naam: blank}}", "refused", "{}"),
        ("{get: categorieen, calls: 0}", "calls", "1"),
        ('{get: categorieen, asks: ["klanten/klanten?klantnummer"]}', "asks.0", "nothing"),
        ("{wait: 300}", "wait", '"nothing is gathered in this dialect"'),
        ("{get: categories}", "get", '"the specification has no GET /categories"'),
        ("{register: klant, get: klanten}", "get", '"there is no register klant"'),
        ("{register: objects, get: Categories}", "get", '"there is no objecttype Categories"'),
    ],
)
def test_whatever_a_step_says_is_looked_at(mappings, step, where, found):
    lines = _with(mappings, [step])
    assert lines[0].endswith(f": a scene: steps.0.{where} (dialect vng)")
    assert lines[2] == f"    the mapping gives   {found}"


def test_each_scene_begins_with_nothing(mappings):
    steps = ["{get: categorieen, found: []}", "{post: categorieen, body: {naam: vip}}"]
    assert _with(mappings, steps) == []
    assert _played(mappings) == []


def test_settings_hold_in_their_scene(mappings):
    step = '{post: klantcontacten, answer: {nummer: "0000000001"}}'
    assert _with(mappings, [step], more="    settings: {nummers: generate}\n") == []


def test_a_dialect_leaves_scenes_out_and_adds_others(mappings):
    (mappings / "openklant/rekeningnummers.yaml").write_text(
        "scenes:\n  without: [nummers die niet kunnen]\n  also:\n"
        "    - {name: another, steps: [{get: rekeningnummers, found: [x]}]}\n",
        encoding="utf-8",
    )
    outcomes = list(play_scenes(Library((mappings,)), "openklant", ["rekeningnummers"]))
    assert [each.name for each in outcomes][-1] == "another"
    assert "nummers die niet kunnen" not in {each.name for each in outcomes}
    (line, *_) = told({"openklant": outcomes})
    assert line.startswith("mappings/openklant/rekeningnummers.yaml:4: another: steps.0.found")
