"""KlantBrug's own part of the demonstration."""

import sys
from collections.abc import Mapping

from adapter.configuration import Configuration
from adapter.demo.places import ADAPTER, Place
from adapter.demo.registers import bearer_token
from adapter.demo.settings import PATHS, demo_configuration
from adapter.main import prepare
from adapter.serving import serve


class Adapter:
    """KlantBrug before the registers at these places, which need not answer yet when it is made."""

    def __init__(self, places: Mapping[str, Place], dialect: str, state: str) -> None:
        self._places = places
        self._deployment = prepare(demo_configuration(places, dialect, state))

    def serve(self) -> None:
        """Make the objecttypes, then serve until a signal."""
        application = self._deployment.application(self._deployment.set_up())
        try:
            port = self._places[ADAPTER].port
            # A demonstration is watched: only what is wrong belongs on the terminal.
            serve(application, port=port, log_level="warning", stop_seconds=5, started=self._introduce)
        finally:
            self._deployment.close()

    def _introduce(self) -> None:
        sys.stdout.write(introduction(self._deployment.configuration, self._places) + "\n")
        sys.stdout.flush()


def introduction(configuration: Configuration, places: Mapping[str, Place]) -> str:
    """What somebody needs who has just started a demonstration."""
    width = max(map(len, PATHS)) + 1
    bases = "\n".join(
        f"  {name:<{width}} {places[place].origin}{path}" for name, (place, path) in PATHS.items()
    )
    base = configuration.public_url
    return f"""\
KlantBrug   {base}
  Authorization: Token demo

Registers (dialect {configuration.dialect})
{bases}
  klanten and contactmomenten: Authorization: Bearer {bearer_token()}
  objects: Authorization: Token demo

Try
  curl -H 'Authorization: Token demo' '{base}/klantcontacten?pageSize=1'

Stop with Ctrl-C."""
