"""An explanation as a page, for a terminal or as HTML."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from adapter.engine.deployment import Deployment
from adapter.engine.entities.entry import Entry
from adapter.engine.query.lists import wanted_of
from adapter.engine.query.planner import Planner
from adapter.explain.filters import described
from adapter.explain.gathered import Contact
from adapter.explain.masks import parameter, query, shown
from adapter.explain.request import Explanation
from adapter.explain.sources import place, properties
from adapter.mapping import schemas
from adapter.mapping.paths import Path
from adapter.mapping.reference.blocks import Block, Heading, Paragraph, Table
from adapter.openapi.document import Document
from adapter.openapi.parameters import compile_query

MOST = 12


def blocks(
    explanation: Explanation, document: Document, deployment: Deployment, *, values: bool
) -> Iterator[Block]:
    """The page, in blocks; it has personal values only with `values`."""
    asked = explanation.asked
    searched = f"?{query(asked.query, values=values)}" if asked.query else ""
    yield Heading(f"{asked.method} {asked.path}{searched}")
    yield Paragraph(_summary(explanation))
    if explanation.problems:
        yield Heading("Refused", 2)
        rows = [(name or "-", code, reason if values else "") for name, code, reason in explanation.problems]
        yield Table(("member", "code", "reason"), rows)
    yield from _parameters(explanation, document, deployment)
    yield from _calls(explanation, values=values)
    yield from _written(explanation, values=values)
    for each in explanation.gathered:
        yield from _gathered(each, values=values)
    for entry, answer in explanation.entries[:MOST]:
        yield Heading(f"{entry.resource.name} {entry.uuid}", 2)
        contact = explanation.contact_of(entry.uuid)
        where = f"Lives in the home {entry.home.name}: {place(entry.home)}."
        yield Paragraph(f"A piece of the contact {contact.uuid}." if contact else where)
        yield _properties(entry, answer, document, contact, values=values)
    left = len(explanation.entries) - MOST
    if left > 0:
        yield Paragraph(f"And {left} more resources in the answer, not shown here.")


def _summary(explanation: Explanation) -> str:
    spent = _covered([(each.started, each.started + each.seconds) for each in explanation.calls])
    own = max(0.0, explanation.seconds - spent)
    calls = len(explanation.calls)
    return (
        f"Answered {explanation.status} in {_ms(explanation.seconds)}: {calls} register "
        f"{'call' if calls == 1 else 'calls'} in {_ms(spent)}, {_ms(own)} in KlantBrug itself."
    )


def _covered(spans: list[tuple[float, float]]) -> float:
    """The seconds during which at least one call was running."""
    total, end = 0.0, 0.0
    for start, stop in sorted(spans):
        total += max(0.0, stop - max(start, end))
        end = max(end, stop)
    return total


def _parameters(explanation: Explanation, document: Document, deployment: Deployment) -> Iterator[Block]:
    operation = explanation.operation
    resource = deployment.mappings.resources.get(operation.collection)
    if operation.method != "get" or "{" in operation.path or resource is None:
        return
    parsed = compile_query(document, operation.parameters_in("query"))(explanation.asked.query)
    wanted = wanted_of(resource, parsed.values)
    answered = described(Planner(deployment.mappings, deployment.types).plan(resource, wanted))
    rows = [
        (each.parameter, f"{'.'.join(each.path)} {each.operator}", answered[each.parameter])
        for each in wanted
    ]
    rows += [(f"expand {name}", name, "read level by level") for name in parsed.expand]
    if rows:
        yield Heading("Parameters", 2)
        yield Table(("parameter", "looks at", "answered by"), rows)


def _calls(explanation: Explanation, *, values: bool) -> Iterator[Block]:
    types = _types(explanation)
    rows = []
    for number, each in enumerate(explanation.calls, 1):
        params = [(name, types.get(_last(value), value)) for name, value in each.params]
        asked = "&".join(parameter(*one, values=values) for one in params)
        target = f"{each.method} {each.path}{'?' if asked else ''}{asked}"
        status = str(each.status or "none")
        rows.append((str(number), each.register, target, status, _ms(each.started), _ms(each.seconds)))
    yield Heading("Register calls", 2)
    yield (
        Table(("", "register", "call", "answer", "began after", "took"), rows) if rows else Paragraph("None.")
    )


def _types(explanation: Explanation) -> dict[str, str]:
    """The names of the objecttypes, by uuid."""
    return {each.uuid: each.name for each in explanation.types}


def _last(value: object) -> str:
    """The uuid in a URL that ends in one."""
    return value.rpartition("/")[2] if isinstance(value, str) else ""


def _written(explanation: Explanation, *, values: bool) -> Iterator[Block]:
    """A table of the members that were sent to registers."""
    types = _types(explanation)
    rows = [
        (str(number), ".".join(path), types.get(_last(value)) or shown(value, values=values))
        for number, each in enumerate(explanation.calls, 1)
        for path, value in _leaves((), each.sent)
    ]
    if rows:
        yield Heading("Written", 2)
        yield Table(("call", "member", "value"), rows)


def _leaves(path: Path, node: object) -> Iterator[tuple[Path, object]]:
    if isinstance(node, Mapping) and node:
        for name, each in node.items():
            yield from _leaves((*path, str(name)), each)
    elif path:
        yield path, node


def _gathered(contact: Contact, *, values: bool) -> Iterator[Block]:
    yield Heading(f"The contact {contact.uuid}", 2)
    yield Paragraph(contact.says)
    said = ((path, shown(value, values=values)) for path, value in _leaves((), contact.record))
    yield Table(("member", "value"), [(".".join(path), text.replace("\n", " ⏎ ")) for path, text in said])


def _properties(
    entry: Entry,
    answer: Mapping[str, object],
    document: Document,
    contact: Contact | None,
    *,
    values: bool,
) -> Table:
    rows = []
    for each in properties(entry, answer):
        choices, source = _choices(document, entry, each.path), each.source
        if contact is not None and each.path[0] in entry.resource.members:
            source = contact.source(entry.uuid, each.path)
        rows.append((".".join(each.path), shown(each.value, values=values, choices=choices), source))
    return Table(("property", "value", "comes from"), rows)


def _choices(document: Document, entry: Entry, path: Path) -> tuple[str, ...]:
    found = schemas.at(document, document.schema(entry.resource.schema), path)
    return schemas.facts(found).choices if found else ()


def _ms(seconds: float) -> str:
    return f"{seconds * 1000:.1f} ms"
