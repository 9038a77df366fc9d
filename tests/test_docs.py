"""The documentation fits the program: made pages are as they would be made now, links lead somewhere."""

import re
from pathlib import Path

import pytest
from adapter.handbook import pages, subcommands

ROOT = Path(__file__).parents[1]
FILES = [*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").rglob("*.md"))]


@pytest.mark.parametrize(("name", "text"), [pytest.param(*each, id=each[0]) for each in pages()])
def test_a_page_that_is_made_is_up_to_date(name, text):
    """Whoever changes a setting or a command writes the pages again."""
    found = (ROOT / "docs" / name).read_text(encoding="utf-8")
    assert found == text, "write it again: .venv/bin/python -m adapter.handbook"


@pytest.mark.parametrize("file", FILES, ids=lambda each: str(each.relative_to(ROOT)))
def test_every_link_leads_to_a_file_or_a_heading(file):
    """A link within the documentation is never broken."""
    text = file.read_text(encoding="utf-8")
    for target in re.findall(r"\]\(([^)\s]+)\)", text):
        if target.startswith(("http://", "https://")):
            continue
        path, _, heading = target.partition("#")
        found = file.parent / path if path else file
        assert found.exists(), target
        assert not heading or heading in _headings(found.read_text(encoding="utf-8")), target


@pytest.mark.parametrize("file", FILES, ids=lambda each: str(each.relative_to(ROOT)))
def test_every_command_that_is_named_exists(file):
    """Commands and their options, and targets of make."""
    text = file.read_text(encoding="utf-8")
    known = {each.prog.split()[-1]: each._option_string_actions for each in subcommands()}
    code = re.findall(r"```(?:sh|yaml|dockerfile)?\n(.*?)```|`([^`\n]+)`", text, re.DOTALL)
    for line in "\n".join(block or inline for block, inline in code).splitlines():
        for name, options in re.findall(r"(?:^|[\s/])klantbrug ([a-z][a-z-]*)((?: [^|;#>]*)?)", line):
            assert name in known, line
            assert set(re.findall(r"--[a-z-]+", options)) <= set(known[name]), line
        for target in re.findall(r"^make ([a-z-]+)", line):
            makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
            assert re.search(rf"^{target}:", makefile, re.MULTILINE), line


def test_the_runbooks_name_alerts_and_events_that_exist():
    """Whoever is called by an alert finds it, and whoever looks for an event finds it in the log."""
    text = (ROOT / "docs" / "runbooks.md").read_text(encoding="utf-8")
    rules = (ROOT / "deploy" / "observability" / "prometheus-rules.yaml").read_text(encoding="utf-8")
    alerts = set(re.findall(r"alert: (\w+)", rules))
    assert set(re.findall(r"`(KlantBrug\w+)`", text)) <= alerts
    named = {
        word for line in re.findall(r"events? `.*", text) for word in re.findall(r"`([a-z]+_[a-z_]+)`", line)
    }
    assert named
    assert named - {"retry_after"} <= {*_said(EVENTS), *_said(COUNTS)}


def test_every_page_is_on_the_site():
    """Whoever adds a page adds it to the menu; the reference has its own."""
    menu = set(re.findall(r'= "(\S+\.md)"', (ROOT / "docs" / "site.toml").read_text(encoding="utf-8")))
    pages = {str(each.relative_to(ROOT / "docs")) for each in (ROOT / "docs").rglob("*.md")}
    assert {each for each in pages if not each.startswith("reference/")} <= menu


def _headings(text):
    found = re.findall(r"^#+ (.*)$", text, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", each.lower()).replace(" ", "-") for each in found}


def _said(pattern):
    for file in sorted((ROOT / "adapter").rglob("*.py")):
        if "embedded" not in file.parts:
            yield from re.findall(pattern, file.read_text(encoding="utf-8"))


OPERATIONS = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
EVENTS = r"""log(?:ger\([^)]*\))?\.(?:debug|info|warning|error|log)\(\s*(?:level,\s*)?"([a-z_]+)\""""
COUNTS = r"""\._?count\(f?"([a-z_]+)"""


@pytest.mark.parametrize("name", sorted({*_said(EVENTS), *_said(COUNTS)}))
def test_every_event_and_count_is_explained(name):
    """Whoever reads a log line or a count finds what it means."""
    assert f"`{name}" in OPERATIONS
