"""Kill a command at random moments, look at what it leaves, and run it again to its end."""

import pytest
from chaos.children import run, signalled
from chaos.figures import cases, chance
from chaos.inside import commanded
from chaos.outcomes import before_radsim, ended, files, same, tidy, whole
from chaos.works import WORKS, prepare

# What is killed how often: the quick ones more, each at least once in a round.
ROUND = (
    *("solve",) * 4,
    *("sweep on 2",) * 6,
    *("sweep",) * 3,
    *("solve and draw", "report", "explore", "distill one"),
    *("sweep on Dask",) * 2,
    *("simulate", "simulate on 2", "simulate on 2"),
    *("verify", "verify", "distill"),
    *("conjecture", "attack", "bench", "bench"),
)
CASES = [(k, ROUND[k % len(ROUND)]) for k in cases(full=300, ci=25)]

# The codes of a process that ends itself in time, and of one that was still starting.
CODES = {"KILL": {-9}, "TERM": {143, -15}, "INT": {130, -2}, "WORKER": {1}}


def _moment(seconds, rng):
    """Anywhere in the time that it takes, and often while it is only loading."""
    return float(rng.uniform(0, 0.6 if rng.random() < 0.3 else 1.05 * seconds))


def _killed(work, place, new, old, again, rng):
    """Kill one run: words, and what it left that it may not."""
    ways = ["KILL", "TERM", "INT", *(["WORKER"] if work.spreads else [])]
    how = ways[rng.integers(len(ways))] if work.ours else "WORKER"
    after, jobs = _moment(new.seconds, rng), int(rng.integers(1, 3)) if again else work.jobs
    outcome = run(work.command(again, jobs), place, disturb=signalled(how, after))
    faults = ended(outcome, {0} | CODES[how])
    if not work.ours or (how == "INT" and before_radsim(outcome.err)):
        faults = [fault for fault in faults if fault[0] in ("left processes", "hung")]
    faults += whole(place / "out", new.files, old)
    if outcome.code == 0:
        faults += same(place / "out", new.files, "wrong with exit 0")
    if how != "KILL":
        faults += tidy(place / "out")
    return f"{how} after {after:.2f} of {new.seconds:.2f} s, {jobs} jobs", faults


@pytest.mark.chaos
@pytest.mark.parametrize(("case", "name"), CASES, ids=[f"{k}-{name}" for k, name in CASES])
def test_a_killed_command_loses_nothing(case, name, reference, judge, place):
    work, new, rng = WORKS[name], reference(name), chance("kills", case)
    prepare(work, place, reference)
    old = {} if work.again or name == "verify" else dict.fromkeys(new.files, b"old\n")
    for file, content in old.items():
        (place / "out" / file).write_bytes(content)
    words, faults = [], []
    for k in range(2 if work.again and rng.random() < 0.3 else 1):
        again = k > 0 and bool(files(place / "out"))
        told, found = _killed(work, place, new, old, again, rng)
        words, faults = [*words, told], faults + found
    if work.again or name == "verify":  # a page of what is there so far
        outcome = commanded("report", place / "out", "--out", place / "page.html")
        faults += ended(outcome, {0, 1, 2})
    jobs = int(rng.integers(1, 3))
    again = run(work.command(bool(work.again and files(place / "out")), jobs), place)
    faults += ended(again, {0}) if work.ours else []
    faults += same(place / "out", new.files) + tidy(place / "out")
    judge("kills", faults, f"{name}: {'; '.join(words)}; then {jobs} jobs")
