"""What would be read in part is refused: nothing is served or written with something left out."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any, cast

import pytest
from adapter.collection import CannotAnswer
from adapter.engine.deployment import ObjectType
from adapter.errors import RegisterAnswer
from adapter.registers.messages import Answer
from adapter.reverse.deployment import Deployment
from adapter.reverse.known import Known
from adapter.reverse.offers import Offers
from adapter.reverse.session import Session
from adapter.reverse.shelf import ObjectShelf
from adapter.shipped import served_document

from tests.correspondence.test_laws import LINKS, compiled

BOUND = 250
NOTHING = cast(Any, None)


def uuid_of(number: int) -> str:
    return f"{number:08x}-0000-4000-8000-000000000000"


class Many:
    """A register with so many records of everything."""

    name = "klantinteracties"

    def __init__(self, count: int) -> None:
        self.count = count

    def call(self, method: str, path: str, *, params: Any = (), json: Any = None) -> Answer:
        asked = dict(params)
        size, number = int(asked["pageSize"]), int(asked.get("page", "1"))
        there = range((number - 1) * size, min(number * size, self.count))
        data = {"verzameling": "klanten"}
        rows = [
            {"uuid": it, "url": f"https://register.example/{it}", "record": {"data": data | {"record": it}}}
            for it in map(uuid_of, there)
        ]
        following = "https://register.example/?page=2" if there.stop < self.count else None
        page = {"count": self.count, "next": following, "previous": None, "results": rows}
        return Answer(200, page)


def deployment(register: Any, offers: Any = NOTHING, links: Any = NOTHING) -> Deployment:
    return Deployment(
        serving=NOTHING,
        register=register,
        shelf=NOTHING,
        correspondences={},
        offers=offers,
        links=links,
        complete=lambda _, values: dict(values),
        pool=cast(ThreadPoolExecutor, None),
        scan_bound=BOUND,
    )


def test_all_rows_are_read_or_none_are() -> None:
    assert len(Session(deployment(Many(BOUND))).all_rows("betrokkenen", ())) == BOUND

    with pytest.raises(CannotAnswer, match=str(BOUND)):
        Session(deployment(Many(BOUND + 1))).all_rows("betrokkenen", ())


def test_all_asides_are_read_or_none_are() -> None:
    kind = ObjectType("RegisterAanvulling", "", "https://objecttypes.example/1", 1)
    assert len(ObjectShelf(Many(BOUND), kind, bound=BOUND).hanging("x")) == BOUND

    with pytest.raises(CannotAnswer, match=str(BOUND)):
        ObjectShelf(Many(BOUND + 1), kind, bound=BOUND).hanging("x")


def test_rows_that_do_not_come_along_are_not_taken_for_none() -> None:
    (klant,) = [each for each in compiled("openklant") if each.name == "klant"]
    relation = {"digitaleAdressen": {"from": "digitaleadressen.verstrektDoorPartij"}}
    offers = Offers({"partijen": {"schema": "Partij", "relations": relation}}, served_document())
    record = {"uuid": "1", "digitaleAdressen": [{"uuid": "2", "url": "https://nieuw.example/2"}]}

    with pytest.raises(RegisterAnswer):
        Known(deployment(Many(0), offers, LINKS), klant, record, None)
    Known(deployment(Many(0), offers, LINKS), klant, record | {"digitaleAdressen": []}, None)
