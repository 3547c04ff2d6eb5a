"""Games beyond the one of chapter 1: mistakes of any size, several teachers, rates of certainty."""

from radsim.extensions.certainty import certainty_mistakes, certainty_rate, certainty_rate_at_share
from radsim.extensions.damage import Damage, damage_from
from radsim.extensions.deviations import DeviationSolution, check_deviations, solve_deviations
from radsim.extensions.routing import Advice, Market, Route, Vote, advise, route, vote

__all__ = [
    "Advice",
    "Damage",
    "DeviationSolution",
    "Market",
    "Route",
    "Vote",
    "advise",
    "certainty_mistakes",
    "certainty_rate",
    "certainty_rate_at_share",
    "check_deviations",
    "damage_from",
    "route",
    "solve_deviations",
    "vote",
]
