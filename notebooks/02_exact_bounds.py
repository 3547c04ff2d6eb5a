# ---
# jupyter:
#   jupytext:
#     formats: ipynb,py:percent
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # 02 Exact bounds
#
# **What the bounds say.** The value of the game is a number that can be written down (V1 to V3b).
# It falls with more mistakes and more harm, convexly, and rises with the budget, ever more slowly
# (V3a, V4). A wrong $m$ or wrong gains cost a known amount (V5, V6), and no other way to choose
# guarantees more (V7).
#
# **In formulas.** With gains $g_i$, stakes $s_i$, $m$ mistakes and $b$ queries, gains falling:
#
# $$V = b \max_k \frac{\sum_{i \le k} g_i/s_i - m}{\sum_{i \le k} 1/s_i} \quad (V1, V2),
#   \qquad V_b = \min_{\lambda \ge 0} [\,b\lambda + f(\lambda)\,] \quad (V3),$$
#
# $f(\lambda)$ being what stands out above $\lambda$ once the teacher has shaved the largest stakes
# first; over all real $\lambda$ if the whole budget must be spent (V3b). Solved for $\hat m$, met
# by $m$, with the support $\hat S$ of $\hat k$ points and $\hat H = \sum_{\hat S} 1/s_i$ (V5):
#
# $$W = \Big(\sum_{\hat S} g_i/s_i - \min(m, \hat k)\Big)/\hat H .$$
#
# **Reference.** Theory page, V1 to V7, and one page each under Theorems. V1 and V2 for harms in
# proportion to the gains: Baykal and others, ICLR 2023, arXiv 2210.01213. V3 at harm 0, nearest
# relative: Constantinescu and Wattenhofer, arXiv 2502.14812.

# %% tags=["parameters"]
n_instances = 120
seed = 0

# %%
from fractions import Fraction
from pathlib import Path

import numpy as np
import pandas as pd

from radsim import CLAIMS, Game, Instance, check, solve, worst_case
from radsim.analysis import comparisons, least_slack, side_by_side
from radsim.data.instances import FAMILIES
from radsim.plots import scatter_plot
from radsim.runs import verify

pictures = Path("pictures")
pictures.mkdir(exist_ok=True)
pd.set_option("display.float_format", "{:.2g}".format)
claims = [name for name in CLAIMS if name.startswith("V")]

# %% [markdown]
# ## Measured against stated
#
# Each game has a family, a size, a harm profile, a number of mistakes, a budget and rules of its
# own, and is used where it meets the hypotheses. A dot is one comparison, in units of $b \max g$:
# what a linear program (HiGHS) certifies, against what the formula says.

# %%
seen = side_by_side(claims, n_instances // 4, seed)
scatter_plot(seen, pictures / "scatter")

# %%
least_slack(seen)

# %% [markdown]
# **In words**: equalities lie on the line; what is a lower bound has its triangles on or above it,
# an upper bound on or below. The least slack of every claim, wherever it was seen, is zero up to
# the rounding of the sixteenth digit, so the bounds are met and none is broken.

# %% [markdown]
# The same on more games, against exact rational arithmetic as well:

# %%
records = verify.run(n_instances, claims, seed, jobs=1)
frame = verify.verdict_frame(records)
frame[["family", "harms"]] = frame["family"].str.split("/", expand=True)
pd.crosstab(frame["claim"], [frame["witness"], frame["status"]])

# %% [markdown]
# ## All solvers on the same games
#
# Each answer is certified from the raw game and compared with the exact value.

# %%
runs = pd.DataFrame([vars(run) for record in records for run in record.solvers])
runs.groupby("method", sort=False).agg(
    games=("accepted", "size"),
    certified=("accepted", "sum"),
    worst_gap=("gap", "max"),
    worst_distance=("distance", "max"),
)

# %% [markdown]
# ## Counterexamples
#
# **A pure prefix rule is not optimal** under caps: a fractional point at the level is needed (V3).

# %%
capped = Game([10, 3, 2], mistakes=1, budget=2, harm=0)
best = solve(capped, method="rational")
print("optimal", best.value, best.inclusion.tolist())
print(f"without the fractional point {worst_case(capped, [0.3, 1, 0])[0]:.2g}")

# %% [markdown]
# **The prefix formula alone is wrong under a forced budget** (V3b): its largest ratio is -30/19,
# and yet the value is -1.

# %%
forced = Game([10, 10, 5, 2, 1], mistakes=4, abstain=False)
ratios = (np.arange(1, 6) - 8) / np.cumsum(1 / forced.gains)
print(f"largest ratio {ratios.max():.2g}   value", solve(forced, method="rational").value)

# %% [markdown]
# **The value is neither concave nor convex in one gain** (V4): g = (1, 1, x) with m = 1/2.

# %%
x = np.array([0.25, 0.5, 0.75])
in_one_gain = [solve(Game([1, 1, k], rate=1 / 6), method="rational").value for k in x]
print({gain: str(value) for gain, value in zip(x.tolist(), in_one_gain, strict=True)})

# %% [markdown]
# **With a forced budget the value falls when more may be asked**: every further label is a risk.

# %%
in_budget = [solve(forced.replace(budget=b), method="rational").value for b in (1, 2, 3)]
print([str(value) for value in in_budget])

# %% [markdown]
# ## Try your own
#
# Any claim on any game: what it says, what is measured, and whether it holds. No row means that the
# game does not meet the claim's hypotheses; try `budget=2` for V1.

# %%
yours = Game([3, 2, 2, 1], mistakes=1, budget=1, harm=0.5)
tried = comparisons(CLAIMS["V2"], Instance("yours", yours))
tried[["label", "kind", "bound", "measured", "status"]]

# %% [markdown]
# ## Verdicts

# %%
closed = [
    check(CLAIMS[claim], record.instance, method="closed_form", rng=record.index)
    for record in records
    for claim in claims
    if CLAIMS[claim].applies(record.instance.game)
]
verdicts = {
    "every claim was checked": set(frame["claim"]) == set(claims) == set(seen["claim"]),
    "no dot is on the wrong side": bool((seen["status"] == "HOLDS").all()),
    "nor one of yours": bool((tried["status"] == "HOLDS").all()),
    "every family was drawn": n_instances < 100 or set(frame["family"]) == set(FAMILIES),
    "no claim is violated or undecided": bool((frame["status"] == "HOLDS").all()),
    "the closed form agrees with every claim": {v.status for v in closed} == {"HOLDS"},
    "every solver's certificate is accepted": bool(runs["accepted"].all()),
    "V3: a fractional point is needed": best.value == Fraction(22, 5)
    and worst_case(capped, [0.3, 1, 0])[0] < 4.4 - 0.1,
    "V3b: -1, not -30/19": solve(forced, method="rational").value == -1
    and np.isclose(ratios.max(), -30 / 19),
    "V4: 1/2, 1/2, 3/5": in_one_gain == [Fraction(1, 2), Fraction(1, 2), Fraction(3, 5)],
    "V3b: not monotone in b": in_budget[1] < in_budget[0],
    "the closed form finds them too": all(
        np.isclose(solve(game).value, float(solve(game, method="rational").value), rtol=1e-12)
        for game in (capped, forced)
    ),
}
assert all(verdicts.values()), [name for name, holds in verdicts.items() if not holds]
print(*(f"HOLDS  {name}" for name in verdicts), sep="\n")
