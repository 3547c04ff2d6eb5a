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
# # 03 Regret and competitive ratio
#
# **What the bounds say.** The worst case may be too gloomy a yardstick. Against the best single
# point in hindsight two other objectives have closed forms: the least regret (R2) and the best
# competitive ratio (R1). Both are the max-min solution plus an insurance on the highest gains.
#
# **In formulas.** With the value $V$ at $b = 1$, gains falling, stakes $s_i = g_i + h_i$, let
#
# $$E(t) = t + \sum_i \max(0, g_i - t)\,\frac{h_i + V}{s_i},$$
#
# least at $g_j$, the first with $\sum_{i \le j} (h_i + V)/s_i \ge 1$; and $t_1$ the water level for
# one mistake. Then
#
# $$\rho^* = \frac{V}{E(g_j)} \;(R1), \qquad R^* = E(t) - V, \; t = \max(g_j, t_1) \;(R2),
#   \qquad \rho^* = \frac{V}{V + R^*} \text{ where } t = g_j \;(R3).$$
#
# **Reference.** Theory page, R1 to R3, and one page each under Theorems; the statements are this
# project's, for one query, whole $m$ and $V > 0$.

# %% tags=["parameters"]
n = 24
mistakes = 3
n_instances = 120
seed = 1

# %%
from fractions import Fraction
from pathlib import Path

import numpy as np
import pandas as pd

from radsim import (
    CLAIMS,
    SOLVERS,
    Game,
    Instance,
    check,
    competitive_ratio,
    regret,
    solve,
    worst_case,
)
from radsim.analysis import comparisons, insurance, least_slack, side_by_side, trade_off
from radsim.plots import objectives_plot, scatter_plot, trade_off_plot, wrong_gains_plot
from radsim.runs import verify

pictures = Path("pictures")
pictures.mkdir(exist_ok=True)
claims = ["R1", "R2", "R3"]
objectives = ["value", "ratio", "regret"]
pd.set_option("display.float_format", "{:.2g}".format)

# %% [markdown]
# ## Measured against stated
#
# A dot is one comparison on a drawn game that meets the hypotheses: what linear programs certify,
# and what the closed strategies earn, against what the formula says.

# %%
seen = side_by_side(claims, n_instances // 4, seed)
scatter_plot(seen, pictures / "scatter")

# %%
least_slack(seen)

# %% [markdown]
# **In words**: ratio and regret are the formula's on every game, up to rounding, and so are the
# ratio and regret of the strategies that the theory writes down. Triangles are the games where
# $t_1$ takes over: there the ratio may be above $V/(V + R^*)$.

# %% [markdown]
# ## Three faces of one game

# %%
rng = np.random.default_rng(seed)
game = Game(np.sort(rng.beta(0.7, 1.5, n))[::-1], mistakes=mistakes)
found = {objective: solve(game, objective) for objective in objectives}
pd.DataFrame(
    {
        objective: {
            "guaranteed value": worst_case(game, solution.inclusion)[0],
            "competitive ratio": competitive_ratio(game, solution.inclusion),
            "regret": regret(game, solution.inclusion),
            "gap of the certificate": solution.certificate.gap,
        }
        for objective, solution in found.items()
    }
).T

# %% [markdown]
# Each row is best in its own column. The picture shows why: regret and ratio put extra weight on
# the points whose loss one would regret.

# %%
objectives_plot(game, pictures / "objectives")

# %% [markdown]
# ## What insurance costs
#
# Two ways to give up guaranteed value for less regret: mix the two ends (a straight line), or
# insure more and more of the highest gains. With harms equal to the gains the two give the same on
# this pool. Where a wrong label costs nothing but the query, and more mistakes are feared, insuring
# is better:

# %%
harmless = game.replace(harm=0, mistakes=8)
trade_off_plot(harmless, pictures / "trade_off")

# %% [markdown]
# ## When the gains are wrong
#
# What is still guaranteed when gains and harms are known up to a relative error (V6): all three
# lose, and the order stays.

# %%
wrong_gains_plot(game, pictures / "wrong_gains")

# %% [markdown]
# ## More games
#
# R1 to R3 against linear programs and exact rationals, on the games that meet their hypotheses.

# %%
records = verify.run(n_instances, claims, seed, jobs=1)
frame = verify.verdict_frame(records)
pd.crosstab(frame["claim"], [frame["witness"], frame["status"]])

# %% [markdown]
# ## Every route agrees
#
# On the games that R1 applies to, every solver of the table beside exact arithmetic.

# %%
played = [record.instance.game for record in records if CLAIMS["R1"].applies(record.instance.game)]
routes = pd.DataFrame(
    [
        {
            "objective": objective,
            "method": method,
            "certified": solution.certificate.accepts(row.rtol),
            "distance": abs(float(solution.value) - float(solve(one, objective, "rational").value))
            / float(solution.certificate.scale),
        }
        for one in played
        for objective in objectives
        for method, row in SOLVERS["plain", objective].items()
        if one.n <= row.largest_n
        for solution in [solve(one, objective, method)]
    ]
)
routes.groupby(["objective", "method"], sort=False).agg(
    games=("certified", "size"), certified=("certified", "sum"), worst_distance=("distance", "max")
)

# %% [markdown]
# ## Three points, exactly
#
# Gains 1, 1/2, 1/4 and one mistake: the identity rho = V/(V + R) in fractions (R3).

# %%
three = Game([1, 0.5, 0.25], mistakes=1)
value, best_ratio, least = (solve(three, objective, "rational").value for objective in objectives)
print("V", value, "  rho", best_ratio, "  R", least, "  V/(V + R)", value / (value + least))

# %% [markdown]
# ## Try your own
#
# All three objectives on your gains, and what R3 says of them.

# %%
yours = Game([4, 2, 1, 0.9], mistakes=1, harm=0.5)
print({name: f"{solve(yours, name).value:.2g}" for name in objectives})
tried = comparisons(CLAIMS["R3"], Instance("yours", yours))
tried[["label", "kind", "bound", "measured", "status"]]

# %% [markdown]
# ## Verdicts

# %%
closed = [
    check(CLAIMS[claim], Instance("game", one), method="closed_form")
    for one in played
    for claim in claims
]
segment, path = trade_off(game), insurance(game)
over_mixing = {
    name: np.interp(ends["regret"], more["regret"][::-1], more["value"][::-1]) - ends["value"]
    for name, ends, more in (
        ("same harm", segment, path),
        ("no harm", trade_off(harmless), insurance(harmless)),
    )
}
verdicts = {
    "every claim was checked": set(frame["claim"]) == set(claims) == set(seen["claim"]),
    "no dot is on the wrong side": bool((seen["status"] == "HOLDS").all()),
    "nor one of yours": bool((tried["status"] == "HOLDS").all()),
    "with harms equal to the gains insuring and mixing give the same": bool(
        np.abs(over_mixing["same harm"]).max() <= 1e-9
    ),
    "without harm insuring is better by up to a third of V": bool(
        over_mixing["no harm"].max() > 0.3 * solve(harmless).value
    ),
    "no claim is violated or undecided": bool((frame["status"] == "HOLDS").all()),
    "the closed forms agree with every claim": {v.status for v in closed} == {"HOLDS"},
    "every certificate is accepted": bool(routes["certified"].all())
    and all(solution.certificate.accepts(1e-9) for solution in found.values()),
    "the closed forms equal exact arithmetic": bool(
        (routes.loc[routes["method"] == "closed_form", "distance"] <= 1e-12).all()
    ),
    "R1 to R3 on three points": (value, best_ratio, least)
    == (Fraction(1, 7), Fraction(2, 11), Fraction(9, 14)),
    "R3: rho = V/(V + R)": best_ratio == value / (value + least),
    "R3 on the pool": np.isclose(
        found["ratio"].value,
        found["value"].value / (found["value"].value + found["regret"].value),
        rtol=1e-12,
    ),
    "insurance is as good as mixing": all(bool((x >= -1e-9).all()) for x in over_mixing.values()),
}
assert all(verdicts.values()), [name for name, holds in verdicts.items() if not holds]
print(*(f"HOLDS  {name}" for name in verdicts), sep="\n")
