r"""Conditional Poisson sampling: independent coins, kept if exactly b of them are heads.

Among all designs of fixed size with the given inclusion probabilities it has the largest entropy.
The coins' probabilities p are not q: they are calibrated, and then

.. math:: \frac{q_i}{1 - q_i} = \frac{p_i}{1 - p_i} \cdot
          \frac{P(N_{-i} = b - 1)}{P(N_{-i} = b)}

with :math:`N_{-i}` the number of heads among the other coins.  Its law for all i at once comes from
a tree of convolutions, up and down again.  All terms are positive, so that nothing cancels and the
smallest probabilities are as precise as the largest.
"""

from __future__ import annotations

import numpy as np

from radsim.game import Array
from radsim.sampling.design import Law, complements
from radsim.sampling.poisson import all_subsets

__all__ = ["calibrate", "coins", "draw", "draw_given_size", "joint", "law", "others", "pairs"]

_ENOUGH = 1e-12  # error of the log odds that is accepted
_STEPS, _DEPTH = 500, 6  # of the calibration, and how many of them each looks back at
_BATCH = 2_000_000  # coins tossed at a time
_PAIRS = 1_000_000  # coins of all trees that are grown at a time


def coins(odds: Array) -> tuple[Array, Array]:
    """Probabilities of tails and of heads at given log odds of heads."""
    return np.exp(-np.logaddexp(0, odds)), np.exp(-np.logaddexp(0, -odds))


def _convolve(x: Array, y: Array) -> Array:
    """Products of polynomials along the last axis."""
    n = x.shape[-1]
    out = np.zeros((*x.shape[:-1], 2 * n - 1), dtype=x.dtype)
    for k in range(n):
        out[..., k : k + n] += x[..., k : k + 1] * y
    return out


def _correlate(x: Array, y: Array) -> Array:
    """The transpose of `_convolve`: sums of x[j + k] y[k]."""
    n = y.shape[-1]
    out = np.zeros_like(y)
    for k in range(n):
        out += x[..., k : k + n] * y[..., k : k + 1]
    return out


def others(tails: Array, heads: Array, b: int) -> tuple[Array, Array]:
    """P(b of the other coins are heads) and P(b - 1 of them are), for each coin of the last axis.

    Counts 12 deviations and 30 away from a mean are left out: they are below rounding.
    """
    n = heads.shape[-1]
    unit = np.zeros((*heads.shape[:-1], (1 << (n - 1).bit_length()) - n))
    level = np.stack((np.concatenate((tails, unit + 1), -1), np.concatenate((heads, unit), -1)), -1)
    mean, variance = level[..., 1].real, (level[..., 0] * level[..., 1]).real
    low = np.zeros(mean.shape, dtype=np.intp)  # count that the first entry stands for
    below = []
    while mean.shape[-1] > 1:
        left, right = level[..., ::2, :], level[..., 1::2, :]
        mean, variance, low = (x[..., ::2] + x[..., 1::2] for x in (mean, variance, low))
        level = _convolve(left, right)
        full = level.shape[-1]
        width = min(full, 2 * int(12 * np.sqrt(variance.max()) + 30) + 1)
        start = np.clip(np.rint(mean).astype(np.intp) - width // 2 - low, 0, full - width)
        place = start[..., None] + np.arange(width)
        below.append((left, right, place, full))
        level, low = np.take_along_axis(level, place, -1), low + start
    back = (np.arange(level.shape[-1]) + low[..., None] == b).astype(level.dtype)
    for left, right, place, full in reversed(below):
        whole = np.zeros((*back.shape[:-1], full), dtype=back.dtype)
        np.put_along_axis(whole, place, back, -1)
        sides = _correlate(whole, right), _correlate(whole, left)
        back = np.stack(sides, -2).reshape(*left.shape[:-2], -1, left.shape[-1])
    return back[..., :n, 0], back[..., :n, 1]


def calibrate(q: Array) -> Array:
    r"""Log odds of the coins whose conditional inclusion probabilities are q.

    The formula above is solved for p, all others given, for all points at once; Anderson's
    acceleration (1965) sets the size of the steps.  The p are shifted to sum to b, which the
    conditioning does not see.

    Raises
    ------
    ArithmeticError
        If 1e-12 is not reached.

    References
    ----------
    Chen, Dempster, Liu, Biometrika 1994.
    """
    b, n = round(float(q.sum())), len(q)
    odds = target = np.log(q) - np.log(complements(q))
    if b in (0, n):
        return odds
    spread = np.sqrt(q * (1 - q))
    goal = 4 * np.spacing(max(4.0, float(np.abs(target).max())))
    best, error, since = odds, np.inf, 0
    tried: list[Array] = []
    moved: list[Array] = []
    for _ in range(_STEPS):
        odds = odds - _centre(odds, b)
        out, into = others(*coins(odds), b)
        move = target - np.log(into) + np.log(out) - odds
        now = float(np.abs(move).max())
        best, error, since = (odds, now, 0) if now < error else (best, error, since + 1)
        if error <= goal or (error <= _ENOUGH and since >= 3):
            return best
        tried, moved = [*tried[-_DEPTH:], odds], [*moved[-_DEPTH:], move]
        odds = odds + move
        if len(tried) > 1:
            steps, turns = np.diff(tried, axis=0).T, np.diff(moved, axis=0).T
            mix = np.linalg.lstsq(turns * spread[:, None], move * spread, rcond=None)[0]
            odds = odds - (steps + turns) @ mix
    if error > _ENOUGH:
        raise ArithmeticError(f"conditional Poisson: calibration stopped at {error:.1e}")
    return best


def _centre(odds: Array, b: int) -> float:
    """Shift of the log odds after which the probabilities sum to b."""
    shift = 0.0
    for _ in range(60):
        tails, heads = coins(odds - shift)
        near = tails < heads
        # Only small numbers are added, so that none of them is lost.
        excess = float(np.where(near, -tails, heads).sum()) + (int(near.sum()) - b)
        change = excess / max(float(np.sum(tails * heads)), 1e-300)
        shift += float(np.clip(change, -2, 2))
        if abs(change) < 1e-12:
            break
    return shift


def draw_given_size(
    p: Array, b: int, rng: np.random.Generator, size: int, forced: Array | None = None
) -> Array:
    """Independent coins until `size` rows hold exactly b heads.

    `forced` weights, if given, choose one point a row that is heads in any case.
    """
    n = len(p)
    deviation = float(np.sqrt(np.sum(p * (1 - p))))
    rate = min(1.0, 0.4 / max(deviation, 0.4))
    kept, found = [np.empty((0, n), dtype=bool)], 0
    while found < size:
        tries = min(max(1, _BATCH // n), int(1.2 * (size - found) / rate) + 8)
        heads = rng.random((tries, n)) < p
        if forced is not None:
            heads[np.arange(tries), rng.choice(n, size=tries, p=forced)] = True
        kept.append(heads[heads.sum(axis=1) == b])
        found += len(kept[-1])
    return np.concatenate(kept)[:size].astype(np.int64)


def draw(q: Array, *, rng: np.random.Generator, size: int) -> Array:
    """Draw samples by conditional Poisson sampling."""
    return draw_given_size(coins(calibrate(q))[1], round(float(q.sum())), rng, size)


def law(q: Array) -> Law:
    """All subsets of size b, weighted by the odds of the calibrated coins."""
    rows = all_subsets(len(q))
    rows = rows[rows.sum(axis=1) == round(float(q.sum()))]
    tails, heads = coins(calibrate(q))
    weight = np.prod(np.where(rows, heads, tails), axis=1)
    return Law(rows, weight / weight.sum())


def pairs(tails: Array, heads: Array, b: int) -> Array:
    """P(i and j are heads, N = b); off the diagonal only."""
    n = len(heads)
    out = np.zeros((n, n), dtype=heads.dtype)
    block = max(1, _PAIRS // n)
    for start in range(0, n, block):
        # Coin i is laid aside in row i: tails, and one head less to find.
        own = np.eye(n, dtype=bool)[start : start + block]
        rest = others(np.where(own, 1, tails), np.where(own, 0, heads), b - 1)[1]
        out[start : start + block] = heads[start : start + block, None] * heads * rest
    return out


def joint(q: Array) -> Array:
    """Second-order inclusion probabilities: coin by coin laid aside, the others on a tree."""
    tails, heads = coins(calibrate(q))
    b = round(float(q.sum()))
    out, into = others(tails, heads, b)
    return pairs(tails, heads, b) / (tails[0] * out[0] + heads[0] * into[0])
