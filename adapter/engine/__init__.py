"""Mappings applied to registers: what the HTTP face reads and writes."""

from adapter.engine.maintenance.objecttypes import objecttypes
from adapter.engine.service import Engine

__all__ = ["Engine", "objecttypes"]
