"""What is taken as checked is alike; whatever else differs is checked."""

import json

import pytest
from adapter.registers.messages import Received, Sent
from adapter.shipped import register_document

from tests.checked_once import CheckedOnce

UUIDS = ("1cf129b6-32e5-474c-b99e-ed0bb0363cdf", "f6cf4500-5783-4228-9093-5d110593cd0d")
RIGHT = {"bronorganisatie": "002220647", "klantnummer": "KABCDEFG"}
LIST = Sent("GET", "klanten", (), {}, None)


class Refused(Exception):
    """An exchange that breaks the contract."""


@pytest.fixture
def contract():
    def refuse(finding):
        raise Refused(finding)

    # of no other test: what is known is known of a document
    return CheckedOnce("klanten", dict(register_document("klanten", "openklant")), refuse)


def record(uuid=UUIDS[0], **members):
    url = f"http://127.0.0.1/klanten/{uuid}"
    return {"url": url, "klantnummer": "KABCDEFG", "bronorganisatie": "002220647", **members}


def answer(contract, *records, **page):
    body = json.dumps({"count": len(records), "next": None, "previous": None, "results": records} | page)
    headers = {"Content-Type": "application/json", "API-version": "1.0"}
    contract.answer(LIST, Received(200, headers, body.encode()))


def made(contract, **members):
    """A request that makes a klant."""
    headers = {"Content-Type": "application/json"}
    contract.request(Sent("POST", "klanten", (), headers, json.dumps(members).encode()))


def checked(contract):
    """How many exchanges were not taken as checked."""
    return len(contract._right)


def test_what_differs_only_in_what_is_new_every_time_is_alike(contract):
    answer(contract, record())
    before = checked(contract)
    answer(contract, record(UUIDS[1], klantnummer="KXYZ2345"))
    assert checked(contract) == before


@pytest.mark.parametrize(
    "wrong", [{"klantnummer": "KABCDEFGH"}, {"bronorganisatie": "2" * 10}, {"url": 5}], ids=str
)
def test_a_record_that_breaks_the_contract_is_found_on_any_page(contract, wrong):
    """Also between records that were right before."""
    answer(contract, record())
    for _ in range(2):
        with pytest.raises(Refused):
            answer(contract, record(), record(UUIDS[1], **wrong), record())


@pytest.mark.parametrize("wrong", [{"count": "two"}, {"next": 5}, {"results": None}], ids=str)
def test_a_page_that_breaks_the_contract_is_found_around_right_records(contract, wrong):
    answer(contract, record())
    for _ in range(2):
        with pytest.raises(Refused):
            answer(contract, record(), **wrong)


def test_a_body_that_is_right_in_another_way_is_not_checked_again(contract):
    made(contract, **RIGHT)
    before = checked(contract)
    made(contract, **RIGHT, voornaam="Jan", emailadres="a@example.nl")
    assert checked(contract) == before


@pytest.mark.parametrize(
    "wrong",
    [
        {"bronorganisatie": "2" * 10},
        {"bronorganisatie": None},
        {"url": "http://127.0.0.1/klanten/1"},
        {"emailadres": 5},
        {"subjectType": "iets_anders"},
    ],
    ids=str,
)
def test_a_body_that_breaks_the_contract_is_found_between_right_ones(contract, wrong):
    for _ in range(2):
        made(contract, **RIGHT)
        with pytest.raises(Refused):
            made(contract, **{**RIGHT, **wrong})
