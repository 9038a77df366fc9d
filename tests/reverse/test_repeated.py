"""A POST that is repeated with its Idempotency-Key is done once; links follow the address that was asked."""

from __future__ import annotations

from typing import Any

from adapter.demo.registers import bearer_token

from tests.deployment import Client
from tests.reverse.chain import Chain
from tests.reverse.test_rules import KLANTEN, LINKS, MOMENTEN, klant, moment
from tests.reverse.test_taken import OBJECTS, TYPE, kiss, running_kiss, verzoek

__all__ = ["kiss", "running_kiss"]


def keyed(old: Client, path: str, body: Any, key: str) -> Any:
    return old.call("POST", path, json=body, headers={"Idempotency-Key": key})


def test_a_repeated_post_is_done_once(kiss: Chain) -> None:
    """With another body it is a 409, with a key that is none a 400; what is gone meanwhile is a 404."""
    old, new = kiss.old, kiss.running.served
    first = keyed(old, KLANTEN, klant(), "een")
    again = keyed(old, KLANTEN, klant(), "een")
    assert (first.status_code, again.status_code) == (201, 201)
    assert again.json() == first.json()
    assert again.headers["location"] == first.headers["location"]
    assert len(new.all("partijen")) == 1
    assert keyed(old, KLANTEN, klant(voornaam="Jan"), "een").status_code == 409
    assert keyed(old, KLANTEN, klant(), "é".encode().decode("latin-1")).status_code == 400

    contact = keyed(old, MOMENTEN, moment(), "twee").json()
    taken = [keyed(old, OBJECTS, verzoek(contact["url"]), "drie").json() for _ in range(2)]
    assert taken[0] == taken[1]
    assert len(new.all("internetaken")) == 1
    old.delete(first.json()["url"])
    assert keyed(old, KLANTEN, klant(), "een").status_code == 404


def test_what_was_refused_may_be_tried_again(kiss: Chain) -> None:
    """Only what was made is remembered."""
    assert keyed(kiss.old, KLANTEN, klant(klantnummer="x" * 20), "vier").status_code == 400
    assert keyed(kiss.old, KLANTEN, klant(), "vier").status_code == 201


def test_links_follow_the_address_that_was_asked(kiss: Chain) -> None:
    """What was written at one address is found at the other, with the URLs as they were asked."""
    here, other = kiss.old, kiss.origin.replace("127.0.0.1", "localhost")
    there = Client(other, Authorization=f"Bearer {bearer_token()}", **{"Content-Crs": "EPSG:4326"})
    person, contact = there.post(KLANTEN, klant()), there.post(MOMENTEN, moment())
    assert person["url"].startswith(other)
    link = there.post(
        LINKS, {"klant": person["url"], "contactmoment": contact["url"], "rol": "belanghebbende"}
    )
    assert there.get(f"{LINKS}?klant={person['url']}")["results"] == [link]
    uuid = person["url"].rpartition("/")[2]
    asked = f"{kiss.origin}/{KLANTEN}/{uuid}"
    (seen,) = here.get(f"{LINKS}?klant={asked}")["results"]
    assert seen["klant"] == asked
    assert here.get(f"{MOMENTEN}?klant={asked}")["count"] == 1
    assert not kiss.reverse.deployment.shelf.many("klantcontactmomenten", [link["url"].rpartition("/")[2]])

    body = verzoek(contact["url"])
    body["record"]["data"]["betrokkene"]["klant"] = person["url"]
    made = there.post(OBJECTS, body)
    assert made["record"]["data"] == body["record"]["data"]
    query = {"type": TYPE, "data_attr": f"betrokkene__klant__exact__{asked}"}
    (found,) = here.get(OBJECTS, **query)["results"]
    assert found["record"]["data"]["betrokkene"]["klant"] == asked
    assert found["url"].startswith(kiss.origin)
    there.close()
