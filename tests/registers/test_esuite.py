"""The register client before an embedded e-Suite: for whom it calls, its contract, its refusals."""

from collections.abc import Iterator

import jwt
import pytest
from adapter.dialects import SHIPPED
from adapter.embedded.esuite import asked, create_app
from adapter.embedded.klanten_contactmomenten import DEMO_SECRETS
from adapter.openapi.document import Document
from adapter.openapi.specifications import specification
from adapter.registers.client import Register
from adapter.registers.contract import RegisterContract
from adapter.registers.services import build_service
from adapter.registers.wrong import wrong_members

from tests.short_way import running

ZAKEN = "https://esuite.example/zaken"
BASES = {"klanten": "klanten-api-provider/api/v1", "contactmomenten": "contactmomenten-api-provider/api/v1"}
USER_HEADER = "X-Esuite-Request-User-Id"


class Watched:
    """The registers of one e-Suite, what broke their contracts, and the headers that they were sent."""

    def __init__(self, base: str, seen: list[dict[str, str]]) -> None:
        self.findings, self.seen = [], seen
        self.registers = {
            name: Register(
                name,
                build_service(
                    {
                        "identifier": name,
                        "api_type": "orc",
                        "api_root": f"{base}/{path}",
                        "auth_type": "zgw",
                        "client_id": "demo",
                        "secret": DEMO_SECRETS["demo"],
                        "user_id": "demo",
                        "user_representation": "D. Demonstratie",
                    }
                ),
                user_header=USER_HEADER,
                contract=RegisterContract(
                    name, Document.load(specification(f"esuite-{name}")).raw, self.findings.append
                ),
            )
            for name, path in BASES.items()
        }

    def call(self, method, path, *, register="contactmomenten", **options):
        return self.registers[register].call(method, path, **options)


@pytest.fixture(scope="module")
def esuite() -> Iterator[Watched]:
    app, seen = create_app(zaken=[ZAKEN]), []

    async def watched(scope, receive, send):
        if scope["type"] == "http":
            seen.append({name.decode().lower(): value.decode() for name, value in scope["headers"]})
        await app(scope, receive, send)

    with running(watched) as base:
        found = Watched(base, seen)
        yield found
        for each in found.registers.values():
            each.close()
        assert found.findings == []


@pytest.mark.parametrize(("user", "recorded"), [("", "demo"), ("jjansen", "jjansen"), ("abouma", "abouma")])
def test_a_call_is_made_for_an_employee(esuite, user, recorded):
    """Who is in the header is in the token too; it is the user of the service unless one is named."""
    made = esuite.call("POST", "contactmomenten", json={"tekst": "Vraag"}, user=user).body
    assert made["medewerkerIdentificatie"]["identificatie"] == recorded
    headers = esuite.seen[-1]
    token = headers["authorization"].removeprefix("Bearer ")
    claims = jwt.decode(token, options={"verify_signature": False})
    assert (headers[USER_HEADER.lower()], claims["user_id"]) == (recorded, recorded)
    assert claims["user_representation"] == (user or "D. Demonstratie")
    assert [name for name in headers if name.startswith("x-forwarded")] == []


@pytest.mark.parametrize("user", ["Łucja", "jjansen\r\nX-Other: 1", " jjansen", "jjansen\x00"])
def test_a_name_that_cannot_stand_in_a_header_is_no_employee(esuite, user):
    """The call is made all the same, in the name of the service."""
    made = esuite.call("POST", "contactmomenten", json={"tekst": "Vraag"}, user=user).body
    assert made["medewerkerIdentificatie"]["identificatie"] == "demo"


def test_an_employee_who_is_not_there(esuite):
    answer = esuite.call("POST", "contactmomenten", json={"tekst": "Vraag"}, user="niemand")
    assert (answer.status, answer.body["code"]) == (403, "NOT_AUTHORISED")


def test_the_calls_that_are_needed_keep_the_contract(esuite):
    """Every kind of call that the specifications have, with what they answer."""
    person = {"subjectIdentificatie": {"inpBsn": "999990019"}, "emailadres": "anna@v.example"}
    klant = esuite.call("POST", "klanten", register="klanten", json=person).body
    uuid = klant["url"].rpartition("/")[2]
    number = [("subjectNatuurlijkPersoon__inpBsn", "999990019")]
    found = esuite.call("GET", "klanten", register="klanten", params=number).body
    assert found["results"] == [klant]
    change = {"telefoonnummer": "0201111111", "emailadres": None}
    changed = esuite.call("PATCH", f"klanten/{uuid}", register="klanten", json=change).body
    assert esuite.call("GET", f"klanten/{uuid}", register="klanten").body == changed
    contact = esuite.call("POST", "contactmomenten", json={"tekst": "Vraag", "type": "Melding"}).body
    assert esuite.call("GET", f"contactmomenten/{contact['url'].rpartition('/')[2]}").body == contact
    for path, body in (
        ("klantcontactmomenten", {"klant": klant["url"], "contactmoment": contact["url"]}),
        (
            "objectcontactmomenten",
            {"object": f"{ZAKEN}/1", "contactmoment": contact["url"], "objectType": "zaak"},
        ),
    ):
        assert [esuite.call("POST", path, json=body).status for _ in range(2)] == [201, 409]
    for path, params in (
        ("contactmomenten", [("klant", klant["url"])]),
        ("contactmomenten", [("type", "Melding"), ("type", "Contactverzoek"), ("page", "1")]),
        ("contactmomenten", [("identificatie", contact["identificatie"])]),
        ("klantcontactmomenten", [("klant", klant["url"])]),
        ("objectcontactmomenten", [("object", f"{ZAKEN}/1")]),
        ("objectcontactmomenten", [("contactmoment", contact["url"])]),
    ):
        assert esuite.call("GET", path, params=params).body["count"] == 1


@pytest.mark.parametrize(
    ("body", "wrong"),
    [
        ({"kanaal": "duif"}, ["kanaal"]),
        ({"afdeling": "Nergens", "groep": "Niemand"}, ["afdeling", "groep"]),
        ({"behandelaar": {"gebruikersnaam": "niemand"}}, ["behandelaar.gebruikersnaam"]),
        ({"status": "afgehandeld", "toelichting": "Intern", "antwoord": "Ja"}, ["toelichting"]),
    ],
)
def test_a_refusal_names_the_members(esuite, body, wrong):
    sent = {"tekst": "Vraag", **body}
    answer = esuite.call("POST", "contactmomenten", json=sent)
    assert answer.status == 400
    assert [*wrong_members(answer.body, sent)] == wrong


@pytest.mark.parametrize("name", BASES)
def test_the_dialect_names_the_header_that_the_e_suite_reads(name):
    """Without it, every call would be made for the user of the service."""
    assert SHIPPED.facts(name, SHIPPED.lineage("esuite"))["user_header"] == asked.USER_HEADER
