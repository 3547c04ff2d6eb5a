r"""Checks of a selector's worth: its worst case, audited sampling, gain under noise."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from radsim.analysis.attack import TOLERANCE
from radsim.data.instances import FAMILIES, Instance, mixture_instance
from radsim.door import count, typed
from radsim.game import Array, Game
from radsim.inference import mean_at_least
from radsim.payoffs import worst_case
from radsim.sampling.audit import audit
from radsim.selectors import SELECTORS, Selector, guarantee_from_draws, inclusion_on
from radsim.solvers import solve
from radsim.teachers import TEACHERS
from radsim.testing.asking import ask, drawn_between, expected, filled
from radsim.testing.checks import Broken, Check
from radsim.testing.run import Run

__all__ = ["MERIT_CHECKS", "Standing", "adversarial_instances", "standings"]

ERROR = 1e-9  # of every verdict that rests on samples
DRAWS = 4_000  # of a selector's standing on a pool
_SURE = float("inf")  # slack of what is either so or not


@dataclass(frozen=True)
class Standing:
    """Worst cases W(q) on one pool: of uniform sampling, of the selector and of RAD.

    Attributes
    ----------
    family : str
    uniform, selector, rad : float
        Exact; that of a selector that draws and claims no inclusion probabilities is estimated.
    interval : (float, float) or None
        Then it holds the selector's, but for an error of 1e-9.
    share : float
        0 at uniform, 1 at RAD, negative below uniform; NaN where the two agree.

    References
    ----------
    Theory page: V7.

    Examples
    --------
    >>> Standing("mine", uniform=1.0, selector=1.5, rad=2.0).share
    0.5
    """

    family: str
    uniform: float
    selector: float
    rad: float
    interval: tuple[float, float] | None = None

    @property
    def share(self) -> float:
        width = self.rad - self.uniform
        return (self.selector - self.uniform) / width if width > 1e-12 else float("nan")


def adversarial_instances(selector: Selector, seed: int = 0) -> list[Instance]:
    """Pools on which picking the largest gains is bad, small ones first."""
    typed(selector, Selector, "selector")
    games = {
        "one bait": Game([1, 0.5, 0.5, 0.4], 1, 1),
        "two baits": Game([4, 4, 1, 1, 1, 1], 2, 2),
    }
    for name, family in FAMILIES.items():
        rng = np.random.default_rng([seed, list(FAMILIES).index(name)])
        g = family(40, rng)
        if g.max() > 0:
            games[name] = Game(g, 5, 6)
    return [
        filled(selector, game.replace(gains=game.gains / game.gains.max(), harm=1.0), name, seed)
        for name, game in games.items()
    ]


def _standing(selector: Selector, instance: Instance, seed: int, draws: int = DRAWS) -> Standing:
    game = instance.game
    uniform = float(worst_case(game, inclusion_on(SELECTORS["uniform"], instance))[0])
    value, interval = float(solve(game).value), None
    q = expected(selector, instance, seed)
    if q is not None:
        own = float(worst_case(game, q)[0])
    else:
        least = uniform - TOLERANCE * game.scale
        found = guarantee_from_draws(
            selector,
            instance,
            rng=np.random.default_rng([seed, 6]),
            error=ERROR,
            draws=draws,
            settled=lambda low, high: low >= least or high < uniform,
        )
        own, interval = found.estimate, (found.low, found.high)
    return Standing(instance.name, uniform, own, value, interval)


def standings(selector: Selector, seed: int = 0) -> list[Standing]:
    r"""Standing of a selector between uniform sampling and RAD, pool by pool.

    Parameters
    ----------
    selector : Selector
    seed : int

    Returns
    -------
    list of Standing
        Of a selector that draws and claims no inclusion probabilities, from its draws.

    Raises
    ------
    ValueError
        If the selector takes what no instance holds.

    References
    ----------
    Theory page: V7.

    Examples
    --------
    >>> from radsim import SELECTORS
    >>> [row.share for row in standings(SELECTORS["uniform"])][:2]
    [0.0, 0.0]
    >>> round(min(row.share for row in standings(SELECTORS["rad"])), 9)
    1.0
    """
    seed = count(seed, "seed")
    return [
        _standing(selector, instance, seed) for instance in adversarial_instances(selector, seed)
    ]


def _guarantee(selector: Selector, instance: Instance, run: Run) -> float | str:
    found = _standing(selector, instance, run.seed, run.profile.draws)
    scale = float(instance.game.scale)
    low, high = found.interval or (found.selector, found.selector)
    if (high - found.uniform) / scale < -1e-9:
        seen = f"{found.selector:.4g}"
        if found.interval:
            seen = f"between {low:.4g} and {high:.4g} (error level {ERROR:g})"
        raise Broken(
            f"on {found.family!r} the worst case is {seen}: below uniform sampling "
            f"({found.uniform:.4g}), RAD guarantees {found.rad:.4g}"
        )
    slack = (low - found.uniform) / scale + (TOLERANCE if found.interval else 0.0)
    if found.interval and slack < 0:
        return f"{run.profile.draws} draws do not tell it from uniform sampling"
    return slack


def _audited(selector: Selector, run: Run) -> list[Instance]:
    games = [Game([1, 0.7, 0.4], 1, 2), Game([1, 0.9, 0.6, 0.5, 0.2], 1, 3)]
    games.append(Game(np.linspace(1, 0.1, 12), 2, 4))
    return [filled(selector, game, f"{game.n} points") for game in games]


def _steady_law(selector: Selector, instance: Instance, run: Run) -> float:
    """Without a claim the later draws are held against the earlier ones."""
    rng, n = np.random.default_rng([run.seed, 3]), run.profile.draws // 2
    first, then = (drawn_between(selector, instance, n, rng=rng, error=ERROR / 2) for _ in range(2))
    apart = np.maximum(first[0] - then[1], then[0] - first[1])
    i = int(np.argmax(apart))
    if apart[i] > 0:
        raise Broken(
            f"inclusion of point {i} is in [{first[0][i]:.4g}, {first[1][i]:.4g}] in the first {n} "
            f"draws, in [{then[0][i]:.4g}, {then[1][i]:.4g}] in the next (error level {ERROR:g})"
        )
    return _SURE


def _inclusion(selector: Selector, instance: Instance, run: Run) -> float:
    claimed = ask(selector, instance, run.seed).inclusion
    if claimed is None:
        return _steady_law(selector, instance, run)
    n = instance.game.n

    def draw(q: Array, *, rng: np.random.Generator, size: int) -> Array:
        out = np.zeros((size, n), dtype=np.int64)
        for row in out:
            np.add.at(row, ask(selector, instance, rng).indices, 1)
        return out

    found = audit(
        claimed,
        draw,
        rng=np.random.default_rng([run.seed, 3]),
        game=instance.game,
        tolerance=run.profile.tolerance,
        error=ERROR,
        max_draws=run.profile.draws,
    )
    if found.status == "VIOLATED":
        raise Broken(f"{found.words} (after {found.n_draws} draws, error level {ERROR:g})")
    return run.profile.tolerance - abs(found.found - found.promised)


def _noisy(selector: Selector, run: Run) -> list[Instance]:
    return [mixture_instance(rng=np.random.default_rng([run.seed, 4]), n=60, budget=6, rate=0.1)]


def _noise(selector: Selector, instance: Instance, run: Run) -> float:
    game, repetitions = instance.game, run.profile.repetitions
    q = expected(selector, instance, run.seed)
    if q is not None:
        promised = float(worst_case(game, q)[0])
    else:
        found = guarantee_from_draws(
            selector,
            instance,
            rng=np.random.default_rng([run.seed, 7]),
            error=ERROR,
            draws=run.profile.draws,
        )
        q, promised = found.inclusion, found.low
    rng = np.random.default_rng([run.seed, 5])
    picks = np.zeros((repetitions, game.n))
    for picked in picks:
        np.add.at(picked, ask(selector, instance, rng).indices, 1)
    solution = solve(game)
    unit, most = game.budget * float(game.stakes.max()), int(picks.sum(axis=1).max(initial=0))
    # No sample can lose or earn more than the largest harms or gains of its size.
    low, high = (float(np.sort(part)[::-1][:most].sum()) for part in (game.harms, game.gains))
    slacks = []
    for name, row in TEACHERS.items():
        if not row.fits(instance):
            continue
        teacher = row.make(instance, q, solution)
        wrong = np.array([teacher(instance, rng=rng).wrong for _ in range(repetitions)])
        earned = np.sum(picks * (game.gains - game.stakes * wrong), axis=1)
        test = mean_at_least(earned, promised, (-low, high), tolerance=0.05 * unit, error=ERROR)
        if test.status == "VIOLATED":
            raise Broken(
                f"teacher {name!r}: mean gain {earned.mean():.4g} of {test.n_draws} draws, "
                f"{promised:.4g} is guaranteed (error level {ERROR:g})"
            )
        slacks.append((float(earned.mean()) - promised) / unit)
    return min(slacks)


def _row(id: str, part: str, says: str, test: Any, cases: Any) -> Check:
    return Check(id, part, says, test, cases)


MERIT_CHECKS: tuple[Check, ...] = (
    _row(
        "guarantee",
        "guarantee",
        "the worst case is at least that of uniform sampling",
        _guarantee,
        lambda selector, run: adversarial_instances(selector, run.seed),
    ),
    _row(
        "inclusion",
        "sampling",
        "inclusion probabilities are as claimed, and stay",
        _inclusion,
        _audited,
    ),
    _row(
        "noise",
        "noise",
        "under every teacher model the mean gain is at least the worst case",
        _noise,
        _noisy,
    ),
)
