r"""Tables of a study: the goal, single cells, strategies, prices, alarms and cost."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from radsim.distillation.noise import NOISES
from radsim.distillation.strategies import PRICES
from radsim.distillation.study.protocol import BESIDE, CELL, GOAL, LIMITS, NOBODY
from radsim.distillation.study.statistics import (
    LEAST_SEEDS,
    hindsight,
    holm,
    mean_interval,
    noninferiority,
    over_sets,
    simultaneous,
)
from radsim.game import Array

__all__ = [
    "alarms",
    "cells_of",
    "cost",
    "differences",
    "frontier",
    "goal",
    "ordered",
    "prices",
    "single_cells",
    "strategies_beside",
    "summary",
]

A_POINT = 100.0
# What decides the answer of who asks no teacher, besides the seed.
_SETTING = ("data", "student", "budget", "n_validation")


def _wide(results: pd.DataFrame) -> pd.DataFrame:
    """Accuracy in points, one row a cell and seed, one column a strategy."""
    return A_POINT * results.pivot_table(
        index=[*CELL, "seed"], columns="strategy", values="test_accuracy", observed=True
    )


def differences(results: pd.DataFrame, selector: str = GOAL) -> pd.DataFrame:
    """Differences of a selector, in points, one row a cell and seed.

    Parameters
    ----------
    results : pandas.DataFrame
        Rows of a study.
    selector : str

    Returns
    -------
    pandas.DataFrame
        Indexed by cell and seed: ``reference``, to the better of margin and uniform in hindsight
        (picked on the other half of the seeds), and ``trusted``, to the trusted labels alone.
    """
    wide = _wide(results)
    wide = wide.dropna(subset=[x for x in (selector, *BESIDE) if x in wide])
    if selector not in wide or any(x not in wide for x in BESIDE) or wide.empty:
        return pd.DataFrame(columns=["reference", "trusted"])
    parts = []
    for _, rows in wide.groupby(level=CELL, observed=True):
        seeds = rows.index.get_level_values("seed").to_numpy()
        better = hindsight(rows[list(BESIDE)].to_numpy(), seeds)
        parts.append(
            pd.DataFrame(
                {
                    "reference": rows[selector].to_numpy() - better,
                    "trusted": rows[selector].to_numpy()
                    - (rows[NOBODY].to_numpy() if NOBODY in rows else np.nan),
                },
                index=rows.index,
            )
        )
    return pd.concat(parts)


def cells_of(results: pd.DataFrame, selector: str = GOAL) -> pd.DataFrame:
    """Mean differences of every cell, and their half-widths at 95 % over seeds.

    Returns
    -------
    pandas.DataFrame
        One row a cell: its names, ``reference``, ``trusted`` and ``half``.
    """
    d = differences(results, selector)
    if d.empty:
        return d.reset_index()
    by = d.groupby(level=CELL, observed=True)
    table = by.mean()
    counts = by.size()
    table["half"] = 2 * by["reference"].std() / np.sqrt(counts)
    return table.reset_index()


def ordered(table: pd.DataFrame, by: str) -> pd.DataFrame:
    """Strategies from the best to the worst, ties by name whatever the rounding of the rows."""
    keys = table.assign(_by=-table[by].round(3)).sort_values(["_by", "strategy"], kind="stable")
    return keys.drop(columns="_by").reset_index(drop=True)


def _by_seed(d: pd.Series) -> Array:
    """Mean over cells of every seed."""
    return d.groupby(level="seed").mean().to_numpy()


def verdict(low: float, high: float, margin: float = LIMITS.margin) -> str:
    """On which side of a margin an interval lies: "kept", "missed" or "open".

    Examples
    --------
    >>> verdict(-0.5, 0.5), verdict(-1.5, -0.5), verdict(-3.0, -1.5)
    ('kept', 'open', 'missed')
    """
    return "kept" if low >= margin else "missed" if high < margin else "open"


def goal(
    results: pd.DataFrame, by: Sequence[str] = ("noise",), selector: str = GOAL
) -> pd.DataFrame:
    """The goal by noise model: means, intervals that hold together, verdicts, and every rate.

    Parameters
    ----------
    results : pandas.DataFrame
        Rows of one part of a study.
    by : sequence of str
        What names a row.
    selector : str

    Returns
    -------
    pandas.DataFrame
        ``reference``, ``low``, ``high``: mean difference to the better of margin and uniform and
        its simultaneous interval; ``p``: of non-inferiority at the margin, by Holm; ``verdict``;
        ``trusted`` and ``verdict of it``: the same against the trusted labels alone; ``sets low``
        and ``sets high``: the interval with data sets as a random draw; one column a rate;
        ``worst``: the lowest cell.  Without enough seeds the intervals are left out.
    """
    d = differences(results, selector)
    if d.empty:
        return pd.DataFrame()
    by = list(by)
    groups = list(d.groupby(level=by, observed=True))
    names = [key if isinstance(key, tuple) else (key,) for key, _ in groups]
    seeds = d.index.get_level_values("seed").nunique()
    table = pd.DataFrame(names, columns=by)
    mine = np.column_stack([_by_seed(rows["reference"]) for _, rows in groups])
    alone = np.column_stack([_by_seed(rows["trusted"]) for _, rows in groups])
    table["cells"] = [rows.groupby(level=CELL, observed=True).ngroups for _, rows in groups]
    table["reference"], table["trusted"] = mine.mean(axis=0), alone.mean(axis=0)
    if seeds >= LEAST_SEEDS:
        _, low, high = simultaneous(mine)
        table["low"], table["high"] = low, high
        table["p"] = holm([noninferiority(x, LIMITS.margin) for x in mine.T])
        table["verdict"] = [verdict(a, b) for a, b in zip(low, high, strict=True)]
        if np.isfinite(alone).all():
            _, low, high = simultaneous(alone)
            table["trusted low"], table["trusted high"] = low, high
            table["verdict of trusted"] = [verdict(a, b) for a, b in zip(low, high, strict=True)]
        each = [rows["reference"].groupby(level="data", observed=True).mean() for _, rows in groups]
        if all(len(x) > 1 for x in each):
            spans = [over_sets(x.to_numpy()) for x in each]
            table["sets low"], table["sets high"] = [s[1] for s in spans], [s[2] for s in spans]
    rates = sorted(set(d.index.get_level_values("rate")))
    if len(rates) > 1:
        for rate in rates:
            table[f"rate {rate:g}"] = [
                rows["reference"][rows.index.get_level_values("rate") == rate].mean()
                for _, rows in groups
            ]
    cells = [rows["reference"].groupby(level=CELL, observed=True).mean() for _, rows in groups]
    table["worst"] = [x.min() for x in cells]
    table["below"] = [float((x < LIMITS.margin).mean()) for x in cells]
    if "noise" in by:
        order = {name: k for k, name in enumerate(NOISES)}
        table = table.sort_values("noise", key=lambda x: x.map(order), kind="stable")
    return table.reset_index(drop=True)


def single_cells(results: pd.DataFrame, selector: str = GOAL) -> pd.DataFrame:
    """Single cells of every part: how many, the share below the margin, the lowest.

    A cell's mean scatters over seeds, so some of a truth that is at the margin are below it:
    ``surely below`` counts those whose whole 95 % interval is.
    """
    cells = cells_of(results, selector)
    rows = []
    for part, mine in cells.groupby("part", sort=False):
        for what in ("reference", "trusted"):
            x = mine[what].to_numpy()
            if not np.isfinite(x).all():
                continue
            rows.append(
                {
                    "part": part,
                    "against": "better of margin and uniform" if what == "reference" else "A + V",
                    "cells": len(x),
                    "mean": float(x.mean()),
                    "below": float((x < LIMITS.margin).mean()),
                    "surely below": float((x + mine["half"].to_numpy() < LIMITS.margin).mean()),
                    "below -3": float((x < LIMITS.worst).mean()),
                    "worst": float(x.min()),
                }
            )
    return pd.DataFrame(rows)


def strategies_beside(results: pd.DataFrame) -> pd.DataFrame:
    """Every strategy of a part against the same references, and what it bought."""
    rows = []
    for name in dict.fromkeys(results["strategy"]):
        d = differences(results, name)
        if d.empty:
            continue
        cells = d.groupby(level=CELL, observed=True).mean()
        mine = results[results["strategy"] == name]
        row = {
            "strategy": name,
            "reference": d["reference"].mean(),
            "trusted": d["trusted"].mean(),
            "below": float((cells["reference"] < LIMITS.margin).mean()),
            "worst": cells["reference"].min(),
            "answers": mine["n_queried"].mean(),
            "trusted labels": mine["n_trusted"].mean(),
            "checks": mine["n_checked"].mean(),
            "right answers": A_POINT * mine["queried_accuracy"].mean(),
        }
        if d.index.get_level_values("seed").nunique() >= LEAST_SEEDS:
            _, row["low"], row["high"] = (float(x) for x in mean_interval(_by_seed(d["reference"])))
        rows.append(row)
    table = pd.DataFrame(rows)
    return ordered(table, "reference") if len(table) else table


def frontier(results: pd.DataFrame, random: str, hidden: str) -> pd.DataFrame:
    """Every strategy's loss with mistakes at random and against the hidden adversary.

    On the cells (data, rate, budget) that both noise models share.
    """
    place = ["part", "data", "student", "rate", "budget", "rounds", "n_validation"]
    both = results[results["noise"].isin([random, hidden])]
    shared = both.groupby(place, observed=True)["noise"].nunique() == 2
    both = both.merge(shared[shared].reset_index()[place], on=place)
    rows = []
    for name in dict.fromkeys(both["strategy"]):
        found = [differences(both[both["noise"] == noise], name) for noise in (random, hidden)]
        if not any(d.empty for d in found):
            a, b = (float(d["reference"].mean()) for d in found)
            rows.append({"strategy": name, "random": a, "hidden": b})
    return ordered(pd.DataFrame(rows), "hidden") if rows else pd.DataFrame(rows)


def prices(results: pd.DataFrame, labels: pd.DataFrame) -> pd.DataFrame:
    """What to buy with a budget, by the price of a trusted label and by noise model.

    At a price of P answers a label, the same cost buys b answers of the teacher, or b/P true
    labels on the largest gains, beside the trusted labels that all have.

    Parameters
    ----------
    results : pandas.DataFrame
        Rows of noise models with strategies that ask the teacher.
    labels : pandas.DataFrame
        Rows of ``labels/P`` on the same data sets, budgets and seeds.

    Returns
    -------
    pandas.DataFrame
        One row a price, noise model and rate: ``best``, the best strategy by its mean; ``ahead``,
        how far the best that asks the teacher is ahead of true labels, in points; ``goal``, the
        same of the goal's selector, with ``low`` and ``high`` over seeds; ``buys``, the share of
        cells in which true labels are best.
    """
    keys = [*_SETTING, "seed"]
    bought = labels.pivot_table(
        index=keys, columns="strategy", values="test_accuracy", observed=True
    )
    wide = _wide(results).dropna(axis=1, how="all")
    asking = [x for x in wide.columns if x != NOBODY and not x.startswith("labels/")]
    flat = wide.reset_index().merge(A_POINT * bought, on=keys, how="inner", suffixes=("", " "))
    rows = []
    for price in PRICES:
        true = f"labels/{price}"
        for (noise, rate), mine in flat.groupby(["noise", "rate"], observed=True):
            cells = mine.groupby(CELL, observed=True)[[*asking, true]].mean()
            means = cells.mean()
            gap = mine[GOAL] - mine[true]
            row = {
                "price": price,
                "noise": noise,
                "rate": rate,
                "cells": len(cells),
                "best": str(means.idxmax()) if means.idxmax() != true else "true labels",
                "ahead": float(means[asking].max() - means[true]),
                "goal": float(gap.mean()),
                "buys": float((cells[true] >= cells[asking].max(axis=1)).mean()),
            }
            by_seed = gap.groupby(mine["seed"]).mean().to_numpy()
            if len(by_seed) >= LEAST_SEEDS:
                _, low, high = mean_interval(by_seed)
                row["low"], row["high"] = float(low), float(high)
            rows.append(row)
    return pd.DataFrame(rows)


def alarms(results: pd.DataFrame, selector: str = GOAL) -> pd.DataFrame:
    """How often a selector raised an alarm, by noise model: false where V tells the truth."""
    mine = results[(results["strategy"] == selector) & (results["noise"] != "")]
    rows = [
        {
            "noise": noise,
            "alarm would be": "false" if NOISES[str(noise)].exchangeable else "right",
            "runs": len(part),
            "alarms": A_POINT * part["alarm"].mean(),
            "wrong of the checked": A_POINT
            * part["n_checked_wrong"].sum()
            / max(1, part["n_checked"].sum()),
            "wrong on V": A_POINT * part["rate"].mean(),
        }
        for noise, part in mine.groupby("noise", observed=True)
    ]
    order = {name: k for k, name in enumerate(NOISES)}
    table = pd.DataFrame(rows)
    return table.sort_values("noise", key=lambda x: x.map(order)).reset_index(drop=True)


def cost(results: pd.DataFrame, price: float = 10.0) -> pd.DataFrame:
    """Points gained over the labelled points alone, for a hundred answers' worth of cost."""
    gained = A_POINT * (results["test_accuracy"] - results["labelled_accuracy"])
    spent = results["n_queried"] + price * results["n_trusted"]
    table = results.assign(gained=gained, spent=spent).groupby("strategy", observed=True)
    means = table[["gained", "spent"]].mean()
    means["points a hundred"] = 100 * means["gained"] / means["spent"]
    return ordered(means.reset_index(), "gained")


def summary(results: pd.DataFrame) -> pd.DataFrame:
    """One row a cell and strategy: seeds, mean accuracy, standard error, right answers, alarms."""
    by = results.groupby([*CELL, "strategy"], observed=True, sort=False)
    table = by.agg(
        n_seeds=("seed", "size"),
        accuracy=("test_accuracy", "mean"),
        standard_error=("test_accuracy", "sem"),
        right_answers=("queried_accuracy", "mean"),
        answers=("n_queried", "mean"),
        trusted=("n_trusted", "mean"),
        alarms=("alarm", "mean"),
    ).reset_index()
    table[["accuracy", "standard_error", "right_answers", "alarms"]] *= A_POINT
    return table
