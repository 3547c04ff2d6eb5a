"""Statements about the game whose truth is known: what the search for counterexamples is held to.

A row is a statement, its conditions, and why it is true or false.  RARE ones are false only where
plain random draws do not go: ties, zeros, m = n - 1, a fractional m or b, b near n, c or m at a
threshold.
"""

from typing import NamedTuple


class Row(NamedTuple):
    """One statement."""

    name: str
    statement: str
    where: str
    why: str


TRUE = [
    Row("abstaining", "V >= 0", "", "nothing need be queried"),
    Row("largest", "V <= b*max(g)", "", "no query earns more than the largest gain"),
    Row("top", "V <= top(g, b)", "", "the budget earns at most its largest gains"),
    Row("level", "V <= b*lam", "", "V3a: the cap only takes away"),
    Row("uncapped", "V == b*lam", "uncapped", "V1"),
    Row("one", "V == lam", "b == 1", "V3a: a budget of one feels no cap"),
    Row("uniform", "W(uniform) <= V", "capped or uncapped", "V7"),
    Row("margin", "W(margin) <= V", "capped or uncapped", "V7"),
    Row("power", "W(power) <= V", "", "V7"),
    Row("softmax", "W(softmax) <= V", "", "V7"),
    Row("rad", "W(rad) == V", "", "RAD is the optimum"),
    Row("worst", "W(uniform) == b/n*(sum(g) - top(s, m))", "", "all q are b/n"),
    Row("spoiled", "W(margin) <= 0", "b == floor(b), m >= b", "V7: all picks are wrong"),
    Row(
        "prefix",
        "V == max(0, max((i - (1 + c)*m)/cumsum(1/sorted(g))))",
        "b == 1, min(g) > 0",
        "V2 at proportional harm",
    ),
    Row("alike", "V == max(0, b*(1 - (1 + c)*m/n))", "g == 1", "uniform by symmetry"),
    Row("blind", "V <= (1 - m/n)*b*max(g)", "", "mistakes spread evenly"),
    Row("blind_top", "V <= (1 - m/n)*top(g, b)", "", "mistakes spread evenly"),
    Row("all_wrong", "V == 0", "m == n", "every label is wrong"),
    Row("all_right", "V == top(g, b)", "m == 0", "no label is wrong"),
    Row("half", "V > 0", "c == 1, m < n/2, min(g) > 0", "sum g/s = n/2 > m"),
    Row("hopeless", "V == 0", "c == 1, m >= n/2", "sum g/s <= n/2 <= m"),
    Row("hopeless_c", "V == 0", "(1 + c)*m >= n", "sum g/s <= n/(1 + c) <= m"),
    Row("hopeful_c", "(1 + c)*m < n", "V > 0", "the same, backwards"),
    Row("hopeless_s", "V == 0", "min(g) > 0, sum(g/s) <= m", "V1's regime"),
    Row("hopeful_s", "sum(g/s) > m", "V > 0, min(g) > 0", "the same, backwards"),
    Row("ratio", "0 <= rho <= 1", "b == 1", "U <= B"),
    Row("regret", "R >= 0", "b == 1", "U <= B"),
    Row("ratio_regret", "rho*(V + R) >= V", "b == 1, m == floor(m)", "R1 to R3: E(g_j) <= E(t)"),
    Row("regret_gap", "R <= max(g) - V", "b == 1, m == floor(m)", "the max-min q has that"),
    Row("level_blind", "lam <= (1 - m/n)*max(g)", "", "mistakes spread evenly, b = 1"),
    Row("level_uniform", "lam >= mean(g) - top(s, m)/n", "", "V7: uniform at b = 1"),
    Row("coarse", "V >= b*(mean(g) - max(s)*m/n)", "", "uniform against the largest stake"),
    Row("everything", "V >= sum(g) - top(s, m)", "b == n", "take all"),
    Row("picks", "V >= top(g, b) - top(s, m)", "", "margin loses at most the largest stakes"),
    Row("spread", "V <= sum(g) - m*mean(g)", "", "mistakes spread evenly, b <= n"),
    Row("struck", "V <= sum(g) - top(g, m)", "", "mistakes on the largest gains"),
    Row(
        "next",
        "V <= b*quantile(g, (n - 1 - m)/(n - 1))",
        "m == floor(m), m <= n - 1, n >= 2",
        "mistakes on the m largest gains leave the next one",
    ),
    Row("forced_low", "V >= -b*max(h)", "forced", "no query loses more than its harm"),
    Row("forced_uniform", "V >= W(uniform)", "forced", "uniform spends all"),
    Row("spent", "sum(q) <= b and min(q) >= 0 and max(q) <= 1", "", "q is a strategy"),
    Row("learner", "V == sum(q*g) - top(q*s, m)", "", "q is optimal"),
    Row("teacher", "V == top(max(0, g - s*l), b)", "", "l is optimal"),
    Row("lowest", "V >= (1 - (1 + c)*m/n)*b*min(g)", "", "V4: V rises with the gains"),
    Row(
        "harmonic",
        "V >= (n - 2*m)/sum(1/g)",
        "c == 1, b == 1, min(g) > 0",
        "V2 at k = n: the mean is a harmonic one",
    ),
]

FALSE = [
    Row("arithmetic", "V >= (n - 2*m)/n * mean(g)", "c == 1, b == 1", "the mean is harmonic"),
    Row(
        "arithmetic_whole",
        "V >= (n - 2*m)/n * mean(g)",
        "c == 1, b == 1, m == floor(m)",
        "g = (1, 0, 0), m = 1",
    ),
    Row("uniform_wins", "W(uniform) >= W(margin)", "m >= 1", "no harm on the largest gain"),
    Row("margin_wins", "W(margin) >= W(uniform)", "", "the teacher strikes the largest gain"),
    Row("no_cap", "V == b*lam", "", "the cap binds"),
    Row("half_cap", "V >= b*lam/2", "", "one gain, b = 3"),
    Row("cap_sixth", "V >= b*lam/6", "c == 1, m >= 1, min(g) > 0", "b = n, one large gain"),
    Row("ratio_tenth", "rho >= 1/10", "b == 1, c == 0, V > 0", "V near 0"),
    Row("mean", "V <= b*mean(g)", "", "m = 0"),
    Row("ratio_half", "rho >= 1/2", "b == 1, min(g) > 0", "V near 0"),
    Row("regret_value", "R <= V", "b == 1", "V = 0"),
    Row("regret_half", "R <= max(g)/2", "b == 1", "many alike, much harm"),
    Row("power_wins", "W(power) >= W(uniform)", "b == 1", "the teacher strikes the largest gain"),
    Row("softmax_wins", "W(softmax) >= W(margin)", "b == 1", "m = 0"),
    Row("uniform_share", "V >= (1 - m/n)*mean(g)", "c == 0, b == 1", "one gain"),
    Row("forced", "V >= 0", "forced", "all wrong"),
    Row("level_low", "lam >= min(g)", "", "m = n"),
    Row("twice", "V >= 2*W(margin)", "", "m = 0"),
    Row("top_half", "V <= top(g, b)/2", "m >= 1", "many alike"),
    Row("picks_equal", "V == top(g, b) - top(s, m)", "V > 0", "hedging earns more"),
    Row("never_sure", "max(q) < 1", "", "b = n"),
    Row("lowest_gain", "V <= b*min(g)", "", "m = 0"),
    Row("square", "V**2 <= sum(g**2)/n", "b == 1", "m = 0"),
    Row("all_spent", "sum(q) == b", "min(g) > 0", "V = 0"),
]

RARE = [
    Row("zeros", "V > 0", "c == 1, m < n/2", "zero gains"),
    Row("nothing", "V < b*max(g)", "m > 0", "all gains zero"),
    Row("last_mistake", "V > 0", "c == 0, min(g) > 0", "m = n"),
    Row("threshold_c", "V > 0", "(1 + c)*m <= n, min(g) > 0", "(1 + c)*m = n"),
    Row("threshold_m", "V > 0", "sum(g/s) >= m, min(g) > 0, n >= 4", "sum g/s = m"),
    Row("near_threshold", "V == 0", "(1 + c)*m > n - 1/100", "(1 + c)*m just below n"),
    Row("all_tied", "max(g) > min(g)", "n >= 6", "ties"),
    Row(
        "uniform_never",
        "W(uniform) < V",
        "c == 1, b == 1, V > 0, n >= 5, min(g) > 0",
        "all gains tied",
    ),
    Row("half_mistake", "W(margin) <= 0", "b == 1, m >= 1/2", "m below one, little harm"),
    Row(
        "next_fraction",
        "V <= b*quantile(g, (n - 1 - ceil(m))/(n - 1))",
        "m <= n - 1, n >= 6",
        "a fractional m",
    ),
    Row("half_pick", "W(margin) <= 0", "m >= b", "a fractional b"),
    Row(
        "struck_never",
        "V < sum(g) - top(g, m)",
        "m >= 1, m <= n - 1, min(g) > 0, c == 0, n >= 5",
        "b at n, or near it",
    ),
    Row("one_left", "V > 1/sum(1/g)", "c == 0, b == 1, min(g) > 0, m < n, n > 4", "m = n - 1"),
    Row("some_regret", "R > 0", "m >= 1, min(g) > 0, b == 1", "one point, no harm"),
    Row("no_stake", "W(uniform) < mean(g)", "b == 1, m > 0", "no stakes at all"),
    Row(
        "half_strict",
        "V < b*max(g)/2",
        "m >= n/2, min(g) > 0, n >= 4",
        "all gains tied, no harm, m = n/2",
    ),
    Row(
        "blind_strict", "V < (1 - m/n)*b*max(g)", "m > 0, m < n, min(g) > 0, n > 4", "ties, no harm"
    ),
    Row(
        "regret_strict",
        "R < max(g) - V",
        "b == 1, m >= 1, m == floor(m), V > 0, n >= 5",
        "ties among the largest gains",
    ),
    Row(
        "uniform_loses",
        "W(uniform) < 0",
        "c == 1, m >= n/2, min(g) > 0, b == 1, n >= 5",
        "all gains tied, m = n/2",
    ),
    Row("identity", "rho*(V + R) == V", "b == 1, V > 0", "R3 where t_1 > g_j"),
    Row("all_but_one", "V > 0", "m < n, min(g) > 0, c < 1/8", "m near n"),
]
