"""How long a record of what happened can be changed."""

import datetime as dt

import pytest
from adapter.mapping.constructs.closing import compiled, duration

from tests.mapping.conftest import leave_what_it_is_not_in

NOW = dt.datetime(2025, 3, 10, 12, tzinfo=dt.UTC)
CLOSING = compiled(
    {"setting": "s", "since": "plaatsgevondenOp", "belongs": ["betrokkenen.had"], "reason": "Nee."}
)


@pytest.mark.parametrize(
    ("since", "allowed", "over"),
    [
        ("2025-03-10T11:00:00Z", "PT1H30M", False),
        ("2025-03-10T10:29:59Z", "PT1H30M", True),
        ("2025-03-10T11:29:59.5+01:00", "PT1H30M", True),
        ("2025-03-03T12:00:00Z", "P7D", False),
        ("2025-03-03T11:59:59Z", "P1W", True),
        ("2026-01-01T00:00:00Z", "P1D", False),
        ("1999-01-01T00:00:00Z", "altijd", False),
        ("2026-01-01T00:00:00Z", "nooit", True),
        (None, "nooit", True),
        (None, "P1D", False),
    ],
)
def test_a_resource_is_open_for_so_long_since_its_moment(since, allowed, over):
    assert CLOSING.is_over(since, allowed, NOW) is over


@pytest.mark.parametrize("text", ["", "P", "PT", "P1M", "P1Y", "PT1.5H", "7 dagen", "P1D ", "PT1D", "-P1D"])
def test_what_is_no_duration_is_refused(text):
    with pytest.raises(ValueError, match="no duration"):
        duration(text)


@pytest.mark.parametrize(
    ("change", "into", "mistake"),
    [
        ("  since: plaatsgevondenOp\n", "  since: geplaatstOp\n", "klantcontacten has no member geplaatstOp"),
        (
            "open: [reactie]",
            "open: [reacties]",
            "klantcontacten has no member reacties; did you mean reactie?",
        ),
        ("setting: klantcontact_wijzigen", "setting: contact_wijzigen", "no setting contact_wijzigen"),
        (
            "bijlagen.wasBijlageVanKlantcontact]",
            "bijlagen.klantcontact]",
            "is no reference to klantcontacten",
        ),
    ],
)
def test_a_mistake_is_told_where_it_stands(mappings, checked, change, into, mistake):
    file = mappings / "vng" / "klantcontacten.yaml"
    text = file.read_text(encoding="utf-8")
    assert text.count(change) == 1
    file.write_text(text.replace(change, into), encoding="utf-8")
    leave_what_it_is_not_in(mappings, "vng")
    found = [str(each) for each in checked(mappings)]
    assert found
    assert all(each.startswith("mappings/vng/klantcontacten.yaml:") for each in found)
    assert any(mistake in each for each in found), found
