"""The specification itself, for everybody: as the file that it is, and the same as JSON."""

from __future__ import annotations

import hashlib
from pathlib import Path

import orjson
from starlette.responses import Response

from adapter.openapi.document import Document

# Any page may show the specification; nothing else can be read from another origin.
_OPEN = {"Access-Control-Allow-Origin": "*", "Cache-Control": "public, max-age=3600"}


class Published:
    """The two forms, ready to be sent."""

    def __init__(self, path: Path, document: Document) -> None:
        self._forms = {
            "/openapi.yaml": (path.read_bytes(), "application/yaml"),
            "/openapi.json": (orjson.dumps(document.raw), "application/json"),
        }
        self._tags = {
            name: f'"{hashlib.sha256(content).hexdigest()[:32]}"'
            for name, (content, _) in self._forms.items()
        }

    def __contains__(self, path: object) -> bool:
        return path in self._forms

    def answer(self, path: str, known: str | None) -> Response:
        """The document at a path below the base path; 304 when the client's copy (`If-None-Match`) is it."""
        headers = {**_OPEN, "ETag": self._tags[path]}
        if known == self._tags[path]:
            return Response(status_code=304, headers=headers)
        content, media_type = self._forms[path]
        return Response(content, headers=headers, media_type=media_type)
