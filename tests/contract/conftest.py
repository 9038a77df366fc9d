"""Tells, at the end of a run, how much was tried."""

TRIED = "tried"


def pytest_terminal_summary(terminalreporter):
    """One line for each test that counted what it tried."""
    for outcome in ("passed", "failed"):
        for report in terminalreporter.stats.get(outcome, ()):
            for name, said in getattr(report, "user_properties", ()):
                if name == TRIED:
                    terminalreporter.write_line(said)
