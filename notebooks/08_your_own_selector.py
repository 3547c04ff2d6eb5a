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
# # 08 Check your own selector
#
# A selector is a function from gains and a budget to indices. The kit asks it for shapes, sums,
# ties, seeds, huge pools, its worst case, its inclusion probabilities and its gain under every
# teacher; a failure prints the smallest failing game and a line that replays it.
#
# **What the bound says.** No selector guarantees more than RAD, and one that chooses surely
# guarantees nothing, or less, once the teacher may err as often as it asks (V7). A sample whose
# inclusion probabilities are what it says earns what they promise (S1).
#
# **In formulas.** With $q$ the inclusion probabilities, gains $g$, stakes $s$, and $T_m$ the sum of
# the $m$ largest,
#
# $$W(q) = \sum_i q_i g_i - T_m(q s) \le V, \qquad W(q) = -\sum_{i \in A} h_i \le 0
#   \text{ for a sure set } A \text{ of at most } m \text{ points.}$$
#
# **Reference.** Theory page, V7 and S1; how-tos *Check a selector* and *Property tests*.

# %% tags=["parameters"]
profile = "fast"
seed = 0

# %%
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd

from radsim import Game, Selector, sample, solve
from radsim.analysis import least_slack, side_by_side
from radsim.plots import scatter_plot, scorecard_plot
from radsim.runs.simulate import scorecards
from radsim.sampling.audit import successive_sampling
from radsim.selectors import Selection
from radsim.testing import CheckFailed, check_design, check_selector, check_solver, standings

pictures = Path("pictures")
pictures.mkdir(exist_ok=True)
pd.set_option("display.float_format", "{:.2g}".format)

# %% [markdown]
# ## Measured against stated

# %%
seen = side_by_side(["V7", "S1"], n_instances=20, seed=seed, largest_n=5)
scatter_plot(seen, pictures / "scatter")

# %%
least_slack(seen)

# %% [markdown]
# **In words**: no rival's worst case lies above the value, and every design earns on average what
# its probabilities say. Your own selector is asked the same below.


# %% [markdown]
# ## A first try
#
# Every point whose gain is as good as the b-th. It looks right.


# %%
def hasty(gains, budget, *, rng):
    return np.flatnonzero(gains >= np.sort(gains)[-int(budget)])


try:
    check_selector(hasty, profile=profile, seed=seed)
except CheckFailed as failure:
    print(failure)


# %% [markdown]
# Ties: where several points share the b-th gain it takes too many. The smallest such game is
# printed.
#
# ## Mended
#
# Ties go to the lower index. One check is bound to fail: a sure choice has a negative worst case
# (V7), and a teacher who knows where it looks errs there.


# %%
def mended(gains, budget, *, rng):
    return np.argsort(-gains, kind="stable")[: int(budget)]


results = check_selector(mended, profile=profile, seed=seed, on_fail=None)
pd.DataFrame([vars(result) for result in results])[["check", "status", "slack"]]


# %% [markdown]
# ## With a guarantee
#
# A selector that says its inclusion probabilities is audited on them. Half RAD, half uniform, with
# the whole budget spent: its worst case is never below that of uniform sampling.


# %%
def cautious(gains, budget, *, rng, mistakes):
    game = Game(gains, mistakes=mistakes, budget=budget, abstain=False)
    q = solve(game).inclusion / 2 + budget / (2 * len(gains))
    return Selection(sample(q, rng=rng), q)


own = Selector(cautious, ("gains", "mistakes"), "half RAD, half uniform")
checked = check_selector(own, profile=profile, seed=seed, on_fail=None)
pd.DataFrame([vars(result) for result in checked])[["check", "status", "slack"]]

# %% [markdown]
# ## Where it stands
#
# The exact worst case beside uniform sampling and RAD, family by family.

# %%
table = pd.DataFrame([vars(row) for row in standings(own)]).set_index("family")
table.drop(columns="interval")

# %% [markdown]
# The package's own selectors on two pools, as shares of RAD's guarantee:

# %%
scorecard_plot(scorecards(["uniform", "pareto"], seed), pictures / "scorecard_own")

# %% [markdown]
# ## Solvers and designs of your own
#
# The same kit checks these. A weighted draw one by one is no design with the probabilities it was
# given; a solver that claims 5 % too much is refused.

# %%
design = check_design(successive_sampling, profile=profile, seed=seed, on_fail=None)


def boastful(game):
    solution = solve(game)
    return replace(solution, value=1.05 * solution.value)


solver = check_solver(boastful, profile=profile, seed=seed, on_fail=None)
pd.DataFrame([vars(result) for result in (*design, *solver)])[["check", "subject", "status"]]

# %% [markdown]
# ## Try your own
#
# Replace the body by your rule; the kit says what it keeps, and where it fails.


# %%
def yours(gains, budget, *, rng):
    return np.sort(rng.permutation(len(gains))[: int(budget)])


tried = check_selector(yours, profile=profile, seed=seed, on_fail=None)
pd.DataFrame([vars(result) for result in tried])[["check", "status", "slack"]]

# %% [markdown]
# ## Verdicts

# %%
found = {result.check: result.status for result in results}
verdicts = {
    "V7, S1: no dot is on the wrong side": bool((seen["status"] == "HOLDS").all()),
    "yours was asked everything": {result.check for result in tried} == set(found),
    "the hasty selector is refused": "failed"
    in {r.status for r in check_selector(hasty, profile=profile, seed=seed, on_fail=None)},
    "the mended one fails the worst case alone": {k for k, s in found.items() if s == "failed"}
    == {"guarantee"},
    "a selector with a guarantee passes everything": "failed" not in {r.status for r in checked},
    "RAD passes everything": "failed"
    not in {r.status for r in check_selector("rad", profile=profile, seed=seed, on_fail=None)},
    "the weighted draw is refused": "failed" in {r.status for r in design},
    "the boastful solver is refused": "failed" in {r.status for r in solver},
    "nothing guarantees more than RAD": all(
        row.selector <= row.rad + 1e-9 * max(1, abs(row.rad)) for row in standings(own)
    ),
}
assert all(verdicts.values()), [name for name, holds in verdicts.items() if not holds]
print(*(f"HOLDS  {name}" for name in verdicts), sep="\n")
