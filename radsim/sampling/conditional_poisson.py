r"""Conditional Poisson sampling: independent coins, kept if exactly b of them are heads.

Among all designs of fixed size with the given inclusion probabilities it has the largest entropy.
The coins' probabilities p are not q: they are calibrated.  All sums over subsets are read off the
characteristic function of the number of heads,

.. math:: P(N_{-i} = k) = \frac1M \sum_\theta e^{-\mathrm i\theta k} \prod_{j \ne i}
          (1 - p_j + p_j e^{\mathrm i\theta}),

on M angles, M odd so that no factor vanishes; a number of heads that is off by a multiple of M is
mistaken for k, which at M = 40 standard deviations is far below rounding.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from radsim.game import Array
from radsim.sampling.design import Law
from radsim.sampling.poisson import all_subsets

__all__ = ["calibrate", "draw", "draw_given_size", "joint", "law", "spectrum"]

_GOAL, _ENOUGH = 1e-14, 1e-12  # relative error of the calibration: wanted, accepted
_NEAR = 0.1  # error below which Newton's method takes over
_NEWTON_N = 1_000  # above it the diagonal stands for the covariance
_STEPS = 500
_BATCH = 2_000_000  # coins tossed at a time


class Spectrum(NamedTuple):
    """Characteristic function of the number of heads at angles of the upper half circle."""

    mass: Array  # (M,): weight of the angle, times the function, times the wave of "exactly b"
    heads: Array  # (M, n): factor that says "point i is heads"

    def total(self) -> float:
        """P(N = b)."""
        return float(self.mass.real.sum())

    def first(self) -> Array:
        """P(i is heads, N = b)."""
        return np.asarray((self.mass @ self.heads).real)

    def second(self, mass: Array | None = None) -> Array:
        """P(i and j are heads, N = b); off the diagonal only."""
        weight = self.mass if mass is None else mass
        return np.asarray(((self.heads * weight[:, None]).T @ self.heads).real)


def spectrum(p: Array, b: int) -> Spectrum:
    """Characteristic function of independent coins p at the count b."""
    n, deviation = len(p), float(np.sqrt(np.sum(p * (1 - p))))
    m = min(n + 1, int(40 * deviation) + 65) | 1
    # Angles come in conjugate pairs, so the upper half circle and real parts suffice.
    theta = 2 * np.pi * np.arange(m // 2 + 1) / m
    wave = np.exp(1j * theta)
    factor = 1 - p + np.multiply.outer(wave, p)
    weight = np.where(theta == 0, 1.0, 2.0) / m
    mass = weight * np.prod(factor, axis=1) * np.exp(-1j * theta * b)
    return Spectrum(mass, np.multiply.outer(wave, p) / factor)


def calibrate(q: Array) -> Array:
    r"""Probabilities p of the coins whose conditional inclusion probabilities are q.

    First the odds are multiplied by q over the current probabilities, which always converges (Chen,
    Dempster, Liu 1994); close by, Newton's method on the log odds takes over, with
    :math:`\partial\pi_i/\partial\eta_j = \pi_{ij} - \pi_i\pi_j`, by the diagonal where the pool is
    large.  The p are shifted to sum to b, which the conditioning does not see.

    Raises
    ------
    ArithmeticError
        If 1e-12, relative to q, is not reached.
    """
    b, n = round(float(q.sum())), len(q)
    if b in (0, n) or n == 1:
        return q
    odds = np.log(q) - np.log1p(-q)
    best, error, damping = odds, np.inf, 1.0
    for _ in range(_STEPS):
        odds = odds - _centre(odds, b)
        here = spectrum(1 / (1 + np.exp(-odds)), b)
        pi = here.first() / here.total()
        now = float(np.max(np.abs(pi / q - 1)))
        if now < error:
            best, error = odds, now
        elif error <= _ENOUGH:
            break
        else:
            damping /= 2
        if now <= _GOAL:
            break
        if now > _NEAR:
            step = np.log(q / pi)
        elif n <= _NEWTON_N:
            cover = here.second() / here.total() - np.outer(pi, pi)
            np.fill_diagonal(cover, pi * (1 - pi))
            # Singular along the vector of ones (the size is fixed): any common shift will do.
            spread = np.sqrt(pi * (1 - pi))
            scaled = cover / np.outer(spread, spread) + np.outer(spread, spread)
            step = np.linalg.solve(scaled, (q - pi) / spread) / spread
        else:
            step = damping * (q - pi) / (pi * (1 - pi))
        odds = odds + step
    if error > _ENOUGH:
        raise ArithmeticError(f"conditional Poisson: calibration stopped at {error:.1e}")
    return np.asarray(1 / (1 + np.exp(-best)))


def _centre(odds: Array, b: int) -> float:
    """Shift of the log odds after which the probabilities sum to b."""
    shift = 0.0
    for _ in range(60):
        p = 1 / (1 + np.exp(-(odds - shift)))
        change = (float(p.sum()) - b) / max(float(np.sum(p * (1 - p))), 1e-300)
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
    kept: list[Array] = []
    found = 0
    while found < size:
        tries = min(max(1, _BATCH // n), int(1.2 * (size - found) / rate) + 8)
        heads = rng.random((tries, n)) < p
        if forced is not None:
            heads[np.arange(tries), rng.choice(n, size=tries, p=forced)] = True
        kept.append(heads[heads.sum(axis=1) == b])
        found += len(kept[-1])
    return np.concatenate(kept)[:size].astype(np.int16)


def draw(q: Array, *, rng: np.random.Generator, size: int) -> Array:
    """Draw samples by conditional Poisson sampling."""
    return draw_given_size(calibrate(q), round(float(q.sum())), rng, size)


def law(q: Array) -> Law:
    """All subsets of size b, weighted by the odds of the calibrated coins."""
    p, rows = calibrate(q), all_subsets(len(q))
    rows = rows[rows.sum(axis=1) == round(float(q.sum()))]
    weight = np.prod(np.where(rows, p, 1 - p), axis=1)
    return Law(rows, weight / weight.sum())


def joint(q: Array) -> Array:
    """Second-order inclusion probabilities from the characteristic function."""
    here = spectrum(calibrate(q), round(float(q.sum())))
    return here.second() / here.total()
