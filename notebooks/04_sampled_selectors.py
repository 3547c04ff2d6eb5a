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
# # 04 Sampled selectors
#
# **What the bounds say.** The guarantee is on inclusion probabilities; what is asked about is a
# sample. A design with just these probabilities carries the guarantee over (S1), its tails are
# bounded (S2, S3), and popular ways to draw without replacement are no such design.
#
# **In formulas.** With the inclusion probabilities $q$ and any mistakes $l$ the sample $A$ earns on
# average
#
# $$E \sum_{i \in A} (g_i - s_i l_i) = U(q, l) \ge V_b \quad (S1).$$
#
# The mean of $b$ draws with replacement lies $t$ below its own with probability at most
# $\exp(-2 b t^2/R^2)$, $R$ being the range of a draw (S2); the total of a negatively associated
# design, of weights $w_i$ of one sign, with probability at most
# $\exp(-2 t^2/\sum_{0 < q_i < 1} w_i^2)$ (S3). Guarantees of rounds add up (S5).
#
# **Reference.** Theory page, S1 to S5, and one page each under Theorems. Hoeffding 1963; Maurer and
# Pontil 2009; Joag-Dev and Proschan 1983; Pemantle and Peres 2014.

# %% tags=["parameters"]
draws = 10_000
n_instances = 40
seed = 0

# %%
from pathlib import Path

import numpy as np
import pandas as pd
from scipy import stats

from radsim import CLAIMS, DESIGNS, Game, audit, solve, worst_case
from radsim.analysis import least_slack, side_by_side
from radsim.plots import inclusion_plot, scatter_plot, tails_plot
from radsim.runs import verify
from radsim.runs.simulate import INSTANCES, tails
from radsim.sampling import law
from radsim.sampling.audit import successive_law, successive_sampling

pictures = Path("pictures")
pictures.mkdir(exist_ok=True)
claims = ["S1", "S2", "S3", "S5"]
pd.set_option("display.float_format", "{:.2g}".format)

# %% [markdown]
# ## Measured against stated
#
# Small games, all outcomes of all designs listed: expectations and tails without any sampling. A
# dot is one comparison; of a tail bound it is the probability of so large a shortfall (measured)
# against the bound on it.

# %%
seen = side_by_side(claims, n_instances // 2, seed, largest_n=5)
scatter_plot(seen, pictures / "scatter")

# %%
least_slack(seen)

# %% [markdown]
# **In words**: expectations are what the inclusion probabilities say, to the last digit. The tail
# bounds hold with room: on small pools a large shortfall is rarer than they promise. They are met
# where the shortfall is zero, and say nothing there.

# %% [markdown]
# ## Designs that keep the promise
#
# On a small pool every outcome of a design can be listed: an audit is then exact.

# %%
rng = np.random.default_rng(seed)
small = Game([4, 3, 2.5, 2, 1.5], mistakes=1, budget=3)
q = np.asarray(solve(small).inclusion)
capped = [name for name, row in DESIGNS.items() if not row.with_replacement]
audits = {name: audit(q, name, rng=rng, game=small) for name in capped}
pd.DataFrame(
    {
        name: {"status": found.status, "exact": found.exact, "worst case kept": found.kept}
        for name, found in audits.items()
    }
).T

# %% [markdown]
# ## A way to draw that does not
#
# Drawing one by one with weights q/b, as NumPy's `choice(replace=False, p=...)` and Efraimidis and
# Spirakis' keys do, favours the points of small probability, and the guarantee is lost.

# %%
weighted = audit(q, successive_sampling, rng=rng, game=small)
one_by_one = successive_law(q).inclusion()
print(f"{weighted.status} after {weighted.n_draws} draws", *weighted.words.split("; "), sep="\n  ")
kept = worst_case(small, one_by_one)[0]
print(f"guaranteed {solve(small).value:.3g}   kept, exactly {kept:.3g}")

# %%
inclusion_plot(
    q,
    {
        "conditional Poisson": law(q, "conditional_poisson").inclusion(),
        "weights, one by one": one_by_one,
    },
    pictures / "inclusion",
)

# %% [markdown]
# Points off the diagonal are asked about more or less often than the game says.
#
# ## A larger pool
#
# There the audit draws until it is sure, at an error level of 1e-9 whenever it stops.

# %%
pool = Game(np.sort(1 + rng.pareto(2.0, 40)), mistakes=4, budget=10)
promised = np.asarray(solve(pool).inclusion)
larger = {
    design if isinstance(design, str) else "one by one": audit(
        promised, design, rng=rng, game=pool, tolerance=0.1
    )
    for design in ("pivotal", "systematic", successive_sampling)
}
for name, found in larger.items():
    words = f"{name}: {found.status} after {found.n_draws} draws"
    print(words, *found.words.split("; "), sep="\n  ")

# %% [markdown]
# ## Tails against bounds
#
# How often RAD's payoff falls short of its mean, over the design alone: measured, and bounded by
# Hoeffding and Bernstein (S2, with replacement) or by negative association (S3).

# %%
measured = tails(INSTANCES["uniform"](seed), rng, draws)
tails_plot(measured, pictures / "tails")

# %% [markdown]
# No measured curve crosses a bound. Systematic and Brewer's samples have no bound here: for them
# none is known to hold.
#
# ## More games

# %%
records = verify.run(n_instances, claims, seed, jobs=1)
frame = verify.verdict_frame(records)
pd.crosstab(frame["claim"], frame["status"])

# %% [markdown]
# ## Try your own
#
# Your inclusion probabilities, whole in sum, and any design: is each point drawn as often as
# promised?

# %%
yours = audit(np.array([0.9, 0.6, 0.3, 0.2]), "systematic", rng=rng)
print(yours.status, yours.words)

# %% [markdown]
# ## Verdicts

# %%
wide = measured.pivot_table(index=["design", "deviation"], columns="curve", values="probability")
# Probability of as many shortfalls as were counted, if the bound were true.
chances = {
    bound: stats.binom.sf(wide["measured"] * draws - 1, draws, np.minimum(1, wide[bound]))
    for bound in wide.columns.drop("measured")
}
verdicts = {
    "S1: every design keeps its probabilities": {a.status for a in audits.values()} == {"HOLDS"},
    "weights one by one are found out": weighted.status == "VIOLATED",
    "and lose the guarantee": worst_case(small, one_by_one)[0] < solve(small).value - 1e-3,
    "so do they on the larger pool": larger["one by one"].status == "VIOLATED",
    "where designs hold": {larger[name].status for name in ("pivotal", "systematic")} == {"HOLDS"},
    "S2, S3: no bound is crossed, at level 1e-9 each": all(
        np.nanmin(chance) > 1e-9 for chance in chances.values()
    ),
    "every claim was checked": set(frame["claim"])
    == set(claims)
    == set(seen["claim"])
    <= set(CLAIMS),
    "no dot is on the wrong side": bool((seen["status"] == "HOLDS").all()),
    "your design keeps its probabilities": yours.status == "HOLDS",
    "no claim is violated or undecided": bool((frame["status"] == "HOLDS").all()),
}
assert all(verdicts.values()), [name for name, holds in verdicts.items() if not holds]
print(*(f"HOLDS  {name}" for name in verdicts), sep="\n")
