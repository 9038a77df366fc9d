"""The configuration of a deployment: one YAML file, validated as a whole before anything starts."""

from adapter.configuration.model import (
    LISTS,
    NOTIFICATIONS,
    Configuration,
    LimitsConfiguration,
    Objecttype,
    RegisterConfiguration,
    Token,
    load,
    parse,
)
from adapter.configuration.problems import ConfigurationInvalid, ConfigurationProblem

__all__ = [
    "LISTS",
    "NOTIFICATIONS",
    "Configuration",
    "ConfigurationInvalid",
    "ConfigurationProblem",
    "LimitsConfiguration",
    "Objecttype",
    "RegisterConfiguration",
    "Token",
    "load",
    "parse",
]
