"""Text formats, and their canonical forms."""

from __future__ import annotations

import pytest
from adapter.openapi.formats import (
    calendar_date,
    canonical_uuid,
    email_address,
    instant,
    web_address,
    whole_number,
)
from hypothesis import given
from hypothesis import strategies as st

UUID = "095be615-a8ad-4c33-8e9c-c7612fbf6c9f"


@given(st.uuids())
def test_a_uuid_has_one_form(uuid):
    for notation in (str(uuid), str(uuid).upper(), uuid.hex, uuid.urn, f"{{{uuid}}}"):
        assert canonical_uuid(notation) == str(uuid)


@pytest.mark.parametrize("text", ["", "x", UUID[:-1], UUID + "0", "０" * 32, UUID + "\n"])
def test_other_text_is_no_uuid(text):
    assert canonical_uuid(text) is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2025-03-03T09:30:00Z", "2025-03-03T09:30:00Z"),
        ("2025-03-03T09:30", "2025-03-03T09:30:00Z"),
        ("2025-03-03 09:30:15", "2025-03-03T09:30:15Z"),
        ("2025-07-01T00:30:00+02:00", "2025-06-30T22:30:00Z"),
        ("2025-07-01T00:30:00+0200", "2025-06-30T22:30:00Z"),
        ("2025-03-03T09:30:00.5Z", "2025-03-03T09:30:00.500000Z"),
        ("2025-03-03T09:30:00.123456789Z", "2025-03-03T09:30:00.123456Z"),
        ("2025-03-03", "2025-03-03T00:00:00Z"),
        ("20250303T0930Z", "2025-03-03T09:30:00Z"),
        ("2025-03-03T09", "2025-03-03T09:00:00Z"),
        ("2025-W10-1", "2025-03-03T00:00:00Z"),
        ("0999-01-01T00:00:00Z", "0999-01-01T00:00:00Z"),
    ],
)
def test_an_instant_is_told_in_utc(text, expected):
    assert instant(text) == expected


@pytest.mark.parametrize(
    "text",
    ["", "gisteren", "2025-02-30T00:00:00Z", "2025-03-03T25:00Z", "0001-01-01T00:00:00+14:00", "2025-3-3"],
)
def test_other_text_is_no_instant(text):
    assert instant(text) is None


def test_a_bare_date_is_an_instant_only_where_that_is_allowed():
    assert instant("2025-03-03", bare_date=False) is None
    assert instant("20250303T0930Z", bare_date=False) is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2024-02-29", "2024-02-29"),
        ("2024-1-5", "2024-01-05"),
        ("20240105", "2024-01-05"),
        ("2024-W01-5", "2024-01-05"),
        ("２０２４-01-05", None),
        ("2023-02-29", None),
        ("1-5-2024", None),
        ("", None),
    ],
)
def test_a_date_is_told_in_iso_form(text, expected):
    assert calendar_date(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("7", 7),
        ("-7", -7),
        ("007", 7),
        ("1_0", None),
        ("１", None),
        (" 1\n", 1),
        ("\u20031\x85", 1),
        ("1\x1f", None),
        ("\x1c1", None),
        (" ", None),
        ("9" * 1001, None),
        ("", None),
    ],
)
def test_only_plain_digits_are_a_number(text, expected):
    assert whole_number(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "https://example.nl",
        "http://localhost:8000/a?b=c#d",
        "https://127.0.0.1/x",
        "https://[::1]:8000/",
        "ftp://user:secret@example.nl/",
        "HTTPS://EXAMPLE.NL/é",
        "https://bücher.example/",
    ],
)
def test_an_absolute_address_is_a_url(text):
    assert web_address(text) == text


@pytest.mark.parametrize(
    "text",
    ["", "geen-url", "example.nl", "https://", "https://x", "javascript:alert(1)", "https://a b.nl", "https://[zz]/",
     "https://example.nl/a b", "https://example.nl\n", "https://example.nl/" + "a" * 2048],
)  # fmt: skip
def test_other_text_is_no_url(text):
    assert web_address(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "a@example.nl",
        "a.b+c@sub.example.nl",
        "a@localhost",
        "a@[127.0.0.1]",
        "a@[::1]",
        "a@bücher.example",
        '"ab"@example.nl',
    ],
)
def test_an_email_address_is_recognised(text):
    assert email_address(text) == text


@pytest.mark.parametrize(
    "text",
    [
        "",
        "a",
        "@example.nl",
        "a@",
        "a@b",
        "a@127.0.0.1",
        "a@[127.0.0]",
        "a@[example.nl]",
        "a b@example.nl",
        '"a b"@x.nl',
        "a" * 320 + "@x.nl",
        "a@-x.nl",
        "a..b@x.nl",
        "a@x.nl\n",
    ],
)
def test_other_text_is_no_email_address(text):
    assert email_address(text) is None


@given(st.text())
def test_no_text_makes_a_format_fail(text):
    for read in (canonical_uuid, instant, calendar_date, whole_number, web_address, email_address):
        read(text)
