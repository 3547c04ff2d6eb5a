"""Identities: a difference of two formulas that simplifies to zero, for symbols of any value."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import sympy as sp

from radsim.evidence import Check

FILE = "symbolic.py"
Residues = Callable[[], Mapping[str, sp.Expr]]

g, h, c, lam, tau, m, b, H, A, V, t, r, rho, mu, e, theta, w = sp.symbols(
    "g h c lam tau m b H A V t r rho mu e theta w", positive=True
)
s = g + h


def identity(
    claim: str, statement: str, residues: Residues, planted: Mapping[str, Callable[[], sp.Expr]]
) -> Check:
    def run() -> str:
        found = residues()
        for name, residue in found.items():
            left = sp.simplify(residue)
            assert left == 0, f"{claim}, {name}: {left} is left"
        return f"{len(found)} identities"

    def refute(wrong: Callable[[], sp.Expr]) -> Callable[[], str]:
        return lambda: nonzero(wrong())

    runs = {name: refute(wrong) for name, wrong in planted.items()}
    return Check(claim, statement, "symbols of any value", "identity", FILE, run, runs)


def nonzero(residue: sp.Expr) -> str:
    """A rational point at which the residue of a wrong identity is not zero."""
    symbols = sorted(residue.free_symbols, key=str)
    point = {x: sp.Rational(2 * i + 3, i + 2) for i, x in enumerate(symbols)}
    value = residue.subs(point)
    assert value.is_rational and value != 0, f"planted identity: {value} at {point}"
    return f"{value} at " + ", ".join(f"{x} = {point[x]}" for x in symbols)


def points(name: str, n: int) -> tuple[sp.Symbol, ...]:
    return sp.symbols(f"{name}1:{n + 1}", positive=True)


def v1() -> dict[str, sp.Expr]:
    l, p = (g - lam) / s, 1 / (s * H)
    return {
        "every point of S pays lam against l": g - s * l - lam,
        "primal = dual on S: p g - l/H = lam p": p * g - l / H - lam * p,
        "lam H = A - m makes the learner's total lam": (A / H - m / H) - (A - m) / H,
        "proportional harm: p g = 1/(D H')": (p * g).subs({h: c * g}) - 1 / ((1 + c) * H),
        "l <= g/s <= 1: what is missing is lam/s and h/s": (g / s - l - lam / s) + (1 - g / s - h / s),
    }


def step() -> dict[str, sp.Expr]:
    """A, H: sums of g/s and 1/s over the first k points; g, s: the next one."""
    ratio, after = (A - m) / H, (A + g / s - m) / (H + 1 / s)
    return {
        "F_{k+1} - F_k = (g_{k+1} - F_k)/(s_{k+1} H_{k+1})": after
        - ratio
        - (g - ratio) / (s * (H + 1 / s)),
        "F_{k+1} - g_{k+1} = (F_k - g_{k+1}) H_k/H_{k+1}": after
        - g
        - (ratio - g) * H / (H + 1 / s),
        "Newton's step from x moves up by (phi(x) - m)/H": ratio - t - (A - t * H - m) / H,
    }


def slackness(q: sp.Expr, l: sp.Expr, surplus: sp.Expr) -> sp.Expr:
    """q g - tau l = lam q + max(0, g - s l - lam), the last term as given."""
    return q * g - tau * l - lam * q - surplus


def v3() -> dict[str, sp.Expr]:
    high = (g - lam) / s
    at_edge = [(g, tau - h)]  # s = tau
    return {
        "stake above the threshold": slackness(tau / s, high, g - s * high - lam),
        "stake below it": slackness(sp.Integer(1), sp.Integer(0), g - lam),
        "stake at it": slackness(sp.Integer(1), theta * high, g - s * theta * high - lam).subs(
            at_edge
        ),
        "gain at the price": slackness(theta * tau / s, sp.Integer(0), sp.Integer(0)).subs(g, lam),
        "gain at the price, cheap": slackness(theta, sp.Integer(0), sp.Integer(0)).subs(g, lam),
    }


def v3b() -> dict[str, sp.Expr]:
    one = sp.Integer(1)
    return {
        "mistaken for sure, dear: q = l = 1": one * g
        - tau
        - (s - tau)
        - lam
        - (g - s - lam),
        "the floor of shaving is -h": g - s * one + h,
        "proportional: the level at n points is (n - M)/H'": (A - m)
        / H
        - ((A * (1 + c) - (1 + c) * m) / (H * (1 + c))),
    }


def v3a() -> dict[str, sp.Expr]:
    p = 1 / (s * H)
    return {
        "b p s = b/H, so b p <= 1 iff b <= s H": b * p - b / (s * H),
        "V1's strategies at budget b": b * (A - m) / H - (b * A / H - m * b / H),
    }


def v4() -> dict[str, sp.Expr]:
    k = 4
    gs, hs = points("g", k), points("h", k)
    inverse = sum(1 / x for x in gs)
    proportional = (k - (1 + c) * m) / inverse
    general = (sum(x / (x + y) for x, y in zip(gs, hs, strict=True)) - m) / sum(
        1 / (x + y) for x, y in zip(gs, hs, strict=True)
    )
    p = [1 / (x * inverse) for x in gs]
    found = {
        f"dV/dg_{i + 1} = V p/g": sp.diff(proportional, gs[i]) - proportional * p[i] / gs[i]
        for i in range(k)
    }
    density = sum(1 / (x + y) for x, y in zip(gs, hs, strict=True))
    scaled = general.subs({x: r * x for x in (*gs, *hs)}, simultaneous=True)
    return found | {
        "dV/dm = -D/H'": sp.diff(proportional, m) + (1 + c) / inverse,
        "dV/dm = -1/H for general stakes": sp.diff(general, m) + 1 / density,
        "one more point, any number before: dV/dg = V p/g": sp.diff((A - m) / (H + 1 / g), g)
        - (A - m) / (H + 1 / g) / (g * (H + 1 / g)) / g,
        "affine in c": sp.diff(proportional, c, 2),
        "affine in m": sp.diff(general, m, 2),
        "V(r g, r h) = r V": scaled - r * general,
    }


def v5() -> dict[str, sp.Expr]:
    return {
        "every point of S^ loses 1/H^ to a mistake": s * (1 / (s * H)) - 1 / H,
        "worst case from V^": (A - mu) / H - ((A - m) / H + (m - mu) / H),
    }


def v6() -> dict[str, sp.Expr]:
    return {
        "w (g^/s^) summed and w l summed": e * (A / H + m / H) - e * (A + m) / H,
        "proportional: k - m correct and m wrong points": e * ((A - m) + c * m) / H
        - e * (A + (c - 1) * m) / H,
    }


def v7() -> dict[str, sp.Expr]:
    gs, hs = points("g", 4), points("h", 4)
    stakes = [x + y for x, y in zip(gs, hs, strict=True)]
    return {
        "a chosen set, all wrong, costs its harms": sum(gs) - sum(stakes) + sum(hs),
        "uniform loses s/n a mistake": sum(x / 4 for x in gs)
        - (stakes[0] + stakes[1]) / 4
        - (sum(gs) - stakes[0] - stakes[1]) / 4,
    }


def bound(j: int, head: Callable[[sp.Expr, sp.Expr], sp.Expr]) -> sp.Expr:
    """E(g_j) by its definition, less the teacher's E[g_I] over P(I = i) = head, the rest on j."""
    gs, hs = points("g", j), points("h", j)
    weights = [head(x, y) for x, y in zip(gs[:-1], hs[:-1], strict=True)]
    last = gs[-1]
    level = last + sum(
        (x - last) * (y + V) / (x + y) for x, y in zip(gs[:-1], hs[:-1], strict=True)
    )
    return level - sum(w * x for w, x in zip(weights, gs, strict=False)) - (1 - sum(weights)) * last


def regret() -> dict[str, sp.Expr]:
    """A, H: sums of g/s and 1/s over S; Y, Z, W: sums of y, y/s and y g/s."""
    Y, Z, W, k_y = sp.symbols("Y Z W k_y", positive=True)
    level = (A - m) / H
    r_ = (1 - Z) / H
    E = t + Y - W + level * Z
    payoff = r_ * A + W  # sum p g
    worst = t + k_y - payoff + r_ * m + (Y - k_y)
    found = {
        "1 - l = (h + V)/s": 1 - (g - V) / s - (h + V) / s,
        "the learner's regret is E(t) - V": worst - (E - level),
        "clamped: mu in place of V where sum y/s = 1": ((t + Y - W + mu * Z) - mu).subs(Z, 1)
        - ((t + Y - W + V * Z) - V).subs(Z, 1),
    }
    return found | {f"E(g_j) is the teacher's bound, j = {j}": bound(j, _first) for j in range(1, 7)}


def _first(x: sp.Expr, y: sp.Expr) -> sp.Expr:
    return (y + V) / (x + y)


def ratio() -> dict[str, sp.Expr]:
    Y, Z, W, k_y = sp.symbols("Y Z W k_y", positive=True)
    level = (A - m) / H
    E = t + Y - W + level * Z
    share = level / E
    r_ = (1 - share * Z) / H
    worst = r_ * A + share * W - r_ * m - share * (Y - k_y) - share * (t + k_y)
    found = {
        "1 - l = (h + V)/s": 1 - (g - V) / s - (h + V) / s,
        "payoff less rho of the best point is zero at worst": worst,
    }
    return found | {f"E(g_j) is the teacher's bound, j = {j}": bound(j, _first) for j in range(1, 7)}


def r3() -> dict[str, sp.Expr]:
    E = sp.Symbol("E", positive=True)
    return {"V/E = V/(V + R) with R = E - V": V / E - V / (V + (E - V))}


def a5() -> dict[str, sp.Expr]:
    l, q = sp.symbols("l q", positive=True)
    mixed = w * q * (g - s * r) + (1 - w) * q * (g - s * l)
    return {
        "gains g - w s r, stakes (1 - w) s": mixed - q * ((g - w * s * r) - (1 - w) * s * l),
        "w = 0 is the game itself": mixed.subs(w, 0) - q * (g - s * l),
        "w = 1 is the known errors": mixed.subs(w, 1) - q * (g - s * r),
    }


CHECKS = (
    identity(
        "V1",
        "primal = dual for each type of point",
        v1,
        {
            "l without the stake": lambda: g - s * (g - lam) - lam,
            "p ~ 1/g": lambda: g / (g * H) - (g - lam) / s / H - lam / (g * H),
        },
    ),
    identity(
        "V2",
        "step identity of the prefix ratio, and of Newton's method",
        step,
        {
            "H_k in place of H_{k+1}": lambda: (A + g / s - m) / (H + 1 / s)
            - (A - m) / H
            - (g - (A - m) / H) / (s * H)
        },
    ),
    identity(
        "V3",
        "primal = dual for each type of point",
        v3,
        {
            "tau/g for tau/s": lambda: slackness(tau / g, (g - lam) / s, sp.Integer(0)),
            "the stake at the threshold shaved in full and paid in full": lambda: slackness(
                sp.Integer(1), (g - lam) / s, g - lam
            ),
        },
    ),
    identity(
        "V3a",
        "V1's strategies times b",
        v3a,
        {"b^2": lambda: b * (A - m) / H - (b * A / H - m * b**2 / H)},
    ),
    identity(
        "V3b",
        "primal = dual for a point that is surely mistaken; the floor -h",
        v3b,
        {"floor at -g": lambda: g - s + g},
    ),
    identity(
        "V4",
        "derivatives on a fixed support (k = 4; dV/dg for any k), homogeneity, affine pieces",
        v4,
        {
            "dV/dm = -1/H' at harm c g": lambda: sp.diff((A - (1 + c) * m) / H, m) + 1 / H,
            "dV/dg = V p": lambda: sp.diff((A - m) / (H + 1 / g), g)
            - (A - m) / (H + 1 / g) / (g * (H + 1 / g)),
        },
    ),
    identity(
        "V5", "worst case of the design for m^", v5, {"H for s": lambda: s / H - 1 / H}
    ),
    identity(
        "V6",
        "what the errors sum to",
        v6,
        {"c for c - 1": lambda: e * ((A - m) + c * m) / H - e * (A + c * m) / H},
    ),
    identity(
        "V7",
        "harms of a deterministic choice; uniform",
        v7,
        {"gains for harms": lambda: sum(points("h", 3)) - sum(points("g", 3))},
    ),
    identity(
        "R1",
        "the learner's ratio and the teacher's bound E(g_j)",
        ratio,
        {"P without the harm": lambda: bound(3, lambda x, y: V / (x + y))},
    ),
    identity(
        "R2",
        "the learner's regret and the teacher's bound E(g_j)",
        regret,
        {"P(I = i) = l_i": lambda: bound(3, lambda x, y: (x - V) / (x + y))},
    ),
    identity(
        "R3",
        "rho* = V/(V + R*)",
        r3,
        {"V/R": lambda: V / (V + r) - V / r},
    ),
    identity(
        "A5",
        "the contaminated payoff is a payoff of the same game",
        a5,
        {"stakes kept": lambda: (1 - w) * (g - s * lam) - (g - s * lam)},
    ),
)
