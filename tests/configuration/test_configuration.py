"""A deployment's configuration: what it becomes, and how everything wrong with it is said at once."""

import contextlib
import copy
from dataclasses import FrozenInstanceError
from pathlib import Path

import pytest
import yaml
from adapter.configuration import ConfigurationInvalid, load, parse
from adapter.configuration.schemas import configuration_schema
from adapter.main import prepare
from adapter.registers.messages import Mode
from adapter.registers.services import build_service

EXAMPLE = Path(__file__).parent / "example.yaml"
MISTAKES = yaml.load(Path(__file__).with_name("mistakes.yaml").read_text(), Loader=yaml.CSafeLoader)
ENVIRONMENT = {"KLANTEN_SECRET": "zeergeheim" * 4, "OBJECTEN_TOKEN": "Token ookgeheim"}


def problems(text, environment=ENVIRONMENT):
    with pytest.raises(ConfigurationInvalid) as caught:
        parse(text, environment)
    return [str(problem) for problem in caught.value.problems]


def changed(*replacements):
    """The problems of the example after replacing text in it."""
    text = EXAMPLE.read_text()
    for old, new in replacements:
        assert old in text
        text = text.replace(old, new)
    return problems(text)


def test_a_complete_file_becomes_a_frozen_configuration():
    configuration = load(EXAMPLE, ENVIRONMENT)
    assert configuration.public_url == "https://brug.example.nl/klantinteracties/api/v1"
    assert configuration.dialect == "openklant"
    assert configuration.objecttypes["InterneTaak"].version == 3
    assert [token.name for token in configuration.tokens] == ["kiss"]
    assert configuration.tokens[0].operations == ("*",)
    assert configuration.tokens[0].legacy_fields is False
    assert configuration.limits.threads == 40
    with pytest.raises(FrozenInstanceError):
        configuration.dialect = "vng"


OLD_APIS = """
klantbrug:
  api: registers
  registers_api: {url: "https://klant.example.nl/", aliases: ["https://oud.example.nl/openklant/"]}
  registers:
    klantinteracties: {service: openklant}
    objects: {service: objecten}
"""
OPEN_KLANT = """\
    - identifier: openklant
      label: Open Klant
      api_type: kic
      api_root: https://openklant.example.nl/klantinteracties/api/v1/
      auth_type: api_key
      header_key: Authorization
      header_value: Token geheim
"""


def old_apis(*lines):
    """The example with the old APIs over Open Klant 2 instead, and these lines instead of that section."""
    services, _, rest = EXAMPLE.read_text().partition("klantbrug:\n")
    section = OLD_APIS if not lines else "\n".join(("", *lines, ""))
    return services + OPEN_KLANT + section.lstrip("\n") + rest[rest.index("  objecttypes:") :]


def test_the_old_apis_are_served_from_a_register_klantinteracties():
    configuration = parse(old_apis(), ENVIRONMENT)
    assert configuration.apis == {"registers"}
    assert configuration.public_url == ""
    assert configuration.registers_api.url == "https://klant.example.nl"
    assert configuration.registers_api.aliases == ("https://oud.example.nl/openklant",)
    assert not configuration.registers_api.zaakcontactmoment
    assert not configuration.registers_api.volgend_in_lijsten


def test_the_old_apis_are_by_default_on_the_host_of_the_new_one():
    text = EXAMPLE.read_text()
    assert parse(text, ENVIRONMENT).apis == {"klantinteracties"}
    assert parse(text, ENVIRONMENT).registers_api.url == "https://brug.example.nl"


def test_the_old_apis_need_an_address():
    lines = "klantbrug:\n  api: registers\n  registers: {klantinteracties: {service: openklant}}"
    found = problems(old_apis(lines))
    assert [each.partition(": ")[2] for each in found] == [
        "klantbrug.registers_api.url: is missing",
        "klantbrug.registers.objects: is missing",
    ]


def test_without_an_objects_api_the_asides_are_in_a_state_that_lasts():
    apis = "klantbrug:\n  api: registers\n  registers: {klantinteracties: {service: openklant}}"
    lines = f"{apis}\n  registers_api: {{url: 'https://klant.example.nl', asides: table}}"
    configuration = parse(old_apis(lines), ENVIRONMENT)
    assert not configuration.asides_in_objects
    adapter = prepare(configuration)
    assert (list(adapter.set_up()), adapter.lacking().lacks) == ([], {})
    adapter.close()

    found = problems(old_apis(lines, "  state: ':memory:'"))
    assert [each.partition(": ")[2].partition(": ")[0] for each in found] == ["klantbrug.state"]


def test_a_register_has_its_service_with_values_from_the_environment():
    registers = load(EXAMPLE, ENVIRONMENT | {"KLANTEN_TIMEOUT": "7"}).registers
    assert registers["klanten"].service["secret"] == "zeergeheim" * 4
    assert registers["klanten"].service["timeout"] == 7
    assert load(EXAMPLE, ENVIRONMENT).registers["klanten"].service["timeout"] == 20
    assert registers["klanten"].aliases == ("https://gateway.example.nl/klanten/api/v1",)
    assert (registers["klanten"].contract, registers["contactmomenten"].contract) == (Mode.OFF, Mode.LOG)
    assert (registers["klanten"].contract_share, registers["contactmomenten"].contract_share) == (1, 0.01)
    assert registers["objects"].dialect == "openklant"
    assert "zaken" not in registers
    service = build_service(registers["klanten"].service, registers["klanten"].certificates)
    assert service.api_root == "https://klanten.example.nl/klanten/api/v1/"


def test_settings_are_completed_with_their_defaults():
    settings = load(EXAMPLE, ENVIRONMENT).settings
    assert settings["bronorganisatie"] == "002220647"
    assert settings["zaak_codeObjecttype"] == "zgw-Zaak"
    assert settings["zaak_vocabularies"] == "exact"
    assert settings["legacy_fields"] is True


@pytest.mark.parametrize("case", MISTAKES, ids=[each["mistake"] for each in MISTAKES])
def test_each_mistake_is_said_first_where_it_stands(case):
    """And nothing that only follows from it is said besides."""
    text = EXAMPLE.read_text()
    if "change" in case:
        assert text.count(case["change"]) == 1
        text = text.replace(case["change"], case["into"])

    with pytest.raises(ConfigurationInvalid) as caught:
        prepare(parse(case.get("text", text), ENVIRONMENT)).close()

    said = [str(problem) for problem in caught.value.problems]
    assert said[0] == case["says"]
    assert len(said) == case.get("times", 1), said


def test_there_are_forty_mistakes_and_more():
    assert len({each["says"].partition(": ")[2] for each in MISTAKES}) >= 40


def test_all_problems_are_listed_together_with_name_and_line():
    assert changed(
        ('bronorganisatie: "002220647"', 'bronorganisatie: "123456789"\n    zaak_vocabulary: exact'),
        ("service: objecten", "service: objecten, contract: soms"),
        ("auth_type: api_key", "auth_type: magic"),
        ("version: 3", "version: 0"),
    ) == [
        "line 23, column 7: zgw_consumers.services.2.auth_type: "
        "must be one of no_auth, api_key, zgw, oauth2_client_credentials",
        "line 32, column 34: klantbrug.registers.objects.contract: must be one of off, log, refuse",
        "line 36, column 7: klantbrug.objecttypes.InterneTaak.version: must be at least 1",
        "line 40, column 5: klantbrug.settings.bronorganisatie: "
        "must be nine digits that pass the eleven test",
        "line 41, column 5: klantbrug.settings.zaak_vocabulary: "
        "is not known here; did you mean zaak_vocabularies?",
    ]


@pytest.mark.parametrize(
    ("setting", "column", "problem"),
    [
        ("contract: refuse, contract_share: 0.5", 52, "is for log: refuse checks every exchange"),
        ("contract: log, contract_share: 0", 49, "must be more than 0"),
        ("contract: log, contract_share: 1.5", 49, "must be at most 1"),
    ],
)
def test_a_share_of_a_contract_is_a_share_and_for_log(setting, column, problem):
    assert changed(("service: objecten", f"service: objecten, {setting}")) == [
        f"line 32, column {column}: klantbrug.registers.objects.contract_share: {problem}"
    ]


def test_a_missing_environment_variable_is_named():
    assert problems(EXAMPLE.read_text(), {"KLANTEN_SECRET": "x"})[0] == (
        "line 25, column 7: zgw_consumers.services.2.header_value: "
        "the environment variable OBJECTEN_TOKEN is not set"
    )


def test_no_problem_repeats_a_value():
    text = "\n".join(
        changed(
            ('hash: "scrypt$16384$8$1$c2FsdA$0123456789abcdef"', "hash: kortgeheim"),
            ("client_id: klantbrug", "client_id: 5"),
            ("api_root: https://objecten.example.nl/api/v2/", "api_root: ftp://gebruiker:wachtwoord@host/"),
        )
    )
    for secret in ("kortgeheim", "wachtwoord", "zeergeheim", "ookgeheim"):
        assert secret not in text


def test_a_token_has_a_hash_or_is_plain():
    assert changed(("legacy_fields: false", "plain: demo")) == [
        "line 38, column 7: klantbrug.tokens.0: wants exactly one of hash, plain, client_id"
    ]
    assert changed((', hash: "scrypt$16384$8$1$c2FsdA$0123456789abcdef"', "")) == [
        "line 38, column 7: klantbrug.tokens.0: wants exactly one of hash, plain, client_id"
    ]


def test_names_must_differ_and_exist():
    assert changed(("identifier: contactmomenten", "identifier: klanten")) == [
        "line 12, column 7: zgw_consumers.services.1.identifier: "
        "is the identifier of another service as well",
        "line 31, column 23: klantbrug.registers.contactmomenten.service: "
        "names no entry of zgw_consumers: services",
    ]
    assert changed(("  settings:\n", "    - {name: kiss, plain: x}\n  settings:\n")) == [
        "line 39, column 8: klantbrug.tokens.1.name: is the name of another token as well"
    ]


@pytest.mark.parametrize("name", ["header_key", "header_value"])
def test_each_way_to_log_in_needs_its_credentials(name):
    lines = [line for line in EXAMPLE.read_text().splitlines() if name not in line]
    place = lines.index("    - identifier: objecten") + 1
    assert problems("\n".join(lines)) == [
        f"line {place}, column 7: zgw_consumers.services.2.{name}: is missing or empty"
    ]


def test_certificates_are_readable_files(tmp_path):
    wrong = "auth_type: api_key\n      client_certificate: {public_certificate: cert.pem}"
    assert changed(("auth_type: api_key", wrong)) == [
        "line 24, column 28: zgw_consumers.services.2.client_certificate.public_certificate: "
        "must be the full path of a readable file"
    ]
    certificate = tmp_path / "cert.pem"
    certificate.write_text("")
    text = EXAMPLE.read_text().replace("auth_type: api_key", wrong.replace("cert.pem", str(certificate)))
    register = parse(text, ENVIRONMENT).registers["objects"]
    service = build_service(register.service, register.certificates)
    assert service.client_certificate.public_certificate.path == str(certificate)


BROKEN = ["", "[]", "just words", "a: [", "a: *b", "a: 1\na: 2", "a: !!python/object:x {}"]


@pytest.mark.parametrize("text", BROKEN)
def test_a_file_that_is_no_configuration_is_refused_with_a_reason(text):
    assert problems(text)


def test_a_member_that_stands_twice_is_refused():
    assert "line 29, column 3: klantbrug.dialect: occurs twice" in changed(
        ("  dialect: openklant\n", "  dialect: openklant\n  dialect: vng\n")
    )


def test_representations_hold_no_secrets():
    shown = repr(load(EXAMPLE, ENVIRONMENT))
    assert not any(secret in shown for secret in ("zeergeheim", "ookgeheim", "0123456789abcdef"))


def test_other_sections_of_the_file_are_left_alone():
    parse(EXAMPLE.read_text() + "\nanother_program: {a: 1}\n", ENVIRONMENT)


def test_every_name_in_the_section_is_described():
    def undescribed(schema, path):
        for name, member in schema.get("properties", {}).items():
            if not any(key in member for key in ("description", "properties")):
                yield ".".join((*path, name))
            yield from undescribed(member, (*path, name))

    section = configuration_schema()["properties"]["klantbrug"]
    assert list(undescribed(section, ("klantbrug",))) == []


def places(value, path=()):
    yield path
    for key, member in (
        value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    ):
        yield from places(member, (*path, key))


@pytest.mark.parametrize("strange", [None, 5, "x", [], {}, [5], {"x": 5}, [[]], True])
def test_anything_anywhere_is_taken_or_refused_with_problems(strange):
    example = yaml.load(EXAMPLE.read_text(), Loader=yaml.CSafeLoader)
    for path in places(example):
        changed = copy.deepcopy(example)
        if not path:
            changed = strange
        else:
            parent = changed
            for key in path[:-1]:
                parent = parent[key]
            parent[path[-1]] = strange
        with contextlib.suppress(ConfigurationInvalid):
            parse(yaml.dump(changed, Dumper=yaml.CSafeDumper), ENVIRONMENT)


def test_a_client_may_sign_and_a_token_may_end():
    text = EXAMPLE.read_text().replace(
        "  settings:\n",
        "    - {name: zac, client_id: zac, secret: {value_from: {env: ZAC}}, expires: 2027-01-31,\n"
        "       certificate: ab}\n"
        "  proxies: [10.0.0.0/8]\n  settings:\n",
    )
    configuration = parse(text, ENVIRONMENT | {"ZAC": "nog een lang geheim"})
    token = configuration.tokens[1]
    assert (token.client_id, token.secret, token.certificate) == ("zac", "nog een lang geheim", "ab")
    assert token.expires == 1801353600
    assert configuration.access.proxies == ("10.0.0.0/8",)
    assert "geheim" not in repr(configuration)


def test_what_is_wrong_with_access_is_named():
    token = "    - {name: zac, client_id: zac, expires: 2027-01-31T12:00}\n  proxies: [10.0.0.0/99]\n"
    assert changed(("  settings:\n", token + "  settings:\n")) == [
        "line 39, column 7: klantbrug.tokens.1.secret: is missing",
        "line 39, column 35: klantbrug.tokens.1.expires: "
        "must be a date, or a date and time with its zone (2027-01-31T12:00:00Z)",
        "line 40, column 13: klantbrug.proxies.0: must be an address or a network (10.0.0.0/8)",
    ]


@pytest.mark.parametrize(("given", "level"), [("", "info"), ("DEBUG", "debug"), ("warn", "warning")])
def test_the_environment_has_the_last_word_on_what_is_logged(given, level):
    assert load(EXAMPLE, ENVIRONMENT | {"LOGLEVEL": given}).log_level == level


def test_a_level_that_is_none_is_told():
    with pytest.raises(
        ConfigurationInvalid, match="the environment variable LOGLEVEL must be one of debug, info"
    ):
        load(EXAMPLE, ENVIRONMENT | {"LOGLEVEL": "luid"})


@pytest.mark.parametrize(
    ("given", "right"), [("altijd", True), ("nooit", True), ("P7D", True), ("7 dagen", False)]
)
def test_how_long_a_contact_can_be_changed_is_a_word_or_a_duration(given, right):
    text = EXAMPLE.read_text(encoding="utf-8") + f"    klantcontact_wijzigen: {given}\n"
    if right:
        assert parse(text, ENVIRONMENT).settings["klantcontact_wijzigen"] == given
    else:
        with pytest.raises(ConfigurationInvalid, match="must be altijd, nooit, or a duration such as"):
            parse(text, ENVIRONMENT)
