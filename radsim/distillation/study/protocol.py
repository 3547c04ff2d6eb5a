r"""The protocol of the studies: cells, strategies, seeds, primary contrasts and the goal.

A cell is one setting with all its seeds; its rows are one for a seed and strategy.  The design is
fractional where all combinations would not fit an hour of two cores; `STUDIES` says what is left
out and why that does no harm.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from radsim.distillation.setting import ORACLE
from radsim.distillation.strategies import STRATEGIES

__all__ = [
    "ALONE",
    "CELL",
    "DEVELOPMENT",
    "EVERY",
    "GOAL",
    "LIMITS",
    "NOISES",
    "PLAYED",
    "PRIMARY",
    "STUDIES",
    "Contrast",
    "Limits",
    "Study",
    "cell",
    "parted",
]

# The student that asks nothing: the column of its accuracy.
ALONE = "A only"
# The selector that the goal is about, and those it is held against in every cell.
GOAL = "guarded"
BESIDE = ("uniform", "margin", "skip_m")
CORE = (*BESIDE, "rad", "contaminated_0.7", GOAL)
# Those with rules that were still being made have cells of their own, which come last, so that the
# rest need not be run again.
MADE_HERE = ("contaminated", GOAL)
SLOW = ("cluster_margin", "rad_measured_harm")
CONFIRMED = (*BESIDE, "rad", GOAL)
# What the committed studies were run with, by name: rows that are added to the tables later change
# no plan.
EVERY = (
    *("uniform", "margin", "entropy", "least_confidence", "k_center", "badge", "cluster_margin"),
    *("cdal", "unixkd", "proportional", "skip_m"),
    *("rad", "rad_true_m", "rad_c0", "rad_c0.5", "rad_c2", "rad_half_m", "rad_double_m"),
    *("rad_constant_harm", "rad_measured_harm", "stratified"),
    *("contaminated_0", "contaminated_0.5", "contaminated_0.7", "contaminated_0.9"),
    *("contaminated_1", "contaminated", "expected_error", GOAL),
)
SHARED, EXACT, HIDDEN = "shared best response", "exact best response", "hidden best response"
NOISES = (
    *("uniform", "class", "cluster", "gain^0", "gain^1", "gain^2", "gain^3", "gain^4", "top-m"),
    *(SHARED, EXACT, HIDDEN),
)
# Under these the validation points' mistakes are computed from many choices of the strategy.
PLAYED = (SHARED, EXACT)

DATA_SETS = ("digits", "mnist", "mixture")
RATES = (0.1, 0.2, 0.3, 0.4)
BUDGETS = (0.05, 0.15)
TRAINED = ("network", "forest", "network private", "forest private")
LABELS = ("hard", "soft", "temperature 0.5", "temperature 2")

# The columns that name a cell in the results.
CELL = [
    *("part", "data", "student", "gain", "teacher", "labels", "noise"),
    *("rate", "budget", "rounds", "n_validation"),
]


# One noise model of each kind, for what is expensive and expected to change little.
SOME = ("uniform", "cluster", "gain^3", "top-m", EXACT, HIDDEN)


@dataclass(frozen=True)
class Contrast:
    """One comparison whose hypothesis was fixed before the run.

    The unit is a seed: its mean difference over the data sets and natural teachers.
    """

    selector: str
    rival: str
    labels: str


# Natural teachers, one round, 15 %: RAD and the selector of the goal against margin and uniform.
PRIMARY = tuple(
    Contrast(selector, rival, labels)
    for labels in ("hard", "soft")
    for selector in ("rad", GOAL)
    for rival in ("margin", "uniform")
)
PRIMARY_BUDGET = 0.15


@dataclass(frozen=True)
class Limits:
    """What the goal asks for, in points of accuracy and shares."""

    exchangeable: float = -1.0
    exact: float = -1.5
    hidden: float = -2.5
    kept: float = 1.0
    cell: float = -1.0
    cells_below: float = 0.12
    worst: float = -5.0


LIMITS = Limits()
# Where all of RAD's advantage over margin is to be kept.
KEEPS = ("gain^3", "top-m", SHARED)


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
        "strategies": ",".join(dict.fromkeys(strategies)),
        "first_seed": seeds.start,
        "n_seeds": len(seeds),
    }


def _noise(seeds: range, *, wide: bool = False, core: Sequence[str] = CORE) -> list[dict[str, Any]]:
    """Every noise model, rate and budget with the core; every strategy at rate .3 with 5 %.

    Of the others only their order within a noise model is asked, and that is asked at one rate and
    budget.  The two that cost most are left out where the noise is computed from many choices of a
    strategy.
    """

    def strategies(noise: str, rate: float, budget: float) -> Sequence[str]:
        if not wide or (rate, budget) != (0.3, 0.05):
            return core
        spared = SLOW if noise in PLAYED else ()
        return [name for name in EVERY if name not in spared]

    return [
        cell(
            "noise",
            strategies(noise, rate, budget),
            seeds,
            data=data,
            noise=noise,
            rate=rate,
            budget=budget,
        )
        for data in DATA_SETS
        for noise in NOISES
        for rate in RATES
        for budget in BUDGETS
    ]


def parted(cells: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Every cell as two: the rivals, and after all of them the selectors that were made here."""
    found: tuple[list[dict[str, Any]], list[dict[str, Any]]] = [], []
    for row in cells:
        names = row["strategies"].split(",")
        for place, kept in zip(
            found,
            ([x for x in names if x not in MADE_HERE], [x for x in names if x in MADE_HERE]),
            strict=True,
        ):
            if kept:
                place.append(dict(row) | {"strategies": ",".join(kept)})
    return [*found[0], *found[1]]


def _half(cells: Sequence[Mapping[str, Any]], which: int = 0) -> list[dict[str, Any]]:
    """Rates .1 and .3 with one budget, .2 and .4 with the other, turned with the data set."""
    kept = []
    for row in cells:
        turn = (
            DATA_SETS.index(row["data"]) + RATES.index(row["rate"]) + BUDGETS.index(row["budget"])
        )
        if turn % 2 == which:
            kept.append(dict(row))
    return kept


def _beyond(
    seeds: range,
    part: str,
    *,
    core: Sequence[str] = CORE,
    noises: Sequence[str] = NOISES,
    rates: Sequence[float] = (0.3,),
    **changed: Any,
) -> list[dict[str, Any]]:
    """Every data set and noise model at one budget and few rates, with one thing changed.

    The rate is .3 unless others are named; the budget is 15 % on digits and the mixture and 5 % on
    MNIST, the larger pool.
    """
    return [
        cell(
            part,
            core,
            seeds,
            data=data,
            noise=noise,
            rate=rate,
            budget=0.05 if data == "mnist" else 0.15,
            **changed,
        )
        for data in DATA_SETS
        for noise in noises
        for rate in rates
    ]


def _primary(
    seeds: range, strategies: Sequence[str] = (*CORE, "rad_constant_harm", "stratified")
) -> list[dict[str, Any]]:
    """The cells of the primary contrasts."""
    return [
        cell(
            "natural",
            strategies,
            seeds,
            data=data,
            teacher=teacher,
            labels=labels,
            budget=PRIMARY_BUDGET,
        )
        for data in DATA_SETS
        for teacher in TRAINED
        for labels in ("hard", "soft")
    ]


def _natural(seeds: range) -> list[dict[str, Any]]:
    """The rest of the natural teachers: 5 %, the temperatures, and five rounds.

    The temperatures are seen at 15 % and without private data alone: what they change is the label,
    not the choice.
    """
    rest = [
        (teacher, labels, budget, 1)
        for teacher in TRAINED
        for labels in LABELS
        for budget in BUDGETS
        if (labels in LABELS[:2]) == (budget == 0.05)
        and (labels in LABELS[:2] or teacher in TRAINED[:2])
    ]
    several = [(teacher, labels, 0.15, 5) for teacher in TRAINED[:2] for labels in LABELS[:2]]
    return [
        cell(
            "natural",
            CORE,
            seeds,
            data=data,
            teacher=teacher,
            labels=labels,
            budget=budget,
            rounds=rounds,
        )
        for data in DATA_SETS
        for teacher, labels, budget, rounds in (*rest, *several)
    ]


def _smoke() -> list[dict[str, Any]]:
    """Two noise models and a natural teacher on digits, every strategy of the table once."""
    noises = [
        cell("noise", tuple(STRATEGIES), range(1), data="digits", noise=noise, rate=0.3)
        for noise in ("gain^3", "cluster")
    ]
    natural = cell("natural", CORE, range(2), data="digits", teacher="network", budget=0.15)
    return [*noises, natural]


@dataclass(frozen=True)
class Study:
    """Cells and what they are for; `cells` is called when the study is run."""

    says: str
    cells: Callable[[], list[dict[str, Any]]]


DEVELOPMENT, PRIMARY_SEEDS, FRESH = range(20), range(30), range(200, 230)

STUDIES: dict[str, Study] = {
    "smoke": Study("Does all of it run? Digits, one or two seeds, under half a minute.", _smoke),
    "goal": Study(
        "The goal on the development seeds: every noise model, rate, budget and data set.",
        lambda: _noise(DEVELOPMENT),
    ),
    "natural": Study(
        "Teachers that learnt, the primary contrasts among them.",
        lambda: [*_primary(PRIMARY_SEEDS), *_natural(DEVELOPMENT)],
    ),
    "full": Study(
        "All: the goal, every strategy at one rate and budget, natural teachers, "
        "100 validation points, five rounds, the network as student.",
        lambda: [
            *_noise(DEVELOPMENT, wide=True),
            *_primary(PRIMARY_SEEDS),
            *_natural(DEVELOPMENT),
            *_beyond(DEVELOPMENT, "validation 100", rates=RATES, n_validation=100),
            *_beyond(DEVELOPMENT, "rounds", rounds=5),
            *_beyond(DEVELOPMENT, "network", noises=SOME, student="network"),
        ],
    ),
    "confirm": Study(
        "The goal and the primary contrasts once more, on seeds that nothing was developed on.",
        lambda: [
            *_half(_noise(FRESH, core=CONFIRMED)),
            *_primary(FRESH, CONFIRMED),
            *_beyond(FRESH, "validation 100", core=CONFIRMED, n_validation=100),
        ],
    ),
    "confirm_rest": Study(
        "The other half of the goal's cells, on the same fresh seeds.",
        lambda: _half(_noise(FRESH, core=CONFIRMED), which=1),
    ),
}
