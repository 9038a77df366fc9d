"""The house: who may build on whom."""

import ast
import sys
from collections.abc import Iterator
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import adapter
import pytest

PACKAGE = Path(adapter.__file__).parent
_IMPORTS = (ast.Import, ast.ImportFrom)

# From the top down: each imports only from what stands below it.
ROWS = [
    "handbook",
    "cli",
    "commands",
    "export",
    "explain",
    "scenes",
    "demo",
    "serving",
    "main",
    "opening",
    "condition",
    "old_apis",
    "api_settings",
    "telemetry",
    "registers_api",
    "logbook",
    "api",
    "phases",
    "reverse",
    "move",
    "engine",
    "gathering",
    "notifications",
    "state",
    "configuration",
    "registers",
    "shipped",
    "service",
    "correspondence",
    "mapping",
    "embedded",
    "errors",
    "collection",
    "counts",
    "dialects",
    "openapi",
    "context",
    "processing",
    "logs",
]

# The rooms of the engine, from the top down. A request goes downwards: a write through `write` to
# `unit_of_work`, a read through `query` and `render` to `read`, and both to the registers at the `gateway`.
ROOMS = [
    "__init__",
    "service",
    "maintenance",
    "write",
    "effects",
    "placement",
    "unit_of_work",
    "transaction",
    "validate",
    "query",
    "render",
    "read",
    "gateway",
    "deployment",
    "rights",
    "spellings",
    "entities",
]

# The folders of the mapping, from the top down. A construct says all of itself, its check included; the model
# is made of what constructs are compiled to.
LAYERS = ["examples", "reference", "check", "model", "constructs", "language"]

# What the pure part may build on, besides itself and the documents of the APIs.
PURE = {"yaml", "orjson", "jsonschema_rs"}
IMPURE = {
    "socket",
    "http",
    "urllib",
    "sqlite3",
    "asyncio",
    "threading",
    "subprocess",
    "time",
    "os",
    "logging",
}


@cache
def imports(path: Path) -> list[ast.Import | ast.ImportFrom]:
    """The imports of a file, at whatever place in it."""
    return [each for each in ast.walk(ast.parse(path.read_text())) if isinstance(each, _IMPORTS)]


def imported(path: Path) -> Iterator[str]:
    """The modules that a file imports, as written; `adapter.x` for `from adapter import x`."""
    for node in imports(path):
        if isinstance(node, ast.Import):
            yield from (each.name for each in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module == "adapter":
            yield from (f"adapter.{each.name}" for each in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module


def test_no_module_imports_from_a_row_above_it():
    """A change in one row can be noticed only in those above."""
    files = [path for path in PACKAGE.rglob("*.py") if path.parent != PACKAGE or path.name != "__init__.py"]
    rows = {path: path.relative_to(PACKAGE).parts[0].removesuffix(".py") for path in files}
    assert set(rows.values()) == set(ROWS)
    wrong = [
        f"{path.relative_to(PACKAGE)} imports {name}"
        for path, row in rows.items()
        for name in imported(path)
        if name.startswith("adapter.") and (other := name.split(".")[1]) != row
        if ROWS.index(other) < ROWS.index(row)
    ]
    assert wrong == []


def test_no_room_of_the_engine_imports_from_one_above_it():
    """Whoever follows a request through the engine only goes down."""
    engine = PACKAGE / "engine"
    rooms = {path: path.relative_to(engine).parts[0].removesuffix(".py") for path in engine.rglob("*.py")}
    assert set(rooms.values()) == set(ROOMS)
    wrong = [
        f"{path.relative_to(engine)} imports {name}"
        for path, room in rooms.items()
        for name in imported(path)
        if name.startswith("adapter.engine.") and ROOMS.index(name.split(".")[2]) < ROOMS.index(room)
    ]
    assert wrong == []


def test_no_folder_of_the_mapping_imports_from_one_above_it():
    """A construct is one file below the model and the check, so that a new one changes neither."""
    mapping = PACKAGE / "mapping"
    files = {path: path.relative_to(mapping).parts[0] for path in mapping.glob("*/**/*.py")}
    assert set(files.values()) == set(LAYERS)
    wrong = [
        f"{path.relative_to(mapping)} imports {name}"
        for path, layer in files.items()
        for name in imported(path)
        if name.startswith("adapter.mapping.") and (other := name.split(".")[2]) in LAYERS
        if LAYERS.index(other) < LAYERS.index(layer)
    ]
    assert wrong == []


def test_the_mapping_knows_no_network_no_database_and_no_clock():
    """Loading, checking and compiling mappings needs nothing but files."""
    names = {name.split(".")[0] for path in (PACKAGE / "mapping").rglob("*.py") for name in imported(path)}
    outside = names - {"adapter", "__future__"}
    assert outside - sys.stdlib_module_names <= PURE
    assert not outside & IMPURE


def module_of(path: Path) -> str:
    """The name by which a file is imported, `adapter.api` for `adapter/api/__init__.py`."""
    return ".".join(path.relative_to(PACKAGE.parent).with_suffix("").parts).removesuffix(".__init__")


def modules_imported(path: Path, modules: set[str]) -> set[str]:
    """Those of the modules that a file imports, at whatever place in it, for types alone too."""
    found = set()
    for node in imports(path):
        if isinstance(node, ast.Import):
            found |= {each.name for each in node.names}
        else:
            names = {f"{node.module}.{each.name}" for each in node.names}
            found |= names & modules or {str(node.module)}
    return found & modules


def test_no_module_imports_what_imports_it():
    """The modules have an order in which each can be read with only those before it known."""
    files = {module_of(path): path for path in PACKAGE.rglob("*.py")}
    known = set(files)
    order = TopologicalSorter({name: modules_imported(path, known) for name, path in files.items()})
    try:
        order.prepare()
    except CycleError as error:
        pytest.fail(f"a circle of imports: {' imports '.join(reversed(error.args[1]))}")
