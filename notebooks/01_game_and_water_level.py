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
# # 01 The game and the water level
#
# A pool of points, a teacher who mislabels at most m of them where it hurts most, and a learner who
# may ask for b labels. This notebook solves the game, draws it, and proves the answer.

# %% tags=["parameters"]
n = 40
mistakes = 6
seed = 0

# %%
from fractions import Fraction
from pathlib import Path

import numpy as np
import pandas as pd

from radsim import Game, best_response, enclose, payoff, sample, solve, water_level, worst_case
from radsim.analysis import value_in_budget
from radsim.plots import budget_plot, water_level_plot

pictures = Path("pictures")
pictures.mkdir(exist_ok=True)

# %% [markdown]
# ## Three points, by hand
#
# Gains 1, 1/2, 1/4; one mistake; one query; a wrong label hurts as much as a right one helps. The
# learner should prefer the *least* informative point, as the teacher has least to take away there.

# %%
three = Game([1, 0.5, 0.25], mistakes=1, budget=1, harm=1.0)
solution = solve(three)
pd.DataFrame(
    {
        "gain": three.gains,
        "stake": three.stakes,
        "learner's q": solution.inclusion,
        "teacher's l": solution.mistake_probabilities,
        "robust gain": three.gains - three.stakes * solution.mistake_probabilities,
    }
).round(4)

# %% [markdown]
# Against l every point is worth the same, 1/7, so the learner cannot do better; against q every
# mistake costs the same, so the teacher cannot do better. The value is 1/7; in exact arithmetic:

# %%
exact = solve(three, method="rational")
exact.value, exact.inclusion.tolist()

# %% [markdown]
# ## A certificate
#
# Each strategy proves a bound by itself. They are evaluated again from the raw game, by code that
# knows no solver; where the two bounds meet the value is proved.

# %%
lower, reply = worst_case(three, solution.inclusion)
upper, _ = best_response(three, solution.mistake_probabilities)
print("the learner's q earns at least    ", lower)
print("against l nobody earns more than  ", upper)
print("gap of the certificate            ", solution.certificate.gap)
print("enclosure without any rounding    ", enclose(solution).interval)

# %% [markdown]
# ## The water level
#
# With many points the teacher shaves the largest gains down to one level. What is left is what the
# learner is sure of; its inclusion probabilities rise as the stakes fall.

# %%
rng = np.random.default_rng(seed)
game = Game(np.sort(rng.beta(0.7, 1.5, n)), mistakes=mistakes, budget=n // 5)
pool = solve(game)
water_level_plot(pool, pictures / "water_level")

# %% [markdown]
# At the top the gains, vermilion what the teacher takes; below the learner's answer. The level is
# the root of one equation, and the value is b times the level while no probability reaches one:

# %%
level = water_level(game.gains, game.stakes, game.mistakes).level
print("level", level, "  b times the level", game.budget * level, "  value", pool.value)

# %% [markdown]
# ## A larger budget
#
# The value is concave in b and its slope is the water level (V3, V3a): the first labels are worth
# most. Beyond some budget the learner has nothing left to gain and abstains.

# %%
budget_plot(game, pictures / "budget")

# %% [markdown]
# The dashed line, drawing with replacement, is an upper bound that is met as long as no point is
# taken surely.
#
# ## Points to ask about
#
# A design turns q into a sample with exactly these inclusion probabilities.

# %%
picks = sample(pool.inclusion, "pivotal", rng=rng)
print("picked", np.sort(picks).tolist())
print("earned if the teacher is right everywhere", round(float(game.gains[picks].sum()), 3))
print("guaranteed on average                    ", round(pool.value, 3))

# %% [markdown]
# ## Verdicts

# %%
curve = value_in_budget(game, np.linspace(1, n, 50))
verdicts = {
    "V1: the value of three points is 1/7": exact.value == Fraction(1, 7),
    "the closed form is certified": solution.certificate.accepts(1e-12),
    "1/7 lies in the rigorous enclosure": enclose(solution).lower
    <= Fraction(1, 7)
    <= enclose(solution).upper,
    "V1: every point of the pool is worth min(g, level)": np.allclose(
        game.gains - game.stakes * pool.mistake_probabilities, np.minimum(game.gains, level)
    ),
    "V3a: V_b = b times the level while no cap binds": np.isclose(
        pool.value, game.budget * level, rtol=1e-12
    ),
    "V3a: at most b times the level": bool((curve["value"] <= curve["uncapped"] + 1e-9).all()),
    "V3a: the slope falls": bool((np.diff(curve["level"]) <= 1e-9).all()),
    "the pool is certified": pool.certificate.accepts(1e-12),
    "the learner's q against the teacher's l earns V": np.isclose(
        payoff(game, pool.inclusion, pool.mistake_probabilities), pool.value, rtol=1e-12
    ),
}
assert all(verdicts.values()), [name for name, holds in verdicts.items() if not holds]
print(*(f"HOLDS  {name}" for name in verdicts), sep="\n")
