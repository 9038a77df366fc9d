"""What a test that sets up logging changes in the process, and its undoing: no later test may hear of it."""

import logging
import threading
from contextlib import contextmanager

from adapter.logs import OWN


@contextmanager
def logging_restored():
    """Logging that is set up in the context ends with it: a stream that it writes to ends with its test."""
    root = logging.getLogger()
    loggers = [root, *map(logging.getLogger, OWN)]
    handlers, levels, hook = root.handlers[:], [each.level for each in loggers], threading.excepthook
    try:
        yield
    finally:
        # What pytest itself put there and took away meanwhile is its own affair.
        left = [each for each in root.handlers if each not in handlers]
        for each in left:
            root.removeHandler(each)
        for each, level in zip(loggers, levels, strict=True):
            each.setLevel(level)
        threading.excepthook = hook
        if left:
            logging.captureWarnings(capture=False)
