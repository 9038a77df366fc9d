"""How much work something takes, told without a clock."""

import sys
from collections.abc import Callable
from pathlib import Path

import adapter


def calls_of(work: Callable[[], object], *packages: str) -> int:
    """How many functions of these packages of `adapter` are called meanwhile, in all threads."""
    ours = tuple(str(Path(adapter.__file__).parent / each) for each in packages)
    counted = 0

    def count(code, _offset):
        nonlocal counted
        if not code.co_filename.startswith(ours):
            return sys.monitoring.DISABLE
        counted += 1
        return None

    monitoring, tool = sys.monitoring, sys.monitoring.PROFILER_ID
    monitoring.use_tool_id(tool, "calls")
    try:
        monitoring.register_callback(tool, monitoring.events.PY_START, count)
        monitoring.set_events(tool, monitoring.events.PY_START)
        work()
    finally:
        monitoring.set_events(tool, 0)
        monitoring.free_tool_id(tool)
    return counted
