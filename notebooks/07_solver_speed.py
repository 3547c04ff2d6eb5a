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
# # 07 Solver speed
#
# Six routes to the same value, from brute force to the closed form; many games at once; gains that
# stay on disk. No time is shown without a verdict on the answer.
#
# **What the bound says.** Two strategies prove a value, whoever computed them: what the learner's
# is sure of is a lower bound, what nobody can exceed against the teacher's an upper one. If they
# meet, the value is proved; a fast answer is worth no less than a slow one.
#
# **In a formula.** With $W$ the worst case and any feasible $q$ and $l$,
#
# $$W(q) \;\le\; V \;\le\; \max_{q'} U(q', l) .$$
#
# **Reference.** Theory page, *What a certificate proves*, V1 to V3; page *How fast, and why*.
# Newton's step without sorting: Michelot, J. Optim. Theory Appl. 50 (1986).

# %% tags=["parameters"]
sizes = [10, 30, 100, 300, 1_000, 3_000, 10_000, 100_000]
patience = 1.0
n_games = 2_000
n_stored = 1_000_000
seed = 0

# %%
from pathlib import Path
from timeit import timeit

import numpy as np
import pandas as pd

from radsim import SOLVERS, Game, StoredGame, solve, solve_many
from radsim.analysis import least_slack, side_by_side, timings
from radsim.plots import scaling_plot, scatter_plot

pictures = Path("pictures")
pictures.mkdir(exist_ok=True)
pd.set_option("display.float_format", "{:.2g}".format)

# %% [markdown]
# ## Measured against stated
#
# The formula of the capped game, beside what the closed form, a linear program and exact fractions
# certify.

# %%
seen = {
    method: side_by_side(["V3"], n_instances=30, seed=seed, method=method)
    for method in ("closed_form", "linprog", "rational")
}
scatter_plot(pd.concat(seen.values()), pictures / "scatter")

# %%
pd.concat({method: least_slack(frame) for method, frame in seen.items()}, names=["method"])

# %% [markdown]
# **In words**: the three agree with the formula on every game, up to rounding. So the question of
# speed is one of speed alone.


# %% [markdown]
# ## Time against n
#
# Pools of uniform gains, 5 % mistakes, a budget of 1 %. Each method goes as far as its row in the
# table of solvers says, or as far as a second takes it.


# %%
def pool(n):
    return Game(np.random.default_rng(seed).random(n), budget=max(1, n // 100), rate=0.05)


asked = timings(pool, list(SOLVERS["plain", "value"]), sizes, patience=patience)
times = asked[asked["why"] == ""]
scaling_plot(times, pictures / "scaling")

# %% [markdown]
# The closed form grows like n and needs no solver; the rest are independent witnesses of it.

# %%
times.pivot_table(index="n", columns="method", values="seconds", sort=False).map(
    "{:.2g} s".format
).replace("nan s", "")

# %% [markdown]
# The gaps of their certificates, relative to b max(g): exact, rounding, or the tolerance of a
# method that converges.

# %%
times.groupby("method", sort=False).agg(
    largest_n=("n", "max"), worst_gap=("gap", lambda gap: gap.abs().max()), ok=("accepted", "all")
)

# %% [markdown]
# ## Regret and ratio

# %%
others = pd.concat(
    timings(
        lambda n: pool(n).replace(budget=1, mistakes=n // 20),
        list(SOLVERS["plain", objective]),
        [10, 20, 50, 100, 500],
        objective=objective,
        repeats=1,
        patience=patience,
    ).assign(method=lambda frame, objective=objective: objective + ", " + frame["method"])
    for objective in ("regret", "ratio")
)
others = others[others["why"] == ""]
others.pivot_table(index="method", columns="n", values="seconds", sort=False).map(
    "{:.2g} s".format
).replace("nan s", "")

# %% [markdown]
# ## Many games at once
#
# Newton's method on a block of games together, as a simulation asks for them.

# %%
gains = np.random.default_rng(seed).random((n_games, 50))
together = solve_many(gains, mistakes=5)
one_by_one = [solve(Game(row, mistakes=5)).value for row in gains]
loop = timeit(lambda: [solve(Game(row, mistakes=5)) for row in gains], number=1)
batch = timeit(lambda: solve_many(gains, mistakes=5), number=1)
print(f"{n_games} games of 50 points: one by one {loop:.3f} s, together {batch:.3f} s")

# %% [markdown]
# ## Gains on disk
#
# A pool that need not fit in memory: the gains are read chunk by chunk, a few passes in all.

# %%
np.save("gains.npy", np.random.default_rng(seed).random(n_stored, dtype=np.float32))
stored = solve(StoredGame("gains.npy", mistakes=0.05 * n_stored, budget=1_000))
memory = solve(Game(np.load("gains.npy"), mistakes=0.05 * n_stored, budget=1_000))
print(f"value from disk {stored.value:.3g}, from memory {memory.value:.3g}")
print(f"relative difference {abs(stored.value / memory.value - 1):.1g}")
print("passes over the file:", ", ".join(stored.passes))

# %% [markdown]
# ## Try your own
#
# A size and a method of your choice: how long, and is it proved?

# %%
yours = timings(pool, ["closed_form", "linprog"], [2_000], repeats=1)
yours[["method", "n", "seconds", "gap", "accepted"]]

# %% [markdown]
# ## Verdicts

# %%
at = times[times["n"] == 1_000].set_index("method")["seconds"]
verdicts = {
    "V3: every method agrees with the formula": all(
        bool((frame["status"] == "HOLDS").all()) for frame in seen.values()
    ),
    "your answers are proved": bool(yours["accepted"].all()),
    "every certificate is accepted at its method's tolerance": bool(times["accepted"].all()),
    "so are those of regret and ratio": bool(others["accepted"].all()),
    "every solver took part": set(times["method"]) == set(SOLVERS["plain", "value"]),
    "at n = 1,000 the closed form is faster than the linear programs": at["closed_form"]
    < at["linprog"],
    "every solver of regret and ratio took part": set(others["method"])
    == {f"{x}, {method}" for x in ("regret", "ratio") for method in SOLVERS["plain", x]},
    "many games at once: the same values": np.allclose(together.value, one_by_one, rtol=1e-12),
    "and certified": all(together[k].certificate.accepts(1e-12) for k in range(0, n_games, 100)),
    "from disk: the same value": np.isclose(stored.value, memory.value, rtol=1e-12),
    "and certified from disk": stored.certificate.accepts(1e-12),
}
assert all(verdicts.values()), [name for name, holds in verdicts.items() if not holds]
print(*(f"HOLDS  {name}" for name in verdicts), sep="\n")
