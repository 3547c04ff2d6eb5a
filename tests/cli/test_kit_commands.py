"""The pytest plugin, the replay of failures and the example, each in a process of its own."""

import json
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

TESTS = """
from dataclasses import replace

import numpy as np

from hypothesis import given

from radsim import CLAIMS, Game, Instance
from radsim.testing import games, parametrize_with_checks


def first(gains, budget, *, rng):
    return np.arange(int(budget))


ONLY = {"huge_pool": "slow", "noise": "slow", "inclusion": "slow", "guarantee": "known"}


@parametrize_with_checks([first, "uniform"], skip=ONLY)
def test_selectors(subject, check):
    check(subject)


def test_claim(radsim_check):
    assert radsim_check("V2", Instance("game", Game([3, 2, 1], 1))).status == "HOLDS"


def compare(game, method, rng):
    for item in CLAIMS["V2"].compare(game, method, rng):
        yield item._replace(bound=1.05 * item.bound)


FALSE = replace(CLAIMS["V2"], compare=compare)


@given(games((2, 4), harm=1, mistakes=1, budget=1))
def test_false_claim(radsim_check, game):
    radsim_check(FALSE, game)


def test_false_statement(radsim_check):
    radsim_check("V <= mean(g)", Game([1, 0], mistakes=0))


def test_true_claim_of_the_table(radsim_check):
    radsim_check("V7", Game([1, 1 / 3], mistakes=0.5))
"""


def _run(folder, *command):
    words = [sys.executable, *map(str, command)]
    return subprocess.run(words, cwd=folder, capture_output=True, text=True, check=False)


def _pytest(folder, *options):
    return _run(folder, "-m", "pytest", "-q", "-p", "no:cacheprovider", *options)


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    folder = tmp_path_factory.mktemp("plugin")
    (folder / "test_own.py").write_text(TESTS)
    return folder, _pytest(folder, "test_own.py")


def test_the_summary_shows_the_worst_slack(run):
    _, found = run
    assert found.returncode == 1
    assert "3 failed" in found.stdout
    assert "FailedHealthCheck" not in found.stdout
    section = found.stdout.partition("radsim: worst slack per claim and check")[2]
    assert re.search(r"permutation +1 failed, 1 passed +worst slack \d", section)
    assert re.search(r"V2 +\d+ HOLDS, \d+ UNDECIDED, \d+ VIOLATED +worst slack -\d", section)


def test_a_failed_check_prints_the_smallest_game_and_replays(run):
    folder, found = run
    words = "smallest failing case: Game([1.0, 2.0], mistakes=0, budget=1)"
    assert words in found.stdout
    assert "Selector(" not in found.stdout  # no traceback through the kit
    line = re.search(
        r"replay: radsim (verify --replay \S+first-permutation\.json .*)", found.stdout
    )
    words = shlex.split(line.group(1))
    assert words[3:] == ["--selector", f"{folder / 'test_own.py'}:first"]
    again = _run(folder, "-m", "radsim.cli", *words)
    assert again.returncode == 1
    assert "first, check permutation: failed inclusion of point 0 is 1" in again.stdout
    # Mended, it passes.
    (folder / "test_own.py").write_text(
        TESTS.replace("np.arange(int(budget))", "np.argsort(-gains)[: int(budget)]")
    )
    mended = _run(folder, "-m", "radsim.cli", *words)
    assert mended.returncode == 0, mended.stdout + mended.stderr
    assert "passed" in mended.stdout
    assert "test_own.py is another file than the one in which it failed" in mended.stdout
    assert "another file" not in again.stdout
    # Unless the function is named, nothing of that file is run.
    (folder / "test_own.py").write_text("open('ran', 'w')")
    alone = _run(folder, "-m", "radsim.cli", *words[:3])
    assert alone.returncode == 2 and "add --selector FILE.py:NAME" in alone.stderr
    assert not (folder / "ran").exists()


def test_a_violated_claim_replays_by_its_address(run):
    folder, found = run
    line = re.search(
        r"replay: radsim (verify --claims test_own\.py:FALSE --replay \S+)", found.stdout
    )
    (folder / "test_own.py").write_text(TESTS)
    again = _run(folder, "-m", "radsim.cli", *line.group(1).split())
    assert again.returncode == 1, again.stdout + again.stderr
    assert "test_own.py:FALSE against linprog: VIOLATED" in again.stdout
    assert "V1 against" not in again.stdout  # only the claim that is named
    shown = re.search(r"game: (g = .*)", found.stdout).group(1)
    assert shown in again.stdout
    # One mistake at c = 1 leaves two points no value, three some.
    assert shown == "g = (1, 1, 1), c = 1, m = 1, b = 1, capped, abstain"


def test_a_false_statement_replays(run):
    folder, found = run
    assert "V <= mean(g) is false: V = 1, mean(g) = 1/2" in found.stdout
    assert "Game([1, 0], mistakes=0)" in found.stdout
    line = re.search(r"replay: radsim (conjecture --replay \S+)", found.stdout)
    again = _run(folder, "-m", "radsim.cli", *line.group(1).split())
    assert again.returncode == 1 and "REFUTED" in again.stdout


def test_a_failure_that_cannot_be_replayed_is_refused_in_one_line(tmp_path):
    path = tmp_path / "failed.json"
    for document, words in (
        ({"check": "permutation"}, "not a saved failure"),
        ({"check": "magic", "kind": "selector"}, "not a saved failure"),
    ):
        path.write_text(json.dumps(document))
        found = _run(tmp_path, "-m", "radsim.cli", "verify", "--replay", path)
        assert found.returncode == 2
        assert words in found.stderr
        assert len(found.stderr.strip().splitlines()) == 1


def test_seed_and_profile_reach_the_checks(tmp_path):
    (tmp_path / "test_run.py").write_text(
        "import radsim.testing\n"
        "from radsim.testing.run import PROFILES, RUN\n"
        "def test_run():\n"
        "    run = RUN.get()\n"
        "    assert (run.seed, run.profile) == (7, PROFILES['thorough'])\n"
    )
    options = ["--radsim-seed", 7, "--radsim-profile", "thorough", "test_run.py"]
    found = _pytest(tmp_path, *options)
    assert found.returncode == 0, found.stdout
    assert "worst slack" not in found.stdout  # nothing was checked
    header = _run(tmp_path, "-m", "pytest", *options).stdout
    assert "radsim: seed 7, profile thorough" in header


def test_the_plugin_alone_imports_nothing_of_radsim(tmp_path):
    (tmp_path / "test_plain.py").write_text(
        "import sys\n"
        "def test_plain():\n"
        "    assert '_radsim_pytest' in sys.modules\n"
        "    assert not [name for name in sys.modules if name.partition('.')[0] == 'radsim']\n"
    )
    found = _pytest(tmp_path, "test_plain.py")
    assert found.returncode == 0, found.stdout


def test_the_example_fails_first_and_is_mended(tmp_path):
    script = ROOT / "examples" / "own_selector.py"
    shown = _run(tmp_path, script)
    assert shown.returncode == 0, shown.stderr
    assert "hasty fails check 'ties': with equal points the contract holds" in shown.stdout
    assert "Game([1.0, 1.0]" in shown.stdout
    assert re.search(r"mended: 1\d checks passed", shown.stdout)
    found = _pytest(tmp_path, script, "-c", ROOT / "pyproject.toml", "--rootdir", tmp_path)
    assert found.returncode == 0, found.stdout
    assert "skipped" in found.stdout
    line = re.search(r"replay: radsim (.*)", shown.stdout).group(1)
    assert _run(tmp_path, "-m", "radsim.cli", *shlex.split(line)).returncode == 1


NUMPYS_OWN = """
import numpy as np
from radsim import Claim, Comparison, Game
from radsim.testing import check_claim


def half(game, method, rng):
    bound = np.sum(game.gains)
    measured = np.float64(0), np.float64(1)
    yield Comparison(np.str_("V <= sum g"), "upper", bound, measured, np.float64(1))


OWN = Claim("own", "V is at most the sum of the gains", "upper", lambda game: True, half)


def test_own():
    assert check_claim(OWN, Game([3, 2, 1], mistakes=1)).status == "HOLDS"
"""


@pytest.mark.parametrize("jobs", [0, 2])
def test_notes_of_a_claim_with_numbers_of_numpy_reach_the_summary(jobs, tmp_path):
    (tmp_path / "test_own.py").write_text(NUMPYS_OWN)
    done = _pytest(tmp_path, "-n", jobs, "test_own.py")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "1 HOLDS" in done.stdout
