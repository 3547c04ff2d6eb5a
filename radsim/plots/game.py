"""Pictures of solved games and of verdicts."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

from radsim.plots.style import COLOURS, bare, plt, save
from radsim.solution import Solution

__all__ = ["slack_plot", "water_level_plot"]

_GAIN, _SHAVED, _LEVEL = COLOURS["sky"], COLOURS["vermilion"], COLOURS["black"]


_PROMISE = {
    "value": "Guaranteed value",
    "regret": "Regret of at most",
    "ratio": "Competitive ratio",
}


def water_level_plot(solution: Solution, path: str | Path) -> None:
    """Gains, water level and what the teacher shaves off; inclusion probabilities below."""
    game = solution.game
    order = np.argsort(-game.gains, kind="stable")
    g = game.gains[order]
    l = np.asarray(solution.mistake_probabilities, dtype=float)[order]
    robust = g - game.stakes[order] * l
    q = np.asarray(solution.inclusion, dtype=float)[order]
    x = np.arange(game.n + 1) + 0.5
    figure, (top, low) = plt.subplots(
        2, 1, sharex=True, figsize=(7, 5), height_ratios=(3, 2), layout="constrained"
    )
    top.stairs(
        g,
        x,
        baseline=np.minimum(robust, g),
        fill=True,
        color=_SHAVED,
        alpha=0.75,
        label="shaved off by the teacher",
    )
    top.stairs(np.minimum(robust, g), x, fill=True, color=_GAIN, label="robust gain that is left")
    level = float(solution.level)
    top.axhline(level, color=_LEVEL, lw=1.2, ls="--", label=f"water level {level:.3g}")
    top.set_ylabel("gain (unit of the input)")
    top.legend(frameon=False, loc="upper right")
    top.set_title(
        f"{_PROMISE[solution.objective]} {float(solution.value):.4g} for budget {game.budget:g}, "
        f"{np.sum(game.mistakes):g} mistakes, n = {game.n}",
        fontsize=10,
    )
    low.stairs(q, x, fill=True, color=COLOURS["green"])
    low.set_ylabel("inclusion probability" if game.capped else "expected draws")
    low.set_xlabel("points, largest gain first")
    low.set_ylim(0, max(1e-12, 1.05 * float(q.max())))
    low.set_xlim(0.5, game.n + 0.5)
    for axis in (top, low):
        bare(axis)
    save(figure, path)


def slack_plot(verdicts: pd.DataFrame, path: str | Path) -> None:
    """Slack of every verdict, one row a claim; left of zero is on the wrong side of the bound."""
    claims = sorted(set(verdicts["claim"]))
    figure, axis = plt.subplots(figsize=(7, 0.45 * len(claims) + 1.4), layout="constrained")
    for row, claim in enumerate(claims):
        slack = verdicts.loc[verdicts["claim"] == claim, "slack"].to_numpy()
        offset = np.linspace(-0.25, 0.25, len(slack))
        axis.plot(slack, row + offset, ".", ms=3, color=_GAIN)
    axis.axvline(0, color=_LEVEL, lw=1)
    axis.set_xscale("symlog", linthresh=1e-15)
    axis.set_xlim(min(-1e-14, 2 * float(verdicts["slack"].min())), None)
    axis.set_xticks([-1e-13, 0, 1e-13, 1e-9, 1e-5, 1e-1])
    axis.set_yticks(range(len(claims)), claims)
    axis.invert_yaxis()
    axis.set_xlabel("slack relative to b max(g); tight claims lie within rounding of zero")
    bare(axis)
    save(figure, path)
