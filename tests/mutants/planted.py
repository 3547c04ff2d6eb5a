"""Wrong variants of claims."""

from collections.abc import Callable
from dataclasses import replace

from radsim import CLAIMS, Claim, Comparison, Game, Instance, Verdict, check


def judge(claim: Claim, game: Game, **options) -> Verdict:
    """The verdict on a game."""
    return check(claim, Instance("planted", game), **options)


def changed(claim_id: str, change: Callable[[Comparison], Comparison]) -> Claim:
    """The claim with every comparison changed."""
    claim = CLAIMS[claim_id]

    def compare(game, method, rng):
        for item in claim.compare(game, method, rng):
            yield change(item)

    return replace(claim, compare=compare)


def scaled(claim_id: str, factor: float) -> Claim:
    """The claim with every bound multiplied by a factor."""
    return changed(claim_id, lambda item: item._replace(bound=factor * item.bound))
