"""How many calls of the new register an old operation takes: no more than it needs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.reverse.chain import Chain
from tests.reverse.test_rules import KLANTEN, LINKS, MOMENTEN, klant, moment

OBJECT_LINKS = "contactmomenten/api/v1/objectcontactmomenten"
ZAAK = "11111111-1111-4111-8111-111111111111"
MAIL, NUMBER = "jan@example.nl", "0612345678"
# One to know the present successor of a contactmoment, which every answer to a write tells.
SUCCESSOR = 1
# One to read what must go on to read as it does.
HELD = 1


class Costs:
    """Counts the calls of each operation; `dear` are those that take more than they may."""

    def __init__(self, chain: Chain) -> None:
        self.chain = chain
        self.dear: list[str] = []

    def at_most(self, most: int, asides: int, call: Callable[..., Any], path: str, *body: Any) -> Any:
        """The answer to an operation that may take so many calls, and so many for what stands aside."""
        self.chain.calls.clear()
        found = call(path, *body)
        new = [f"{method} {where}" for name, method, where in self.chain.calls if name != "objects"]
        beside = len(self.chain.calls) - len(new)
        if len(new) > most or beside > asides:
            self.dear.append(f"{call.__name__} {path}: {new} and {beside} asides")
        return found


def test_operations_cost_no_more_than_they_need(chain: Chain) -> None:
    old, costs = chain.old, Costs(chain)
    zaak = f"{chain.zaken}/zaken/{ZAAK}"

    person = costs.at_most(4, 2, old.post, KLANTEN, klant(emailadres=MAIL, telefoonnummer=NUMBER))
    other = costs.at_most(2, 2, old.post, KLANTEN, klant(klantnummer="2"))
    costs.at_most(1, 1, old.get, person["url"])
    costs.at_most(1, 1, old.get, KLANTEN)
    costs.at_most(1, 1, old.get, f"{KLANTEN}?subjectNatuurlijkPersoon__inpBsn=999990019")
    costs.at_most(1, 2, old.get, f"{KLANTEN}?klantnummer=2")
    costs.at_most(2, 2, old.get, f"{KLANTEN}?emailadres={MAIL}")
    costs.at_most(2, 1, old.patch, person["url"], {"voornaam": "Jan"})
    costs.at_most(2, 1, old.patch, person["url"], {"telefoonnummer": "0687654321"})
    costs.at_most(1, 1, old.put, person["url"], old.get(person["url"]))

    first = costs.at_most(4, 1, old.post, MOMENTEN, moment())
    second = costs.at_most(6, 2, old.post, MOMENTEN, moment(vorigContactmoment=first["url"]))
    costs.at_most(1 + SUCCESSOR, 1, old.get, second["url"])
    ends = {"contactmoment": first["url"], "klant": person["url"]}
    link = costs.at_most(3, 4, old.post, LINKS, {**ends, "rol": "gesprekspartner"})
    ends = {"contactmoment": first["url"], "object": zaak}
    costs.at_most(2, 1, old.post, OBJECT_LINKS, {**ends, "objectType": "zaak"})

    expand = "ordering=-registratiedatum&expand=objectcontactmomenten"
    costs.at_most(1, 3, old.get, MOMENTEN)
    costs.at_most(1, 3, old.get, f"{MOMENTEN}?klant={person['url']}&{expand}")
    costs.at_most(1, 3, old.get, f"{MOMENTEN}?object={zaak}")
    costs.at_most(1, 4, old.get, f"{MOMENTEN}?kanaal=balie")
    costs.at_most(4, 4, old.get, f"{MOMENTEN}?medewerkerIdentificatie__identificatie=mw-1")
    costs.at_most(1, 1, old.get, f"{LINKS}?klant={person['url']}")
    costs.at_most(1, 1, old.get, f"{LINKS}?contactmoment={first['url']}")
    for question in ("", f"?object={zaak}", f"?contactmoment={first['url']}"):
        costs.at_most(1, 1, old.get, OBJECT_LINKS + question)

    costs.at_most(2 + SUCCESSOR, 3, old.patch, first["url"], {"tekst": "Dag"})
    employee = {"medewerkerIdentificatie": {"identificatie": "mw-2"}}
    costs.at_most(1 + 4 + SUCCESSOR, 4, old.patch, first["url"], employee)
    costs.at_most(1 + 1 + SUCCESSOR, 4, old.patch, first["url"], {"initiatiefnemer": "gemeente"})
    costs.at_most(3, 4, old.patch, link["url"], {"rol": "belanghebbende"})

    costs.at_most(2 + HELD, 4, old.delete, link["url"])
    costs.at_most(2, 4, old.delete, second["url"])
    costs.at_most(2 + HELD, 3, old.delete, other["url"])

    assert costs.dear == []
