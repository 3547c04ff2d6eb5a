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
# Every statement on the value (V1 to V7) on random games of nine families, against two routes that
# share no code with the formulas: HiGHS and exact rational arithmetic. Then the counterexamples:
# what looks true and is not.

# %% tags=["parameters"]
n_instances = 120
seed = 0

# %%
from fractions import Fraction
from pathlib import Path

import numpy as np
import pandas as pd

from radsim import CLAIMS, Game, check, solve, worst_case
from radsim.data.instances import FAMILIES
from radsim.plots import slack_plot
from radsim.runs import verify

pictures = Path("pictures")
pictures.mkdir(exist_ok=True)
claims = [name for name in CLAIMS if name.startswith("V")]

# %% [markdown]
# ## All claims on random games
#
# Each game has a family, a size, a harm profile, a number of mistakes, a budget and rules of its
# own; a claim is checked where its hypotheses are met.

# %%
records = verify.run(n_instances, claims, seed, jobs=1)
frame = verify.verdict_frame(records)
frame[["family", "harms"]] = frame["family"].str.split("/", expand=True)
table = pd.crosstab(frame["claim"], frame["status"])
table.assign(
    statement=[CLAIMS[claim].statement for claim in table.index],
    kind=[CLAIMS[claim].kind for claim in table.index],
    worst_slack=frame.groupby("claim")["slack"].min(),
)

# %% [markdown]
# The same by family: no family is left out, and none is worse than rounding.

# %%
frame.pivot_table(index="family", columns="claim", values="slack", aggfunc="min").reindex(FAMILIES)

# %% [markdown]
# ## How far from the bound
#
# Tight claims lie at zero, within rounding. Those that state an inequality reach into the positive
# range, and touch zero where they are met.

# %%
slack_plot(frame, pictures / "slack")

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
print("without the fractional point", worst_case(capped, [0.3, 1, 0])[0])

# %% [markdown]
# **The prefix formula alone is wrong under a forced budget** (V3b): its largest ratio is -30/19,
# and yet the value is -1.

# %%
forced = Game([10, 10, 5, 2, 1], mistakes=4, abstain=False)
ratios = (np.arange(1, 6) - 8) / np.cumsum(1 / forced.gains)
print("largest ratio", ratios.max(), "  value", solve(forced, method="rational").value)

# %% [markdown]
# **The value is neither concave nor convex in one gain** (V4): g = (1, 1, x) with m = 1/2.

# %%
x = np.array([0.25, 0.5, 0.75])
in_one_gain = [solve(Game([1, 1, k], rate=1 / 6), method="rational").value for k in x]
print(dict(zip(x.tolist(), in_one_gain, strict=True)))

# %% [markdown]
# **With a forced budget the value falls when more may be asked**: every further label is a risk.

# %%
in_budget = [solve(forced.replace(budget=b), method="rational").value for b in (1, 2, 3)]
print([str(value) for value in in_budget])

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
    "every claim was checked": set(frame["claim"]) == set(claims),
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
