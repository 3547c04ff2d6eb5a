"""Wrong variants of claims."""

import re
from collections.abc import Callable
from dataclasses import replace

from radsim import Claim, Comparison, Game, Instance, Verdict, check

Change = Callable[[Comparison], Comparison]


def judge(claim: Claim, game: Game, **options) -> Verdict:
    """The verdict on a game."""
    return check(claim, Instance("planted", game), **options)


def changed(claim: Claim, change: Change) -> Claim:
    """The claim with every comparison changed."""

    def compare(game, method, rng):
        for item in claim.compare(game, method, rng):
            yield change(item)

    return replace(claim, compare=compare)


def comparisons(claim: Claim, game: Game, **options) -> list[tuple[Comparison, Verdict]]:
    """Each comparison and the verdict on it alone."""
    found: list[Comparison] = []
    judge(changed(claim, lambda item: (found.append(item), item)[1]), game, **options)
    return [
        (item, judge(replace(claim, compare=lambda *given, item=item: [item]), game))
        for item in found
    ]


def stem(item: Comparison) -> str:
    """What is compared, and how, without numbers."""
    return re.sub(r"\d[\d.e+-]*", "#", item.label) + f" ({item.kind})"
