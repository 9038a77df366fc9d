"""Open Klant 2 joins without distinct, and refuses an address that does not name a member."""

from __future__ import annotations

from typing import Any

import pytest
from adapter.registers.messages import Answer

from tests.reverse.chain import Chain
from tests.reverse.test_rules import KLANTEN, LINKS, MOMENTEN, klant, moment
from tests.reverse.test_taken import OBJECTS, found, kiss, running_kiss, verzoek

__all__ = ["kiss", "running_kiss"]
ZAKEN = "contactmomenten/api/v1/objectcontactmomenten"
NEW = {"kanaal": "chat", "onderwerp": "Product", "taal": "nld", "vertrouwelijk": False}


def joining(chain: Chain, patch: pytest.MonkeyPatch) -> None:
    """Lists of contacts that are filtered by what hangs on them have each twice, the second incomplete."""
    register = chain.reverse.deployment.register
    plain = register.call

    def call(method: str, path: str, *, params: Any = (), **more: Any) -> Answer:
        asked = dict(params)
        if path != "klantcontacten" or not any("__" in name for name in asked):
            return plain(method, path, params=params, **more)
        size, number = int(asked.pop("pageSize")), int(asked.pop("page", "1"))
        rows = [row for each in chain.running.served.all(path, **asked) for row in (each, blank(each))]
        following = "https://register.example/?page=2" if number * size < len(rows) else None
        page = {"count": len(rows), "next": following, "previous": None}
        return Answer(200, {**page, "results": rows[(number - 1) * size : number * size]})

    patch.setattr(register, "call", call)


def blank(contact: dict[str, Any]) -> dict[str, Any]:
    """A contact that occurs again: what is below its betrokkenen is not there."""
    came = contact["_expand"]
    people = [{**each, "_expand": None} for each in came.get("hadBetrokkenen") or ()]
    return {**contact, "_expand": {**came, "hadBetrokkenen": people} if people else came}


def test_a_contact_that_the_register_repeats_is_there_once(
    kiss: Chain, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In a page and in a list that is read whole, with its links; its object is, with its addresses."""
    old = kiss.old
    person, other = old.post(KLANTEN, klant()), old.post(MOMENTEN, moment(kanaal="balie"))
    contact = old.post(MOMENTEN, moment(kanaal="telefoon"))
    body = verzoek(contact["url"])
    body["record"]["data"]["betrokkene"]["klant"] = person["url"]
    made = old.post(OBJECTS, body)
    for each, rol in ((contact, "gesprekspartner"), (contact, "belanghebbende"), (other, "belanghebbende")):
        old.post(LINKS, {"klant": person["url"], "contactmoment": each["url"], "rol": rol})
    zaak = f"{kiss.zaken}/zaken/11111111-1111-4111-8111-111111111111"
    for each in (contact, other):
        old.post(ZAKEN, {"contactmoment": each["url"], "object": zaak, "objectType": "zaak"})
    of_klant, of_zaak = {"klant": person["url"]}, {"object": zaak}
    more = ({"kanaal": "telefoon"}, {"expand": "klantcontactmomenten"}, {"page": 1})
    questions = [of_klant, of_zaak, *({**of_klant, **each} for each in more)]
    wanted = [old.get(MOMENTEN, **each) for each in questions]

    joining(kiss, monkeypatch)
    assert [old.get(MOMENTEN, **each) for each in questions] == wanted
    assert [each["count"] for each in wanted] == [2, 2, 1, 2, 2]
    (seen,) = found(old, data_attr=f"betrokkene__klant__exact__{person['url']}")
    assert seen["record"]["data"] == made["record"]["data"]


def test_a_busy_zaak_is_asked_by_its_identification_alone(
    kiss: Chain, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each parameter that looks into the objects of a contact would repeat it once for each object it has."""
    old, register = kiss.old, kiss.reverse.deployment.register
    zaken = [f"{kiss.zaken}/zaken/{digit * 8}-1111-4111-8111-111111111111" for digit in "123"]
    contacts = [old.post(MOMENTEN, moment(kanaal=kanaal)) for kanaal in ("telefoon", "balie")]
    for contact in contacts:
        for zaak in zaken:
            old.post(ZAKEN, {"contactmoment": contact["url"], "object": zaak, "objectType": "zaak"})
    elsewhere = {"codeObjecttype": "product", "codeRegister": "pdc", "codeSoortObjectId": "uuid"}
    other = kiss.running.served.post("klantcontacten", NEW)
    same = {**elsewhere, "objectId": zaken[0].rpartition("/")[2]}
    link = {"klantcontact": {"uuid": other["uuid"]}, "wasKlantcontact": None}
    kiss.running.served.post("onderwerpobjecten", {**link, "onderwerpobjectidentificator": same})
    plain = register.call

    def call(method: str, path: str, *, params: Any = (), **more: Any) -> Answer:
        answer = plain(method, path, params=params, **more)
        looking = [name for name, _ in params if name.startswith("onderwerpobject__")]
        if method == "GET" and path == "klantcontacten" and len(looking) > 1:
            many = answer.body["count"] + kiss.reverse.deployment.scan_bound
            return Answer(answer.status, {**answer.body, "count": many})
        return answer

    monkeypatch.setattr(register, "call", call)
    found = old.get(MOMENTEN, object=zaken[0])

    assert {each["url"] for each in found["results"]} == {each["url"] for each in contacts}
    assert found["count"] == 2


def test_an_address_of_a_betrokkene_says_that_it_has_no_partij(
    kiss: Chain, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Open Klant 2 refuses one without that member, and then new clients would not see it."""
    register = kiss.reverse.deployment.register
    plain, required = register.call, "verstrektDoorPartij"

    def call(method: str, path: str, *, json: Any = None, **more: Any) -> Answer:
        if method == "POST" and path == "digitaleadressen" and required not in json:
            wrong = {"name": required, "code": "required", "reason": "Dit veld is vereist."}
            return Answer(400, {"code": "invalid", "status": 400, "invalidParams": [wrong]})
        return plain(method, path, json=json, **more)

    monkeypatch.setattr(register, "call", call)
    contact = kiss.old.post(MOMENTEN, moment())
    kiss.old.post(OBJECTS, verzoek(contact["url"]))
    assert len(kiss.running.served.all("digitaleadressen")) == 3
