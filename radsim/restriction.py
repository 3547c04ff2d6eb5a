r"""A smaller convex set of mistakes (A4), and what it proves without trust in a convex solver."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from radsim.door import Array, typed
from radsim.feasible import fit_mistakes
from radsim.payoffs import AnyGame

__all__ = ["Restriction"]

_TIGHT = {"tol_gap_abs": 1e-12, "tol_gap_rel": 1e-12, "tol_feas": 1e-12}


@dataclass(frozen=True, eq=False)
class Restriction:
    r"""A smaller set of mistakes: the game's rules, and convex constraints in CVXPY's words (A4).

    Convex programs are solved for their hints alone: a dual variable is made non-negative and then
    bounds what the teacher can take, by weak duality and a tangent; mistakes that are outside are
    pulled towards an inner point until every constraint holds.

    Attributes
    ----------
    game : Game or ConstrainedGame
    constraints : callable
        From CVXPY's variable l, shape (n,), to a list of constraints ``<=``, ``>=`` or ``==`` of
        that variable alone.

    Raises
    ------
    ValueError
        Naming the constraint that is no convex inequality or affine equality of l alone.

    References
    ----------
    Theory page: A4.

    Examples
    --------
    >>> import numpy as np
    >>> from radsim import Game
    >>> game = Game([1, 0.5, 0.25], mistakes=1)
    >>> tenths = Restriction(game, lambda l: [l <= 0.1])
    >>> round(tenths.guarantee(np.array([1.0, 0, 0])), 9)
    0.8
    >>> mistakes, away = tenths.fit(np.array([0.4, 0.4, 0.2]))
    >>> bool(mistakes.max() <= 0.1), away
    (True, 0.0)
    """

    game: AnyGame
    constraints: Callable[[Any], list[Any]]

    def __post_init__(self) -> None:
        typed(self.constraints, Callable, "constraints")
        for k, constraint in enumerate(self._own):
            inequality = hasattr(constraint, "expr") and constraint.is_dcp()
            if not (inequality and type(constraint).__name__ in ("Inequality", "Equality", "Zero")):
                raise ValueError(
                    f"constraints[{k}] = {constraint} must be a convex <=, a concave >= "
                    "or an affine == of the mistakes"
                )
            if {v.id for v in constraint.variables()} - {self.variable.id}:
                raise ValueError(
                    f"constraints[{k}] = {constraint} must be of the mistakes alone, "
                    "without further variables"
                )

    @cached_property
    def variable(self) -> Any:
        """CVXPY's variable of the mistakes."""
        import cvxpy as cp  # a second to import, and for restricted sets alone

        return cp.Variable(self.game.n)

    @cached_property
    def _own(self) -> list[Any]:
        return list(self.constraints(self.variable))

    @cached_property
    def allowed(self) -> list[Any]:
        """All constraints of the mistakes: of the game's limits and groups, and the further."""
        l, rules = self.variable, self.game.rules
        groups = rules.members.astype(float) @ l <= rules.mistakes
        return [l >= 0, l <= rules.limits, groups, *self._own]

    def guarantee(self, q: Array) -> float:
        r"""A payoff that q earns whatever mistakes of the set the teacher makes.

        .. math:: q^\top g - \max_{0 \le l \le r} \Big[\phi(l_0) + \nabla\phi(l_0)^\top
            (l - l_0)\Big], \qquad \phi(l) = \sum_i q_i s_i l_i - \sum_j y_j f_j(l)

        with any :math:`y \ge 0`: phi is concave, so its tangent is above it, and on the set it is
        above the loss.
        """
        # Rounding a solution asks for what its certificate asks again.
        known, asked = self._guarantees, q.tobytes()
        if asked not in known:
            known[asked] = self._guarantee(q)
        return known[asked]

    @cached_property
    def _guarantees(self) -> dict[bytes, float]:
        return {}

    def _guarantee(self, q: Array) -> float:
        import cvxpy as cp  # see variable
        from scipy.optimize import minimize  # as slow to import

        game, l = self.game, self.variable
        bite = q * game.stakes
        unit = float(np.max(bite)) or 1.0
        _solve(cp.Problem(cp.Maximize((bite / unit) @ l), self.allowed))
        if l.value is None:
            return float("nan")
        duals = [self._dual(constraint) for constraint in self.allowed[2:]]
        top = game.rules.limits

        def tangent(at: Array) -> tuple[float, Array]:
            """phi and its slope, in units of the largest bite."""
            l.value = at
            level, slope = float(bite / unit @ at), bite / unit
            for k, (constraint, dual) in enumerate(zip(self.allowed[2:], duals, strict=True)):
                level -= float(np.sum(dual * np.ravel(constraint.expr.value, order="F")))
                slope = slope - self._gradient(k) @ dual
            return level, slope

        def bound(at: Array) -> float:
            level, slope = tangent(at)
            return level + float(np.sum(np.maximum(slope * (top - at), -slope * at)))

        found = np.clip(l.value, 0.0, top)
        # At the top of phi the tangent is level, and an error of the duals counts squared.
        best = minimize(
            lambda at: tuple(-x for x in tangent(at)),
            found,
            jac=True,
            bounds=np.column_stack((np.zeros(game.n), top)),
            method="L-BFGS-B",
            options={"ftol": 1e-15, "gtol": 1e-12},
        )
        loss = min(bound(found), bound(np.clip(best.x, 0.0, top)))
        return float(q @ game.gains) - unit * loss

    @staticmethod
    def _dual(constraint: Any) -> Array:
        dual = np.ravel(np.asarray(constraint.dual_value, dtype=float), order="F")
        return np.maximum(dual, 0.0) if _bounds(constraint) else dual

    def fit(self, l: Array) -> tuple[Array, float]:
        """Mistakes of the set, and by how much they miss what leaves no room, as equalities do."""
        l = fit_mistakes(self.game, l)
        out, room = self._values(l), self._values(self._inner)
        pulled = (out > 0) & (room < 0)
        if pulled.any():
            share = float(np.max(out[pulled] / (out[pulled] - room[pulled])))
            l = l + min(1.0, share * (1 + 1e-12)) * (self._inner - l)
        return l, self._missed(l)

    @cached_property
    def _inner(self) -> Array:
        """Mistakes that leave room in every inequality."""
        import cvxpy as cp  # see variable

        room = cp.Variable()
        inside = [c.expr + room <= 0 if _bounds(c) else c for c in self.allowed]
        _solve(cp.Problem(cp.Maximize(room), [*inside, room <= 1]))
        value = self.variable.value
        n = self.game.n
        return np.zeros(n) if value is None else np.clip(value, 0.0, self.game.rules.limits)

    def _values(self, l: Array) -> Array:
        """Left minus right side of every inequality."""
        self.variable.value = l
        found = [c.expr.value for c in self.allowed[2:] if _bounds(c)]
        return np.concatenate([np.ravel(x) for x in found])

    def _missed(self, l: Array) -> float:
        """Largest violation of a constraint, in units of its largest coefficient."""
        self.variable.value = l
        worst = 0.0
        for k, constraint in enumerate(self.allowed[2:]):
            value = np.ravel(constraint.expr.value, order="F")
            away = np.maximum(value, 0.0) if _bounds(constraint) else np.abs(value)
            if (away > 0).any():
                size = np.abs(self._gradient(k)).max(axis=0)
                worst = max(worst, float(np.max(away / np.where(size > 0, size, 1.0))))
        return worst

    def _gradient(self, k: int) -> Array:
        """Of the k-th further constraint where the variable stands now."""
        constant = self._slopes[k]
        return _gradient(self.allowed[2 + k], self.variable) if constant is None else constant

    @cached_property
    def _slopes(self) -> list[Array | None]:
        """Gradients of the constraints that have one and the same everywhere."""
        return [
            _gradient(c, self.variable) if c.expr.is_affine() else None for c in self.allowed[2:]
        ]


def _bounds(constraint: Any) -> bool:
    """Whether it is an inequality, not an equality."""
    return type(constraint).__name__ == "Inequality"


def _solve(problem: Any) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what it finds is a hint, and judged as such
        problem.solve(solver="CLARABEL", **_TIGHT)


def _gradient(constraint: Any, l: Any) -> Array:
    found = constraint.expr.grad.get(l)
    if found is None:
        return np.full((l.size, constraint.expr.size), np.nan)
    return np.asarray(found.todense() if hasattr(found, "todense") else found).reshape(l.size, -1)
