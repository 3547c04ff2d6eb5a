r"""Checks of a design: counts, sizes, generators, its law, and its inclusion probabilities."""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy import stats

from radsim.game import Array
from radsim.sampling.audit import audit
from radsim.sampling.design import Design
from radsim.testing.checks import Broken, Check
from radsim.testing.run import Run

__all__ = ["DESIGN_CHECKS"]

ERROR = 1e-9

# Probabilities strictly between 0 and 1 that sum to a whole number; the smallest come first.
_POOLS = (
    np.array([0.5, 0.5]),
    np.array([0.9, 0.6, 0.5]),
    np.array([0.8, 0.7, 0.3, 0.2]),
    np.array([0.95, 0.9, 0.85, 0.2, 0.1]),
)


def _pools(design: Design, run: Run) -> list[Array]:
    # With replacement points are expected more than once.
    return [(3 if design.with_replacement else 1) * q for q in _POOLS]


def _larger(design: Design, run: Run) -> list[Array]:
    last = np.linspace(0.05, 0.95, 30)
    return [*_pools(design, run), 3 * last if design.with_replacement else last]


def _listed(design: Design, run: Run) -> list[Array]:
    return [q for q in _pools(design, run) if len(q) <= design.law_n]


def _counts(design: Design, q: Array, run: Run, size: int = 200) -> Array:
    return np.asarray(design.draw(q.copy(), rng=np.random.default_rng(run.seed), size=size))


def _shape(design: Design, q: Array, run: Run) -> float:
    found = _counts(design, q, run)
    if found.shape != (200, len(q)):
        raise Broken(f"200 samples have shape {found.shape}, not (200, {len(q)})")
    if not np.issubdtype(found.dtype, np.integer) or found.min() < 0:
        raise Broken(f"counts are {found.dtype} and as low as {found.min()}")
    return float("inf")


def _once(design: Design, q: Array, run: Run) -> float:
    most = int(_counts(design, q, run).max())
    if most > 1:
        raise Broken(f"a point is drawn {most} times")
    return float("inf")


def _size(design: Design, q: Array, run: Run) -> float:
    sizes = np.unique(_counts(design, q, run).sum(axis=1))
    if sizes.tolist() != [round(float(q.sum()))]:
        raise Broken(f"sizes {sizes.tolist()} where inclusion sums to {q.sum():g}")
    return float("inf")


def _seed(design: Design, q: Array, run: Run) -> float:
    if not np.array_equal(_counts(design, q, run), _counts(design, q, run)):
        raise Broken("the same generator twice gives other samples")
    return float("inf")


def _input_untouched(design: Design, q: Array, run: Run) -> float:
    given = q.copy()
    design.draw(given, rng=np.random.default_rng(run.seed), size=200)
    if not np.array_equal(given, q):
        raise Broken("the inclusion probabilities are changed")
    given.flags.writeable = False
    try:
        design.draw(given, rng=np.random.default_rng(run.seed), size=200)
    except ValueError as error:
        raise Broken(f"read-only input is refused: {error}") from error
    return float("inf")


def _inclusion(design: Design, q: Array, run: Run) -> float:
    found = audit(
        q,
        design.draw,
        rng=np.random.default_rng([run.seed, 3]),
        tolerance=run.profile.tolerance,
        error=ERROR,
        max_draws=10 * run.profile.draws,
    )
    if found.status == "VIOLATED":
        raise Broken(f"{found.words} (after {found.n_draws} draws, error level {ERROR:g})")
    return run.profile.tolerance - abs(found.found - found.promised)


def _law(design: Design, q: Array, run: Run) -> float:
    law = design.law(q)
    gap = max(
        float(np.abs(law.inclusion() - q).max()),
        abs(float(law.probability.sum()) - 1),
        float(-law.probability.min()),
    )
    if not gap <= 1e-10:
        raise Broken(f"the listed law gives {law.inclusion().tolist()}")
    return 1e-10 - gap


def _law_drawn(design: Design, q: Array, run: Run) -> float:
    """Every outcome as often as its probability says: exact binomial tests, Bonferroni."""
    law, size = design.law(q), 2 * run.profile.draws
    drawn = _counts(design, q, run, size)
    known = {tuple(row): float(p) for row, p in zip(law.outcomes, law.probability, strict=True)}
    rows, times = np.unique(drawn, axis=0, return_counts=True)
    seen = {tuple(row): int(k) for row, k in zip(rows, times, strict=True)}
    level, lowest = ERROR / max(1, len(known)), 1.0
    for row in seen.keys() - known.keys():
        raise Broken(f"outcome {[int(x) for x in row]} is drawn and not in the law")
    for row, p in known.items():
        chance = stats.binomtest(seen.get(row, 0), size, min(1.0, p)).pvalue
        lowest = min(lowest, float(chance))
        if chance < level:
            raise Broken(
                f"outcome {[int(x) for x in row]} {seen.get(row, 0)} times in {size}, "
                f"probability {p:.4g}"
            )
    return lowest - level


def _joint(design: Design, q: Array, run: Run) -> float:
    assert design.joint is not None
    gap = np.abs(design.joint(q) - design.law(q).joint())
    np.fill_diagonal(gap, 0)
    if not gap.max() <= 1e-9:
        i, j = np.unravel_index(int(gap.argmax()), gap.shape)
        raise Broken(f"joint inclusion of {i} and {j} is off by {gap.max():.2g}")
    return float(1e-9 - gap.max())


def _no_law(design: Design) -> str:
    return "" if design.law_n else "lists no law"


def _row(id: str, says: str, test: Any, cases: Any = _pools, **more: Any) -> Check:
    return Check(id, "sampling" if cases is not _pools else "contract", says, test, cases, **more)


DESIGN_CHECKS: dict[str, Check] = {
    check.id: check
    for check in (
        _row("shape", "samples are rows of counts", _shape),
        _row(
            "once",
            "no point is drawn twice",
            _once,
            unless=lambda design: "draws with replacement" if design.with_replacement else "",
        ),
        _row(
            "size",
            "every sample has the size that inclusion sums to",
            _size,
            unless=lambda design: "" if design.fixed_size else "its size is random",
        ),
        _row("seed", "the same generator gives the same samples", _seed),
        _row(
            "input_untouched", "inclusion is left as it was, and may be read-only", _input_untouched
        ),
        _row("inclusion", "points are drawn as often as promised", _inclusion, _larger),
        _row("law", "the listed law has the promised inclusion", _law, _listed, unless=_no_law),
        _row("law_drawn", "draws follow the listed law", _law_drawn, _listed, unless=_no_law),
        _row(
            "joint",
            "joint inclusion is that of the law",
            _joint,
            _listed,
            unless=lambda design: _no_law(design) or ("" if design.joint else "has no formula"),
        ),
    )
}
