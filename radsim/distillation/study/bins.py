r"""Value of a right label and harm of a wrong one by gain, measured on test points.

For the report alone: no strategy may look at test points.  `harm_curves` is the protocol that a
strategy may follow.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from radsim.distillation.loop import compare
from radsim.distillation.setting import Setting
from radsim.distillation.strategies import Strategy
from radsim.distillation.view import View
from radsim.selectors import Selection

__all__ = ["N_BINS", "run_bins"]

N_BINS = 8  # of the gain's rank
SHARE = 0.05  # of the pool, asked about in one bin


def _within(index: int) -> Strategy:
    """Uniform within one bin of the gain's rank."""

    def choose(view: View, rng: np.random.Generator) -> Selection:
        order = np.argsort(view.gains, kind="stable")
        here = np.array_split(order, N_BINS)[index]
        return Selection(np.sort(rng.choice(here, view.budget, replace=False)), None)

    return Strategy(choose, f"uniform within bin {index} of the gain's rank", "a probe")


def run_bins(cell: Mapping[str, Any], rng: np.random.Generator) -> list[dict[str, Any]]:
    r"""One row a seed and bin: points of test accuracy per hundred right or wrong labels.

    A share of 5 % of the pool is asked about within one bin, with every answer right (rate 0) or
    every answer wrong (rate 1); the change of accuracy is divided by the number of answers.

    Parameters
    ----------
    cell : mapping
        `data`, `first_seed`, `n_seeds`.
    rng : numpy.random.Generator
        Unused: the seeds bring their own chance.

    Returns
    -------
    list of dict
        `seed`, `bin`, `gain` (mean in the bin), `value`, `harm`.
    """
    del rng
    rows = []
    strategies = {f"bin {k}": _within(k) for k in range(N_BINS)}
    for seed in range(cell["first_seed"], cell["first_seed"] + cell["n_seeds"]):
        right, wrong = (
            compare(
                Setting(data=cell["data"], noise="uniform", rate=rate, budget=SHARE),
                strategies,
                seed,
            )
            for rate in (0.0, 1.0)
        )
        for k, (good, bad) in enumerate(zip(right, wrong, strict=True)):
            each = 1e4 / good.n_queried
            rows.append(
                {
                    "seed": seed,
                    "bin": k,
                    "gain": good.realised_gain / good.n_queried,
                    "value": each * (good.test_accuracy - good.labelled_accuracy),
                    "harm": each * (bad.labelled_accuracy - bad.test_accuracy),
                }
            )
    return rows
