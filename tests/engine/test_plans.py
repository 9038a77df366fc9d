"""How each filter of each dialect is answered: the plan, made without a register, as a table.

A change in `plans.yaml` is a change of what registers are asked. Write it anew with
`python -m tests.engine.test_plans`, and read the difference.
"""

from pathlib import Path

import pytest
import yaml
from adapter.dialects import SHIPPED
from adapter.engine.query import plans
from adapter.engine.query.lists import wanted_of
from adapter.engine.query.planner import Planner
from adapter.explain.filters import UUID, described, every_type, samples
from adapter.shipped import served_document, shipped_mappings

TABLE = Path(__file__).with_name("plans.yaml")
MAPPINGS = {dialect: shipped_mappings(dialect) for dialect in SHIPPED.dialects()}
OPENKLANT = MAPPINGS["openklant"]


def planned(mappings, name, **filters):
    resource = mappings.resources[name]
    return Planner(mappings, every_type(mappings)).plan(resource, wanted_of(resource, filters))


def how(mappings, resource, each):
    """Each way in which a filter is answered, with the first value that is."""
    found = {}
    for value in samples(mappings, resource, each, served_document()):
        text = described(planned(mappings, resource.name, **{each.parameter: value}))[each.parameter]
        found.setdefault(text, value)
    return next(iter(found)) if len(found) == 1 else {str(value): text for text, value in found.items()}


def table():
    """`resource parameter` → how it is answered, dialect by dialect where they differ."""
    found = {}
    for dialect, mappings in MAPPINGS.items():
        for resource in mappings.resources.values():
            for each in resource.filters.values():
                texts = found.setdefault(f"{resource.name} {each.parameter}", {})
                texts[dialect] = how(mappings, resource, each)
    return {key: in_short(texts) for key, texts in found.items()}


def in_short(texts):
    first, *others = texts.values()
    return first if all(each == first for each in others) else texts


def test_every_filter_is_planned_as_the_table_says():
    assert table() == yaml.load(TABLE.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)


def test_one_filter_narrows_what_another_is_looked_for_among():
    """Objects of their own are asked for what they say exactly; the rest is found among those."""
    plan = planned(OPENKLANT, "internetaken", status="verwerkt", actoren__naam="Sanne")
    assert plan.within.asked == (("status", ("verwerkt",)),)
    assert [names for names, _ in plan.ways] == [("actoren__naam",)]
    assert [each.parameter for each in plan.tests] == ["status"]


def test_what_any_other_word_reads_as_is_asked_for_only_when_no_other_occurs():
    plan = planned(OPENKLANT, "internetaken", status="te_verwerken")
    assert isinstance(plan, plans.WhenClosed)
    assert plan.named == plans.InObjects("InterneTaak", "status", "in", ("te verwerken", "verwerkt"))
    assert plan.then.asked == (("status", ("te verwerken",)),)
    assert plan.otherwise.ways == ((("status",), plans.Scan("internetaken")),)


def test_what_none_has_is_tested_on_what_the_others_find():
    """No register gives what something is missing of; with nothing else to ask for, all are read."""
    none = {"hadBetrokkene__wasPartij": False}
    assert planned(OPENKLANT, "klantcontacten", **none).ways == (
        (("hadBetrokkene__wasPartij",), plans.Scan("klantcontacten")),
    )
    both = planned(OPENKLANT, "klantcontacten", kanaal="balie", **none)
    assert not plans.scans(both)
    assert [each.parameter for each in both.tests] == ["hadBetrokkene__wasPartij"]


def test_what_would_read_everything_is_tested_when_something_else_can_be_asked():
    """In vng no register finds a contactmoment by its employee; it does so by the contact that is named."""
    actor = planned(MAPPINGS["vng"], "actorklantcontacten", actor__uuid=UUID)
    assert plans.scans(actor)
    both = planned(MAPPINGS["vng"], "actorklantcontacten", actor__uuid=UUID, klantcontact__uuid=UUID)
    assert not plans.scans(both)
    assert [each.parameter for each in both.tests] == ["actor__uuid"]


def test_a_far_end_that_cannot_be_asked_is_read_there():
    """All addresses are read rather than all contacts, and walked back from."""
    name = "hadBetrokkene__digitaaladres__adres__icontains"
    (((_,), way),) = planned(OPENKLANT, "klantcontacten", **{name: "a@"}).ways
    assert way.far.far.resource == "digitaleadressen"
    assert isinstance(way.far.far, plans.Scan)


def test_each_of_several_filters_has_its_own_description():
    """One reads the far end for all; another is tested on what that gives."""
    name = "hadBetrokkene__digitaaladres__adres__icontains"
    plan = planned(OPENKLANT, "klantcontacten", inhoud="x", **{name: "a@"})
    assert described(plan)["inhoud"] == "tested here on what is found"
    assert described(plan)[name].startswith("all digitaleadressen read")
    neither = described(planned(OPENKLANT, "klantcontacten", inhoud="x", reactie="y"))
    assert set(neither.values()) == {"all klantcontacten read, and tested here"}


def test_a_text_that_the_objects_api_cannot_be_asked_for_is_a_scan():
    assert plans.scans(planned(OPENKLANT, "digitaleadressen", adres="a__b@example.nl"))
    assert not plans.scans(planned(OPENKLANT, "digitaleadressen", adres="a_b@example.nl"))


@pytest.mark.parametrize("dialect", sorted(MAPPINGS))
def test_a_plan_is_a_value(dialect):
    """Made twice it is the same; it can be a key, and nothing in it was read."""
    mappings = MAPPINGS[dialect]
    for resource in mappings.resources.values():
        for each in resource.filters.values():
            for value in samples(mappings, resource, each, served_document()):
                one, two = (planned(mappings, resource.name, **{each.parameter: value}) for _ in range(2))
                assert one == two
                assert hash(one) == hash(two)


if __name__ == "__main__":
    TABLE.write_text(yaml.safe_dump(table(), allow_unicode=True, width=10_000), encoding="utf-8")
