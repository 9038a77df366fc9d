"""Only a call of which nothing was sent leaves no doubt whether its record was made."""

import socket

import pytest
from adapter.gathering.calls import Calls
from adapter.gathering.ports import NotSent, Unanswered
from adapter.registers.client import Register
from adapter.registers.limits import Limits
from adapter.registers.messages import Answer
from adapter.registers.services import build_service


def test_a_refused_connection_and_a_register_that_is_down_sent_nothing():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        base = f"http://127.0.0.1:{free.getsockname()[1]}/"
    values = {"identifier": "x", "api_type": "cmc", "api_root": base, "auth_type": "no_auth"}
    register = Register("contactmomenten", build_service(values), limits=Limits(failures=1))
    for _ in range(2):
        with pytest.raises(NotSent):
            Calls({"contactmomenten": register}).post("contactmomenten/contactmomenten", {}, "")
    register.close()


class Answering:
    """A register that answers every call so."""

    def __init__(self, body):
        self._body = body

    def call(self, *_args, **_named):
        return Answer(200, self._body)


@pytest.mark.parametrize(("body", "says"), [({}, True), (None, True), ([], False), ("", False)])
def test_an_answer_that_is_no_object_says_nothing_of_a_link(body, says):
    """It may be that of a gateway. One without a URL, or without a body, tells of a link that is made."""
    calls = Calls({"contactmomenten": Answering(body)})
    try:
        calls.link("contactmomenten/objectcontactmomenten", {}, "")
    except Unanswered:
        assert not says
    else:
        assert says
