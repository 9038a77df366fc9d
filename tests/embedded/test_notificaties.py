"""The stand-in for a Notificaties API refuses odd input with 400, as a real one does, and never fails."""

import pytest
import requests
from adapter.embedded import notificaties
from adapter.embedded.server import running

GOOD = {
    "kanaal": "partijen",
    "hoofdObject": "https://brug.example/partijen/1",
    "resource": "partij",
    "resourceUrl": "https://brug.example/partijen/1",
    "actie": "create",
    "aanmaakdatum": "2024-03-01T10:00:00Z",
    "kenmerken": {"nummer": "1"},
}


@pytest.fixture(scope="module")
def origin():
    app = notificaties.create_app()
    with running(app) as found:
        channel = {"naam": "partijen", "filters": ["nummer"]}
        assert requests.post(f"{found}/kanaal", json=channel, timeout=10).status_code == 201
        yield found
        # Tests of this module may be spread over several processes.
        assert list(app.state.kept.messages) in ([], [GOOD, {**GOOD, "kenmerken": None}])


def test_what_is_right_is_taken(origin):
    """Also without kenmerken, and with a moment that names no zone."""
    for body in (GOOD, {**GOOD, "kenmerken": None}):
        assert requests.post(f"{origin}/notificaties", json=body, timeout=10).status_code == 201


@pytest.mark.parametrize(
    ("path", "body", "name"),
    [
        ("notificaties", [], "kanaal"),
        ("notificaties", {**GOOD, "actie": "lezen"}, "actie"),
        ("notificaties", {**GOOD, "aanmaakdatum": "gisteren"}, "aanmaakdatum"),
        ("notificaties", {**GOOD, "aanmaakdatum": 5}, "aanmaakdatum"),
        ("notificaties", {**GOOD, "aanmaakdatum": "2999-01-01T00:00:00"}, "aanmaakdatum"),
        ("notificaties", {**GOOD, "kenmerken": ["nummer"]}, "kenmerken"),
        ("notificaties", {**GOOD, "kenmerken": {"anders": "1"}}, "kenmerken"),
        ("notificaties", {**GOOD, "kanaal": ["partijen"]}, "kanaal"),
        ("kanaal", {"naam": "x", "filters": "nummer"}, "filters"),
        ("kanaal", {"naam": "x", "filters": [{}]}, "filters"),
        ("abonnement", {"callbackUrl": "x", "auth": "y", "kanalen": ["partijen"]}, "kanalen"),
        ("abonnement", {"callbackUrl": "x", "auth": "y", "kanalen": [{"filters": []}]}, "naam"),
        (
            "abonnement",
            {"callbackUrl": "x", "auth": "y", "kanalen": [{"naam": "partijen", "filters": "a"}]},
            "filters",
        ),
        ("abonnement", {"callbackUrl": ["x"], "auth": {}}, "auth"),
        ("abonnement", {"callbackUrl": ["x"], "auth": ["y"]}, "nonFieldErrors"),
    ],
)
def test_odd_input_is_refused(origin, path, body, name):
    answer = requests.post(f"{origin}/{path}", json=body, timeout=10)
    assert answer.status_code == 400
    assert name in {each["name"] for each in answer.json()["invalidParams"]}
