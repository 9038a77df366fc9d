"""Names of members as the reference reads them."""

import pytest
from adapter.openapi.spelling import Spellings, underscored


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("kanaal", "kanaal"),
        ("KANAAL", "kanaal"),
        ("_kanaal", "kanaal"),
        ("soortPartij", "soort_partij"),
        ("SoortPartij", "soort_partij"),
        ("SOORT_PARTIJ", "soort_partij"),
        ("objectID", "object_id"),
        ("BAGObject", "bag_object"),
        ("regel1", "regel_1"),
        ("regel12", "regel_12"),
        ("regel1van2", "regel1van_2"),
        ("Soort_Partij", "soort__partij"),
    ],
)
def test_a_name_falls_apart_in_words(name, words):
    assert underscored(name) == words


def test_members_are_read_under_their_own_names():
    spellings = Spellings(["soortPartij", "url"])
    known = {"soortPartij": 1, "url": 2}
    assert spellings.read(known) is known
    assert spellings.read({"soort_partij": 1, "URL": 2, "een_ander": 3}) == {**known, "een_ander": 3}
    assert spellings.read({"soortPartij": 1, "SoortPartij": 2, "soort_partij": 3}) == {"soortPartij": 3}
    assert spellings.read({"soort_partij": 1, "soortPartij": 2}) == {"soortPartij": 2}
