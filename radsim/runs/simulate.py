r"""`radsim simulate`: instances x teachers x selectors x designs, against what was guaranteed."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from pydantic import Field

from radsim.data.instances import FAMILIES, Instance, digits_instance, mixture_instance
from radsim.documents import Document, checked
from radsim.door import count, each_of, one_of, steady
from radsim.game import Array, Game
from radsim.inference import mean_at_least
from radsim.payoffs import worst_case
from radsim.runs.own import NOTHING, Own
from radsim.runs.side_tables import coverage, tails, wrong_count
from radsim.runs.sweeps import LARGEST_SEED, sweep
from radsim.sampling import DESIGNS, sample_counts
from radsim.selectors import (
    SELECTORS,
    fits,
    guarantee_from_draws,
    inclusion_on,
    scorecard,
)
from radsim.selectors.draws import draw_picks
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
MOST_MARKS = 2**27  # points times draws of a pool of one's own: 1 GiB for each table of them


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
    own: Own = NOTHING,
) -> list[dict[str, Any]]:
    """Cells of the simulation: one an instance and teacher that fit together.

    A pool of one's own is played where `instances` names it; selectors of one's own always.
    """
    own.check(own.digest, (*INSTANCES, *SELECTORS))
    instances = _once(instances, (*INSTANCES, *own.instances), "instances")
    teachers = _once(teachers, TEACHERS, "teachers")
    selectors = [*_once(selectors, SELECTORS, "selectors"), *own.selectors]
    designs = _once(designs, DESIGNS, "designs")
    draws, seed = (
        count(draws, "draws", low=2, high=MOST_DRAWS),
        count(seed, "seed", high=LARGEST_SEED),
    )
    for pool in own.instances.values():
        if pool.game.n * draws > MOST_MARKS:
            raise ValueError(
                f"draws = {draws} of {pool.game.n} points are held in memory: "
                f"at most {MOST_MARKS // pool.game.n} draws of {pool.name}"
            )
    return [
        {
            "instance": instance,
            "teacher": teacher,
            "selectors": ",".join(selectors),
            "designs": ",".join(designs),
            "draws": draws,
            "seed": seed,
            **({"own": own.digest} if own.digest else {}),
        }
        for instance in instances
        for made in [_made(instance, seed, own)]
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
    own: str = ""


def _made(name: str, seed: int, own: Own) -> Instance:
    return own.instances[name] if name in own.instances else INSTANCES[name](seed)


def _checked(cell: Mapping[str, Any], own: Own) -> Cell:
    """A cell that may have been read from somebody's manifest."""
    found = checked(Cell, dict(cell))
    own.check(found.own, (*INSTANCES, *SELECTORS))
    one_of(found.instance, (*INSTANCES, *own.instances), "instance")
    one_of(found.teacher, TEACHERS, "teacher")
    # Only inclusion probabilities have an exact worst case.
    known = [name for name, row in SELECTORS.items() if row.inclusion is not None]
    known += own.selectors
    each_of(found.selectors.split(","), known, "selectors")
    each_of(found.designs.split(","), DESIGNS, "designs")
    return found


@steady
def run_cell(
    cell: Mapping[str, Any], rng: np.random.Generator, own: Own = NOTHING
) -> list[dict[str, Any]]:
    r"""Draw teachers and samples for one instance and one kind of teacher.

    Each repetition draws a fresh teacher and, for every selector and design, a fresh sample; its
    payoff is :math:`\sum_{i \in S} (g_i - s_i l_i)`.  The payoffs of a selector are independent and
    alike, and their mean is at least its guarantee W(q), because the teacher's expected number of
    mistakes is at most m.  Of a selector of one's own nothing is believed but its draws: its
    guarantee is the lower bound of `guarantee_from_draws`.
    """
    asked = _checked(cell, own)
    instance = _made(asked.instance, asked.seed, own)
    row = TEACHERS[asked.teacher]
    if not row.fits(instance):
        raise ValueError(f"teacher {asked.teacher!r} does not fit instance {asked.instance!r}")
    game, draws = instance.game, asked.draws
    solution = solve(game)
    rows = []
    shared: list[Array] = []
    for name in asked.selectors.split(","):
        mine = name in own.selectors
        selector = own.selector(name) if mine else SELECTORS[name]
        if not fits(selector, instance):
            continue
        knows = "wrong" in selector.takes
        if knows and (row.replies or mine):
            continue  # a teacher cannot reply to the one who knows its mistakes
        guarantee, q0 = float("nan"), np.zeros(game.n)
        if mine:
            known = guarantee_from_draws(selector, instance, rng=rng, error=ERROR, draws=draws)
            guarantee, q0 = known.low, known.inclusion
        elif not knows:
            q0 = inclusion_on(selector, instance)
            guarantee = float(worst_case(game, q0)[0])
        # Only a teacher that replies to q differs from selector to selector.
        if row.replies or not shared:
            teacher = row.make(instance, q0, solution)
            shared = [teacher(instance, rng=rng).wrong for _ in range(draws)]
        wrong = np.array(shared)
        lift = audit_draw(instance, TeacherDraw(wrong.mean(axis=0))).lift
        if knows:
            taken = {"-": np.array([inclusion_on(selector, instance, l) for l in wrong])}
        elif bool(np.all((q0 == 0) | (q0 == 1))) and not mine:
            taken = {"-": np.broadcast_to(q0, wrong.shape)}
        elif mine:
            taken = {"own": _counts(draw_picks(selector, instance, draws, rng=rng), game.n)}
        else:
            kinds = asked.designs.split(",")
            taken = {kind: sample_counts(q0, kind, rng=rng, size=draws) for kind in kinds}
        shown = {"selector": name, "lift": lift, "guarantee": guarantee}
        rows += [
            _row(game, picks, wrong, shown | {"design": kind}) for kind, picks in taken.items()
        ]
    return rows


def _counts(picks: Iterable[Array], n: int) -> Array:
    return np.array([np.bincount(row, minlength=n) for row in picks], dtype=np.float64)


def _row(game: Game, picks: Array, wrong: Array, shown: Mapping[str, Any]) -> dict[str, Any]:
    """What one selector earned by one design, beside its guarantee if it has one."""
    earned = np.sum(picks * (game.gains - game.stakes * wrong), axis=1)
    size = np.maximum(picks.sum(axis=1), 1e-300)
    found = {
        "selector": shown["selector"],
        "design": shown["design"],
        "n": game.n,
        "mistakes": game.mistakes,
        "budget": game.budget,
        "largest_gain": float(game.gains.max()),
        "mean_mistakes": float(wrong.sum(axis=1).mean()),
        "lift": shown["lift"],
        "guarantee": shown["guarantee"],
        "realised": float(earned.mean()),
        "deviation": float(earned.std(ddof=1)),
        "wrong_share": float((np.sum(picks * wrong, axis=1) / size).mean()),
        "status": "",
        "n_draws": len(earned),
    }
    if not np.isnan(shown["guarantee"]):
        test = mean_at_least(
            earned,
            shown["guarantee"],
            _support(game, picks),
            tolerance=TOLERANCE * game.budget * float(game.stakes.max()),
            error=ERROR,
        )
        found |= {"status": test.status, "n_draws": test.n_draws}
    return found


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
    cells: Sequence[Mapping[str, Any]],
    folder: Path,
    *,
    seed: int,
    own: Own = NOTHING,
    **options: Any,
) -> pd.DataFrame:
    """Run the grid as a sweep; see `sweeps.sweep`, also for the options."""
    return sweep(partial(run_cell, own=own), cells, folder, seed=seed, **options)


@steady
def scorecards(instances: Sequence[str], seed: int, own: Own = NOTHING) -> pd.DataFrame:
    """Guarantee of RAD and its rivals on every instance, and as a share of RAD's.

    Exact, but of a selector of one's own that leaves something to chance: that is a lower bound.
    """
    rows, mine = [], {name: own.selector(name) for name in own.selectors}
    for name in _once(instances, (*INSTANCES, *own.instances), "instances"):
        instance = _made(name, seed, own)
        fitting = {address: row for address, row in mine.items() if fits(row, instance)}
        card = scorecard(instance, fitting, rng=seed)
        for selector in (rival for rival in (*RIVALS, *mine) if rival in card):
            guarantee = card[selector]
            share = guarantee / card["rad"] if card["rad"] > 0 else float("nan")
            rows.append(
                {"instance": name, "selector": selector, "guarantee": guarantee, "share": share}
            )
    return pd.DataFrame(rows)


@steady
def finish(
    results: pd.DataFrame,
    card: pd.DataFrame,
    instances: Sequence[str],
    seed: int,
    folder: Path,
    own: Own = NOTHING,
) -> list[Path]:
    """Write the tables that need no cells, and every picture; return what was written."""
    # Matplotlib comes with the pictures, and the processes that compute cells need none.
    from radsim import plots

    made = {name: _made(name, seed, own) for name in instances}
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
