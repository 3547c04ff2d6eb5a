"""Which solver, which design, which strategy: what each costs and refuses, tried when it is built.

Nothing here is typed twice: names, tolerances and sizes are those of the rows, times are measured
and refusals are collected by asking each row for the same cases.
"""

from __future__ import annotations

import dataclasses
import shutil
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
from pages import table

from radsim import DESIGNS, SOLVERS, Game, constrain, joint_inclusion, sample, solve
from radsim.distillation import STRATEGIES, Setting, Strategy, View, compare
from radsim.selectors import Selection

__all__ = ["a_view", "solver_rows", "strategies_page", "write_choices"]

_GAINS = np.random.default_rng(0).random(30)


def _plain(n: int = 10, m: float = 2, b: float = 1, **rules: Any) -> Callable[[], Game]:
    return lambda: Game(_GAINS[:n], m, b, **rules)


# What a solver is asked for: in words, and the game.
_GAMES: dict[str, dict[str, Callable[[], Any]]] = {
    "plain": {
        "one query": _plain(),
        "m that is not whole": _plain(m=2.5),
        "harms of their own": _plain(harms=_GAINS[10:20]),
        "no harm": _plain(harm=0),
        "with replacement, b = 3": _plain(b=3, capped=False),
        "each point once, b = 3": _plain(b=3),
        "each point once, b = 1.5": _plain(b=1.5),
        "all of b = 3 must be spent": _plain(b=3, abstain=False),
        "no mistakes": _plain(m=0),
        "more mistakes than can be borne": _plain(m=9),
        "30 points": _plain(n=30, m=5),
    },
    "constrained": {
        "limits by point": lambda: constrain(_plain()(), limits=np.full(10, 0.4)),
        "two groups": lambda: constrain(
            _plain(b=3)(), mistakes=[1, 1], groups=np.arange(10) // 5 == [[0], [1]]
        ),
        "groups that overlap, each of five points once": lambda: constrain(
            _plain(b=5)(), mistakes=[1, 1], groups=[np.arange(10) < 7, np.arange(10) > 3]
        ),
        "costs": lambda: constrain(_plain(b=3)(), costs=1 + _GAINS[10:20]),
    },
}
# What a design is asked to draw: in words, and the inclusion probabilities.
_DRAWS = {
    "sure points and excluded points": np.array([1, 1, 0.4, 0.6, 0]),
    "a total that is not whole": np.array([0.2, 0.3, 0.4, 0.5, 0.7, 0.65]),
    "an expected count above 1": np.array([1.5, 0.5, 0.4, 0.6]),
    "nothing at all": np.zeros(4),
}


def _times(work: Callable[[], Any], turns: int = 3) -> float:
    """The least of a few turns, in milliseconds, after one that does not count."""
    work()
    taken = []
    for _ in range(turns):
        start = time.perf_counter()
        work()
        taken.append(time.perf_counter() - start)
    return 1000 * min(taken)


def _ms(x: float) -> str:
    return f"{x:.2g}" if x < 100 else f"{x:.0f}"


def _refusal(work: Callable[[], Any]) -> str:
    """What it says when it refuses, or nothing."""
    try:
        work()
    except ValueError as error:
        return str(error)
    return ""


def _said(found: dict[str, list[str]]) -> list[str]:
    """Each thing that is said in refusing, once, with who says it."""
    if not found:
        return []
    lines = ["What they say when they refuse:", ""]
    lines += [f"- {', '.join(f'`{x}`' for x in who)}: {says}" for says, who in found.items()]
    return [*lines, ""]


# --- Solvers ---


def _timed(kind: str, objective: str, method: str, n: int, largest_n: int) -> tuple[str, str]:
    """Milliseconds and the certificate's gap on one pool of n points; "-" beyond the row's n."""
    if n > largest_n:
        return "-", "-"
    game: Any = Game(np.random.default_rng(1).random(n), n // 10)
    if kind == "constrained":
        game = constrain(game, limits=np.full(n, 0.9))
    certificate = solve(game, objective, method).certificate
    taken = _times(lambda: solve(game, objective, method))
    gap = f"{float(certificate.gap / certificate.scale):.1g}"
    return _ms(taken), gap.replace("-", "\N{NON-BREAKING HYPHEN}")


def solver_rows(kind: str, objective: str, said: dict[str, list[str]]) -> Iterator[list[Any]]:
    """Rows of a table of solvers; what is said in refusing goes to `said`."""
    for method, row in SOLVERS[kind, objective].items():
        refused, handed = [], []
        for words, make in _GAMES[kind].items():
            game = make()
            try:
                found = solve(game, objective, method)
            except ValueError as error:
                refused.append(words)
                who = said.setdefault(str(error), [])
                if method not in who:
                    who.append(method)
            else:
                if found.method != method:
                    handed.append(f"{words} (hands it to {found.method})")
        times = [_timed(kind, objective, method, n, row.largest_n) for n in (10, 1000)]
        yield [
            f"`{method}`", f"{row.rtol:g}" if row.rtol else "exact", f"{row.largest_n:,}",
            *(taken for taken, _ in times), times[0][1], "; ".join(refused + handed) or "nothing",
        ]  # fmt: skip


_SOLVERS = """# Which solver

**Take `closed_form`, the default**: it is exact to rounding, takes the largest pools, and its
certificate proves each answer. Take another in order to check it:

- `rational` for an answer in fractions, with no rounding at all;
- `linprog` or `convex` for a second opinion by another road, or for constraints of your own
  (`convex`);
- `enumeration` for a few points, where every set of mistakes is listed and nothing clever can be
  wrong;
- `hedge` to see a learning algorithm reach the value slowly.

`radsim bench` measures this on your machine: [Benchmark the
solvers](../../howto/benchmark-solvers.md). On this page each was asked for the same small games
when the page was built; times are the least of three turns, certificate included, in
milliseconds, and no answer counts whose certificate is refused. The gap is that at n = 10, in
units of the game.
"""


def _solvers_page() -> list[str]:
    lines = _SOLVERS.splitlines()
    for kind, objective in SOLVERS:
        if kind not in _GAMES:
            continue
        said: dict[str, list[str]] = {}
        columns = ("method", "tolerance", "tested to n", "ms, n = 10", "ms, n = 1,000", "gap")
        rows = list(solver_rows(kind, objective, said))
        lines += ["", f"## The {objective} of a {kind} game", ""]
        lines += [*table((*columns, "refuses"), rows), *_said(said)]
        lines += [f"Asked for: {'; '.join(_GAMES[kind])}.", ""]
    largest = SOLVERS["stored", "value"]["closed_form"].largest_n
    return [*lines, "A pool that does not fit in memory is a `StoredGame`: `closed_form` alone, "
            f"tested to {largest:,} points.", ""]  # fmt: skip


# --- Designs ---

_ASSOCIATED = {
    "": "not known",
    "negative": "negative",
    "rayleigh": "strongly Rayleigh",
    "independent": "independent",
}
_DESIGNS = """# Which design

A design draws a set of points whose inclusion probabilities are the ones that were asked for. All
of these do; they differ in how often two points come together.

- **Take `pivotal`, the default**: fixed size, quick, and close to its mean (the tail bounds of S3
  hold for it).
- Take `sampford` or `conditional_poisson` if the probability of each *pair* is needed for a
  variance.
- Take `ordered_systematic` if one random number is all there may be; some pairs then never come
  together.
- Take `poisson` if points must be independent of each other; the size of the sample is then a
  matter of chance.
- Take `iid` for draws with replacement: it alone takes expected counts above 1.

Times are those of one sample, one turn after one that did not count, when this page was built, in
milliseconds. *Association* is what is known of how points come together; the tail bounds of S3
need it to be negative, which strongly Rayleigh and independent designs are too. *Pairs* is up to
how many points `joint_inclusion` answered: 6, 12 and 60 were tried.
"""


def _designs_page() -> list[str]:
    said: dict[str, list[str]] = {}
    rows = []
    for name, row in DESIGNS.items():
        refused = []
        for words, q in _DRAWS.items():
            if says := _refusal(lambda q=q, name=name: sample(q, name, rng=0)):
                refused.append(words)
                said.setdefault(says, []).append(name)
        cost = []
        for n in (1_000, 100_000):
            q = np.random.default_rng(0).random(n)
            q *= n / 100 / q.sum()
            cost.append(_ms(_times(lambda q=q, name=name: sample(q, name, rng=0), 1)))
        pairs = 0
        for n in (6, 12, 60):
            q = np.random.default_rng(0).random(n)
            q *= n / 3 / q.sum()
            if not _refusal(lambda q=q, name=name: joint_inclusion(q, name)):
                pairs = n
        size = "chance" if not row.fixed_size else "fixed"
        rows.append([
            f"`{name}`", size, row.with_replacement, _ASSOCIATED[row.associated], *cost,
            f"{pairs}" if pairs else "-", "; ".join(refused) or "nothing",
        ])  # fmt: skip
    columns = ("design", "size", "repeats a point", "association", "ms, n = 1,000",
               "ms, n = 100,000", "pairs", "refuses")  # fmt: skip
    asked = f"Asked to draw: {'; '.join(_DRAWS)}. [How each looks](../gallery/index.md)."
    return [*_DESIGNS.splitlines(), "", *table(columns, rows), *_said(said), asked, ""]


# --- Strategies ---


def a_view() -> View:
    """All that a strategy may look at in the first round of the default setting."""
    kept: list[View] = []

    def keep(view: View, rng: np.random.Generator) -> Selection:
        kept.append(view)
        return Selection(np.arange(view.budget))

    compare(Setting(), {"keep": Strategy(keep, "keeps the view", "none")}, seed=0)
    return kept[0]


class _Watched:
    """A view that remembers which of its fields were looked at."""

    def __init__(self, view: View) -> None:
        self.view, self.seen = view, set[str]()

    def __getattr__(self, name: str) -> Any:
        self.seen.add(name)
        return getattr(self.view, name)


# In words, the fields of a view; budget and the fit itself are everybody's.
_FIELDS = {
    "gains": "gains", "mistakes": "m of V", "true_mistakes": "the true m",
    "probabilities": "probabilities", "embeddings": "embeddings",
    "validation_gains": "V", "validation_wrong": "V", "validation_probabilities": "V",
    "validation_features": "V", "validation_labels": "V", "validation_answers": "V",
    "labelled_features": "labelled points", "labelled_targets": "labelled points",
    "known_embeddings": "labelled points", "known_probabilities": "labelled points",
    "told": "answers so far",
}  # fmt: skip


def _cases(view: View) -> Mapping[str, View]:
    def changed(**fields: Any) -> View:
        return dataclasses.replace(view, **fields)

    n, v = len(view.gains), len(view.validation_labels)
    right = np.eye(view.probabilities.shape[1])[view.validation_labels]
    wrong = np.where(np.arange(v)[:, None] < 0.9 * v, np.roll(right, 1, axis=1), right)
    return {
        "every point asked": changed(budget=n),
        "a teacher without mistakes": changed(validation_answers=right, true_mistakes=0.0),
        "more mistakes than can be borne": changed(validation_answers=wrong, true_mistakes=0.9 * n),
        "gains that are all zero": changed(gains=np.zeros(n)),
    }


_STRATEGIES = """# Which strategy

- **Mistakes where the gains are large, or a teacher that answers your choice**: `rad`, which earns
  what it guarantees whatever the teacher gets wrong, up to m mistakes.
- **Mistakes that have nothing to do with the gain**: `margin`, which guarantees least elsewhere.
- **Not known which of the two, and some trusted labels at hand**: `audited`, which spends a part
  of them on the answers it got; without checks `guarded`, which goes by validation points as far
  as they bear it out.
- **Trusted labels that are cheap**: no teacher at all, `nobody` and `labels/P`.
- **Nothing known at all**: `uniform`, the baseline that all others have to beat.

[The study](../../distillation.md) has what they earned in each case, at equal cost. On
this page each chose points in the first round of the default setting (digits: {n} points, {b}
queries, m = {m:g} by validation) when the page was built. *Guarantee* is the least gain of its
inclusion probabilities against m mistakes, each as harmful as the gain (c = 1), as a share of the
best there is; below 0 it may lose. *Looks at* is what it read; V are the validation points.
"""


def strategies_page() -> list[str]:
    """Lines of the page on strategies."""
    from radsim import worst_case

    view = a_view()
    game = Game(view.gains, rate=view.mistakes / len(view.gains), budget=view.budget)
    best = solve(game).value
    rows, said = [], {}
    for name, row in STRATEGIES.items():
        watched = _Watched(view)
        chosen = row.choose(watched, np.random.default_rng(0))  # type: ignore[arg-type]
        looks = dict.fromkeys(words for x, words in _FIELDS.items() if x in watched.seen)
        share = "not known"
        if chosen.inclusion is not None:
            share = f"{100 * worst_case(game, chosen.inclusion)[0] / best:.0f} %"
        unusual = []
        for words, other in _cases(view).items():
            try:
                found = row.choose(other, np.random.default_rng(0))
            except ValueError as error:
                unusual.append(f"refuses {words}")
                said.setdefault(str(error), []).append(name)
            else:
                if len(found.indices) < other.budget:
                    unusual.append(f"asks {len(found.indices)} of {other.budget} for {words}")
        taken = _times(lambda row=row: row.choose(view, np.random.default_rng(0)), 1)
        rows.append([
            f"`{name}`", row.says, ", ".join(looks) or "nothing", share, _ms(taken),
            "; ".join(unusual) or "nothing", row.source,
        ])  # fmt: skip
    columns = ("strategy", "rule", "looks at", "guarantee", "ms", "refuses", "source")
    words = _STRATEGIES.format(n=len(view.gains), b=view.budget, m=view.mistakes)
    cases = f"Asked for: {'; '.join(_cases(view))}. [How each looks](../gallery/index.md)."
    return [*words.splitlines(), "", *table(columns, rows), *_said(said), cases, ""]


def write_choices(folder: Path) -> None:
    """Three pages, one a choice."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    made = {
        "which-solver": _solvers_page,
        "which-design": _designs_page,
        "which-strategy": strategies_page,
    }
    for name, page in made.items():
        (folder / f"{name}.md").write_text("\n".join(page()))
