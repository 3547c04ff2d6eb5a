"""The posterior of the shifts by brute force."""

from __future__ import annotations

from itertools import product

import numpy as np
from scipy.special import expit, logit

from radsim.distillation.shifts import Shifts
from radsim.game import Array

SMALL = Shifts(none=0.4, spread=2.0, switch=0.3, reach=4.0, n_grid=5)


def enumerated(profile: Array, wrong: Array, rounds: Array, n_rounds: int, shifts: Shifts) -> Array:
    """Posterior by summing over all sequences of switches, and of shifts between them."""
    grid, prior = shifts.grid, shifts.prior
    total = np.zeros((n_rounds, len(grid)))
    for switches in product([False, True], repeat=n_rounds - 1):
        weight = np.prod([shifts.switch if s else 1 - shifts.switch for s in switches])
        runs = np.cumsum([0, *switches])
        for values in product(range(len(grid)), repeat=runs[-1] + 1):
            mine = np.array(values)[runs]
            r = expit(logit(profile) + grid[mine[rounds]])
            chance = weight * np.prod(prior[list(values)]) * np.prod(np.where(wrong, r, 1 - r))
            total[np.arange(n_rounds), mine] += chance
    return total / total.sum(axis=1, keepdims=True)
