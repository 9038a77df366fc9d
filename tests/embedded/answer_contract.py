"""Watches the answers of the embedded registers with the contract that the product checks registers with."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import requests
from adapter.embedded.dialect import document_of
from adapter.embedded.klanten_contactmomenten import OPEN_KLANT
from adapter.registers.contract import Finding, RegisterContract
from adapter.registers.messages import Received, Sent

# Answers that no document declares: a wrong method, a broken server.
UNDECLARED = {405, 500}


def watch(findings: list[Finding], *, strict: bool) -> Callable[..., None]:
    """A hook for a session of requests: adds what the register's document does not have."""
    lineage = ("vng",) if strict else OPEN_KLANT
    contracts = {
        name: RegisterContract(name, document_of(name, lineage).raw, findings.append)
        for name in ("klanten", "contactmomenten")
    }

    def check(response: requests.Response, **_: Any) -> None:
        parts = urlsplit(response.request.url or "")
        api, _, path = parts.path.strip("/").partition("/api/v1/")
        is_html = response.headers.get("Content-Type", "").startswith("text/html")
        if api not in contracts or is_html or response.status_code in UNDECLARED:
            return
        sent = Sent(response.request.method or "", path, parse_qsl(parts.query), {}, None)
        contracts[api].answer(sent, Received(response.status_code, response.headers, response.content))

    return check
