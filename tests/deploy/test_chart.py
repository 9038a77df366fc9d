"""The chart of deploy/helm, as Helm's own engine renders it."""

import json
import re
from pathlib import Path

import pytest
import yaml
from adapter.api import health
from adapter.configuration import parse
from adapter.telemetry.environment import Wanted, wanted

from tests.deploy.objects import problems, read
from tests.deploy.validity import CHART, invalid

pytestmark = pytest.mark.deploy

ROOT = Path(__file__).parents[2]
EXAMPLE = yaml.safe_load((ROOT / "deploy" / "kubernetes" / "example" / "klantbrug.yaml").read_text())
DATABASE = {"settings": {"database": {"host": "postgres", "password": "a b/c@d"}}}
VARIABLES = ("KLANTEN_SECRET", "OBJECTEN_TOKEN", "ZAKEN_SECRET")
# Of another vendor: no schema of Kubernetes.
FOREIGN = {"AzureKeyVaultSecret", "ServiceMonitor"}


@pytest.fixture(scope="module")
def helm():
    return pytest.importorskip("helm_python")


@pytest.fixture(scope="module")
def render(helm):
    """Gives the objects that these values make, over a configuration and a database."""
    with helm.Chart.load(str(CHART)) as chart:

        def objects(values=None, /, name="demo", data=None, database=DATABASE):
            configuration = dict(EXAMPLE["klantbrug"])
            del configuration["state"]
            data = data or {**EXAMPLE, "klantbrug": configuration}
            merged = merge({"configuration": {"data": data}}, database, values or {})
            found = chart.render(merged, name=name, namespace="prod")
            texts = [text for path, text in found.items() if not path.endswith("NOTES.txt")]
            return [each for text in texts for each in read(text)]

        yield objects


def merge(*values):
    found = {}
    for each in values:
        for key, value in each.items():
            both = isinstance(value, dict) and isinstance(found.get(key), dict)
            found[key] = merge(found[key], value) if both else value
    return found


def of(objects, kind):
    return [each for each in objects if each["kind"] == kind]


HOST = {"host": "klantbrug.gemeente.example", "paths": [{"path": "/klantinteracties", "pathType": "Prefix"}]}
POLICY = {"from": [{"namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": "kiss"}}}]}
MATRIX = {
    "nothing": {},
    "one replica with a volume": {
        "replicaCount": 1,
        "persistence": {"enabled": True, "storageClassName": "fast"},
        "settings": {"database": {"host": ""}},
    },
    "a claim that is there": {
        "replicaCount": 1,
        "persistence": {"enabled": True, "existingClaim": "mine"},
        "settings": {"database": {"host": ""}},
    },
    "reached from outside": {
        "ingress": {"enabled": True, "className": "nginx", "hosts": [HOST], "annotations": {"a/b": "c"}},
        "extraIngress": [{"name": "second", "hosts": [HOST], "tls": [{"secretName": "t", "hosts": ["a.b"]}]}],
        "networkPolicy": POLICY,
        "service": {"type": "NodePort", "annotations": {"a": "b"}},
    },
    "scaled": {"autoscaling": {"enabled": True, "targetMemoryUtilizationPercentage": 70}},
    "a budget of what may be missing": {"pdb": {"maxUnavailable": "50%"}},
    "set up in the pod": {"configuration": {"initContainer": {"enabled": True}}},
    "set up by hand": {"configuration": {"enabled": False}},
    "a job that goes": {
        "configuration": {
            "job": {"ttlSecondsAfterFinished": 0, "annotations": {"helm.sh/hook": "post-install"}}
        }
    },
    "a digest": {"image": {"digest": "sha256:" + "a" * 64}, "imagePullSecrets": [{"name": "registry"}]},
    "named": {"fullnameOverride": "k" * 60, "podLabels": {"a": "b"}, "podAnnotations": {"a": "b"}},
    "placed": {
        "nodeSelector": {"a": "b"},
        "tolerations": [{"key": "a", "operator": "Exists"}],
        "affinity": {"nodeAffinity": {}},
        "topologySpreadConstraints": [
            {
                "maxSkew": 1,
                "topologyKey": "zone",
                "whenUnsatisfiable": "ScheduleAnyway",
                "labelSelector": {"matchLabels": {"app.kubernetes.io/name": "klantbrug"}},
            }
        ],
    },
    "more of everything": {
        "extraEnvVars": [{"name": "TZ", "value": "UTC"}],
        "extraVolumes": [{"name": "certificates", "emptyDir": {}}],
        "extraVolumeMounts": [{"name": "certificates", "mountPath": "/certificates"}],
        "extraDeploy": [
            "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: {{ .Release.Name }}-text\n",
            {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "{{ .Release.Name }}-object"}},
        ],
    },
    "a key vault": {
        "azureVaultSecret": {"vaultName": "vault", "objectName": "klantbrug", "secretName": "kv"}
    },
    "measured": {
        "settings": {
            "otel": {
                "disabled": False,
                "exporterOtlpEndpoint": "http://collector:4318",
                "exporterOtlpHeaders": [{"key": "authorization", "value": "Basic a=b c"}],
                "resourceAttributes": [{"key": "deployment.environment.name", "value": "test"}],
                "prometheus": {"enabled": True},
            }
        },
        "serviceMonitor": {"create": True, "labels": {"release": "prometheus"}},
    },
    "below an umbrella": {
        "enabled": True,
        "global": {
            "anything": "else",
            "settings": {"databaseHost": "shared"},
            "configuration": {"enabled": True, "secrets": {"KLANTEN_SECRET": "shared"}},
        },
    },
}


@pytest.mark.parametrize("values", MATRIX.values(), ids=MATRIX)
def test_what_is_rendered_is_valid(render, values):
    """For the oldest and the newest Kubernetes, and so that the objects fit together."""
    objects = render(values)
    assert list(invalid([each for each in objects if each["kind"] not in FOREIGN])) == []
    assert list(problems(objects)) == []


def test_helm_has_no_complaint(helm):
    findings = helm.lint(str(CHART))
    assert [str(each) for each in findings if "ERROR" in str(each) or "WARNING" in str(each)] == []


def test_the_configuration_is_one_that_klantbrug_takes(render):
    """The ConfigMap with the variables of the Secret; what settings say is filled in."""
    values = {
        "settings": {"logLevel": "WARNING"},
        "configuration": {"secrets": dict.fromkeys(VARIABLES, f"Token {'x' * 32}")},
    }
    objects = render(values)
    (text,) = (each["data"]["klantbrug.yaml"] for each in of(objects, "ConfigMap"))
    (variables,) = (each["stringData"] for each in of(objects, "Secret"))
    configuration = parse(text, variables)
    assert (
        configuration.state == "postgresql://klantbrug:a%20b%2Fc%40d@postgres:5432/klantbrug?sslmode=require"
    )
    assert configuration.log_level == "warning"
    assert configuration.public_url == EXAMPLE["klantbrug"]["public_url"]


def test_what_the_configuration_says_goes_before_what_follows_from_settings(render):
    data = merge(
        EXAMPLE, {"klantbrug": {"state": "postgresql://mine/x", "limits": {"answer_bytes": 10000000}}}
    )
    for given in (data, yaml.safe_dump(data)):
        objects = render(
            {"configuration": {"data": given}, "settings": {"siteDomain": "other.example"}}, data=given
        )
        (text,) = (each["data"]["klantbrug.yaml"] for each in of(objects, "ConfigMap"))
        assert yaml.safe_load(text) == data


def test_the_host_is_enough_for_the_address(render):
    configuration = dict(EXAMPLE["klantbrug"])
    del configuration["public_url"]
    values = {"settings": {"siteDomain": "klantbrug.gemeente.example"}}
    objects = render(values, data={**EXAMPLE, "klantbrug": configuration})
    (text,) = (each["data"]["klantbrug.yaml"] for each in of(objects, "ConfigMap"))
    found = yaml.safe_load(text)["klantbrug"]["public_url"]
    assert found == "https://klantbrug.gemeente.example/klantinteracties/api/v1"


def test_the_probes_are_served(render):
    (deployment,) = of(render(), "Deployment")
    (container,) = deployment["spec"]["template"]["spec"]["containers"]
    paths = [container[f"{name}Probe"]["httpGet"]["path"] for name in ("startup", "liveness", "readiness")]
    assert paths == [health.LIVE, health.LIVE, health.READY]


def test_telemetry_is_what_the_values_ask_for(render):
    """KlantBrug understands the variables; nothing is measured by default, and a header is a secret."""

    def environment(objects):
        (deployment,) = of(objects, "Deployment")
        (container,) = deployment["spec"]["template"]["spec"]["containers"]
        return {each["name"]: each["value"] for each in container["env"]}

    assert not wanted(environment(render()))
    objects = render(MATRIX["measured"])
    found = environment(objects)
    assert wanted(found) == Wanted(
        "http/protobuf", "http/protobuf", prometheus=True, host="0.0.0.0", port=9464
    )
    assert "OTEL_EXPORTER_OTLP_HEADERS" not in found
    (secret,) = of(objects, "Secret")
    assert secret["stringData"]["OTEL_EXPORTER_OTLP_HEADERS"] == "authorization=Basic%20a%3Db%20c"
    (policy,) = of(objects, "NetworkPolicy")
    assert {"port": 4318, "protocol": "TCP"} in policy["spec"]["egress"][1]["ports"]
    (monitor,) = of(objects, "ServiceMonitor")
    (service,) = of(objects, "Service")
    assert monitor["spec"]["selector"]["matchLabels"].items() <= service["metadata"]["labels"].items()
    ports = {each["name"] for each in service["spec"]["ports"]}
    assert {each["port"] for each in monitor["spec"]["endpoints"]} <= ports


def test_the_setup_runs_again_for_every_change_and_for_nothing_else(render):
    """A Job cannot be changed: another configuration, secret or version is another name."""

    def name(values=None):
        return of(render(values), "Job")[0]["metadata"]["name"]

    first = name()
    assert name() == first
    assert name({"replicaCount": 3}) == first
    changes = [{"image": {"tag": "9"}}, {"configuration": {"secrets": {"A": "b"}}}, {"podLabels": {"a": "b"}}]
    assert len({first, *map(name, changes)}) == 4


def test_the_setup_runs_in_one_place(render):
    """In a Job, or in the pod: where a volume can be mounted once only, always there."""
    for values, jobs in (
        ({}, 1),
        (MATRIX["set up in the pod"], 0),
        (MATRIX["one replica with a volume"], 0),
        (MATRIX["set up by hand"], 0),
    ):
        objects = render(values)
        (deployment,) = of(objects, "Deployment")
        inside = deployment["spec"]["template"]["spec"].get("initContainers", [])
        assert len(of(objects, "Job")) == jobs
        assert len(inside) == (0 if jobs or values is MATRIX["set up by hand"] else 1)


def test_a_change_of_the_configuration_replaces_the_pods(render):
    def marks(values=None):
        return of(render(values), "Deployment")[0]["spec"]["template"]["metadata"]["annotations"]

    assert marks() != marks({"settings": {"logLevel": "debug"}})
    assert marks() != marks({"configuration": {"secrets": {"A": "b"}}})


def test_secrets_of_an_umbrella_are_there_and_those_of_the_chart_go_before(render):
    values = merge(MATRIX["below an umbrella"], {"configuration": {"secrets": {"ZAKEN_SECRET": "own"}}})
    (secret,) = of(render(values), "Secret")
    assert secret["stringData"]["KLANTEN_SECRET"] == "shared"
    assert secret["stringData"]["ZAKEN_SECRET"] == "own"
    assert "@shared:5432/" in secret["stringData"]["KLANTBRUG_STATE"]


@pytest.mark.parametrize(
    ("values", "says"),
    [
        ({"replicaCount": "two"}, "replicaCount"),
        ({"replicaCounts": 2}, "replicaCounts"),
        ({"image": {"digest": "sha256:short"}}, "digest"),
        ({"settings": {"logLevel": "loud"}}, "logLevel"),
        ({"settings": {"siteDomain": "https://klantbrug.example/"}}, "siteDomain"),
        ({"persistence": {"enabled": True}}, "persistence is for one replica"),
        ({"settings": {"database": {"host": ""}}}, "the state needs a place that outlives a pod"),
        ({"configuration": {"data": "a: [b"}}, "configuration.data is no YAML"),
        ({"configuration": {"data": ""}}, "configuration.data is required"),
    ],
)
def test_a_mistake_in_the_values_is_told(helm, render, values, says):
    with pytest.raises(helm.HelmError, match=re.escape(says)):
        render(values)


def test_every_value_is_in_the_schema_and_on_the_page():
    """A value that is misspelt is refused, so every one that exists has to be known, and explained."""
    page = (CHART / "README.md").read_text()
    schema = json.loads((CHART / "values.schema.json").read_text())
    for path in leaves(yaml.safe_load((CHART / "values.yaml").read_text()), schema):
        assert f"`{path}`" in page


def leaves(values, schema, path=""):
    """The paths of the values that have no parts of their own in the schema."""
    for key, value in values.items():
        below = schema["properties"][key]
        if isinstance(value, dict) and "properties" in below:
            yield from leaves(value, below, f"{path}{key}.")
        else:
            yield f"{path}{key}"
