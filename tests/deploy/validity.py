"""Objects held to the schemas of Kubernetes, strictly: a member that is misspelt is a mistake too."""

import json
import re
from functools import cache
from pathlib import Path

import pytest
import yaml

CHART = Path(__file__).parents[2] / "deploy" / "helm" / "klantbrug"


def versions():
    """The oldest Kubernetes that the chart names, and the newest whose schemas are known."""
    kubernetes_validate = pytest.importorskip("kubernetes_validate")
    bound = yaml.safe_load((CHART / "Chart.yaml").read_text())["kubeVersion"]
    return re.search(r"\d+\.\d+", bound)[0], kubernetes_validate.latest_version()


def invalid(objects):
    """A sentence for each object that a version refuses."""
    for version in versions():
        for each in objects:
            if why := _refusal(version, json.dumps(each)):
                yield f"{version} {each['kind']} {each['metadata']['name']}: {why}"


@cache
def _refusal(version, text):
    """Why a version refuses an object; the same one is looked at once, since schemas take long to read."""
    kubernetes_validate = pytest.importorskip("kubernetes_validate")
    try:
        kubernetes_validate.validate(json.loads(text), version, strict=True)
    except kubernetes_validate.ValidationError as error:
        return error.message
    except kubernetes_validate.SchemaNotFoundError:
        return "there is no such kind"
    return ""
