"""Reading of a YAML file, with the place of every value, and with `value_from` filled in."""

import re
from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field
from typing import Any

import yaml

from adapter.configuration.problems import ConfigurationInvalid, ConfigurationProblem, suggestion
from adapter.mapping.unreadable import unreadable

Path = tuple[str | int, ...]
Place = tuple[int, int]
VALUE_FROM = "value_from"
VALUE_FROM_MEMBERS = {"env", "default", "required"}


class _Loader(yaml.CSafeLoader):
    """Reads dates as text, and only true and false as booleans (YAML 1.1 would take `no` for false)."""


_Loader.yaml_implicit_resolvers = {
    first: [
        (tag, pattern)
        for tag, pattern in resolvers
        if tag not in ("tag:yaml.org,2002:timestamp", "tag:yaml.org,2002:bool")
    ]
    for first, resolvers in yaml.CSafeLoader.yaml_implicit_resolvers.items()
}
_Loader.add_implicit_resolver(
    "tag:yaml.org,2002:bool", re.compile(r"^(?:true|false|True|False)$"), list("tfTF")
)


@dataclass
class Source:
    """The values of a file, their places in it, and the problems found so far.

    `from_environment` are the paths of values that came from environment variables, and so are text.
    """

    values: Any = None
    places: dict[Path, Place] = field(default_factory=dict)
    problems: list[ConfigurationProblem] = field(default_factory=list)
    from_environment: set[Path] = field(default_factory=set)

    def problem(self, path: Path, reason: str) -> None:
        """Add a problem, unless there is one at the same path; the first one causes the others."""
        name = dotted(path)
        if all(problem.name != name for problem in self.problems):
            line, column = self.place(path)
            self.problems.append(ConfigurationProblem(line, name, reason, column))

    def place(self, path: Path) -> Place:
        """The line and column of a path, or of the nearest path above it that is in the file."""
        while path and path not in self.places:
            path = path[:-1]
        return self.places.get(path, (0, 0))


class _Omitted:
    """The type of the marker for a value that neither the environment nor a default gives."""


_OMITTED = _Omitted()


def read_source(text: str, environment: Mapping[str, str]) -> Source:
    """Read YAML, and note the problems of keys and `value_from` in the result.

    Raises ConfigurationInvalid when the text is no YAML.
    """
    try:
        loader = _Loader(text)
    except yaml.YAMLError as error:
        raise _no_yaml(error, text) from None
    try:
        node = loader.get_single_node()
        source = Source()
        if node is not None:
            source.values = _Reader(loader, environment, source).value(node, ())
    except yaml.YAMLError as error:
        raise _no_yaml(error, text) from None
    finally:
        loader.dispose()
    return source


def _no_yaml(error: yaml.YAMLError, text: str) -> ConfigurationInvalid:
    found = unreadable(error, text)
    line, column = found.place
    return ConfigurationInvalid([ConfigurationProblem(line, "", found.reason, column)])


def dotted(path: Path) -> str:
    """A path as it is shown: `klantbrug.tokens.0.name`."""
    return ".".join(map(str, path))


@dataclass
class _Reader:
    loader: Any
    environment: Mapping[str, str]
    source: Source

    def value(self, node: yaml.Node, path: Path) -> Any:
        self.source.places.setdefault(path, _place(node))
        if isinstance(node, yaml.SequenceNode):
            found = (self.value(item, (*path, at)) for at, item in enumerate(node.value))
            return [value for value in found if value is not _OMITTED]
        if isinstance(node, yaml.MappingNode):
            members = self._members(node, path)
            return self._substitute(members[VALUE_FROM], path) if members.keys() == {VALUE_FROM} else members
        return self.loader.construct_object(node)

    def _members(self, node: yaml.MappingNode, path: Path) -> dict[str, Any]:
        members: dict[str, Any] = {}
        for key_node, value_node in node.value:
            key = self.loader.construct_object(key_node)
            name = str(key) if isinstance(key, Hashable) else "?"
            self.source.places[(*path, name)] = _place(key_node)
            if name in members:
                self.source.problem((*path, name), "occurs twice")
            value = self.value(value_node, (*path, name))
            if value is not _OMITTED:
                members[name] = value
        return members

    def _substitute(self, value_from: Any, path: Path) -> Any:
        shape_right = isinstance(value_from, dict) and isinstance(value_from.get("env"), str)
        if not shape_right or value_from.keys() - VALUE_FROM_MEMBERS:
            wrong = sorted(set(value_from) - VALUE_FROM_MEMBERS) if isinstance(value_from, dict) else ()
            meant = "".join(suggestion(each, VALUE_FROM_MEMBERS) for each in wrong[:1])
            self.source.problem(path, f"value_from takes env, and default or required{meant}")
            return _OMITTED
        if value := self.environment.get(value_from["env"]):
            self.source.from_environment.add(path)
            return value
        if "default" in value_from:
            return value_from["default"]
        if value_from.get("required", True):
            self.source.problem(path, f"the environment variable {value_from['env']} is not set")
        return _OMITTED


def _place(node: yaml.Node) -> Place:
    return node.start_mark.line + 1, node.start_mark.column + 1
