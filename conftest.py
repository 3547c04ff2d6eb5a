"""Modules whose doctests need a library of the extra `peers` are left out where it is absent."""

import os
import signal
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest
from filelock import FileLock

collect_ignore = [] if find_spec("skactiveml") else ["radsim/adapters/skactiveml.py"]


def pytest_configure() -> None:
    """Commands that tests start heed an interrupt, even where this run was started by nohup."""
    signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config, log):  # type: ignore[no-untyped-def]
    """Let a worker that has nothing left take tests from the others: some take minutes."""
    from xdist.scheduler import WorkStealingScheduling

    return WorkStealingScheduling(config, log) if config.option.dist == "load" else None


@pytest.fixture(scope="session")
def common(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that the processes of one run share."""
    base = tmp_path_factory.getbasetemp()
    return base.parent if base.name.startswith("popen-") else base


@pytest.fixture(scope="session")
def collected(common: Path) -> list[str]:
    """What pytest would run with a throw-away row in every table: one line a test or benchmark."""
    path, root = common / "collected.txt", Path(__file__).parent
    with FileLock(f"{path}.lock"):
        if not path.exists():
            # A worker of pytest-xdist says so in the environment, and benchmarks warn of it.
            outside = {k: v for k, v in os.environ.items() if not k.startswith("PYTEST_")}
            paths = os.pathsep.join((str(root), str(root / "tests")))
            options = ("-p", "throwaway", "-p", "no:cacheprovider", "-p", "no:xdist", "-q")
            found = subprocess.run(
                [sys.executable, "-m", "pytest", *options, "--collect-only", "tests", "benchmarks"],
                capture_output=True,
                text=True,
                check=False,
                cwd=root,
                env={**outside, "RADSIM_ROW": "all", "PYTHONPATH": paths},
            )
            assert found.returncode == 0, found.stdout[-2000:] + found.stderr[-2000:]
            path.write_text(found.stdout)
        return [line for line in path.read_text().splitlines() if "::" in line]
