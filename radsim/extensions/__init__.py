"""Games beyond the one of chapter 1: many rounds against one budget of mistakes."""

from radsim.extensions.price_hedge import PriceHedge
from radsim.extensions.rounds import RoundsSolution, certify_rounds, design_at_price, solve_rounds
from radsim.extensions.rounds_game import RoundsGame

__all__ = [
    "PriceHedge",
    "RoundsGame",
    "RoundsSolution",
    "certify_rounds",
    "design_at_price",
    "solve_rounds",
]
