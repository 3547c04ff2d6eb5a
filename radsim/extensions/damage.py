r"""What an error of any size costs: a profile by points, and its concave envelope."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike

from radsim.door import Array, count, number, steady, vector

__all__ = ["Damage", "damage_from"]


@dataclass(frozen=True, eq=False)
class Damage:
    r"""What an error of each size costs, as a share of the stake: straight between points.

    .. math:: \varphi : [0, 1] \to [0, 1], \quad \varphi(0) = 0, \quad \varphi(1) = 1,

    and nowhere falling.  A soft-label that is off by x takes :math:`s_i \varphi(x)` from point i.

    Parameters
    ----------
    sizes : array_like, shape (k,)
        Sizes of errors, from 0 to 1, none below the one before.  Two points at one size are a
        jump: the higher one counts.
    damages : array_like, shape (k,)
        :math:`\varphi` there, from 0 to 1, none below the one before.

    Attributes
    ----------
    vertices : tuple of ndarray
        Sizes and damages of the corners of the concave envelope, up to where it reaches one.

    Raises
    ------
    ValueError
        Naming the argument, the index and the value that cannot be.

    References
    ----------
    Theory page: N4.

    Examples
    --------
    Errors below one half are harmless, larger ones cost everything.

    >>> step = Damage([0, 0.5, 0.5, 1], [0, 0, 1, 1])
    >>> step([0.4, 0.5]).tolist()
    [0.0, 1.0]
    >>> [corner.tolist() for corner in step.vertices]
    [[0.0, 0.5], [0.0, 1.0]]
    >>> Damage([0, 0.5, 1], [0, 0.7, 0.6])
    Traceback (most recent call last):
    ...
    ValueError: damages[2] = 0.6 must be at least damages[1] = 0.7
    """

    sizes: Array
    damages: Array

    @steady
    def __init__(self, sizes: ArrayLike, damages: ArrayLike) -> None:
        x = vector(sizes, "sizes", least=2, high=1)
        y = vector(damages, "damages", len(x), of="sizes", high=1)
        for name, values in (("sizes", x), ("damages", y)):
            for i in np.flatnonzero(np.diff(values) < 0) + 1:
                raise ValueError(
                    f"{name}[{i}] = {values[i]} must be at least {name}[{i - 1}] = {values[i - 1]}"
                )
            for place, end in ((0, 0), (len(x) - 1, 1)):
                if values[place] != end:
                    raise ValueError(f"{name}[{place}] = {values[place]} must be {end}")
        for i in np.flatnonzero((x == 0) & (y > 0)):
            raise ValueError(f"damages[{i}] = {y[i]} must be 0: an error of size 0 costs nothing")
        with np.errstate(over="ignore", divide="ignore", invalid="ignore"):
            steep = np.flatnonzero((x > 0) & ~np.isfinite(y / x))
        for i in steep:
            raise ValueError(f"sizes[{i}] = {x[i]} is too small for a damage of {y[i]}")
        object.__setattr__(self, "sizes", x)
        object.__setattr__(self, "damages", y)

    def __repr__(self) -> str:
        return f"Damage({self.sizes.tolist()}, {self.damages.tolist()})"

    @steady
    def __call__(self, size: ArrayLike) -> Array:
        """Damage of errors of given sizes, an array of any shape in [0, 1]."""
        x, y = self.sizes, self.damages
        at = np.clip(np.asarray(size, dtype=np.float64), 0, 1)
        before = np.searchsorted(x, at, side="right") - 1
        after = np.minimum(before + 1, len(x) - 1)
        width = np.where(x[after] > x[before], x[after] - x[before], 1.0)
        return np.asarray(y[before] + (at - x[before]) / width * (y[after] - y[before]))

    @cached_property
    def vertices(self) -> tuple[Array, Array]:
        """Corners of the concave envelope: the upper hull of the points, until it reaches one."""
        hull: list[tuple[float, float]] = []
        for x, y in zip(self.sizes.tolist(), self.damages.tolist(), strict=True):
            while hull and (
                hull[-1][0] == x
                or (
                    len(hull) > 1
                    and (hull[-1][1] - hull[-2][1]) * (x - hull[-2][0])
                    <= (y - hull[-2][1]) * (hull[-1][0] - hull[-2][0])
                )
            ):
                hull.pop()
            hull.append((x, y))
            if y == 1:  # what comes after costs no more
                break
        corners = np.array(hull)
        corners.flags.writeable = False
        return corners[:, 0], corners[:, 1]


@steady
def damage_from(function: Callable[[float], float], n_points: int = 257) -> Damage:
    r"""Read a damage profile from a function, at evenly spaced sizes.

    Between the points the profile is straight.  So it is exact for a function that is straight
    there, not below a convex one, and below a concave one by at most its rise between two points.

    Parameters
    ----------
    function : callable
        From a size in [0, 1] to its damage; nowhere falling, from 0 to 1.
    n_points : int
        At least 2.

    Returns
    -------
    Damage

    Raises
    ------
    ValueError
        If the function falls, leaves [0, 1], or does not go from 0 to 1; names the point.

    References
    ----------
    Theory page: N4.

    Examples
    --------
    >>> damage_from(lambda x: x**2, 3)
    Damage([0.0, 0.5, 1.0], [0.0, 0.25, 1.0])
    """
    if not callable(function):
        raise ValueError(f"function = {function!r} must be a function")
    sizes = np.linspace(0, 1, count(n_points, "n_points", low=2))
    values = [number(function(x), f"function({x:g})", high=1) for x in sizes.tolist()]
    return Damage(sizes, values)
