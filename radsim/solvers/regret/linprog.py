r"""Three linear programs for regret and ratio, solved by HiGHS through SciPy."""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy import sparse
from scipy.optimize import linprog

from radsim.game import Array, Game
from radsim.regret import Hindsight, check_benchmarks, hindsight
from radsim.solution import Solution, SolveError
from radsim.solvers.regret.finishing import positive_value, solution_of_rounded
from radsim.solvers.scaling import normalised

__all__ = ["FORMULATIONS", "LARGEST_N", "solve_hindsight"]

# Largest pool of each formulation; the compact one has 2n + 3 variables.
LARGEST_N = {"compact": 10**7, "blocks": 60, "generation": 2_000}
FORMULATIONS = tuple(LARGEST_N)


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
    - "generation": rows :math:`R \ge g_I - U(p, l)` for the pairs found so far, until the worst
      pair against p is among them.

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
    if objective == "ratio" and not game.abstain and not positive_value(game):
        raise ValueError(
            f"mistakes = {game.mistakes} leaves no positive guarantee and abstain is False: "
            "the ratio is for selectors that earn something"
        )
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


def _compact(game: Game, objective: str) -> tuple[Array, Array, dict[str, Any]]:
    g, s, _ = normalised(game)
    n, m = game.n, game.mistakes
    eye, none = sparse.identity(n, format="csr"), sparse.csr_matrix((n, n))
    one = sparse.csr_matrix(np.ones((n, 1)))
    column = sparse.csr_matrix(g[:, None])
    # Variables p, u, alpha, tau, z: z is the bound R or the ratio rho.
    price = np.concatenate((-g, np.ones(n), [1.0, m]))[None, :]
    if objective == "regret":
        # price - z <= 0;  -u - alpha <= -g;  p s - u - tau <= 0
        wanted, right, sign = 0 * column, -g, -1.0
    else:
        # price <= 0;  rho g - u - alpha <= 0;  p s - u - tau <= 0
        wanted, right, sign = column, np.zeros(n), 0.0
    rows = sparse.bmat(
        [
            [none, -eye, -one, 0 * one, wanted],
            [sparse.diags(s), -eye, 0 * one, -one, 0 * one],
        ],
        format="csr",
    )
    first = sparse.csr_matrix(np.append(price, [[sign]], axis=1))
    cost = np.zeros(2 * n + 3)
    cost[-1] = 1.0 if objective == "regret" else -1.0
    bounds = [(0, None)] * (2 * n) + [(_floor(game, g, s), None), (0, None), (None, None)]
    result = _run(
        game,
        cost,
        sparse.vstack([first, rows], format="csr"),
        np.concatenate(([0.0], right, np.zeros(n))),
        bounds,
    )
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


def _mistakes(game: Game, s: Array, p: Array, found: Hindsight, row: int) -> Array:
    """The mistakes behind a row of `hindsight`: all before the benchmark, the largest p s after."""
    order = np.argsort(-game.gains, kind="stable")
    l = np.zeros(game.n)
    l[order[:row]] = 1.0
    if row < game.n:
        behind = order[row + 1 :]
        spare = int(game.mistakes) - row
        l[behind[np.argsort(-(p * s)[behind], kind="stable")[:spare]]] = 1.0
    return l


def _generation(
    game: Game, objective: str, tolerance: float = 1e-9, most: int = 2_000, each: int = 30
) -> tuple[Array, Array, dict[str, Any]]:
    g, s, _ = normalised(game)
    n, b = game.n, game.budget
    unit = float(game.gains.max()) or 1.0
    cost = np.append(np.zeros(n), 1.0 if objective == "regret" else -1.0)
    bounds = [(0, None)] * n + [(None, None) if objective == "regret" else (None, 1.0)]
    cuts, bests, seen = [], [], set()
    p = np.where(g > 0, 1.0, 0.0)
    p = p / max(1.0, p.sum())
    result, bound = None, np.inf
    for step in range(most):
        found = hindsight(game, b * p)
        best, payoff = (x / (b * unit) for x in (found.best, found.payoff))
        if objective == "regret":
            excess = best - payoff
            met = result is not None and np.max(excess) <= result.x[n] + tolerance
        else:
            excess = -payoff / best
            met = result is not None and -np.max(excess) >= result.x[n] - tolerance
        if met:
            break
        added = 0
        for row in np.argsort(-excess, kind="stable")[:each]:
            l = _mistakes(game, s, p, found, int(row))
            key = (int(row), np.packbits(l.astype(bool)).tobytes())
            if key not in seen:
                seen.add(key)
                cuts.append(l)
                bests.append(float(best[row]))
                added += 1
        if not added:
            break
        marks, tops = np.array(cuts), np.array(bests)
        last = np.full(len(cuts), -1.0) if objective == "regret" else tops
        rows = sparse.csr_matrix(np.column_stack((marks * s - g, last)))
        right = -tops if objective == "regret" else np.zeros(len(cuts))
        result = _run(game, cost, rows, right, bounds)
        p, bound = result.x[:n], result.x[n]
    else:
        raise SolveError(f"linprog (generation): bound {bound} not met after {most} rounds")
    assert result is not None
    weights = -result.ineqlin.marginals[: len(cuts)]
    stats = _stats(result) | {"rounds": step, "pairs": len(cuts)}
    return p, _divide(weights @ np.array(cuts), float(weights.sum())), stats


_SOLVERS = {"compact": _compact, "blocks": _blocks, "generation": _generation}
