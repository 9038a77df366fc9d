"""Matching of a path to the operations that the specification has for it."""

from __future__ import annotations

from dataclasses import dataclass

from adapter.openapi.document import Document, Operation

_ORDER = ("GET", "POST", "PUT", "PATCH", "DELETE")


@dataclass(frozen=True, slots=True)
class Route:
    """The operations of one path template by method (`GET`); `allowed` are the methods for `Allow`."""

    operations: dict[str, Operation]
    allowed: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Match:
    """A route and the identifier in the path, unchecked; "" where the path has none."""

    route: Route
    identifier: str = ""


class Routes:
    """The paths of a document: fixed ones (`/partijen`) and those that end in an identifier."""

    def __init__(self, document: Document) -> None:
        self._fixed: dict[str, Match] = {}
        self._identified: dict[str, Route] = {}
        by_path: dict[str, dict[str, Operation]] = {}
        for operation in document.operations:
            by_path.setdefault(operation.path, {})[operation.method.upper()] = operation
        for path, operations in by_path.items():
            route = Route(operations, _allowed(operations))
            collection, slash, _ = path.partition("/{")
            if slash:
                self._identified[collection] = route
            else:
                self._fixed[path] = Match(route)

    def match(self, path: str) -> Match | None:
        """The match of a path below the base path; None when the specification has no such path.

        A slash at the end makes another path (rule /core/no-trailing-slash of the NL API Design Rules).
        """
        if (fixed := self._fixed.get(path or "/")) is not None:
            return fixed
        collection, _, identifier = path.rpartition("/")
        route = self._identified.get(collection)
        return Match(route, identifier) if route is not None and identifier else None


def _allowed(operations: dict[str, Operation]) -> tuple[str, ...]:
    methods = [method for method in _ORDER if method in operations]
    return (*methods, *(("HEAD",) if "GET" in operations else ()), "OPTIONS")
