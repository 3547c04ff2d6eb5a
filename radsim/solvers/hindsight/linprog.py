r"""Three linear programs for regret and ratio, solved by HiGHS through SciPy."""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy import sparse
from scipy.optimize import linprog

from radsim.game import Array, Game
from radsim.hindsight import check_benchmarks, hindsight
from radsim.solution import Solution, SolveError
from radsim.solvers.hindsight.finishing import need_positive_value, solution_of_rounded
from radsim.solvers.scaling import normalised

__all__ = ["FORMULATIONS", "LARGEST_N", "solve_hindsight"]

# Largest pool of each formulation; the compact one has 2n + 3 variables.
LARGEST_N = {"compact": 10**7, "blocks": 60, "generation": 2_000}
FORMULATIONS = tuple(LARGEST_N)

# Constraint generation: excess of a pair that is left alone, and pairs added a round.
_TOLERANCE, _EACH = 1e-10, 10


def solve_hindsight(game: Game, *, objective: str, formulation: str = "compact") -> Solution:
    r"""Regret or ratio by linear programming; the dual variables are the teacher's marginals.

    The learner's programs, for the regret (the ratio has :math:`\rho g_i` in place of
    :math:`g_i` and maximises :math:`\rho`):

    - "blocks": one block for each benchmark I, by definition:
      :math:`R \ge g_I - p \cdot g + m \tau_I + \sum_{i \ne I} u_{Ii}`,
      :math:`u_{Ii} \ge p_i s_i - \tau_I`;
    - "compact": :math:`R = \alpha + m \tau + \sum_i u_i - p \cdot g` with
      :math:`u_i \ge g_i - \alpha` and :math:`u_i \ge p_i s_i - \tau`.  The pairs (I, l) with
      :math:`l_I = 0` are the vertices of :math:`\{w_i + l_i \le 1, \sum w = 1, \sum l \le m\}`,
      as each point has at most one of two roles (a transportation polytope), so that the n
      blocks fold into one;
    - "generation": the compact program with the benchmark points and the mistakes of the worst
      pairs found so far only, until the worst pair against p is among them.

    Parameters
    ----------
    game : Game
        Whole m; budget at most one unless uncapped.
    objective : {"regret", "ratio"}
    formulation : {"compact", "blocks", "generation"}
        At most 60 points for blocks, 2,000 for generation.

    Raises
    ------
    ValueError
        If regret or ratio is not defined, or the pool is too large for the formulation.
    SolveError
        If HiGHS does not report an optimum; holds its words.

    References
    ----------
    THEORY R1, R2.

    Examples
    --------
    >>> from radsim import Game
    >>> game = Game([1, 0.5, 0.25], mistakes=1)
    >>> found = [solve_hindsight(game, objective="regret", formulation=f) for f in FORMULATIONS]
    >>> [round(solution.value, 9) for solution in found]
    [0.642857143, 0.642857143, 0.642857143]
    """
    if formulation not in LARGEST_N:
        raise ValueError(f"formulation = {formulation!r} must be one of {FORMULATIONS}")
    if game.n > LARGEST_N[formulation]:
        raise ValueError(
            f"formulation = {formulation!r} takes at most {LARGEST_N[formulation]} points, "
            f"the game has {game.n}"
        )
    check_benchmarks(game, objective)
    if objective == "ratio":
        need_positive_value(game, "the ratio is for selectors that earn something")
    q, l, stats = _SOLVERS[formulation](game, objective)
    stats["formulation"] = formulation
    return solution_of_rounded(game, objective, "linprog", game.budget * q, l, stats)


def _floor(game: Game, g: Array, s: Array) -> float:
    """Least benchmark: 0, unless every point may be wrong and the budget is forced."""
    return 0.0 if game.abstain or game.mistakes < game.n else float(np.max(g - s))


def _run(game: Game, cost: Array, rows: Any, right: Array, bounds: list[Any]) -> Any:
    """Minimise over variables whose first n are p, of which the sum is one (or at most one)."""
    n = game.n
    total = sparse.csr_matrix((np.ones(n), (np.zeros(n, int), np.arange(n))), (1, len(cost)))
    rules: dict[str, Any] = {"A_ub": rows, "b_ub": right}
    if game.abstain:
        rules = {"A_ub": sparse.vstack([rows, total], format="csr"), "b_ub": np.append(right, 1.0)}
    else:
        rules |= {"A_eq": total, "b_eq": [1.0]}
    result = linprog(
        cost,
        bounds=bounds,
        method="highs-ds",
        options={"primal_feasibility_tolerance": 1e-10, "dual_feasibility_tolerance": 1e-10},
        **rules,
    )
    if result.status != 0 or result.x is None:
        raise SolveError(f"linprog: {result.message}")
    return result


def _stats(result: Any) -> dict[str, Any]:
    return {"iterations": int(result.nit), "message": result.message}


def _program(game: Game, objective: str) -> tuple[Array, Any, Array, list[Any]]:
    """Cost, rows, right-hand side and bounds of the compact program.

    Row 0 prices p, the next n are the benchmark points, the last n the mistakes.
    """
    g, s, _ = normalised(game)
    n, m = game.n, game.mistakes
    eye, none = sparse.identity(n, format="csr"), sparse.csr_matrix((n, n))
    one = sparse.csr_matrix(np.ones((n, 1)))
    # Variables p, u, alpha, tau, z: z is the bound R or the ratio rho.
    if objective == "regret":
        # price - z <= 0;  -u - alpha <= -g;  p s - u - tau <= 0
        wanted, right, sign = 0 * one, -g, -1.0
    else:
        # price <= 0;  rho g - u - alpha <= 0;  p s - u - tau <= 0
        wanted, right, sign = sparse.csr_matrix(g[:, None]), np.zeros(n), 0.0
    first = sparse.csr_matrix(np.concatenate((-g, np.ones(n), [1.0, m, sign]))[None, :])
    rows = sparse.bmat(
        [
            [none, -eye, -one, 0 * one, wanted],
            [sparse.diags(s), -eye, 0 * one, -one, 0 * one],
        ],
        format="csr",
    )
    cost = np.zeros(2 * n + 3)
    cost[-1] = 1.0 if objective == "regret" else -1.0
    bounds = [(0, None)] * (2 * n) + [(_floor(game, g, s), None), (0, None), (None, None)]
    right = np.concatenate(([0.0], right, np.zeros(n)))
    return cost, sparse.vstack([first, rows], format="csr"), right, bounds


def _compact(game: Game, objective: str) -> tuple[Array, Array, dict[str, Any]]:
    n = game.n
    result = _run(game, *_program(game, objective))
    dual = -result.ineqlin.marginals
    return result.x[:n], _divide(dual[n + 1 : 2 * n + 1], dual[0]), _stats(result)


def _divide(mass: Array, total: float) -> Array:
    return mass / total if total > 0 else mass


def _blocks(game: Game, objective: str) -> tuple[Array, Array, dict[str, Any]]:
    g, s, _ = normalised(game)
    n, m = game.n, game.mistakes
    # Variables p, z, then (tau, u) of every block.
    width = n + 1
    size = n + 1 + n * width
    cost = np.zeros(size)
    cost[n] = 1.0 if objective == "regret" else -1.0
    rows, right = [], []
    for k in range(n):
        at = n + 1 + k * width
        head = np.zeros((1, size))
        head[0, :n] = -g
        head[0, at] = m
        head[0, at + 1 : at + width] = np.where(np.arange(n) == k, 0.0, 1.0)
        head[0, n] = -1.0 if objective == "regret" else g[k]
        body = np.zeros((n, size))
        body[np.arange(n), np.arange(n)] = s
        body[:, at] = -1.0
        body[np.arange(n), at + 1 + np.arange(n)] = -1.0
        body[k] = 0.0  # the benchmark is right
        rows += [sparse.csr_matrix(head), sparse.csr_matrix(body)]
        right += [-g[k] if objective == "regret" else 0.0, *np.zeros(n)]
    if m == n:  # everything is wrong
        head = np.zeros((1, size))
        head[0, :n] = s - g
        head[0, n] = -1.0
        rows.append(sparse.csr_matrix(head))
        right.append(-_floor(game, g, s))
    bounds = [(0, None)] * n + [(None, None)] + [(0, None)] * (n * width)
    result = _run(game, cost, sparse.vstack(rows, format="csr"), np.array(right), bounds)
    dual = -result.ineqlin.marginals
    table = dual[: n * width].reshape(n, width)
    l, total = table[:, 1:].sum(axis=0), float(table[:, 0].sum())
    if m == n:
        l, total = l + dual[n * width], total + float(dual[n * width])
    return result.x[:n], _divide(l, total), _stats(result)


def _mistakes(game: Game, bite: Array, row: int) -> Array:
    """The mistakes behind a row of `hindsight`: all before its benchmark, the worst of the rest."""
    order = np.argsort(-game.gains, kind="stable")
    behind = order[row + 1 :]
    spare = max(0, int(game.mistakes) - row)
    return np.concatenate((order[:row], behind[np.argsort(-bite[behind], kind="stable")[:spare]]))


def _generation(game: Game, objective: str) -> tuple[Array, Array, dict[str, Any]]:
    n, budget = game.n, game.budget
    _, s, unit = normalised(game)
    least = objective == "regret"
    cost, rows, right, bounds = _program(game, objective)
    used = np.zeros(2 * n + 1, dtype=bool)
    used[[0, 1 + int(np.argmax(game.gains))]] = True
    rounds = 0
    while True:
        rounds += 1
        chosen = np.flatnonzero(used)
        result = _run(game, cost, rows[chosen], right[chosen], bounds)
        p, reached = result.x[:n], float(result.x[-1])
        found = hindsight(game, budget * p)
        best, payoff = found.best / (budget * unit), found.payoff / (budget * unit)
        excess = best - payoff - reached if least else reached - payoff / best
        for row in np.argsort(-excess, kind="stable")[:_EACH]:
            if excess[row] > _TOLERANCE:
                used[1 + n + _mistakes(game, p * s, int(row))] = True
                if found.benchmark[row] >= 0:
                    used[1 + found.benchmark[row]] = True
        if used.sum() == len(chosen):  # the worst pairs against p are all there
            dual = np.zeros(2 * n + 1)
            dual[chosen] = -result.ineqlin.marginals[: len(chosen)]
            stats = _stats(result) | {"rounds": rounds, "rows": len(chosen)}
            return p, _divide(dual[n + 1 :], dual[0]), stats


_SOLVERS = {"compact": _compact, "blocks": _blocks, "generation": _generation}
