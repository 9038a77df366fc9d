"""Words of a correspondence that pass what they do not name, in both directions."""

from typing import Any, cast

import pytest
from adapter.correspondence.converting import converted
from adapter.correspondence.model import Limit, Pair, Words
from adapter.mapping.codecs import DoesNotFit

ENTRIES = ((("whatsapp",), ("wa",)), (("e-mail",), ("mail", "email")), (("*",), ("*",)))


class _Pair:
    conversions = (Words(ENTRIES),)

    def limit(self, _: str) -> Limit:
        return Limit()


@pytest.mark.parametrize(
    ("to", "value", "expected"),
    [
        ("right", "whatsapp", "wa"),
        ("left", "wa", "whatsapp"),
        ("left", "email", "e-mail"),
        ("right", "balie", "balie"),
        ("left", "balie", "balie"),
        # it would be read back as another word
        ("right", "wa", None),
        ("left", "whatsapp", None),
        ("right", "*", None),
        ("left", None, None),
    ],
)
def test_a_word_that_is_not_named_is_the_same_on_both_sides(
    to: Any, value: Any, expected: str | None
) -> None:
    pair = cast(Pair, _Pair())
    if expected is None:
        with pytest.raises(DoesNotFit):
            converted(pair, to, value, cast(Any, None))
    else:
        assert converted(pair, to, value, cast(Any, None)) == expected
