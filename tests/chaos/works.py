"""The commands that are disturbed: one row each, with all that it writes in the folder `out`."""

import shutil
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from chaos.children import run
from chaos.outcomes import files

GAINS = "gain\n" + "".join(f"{(7 * k % 31 + 1) / 32}\n" for k in range(40))
ANIMALS = "height,weight,label\n" + "".join(
    f"{k % 7 + k / 97},{k % 5 - k / 89},{'cat' if k % 7 > 3 else 'dog'}\n" for k in range(120)
)
RADSIM = ("-m", "radsim.cli")

# Somebody's script: a sweep of small cells, by joblib's processes or on a Dask cluster.
MODULE = """
import time

def value(cell, rng):
    time.sleep(0.05)
    return [{"draw": float(rng.random()), "twice": 2 * cell["n"]} for _ in range(3)]
"""
SCRIPT = """
import sys

try:
    from mine import value
    from radsim.runs.sweeps import sweep

    cells = [{"n": n} for n in range(10)]
    sweep(value, cells, "out", seed=5, jobs=int(sys.argv[1]), resume="--resume" in sys.argv)
except KeyboardInterrupt:
    sys.exit(130)
except Exception as error:
    print("radsim:", str(error).splitlines()[0], file=sys.stderr)
    sys.exit(1)
"""
ON_DASK = """
import logging
import sys

import joblib
from dask.distributed import Client, LocalCluster

from mine import value
from radsim.runs.sweeps import sweep

if __name__ == "__main__":
    options = dict(n_workers=2, threads_per_worker=1, dashboard_address=None)
    with LocalCluster(silence_logs=logging.CRITICAL, **options) as cluster, Client(cluster):
        with joblib.parallel_config("dask"):
            cells = [{"n": n} for n in range(10)]
            sweep(value, cells, "out", seed=5, jobs=None, resume="--resume" in sys.argv)
"""


@dataclass(frozen=True)
class Work:
    """A command; `again` is what is added to run it a second time."""

    name: str
    arguments: tuple[str, ...]
    again: tuple[str, ...] = ()
    inputs: tuple[tuple[str, str], ...] = ()
    # A work whose results are its input, in the folder `run`.
    needs: str = ""
    # What it prints on standard error is radsim's own.
    ours: bool = True
    # Processes that compute for it, put where "{jobs}" stands.
    jobs: int = 1

    @property
    def spreads(self):
        return self.jobs > 1

    def command(self, again=False, jobs=None):
        words = (*self.arguments, *(self.again if again else ()))
        return [sys.executable, *(word.format(jobs=jobs or self.jobs) for word in words)]


def _sweep(name, script, jobs, ours=True):
    inputs = (("mine.py", MODULE), ("script.py", script))
    return Work(name, ("script.py", "{jobs}"), ("--resume",), inputs, ours=ours, jobs=jobs)


def _simulate(name, jobs):
    options = "--instances uniform --teachers uniform,equilibrium --selectors rad,margin "
    options += "--designs pivotal --draws 40 --repetitions 2 --seed 5 --jobs {jobs} --out out"
    return Work(name, (*RADSIM, "simulate", *options.split()), ("--resume",), jobs=jobs)


def _solve(name, more):
    options = f"gains.csv --mistakes 12% --budget 5 --seed 3 {more}"
    return Work(name, (*RADSIM, "solve", *options.split()), inputs=(("gains.csv", GAINS),))


WORKS = {
    work.name: work
    for work in (
        _solve("solve", "--out out/picks.csv --proof out/proof.json"),
        _solve("solve and draw", "--out out/picks.csv --plot out/level.png"),
        _sweep("sweep", SCRIPT, 1),
        _sweep("sweep on 2", SCRIPT, 2),
        _sweep("sweep on Dask", ON_DASK, 2, ours=False),
        _simulate("simulate", 1),
        _simulate("simulate on 2", 2),
        Work(
            "verify",
            (*RADSIM, *"verify --instances 2 --claims V1,V2 --jobs {jobs} --out out".split()),
            jobs=2,
        ),
        Work(
            "distill",
            (*RADSIM, *"distill --study smoke --jobs {jobs} --out out".split()),
            ("--resume",),
            jobs=2,
        ),
        Work(
            "distill one",
            (*RADSIM, *"distill --data animals.csv --seeds 1 --out out/rows.csv".split()),
            inputs=(("animals.csv", ANIMALS),),
        ),
        Work(
            "conjecture",
            (*RADSIM, "conjecture", "V <= b*max(g)", "--games", "300", "--plot", "out/sides.png"),
        ),
        Work(
            "attack",
            (
                *(*RADSIM, "attack", "rad", "--file", "gains.csv", "--mistakes", "3"),
                *("--budget", "5", "--plot", "out/attack.png"),
            ),
            inputs=(("gains.csv", GAINS),),
        ),
        Work(
            "bench",
            (
                *(*RADSIM, "bench", "--sizes", "50", "--solvers", "closed_form"),
                *("--repeats", "3", "--save", "out/times.json"),
            ),
        ),
        Work("report", (*RADSIM, *"report run --out out/page.html".split()), needs="simulate"),
        Work("explore", (*RADSIM, "explore", "out/page.html")),
        Work(
            "check",
            (*RADSIM, *"check run/proof.json --gains gains.csv --picks run/picks.csv".split()),
            inputs=(("gains.csv", GAINS),),
            needs="solve",
        ),
    )
}


@dataclass(frozen=True)
class Reference:
    """What a work leaves undisturbed, where it stands, and how long it took."""

    folder: Path
    files: dict[str, bytes]
    seconds: float
    # Of the command, after the names of Python and radsim.
    arguments: tuple[str, ...]


def prepare(work, folder, given):
    """A folder with the inputs of a work; `given(name)` is the reference of another."""
    (folder / "out").mkdir(parents=True, exist_ok=True)
    for name, text in work.inputs:
        (folder / name).write_text(text)
    if work.needs:
        shutil.copytree(given(work.needs).folder / "out", folder / "run")


def undisturbed(work, folder, given):
    """Run a work in a new folder; once for all processes that share the folder's parent."""
    done = folder / "seconds"
    if not done.exists():
        place = folder.with_name(f"{folder.name} {time.monotonic_ns()}")
        prepare(work, place, given)
        start = time.monotonic()
        outcome = run(work.command(), place)
        assert outcome.code == 0, f"{work.name} fails undisturbed: {outcome}"
        (place / "seconds").write_text(repr(time.monotonic() - start))
        try:
            place.rename(folder)
        except OSError:  # another process was first
            shutil.rmtree(place)
    return Reference(
        folder, files(folder / "out"), float(done.read_text()), work.arguments[len(RADSIM) :]
    )
