"""A small Objects API with objecttypes, that answers as the Objects API 4.0 does, on a SQLite file."""

from adapter.embedded.objects.app import POWERLESS, create_app, insert
from adapter.embedded.objects.catalogue import TypeSeed
from adapter.embedded.objects.records import Draft

__all__ = ["POWERLESS", "Draft", "TypeSeed", "create_app", "insert"]
