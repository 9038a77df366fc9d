"""Whether a POST arrived of which the answer was lost: the record is looked for by its sign."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from adapter.errors import RegisterUnavailable
from adapter.gathering.ports import Record, RecordPage, Register
from adapter.gathering.sign import Sign
from adapter.mapping.paths import get, parse

READINGS = 3
NAME = "register"


class Look:
    """Looks for the record with a sign, at the end of the member `signed` of the records of a collection."""

    def __init__(self, register: Register, sign: Sign, collection: str, signed: str) -> None:
        self._register, self._sign = register, sign
        self._collection, self._signed = collection, parse(signed)

    def found(self, check: str, searches: Sequence[Mapping[str, str]]) -> Record | None:
        """The record whose sign has these letters; None when there is certainly none.

        All but the last search are short cuts: the first page of each. Raises RegisterUnavailable, also when
        the list went on changing while it was read, so that nothing is certain.
        """
        *short, all_of_kind = searches
        for filters in short:
            record = self._among(self._page(filters, 1), check)
            if record is not None:
                return record
        return self._in_all(all_of_kind, check)

    def all(self, check: str, filters: Mapping[str, str]) -> list[Record]:
        """Every record with these letters that a search finds. Raises RegisterUnavailable."""
        found: dict[str, Record] = {}
        number, more = 0, True
        while more:
            number += 1
            page = self._page(filters, number)
            found |= {each.uuid: each for each in self._those(page, check)}
            more = page.more
        return list(found.values())

    def _in_all(self, filters: Mapping[str, str], check: str) -> Record | None:
        first = self._page(filters, 1)
        record = self._among(first, check)
        if record is not None or not first.more:
            return record
        # A register with its newest records first has it on the first page, one with its oldest first on the
        # last. From the back, a record that moved to a page that was read already would be missed, so any
        # change of the count asks for another reading, from the front.
        steady = True
        for page in self._from_the_back(filters, first):
            record = self._among(page, check)
            if record is not None:
                return record
            steady = steady and page.count == first.count
        return None if steady else self._from_the_front(filters, check)

    def _from_the_back(self, filters: Mapping[str, str], first: RecordPage) -> Iterator[RecordPage]:
        last = -(-first.count // max(1, len(first.records)))
        for number in range(last, 1, -1):
            yield self._page(filters, number)

    def _from_the_front(self, filters: Mapping[str, str], check: str) -> Record | None:
        """All pages in their order: only a record that fell from the list can move one out of sight."""
        for _ in range(READINGS):
            number, greatest, fell, more = 0, 0, False, True
            while more:
                number += 1
                page = self._page(filters, number)
                record = self._among(page, check)
                if record is not None:
                    return record
                more, fell, greatest = page.more, fell or page.count < greatest, max(greatest, page.count)
            if not fell:
                return None
        raise RegisterUnavailable(NAME)

    def _page(self, filters: Mapping[str, str], number: int) -> RecordPage:
        return self._register.page(self._collection, filters, number)

    def _among(self, page: RecordPage, check: str) -> Record | None:
        return next(self._those(page, check), None)

    def _those(self, page: RecordPage, check: str) -> Iterator[Record]:
        return (each for each in page.records if self._sign.found(get(each.content, self._signed)) == check)
