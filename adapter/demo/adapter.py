"""KlantBrug in the demonstration, and the text that introduces it."""

import asyncio
import logging
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson
import requests

from adapter.configuration import NOTIFICATIONS, Configuration
from adapter.demo.places import ADAPTER, HOST, Place
from adapter.demo.registers import NOTIFICATIONS_PATH, bearer_token
from adapter.demo.settings import PATHS, demo_configuration, telling
from adapter.embedded.esuite.municipality import Recording
from adapter.embedded.inside import Sent, inside
from adapter.embedded.municipality.plan import Municipality
from adapter.logs import JsonLines
from adapter.main import prepare
from adapter.notifications.channels import set_up
from adapter.notifications.starting import channels
from adapter.serving import serve


class Adapter:
    """KlantBrug for the registers at these places, which need not be running yet.

    With `town`, it is recorded by way of KlantBrug and the e-Suite before anything is served.
    """

    def __init__(
        self,
        places: Mapping[str, Place],
        dialect: str,
        state: str,
        mappings: Path | None = None,
        town: Municipality | None = None,
    ) -> None:
        self._places, self._town = places, town
        self._somebody: Resident | None = None
        self._adapter = prepare(telling(demo_configuration(places, dialect, state, mappings), places))

    def serve(self, host: str = HOST) -> None:
        """Create the objecttypes and the channels, then serve on this address until a signal."""
        for _ in set_up(self._adapter.registers[NOTIFICATIONS], channels(self._adapter.mappings)):
            pass
        application = self._adapter.application(self._adapter.set_up())
        if self._town is not None:
            self._record(application, self._town)
        try:
            port = self._places[ADAPTER].port
            # Short lines instead of JSON, since somebody is reading them on a terminal.
            form = RequestLines()
            serve(application, port=port, host=host, stop_seconds=5, started=self._introduce, form=form)
        finally:
            self._adapter.close()

    def _record(self, application: Any, town: Municipality) -> None:
        base, origin = self._adapter.configuration.public_url, self._places["klanten"].origin
        with asyncio.Runner() as runner, requests.Session() as session:
            session.trust_env = False

            def klantbrug(method: str, path: str, body: Any) -> Any:
                content = b"" if body is None else orjson.dumps(body)
                sent = Sent(method, f"{base}/{path}", (("Authorization", "Token demo"),), content)
                answer = runner.run(inside(application, sent))
                return _made(answer.status, answer.body)

            def suite(method: str, path: str, body: Any) -> Any:
                headers = {"Authorization": f"Bearer {bearer_token()}"}
                answer = session.request(method, f"{origin}/{path}", json=body, headers=headers, timeout=30)
                return _made(answer.status_code, answer.content)

            somebody = Recording(klantbrug, suite).all_of(town)
        if somebody is not None:
            self._somebody = Resident(somebody.body["subjectIdentificatie"]["inpBsn"], somebody.name.last)

    def _introduce(self) -> None:
        resident = self._somebody or some_resident(self._places)
        sys.stdout.write(introduction(self._adapter.configuration, self._places, resident) + "\n")
        sys.stdout.flush()


def _made(status: int, content: bytes) -> Any:
    """The JSON of an answer. Raises RuntimeError, with the answer, for one that refuses: nobody is in it."""
    if status >= 400:
        raise RuntimeError(f"the municipality cannot be recorded: {status} {content.decode()}")
    return orjson.loads(content)


class RequestLines(logging.Formatter):
    """Formats a request as a few words, and anything else as JSON, as in production."""

    def __init__(self) -> None:
        super().__init__()
        self._other = JsonLines()

    def format(self, record: logging.LogRecord) -> str:
        """The line, without a newline."""
        event = record.msg
        if not isinstance(event, dict) or event.get("event") != "request":
            return self._other.format(record)
        calls = (
            f"{event['register_calls']} register calls" if event["register_calls"] != 1 else "1 register call"
        )
        name = event["operation"] or "-"
        return f"{event['method']} {name}: {event['status']}, {event['ms']:.0f} ms, {calls}"


@dataclass(frozen=True, slots=True)
class Resident:
    """A resident of the made-up municipality, as an example to search for."""

    bsn: str
    surname: str


def some_resident(places: Mapping[str, Place]) -> Resident | None:
    """The first klant with a BSN and a name in the register; None when there is none."""
    place, path = PATHS["klanten"]
    headers = {"Authorization": f"Bearer {bearer_token()}"}
    with requests.Session() as session:
        session.trust_env = False
        page = session.get(f"{places[place].origin}{path}klanten", headers=headers, timeout=10).json()
    for klant in page.get("results", ()):
        bsn = (klant.get("subjectIdentificatie") or {}).get("inpBsn")
        if bsn and klant.get("achternaam"):
            return Resident(bsn, klant["achternaam"])
    return None


def introduction(
    configuration: Configuration, places: Mapping[str, Place], resident: Resident | None = None
) -> str:
    """The text for somebody who has just started a demonstration: addresses, tokens and commands to try."""
    width = max(map(len, PATHS)) + 1
    bases = "\n".join(
        f"  {name:<{width}} {places[place].origin}{path}" for name, (place, path) in PATHS.items()
    )
    base = configuration.public_url
    place, path = PATHS["contactmomenten"]
    moments = f"{places[place].origin}{path}contactmomenten"
    where, held, tasks = "first in the list", "", ""
    if configuration.gathering is not None:
        where = "when nothing was added to it for a minute"
        held = "Until then it is held, and served. What employees see\n"
        tasks = """
Tasks that wait for an employee of the e-Suite, who closes them there
  curl -H 'Authorization: Token demo' "$KLANTBRUG/internetaken?status=te_verwerken"
"""
        moments = f"{places[place].origin}/kantoor/contacten"
    search = ""
    if resident is not None:
        by_bsn = f"partijIdentificator__codeSoortObjectId=bsn&partijIdentificator__objectId={resident.bsn}"
        search = f"""
Somebody to search for: BSN {resident.bsn}, name {resident.surname}
  curl -H 'Authorization: Token demo' "$KLANTBRUG/partijen?{by_bsn}"
"""
    body = '{"kanaal": "telefoon", "onderwerp": "Paspoort", "taal": "nld", "vertrouwelijk": false}'
    return f"""\
KlantBrug   {base}
  Authorization: Token demo

Registers (dialect {configuration.dialect})
{bases}
  klanten and contactmomenten: Authorization: Bearer {bearer_token()}
  objects: Authorization: Token demo

Try, in another terminal
  export KLANTBRUG={base}
  curl -H 'Authorization: Token demo' "$KLANTBRUG/klantcontacten?pageSize=1"
{search}{tasks}
Record a contact, and see it in the old register, {where}
  curl -H 'Authorization: Token demo' -H 'Content-Type: application/json' "$KLANTBRUG/klantcontacten" \\
    -d '{body}'
{held}  curl -H 'Authorization: Bearer {bearer_token()}' '{moments}'

Whoever subscribes is told of it
  curl '{places["zaken"].origin}{NOTIFICATIONS_PATH}/notificaties'

Stop with Ctrl-C. Each request gives a line below."""
