"""The command line: what each command says and with which status it ends."""

import hmac
import io
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from adapter.api.tokens import Token, Tokens
from adapter.cli import main
from adapter.commands import opening
from adapter.dialects import SHIPPED, Library, mappings_folder
from adapter.scenes.run import play_scenes

from tests.configuration.test_configuration import ENVIRONMENT, EXAMPLE
from tests.standard import STANDARD


@pytest.fixture
def configured(monkeypatch, tmp_path):
    for name, value in ENVIRONMENT.items():
        monkeypatch.setenv(name, value)
    file = tmp_path / "klantbrug.yaml"
    file.write_text(EXAMPLE.read_text())
    return file


def test_check_is_silent_when_all_is_well(configured, capsys):
    assert main(["check"]) == 0
    assert main(["check", "--config", str(configured)]) == 0
    assert capsys.readouterr() == ("", "")


def test_check_names_every_problem_of_a_configuration(configured, capsys):
    text = configured.read_text()
    configured.write_text(
        text.replace("version: 3", "version: x").replace("service: objecten", "service: niets")
    )
    assert main(["check", "--config", str(configured)]) == 1
    out, err = capsys.readouterr()
    assert out == ""
    assert err.splitlines() == [
        f"klantbrug: {configured} cannot be used:",
        "  line 32, column 15: klantbrug.registers.objects.service: "
        "names no entry of zgw_consumers: services",
        "  line 36, column 7: klantbrug.objecttypes.InterneTaak.version: must be a whole number",
    ]


def test_an_unknown_dialect_is_named_with_the_known_ones(configured, capsys):
    configured.write_text(configured.read_text().replace("dialect: openklant", "dialect: esuite-x"))
    assert main(["check", "--config", str(configured)]) == 1
    err = capsys.readouterr().err
    assert err == (
        f"klantbrug: {configured} cannot be used: line 28, column 3: klantbrug.dialect: "
        "is no dialect: there is esuite, klantenbundle, openklant, vng; did you mean esuite?\n"
    )


@pytest.mark.parametrize("command", ["serve", "check", "setup"])
def test_a_file_that_cannot_be_read_is_said_in_one_line(command, tmp_path, capsys):
    assert main([command, "--config", str(tmp_path / "none.yaml")]) == 1
    assert capsys.readouterr().err == f"klantbrug: {tmp_path / 'none.yaml'}: No such file or directory\n"
    binary = tmp_path / "binary.yaml"
    binary.write_bytes(b"\xff\xfe\x00")
    assert main([command, "--config", str(binary)]) == 1
    assert "UTF-8" in capsys.readouterr().err


@pytest.mark.parametrize(
    "arguments", [[], ["nonsense"], ["serve"], ["demo", "--port", "x"], ["demo", "--port", "70000"]]
)
def test_a_wrong_command_ends_with_status_2(arguments, capsys):
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    assert ended.value.code == 2
    assert "usage: klantbrug" in capsys.readouterr().err


def test_a_token_is_printed_with_a_hash_that_fits_it(capsys):
    assert main(["token"]) == 0
    lines = dict(line.split(": ", 1) for line in capsys.readouterr().out.splitlines())
    assert len(lines["token"]) >= 40
    tokens = Tokens([Token(name="kiss", hash=lines["hash"])])
    assert tokens is not None
    assert lines["token"] not in lines["hash"]


def test_a_given_token_is_hashed_from_the_input(monkeypatch, capsys):
    monkeypatch.setattr(sys, "stdin", io.StringIO("mijn-token\n"))
    assert main(["token", "--stdin"]) == 0
    out = capsys.readouterr().out
    assert out.startswith("hash: scrypt$")
    assert "mijn-token" not in out
    monkeypatch.setattr(sys, "stdin", io.StringIO("met een spatie\n"))
    assert main(["token", "--stdin"]) == 1


def test_a_pseudonym_is_printed_without_what_it_is_of(monkeypatch, capsys, configured):
    """So that it can be looked up in the log of processing what is known of somebody."""
    key = "een-sleutel-van-meer-dan-32-tekens"
    book = f"logbook: {{endpoint: 'https://logboek.example/', key: {key}, activities: {{'*': 'urn:x:1'}}}}"
    configured.write_text(EXAMPLE.read_text().replace("  dialect:", f"  {book}\n  dialect:", 1))
    monkeypatch.setattr(sys, "stdin", io.StringIO("BSN 999990019\n"))
    assert main(["pseudonym", "--config", str(configured)]) == 0
    expected = hmac.new(key.encode(), b"BSN:999990019", "sha256").hexdigest()
    assert capsys.readouterr().out == f"BSN {expected}\n"
    monkeypatch.setattr(sys, "stdin", io.StringIO("999990019\n"))
    assert main(["pseudonym", "--config", str(configured)]) == 1
    assert "999990019" not in capsys.readouterr().err


def test_the_installed_command_runs():
    command = Path(sys.executable).parent / "klantbrug"
    done = subprocess.run([command, "--help"], capture_output=True, text=True, check=True, env=os.environ)
    for name in ("serve", "demo", "check", "test", "explain", "docs", "setup", "token"):
        assert name in done.stdout


def test_check_prints_where_properties_live_and_how_filters_are_answered(capsys):
    assert main(["check", "--coverage", "--filters"]) == 0
    lines = [line.split() for line in capsys.readouterr().out.splitlines()]
    home = ["klantcontacten", "inhoud", "contactmoment:", "contactmomenten/contactmomenten", "tekst"]
    assert lines.count(home) == len(SHIPPED.dialects())
    # The e-Suite cannot be asked for a kanaal.
    assert lines.count(["GET", "/klantcontacten", "kanaal", "page"]) == len(STANDARD)
    assert lines.count(["GET", "/klantcontacten", "inhoud", "scan"]) == len(SHIPPED.dialects())


def test_test_says_how_many_examples_come_out(capsys, monkeypatch):
    """Without a name all is played; here of each dialect one mapping: tests/mapping plays all of them."""
    asked = {}

    def some(library, dialect, only):
        asked[dialect] = list(only)
        return play_scenes(library, dialect, ["bijlagen"])

    monkeypatch.setattr("adapter.scenes.run.play_scenes", some)

    assert main(["test"]) == 0

    assert asked == {each: [] for each in SHIPPED.tried()}
    out, err = capsys.readouterr()
    assert out.startswith("all examples and scenes come out: ")
    found = re.findall(r"(\d+) and (\d+) in dialect (\w+)", out)
    assert [dialect for _, _, dialect in found] == list(asked)
    assert all(int(examples) > 60 and int(scenes) < 20 for examples, scenes, _ in found)
    assert any(int(scenes) > 0 for _, scenes, _ in found)
    assert err == ""


def test_test_of_some_mappings_is_quick_enough_for_every_save(capsys):
    """Only what stands in their files is tried; a name that no mapping has is a mistake."""
    assert main(["test", "actoren", "bijlagen"]) == 0
    few = [int(each) for each in re.findall(r"\d+", capsys.readouterr().out)]
    assert few
    assert all(0 < each < 40 for each in few)
    assert main(["test", "rekeningnumers"]) == 1
    assert capsys.readouterr().err == (
        "klantbrug: there is no mapping rekeningnumers; did you mean rekeningnummers?\n"
    )


def test_test_tells_what_does_not_come_out(capsys, monkeypatch, tmp_path):
    folder = Path(shutil.copytree(mappings_folder(), tmp_path / "mappings"))
    file = folder / "vng" / "klantcontacten.yaml"
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace("register: {kanaal: chat}", "register: {kanaal: balie}"), encoding="utf-8")
    monkeypatch.setattr(opening, "SHIPPED", Library((folder,)))

    assert main(["test"]) == 1

    err = capsys.readouterr().err.splitlines()
    assert err[0] == "klantbrug: these examples do not come out:"
    assert err[1].startswith("mappings/vng/klantcontacten.yaml:")
    assert err[2:] == ['    the example says    "balie"', '    the mapping gives   "chat"']


def test_explain_of_a_demonstration_shows_a_page_and_writes_one(tmp_path, capsys):
    file = tmp_path / "page.html"
    command = ["explain", "get", "/klantcontacten?pageSize=1", "--demo", "--html", str(file)]
    assert main(command) == 0
    out = capsys.readouterr().out
    assert out.startswith("GET /klantcontacten?pageSize=1\n")
    assert "contactmomenten/contactmomenten: tekst" in out
    page = file.read_text(encoding="utf-8")
    assert page.startswith("<!doctype html>")
    assert "••••" in page


def test_explain_does_not_change_real_registers_unasked(configured, capsys):
    assert main(["explain", "POST", "/klantcontacten", "--config", str(configured)]) == 1
    assert capsys.readouterr().err == "klantbrug: POST changes the registers; say --write if it should\n"


def test_explain_knows_the_operations_of_the_specification(capsys):
    assert main(["explain", "GET", "/nergens", "--demo"]) == 1
    assert capsys.readouterr().err == "klantbrug: the specification has no GET /nergens\n"
