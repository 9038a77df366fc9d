"""The objecttypes that are shared with other applications, as a document: a collection for each of them."""

from __future__ import annotations

from functools import cache
from typing import Any

import orjson

from adapter.openapi.document import Document, read_yaml
from adapter.openapi.specifications import objecttypes_folder, specification

OBJECTTYPES = "objecttypes"
RECORD = "ObjectRecord"


@cache
def objecttype_document() -> Document:
    """A document with a POST of `/name` for each objecttype, whose body is a record of an object of it."""
    raw = read_yaml(specification("objects"))
    record = raw["components"]["schemas"][RECORD]
    paths: dict[str, Any] = {}
    for file in sorted(objecttypes_folder().glob("*.json")):
        members = {**record["properties"], "data": objecttype_schema(file.stem)}
        body = {"content": {"application/json": {"schema": {**record, "properties": members}}}}
        answer = {"201": {"description": "Made."}}
        name = file.stem
        paths[f"/{name}"] = {
            "post": {"operationId": f"{name}_create", "requestBody": body, "responses": answer}
        }
    return Document({**raw, "paths": paths})


@cache
def objecttype_schema(name: str) -> Any:
    """The JSON Schema of the data of an objecttype."""
    return orjson.loads((objecttypes_folder() / f"{name}.json").read_bytes())
