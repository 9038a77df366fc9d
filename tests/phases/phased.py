"""A deployment with phases, before a target."""

import time
from dataclasses import replace
from types import MappingProxyType

from adapter.configuration.parts import PhaseSettings, RegisterConfiguration
from adapter.registers.messages import Mode

TARGET = "klantinteracties"


def with_phases(file, target="", *, token="demo", share=1.0, **more):
    """A change of a configuration: phases in this file, before the target at this base URL."""

    def change(configuration):
        registers = dict(configuration.registers)
        if target:
            registers[TARGET] = register(target, token)
        phases = PhaseSettings(file, share, 120)
        return replace(configuration, registers=MappingProxyType(registers), phases=phases, **more)

    return change


def register(base, token="demo"):
    """A register klantinteracties at a base URL."""
    service = {
        "identifier": TARGET,
        "label": TARGET,
        "api_type": "kic",
        "api_root": f"{base}/",
        "auth_type": "api_key",
        "header_key": "Authorization",
        "header_value": f"Token {token}",
        "timeout": 10,
    }
    return RegisterConfiguration(TARGET, MappingProxyType(service), {}, (), "vng", Mode.OFF, 1.0)


def health(client):
    """What the detail of health says of the deployment of a client."""
    return client.get(client.base.removesuffix("/klantinteracties/api/v1") + "/_healthz")


def until(found, wanted, seconds=5.0):
    """Wait until a function gives what is wanted."""
    end = time.monotonic() + seconds
    while found() != wanted and time.monotonic() < end:
        time.sleep(0.01)
    assert found() == wanted


def turn(client, file, phase):
    """Have the deployment of a client go to a phase."""
    file.write_text(f"{phase}\n")
    until(lambda: health(client)["phase"]["name"], phase)
