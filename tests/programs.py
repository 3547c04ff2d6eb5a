r"""Other linear programs for regret and ratio, which the one in use is held against.

Blocks: one block for each benchmark I, by definition:
R >= g_I - p.g + m tau_I + sum_{i != I} u_Ii, u_Ii >= p_i s_i - tau_I.  Generation: the program in
use with the benchmark points and the mistakes of the worst pairs found so far only, until the worst
pair against p is among them.
"""

import numpy as np
from scipy import sparse

from radsim import solve
from radsim.hindsight import check_benchmarks, hindsight
from radsim.solvers.hindsight.linprog import least_benchmark, program, run, shares_of
from radsim.solvers.rounding import need_positive_value, rounded_hindsight

# Excess of a pair that generation leaves alone, and pairs added a round.
TOLERANCE, EACH = 1e-10, 10


def solve_program(game, objective, formulation):
    """Solution by one of `PROGRAMS`, or by the one in use: "compact"."""
    if formulation == "compact":
        return solve(game, objective, "linprog")
    check_benchmarks(game, objective)
    if objective == "ratio":
        need_positive_value(game, "the ratio is for selectors that earn something")
    q, l, stats = PROGRAMS[formulation](game, objective)
    return rounded_hindsight(game, objective, "linprog", game.budget * q, l, stats)


def blocks(game, objective):
    g, s, _ = game.normalised()
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
        right.append(-least_benchmark(game, g, s))
    bounds = [(0, None)] * n + [(None, None)] + [(0, None)] * (n * width)
    result = run(game, cost, sparse.vstack(rows, format="csr"), np.array(right), bounds)
    dual = -result.ineqlin.marginals
    table = dual[: n * width].reshape(n, width)
    l, total = table[:, 1:].sum(axis=0), float(table[:, 0].sum())
    if m == n:
        l, total = l + dual[n * width], total + float(dual[n * width])
    return result.x[:n], shares_of(l, total), {"iterations": int(result.nit)}


def mistakes_behind(game, bite, row):
    """The mistakes behind a row of `hindsight`: all before its benchmark, the worst of the rest."""
    order = np.argsort(-game.gains, kind="stable")
    behind = order[row + 1 :]
    spare = max(0, int(game.mistakes) - row)
    return np.concatenate((order[:row], behind[np.argsort(-bite[behind], kind="stable")[:spare]]))


def generation(game, objective):
    n, budget = game.n, game.budget
    _, s, unit = game.normalised()
    least = objective == "regret"
    cost, rows, right, bounds = program(game, objective)
    used = np.zeros(2 * n + 1, dtype=bool)
    used[[0, 1 + int(np.argmax(game.gains))]] = True
    rounds = 0
    while True:
        rounds += 1
        chosen = np.flatnonzero(used)
        result = run(game, cost, rows[chosen], right[chosen], bounds)
        p, reached = result.x[:n], float(result.x[-1])
        found = hindsight(game, budget * p)
        best, payoff = found.best / (budget * unit), found.payoff / (budget * unit)
        excess = best - payoff - reached if least else reached - payoff / best
        for row in np.argsort(-excess, kind="stable")[:EACH]:
            if excess[row] > TOLERANCE:
                used[1 + n + mistakes_behind(game, p * s, int(row))] = True
                if found.benchmark[row] >= 0:
                    used[1 + found.benchmark[row]] = True
        if used.sum() == len(chosen):  # the worst pairs against p are all there
            dual = np.zeros(2 * n + 1)
            dual[chosen] = -result.ineqlin.marginals[: len(chosen)]
            stats = {"iterations": int(result.nit)} | {"rounds": rounds, "rows": len(chosen)}
            return p, shares_of(dual[n + 1 :], dual[0]), stats


PROGRAMS = {"blocks": blocks, "generation": generation}
