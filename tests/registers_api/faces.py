"""The face of the old APIs over tables of SQLite, as tests start it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from threading import Lock
from typing import Any

from adapter.api.settings import ApiSettings
from adapter.api.tokens import Token
from adapter.collection import Collection, Keeper, Key
from adapter.demo.places import free_ports
from adapter.embedded.dialect import document_of
from adapter.embedded.klanten_contactmomenten import DEMO_SECRETS, OPEN_KLANT, tables_of
from adapter.embedded.store import Store
from adapter.registers.client import Register
from adapter.registers.services import build_service
from adapter.registers_api import BASES, OldApis, create_app

from tests.short_way import running

CLIENT = Token("demo", client_id="demo", secret=DEMO_SECRETS["demo"])
READER = Token("lezer", plain="lezer", operations=("*_list", "*_read"))


class Tables:
    """A keeper of empty tables. One request is answered at a time, so that nothing changes under it."""

    def __init__(self) -> None:
        self.collections: Mapping[str, Collection] = tables_of(Store(":memory:"))
        self._one = Lock()

    @contextmanager
    def request(self, *, writes: bool, alone: Sequence[str] = ()) -> Iterator[None]:
        """See `Keeper`."""
        del writes, alone
        with self._one:
            yield

    def once(self, key: Key | None, make: Callable[[], str]) -> str:
        """See `Keeper`; nothing is remembered."""
        del key
        return make()


def zaken_client(base: str) -> Register:
    """A client of the Zaken API at a URL."""
    service = {
        "identifier": "zaken",
        "label": "Zaken",
        "api_type": "zrc",
        "api_root": f"{base}/",
        "auth_type": "no_auth",
    }
    return Register("zaken", build_service(service))


@contextmanager
def face(
    keeper: Keeper,
    zaken: Register | None = None,
    *,
    relations: bool = False,
    aliases: tuple[str, ...] = (),
    prefix: str = "",
    **settings: Any,
) -> Iterator[str]:
    """The face before what it keeps; gives the URL above the paths of the APIs."""
    (port,) = free_ports(1)
    url = f"http://127.0.0.1:{port}"
    documents = {name: document_of(name, OPEN_KLANT) for name in BASES.values()}
    old = OldApis(documents, aliases=aliases, zaken=zaken, relations=relations)
    known = {"tokens": (CLIENT, READER), **settings}
    app = create_app(keeper, ApiSettings(public_url=url + prefix, **known), old)
    with running(app, port):
        yield url
