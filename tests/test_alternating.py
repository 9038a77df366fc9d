"""What runs by default of cases that every dialect has."""

from itertools import product
from types import SimpleNamespace

import pytest

from tests.alternating import leave_to_contract

DIALECTS = ("vng", "openklant")
METHODS = ("POST", "PUT", "PATCH", "DELETE")
FAULTS = ({"status": 503}, {"status": 500})


class Item(SimpleNamespace):
    """A collected test of two parameters, the second of which has two names, and a dialect."""

    def get_closest_marker(self, name):
        return pytest.mark.alternating(*self.chosen).mark if name == "alternating" and self.marked else None

    def iter_markers(self, _):
        return [pytest.mark.parametrize("method", []).mark, pytest.mark.parametrize("fault, status", []).mark]

    def add_marker(self, marker):
        self.left.append(marker.name)


def collected(*chosen, marked=True, dialects=DIALECTS):
    """All of them."""
    found = []
    for dialect, method, fault in product(dialects or [None], METHODS, FAULTS):
        params = {"dialect": dialect, "method": method, "fault": fault, "status": 503}
        if not dialects:
            del params["dialect"]
        callspec = SimpleNamespace(params=params)
        found.append(
            Item(
                path="a",
                originalname="b",
                callspec=callspec,
                marked=marked,
                chosen=chosen,
                left=[],
            )
        )
    return found


def test_every_case_runs_once_and_every_value_in_every_dialect():
    items = collected()
    leave_to_contract(items)
    assert {name for each in items for name in each.left} == {"contract"}
    default = [each.callspec.params for each in items if not each.left]
    assert len(default) == len(METHODS) * len(FAULTS)
    assert all(sum(each.items() >= case.items() for each in default) == 1 for case in cases())
    for name, values in (("method", METHODS), ("fault", FAULTS)):
        for dialect, value in product(DIALECTS, values):
            assert any(each["dialect"] == dialect and each[name] is value for each in default)


def cases():
    """What every dialect has."""
    return [{"method": method, "fault": fault} for method, fault in product(METHODS, FAULTS)]


def test_of_a_named_parameter_every_value_runs_once_and_all_others_take_turns():
    items = collected("method")
    leave_to_contract(items)
    default = [each.callspec.params for each in items if not each.left]
    assert sorted(each["method"] for each in default) == sorted(METHODS)
    combinations = {(each["dialect"], each["fault"]["status"]) for each in default}
    assert combinations == set(product(DIALECTS, (503, 500)))


def test_what_is_not_marked_runs_in_every_dialect():
    items = collected(marked=False)
    leave_to_contract(items)
    assert not any(each.left for each in items)


def test_what_has_no_dialect_runs():
    items = collected(dialects=())
    leave_to_contract(items)
    assert not any(each.left for each in items)
