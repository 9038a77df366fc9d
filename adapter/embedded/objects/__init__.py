"""A small Objects API with objecttypes on a SQLite file, which answers as the Objects API 4.0.

It differs where the real one answers 500: simultaneous writes of an object are done one after another, names
such as "Nan" can be searched with `exact`, `data_icontains` accepts any text, and a value that cannot be
stored or searched is a 400. It has no notifications, and no permissions per field.
"""

from adapter.embedded.objects.app import POWERLESS, create_app, insert
from adapter.embedded.objects.catalogue import TypeSeed
from adapter.embedded.objects.records import Draft

__all__ = ["POWERLESS", "Draft", "TypeSeed", "create_app", "insert"]
