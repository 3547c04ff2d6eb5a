"""Claims for every n, proved by one inequality for each point and one for the sums over points.

A sum over points of true inequalities is true, so a lemma about one point and a lemma about the
sums prove the statement for every number of points.  Unknowns named by capitals are such sums.
"""

from __future__ import annotations

import z3

from proofs_checks.smt.queries import Query, given, part, theorem

FILE = "smt/pointwise.py"
ALL = "proved for all n"
g, h, s, l, q, lam, tau, m, b = z3.Reals("g h s l q lam tau m b")
other_l, other_q = z3.Reals("other_l other_q")  # any reply of the opponent
A, R, L, Q, w, r, t, e, c = z3.Reals("A R L Q w r t e c")
POINT = (g > 0, h >= 0, s == g + h)
REPLY = (0 <= other_l, other_l <= 1, 0 <= other_q)


# V1: in the unknowns r = 1/s, a = g/s, w = p*s the payoff is a sum of w*(a - l).
a = z3.Real("a")
STAKE = (r > 0, 0 < a, a <= 1, g * r == a)  # g = a/r, s = 1/r; a <= 1 as h >= 0


def v1_point(level: z3.ArithRef) -> Query:
    shaved = part(a - level * r)
    on = z3.And(shaved >= 0, shaved <= a, g - shaved / r <= level)
    return given(*STAKE, lam > 0, level > 0)(on)


def proportional(taken: z3.ArithRef) -> Query:
    """k points of S with H' = sum 1/g, so that a = 1/D and 1/s = 1/(D g) in the totals of V1."""
    k = z3.Real("k")
    positive = (k > 0, R > 0, c >= 0, m > 0, L >= 0, lam > 0)
    return given(*positive, A * (1 + c) == k, w * R == 1 + c, lam * R == k - taken, L <= m)(
        w * A - w * L >= lam
    )


def v1():
    return {
        "shaving is feasible, and no point pays more than lam": v1_point(lam),
        "learner's total: sum_S w (a - l) >= lam": given(
            R > 0, w * R == 1, lam * R == A - m, L <= m
        )(w * A - w * L >= lam),
        "a point of S earns w (a - l) with p = w r": given(*STAKE, w > 0, q == w * r, *REPLY)(
            q * (g - other_l / r) == w * (a - other_l)
        ),
        "proportional harm: the level is (k - D m)/H'": proportional((1 + c) * m),
        "any design earns at most b lam": given(
            *STAKE, lam > 0, other_q >= 0, l == part(a - lam * r)
        )(other_q * (g - l / r) <= other_q * lam),
    }


V1 = theorem(
    "V1",
    "p_i = 1/(s_i H) on S, l_i = max(0, g_i - lam)/s_i are a saddle point with value lam",
    "g > 0, h >= 0, lam > 0 with phi(lam) = m (uncapped, any b)",
    ALL,
    FILE,
    v1,
    {
        "l without the stake": lambda: given(*STAKE, lam > 0, lam <= g, l == g - lam)(
            g - l / r <= lam
        ),
        "m for D*m": lambda: proportional(m),
        "half of m in the level": lambda: given(
            R > 0, w * R == 1, lam * R == A - m / 2, lam > 0, 0 <= L, L <= m, m > 0
        )(w * A - w * L >= lam),
        "p ~ g": lambda: given(
            *STAKE, w > 0, q == w * g, 0 <= other_l, other_l <= 1, lam > 0, g >= lam
        )(q * (g - other_l / r) >= w * (a - other_l)),
    },
)

# V2: what one more point does to the ratio F = (A - m)/R of a prefix.
ratio, after = z3.Reals("ratio after")
STEP = (
    *STAKE,
    R > 0,
    ratio * R == A - m,
    after * (R + r) == A + a - m,
)

V2 = theorem(
    "V2",
    "F_k rises while g_{k+1} > F_k and then falls; at the largest F_k the prefix is {g >= F_k}",
    "g sorted descending, h >= 0",
    ALL,
    FILE,
    lambda: {
        "rises iff the gain is above": given(*STEP)((after > ratio) == (g > ratio)),
        "level iff the gain is at the ratio": given(*STEP)((after == ratio) == (g == ratio)),
        "once it does not rise, the next gains are below": given(*STEP, g <= ratio, t <= g)(
            z3.And(t <= after, after <= ratio)
        ),
        "at the largest ratio the last gain is above it": given(*STEP, after >= ratio)(g >= after),
    },
    {
        "rises iff the gain is above the new stake": lambda: given(*STEP)(
            z3.Implies(z3.And(ratio > 0, m > 0), (after > ratio) == (g > 1 / r))
        ),
        "falls only below the old stake": lambda: given(*STEP, ratio > 0, g <= 1 / r)(
            after <= ratio
        ),
    },
)

# Saddle points of every capped game: l_i <= r_i, q_i <= 1, prices lam and tau.
ROOM = (s > 0, 0 <= l, l <= r, 0 <= q, q <= 1, tau >= 0)
SLACK = (
    z3.Implies(q < 1, g - s * l <= lam),
    z3.Implies(q > 0, g - s * l >= lam),
    z3.Implies(l < r, q * s <= tau),
    z3.Implies(l > 0, q * s >= tau),
)
PRIMAL = q * g - tau * l - r * part(q * s - tau)
DUAL = lam * q + part(g - s * l - lam)
U_lower, U_upper, P, D = z3.Reals("U_lower U_upper P D")


def capped_saddle():
    """From slackness at every point: the two payoffs meet.  Gains and lam of any sign."""
    return {
        "the learner's point earns its share of the bound": given(
            *ROOM, 0 <= other_l, other_l <= r
        )(q * (g - s * other_l) >= q * g - tau * other_l - r * part(q * s - tau)),
        "no reply of the learner earns more": given(*ROOM, 0 <= other_q, other_q <= 1)(
            other_q * (g - s * l) <= lam * other_q + part(g - s * l - lam)
        ),
        "primal = dual at every point": given(*ROOM, *SLACK)(PRIMAL == DUAL),
    }


def totals(spent_all: z3.BoolRef):
    """Sums of the lemmas: P = sum of PRIMAL + tau l, D = sum of the positive parts of DUAL."""
    other_L, other_Q = z3.Reals("other_L other_Q")
    spent = z3.And(Q == b, other_Q == b) if spent_all is None else spent_all
    return given(
        tau >= 0,
        z3.Or(L == m, tau == 0),
        other_L <= m,
        spent if spent_all is None else z3.And(spent, lam >= 0, other_Q <= b),
        P - tau * L == lam * Q + D,
        U_lower >= P - tau * other_L,
        U_upper <= lam * other_Q + D,
    )(U_lower >= U_upper)


V3_TYPES = {
    "high stake, above the price": (g > lam, s > tau, q == tau / s, l == (g - lam) / s),
    "moderate stake, above the price": (g > lam, s < tau, q == 1, l == 0),
    "stake at the threshold": (g > lam, s == tau, q == 1, 0 <= l, l <= (g - lam) / s),
    "gain at the price": (
        g == lam,
        0 <= t,
        t <= 1,
        q == t * z3.If(tau <= s, tau / s, z3.RealVal(1)),
        l == 0,
    ),
    "gain below the price": (g < lam, q == 0, l == 0),
}


def v3():
    found = capped_saddle()
    for name, kind in V3_TYPES.items():
        found[name] = given(*POINT, lam >= 0, tau >= 0, r == 1, *kind)(
            z3.And(*SLACK, 0 <= l, l <= 1, 0 <= q, q <= 1)
        )
    found["totals"] = totals(z3.Or(Q == b, z3.And(lam == 0, Q <= b)))
    return found


def wrong_type(name: str, *change: z3.BoolRef) -> Query:
    return given(*POINT, lam >= 0, tau > 0, r == 1, *change)(z3.And(*SLACK))


V3 = theorem(
    "V3",
    "q and l of the two brackets are a saddle point, V_b = F(lam) = sum q g - tau m",
    "g > 0, h >= 0; lam >= 0 and tau meet the brackets; sum q = b, or lam = 0",
    ALL,
    FILE,
    v3,
    {
        "q = min(1, tau/g)": lambda: wrong_type(
            "high", g > lam, s > tau, q * g == tau, q <= 1, l * s == g - lam
        ),
        "shaved below the threshold": lambda: wrong_type(
            "low", g > lam, s < tau, q == 1, l * s == g - lam
        ),
        "budget left over at a price": lambda: totals(z3.And(Q <= b, lam > 0)),
    },
)

V3A = theorem(
    "V3a",
    "V_b <= b lam; equal while b <= s_j H on S; V_b nondecreasing and concave in b",
    "lam > 0 of V1; V_b = min of b*lam + f(lam) over lam >= 0",
    ALL,
    FILE,
    lambda: {
        "V1's mistakes leave at most lam a query": given(
            *STAKE, lam > 0, l == part(a - lam * r), 0 <= other_q, other_q <= 1
        )(other_q * (g - l / r) <= other_q * lam),
        "b p_j <= 1": given(R > 0, r > 0, b > 0, b * r <= R, q * R == b * r)(
            z3.And(0 <= q, q <= 1)
        ),
        "nondecreasing": _affine(increasing=True),
        "concave": _affine(increasing=False),
    },
    {
        "b p_j <= 1 for every b": lambda: given(R > 0, r > 0, r <= R, b > 0, q * R == b * r)(
            q <= 1
        ),
        "convex in b": lambda: _convex_in_b(),
    },
)


def _affine(increasing: bool) -> Query:
    """V_b <= b x + f for every price x, with equality at one: shape in b follows."""
    b1, b2, v1_, v2_, v3_, x, f = z3.Reals("b1 b2 v1 v2 v3 x f")
    if increasing:
        return given(b1 <= b2, x >= 0, v2_ == b2 * x + f, v1_ <= b1 * x + f)(v1_ <= v2_)
    bound = (v1_ <= b1 * x + f, v2_ <= b2 * x + f, 0 <= t, t <= 1)
    middle = t * b1 + (1 - t) * b2
    return given(*bound, v3_ == middle * x + f)(v3_ >= t * v1_ + (1 - t) * v2_)


def _convex_in_b() -> Query:
    b1, b2, v1_, v2_, v3_, x, f = z3.Reals("b1 b2 v1 v2 v3 x f")
    bound = (v1_ <= b1 * x + f, v2_ <= b2 * x + f, 2 * t == 1)
    return given(
        *bound,
        0 < b1,
        b1 < b2,
        x > 0,
        f > 0,
        v1_ > 0,
        v2_ > 0,
        v3_ == (t * b1 + (1 - t) * b2) * x + f,
    )(v3_ <= t * v1_ + (1 - t) * v2_)


V3B = theorem(
    "V3b",
    "forced budget: strategies in complementary slackness at (lam, tau), lam of any sign, meet",
    "s > 0, gains of any sign, l <= 1, sum q = b",
    ALL,
    FILE,
    lambda: capped_saddle() | {"totals": totals(None)},
    {
        "shaving past one mistake": lambda: given(
            s > 0, 0 <= l, l <= 2, r == 1, 0 <= q, q <= 1, tau >= 0, *SLACK
        )(PRIMAL == DUAL),
        "lam >= 0 as with abstaining": lambda: given(*ROOM, r == 1, *SLACK)(lam >= 0),
    },
)

V4_l1, V4_l2, g2, h2, c1, c2, d = z3.Reals("l1 l2 g2 h2 c1 c2 d")
SHAPE = (0 <= q, 0 <= V4_l1, V4_l1 <= 1, 0 <= V4_l2, V4_l2 <= 1, 0 <= t, t <= 1)


def v4():
    mixed = t * V4_l1 + (1 - t) * V4_l2
    harm1, harm2 = 1 + c1, 1 + c2
    harm = t * harm1 + (1 - t) * harm2
    weighed = t * harm1 * V4_l1 + (1 - t) * harm2 * V4_l2
    return {
        "convex in m: payoffs mix with the mistakes": given(*SHAPE)(
            q * (g - s * mixed) == t * q * (g - s * V4_l1) + (1 - t) * q * (g - s * V4_l2)
        ),
        "convex in m: mixed mistakes are feasible": given(*SHAPE)(z3.And(0 <= mixed, mixed <= 1)),
        "nonincreasing in h": given(*POINT, *SHAPE, h2 >= h)(
            q * (g - (g + h2) * V4_l1) <= q * (g - s * V4_l1)
        ),
        "V(r g, r h) = r V": given(*POINT, *SHAPE, r > 0)(
            q * (r * g - (r * g + r * h) * V4_l1) == r * (q * (g - s * V4_l1))
        ),
        "proportional: nondecreasing in g": given(
            g > 0, g2 >= g, c >= 0, *SHAPE, q <= 1, other_q * g2 == q * g
        )(
            z3.And(
                0 <= other_q,
                other_q <= q,
                other_q * (g2 - (1 + c) * g2 * V4_l1) == q * (g - (1 + c) * g * V4_l1),
            )
        ),
        "proportional: Lipschitz": given(
            g > 0, g2 > 0, d >= 0, g2 <= g + d, lam > 0, c >= 0, l * (1 + c) * g == part(g - lam)
        )(part(g2 - lam - d) <= l * (1 + c) * g2),
        "proportional: convex in c, the mistakes": given(
            *SHAPE, c1 >= 0, c2 >= 0, l * harm == weighed
        )(z3.And(0 <= l, l <= 1)),
        "proportional: convex in c, the payoff": given(
            *SHAPE, g > 0, c1 >= 0, c2 >= 0, l * harm == weighed
        )(
            q * (g - harm * g * l)
            == t * q * (g - harm1 * g * V4_l1) + (1 - t) * q * (g - harm2 * g * V4_l2)
        ),
        "proportional: convex in c, the total": given(
            c1 >= 0,
            c2 >= 0,
            0 <= t,
            t <= 1,
            L <= m,
            Q <= m,
            A * harm == t * harm1 * L + (1 - t) * harm2 * Q,
        )(A <= m),
    }


V4 = theorem(
    "V4",
    "shape of V in m, h, g, c and scale (each by moving one optimal strategy to the other game)",
    "abstaining; V_b as minimax value; Lipschitz at b = 1",
    ALL,
    FILE,
    v4,
    {
        "general stakes: nondecreasing in g at fixed s - g": lambda: given(
            g > 0, g2 >= g, h >= 0, *SHAPE, other_q * (g2 + h) == q * (g + h)
        )(other_q * (g2 - (g2 + h) * V4_l1) == q * (g - (g + h) * V4_l1)),
        "Lipschitz with half the constant": lambda: given(
            g > 0,
            g2 > 0,
            d >= 0,
            g2 <= g + d,
            lam > 0,
            c >= 0,
            l * (1 + c) * g == part(g - lam),
        )(part(g2 - lam - d / 2) <= l * (1 + c) * g2),
    },
)

V5 = theorem(
    "V5",
    "the solution for m^ has worst case (sum_{S^} g/s - min(m, k^))/H^",
    "b = 1, g > 0, h >= 0; l on k^ points of S^, each at most 1, sum <= m",
    ALL,
    FILE,
    lambda: {
        "no mistakes bring it lower": given(
            R > 0, w * R == 1, L <= m, L <= Q, lam * R == A - z3.If(m <= Q, m, Q)
        )(w * A - w * L >= lam),
        "min(m, k^) mistakes bring it there": given(
            R > 0, w * R == 1, L == z3.If(m <= Q, m, Q), lam * R == A - L
        )(w * A - w * L == lam),
    },
    {
        "m in place of min(m, k^)": lambda: given(
            R > 0, w * R == 1, Q > 0, A > Q, L == z3.If(m <= Q, m, Q), lam * R == A - m
        )(w * A - w * L == lam),
    },
)

truth_g, truth_s, x, excess = z3.Reals("truth_g truth_s x excess")
ERROR = (e >= 0, g > 0, s > 0, w > 0, q * s == w, 0 <= other_l, other_l <= 1)


def near(true: z3.ArithRef, estimate: z3.ArithRef) -> tuple[z3.BoolRef, ...]:
    return (true - estimate <= e * estimate, estimate - true <= e * estimate)


V6 = theorem(
    "V6",
    "the solution for estimates keeps V^ - e (sum g^/s^ + m)/H^, proportional (k^ + (c-1) m)/H'^",
    "|g - g^| <= e g^, |s - s^| <= e s^, b = 1",
    ALL,
    FILE,
    lambda: {
        "a point loses at most e w (g^/s^ + l)": given(
            *ERROR, *near(truth_g, g), *near(truth_s, s)
        )(q * (truth_g - truth_s * other_l) >= q * (g - s * other_l) - e * (q * g + w * other_l)),
        "proportional: a point loses at most e w (1 - l + c l)": given(
            e >= 0, g > 0, c >= 0, w > 0, q * g == w, 0 <= other_l, other_l <= 1, *near(truth_g, g)
        )(
            q * truth_g * (1 - (1 + c) * other_l)
            >= q * g * (1 - (1 + c) * other_l) - e * w * (1 - other_l + c * other_l)
        ),
        "totals": given(
            R > 0, w * R == 1, L <= m, e >= 0, lam * R == A - m, x >= w * (A - L) - e * w * (A + L)
        )(x >= lam - e * w * (A + m)),
        "proportional totals, all m mistakes made": given(
            R > 0, w * R == 1, L == m, e >= 0, x >= w * (A - L) - e * w * (A + (c - 1) * L)
        )(x >= w * (A - m) - e * w * (A + (c - 1) * m)),
    },
    {
        "half the error": lambda: given(*ERROR, *near(truth_g, g), *near(truth_s, s))(
            q * (truth_g - truth_s * other_l)
            >= q * (g - s * other_l) - e * (q * g + w * other_l) / 2
        ),
    },
)

V7 = theorem(
    "V7",
    "a deterministic choice is worth -sum of its harms at m >= b; W(q) <= V for every q",
    "g > 0, h >= 0; V = max_q U(q, l) for the teacher's l",
    ALL,
    FILE,
    lambda: {
        "a chosen and mislabelled point costs its harm": given(*POINT, q == 1, l == 1)(
            z3.And(q * (g - s * l) == -h, -h <= 0)
        ),
        "and no mistakes cost it more": given(*POINT, q == 1, 0 <= other_l, other_l <= 1)(
            q * (g - s * other_l) >= -h
        ),
        "W <= U(q, l) <= V": given(U_lower <= P, P <= U_upper)(U_lower <= U_upper),
    },
    {
        "minus its gain": lambda: given(*POINT, q == 1, l == 1)(q * (g - s * l) == -g),
    },
)

# Regret and ratio: y = max(0, g - t), p s = r + f*y on S, f = 1 (regret) or rho (ratio); V > 0.
y, f, V, k_gain, k_y, Y, Ys, Ya, G, E, rho, mu = z3.Reals("y f V k_gain k_y Y Ys Ya G E rho mu")
# Totals over S: A = sum a, R = sum 1/s, Y = sum y, Ys = sum y/s, Ya = sum y g/s.
INSURED = (r >= 0, R > 0, V > 0, f >= 0, V * R == A - m, r * R + f * Ys == 1)


def insured_point() -> Query:
    return given(r >= 0, f >= 0, y >= 0, 0 <= other_l, other_l <= 1)(
        (r + f * y) * other_l <= r * other_l + f * y
    )


R2 = theorem(
    "R2",
    "the learner's p, (r + y_i)/s_i, has regret at most E(t) - V; the teacher's l forces it",
    "V > 0, b = 1; teacher: given the joint law with these marginals (0/1, l_I = 0)",
    ALL,
    FILE,
    lambda: {
        "insurance: what mistakes take from one point": insured_point(),
        "the best point in hindsight": given(k_y == part(k_gain - t))(k_gain <= t + k_y),
        "r >= 0 as t >= t_1": given(R > 0, Ys <= 1, r * R + Ys == 1)(r >= 0),
        # B(l) - U <= (t + k_y) - [sum p g - r m - sum of the other y]; E(t) = t + Y - (Ya - V Ys)
        "totals: regret <= E(t) - V": given(
            *INSURED,
            f == 1,
            k_y <= Y,
            L <= m,
            E == t + Y - Ya + V * Ys,
            x <= t + k_y - (r * A + Ya) + r * L + (Y - k_y),
        )(x <= E - V),
        "every point pays at most V against the marginals": given(
            *POINT, V > 0, l * s == part(g - V)
        )(z3.And(0 <= l, l <= 1, g - s * l <= V)),
        "P(I = i) = 1 - l_i = (h_i + V)/s_i above the level": given(
            *POINT, V > 0, g >= V, l * s == g - V
        )((1 - l) * s == h + V),
        "clamped: mu in place of V gives the same": given(
            Ys == 1, E == t + Y - Ya + V * Ys, G == t + Y - Ya + mu * Ys
        )(G - mu == E - V),
    },
    {
        "without the insurance": lambda: given(
            *INSURED,
            f == 0,
            t >= V,
            0 <= k_y,
            k_y <= Y,
            0 <= L,
            L <= m,
            Ya >= 0,
            Ys >= 0,
            E == t + Y - Ya + V * Ys,
            x == t + k_y - r * A + r * L,
        )(x <= E - V),
        "t below t_1": lambda: given(R > 0, Ys > 1, Y > 0, r * R + Ys == 1)(r >= 0),
    },
)

R1 = theorem(
    "R1",
    "p_i = (r + rho y_i)/s_i earns rho of the best point; the teacher's marginals allow no more",
    "V > 0, b = 1, t = g_j; teacher: given the joint law with these marginals (0/1, l_I = 0)",
    ALL,
    FILE,
    lambda: {
        "insurance: what mistakes take from one point": insured_point(),
        "r >= 0": given(
            R > 0,
            V > 0,
            Y >= 0,
            Ys >= 0,
            t >= 0,
            x >= 0,
            E == t + x + V * Ys,
            E > 0,
            rho * E == V,
            r * R + rho * Ys == 1,
        )(r >= 0),
        "totals: payoff - rho * best >= 0": given(
            *INSURED,
            f == rho,
            k_y <= Y,
            L <= m,
            E == t + Y - Ya + V * Ys,
            E > 0,
            rho * E == V,
            x >= (r * A + rho * Ya) - r * L - rho * (Y - k_y) - rho * (t + k_y),
        )(x >= 0),
        "V/E bounds every ratio": given(
            V > 0, E > 0, U_lower <= V, U_lower >= x * G, G >= E, x >= 0
        )(x * E <= V),
    },
    {
        "rho = V/(E + V)": lambda: given(
            V > 0, E > 0, U_lower <= V, U_lower >= x * G, G >= E, x >= 0
        )(x * (E + V) <= V),
        "E without the harm": lambda: given(
            *INSURED,
            f == rho,
            0 <= k_y,
            k_y <= Y,
            0 <= L,
            L <= m,
            Ya > 0,
            Ys > 0,
            t >= V,
            E == t + V * Ys,
            E > 0,
            rho * E == V,
            x == (r * A + rho * Ya) - r * L - rho * (Y - k_y) - rho * (t + k_y),
        )(x >= 0),
    },
)

A1 = theorem(
    "A1",
    "groups: prices tau_G in complementary slackness meet; uncapped the best group is the value",
    "disjoint groups, m_G each; s > 0",
    ALL,
    FILE,
    lambda: (
        capped_saddle()
        | {
            "totals of two groups (more: by induction)": _two_groups(),
            "uncapped: at a level above its own a group makes fewer mistakes": given(
                *STAKE, lam > 0, mu >= lam
            )(part(a - mu * r) <= part(a - lam * r)),
            "no point pays more": v1_point(mu),
        }
    ),
    {"one common price of mistakes": lambda: _two_groups(common=True)},
)


def _two_groups(common: bool = False) -> Query:
    """Sums over both groups; the price of mistakes is each group's own."""
    tau1, tau2, m1, m2, L1, L2, o1, o2, other_Q = z3.Reals("tau1 tau2 m1 m2 L1 L2 o1 o2 other_Q")
    budgets = [L1 + L2 == m1 + m2] if common else [z3.Or(L1 == m1, tau1 == 0)]
    budgets += [] if common else [z3.Or(L2 == m2, tau2 == 0)]
    return given(
        tau1 >= 0,
        tau2 >= 0,
        *budgets,
        o1 <= m1,
        o2 <= m2,
        lam >= 0,
        other_Q <= b,
        z3.Or(Q == b, lam == 0),
        P - tau1 * L1 - tau2 * L2 == lam * Q + D,
        U_lower >= P - tau1 * o1 - tau2 * o2,
        U_upper <= lam * other_Q + D,
    )(U_lower >= U_upper)


A2 = theorem(
    "A2",
    "caps l_i <= r_i, stakes and gains of any size: slackness at (lam, tau) gives a saddle point",
    "s > 0, r >= 0; capped with totals, uncapped V = max(0, max g - s r, level)",
    ALL,
    FILE,
    lambda: (
        capped_saddle()
        | {
            "totals": totals(z3.Or(Q == b, z3.And(lam == 0, Q <= b))),
            "uncapped: at a level >= g - s r shaving stays within its cap": given(
                s > 0, r >= 0, lam >= 0, lam >= g - s * r, l * s == part(g - lam)
            )(z3.And(0 <= l, l <= r, g - s * l <= lam)),
            "uncapped: a point at its cap earns g - s r whatever happens": given(
                s > 0, r >= 0, 0 <= other_l, other_l <= r
            )(g - s * other_l >= g - s * r),
        }
    ),
    {
        "the cap forgotten": lambda: given(s > 0, r >= 0, r <= 1, lam >= 0, l * s == part(g - lam))(
            l <= r
        ),
    },
)

A5 = theorem(
    "A5",
    "weight w on known errors r: the game with gains g - w s r and stakes (1 - w) s",
    "0 <= w <= 1, l and r in [0, 1]",
    ALL,
    FILE,
    lambda: {
        "same payoff": given(*POINT, 0 <= w, w <= 1, 0 <= r, r <= 1, *REPLY)(
            w * (other_q * (g - s * r)) + (1 - w) * (other_q * (g - s * other_l))
            == other_q * ((g - w * s * r) - (1 - w) * s * other_l)
        ),
    },
    {
        "stakes kept": lambda: given(*POINT, 0 <= w, w <= 1, 0 <= r, r <= 1, *REPLY)(
            w * (other_q * (g - s * r)) + (1 - w) * (other_q * (g - s * other_l))
            == other_q * ((g - w * s * r) - s * other_l)
        ),
    },
)

CHECKS = (V1, V2, V3, V3A, V3B, V4, V5, V6, V7, R1, R2, A1, A2, A5)
