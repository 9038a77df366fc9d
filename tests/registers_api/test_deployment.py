"""The old APIs as a deployment: from a configuration, beside the Klantinteracties API, and for operators."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pytest
from adapter.cli import main
from adapter.configuration import Configuration, RegisterConfiguration, parse
from adapter.configuration.parts import RegistersApi
from adapter.main import prepare
from adapter.registers.messages import Mode

from tests.deployment import Running
from tests.embedded.registers_client import klant_body, moment_body, reasons

LOGIN = {"auth_type": "api_key", "header_key": "Authorization", "header_value": "Token demo", "timeout": 10}


@pytest.fixture
def dialect() -> str:
    return "openklant"


def both(below: Running, configuration: Configuration) -> Configuration:
    """That of a KlantBrug which serves the old APIs over the one that runs, and the new one too."""
    service = {"api_type": "kic", "api_root": f"{below.configuration.public_url}/", **LOGIN}
    new = RegisterConfiguration(
        "klantinteracties",
        {"identifier": "nieuw", "label": "nieuw", **service},
        {},
        (),
        "openklant",
        Mode.REFUSE,
        1,
    )
    registers = MappingProxyType({**configuration.registers, new.name: new})
    url = configuration.public_url.removesuffix("/klantinteracties/api/v1")
    served = frozenset({"klantinteracties", "registers"})
    return replace(configuration, apis=served, registers=registers, registers_api=RegistersApi(url))


@pytest.fixture
def client(deployment: Running) -> Iterator[Any]:
    """A client of both APIs, by way of the public URL of the new one."""
    adapter = prepare(both(deployment, deployment.configuration))
    deployment.made += [each for each in adapter.set_up() if each.name == "RegisterAanvulling"]
    adapter.close()
    with deployment.another(lambda it: both(deployment, it)) as client:
        client.session.hooks["response"].clear()
        yield client


def test_both_apis_are_served_by_one_process(client: Any) -> None:
    """Every exchange with the register Klantinteracties fits its contract, or it would be refused."""
    origin = client.base.removesuffix("/klantinteracties/api/v1")
    body = klant_body(emailadres="jan@example.nl", achternaam="Jansen", functie="bode")
    klant = client.post(f"{origin}/klanten/api/v1/klanten", body)
    partij = client.get(f"partijen/{klant['url'].rpartition('/')[2]}", expand="digitaleAdressen")
    assert partij["partijIdentificatie"]["contactnaam"]["achternaam"] == "Jansen"
    assert partij["_expand"]["digitaleAdressen"][0]["adres"] == "jan@example.nl"
    assert client.get(klant["url"]) == klant
    client.patch(klant["url"], {"achternaam": "Pietersen"})
    found = client.get(f"{origin}/klanten/api/v1/klanten", emailadres="jan@example.nl")
    assert [each["achternaam"] for each in found["results"]] == ["Pietersen"]
    health = client.get(f"{origin}/_healthz")
    assert health["registers"]["klantinteracties"] == "up"
    client.delete(klant["url"])
    client.get(f"partijen/{klant['url'].rpartition('/')[2]}", 404)


@pytest.mark.contract
def test_a_zaak_needs_a_zaken_api_in_the_configuration(deployment: Running) -> None:
    """Without one there is no URL for a zaak: a link is refused, and what links to one is left out."""

    def without(configuration: Configuration) -> Configuration:
        found = both(deployment, configuration)
        kept = {name: it for name, it in found.registers.items() if name != "zaken"}
        return replace(found, registers=MappingProxyType(kept))

    adapter = prepare(without(deployment.configuration))
    made = [each for each in adapter.set_up() if each.name == "RegisterAanvulling"]
    deployment.made += made
    adapter.close()
    with deployment.another(without) as client:
        client.session.hooks["response"].clear()
        origin = client.base.removesuffix("/klantinteracties/api/v1")
        moment = client.post(f"{origin}/contactmomenten/api/v1/contactmomenten", moment_body())
        contact = {"uuid": moment["url"].rpartition("/")[2]}
        zaak = {
            "objectId": "11111111-1111-4111-8111-111111111111",
            "codeObjecttype": "zgw-Zaak",
            "codeRegister": "openzaak",
            "codeSoortObjectId": "uuid",
        }
        linked = {"klantcontact": contact, "wasKlantcontact": None, "onderwerpobjectidentificator": zaak}
        deployment.served.post("onderwerpobjecten", linked)
        links = f"{origin}/contactmomenten/api/v1/objectcontactmomenten"
        assert client.get(links)["results"] == []
        assert client.get(moment["url"])["objectcontactmomenten"] == []
        body = {
            "contactmoment": moment["url"],
            "objectType": "zaak",
            "object": "https://z.example.nl/zaken/1",
        }
        assert reasons(client.post(links, body, 400)) == {"object": "bad-url"}


OLD_ONLY = """\
zgw_consumers:
  services:
    - {{identifier: nieuw, label: Nieuw, api_type: kic, api_root: "{new}/", auth_type: api_key,
       header_key: Authorization, header_value: Token {token}}}
    - {{identifier: objecten, label: Objecten, api_type: orc, api_root: "{objects}/", auth_type: api_key,
       header_key: Authorization, header_value: Token demo}}
klantbrug:
  api: registers
  dialect: openklant
  registers_api: {{url: "https://oud.example.nl"}}
  registers: {{klantinteracties: {{service: nieuw}}, objects: {{service: objecten}}}}
  tokens: [{{name: oud, client_id: oud, secret: zeer-geheim-zeer-geheim-zeer-geheim}}]
  settings: {{bronorganisatie: "002220647"}}
  state: ":memory:"
"""


def test_the_example_in_the_documentation_is_a_configuration() -> None:
    page = (Path(__file__).parents[2] / "docs" / "old-apis.md").read_text(encoding="utf-8")
    (example,) = re.findall(r"```yaml\n(.*?)```", page, re.DOTALL)
    names = ("OPENKLANT_TOKEN", "OBJECTEN_TOKEN", "ZAAKSYSTEEM_SECRET")
    environment = dict.fromkeys(names, "Token zeer-geheim-zeer-geheim")
    found = parse(example.replace("/var/lib/klantbrug/", ""), environment)
    assert (found.serves_new, found.serves_old) == (False, True)
    prepare(found).close()


def explained(deployment: Running, file: Path, capsys: Any) -> None:
    """Which calls a request took, how a filter is asked, and from where each member comes."""
    nobody = {"digitaleAdressen": [], "rekeningnummers": [], "voorkeursRekeningnummer": None}
    partij = {"soortPartij": "organisatie", "partijIdentificatie": {"naam": "Bakkerij Wit"}, **nobody}
    partij |= {"indicatieActief": True, "indicatieGeheimhouding": False, "voorkeursDigitaalAdres": None}
    deployment.served.post("partijen", partij)
    page = file.with_suffix(".html")
    asked = ["explain", "GET", "klanten?emailadres=wit@example.nl", "--config", str(file)]
    assert main([*asked, "--html", str(page)]) == 0, capsys.readouterr().err
    said = capsys.readouterr().out
    assert "Answered 200" in said
    assert "its rows searched, and what stands aside searched" in said
    assert "digitaleadressen" in said
    assert "wit@example.nl" not in said + page.read_text(encoding="utf-8")
    assert main(["explain", "GET", "klanten", "--config", str(file), "--values"]) == 0
    said = capsys.readouterr().out
    assert "partijen.partijIdentificatie.naam" in said
    assert "Bakkerij Wit" in said
    assert "filled in" in said
    elsewhere = "klantcontactmomenten?klant=https://elders.example/klanten/1"
    assert main(["explain", "GET", elsewhere, "--config", str(file)]) == 0
    assert "no list can have it" in capsys.readouterr().out
    assert main(["explain", "GET", "contactmomenten?onbekend=1", "--config", str(file)]) == 0
    assert "Answered 400" in capsys.readouterr().out
    assert main(["explain", "GET", "partijen", "--config", str(file)]) == 1
    assert "no API that is served has GET /partijen" in capsys.readouterr().err


def test_an_operator_sets_it_up_and_looks_at_it(deployment: Running, tmp_path: Path, capsys: Any) -> None:
    """The commands concern the register Klantinteracties and the objecttype of what it has no place for."""
    file = tmp_path / "oud.yaml"
    below = {"new": deployment.configuration.public_url, "objects": deployment.objects.base}
    file.write_text(OLD_ONLY.format(token="demo", **below))
    for command in ("setup", "doctor"):
        assert main([command, "--config", str(file)]) == 0, capsys.readouterr().err
    said = capsys.readouterr()
    assert "RegisterAanvulling: " in said.out
    explained(deployment, file, capsys)
    file.write_text(OLD_ONLY.format(token="verkeerd", **below))
    assert main(["setup", "--config", str(file)]) == 1
    assert "klantinteracties: it does not know KlantBrug (401)" in capsys.readouterr().err


@pytest.mark.contract
def test_the_settings_of_the_old_apis_reach_them(deployment: Running) -> None:
    """A kanaal that nobody gave is the configured one; lists say what follows when they are to."""

    def told(configuration: Configuration) -> Configuration:
        changed = both(deployment, configuration)
        settings = {**changed.settings, "onbekend_kanaal": "geen"}
        served = replace(changed.registers_api, volgend_in_lijsten=True)
        return replace(changed, settings=settings, registers_api=served)

    adapter = prepare(told(deployment.configuration))
    deployment.made += [each for each in adapter.set_up() if each.name == "RegisterAanvulling"]
    adapter.close()
    with deployment.another(told) as client:
        client.session.hooks["response"].clear()
        origin = client.base.removesuffix("/klantinteracties/api/v1")
        path = f"{origin}/contactmomenten/api/v1/contactmomenten"
        body = {"bronorganisatie": "002220647", "medewerkerIdentificatie": {"identificatie": "mw-1"}}
        first = client.post(path, body)
        second = client.post(path, body | {"vorigContactmoment": first["url"], "kanaal": "balie"})
        contact = client.get(f"klantcontacten/{first['url'].rpartition('/')[2]}")

        assert (first["kanaal"], contact["kanaal"]) == ("", "geen")
        found = {each["url"]: each["volgendContactmoment"] for each in client.get(path)["results"]}
        assert found == {first["url"]: second["url"], second["url"]: None}


@pytest.mark.contract
def test_what_a_citizen_does_in_an_old_portal_is_seen_by_all(client: Any) -> None:
    """The flow of the old modules of NL Portal: looked up by BSN, made, sent back whole with a change."""
    origin = client.base.removesuffix("/klantinteracties/api/v1")
    path, asked = f"{origin}/klanten/api/v1/klanten", {"subjectNatuurlijkPersoon__inpBsn": "999993653"}
    assert client.get(path, page=1, **asked)["count"] == 0
    subject = {"subjectIdentificatie": {"inpBsn": "999993653"}}
    made = client.post(path, klant_body(**subject, emailadres="anna@example.nl", telefoonnummer="0612345678"))
    (found,) = client.get(path, page=1, **asked)["results"]
    assert found == made
    changed = client.patch(found["url"], {**found, "telefoonnummer": "0201234567"})
    assert changed == {**found, "telefoonnummer": "0201234567"}
    partij = client.get(f"partijen/{made['url'].rpartition('/')[2]}", expand="digitaleAdressen")
    addresses = {each["adres"] for each in partij["_expand"]["digitaleAdressen"]}
    assert addresses == {"anna@example.nl", "0201234567"}


@pytest.mark.contract
def test_what_is_asked_in_an_old_portal_stands_in_its_history(client: Any) -> None:
    """The flow of Open Inwoner in its old mode, and the list that Valtimo 12 shows."""
    origin = client.base.removesuffix("/klantinteracties/api/v1")
    base = f"{origin}/contactmomenten/api/v1"
    klant = client.post(f"{origin}/klanten/api/v1/klanten", klant_body())
    employee = {"medewerkerIdentificatie": {"identificatie": "portaal"}}
    asked = {"bronorganisatie": "002220647", "tekst": "Waar is mijn paspoort?", "kanaal": "internet"}
    moment = client.post(f"{base}/contactmomenten", asked | employee)
    link = {"klant": klant["url"], "contactmoment": moment["url"], "rol": "belanghebbende"}
    client.post(f"{base}/klantcontactmomenten", link)

    links = client.get(f"{base}/klantcontactmomenten", klant=klant["url"])["results"]
    assert [{name: each[name] for name in link} for each in links] == [link]
    assert {name: client.get(links[0]["contactmoment"])[name] for name in asked} == asked
    listed = client.get(f"{base}/contactmomenten", ordering="-registratiedatum", page=1)["results"]
    assert [each["url"] for each in listed] == [moment["url"]]
    contact = client.get(f"klantcontacten/{moment['url'].rpartition('/')[2]}", expand="hadBetrokkenen")
    (betrokkene,) = contact["_expand"]["hadBetrokkenen"]
    assert (contact["inhoud"], contact["kanaal"]) == (asked["tekst"], asked["kanaal"])
    assert betrokkene["wasPartij"]["uuid"] == klant["url"].rpartition("/")[2]
