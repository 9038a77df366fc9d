"""A stand-in for the API Referentielijsten 0.7: the items of tables, in pages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

# What it gives in a page when nothing is said, and at most.
PAGE, MOST = 100, 500


def item(code: str, begin: str | None = None, end: str | None = None) -> dict[str, Any]:
    """An item as it is answered; `begin` and `end` are moments, or None."""
    return {
        "code": code,
        "naam": code.title(),
        "begindatumGeldigheid": begin,
        "einddatumGeldigheid": end,
        "aanvullendeGegevens": None,
    }


def create_app(tables: Mapping[str, list[dict[str, Any]]]) -> Starlette:
    """The stand-in with these tables, which may change while it runs; it asks for no token.

    `app.state.asked` has the query of each request; while `app.state.status` is set, it answers with that.
    """

    async def items(request: Request) -> Response:
        app.state.asked.append(dict(request.query_params))
        if app.state.status:
            return JSONResponse({"detail": "no"}, app.state.status)
        asked = request.query_params
        if "tabel__code" not in asked:
            return JSONResponse({"name": "tabel__code", "code": "required", "reason": "Vereist."}, 400)
        size, page = min(MOST, int(asked.get("pageSize", PAGE))), int(asked.get("page", 1))
        rows = tables.get(asked["tabel__code"], [])
        shown, more = rows[(page - 1) * size : page * size], page * size < len(rows)
        if page > 1 and not shown:
            return JSONResponse({"detail": "Ongeldige pagina."}, 404)
        following = str(request.url.include_query_params(page=page + 1)) if more else None
        return JSONResponse({"count": len(rows), "next": following, "previous": None, "results": shown})

    app = Starlette(routes=[Route("/api/v1/items", items)])
    app.state.asked, app.state.status = [], 0
    return app
