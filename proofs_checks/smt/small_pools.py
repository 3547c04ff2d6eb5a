"""Whole theorems for small pools: all real gains, stakes and mistakes at once."""

from __future__ import annotations

from itertools import combinations, combinations_with_replacement

import z3

from proofs_checks.smt.queries import Query, given, part, solver, theorem

FILE = "smt/small_pools.py"
lam, tau, m, b, V, t, insurance, E, theta = z3.Reals("lam tau m b V t insurance E theta")


def vector(name: str, n: int) -> list[z3.ArithRef]:
    return [z3.Real(f"{name}{i + 1}") for i in range(n)]


def total(terms) -> z3.ArithRef:
    return z3.Sum([*terms, z3.RealVal(0)])


def pool(n: int):
    """Unknowns r = 1/s and a = g/s, 0 < a <= 1 because the harm is g/a - g >= 0."""
    r, a = vector("r", n), vector("a", n)
    return r, a, [*(x > 0 for x in r), *(x > 0 for x in a), *(x <= 1 for x in a)]


def feasible(l, amount) -> list[z3.BoolRef]:
    return [*(x >= 0 for x in l), *(x <= 1 for x in l), total(l) <= amount]


def v1_whole(n: int, taken: z3.ArithRef = m, weight=lambda r, a: z3.RealVal(1)) -> Query:
    """Level, strategies and both best replies in one; w_i = p_i s_i is `weight` over its sum."""
    r, a, hypotheses = pool(n)
    other, density = vector("other", n), z3.Real("w")
    inside = [a[i] >= lam * r[i] for i in range(n)]
    l = [part(a[i] - lam * r[i]) for i in range(n)]
    w = [z3.If(inside[i], density * weight(r[i], a[i]), z3.RealVal(0)) for i in range(n)]
    hypotheses += [lam > 0, m >= 0, total(l) == taken, z3.Or(inside)]
    hypotheses += [density > 0, total(w[i] * r[i] for i in range(n)) == 1, *feasible(other, m)]
    return given(*hypotheses)(
        z3.And(
            *feasible(l, m),
            *(a[i] - l[i] <= lam * r[i] for i in range(n)),
            total(w[i] * (a[i] - other[i]) for i in range(n)) >= lam,
        )
    )


def unique_level(n: int, positive: bool = True) -> Query:
    r, a, hypotheses = pool(n)
    low = z3.Real("low")
    for x in (lam, low):
        hypotheses.append(total(part(a[i] - x * r[i]) for i in range(n)) == m)
    return given(*hypotheses, m > 0 if positive else m == 0)(low == lam)


V1 = theorem(
    "V1",
    "the whole saddle point: feasible l, no point above lam, p earns lam against every l",
    "g > 0, h >= 0, m >= 0 real, lam > 0 the level",
    "proved for all real gains at n <= 5",
    FILE,
    lambda: {f"n = {n}": v1_whole(n) for n in range(1, 6)},
    {
        "half of m shaved": lambda: v1_whole(2, m / 2),
        "2 m shaved": lambda: v1_whole(2, 2 * m),
        "p ~ g": lambda: v1_whole(2, weight=lambda r, a: a / r / r),
        "p ~ 1 in place of 1/s": lambda: v1_whole(2, weight=lambda r, a: 1 / r),
    },
)

LEVEL = theorem(
    "V1",
    "the level is unique for m > 0",
    "g > 0, h >= 0",
    "proved for all real gains at n <= 5",
    FILE,
    lambda: {f"n = {n}": unique_level(n) for n in range(1, 6)},
    {"unique for m = 0 too": lambda: unique_level(2, positive=False)},
)


def prefix(n: int, k: int, wrong: bool = False) -> Query:
    """From F_k the largest of the ratios: k points form S and all of V1 follows."""
    r, a, hypotheses = pool(n)
    g, other = vector("g", n), vector("other", n)
    hypotheses += [g[i] * r[i] == a[i] for i in range(n)]
    hypotheses += [g[i] >= g[i + 1] for i in range(n - 1)]
    # The lemma "signs" for each point: a hint, so that the rest is linear.
    hypotheses += [(g[i] >= lam) == (a[i] >= lam * r[i]) for i in range(n)]
    hypotheses += [(g[i] <= lam) == (a[i] <= lam * r[i]) for i in range(n)]
    hypotheses += [a[i] - lam * r[i] <= 1 for i in range(n)]  # as a <= 1 and lam r > 0
    hypotheses += [lam > 0, m >= 0, lam * total(r[:k]) == total(a[:k]) - m]
    # Neighbours are enough: V2 shows the ratios unimodal, the claim below gives the others back.
    neighbours = [] if wrong else [j for j in (k - 1, k + 1) if 1 <= j <= n]
    hypotheses += [total(a[:j]) - m <= lam * total(r[:j]) for j in neighbours]
    l = [a[i] - lam * r[i] for i in range(k)]
    first = [z3.And(g[k - 1] >= lam, *([lam >= g[k]] if k < n else []))]
    return given(*hypotheses, *feasible(other, m))(
        z3.And(
            *first,
            *(x <= 1 for x in l),
            *([x >= 0 for x in l]),
            total(l) == m,
            *(g[i] <= lam for i in range(k, n)),
            total(a[i] - other[i] for i in range(k)) >= lam * total(r[:k]),
            *(total(a[:j]) - m <= lam * total(r[:j]) for j in range(1, n + 1)),
        )
    )


def signs() -> Query:
    g, r, a = z3.Reals("g r a")
    return given(r > 0, g * r == a)(
        z3.And((g >= lam) == (a >= lam * r), (g <= lam) == (a <= lam * r))
    )


V2 = theorem(
    "V2",
    "k with the largest ratio gives S, the level and V1's saddle point; cases k = |S|",
    "g sorted descending, g > 0, h >= 0, m >= 0 real, F_k > 0",
    "proved for all real gains at n <= 10",
    FILE,
    lambda: (
        {f"n = {n}, k = {k}": prefix(n, k) for n in range(1, 11) for k in range(1, n + 1)}
        | {"signs": signs()}
    ),
    {"any k": lambda: prefix(3, 2, wrong=True)},
)


# V3 by what each point is: (label, q, w = q s, l, conditions), in r = 1/s and a = g/s.  Points are
# exchangeable, so cases are multisets of these kinds.
def high(r, a, x):
    return tau * r, tau, a - lam * r, (a > lam * r, tau * r < 1)


def moderate(r, a, x):
    return z3.RealVal(1), 1 / r, z3.RealVal(0), (a > lam * r, tau * r > 1)


def threshold(r, a, x):
    return z3.RealVal(1), tau, x, (a > lam * r, tau * r == 1, 0 <= x, x <= a - lam * r)


def dear_at_the_price(r, a, x):
    return theta * tau * r, theta * tau, z3.RealVal(0), (a == lam * r, tau * r <= 1)


def cheap_at_the_price(r, a, x):
    return theta, theta / r, z3.RealVal(0), (a == lam * r, tau * r > 1)


def below(r, a, x):
    return z3.RealVal(0), z3.RealVal(0), z3.RealVal(0), (a < lam * r,)


def shaved_by_gain(r, a, x):
    """Wrong: the threshold compared with the gain, a/r, in place of the stake."""
    return tau * r / a, tau / a, a - lam * r, (a > lam * r, tau * r < a)


KINDS = (high, moderate, threshold, dear_at_the_price, cheap_at_the_price, below)


def v3_case(kinds) -> dict[str, Query]:
    """Points of the given kinds against every reply of either side."""
    n = len(kinds)
    r, a, hypotheses = pool(n)
    points = [kind(r[i], a[i], z3.Real(f"x{i + 1}")) for i, kind in enumerate(kinds)]
    q, w, l = ([point[j] for point in points] for j in range(3))
    for point in points:
        hypotheses += point[3]
    hypotheses += [lam >= 0, tau >= 0, 0 <= theta, theta <= 1, total(l) == m, b > 0]
    hypotheses.append(z3.Or(total(q) == b, z3.And(lam == 0, total(q) <= b)))
    if solver(*hypotheses).check() == z3.unsat:
        return {}  # no pool looks like this, e.g. all points below the price
    other_l, other_q = vector("other_l", n), vector("other_q", n)
    value = total(w[i] * a[i] for i in range(n)) - tau * m
    worst = total(w[i] * (a[i] - other_l[i]) for i in range(n))
    best = total(other_q[i] * (a[i] - l[i]) / r[i] for i in range(n))
    name = ", ".join(kind.__name__ for kind in kinds)
    return {
        f"{name}: teacher": given(*hypotheses, *feasible(other_l, m))(worst >= value),
        f"{name}: learner": given(*hypotheses, *feasible(other_q, b))(best <= value),
        f"{name}: feasible": given(*hypotheses)(z3.And(*feasible(l, m), *feasible(q, b))),
    }


def v3_cases(n: int) -> dict[str, Query]:
    return {
        name: query
        for kinds in combinations_with_replacement(KINDS, n)
        for name, query in v3_case(kinds).items()
    }


def v3_theorem(n: int, slow: bool):
    return theorem(
        "V3",
        f"the two prices in their brackets give a saddle point, value sum q g - tau m (n = {n})",
        "g > 0, h >= 0, m and b real, prices with sum l = m and sum q = b or lam = 0",
        f"proved for all real gains at n <= {n}",
        FILE,
        lambda: v3_cases(n),
        {
            "threshold against the gain": lambda: next(
                query
                for name, query in v3_case((shaved_by_gain, high)).items()
                if "teacher" in name
            )
        },
        slow,
    )


V3 = [v3_theorem(2, False), v3_theorem(3, True), v3_theorem(4, True)]


def insured(n: int, m_: int, k: int, chosen, best: int, ratio: bool, wrong: bool = False) -> Query:
    """p_i s_i = r + f y_i on the first k points against one set of mistakes and one best point.

    For the ratio the unknowns are rho g, rho t and rho y in place of g, t and y; rho g is then free
    on S, which asks for more than is claimed.
    """
    r, a, hypotheses = pool(n)
    g, y = vector("g", n), vector("y", n)
    if ratio:
        hypotheses += [t > 0, *(x > 0 for x in g), *(x <= t for x in g[k:])]
    else:
        hypotheses += [t >= V, *(g[i] * r[i] == a[i] for i in range(n))]
    hypotheses += [V > 0, V * total(r[:k]) == total(a[:k]) - m_]
    hypotheses += [a[i] >= V * r[i] if i < k else a[i] < V * r[i] for i in range(n)]
    hypotheses += [y[i] == part(g[i] - t) for i in range(n)]
    extra = [z3.RealVal(0) if wrong and not ratio else y[i] for i in range(n)]
    spread = total(extra[i] * r[i] for i in range(k))
    hypotheses += [insurance >= 0, insurance * total(r[:k]) + spread == 1]
    # Two of the equations again, times V and times the insurance: a hint, the rest is linear.
    hypotheses.append(V * insurance * total(r[:k]) + V * spread == V)
    hypotheses.append(insurance * V * total(r[:k]) == insurance * (total(a[:k]) - m_))
    hypotheses.append(E == t + total(y[i] * (1 - a[i] + V * r[i]) for i in range(k)))
    if ratio:
        hypotheses.append(E == V)
    paid = total((insurance + extra[i]) * (a[i] - int(i in chosen)) for i in range(k))
    if ratio:
        return given(*hypotheses)(paid >= (2 if wrong else 1) * g[best])
    return given(*hypotheses)(g[best] - paid <= E - V)


def insured_cases(n: int, ratio: bool):
    return {
        f"n = {n}, m = {m_}, |S| = {k}, mistakes {chosen}, best {best}": insured(
            n, m_, k, chosen, best, ratio
        )
        for m_ in range(1, n)
        for k in range(m_ + 1, n + 1)
        for chosen in combinations(range(n), m_)
        for best in range(n)
        if best not in chosen
    }


R2 = theorem(
    "R2",
    "p_i s_i = r + y_i: regret at most E(t) - V for every set of m mistakes and every best point",
    "integer m >= 1, V > 0, t >= V with sum y_i/s_i <= 1",
    "proved for all real gains at n <= 4",
    FILE,
    lambda: {key: query for n in (2, 3, 4) for key, query in insured_cases(n, False).items()},
    {"V1's p, without the insurance": lambda: insured(2, 1, 2, (1,), 0, False, wrong=True)},
)
R1 = theorem(
    "R1",
    "p_i s_i = r + rho y_i: payoff at least rho of the best point for every set of m mistakes",
    "integer m >= 1, V > 0, t >= V",
    "proved for all real gains at n <= 4",
    FILE,
    lambda: {key: query for n in (2, 3, 4) for key, query in insured_cases(n, True).items()},
    {"twice the ratio": lambda: insured(2, 1, 2, (1,), 0, True, wrong=True)},
)

CHECKS = (V1, LEVEL, V2, *V3, R1, R2)
