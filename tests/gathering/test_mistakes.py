"""A mistake in a correspondence that gathers is named with its file, its line and the way out."""

import shutil

import pytest
import yaml
from adapter.dialects import Library
from adapter.shipped import _check_correspondences

from tests.gathering.declared import FOLDER

MISTAKES = yaml.safe_load((FOLDER.parent / "mistakes.yaml").read_text(encoding="utf-8"))


# A third by default: each compiles the declaration anew.
CASES = [
    pytest.param(*each, id=each[2], marks=[] if number % 3 == 0 else [pytest.mark.contract])
    for number, each in enumerate(MISTAKES)
]


@pytest.mark.parametrize(("right", "wrong", "says"), CASES)
def test_a_mistake_is_named(right, wrong, says, tmp_path):
    shutil.copytree(FOLDER, tmp_path, dirs_exist_ok=True)
    file = tmp_path / "esuite" / "correspondences" / "contact.yaml"
    text = file.read_text(encoding="utf-8")
    assert right in text
    file.write_text(text.replace(right, wrong, 1), encoding="utf-8")
    (error,) = _check_correspondences(Library((tmp_path,)))
    assert says in error.problem
    assert error.file.endswith("contact.yaml")
    assert error.position[0] > 1


def test_without_a_mistake_nothing_is_said():
    assert list(_check_correspondences(Library((FOLDER,)))) == []
