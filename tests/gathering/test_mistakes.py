"""A mistake in a correspondence that gathers is named with its file, its line and the way out."""

import shutil
from pathlib import Path

import pytest
import yaml
from adapter.dialects import SHIPPED, Library
from adapter.shipped import _check_correspondences

MISTAKES = yaml.load(
    (Path(__file__).parent / "mistakes.yaml").read_text(encoding="utf-8"), Loader=yaml.CSafeLoader
)
ESUITE = SHIPPED.folder("esuite")
RIGHT = (ESUITE / "correspondences" / "contact.yaml").read_text(encoding="utf-8")

# An eighth by default: each compiles the declaration anew.
CASES = [
    pytest.param(*each, id=each[2], marks=[] if number % 8 == 0 else [pytest.mark.contract])
    for number, each in enumerate(MISTAKES)
]


def library(folder, text):
    """The shipped dialects and one as esuite is, with this correspondence."""
    own = folder / "own"
    (own / "correspondences").mkdir(parents=True)
    for name in ("dialect.yaml", "slots.yaml"):
        shutil.copy(ESUITE / name, own)
    (own / "correspondences" / "contact.yaml").write_text(text, encoding="utf-8")
    return Library((folder, *SHIPPED.folders))


@pytest.mark.parametrize(("right", "wrong", "says"), CASES)
def test_a_mistake_is_named(right, wrong, says, tmp_path):
    assert right in RIGHT
    (error,) = _check_correspondences(library(tmp_path, RIGHT.replace(right, wrong, 1)))
    assert says in error.problem
    assert error.file.endswith("contact.yaml")
    assert error.position[0] > 1


def test_without_a_mistake_nothing_is_said(tmp_path):
    """Nor of correspondences of the standards, which do not speak of an e-Suite."""
    assert list(_check_correspondences(library(tmp_path, RIGHT))) == []
