"""Two processes that serve nothing but their phase, and look at it when they get a signal alone."""

import os
import sys
from pathlib import Path

from adapter.phases import phase
from adapter.serving import supervise

FILE = "PHASE_FILE"


def worker():
    """An application that answers its process and its phase."""
    phase.LOOK_SECONDS = 3600.0
    phases = phase.Phases(Path(os.environ[FILE]))
    phases.start()

    async def answer(scope, receive, send):
        if scope["type"] == "http":
            await send({"type": "http.response.start", "status": 200, "headers": [(b"connection", b"close")]})
            await send({"type": "http.response.body", "body": f"{os.getpid()} {phases.current}".encode()})

    return answer


if __name__ == "__main__":
    supervise("tests.phases.signalled:worker", workers=2, port=int(sys.argv[1]))
