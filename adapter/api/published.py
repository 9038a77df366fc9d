"""What everybody may read: the specification as YAML and as JSON, and a page that leads there."""

from __future__ import annotations

import hashlib
import html
from collections.abc import Mapping
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


@cache
def _forms() -> Mapping[str, tuple[bytes, str, str]]:
    """Content, media type and tag of each form of the served document, by the end of its path."""
    raw = as_answered(served_document(), SERVED)
    text = yaml.dump(raw, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=110)
    forms = {
        "/openapi.yaml": (text.encode(), "application/yaml"),
        "/openapi.json": (orjson.dumps(raw), "application/json"),
    }
    return {
        path: (content, media_type, f'"{hashlib.sha256(content).hexdigest()[:32]}"')
        for path, (content, media_type) in forms.items()
    }


class Published:
    """The forms, ready to be sent."""

    def __init__(self, base_path: str) -> None:
        info = served_document().raw["info"]
        told = {each: html.escape(str(info[each])) for each in ("title", "version")}
        self._front = _FRONT.format(**told, base=base_path, health=DETAIL)
        self._base_path = base_path
        self._forms = _forms()

    def asked_for(self, method: str, path: str, known: str | None) -> Response | None:
        """What stands at a path, 304 when the client has it (`If-None-Match`); None for anything else."""
        if method not in _READS:
            return None
        if path == "/":
            return HTMLResponse(self._front)
        form = path.removeprefix(self._base_path)
        return self._answer(form, known) if form in self._forms and form != path else None

    def _answer(self, form: str, known: str | None) -> Response:
        content, media_type, tag = self._forms[form]
        headers = {**_OPEN, "ETag": tag}
        if known == tag:
            return Response(status_code=304, headers=headers)
        return Response(content, headers=headers, media_type=media_type)
