"""Schemathesis holds a running KlantBrug to its specification, as `schemathesis.toml` has anybody do it.

Meanwhile every exchange with a register is held to that register's specification.
"""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.contract.conftest import TRIED

ROOT = Path(__file__).parents[2]
COMMAND = Path(sys.executable).parent / "st"
SEED = os.environ.get("SEED", "1")
# Every kind of operation, and a reference to what a register has.
SOME = "^/rekeningnummers"


def run(base, folder, *arguments, token="demo"):
    """What schemathesis reports; it fails with all that it says when there is a finding."""
    report = folder / "report.json"
    command = [
        COMMAND, "--no-color", "run", f"{base}/openapi.json", "--seed", SEED,
        "--report", "json", "--report-json-path", report, *arguments,
    ]  # fmt: skip
    environment = os.environ | {"KLANTBRUG_TOKEN": token}
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return json.loads(report.read_text())


def tried(deployment, found):
    """How much was tried, in words."""
    return (
        f"contract, dialect {deployment.dialect}: {found['test_cases']['generated']} requests, "
        f"{found['operations']['tested']} operations, {len(deployment.exchanges)} exchanges with registers"
    )


@pytest.mark.contract
@pytest.mark.parametrize("dialect", ["vng", "openklant", "esuite"])
def test_every_operation_keeps_the_specification(deployment, tmp_path, record_property):
    found = run(deployment.served.base, tmp_path)
    assert found["operations"]["tested"] == found["operations"]["total"] == 86
    assert found["complete"]
    assert found["test_cases"]["generated"] > 5000
    assert len(deployment.exchanges) > 5000
    record_property(TRIED, tried(deployment, found))


@pytest.mark.contract
@pytest.mark.parametrize("dialect", ["openklant"])
def test_nothing_is_told_or_asked_of_a_register_without_a_known_token(deployment, tmp_path, record_property):
    # Who is not known is not told either which methods there are.
    arguments = ("--phases", "coverage", "--mode", "positive", "--exclude-checks", "unsupported_method")
    found = run(deployment.served.base, tmp_path, *arguments, token="unknown")
    assert found["operations"]["tested"] == 86
    assert deployment.exchanges == []
    record_property(TRIED, tried(deployment, found))


@pytest.mark.parametrize("dialect", ["openklant"])
def test_some_operations_keep_the_specification(deployment, tmp_path, record_property):
    found = run(deployment.served.base, tmp_path, "--include-path-regex", SOME, "--max-examples", "1")
    assert found["test_cases"]["generated"] > 200
    record_property(TRIED, tried(deployment, found))
