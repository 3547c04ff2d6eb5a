r"""The protocol of the studies: cells, strategies, seeds, margins and the goal.

A cell is one setting with all its seeds; its rows are one for a seed and strategy.  The design is
fractional where all combinations would not fit an hour of two cores: every noise model is seen at
every rate on every data set, the two budgets in turn.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from radsim.distillation.setting import ORACLE
from radsim.distillation.strategies import PRICES, STRATEGIES

__all__ = [
    "BESIDE",
    "CELL",
    "CORE",
    "DEVELOPMENT",
    "EVERY",
    "FRESH",
    "GOAL",
    "KEPT_ASIDE",
    "LIMITS",
    "NOBODY",
    "NOISES",
    "STUDIES",
    "Limits",
    "Study",
    "cell",
]

# The selector that the goal is about, and those it is held against in every cell.
GOAL = "audited"
BESIDE = ("uniform", "margin")
# The student that asks no teacher and trains on all trusted labels.
NOBODY = "nobody"
CORE = (NOBODY, *BESIDE, "guarded", GOAL, "audited abstaining", "audited margin")
# These ask no teacher: they are run once, whatever the teacher does.
BOUGHT = tuple(f"labels/{price}" for price in PRICES)
FEW = (NOBODY, *BESIDE, GOAL)
# By name: rows that are added to the table later change no plan that was run.
EVERY = (
    *("uniform", "margin", "entropy", "least_confidence", "k_center", "badge"),
    *("cluster_margin", "cdal", "unixkd", "typiclust", "probcover", "max_herding"),
    *("gm_matching", "m_raru", "pcoreset", "robust_sampling", "calibrated_error"),
    *("proportional", "skip_m", "rad", "rad_true_m", "rad_c0", "rad_c0.5", "rad_c2"),
    *("rad_half_m", "rad_double_m", "rad_constant_harm", "rad_measured_harm", "stratified"),
    *("contaminated_0", "contaminated_0.5", "contaminated_0.7", "contaminated_0.9"),
    *("contaminated_1", "contaminated", "expected_error", "guarded", "guarded abstaining"),
    *("audited", "audited abstaining", "audited margin", "audited uniform", "nobody"),
    *("labels/1", "labels/3", "labels/10", "labels/30", "labels/100"),
)

SLOW = ("typiclust", "probcover", "max_herding", "cluster_margin", "rad_measured_harm")

SHARED, EXACT = "shared best response", "exact best response"
HIDDEN, PATIENT = "hidden best response", "patient"
# Under these the validation points' mistakes are computed from many choices of the strategy.
PLAYED = (SHARED, EXACT)
PLAIN = (
    *("gain^0", "gain^1", "gain^3", "top-m", "class", "cluster", "middle gain", "class x gain"),
    *("plausible gain^0", "plausible gain^3"),
    *(HIDDEN, "hidden by stakes", "hidden by count", "hidden plausible", "stealthy"),
)
# A family that no kernel of the error model names; only fresh seeds see it.
KEPT_ASIDE = "direction"
NOISES = (*PLAIN, *PLAYED, PATIENT, KEPT_ASIDE)
# One of each kind, for what is expensive.
SOME = ("gain^0", "gain^3", "class", "middle gain", "plausible gain^0", HIDDEN, "hidden plausible")
MANY_ROUNDS = ("gain^0", "gain^3", "middle gain", HIDDEN, PATIENT)
TEN_ROUNDS = ("gain^0", PATIENT)

DEVELOPED_ON = ("digits", "mnist", "mixture")
# Data sets that nothing was developed on; two more, satimage and BBC, are kept for others to judge.
CONFIRMED_ON = ("digits", "mnist", "mixture", "letter", "fashion", "penbased", "texture")
RATES = (0.1, 0.2, 0.3, 0.4)
BUDGETS = (0.05, 0.15)
TRAINED = ("network", "forest", "network private", "forest private")

DEVELOPMENT, FRESH = range(20), range(300, 330)

# The columns that name a cell in the results.
CELL = [
    *("part", "data", "student", "gain", "teacher", "labels", "noise"),
    *("rate", "budget", "rounds", "n_validation"),
]


@dataclass(frozen=True)
class Limits:
    """What the goal asks for, in points of accuracy and shares.

    Attributes
    ----------
    margin : float
        In the mean of a noise model no further below the better of margin and uniform, and no
        further below the trusted labels alone.
    worst : float
        No single cell below.
    cells_below : float
        Share of single cells that may be below `margin`.
    """

    margin: float = -1.0
    worst: float = -3.0
    cells_below: float = 0.05


LIMITS = Limits()


def cell(
    part: str,
    strategies: Sequence[str],
    seeds: range,
    *,
    data: str,
    student: str = "softmax",
    gain: str = "margin",
    teacher: str = ORACLE,
    labels: str = "hard",
    noise: str = "",
    rate: float = 0.0,
    budget: float = 0.05,
    rounds: int = 1,
    n_validation: int = 300,
) -> dict[str, Any]:
    """Describe a setting, its strategies and its seeds by JSON values."""
    return {
        "part": part,
        "data": data,
        "student": student,
        "gain": gain,
        "teacher": teacher,
        "labels": labels,
        "noise": noise,
        "rate": rate,
        "budget": budget,
        "rounds": rounds,
        "n_validation": n_validation,
        "strategies": ",".join(strategies),
        "first_seed": seeds.start,
        "n_seeds": len(seeds),
    }


def _crossed(
    part: str,
    strategies: Sequence[str],
    seeds: range,
    data: Sequence[str],
    noises: Sequence[str],
    rates: Sequence[float],
    **changed: Any,
) -> list[dict[str, Any]]:
    """Every data set, noise model and rate; the two budgets in turn."""
    return [
        cell(
            part,
            strategies,
            seeds,
            data=one,
            noise=noise,
            rate=rate,
            budget=BUDGETS[(i + j // 2 + k // 2) % 2],
            **changed,
        )
        for i, one in enumerate(data)
        for j, noise in enumerate(noises)
        for k, rate in enumerate(rates)
    ]


def _natural(strategies: Sequence[str], seeds: range, data: Sequence[str]) -> list[dict[str, Any]]:
    """Teachers that learnt, with what they answer: the class alone, or how sure they are."""
    return [
        cell(
            "natural",
            strategies,
            seeds,
            data=one,
            teacher=teacher,
            labels=labels,
            budget=BUDGETS[(i + j) % 2],
        )
        for i, one in enumerate(data)
        for j, teacher in enumerate(TRAINED)
        for labels in ("hard", "soft")
    ]


def _in_turn(cells: Sequence[dict[str, Any]], every: int) -> list[dict[str, Any]]:
    """Every so manieth rate of a noise model, another with the next model and the next data set."""
    names = list(dict.fromkeys(row["noise"] for row in cells))
    sets = list(dict.fromkeys(row["data"] for row in cells))
    return [
        row
        for row in cells
        if (names.index(row["noise"]) + sets.index(row["data"]) + RATES.index(row["rate"])) % every
        == 0
    ]


def _labels(seeds: range, data: Sequence[str], **changed: Any) -> list[dict[str, Any]]:
    """True labels in place of answers, at every price."""
    return [
        cell("labels", BOUGHT, seeds, data=one, budget=budget, **changed)
        for one in data
        for budget in BUDGETS
    ]


def _development(seeds: range, data: Sequence[str]) -> list[dict[str, Any]]:
    """The primary table and what is asked beside: fewer trusted labels, rounds, students."""
    return [
        *_in_turn(_crossed("noise", CORE, seeds, data, PLAIN, RATES), 2),
        *_labels(seeds, data),
        *_crossed("noise", FEW, seeds, data, PLAYED, (0.1, 0.3)),
        *_crossed("validation 100", FEW, seeds, data, SOME, (0.1, 0.3), n_validation=100),
        *_natural(FEW, seeds, data),
        *_crossed("network", FEW, seeds, data, SOME, (0.1, 0.3), student="network"),
        *_crossed("rounds 5", FEW, seeds, data, MANY_ROUNDS, (0.3,), rounds=5),
        *_crossed("rounds 10", FEW, seeds, data, TEN_ROUNDS, (0.3,), rounds=10),
    ]


def _confirmation(seeds: range, data: Sequence[str]) -> list[dict[str, Any]]:
    """The same questions on fresh seeds and further data sets, with fewer cells beside."""
    three = (data[0], data[2], data[3])
    return [
        *_in_turn(_crossed("noise", FEW, seeds, data, (*PLAIN, KEPT_ASIDE), RATES), 4),
        *_labels(seeds, data),
        *_crossed("validation 100", FEW, seeds, data, SOME, (0.1,), n_validation=100),
        *_natural(FEW, seeds, three),
        *_crossed("network", FEW, seeds, three, SOME, (0.3,), student="network"),
        *_crossed("rounds 5", FEW, seeds, three, MANY_ROUNDS, (0.3,), rounds=5),
        *_crossed("rounds 10", FEW, seeds, three[:2], TEN_ROUNDS, (0.3,), rounds=10),
    ]


def _wide(seeds: range) -> list[dict[str, Any]]:
    """Every strategy once, by the gain; all but the slow ones at random and against the selection.

    A rival that knows no inclusion probabilities is asked five times by a hidden adversary.
    """
    quick = [name for name in EVERY if name not in SLOW]
    at: dict[str, Any] = {"rate": 0.3, "budget": 0.05}
    return [
        *(
            cell("wide", quick, seeds, data=data, noise=noise, **at)
            for data in ("digits", "mixture")
            for noise in ("gain^0", HIDDEN)
        ),
        cell("wide", EVERY, seeds, data="digits", noise="gain^3", **at),
    ]


def _deep(seeds: range) -> list[dict[str, Any]]:
    """A ConvNet as student, on images; the teacher the oracle, or a larger ConvNet."""
    at: dict[str, Any] = {"data": "digits", "student": "convnet", "budget": 0.15}
    return [
        *(
            cell("convnet", FEW, seeds, noise=noise, rate=0.3, **at)
            for noise in ("gain^0", "gain^3", HIDDEN)
        ),
        *(
            cell("natural", FEW, seeds, teacher="convnet private", labels=labels, **at)
            for labels in ("hard", "soft")
        ),
    ]


def _smoke() -> list[dict[str, Any]]:
    """Three noise models and a natural teacher on digits, every strategy once."""
    noises = [
        cell("noise", (*CORE, *BOUGHT), range(2), data="digits", noise=noise, rate=0.3)
        for noise in ("gain^0", "gain^3", HIDDEN)
    ]
    wide = cell("wide", tuple(STRATEGIES), range(1), data="digits", noise="gain^0", rate=0.3)
    natural = cell("natural", FEW, range(2), data="digits", teacher="network", budget=0.15)
    return [*noises, wide, natural]


@dataclass(frozen=True)
class Study:
    """Cells and what they are for; `cells` is called when the study is run."""

    says: str
    cells: Callable[[], list[dict[str, Any]]]


STUDIES: dict[str, Study] = {
    "smoke": Study("Does all of it run? Digits, one or two seeds, under half a minute.", _smoke),
    "primary": Study(
        "The goal on the development seeds: every noise model, fewer trusted labels, rounds, the "
        "network as student, teachers that learnt.",
        lambda: _development(DEVELOPMENT, DEVELOPED_ON),
    ),
    "confirm": Study(
        "The goal once more, on fresh seeds, with data sets and a noise model kept aside.",
        lambda: _confirmation(FRESH, CONFIRMED_ON),
    ),
    "wide": Study(
        "Every strategy at one rate: at random, by the gain, and against the selection.",
        lambda: _wide(DEVELOPMENT),
    ),
    "deep": Study("A ConvNet as student (needs PyTorch).", lambda: _deep(DEVELOPMENT)),
}
