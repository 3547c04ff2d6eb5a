"""Run a command where a disk, a limit or a stream is in its way, and again where none is.

Mounts are made in a namespace of their own and vanish with it; what was written there is kept.
"""

import shutil
import subprocess
from dataclasses import dataclass
from functools import cache

import numpy as np
import pytest
from chaos.children import run
from chaos.figures import cases, chance
from chaos.outcomes import ended, files, same, tidy, whole
from chaos.works import WORKS, prepare


@dataclass(frozen=True)
class Limit:
    """What is in the way: a shell's script, in which "$@" is the command and $x a number."""

    script: str = '"$@"'
    # The number is drawn between these, as likely in every power of ten.
    x: tuple[float, float] = (1, 1)
    # Variables to set, or (None) to take away.
    environment: tuple[tuple[str, str | None], ...] = ()
    # A script that fails where the limit cannot be set.
    can: str = "true"
    # Nobody can read what it says, or the libraries say it in their own words.
    mute: bool = False
    # The system may end it before radsim can: only what is on disk counts.
    dies: bool = False


MOUNT = (
    "unshare -rm sh -c 'mount -t tmpfs -o size=$x none {} && {}\"$@\"; code=$?; {} exit $code' sh"
)
KEPT = "cp -a out kept && umount -l out && rm -r out && mv kept out;"
SMALL = "mkdir small && " + MOUNT.format("small", "", "") + ' "$@"'
NO_RIGHTS = "setpriv --bounding-set=-all --"
MAY_MOUNT = "unshare -rm mount -t tmpfs none /mnt"
CLOSED_MODE = f'chmod {{}} out; {NO_RIGHTS} "$@"; code=$?; chmod 755 out; exit $code'

LIMITS = {
    "full disk": Limit(f'{MOUNT.format("out", "", KEPT)} "$@"', (4096, 400_000), can=MAY_MOUNT),
    "read-only mount": Limit(
        f'{MOUNT.format("out", "mount -o remount,ro out && ", KEPT)} "$@"',
        (9e6, 9e6),
        can=MAY_MOUNT,
    ),
    "read-only folder": Limit(CLOSED_MODE.format(555), can=f"{NO_RIGHTS} true"),
    "folder of no access": Limit(CLOSED_MODE.format(0), can=f"{NO_RIGHTS} true"),
    "few open files": Limit('prlimit --nofile=$x "$@"', (8, 80)),
    "little memory": Limit('prlimit --as=$x "$@"', (2e9, 8e9)),
    "hardly any memory": Limit('prlimit --as=$x "$@"', (5e7, 2e9), dies=True),
    "short files": Limit('prlimit --fsize=$x "$@"', (1, 200_000)),
    "small stack": Limit('prlimit --stack=$x "$@"', (3e5, 8e6)),
    "no home": Limit(environment=(("HOME", None), ("XDG_CACHE_HOME", None))),
    "home that is none": Limit(environment=(("HOME", "/dev/null/x"),)),
    "no temporary folder": Limit(environment=(("TMPDIR", "/dev/null/x"),)),
    "full temporary folder": Limit(SMALL, (4096, 4096), (("TMPDIR", "small"),), MAY_MOUNT),
    "standard input closed": Limit('"$@" <&-'),
    "standard output closed": Limit('"$@" >&-'),
    "standard output full": Limit('"$@" >/dev/full'),
    "standard error closed": Limit('"$@" 2>&-', mute=True),
    "standard error full": Limit('"$@" 2>/dev/full', mute=True),
    "all streams closed": Limit('"$@" <&- >&- 2>&-', mute=True),
    "settings of somebody": Limit(
        "printf 'font.size: 31\\nsavefig.dpi: 17\\nsvg.hashsalt: no\\n' > matplotlibrc; \"$@\"",
        environment=(("TZ", "Asia/Kolkata"), ("LC_ALL", "C"), ("PYTHONHASHSEED", "7")),
    ),
    "no network": Limit('unshare -rn "$@"', can="unshare -rn true"),
    "working folder gone": Limit('mkdir gone && cd gone && rmdir ../gone && "$@"'),
    "poor terminal": Limit(
        environment=(
            ("TERM", "dumb"),
            ("COLUMNS", "1"),
            ("LC_ALL", "C"),
            ("PYTHONIOENCODING", "ascii"),
        )
    ),
}
# The quick ones more often.
ROUND = (
    *("solve", "report", "sweep on 2", "explore", "solve", "check", "sweep", "distill one"),
    *("solve and draw", "simulate", "solve", "report", "verify", "check", "simulate on 2"),
    *("conjecture", "attack", "bench"),
)
PAIRS = [
    (limit, ROUND[(round_ + k) % len(ROUND)])
    for round_ in range(len(ROUND))
    for k, limit in enumerate(LIMITS)
]  # every limit on one command, then on the next
CASES = [(k, *PAIRS[k % len(PAIRS)]) for k in cases(full=len(PAIRS), ci=len(LIMITS))]


@cache
def _possible(script):
    return subprocess.run(["sh", "-c", script], capture_output=True, check=False).returncode == 0


@pytest.mark.chaos
@pytest.mark.parametrize(
    ("case", "limit", "name"), CASES, ids=[f"{k}-{limit}-{name}" for k, limit, name in CASES]
)
def test_a_limit_tears_nothing(case, limit, name, reference, judge, place):
    row, work = LIMITS[limit], WORKS[name]
    if not _possible(row.can):
        pytest.skip(f"cannot be set here: {row.can}")
    new = reference(name)
    prepare(work, place, reference)
    low, high = np.log(row.x)
    x = int(np.exp(chance("limits", case).uniform(low, high)))
    script = f"x={x}; export x; {row.script}"
    outcome = run(
        ["sh", "-c", script, "sh", *work.command()], place, environment=dict(row.environment)
    )
    faults = ended(outcome, {0, 1, 2})
    if row.mute or row.dies:
        kept = ("hung", "left processes") if row.dies else ("hung", "left processes", "exit codes")
        faults = [fault for fault in faults if fault[0] in kept]
    faults += whole(place / "out", new.files) + tidy(place / "out")
    if outcome.code == 0:
        faults += same(place / "out", new.files, "wrong with exit 0")
    else:
        shutil.rmtree(place / "small", ignore_errors=True)
        again = run(work.command(again=bool(work.again and files(place / "out"))), place)
        faults += ended(again, {0}) + same(place / "out", new.files) + tidy(place / "out")
    judge("limits", faults, f"{name}, {limit}, {x}")
