"""What a caller of `create_app` relies on, and that look-ups do not read the whole register."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from uuid import uuid4

import pytest
from adapter.embedded.objects import Draft, TypeSeed, create_app, insert, records
from adapter.embedded.objects.conditions import joined, narrowest_first
from adapter.embedded.objects.filters import data_conditions, form_conditions
from adapter.embedded.objects.ordering import order_of
from adapter.embedded.objects.schemas import compiled
from adapter.embedded.server import running
from starlette.applications import Starlette
from starlette.routing import Mount

from tests.embedded.objects.client import ACTOR, TASK, Client, seeds


def test_a_file_keeps_its_objects_and_types(tmp_path: Path) -> None:
    path = tmp_path / "objects.db"
    with running(create_app(path, types=seeds())) as origin:
        made = Client(origin).create({"naam": "x"})
        Client(origin)("PATCH", f"/objecttypes/{TASK}", json={"description": "eigen"})
    app = create_app(
        path, types=[TypeSeed(TASK, "Anders", "Anders", ({}, {"type": "object"}))], token="ander"
    )
    for _ in range(2):  # one application may be started again
        with running(app) as origin:
            client = Client(origin)
            client.session.headers["Authorization"] = "Token ander"
            read = client("GET", f"/objects/{made['uuid']}").json()
            assert read["record"] == made["record"]
            kept = client("GET", f"/objecttypes/{TASK}").json()
            assert (kept["name"], kept["description"]) == ("InterneTaak", "eigen")
            assert len(kept["versions"]) == 2


def test_two_servers_on_one_file_lose_nothing(tmp_path: Path) -> None:
    apps = [create_app(tmp_path / "objects.db", types=seeds()) for _ in range(2)]
    with running(apps[0]) as first, running(apps[1]) as second:
        made = Client(first).create({})

        def change(number: int) -> int:
            client = Client((first, second)[number % 2])
            patch = {"record": {"data": {f"n{number}": number}}}
            return client("PATCH", f"/objects/{made['uuid']}", json=patch).status_code

        with ThreadPoolExecutor(8) as pool:
            assert set(pool.map(change, range(40))) == {200}
        record = Client(second)("GET", f"/objects/{made['uuid']}").json()["record"]
        assert (record["index"], len(record["data"])) == (41, 40)


def test_memory_will_do() -> None:
    with running(create_app(":memory:", types=seeds())) as origin:
        Client(origin).create({"naam": "x"})
        assert Client(origin).names() == ["x"]


def test_urls_follow_the_place_where_the_application_is_mounted() -> None:
    app = Starlette(routes=[Mount("/objecten", create_app(":memory:", types=seeds()))])
    with running(app) as origin:
        client = Client(f"{origin}/objecten")
        made = client.create({"naam": "x"})
        assert made["url"] == f"{origin}/objecten/api/v2/objects/{made['uuid']}"
        assert made["type"] == client.type_url(TASK)
        assert client("GET", made["url"]).json() == made
        page = client("GET", "/objects?pageSize=1").json()
        assert page["results"] == [made]


def test_objects_are_inserted_all_or_none() -> None:
    app = create_app(":memory:", types=seeds())
    draft = Draft(TASK, 1, "2023-05-01", {"naam": "een", "groep": {"k": "v"}})
    impossible = Draft(TASK, 1, "2023-05-01", {"naam": {1, 2}})
    with pytest.raises(TypeError):
        insert(app, [(str(uuid4()), draft), (str(uuid4()), impossible)])
    insert(app, [(str(uuid4()), draft)])
    with running(app) as origin:
        assert Client(origin).names("data_attr=groep__k__exact__v") == ["een"]


def test_what_an_earlier_version_stored_is_found(tmp_path: Path) -> None:
    app = create_app(tmp_path / "objects.db", types=seeds())
    insert(app, [(str(uuid4()), Draft(TASK, 1, "2023-05-01", {"naam": "Een", "groep": {"k": ["V"]}}))])
    app.state.database.connection.execute("DROP TABLE members")
    app.state.database.close()
    with running(create_app(tmp_path / "objects.db")) as origin:
        assert Client(origin).names("data_attr=groep__k__icontains__v") == ["Een"]


@pytest.mark.parametrize(
    ("type_uuid", "expressions", "index"),
    [
        (TASK, ["naam__exact__x"], "attributes"),
        (TASK, ["sub__k__in__x|y"], "attributes"),
        (None, ["naam__in__x|y"], "attributes"),
        (TASK, ["naam__icontains__x"], "members"),
        (None, ["sub__k__gte__2024-01-01"], "members"),
        (ACTOR, [], "records_by_type"),
        (None, [], "records_latest"),
    ],
)
def test_a_list_is_looked_up(type_uuid: str | None, expressions: list[str], index: str) -> None:
    database = create_app(":memory:", types=seeds()).state.database
    form = {"type": type_uuid} if type_uuid else {}
    chosen = [*data_conditions(expressions, None), *form_conditions(database, form)]
    today = records.narrowed(database, records.visible_on("2024-01-01"), "start_at", "2024-01-01")
    where, values = joined([today, *chosen])
    order = order_of(None).sql
    plan = database.rows(
        f"EXPLAIN QUERY PLAN SELECT r.data FROM records r WHERE {where} ORDER BY {order} LIMIT 100", values
    )
    steps = [step[-1] for step in plan]
    assert any(index in step for step in steps), steps
    assert not any(step.startswith("SCAN") for step in steps), steps


def test_what_few_have_is_found_first() -> None:
    """Whatever else is asked is tested on these alone, and not looked up for all."""
    app = create_app(":memory:", types=seeds())
    data = ({"naam": name, "status": "open", "tekst": "Lang"} for name in ["een", "twee"] * 501)
    insert(app, [(str(uuid4()), Draft(TASK, 1, "2023-05-01", each)) for each in [*data, {"naam": "drie"}]])
    database = app.state.database
    asked = list(data_conditions(["tekst__icontains__l", "status__in__open", "naam__in__drie|vier"], None))
    first, *others = narrowest_first(database, asked)
    assert first == asked[2]
    assert [each.sql.startswith("EXISTS") for each in others] == [True, True]
    assert records.count(database, [first, *others]) == records.count(database, asked) == 0
    wide = list(data_conditions(["status__in__open", "tekst__icontains__l"], None))
    assert narrowest_first(database, wide) == wide


@pytest.mark.parametrize(
    ("schema", "value", "fault"),
    [
        ('{"minItems": 1}', [], "[] is too short"),
        ('{"minProperties": 1}', {}, "{} does not have enough properties"),
        ('{"properties": {"a": {"format": "date"}}}', {"a": "x"}, None),
        ('{"properties": {"a": {"pattern": "^(?P<x>a)$"}}}', {"a": "a"}, None),
        ('{"$ref": "https://example.nl/schema.json"}', {}, "Unresolvable: https://example.nl/schema.json"),
        ('{"properties": {"a": {"pattern": "(?<!b+)a", "type": "integer"}}}', {"a": 1}, None),
        ("false", {}, "False schema does not allow {}"),
    ],
)
def test_the_words_for_what_a_schema_refuses(schema: str, value: object, fault: str | None) -> None:
    assert compiled(schema)(value) == fault
