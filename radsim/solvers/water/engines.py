r"""Which loops a closed form runs on: NumPy's, or Numba's when they are asked for by name."""

from __future__ import annotations

from collections.abc import Callable

from radsim.door import one_of
from radsim.solvers.water.compiled import compiled
from radsim.solvers.water.kernels import Kernels
from radsim.solvers.water.vectorised import NUMPY

__all__ = ["ENGINES", "kernels"]

ENGINES: dict[str, Callable[[], Kernels]] = {"numpy": lambda: NUMPY, "numba": compiled}


def kernels(name: str) -> Kernels:
    """Loops by name: "numpy" or "numba".

    Raises
    ------
    ValueError
        If the name is unknown or Numba is not installed.
    """
    return ENGINES[one_of(name, ENGINES, "kernels")]()
