"""Pictures of solved games and of verdicts."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

from radsim.claims import CLAIMS
from radsim.plots.style import COLOURS, Picture, bare, in_our_style, plt, save, takeaway
from radsim.plots.thinning import bars, thinned, words
from radsim.solution import Solution

__all__ = ["slack_plot", "water_level_plot"]

_GAIN, _SHAVED, _LEVEL = COLOURS["sky"], COLOURS["vermilion"], COLOURS["black"]


_PROMISE = {
    "value": "Guaranteed value",
    "regret": "Regret of at most",
    "ratio": "Competitive ratio",
}


@in_our_style
def water_level_plot(solution: Solution, path: str | Path) -> Picture:
    """Draw a solution: gains, water level and what is shaved off; inclusion probabilities below.

    Parameters
    ----------
    solution : Solution
    path : str or Path
        Its suffix picks the format; without one the picture is written as PNG, SVG and CSV.

    Returns
    -------
    Picture
        Shown by a notebook.  Of more than 2,000 points it has 600 steps, each with the range of
        its points, and so has its CSV.

    References
    ----------
    Theory page: V1, V3.

    Examples
    --------
    >>> import tempfile
    >>> from radsim import Game, solve
    >>> with tempfile.TemporaryDirectory() as place:
    ...     picture = water_level_plot(solve(Game([1, 0.5, 0.25], mistakes=1)), f"{place}/a.png")
    ...     picture.path.name
    'a.png'
    """
    game = solution.game
    order = np.argsort(-game.gains, kind="stable")
    g = game.gains[order]
    l = np.asarray(solution.mistake_probabilities, dtype=float)[order]
    robust = g - game.stakes[order] * l
    q = np.asarray(solution.inclusion, dtype=float)[order]
    figure, (top, low) = plt.subplots(
        2, 1, sharex=True, figsize=(7, 5), height_ratios=(3, 2), layout="constrained"
    )
    left = np.minimum(robust, g)
    bars(top, g, left, color=_SHAVED, alpha=0.75, label="shaved off by the teacher")
    bars(top, left, color=_GAIN, label="robust gain that is left")
    level = float(solution.level)
    top.axhline(level, color=_LEVEL, lw=1.2, ls="--", label=f"water level {level:.3g}")
    top.set_ylabel("gain (unit of the input)")
    top.legend(frameon=False, loc="upper right")
    top.set_title(
        f"{_PROMISE[solution.objective]} {float(solution.value):.4g} for budget {game.budget:g}, "
        f"{np.sum(game.mistakes):g} mistakes, n = {game.n}",
        fontsize=10,
    )
    bars(low, q, color=COLOURS["green"])
    low.set_ylabel("inclusion probability" if game.capped else "expected draws")
    low.set_xlabel(f"points, largest gain first{words(game.n)}")
    low.set_ylim(0, max(1e-12, 1.05 * float(q.max())))
    low.set_xlim(0.5, game.n + 0.5)
    for axis in (top, low):
        bare(axis)
    hit = int(np.sum(l > 1e-9))
    taken = 1 - robust.sum() / g.sum() if g.sum() > 0 else 0.0
    takeaway(
        figure,
        f"The teacher spreads its mistakes over {hit} of {game.n} points, which takes {taken:.0%} "
        f"of the pool's gain in expectation; {int(np.sum(q > 1e-9))} have a chance to be asked.",
    )
    table = {"gain": g, "stake": game.stakes[order], "robust_gain": robust, "inclusion": q}
    return save(figure, path, thinned(table).assign(level=level))


@in_our_style
def slack_plot(verdicts: pd.DataFrame, path: str | Path) -> Picture:
    """Histogram of the slack of every claim; left of zero is on the wrong side of the bound.

    A row a claim; its bars share the decades of the axis, with all that is nearer to zero than
    1e-15 in the one bin at zero, and are as high as their share of the claim's verdicts.
    """
    there = set(verdicts["claim"])
    claims = [name for name in CLAIMS if name in there] + sorted(there - set(CLAIMS))
    decades = 10.0 ** np.arange(-15, 2)
    edges = np.concatenate((-decades[::-1], decades))
    place = np.concatenate((np.arange(-16.5, 0), np.arange(0.5, 17)))
    rows = []
    figure, axis = plt.subplots(figsize=(7, 0.36 * len(claims) + 1.3), layout="constrained")
    for row, claim in enumerate(claims):
        slack = verdicts.loc[verdicts["claim"] == claim, "slack"].to_numpy()
        number = np.histogram(np.clip(slack[np.isfinite(slack)], -10, 10), edges)[0]
        axis.stairs(
            row - 0.85 * number / max(1, len(slack)),
            place,
            baseline=row,
            fill=True,
            color=_GAIN,
            ec=COLOURS["blue"],
            lw=0.8,
        )
        ends = zip(edges, edges[1:], number, strict=False)
        rows += [(claim, low, high, count) for low, high, count in ends if count]
    axis.axvline(0, color=_LEVEL, lw=0.8, ls=":")
    worst = int(np.searchsorted(edges, min(-1e-14, float(verdicts["slack"].min()))))
    axis.set_xlim(place[max(0, worst - 1)], place[-1])
    powers = np.arange(-14, 1, 4)
    ticks = {0.0: "0"} | {k + 15.5: f"$10^{{{k}}}$" for k in powers}
    ticks |= {-k - 15.5: f"$-10^{{{k}}}$" for k in powers if -k - 15.5 >= axis.get_xlim()[0]}
    axis.set_xticks(list(ticks), list(ticks.values()))
    axis.set_yticks(range(len(claims)), claims)
    axis.set_ylim(len(claims) - 0.7, -1)
    axis.set_xlabel("slack relative to b max(g); tight claims lie within rounding of zero")
    bare(axis)
    known = verdicts[np.isfinite(verdicts["slack"])]
    if len(known):
        least = known.loc[known["slack"].idxmin()]
        wrong = int((known["slack"] < -1e-9).sum())
        takeaway(
            figure,
            f"{wrong} of {len(known)} slacks lie below zero by more than 1e-9; the least is "
            f"{least['slack']:.1e}, of {least['claim']}.",
        )
    return save(figure, path, pd.DataFrame(rows, columns=["claim", "from", "to", "verdicts"]))
