"""Records and lists of records as a register gives them: one by its uuid, or page by page."""

from __future__ import annotations

from collections.abc import Iterator

from adapter.engine.deployment import Deployment
from adapter.engine.entities.stored_object import Record
from adapter.engine.gateway import answers
from adapter.engine.gateway.questions import Parameters
from adapter.engine.gateway.scan_bound import ScanTooLong
from adapter.engine.gateway.stable_lists import steady
from adapter.mapping.model import Place

PAGE = 100


class RecordLists:
    """Asks registers for their records, with what can come along with each."""

    def __init__(self, deployment: Deployment) -> None:
        self.deployment = deployment

    def one(self, place: Place, uuid: str) -> list[Record]:
        """The record with this uuid; [] when there is none."""
        answer = self.deployment.registers[place.register].call(
            "GET", f"{place.collection}/{uuid}", params=self._expand(place)
        )
        if answer.status == 404:
            return []
        return [answers.record(answer, place.register, self.deployment.mappings.collections[place].fits)]

    def page(self, place: Place, params: Parameters, number: int) -> tuple[int, list[Record], bool]:
        """(how many there are, the records of the page with this number, whether there is a next one)."""
        paging = [("page", str(number))] if number > 1 else []
        answer = self.deployment.registers[place.register].call(
            "GET", place.collection, params=[*params, *self._expand(place), *paging]
        )
        if answer.status == 404 and number > 1:
            return 0, [], False
        return answers.page(answer, place.register, self.deployment.mappings.collections[place].fits)

    def all(self, place: Place, params: Parameters) -> list[Record]:
        """Every page as one list; see `steady`. ScanTooLong when there are too many."""

        def read() -> Iterator[tuple[int, list[Record]]]:
            count, rows, more = self.page(place, params, 1)
            if count > self.deployment.scan_bound:
                bound = self.deployment.scan_bound
                raise ScanTooLong.counted(place.register, bound, found=len(rows), more=more)
            yield count, rows
            for number in range(2, -(-count // PAGE) + 1):
                yield self.page(place, params, number)[:2]

        return steady(place.register, read)

    def _expand(self, place: Place) -> list[tuple[str, str]]:
        return [("expand", value) for value, _ in self.deployment.mappings.collections[place].inline.values()]
