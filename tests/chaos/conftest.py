"""Sizes, seeds and counts of the chaos suite.

`pytest -m chaos tests/chaos -n 2` tries a small share of the cases; RADSIM_CHAOS=full all of them,
RADSIM_CHAOS=0.5 half.  RADSIM_CHAOS_SEED draws others.  RADSIM_CHAOS_TABLE=docs/promises.md writes
the counts to the block of that page.  A case depends on the seed and its number alone, so the
command that a failure prints tries it again, whatever the size was.
"""

import os
import shlex
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from chaos.figures import SEED, SIZE, block_of, counted, table_of
from chaos.works import WORKS, undisturbed

_seen = []


@pytest.fixture(scope="session")
def reference(tmp_path_factory):
    """From the name of a work to what it leaves undisturbed."""
    base = tmp_path_factory.getbasetemp()
    shared = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    known = {}

    def given(name):
        if name not in known:
            known[name] = undisturbed(WORKS[name], shared / f"undisturbed {name}", given)
        return known[name]

    return given


@pytest.fixture
def place():
    """A folder that is gone with its case: thousands would fill the disk."""
    with TemporaryDirectory(prefix="radsim-chaos-") as folder:
        yield Path(folder)


@pytest.fixture
def judge(request):
    """Count what was tried and what was found, and fail with the command that tries it again."""

    def judged(part, faults, words=""):
        request.node.user_properties.append(("chaos", (part, [kind for kind, _ in faults])))
        if faults:
            lines = [f"{kind}: {what}" for kind, what in faults]
            again = f"RADSIM_CHAOS=full RADSIM_CHAOS_SEED={SEED} pytest -m chaos "
            again += shlex.quote(request.node.nodeid)
            pytest.fail("\n".join((words, *lines, f"again: {again}")), pytrace=False)

    return judged


def pytest_runtest_logreport(report):
    if report.when == "call":
        _seen.extend(value for name, value in report.user_properties if name == "chaos")


def pytest_terminal_summary(terminalreporter):
    if not _seen or hasattr(terminalreporter.config, "workerinput"):
        return
    text = table_of(counted(_seen))
    terminalreporter.section(f"chaos, size {SIZE}, seed {SEED}")
    terminalreporter.write_line(text)
    if page := os.environ.get("RADSIM_CHAOS_TABLE"):
        path = Path(page)
        command = f"RADSIM_CHAOS={SIZE} RADSIM_CHAOS_SEED={SEED} pytest -m chaos tests/chaos"
        path.write_text(block_of(path.read_text(), f"`{command}` printed:\n\n{text}"))
