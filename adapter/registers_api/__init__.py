"""The HTTP face of the old APIs, Klanten and Contactmomenten, over collections that anything may keep."""

from adapter.registers_api.app import BASES, OldApis, completed_by, create_app, operations_of

__all__ = ["BASES", "OldApis", "completed_by", "create_app", "operations_of"]
