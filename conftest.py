"""Modules whose doctests need a library of the extra `peers` are left out where it is absent."""

from importlib.util import find_spec

collect_ignore = [] if find_spec("skactiveml") else ["radsim/adapters/skactiveml.py"]
