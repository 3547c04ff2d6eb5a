r"""What `bench` times: every solver of plain games, and other libraries on the same game."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib.util import find_spec
from typing import Any

import numpy as np

from radsim.door import Array
from radsim.game import Game
from radsim.solvers import SOLVERS, solve

__all__ = ["CANDIDATES", "Candidate", "why_not"]


@dataclass(frozen=True)
class Candidate:
    """One way to inclusion probabilities: how it is called, and where it is not.

    Attributes
    ----------
    solve : callable
        From a game to a `Solution`, or to inclusion probabilities.
    rtol : float
        At which its answer must be certified.
    largest_n : float
        Beyond it time or memory are known not to do.
    needs : str
        Library that it cannot do without.
    install : str
        Command that installs it.
    fits : callable
        From a game to why it cannot be asked about it, or "".
    warm : int
        Points of the game that it is asked about first: loops of large games are compiled apart.

    Examples
    --------
    >>> why_not(CANDIDATES["enumeration"], Game(np.ones(50), 5))
    'n <= 12'
    """

    solve: Callable[[Game], Any]
    rtol: float
    largest_n: float = np.inf
    needs: str = ""
    install: str = ""
    fits: Callable[[Game], str] = lambda game: ""
    warm: int = 3


def why_not(candidate: Candidate, game: Game) -> str:
    """Why a candidate is not run on a game, in words; "" if it is."""
    if candidate.needs and find_spec(candidate.needs) is None:
        return f"{candidate.needs} is not installed: {candidate.install}"
    if game.n > candidate.largest_n:
        return f"n <= {candidate.largest_n:,.0f}"
    return candidate.fits(game)


def _row(method: str, **options: Any) -> Callable[[Game], Any]:
    return lambda game: solve(game, method=method, certify=False, **options)


# The largest n of a row is where tests can wait for it; here a limit on seconds is at hand, and
# these are where memory or a single step would not do.
_LARGEST = {
    "closed_form": np.inf,
    "linprog": 200_000,
    "convex": 20_000,
    "rational": 10_000,
    "hedge": 2_000,
}


def _cvxpy(solver: str) -> Callable[[Game], Array]:
    def run(game: Game) -> Array:
        import cvxpy as cp  # slow to import: only who asks for it

        # The learner's program as a CVXPY user would write it.
        g, s, q = game.gains, game.stakes, cp.Variable(game.n, nonneg=True)
        tau, u = cp.Variable(nonneg=True), cp.Variable(game.n, nonneg=True)
        spent = cp.sum(q) <= game.budget if game.abstain else cp.sum(q) == game.budget
        rows = [u >= cp.multiply(s, q) - tau, spent, q <= 1]
        problem = cp.Problem(cp.Maximize(g @ q - game.mistakes * tau - cp.sum(u)), rows)
        problem.solve(solver=solver)
        return np.asarray(q.value)

    return run


def _matrix(game: Game) -> Array:
    """Learner's rows are points, the teacher's columns the one point that it mislabels."""
    return game.gains[:, None] - np.diag(game.stakes)


def _nashpy(game: Game) -> Array:
    import nashpy  # type: ignore[import-not-found]  # a peer

    return np.asarray(nashpy.Game(_matrix(game)).linear_program()[0])


def _quantecon(game: Game) -> Array:
    from quantecon.game_theory import (  # type: ignore[import-not-found]  # a peer
        NormalFormGame,
        Player,
        lemke_howson,
    )

    a = _matrix(game)
    return np.asarray(lemke_howson(NormalFormGame((Player(a), Player(-a.T))))[0])


def _one_mistake(game: Game) -> str:
    fits = game.mistakes == 1 and game.budget == 1
    return "" if fits else "writes out the matrix: one mistake and one query only"


def _candidates() -> dict[str, Candidate]:
    table = {
        name: Candidate(_row(name), row.rtol, _LARGEST.get(name, row.largest_n))
        for name, row in SOLVERS["plain", "value"].items()
    }
    table["closed_form, numba"] = Candidate(
        _row("closed_form", kernels="numba"),
        1e-12,
        needs="numba",
        install='pip install "radsim[fast]"',
        warm=200_000,
    )
    for algorithm, says in (("highs-ds", "dual simplex"), ("highs-ipm", "interior point")):
        table[f"linprog, {says}"] = Candidate(
            _row("linprog", algorithm=algorithm), 1e-7, _LARGEST["linprog"]
        )
    for solver, module in (("CLARABEL", "clarabel"), ("SCS", "scs"), ("OSQP", "osqp")):
        table[f"cvxpy, {solver}"] = Candidate(
            _cvxpy(solver), 1e-3, _LARGEST["convex"], module, f"pip install {module}"
        )
    peers = 'pip install "radsim[peers]"'
    table["nashpy"] = Candidate(_nashpy, 1e-6, 500, "nashpy", peers, _one_mistake)
    table["quantecon"] = Candidate(_quantecon, 1e-6, 500, "quantecon", peers, _one_mistake)
    return table


# From a name to a candidate: the rows of SOLVERS, their variants, and the peers.
CANDIDATES: dict[str, Candidate] = _candidates()
