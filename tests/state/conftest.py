"""States to test: in a file, and in a PostgreSQL that the tests start and stop."""

import psycopg
import pytest
from adapter.state.opening import set_up


def database(postgres, name):
    """The URL of a new database with an empty state, on a PostgreSQL."""
    with psycopg.connect(postgres, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')
    url = postgres.removesuffix("postgres") + name
    set_up(url)
    return url


@pytest.fixture(params=["file", "postgres"])
def address(request, tmp_path):
    """The address of a state that is set up, in a file and in PostgreSQL."""
    if request.param == "file":
        return str(tmp_path / "state.sqlite3")
    url = request.getfixturevalue("postgres")
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("DROP SCHEMA public CASCADE")
        connection.execute("CREATE SCHEMA public")
    set_up(url)
    return url
