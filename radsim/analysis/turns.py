r"""Solvers that take turns, each in a process of its own: one that does not end can be ended.

A worker is told what to solve and answers with its times; it draws the gains itself, so nothing
large goes between the two.  What a solver prints is lost.
"""

from __future__ import annotations

import os
import pickle
import selectors
import subprocess
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from typing import Any, BinaryIO

import numpy as np

from radsim.addresses import loaded
from radsim.analysis.candidates import CANDIDATES, Candidate
from radsim.analysis.parents import end_with
from radsim.data.instances import FAMILIES
from radsim.door import Array
from radsim.game import Count, Game
from radsim.solution import Solution
from radsim.solvers.answers import check_answer

__all__ = ["BASELINE", "Job", "Worker", "serve"]

# Seconds that a process may take to import all that it needs, and a certificate to be worked out.
_START = 120.0
_LONGEST = 1e6  # the system waits no longer
BASELINE = "numpy.sort"  # of the same gains: what every processor does well


@dataclass(frozen=True)
class Job:
    """A game to solve once: gains of a family, and the numbers of the game.

    Attributes
    ----------
    family : str
    n, seed : int
    mistakes, budget : float
    harm : tuple
        ("multiple", c) or ("constant", h).

    Examples
    --------
    >>> Job("uniform", 3, 0, 1.0, 1.0, ("multiple", 1.0)).game().n
    3
    """

    family: str
    n: int
    seed: int
    mistakes: float
    budget: float
    harm: tuple[str, float]

    def gains(self) -> Array:
        """The raw gains: what the time starts from."""
        return FAMILIES[self.family](self.n, np.random.default_rng([self.seed, self.n]))

    def game(self, gains: Array | None = None) -> Game:
        """The game on them."""
        g, (kind, amount) = self.gains() if gains is None else gains, self.harm
        if kind == "constant":
            return Game(g, Count(self.mistakes), self.budget, harms=np.full(len(g), amount))
        return Game(g, Count(self.mistakes), self.budget, amount)


def _candidate(name: str) -> Candidate:
    if name in CANDIDATES:
        return CANDIDATES[name]
    return Candidate(loaded(name, "--solver"), 1e-6)


def _sorted(job: Job) -> dict[str, Any]:
    gains = job.gains()
    np.ones(4 * job.n)
    start = perf_counter()
    np.sort(gains)
    return {"game": 0.0, "solve": perf_counter() - start, "inclusion": 0.0}


def _timed(candidate: Candidate, job: Job) -> tuple[dict[str, float], Game, Any, Any]:
    gains = job.gains()
    # What was freed last is handed out first: no call pays for the first touch of memory.
    np.ones(4 * job.n)
    start = perf_counter()
    game = job.game(gains)
    made = perf_counter()
    answer = candidate.solve(game)
    solved = perf_counter()
    q = answer.inclusion if isinstance(answer, Solution) else answer
    end = perf_counter()
    took = {"game": made - start, "solve": solved - made, "inclusion": end - solved}
    return took, game, answer, q


def _judged(game: Game, answer: Any, q: Any, rtol: float) -> dict[str, Any]:
    """The answer on our own game, whatever game it says it is of."""
    if isinstance(answer, Solution):
        proof = check_answer(game, q, answer.mistake_probabilities, answer.value)
    else:
        # What a library gives may be off its rules by its tolerance; it is cut to them.
        q = np.clip(np.asarray(q, dtype=np.float64), 0, 1)
        total = float(q.sum())
        proof = check_answer(game, q * min(1.0, game.budget / total) if total > 0 else q)
    scale = float(proof.scale) or 1.0
    return {"gap": abs(float(proof.gap)) / scale, "accepted": bool(proof.accepts(rtol))}


def serve(parent: int, firm: bool) -> None:
    """Answer jobs from standard input on standard output until it ends, or its parent does."""
    # Nobody else is left to end a solver that does not end, if its caller was killed.
    end_with(parent, firm=firm)
    out = os.fdopen(os.dup(1), "wb")
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)  # what a solver prints is no answer
    source: BinaryIO = sys.stdin.buffer

    def say(found: dict[str, Any]) -> None:
        pickle.dump(found, out)
        out.flush()

    with suppress(EOFError):
        name = pickle.load(source)
        try:
            candidate = None if name == BASELINE else _candidate(name)
            if (
                name in CANDIDATES
            ):  # libraries are imported and loops compiled before the first turn
                with suppress(Exception):
                    CANDIDATES[name].solve(Game([1, 0.5, 0.25], mistakes=1))
            say({})
        except ValueError as error:
            say({"failed": f"{error}"})
        while True:
            job = pickle.load(source)
            try:
                if candidate is None:
                    say(_sorted(job))
                    say({"gap": 0.0, "accepted": True})
                    continue
                took, game, answer, q = _timed(candidate, job)
            except BaseException as error:  # the code may be anyone's
                say({"failed": f"{type(error).__name__}: {error}"})
                continue
            say(took)
            try:
                say(_judged(game, answer, q, candidate.rtol))
            except Exception as error:
                say({"gap": float("inf"), "accepted": False, "words": f"{error}"})


class Worker:
    """A process that solves for one candidate, and is ended if it takes too long.

    Parameters
    ----------
    name : str
        A row of `CANDIDATES`, `BASELINE`, or FILE.py:NAME.

    Examples
    --------
    >>> worker = Worker("closed_form")
    >>> found = worker.turn(Job("uniform", 50, 0, 5.0, 3.0, ("multiple", 1.0)), 60.0)
    >>> worker.close()
    >>> found["accepted"]
    True
    """

    def __init__(self, name: str) -> None:
        root = str(Path(__file__).parents[2])
        paths = [root, *filter(None, [os.environ.get("PYTHONPATH")])]
        firm = threading.current_thread() is threading.main_thread()
        serve_ = f"from radsim.analysis.turns import serve; serve({os.getpid()}, {firm})"
        self.process = subprocess.Popen(
            [sys.executable, "-c", serve_],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            bufsize=0,  # two answers at once must not hide in a buffer
            env={**os.environ, "PYTHONPATH": os.pathsep.join(paths)},
            start_new_session=True,  # an interrupt is for the one who asked; it ends this
        )

        self.failed = self._tell(name, lambda: self._answer(_START)).get("failed", "")

    def turn(self, job: Job, seconds: float) -> dict[str, Any]:
        """Solve once: times and verdict, or "failed" and why; nobody waits longer than that."""
        if self.failed:
            return {"failed": self.failed}

        def both() -> dict[str, Any]:
            took = self._answer(seconds)
            if "failed" in took:
                return took
            return took | self._answer(max(seconds, _START))

        return self._tell(job, both)

    def _tell(self, message: Any, answer: Callable[[], dict[str, Any]]) -> dict[str, Any]:
        try:
            assert self.process.stdin is not None
            self.process.stdin.write(pickle.dumps(message))
            self.process.stdin.flush()
            return answer()
        except TimeoutError as error:
            self.close()
            return {"failed": f"stopped after {error} s"}
        except (EOFError, OSError):
            self.close()
            return {"failed": "its process ended (out of memory?)"}

    def _answer(self, seconds: float) -> dict[str, Any]:
        stream: Any = self.process.stdout
        with selectors.DefaultSelector() as waiting:
            waiting.register(stream, selectors.EVENT_READ)
            if not waiting.select(min(seconds, _LONGEST)):
                raise TimeoutError(f"{seconds:g}")
        return dict(pickle.load(stream))

    def close(self) -> None:
        """End the process."""
        self.process.kill()
        self.process.communicate()
