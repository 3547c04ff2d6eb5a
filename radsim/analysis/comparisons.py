r"""What claims say, beside what is measured, comparison by comparison."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from radsim.claims import CLAIMS, Claim, Comparison, SampledComparison, check
from radsim.data.instances import Instance, draw_instance
from radsim.door import count, each_of, entries, one_of, steady, typed
from radsim.solution import UncertifiedError
from radsim.solvers import rows_for

__all__ = ["comparisons", "least_slack", "side_by_side"]

COLUMNS = tuple("claim game family n label compared kind bound measured slack status".split())
# Draws of games are given up after so many for each that is wanted: few claims refuse most games.
MOST_DRAWS = 50


@steady
def comparisons(
    claim: Claim, instance: Instance, *, method: str = "linprog", rng: int = 0
) -> pd.DataFrame:
    r"""Each comparison that a claim makes on one game, with the verdict on it alone.

    Both sides are divided by the scale of the comparison (:math:`b \max_i g_i` for most), so that
    games of different units lie in one picture.

    Parameters
    ----------
    claim : Claim
        A row of `CLAIMS`, or your own.
    instance : Instance
    method : str
        The solver whose certified enclosure is set against the formula.
    rng : int
        Seed of what the claim draws.

    Returns
    -------
    pandas.DataFrame
        A row a comparison: the game as Python reads it, its family and n; the label, and without
        its numbers what is compared; the kind; what the claim says (`bound`), the middle of what
        was found (`measured`), slack, status.  No row where the game does not meet the hypotheses.

    Raises
    ------
    ValueError
        If `claim` is no claim, `instance` no instance, or the method is none of its game's.

    Examples
    --------
    >>> from radsim import CLAIMS, Game, Instance
    >>> found = comparisons(CLAIMS["V1"], Instance("three", Game([1, 0.5, 0.25], mistakes=1)))
    >>> found["label"].tolist()
    ['W(p) = lam', 'U(., l) <= lam', 'V = b lam']
    >>> (7 * found["bound"]).round(12).tolist()
    [1.0, 1.0, 1.0]
    """
    typed(claim, Claim, "claim")
    one_of(method, rows_for(typed(instance, Instance, "instance").game), "method")
    rng = count(rng, "rng")
    if not claim.applies(instance.game):
        return pd.DataFrame(columns=COLUMNS)
    try:
        items = list(claim.compare(instance.game, method, np.random.default_rng(rng)))
    except UncertifiedError:  # nothing was measured
        return pd.DataFrame(columns=COLUMNS)
    rows = []
    for item in items:
        only = replace(claim, compare=lambda *given, item=item: [item])
        found = check(only, instance, method=method)
        scale = item.scale if item.scale > 0 else 1.0
        rows.append(
            (
                claim.id,
                repr(instance.game),
                instance.name.partition("/")[0],
                instance.game.n,
                item.label,
                re.sub(r"\d[\d.e+-]*", "#", item.label),
                item.kind,
                float(item.bound) / scale,
                _middle(item) / scale,
                found.slack,
                found.status,
            )
        )
    return pd.DataFrame(rows, columns=COLUMNS)


def _middle(item: Comparison | SampledComparison) -> float:
    """Of the interval that holds the measured number, or of the draws."""
    measured = item.measured if isinstance(item, Comparison) else item.draws
    return float(np.mean(np.asarray(measured, dtype=np.float64)))


@steady
def side_by_side(
    claims: Iterable[str],
    n_instances: int = 40,
    seed: int = 0,
    *,
    largest_n: int = 8,
    method: str = "linprog",
) -> pd.DataFrame:
    r"""What claims say beside what is measured, on games drawn from every family.

    Parameters
    ----------
    claims : iterable of str
        Their ids.
    n_instances : int
        Games for each claim that meet its hypotheses; fewer if they are too rare.
    seed : int
    largest_n : int
        Games have at most so many points.
    method : str
        The solver whose certified enclosure is set against the formula.

    Returns
    -------
    pandas.DataFrame
        The rows of `comparisons`, game by game.

    Raises
    ------
    ValueError
        If a claim is not one of `CLAIMS`, naming it, or an argument that cannot be.

    Examples
    --------
    >>> found = side_by_side(["V1", "V7"], n_instances=3)
    >>> sorted(set(found["claim"])), set(found["status"])
    (['V1', 'V7'], {'HOLDS'})
    """
    n_instances = entries(n_instances, "n_instances", low=1)
    seed, largest_n = count(seed, "seed"), entries(largest_n, "largest_n", low=2)
    parts = []
    for name in each_of(claims, CLAIMS, "claims"):
        claim = CLAIMS[name]
        kept = 0
        for k in range(MOST_DRAWS * n_instances):
            rng = np.random.default_rng([seed, k])
            instance = draw_instance(rng=rng, largest_n=largest_n)
            if not claim.applies(instance.game):
                continue
            parts.append(comparisons(claim, instance, method=method, rng=k))
            kept += 1
            if kept == n_instances:
                break
    parts = [part for part in parts if len(part)]
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=COLUMNS)


def least_slack(frame: pd.DataFrame, by: Sequence[str] = ("claim",)) -> pd.DataFrame:
    r"""How often claims were compared, and where they came closest to failing.

    Parameters
    ----------
    frame : pandas.DataFrame
        Of `side_by_side` or `comparisons`.
    by : sequence of str
        Its columns for which there is a row each.

    Returns
    -------
    pandas.DataFrame
        Number of comparisons and of games; the least slack and the family where it was seen;
        how many comparisons hold.

    Raises
    ------
    ValueError
        If it is no such frame, or has no column of a name in `by`.

    Examples
    --------
    >>> least_slack(side_by_side(["V1"], n_instances=3))["comparisons"].tolist()
    [9]
    """
    for name in COLUMNS:
        one_of(name, list(typed(frame, pd.DataFrame, "frame")), "columns of frame")
    by = each_of(by, list(frame), "by")
    if not by:
        raise ValueError("by is empty: it must name one column at least")
    frame = frame.reset_index(drop=True)
    groups = frame.groupby(by, sort=False)
    worst = frame.loc[groups["slack"].idxmin()].set_index(by)
    return groups.agg(
        comparisons=("slack", "size"),
        games=("game", "nunique"),
        hold=("status", lambda found: int((found == "HOLDS").sum())),
        least_slack=("slack", "min"),
    ).assign(in_family=worst["family"])
