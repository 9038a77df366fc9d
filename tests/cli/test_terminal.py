"""What somebody at a terminal sees, and a file or a pipe does not; and what helps to spell a command."""

import io
import shutil
import subprocess
import sys
from contextlib import redirect_stderr
from importlib.metadata import version
from pathlib import Path

import pytest
from adapter.cli import main
from adapter.commands import terminal
from adapter.handbook import subcommands

COMMAND = Path(sys.executable).parent / "klantbrug"


class Terminal(io.StringIO):
    """A stream that is a terminal."""

    def isatty(self):
        return True


@pytest.fixture
def at_terminal(monkeypatch):
    """The status of a command and what a terminal shows of stderr; none is quick enough to be silent."""
    monkeypatch.setattr(terminal, "PATIENCE", 0)
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.delenv("NO_COLOR", raising=False)

    def run(*arguments, stream=Terminal):
        with redirect_stderr(stream()) as shown:
            return main(arguments), shown.getvalue()

    return run


def test_a_terminal_shows_what_is_being_done_and_then_nothing(at_terminal, capsys):
    status, shown = at_terminal("check")
    assert status == 0
    assert "Checking the mappings … 0 s" in shown
    assert shown.endswith("\r\x1b[K")
    assert capsys.readouterr().out == ""


def test_nothing_is_shown_of_what_is_over(monkeypatch):
    """However close the end is to the next look at the clock."""
    monkeypatch.setattr(terminal, "PATIENCE", 0)
    monkeypatch.setattr(terminal, "INTERVAL", 0)
    for _ in range(300):
        with redirect_stderr(Terminal()) as shown, terminal.progress("Reading"):
            pass
        assert shown.getvalue().endswith("\r\x1b[K")


WRONG = ("check", "--config", "there-is-none.yaml")


def test_a_mistake_is_red_on_a_terminal_only(at_terminal):
    said = "there-is-none.yaml: No such file or directory\n"
    status, shown = at_terminal(*WRONG)
    assert status == 1
    assert shown.endswith(f"\x1b[31mklantbrug:\x1b[0m {said}")
    assert at_terminal(*WRONG, stream=io.StringIO) == (1, f"klantbrug: {said}")


@pytest.mark.parametrize(("name", "value"), [("NO_COLOR", "1"), ("TERM", "dumb")])
def test_who_wants_no_colours_gets_none(at_terminal, monkeypatch, name, value):
    monkeypatch.setenv(name, value)
    assert "\x1b[31m" not in at_terminal(*WRONG)[1]


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["chek"], "klantbrug: error: there is no command chek; did you mean check?"),
        (["frobnicate"], "klantbrug: error: there is no command frobnicate"),
        (
            ["serve", "--confg", "x"],
            "klantbrug serve: error: there is no option --confg; did you mean --config?",
        ),
        (
            ["demo", "--prot=1"],
            "klantbrug demo: error: there is no option --prot; did you mean --port?",
        ),
    ],
)
def test_the_nearest_right_name_is_offered(capsys, arguments, says):
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    assert ended.value.code == 2
    assert capsys.readouterr().err.splitlines()[-1] == says


def test_it_says_which_version_it_is(capsys):
    with pytest.raises(SystemExit) as ended:
        main(["--version"])
    assert ended.value.code == 0
    assert capsys.readouterr().out == f"klantbrug {version('klantbrug')}\n"


@pytest.mark.parametrize("command", [each.prog.split()[-1] for each in subcommands()])
def test_help_of_a_command_has_an_example_that_is_spelt_right(capsys, command):
    """As far as its names go; the example of completion is one for a shell."""
    with pytest.raises(SystemExit):
        main([command, "--help"])
    example = capsys.readouterr().out.rstrip().rpartition("example:\n")[2]
    assert f"klantbrug {command}" in example


@pytest.mark.skipif(not shutil.which("bash"), reason="there is no bash")
def test_bash_completes_commands_and_options(tmp_path):
    """As after eval "$(klantbrug completion bash)"."""
    script = tmp_path / "completion.bash"
    script.write_text(subprocess.check_output([COMMAND, "completion", "bash"], text=True))
    ask = """
    source {script}; COMP_WORDS=({words}); COMP_CWORD={last}
    $(complete -p klantbrug | sed 's/.*-F \\([^ ]*\\).*/\\1/') 2>/dev/null
    printf '%s\\n' "${{COMPREPLY[@]}}"
    """

    def offered(*words):
        line = ask.format(script=script, words=" ".join(words), last=len(words) - 1)
        return subprocess.run(["bash", "-c", line], capture_output=True, text=True, check=True).stdout.split()

    assert offered("klantbrug", "do") == ["docs", "doctor"]
    assert "--config" in offered("klantbrug", "serve", "--")
    assert set(offered("klantbrug", "demo", "--dialect", "v")) == {"vng"}
