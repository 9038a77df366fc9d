"""Bodies that the tests of the HTTP face send."""

from __future__ import annotations

CONTACT = {"kanaal": "telefoon", "onderwerp": "Vraag over afval", "taal": "nld", "vertrouwelijk": False}
UNKNOWN = "99999999-9999-4999-8999-999999999999"
