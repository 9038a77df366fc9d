"""Lists of objects as the Objects API gives them: page by page, in smaller parts where one is too long."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

from adapter.engine.deployment import Deployment
from adapter.engine.entities.stored_object import OBJECTS, Record
from adapter.engine.gateway import answers
from adapter.engine.gateway.questions import Attributes, Parameters
from adapter.engine.gateway.scan_bound import ScanTooLong
from adapter.engine.gateway.soundness import are_objects
from adapter.engine.gateway.stable_lists import steady
from adapter.errors import AnswerTooLong

PAGE = 500
LONGEST_QUERY = 4000
# In at least so many parts a page is asked that was too long.
PARTS = 5

# (how many there are, the objects of this part, whether there are more after it)
Part = tuple[int, list[Record], bool]
Ask = Callable[[int, int], Part]


class ObjectLists:
    """Asks for lists of objects; of a type when that is named."""

    def __init__(self, deployment: Deployment) -> None:
        self.deployment = deployment

    def all(self, object_type: str | None, attributes: Attributes) -> list[Record]:
        """All objects, as one list; see `steady`. ScanTooLong when there are too many."""
        by_post = sum(len(part) for each in attributes for part in each) > LONGEST_QUERY
        ask = partial(self._searched if by_post else self._listed, object_type, attributes, ())

        def read() -> Iterator[tuple[int, list[Record]]]:
            for number in range(1, self.deployment.scan_bound // PAGE + 2):
                for count, found, more in in_parts(ask, number, PAGE):
                    if count > (bound := self.deployment.scan_bound):
                        raise ScanTooLong.counted(OBJECTS, bound, found=len(found), more=more)
                    yield count, found
                    if not more:
                        return

        return steady(OBJECTS, read)

    def page(
        self, object_type: str, attributes: Attributes, ordering: str, number: int, size: int
    ) -> tuple[int, list[Record]]:
        """(how many there are, the page with this number)."""
        ask = partial(self._listed, object_type, attributes, (("ordering", ordering),))
        parts = list(in_parts(ask, number, size))
        return parts[0][0], [row for _, rows, _ in parts for row in rows]

    def _listed(
        self, object_type: str | None, attributes: Attributes, more: Parameters, number: int, size: int
    ) -> Part:
        kind = [("type", self.deployment.types[object_type].url)] if object_type else []
        query = [*kind, *(("data_attr", "__".join(each)) for each in attributes), *more]
        answer = self.deployment.registers[OBJECTS].call(
            "GET", OBJECTS, params=[*query, *_paging(number, size)]
        )
        if answer.status == 404 and number > 1:
            return 0, [], False
        return answers.page(answer, OBJECTS, are_objects)

    def _searched(
        self, object_type: str | None, attributes: Attributes, _more: Parameters, number: int, size: int
    ) -> Part:
        asked: Record = {"data_attrs": ",".join("__".join(each) for each in attributes)}
        if object_type:
            asked["type"] = self.deployment.types[object_type].url
        register = self.deployment.registers[OBJECTS]
        answer = register.call("POST", f"{OBJECTS}/search", params=_paging(number, size), json=asked)
        return answers.page(answer, OBJECTS, are_objects)


def in_parts(ask: Ask, number: int, size: int) -> Iterator[Part]:
    """A page, in parts when its answer is too long, each as small as it has to be.

    AnswerTooLong for one object that is too long by itself.
    """
    try:
        yield ask(number, size)
    except AnswerTooLong:
        if size == 1:
            raise
    else:
        return
    parts = next(each for each in range(min(PARTS, size), size + 1) if size % each == 0)
    for part in range((number - 1) * parts + 1, number * parts + 1):
        for found in in_parts(ask, part, size // parts):
            yield found
            if not found[2]:
                return


def _paging(number: int, size: int) -> list[tuple[str, str]]:
    return [("pageSize", str(size))] + ([("page", str(number))] if number > 1 else [])
