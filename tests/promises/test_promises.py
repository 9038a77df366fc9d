"""What a mapping promises holds for every body that the specification allows, and for every older record.

The promises: nothing lost, nothing disturbed, valid answers, and records that stay valid in their register.
"""

from __future__ import annotations

from functools import partial
from itertools import product

import pytest
from adapter.dialects import SHIPPED
from adapter.shipped import served_document, shipped_mappings

from tests.contract.conftest import TRIED
from tests.promises import laws
from tests.promises.conftest import SEED
from tests.promises.examples import older, tried, written
from tests.standard import STANDARD

DIALECTS = STANDARD
RESOURCES = [each.collection for each in served_document().operations if each.method == "post"]
# So many bodies are drawn, two for an example; the many by `make contract`.
AMOUNTS = [8, pytest.param(500, marks=pytest.mark.contract)]
# Of old records many are refused, for the same link can be made but once: of some kinds there are not many.
SOME, ENOUGH = 0.2, 10
# Of new bodies less than this, when they are many enough to say.
MANY_REFUSED = 0.5


def homes_of_old_clients(dialect):
    """The homes that old clients fill: registers, and objecttypes that are not our own; by name."""
    return {
        f"{home.resource}.{home.name}": home
        for resource in shipped_mappings(dialect).resources.values()
        for home in resource.homes.values()
        if home.kind == "record" or (home.kind == "object" and home.object_type in SHIPPED.shapes(()))
    }


def in_turn(cases):
    """Cases (dialect, name): the dialects that have a name take turns; with `contract` all run."""
    having = {}
    for dialect, name in cases:
        having.setdefault(name, []).append(dialect)
    first = {name: found[number % len(found)] for number, (name, found) in enumerate(having.items())}
    return [
        pytest.param(dialect, name, marks=() if first[name] == dialect else pytest.mark.contract)
        for dialect, name in cases
    ]


ORIGINS = in_turn([(dialect, name) for dialect in DIALECTS for name in homes_of_old_clients(dialect)])


@pytest.mark.parametrize("amount", AMOUNTS)
@pytest.mark.parametrize(("dialect", "resource"), in_turn([*product(DIALECTS, RESOURCES)]))
def test_what_is_written_is_read_back(benches, dialect, resource, amount, record_property):
    """Whatever is created, replaced and changed in part reads back the same, and disturbs nothing else."""
    found = benches(dialect)
    found.tried = found.refused = 0
    law = partial(laws.written, found, resource)
    tried(found, law, written(resource), amount=amount // 2, number=SEED)
    assert found.refused < found.tried * (MANY_REFUSED if amount > ENOUGH else 1 - SOME)
    record_property(
        TRIED, f"promises, {dialect} {resource}: {found.tried} writes, {found.refused} by rule refused"
    )


@pytest.mark.parametrize("amount", AMOUNTS)
@pytest.mark.parametrize(("dialect", "name"), ORIGINS)
def test_what_an_old_client_recorded_survives(benches, dialect, name, amount, record_property):
    """An old record reads as valid resources; sent back they change nothing, and changed only themselves."""
    found = benches(dialect)
    home = homes_of_old_clients(dialect)[name]
    found.tried = found.refused = 0
    law = partial(laws.older, found, home)
    tried(found, law, older(dialect, home, found.served_from(home)), amount=amount // 2, number=SEED)
    assert found.tried - found.refused > min(found.tried * SOME, ENOUGH)
    record_property(
        TRIED, f"promises, {dialect} {name}: {found.tried} writes, {found.refused} by rule refused"
    )
