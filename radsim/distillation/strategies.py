r"""Strategies of asking the teacher: one row a strategy in `STRATEGIES`.

Every strategy spends its whole budget, as all its rivals do, unless its row says that it abstains,
and looks at a `View` only.  Those with inclusion probabilities draw from them by a design that
keeps them exactly (S1): most by the pivotal one.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from radsim.constrained import ConstrainedGame, contaminate
from radsim.data.validation import error_profile
from radsim.distillation.audited import (
    audited,
    audited_abstaining,
    believed,
    n_reserved,
)
from radsim.distillation.balance import balanced_weight
from radsim.distillation.guarded import guarded, guarded_abstaining
from radsim.distillation.harm_curves import measured_curves
from radsim.distillation.lessons import LESSONS
from radsim.distillation.rivals import RIVALS
from radsim.distillation.strategy import Choose, Strategy
from radsim.distillation.view import View
from radsim.door import Table, one_of
from radsim.game import Array, Count, Game
from radsim.inference import mistakes_upper_bound
from radsim.sampling import sample
from radsim.selectors import Selection, select
from radsim.selectors.formulas import margin
from radsim.solvers import solve

__all__ = ["PRICES", "STRATEGIES", "Strategy", "strategy_named"]

N_STRATA = 5  # of the gain: each has 60 of 300 validation points, 20 of 100
DELTA = 0.1  # of S4's bounds on the mistakes of all strata and of the pool together
# Harm of a wrong label in the games that take it as constant, in units of the largest possible
# margin gain: a wrong label never costs less than the best right one earns.
CONSTANT_HARM = 1.0


def _drawn(q: Array, budget: float, rng: np.random.Generator) -> Selection:
    """A pivotal sample of inclusion probabilities whose sum is the budget up to rounding."""
    q = np.clip(q, 0.0, 1.0)
    q *= min(1.0, budget / float(q.sum()))
    return Selection(sample(q, "pivotal", rng=rng), q, {"design": "pivotal"})


def _played(game: Game | ConstrainedGame, rng: np.random.Generator) -> Selection:
    return _drawn(np.asarray(solve(game).inclusion, dtype=np.float64), game.budget, rng)


def _unit(view: View) -> Array:
    """Gains in units of the largest one, so that constant harms mean the same for every gain."""
    return view.gains / (float(view.gains.max()) or 1.0)


def _rad(harm: float = 1.0, *, factor: float = 1.0, told: bool = False) -> Choose:
    """RAD with proportional harm c, and the mistakes m^ times a factor or as they are."""

    def choose(view: View, rng: np.random.Generator) -> Selection:
        m = Count(view.true_mistakes if told else factor * view.mistakes)
        game = Game(view.gains, min(m, len(view.gains)), view.budget, harm, abstain=False)
        return _played(game, rng)

    return choose


def _constant_harm(view: View) -> Game:
    gains = _unit(view)
    harms = np.full(len(gains), CONSTANT_HARM)
    return Game(gains, min(view.mistakes, len(gains)), view.budget, harms=harms, abstain=False)


def _rad_constant_harm(view: View, rng: np.random.Generator) -> Selection:
    return _played(_constant_harm(view), rng)


def _rad_measured_harm(view: View, rng: np.random.Generator) -> Selection:
    curves = measured_curves(view, rng)
    m = min(view.mistakes, len(view.gains))
    return _played(Game(curves.values, m, view.budget, harms=curves.harms, abstain=False), rng)


def _proportional(view: View, rng: np.random.Generator) -> Selection:
    return select("power", view.gains, view.budget, rng=rng, exponent=1.0)


def _skip_m(view: View, rng: np.random.Generator) -> Selection:
    """The b largest gains after the m^ largest; the b smallest if fewer are left."""
    n, b = len(view.gains), view.budget
    skipped = min(round(view.mistakes), n - b)
    picks = np.argsort(-view.gains, kind="stable")[skipped : skipped + b]
    q = np.zeros(n)
    q[picks] = 1
    return Selection(np.sort(picks), q)


def _stratified(view: View, rng: np.random.Generator) -> Selection:
    """RAD with one bound on the mistakes for each stratum of the gain, and one for the pool.

    The strata are cut at quantiles of the pool's gains; S4 bounds the mistakes of each from the
    validation points in it, and of the pool from all, every bound at its share of delta.
    """
    gains = view.gains
    n, delta = len(gains), DELTA / (N_STRATA + 1)
    cuts = np.quantile(gains, np.arange(1, N_STRATA) / N_STRATA)
    mine, theirs = np.searchsorted(cuts, gains), np.searchsorted(cuts, view.validation_gains)

    def bound(pool: Array, seen: Array) -> int:
        wrong = int(view.validation_wrong[seen].sum())
        return mistakes_upper_bound(int(pool.sum()), int(seen.sum()), wrong, delta)

    each = [bound(mine == k, theirs == k) for k in range(N_STRATA)]
    everyone = bound(np.ones(n, dtype=bool), np.ones(len(theirs), dtype=bool))
    game = ConstrainedGame(
        gains,
        2 * gains,
        each,
        view.budget,
        groups=mine,
        total=min(everyone, sum(each)),
        abstain=False,
    )
    return _played(game, rng)


def _profile(view: View) -> Array:
    wrong = view.validation_wrong.astype(np.float64)
    return error_profile(view.gains, view.validation_gains, wrong).probabilities


def _contaminated(weight: float) -> Choose:
    """The game of A5: constant harm, error profile from V trusted with a fixed weight."""

    def choose(view: View, rng: np.random.Generator) -> Selection:
        return _played(contaminate(_constant_harm(view), _profile(view), weight), rng)

    return choose


def _contaminated_by_balance(view: View, rng: np.random.Generator) -> Selection:
    game, profile = _constant_harm(view), _profile(view)
    return _played(contaminate(game, profile, balanced_weight(game, profile)), rng)


def _expected_error(view: View, rng: np.random.Generator) -> Selection:
    score = view.gains * (1 - 2 * _profile(view))
    q = margin(score - min(0.0, float(score.min())), view.budget)
    return Selection(np.flatnonzero(q), q)


def _nobody(view: View, rng: np.random.Generator) -> Selection:
    return Selection(np.zeros(0, dtype=np.intp), np.zeros(len(view.gains)))


# Checks, stages and the lesson of the audited strategies.
_CHECKED: dict[str, Any] = {"reserve": n_reserved, "learn": believed, "stages": 3}
# What a trusted label costs, in answers of the teacher.
PRICES = (1, 3, 10, 30, 100)

_PAPER = "after Baykal et al., ICLR 2023; Theory page: V3"

STRATEGIES: dict[str, Strategy] = Table(
    "STRATEGIES",
    {
        **RIVALS,
        "proportional": Strategy(
            _proportional, "inclusion in proportion to the gain", "Kirsch et al., TMLR 2023"
        ),
        "skip_m": Strategy(_skip_m, "the b largest gains after the m^ largest", "baseline"),
        "rad": Strategy(_rad(), "max-min, c = 1, m^ of V", _PAPER),
        "rad_true_m": Strategy(_rad(told=True), "max-min, c = 1, told the true m", _PAPER),
        "rad_c0": Strategy(_rad(0.0), "max-min, c = 0: a wasted query", _PAPER),
        "rad_c0.5": Strategy(_rad(0.5), "max-min, c = 1/2", _PAPER),
        "rad_c2": Strategy(_rad(2.0), "max-min, c = 2", _PAPER),
        "rad_half_m": Strategy(_rad(factor=0.5), "max-min, c = 1, m^/2", "Theory page: V5"),
        "rad_double_m": Strategy(_rad(factor=2.0), "max-min, c = 1, 2 m^", "Theory page: V5"),
        "rad_constant_harm": Strategy(
            _rad_constant_harm, "max-min, harm 1 for every wrong label", "Theory page: V3"
        ),
        "rad_measured_harm": Strategy(
            _rad_measured_harm, "max-min, values and harms measured on A and V", "Theory page: V3"
        ),
        "stratified": Strategy(
            _stratified,
            "max-min, S4 bounds on the mistakes of five strata of the gain",
            "Theory page: A1, S4",
        ),
        **{
            f"contaminated_{weight:g}": Strategy(
                _contaminated(weight),
                f"A5, weight {weight:g} on V's profile, harm 1",
                "Theory page: A5",
            )
            for weight in (0.0, 0.5, 0.7, 0.9, 1.0)
        },
        "contaminated": Strategy(
            _contaminated_by_balance,
            "A5, the weight at which both teachers cost alike",
            "Theory page: A5",
        ),
        "expected_error": Strategy(
            _expected_error,
            "the b largest expected robust gains g(1 - 2r)",
            "Theory page: A5, w = 1",
        ),
        "guarded": Strategy(
            guarded,
            "A5 with an error model that V has to bear out, spread over classes",
            "Theory page: A5",
        ),
        "guarded abstaining": Strategy(
            guarded_abstaining, "as guarded, leaving budget that would cost", "Theory page: A5"
        ),
        "audited": Strategy(
            audited,
            "the hedge of guarded as far as checks of its own picks call for it, answers weighed",
            "Theory page: A5, N8",
            **_CHECKED,
        ),
        "audited abstaining": Strategy(
            audited_abstaining,
            "as audited, leaving budget that would cost",
            "Theory page: A5, N8",
            **_CHECKED,
        ),
        "audited margin": Strategy(
            RIVALS["margin"].choose,
            "the b largest gains, checked and weighed alike",
            "control",
            **_CHECKED,
        ),
        "audited uniform": Strategy(
            RIVALS["uniform"].choose,
            "every point alike, checked and weighed alike",
            "control",
            **_CHECKED,
        ),
        "nobody": Strategy(_nobody, "no teacher: the trusted labels alone", "baseline"),
        **{
            f"labels/{price}": Strategy(
                RIVALS["margin"].choose,
                f"no teacher: true labels on the largest gains, {price} answers' worth each",
                "baseline",
                price=float(price),
            )
            for price in PRICES
        },
    },
)


def strategy_named(name: str, place: str = "strategies") -> Strategy:
    """The strategy of a name, or of a name and a lesson: ``"margin + dropped"``.

    Parameters
    ----------
    name : str
    place : str
        Of the name, for the error.

    Raises
    ------
    ValueError
        If there is no such row, or lesson.

    Examples
    --------
    >>> strategy_named("margin + dropped").says
    'the b largest gains; without those a cross-fitted student contradicts'
    """
    first, plus, lesson = (part.strip() for part in name.partition("+"))
    row = STRATEGIES[one_of(first, STRATEGIES, place)]
    if not plus:
        return row
    learn, says, source = LESSONS[one_of(lesson, LESSONS, f"{place}: lesson")]
    return replace(row, learn=learn, says=f"{row.says}; {says}", source=f"{row.source}; {source}")
