"""The same task by other means: value errors beside times.

The task is the level of the uncapped game whose harm is a multiple c of the gain: the root of
sum max(0, 1 - level/g) = (1 + c) m, a projection onto a simplex with weights.  The value is the
budget times the level.  Every rival is given the raw array of gains, with c = 1, m = 5% and uniform
gains; the error is beside a reference whose sums are rounded once.

`python -m benchmarks.rivals` prints a Markdown table for n = 1e2 to 1e5; `python -m
benchmarks.rivals 1e7` leaves out what is not meant for that size.  What is not installed is named.
"""

import argparse
import math
import time
from collections.abc import Callable
from typing import Any

import numpy as np
from scipy import sparse
from scipy.optimize import linprog

from benchmarks.turns import machine, settle
from radsim import Game, solve
from radsim.game import Array

HARM = 1.0
Rival = Callable[[Array, float], float]  # gains, (1 + c) m -> level


def reference(g: Array, wanted: float) -> float:
    """The level on sorted gains, by sums that are rounded once."""
    g = np.sort(g)[::-1]
    total = np.cumsum(1 / g.astype(np.longdouble))
    k = int(np.argmax((np.arange(1, len(g) + 1) - np.longdouble(wanted)) / total)) + 1
    return (k - wanted) / math.fsum(1 / g[:k])


def closed_form(**options: Any) -> Rival:
    """This library's, from the raw array."""

    def run(g: Array, wanted: float) -> float:
        game = Game(g, wanted / (1 + HARM), harm=HARM, capped=False)
        return float(solve(game, **options).value)

    return run


def by_sort(g: Array, wanted: float) -> float:
    """Projection onto a simplex by sorting (Held, Wolfe and Crowder 1974), with weights."""
    ordered = np.sort(g)[::-1]
    return float(((np.arange(1, len(g) + 1) - wanted) / np.cumsum(1 / ordered)).max())


def by_selection(g: Array, wanted: float) -> float:
    """Water-filling by quickselect (Duchi et al. 2008), with weights: halves by the median."""
    count, density = 0.0, 0.0  # of the points known to lie above the level
    while len(g):
        middle = len(g) // 2
        parts = np.partition(g, middle)
        pivot, high = parts[middle], parts[middle:]
        more, inverse = count + len(high), density + (1 / high).sum()
        if more - pivot * inverse < wanted:  # the level lies below the pivot
            count, density, g = more, inverse, parts[:middle]
        else:
            g = parts[middle + 1 :]
    return float((count - wanted) / density)


def compiled() -> dict[str, Rival]:
    """The last two in Numba."""
    from numba import njit  # of the extra `fast`

    @njit
    def sort(g, wanted):  # type: ignore[no-untyped-def]
        ordered, total, best = np.sort(g), 0.0, -np.inf
        for k in range(len(g)):
            total += 1 / ordered[len(g) - 1 - k]
            best = max(best, (k + 1 - wanted) / total)
        return best

    @njit
    def select(given, wanted):  # type: ignore[no-untyped-def]
        g, count, density = given.copy(), 0.0, 0.0
        first, end, state = 0, len(g), 12345
        while first < end:
            state = (1103515245 * state + 12345) % 2147483648
            pivot, low, more, inverse = g[first + state % (end - first)], first, 0, 0.0
            high = end
            k = first
            while k < high:  # smaller | equal | larger
                if g[k] < pivot:
                    g[k], g[low] = g[low], g[k]
                    low += 1
                    k += 1
                elif g[k] > pivot:
                    high -= 1
                    g[k], g[high] = g[high], g[k]
                else:
                    k += 1
            for k in range(low, end):
                more += 1
                inverse += 1 / g[k]
            if count + more - pivot * (density + inverse) < wanted:
                count, density, end = count + more, density + inverse, low
            else:
                first = high
        return (count - wanted) / density

    return {"simplex by sort, Numba": sort, "quickselect, Numba": select}


def _program(g: Array, wanted: float) -> tuple[Array, Any, Array]:
    """Costs, matrix and right sides of: least level with g - s l <= level and sum l <= m."""
    n, stakes = len(g), (1 + HARM) * g
    above = sparse.hstack([sparse.diags_array(-stakes), -np.ones((n, 1))])
    spent = sparse.coo_array(np.append(np.ones(n), 0.0)[None])
    limits = np.append(-g, wanted / (1 + HARM))
    return np.append(np.zeros(n), 1.0), sparse.vstack([above, spent]).tocsc(), limits


def by_scipy(method: str) -> Rival:
    """The teacher's linear program by scipy's HiGHS."""

    def run(g: Array, wanted: float) -> float:
        costs, matrix, limits = _program(g, wanted)
        bounds = [(0, 1)] * len(g) + [(0, None)]
        return float(linprog(costs, matrix, limits, bounds=bounds, method=method).fun)

    return run


def by_pdlp(g: Array, wanted: float) -> float:
    """The same by the first-order method of HiGHS."""
    import highspy

    costs, matrix, limits = _program(g, wanted)
    model, highs = highspy.HighsLp(), highspy.Highs()
    model.num_col_, model.num_row_ = len(costs), len(limits)
    model.col_cost_ = costs
    model.col_lower_, model.col_upper_ = np.zeros(len(costs)), np.append(np.ones(len(g)), np.inf)
    model.row_lower_, model.row_upper_ = np.full(len(limits), -np.inf), limits
    model.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    model.a_matrix_.start_, model.a_matrix_.index_ = matrix.indptr, matrix.indices
    model.a_matrix_.value_ = matrix.data
    highs.silent()
    highs.setOptionValue("solver", "pdlp")
    highs.setOptionValue("time_limit", 60.0)
    highs.passModel(model)
    highs.run()
    return float(highs.getInfo().objective_function_value)


def by_clarabel(g: Array, wanted: float) -> float:
    """The same by Clarabel, as a CVXPY user would write it."""
    import cvxpy as cp

    l, level = cp.Variable(len(g), nonneg=True), cp.Variable(nonneg=True)
    rows = [g - cp.multiply((1 + HARM) * g, l) <= level, l <= 1]
    rows.append(cp.sum(l) <= wanted / (1 + HARM))
    problem = cp.Problem(cp.Minimize(level), rows)
    return float(problem.solve(solver="CLARABEL"))


# Name -> the rival, and the largest n that it is meant for.
RIVALS: dict[str, tuple[Rival, float]] = {
    "radsim, certified": (closed_form(), 1e9),
    "radsim": (closed_form(certify=False), 1e9),
    "radsim, Numba": (closed_form(certify=False, kernels="numba"), 1e9),
    "simplex by sort, NumPy": (by_sort, 1e9),
    "quickselect, NumPy": (by_selection, 1e9),
    "scipy HiGHS, dual simplex": (by_scipy("highs-ds"), 1e4),
    "scipy HiGHS, interior point": (by_scipy("highs-ipm"), 1e5),
    "HiGHS PDLP": (by_pdlp, 1e5),
    "CVXPY, Clarabel": (by_clarabel, 1e5),
}


def warmed(rivals: dict[str, tuple[Rival, float]]) -> list[str]:
    """Fill caches and compile loops on a small game; the names of what is not installed."""
    g, absent = np.random.default_rng(1).random(100), []
    for name, (rival, _) in rivals.items():
        try:
            rival(g, 5 * (1 + HARM))
        except (ImportError, ValueError):
            absent.append(name)
    return absent


def measure(rivals: dict[str, tuple[Rival, float]], n: int, repeats: int) -> None:
    """Print a line a rival; what takes longer than a second has one turn."""
    rivals = {name: row for name, row in rivals.items() if n <= row[1]}
    g, wanted = np.random.default_rng(0).random(n), 0.05 * n * (1 + HARM)
    level = reference(g, wanted)
    best, values = dict.fromkeys(rivals, np.inf), dict.fromkeys(rivals, np.nan)
    for turn in range(repeats):
        for name, (rival, _) in rivals.items():
            if turn and best[name] > 1:
                continue
            settle()
            start = time.perf_counter()
            values[name] = rival(g, wanted)
            best[name] = min(best[name], time.perf_counter() - start)
    for name in sorted(best, key=lambda x: best[x]):
        error = abs(values[name] - level) / level
        ratio = best[name] / best["radsim"]
        cells = (f"{n:,}", name, f"{1e3 * best[name]:.3g}", f"{ratio:.2f}", f"{error:.0e}")
        print(f"| {' | '.join(cells)} |", flush=True)


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("n", type=float, nargs="*", default=[1e2, 1e3, 1e4, 1e5])
    parser.add_argument("--repeats", type=int, default=5)
    given = parser.parse_args()
    print(machine())
    rivals, absent = dict(RIVALS), []
    try:
        rivals |= {name: (call, 1e9) for name, call in compiled().items()}
    except ImportError:
        absent += ["simplex by sort, Numba", "quickselect, Numba"]
    missing = warmed(rivals)
    rivals = {name: row for name, row in rivals.items() if name not in missing}
    print("\n| n | rival | ms, least | times radsim | error of the value, relative |")
    print("|---|---|---|---|---|")
    for n in map(int, given.n):
        measure(rivals, n, given.repeats)
    print(
        "\nsparsemax (entmax, sparsemax on PyPI): not run; they need PyTorch, and project without "
        "weights, which is another task."
    )
    if absent + missing:
        print(f"Not installed: {'; '.join(absent + missing)}.")


if __name__ == "__main__":
    main()
