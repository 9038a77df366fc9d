"""Where the demonstration's registers listen."""

import socket

from adapter.demo.places import NAMES, find_places


def test_without_a_folder_nothing_is_kept():
    places = find_places(None)
    assert set(places) == set(NAMES)
    assert {place.path for place in places.values()} == {":memory:"}
    assert len({place.port for place in places.values()}) == len(NAMES)


def test_no_outgoing_connection_is_given_a_port_of_a_server():
    """A server that stops can listen on its port again, however many connections are made meanwhile."""

    assert all(20_000 <= place.port < 32_768 for place in find_places(None).values())


def test_with_a_folder_the_addresses_stay_the_same(tmp_path):
    first = find_places(tmp_path / "new" / "folder")
    assert find_places(tmp_path / "new" / "folder") == first
    assert first["klanten"].path == str(tmp_path / "new" / "folder" / "klanten.sqlite3")


def test_an_address_that_is_taken_becomes_an_alias(tmp_path):
    first = find_places(tmp_path)
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", first["klanten"].port))
        taken.listen()
        second = find_places(tmp_path)
    assert second["klanten"].port != first["klanten"].port
    assert second["klanten"].earlier == (first["klanten"].origin,)
    assert second["objects"] == first["objects"]
    assert find_places(tmp_path) == second
