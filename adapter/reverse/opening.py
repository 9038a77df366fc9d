"""Put the parts of the reverse direction together."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from adapter.correspondence.compiling import Compiler
from adapter.correspondence.gather_compiling import gathers
from adapter.correspondence.model import Correspondence
from adapter.correspondence.reading import read_correspondences
from adapter.dialects import Library
from adapter.engine.deployment import Deployment as Serving
from adapter.engine.entities.stored_object import ASIDES
from adapter.mapping.load import read_dialect
from adapter.mapping.settings import Settings
from adapter.openapi.document import Document
from adapter.reverse.deployment import Complete, Deployment
from adapter.reverse.engine import Reverse
from adapter.reverse.links import Bases
from adapter.reverse.offers import Offers
from adapter.reverse.shelf import NAME, OBJECTS, SCHEMA, ObjectShelf, Shelf
from adapter.reverse.table import AsideTable, TableShelf


@dataclass(frozen=True, slots=True)
class AsideType:
    """The objecttype of asides, as it is set up in an Objects API."""

    uuid: str = "7b1c2f4e-8a35-4d1f-9c60-2f7d5e9a1b34"
    name: str = NAME
    name_plural: str = "RegisterAanvullingen"
    shared: bool = False

    @property
    def schema(self) -> Mapping[str, Any]:
        """The JSON schema of its objects."""
        return SCHEMA


def correspondences(
    library: Library,
    dialect: str,
    *,
    new: Document,
    old: Mapping[str, Document],
    settings: Mapping[str, Any],
    left_out: Collection[str] = (),
) -> dict[str, Correspondence]:
    """The compiled correspondences of a dialect, by the collection of the old API, but for some.

    Raises MappingError.
    """
    own = read_dialect(library, dialect).settings
    compiler = Compiler(new, old, Settings({**own, **settings}))
    files = read_correspondences(library, dialect).values()
    found = [compiler.compiled(file) for file in files if not gathers(file)]
    return {each.right.name: each for each in found if each.name not in left_out}


def open_reverse(
    *,
    library: Library,
    dialect: str,
    new: Document,
    old: Mapping[str, Document],
    settings: Mapping[str, Any],
    serving: Serving,
    register: str,
    bases: Mapping[str, Sequence[str]],
    complete: Complete,
    order: Mapping[str, str],
    each_row: bool = False,
    left_out: Collection[str] = (),
) -> Reverse:
    """The reverse direction over a register of the new API.

    new, old: the documents of the APIs. serving: has the registers, the one of that name among them, the
    state, and the objecttype of asides. bases: the base URLs under which clients know the old APIs and the
    registers that they refer to. complete: makes a record complete, as whoever serves the old API stores it.
    order: the member by which a collection is ordered, newest first. each_row: see `Deployment`. left_out:
    correspondences that nothing serves. Raises MappingError.
    """
    deployment = Deployment(
        serving=serving,
        register=serving.registers[register],
        shelf=_shelf(serving),
        correspondences=correspondences(
            library, dialect, new=new, old=old, settings=settings, left_out=left_out
        ),
        offers=Offers(read_dialect(library, dialect).files, new),
        links=Bases(bases),
        complete=complete,
        pool=serving.pool,
        order=order,
        scan_bound=serving.scan_bound,
        each_row=each_row,
        counts=serving.counts,
    )
    return Reverse(deployment)


def _shelf(serving: Serving) -> Shelf:
    """The table of the state where the deployment has it among its registers, else the Objects API."""
    table, kind = serving.registers.get(ASIDES), serving.types[NAME]
    if isinstance(table, AsideTable):
        return TableShelf(table, kind, bound=serving.scan_bound)
    return ObjectShelf(serving.registers[OBJECTS], kind, bound=serving.scan_bound)
