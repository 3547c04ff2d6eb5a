"""The error rate from which `guarded` takes half of its budget surely.

`python -m benchmarks.certainty`.  With a flat profile, on the first view of every data set: for one
share of the adversary, and for the average over shares.
"""

from dataclasses import replace

import numpy as np

from radsim.distillation import DATA, MissingData, Setting
from radsim.distillation.guarded import GUARD, guarded_inclusion
from radsim.distillation.loop import first_view

GUARDS = {
    "one share, .35": replace(GUARD, shares=(0.35,)),
    "one share, .1": replace(GUARD, shares=(0.1,)),
    "guarded: all shares": GUARD,
}


def sure_share(view, rate: float, guard) -> float:
    """Share of the budget on points with inclusion probability 1."""
    n = len(view.gains)
    q = guarded_inclusion(view, np.full(n, rate), guard, mistakes=rate * n)
    return float((q > 1 - 1e-9).sum() / view.budget)


def half_rate(view, guard) -> float:
    """The least rate, to a hundredth, at and above which half of the budget is taken surely."""
    rates = np.arange(1, 100) / 100
    sure = np.array([sure_share(view, rate, guard) >= 0.5 for rate in rates])
    if not sure[-1]:
        return float("nan")
    return float(rates[np.flatnonzero(~sure)[-1] + 1]) if not sure.all() else 0.0


def main() -> None:
    print(f"{'data':<12}{'budget':>8}" + "".join(f"{name:>24}" for name in GUARDS))
    for data in DATA:
        for budget in (0.05, 0.15):
            try:
                view = first_view(Setting(data=data, budget=budget, noise="gain^0"), 0)
            except MissingData as error:
                print(f"{data:<12}left out: {error}")
                break
            found = [half_rate(view, guard) for guard in GUARDS.values()]
            words = "".join(f"{'never' if np.isnan(x) else f'{x:.2f}':>24}" for x in found)
            print(f"{data:<12}{budget:>8.0%}{words}")


if __name__ == "__main__":
    main()
