"""Every query parameter of every list, as specification and mappings have them, against what is served.

What a filter must give is worked out from the unfiltered lists, by walking its path through what was served.
"""

import itertools
import uuid
from functools import cache

import pytest
from adapter.shipped import served_document, shipped_mappings

from tests import bodies

DIALECTS = ("vng", "openklant")
PAGING = {"page", "pageSize", "expand"}
mappings = cache(lambda dialect: shipped_mappings(dialect).resources)
LISTS = {each.collection: each for each in served_document().operations if each.operation_id.endswith("List")}


def parameters(name):
    """(name, schema) of the filters of a list in the specification."""
    document = served_document()
    found = LISTS[name].parameters_in("query")
    return [(each.name, document.merged(each.schema)) for each in found if each.name not in PAGING]


def shares(parts, by_default=DIALECTS):
    """(dialect, which of a list are asked): by default one of so many parts, another one in each dialect."""
    apart = parts // len(DIALECTS)
    return [
        *(
            pytest.param(dialect, slice(number * apart, None, parts), id=f"{dialect}-some")
            for number, dialect in enumerate(by_default)
        ),
        *(
            pytest.param(dialect, slice(None), id=f"{dialect}-all", marks=pytest.mark.contract)
            for dialect in DIALECTS
        ),
    ]


@pytest.mark.parametrize("dialect", DIALECTS)
def test_every_parameter_of_the_specification_is_a_filter(dialect):
    """None is missing, and none is there that the specification does not have."""
    for name, resource in mappings(dialect).items():
        assert set(resource.filters) == {each for each, _ in parameters(name)}, name


def town(served, old):
    """Something of every kind, new and old; (everything that is listed, by resource)."""
    contact = served.post(
        "klantcontacten", bodies.contact(nummer="0000000001", referentienummer="12", inhoud="Mag het?")
    )
    other = served.post(
        "klantcontacten", bodies.contact(kanaal="balie", indicatieContactGelukt=True, reactie="Ja")
    )
    served.post("onderwerpobjecten", {**bodies.onderwerp(contact), "wasKlantcontact": bodies.ref(other)})
    adres = {"adresregel1": "Straat 1", "adresregel2": "b", "adresregel3": "c", "land": "NL"}
    partij = served.post(
        "partijen", bodies.persoon(nummer="7", bezoekadres=adres, correspondentieadres=adres)
    )
    firma = served.post("partijen", bodies.organisatie())
    kvk = served.post("partij-identificatoren", bodies.identificator("kvk_nummer", "12345678", firma))
    served.post(
        "partij-identificatoren", bodies.identificator("vestigingsnummer", bodies.VESTIGING, firma, kvk)
    )
    served.post("partij-identificatoren", bodies.identificator("bsn", bodies.BSN, partij))
    betrokkene = served.post("betrokkenen", bodies.betrokkene(contact, partij, organisatienaam="Bakker"))
    served.post("betrokkenen", bodies.betrokkene(contact))
    served.post("betrokkenen", bodies.betrokkene(other))
    served.post("klantcontacten", bodies.contact(kanaal="brief"))
    actor = served.post("actoren", bodies.actor("sanne", "Sanne"))
    served.post("actorklantcontacten", {"actor": bodies.ref(actor), "klantcontact": bodies.ref(contact)})
    served.post("internetaken", bodies.taak(contact, actor, nummer="3", referentienummer="4"))
    served.post("internetaken", bodies.taak(other, actor, status="verwerkt"))
    served.post(
        "digitaleadressen", bodies.adres("a@example.nl", partij=partij, referentie="r", isStandaardAdres=True)
    )
    served.post(
        "digitaleadressen", bodies.adres("b@example.nl", betrokkene=betrokkene, verificatieDatum="2024-05-06")
    )
    served.post(
        "rekeningnummers", {"partij": bodies.ref(partij), "iban": "NL18BANK23481326", "bic": "AAAANL2A"}
    )
    categorie = served.post("categorieen", {"naam": "VIP"})
    link = {"partij": bodies.ref(partij), "categorie": bodies.ref(categorie), "beginDatum": "2024-01-01"}
    served.post("categorie-relaties", {**link, "eindDatum": "2025-01-01"})
    both = {"vertegenwoordigendePartij": bodies.ref(partij), "vertegenwoordigdePartij": bodies.ref(firma)}
    served.post("vertegenwoordigingen", both)
    served.post(
        "bijlagen",
        {
            "wasBijlageVanKlantcontact": bodies.ref(contact),
            "bijlageidentificator": {
                "objectId": "1",
                "codeObjecttype": "t",
                "codeRegister": "r",
                "codeSoortObjectId": "s",
            },
        },
    )
    moment, klant = old.moment(), old.klant(emailadres="oud@example.nl", telefoonnummer="0201234567")
    old.link(moment, klant)
    old.about(moment, str(uuid.uuid4()))
    old.taak(moment)


def at(node, path):
    for part in path:
        node = node.get(part) if isinstance(node, dict) else None
    return node


class Oracle:
    """Works out what a filter looks at, in what is served."""

    def __init__(self, served, resources):
        self.served, self.resources = served, resources
        self.rows = {name: {row["uuid"]: row for row in served.all(name, pageSize=500)} for name in resources}

    def one(self, name, link):
        """A resource by its link; some are in no list."""
        if link["uuid"] not in self.rows[name]:
            self.rows[name][link["uuid"]] = self.served.get(f"{name}/{link['uuid']}")
        return self.rows[name][link["uuid"]]

    def values(self, name, row, path, operator):
        """All values at the end of a path, seen from a resource."""
        resource, head, rest = self.resources[name], path[0], path[1:]
        if head in resource.relations:
            relation = resource.relations[head]
            member = relation.member
            far = [
                each for each in self.rows[relation.resource].values() if row["uuid"] in uuids(each[member])
            ]
            other = relation.resource
            if relation.take:
                other = self.resources[other].members[relation.take].to
                far = [self.one(other, each[relation.take]) for each in far if each[relation.take]]
            if operator == "exists" and not rest:
                return [bool(far)]
            return self.of_all(other, far, rest, operator)
        member = resource.members.get(head)
        if member is not None and member.to and operator != "exists":
            links = row[head] if isinstance(row[head], list) else [row[head]]
            return self.of_all(
                member.to, [self.one(member.to, each) for each in links if each], rest, operator
            )
        value = at(row, path)
        return [value not in (None, "", [])] if operator == "exists" else [value]

    def of_all(self, name, rows, path, operator):
        if not path:
            return [each["uuid"] for each in rows]
        return [value for each in rows for value in self.values(name, each, path, operator)]


def uuids(links):
    return {each["uuid"] for each in (links if isinstance(links, list) else [links]) if each}


def meets(operator, have, value):
    if operator in ("equals", "exists"):
        return have == value
    if have is None:
        return False
    if operator == "contains":
        return value.casefold() in have.casefold()
    if operator == "in":
        return have in value.split(",")
    return {"gt": have > value, "gte": have >= value, "lt": have < value, "lte": have <= value}[operator]


def meant(seen, operator, value):
    """The resources that a filter means; what nobody has is what none of several has."""
    if operator == "exists" and not value:
        return set(seen) - meant(seen, operator, True)
    return {it for it, have in seen.items() if any(meets(operator, one, value) for one in have)}


def strangers(schema):
    """Values that nothing has."""
    form = schema.get("format")
    if "enum" in schema or schema.get("type") == "boolean":
        return []
    if form in ("uuid", "uri"):
        return [str(uuid.uuid4())]
    return {"date": ["1970-01-01"], "date-time": ["1970-01-01T00:00:00Z"]}.get(form, ["bestaatniet"])


def wrong(schema):
    """What is refused, if anything is."""
    if "enum" in schema or schema.get("format") in ("uuid", "date", "date-time"):
        return "niet-goed"
    return None


def values_of(wanted, seen, schema):
    """Some values to ask a filter for: what occurs, and what nothing has."""
    if wanted.operator == "exists":
        return [True, False]
    known = {value for values in seen.values() for value in values if value not in (None, "")}
    return [*sorted(known, key=str)[:3], *strangers(schema)]


def forms(served, name, wanted, schema, value):
    """The ways in which a client may ask for a value; of what is repeated the last one counts."""
    if isinstance(value, bool):
        return [str(value).lower()]
    if wanted.by_url:
        return [served.url(f"{name}/{value}")]
    if schema.get("format") == "uuid":
        return [value, value.upper(), [str(uuid.uuid4()), value]]
    return [value, *([other, value] for other in strangers(schema))]


def difference(served, name, parameter, form, expected):
    """How an answer is not what it should be."""
    answer = served.call("GET", name, params={parameter: form, "pageSize": 500})
    page = answer.json()
    found = {row["uuid"] for row in page.get("results", ())}
    if answer.status_code == 200 and found == expected and page["count"] == len(expected):
        return []
    return [(name, parameter, form, answer.status_code, len(found), len(expected))]


@pytest.mark.parametrize(("dialect", "share"), shares(4))
def test_every_filter_gives_what_it_means(served, old, dialect, share):
    """Values that occur, one of them repeated and in capitals; one that does not; the invalid is 400."""
    town(served, old)
    oracle = Oracle(served, mappings(dialect))
    differences, matched = [], set()
    for name, resource in mappings(dialect).items():
        rows = served.all(name, pageSize=500)
        for parameter, schema in parameters(name)[share]:
            wanted = resource.filters[parameter]
            seen = {row["uuid"]: oracle.values(name, row, wanted.path, wanted.operator) for row in rows}
            for number, value in enumerate(values_of(wanted, seen, schema)):
                expected = meant(seen, wanted.operator, value)
                if expected:
                    matched.add((name, parameter))
                every = forms(served, name, wanted, schema, value)
                for form in every[:1] if number else every:
                    differences += difference(served, name, parameter, form, expected)
            if (
                wrong(schema)
                and served.call("GET", name, params={parameter: wrong(schema)}).status_code != 400
            ):
                differences.append((name, parameter, wrong(schema)))
    assert differences == []
    # and many of them had something to find
    assert len(matched) > 0.5 * sum(len(parameters(name)[share]) for name in mappings(dialect))


def asked(served, name, wanted, value):
    """A value as the first of the forms in which a client asks for it."""
    if isinstance(value, bool):
        return str(value).lower()
    return served.url(f"{name}/{value}") if wanted.by_url else value


def two(first, second):
    """Values of two filters that something has together, and such that nothing has."""
    (one, seen, values), (another, also_seen, more) = first, second
    found = {}
    for value in values:
        for other in more:
            both = meant(seen, one.operator, value) & meant(also_seen, another.operator, other)
            found.setdefault(bool(both), (value, other, both))
    return found


# What is found by two filters at once is worked out alike in all dialects, of what is found by each.
@pytest.mark.parametrize(("dialect", "share"), shares(8, by_default=["openklant"]))
def test_every_pair_of_filters_gives_what_both_mean(served, old, dialect, share):
    """With values that something has together, and with values that nothing has together."""
    town(served, old)
    oracle = Oracle(served, mappings(dialect))
    differences, kinds = [], set()
    for name, resource in mappings(dialect).items():
        rows = served.all(name, pageSize=500)
        filters = {}
        for parameter, schema in parameters(name):
            wanted = resource.filters[parameter]
            seen = {row["uuid"]: oracle.values(name, row, wanted.path, wanted.operator) for row in rows}
            filters[parameter] = (wanted, seen, values_of(wanted, seen, schema))
        for first, second in [*itertools.combinations(filters, 2)][share]:
            for matches, (value, other, both) in two(filters[first], filters[second]).items():
                query = {
                    first: asked(served, name, filters[first][0], value),
                    second: asked(served, name, filters[second][0], other),
                }
                answer = served.call("GET", name, params={**query, "pageSize": 500})
                found = {row["uuid"] for row in answer.json().get("results", ())}
                kinds.add((name, matches))
                if answer.status_code != 200 or found != both or answer.json()["count"] != len(both):
                    differences.append((name, query, answer.status_code, len(found), len(both)))
    assert differences == []
    assert {name for name, matches in kinds if matches} == {name for name, _ in kinds}
