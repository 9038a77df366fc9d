"""The manifests of deploy/kubernetes, as kustomize renders them."""

import subprocess
import sys
from pathlib import Path

import pytest
from adapter.api import health
from adapter.configuration import parse

from tests.deploy.objects import pods, problems, read
from tests.deploy.validity import invalid

ROOT = Path(__file__).parents[2]
EXAMPLE = ROOT / "deploy" / "kubernetes" / "example"

pytestmark = pytest.mark.deploy


@pytest.fixture(scope="module")
def objects():
    kubectl = Path(sys.executable).with_name("kubectl")
    if not kubectl.exists():
        pytest.skip("there is no kubectl")
    done = subprocess.run(
        [kubectl, "kustomize", EXAMPLE], capture_output=True, text=True, check=False, timeout=60
    )
    assert done.returncode == 0, done.stderr
    return read(done.stdout)


def test_the_manifests_are_valid(objects):
    """For the oldest and the newest Kubernetes, without a member that it does not know."""
    assert list(invalid(objects)) == []


def test_the_manifests_fit_together(objects):
    assert list(problems(objects)) == []


def test_the_manifests_are_complete(objects):
    """Two replicas with all three probes, whose paths are served; a job; a budget; a policy."""
    kinds = sorted(each["kind"] for each in objects)
    assert kinds == [
        "ConfigMap",
        "Deployment",
        "Job",
        "NetworkPolicy",
        "PodDisruptionBudget",
        "Secret",
        "Service",
        "ServiceAccount",
    ]
    (deployment,) = (each for each in objects if each["kind"] == "Deployment")
    assert deployment["spec"]["replicas"] == 2
    (container,) = deployment["spec"]["template"]["spec"]["containers"]
    paths = [container[f"{name}Probe"]["httpGet"]["path"] for name in ("startup", "liveness", "readiness")]
    assert paths == [health.LIVE, health.LIVE, health.READY]


def test_the_image_is_that_of_the_overlay(objects):
    images = {each["image"] for _, template in pods(objects) for each in template["spec"]["containers"]}
    assert images == {"registry.gemeente.example/klantbrug:0.1.0"}


def test_the_example_is_a_configuration():
    """It names no variable but those of the Secret, and a state that replicas share."""
    lines = (EXAMPLE / "secrets.env").read_text().splitlines()
    variables = dict(line.split("=", 1) for line in lines)
    configuration = parse((EXAMPLE / "klantbrug.yaml").read_text(), variables)
    assert configuration.state.startswith("postgresql://")
