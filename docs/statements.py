"""What the pages of theorems say beside the theory page: hypotheses, references, what is met."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from radsim import Game, solve

__all__ = ["DEMANDED", "HYPOTHESES", "MET", "REFERENCES", "holds"]

Demand = Callable[[Game], bool]

SINGLE = "one query, or draws with replacement"
LEVEL = "the sum of g/s exceeds m"
CAPPED = "without replacement"
ABSTAIN = "budget may stay unspent"
FORCED = "the whole budget is spent"
GAIN = "some gain is positive"
WHOLE = "m is whole"
FEW = "n is at most 5, so that the check can list every outcome"
SOME = "n is at most 30, for the check's sake"
THREE = "n is at least 3, for the check's sake"


def _shares(game: Game) -> float:
    play = game.gains > 0
    return float(np.sum(game.gains[play] / game.stakes[play]))


_HOLDS: dict[str, Demand] = {
    SINGLE: lambda game: game.budget == 1 or not game.capped,
    LEVEL: lambda game: _shares(game) > game.mistakes,
    CAPPED: lambda game: game.capped,
    ABSTAIN: lambda game: game.abstain,
    FORCED: lambda game: not game.abstain,
    GAIN: lambda game: bool(game.gains.max() > 0),
    WHOLE: lambda game: game.mistakes == int(game.mistakes),
    FEW: lambda game: game.n <= 5,
    SOME: lambda game: game.n <= 30,
    THREE: lambda game: game.n >= 3,
}


def holds(words: str, game: Game) -> bool:
    """Whether a game meets a hypothesis."""
    return _HOLDS[words](game)


# Claim -> the hypotheses under which it is checked; `living.write_theorems` holds them to
# `Claim.applies` on drawn games.
HYPOTHESES: dict[str, tuple[str, ...]] = {
    "V1": (SINGLE, LEVEL),
    "V2": (SINGLE, LEVEL),
    "V3": (CAPPED, ABSTAIN, GAIN),
    "V3a": (CAPPED, ABSTAIN, LEVEL),
    "V3b": (FORCED, GAIN),
    "V4": (ABSTAIN, GAIN),
    "V5": (LEVEL,),
    "V6": (LEVEL,),
    "V7": (GAIN,),
    **dict.fromkeys(("R1", "R2", "R3"), (SINGLE, WHOLE, LEVEL)),
    **dict.fromkeys(("A1", "A2", "A4", "A5"), (ABSTAIN, GAIN)),
    "S1": (FEW,),
    "S2": (FEW,),
    "S3": (FEW, CAPPED),
    "S4": (),
    "S5": (FEW, CAPPED, ABSTAIN),
    "S6": (SOME,),
    "A3": (),
    **dict.fromkeys(("N1", "N2"), (CAPPED, ABSTAIN, GAIN)),
    **dict.fromkeys(("N3", "N6", "N7"), (THREE, GAIN)),
    **dict.fromkeys(("N4", "N5"), (ABSTAIN, GAIN)),
}

# Claim -> how the comparison begins that its page asks to be met with equality.
MET = {
    "V1": "V = b lam",
    "V2": "V = b max_k ratio",
    "V3": "V = min F",
    "V3a": "V_b against b lam",
    "V3b": "V = min F",
    "V4": "tangent in m",
    "V5": "worst case",
    "V6": "error 0.2",
    "V7": "W(uniform) <= V",
    "R1": "rho = V/E",
    "R2": "R = E(t) - V",
    "R3": "rho = V/(V + R)",
    "A1": "",
    "A2": "",
    "A4": "",
    "A5": "",
    "S1": "E over pivotal = U",
    "S2": "iid",
    "S3": "pivotal, ",
    "S4": "W at m' <= m",
    "S5": "two rounds",
    "S6": "gap",
    "A3": "heaped",
    "N1": "",
    "N2": "Hedge",
    "N3": "R* by",
    "N4": "",
    "N5": "",
    "N6": "no tail above",
    "N7": "W + W'",
}


def _mixed(game: Game) -> bool:
    """Something is guaranteed, by chance alone, and the points are not all alike."""
    found = solve(game)
    inside = (found.inclusion > 1e-9) & (found.inclusion < 1 - 1e-9)
    alike = game.gains.max() == game.gains.min()
    return bool(found.value > 1e-9 and inside.sum() >= 2 and not alike)


def _bound_by_a_cap(game: Game) -> bool:
    return _mixed(game) and bool(solve(game).inclusion.max() > 1 - 1e-9)


# What a smallest game must have, or it would be one that teaches nothing; "": of any claim.
DEMANDED: dict[str, Demand] = {
    "": _mixed,
    "V3": _bound_by_a_cap,
    "V3a": lambda game: game.budget > 1 and _mixed(game),
    "V3b": lambda game: game.n > 2 and solve(game).value < -1e-9,
    "N3": lambda game: game.budget > 1 and game.mistakes == 1 and game.capped and _mixed(game),
    "R2": lambda game: game.n > 2 and _mixed(game),
    "R1": lambda game: game.n > 2 and _mixed(game),
    "R3": lambda game: game.n > 2 and _mixed(game),
}

_OURS = "Statement and proof are this project's."
_RAD = (
    "The game, and its closed form for harms in proportion to the gains: Baykal, Trinh, "
    "Iliopoulos, Menghani and Vee, *Robust Active Distillation*, ICLR 2023, arXiv 2210.01213."
)
_NEAR = (
    "Nearest relative at harm 0: Constantinescu and Wattenhofer, *Byzantine Game Theory: Sun "
    "Tzu's Boxes*, arXiv 2502.14812."
)
_MINIMAX = "Minimax: von Neumann, *Zur Theorie der Gesellschaftsspiele*, Math. Annalen 100 (1928)."

REFERENCES: dict[str, str] = {
    "V1": f"{_RAD} For any harms: this project's.",
    "V2": f"{_RAD} The step without sorting is that of Michelot's projection onto a simplex "
    "(J. Optim. Theory Appl. 50, 1986).",
    "V3": f"{_NEAR} {_OURS}",
    "S2": "Hoeffding, J. Amer. Statist. Assoc. 58 (1963); Maurer and Pontil, *Empirical Bernstein "
    "bounds and sample variance penalization*, COLT 2009.",
    "S3": "Joag-Dev and Proschan, Ann. Statist. 11 (1983), on negative association; Pemantle and "
    "Peres, Combin. Probab. Comput. 23 (2014), on strongly Rayleigh designs.",
    "S1": "Tillé, *Sampling Algorithms*, Springer 2006, describes the designs. " + _OURS,
    "S6": "Freund and Schapire, *Adaptive game playing using multiplicative weights*, Games Econ. "
    "Behav. 29 (1999).",
    "A4": f"{_MINIMAX} For convex sets: Sion, Pacific J. Math. 8 (1958).",
    "N2": "Hedge: Freund and Schapire, Games Econ. Behav. 29 (1999). " + _OURS,
    "N6": "Mean of the worst share: Rockafellar and Uryasev, *Optimization of conditional "
    "value-at-risk*, J. Risk 2 (2000). " + _OURS,
    "N7": "The argument is Le Cam's of two points (Ann. Statist. 1, 1973). " + _OURS,
    "": _OURS,
}
