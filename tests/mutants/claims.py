"""Planted falsities: one table from the id of a claim to what its own comparisons must refute.

On the mutant's game the claim HOLDS as it stands; with the falsity planted it is VIOLATED.  A new
claim needs an entry here, and every kind of comparison that it makes must be refuted by one of its
mutants: a comparison that cannot fail is found.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from planted import Change
from pytest import MonkeyPatch

from radsim import DESIGNS, Comparison, Game
from radsim.claims import constrained, deviations, rounds, sampled, tails, value
from radsim.constrained import contaminate
from radsim.extensions import Damage, RoundsGame, tail_guarantee
from radsim.game import Count
from radsim.inference import mistakes_upper_bound
from radsim.sampling import pivotal
from radsim.sampling.design import Law
from radsim.sampling.tails import design_tails


def _unchanged(item: Comparison) -> Comparison:
    return item


@dataclass(frozen=True, eq=False)
class Mutant:
    """A falsity and the game that refutes it.

    Attributes
    ----------
    says : str
    game : Game
        The claim holds on it.
    change : callable
        What becomes of each comparison of the claim.
    plant : callable
        What is replaced in the claim's module, or in a table, before it compares.
    seeds : int
        The claim holds for so many seeds, the mutant is violated for one of them at least.
    """

    says: str
    game: Game
    change: Change = _unchanged
    plant: Callable[[MonkeyPatch], None] = lambda patch: None
    seeds: int = 1


# --- How a falsity is planted ---


def bounds(factor: float, game: Game, seeds: int = 1) -> Mutant:
    """Every bound times a factor."""
    return Mutant(
        f"bounds times {factor:g}",
        game,
        lambda item: item._replace(bound=factor * item.bound),
        seeds=seeds,
    )


def formula(says: str, game: Game, module, name: str, wrong, seeds: int = 1) -> Mutant:
    """A function of the claim's module replaced by a wrong one."""
    return Mutant(says, game, plant=lambda patch: patch.setattr(module, name, wrong), seeds=seeds)


def valued(says: str, game: Game, added: Callable[[Game], float]) -> Mutant:
    """Another value of the game: V plus a term that breaks the shape which the claim states."""
    right = value._interval

    def wrong(game, method):
        return tuple(end + added(game) for end in right(game, method))

    return formula(says, game, value, "_interval", wrong)


# --- Chapter 2: the value ---

STAKES = Game([9, 7, 4, 4, 1, 1, 1], 2, harms=[9, 1, 4, 2, 3, 1, 1])
FEW = STAKES.replace(mistakes=Count(0.2))
FLAT = Game([9, 9, 9, 9, 2, 1], Count(0.2), harm=0)
PROPORTIONAL = Game([9, 7, 4, 4, 1, 1, 1], 1.5)
CAPPED = Game([10, 3, 2], 1, budget=2, harm=0)
FORCED = Game([10, 10, 5, 2, 1], 4, abstain=False)
_prefix = value._prefix


def _multiple(game):
    """c of a game with harms c*g."""
    return float(game.harms.sum() / game.gains.sum())


def _in_order(order):
    """The prefix form in another order than falling gains."""

    def prefix(game):
        g, s = game.gains[order], game.stakes[order]
        total = np.cumsum(1 / s)
        return g, s, (np.cumsum(g / s) - game.mistakes) / total, total

    return prefix


def _over_gains(game):
    """The prefix form with gains for stakes."""
    return _prefix(game.replace(harms=np.zeros(game.n)))


def _steep(game):
    """H twice as large beside the right ratios: dV/dm = -b/(2H)."""
    g, s, ratio, total = _prefix(game)
    return g, s, ratio, 2 * total


def _against(game):
    """Mistakes that raise the level."""
    return _prefix(game.replace(mistakes=3 - game.mistakes))


def _uncapped_dual(game, lam):
    """F(lam) whose teacher shaves the smallest stakes first."""
    left, total = game.mistakes, 0.0
    for i in np.argsort(game.stakes, kind="stable"):
        need = min(1.0, max(0.0, game.gains[i] - lam) / game.stakes[i])
        made = min(left, need)
        left -= made
        total += max(0.0, game.gains[i] - game.stakes[i] * made - lam)
    return game.budget * lam + total


VALUE = {
    "V1": [
        bounds(1.05, STAKES),
        bounds(0.95, STAKES),
        formula("gains for stakes", STAKES, value, "_prefix", _over_gains),
    ],
    "V2": [
        bounds(1.05, STAKES),
        formula("gains for stakes", STAKES, value, "_prefix", _over_gains),
        formula("in turn", FEW, value, "_prefix", _in_order([0, 6, 1, 5, 2, 4, 3])),
        formula("smallest first", FLAT, value, "_prefix", _in_order([4, 5, 0, 1, 2, 3])),
    ],
    "V3": [
        bounds(1.05, CAPPED),
        formula("smallest stakes first", CAPPED, value, "_dual", _uncapped_dual),
    ],
    "V3a": [
        bounds(0.95, STAKES),
        bounds(0.5, CAPPED),
        valued("more budget, less value", STAKES, lambda game: -10 * game.budget),
        valued("convex in b", STAKES, lambda game: 10 * game.budget**2),
    ],
    "V3b": [
        bounds(1.05, FORCED),
        formula("lam >= 0 alone", FORCED, value, "_knots", lambda game: np.array([0.0, 10.0])),
    ],
    "V4": [
        valued("rising in m", STAKES, lambda game: 9 * game.mistakes),
        valued("concave in m", STAKES, lambda game: -9 * game.mistakes**2),
        formula("dV/dm = -b/(2H)", FEW, value, "_prefix", _steep),
        formula("a support that shrinks in m", STAKES, value, "_prefix", _against),
        valued("rising in h", STAKES, lambda game: 9 * game.harms.sum()),
        valued("not homogeneous", STAKES, lambda game: 0.1),
        valued("the first point counts more", STAKES, lambda game: 0.1 * game.gains[0]),
        valued("points cost", STAKES, lambda game: -9 * game.n),
        valued("concave in c", PROPORTIONAL, lambda game: -9 * _multiple(game) ** 2),
        valued("falling in g", PROPORTIONAL, lambda game: -9 * game.gains.sum()),
        valued("steeper in g than 1", PROPORTIONAL, lambda game: 9 * game.gains.sum()),
    ],
    "V5": [bounds(1.05, STAKES), bounds(0.95, STAKES)],
    "V6": [bounds(1.5, STAKES)],
    "V7": [
        bounds(1.5, Game([1, 1, 1], 1, harm=0)),
        bounds(0.5, Game([9, 7, 4, 4], 2)),
        valued("a value below every rival", STAKES, lambda game: -3 * game.scale),
    ],
}

# --- Chapter 3: regret and ratio ---

INSURED = Game([9, 7, 5, 4, 2, 1, 1], 2, harms=[3, 1, 4, 2, 3, 1, 1])
CLAMPED = Game([4, 2, 1, 0.9], 3, harm=0.02)

REGRET = {
    claim: [bounds(factor, game) for game in (INSURED, CLAMPED) for factor in (1.05, 0.95)]
    for claim in ("R1", "R2", "R3")
}


def _far_above(item):
    return item._replace(bound=10 * item.bound) if item.kind == "lower" else item


REGRET["R2"].append(Mutant("mu far above V", CLAMPED, _far_above))
REGRET["R3"] += [
    Mutant("rho far above V/(V + R) where clamped", CLAMPED, _far_above),
    Mutant("an identity where clamped too", CLAMPED, lambda item: item._replace(kind="tight")),
]

# --- Chapter 4: richer teachers ---

RICHER = Game([9, 7, 4, 4, 1], 1.5, 2, harms=[9, 1, 4, 2, 3])
SEEDS = 12  # of the groups, limits and profiles that these claims draw


def _groups_added_up(game):
    """The sum of the groups' values, though they share the budget."""
    return game.budget * sum(
        max(0.0, constrained._level(game.gains[row], game.stakes[row], m))
        for row, m in zip(game.members, game.mistakes, strict=True)
    )


def _level_alone(game):
    """Without what the limits protect."""
    level = constrained._level(game.gains, game.stakes, float(game.mistakes[0]))
    return game.budget * max(0.0, level)


def _whole_stakes(game, profile, weight):
    return contaminate(game, profile, weight).replace(stakes=game.stakes)


def _gains_for_stakes(game, profile, weight):
    mixed = contaminate(game, profile, weight)
    return mixed.replace(gains=game.gains - weight * game.gains * profile)


CONSTRAINED = {
    "A1": [
        *(bounds(factor, RICHER) for factor in (0.95, 1.05, 5)),
        formula(
            # The largest single group, though the price couples the groups.
            "levels under a cap",
            RICHER,
            constrained,
            "_capped_value",
            lambda game: constrained._uncapped_value(game),
            SEEDS,
        ),
        formula("groups added up", RICHER, constrained, "_uncapped_value", _groups_added_up, SEEDS),
    ],
    "A2": [
        *(bounds(factor, RICHER) for factor in (0.95, 1.05, 5)),
        formula("limits forgotten", RICHER, constrained, "_uncapped_value", _level_alone, SEEDS),
    ],
    "A4": [bounds(factor, RICHER) for factor in (0.95, 1.05)],
    "A5": [
        *(bounds(factor, RICHER, seeds) for factor in (0.95, 1.05) for seeds in (1, SEEDS)),
        *(
            formula(says, RICHER, constrained, "contaminate", wrong, SEEDS)
            for says, wrong in (
                ("weight on the wrong side", lambda game, r, w: contaminate(game, r, 1 - w)),
                ("whole stakes", _whole_stakes),
                ("gains for stakes", _gains_for_stakes),
            )
        ),
    ],
}

# --- Chapter 5: sampled selectors, and A3 ---

SMALL = Game([1, 0.9, 0.6, 0.5], 1, 2)
REPLACED = SMALL.replace(capped=False)
HALVES = Game([1, 1, 1, 1], 1, 2)  # q = 1/2 each


def lopsided(q):
    """Pivotal, but the first point takes a twentieth of the second one's share."""
    found = pivotal.law(q)
    outcomes = found.outcomes.copy()
    moved = np.concatenate((outcomes, outcomes))
    swap = (outcomes[:, 0] == 0) & (outcomes[:, 1] == 1)
    moved[: len(outcomes)][swap, 0], moved[: len(outcomes)][swap, 1] = 1, 0
    weight = np.concatenate((0.05 * found.probability, 0.95 * found.probability))
    return Law(moved, weight)


def paired(q):
    """Both pairs in or out together: marginals are right, covariances are not."""
    return Law(np.array([[1, 1, 0, 0], [0, 0, 1, 1]]), np.array([0.5, 0.5]))


def lawful(says: str, game: Game, design: str, wrong) -> Mutant:
    """A design with another law."""
    row = replace(DESIGNS[design], law=wrong)
    return Mutant(says, game, plant=lambda patch: patch.setitem(DESIGNS, design, row))


def _too_certain(factor):
    """Tail bounds of a larger deviation than was seen."""
    return lambda t, q, weights, design: design_tails(factor * t, q, weights, design)


def _half_feared(game, method):
    """q and value for half of the mistakes."""
    return _solve(game.replace(mistakes=Count(game.mistakes / 2)), method)


_solve = sampled._solve

SAMPLED = {
    "S1": [
        *(bounds(factor, game) for game in (SMALL, REPLACED) for factor in (1.05, 5)),
        lawful("a lopsided tournament", SMALL, "pivotal", lopsided),
    ],
    "S2": [
        bounds(0.9, Game([1, 1, 1], 3, 1)),
        formula("2.5 times the deviation", SMALL, sampled, "design_tails", _too_certain(2.5)),
        formula(
            "the mean for a lower bound of it",
            REPLACED,
            sampled,
            "empirical_bernstein_radius",
            lambda draws, width, delta: 0.0,
        ),
    ],
    "S3": [
        formula("2.5 times the deviation", SMALL, sampled, "design_tails", _too_certain(2.5)),
        # The bound for strongly Rayleigh designs is far from met on small pools.
        formula("9 times the deviation", SMALL, sampled, "design_tails", _too_certain(9)),
        *(
            lawful(f"{design} in pairs", HALVES, design, paired)
            for design, row in DESIGNS.items()
            if row.associated
        ),
    ],
    "S4": [
        formula(
            "one mistake less",
            SMALL,
            sampled,
            "mistakes_upper_bound",
            lambda *given: max(0, mistakes_upper_bound(*given) - 1),
        ),
        formula("half of the mistakes feared", SMALL, sampled, "_solve", _half_feared),
    ],
    "S5": [bounds(1.1, SMALL)],
    "S6": [
        # The gap of a long game exceeds a bound with 1/T in place of its square root.
        Mutant("1/T", SMALL, lambda item: item._replace(bound=item.bound**2 / 100)),
    ],
    "A3": [bounds(0.9, SMALL), bounds(0.9, SMALL, SEEDS)],
}

# --- Chapter 8: errors of any size, several teachers ---

_soft_level, _priced_level = deviations._soft_level, deviations._priced_level


def _without_envelope(x, y):
    """The inverse of the damage itself: no mixtures."""
    keep = np.append(np.diff(y) > 0, True)
    return x[keep], y[keep]


def _straight(game, damage):
    """As if half an error cost half."""
    return _soft_level(game, Damage([0, 1], [0, 1]))


def _whole_price(market, t):
    """The level of one query, whatever it costs."""
    return _priced_level(market, t) * market.prices[t]


def _averaged(market):
    """A mixture of teachers worth their mean."""
    levels = [_priced_level(market, t) for t in range(market.n_teachers)]
    return market.budget * float(np.mean(levels))


EXTENDED = {
    "N4": [
        *(bounds(factor, STAKES, SEEDS) for factor in (0.95, 1.05)),
        *(
            formula(says, STAKES, deviations, name, wrong, SEEDS)
            for says, name, wrong in (
                ("the damage for its envelope", "_corners", _without_envelope),
                ("every damage as if it were straight", "_soft_level", _straight),
            )
        ),
    ],
    "N5": [
        *(bounds(factor, STAKES, SEEDS) for factor in (0.95, 1.05)),
        *(
            formula(says, STAKES, deviations, name, wrong, SEEDS)
            for says, name, wrong in (
                ("prices forgotten", "_priced_level", _whole_price),
                ("the mean of the teachers", "_market_value", _averaged),
                ("a vote as good as one", "_majority_bound", lambda size, each: each),
                ("a whole majority", "_majority_bound", lambda size, each: 2 * each),
            )
        ),
    ],
}

# --- Chapter 8: regret of more queries, tails, an unknown m ---

EQUAL = Game([1, 1, 1, 1], 1, 2)
STEEP = Game(1 / np.arange(1, 13), 1, harm=1)
_level = tails._level


def _no_place(game, q):
    """The benchmark keeps the b largest gains, whatever is wrong."""
    best = np.sort(game.gains)[::-1][: int(game.budget)].sum()
    bite = np.sort(q * game.stakes)[::-1][: int(game.mistakes)].sum()
    return float(best - q @ game.gains + bite)


def _smaller_share(game, law, share):
    return tail_guarantee(game, law, share / 2)


TAILS = {
    "N3": [
        *(bounds(factor, INSURED, SEEDS) for factor in (0.95, 1.05)),
        formula("one benchmark", INSURED, tails, "_by_places", _no_place, SEEDS),
    ],
    "N6": [
        *(bounds(factor, EQUAL, SEEDS) for factor in (0.9, 1.05)),
        formula("a smaller share", EQUAL, tails, "tail_guarantee", _smaller_share, SEEDS),
    ],
    "N7": [
        *(bounds(factor, STEEP, SEEDS) for factor in (0.95, 50)),
        formula(
            "the level of fewer mistakes",
            STEEP,
            tails,
            "_level",
            lambda game, m: _level(game, m / 2),
            SEEDS,
        ),
    ],
}

# --- Chapter 8: many rounds ---


def _apart(game):
    """Each round against all of the mistakes, as if they could be made again and again."""
    return sum(_of_rounds(_one_round(game, t)) for t in range(game.n_rounds))


def _one_round(game, t):
    most = Count(min(game.mistakes, game.sizes[t]))
    return RoundsGame([game.gains[t]], most, game.budget[t], harms=[game.harms[t]])


def _in_equal_parts(game):
    return np.full(game.n_rounds, game.mistakes / game.n_rounds)


_of_rounds, _of_hedge = rounds._value, rounds._costs

ROUNDS = {
    "N1": [
        *(bounds(factor, RICHER, SEEDS) for factor in (0.95, 1.05, 5)),
        formula("rounds that share nothing", RICHER, rounds, "_value", _apart, SEEDS),
        formula("mistakes in equal parts", RICHER, rounds, "_split", _in_equal_parts, SEEDS),
    ],
    "N2": [
        # The bound is far from met in thirty rounds: what it costs must be called next to nothing.
        formula(
            "hardly a cost",
            RICHER,
            rounds,
            "_costs",
            lambda hedge: 0.01 * _of_hedge(hedge),
            SEEDS,
        ),
    ],
}

MUTANTS: dict[str, list[Mutant]] = (
    VALUE | REGRET | CONSTRAINED | SAMPLED | EXTENDED | TAILS | ROUNDS
)
