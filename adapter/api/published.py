"""The public pages: the specification as YAML and as JSON, and a front page with links to them.

The NL API Design Rules ask for the specification at `/openapi.json` below the base path, readable without
login and from any origin (rule /core/publish-openapi).
"""

from __future__ import annotations

import hashlib
import html
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import orjson
import yaml
from starlette.responses import HTMLResponse, Response

from adapter.api.health import DETAIL
from adapter.openapi import overlay
from adapter.openapi.document import Document, read_yaml
from adapter.openapi.specifications import specification
from adapter.shipped import SERVED, served_document

# A browser page of any origin may show the specification; no other answer has this header.
_OPEN = {"Access-Control-Allow-Origin": "*", "Cache-Control": "public, max-age=3600"}


_FRONT = """\
<!doctype html>
<html lang="nl">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>KlantBrug</title>
<h1>KlantBrug</h1>
<p>{title} {version}</p>
<ul>
<li><a href="{base}/openapi.json">Specificatie (JSON)</a>, <a href="{base}/openapi.yaml">YAML</a>
<li><a href="{base}/">Resources</a>
<li><a href="{health}/livez">Werkt dit proces?</a>
<li><a href="{health}/readyz">Kan het aanvragen aan?</a>
<li><a href="{health}">Toestand</a> (met token)
</ul>
"""
_READS = {"GET", "HEAD"}


class _Dumper(yaml.CSafeDumper):
    """Writes YAML without anchors and aliases, which many readers of OpenAPI documents do not take."""

    def ignore_aliases(self, _data: Any) -> bool:
        return True


@dataclass(frozen=True, slots=True)
class Form:
    """A form of a document as it is published; `tag` is its ETag."""

    content: bytes
    media_type: str
    tag: str

    def answer(self, known: str | None) -> Response:
        """The answer to a request with this `If-None-Match`."""
        headers = {**_OPEN, "ETag": self.tag}
        if known == self.tag:
            return Response(status_code=304, headers=headers)
        return Response(self.content, headers=headers, media_type=self.media_type)


def as_answered(document: Document, name: str) -> Mapping[str, Any]:
    """The document as it is published: loosened so that it holds for every answer.

    An answer may show what a request may not contain, such as the values of an old record. A client that is
    generated from the published form accepts those; requests are validated against the strict document.
    """
    return overlay.apply(document.raw, read_yaml(specification(f"overlays/published-{name}")))


@cache
def _forms() -> Mapping[str, Form]:
    """The forms of the served document, by their path below the base path."""
    return forms(as_answered(served_document(), SERVED))


def forms(raw: Mapping[str, Any]) -> Mapping[str, Form]:
    """The forms of a document, by their path below the base path; it takes some tenths of a second."""
    text = yaml.dump(raw, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=110)
    found = {
        "/openapi.yaml": (text.encode(), "application/yaml"),
        "/openapi.json": (orjson.dumps(raw), "application/json"),
    }
    return {
        path: Form(content, media_type, f'"{hashlib.sha256(content).hexdigest()[:32]}"')
        for path, (content, media_type) in found.items()
    }


class Published:
    """Answers for the front page and the specification."""

    def __init__(self, base_path: str) -> None:
        info = served_document().raw["info"]
        shown = {each: html.escape(str(info[each])) for each in ("title", "version")}
        self._front = _FRONT.format(**shown, base=base_path, health=DETAIL)
        self._base_path = base_path
        self._forms = _forms()

    def answer(self, method: str, path: str, known: str | None) -> Response | None:
        """The answer for a public path, or None when the path or method is another.

        `known` is the request's `If-None-Match`; the answer is a 304 when that is the current ETag.
        """
        if method not in _READS:
            return None
        if path == "/":
            return HTMLResponse(self._front)
        form = path.removeprefix(self._base_path)
        return self._forms[form].answer(known) if form in self._forms and form != path else None
