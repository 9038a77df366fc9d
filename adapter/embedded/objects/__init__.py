"""A small Objects API with objecttypes, that answers as the Objects API 4.0 does, on a SQLite file.

It differs on purpose where the real one fails with an internal error: simultaneous writes of one object
are done in turn, names such as "Nan" can be searched by `exact`, `data_icontains` takes any text, and what
cannot be stored or searched is a 400. Notifications and permissions per field are not there.
"""

from adapter.embedded.objects.app import POWERLESS, create_app, insert
from adapter.embedded.objects.catalogue import TypeSeed
from adapter.embedded.objects.records import Draft

__all__ = ["POWERLESS", "Draft", "TypeSeed", "create_app", "insert"]
