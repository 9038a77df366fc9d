"""The command `new-dialect`: a folder to begin a dialect with, which is right as it stands."""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Collection, Mapping
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

from adapter.commands.opening import Failure, chosen_dialect, writing
from adapter.dialects import DOCUMENT, SHIPPED

SCHEMA = "mapping.schema.json"
# Examples about this register as its standard has it; a dialect of another specification begins without them.
REGISTER = "contactmomenten"
OF_STANDARD = ("overlays", "registers.yaml", "klantcontacten.yaml", "correspondences")
NAME = re.compile(r"[a-z0-9][a-z0-9-]*")


def new_dialect(options: argparse.Namespace) -> None:
    """Write a dialect that extends another, with examples of the main constructs, and say what to do next."""
    from adapter.explain.reference import editor_schema  # noqa: PLC0415
    from adapter.mapping.slot_files import slot_files  # noqa: PLC0415

    name, folder = options.name, options.mappings
    library = SHIPPED.with_own(folder)
    if not NAME.fullmatch(name):
        raise Failure(f"{name} is no name of a dialect: use small letters, digits and hyphens")
    if library.folder(name) is not None:
        raise Failure(f"there is a dialect {name} already, in {library.folder(name)}")
    extends = chosen_dialect(library, options.extends)
    other = DOCUMENT in library.facts(REGISTER, library.lineage(extends))
    without = OF_STANDARD if other else ()
    with writing():
        words = {"EXTENDS": extends, "NAME": name}
        _write(files("adapter.commands") / "dialect", folder / name, words, without)
        (folder / SCHEMA).write_text(editor_schema(), encoding="utf-8")
        for path, text in slot_files(library, [name]):
            path.write_text(text, encoding="utf-8", newline="")
    sys.stdout.write(_next_steps(name, extends, folder))


def _write(
    template: Traversable, folder: Path, words: Mapping[str, str], without: Collection[str] = ()
) -> None:
    folder.mkdir(parents=True)
    for each in template.iterdir():
        if each.name in without:
            continue
        if each.is_dir():
            _write(each, folder / each.name, words)
            continue
        text = each.read_text(encoding="utf-8")
        for word, value in words.items():
            text = re.sub(rf"\b{word}\b", value, text)
        (folder / each.name).write_text(text, encoding="utf-8")


def _next_steps(name: str, extends: str, folder: Path) -> str:
    given = f"--mappings {folder}"
    return f"""\
{folder / name} is a dialect that extends {extends}, with examples of the main constructs. It works as it is.

What to do next:
  1. See that all is well, now and after each change:
       klantbrug check {given}
       klantbrug test {given}
  2. Say in overlays/ what your registers have besides their specifications. Remove the examples there.
  3. Change one mapping at a time. What is not said is as in {extends}; a file or a line that you do not
     need can go, with the examples and scenes about it. An editor that knows YAML schemas completes and
     checks the files, by {folder / SCHEMA}.
  4. Look at it:
       klantbrug demo {given} --dialect {name}
       klantbrug explain GET klantcontacten --demo {given} --dialect {name}
       klantbrug docs {given} --to {folder.parent / "reference"}
  5. Serve it, with these lines in the configuration, under klantbrug:
       mappings: {folder}
       dialect: {name}

The language is described in docs/mappings.md, the way to a tested dialect in docs/own-dialect.md.
"""
