"""Games beyond chapter 1: rounds, streams, errors of any size, teachers, tails, audits, no m."""

from radsim.extensions.audits import (
    AuditedUse,
    audit_evidence,
    audit_loss,
    audited_use,
    least_audit_loss,
    least_blind_loss,
    stage_errors,
    two_use_loss,
)
from radsim.extensions.certainty import certainty_mistakes, certainty_rate, certainty_rate_at_share
from radsim.extensions.damage import Damage, damage_from
from radsim.extensions.deviations import DeviationSolution, check_deviations, solve_deviations
from radsim.extensions.price_hedge import PriceHedge
from radsim.extensions.rounds import RoundsSolution, certify_rounds, design_at_price, solve_rounds
from radsim.extensions.rounds_game import RoundsGame
from radsim.extensions.routing import Advice, Market, Route, Vote, advise, route, vote
from radsim.extensions.streams import PricedStream
from radsim.extensions.tail_laws import TailLaw, best_tail_law, tail_guarantee
from radsim.extensions.unknown import TwoPools, price_of_a_bound, two_pools

__all__ = [
    "Advice",
    "AuditedUse",
    "Damage",
    "DeviationSolution",
    "Market",
    "PriceHedge",
    "PricedStream",
    "RoundsGame",
    "RoundsSolution",
    "Route",
    "TailLaw",
    "TwoPools",
    "Vote",
    "advise",
    "audit_evidence",
    "audit_loss",
    "audited_use",
    "best_tail_law",
    "certainty_mistakes",
    "certainty_rate",
    "certainty_rate_at_share",
    "certify_rounds",
    "check_deviations",
    "damage_from",
    "design_at_price",
    "least_audit_loss",
    "least_blind_loss",
    "price_of_a_bound",
    "route",
    "solve_deviations",
    "solve_rounds",
    "stage_errors",
    "tail_guarantee",
    "two_pools",
    "two_use_loss",
    "vote",
]
