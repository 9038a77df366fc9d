"""Has the mappings of the dialect compiled when it is imported, for processes that are forked from here."""

from adapter.demo.places import ADAPTER, Place
from adapter.demo.settings import demo_configuration
from adapter.main import prepare

_PLACES = {name: Place(name, ":memory:", 9, ()) for name in ("klanten", "objects", "zaken", ADAPTER)}
prepare(demo_configuration(_PLACES, "esuite", ":memory:")).close()
