r"""The search for a game that refutes: small games, drawn ones, neighbours of the tightest."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction

import numpy as np

from radsim.conjecture.batches import batch_letters, slacks
from radsim.conjecture.drawing import Hypotheses, draw, hypotheses, inside, settle, small_trials
from radsim.conjecture.judging import Conjecture, Sides, conjecture, judge, needed, sides
from radsim.conjecture.shrinking import shrink
from radsim.conjecture.trials import Trial, key, proportional, size
from radsim.conjecture.words import comparisons
from radsim.door import Array, count, generator, number, steady, typed

__all__ = ["CHUNK", "Survey", "falsify", "refuted_by"]

Q = Fraction
CHUNK = 250  # trials looked at in one go
SMALL_GAMES = 300  # of the smallest ones
TIGHT = 1e-9  # a slack below this is for the exact arithmetic to judge
EXACT_IN_CHUNK = 12  # of those, the simplest
ODD_IN_CHUNK = 2
KEPT = 24  # tightest trials, from which the search goes on
PAIRS = 2000  # for a picture
Suspect = tuple[float, tuple[int, int, int], int, Trial]  # slack, size, place, trial
MOST_POINTS = 12  # to which a neighbour may grow
HOPELESS = 500  # trials without one that meets the conditions


@dataclass(frozen=True, eq=False)
class Survey:
    """Survey of a conjecture: what was tried, and the game that refutes it if one was found.

    Attributes
    ----------
    conjecture : Conjecture
    refuted : bool
    trial : Trial or None
        The smallest game that refutes it, in exact fractions.
    sides : tuple of Sides
        Both sides of each comparison on that game, or on the tightest.
    n_tried, n_applicable, n_undefined, n_exact, n_unconfirmed : int
        Games looked at; those that meet all conditions; those of them on which the statement is not
        defined; those judged exactly; violations in floats that were none.
    slack : float
        The smallest, relative to the larger side; games on which both sides are zero come last.
    tightest : Trial or None
        Where that was.
    ended : {"refuted", "games", "seconds"}
        What ended the search.
    seconds : float
    pairs : ndarray, shape (k, 2)
        Left and right side of the first comparison, on applicable games.

    Examples
    --------
    >>> found = falsify("V <= max(g)", "b == 1", rng=0, games=100)
    >>> found.refuted, found.n_tried, found.ended
    (False, 100, 'games')
    """

    conjecture: Conjecture
    refuted: bool
    trial: Trial | None
    sides: tuple[Sides, ...]
    n_tried: int
    n_applicable: int
    n_undefined: int
    n_exact: int
    n_unconfirmed: int
    slack: float
    tightest: Trial | None
    ended: str
    seconds: float
    pairs: Array = field(repr=False)

    @property
    def applicable(self) -> float:
        """Share of the games tried that meet all conditions."""
        return self.n_applicable / self.n_tried if self.n_tried else 0.0


@dataclass
class _Tally:
    """Counts of a search under way."""

    tried: int = 0
    applicable: int = 0
    undefined: int = 0
    exact: int = 0
    unconfirmed: int = 0
    pairs: list[Array] = field(default_factory=list)
    # Whether both sides are zero, which says little; slack; trial.
    best: list[tuple[bool, float, Trial]] = field(default_factory=list)


@steady
def falsify(
    statement: str,
    where: str = "",
    *,
    rng: np.random.Generator | int,
    games: int = 5000,
    seconds: float = 60.0,
    step: Callable[[int], object] = lambda tried: None,
) -> Survey:
    r"""Search for a game on which a conjecture is false, and shrink it to the smallest.

    A refutation is proved in exact fractions.  Without one nothing is proved: the survey says what
    was tried.

    Parameters
    ----------
    statement : str
        In the theory's letters, say ``"V <= b*max(g)"``.
    where : str
        Conditions, separated by commas.  What they do not mention is as in `Game`: games are capped
        and may abstain; m and b are any numbers that `Game` takes.
    rng : numpy.random.Generator or int
    games : int
        Most games that are tried.
    seconds : float
        No new games are tried after that time; shrinking ends at twice that time.
    step : callable, optional
        Called once every `CHUNK` games, with the number of games tried so far.

    Returns
    -------
    Survey

    Raises
    ------
    ValueError
        If the statement or a condition cannot be read, with a caret under the place; or if no game
        meets the conditions, or the statement is defined on none that does.

    Examples
    --------
    >>> from radsim import falsify
    >>> found = falsify("V >= (n - 2*m)/n * mean(g)", "c == 1, b == 1", rng=0)
    >>> found.refuted, [str(x) for x in found.trial.gains], str(found.trial.mistakes)
    (True, ['1', '0'], '1/2')
    >>> falsify("V <= b*max(g)", rng=0, games=500).refuted
    False
    """
    rng, start = generator(rng), time.monotonic()
    games, seconds = count(games, "games", low=1), number(seconds, "seconds", open_low=True)
    typed(step, Callable, "step")
    asked = conjecture(statement, where)
    plan = hypotheses(asked.statement, asked.where)
    tally, ended = _Tally(), "games"
    source = _trials(plan, tally, games, rng)
    while tally.tried < games:
        chunk = [next(source) for _ in range(min(CHUNK, games - tally.tried))]
        found = _look(asked, plan, chunk, tally, start + seconds)
        step(tally.tried)
        if found is not None:
            smallest = _smallest(asked, plan, found, start + 2 * seconds)
            return _survey(asked, tally, smallest, "refuted", time.monotonic() - start)
        if tally.tried >= min(games, HOPELESS):
            if not tally.applicable:
                raise ValueError(f"where: none of {tally.tried} games meets the conditions")
            if tally.applicable == tally.undefined:
                raise ValueError(f"statement: it is defined on none of {tally.applicable} games")
        if time.monotonic() - start > seconds:
            ended = "seconds"
            break
    return _survey(asked, tally, None, ended, time.monotonic() - start)


def _smallest(asked: Conjecture, plan: Hypotheses, trial: Trial, end: float) -> Trial:
    return shrink(
        trial,
        lambda changed: judge(asked, changed) == "refutes",
        lambda changed: settle(plan, changed),
        lambda: time.monotonic() < end,
    )


def refuted_by(found: Survey, trial: Trial, seconds: float = 60.0) -> Survey:
    """A survey with a refuting trial that was found elsewhere, shrunk."""
    asked = found.conjecture
    plan = hypotheses(asked.statement, asked.where)
    smallest = _smallest(asked, plan, trial, time.monotonic() + seconds)
    return replace(found, refuted=True, trial=smallest, sides=sides(asked, smallest))


def _survey(
    asked: Conjecture, tally: _Tally, trial: Trial | None, ended: str, seconds: float
) -> Survey:
    _, slack, tightest = tally.best[0] if tally.best else (False, float("nan"), None)
    shown = trial or tightest
    return Survey(
        conjecture=asked,
        refuted=trial is not None,
        trial=trial,
        sides=() if shown is None else sides(asked, shown),
        n_tried=tally.tried,
        n_applicable=tally.applicable,
        n_undefined=tally.undefined,
        n_exact=tally.exact,
        n_unconfirmed=tally.unconfirmed,
        slack=slack,
        tightest=tightest,
        ended=ended,
        seconds=seconds,
        pairs=np.concatenate(tally.pairs)[:PAIRS] if tally.pairs else np.empty((0, 2)),
    )


def _trials(
    plan: Hypotheses, tally: _Tally, games: int, rng: np.random.Generator
) -> Iterator[Trial | None]:
    """The smallest games first, then drawn ones and neighbours of the tightest in turn."""
    yield from small_trials(plan, min(SMALL_GAMES, games // 4 + 1), rng)
    while True:
        for _ in range(CHUNK):
            yield draw(plan, rng)
        near = [trial for *_, trial in tally.best]
        for _ in range(CHUNK if near else 0):
            yield _neighbour(plan, near[int(rng.integers(len(near)))], rng)


def _neighbour(plan: Hypotheses, trial: Trial, rng: np.random.Generator) -> Trial | None:
    """A trial beside one: a number scaled, rounded, made zero or equal to another."""
    for _ in range(int(rng.integers(1, 4))):
        g, k, other = trial.gains, int(rng.integers(trial.n)), int(rng.integers(trial.n))
        x = (Q(0), g[k] * 2, g[k] / 2, g[other], g[k] + Q(1, 4), Q(round(g[k])), g[k] * Q(9, 8))[
            int(rng.integers(7))
        ]
        kind = int(rng.integers(7))
        amount = Q(int(rng.integers(-4, 5)), int(rng.choice([1, 2, 4, 16])))
        if kind <= 2:
            trial = replace(trial, gains=(*g[:k], x, *g[k + 1 :]))
            if trial.multiple is not None:
                trial = proportional(trial, trial.multiple)
        elif kind == 3:
            trial = replace(trial, mistakes=min(Q(trial.n), max(Q(0), trial.mistakes + amount)))
        elif kind == 4:
            b = trial.budget + amount
            trial = replace(trial, budget=min(Q(trial.n), b if b > 0 else trial.budget / 2))
        elif kind == 6 and trial.n < MOST_POINTS:  # a point more, like another
            h, more = trial.harms, Q(int(rng.integers(2)))
            trial = replace(trial, gains=(*g, g[k]), harms=(*h, h[k]))
            trial = replace(trial, mistakes=trial.mistakes + more)
        elif trial.multiple is not None:
            trial = proportional(trial, max(Q(0), trial.multiple + amount))
        else:
            h = trial.harms
            new = (Q(0), h[k] * 2, h[k] / 2, h[other], g[k], h[k] + abs(amount))
            harms = (*h[:k], new[int(rng.integers(6))], *h[k + 1 :])
            trial = replace(trial, harms=harms)
    trial = settle(plan, trial)
    short = max(x.denominator for x in (*trial.gains, *trial.harms, trial.mistakes)) < 10**6
    return trial if short and inside(plan, trial) else None


def _look(
    asked: Conjecture,
    plan: Hypotheses,
    chunk: Sequence[Trial | None],
    tally: _Tally,
    end: float,
) -> Trial | None:
    """Take a chunk into the tally, and return a trial that refutes, proved so, if there is one."""
    tally.tried += len(chunk)
    names = needed([asked.statement, *plan.solved])
    first = comparisons(asked.statement)[0] if comparisons(asked.statement) else None
    suspects: list[Suspect] = []
    odd: list[Suspect] = []  # not defined in floats: some may be too large for them
    groups: dict[tuple[int, bool, bool], list[Trial]] = {}
    for trial in (x for x in chunk if x is not None):
        groups.setdefault((trial.n, trial.capped, trial.abstain), []).append(trial)
    for trials in groups.values():
        letters = batch_letters(trials, names)
        with np.errstate(all="ignore"):
            met = np.ones(len(trials), dtype=bool)
            for node in plan.solved:
                margin = TIGHT if node.op in ("lt", "gt", "ne") else -TIGHT
                met &= slacks(node, letters) > margin
            found = np.broadcast_to(slacks(asked.statement, letters), met.shape)
            defined, idle = met & ~np.isnan(found), np.zeros(len(trials), dtype=bool)
            if first is not None and first.args[0].kind == "number":
                both = [np.broadcast_to(slacks(x, letters), met.shape) for x in first.args]
                idle = np.max(np.abs(both), axis=0) <= TIGHT
                tally.pairs.append(np.stack(both, axis=1)[defined])
        tally.applicable += int(met.sum())
        tally.undefined += int((met & ~defined).sum())
        unsaid = [trials[k] for k in np.flatnonzero(met & ~defined)]
        odd += [(np.inf, size(x), len(odd) + k, x) for k, x in enumerate(unsaid)]
        for k in np.flatnonzero(defined):
            tally.best.append((bool(idle[k]), float(found[k]), trials[k]))
            if found[k] <= TIGHT:
                suspects.append((float(found[k]), size(trials[k]), len(suspects), trials[k]))
    refuting = None
    largest = sorted(odd, key=lambda x: x[1])[-ODD_IN_CHUNK:]
    for slack, _, _, trial in (*_chosen(suspects), *largest):
        if time.monotonic() > end:
            break
        ruling = judge(asked, trial)
        tally.exact += 1
        if ruling == "refutes":
            refuting = trial
            break
        tally.unconfirmed += slack < -TIGHT
    _keep(tally)
    return refuting


def _chosen(suspects: list[Suspect]) -> list[Suspect]:
    """Which to judge exactly: the worst, then the simplest, those that rounding explains last."""
    wrong = [x for x in suspects if x[0] < -TIGHT]
    simple = sorted(suspects, key=lambda x: (x[0] >= -TIGHT, x[1:3]))
    worst = sorted(wrong)[: EXACT_IN_CHUNK // 2]
    return list({x[2]: x for x in (*worst, *simple)}.values())[:EXACT_IN_CHUNK]


def _keep(tally: _Tally) -> None:
    """The tightest trials, no two of them alike."""
    ordered = sorted(tally.best, key=lambda x: (x[0], round(x[1], 9), size(x[2])))
    kept: dict[Trial, tuple[bool, float]] = {}
    for idle, slack, trial in ordered:
        kept.setdefault(key(trial), (idle, slack))
        if len(kept) >= KEPT:
            break
    tally.best = [(*rank, trial) for trial, rank in kept.items()]
