"""Draws values that a schema of an OpenAPI document allows: every length, null, absence, odd characters.

What no schema says, but every client knows, stands in `believable`; references are filled in by the caller.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from adapter.mapping import schemas
from adapter.openapi.document import Document, Schema
from hypothesis import strategies as st

Strategy = st.SearchStrategy[Any]

# Lengths at which one register or the other ends, and one more.
LENGTHS = (1, 2, 3, 7, 8, 9, 10, 11, 20, 21, 24, 25, 40, 41, 50, 51, 100, 200, 201, 254, 999, 1000)
UNBOUNDED = 1200
# Letters, marks that searches and URLs care about, lines, white space, and whatever else there is.
CHARACTERS = st.sampled_from("abcZ019 é ß'\"<&%_|,;:#\\/\t\n€漢😀").filter(bool) | st.characters(
    exclude_categories=("Cs",), exclude_characters="\x00"
)
PLAIN = st.sampled_from("abcdefghijklmnopqrstuvwxyz")
NAMES = st.text(PLAIN, min_size=1, max_size=12)
MOMENTS = st.builds(
    "{:04d}-{:02d}-{:02d}T{:02d}:{:02d}:{:02d}{}{}".format,
    st.integers(1970, 2100),
    st.integers(1, 12),
    st.integers(1, 28),
    st.integers(0, 23),
    st.integers(0, 59),
    st.integers(0, 59),
    st.sampled_from(["", ".5", ".123456"]),
    st.sampled_from(["Z", "+02:00", "-11:30"]),
)
FORMATS: dict[str, Strategy] = {
    "date": st.dates().map(str).filter(lambda text: text > "1000"),
    "date-time": MOMENTS,
    "uuid": st.uuids(version=4).map(str),
    "email": st.builds("{}@{}.example.nl".format, NAMES, NAMES),
    "uri": st.builds("https://{}.example/{}".format, NAMES, st.text(PLAIN, max_size=40)),
}


class Drawing:
    """Draws from one document. `named` gives a strategy of its own to members of some name.

    `references` gives what a member of that name may refer to, and `may_be_blank` whether a text that is not
    required may be empty although it has a form.
    """

    def __init__(
        self,
        document: Document,
        named: Mapping[str, Strategy],
        references: Mapping[str, Strategy],
        may_be_blank: Callable[[Schema], bool],
    ) -> None:
        self.document, self.named, self.references = document, named, references
        self.may_be_blank = may_be_blank

    def of(self, schema: Schema) -> Strategy:
        """Whatever a schema allows; an object in all of its variants."""
        found = schemas.variants(self.document, schema)
        if not found:
            return self._plain(self.document.merged(schema), "")
        name = self.document.resolve(schema)["discriminator"]["propertyName"]
        return st.one_of(
            [self._plain(self.document.merged(each), "", {name: value}) for value, each in found.items()]
        )

    def _plain(self, schema: Schema, name: str, fixed: Mapping[str, Any] | None = None) -> Strategy:
        kind = schema.get("type")
        if kind == "object" or "properties" in schema:
            return self._object(schema, fixed or {})
        if kind == "array":
            return st.lists(self._member(name, schema.get("items", {})), max_size=2)
        if "anyOf" in schema:
            base = {key: value for key, value in schema.items() if key != "anyOf"}
            return st.one_of([self._plain({**base, **each}, name) for each in schema["anyOf"]])
        if kind == "boolean":
            return st.booleans()
        if kind in ("integer", "number"):
            return st.integers(schema.get("minimum", 0), schema.get("maximum", 10**6))
        return self._text(schema)

    def _object(self, schema: Schema, fixed: Mapping[str, Any]) -> Strategy:
        if not schema.get("properties"):
            return st.dictionaries(NAMES, self._text({"minLength": 1, "maxLength": 255}), max_size=3)
        required = set(schema.get("required", ()))
        always, sometimes = {}, {}
        for name, each in self.document.properties(schema).items():
            member = self.document.merged(each)
            if member.get("readOnly"):
                continue
            strategy = st.just(fixed[name]) if name in fixed else self._member(name, each, name in required)
            (always if name in required or name in fixed else sometimes)[name] = strategy
        return st.fixed_dictionaries(always, optional=sometimes)

    def _member(self, name: str, schema: Schema, required: bool = False) -> Strategy:
        merged = self.document.merged(schema)
        if name in self.references and self._refers(merged):
            found = self.references[name]
        elif name in self.named:
            found = self.named[name]
        elif schemas.variants(self.document, schema):
            found = self.of(schema)
        else:
            found = self._plain(merged, name)
        if merged.get("type") == "string" and not required and self.may_be_blank(merged):
            found = found | st.just("")
        return found | st.none() if merged.get("nullable") else found

    def _refers(self, schema: Schema) -> bool:
        """Whether it is a reference, or a list of them."""
        if schema.get("type") == "array":
            schema = self.document.merged(schema.get("items", {}))
        written = [
            name
            for name, each in schema.get("properties", {}).items()
            if not self.document.merged(each).get("readOnly")
        ]
        return written == ["uuid"]

    def _text(self, schema: Schema) -> Strategy:
        if "enum" in schema:
            return st.sampled_from(schema["enum"])
        longest = schema.get("maxLength", UNBOUNDED)
        if not longest:
            return st.just("")
        if schema.get("format") in FORMATS:
            return FORMATS[schema["format"]].filter(lambda text: len(text) <= longest)
        if "pattern" in schema:
            return matching(schema["pattern"], longest)
        return texts(longest, max(schema.get("minLength", 1), 1))


def matching(pattern: str, longest: int) -> Strategy:
    """Texts of a pattern, in ASCII."""
    found = st.from_regex(pattern.replace("$", r"\Z"), alphabet=st.characters(max_codepoint=126))
    return found.filter(lambda text: len(text) <= longest)


def texts(longest: int, shortest: int = 1) -> Strategy:
    """Texts up to a length, often of exactly a length where something ends."""
    lengths = sorted({each for each in (*LENGTHS, longest - 1, longest) if shortest <= each <= longest})
    words = st.text(CHARACTERS, min_size=shortest, max_size=min(8, longest))
    return words.map(_ended) | st.builds(_stretched, words, st.sampled_from(lengths))


def _stretched(text: str, length: int) -> str:
    return _ended((text * (length // len(text) + 1))[:length])


def _ended(text: str) -> str:
    """Texts are trimmed, so the last character is none that would go."""
    return f"{text[:-1]}." if text[-1].isspace() else text
