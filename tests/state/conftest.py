"""States to test: in a file, and in a PostgreSQL that the tests start and stop."""

import os
import pwd
import subprocess
import time
from contextlib import suppress
from pathlib import Path

import psycopg
import pytest
from adapter.demo.places import free_ports
from adapter.state.opening import set_up

FOLDERS = sorted(Path("/usr/lib/postgresql").glob("*/bin"))
NOBODY = "postgres"


def as_user():
    """PostgreSQL does not run as root: then it runs as the user that its package made."""
    if os.geteuid():
        return {}
    with suppress(KeyError):
        return {"user": pwd.getpwnam(NOBODY).pw_uid, "group": pwd.getpwnam(NOBODY).pw_gid, "extra_groups": []}
    return pytest.skip("PostgreSQL does not run as root, and there is no user postgres")


@pytest.fixture(scope="session")
def postgres(tmp_path_factory):
    """The URL of an empty PostgreSQL on this machine."""
    if not FOLDERS:
        pytest.skip("no PostgreSQL in /usr/lib/postgresql")
    binaries, who = FOLDERS[-1], as_user()
    folder = Path(subprocess.check_output(["mktemp", "-d", "/tmp/kb-postgres-XXXXXX"], text=True).strip())
    if who:
        os.chown(folder, who["user"], who["group"])
    data = folder / "data"
    subprocess.run(
        [binaries / "initdb", "-D", data, "-U", "klantbrug", "-A", "trust", "-E", "UTF8", "--no-sync"],
        check=True, cwd=folder, stdout=subprocess.DEVNULL, **who,
    )  # fmt: skip
    (port,) = free_ports(1)
    options = ["-p", str(port), "-h", "127.0.0.1", "-k", folder, "-c", "fsync=off"]
    server = subprocess.Popen(
        [binaries / "postgres", "-D", data, *options], cwd=folder, stderr=subprocess.DEVNULL, **who
    )
    url = f"postgresql://klantbrug@127.0.0.1:{port}/postgres"
    try:
        for _ in range(200):
            with suppress(psycopg.OperationalError):
                psycopg.connect(url).close()
                break
            time.sleep(0.05)
        yield url
    finally:
        server.terminate()
        server.wait(20)
        subprocess.run(["rm", "-rf", folder], check=True)


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
