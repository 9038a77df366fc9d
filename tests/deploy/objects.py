"""What has to be true of the objects for a cluster, whoever rendered them, and a schema does not say."""

import re

import yaml

KINDS = ("Deployment", "Job")
QUANTITY = re.compile(r"\d+(\.\d+)?(m|k|Ki|M|Mi|G|Gi)?")


def read(text):
    """The objects of a text of YAML; by the parser in C, since these are many."""
    return [each for each in yaml.load_all(text, Loader=yaml.CSafeLoader) if each]


def pods(objects):
    """The (object, template of its pods) of those that have pods."""
    return [(each, each["spec"]["template"]) for each in objects if each["kind"] in KINDS]


def fits(selector, labels):
    return selector.items() <= labels.items()


def problems(objects):
    """A sentence for each thing that a cluster would accept and that would not work, or be unsafe."""
    named = {(each["kind"], each["metadata"]["name"]) for each in objects}
    if len(named) != len(objects):
        yield "two objects have one name"
    for each in objects:
        for name, selector in _selectors(each):
            found = [labels for _, template in pods(objects) if fits(selector, labels := _labels(template))]
            if not selector or not found:
                yield f"{each['kind']} {name} selects no pod"
    for each, template in pods(objects):
        for problem in _of_pods(each, template, named):
            yield f"{each['kind']} {each['metadata']['name']}: {problem}"
    for each in objects:
        if each["kind"] == "Service":
            yield from _of_service(each, objects)


def _labels(template):
    return template["metadata"].get("labels", {})


def _selectors(each):
    spec = each.get("spec", {})
    name = each["metadata"]["name"]
    if each["kind"] == "Service":
        yield name, spec["selector"]
    if each["kind"] in ("Deployment", "PodDisruptionBudget"):
        yield name, spec["selector"]["matchLabels"]
    if each["kind"] == "NetworkPolicy":
        yield name, spec["podSelector"]["matchLabels"]


def _of_service(service, objects):
    for _, template in pods(objects):
        if fits(service["spec"]["selector"], _labels(template)):
            ports = {
                port["name"] for each in template["spec"]["containers"] for port in each.get("ports", [])
            }
            for port in service["spec"]["ports"]:
                if port["targetPort"] not in ports:
                    yield f"the Service leads to no port {port['targetPort']}"


def _of_pods(each, template, named):
    spec = template["spec"]
    if each["kind"] == "Deployment" and not fits(each["spec"]["selector"]["matchLabels"], _labels(template)):
        yield "its pods are not its own"
    if ("ServiceAccount", spec["serviceAccountName"]) not in named:
        yield "its service account is not there"
    volumes = {volume["name"]: volume for volume in spec.get("volumes", [])}
    for volume in volumes.values():
        if "configMap" in volume and ("ConfigMap", volume["configMap"]["name"]) not in named:
            yield f"the ConfigMap of {volume['name']} is not there"
    for container in [*spec["containers"], *spec.get("initContainers", [])]:
        yield from _of_container(container, spec, volumes, named)


def _of_container(container, spec, volumes, named):
    for mount in container.get("volumeMounts", []):
        if mount["name"] not in volumes:
            yield f"there is no volume {mount['name']}"
    for each in container.get("envFrom", []):
        if ("Secret", each["secretRef"]["name"]) not in named:
            yield f"there is no Secret {each['secretRef']['name']}"
    ports = {port["name"] for port in container.get("ports", [])}
    for probe in ("startupProbe", "livenessProbe", "readinessProbe"):
        if probe in container and container[probe]["httpGet"]["port"] not in ports:
            yield f"the {probe} asks no port of the container"
    for kind in container.get("resources", {}).values():
        for quantity in kind.values():
            if not QUANTITY.fullmatch(str(quantity)):
                yield f"{quantity} is no quantity"
    security = {**spec.get("securityContext", {}), **container.get("securityContext", {})}
    if not security.get("runAsNonRoot") or not security.get("runAsUser"):
        yield "it may be root"
    if not security.get("readOnlyRootFilesystem") or security.get("allowPrivilegeEscalation") is not False:
        yield "its files may be changed, or it may gain rights"
    if security.get("capabilities", {}).get("drop") != ["ALL"]:
        yield "it keeps capabilities"
    if spec.get("automountServiceAccountToken") is not False:
        yield "it has a token for the cluster"
