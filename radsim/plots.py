"""Pictures; the only module that imports matplotlib."""

from __future__ import annotations

from pathlib import Path

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt
import numpy as np

from radsim.solution import Solution

__all__ = ["water_level_plot"]

_GAIN, _SHAVED, _LEVEL = (
    "#56B4E9",
    "#D55E00",
    "#000000",
)  # Okabe and Ito: safe for colour-blind eyes


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
        f"Guaranteed value {float(solution.value):.4g} for budget {game.budget:g}, "
        f"{game.mistakes:g} mistakes, n = {game.n}",
        fontsize=10,
    )
    low.stairs(q, x, fill=True, color="#009E73")
    low.set_ylabel("inclusion probability" if game.capped else "expected draws")
    low.set_xlabel("points, largest gain first")
    low.set_ylim(0, max(1e-12, 1.05 * float(q.max())))
    low.set_xlim(0.5, game.n + 0.5)
    for axis in (top, low):
        axis.spines[["top", "right"]].set_visible(False)
    target = Path(path)
    part = target.with_name(target.name + ".part")
    figure.savefig(part, dpi=150, format=target.suffix.lstrip(".") or "png")
    plt.close(figure)
    part.replace(target)
