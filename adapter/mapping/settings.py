"""Values in a mapping that a deployment decides."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from adapter.mapping import paths
from adapter.mapping.paths import Conditions

Content = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Settings:
    """The deployment's settings, by the names that mappings use."""

    values: Mapping[str, Any]

    def value(self, node: Any) -> Any:
        """A constant, or what a `{setting: name}` stands for."""
        if isinstance(node, Mapping) and set(node) <= {"setting", "many"} and "setting" in node:
            return self.values.get(node["setting"])
        return node

    def filled_in(self, node: Any) -> Any:
        """Constants in groups, with settings filled in."""
        if isinstance(node, Mapping) and "setting" not in node:
            return {key: self.filled_in(value) for key, value in node.items()}
        return self.value(node)

    def pairs_of(self, node: Content | None) -> Conditions:
        """`{path: value}` with settings filled in."""
        return tuple((paths.parse(name), self.value(value)) for name, value in (node or {}).items())
