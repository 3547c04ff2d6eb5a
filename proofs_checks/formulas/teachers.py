"""Formulas of chapters 4 and 5, and of what checks an answer."""

from radsim.runs.evidence import Formula

__all__ = ["FORMULAS"]

FORMULAS = (
    Formula(
        "checker",
        "an exact answer that is accepted is a saddle point",
        ("check_sound", "check_rational"),
        ("radsim.solve",),
    ),
    Formula(
        "checker",
        "a float answer that is accepted encloses the value, in every regime",
        ("verdict_sound", "verdict_value"),
        ("radsim.runs.formal.check_answers",),
    ),
    Formula(
        "checker",
        "a float answer that is accepted encloses the least regret",
        ("regret_sound",),
        ("radsim.runs.formal.check_answers",),
    ),
    Formula(
        "certificate",
        "what is accepted is right to 2*rtol*scale; the factor 2 is met",
        ("certificate_sound", "certificate_rounded", "certificate_sharp"),
        ("radsim.certify",),
    ),
    Formula(
        "certificate",
        "any numbers, moved into their sets, obey the rules",
        ("certificate_moves", "certificate_game", "certificate_rules"),
        ("radsim.certify",),
    ),
    Formula(
        "certificate",
        "two prices bound the value in one pass",
        ("certificate_prices",),
        ("radsim.bounds.bounds_at_prices",),
    ),
    Formula(
        "certificate",
        "regret and ratio: any law of benchmarks and mistakes bounds them",
        ("certificate_regret", "certificate_ratio"),
        ("radsim.certify",),
    ),
    Formula(
        "certificate",
        "strategies that are nearly feasible prove nothing",
        ("certificate_refuted",),
        ("radsim.certify",),
    ),
    Formula(
        "A1",
        "with replacement V is the largest value of a group",
        ("A1_uncapped", "smt/pointwise.py", "exact/constrained.py"),
        ("radsim.constrain",),
    ),
    Formula(
        "A1",
        "without: V_b is the minimum of b*lam + sum of f_G(lam); prices exist",
        (
            "A1_capped",
            "A1_minimum",
            "smt/pointwise.py",
            "exact/constrained.py",
            "exact/linear_program.py",
        ),
        ("radsim.constrain",),
    ),
    Formula(
        "A2",
        "with replacement V = b*max(0, max(g - s r), lam)",
        ("A2_uncapped", "smt/pointwise.py", "exact/constrained.py"),
        ("radsim.constrain",),
    ),
    Formula(
        "A2",
        "without: V_b = F(lam), shaving limited to r; such prices exist",
        ("A2_capped", "smt/pointwise.py", "exact/constrained.py", "exact/linear_program.py"),
        ("radsim.constrain",),
    ),
    Formula(
        "A3",
        "a majority is wrong on at most floor(sum m_t/(ceil(K/2) - f)) points",
        ("A3_majority",),
        ("radsim.teachers.committee_bound",),
    ),
    Formula(
        "A3",
        "so is the lower median where a correct teacher puts more than half on the class",
        ("median_exists", "A3_median"),
        ("radsim.teachers.committee_bound",),
    ),
    Formula(
        "A3",
        "without that the lower median can be wrong where the bound is 0",
        ("A3_flat",),
        ("radsim.teachers.aggregate_wrong",),
    ),
    Formula(
        "A4",
        "polytopes of mistakes: V exists and is the minimum over them of max_q U",
        ("A4_polytopes", "A4_program", "A4_sets"),
        ("radsim.constrain",),
    ),
    Formula(
        "A4",
        "two polytopes and a bilinear payoff have a saddle point",
        ("farkas", "linear_duality", "minimax", "polytopes"),
        ("radsim.constrain",),
    ),
    Formula(
        "A4",
        "any prices of the inequalities guarantee a payoff, some the worst case",
        ("A4_guarantee",),
        ("radsim.certify",),
    ),
    Formula(
        "A5",
        "the mixed payoff is that of gains g - w s r and stakes (1 - w) s",
        ("A5", "smt/pointwise.py", "exact/constrained.py"),
        ("radsim.contaminate",),
    ),
    Formula(
        "A5",
        "V_b exists and is the minimum of F of that game; w = 1 takes the b best",
        ("A5_value", "A5_known"),
        ("radsim.contaminate",),
    ),
    Formula(
        "A5",
        "the error rate from which on the b largest gains are taken surely",
        ("A5_certain", "A5_rate"),
        ("radsim.extensions.certainty_rate",),
    ),
    Formula(
        "S1",
        "inclusion probabilities q earn U(q, l) in the mean; designs with them exist",
        ("S1_mean", "S1_existence", "S1_mixture", "S1_order", "S1_replaced"),
        ("radsim.sample",),
    ),
    Formula(
        "S1",
        "systematic sampling and the pivotal method have inclusion probabilities q",
        ("S1_systematic", "S1_pivotal"),
        ("radsim.sample",),
    ),
    Formula("S1", "weighted draws one by one do not", ("S1_one_by_one",), ("radsim.sample",)),
    Formula(
        "S2",
        "Hoeffding's tail of the mean of draws",
        ("hoeffding_lemma", "hoeffding_draws", "S2"),
        ("radsim.sampling.tails.design_tails",),
    ),
    Formula(
        "S2",
        "Bernstein's",
        ("bernstein_draws", "S2_bernstein"),
        ("radsim.sampling.tails.design_tails",),
    ),
    Formula(
        "S2",
        "Maurer and Pontil's, by the sample variance",
        ("sample_spread", "empirical_bernstein", "S2_empirical"),
        ("radsim.sampling.tails.design_tails",),
    ),
    Formula(
        "S3",
        "the pivotal method is negatively associated, for a fixed order of fights",
        ("S3_association",),
        ("radsim.sampling.tails.design_tails",),
    ),
    Formula(
        "S3",
        "such designs have the tail exp(-2 t^2/sum w_i^2); so has a random order",
        ("S3_products", "S3_tail", "S3_pivotal", "S3_orders"),
        ("radsim.sampling.tails.design_tails",),
    ),
    Formula(
        "S4",
        "the mistakes seen are hypergeometric; the upper limit exists",
        ("S4_law", "S4_monotone", "S4_limit"),
        ("radsim.mistakes_upper_bound",),
    ),
    Formula(
        "S4",
        "the limit, and what it guarantees, hold with probability 1 - delta",
        ("S4_coverage", "S4_guarantee"),
        ("radsim.mistakes_upper_bound",),
    ),
    Formula(
        "S5",
        "over T rounds the expected total is at least the sum of the values",
        ("S5",),
        ("radsim.sample",),
    ),
    Formula(
        "S6", "regret of Hedge", ("logarithm", "S6_regret"), ("radsim.solvers.hedge.solve_value",)
    ),
    Formula(
        "S6",
        "the duality gap of the averages, abstaining or not",
        ("S6_gap", "S6_abstaining"),
        ("radsim.solvers.hedge.solve_value",),
    ),
)
