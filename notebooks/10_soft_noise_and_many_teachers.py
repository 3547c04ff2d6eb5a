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
# # 10 Errors of any size, and many teachers
#
# The game is that of notebook 01; statements and proofs: the theory page, N4, N5 and A5.
#
# Soft-labels are rarely just right or wrong, and there is rarely just one teacher. Two answers in
# closed form (N4, N5), each against a linear program that knows neither, and the error rate at
# which the hedge of a contaminated teacher is off (A5). In N4 and N5 queries are with replacement
# and the learner may abstain.
#
# **Reference.** Theory page, N4, N5 and A5, and one page each under Theorems; the statements are
# this project's.

# %% tags=["parameters"]
n_instances = 60
seed = 1

# %%
from pathlib import Path

import numpy as np
import pandas as pd
from scipy.optimize import linprog

from radsim import CLAIMS, Game, contaminate, draw_instance, solve
from radsim.analysis import side_by_side
from radsim.claims.deviations import draw_market
from radsim.extensions import (
    Damage,
    Market,
    advise,
    certainty_rate,
    damage_from,
    route,
    solve_deviations,
    vote,
)
from radsim.game import Count
from radsim.plots import scatter_plot, sides_plot
from radsim.runs import verify

pictures = Path("pictures")
pictures.mkdir(exist_ok=True)
pd.set_option("display.float_format", "{:.2g}".format)

# %% [markdown]
# ## Errors of any size
#
# The teacher is off by $x_i \in [0, 1]$ on point $i$, at random if it likes, which takes
# $s_i \varphi(x_i)$; on average its sizes sum to $m$ at most. With $\psi$ the inverse of the
# concave envelope of $\varphi$ the value is $b \lambda$,
#
# $$\sum_i \psi\left(\frac{\max(0, g_i - \lambda)}{s_i}\right) = m .$$
#
# or 0 where the left side is at most $m$ at $\lambda = 0$. What that says: the *shape* of the
# damage counts only through its envelope. Where $\varphi(x) \le x$ everywhere, convex damage in
# particular, the teacher does best by erring wholly and seldom, and the value is that of the plain
# game. Any other damage leaves at most that: where small errors do most of the harm, the same $m$
# goes further.

# %%
shapes = {
    "straight": Damage([0, 1], [0, 1]),
    "square (convex)": damage_from(lambda x: x**2, 33),
    "cube (convex)": damage_from(lambda x: x**3, 33),
    "square root": damage_from(np.sqrt, 33),
    "threshold at 1/2": Damage([0, 0.5, 0.5, 1], [0, 0, 1, 1]),
    "harmless below 1/4": damage_from(lambda x: max(0.0, x - 0.25) / 0.75, 33),
}
pool = Game([1, 0.9, 0.7, 0.5, 0.4, 0.2], mistakes=1, harm=0)
answers = {name: solve_deviations(pool, damage) for name, damage in shapes.items()}
pd.DataFrame(
    [
        {
            "value": answer.value,
            "corners": len(answer.damage.vertices[0]),
            "largest size": float(answer.sizes[answer.weights > 0].max()),
            "points asked": int((answer.inclusion > 0).sum()),
            "gap": answer.certificate.gap,
        }
        for answer in answers.values()
    ],
    index=list(answers),
)

# %% [markdown]
# ### Against a program that knows no envelope
#
# The learner's linear program over all laws on the sizes of the profile: it chooses $q$, a price of
# a mistake, and what each point loses, at least $q_i s_i \varphi(x_k) - y x_k$ for every size.


# %%
def over_all_laws(game, damage):
    n, k = game.n, len(damage.sizes)
    loses = np.kron(damage.damages[:, None], np.diag(game.stakes))
    price, own = np.repeat(damage.sizes, n)[:, None], np.tile(np.eye(n), (k, 1))
    rows = np.vstack((np.hstack((loses, -price, -own)), np.repeat([1.0, 0.0], [n, n + 1])))
    found = linprog(
        np.concatenate((-game.gains, [game.mistakes], np.ones(n))),
        A_ub=rows,
        b_ub=np.append(np.zeros(n * k), game.budget),
        method="highs-ds",
    )
    return -found.fun


rng = np.random.default_rng(seed)
games = [
    draw_instance(rng=rng, largest_n=8, capped=False, abstain=True).game for _ in range(n_instances)
]
games = [game.replace(gains=game.gains / (game.gains.max() or 1)) for game in games]
pairs = np.array(
    [
        (solve_deviations(game, damage).value, over_all_laws(game, damage))
        for game in games
        for damage in shapes.values()
    ]
)
unit = "guarantee, in units of gain"
sides_plot(
    pairs, f"closed form: {unit}", f"linear program: {unit}", pictures / "errors_of_any_size"
)

# %% [markdown]
# **In words**: on every game and for every shape the closed form is the program's value.

# %% [markdown]
# ### The teacher's mixtures
#
# On each point two sizes, the corners of the envelope around the one it wants: with the threshold
# it is off by nothing or by exactly one half.

# %%
threshold = answers["threshold at 1/2"]
pd.DataFrame(
    {
        "gain": pool.gains,
        "asked": threshold.inclusion,
        "sizes": [tuple(map(float, pair)) for pair in threshold.sizes],
        "chance of the larger": threshold.weights[:, 1],
    }
)

# %% [markdown]
# ## Route, don't vote
#
# Teacher $t$ costs $c_t$ a query and errs on $m_t$ points at most. With $\lambda_t$ the root of
# $\sum_i \max(0, g_i - c_t \lambda)/s_i = m_t$ the value is $b \max_t \lambda_t$ (0 if none is
# positive): one teacher is as good as all of them. A majority of $K$ can be wrong on
# $\sum_t m_t/\lceil K/2 \rceil$ points, no fewer than its best member, and costs the sum of the
# prices.

# %%
market = Market([1, 0.9, 0.7, 0.5, 0.4, 0.2], mistakes=[0, 1, 1, 1], prices=[4, 1, 1, 1], budget=6)
advice = advise(market)
print(advice.words.replace("; ", ";\n"))
pd.DataFrame(
    {
        "price": market.prices,
        "mistakes": market.mistakes,
        "guaranteed": market.budget * advice.route.levels,
    }
)

# %% [markdown]
# ### Against the program of all pairs of a teacher and a point

# %%
markets = [draw_market(game, rng) for game in games if game.gains.max() > 0]
routes = [route(one) for one in markets]
worth = np.array(
    [
        (found.value, float(solve(one.union, method="linprog").value))
        for one, found in zip(markets, routes, strict=True)
    ]
)
sides_plot(worth, f"one teacher: {unit}", f"all teachers: {unit}", pictures / "one_teacher")

# %%
votes = np.array(
    [
        (vote(one).value, found.value)
        for one, found in zip(markets, routes, strict=True)
        if len(one.prices) >= 2
    ]
)
sides_plot(votes, f"a vote of all: {unit}", f"one teacher: {unit}", pictures / "votes")

# %% [markdown]
# **In words**: the best teacher alone is worth what all of them are, on every market; a vote of all
# is never worth more, and mostly far less.

# %% [markdown]
# ## When the hedge is off
#
# A teacher who errs at rate $\rho$ on every point with weight $w$, and else is an adversary with
# $\rho n$ mistakes. A wrong label costs the same on every point (here $h = 1$), no point is drawn
# twice, and the whole budget is spent. From `certainty_rate` on the $b$ largest gains are taken
# surely (A5): six rates up to it, and three above.

# %%
gains, b, weight = np.array([3, 2, 1, 0.6, 0.4, 0.2, 0.1, 0.05]), 2, 0.6
begins = certainty_rate(gains, b, weight, harm=1)


def played(rate):
    game = Game(gains, Count(rate * len(gains)), b, harms=np.ones(len(gains)), abstain=False)
    known = contaminate(game, np.full(len(gains), rate), weight)
    sure = float(np.sum((known.gains - known.stakes)[:b]))
    return float(solve(known, method="linprog").value), sure


below = np.linspace(b / len(gains), begins, 6)
rates = np.append(below, np.linspace(begins, 1, 4)[1:])
cliff = pd.DataFrame([(rate, *played(rate)) for rate in rates])
cliff.columns = ["error rate", "value", "largest, surely"]
cliff["lost by taking them"] = cliff["value"] - cliff["largest, surely"]
cliff.round(9) + 0.0  # no -0.0

# %% [markdown]
# ## The claims on random games

# %%
records = verify.run(n_instances, ["N4", "N5"], seed, jobs=1)
frame = verify.verdict_frame(records)
pd.crosstab(frame["claim"], [frame["witness"], frame["status"]])

# %%
seen = side_by_side(["N4", "N5", "A5"], n_instances=20, seed=seed)
scatter_plot(seen, pictures / "scatter")

# %% [markdown]
# **In words**: equalities on the line, bounds on their side of it; none is missed by more than
# rounding.
#
# ## Try your own
#
# Damage of your own: a size, and what it costs, both from 0 to 1; gains and m of your own.

# %%
yours = solve_deviations(Game([4, 3, 2, 1], mistakes=1), Damage([0, 0.3, 1], [0, 0.6, 1]))
print(f"value {yours.value:.2g}, proved {yours.certificate.accepts(1e-9)}")

# %% [markdown]
# ## Verdicts

# %%
plain = solve(pool.replace(capped=False)).value
above = cliff["error rate"] >= begins
verdicts = {
    "N4, N5, A5: no dot is on the wrong side": bool((seen["status"] == "HOLDS").all()),
    "your answer is certified": yours.certificate.accepts(1e-9),
    "errors of any size: the closed form is the program's value": bool(
        np.abs(pairs[:, 0] - pairs[:, 1]).max() <= 1e-9 * max(game.budget for game in games)
    ),
    "damage of at most the size is the plain game": all(
        np.isclose(answers[name].value, plain, rtol=1e-12)
        for name in ("straight", "square (convex)", "cube (convex)", "harmless below 1/4")
    ),
    "square root and threshold leave less": answers["square root"].value < plain
    and threshold.value < plain,
    "no damage leaves more": all(
        answer.value <= plain * (1 + 1e-12) for answer in answers.values()
    ),
    "the teacher mixes nothing and one half": bool(np.isin(threshold.sizes, [0, 0.5]).all()),
    "every certificate is accepted": all(
        found.certificate.accepts(1e-9) for found in (*answers.values(), *routes)
    ),
    "one teacher is worth as much as all": bool(
        np.abs(worth[:, 0] - worth[:, 1]).max() <= 1e-9 * worth.max()
    ),
    "no vote is worth more": bool((votes[:, 0] <= votes[:, 1] * (1 + 1e-12)).all()),
    "the hedge is off from the stated rate on, and not before": bool(
        (cliff.loc[above, "lost by taking them"].abs() <= 1e-9).all()
        and (cliff.loc[~above, "lost by taking them"] > 1e-6).all()
    ),
    "no claim is violated or undecided": bool((frame["status"] == "HOLDS").all())
    and set(frame["claim"]) == {"N4", "N5"} <= set(CLAIMS),
}
assert all(verdicts.values()), [name for name, holds in verdicts.items() if not holds]
print(*(f"HOLDS  {name}" for name in verdicts), sep="\n")
