"""The configuration of KlantBrug in the demonstration."""

import base64
from collections.abc import Mapping
from dataclasses import replace
from importlib.resources import files
from pathlib import Path
from types import MappingProxyType

from adapter.configuration import NOTIFICATIONS, Configuration, Objecttype, parse
from adapter.demo.places import ADAPTER, OLD, Place
from adapter.demo.registers import NOTIFICATIONS_PATH, type_url
from adapter.dialects import SHIPPED
from adapter.embedded.klanten_contactmomenten import DEMO_SECRETS
from adapter.embedded.municipality.plan import objecttypes

PATHS = {
    "klanten": ("klanten", "/klanten/api/v1/"),
    "contactmomenten": ("klanten", "/contactmomenten/api/v1/"),
    "objects": ("objects", "/api/v2/"),
    "zaken": ("zaken", "/"),
}
# Nothing is secret in a demonstration, and nobody waits for minutes in one.
GATHERING = f"""\
  gathering:
    current: demo
    keys: {{demo: {base64.b64encode(b"demonstration".ljust(32, b".")).decode()}}}
    sign: {"demonstration" * 3}
    quiet: 60
"""
PUBLIC_PATH = "/klantinteracties/api/v1"


def demo_configuration(
    places: Mapping[str, Place], dialect: str, state: str, mappings: Path | None = None
) -> Configuration:
    """The configuration of KlantBrug for the registers at these places; `mappings` is that setting."""
    environment = {name.upper(): places[place].origin + path for name, (place, path) in PATHS.items()}
    environment |= {
        "SECRET": DEMO_SECRETS["demo"],
        "PUBLIC_URL": places[ADAPTER].origin + PUBLIC_PATH,
        "DIALECT": dialect,
        "STATE": state,
    }
    text = (files("adapter.demo") / "demo.yaml").read_text(encoding="utf-8")
    if SHIPPED.with_own(mappings).gathers(dialect):
        text += GATHERING
    configuration = parse(text, environment, mappings)
    registers = {
        name: replace(register, aliases=_aliases(places, name))
        for name, register in configuration.registers.items()
    }
    library = configuration.library
    there = objecttypes(library.shapes(library.lineage(dialect)))
    types = {each.name: Objecttype(type_url(places["objects"], each.uuid), 1) for each in there}
    return replace(configuration, registers=MappingProxyType(registers), objecttypes=MappingProxyType(types))


def telling(configuration: Configuration, places: Mapping[str, Place]) -> Configuration:
    """The configuration with the Notificaties API of the demonstration, which is told what clients write."""
    cases = configuration.registers["zaken"]
    root = f"{places['zaken'].origin}{NOTIFICATIONS_PATH}/"
    service = MappingProxyType({**cases.service, "api_root": root})
    own = replace(cases, name=NOTIFICATIONS, service=service, aliases=())
    registers = MappingProxyType({**configuration.registers, NOTIFICATIONS: own})
    return replace(configuration, registers=registers)


def turned_configuration(
    places: Mapping[str, Place], dialect: str, state: str, mappings: Path | None = None
) -> Configuration:
    """That of the old APIs, over the KlantBrug at its place."""
    environment = {name.upper(): places[name].origin + PATHS[name][1] for name in ("objects", "zaken")}
    environment |= {
        "KLANTINTERACTIES": f"{places[ADAPTER].origin}{PUBLIC_PATH}/",
        "SECRET": DEMO_SECRETS["demo"],
        "OLD_URL": places[OLD].origin,
        "INTERNETAAK": next(
            type_url(places["objects"], each.uuid) for each in objecttypes() if each.name == "InterneTaak"
        ),
        "DIALECT": dialect,
        "STATE": state,
    }
    text = (files("adapter.demo") / "turned.yaml").read_text(encoding="utf-8")
    configuration = parse(text, environment, mappings)
    served = replace(configuration.registers_api, aliases=places[OLD].earlier)
    return replace(configuration, registers_api=served)


def _aliases(places: Mapping[str, Place], register: str) -> tuple[str, ...]:
    place, path = PATHS[register]
    origins = (places[place].origin, *places[place].earlier)
    return tuple(origin + path for origin in origins)
