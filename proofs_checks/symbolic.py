"""Identities: two sides of a formula whose difference a computer algebra system cancels to zero.

Every expression is a rational function, for which cancelling is a decision: the difference is zero
on all admissible data or it is not.  Capitals stand for sums over any number of points, so an
identity between them holds for every n.  Signs are carried by the symbols: a surplus u > 0 is
written into `s = tau + u` instead of being assumed.  Planted errors come with the data at which the
two sides part.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import sympy as sp

from radsim.runs.evidence import Check

FILE = "symbolic.py"
# Gains, stakes, prices and parameters of one point; u, v surpluses.
g, h, s, l, q, c, lam, tau, m, b, t, u, v, theta, k = sp.symbols(
    "g h s l q c lam tau m b t u v theta k", positive=True
)
# Sums: A = sum g/s, R = sum 1/s, Y = sum y, Ya = sum y g/s, Ys = sum y/s.
A, R, V, Y, Ya, Ys, W, X, rho, mu = sp.symbols("A R V Y Ya Ys W X rho mu", positive=True)

Residuals = Callable[[], Mapping[str, sp.Expr]]
Planted = Mapping[str, Callable[[], tuple[sp.Expr, Mapping[sp.Symbol, object]]]]


def identity(
    claim: str, statement: str, hypotheses: str, residuals: Residuals, planted: Planted
) -> Check:
    """Row whose expressions must all cancel to zero, and whose planted ones must not."""

    def run() -> str:
        found = residuals()
        for name, expression in found.items():
            left = sp.cancel(sp.together(expression))
            assert left == 0, f"{claim}, {name}: {left} is not zero"
        return f"{len(found)} identities cancel to 0"

    def refute(
        wrong: Callable[[], tuple[sp.Expr, Mapping[sp.Symbol, object]]],
    ) -> Callable[[], str]:
        def witness() -> str:
            expression, point = wrong()
            assert sp.cancel(sp.together(expression)) != 0, "planted error: cancels to zero"
            off = expression.subs(point)
            assert off.is_Rational and off != 0, f"planted error: {off} at the witness"
            data = ", ".join(f"{name} = {value}" for name, value in point.items())
            return f"{data}: off by {off}"

        return witness

    runs = {name: refute(wrong) for name, wrong in planted.items()}
    return Check(claim, statement, hypotheses, "identity", FILE, run, runs)


ONE = sp.Integer(1)


# One point's share of the learner's bound (dual prices lam of a query, tau of a mistake) and of the
# teacher's; r is the cap on its mistakes.
def primal(q: sp.Expr, g: sp.Expr, s: sp.Expr, l: sp.Expr, r: sp.Expr = ONE) -> sp.Expr:
    return q * g - tau * l - r * sp.Max(0, sp.cancel(q * s - tau))


def dual(q: sp.Expr, g: sp.Expr, s: sp.Expr, l: sp.Expr, lam: sp.Expr = lam) -> sp.Expr:
    return lam * q + sp.Max(0, sp.cancel(g - s * l - lam))


def meet(q: sp.Expr, g: sp.Expr, s: sp.Expr, l: sp.Expr, r: sp.Expr = ONE) -> sp.Expr:
    """Primal minus dual of one point."""
    return primal(q, g, s, l, r) - dual(q, g, s, l)


def v1() -> dict[str, sp.Expr]:
    level, price = (A - m) / R, 1 / R
    return {
        "on S: p = tau/s, l = (g - lam)/s": meet(tau / s, lam + u, s, u / s),
        "at the level: l = 0": meet(tau / s, lam, s, sp.Integer(0)),
        "below: p = l = 0": meet(sp.Integer(0), lam, s + u, sp.Integer(0)),
        "teacher: sum_S (g - lam)/s = m": A - level * R - m,
        "learner: sum_S p = 1": price * R - 1,
        "learner: sum p g - tau m = lam": price * A - price * m - level,
        "proportional: (k - D m)/H'": (k / (1 + c) - m) / (R / (1 + c)) - (k - (1 + c) * m) / R,
    }


V1 = identity(
    "V1",
    "primal = dual at every type of point; the totals give lam = (sum_S g/s - m)/H",
    "lam, s > 0; A = sum_S g/s, R = H = sum_S 1/s",
    v1,
    {
        "m for D*m": lambda: (
            (k / (1 + c) - m) / (R / (1 + c)) - (k - m) / R,
            {k: 3, c: 1, m: 1, R: 7},
        ),
        "l without the stake": lambda: (meet(tau / s, lam + u, s, u), {tau: 1, lam: 2, u: 1, s: 4}),
        "p ~ g": lambda: (
            (lam + u) * (lam + u) - lam * (lam + u) - tau * u / s,
            {lam: 2, u: 1, s: 4, tau: 1},
        ),
    },
)


def step(entering: sp.Expr = s) -> tuple[sp.Expr, sp.Expr, sp.Expr]:
    """F_k, F_{k+1} and the step that the identity claims."""
    before, after = (A - m) / R, (A + g / s - m) / (R + 1 / s)
    return before, after, (g - before) / (entering * (R + 1 / s))


def v2() -> dict[str, sp.Expr]:
    before, after, claimed = step()
    return {
        "F_{k+1} - F_k = (g_{k+1} - F_k)/(s_{k+1} H_{k+1})": after - before - claimed,
        "g_{k+1} - F_{k+1} = (g_{k+1} - F_k) H_k/H_{k+1}": g
        - after
        - (g - before) * R / (R + 1 / s),
        # Unimodal: with g_{k+1} = F_k - u and g_{k+2} = g_{k+1} - v both terms are negative.
        "g_{k+2} - F_{k+1} = -v - u H_k/H_{k+1} once g_{k+1} = F_k - u": (
            (before - u - v) - after.subs(g, before - u) + v + u * R / (R + 1 / s)
        ),
    }


V2 = identity(
    "V2",
    "F_{k+1} - F_k = (g_{k+1} - F_k)/(s_{k+1} H_{k+1}); it keeps its sign, once negative for good",
    "s > 0, g sorted descending; A, R sums over the first k",
    v2,
    {
        "H_k for H_{k+1}": lambda: (
            step()[1] - step()[0] - (g - step()[0]) / (s * R),
            {A: 2, m: 1, R: 1, g: 3, s: 4},
        ),
        "gain for stake": lambda: (
            step()[1] - step()[0] - step(entering=g)[2],
            {A: 2, m: 1, R: 1, g: 3, s: 4},
        ),
    },
)


def v3() -> dict[str, sp.Expr]:
    none = sp.Integer(0)
    return {
        "high stake above the price: q = tau/s, l = (g - lam)/s": meet(
            tau / (tau + v), lam + u, tau + v, u / (tau + v)
        ),
        "moderate stake above the price: q = 1, l = 0": meet(ONE, lam + u, s, none).subs(
            tau, s + v
        ),
        "stake at the threshold: q = 1, any part l = theta/(1 + theta) of (g - lam)/s": meet(
            ONE, lam + u, tau, theta / (1 + theta) * u / tau
        ),
        "gain at the price, high stake: q = part of tau/s": meet(
            theta / (1 + theta) * tau / (tau + v), lam, tau + v, none
        ),
        "gain at the price, low stake: q = part of 1": meet(
            theta / (1 + theta), lam, tau / (1 + v), none
        ),
        "gain below the price: q = l = 0": meet(none, u, s, none).subs(lam, u + v),
    }


V3 = identity(
    "V3",
    "primal = dual at every type of point of the two brackets",
    "lam, tau > 0, r = 1",
    v3,
    {
        "q = 1 above the threshold": lambda: (
            meet(ONE, lam + u, tau + v, u / (tau + v)),
            {lam: 1, u: 1, tau: 2, v: 3},
        ),
        "shaved below the threshold": lambda: (
            meet(ONE, lam + u, s, u / s).subs(tau, s + v),
            {lam: 1, u: 1, s: 2, v: 1},
        ),
    },
)


def floored(taken: sp.Expr) -> sp.Expr:
    """Forced budget: a point after `taken` mistakes, its floor -h = g - s above the price."""
    q, s = ONE, tau + v
    return primal(q, g, s, taken) - dual(q, g, s, taken, g - s - u)


V3B = identity(
    "V3b",
    "primal = dual where shaving has stopped at -h: q = 1, l = 1, lam < -h, tau < s",
    "s, tau > 0, gains and lam of any sign",
    lambda: {
        "at the floor": floored(ONE),
        "shaved to a negative price": (
            primal(tau / (tau + v), u - t, tau + v, u / (tau + v))
            - dual(tau / (tau + v), u - t, tau + v, u / (tau + v), -t)
        ),
    },
    {
        "half a mistake at the floor": lambda: (
            floored(sp.Rational(1, 2)),
            {g: 2, u: 1, v: 1, tau: 2},
        )
    },
)


def v4(multiple: sp.Expr = 1 + c) -> dict[str, sp.Expr]:
    inverse = R + 1 / g  # H' with point i apart
    value, p = (k - (1 + c) * m) / inverse, 1 / (g * inverse)
    general = (A + g / (g + h) - m) / (R + 1 / (g + h))
    weight = 1 / ((g + h) * (R + 1 / (g + h)))
    wrong = (g - general) / (g + h)
    return {
        "proportional: dV/dg_i = V p_i/g_i": sp.diff(value, g) - value * p / g,
        "proportional: dV/dm = -D/H'": sp.diff(value, m) + multiple / inverse,
        "general: dV/dm = -1/H": sp.diff(general, m) + 1 / (R + 1 / (g + h)),
        "general: dV/dg_i = p_i (1 - l_i)": sp.diff(general, g) - weight * (1 - wrong),
        "general: dV/dh_i = -p_i l_i": sp.diff(general, h) + weight * wrong,
        "scale: V(r g, r h) = r V": (A - m) / (R / t) - t * (A - m) / R,
    }


V4 = identity(
    "V4",
    "dV/dg_i = V p_i/g_i, dV/dm = -D/H' (proportional); dV/dm = -1/H, dV/dh_i = -p_i l_i (general)",
    "on a fixed support; sums over the other points are A, R",
    v4,
    {
        "dV/dg_i = p_i": lambda: (
            sp.diff((k - (1 + c) * m) / (R + 1 / g), g) - 1 / (g * (R + 1 / g)),
            {k: 4, c: 1, m: 1, R: 1, g: 2},
        ),
        "dV/dm = -1/H'": lambda: (
            v4(multiple=ONE)["proportional: dV/dm = -D/H'"],
            {c: 1, R: 1, g: 2, k: 4, m: 1},
        ),
    },
)

V5 = identity(
    "V5",
    "the solution for m^ against x mistakes on its support has payoff (sum_{S^} g/s - x)/H^",
    "p = 1/(s H^) on S^; x = min(m, k^)",
    lambda: {
        "a point": 1 / (s * R) * (g - s * l) - (g / s - l) / R,
        "loss per further mistake is the price 1/H^": (A - X) / R - (A - X - u) / R - u / R,
    },
    {
        "stake twice": lambda: (
            1 / (s * R) * (g - s * l) - (g / s - s * l) / R,
            {s: 2, R: 1, g: 1, l: sp.Rational(1, 2)},
        )
    },
)


def benchmark(j: int, last: bool = True) -> sp.Expr:
    """E(g_j) less the teacher's E[g_I], I = i with (h_i + V)/s_i before j and the rest on j."""
    gains, harms = (
        sp.symbols(f"g1:{j + 1}", positive=True),
        sp.symbols(f"h1:{j + 1}", positive=True),
    )
    share = [(harms[i] + V) / (gains[i] + harms[i]) for i in range(j)]
    level = gains[j - 1]
    bound = level + sum((gains[i] - level) * share[i] for i in range(j - 1))
    rest = 1 - sum(share[: j - 1]) if last else share[j - 1]
    return bound - sum(gains[i] * share[i] for i in range(j - 1)) - level * rest


def benchmark_total() -> sp.Expr:
    """E(t), from the totals of y = g - t over the points above t: sum y (h + V)/s."""
    return t + Y - Ya + V * Ys


INSURED = {
    "y (h + V)/s = y - y g/s + V y/s": u * (h + V) / (g + h)
    - (u - u * g / (g + h) + V * u / (g + h)),
}


def insured(weight: sp.Expr) -> sp.Expr:
    """Payoff of p s = r + weight*y with all m mistakes on r and one on every y."""
    share = (1 - weight * Ys) / R
    return (share * A + weight * Ya - share * m - weight * Y).subs(A, V * R + m)


R1 = identity(
    "R1",
    "E(g_j) = the teacher's E[g_I]; p s = r + rho y earns exactly rho of g_j at the worst case",
    "V R = A - m, r R + rho Ys = 1; E(t) = t + Y - Ya + V Ys",
    lambda: (
        INSURED
        | {f"E(g_j) = E[g_I], j = {j}": benchmark(j) for j in range(1, 7)}
        | {
            "E(g_j) = E[g_I] for every j: W = sum P(I = i), X = sum P(I = i) g_i": (
                t + (X - t * W) - (X + t * (1 - W))
            ),
            "payoff = rho t at rho = V/E": insured(rho).subs(rho, V / benchmark_total())
            - V / benchmark_total() * t,
        }
    ),
    {
        "P(I = j) = (h_j + V)/s_j": lambda: (
            benchmark(2, last=False),
            dict(zip(sp.symbols("g1 g2 h1 h2 V", positive=True), (3, 2, 1, 1, 1), strict=True)),
        ),
        "rho = V/(E + V)": lambda: (
            insured(rho).subs(rho, V / (benchmark_total() + V)) - V / (benchmark_total() + V) * t,
            {V: 1, t: 2, Y: 1, Ya: sp.Rational(1, 2), Ys: sp.Rational(1, 4), R: 2, m: 1},
        ),
    },
)


def clamped(price: sp.Expr) -> sp.Expr:
    """What the teacher gets at level mu less what it gets at V, where phi(t) = sum y/s = price."""
    return ((t + Y - Ya + mu * Ys - mu) - (benchmark_total() - V)).subs(Ys, price)


R2 = identity(
    "R2",
    "p s = r + y has regret E(t) - V at the worst case; at t = t_1 any mu >= V gives the same",
    "V R = A - m, r R + Ys = 1; Ys = sum y/s = 1 where t = t_1",
    lambda: (
        INSURED
        | {
            "t - payoff = E(t) - V": t - insured(ONE) - (benchmark_total() - V),
            "clamped": clamped(ONE),
        }
    ),
    {
        "E(t) without V": lambda: (
            t - insured(ONE) - benchmark_total(),
            {t: 2, Y: 1, Ya: sp.Rational(1, 2), Ys: sp.Rational(1, 4), V: 1, R: 2, m: 1},
        ),
        "any mu without t = t_1": lambda: (
            clamped(sp.Rational(1, 2)),
            {t: 2, Y: 1, Ya: 1, V: 1, mu: 2},
        ),
    },
)

R3 = identity(
    "R3",
    "rho* = V/(V + R*) where t = g_j",
    "rho* = V/E(g_j), R* = E(g_j) - V",
    lambda: {
        "with E of the totals": V / benchmark_total() - V / (V + (benchmark_total() - V)),
        "and back: R* = V (1 - rho*)/rho*": (
            (benchmark_total() - V) - V * (1 - V / benchmark_total()) / (V / benchmark_total())
        ),
    },
    {
        "rho* = R*/(V + R*)": lambda: (
            V / benchmark_total() - (benchmark_total() - V) / benchmark_total(),
            {t: 2, Y: 1, Ya: 1, Ys: 1, V: 1},
        ),
        "rho* = 1 - R*": lambda: (
            V / benchmark_total() - 1 + (benchmark_total() - V),
            {t: 2, Y: 1, Ya: 1, Ys: 1, V: 1},
        ),
    },
)

CHECKS = (V1, V2, V3, V3B, V4, V5, R1, R2, R3)
