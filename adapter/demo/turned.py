"""The demonstration of the old APIs over a register Klantinteracties, which is KlantBrug itself.

An old client's request is answered from the Klantinteracties API, and that from the old registers: the whole
chain on one machine.
"""

import sys
from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path

from adapter.configuration import Configuration
from adapter.demo.adapter import RequestLines
from adapter.demo.places import ADAPTER, HOST, OLD, Place
from adapter.demo.registers import bearer_token
from adapter.demo.settings import PATHS, demo_configuration, turned_configuration
from adapter.embedded.objects.exchange import API
from adapter.embedded.server import running
from adapter.main import prepare
from adapter.registers_api import BASES
from adapter.serving import serve


class Turned:
    """Both faces of KlantBrug for the registers at these places, which need not be running yet."""

    def __init__(
        self, places: Mapping[str, Place], dialect: str, state: str, mappings: Path | None = None
    ) -> None:
        self._places = places
        self._new = prepare(demo_configuration(places, dialect, state, mappings))
        self._old = prepare(turned_configuration(places, dialect, f"{state}.old", mappings))

    def serve(self, host: str = HOST) -> None:
        """Create the objecttypes, then serve the old APIs on this address until a signal."""
        with ExitStack() as stack:
            stack.callback(self._new.close)
            stack.callback(self._old.close)
            new = self._new.application(self._new.set_up())
            stack.enter_context(running(new, self._places[ADAPTER].port))
            old = self._old.application(self._old.set_up())
            port = self._places[OLD].port
            form = RequestLines()
            serve(old, port=port, host=host, stop_seconds=5, started=self._introduce, form=form)

    def _introduce(self) -> None:
        sys.stdout.write(introduction(self._new.configuration, self._places) + "\n")
        sys.stdout.flush()


def introduction(new: Configuration, places: Mapping[str, Place]) -> str:
    """The text for somebody who has just started it: addresses, tokens and commands to try."""
    width = max(map(len, BASES.values())) + 1
    taken = f"  {'objects':<{width}} {places[OLD].origin}{API}/ (of type InterneTaak; all else is handed on)"
    bases = "\n".join(f"  {name:<{width}} {places[OLD].origin}{base}/" for base, name in BASES.items())
    place, _ = PATHS["klanten"]
    behind = {"registers": places[place].origin}
    behind |= {name: f"{places[name].origin}{PATHS[name][1]}" for name in ("objects", "zaken")}
    registers = "\n".join(f"  {name:<{width}} {url}" for name, url in behind.items())
    bearer = f"Authorization: Bearer {bearer_token()}"
    body = '{"bronorganisatie": "002220647", "kanaal": "telefoon", "tekst": "Paspoort", '
    body += '"medewerkerIdentificatie": {"identificatie": "demo"}}'
    return f"""\
The old APIs, as KlantBrug serves them
{bases}
{taken}
  {bearer}

They are served from
KlantBrug   {new.public_url}
  Authorization: Token demo

And that from the old registers (dialect {new.dialect})
{registers}

Try, in another terminal
  export CONTACTMOMENTEN={places[OLD].origin}/contactmomenten/api/v1
  curl -H '{bearer}' "$CONTACTMOMENTEN/contactmomenten"

Record a contact as an old client does, and see it in the new API, first in the list
  curl -H '{bearer}' -H 'Content-Type: application/json' "$CONTACTMOMENTEN/contactmomenten" \\
    -d '{body}'
  curl -H 'Authorization: Token demo' "{new.public_url}/klantcontacten?pageSize=1"

Stop with Ctrl-C. Each request gives a line below."""
