"""The parts of a configuration, as the rest of KlantBrug uses them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any

from adapter.registers.limits import Limits
from adapter.registers.messages import Mode
from adapter.registers.services import Certificate


@dataclass(frozen=True, slots=True)
class RegisterConfiguration:
    """One register; `service` is its valid entry of `zgw_consumers: services:`."""

    name: str
    service: Mapping[str, Any] = field(repr=False)
    certificates: Mapping[str, Certificate]
    aliases: tuple[str, ...]
    dialect: str
    contract: Mode
    contract_share: float


@dataclass(frozen=True, slots=True)
class Objecttype:
    """An objecttype that exists already in the Objects API of the municipality."""

    url: str
    version: int


@dataclass(frozen=True, slots=True)
class RegistersApi:
    """How the old APIs are served: the URL above their paths, those of before, what a zaak link needs.

    other_urls: further URLs above their paths, under which they are served as well.

    volgend_in_lijsten: whether lists are exact in what the register cannot say of many records at once.
    asides: where what the register has no place for is kept: `objects` or `table`, which is in the state.
    internetaak: the objecttype of the objects that are served from interne taken; None when none are.
    """

    url: str = ""
    aliases: tuple[str, ...] = ()
    other_urls: tuple[str, ...] = ()
    zaakcontactmoment: bool = False
    volgend_in_lijsten: bool = False
    asides: str = "objects"
    internetaak: Objecttype | None = None


@dataclass(frozen=True, slots=True)
class PhaseSettings:
    """The phases of a move: the file with the phase, the share of reads that is compared, the Retry-After."""

    file: Path
    share: float
    retry_after: int


@dataclass(frozen=True, slots=True)
class Token:
    """A client of the API; exactly one of `hash`, `plain` and `client_id` (with `secret`) has a value.

    `legacy_fields` is None when it follows the setting; `expires` is in seconds since 1970, None for never.
    `changing` is how long it may change what closes; empty as the setting says. `settings` are those of the
    dialect of which it has a value of its own; `settle` is None when it follows that of gathering.
    """

    name: str
    hash: str = field(repr=False)
    plain: str = field(repr=False)
    operations: tuple[str, ...]
    legacy_fields: bool | None
    client_id: str = ""
    secret: str = field(default="", repr=False)
    expires: float | None = None
    certificate: str = field(default="", repr=False)
    changing: str = ""
    settings: Mapping[str, Any] = MappingProxyType({})
    settle: float | None = None


@dataclass(frozen=True, slots=True)
class AccessConfiguration:
    """The networks of trusted proxies, and the header in which they report a client certificate."""

    proxies: tuple[str, ...]
    certificate_header: str


@dataclass(frozen=True, slots=True)
class LimitsConfiguration:
    """The limits of the section `limits`, where they are described; `register_limits` has those of a call."""

    scan: int
    body_bytes: int
    list_items: int
    record_bytes: int
    references: int
    register_calls: int
    threads: int
    slow: float
    connect_timeout: float
    total_timeout: float
    retry_after: int
    request_timeout: float
    stop_timeout: int
    failures: int
    answer_bytes: int
    wrong_tokens: int
    idempotency: int
    sweep: float
    orphans: float
    settle: float
    reference_lists: float

    def register_limits(self, read_timeout: float, records: int = 1) -> Limits:
        """The limits of the calls to one register; `read_timeout` is that of its service, in seconds.

        `records` is the size of its smallest page. Such a page must fit an answer even when each record is as
        long as `record_bytes` allows, or what was stored could not be read.
        """
        total = max(self.total_timeout, read_timeout)
        return Limits(
            connect=self.connect_timeout,
            read=read_timeout,
            total=total,
            threads=self.threads,
            retry_after=self.retry_after,
            failures=self.failures,
            answer_bytes=max(self.answer_bytes, records * self.record_bytes),
            slow=self.slow,
        )
