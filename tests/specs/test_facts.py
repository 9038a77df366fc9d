"""Every fact of the published specifications holds in our documents: they lie beside a checkout, or not."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.specs.conftest import SPECS

BESIDE = Path(__file__).parents[3]
COMPARE = next(BESIDE.glob("*/tools/spec_facts.py"), None)
FACTS = {
    "klantinteracties-0.9.0": 20386,
    "klanten-1.0.0": 2686,
    "contactmomenten-1.0.0": 4598,
    "objects-2.7.0": 1933,
}


@pytest.mark.skipif(COMPARE is None, reason="the published specifications are not beside this checkout")
@pytest.mark.parametrize("name", FACTS)
def test_the_facts_of_the_published_specification_hold(name):
    published = COMPARE.parents[1] / "reference" / "specs" / f"{name}.yaml"
    ours = SPECS / f"{name.partition('-')[0]}.yaml"
    done = subprocess.run(
        [sys.executable, COMPARE, published, ours], capture_output=True, text=True, check=False
    )
    assert done.stdout == f"{FACTS[name]} of {FACTS[name]} facts hold\n"
    assert done.returncode == 0
