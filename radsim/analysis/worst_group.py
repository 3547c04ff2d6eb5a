r"""Guarantees for groups of points, and the selection that is best for the worst group.

The value of a constrained game (A1) adds the groups up and may well leave one empty.  Here every
group counts: :math:`\max_q \min_A W_A(q)`, as in group distributionally robust learning.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import ArrayLike
from scipy import sparse
from scipy.optimize import linprog

from radsim.constrained import ConstrainedGame
from radsim.door import Array, count, flag, floats, number, one_of, steady, typed, vector
from radsim.game import Count
from radsim.greedy import shave
from radsim.payoffs import worst_case
from radsim.solution import SolveError, UncertifiedError
from radsim.solvers import solve
from radsim.solvers.asking import refusal

__all__ = ["WorstGroup", "group_guarantees", "group_scorecard", "weighted_game", "worst_group"]

# From a method to the tolerance of its bounds; the dynamics are asked for their own gap.
METHODS = {"linprog": 1e-7, "exponentiated_gradient": 0.0}


@dataclass(frozen=True, eq=False)
class WorstGroup:
    r"""Inclusion probabilities, weights of the groups, and the bounds that the two prove.

    Attributes
    ----------
    inclusion : ndarray, shape (n,)
        The learner's q.
    weights : ndarray, shape (k,)
        w on the simplex, the adversary's choice of a group.
    guarantees : ndarray, shape (k,)
        :math:`W_A(q)`.
    lower, upper : float
        :math:`\min_A W_A(q)` and :math:`\max_q \sum_A w_A W_A(q)`; the optimum lies between.
    scale : float
        Of the game.
    stats : dict

    Examples
    --------
    >>> game = ConstrainedGame([4, 3, 2, 2], [4, 3, 2, 2], [1, 1], 2, groups=[0, 0, 1, 1])
    >>> found = worst_group(game)
    >>> found.accepts(), len(found.weights)
    (True, 2)
    """

    inclusion: Array
    weights: Array
    guarantees: Array
    lower: float
    upper: float
    scale: float
    stats: dict[str, Any] = field(default_factory=dict)

    @property
    def gap(self) -> float:
        """Upper minus lower bound."""
        return self.upper - self.lower

    def accepts(self, rtol: float = 1e-9) -> bool:
        """Whether the two bounds meet; NaN never does."""
        return bool(abs(self.gap) <= rtol * self.scale)


def _disjoint(game: ConstrainedGame) -> None:
    typed(game, ConstrainedGame, "game")
    if game.members.sum(axis=0).max() > 1:
        i = int(np.argmax(game.members.sum(axis=0) > 1))
        raise ValueError(f"point {i} is in more than one group: the groups must be disjoint")
    if not game.abstain:
        raise ValueError("abstain = False: the learner must be free to abstain")


@steady
def group_guarantees(game: ConstrainedGame, q: ArrayLike) -> Array:
    r"""Guarantee of each group of points against its own mistakes, :math:`W_A(q)`.

    .. math:: W_A(q) = \min_l \sum_{i \in A} q_i (g_i - s_i l_i)

    Parameters
    ----------
    game : ConstrainedGame
    q : array_like, shape (n,)
        NaN passes through.

    Returns
    -------
    ndarray, shape (k,)

    Raises
    ------
    ValueError
        If q has another shape than (n,).

    References
    ----------
    Theory page: A1.

    Examples
    --------
    >>> game = ConstrainedGame([4, 3, 2, 2], [4, 3, 2, 2], [1, 1], 2, groups=[0, 0, 1, 1])
    >>> group_guarantees(game, [0.5, 0.5, 0.5, 0.5]).tolist()
    [1.5, 1.0]
    """
    n = typed(game, ConstrainedGame, "game").n
    inclusion = floats(q, "q", (n,))
    out = np.zeros(len(game.mistakes))
    for a, (row, m) in enumerate(zip(game.members, game.mistakes, strict=True)):
        if not row.any():
            continue
        mine, bite = inclusion[row], (inclusion * game.stakes)[row]
        l = shave(bite, game.limits[row], np.ones((1, len(bite)), dtype=bool), np.array([m]))
        out[a] = np.sum(mine * game.gains[row]) - np.sum(bite * l.mistake_probabilities)
    return out


@steady
def weighted_game(game: ConstrainedGame, weights: ArrayLike) -> ConstrainedGame:
    r"""Make the game whose value is :math:`\max_q \sum_A w_A W_A(q)`: gains and stakes times w.

    Points in no group are worth nothing in it.

    Parameters
    ----------
    game : ConstrainedGame
    weights : array_like, shape (k,)
        w, one entry a group.

    Returns
    -------
    ConstrainedGame

    Raises
    ------
    ValueError
        If there is not one non-negative weight a group.

    References
    ----------
    Theory page: A1.

    Examples
    --------
    >>> game = ConstrainedGame([4, 3, 2, 2], [4, 3, 2, 2], [1, 1], 2, groups=[0, 0, 1, 1])
    >>> weighted_game(game, [0.25, 0.75]).gains.tolist()
    [1.0, 0.75, 1.5, 1.5]
    """
    k = len(typed(game, ConstrainedGame, "game").mistakes)
    each = vector(weights, "weights", k, of="mistakes") @ game.members
    return game.replace(gains=each * game.gains, stakes=each * game.stakes)


@steady
def worst_group(
    game: ConstrainedGame,
    method: str = "linprog",
    *,
    gap: float = 0.02,
    max_steps: int = 100_000,
    certify: bool = True,
) -> WorstGroup:
    r"""Maximise the guarantee of the worst group, :math:`\max_q \min_A W_A(q)`.

    Either one linear program, or the dynamics of group distributionally robust learning: the
    groups' weights move by exponentiated gradients towards the worse off, the learner answers with
    the closed form of the weighted game.  With steps :math:`\sqrt{8 \ln k/T}/w` the gap of the
    averages is at most :math:`w\sqrt{\ln k/(2T)}`, w the largest value of one group alone; the
    horizon is doubled until the certified gap is small enough.

    Parameters
    ----------
    game : ConstrainedGame
        With disjoint groups and a learner who may abstain.
    method : {"linprog", "exponentiated_gradient"}
    gap : float
        Requested of the dynamics, relative to the game's scale.
    max_steps : int
        Most steps of one horizon.
    certify : bool
        False: return the answer whether its bounds meet or not.

    Returns
    -------
    WorstGroup
        Its bounds are re-evaluated from the game, whatever the method said.

    Raises
    ------
    ValueError
        If groups overlap, querying is forced, or the method is unknown.
    SolveError
        If HiGHS finds no optimum, or the dynamics do not reach the gap.
    UncertifiedError
        If the bounds of the answer do not meet.

    Notes
    -----
    Uncapped with positive levels :math:`\lambda_A` the optimum is
    :math:`b/\sum_A 1/\lambda_A`: every group gets the budget that makes it as well off as the rest.

    References
    ----------
    Theory page: A1; S. Sagawa et al., "Distributionally robust neural networks", ICLR 2020.

    Examples
    --------
    >>> game = ConstrainedGame([4, 3, 2, 2], [4, 3, 2, 2], [1, 1], groups=[0, 0, 1, 1])
    >>> best = worst_group(game)
    >>> round(19 * best.lower, 9), best.accepts()  # levels 12/7 and 1
    (12.0, True)
    """
    _disjoint(game)
    one_of(method, METHODS, "method")
    gap, max_steps = number(gap, "gap", open_low=True), count(max_steps, "max_steps", low=1)
    certify = flag(certify, "certify")
    found = _program(game) if method == "linprog" else _dynamics(game, gap, max_steps)
    rtol = METHODS[method] or gap
    if certify and not found.accepts(rtol):
        words = f"worst-group bounds {found.lower:.6g} and {found.upper:.6g} do not meet"
        others = ", ".join(repr(name) for name in METHODS if name != method)
        raise UncertifiedError(refusal(method, words, rtol, others))
    return found


def _bounded(game: ConstrainedGame, q: Array, weights: Array, stats: dict[str, Any]) -> WorstGroup:
    each = group_guarantees(game, q)
    upper = float(solve(weighted_game(game, weights)).certificate.upper)
    return WorstGroup(q, weights, each, float(each.min()), upper, game.scale, stats)


def _program(game: ConstrainedGame) -> WorstGroup:
    n, k = game.n, len(game.mistakes)
    unit = float(max(game.gains.max(), 0) or 1.0)
    g, s, members = game.gains / unit, game.stakes / unit, game.members.astype(np.float64)
    # Variables q, the prices y of mistakes in each group, those v of the limits, and the level t:
    # t <= q_A g_A - m_A y_A - r_A v_A for each group, s_i q_i <= y_A + v_i, and the budget.
    rows = sparse.bmat(
        [
            [-members * g, np.diag(game.mistakes), members * game.limits, np.ones((k, 1))],
            [sparse.diags(s), -members.T, -sparse.identity(n), None],
            [(game.costs / game.budget)[None, :], None, None, None],
        ],
        format="csr",
    )
    top = 1.0 if game.capped else None
    result = linprog(
        np.append(np.zeros(n + k + n), -1.0),
        A_ub=rows,
        b_ub=np.append(np.zeros(k + n), 1.0),
        bounds=[(0, top)] * n + [(0, None)] * (k + n) + [(None, None)],
        method="highs-ds",
        options={"primal_feasibility_tolerance": 1e-10, "dual_feasibility_tolerance": 1e-10},
    )
    if result.status != 0 or result.x is None:
        raise SolveError(f"worst group: {result.message}")
    q = np.clip(result.x[:n], 0, top)
    q *= min(1.0, game.budget / max(float(game.costs @ q), 1e-300))
    weights = np.maximum(0, -result.ineqlin.marginals[:k])
    return _bounded(game, q, weights / weights.sum(), {"iterations": int(result.nit)})


def _dynamics(game: ConstrainedGame, gap: float, max_steps: int) -> WorstGroup:
    k = len(game.mistakes)
    alone = [float(solve(weighted_game(game, row)).value) for row in np.eye(k)]
    width = max(alone) or 1.0
    horizon = 64
    while True:
        rate = np.sqrt(8 * np.log(max(2, k)) / horizon) / width
        earned, q_sum, w_sum = np.zeros(k), np.zeros(game.n), np.zeros(k)
        for _ in range(horizon):
            weights = np.exp(np.maximum(-rate * (earned - earned.min()), -700))
            weights /= weights.sum()
            # A step: only the averages leave, and their bounds are worked out from the game.
            q = solve(weighted_game(game, weights), certify=False).inclusion
            earned += group_guarantees(game, q)
            q_sum += q
            w_sum += weights
        bound = width * float(np.sqrt(np.log(max(2, k)) / (2 * horizon)))
        stats = {"steps": horizon, "bound": bound, "gap": gap}
        found = _bounded(game, q_sum / horizon, w_sum / horizon, stats)
        if abs(found.gap) <= gap * game.scale:
            return found
        if horizon >= max_steps:
            raise SolveError(
                f"exponentiated_gradient: gap {found.gap:.2e} after {horizon} steps, "
                f"wanted {gap * game.scale:.2e}"
            )
        horizon *= 2


@steady
def group_scorecard(game: ConstrainedGame) -> dict[str, dict[str, float]]:
    r"""Exact guarantees of four selections: over the whole pool, and in their worst group.

    "rad" knows one number, the mistakes of all groups together; "group-aware" maximises the pool's
    guarantee under the groups' own numbers (A1), "worst group" that of the worst group; "margin"
    takes the largest gains.

    Parameters
    ----------
    game : ConstrainedGame
        With disjoint groups and a learner who may abstain.

    Returns
    -------
    dict
        From the selection's name to its "pool" and "worst group" guarantees.

    Raises
    ------
    ValueError
        If it is no constrained game, groups overlap, or the budget is forced.

    References
    ----------
    Theory page: A1, V7.

    Examples
    --------
    >>> game = ConstrainedGame([4, 3, 2, 2], [4, 3, 2, 2], [1, 1], 2, groups=[0, 0, 1, 1])
    >>> card = group_scorecard(game)
    >>> round(card["group-aware"]["pool"], 9), round(19 * card["worst group"]["worst group"], 9)
    (3.25, 24.0)
    """
    _disjoint(game)
    pooled = game.replace(groups=None, mistakes=Count(game.mistakes.sum()))
    chosen = {
        "rad": solve(pooled).inclusion,
        "group-aware": solve(game).inclusion,
        "worst group": worst_group(game).inclusion,
        "margin": game.best_queries(game.gains),
    }
    return {
        name: {
            "pool": float(worst_case(game, q)[0]),
            "worst group": float(group_guarantees(game, q).min()),
        }
        for name, q in chosen.items()
    }
