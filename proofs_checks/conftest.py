"""Slow checks run on request: `pytest proofs_checks -m slow`, or `-m ""` for everything."""

from __future__ import annotations

import shutil
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from filelock import FileLock

from radsim.runs.evidence import Check


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "slow: not in the default run")
    if not any(argument.startswith("-m") for argument in config.invocation_params.args):
        config.option.markexpr = "not slow"
    # The checks are not part of the installed package.
    root = str(config.rootpath)
    if root not in sys.path:
        sys.path.insert(0, root)


@pytest.fixture(scope="session")
def run_once(common: Path, request: pytest.FixtureRequest) -> Callable[[Check], str]:
    """Run a row once in a run of the tests, whichever process asks first; rows take minutes."""
    from proofs_checks import CHECKS
    from proofs_checks.formal import checks

    place = {check: k for k, check in enumerate(CHECKS)}

    def run(check: Check) -> str:
        path = common / f"row-{place[check]}.txt"
        with FileLock(f"{path}.lock"):
            if not path.exists():
                with pytest.MonkeyPatch.context() as patch:
                    # Its rows would build all of Coq's files again.
                    patch.setattr(checks, "axioms", lambda: request.getfixturevalue("axioms"))
                    path.write_text(check.run())
            return path.read_text()

    return run


@pytest.fixture(scope="session")
def axioms(common: Path, once_built: tuple[Path, float]) -> frozenset[str]:
    """Axioms that any theorem uses."""
    from proofs_checks.formal import coq
    from proofs_checks.formal.theorems import THEOREMS

    path = common / "axioms.txt"
    with FileLock(f"{path}.lock"):
        if not path.exists():
            found = coq.assumptions(once_built[0], tuple(row.name for row in THEOREMS))
            path.write_text("\n".join(sorted(found)))
        return frozenset(path.read_text().split())


@pytest.fixture(scope="session")
def once_built(common: Path) -> tuple[Path, float]:
    """Folder with all of Coq's files, built from nothing once in a run, and how long it took."""
    from proofs_checks.formal import coq

    folder, took = common / "coq", common / "coq.seconds"
    with FileLock(common / "coq.lock"):
        if not took.exists():
            folder.mkdir()
            start = time.perf_counter()
            coq.build(folder)
            took.write_text(str(time.perf_counter() - start))
    return folder, float(took.read_text())


@pytest.fixture(scope="module")
def built(
    once_built: tuple[Path, float], tmp_path_factory: pytest.TempPathFactory
) -> tuple[Path, float]:
    """A copy of it for the tests of a file, which write theirs beside."""
    folder = tmp_path_factory.mktemp("coq")
    shutil.copytree(once_built[0], folder, dirs_exist_ok=True)
    return folder, once_built[1]
