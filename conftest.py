"""Modules whose doctests need a library of the extra `peers` are left out where it is absent."""

import signal
from importlib.util import find_spec

collect_ignore = [] if find_spec("skactiveml") else ["radsim/adapters/skactiveml.py"]


def pytest_configure() -> None:
    """Commands that tests start heed an interrupt, even where this run was started by nohup."""
    signal.signal(signal.SIGINT, signal.default_int_handler)
