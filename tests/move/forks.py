"""A process whose children do one step of a move each: a real process for whoever kills it, at little cost.

Its argument is JSON: the ports of a deployment, its dialect, and for one with phases the file of the phase,
that of the state, and the base URL of the target. On its input come lines of JSON: the seconds
after which the child is killed, or null, and the words of the step. It answers with how the child ended,
negative for a signal, and its seconds.
"""

import json
import os
import signal
import sys
import time
from pathlib import Path
from unittest.mock import patch

from adapter import main as assembly
from adapter.cli import main
from adapter.commands import opening
from adapter.demo.places import Place
from adapter.demo.settings import demo_configuration

from tests.phases.phased import with_phases

ports, dialect, *phased = json.loads(sys.argv[1])
places = {name: Place(name, "", port, ()) for name, port in ports.items()}
configuration = demo_configuration(places, dialect, ":memory:")
if phased:
    file, state, target = phased
    configuration = with_phases(Path(file), target, state=state)(configuration)
# What all children need is made once; a fork of a process with one thread is as a process of its own.
opened = assembly.prepare(configuration)
mappings = opened.mappings
opened.close()

with (
    patch.object(opening, "configured", lambda *_, **__: configuration),
    patch.object(assembly, "load_mappings", lambda *_: mappings),
):
    for line in sys.stdin:
        seconds, step = json.loads(line)
        if pid := os.fork():
            began = time.monotonic()
            if seconds is not None:
                time.sleep(seconds)
                # One that has ended is not waited for yet, so this is nobody else's pid.
                os.kill(pid, signal.SIGKILL)
            ended = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
            print(json.dumps([ended, time.monotonic() - began]), flush=True)
            continue
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        os._exit(main(["move", *step]))
