r"""What is done to one cache-sized chunk: in NumPy, or compiled by Numba when that is asked for.

Both sum a chunk block by block and leave it to the caller to add the chunks up exactly, so results
agree to a few units in the last place.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any, NamedTuple

import numpy as np

from radsim.game import Array

__all__ = ["NUMPY", "Kernels", "kernels"]


class Kernels(NamedTuple):
    """The three loops over points.

    Attributes
    ----------
    level : callable
        (gains, stakes or None, low, high) -> sum of g/s over g > high (their number if there are no
        stakes), sum of 1/s (of 1/g), and where low < g <= high.
    prices : callable
        (gains, stakes or None, low, high, least, most) -> over g > high: sums of g/s and 1/s where
        s > most, number and sum of g where s < least; and where else g >= low and g > 0.
    include : callable
        (out, gains, stakes, level, threshold, capped): q of the points above the level.
    """

    level: Callable[..., tuple[float, float, Array]]
    prices: Callable[..., tuple[float, float, float, float, Array]]
    include: Callable[..., None]


def _level(g: Array, s: Array | None, low: float, high: float) -> tuple[float, float, Array]:
    above = g > high
    inside = np.flatnonzero((g > low) ^ above)
    inverse = 1 / (g if s is None else s)
    inverse *= above
    density = float(inverse.sum())
    if not density < np.inf:  # a zero stake made a NaN
        stakes = g if s is None else s
        above &= stakes > 0
        g, stakes = g[above], stakes[above]
        ratio = len(g) if s is None else float(np.sum(g / stakes))
        return ratio, float(np.sum(1 / stakes)), inside
    if s is None:
        return np.count_nonzero(above), density, inside
    inverse *= g
    return float(inverse.sum()), density, inside


def _prices(
    g: Array, s: Array | None, low: float, high: float, least: float, most: float
) -> tuple[float, float, float, float, Array]:
    above = g > high
    if s is None:
        s = g
        heavy = above if most <= high else g > most
    else:
        heavy = s > most
        heavy &= above
    light = s < least
    light &= above
    band = g > 0 if low == 0 else g >= low
    band ^= heavy
    band ^= light
    index = np.flatnonzero(band)
    ratio = density = sure = gain = 0.0
    if heavy.any():
        inverse = 1 / s
        inverse *= heavy
        density = float(inverse.sum())
        if s is g:
            ratio = np.count_nonzero(heavy)
        elif density < np.inf:
            inverse *= g
            ratio = float(inverse.sum())
        if not density < np.inf:  # a zero stake made a NaN
            ratio, density = float(np.sum(g[heavy] / s[heavy])), float(np.sum(1 / s[heavy]))
    if light.any():
        sure = np.count_nonzero(light)
        gain = float(np.multiply(g, light).sum())
    return ratio, density, sure, gain, index


def _include(
    out: Array, g: Array, s: Array, level: float, threshold: float, capped: bool
) -> None:
    np.divide(threshold, s, out=out)
    if capped:
        np.fmin(out, 1, out=out)  # 0/0, a point without a stake, is taken surely
    out *= g > level
    if not capped and not out.max(initial=0.0) < np.inf:
        out[s == 0] = 0.0


NUMPY = Kernels(_level, _prices, _include)
_BLOCK = 32


@cache
def _compiled() -> Kernels:
    try:
        from numba import njit
    except ImportError as error:
        raise ValueError("kernels = 'numba' needs Numba: pip install radsim[fast]") from error
    fast: Any = njit(fastmath={"reassoc"}, error_model="numpy", cache=True, nogil=True)

    @fast
    def level_one(g, low, high, place):  # type: ignore[no-untyped-def]
        ratio, density, k = 0, 0.0, 0
        for start in range(0, len(g), _BLOCK):
            end = min(len(g), start + _BLOCK)
            above, inside, part = 0, 0, 0.0
            for i in range(start, end):
                up = g[i] > high
                part += 1 / g[i] if up else 0.0
                above += up
                inside += g[i] > low
            ratio += above
            density += part
            if inside > above:
                for i in range(start, end):
                    place[k] = i
                    k += (g[i] > low) & (g[i] <= high)
        return ratio, density, k

    @fast
    def level_two(g, s, low, high, place):  # type: ignore[no-untyped-def]
        ratio, density, k = 0.0, 0.0, 0
        for start in range(0, len(g), _BLOCK):
            end = min(len(g), start + _BLOCK)
            inside, part, share = 0, 0.0, 0.0
            for i in range(start, end):
                up = (g[i] > high) & (s[i] > 0)
                x = 1 / s[i] if up else 0.0
                part += x
                share += x * g[i]
                inside += (g[i] > low) & (g[i] <= high)
            ratio += share
            density += part
            if inside:
                for i in range(start, end):
                    place[k] = i
                    k += (g[i] > low) & (g[i] <= high)
        return ratio, density, k

    @fast
    def include(out, g, s, level, threshold, capped):  # type: ignore[no-untyped-def]
        if capped:
            for i in range(len(g)):
                x = threshold / s[i] if s[i] > threshold else 1.0
                out[i] = x if g[i] > level else 0.0
        else:
            for i in range(len(g)):
                out[i] = threshold / s[i] if (g[i] > level) & (s[i] > 0) else 0.0

    def level(g: Array, s: Array | None, low: float, high: float) -> tuple[float, float, Array]:
        place = np.empty(len(g) + 1, dtype=np.int64)
        if s is None:
            ratio, density, k = level_one(g, low, high, place)
        else:
            ratio, density, k = level_two(g, s, low, high, place)
        return ratio, density, place[:k]

    # Compiled, the loop for two prices took as long as NumPy's.
    return Kernels(level, _prices, include)


def kernels(name: str) -> Kernels:
    """Loops by name: "numpy" or "numba".

    Raises
    ------
    ValueError
        If the name is unknown or Numba is not installed.
    """
    if name not in ("numpy", "numba"):
        raise ValueError(f"kernels = {name!r} must be 'numpy' or 'numba'")
    return NUMPY if name == "numpy" else _compiled()
