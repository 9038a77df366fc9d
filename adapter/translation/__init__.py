"""Mappings applied to registers: what the HTTP face reads and writes."""

from adapter.translation.objecttypes import objecttypes
from adapter.translation.service import Translation

__all__ = ["Translation", "objecttypes"]
