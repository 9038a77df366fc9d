"""However a URL is written, it names what it names; how quickly that is seen makes no difference."""

import re
import uuid as uuids

from adapter.engine.entities.identity import supplement_uuid, uuid_in
from adapter.mapping.places import Place
from adapter.mapping.references import UUID, plain, spellings, uuid_at_end
from hypothesis import example, given
from hypothesis import strategies as st

ONE = "5F6a1c52-7f0e-4d6c-9a43-0f5e0b9f7a11"
PARTS = (
    "http",
    "HTTP",
    ":",
    "/",
    "//",
    "///",
    "://",
    "a",
    ONE,
    ONE.upper(),
    ONE[:-1],
    "?",
    "#",
    " ",
    "\n",
    "é",
)
TEXTS = st.lists(st.sampled_from(PARTS), min_size=1, max_size=8).map("".join)
NAMESPACE = uuids.UUID("6a1f6b1e-6f0d-5d0c-9a39-6f2f6b6c6e74")


def _plain(text):
    path = re.split(r"[?#]", text.strip(), maxsplit=1)[0]
    return re.sub(r"(?<!:)//+", "/", path).rstrip("/")


@given(TEXTS)
@example(f"http:///a//{ONE}/?b#c")
def test_a_url_is_read_by_the_same_rules_whatever_is_in_it(text):
    """Without spaces around it, slashes too many, a query and a fragment; the uuid is what it ends in."""
    found = re.compile(f".*?({UUID})", re.DOTALL).fullmatch(_plain(text))

    assert plain(text) == _plain(text)
    assert uuid_in(text) == _plain(text).rpartition("/")[2].lower()
    assert uuid_at_end(text) == (found[1].lower() if found else None)


@given(st.uuids().map(str) | st.just("11111111-1111-1111-1111-111111111111"))
def test_every_spelling_of_a_url_names_the_same_record(uuid):
    """The plain one first, none twice."""
    texts = spellings(f"https://klanten.example/api/v1/klanten/{uuid}")

    assert texts[0] == f"https://klanten.example/api/v1/klanten/{uuid}"
    assert len(set(texts)) == len(texts) == (6 if uuid.upper() != uuid else 4)
    assert {uuid_in(text) for text in texts} == {uuid}


@given(st.uuids().map(str))
def test_the_uuid_of_a_sidecar_is_that_of_its_name(uuid):
    """A UUIDv5 of the place and the uuid of its record."""
    name = f"contactmomenten/klantcontactmomenten/{uuid}"
    assert supplement_uuid(Place("contactmomenten", "klantcontactmomenten"), uuid) == str(
        uuids.uuid5(NAMESPACE, name)
    )
