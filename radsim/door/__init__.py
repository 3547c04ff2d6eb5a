r"""Checks of arguments, for all of radsim.

An argument that cannot be is refused with a ValueError that names the argument, the place and the
value; what passes is float64, finite, in its range, and a read-only copy.  Inside the house nothing
is checked again.  An argument named like an option, ``--delta``, is refused as the command line
writes it.
"""

from radsim.door.arrays import (
    array,
    class_probabilities,
    floats,
    inside,
    matrix,
    vector,
    whole,
)
from radsim.door.rules import Array, Limits, between, steady
from radsim.door.values import count, each_of, flag, generator, number, one_of, typed

__all__ = [
    "Array",
    "Limits",
    "array",
    "between",
    "class_probabilities",
    "count",
    "each_of",
    "flag",
    "floats",
    "generator",
    "inside",
    "matrix",
    "number",
    "one_of",
    "steady",
    "typed",
    "vector",
    "whole",
]
