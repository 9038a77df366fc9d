"""How a condition of the old API is asked of the new one: its filter, or its rows, or what stands aside.

Composed: a path of the old record, the pair or part that stands there, the path of the new record, the
parameter that the new API compares it with.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

from adapter.collection import Compared, Condition, HasUuid, Linked
from adapter.correspondence.converting import certain
from adapter.correspondence.model import (
    GIVEN,
    Codec,
    CodeOf,
    Constant,
    Correspondence,
    Pair,
    Part,
    Reference,
    Words,
)
from adapter.mapping.codecs import ELLIPSIS
from adapter.mapping.paths import MISSING, Path, get, parse
from adapter.reverse.asides import ItemAsked
from adapter.reverse.matching import pair_at, value_to_left
from adapter.reverse.paging import Params
from adapter.reverse.session import Session

Way = Literal["uuid", "along", "filter", "through", "rows", "aside", "nothing", "everything", "scan"]
# Those that cost least first.
COST: tuple[Way, ...] = (
    "nothing",
    "uuid",
    "along",
    "filter",
    "through",
    "aside",
    "rows",
    "scan",
    "everything",
)


@dataclass(frozen=True, slots=True)
class Asked:
    """A way to find all records that meet a condition.

    filter: lists of the new records with these parameters; through: of the records to which they refer. rows:
    the uuids of the records on which the rows hang that `find` reads. exact: whether all that is found meets
    the condition. aside: the path and text with which a record may meet it by what stands aside; item_aside:
    of an item of a list that stands aside, with a part of a text.
    """

    way: Way
    params: tuple[Params, ...] = ()
    find: Callable[[], Sequence[str]] = tuple
    exact: bool = False
    aside: tuple[str, str] | None = None
    item_aside: ItemAsked | None = None


def asked(session: Session, it: Correspondence, condition: Condition) -> Asked:
    """How a condition is asked. Any way finds all that meet it; what is not exact is tested again."""
    match condition:
        case HasUuid(uuid):
            return Asked("uuid", find=lambda: [uuid] if uuid is not None else [])
        case Linked():
            return _linked(session, it, condition)
        case Compared(_, _, None):
            return Asked("nothing")
        case Compared(path, "=", str(value)):
            return _equal(session, it, path, value)
        case Compared(path, "contains", str(value)):
            return _contains(session, it, parse(path), value)
        case _:
            return Asked("scan")


def constants(session: Session, it: Correspondence) -> Params:
    """The parameters that leave out rows of the new API that do not exist for the old."""
    params = []
    for path, value in it.left.where:
        name = session.deployment.offers.parameter(it.left.name, path)
        if name is not None and isinstance(value, str) and value != GIVEN:
            params.append((name, value))
    return tuple(params)


def _equal(session: Session, it: Correspondence, text: str, value: str) -> Asked:
    path = parse(text)
    means = dict(it.right_means)
    if path in means:
        return Asked("everything", exact=True) if means[path] == value else Asked("nothing")
    if _filled_with(it, path, value):
        return Asked("scan")
    for pair in it.pairs:
        if path in (pair.right, *pair.right_others):
            return _by_pair(session, it, pair, text, value)
    for part in it.parts:
        if path[: len(part.path)] == part.path:
            return _by_part(session, it, part, path, value)
    return Asked("aside", aside=(text, value))


def _filled_with(it: Correspondence, path: Path, value: str) -> bool:
    """Whether a record that says nothing at the path may be served with this value."""
    for at, filler in it.right_fill:
        if isinstance(filler, Constant) and path[: len(at)] == at:
            below = path[len(at) :]
            return bool((get(filler.value, below) if below else filler.value) == value)
        if isinstance(filler, CodeOf) and path == at:
            return len(value) == 8 and value.startswith("K")
    return False


def _by_pair(session: Session, it: Correspondence, pair: Pair, text: str, value: str) -> Asked:
    name = session.deployment.offers.parameter(it.left.name, pair.left)
    if (along := session.along(it, pair, value)) is not None:
        return Asked("along", find=lambda: [each.uuid for each in along], exact=True)
    if name is None or pair.right_others or pair.when or _was_cut(pair, value):
        return Asked("scan")
    rest = constants(session, it)
    params = tuple((*rest, (name, word)) for word in _words(session, pair, value))
    return Asked("filter", params, exact=_refers(pair) and not it.left.where, aside=_aside(pair, text, value))


def _words(session: Session, pair: Pair, value: str) -> list[str]:
    """The texts of the new API that may read as this value."""
    if len(pair.conversions) == 1 and isinstance(pair.conversions[0], Words):
        return [left[0] for left, right in pair.conversions[0].entries if value in right]
    found = value_to_left(pair, value, session.deployment.links)
    return [found] if isinstance(found, str) else []


def _refers(pair: Pair) -> bool:
    return any(isinstance(each, Reference) for each in pair.conversions)


def _aside(pair: Pair, text: str, value: str) -> tuple[str, str] | None:
    """A record refers to nothing but what its new record refers to."""
    return None if _refers(pair) else (text, value)


def _was_cut(pair: Pair, value: str) -> bool:
    limit = pair.right_limit
    return limit.cut and len(value) == limit.longest and value.endswith(ELLIPSIS)


# parts


def _by_part(session: Session, it: Correspondence, part: Part, path: Path, value: str) -> Asked:
    pair = next((each for each in part.pairs if (*part.path, *each.right) == path), None)
    aside = (".".join(path), value)
    if part.rows.through:
        return _through(session, it, part, pair, aside)
    if part.quantifier is not None or part.kind == "each_of":
        return Asked("scan")
    if pair is None:
        return Asked("aside", aside=aside)
    if pair.right_before or _was_cut(pair, value) or not _certain(pair, value):
        return Asked("scan")
    offers = session.deployment.offers
    wanted = value_to_left(pair, value, session.deployment.links)
    if wanted is MISSING:
        return Asked("aside", aside=aside)
    conditions = [*_texts(part), (pair.left, wanted)]
    relation = offers.related(it.left.name, part.rows)
    named = [(offers.parameter(it.left.name, (relation, *path)), text) for path, text in conditions]
    if named[-1][0] is not None:
        return Asked("filter", (tuple((name, text) for name, text in named if name),), aside=aside)
    of_rows = [(offers.parameter(part.rows.resource, path), text) for path, text in conditions]
    if of_rows[-1][0] is None:
        return Asked("scan")
    params = tuple((name, text) for name, text in of_rows if name)
    return Asked("rows", find=lambda: _owners(session, it, part, params), aside=aside)


def _through(
    session: Session, it: Correspondence, part: Part, pair: Pair | None, aside: tuple[str, str]
) -> Asked:
    """Asked of the records on which the rows hang, of those rows."""
    wanted = value_to_left(pair, aside[1], session.deployment.links) if pair else MISSING
    owner, rows = _hanging(session, it, part)
    name = session.deployment.offers.parameter(owner, (rows, *pair.left)) if pair else None
    if not isinstance(wanted, str) or name is None:
        return Asked("scan")
    return Asked("through", (((name, wanted),),), aside=aside)


def _hanging(session: Session, it: Correspondence, part: Part) -> tuple[str, str]:
    """The resource to which a record refers, and the relation of that to the rows of a part."""
    offers = session.deployment.offers
    owner = offers.target(it.left.name, part.rows.through)
    return owner, offers.relation(owner, part.rows.resource, part.rows.reference)


def _contains(session: Session, it: Correspondence, path: Path, value: str) -> Asked:
    """A text in a list of rows, as the member has it by which the new API knows them."""
    for part in it.parts:
        for below in part.parts if part.rows.through else ():
            if (*part.path, *below.path) == path:
                owner, rows = _hanging(session, it, part)
                offers = session.deployment.offers
                relation = offers.related(part.rows.resource, below.rows)
                (pair,) = [each for each in below.pairs if each.right == below.filled]
                name = offers.containing(owner, (rows, relation, *pair.left))
                if name is not None:
                    item = ItemAsked(path, pair.right, value)
                    return Asked("through", (((name, value),),), item_aside=item)
    return Asked("scan")


def _texts(part: Part) -> list[tuple[Path, str]]:
    return [(path, value) for path, value in part.rows.where if isinstance(value, str) and value != GIVEN]


def _certain(pair: Pair, value: str) -> bool:
    return all(certain(each.name, value) for each in pair.conversions if isinstance(each, Codec))


def _owners(session: Session, it: Correspondence, part: Part, params: Params) -> list[str]:
    """The uuids of the records on which the rows with these parameters hang."""
    rows = session.all_rows(part.rows.resource, params)
    if part.rows.via:
        offers = session.deployment.offers
        name = offers.parameter(part.rows.via, offers.taken(it.left.name, part.rows))
        rows = [
            link
            for row in rows
            for link in (session.all_rows(part.rows.via, ((name, row["uuid"]),)) if name else ())
        ]
    found = (get(row, (*part.rows.reference, "uuid")) for row in rows)
    return list(dict.fromkeys(uuid for uuid in found if isinstance(uuid, str)))


# links


def _linked(session: Session, it: Correspondence, condition: Linked) -> Asked:
    deployment = session.deployment
    link = deployment.correspondences[condition.collection]
    by, said = pair_at(link.pairs, condition.by), pair_at(link.pairs, condition.member)
    relation = deployment.offers.relation(it.left.name, link.left.name, by.left)
    values = (value_to_left(said, value, deployment.links) for value in condition.values)
    wanted = [value for value in dict.fromkeys(values) if value is not MISSING]
    name = deployment.offers.parameter(it.left.name, (relation, *said.left))
    if name is None:
        return Asked("scan")
    # By the value alone: Open Klant 2 joins anew for each parameter, and would repeat a record for every
    # combination of its rows. Which other values the row has is tested afterwards.
    params = tuple(((name, value),) for value in wanted)
    exact = all(value == GIVEN for _, value in link.left.where)
    return Asked("filter", params, exact=exact) if params else Asked("nothing")
