"""Formulas of chapter 8: rounds, errors of any size, many teachers, tails, an unknown m."""

from radsim.runs.evidence import Formula

__all__ = ["FORMULAS"]

FORMULAS = (
    Formula(
        "N1",
        "A(tau) is a fractional sort; a design at a price guarantees it less tau a mistake",
        ("N1_sort", "N1_guarantee"),
        ("radsim.extensions.design_at_price",),
    ),
    Formula(
        "N1",
        "with a saddle point V is the maximum over prices and the minimum over splits",
        ("N1_prices", "N1_splits", "N1_single"),
        ("radsim.extensions.solve_rounds",),
    ),
    Formula(
        "N1",
        "with stakes below the gains it can fail",
        ("N1_refuted",),
        ("radsim.extensions.RoundsGame",),
    ),
    Formula(
        "N1",
        "T rounds have a saddle point",
        ("radsim verify",),
        ("radsim.extensions.solve_rounds",),
        gap="a hypothesis of N1 in Coq for T > 1: a linear program in disguise",
    ),
    Formula(
        "N2",
        "Hedge over prices, T and bounds known, earns V_T(M) less what grid and learning cost",
        ("N2_hedge", "N2"),
        ("radsim.extensions.PriceHedge",),
    ),
    Formula(
        "N3",
        "the worst regret of q is the largest over the places of the b-th right point",
        ("N3_places", "N3_attained"),
        ("radsim.regret",),
    ),
    Formula(
        "N3",
        "two prices bound every reply at a place from above, so the program is at least R*",
        ("N3_prices",),
        ("radsim.solvers.hindsight.places.solve_places",),
    ),
    Formula(
        "N3",
        "prices that attain each place exist: the program's value is R*",
        ("radsim verify",),
        ("radsim.solvers.hindsight.places.solve_places",),
        gap="by strong duality of linear programs; sampled against all sets of mistakes",
    ),
    Formula(
        "N3",
        "an optimum is q_i = min(1, (r + max(0, g_i - t))/s_i) above a level",
        (),
        (),
        gap="a conjecture: no counterexample in 1,000 games of up to 7 points in exact arithmetic",
    ),
    Formula(
        "N4",
        "m > 0, continuous damage: V/b is the level of its concave envelope, or 0",
        ("N4_saddle", "N4_value", "N4_level", "N4_zero", "N4_unique", "N4_grid"),
        ("radsim.extensions.solve_deviations",),
    ),
    Formula(
        "N4",
        "convex damage is V1; no damage is worth more to the learner",
        ("N4_convex", "N4_worse"),
        ("radsim.extensions.solve_deviations",),
    ),
    Formula(
        "N4",
        "damage with jumps",
        ("radsim verify",),
        ("radsim.extensions.solve_deviations",),
        gap="the theorems ask for an inverse of the envelope, shown for continuous damage",
    ),
    Formula(
        "N5",
        "V = b*max(0, max lam_t): one teacher is optimal",
        ("N5_route",),
        ("radsim.extensions.route",),
    ),
    Formula(
        "N5",
        "a majority's bound guarantees no more for the money than the best teacher alone",
        ("N5_majority", "N5_bound", "N5_vote"),
        ("radsim.extensions.vote",),
    ),
    Formula(
        "N5",
        "a vote with the floor of that bound, whole m",
        ("radsim verify",),
        ("radsim.extensions.vote",),
        gap="proved without the floor",
    ),
    Formula(
        "N6",
        "a = 1: at given q all designs guarantee the same; a < 1: between the mean and a bound",
        ("N6_mean", "N6_between"),
        ("radsim.extensions.tail_guarantee",),
    ),
    Formula(
        "N6",
        "every level bounds the worst share",
        ("N6_level",),
        ("radsim.extensions.best_tail_law",),
    ),
    Formula(
        "N6",
        "the worst law of mistakes and the level may be exchanged",
        ("radsim verify",),
        ("radsim.extensions.best_tail_law",),
        gap="on the theory page, by linear programming; not in Coq",
    ),
    Formula(
        "N7",
        "every rule loses in one of two worlds at least half of what their overlap keeps apart",
        ("N7_two_worlds",),
        ("radsim.extensions.two_pools",),
    ),
    Formula(
        "N7",
        "h >= g, with replacement: the bracket is at least how convex V is",
        ("N7_mean",),
        ("radsim.extensions.two_pools",),
    ),
)
