"""What was done to a target is done to the old registers: in order, and once."""

import pytest
from adapter.move.back import REFERS, carry_out, parted
from adapter.move.book import Book, Found
from adapter.move.marks import CHANGED, GONE, MARKED, NEW, Deed, Held, Moving, differences, mark, read_target
from adapter.shipped import shipped_mappings

RESOURCES = shipped_mappings("openklant").resources
KINDS = [RESOURCES[name] for name in ("partijen", "digitaleadressen")]


class Killed(BaseException):
    """What ends a process without asking."""


@pytest.fixture
def book():
    found = Book(":memory:")
    yield found
    found.close()


class Target:
    """Lists of a target, newest first, in pages of two."""

    def __init__(self, **lists):
        self.lists = {"partijen": [], "digitaleadressen": [], **lists}

    def __call__(self, kind, page):
        items = self.lists[kind]
        more = len(items) > 2 * page
        return {"count": len(items), "next": more or None, "results": items[2 * page - 2 : 2 * page]}

    def pages(self):
        return read_target(KINDS, self)


def item(uuid, **values):
    return {"uuid": uuid, "url": f"https://doel.example/{uuid}", **values}


def link(uuid):
    return {"uuid": uuid, "url": f"https://doel.example/{uuid}"}


def test_what_is_new_changed_and_gone_comes_in_the_order_in_which_it_can_be_done(book):
    """What others refer to is made first and goes last; an address that changed hosts is no difference."""
    before = Target(
        partijen=[item(each, interneNotitie="") for each in ("p3", "p2", "p1")],
        digitaleadressen=[item("a1", verstrektDoorPartij=link("p1"))],
    )
    mark(book, before.pages(), "")
    assert differences(book, before.pages()) == []
    after = Target(
        partijen=[
            item(each, interneNotitie="x" if each == "p2" else "") for each in ("p5", "p4", "p3", "p2")
        ],
        digitaleadressen=[item("a2", verstrektDoorPartij=link("p4"))],
    )
    found = [(each.what, each.held.uuid) for each in differences(book, after.pages())]
    assert found == [(NEW, "p4"), (NEW, "p5"), (NEW, "a2"), (CHANGED, "p2"), (GONE, "a1"), (GONE, "p1")]


def test_a_target_that_changes_while_it_is_read_is_not_believed(book):
    target = Target(partijen=[item(each) for each in "abc"])
    pages = target.pages()
    next(pages)
    target.lists["partijen"].insert(0, item("d"))
    target.lists["partijen"].pop()
    target.lists["partijen"].pop()
    with pytest.raises(Moving):
        list(pages)


def test_what_was_noted_in_part_is_not_noted(book):
    """Whatever lacks would be taken for new, and made twice."""
    target = Target(partijen=[item(each) for each in "abc"])
    mark(book, target.pages(), "now")
    assert book.fact(MARKED) == "now"
    pages = target.pages()

    def changing():
        yield next(pages)
        raise Moving

    with pytest.raises(Moving):
        mark(book, changing(), "later")
    assert not book.fact(MARKED)


class Registers:
    """Registers before which the process dies, at one of the deeds."""

    def __init__(self):
        self.done, self.dies = [], 0

    def __call__(self, deed, values):
        self.dies -= 1
        if self.dies == 0:
            raise Killed
        self.done.append((deed.what, deed.held.uuid, values))
        return ()


@pytest.mark.parametrize("dies", range(1, 5))
def test_each_deed_is_done_once_wherever_the_process_dies(book, dies):
    """A partij that prefers an address which comes after it is changed when that is there."""
    mark(book, Target().pages(), "")
    target = Target(
        partijen=[item("p", voorkeursDigitaalAdres=link("a"))],
        digitaleadressen=[item("a", verstrektDoorPartij=link("p"))],
    )
    registers = Registers()
    registers.dies = dies
    if dies < 4:
        with pytest.raises(Killed):
            carry_out(book, differences(book, target.pages()), registers, lambda _: None)
    carry_out(book, differences(book, target.pages()), registers, lambda _: None)
    assert registers.done == [
        (NEW, "p", {"voorkeursDigitaalAdres": None}),
        (NEW, "a", {"verstrektDoorPartij": {"uuid": "p"}}),
        (CHANGED, "p", {"voorkeursDigitaalAdres": {"uuid": "a"}}),
    ]
    assert carry_out(book, differences(book, target.pages()), registers, lambda _: None).done == 0


def test_what_is_refused_is_told_and_tried_again(book):
    mark(book, Target().pages(), "")
    targets = (Target(partijen=[item("p")]), Target(digitaleadressen=[item("a")]))
    deeds = [deed for each in targets for deed in differences(book, each.pages())]
    refusals = {"p": ("nummer unique",), "a": ()}
    result = carry_out(book, deeds, lambda deed, _: refusals[deed.held.uuid], lambda _: None)
    assert [(deed.held, codes) for deed, codes in result.refused] == [
        (Held("partijen", "p", {}, deeds[0].held.digest), ("nummer unique",))
    ]
    assert carry_out(book, deeds, lambda *_: (), lambda _: None).done == 1


def test_what_is_refused_is_told_once_though_it_refers_to_what_comes_after_it(book):
    mark(book, Target().pages(), "")
    target = Target(
        partijen=[item("p", voorkeursDigitaalAdres=link("a"))],
        digitaleadressen=[item("a", verstrektDoorPartij=link("p"))],
    )
    refusals = {"p": ("nummer unique",), "a": ()}
    deeds = differences(book, target.pages())
    result = carry_out(book, deeds, lambda deed, _: refusals[deed.held.uuid], lambda _: None)
    assert [(deed.what, deed.held.uuid) for deed, _ in result.refused] == [(NEW, "p"), (CHANGED, "a")]


def test_what_was_made_and_is_another_in_the_target_by_now_is_changed_and_not_made_twice(book):
    """Somebody mends in the target what was refused, and the way back is repeated."""
    mark(book, Target().pages(), "")
    target, registers = Target(partijen=[item("q"), item("p", interneNotitie="a")]), Registers()
    carry_out(book, differences(book, target.pages()), registers, lambda _: None)
    target.lists["partijen"] = [item("p", interneNotitie="b")]
    for _ in range(2):
        carry_out(book, differences(book, target.pages()), registers, lambda _: None)
    assert [each[:2] for each in registers.done] == [(NEW, "p"), (NEW, "q"), (CHANGED, "p"), (GONE, "q")]
    assert registers.done[2][2]["interneNotitie"] == "b"


def test_a_change_that_refers_to_what_was_refused_waits_until_that_is_there(book):
    """Without its reference it would be done, and the link be lost for ever."""
    mark(book, Target(digitaleadressen=[item("a", verstrektDoorPartij=None)]).pages(), "")
    target = Target(partijen=[item("p")], digitaleadressen=[item("a", verstrektDoorPartij=link("p"))])
    deeds, refusals, done = differences(book, target.pages()), {"p": ("nummer unique",)}, []

    def do(deed, values):
        done.append((deed.held.uuid, values.get("verstrektDoorPartij")))
        return refusals.get(deed.held.uuid, ())

    result = carry_out(book, deeds, do, lambda _: None)
    assert [(deed.held.uuid, codes) for deed, codes in result.refused] == [
        ("p", ("nummer unique",)), ("a", (REFERS,)),
    ]  # fmt: skip
    refusals.clear()
    assert carry_out(book, deeds, do, lambda _: None).done == 2
    assert done == [("p", None), ("p", None), ("a", {"uuid": "p"})]


def test_what_was_merged_is_apart_in_the_registers(book):
    """What is gone takes along what became it; an address hangs on the klant on which it hung."""
    book.begin()
    apart = {"verstrektDoorPartij": {"uuid": "younger"}, "adres": "a"}
    book.put([Found("digitaleadressen", "a1", "", "", apart)])
    merged = {"partijen": {"younger": "oldest", "other": "another"}, "digitaleadressen": {"a2": "a1"}}
    now = {"verstrektDoorPartij": {"uuid": "oldest"}, "adres": "b"}
    deeds = [
        Deed(NEW, Held("digitaleadressen", "a3", now, "d")),
        Deed(CHANGED, Held("digitaleadressen", "a1", now, "d")),
        Deed(CHANGED, Held("digitaleadressen", "a4", now, "d")),
        Deed(GONE, Held("digitaleadressen", "a1", {}, "")),
        Deed(GONE, Held("partijen", "oldest", {}, "")),
    ]
    found = [(it.what, it.held.uuid, it.held.values) for it in parted(book, deeds, merged)]
    assert found == [
        (NEW, "a3", now),
        (CHANGED, "a1", {**now, "verstrektDoorPartij": {"uuid": "younger"}}),
        (CHANGED, "a4", now),
        *((GONE, uuid, {}) for uuid in ("a2", "a1", "younger", "oldest")),
    ]
    assert list(parted(book, deeds, {})) == deeds
