"""A PostgreSQL that tests start and stop."""

import os
import pwd
import subprocess
import time
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import mkdtemp

import psycopg
import pytest
from adapter.demo.places import free_ports

FOLDERS = sorted(Path("/usr/lib/postgresql").glob("*/bin"))
NOBODY = "postgres"
# Nothing is to outlast a test, or to be worked out for queries that come once.
FLEETING = (
    *("fsync=off", "full_page_writes=off", "wal_level=minimal", "max_wal_senders=0"),
    *("autovacuum=off", "jit=off"),
)


def as_user():
    """PostgreSQL does not run as root: then it runs as the user that its package made."""
    if os.geteuid():
        return {}
    with suppress(KeyError):
        return {"user": pwd.getpwnam(NOBODY).pw_uid, "group": pwd.getpwnam(NOBODY).pw_gid, "extra_groups": []}
    return pytest.skip("PostgreSQL does not run as root, and there is no user postgres")


@contextmanager
def running_postgres():
    """The URL of an empty PostgreSQL on this machine."""
    if not FOLDERS:
        pytest.skip("no PostgreSQL in /usr/lib/postgresql")
    binaries, who = FOLDERS[-1], as_user()
    folder = Path(mkdtemp(prefix="kb-postgres-"))
    if who:
        os.chown(folder, who["user"], who["group"])
    data = folder / "data"
    subprocess.run(
        [binaries / "initdb", "-D", data, "-U", "klantbrug", "-A", "trust", "-E", "UTF8", "--no-sync"],
        check=True, cwd=folder, stdout=subprocess.DEVNULL, **who,
    )  # fmt: skip
    (port,) = free_ports(1)
    options = ["-p", str(port), "-h", "127.0.0.1", "-k", folder]
    options += [part for each in FLEETING for part in ("-c", each)]
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
