r"""Audits: some answers are checked after they came, and the best use of the rest is kept (N8).

A learner has b answers.  A *use* of them is a weight for each: all of them, none, one stratum, the
half that one strategy asked for.  Which use is best depends on which answers are wrong.  Checking a
of them, drawn at random after they came, finds a use that is nearly the best in hindsight,
whatever the teacher does, as long as it does not know which will be checked.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import expit, gammaln, logit, logsumexp

from radsim.door import Array, array, count, matrix, number, vector

__all__ = [
    "AuditedUse",
    "audit_evidence",
    "audit_loss",
    "audited_use",
    "least_audit_loss",
    "least_blind_loss",
    "stage_errors",
    "two_use_loss",
]


MOST = 10**15  # answers: floats count exactly beyond that
MOST_COUNTED = 10**4  # of which every number of mistakes is tried


def _drawn_wrong(total: int, marked: int, drawn: int) -> Array:
    """Law of the number of marked among those drawn, shape (drawn + 1,)."""

    def ways(n: int, k: Array) -> Array:
        fits = (k >= 0) & (k <= n)
        j = np.where(fits, k, 0)
        return np.where(fits, gammaln(n + 1) - gammaln(j + 1) - gammaln(n - j + 1), -np.inf)

    x = np.arange(drawn + 1)
    log = ways(marked, x) + ways(total - marked, drawn - x)
    law = np.exp(log - log.max())
    return np.asarray(law / law.sum())


def audit_loss(
    n_answers: int, n_checks: int, spread: float, error: float, n_uses: int = 2
) -> float:
    r"""What the use that an audit picks may fall short of the best in hindsight (N8).

    .. math:: \epsilon = b R \sqrt{\frac{\rho_a \ln((K - 1)/\delta)}{2a}}, \qquad
        \rho_a = \min\left(1 - \frac{a - 1}{b},\; \left(1 - \frac ab\right)
        \left(1 + \frac1a\right)\right)

    Parameters
    ----------
    n_answers : int
        b.
    n_checks : int
        a, in [1, b], drawn by simple random sampling.
    spread : float
        R: for any two uses, the most that one answer adds to their difference if it is wrong, less
        the least; the largest stake if the uses are nested.
    error : float
        :math:`\delta`, the probability that it falls short by more.
    n_uses : int
        K.

    Returns
    -------
    float
        0 when all answers are checked.

    References
    ----------
    Theory page: N8; Serfling, "Probability inequalities for the sum in sampling without
    replacement", Annals of Statistics 2 (1974); Bardenet and Maillard, Bernoulli 21 (2015).

    Examples
    --------
    >>> round(audit_loss(100, 25, 2.0, 0.05), 2), audit_loss(100, 100, 2.0, 0.05)
    (42.68, 0.0)
    """
    b = count(n_answers, "n_answers", low=1, high=MOST)
    a = count(n_checks, "n_checks", low=1, high=b)
    k = count(n_uses, "n_uses", low=1)
    spread = number(spread, "spread")
    error = number(error, "error", high=1, open_low=True, open_high=True)
    if k == 1:
        return 0.0
    left = min(1 - (a - 1) / b, (1 - a / b) * (1 + 1 / a))
    return float(b * spread * np.sqrt(max(0.0, left * np.log((k - 1) / error)) / (2 * a)))


def two_use_loss(
    n_answers: int, n_checks: int, error: float, *, gain: float = 1.0, stake: float = 2.0
) -> float:
    r"""The least number that an audit of two uses keeps to: all answers, or none, one gain for all.

    With k of b answers wrong all of them are worth :math:`bg - sk`, none are worth 0, and the rule
    keeps them if the checked ones are worth something, :math:`X s < a g`, X hypergeometric:

    .. math:: \epsilon = \max\{|bg - sk| : P_k(\text{the wrong use is kept}) > \delta\}

    Parameters
    ----------
    n_answers, n_checks : int
        b and a.
    error : float
        :math:`\delta`.
    gain, stake : float
        g and s.

    Returns
    -------
    float
        Exact: no smaller number holds with probability :math:`1 - \delta` for every teacher.

    References
    ----------
    Theory page: N8.

    Examples
    --------
    >>> two_use_loss(100, 25, 0.05), two_use_loss(100, 100, 0.05)
    (26.0, 0.0)
    """
    b = count(n_answers, "n_answers", low=1, high=MOST_COUNTED)
    a = count(n_checks, "n_checks", low=1, high=b)
    error = number(error, "error", high=1, open_low=True, open_high=True)
    gain, stake = number(gain, "gain"), number(stake, "stake", open_low=True)
    x, worst = np.arange(a + 1), 0.0
    keeps = x * stake < a * gain
    for k in range(b + 1):
        worth = b * gain - stake * k
        law = _drawn_wrong(b, k, a)
        wrong = float(law[~keeps].sum() if worth > 0 else law[keeps].sum())
        if wrong > error:
            worst = max(worst, abs(worth))
    return worst


def least_blind_loss(worth: float, harm: float) -> float:
    r"""What every rule loses against some teacher if no answer is checked (N8).

    The answers are worth G if all are right and -H if all are wrong; a rule that sees the same in
    both cases keeps them with the same probability, so one of its two losses is at least

    .. math:: \frac{G H}{G + H} .

    Parameters
    ----------
    worth, harm : float
        G and H.

    Returns
    -------
    float

    References
    ----------
    Theory page: N8.

    Examples
    --------
    >>> least_blind_loss(10.0, 10.0)
    5.0
    """
    g, h = number(worth, "worth"), number(harm, "harm")
    return 0.0 if g + h == 0 else g / (g + h) * h


def least_audit_loss(n_answers: int, n_checks: int, stake: float = 2.0) -> float:
    r"""What every rule with so many checks loses on average against some teacher (N8).

    .. math:: \frac{s}{2} \cdot \frac{b - a}{4 \sqrt a}\left(1 - \frac{1}{\sqrt 3}\right),
        \qquad a \ge 1

    of the answers that are not checked, whose gain is half of the stake s.

    References
    ----------
    Theory page: N8.

    Examples
    --------
    >>> round(least_audit_loss(100, 25), 2) < two_use_loss(100, 25, 0.05)
    True
    """
    b = count(n_answers, "n_answers", low=1, high=MOST)
    a = count(n_checks, "n_checks", low=1, high=b)
    half = number(stake, "stake") / 2
    return float(half * (b - a) / (4 * np.sqrt(a)) * (1 - 1 / np.sqrt(3)))


@dataclass(frozen=True, eq=False)
class AuditedUse:
    """The use of the answers that an audit picks, and what is known of all uses.

    Attributes
    ----------
    index : int
        The use that is kept.
    estimates : ndarray, shape (K,)
        Unbiased estimates of what every use is worth.
    loss : float
        The kept use is worth no less than the best in hindsight minus this, but for the error.
    error : float
    """

    index: int
    estimates: Array
    loss: float
    error: float


def audited_use(
    gains: ArrayLike,
    stakes: ArrayLike,
    uses: ArrayLike,
    checked: ArrayLike,
    wrong: ArrayLike,
    *,
    error: float = 0.05,
) -> AuditedUse:
    r"""Keep the use of the answers that is worth most by the checked ones (N8).

    A use w is worth :math:`G(w) = \sum_i w_i (g_i - s_i l_i)`, and its estimate is the
    Horvitz-Thompson estimate :math:`\sum_i w_i g_i - \frac ba \sum_{i \in A} w_i s_i l_i`.

    Parameters
    ----------
    gains, stakes : array_like, shape (b,)
    uses : array_like, shape (K, b)
        Weights in [0, 1].
    checked : array_like of int, shape (a,)
        Places of the checked answers: drawn at random after the answers came, blind to them.
    wrong : array_like of bool, shape (a,)
        Whether they are wrong.
    error : float
        :math:`\delta`.

    Returns
    -------
    AuditedUse

    Raises
    ------
    ValueError
        If a place is named twice or does not exist, or lengths differ.

    References
    ----------
    Theory page: N8.

    Examples
    --------
    >>> import numpy as np
    >>> g, all_of_them, none = np.ones(8), np.ones(8), np.zeros(8)
    >>> audited_use(g, 2 * g, [all_of_them, none], [1, 4], [True, True]).index
    1
    """
    g = vector(gains, "gains")
    b = len(g)
    s = vector(stakes, "stakes", b, of="gains")
    table = matrix(uses, "uses")
    if table.shape[1] != b:
        raise ValueError(f"uses: rows of {table.shape[1]} weights, gains has {b}")
    if (over := np.argwhere((table < 0) | (table > 1))).size:
        i, j = (int(x) for x in over[0])
        raise ValueError(f"uses[{i}, {j}] = {table[i, j]} must be in [0, 1]")
    named = vector(checked, "checked")
    places = named.astype(np.intp)
    flags = vector(wrong, "wrong", len(places), of="checked", high=1)
    fits = np.array_equal(places, named) and len(np.unique(places)) == len(places)
    if not fits or (len(places) and places.max() >= b):
        raise ValueError(f"checked = {checked!r:.60} must name places in [0, {b}), each once")
    a = count(len(places), "n_checks", low=1, high=b)
    losses = table * s
    estimates = table @ g - b / a * (losses[:, places] @ flags)
    spread = 0.0
    for i, mine in enumerate(losses):
        for other in losses[:i]:
            spread = max(spread, float((mine - other).clip(0).max() + (other - mine).clip(0).max()))
    return AuditedUse(
        int(estimates.argmax()), estimates, audit_loss(b, a, spread, error, len(table)), error
    )


def audit_evidence(
    profile: ArrayLike, wrong: ArrayLike, shifts: Sequence[float] = (0.5, 1.0, 2.0, 4.0)
) -> Array:
    r"""Evidence, check by check, that the teacher is worse where it was asked than predicted.

    A test martingale: if the i-th checked answer is wrong with probability at most :math:`r_i`
    given those before, the expected evidence is at most 1 at any time, so it exceeds
    :math:`1/\alpha` with probability at most :math:`\alpha` (Ville).  It is the mean over shifts
    of likelihood ratios,

    .. math:: E_t = \frac1J \sum_j \prod_{i \le t}
        \frac{p_{ij}^{x_i} (1 - p_{ij})^{1 - x_i}}{r_i^{x_i} (1 - r_i)^{1 - x_i}}, \qquad
        \operatorname{logit} p_{ij} = \operatorname{logit} r_i + \delta_j .

    Parameters
    ----------
    profile : array_like, shape (a,)
        :math:`r_i`, from validation points.
    wrong : array_like of bool, shape (a,)
        In the order of the checks.
    shifts : sequence of float
        :math:`\delta_j > 0`.

    Returns
    -------
    ndarray, shape (a,)
        Logarithms of the evidence after every check.

    References
    ----------
    Theory page: N8; Ville 1939; Waudby-Smith and Ramdas, JRSS B 86 (2024).

    Examples
    --------
    >>> import numpy as np
    >>> path = audit_evidence(np.full(8, 0.2), np.ones(8, dtype=bool))
    >>> bool(path[-1] > np.log(1000)), bool(np.all(np.diff(path) > 0))
    (True, True)
    """
    r = np.clip(vector(profile, "profile", high=1), 1e-12, 1 - 1e-12)
    x = vector(wrong, "wrong", len(r), of="profile", high=1) > 0
    steps = array(shifts, "shifts", low=0)
    p = expit(logit(r)[:, None] + steps)
    ratio = np.where(
        x[:, None], np.log(p) - np.log(r)[:, None], np.log1p(-p) - np.log1p(-r)[:, None]
    )
    return np.asarray(logsumexp(np.cumsum(ratio, axis=0), axis=1) - np.log(len(steps)))


def stage_errors(error: float, n_stages: int) -> Array:
    r"""Errors of stages that add up to at most the error, however many stages there will be.

    .. math:: \delta_t = \delta \left(\tfrac1t - \tfrac1{t + 1}\right)

    Examples
    --------
    >>> stage_errors(0.06, 2).round(6).tolist()
    [0.03, 0.01]
    """
    parts = [1 / t for t in range(1, count(n_stages, "n_stages", low=1) + 2)]
    return number(error, "error", high=1) * np.array([x - y for x, y in pairwise(parts)])
