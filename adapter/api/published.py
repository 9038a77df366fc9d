"""What everybody may read: the specification as YAML and as JSON, and a page that leads there."""

from __future__ import annotations

import hashlib
import html
from collections.abc import Mapping
from typing import Any

import orjson
import yaml
from starlette.responses import HTMLResponse, Response

from adapter.api.health import DETAIL
from adapter.openapi import overlay
from adapter.openapi.document import Document, read_yaml
from adapter.openapi.specifications import specification

# Any page may show the specification; nothing else can be read from another origin.
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
    """Writes what stands in several places in each of them."""

    def ignore_aliases(self, _data: Any) -> bool:
        return True


def as_answered(document: Document, name: str) -> Mapping[str, Any]:
    """The document with what is only so in answers, so that a client that was made from it takes them all.

    Requests are held to the document as it is.
    """
    return overlay.apply(document.raw, read_yaml(specification(f"overlays/published-{name}")))


class Published:
    """The forms, ready to be sent."""

    def __init__(self, name: str, document: Document, base_path: str) -> None:
        told = {each: html.escape(str(document.raw["info"][each])) for each in ("title", "version")}
        self._front = _FRONT.format(**told, base=base_path, health=DETAIL)
        self._base_path = base_path
        raw = as_answered(document, name)
        text = yaml.dump(raw, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=110)
        self._forms = {
            "/openapi.yaml": (text.encode(), "application/yaml"),
            "/openapi.json": (orjson.dumps(raw), "application/json"),
        }
        self._tags = {
            name: f'"{hashlib.sha256(content).hexdigest()[:32]}"'
            for name, (content, _) in self._forms.items()
        }

    def asked_for(self, method: str, path: str, known: str | None) -> Response | None:
        """What stands at a path, 304 when the client has it (`If-None-Match`); None for anything else."""
        if method not in _READS:
            return None
        if path == "/":
            return HTMLResponse(self._front)
        form = path.removeprefix(self._base_path)
        return self._answer(form, known) if form in self._forms and form != path else None

    def _answer(self, form: str, known: str | None) -> Response:
        headers = {**_OPEN, "ETag": self._tags[form]}
        if known == self._tags[form]:
            return Response(status_code=304, headers=headers)
        content, media_type = self._forms[form]
        return Response(content, headers=headers, media_type=media_type)
