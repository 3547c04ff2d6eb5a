"""Slow checks run on request: `pytest proofs_checks -m slow`, or `-m ""` for everything."""

from __future__ import annotations

import sys

import pytest


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "slow: not in the default run")
    if not any(argument.startswith("-m") for argument in config.invocation_params.args):
        config.option.markexpr = "not slow"
    # The checks are not part of the installed package.
    root = str(config.rootpath)
    if root not in sys.path:
        sys.path.insert(0, root)
