r"""Claims by name: an id of the theory, or the address of a claim of somebody's own."""

from __future__ import annotations

from functools import cache

from radsim.addresses import loaded
from radsim.claims import CLAIMS, Claim

__all__ = ["claim_at"]


@cache
def claim_at(name: str) -> Claim:
    """A row of `CLAIMS` by its id, or somebody's own claim by its address, whose code is run.

    Parameters
    ----------
    name : str
        An id, ``FILE.py:NAME`` or ``MODULE:NAME``.

    Returns
    -------
    Claim

    Raises
    ------
    ValueError
        If there is no such id, or no claim at the address.

    Examples
    --------
    >>> claim_at("V2").id
    'V2'
    >>> claim_at("math:pi")
    Traceback (most recent call last):
    ...
    ValueError: --claims math:pi: is no Claim
    """
    if name in CLAIMS:
        return CLAIMS[name]
    found = loaded(name, "--claims")
    if not isinstance(found, Claim):
        raise ValueError(f"--claims {name}: is no Claim")
    return found
