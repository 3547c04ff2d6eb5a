"""Kill a command at a random moment, look at what it left, and run it a second time."""

import pytest
from chaos.children import run, signalled
from chaos.figures import cases, chance
from chaos.outcomes import before_radsim, ended, files, same, tidy, whole
from chaos.works import WORKS, prepare

# What is killed how often: the quick ones more, each at least once in a round.
ROUND = (
    *("solve",) * 4,
    *("sweep on 2",) * 6,
    *("sweep",) * 3,
    *("solve and draw", "report", "explore", "distill one") * 1,
    *("sweep on Dask",) * 2,
    *("simulate",) * 1,
    *("simulate on 2",) * 2,
    *("verify",) * 2,
    *("distill",) * 1,
)
CASES = [(k, ROUND[k % len(ROUND)]) for k in cases(full=300, ci=25)]


def _disturbance(work, case, seconds):
    rng = chance("kills", case)
    ways = ["KILL", "TERM", "INT", *(["WORKER"] if work.spreads else [])]
    how = ways[rng.integers(len(ways))] if work.ours else "WORKER"
    return how, seconds * float(rng.uniform(0, 1.05))


def _codes(how):
    """A process that ends itself in time says so; one that was still starting is ended by it."""
    gone = {"KILL": {-9}, "TERM": {143, -15}, "INT": {130, -2}, "WORKER": {1}}
    return {0} | gone[how]


@pytest.mark.chaos
@pytest.mark.parametrize(("case", "name"), CASES, ids=[f"{k}-{name}" for k, name in CASES])
def test_a_killed_command_loses_nothing(case, name, reference, judge, place):
    work, new = WORKS[name], reference(name)
    how, after = _disturbance(work, case, new.seconds)
    prepare(work, place, reference)
    old = {}
    if not work.again and name != "verify":
        old = dict.fromkeys(new.files, b"old\n")
        for file, content in old.items():
            (place / "out" / file).write_bytes(content)
    outcome = run(work.command(), place, disturb=signalled(how, after))
    faults = ended(outcome, _codes(how))
    if not work.ours or (how == "INT" and before_radsim(outcome.err)):
        faults = [fault for fault in faults if fault[0] in ("left processes", "hung")]
    elif name.startswith("sweep"):  # a script may say nothing of its interrupt
        faults = [x for x in faults if x[0] != "lines" or outcome.err.count("\n") > 1]
    faults += whole(place / "out", new.files, old)
    if outcome.code == 0:
        faults += same(place / "out", new.files, "wrong with exit 0")
    if how != "KILL":
        faults += tidy(place / "out")
    begun = bool(files(place / "out")) or not work.again
    again = run(work.command(again=begun), place)
    faults += ended(again, {0}) if work.ours else []
    faults += same(place / "out", new.files) + tidy(place / "out")
    judge("kills", faults, f"{name}, {how} after {after:.2f} of {new.seconds:.2f} s")
