"""What is running: the version, and when and from which commit it was built."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from functools import cache
from importlib.metadata import PackageNotFoundError, requires, version

from adapter.api.health import Version

NAME = "klantbrug"
# The image has these from its build.
BUILD_DATE = "KLANTBRUG_BUILD_DATE"
COMMIT = "KLANTBRUG_COMMIT"
_REQUIREMENT = re.compile(r"[A-Za-z0-9._-]+")


def built(environment: Mapping[str, str] | None = None) -> Version:
    """The version of this program; a build date and commit that nobody gave are empty."""
    given = os.environ if environment is None else environment
    return Version(NAME, version(NAME), given.get(BUILD_DATE, ""), given.get(COMMIT, ""), _dependencies())


@cache
def _dependencies() -> Mapping[str, str]:
    """The versions of the packages that KlantBrug needs, as far as they are installed: extras may not be."""
    found = {}
    for requirement in requires(NAME) or ():
        if (match := _REQUIREMENT.match(requirement)) is None:
            continue
        try:
            found[match[0]] = version(match[0])
        except PackageNotFoundError:
            continue
    return dict(sorted(found.items()))
