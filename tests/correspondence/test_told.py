"""The examples of correspondences come out as they say."""

import pytest
from adapter.dialects import SHIPPED

from tests.correspondence.told import EXAMPLES, compiled, said, sent


@pytest.mark.parametrize("dialect", EXAMPLES)
def test_every_example_comes_out_as_it_says(dialect: str) -> None:
    found = compiled(dialect)
    own = {each.stem for each in (SHIPPED.folder(dialect) / "correspondences").glob("*.yaml")}
    assert {each["correspondence"] for each in EXAMPLES[dialect]} == own
    for each in EXAMPLES[dialect]:
        it = found[each["correspondence"]]
        if "new" in each:
            assert said(it, each["new"], each.get("rows", {})) == each["old"], each["name"]
        else:
            assert sent(it, each["old"]) == each["sent"], each["name"]
