"""Several processes on one run folder, or on one file, at once."""

import threading

import pytest
from chaos.children import run
from chaos.figures import cases, chance
from chaos.outcomes import ended, same, tidy, whole
from chaos.works import WORKS, prepare

# How many write to what; the last two are one file each.
ROUND = (
    *((2, "sweep"), (4, "sweep on 2"), (2, "solve"), (4, "solve"), (4, "sweep"), (2, "report")),
    *((2, "simulate"), (2, "verify")),
)
CASES = [(k, *ROUND[k % len(ROUND)]) for k in cases(full=24, ci=4)]


@pytest.mark.chaos
@pytest.mark.parametrize(
    ("case", "n", "name"), CASES, ids=[f"{k}-{n} {name}" for k, n, name in CASES]
)
def test_writers_at_once_write_whole_files(case, n, name, reference, judge, place):
    work, new, rng = WORKS[name], reference(name), chance("writers", case)
    prepare(work, place, reference)
    outcomes = [None] * n
    resumes = bool(work.again) and rng.random() < 0.5
    waits = rng.uniform(0, 0.3, n)

    def one(k):
        threading.Event().wait(waits[k])
        outcomes[k] = run(work.command(again=resumes), place)

    threads = [threading.Thread(target=one, args=(k,)) for k in range(n)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    faults = [fault for outcome in outcomes for fault in ended(outcome, {0, 2})]
    if name.startswith("sweep"):  # the script's own code of a refusal is 1
        faults = [fault for outcome in outcomes for fault in ended(outcome, {0, 1})]
    if not any(outcome.code == 0 for outcome in outcomes):
        faults.append(("lost", "not one of them was done"))
    faults += whole(place / "out", new.files) + same(place / "out", new.files)
    faults += tidy(place / "out")
    if work.again:
        faults += ended(run(work.command(again=True), place), {0}) + same(place / "out", new.files)
    judge("writers at once", faults, f"{n} of {name}, {'resumed' if resumes else 'new'}")
