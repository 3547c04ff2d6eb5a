"""The formulas of each claim: which checks establish each, and which functions use it.

A claim of the theory is several formulas, and what is proved of one says nothing of the next: the
uncapped A1 is not the capped one, and that prices which meet two brackets suffice is not that there
are any.  `by` names theorems of Coq, or files whose checks of the same claim establish it.
"""

from radsim.runs.evidence import Formula

__all__ = ["FORMULAS"]

POINTWISE, SMALL = "smt/pointwise.py", "smt/small_pools.py"
IDENTITY, VALUES = "symbolic.py", "exact/values.py"
CONSTRAINED, PROGRAM = "exact/constrained.py", "exact/linear_program.py"
LARGE = "exact/large_pools.py"

WATER = ("radsim.water_level", "radsim.solve")
SOLVE = ("radsim.solve",)

FORMULAS = (
    Formula(
        "checker",
        "an exact answer that the checker accepts is a saddle point of the capped game",
        ("check_sound",),
        ("radsim.runs.evidence.load",),
    ),
    Formula(
        "V1", "the level exists and is unique; it is positive iff m < sum g/s", ("V1_level",), WATER
    ),
    Formula(
        "V1", "phi is continuous, convex, strictly decreasing where positive", ("V1_phi",), WATER
    ),
    Formula(
        "V1",
        "b*p and l are a saddle point with value b*lam, lam = (sum_S g/s - m)/H",
        ("V1_saddle", POINTWISE, IDENTITY, VALUES, LARGE),
        SOLVE,
    ),
    Formula("V1", "the value is 0 where sum g/s <= m", ("V1_zero", VALUES), SOLVE),
    Formula("V1", "a game has one value", ("value_unique",), ("radsim.certify",)),
    Formula(
        "V2",
        "lam is the largest prefix ratio, and S that prefix",
        ("V2_prefix", SMALL, VALUES),
        WATER,
    ),
    Formula(
        "V2",
        "the ratio rises to its maximum and then falls; ties are neutral",
        ("V2_unimodal", IDENTITY),
        WATER,
    ),
    Formula(
        "V2", "Newton's method without sorting ends at lam within n steps", ("V2_newton",), WATER
    ),
    Formula(
        "V3",
        "prices and strategies of V3's form are optimal: they suffice",
        ("V3_certificate", POINTWISE, IDENTITY),
        SOLVE,
    ),
    Formula(
        "V3",
        "prices that meet both brackets have such strategies, one theta at the level",
        ("V3_brackets",),
        SOLVE,
    ),
    Formula(
        "V3",
        "prices that meet both brackets exist for m <= sum g/s and 0 < b <= b0",
        ("V3_threshold", "V3_existence"),
        SOLVE,
    ),
    Formula("V3", "beyond b0 the design and the value stay", ("V3_beyond", VALUES), SOLVE),
    Formula(
        "V3", "V_b exists and is the minimum of F over lam >= 0", ("V3_value", VALUES, LARGE), SOLVE
    ),
    Formula(
        "V3",
        "without m <= sum g/s, or with an equation for a bracket, there is no solution",
        ("V3_regime", "V3_refuted"),
        SOLVE,
    ),
    Formula(
        "V3a",
        "while b <= s_j H the cap does not bind; V_b <= b*lam always",
        ("V3a", POINTWISE, VALUES),
        SOLVE,
    ),
    Formula(
        "V3a",
        "V_b is nondecreasing and concave in b",
        ("V3a_budget",),
        ("radsim.analysis.value_in_budget",),
    ),
    Formula("V3b", "b = 1: V = max(lam, -min h), lam over all reals", ("V3b",), SOLVE),
    Formula(
        "V3b", "b = 1, h = c*g, M >= n: V = max((n - M)/H', -c*min g)", ("V3b_proportional",), SOLVE
    ),
    Formula(
        "V3b", "V2 alone is wrong there, and a larger gain can lower V", ("V3b_example",), SOLVE
    ),
    Formula("V4", "V is nonincreasing and convex in m", ("V4_mistakes",), ()),
    Formula(
        "V4",
        "with replacement V is the largest of 0 and n affine functions of m",
        ("V4_piecewise",),
        (),
    ),
    Formula("V4", "V is nonincreasing in every harm", ("V4_harms",), ()),
    Formula("V4", "V(r*g, r*h) = r*V", ("V4_scale",), SOLVE),
    Formula(
        "V4",
        "adding a point never lowers V; the order of the points is irrelevant",
        ("V4_point", "V4_order"),
        SOLVE,
    ),
    Formula(
        "V4",
        "h = c*g: V is nondecreasing in every gain, Lipschitz, and convex in c",
        ("V4_gains", "V4_lipschitz", "V4_harm_convex"),
        (),
    ),
    Formula(
        "V4",
        "the level falls and the support grows with m; it moves by -1/H",
        ("V4_support", "V4_slope"),
        WATER,
    ),
    Formula("V4", "V is neither concave nor convex in a single gain", ("V4_neither",), ()),
    Formula(
        "V5",
        "the worst case of the solution for another m",
        ("V5", POINTWISE, IDENTITY),
        ("radsim.worst_case",),
    ),
    Formula(
        "V6",
        "what the solution for estimated gains keeps",
        ("V6", "V6_proportional", POINTWISE),
        (),
    ),
    Formula(
        "V7",
        "a deterministic choice has worst case -sum of its harms at m >= b",
        ("V7_deterministic",),
        ("radsim.worst_case",),
    ),
    Formula("V7", "W(q) <= V for every design", ("V7_worst",), ("radsim.certify",)),
    Formula(
        "V7", "W(q) = sum q g - T_m(q s), any m in [0, n)", ("V7_top",), ("radsim.worst_case",)
    ),
    Formula("V7", "uniform has W = (sum g - T_m(s))/n", ("V7_uniform",), ("radsim.scorecard",)),
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
        ("R1", POINTWISE, SMALL, IDENTITY, VALUES),
        ("radsim.competitive_ratio",),
    ),
    Formula(
        "R2",
        "R* = E(max(g_j, t_1)) - V where V > 0",
        ("R2", POINTWISE, SMALL, IDENTITY, VALUES),
        ("radsim.regret",),
    ),
    Formula(
        "R3", "rho* = V/(V + R*) where t_1 <= g_j", ("R3", IDENTITY, VALUES), ("radsim.regret",)
    ),
    Formula(
        "A1",
        "with replacement V is the largest value of a group",
        ("A1_uncapped", POINTWISE),
        ("radsim.constrain",),
    ),
    Formula(
        "A2",
        "with replacement V = b*max(0, max(g - s r), lam)",
        ("A2_uncapped", POINTWISE),
        ("radsim.constrain",),
    ),
    Formula(
        "A2",
        "without: V_b = F(lam), shaving limited to r; such prices exist",
        ("A2_capped", CONSTRAINED),
        ("radsim.constrain",),
    ),
)
