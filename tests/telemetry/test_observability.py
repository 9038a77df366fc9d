"""The dashboard and the alert rules ask for metrics, labels and values that KlantBrug really has."""

import json
import re
from pathlib import Path

import promql_parser
import pytest
import yaml
from prometheus_client.parser import text_string_to_metric_families

from tests.telemetry.collector import attributes

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "deploy" / "observability"
# Given by Prometheus itself, or by a variable of the dashboard.
GIVEN = {"le", "job", "instance"}
# Labels of which the values depend on what happens: only the label must exist.
OPEN = {"what", "http_route", "http_response_status_code", "error_type", "operation"}
VARIABLES = {"$__rate_interval": "5m", "$__range": "1h", "$job": "klantbrug"}


def _panels():
    found = json.loads((FOLDER / "grafana-dashboard.json").read_text())
    return [each for each in found["panels"] if each["type"] != "row"]


def _questions():
    for panel in _panels():
        for target in panel["targets"]:
            yield f"{panel['title']}, {target['refId']}", target["expr"]
    rules = yaml.safe_load((FOLDER / "prometheus-rules.yaml").read_text())
    for group in rules["groups"]:
        for rule in group["rules"]:
            yield rule["alert"], rule["expr"]


def _parsed(question):
    for name, value in VARIABLES.items():
        question = question.replace(name, value)
    return promql_parser.parse(question)


def _nodes(question, kind):
    """The parts of a question that are of one kind."""
    found = []
    promql_parser.walk(_parsed(question), lambda node: found.append(node) if isinstance(node, kind) else None)
    return found


@pytest.fixture(scope="module")
def series(measured):
    """Name of each series → the values of each of its labels."""
    found: dict[str, dict[str, set[str]]] = {}
    for family in text_string_to_metric_families(measured.exposition):
        for sample in family.samples:
            labels = found.setdefault(sample.name, {})
            for name, value in sample.labels.items():
                labels.setdefault(name, set()).add(value)
    return found


@pytest.mark.parametrize(("where", "question"), [pytest.param(*each, id=each[0]) for each in _questions()])
def test_a_question_can_be_answered(series, where, question):
    """Its metrics exist, and have the labels that it selects and groups by."""
    selectors = _nodes(question, promql_parser.VectorSelector)
    assert selectors, where
    known = set(GIVEN)
    for selector in selectors:
        assert selector.name in series, selector.name
        known |= set(series[selector.name])
        for each in selector.matchers.matchers:
            assert each.name in series[selector.name] or each.name in GIVEN, (selector.name, each.name)
            if each.name not in GIVEN | OPEN:
                assert each.value in series[selector.name][each.name]
    for node in _nodes(question, promql_parser.AggregateExpr):
        assert set(node.modifier.labels if node.modifier else ()) <= known


def test_everything_that_is_measured_is_shown(series):
    """A metric on no panel is one that nobody looks at; those of a resource that few use are left out."""
    shown = {
        each.name for _, question in _questions() for each in _nodes(question, promql_parser.VectorSelector)
    }
    families = {re.sub(r"_(bucket|count|sum)$", "", name) for name in shown}
    measured = {re.sub(r"_(bucket|count|sum|created)$", "", name) for name in series} - {"target_info"}
    rest = {name for name in measured - families if not re.search(r"_(creates|updates|deletes)_total$", name)}
    assert rest == set()


def test_every_metric_is_explained(measured):
    text = (ROOT / "docs" / "telemetry.md").read_text()
    for name in measured.collector.points:
        known = re.sub(r"^klantbrug\.[a-z_]+\.(creates|updates|deletes)$", r"klantbrug.….\1", name)
        assert f"`{known}`" in text, name


def test_every_attribute_is_explained(measured):
    text = (ROOT / "docs" / "telemetry.md").read_text()
    points = [point for points in measured.collector.points.values() for point in points]
    for name in {name for each in [*points, *measured.collector.spans] for name in attributes(each)}:
        assert f"`{name}`" in text, name


def test_no_panel_lies_on_another():
    places = set()
    for panel in _panels():
        at = panel["gridPos"]
        own = {(x, y) for x in range(at["x"], at["x"] + at["w"]) for y in range(at["y"], at["y"] + at["h"])}
        assert not own & places, panel["title"]
        places |= own
