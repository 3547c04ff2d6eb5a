"""Games beyond the one of chapter 1: tails of the realised gain, and a number of mistakes that is
not known."""

from radsim.extensions.tail_laws import TailLaw, best_tail_law, tail_guarantee
from radsim.extensions.unknown import TwoPools, price_of_a_bound, two_pools

__all__ = [
    "TailLaw",
    "TwoPools",
    "best_tail_law",
    "price_of_a_bound",
    "tail_guarantee",
    "two_pools",
]
