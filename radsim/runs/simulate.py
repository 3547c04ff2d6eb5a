r"""`radsim simulate`: instances x teachers x selectors x designs, against what was guaranteed."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from pydantic import Field
from scipy import stats

from radsim.data.instances import FAMILIES, Instance, digits_instance, mixture_instance
from radsim.documents import Document, checked
from radsim.door import count, each_of, generator, number, one_of, steady
from radsim.game import Array, Count, Game
from radsim.inference import mean_at_least, mistakes_upper_bound
from radsim.payoffs import payoff, worst_case
from radsim.runs.sweeps import LARGEST_SEED, sweep
from radsim.sampling import DESIGNS, sample_counts
from radsim.sampling.tails import design_tails
from radsim.selectors import SELECTORS, fits, inclusion_on, scorecard
from radsim.solvers import solve
from radsim.teachers import TEACHERS, TeacherDraw, audit_draw

__all__ = [
    "INSTANCES",
    "RIVALS",
    "coverage",
    "finish",
    "grid",
    "run_cell",
    "scorecards",
    "simulate",
    "tails",
    "wrong_count",
]

# Level of every verdict; how far below its guarantee a mean may be, relative to b*max(s).
ERROR = 1e-9
TOLERANCE = 0.02
MOST_DRAWS = 1_000_000  # of a cell; they are held in memory


def _family(name: str) -> Callable[[int], Instance]:
    def make(seed: int) -> Instance:
        rng = np.random.default_rng(np.random.SeedSequence([seed, list(FAMILIES).index(name)]))
        return Instance(name, Game(FAMILIES[name](200, rng), mistakes=20, budget=20))

    return make


# From a seed to an instance; each is the same in all cells of a run.
INSTANCES: dict[str, Callable[[int], Instance]] = {
    "uniform": _family("uniform"),
    "pareto": _family("pareto"),
    "mixture": lambda seed: mixture_instance(rng=np.random.default_rng(seed)),
    "digits": lambda seed: digits_instance(rng=seed),
}


# The selectors that are set side by side unless others are named; any with inclusion probabilities
# may be.
RIVALS = ("rad", "margin", "entropy", "softmax", "power", "uniform", "oracle")


def _once(names: Sequence[str], known: Collection[str], name: str) -> list[str]:
    return list(dict.fromkeys(each_of(names, known, name)))


@steady
def grid(
    instances: Sequence[str],
    teachers: Sequence[str],
    selectors: Sequence[str],
    designs: Sequence[str],
    draws: int,
    seed: int,
) -> list[dict[str, Any]]:
    """Cells of the simulation: one an instance and teacher that fit together."""
    instances = _once(instances, INSTANCES, "instances")
    teachers = _once(teachers, TEACHERS, "teachers")
    selectors = _once(selectors, SELECTORS, "selectors")
    designs = _once(designs, DESIGNS, "designs")
    draws, seed = (
        count(draws, "draws", low=2, high=MOST_DRAWS),
        count(seed, "seed", high=LARGEST_SEED),
    )
    return [
        {
            "instance": instance,
            "teacher": teacher,
            "selectors": ",".join(selectors),
            "designs": ",".join(designs),
            "draws": draws,
            "seed": seed,
        }
        for instance in instances
        for made in [INSTANCES[instance](seed)]
        for teacher in teachers
        if TEACHERS[teacher].fits(made)
    ]


class Cell(Document):
    """A cell of the simulation, as `grid` makes it; names are separated by commas."""

    instance: str
    teacher: str
    selectors: str
    designs: str
    draws: int = Field(ge=2, le=MOST_DRAWS)
    seed: int = Field(ge=0, le=LARGEST_SEED)


def _checked(cell: Mapping[str, Any]) -> Cell:
    """A cell that may have been read from somebody's manifest."""
    found = checked(Cell, dict(cell))
    one_of(found.instance, INSTANCES, "instance")
    one_of(found.teacher, TEACHERS, "teacher")
    # Only inclusion probabilities have an exact worst case.
    known = [name for name, row in SELECTORS.items() if row.inclusion is not None]
    each_of(found.selectors.split(","), known, "selectors")
    each_of(found.designs.split(","), DESIGNS, "designs")
    return found


@steady
def run_cell(cell: Mapping[str, Any], rng: np.random.Generator) -> list[dict[str, Any]]:
    r"""Draw teachers and samples for one instance and one kind of teacher.

    Each repetition draws a fresh teacher and, for every selector and design, a fresh sample; its
    payoff is :math:`\sum_{i \in S} (g_i - s_i l_i)`.  The payoffs of a selector are independent and
    alike, and their mean is at least its guarantee W(q), because the teacher's expected number of
    mistakes is at most m.
    """
    asked = _checked(cell)
    instance = INSTANCES[asked.instance](asked.seed)
    row = TEACHERS[asked.teacher]
    if not row.fits(instance):
        raise ValueError(f"teacher {asked.teacher!r} does not fit instance {asked.instance!r}")
    game, draws = instance.game, asked.draws
    solution = solve(game)
    rows = []
    shared: list[Array] = []
    for name in asked.selectors.split(","):
        selector = SELECTORS[name]
        if not fits(selector, instance):
            continue
        knows = "wrong" in selector.takes
        if knows and row.replies:
            continue  # a teacher cannot reply to the one who knows its mistakes
        q0 = np.zeros(game.n) if knows else inclusion_on(selector, instance)
        # Only a teacher that replies to q differs from selector to selector.
        if row.replies or not shared:
            teacher = row.make(instance, q0, solution)
            shared = [teacher(instance, rng=rng).wrong for _ in range(draws)]
        wrong = np.array(shared)
        lift = audit_draw(instance, TeacherDraw(wrong.mean(axis=0))).lift
        robust = game.gains - game.stakes * wrong
        if knows:
            q = np.array([inclusion_on(selector, instance, l) for l in wrong])
            taken = {"-": q}
        else:
            settled = bool(np.all((q0 == 0) | (q0 == 1)))
            kinds = ["-"] if settled else asked.designs.split(",")
            taken = {
                kind: np.broadcast_to(q0, wrong.shape)
                if settled
                else sample_counts(q0, kind, rng=rng, size=draws)
                for kind in kinds
            }
        guarantee = float("nan") if knows else float(worst_case(game, q0)[0])
        for design, picks in taken.items():
            earned = np.sum(picks * robust, axis=1)
            size = np.maximum(picks.sum(axis=1), 1e-300)
            found = {
                "selector": name,
                "design": design,
                "n": game.n,
                "mistakes": game.mistakes,
                "budget": game.budget,
                "largest_gain": float(game.gains.max()),
                "mean_mistakes": float(wrong.sum(axis=1).mean()),
                "lift": lift,
                "guarantee": guarantee,
                "realised": float(earned.mean()),
                "deviation": float(earned.std(ddof=1)),
                "wrong_share": float((np.sum(picks * wrong, axis=1) / size).mean()),
                "status": "",
                "n_draws": draws,
            }
            if not knows:
                test = mean_at_least(
                    earned,
                    guarantee,
                    _support(game, picks),
                    tolerance=TOLERANCE * game.budget * float(game.stakes.max()),
                    error=ERROR,
                )
                found |= {"status": test.status, "n_draws": test.n_draws}
            rows.append(found)
    return rows


def _support(game: Game, picks: Array) -> tuple[float, float]:
    """Interval that holds the payoff of every sample as large as these may be."""
    size = int(np.ceil(game.budget)) if picks.max(initial=0) <= 1 else 0
    most = int(max(size, picks.sum(axis=1).max(initial=0)))
    top = np.sort(game.gains)[::-1]
    harm = np.sort(game.harms)[::-1]
    if picks.max(initial=0) > 1:
        return -most * float(harm[0]), most * float(top[0])
    return -float(harm[:most].sum()), float(top[:most].sum())


@steady
def simulate(
    cells: Sequence[Mapping[str, Any]], folder: Path, *, seed: int, **options: Any
) -> pd.DataFrame:
    """Run the grid as a sweep; see `sweeps.sweep`, also for the options."""
    return sweep(run_cell, cells, folder, seed=seed, **options)


@steady
def scorecards(instances: Sequence[str], seed: int) -> pd.DataFrame:
    """Exact guarantee of RAD and its rivals on every instance, and as a share of RAD's."""
    rows = []
    for name in _once(instances, INSTANCES, "instances"):
        card = scorecard(INSTANCES[name](seed))
        for selector in (rival for rival in RIVALS if rival in card):
            guarantee = card[selector]
            share = guarantee / card["rad"] if card["rad"] > 0 else float("nan")
            rows.append(
                {"instance": name, "selector": selector, "guarantee": guarantee, "share": share}
            )
    return pd.DataFrame(rows)


@steady
def tails(instance: Instance, rng: np.random.Generator | int, draws: int = 20_000) -> pd.DataFrame:
    r"""Measure the tail of RAD's payoff under each design, beside every bound stated for it.

    The mistakes are one draw of the equilibrium teacher.  With replacement RAD is solved without
    caps.

    Returns
    -------
    pandas.DataFrame
        `design`, `curve` ("measured" or a bound's name), `deviation` relative to b*max(s),
        `probability`.
    """
    rows, rng, draws = [], generator(rng), count(draws, "draws", low=1)
    for design, row in DESIGNS.items():
        game = instance.game.replace(capped=not row.with_replacement)
        if row.with_replacement:
            game = game.replace(budget=float(round(game.budget)))
        solution = solve(game)
        q = np.asarray(solution.inclusion, dtype=np.float64)
        l = (rng.random(game.n) < np.asarray(solution.mistake_probabilities)).astype(float)
        weights = game.gains - game.stakes * l
        earned = sample_counts(q, design, rng=rng, size=draws) @ weights
        mean, unit = payoff(game, q, l), game.budget * float(game.stakes.max())
        for deviation in np.linspace(0, 0.35 * unit, 36):
            found = {"measured": float(np.mean(earned <= mean - deviation))}
            found |= design_tails(float(deviation), q, weights, design)
            rows += [
                {
                    "design": design,
                    "curve": curve,
                    "deviation": deviation / unit,
                    "probability": probability,
                }
                for curve, probability in found.items()
            ]
    return pd.DataFrame(rows)


@steady
def wrong_count(instance: Instance) -> pd.DataFrame:
    """Guarantee against the true m of the solution for another m, relative to V(m)."""
    game = instance.game
    right = float(solve(game).value)
    rows = []
    for ratio in np.concatenate((np.linspace(0, 1, 21), np.linspace(1.1, 4, 30))):
        believed = Count(min(float(game.n), ratio * game.mistakes))
        q = np.asarray(solve(game.replace(mistakes=believed)).inclusion, dtype=np.float64)
        kept = float(worst_case(game, q)[0])
        rows.append({"ratio": ratio, "kept": kept / right if right > 0 else float("nan")})
    return pd.DataFrame(rows)


@steady
def finish(
    results: pd.DataFrame, card: pd.DataFrame, instances: Sequence[str], seed: int, folder: Path
) -> list[Path]:
    """Write the tables that need no cells, and every picture; return what was written."""
    # Matplotlib comes with the pictures, and the processes that compute cells need none.
    from radsim import plots

    made = {name: INSTANCES[name](seed) for name in instances}
    rng = np.random.default_rng(np.random.SeedSequence([seed, 5]))
    frames = {
        "realised": (results, plots.realised_plot),
        "scorecard": (card, plots.scorecard_plot),
        "tails": (tails(made[instances[0]], rng), plots.tails_plot),
        "wrong_count": (
            pd.concat([wrong_count(x).assign(instance=name) for name, x in made.items()]),
            plots.wrong_count_plot,
        ),
    }
    written = [folder / "results.parquet"]
    for name, (frame, draw) in frames.items():
        draw(frame, folder / name)
        written += [folder / f"{name}{suffix}" for suffix in (".csv", ".png", ".svg")]
    return written


@steady
def coverage(
    delta: float, repetitions: int, seed: int, n_validation: int = 200
) -> dict[str, float]:
    r"""Test S4 end to end on digits: how often does the bound from validation points hold?

    Each repetition splits the thousand digits afresh into validation points and pool, bounds the
    teacher's mistakes on the pool, solves the game for that bound and looks at what the real
    teacher's mistakes make of it.

    Parameters
    ----------
    delta : float
    repetitions : int
    seed : int
    n_validation : int

    Returns
    -------
    dict
        `covered` and `kept`: shares of the repetitions in which the bound holds and in which the
        expected payoff reaches the guarantee; `low` and `high`: 99 % Clopper-Pearson interval of
        `covered`; `mean_bound`, `mean_mistakes` on the pool, `mean_guarantee`, `mean_realised`.

    References
    ----------
    Theory page: S4.
    """
    delta = number(delta, "delta", high=1, open_low=True, open_high=True)
    repetitions = count(repetitions, "repetitions", low=1)
    instance = digits_instance(rng=seed)
    game, wrong = instance.game, instance.wrong
    assert wrong is not None
    n_validation = count(n_validation, "n_validation", high=game.n - 1)
    n = game.n - n_validation
    rng = np.random.default_rng(np.random.SeedSequence([seed, 4]))
    found = []
    for _ in range(repetitions):
        order = rng.permutation(game.n)
        pool = order[n_validation:]
        m = mistakes_upper_bound(n, n_validation, int(wrong[order[:n_validation]].sum()), delta)
        part = Game(game.gains[pool], m, game.budget, harms=game.harms[pool])
        solution = solve(part)
        realised = payoff(part, solution.inclusion, wrong[pool])
        found.append((m, wrong[pool].sum(), solution.value, realised))
    table = np.array(found, dtype=np.float64)
    covered = int(np.sum(table[:, 1] <= table[:, 0]))
    interval = stats.binomtest(covered, repetitions).proportion_ci(0.99, method="exact")
    return {
        "covered": covered / repetitions,
        "low": float(interval.low),
        "high": float(interval.high),
        "kept": float(np.mean(table[:, 3] >= table[:, 2] - 1e-9 * game.scale)),
        "mean_bound": float(table[:, 0].mean()),
        "mean_mistakes": float(table[:, 1].mean()),
        "mean_guarantee": float(table[:, 2].mean()),
        "mean_realised": float(table[:, 3].mean()),
    }
