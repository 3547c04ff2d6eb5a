"""Formulas of chapters 2 and 3: the value, its shape, regret and ratio."""

from radsim.runs.evidence import Formula

__all__ = ["FORMULAS"]

FORMULAS = (
    Formula(
        "V1",
        "the level exists and is unique; it is positive iff m < sum g/s",
        ("V1_level", "smt/small_pools.py"),
        ("radsim.water_level", "radsim.solve"),
    ),
    Formula(
        "V1",
        "phi is continuous, convex, strictly decreasing where positive",
        ("V1_phi",),
        ("radsim.water_level", "radsim.solve"),
    ),
    Formula(
        "V1",
        "b*p and l are a saddle point with value b*lam, lam = (sum_S g/s - m)/H",
        (
            "V1_saddle",
            "smt/pointwise.py",
            "smt/small_pools.py",
            "symbolic.py",
            "exact/values.py",
            "exact/linear_program.py",
            "exact/large_pools.py",
        ),
        ("radsim.solve",),
    ),
    Formula(
        "V1",
        "with replacement, abstaining: the value is 0 where sum g/s <= m",
        ("V1_zero", "exact/values.py"),
        ("radsim.solve",),
    ),
    Formula("V1", "a game has one value", ("value_unique",), ("radsim.certify",)),
    Formula(
        "V2",
        "lam is the largest prefix ratio, and S that prefix",
        ("V2_prefix", "smt/small_pools.py", "exact/values.py"),
        ("radsim.water_level", "radsim.solve"),
    ),
    Formula(
        "V2",
        "the same for gains in any order, by a sorted copy",
        ("sorting", "V2_unsorted"),
        ("radsim.water_level", "radsim.solve"),
    ),
    Formula(
        "V2",
        "the ratio rises to its maximum and then falls; ties are neutral",
        ("V2_unimodal", "smt/pointwise.py", "symbolic.py"),
        ("radsim.water_level", "radsim.solve"),
    ),
    Formula(
        "V2",
        "Newton's method without sorting ends at lam within n steps",
        ("V2_newton",),
        ("radsim.water_level", "radsim.solve"),
    ),
    Formula(
        "V3",
        "prices and strategies of V3's form are optimal: they suffice",
        ("V3_certificate", "smt/pointwise.py", "smt/small_pools.py", "symbolic.py"),
        ("radsim.solve",),
    ),
    Formula(
        "V3",
        "prices that meet both brackets have such strategies, one theta at the level",
        ("V3_brackets",),
        ("radsim.solve",),
    ),
    Formula(
        "V3",
        "prices that meet both brackets exist for m <= sum g/s and 0 < b <= b0",
        ("V3_threshold", "V3_existence"),
        ("radsim.solve",),
    ),
    Formula(
        "V3",
        "beyond b0 the design and the value stay",
        ("V3_beyond", "exact/values.py"),
        ("radsim.solve",),
    ),
    Formula(
        "V3",
        "V_b exists and is the minimum of F over lam >= 0",
        ("V3_value", "exact/values.py", "exact/linear_program.py", "exact/large_pools.py"),
        ("radsim.solve",),
    ),
    Formula(
        "V3",
        "the same with stakes of zero; abstaining, points without gain change nothing",
        ("V3_stakeless", "V3_gainless"),
        ("radsim.solve",),
    ),
    Formula(
        "V3",
        "where m > sum g/s no prices meet a bracket; an equation in its place can have none",
        ("V3_regime", "V3_refuted"),
        ("radsim.solve",),
    ),
    Formula(
        "V3a",
        "lam > 0: while b <= s_j H the cap does not bind; V_b <= b*lam for every b",
        ("V3a", "smt/pointwise.py", "exact/values.py"),
        ("radsim.solve",),
    ),
    Formula(
        "V3a",
        "V_b is nondecreasing and concave in b",
        ("V3a_budget", "smt/pointwise.py"),
        ("radsim.analysis.value_in_budget",),
    ),
    Formula(
        "V3b",
        "b = 1: V = max(lam, -min h), lam over all reals",
        ("V3b", "exact/values.py"),
        ("radsim.solve",),
    ),
    Formula(
        "V3b",
        "b = 1, h = c*g, M >= n: V = max((n - M)/H', -c*min g)",
        ("V3b_proportional", "exact/values.py"),
        ("radsim.solve",),
    ),
    Formula(
        "V3b",
        "every b: V_forced(g, s, b) = V_abstain(g + K, s, b) - K*b",
        ("V3b_shift",),
        ("radsim.solve",),
    ),
    Formula(
        "V3b",
        "every b: V exists and is the minimum of F over all real lam, l <= 1",
        (
            "V3b_minimum",
            "smt/pointwise.py",
            "symbolic.py",
            "exact/values.py",
            "exact/linear_program.py",
            "exact/large_pools.py",
        ),
        ("radsim.solve",),
    ),
    Formula(
        "V3b",
        "up to b0 the forced value is the value",
        ("V3b_same", "exact/values.py"),
        ("radsim.solve",),
    ),
    Formula(
        "V3b",
        "V2 alone is wrong there, and a larger gain can lower V",
        ("V3b_example",),
        ("radsim.solve",),
    ),
    Formula(
        "V4",
        "V is nonincreasing and convex in m",
        ("V4_mistakes", "smt/pointwise.py"),
        ("radsim.analysis.guarantee_in_mistakes",),
    ),
    Formula(
        "V4",
        "V is piecewise linear in m, with replacement and without",
        ("V4_piecewise", "V4_capped_pieces"),
        ("radsim.analysis.guarantee_in_mistakes",),
    ),
    Formula(
        "V4",
        "V is nonincreasing in every harm",
        ("V4_harms", "smt/pointwise.py"),
        ("radsim.solve",),
    ),
    Formula("V4", "V(r*g, r*h) = r*V", ("V4_scale", "smt/pointwise.py"), ("radsim.solve",)),
    Formula(
        "V4",
        "adding a point never lowers V; the order of the points is irrelevant",
        ("V4_point", "V4_order"),
        ("radsim.solve",),
    ),
    Formula(
        "V4",
        "h = c*g, abstaining: V rises in every gain, is Lipschitz (uncapped), convex in c",
        ("V4_gains", "V4_lipschitz", "V4_harm_convex", "smt/pointwise.py"),
        ("radsim.solve",),
    ),
    Formula(
        "V4",
        "the level falls and the support grows with m; by -1/H while no gain is at it",
        ("V4_support", "V4_slope"),
        ("radsim.water_level", "radsim.solve"),
    ),
    Formula(
        "V4",
        "h = c*g: dV/dg_i = V p_i/g_i and dV/dm = -D/H' on a fixed support",
        ("V4_gain_slope", "V4_mistake_slope", "symbolic.py"),
        ("radsim.water_level", "radsim.solve"),
    ),
    Formula(
        "V4", "V is neither concave nor convex in a single gain", ("V4_neither",), ("radsim.solve",)
    ),
    Formula(
        "V5",
        "the worst case of the solution for another m",
        ("V5", "smt/pointwise.py", "symbolic.py"),
        ("radsim.worst_case",),
    ),
    Formula(
        "V6",
        "what the solution for estimated gains keeps",
        ("V6", "V6_proportional", "smt/pointwise.py"),
        ("radsim.analysis.guarantee_in_error",),
    ),
    Formula(
        "V7",
        "a deterministic choice has worst case -sum of its harms at m >= b",
        ("V7_deterministic", "smt/pointwise.py"),
        ("radsim.worst_case",),
    ),
    Formula(
        "V7", "W(q) <= V for every design", ("V7_worst", "smt/pointwise.py"), ("radsim.certify",)
    ),
    Formula(
        "V7",
        "W(q) = sum q g - T_m(q s), sorted or not, any m in [0, n)",
        ("V7_top", "V7_unsorted"),
        ("radsim.worst_case",),
    ),
    Formula(
        "V7",
        "uniform has W = (sum g - T_m(s))/n",
        ("V7_uniform", "V7_unsorted"),
        ("radsim.scorecard",),
    ),
    Formula(
        "R1",
        "the pivot exists, j <= m + 1, and g_j minimises E",
        ("R_pivot",),
        ("radsim.competitive_ratio",),
    ),
    Formula(
        "R1",
        "the teacher's joint law of benchmark and mistakes exists",
        ("R_law",),
        ("radsim.competitive_ratio",),
    ),
    Formula(
        "R1",
        "rho* = V/E(g_j)",
        ("R1", "smt/pointwise.py", "smt/small_pools.py", "symbolic.py", "exact/values.py"),
        ("radsim.competitive_ratio",),
    ),
    Formula(
        "R2",
        "R* = E(max(g_j, t_1)) - V where V > 0",
        ("R2", "smt/pointwise.py", "smt/small_pools.py", "symbolic.py", "exact/values.py"),
        ("radsim.regret",),
    ),
    Formula(
        "R2",
        "the same where the learner may ask nothing; for it also at V = 0",
        ("R2_abstaining", "R2_zero"),
        ("radsim.regret",),
    ),
    Formula(
        "R3",
        "rho* = V/(V + R*) where t_1 <= g_j",
        ("R3", "symbolic.py", "exact/values.py"),
        ("radsim.regret", "radsim.competitive_ratio"),
    ),
    Formula(
        "R3",
        "R1, R2 and R3 for gains in any order (V > 0, the budget spent)",
        ("R_unsorted",),
        ("radsim.regret", "radsim.competitive_ratio"),
    ),
)
