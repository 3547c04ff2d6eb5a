r"""Somebody else's answer to a game, put to the same question as our own."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import Any

from numpy.typing import ArrayLike

from radsim.constrained import ConstrainedGame
from radsim.door import inside, number, one_of, steady, typed
from radsim.game import Array, Game
from radsim.mixtures import Mixture, mixture_infeasibility
from radsim.payoffs import AnyGame, strategy
from radsim.solution import EVALUATIONS, Certificate, Solution, certify
from radsim.solvers import solve

__all__ = ["check_answer"]


@steady
def check_answer(
    game: Game | ConstrainedGame,
    q: ArrayLike,
    l: ArrayLike | Mixture | None = None,
    value: float | Fraction | None = None,
    *,
    objective: str = "value",
) -> Certificate:
    r"""Check an answer that came from anywhere: an interval that holds the true value of the game.

    What q guarantees is one end of it.  The other is what no learner can pass against the
    teacher's strategy:

    .. math:: W(q) \le V \le \max_{q'} U(q', l).

    Parameters
    ----------
    game : Game or ConstrainedGame
    q : array_like, shape (n,)
        Inclusion probabilities, expected counts if uncapped.
    l : array_like, shape (n,), or Mixture, optional
        The teacher's side: mistake probabilities, for regret and ratio a joint law.  Without it
        the best one is worked out with `solve`, so that the gap is what q falls short of.
    value : float, optional
        What is claimed; without it, what q guarantees.
    objective : {"value", "regret", "ratio"}

    Returns
    -------
    Certificate
        Its `interval` holds the true value; `accepts(rtol)` says whether q is optimal and the claim
        right to 2*rtol*scale; `infeasibility` how far q and l had to be moved to obey the rules.

    Raises
    ------
    ValueError
        If q, l or the value is not finite or has another shape (names the index and the value), or
        if l is no mixture where the objective needs one.
    UncertifiedError
        If l is to be found and `solve` fails.

    References
    ----------
    Theory page: what a certificate proves.

    Examples
    --------
    >>> from radsim import Game
    >>> game = Game([1, 0.5, 0.25], mistakes=1)
    >>> proof = check_answer(game, [1 / 7, 2 / 7, 4 / 7])
    >>> [round(7 * end, 12) for end in proof.interval], proof.accepts()
    ([1.0, 1.0], True)

    Asking every point alike guarantees nothing here, and no solver's word is needed to see that.

    >>> uniform = check_answer(game, [1 / 3, 1 / 3, 1 / 3], value=0.2)
    >>> [round(end, 3) for end in uniform.interval], uniform.accepts()
    ([-0.083, 0.143], False)
    """
    typed(game, (Game, ConstrainedGame), "game")
    one_of(objective, EVALUATIONS, "objective")
    learner = _finite(game, q, "q")
    teacher = _teacher(game, l, objective)
    claim = value if value is None else number(value, "value", low=-float("inf"))
    answer = Solution(
        game=game,
        objective=objective,
        value=value if isinstance(value, Fraction) else claim,
        inclusion=learner,
        level=float("nan"),  # prices are a solver's word: the ends are found by sorting
        threshold=float("nan"),
        method="check_answer",
        **teacher,
    )
    proof = certify(answer)
    if value is not None:
        return proof
    return replace(proof, value=proof.upper if objective == "regret" else proof.lower)


def _finite(game: AnyGame, values: ArrayLike, name: str) -> Array:
    found = strategy(game, values, name)
    return found if found.dtype == object else inside(found, name, low=-float("inf"))


def _teacher(game: Any, l: Any, objective: str) -> dict[str, Any]:
    if l is None:
        best = solve(game, objective)
        return {"mistake_probabilities": best.mistake_probabilities, "mixture": best.mixture}
    if objective == "value":
        return {"mistake_probabilities": _finite(game, l, "l")}
    mixture = typed(l, Mixture, "l")
    if not mixture_infeasibility(game, mixture) < float("inf"):
        raise ValueError(f"l must be a mixture of points 0 to {game.n - 1} with finite weights")
    return {"mistake_probabilities": mixture.marginals(game.n), "mixture": mixture}
