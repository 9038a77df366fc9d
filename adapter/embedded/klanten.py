"""The klanten of the Klanten register."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from starlette.requests import Request

from adapter.embedded.answers import invalid_as_a_whole
from adapter.embedded.bodies import Outside, SubjectGroups
from adapter.embedded.dialect import KLANTEN, SUBJECT, SUBJECT_TYPE
from adapter.embedded.register import Register
from adapter.embedded.resources import JSON, Resource
from adapter.openapi import reasons
from adapter.openapi.checked import Checked, Problem


class Klanten(Resource):
    """The collection of klanten. A klant has a `subject`, which is a URL, or an identification of one."""

    def __init__(self, register: Register) -> None:
        super().__init__(register, KLANTEN)
        self.subjects = SubjectGroups(register.documents[KLANTEN.document], KLANTEN)

    def check(self, body: Any, *, partial: bool, outside: Outside) -> Checked:
        """Validate a body; the identification only when everything else is valid."""
        if not self.register.strict and isinstance(body, dict) and body.get(SUBJECT_TYPE) == "":
            body = {**body, SUBJECT_TYPE: None}
        checked = super().check(body, partial=partial, outside=outside)
        if checked.problems or SUBJECT not in body:
            return checked
        kind = checked.value.get(SUBJECT_TYPE, (outside.current or {}).get(SUBJECT_TYPE))
        if not kind:
            return checked
        subject = self.subjects.read(kind, body[SUBJECT], outside)
        return Checked({**checked.value, SUBJECT: subject.value}, subject.problems)

    async def check_together(self, record: Mapping[str, Any], request: Request) -> None:
        """Require a subject or an identification of one."""
        if not self.register.strict and SUBJECT_TYPE not in record:
            raise self.register.fault(Problem(SUBJECT_TYPE, "required", reasons.REQUIRED))
        if not record.get("subject") and not record.get(SUBJECT):
            raise invalid_as_a_whole("invalid-subject", "subject or subjectIdentificatie must be provided")

    def filled(self, values: Mapping[str, Any], current: Mapping[str, Any]) -> JSON:
        """A complete record, with all members of the identification that its type has."""
        record = super().filled(values, current)
        subject = values.get(SUBJECT)
        if subject:
            record[SUBJECT] = self.subjects.groups[record[SUBJECT_TYPE]].filled(subject)
        elif not self.register.strict:
            record[SUBJECT] = None
        return record
