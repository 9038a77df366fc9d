"""The records of the log, in the JSON form of OTLP (opentelemetry-proto, `ExportTraceServiceRequest`)."""

from __future__ import annotations

import hmac
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import IntEnum
from hashlib import sha256
from typing import Any

from adapter.processing import Subject

_SERVER, _INTERNAL = 2, 1


class Status(IntEnum):
    """UNSET: begun, or refused for what the client sent. ERROR: something failed here or in a register."""

    UNSET = 0
    OK = 1
    ERROR = 2


@dataclass(frozen=True, slots=True)
class Record:
    """One record; `attributes` hold URIs, names of classes, and pseudonyms.

    trace, span: 32 and 16 hexadecimal digits; parent: those of the record above it, "" when there is none.
    started, ended: in nanoseconds since 1970.
    """

    trace: str
    span: str
    parent: str
    name: str
    started: int
    ended: int
    status: Status = Status.UNSET
    attributes: Mapping[str, str] = field(default_factory=dict)

    def otlp(self) -> dict[str, Any]:
        """The record as a span."""
        found: dict[str, Any] = {
            "traceId": self.trace,
            "spanId": self.span,
            "name": self.name,
            "kind": _SERVER if _SUBJECT not in self.attributes else _INTERNAL,
            "startTimeUnixNano": str(self.started),
            "endTimeUnixNano": str(self.ended),
            "attributes": _attributes(self.attributes),
            "status": {"code": int(self.status)},
        }
        return {**found, "parentSpanId": self.parent} if self.parent else found


ACTIVITY = "dpl.core.processing_activity_id"
_SUBJECT = "dpl.core.data_subject_id"
_SUBJECT_KIND = "dpl.core.data_subject_id_type"
FOREIGN_SPAN = "dpl.core.foreign_operation.span_id"
FOREIGN_PARTY = "dpl.core.foreign_operation.processor"
ERROR = "exception.type"


def request_of(records: Sequence[Record], resource: Mapping[str, str]) -> dict[str, Any]:
    """The request that exports records; with none it only asks whether the logbook is there."""
    if not records:
        return {"resourceSpans": []}
    spans = [each.otlp() for each in records]
    scope = {"scope": {"name": "klantbrug"}, "spans": spans}
    return {"resourceSpans": [{"resource": {"attributes": _attributes(resource)}, "scopeSpans": [scope]}]}


def _attributes(found: Mapping[str, str]) -> list[dict[str, Any]]:
    return [{"key": name, "value": {"stringValue": value}} for name, value in found.items()]


class Pseudonyms:
    """Makes the pseudonyms of data subjects: a keyed hash, which stays the same as long as the key does."""

    def __init__(self, key: str, base_url: str) -> None:
        self._key, self._base_url = key.encode(), base_url

    def attributes(self, subject: Subject) -> dict[str, str]:
        """What a record says of a data subject. The type of one that is known by a uuid is a URI."""
        kind = f"{self._base_url}/{subject.kind}" if subject.by_uuid else subject.kind
        return {_SUBJECT: self.of(subject), _SUBJECT_KIND: kind}

    def of(self, subject: Subject) -> str:
        """The pseudonym, 64 hexadecimal digits: HMAC-SHA256 of `BSN:999990019`."""
        text = f"{subject.kind}:{subject.value}"
        return hmac.new(self._key, text.encode(), sha256).hexdigest()
