"""The command `export`: what it refuses, and that a stopped export goes on."""

import csv

import pytest
from adapter.cli import main
from adapter.export import files
from adapter.export.files import ParquetMissing


@pytest.fixture
def run(deployment, tmp_path, capsys, monkeypatch):
    """Runs the command on a deployment; returns (status, output, errors)."""
    file = tmp_path / "klantbrug.yaml"
    file.write_text("")
    monkeypatch.setattr("adapter.commands.opening.configured", lambda *_: deployment.configuration)

    def run(*arguments):
        status = main(["export", *map(str, arguments), "--config", str(file)])
        return status, *capsys.readouterr()

    return run


@pytest.mark.parametrize("dialect", ["openklant"])
def test_an_export_is_a_table_once_and_goes_on_where_it_stopped(deployment, run, tmp_path, monkeypatch):
    """An empty list too; nothing is written over."""
    table = tmp_path / "actoren.csv"
    for name in ("Sanne", "Els"):
        body = {"naam": name, "soortActor": "medewerker", "indicatieActief": True}
        deployment.served.post("actoren", body)
    with monkeypatch.context() as stopped:
        stopped.setattr(files.Lines, "write", _stop)
        assert run("actoren", "--format", "csv", "--to", table)[0] == 1
    assert run("partijen", "--format", "csv", "--to", table)[2].endswith("name another with --to\n")
    assert run("actoren", "--format", "csv", "--to", table) == (0, "actoren: 2\n", "")
    with table.open(newline="") as file:
        assert sorted(each["naam"] for each in csv.DictReader(file)) == ["Els", "Sanne"]
    status, _, errors = run("actoren", "--format", "csv", "--to", table)
    assert (status, errors) == (
        1,
        f"klantbrug: {table} is there already; remove it, or name another with --to\n",
    )
    assert run("partijen", "--to", tmp_path / "none.ndjson") == (0, "partijen: 0\n", "")


def _stop(*_):
    raise KeyboardInterrupt


@pytest.mark.parametrize("dialect", ["openklant"])
def test_what_cannot_be_exported_is_said_in_one_line(run, tmp_path, monkeypatch):
    assert run("klanten")[2].startswith("klantbrug: there is no resource klanten; there are actoren, ")
    assert (
        run("partijen", "--format", "parquet")[2]
        == "klantbrug: Parquet goes to a folder: name it with --to\n"
    )

    def missing(*_):
        raise ParquetMissing

    monkeypatch.setattr(files.Parts, "__init__", missing)
    said = run("partijen", "--format", "parquet", "--to", tmp_path / "parts")[2]
    assert said == "klantbrug: Parquet needs a library: pip install 'klantbrug[parquet]'\n"


def test_a_moment_that_is_none_is_refused(capsys):
    with pytest.raises(SystemExit):
        main(["export", "partijen", "--since", "gisteren", "--config", "klantbrug.yaml"])
    assert "an instant is like 2025-03-01" in capsys.readouterr().err
