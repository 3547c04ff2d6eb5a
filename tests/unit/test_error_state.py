"""radsim computes alike whatever NumPy was told to do about underflows and their like."""

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from radsim import Game, solve

# The state is set before radsim is loaded.
CALLS = """
import numpy as np
np.seterr(all="raise")
from error_state import main
failed = main()
print(*failed, sep="\\n")
assert not failed
"""


def test_nothing_raises_where_numpy_was_told_to_raise():
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", CALLS],
        capture_output=True,
        text=True,
        check=False,
        env=os.environ | {"PYTHONPATH": os.pathsep.join([str(Path(__file__).parent), *sys.path])},
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_calls_can_fail():
    with np.errstate(all="raise"), pytest.raises(FloatingPointError):
        Game([1e-300, 1], mistakes=1).gains * 1e-300


@pytest.mark.parametrize("what", ["ignore", "raise"])
def test_the_state_of_the_user_is_kept(what):
    with np.errstate(all=what):
        before = np.geterr()
        solve(Game([1e-300, 3e-300], mistakes=1, budget=1e-300)).certificate.accepts()
        with pytest.raises(ValueError, match="too large"):
            Game([1e308], mistakes=1)
        assert np.geterr() == before
