r"""Shifts: how much worse than predicted the teacher is on the points that were asked about.

A profile from validation points names a mistake probability :math:`r_i` for every point.  Where the
teacher was asked, the truth may be worse: the logit of a mistake is taken to be
:math:`\operatorname{logit} r_i + \delta_t` in round t, and :math:`\delta_t` is inferred from the
answers that a trusted labeller checked.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import expit, log_expit, logit, logsumexp

from radsim.door import Array, count, number

__all__ = ["SHIFTS", "Shifts", "shift_posterior", "shifted"]


@dataclass(frozen=True)
class Shifts:
    """Prior of the shifts.

    Attributes
    ----------
    none : float
        Prior probability that there is no shift: validation points say it all.
    spread : float
        Standard deviation of a shift that is there, in units of the logit.
    switch : float
        Probability that a round draws its shift anew; otherwise it is that of the round before.
    reach, n_grid : float and int
        The grid of shifts: `n_grid` points in [-reach, reach], an odd number, 0 among them.

    Raises
    ------
    ValueError
        Naming the field and its value.
    """

    none: float = 0.5
    spread: float = 3.0
    switch: float = 0.1
    reach: float = 9.0
    n_grid: int = 73

    def __post_init__(self) -> None:
        number(self.none, "none", high=1)
        number(self.spread, "spread", open_low=True)
        number(self.switch, "switch", high=1, open_low=True, open_high=True)
        number(self.reach, "reach", open_low=True)
        if count(self.n_grid, "n_grid", low=3) % 2 == 0:
            raise ValueError(f"n_grid = {self.n_grid} must be odd: no shift is in the middle")

    @property
    def grid(self) -> Array:
        """Values of the shift."""
        return np.linspace(-self.reach, self.reach, self.n_grid)

    @property
    def prior(self) -> Array:
        """Their probabilities before any check."""
        wide = np.exp(-0.5 * (self.grid / self.spread) ** 2)
        wide *= (1 - self.none) / wide.sum()
        wide[self.n_grid // 2] += self.none
        return np.asarray(wide)


SHIFTS = Shifts()


def shift_posterior(
    profile: Array, wrong: Array, rounds: Array, n_rounds: int, shifts: Shifts = SHIFTS
) -> Array:
    r"""Posterior of every round's shift, from checked answers, by the forward-backward recursion.

    Parameters
    ----------
    profile : ndarray, shape (a,)
        :math:`r_i` of the checked points.
    wrong : ndarray of bool, shape (a,)
    rounds : ndarray of int, shape (a,)
        In [0, n_rounds).
    n_rounds : int
    shifts : Shifts

    Returns
    -------
    ndarray, shape (n_rounds, n_grid)
        Rows sum to one.

    References
    ----------
    Theory page: N8.

    Examples
    --------
    >>> import numpy as np
    >>> r, zero = np.full(9, 0.3), np.zeros(9, dtype=int)
    >>> bad = shift_posterior(r, np.ones(9, dtype=bool), zero, 1)[0] @ SHIFTS.grid
    >>> usual = shift_posterior(r, np.arange(9) < 3, zero, 1)[0] @ SHIFTS.grid
    >>> bool(bad > 2), bool(abs(usual) < 0.3)
    (True, True)
    """
    z = logit(np.clip(profile, 1e-9, 1 - 1e-9))[:, None] + shifts.grid
    each = np.where(wrong[:, None], log_expit(z), log_expit(-z))
    seen = np.zeros((n_rounds, shifts.n_grid))
    np.add.at(seen, rounds, each)
    prior = np.log(shifts.prior)
    stay, anew = np.log1p(-shifts.switch), np.log(shifts.switch)

    def passed(message: Array) -> Array:
        total = logsumexp(message)
        return np.asarray(np.logaddexp(stay + message, anew + total + prior))

    def back(message: Array) -> Array:
        return np.asarray(np.logaddexp(stay + message, anew + logsumexp(prior + message)))

    before, after = [prior], [np.zeros(shifts.n_grid)]
    for t in range(n_rounds - 1):
        before.append(passed(before[-1] + seen[t]))
        after.append(back(after[-1] + seen[n_rounds - 1 - t]))
    joint = np.stack(before) + seen + np.stack(after[::-1])
    return np.asarray(np.exp(joint - logsumexp(joint, axis=1, keepdims=True)))


def shifted(profile: Array, posterior: Array, rounds: Array, shifts: Shifts = SHIFTS) -> Array:
    """Mistake probabilities of points whose rounds' shifts have a posterior.

    Examples
    --------
    >>> import numpy as np
    >>> none = np.zeros((1, SHIFTS.n_grid))
    >>> none[0, SHIFTS.n_grid // 2] = 1
    >>> shifted(np.array([0.25]), none, np.array([0])).round(12).tolist()
    [0.25]
    """
    z = logit(np.clip(profile, 1e-9, 1 - 1e-9))[:, None] + shifts.grid
    return np.asarray((expit(z) * posterior[rounds]).sum(axis=1))
