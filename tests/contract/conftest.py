"""Contracts hold for what goes over the network; at the end of a run is told how much was tried."""

import pytest

TRIED = "tried"


@pytest.fixture(autouse=True)
def over_the_network():
    """Tests of other folders mostly leave it out."""
    from tests.short_way import over_sockets  # noqa: PLC0415

    with over_sockets():
        yield


def pytest_terminal_summary(terminalreporter):
    """One line for each test that counted what it tried."""
    for outcome in ("passed", "failed"):
        for report in terminalreporter.stats.get(outcome, ()):
            for name, said in getattr(report, "user_properties", ()):
                if name == TRIED:
                    terminalreporter.write_line(said)
