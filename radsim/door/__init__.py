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
    index_of,
    inside,
    matrix,
    same_index,
    taken,
    vector,
    whole,
)
from radsim.door.rules import Array, Limits, between, steady
from radsim.door.tables import Table, UnknownName, nearest
from radsim.door.taking import CHUNK, Taken
from radsim.door.values import (
    checked,
    count,
    each_of,
    entries,
    flag,
    generator,
    names,
    number,
    one_of,
    typed,
)

__all__ = [
    "CHUNK",
    "Array",
    "Limits",
    "Table",
    "Taken",
    "UnknownName",
    "array",
    "between",
    "checked",
    "class_probabilities",
    "count",
    "each_of",
    "entries",
    "flag",
    "floats",
    "generator",
    "index_of",
    "inside",
    "matrix",
    "names",
    "nearest",
    "number",
    "one_of",
    "same_index",
    "steady",
    "taken",
    "typed",
    "vector",
    "whole",
]
