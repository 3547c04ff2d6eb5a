"""Pictures of a game: budgets, the three objectives together, a wrong m and wrong gains."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

from radsim.analysis.sensitivity import (
    guarantee_in_error,
    guarantee_in_mistakes,
    prices_of_curves,
    value_in_budget,
)
from radsim.analysis.trade_offs import faces, insurance, trade_off
from radsim.game import Count, Game
from radsim.payoffs import worst_case
from radsim.plots.style import COLOURS, Picture, bare, in_our_style, plt, save, takeaway
from radsim.plots.thinning import MOST, bars, few, n_solved, thinned, words
from radsim.solvers import solve

__all__ = [
    "PICTURES",
    "budget_plot",
    "objectives_plot",
    "trade_off_plot",
    "wrong_gains_plot",
    "wrong_mistakes_plot",
]

# Points of a game whose trade-offs are worked out in full.
_FEW = 10_000
_GAIN, _SHAVED, _LEVEL = COLOURS["sky"], COLOURS["vermilion"], COLOURS["black"]

# Hue, line style and label of the three objectives, the same in every picture.
_OBJECTIVES = {
    "value": (COLOURS["green"], "-", "max-min value"),
    "ratio": (COLOURS["orange"], "--", "best ratio"),
    "regret": (COLOURS["blue"], "-.", "least regret"),
}


@in_our_style
def objectives_plot(game: Game, path: str | Path) -> Picture:
    """Inclusion probabilities of the three objectives, the insurance on the highest gains shaded.

    Objectives that the game does not define (see `check_benchmarks`) raise a ValueError.
    """
    order = np.argsort(-game.gains, kind="stable")
    g = game.gains[order]
    found = {name: solve(game, name) for name in _OBJECTIVES}
    t = float(found["regret"].stats["insured_above"])
    figure, (top, *rest) = plt.subplots(
        4, 1, sharex=True, figsize=(7, 7.5), height_ratios=(3, 2, 2, 2), layout="constrained"
    )
    bars(top, np.minimum(g, t), color=_GAIN, label="gain")
    bars(top, np.maximum(g, t), t, color=_SHAVED, label="insured part")
    top.axhline(t, color=_LEVEL, lw=1.2, ls="--", label=f"insured above {t:.3g}")
    top.set_ylabel("gain (unit of the input)")
    top.legend(frameon=False, loc="upper right", ncols=3)
    top.set_ylim(0, 1.25 * float(g[0]))
    top.set_title(f"{game.mistakes:g} mistakes, budget {game.budget:g}, n = {game.n}", fontsize=10)
    table = {"gain": g, "insured_part": np.maximum(0, g - t)}
    table |= {name: solution.inclusion[order] for name, solution in found.items()}
    tallest = max(float(solution.inclusion.max()) for solution in found.values())
    for axis, (name, (colour, _, label)) in zip(rest, _OBJECTIVES.items(), strict=True):
        solution = found[name]
        weight = 0.0 if name == "value" else float(solution.stats["weight"])
        level = t if name == "value" else float(solution.stats["insured_above"])
        stakes = game.stakes[order]
        extra = np.divide(
            game.budget * weight * np.maximum(0, g - level),
            stakes,
            out=np.zeros(game.n),
            where=stakes > 0,
        )
        q = solution.inclusion[order]
        rest_of_q = np.maximum(0, q - extra)
        said = f"{label}: {float(solution.value):.4g}"
        bars(axis, rest_of_q, color=colour, label=said)
        bars(axis, q, rest_of_q, color=_SHAVED)
        axis.set_ylim(0, max(1e-12, 1.08 * tallest))
        axis.set_ylabel("inclusion\nprobability" if game.capped else "expected\ndraws")
        axis.legend(frameon=False, loc="upper right")
    rest[-1].set_xlabel(f"points, largest gain first; vermilion: the insurance{words(game.n)}")
    rest[-1].set_xlim(0.5, game.n + 0.5)
    for axis in (top, *rest):
        bare(axis)
    kept = worst_case(game, found["regret"].inclusion)[0]
    takeaway(
        figure,
        f"The solution of least regret guarantees {float(kept):.4g}, the max-min one "
        f"{float(found['value'].value):.4g}: the difference pays for the insurance.",
    )
    return save(figure, path, thinned(table))


@in_our_style
def trade_off_plot(game: Game, path: str | Path) -> Picture:
    """Guaranteed value against regret: the segment, the insurance path and the three solutions."""
    figure, axis = plt.subplots(figsize=(7, 4.5), layout="constrained")
    # The segment is straight; what is measured of it beside its ends is in the CSV.
    n_mixtures, n_levels = (max(2, n_solved(game.n, 51) * k // 51) for k in (5, 13))
    if game.n <= _FEW:
        n_mixtures = n_levels = 51
    segment = trade_off(game, n_mixtures)
    path_of_insurance = insurance(game, n_levels)
    axis.plot(
        segment["regret"],
        segment["value"],
        ":",
        color=_LEVEL,
        lw=1.4,
        zorder=3,
        label="mixture of the two ends",
    )
    axis.plot(
        path_of_insurance["regret"],
        path_of_insurance["value"],
        color=_SHAVED,
        lw=1.8,
        label="more and more insurance",
    )
    for (name, (colour, _, label)), marker in zip(_OBJECTIVES.items(), "osD", strict=True):
        found = faces(game, solve(game, name).inclusion)
        at, said = (found["regret"], found["value"]), f"{label} (ratio {found['ratio']:.3g})"
        axis.plot(*at, marker, color=colour, ms=9, mec="white", ls="none", zorder=4, label=said)
    axis.axhline(0, color="0.8", lw=0.8, zorder=0)
    axis.set_xlabel("worst-case regret against the best point in hindsight (unit of the gain)")
    axis.set_ylabel("guaranteed value (unit of the gain)")
    axis.set_title(f"{game.mistakes:g} mistakes, budget {game.budget:g}, n = {game.n}", fontsize=10)
    axis.legend(edgecolor="none", framealpha=1, loc="lower right")
    bare(axis)
    ends = segment.sort_values("regret")
    straight = np.interp(path_of_insurance["regret"], ends["regret"], ends["value"])
    above = float((path_of_insurance["value"] - straight).max())
    drop = float(ends["value"].iloc[-1] - ends["value"].iloc[0])
    takeaway(
        figure,
        "From one end to the other the regret falls from {1:.4g} to {0:.4g}, and the guarantee "
        "from {3:.4g} to {2:.4g}; ".format(
            *ends["regret"].iloc[[0, -1]], *ends["value"].iloc[[0, -1]]
        )
        + (
            f"insurance guarantees up to {above:.3g} more than mixtures."
            if above > 1e-6 * abs(drop)
            else "the two curves coincide."
        ),
    )
    paths = {"mixture": segment, "insurance": path_of_insurance}
    return save(figure, path, pd.concat(paths, names=["path"]).reset_index("path"))


@in_our_style
def wrong_mistakes_plot(game: Game, path: str | Path, n_guesses: int = 3) -> Picture:
    """Guarantees of solutions for several guesses of m against the true m, and what they lose."""
    guesses = np.unique(np.round(game.mistakes * np.linspace(0.5, 1.5, n_guesses)))
    guesses = guesses[guesses <= game.n]
    m = np.linspace(0, 1, n_solved(game.n, 201))
    # V is steepest at small m: few places are put there, and where the price is zero.
    m = game.n * m if len(m) == 201 else np.union1d(game.n * m**2, guesses)
    figure, (top, low) = plt.subplots(
        2, 1, sharex=True, figsize=(7, 5.5), height_ratios=(3, 2), layout="constrained"
    )
    curves = {
        guess: guarantee_in_mistakes(game, solve(game.replace(mistakes=Count(guess))).inclusion)
        for guess in guesses.tolist()
    }
    prices = prices_of_curves(game, curves.items(), m)
    best = prices.drop_duplicates("truth")
    top.plot(best["truth"], best["value"], color=_LEVEL, lw=1.6, label="m known: V(m)")
    colours = plt.get_cmap("viridis")(np.linspace(0.15, 0.85, len(guesses)))
    for k, ((guess, curve), colour) in enumerate(zip(curves.items(), colours, strict=True)):
        some, dash = few(curve.x), ("--", "-.", ":")[k % 3]
        mark = "osD"[k % 3] if len(curve.x) <= MOST else ""
        at = curve.x[some], curve.y[some]
        said = f"solved for {guess:g}"
        top.plot(*at, marker=mark, ls=dash, color=colour, ms=4, lw=1.4, label=said)
        lost = prices[prices["guess"] == guess]
        low.plot(lost["truth"], lost["price"], dash, color=colour, lw=1.4)
        low.axvline(guess, color=colour, lw=0.8, ls=":")
    top.axhline(0, color="0.8", lw=0.8, zorder=0)
    top.set_ylabel("guaranteed value (unit of the gain)")
    top.legend(frameon=False, loc="upper right")
    low.set_ylabel("price of not\nknowing m")
    low.set_xlabel("true number of mistakes m")
    low.set_xlim(0, game.n)
    for axis in (top, low):
        bare(axis)
    at = prices[
        (prices["truth"] - game.mistakes).abs() == (best["truth"] - game.mistakes).abs().min()
    ]
    dear = at.loc[at["price"].idxmax()]
    takeaway(
        figure,
        f"If m is {dear['truth']:.4g}, the solution for {dear['guess']:g} loses most of those "
        f"shown: {dear['price']:.3g} of a guarantee of {dear['value']:.4g}.",
    )
    return save(figure, path, prices)


@in_our_style
def wrong_gains_plot(game: Game, path: str | Path) -> Picture:
    """Guarantee of the three solutions against the relative error of gains and harms."""
    errors = np.linspace(0, 0.5, n_solved(game.n, 101))
    figure, axis = plt.subplots(figsize=(7, 4), layout="constrained")
    table = {"error": errors}
    for name, (colour, style, label) in _OBJECTIVES.items():
        curve = table[name] = guarantee_in_error(game, solve(game, name).inclusion, errors)
        axis.plot(errors, curve, style, color=colour, lw=1.6, label=label)
    axis.axhline(0, color="0.8", lw=0.8, zorder=0)
    axis.set_xlabel("relative error of gains and harms")
    axis.set_ylabel("guaranteed value (unit of the gain)")
    axis.set_xlim(0, 0.5)
    axis.legend(frameon=False)
    bare(axis)
    whole, less = (float(np.interp(x, errors, table["value"])) for x in (0, 0.1))
    takeaway(
        figure,
        "With gains and harms wrong by up to 10% the max-min solution still guarantees "
        f"{less:.4g}, of {whole:.4g}.",
    )
    return save(figure, path, pd.DataFrame(table))


@in_our_style
def budget_plot(game: Game, path: str | Path) -> Picture:
    """Value and its slope, the water level, as functions of the budget."""
    n_budgets = n_solved(game.n, 401)
    curve = value_in_budget(game, np.linspace(0, game.n, n_budgets + 1)[1:])
    first = curve[curve["level"] > 0]
    idle = curve[~(curve["level"] > 0)]["budget"]
    figure, (top, low) = plt.subplots(
        2, 1, sharex=True, figsize=(7, 5), height_ratios=(3, 2), layout="constrained"
    )
    top.plot(
        first["budget"],
        first["uncapped"],
        "--",
        color=COLOURS["orange"],
        lw=1.4,
        label="with replacement: b times the level at b = 1",
    )
    top.plot(
        curve["budget"], curve["value"], color=COLOURS["blue"], lw=1.8, label="value of budget b"
    )
    top.set_ylim(0, 1.25 * float(curve["value"].max()) or 1)
    top.set_ylabel("guaranteed value\n(unit of the gain)")
    if n_budgets < 401:
        low.plot(curve["budget"], curve["level"], color=COLOURS["blue"], lw=1.6)
        low.set_xlabel(f"budget b (soft-labels), at {n_budgets} places")
    else:
        low.step(curve["budget"], curve["level"], where="mid", color=COLOURS["blue"], lw=1.6)
        low.set_xlabel("budget b (soft-labels)")
    low.set_ylabel("slope: the water level\n(unit of the gain)")
    low.set_xlim(0, game.n)
    low.set_ylim(0, None)
    for axis in (top, low):
        if len(idle):
            said = f"no more is spent above {idle.min():.3g}"
            axis.axvline(idle.min(), color=COLOURS["grey"], lw=1, ls=":", label=said)
        bare(axis)
    top.legend(frameon=False, loc="upper left")
    top.set_title(f"n = {game.n} points, m = {game.mistakes:g} mistakes", fontsize=10)
    half = curve.loc[(curve["value"] >= curve["value"].max() / 2).idxmax(), "budget"]
    takeaway(
        figure,
        f"A budget of {half:.3g} of {game.n} points guarantees half of the most that any budget "
        f"does, {curve['value'].max():.4g}.",
    )
    return save(figure, path, curve)


# What `radsim solve --picture` can draw of a game; "level" needs the solution itself.
PICTURES = {
    "budget": budget_plot,
    "objectives": objectives_plot,
    "trade_off": trade_off_plot,
    "wrong_mistakes": wrong_mistakes_plot,
    "wrong_gains": wrong_gains_plot,
}
