"""A pass that ends anywhere goes on where it was, and comes to the same."""

import pytest
from adapter.main import prepare
from adapter.move.book import Book
from adapter.move.numbered import Numbered
from adapter.move.reading import Reader
from adapter.move.target import target
from adapter.move.verifying import NotReadBack, compare
from adapter.shipped import register_document


class Killed(BaseException):
    """What ends a process without asking."""


@pytest.fixture
def dialect():
    return "openklant"


@pytest.fixture
def reader(deployment):
    """Gives a reader into a book."""
    adapter = prepare(deployment.configuration)
    serving = adapter.deployment()
    registers = deployment.configuration.registers.items()
    documents = {name: register_document(name, each.dialect) for name, each in registers}
    yield lambda book: Reader(serving, target("openklant"), book, documents, lambda: 0)
    adapter.close()


def digests(book):
    return {name: Numbered(book).digest(name) for name in target("openklant").resources}


def test_a_pass_that_is_killed_after_any_page_comes_to_the_same(reader, tmp_path):
    """What was written is whole pages; no page is read twice but the one that was not finished."""
    whole = Book(str(tmp_path / "whole"))
    pages = []
    reader(whole).read(lambda reached: pages.append(reached.source))
    killed, met = str(tmp_path / "killed"), []
    for _ in range(len(pages) + 1):
        book = Book(killed)

        def stop(reached):
            met.append(reached.source)
            raise Killed

        try:
            reader(book).read(stop)
            break
        except Killed:
            assert not book.is_read
        finally:
            book.close()
    book = Book(killed)
    assert book.is_read
    assert book.passes == 1
    assert digests(book) == digests(whole)
    assert met == pages
    book.close()
    whole.close()


@pytest.mark.parametrize(
    "text", ["", "== klantinteracties_actor\n", "nonsense\n", "== klantinteracties_partij\n"]
)
def test_the_output_of_another_file_is_not_taken_for_a_verification(read, text):
    read("write")
    read.file("rows.txt").write_text(text)
    with pytest.raises(NotReadBack):
        compare(target("openklant"), read.file("load.sql"), read.file("rows.txt"))
    assert "is not the output of verify.sql" in read("verify", "--rows", read.file("rows.txt"), status=1)


def test_a_load_file_that_was_changed_is_not_verified(read):
    read("write")
    file = read.file("load.sql")
    file.write_text(file.read_text() + "\n")
    assert "its checksum is another" in read("verify", "--rows", file, status=1)
