"""The embedded e-Suite: its klanten and contactmomenten APIs, and what its employees do inside it.

It does what `specs/esuite-klanten.yaml` and `specs/esuite-contactmomenten.yaml` say. What these leave open,
such as the order of a list, is `Looseness`.
"""

from adapter.embedded.esuite.app import create_app
from adapter.embedded.esuite.looseness import Looseness
from adapter.embedded.esuite.organisation import Organisation, read_organisation

__all__ = ["Looseness", "Organisation", "create_app", "read_organisation"]
