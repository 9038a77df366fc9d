"""GeoJSON geometries (RFC 7946): whether they are well-formed, and whether they are within an area."""

from collections.abc import Iterator
from typing import Any

# the depth of the positions in `coordinates`
DEPTHS = {"Point": 0, "MultiPoint": 1, "LineString": 1, "MultiLineString": 2, "Polygon": 2, "MultiPolygon": 3}

Position = tuple[float, float]


def well_formed(value: Any) -> bool:
    """Whether `value` is a GeoJSON geometry (RFC 7946, section 3.1)."""
    if not isinstance(value, dict):
        return False
    if value.get("type") == "GeometryCollection":
        parts = value.get("geometries")
        return isinstance(parts, list) and all(well_formed(part) for part in parts)
    depth = DEPTHS.get(value["type"]) if isinstance(value.get("type"), str) else None
    return depth is not None and _positions_at(value.get("coordinates"), depth)


def _positions_at(value: Any, depth: int) -> bool:
    if not isinstance(value, list) or not value:
        return False
    if depth:
        return all(_positions_at(item, depth - 1) for item in value)
    numbers = all(isinstance(item, int | float) and not isinstance(item, bool) for item in value)
    return len(value) in (2, 3) and numbers


def inside(geometry: Any, area: Any) -> bool:
    """Whether every position of a geometry is in a polygon of an area. Both must be well-formed."""
    polygons = list(_polygons(area))
    return all(any(_in_polygon(position, rings) for rings in polygons) for position in _positions(geometry))


def _positions(geometry: Any) -> Iterator[Position]:
    if geometry["type"] == "GeometryCollection":
        for part in geometry["geometries"]:
            yield from _positions(part)
    else:
        yield from _flat(geometry["coordinates"], DEPTHS[geometry["type"]])


def _flat(coordinates: Any, depth: int) -> Iterator[Position]:
    if depth:
        for item in coordinates:
            yield from _flat(item, depth - 1)
    else:
        yield coordinates[0], coordinates[1]


def _polygons(area: Any) -> Iterator[list[list[list[float]]]]:
    if area["type"] == "Polygon":
        yield area["coordinates"]
    elif area["type"] == "MultiPolygon":
        yield from area["coordinates"]
    elif area["type"] == "GeometryCollection":
        for part in area["geometries"]:
            yield from _polygons(part)


def _in_polygon(position: Position, rings: list[list[list[float]]]) -> bool:
    """Whether a position is in the outer ring and in none of the holes."""
    outer, *holes = rings
    return _in_ring(position, outer) and not any(_in_ring(position, hole) for hole in holes)


def _in_ring(position: Position, ring: list[list[float]]) -> bool:
    x, y = position
    crossings = 0
    for (x1, y1, *_), (x2, y2, *_) in zip(ring, [*ring[1:], ring[0]], strict=True):
        if (y1 > y) != (y2 > y) and x < x1 + (y - y1) * (x2 - x1) / (y2 - y1):
            crossings += 1
    return crossings % 2 == 1
