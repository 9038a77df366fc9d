"""Has all that a start compiles compiled when it is imported, for processes that are forked from here."""

from adapter.demo.places import ADAPTER, Place
from adapter.demo.settings import demo_configuration
from adapter.main import prepare

_PLACES = {name: Place(name, ":memory:", 9, ()) for name in ("klanten", "objects", "zaken", ADAPTER)}
_ADAPTER = prepare(demo_configuration(_PLACES, "esuite", ":memory:"))
# Nobody answers at those places; its threads have ended when it is closed.
_ADAPTER.application()
_ADAPTER.close()
