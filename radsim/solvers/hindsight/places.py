r"""Regret against the best b points in hindsight: a linear program over the b-th right point."""

from __future__ import annotations

import numpy as np
from scipy import sparse
from scipy.optimize import linprog

from radsim.feasible import fit_inclusion
from radsim.game import Array, Game
from radsim.hindsight import by_gain
from radsim.mixtures import Mixture, blend, systematic_mixture
from radsim.solution import Solution, SolveError
from radsim.solvers.rounding import solution_of

__all__ = ["solve_places"]

_NOTHING = 1e-14  # weights that HiGHS means as zero


def solve_places(game: Game) -> Solution:
    r"""Regret of a capped budget b > 1 by a linear program of size O(mn), for HiGHS.

    Minimise R subject to, for every j up to m (the mistakes before the b-th right point),

    .. math:: R \ge \sum_{i \le b+j} g_i - q \cdot g + j\alpha_j + (m - j)\beta_j
              + \sum_{i \le b+j} \max(0, q_i s_i - g_i - \alpha_j)
              + \sum_{i > b+j} \max(0, q_i s_i - \beta_j).

    The dual variables say how often the teacher takes j, and the marginals of its mistakes on
    either side of that place; systematic sampling of each makes them a law on sets.

    Parameters
    ----------
    game : Game
        Capped, whole b > 1, whole m of at most n - b.

    Returns
    -------
    Solution
        `stats["places"]` holds the law of j.

    Raises
    ------
    SolveError
        If HiGHS does not report an optimum; holds its words.

    References
    ----------
    Theory page: N3.

    Examples
    --------
    >>> from radsim import Game
    >>> solution = solve_places(Game([4, 2, 1], mistakes=1, budget=2))
    >>> round(solution.value, 9), solution.certificate.accepts(1e-9)
    (3.214285714, True)
    """
    g, s, _ = game.normalised()
    order = by_gain(game)
    g, s = g[order], s[order]
    n, m, b = game.n, int(game.mistakes), int(game.budget)
    # A row and a column of excess for each place j and point whose mistake is to be chosen there.
    places, points, heads = _cells(n, m, b)
    k = len(points)
    # Variables: q, R, alpha, beta, excess.
    first = np.arange(m + 1)
    width = n + 1 + 2 * (m + 1)
    at_alpha, at_beta = n + 1 + first, n + 1 + (m + 1) + first
    bound = sparse.lil_matrix((m + 1, width + k))
    bound[:, :n] = -g
    bound[:, n] = -1.0
    bound[first, at_alpha], bound[first, at_beta] = first, m - first
    bound[places, width + np.arange(k)] = 1.0
    row = np.arange(k)
    multiplier = np.where(heads, at_alpha[places], at_beta[places])
    excess = sparse.csr_matrix(
        (
            np.concatenate((s[points], -np.ones(2 * k))),
            (np.tile(row, 3), np.concatenate((points, multiplier, width + row))),
        ),
        (k, width + k),
    )
    total = sparse.csr_matrix((np.ones(n), (np.zeros(n, int), np.arange(n))), (1, width + k))
    ahead = np.cumsum(g)[b - 1 + first]
    rules = {
        "A_ub": sparse.vstack([bound.tocsr(), excess], format="csr"),
        "b_ub": np.concatenate((-ahead, np.where(heads, g[points], 0.0))),
    }
    if game.abstain:
        rules["A_ub"] = sparse.vstack([rules["A_ub"], total], format="csr")
        rules["b_ub"] = np.append(rules["b_ub"], b)
    else:
        rules |= {"A_eq": total, "b_eq": [b]}
    result = linprog(
        np.eye(1, width + k, n)[0],
        bounds=[(0, 1)] * n + [(None, None)] * (m + 2) + [(0, None)] * (m + 1 + k),
        method="highs-ds",
        options={"primal_feasibility_tolerance": 1e-10, "dual_feasibility_tolerance": 1e-10},
        **rules,
    )
    if result.status != 0 or result.x is None:
        raise SolveError(f"linprog: {result.message}")
    dual = -result.ineqlin.marginals
    law = np.maximum(0.0, dual[: m + 1])
    law /= law.sum()
    mistakes = np.zeros((m + 1, n))
    mistakes[places, points] = dual[m + 1 : m + 1 + k]
    q = np.zeros(n)
    q[order] = result.x[:n]
    q = fit_inclusion(game, q)
    mixture = _law_on_sets(game, order, law, mistakes, b)
    stats = {
        "iterations": int(result.nit),
        "message": result.message,
        "places": law.round(12).tolist(),
    }
    l = mixture.marginals(n)
    draft = solution_of(game, "regret", "linprog", 0.0, q, l, stats, mixture=mixture)
    proof = draft.certificate
    value = float(proof.lower) / 2 + float(proof.upper) / 2
    return solution_of(game, "regret", "linprog", value, q, l, stats, mixture=mixture)


def _cells(n: int, m: int, b: int) -> tuple[Array, Array, Array]:
    """Place, point and side of each mistake to be chosen; no row where none may be or all are."""
    place, point = np.divmod(np.arange((m + 1) * n), n)
    head = point < b + place
    kept = np.where(head, place > 0, place < m)
    return place[kept], point[kept], head[kept]


def _law_on_sets(game: Game, order: Array, law: Array, mistakes: Array, b: int) -> Mixture:
    """The teacher's law on sets: a place j, then its mistakes on either side of it."""
    m = int(game.mistakes)
    parts, weights = [], []
    for j in np.flatnonzero(law > _NOTHING):
        l = np.clip(mistakes[j] / law[j], 0.0, 1.0)
        # Exactly j before the place: systematic sampling then never crosses it.
        l[: b + j] = _summing_to(l[: b + j], int(j))
        if l[b + j :].sum() > m - j:
            l[b + j :] *= (m - j) / l[b + j :].sum()
        placed = np.zeros(game.n)
        placed[order] = l
        parts.append(systematic_mixture(game, placed))
        weights.append(law[j])
    return blend(parts, np.array(weights) / np.sum(weights))


def _summing_to(l: Array, total: int) -> Array:
    """Probabilities that sum to a whole number, moved as little as their rounding asks."""
    made = float(l.sum())
    if made > total:
        return l * (total / made)
    room = len(l) - made
    return l + (1 - l) * ((total - made) / room) if room > 0 else l
