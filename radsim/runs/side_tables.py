r"""What a simulation tells besides its cells: tails, wrong counts of mistakes, coverage of S4."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy import stats

from radsim.data.instances import Instance, digits_instance
from radsim.door import count, generator, number, steady
from radsim.game import Count, Game
from radsim.inference import mistakes_upper_bound
from radsim.payoffs import payoff, worst_case
from radsim.sampling import DESIGNS, sample_counts
from radsim.sampling.tails import design_tails
from radsim.solvers import solve

__all__ = ["coverage", "tails", "wrong_count"]


@steady
def tails(instance: Instance, rng: np.random.Generator | int, draws: int = 20_000) -> pd.DataFrame:
    r"""Measure the tail of RAD's payoff under each design, beside every bound stated for it.

    The mistakes are one draw of the equilibrium teacher.  With replacement RAD is solved without
    caps.

    Returns
    -------
    pandas.DataFrame
        `design`, `curve` ("measured" or a bound's name), `deviation` relative to b*max(s),
        `probability`.
    """
    rows, rng, draws = [], generator(rng), count(draws, "draws", low=1)
    for design, row in DESIGNS.items():
        game = instance.game.replace(capped=not row.with_replacement)
        if row.with_replacement:
            game = game.replace(budget=float(round(game.budget)))
        solution = solve(game)
        q = np.asarray(solution.inclusion, dtype=np.float64)
        l = (rng.random(game.n) < np.asarray(solution.mistake_probabilities)).astype(float)
        weights = game.gains - game.stakes * l
        earned = sample_counts(q, design, rng=rng, size=draws) @ weights
        mean, unit = payoff(game, q, l), game.budget * float(game.stakes.max())
        for deviation in np.linspace(0, 0.35 * unit, 36):
            found = {"measured": float(np.mean(earned <= mean - deviation))}
            found |= design_tails(float(deviation), q, weights, design)
            rows += [
                {
                    "design": design,
                    "curve": curve,
                    "deviation": deviation / unit,
                    "probability": probability,
                }
                for curve, probability in found.items()
            ]
    return pd.DataFrame(rows)


@steady
def wrong_count(instance: Instance) -> pd.DataFrame:
    """Guarantee against the true m of the solution for another m, relative to V(m)."""
    game = instance.game
    right = float(solve(game).value)
    rows = []
    for ratio in np.concatenate((np.linspace(0, 1, 21), np.linspace(1.1, 4, 30))):
        believed = Count(min(float(game.n), ratio * game.mistakes))
        q = np.asarray(solve(game.replace(mistakes=believed)).inclusion, dtype=np.float64)
        kept = float(worst_case(game, q)[0])
        rows.append({"ratio": ratio, "kept": kept / right if right > 0 else float("nan")})
    return pd.DataFrame(rows)


@steady
def coverage(
    delta: float, repetitions: int, seed: int, n_validation: int = 200
) -> dict[str, float]:
    r"""Test S4 end to end on digits: how often does the bound from validation points hold?

    Each repetition splits the thousand digits afresh into validation points and pool, bounds the
    teacher's mistakes on the pool, solves the game for that bound and looks at what the real
    teacher's mistakes make of it.

    Parameters
    ----------
    delta : float
    repetitions : int
    seed : int
    n_validation : int

    Returns
    -------
    dict
        `covered` and `kept`: shares of the repetitions in which the bound holds and in which the
        expected payoff reaches the guarantee; `low` and `high`: 99 % Clopper-Pearson interval of
        `covered`; `mean_bound`, `mean_mistakes` on the pool, `mean_guarantee`, `mean_realised`.

    References
    ----------
    Theory page: S4.
    """
    delta = number(delta, "delta", high=1, open_low=True, open_high=True)
    repetitions = count(repetitions, "repetitions", low=1)
    instance = digits_instance(rng=seed)
    game, wrong = instance.game, instance.wrong
    assert wrong is not None
    n_validation = count(n_validation, "n_validation", high=game.n - 1)
    n = game.n - n_validation
    rng = np.random.default_rng(np.random.SeedSequence([seed, 4]))
    found = []
    for _ in range(repetitions):
        order = rng.permutation(game.n)
        pool = order[n_validation:]
        m = mistakes_upper_bound(n, n_validation, int(wrong[order[:n_validation]].sum()), delta)
        part = Game(game.gains[pool], m, game.budget, harms=game.harms[pool])
        solution = solve(part)
        realised = payoff(part, solution.inclusion, wrong[pool])
        found.append((m, wrong[pool].sum(), solution.value, realised))
    table = np.array(found, dtype=np.float64)
    covered = int(np.sum(table[:, 1] <= table[:, 0]))
    interval = stats.binomtest(covered, repetitions).proportion_ci(0.99, method="exact")
    return {
        "covered": covered / repetitions,
        "low": float(interval.low),
        "high": float(interval.high),
        "kept": float(np.mean(table[:, 3] >= table[:, 2] - 1e-9 * game.scale)),
        "mean_bound": float(table[:, 0].mean()),
        "mean_mistakes": float(table[:, 1].mean()),
        "mean_guarantee": float(table[:, 2].mean()),
        "mean_realised": float(table[:, 3].mean()),
    }
