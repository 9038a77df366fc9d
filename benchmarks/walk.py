"""How far one has to walk through the code to follow a request.

Each walk is one request, in dialect openklant, to a KlantBrug that runs in this process before the embedded
registers. It is done twice, each time on registers that were filled anew; the second time is counted, so that
what is worked out once per process is not. Counted is the engine with the mapping (`PACKAGES`), in all
threads that work on the request; a sweep that happens to come meanwhile is not:

functions: those entered at least once, told apart by file and qualified name. Lambdas, comprehensions and
    generator expressions belong to the function in which they are written.
files: the files of these functions.
moves: how often a function is entered, or a generator resumed, while the last one in that thread stands in
    another file. What a thread enters first, from outside these packages, is a move as well.
register calls: in the order in which they arrive. A call other than a POST is marked when the same walk has
    an earlier one with the same method, path and query.
"""

import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import CodeType, FrameType
from typing import Any

import adapter
from adapter import context
from adapter.registers.session import USER_AGENT
from tests import bodies
from tests.budget.rounds import shape
from tests.deployment import Running, deployed

PACKAGES = tuple(f"{Path(adapter.__file__).parent / name}/" for name in ("engine", "mapping"))
AGAIN = " (again)"
# More than one, so that calls that grow with a page would show.
CONTACTS = 3
HEAD = """\
| request | commit | functions | files | moves | register calls | of which repeat |
|---|---|---|---|---|---|---|"""


@dataclass
class Walk:
    """What one request passed: functions as (file, qualified name), calls such as `GET klanten/{uuid}`."""

    functions: set[tuple[str, str]] = field(default_factory=set)
    moves: int = 0
    calls: list[str] = field(default_factory=list)

    @property
    def files(self) -> set[str]:
        """The files of the functions."""
        return {file for file, _ in self.functions}

    @property
    def repeated(self) -> int:
        """How many of the calls repeat an earlier one."""
        return sum(each.endswith(AGAIN) for each in self.calls)

    def row(self, what: str, commit: str) -> str:
        """A row of the table in README.md."""
        figures = len(self.functions), len(self.files), self.moves, len(self.calls), self.repeated
        return f"| {what} | {commit} | " + " | ".join(f"{each:,}" for each in figures) + " |"


@dataclass(frozen=True)
class Errand:
    """A request, and what an old client does to the filled registers before it."""

    what: str
    ask: Callable[[Running, dict[str, Any]], Any]
    before: Callable[[Running, dict[str, Any]], Any] = lambda _deployment, _known: None


def _list(deployment: Running, _known: dict[str, Any]) -> None:
    deployment.served.get("klantcontacten?expand=hadBetrokkenen")


def _make(deployment: Running, known: dict[str, Any]) -> None:
    about = {"objectId": "0363200000218705", "codeObjecttype": "adres", "codeRegister": "bag"}
    parts = {
        "klantcontact": bodies.contact(),
        "betrokkene": {"wasPartij": bodies.ref(known["partij"]), "rol": "klant", "initiator": True},
        "onderwerpobject": {
            "wasKlantcontact": None,
            "onderwerpobjectidentificator": {**about, "codeSoortObjectId": "nummeraanduiding"},
        },
    }
    deployment.served.post("maak-klantcontact", parts)


def _change(deployment: Running, known: dict[str, Any]) -> None:
    deployment.served.patch(f"digitaleadressen/{known['adres']['uuid']}", {"omschrijving": "werk"})


def _disturb(deployment: Running, known: dict[str, Any]) -> None:
    deployment.klanten.patch(f"klanten/{known['partij']['uuid']}", {"emailadres": "nieuw@example.nl"})


ERRANDS = [
    Errand("GET /klantcontacten?expand=hadBetrokkenen", _list),
    Errand("POST /maak-klantcontact", _make),
    Errand("PATCH of a digitaal adres, its klant changed by an old client", _change, _disturb),
    Errand("PATCH of a digitaal adres, undisturbed", _change),
]


def _filled(deployment: Running) -> dict[str, Any]:
    """A page of klantcontacten, each with the same partij; that one has an address."""
    deployment.reset()
    served = deployment.served
    partij = served.post("partijen", bodies.persoon())
    for _ in range(CONTACTS):
        served.post("betrokkenen", bodies.betrokkene(served.post("klantcontacten", bodies.contact()), partij))
    adres = served.post("digitaleadressen", bodies.adres("p@example.nl", partij=partij))
    return {"partij": partij, "adres": adres}


@contextmanager
def _calls(deployment: Running, walk: Walk) -> Iterator[None]:
    """Note the register calls of the walk."""
    seen = set()

    async def note(scope: Any) -> None:
        agent = dict(scope["headers"]).get(b"user-agent", b"").decode()
        if agent != USER_AGENT:
            return  # registers ask each other too
        whole = scope["method"], scope["path"], scope["query_string"]
        walk.calls.append(shape(scope) + (AGAIN if whole in seen else ""))
        if scope["method"] != "POST":
            seen.add(whole)

    for server in deployment.faults.values():
        server.hold = note
    try:
        yield
    finally:
        for server in deployment.faults.values():
            server.hold = None


@contextmanager
def _entered(walk: Walk) -> Iterator[None]:
    """Note the functions and the moves of the walk."""
    monitoring, tool = sys.monitoring, sys.monitoring.PROFILER_ID
    last = threading.local()

    def enter(code: CodeType, _offset: int) -> Any:
        if not code.co_filename.startswith(PACKAGES):
            return monitoring.DISABLE
        if context.current() is None:
            return None
        if not code.co_name.startswith("<"):
            walk.functions.add((code.co_filename, code.co_qualname))
        begins = not _inside(sys._getframe(2))
        # A thread that was under way when this began has entered nothing yet.
        if begins or getattr(last, "file", "") != code.co_filename:
            walk.moves += 1
        last.file = code.co_filename
        return None

    events = monitoring.events
    monitoring.use_tool_id(tool, "walk")
    try:
        for event in (events.PY_START, events.PY_RESUME):
            monitoring.register_callback(tool, event, enter)
        monitoring.set_events(tool, events.PY_START | events.PY_RESUME)
        yield
    finally:
        monitoring.set_events(tool, 0)
        monitoring.free_tool_id(tool)


def _inside(frame: FrameType | None) -> bool:
    """Whether this or a caller of it is a function that is counted."""
    while frame is not None:
        if frame.f_code.co_filename.startswith(PACKAGES):
            return True
        frame = frame.f_back
    return False


def walk(deployment: Running, errand: Errand) -> Walk:
    """Do an errand twice, and count the second."""
    for last in (False, True):
        known = _filled(deployment)
        errand.before(deployment, known)
        found = Walk()
        if not last:
            errand.ask(deployment, known)
            continue
        with _calls(deployment, found), _entered(found):
            errand.ask(deployment, known)
    return found


def walks(folder: Path) -> dict[str, Walk]:
    """Every errand done; the folder is for what the registers hold."""
    with deployed("openklant", folder, watched=False) as deployment:
        return {errand.what: walk(deployment, errand) for errand in ERRANDS}


def main() -> None:
    """Print the rows of this commit for README.md, and the register calls."""
    asked = ("git", "describe", "--always", "--dirty")
    commit = subprocess.run(asked, capture_output=True, text=True, check=False).stdout.strip()
    with tempfile.TemporaryDirectory() as folder:
        found = walks(Path(folder))
    lines = [HEAD, *(walk.row(what, commit) for what, walk in found.items())]
    for what, walk in found.items():
        lines += ["", what, *(f"  {number}. {call}" for number, call in enumerate(walk.calls, 1))]
    sys.stdout.write("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
