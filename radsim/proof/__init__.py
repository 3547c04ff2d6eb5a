"""Proofs of picks that carry all that is needed to check them, in exact arithmetic, by anybody.

A proof names its game by a digest and holds two strategies that are feasible to the last bit, what
they earn against their best replies, and the draw.  Nothing in it is to be believed: whoever has
the gains can work all of it out again.
"""

from radsim.proof.form import (
    FORMAT,
    MOST_BYTES,
    MOST_CHECKED,
    MOST_PROVED,
    VERSION,
    Proof,
    read_proof,
    text_of,
    written,
)
from radsim.proof.proving import Refused, check_proof, prove

__all__ = [
    "FORMAT",
    "MOST_BYTES",
    "MOST_CHECKED",
    "MOST_PROVED",
    "VERSION",
    "Proof",
    "Refused",
    "check_proof",
    "prove",
    "read_proof",
    "text_of",
    "written",
]
