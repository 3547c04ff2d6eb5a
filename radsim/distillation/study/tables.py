r"""From the rows of a study to the tables of its report; differences are in points of accuracy.

Every table that compares accuracies has uniform and skip-m beside margin.  Intervals are 95 %,
Student's, over seeds; a cell with fewer seeds than `statistics.LEAST_SEEDS` has none.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from radsim.distillation.noise import NOISES
from radsim.distillation.study.protocol import (
    ALONE,
    BESIDE,
    CELL,
    EXACT,
    GOAL,
    HIDDEN,
    KEEPS,
    LIMITS,
    PRIMARY,
    PRIMARY_BUDGET,
)
from radsim.distillation.study.statistics import (
    LEAST_SEEDS,
    Comparison,
    holm,
    mean_interval,
    paired,
)
from radsim.game import Array

__all__ = [
    "better_tie_worse",
    "by_rate",
    "differences",
    "forest",
    "frontier",
    "goal",
    "losses",
    "primary",
    "summary",
    "worst_case",
]


_MEANS = [
    *("labelled_accuracy", "queried_accuracy", "realised_gain", "worst_case_value"),
    *("lift", "n_mistakes", "n_queried", "cpu_seconds"),
]


def _accuracies(results: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The cells, numbered; accuracies in points: one row a (cell, seed), one column a strategy."""
    number = results.groupby(CELL, sort=False, observed=True).ngroup()
    cells = results.loc[~number.duplicated(), CELL].reset_index(drop=True)
    wide = results.assign(number=number).pivot(
        index=["number", "seed"], columns="strategy", values="test_accuracy"
    )
    return cells, 100 * wide


def differences(
    results: pd.DataFrame, selector: str, rival: str | None = None
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Selector minus rival, in points, in every cell that has both.

    Parameters
    ----------
    results : pandas.DataFrame
        Rows of a study.
    selector : str
    rival : str or None
        None: the better of margin and uniform in that cell, chosen in hindsight by its mean.

    Returns
    -------
    tuple of DataFrames
        The cells, and the differences: one row a seed, one column a cell.  A seed that some cell
        lacks is missing (nan) there.
    """
    cells, wide = _accuracies(results)
    rivals = [rival] if rival else ["margin", "uniform"]
    needed = list(dict.fromkeys((selector, *rivals)))
    if not set(needed) <= set(wide.columns):
        return cells.iloc[:0], pd.DataFrame()
    wide = wide[needed].dropna()
    if not len(wide):
        return cells.iloc[:0], pd.DataFrame()
    against = wide[rivals[0]]
    if rival is None:
        means = wide.groupby(level="number")[rivals].transform("mean")
        against = against.where(means["margin"] >= means["uniform"], wide["uniform"])
    d = (wide[selector] - against).unstack("number")
    kept = cells.loc[d.columns].reset_index(drop=True)
    return kept, d.set_axis(range(d.shape[1]), axis=1)


def _interval(d: Array) -> tuple[float, float, float]:
    """Mean and interval; without an interval where there are too few seeds."""
    if len(d) < LEAST_SEEDS:
        return (float(np.mean(d)) if len(d) else float("nan")), float("nan"), float("nan")
    mean, low, high = mean_interval(d)
    return float(mean), float(low), float(high)


def _verdict(low: float, high: float) -> str:
    if np.isnan(low):
        return "no claim"
    return "better" if low > 0 else "worse" if high < 0 else "tie"


def summary(results: pd.DataFrame) -> pd.DataFrame:
    """One row a cell and strategy: means over seeds, and differences with their intervals."""
    means = results.groupby([*CELL, "strategy"], sort=False, observed=True).agg(
        n_seeds=("seed", "size"),
        accuracy=("test_accuracy", lambda x: 100 * x.mean()),
        standard_error=("test_accuracy", lambda x: 100 * x.sem()),
        **{name: (name, "mean") for name in _MEANS if name in results},
    )
    found = []
    for strategy in dict.fromkeys(results["strategy"]):
        columns = []
        for rival in ("margin", "uniform"):
            cells, d = differences(results, strategy, rival)
            if d.empty:
                continue
            ends = pd.DataFrame(
                [_interval(d[k].dropna().to_numpy()) for k in d.columns],
                columns=[f"minus_{rival}", f"minus_{rival}_low", f"minus_{rival}_high"],
            )
            ends[f"against_{rival}"] = [
                _verdict(low, high) for _, low, high in ends.itertuples(index=False)
            ]
            columns.append(pd.concat([cells, ends], axis=1).set_index(CELL))
        if columns:
            found.append(pd.concat(columns, axis=1).assign(strategy=strategy).reset_index())
    return means.reset_index().merge(pd.concat(found), on=[*CELL, "strategy"], how="left")


def better_tie_worse(cells: pd.DataFrame) -> pd.DataFrame:
    """In how many cells a strategy is better than, ties with or is worse than margin and uniform.

    A cell counts as better or worse if its whole interval lies on one side of 0.

    Parameters
    ----------
    cells : pandas.DataFrame
        Of `summary`.
    """
    rows = []
    for strategy, part in cells.groupby("strategy", sort=False):
        alone = part["accuracy"] - 100 * part["labelled_accuracy"]
        row: dict[str, Any] = {
            "strategy": strategy,
            "cells": len(part),
            "minus A only": alone.mean(),
        }
        for rival in ("margin", "uniform"):
            found = part[f"against_{rival}"].value_counts()
            row |= {
                f"minus {rival}": part[f"minus_{rival}"].mean(),
                f"better/tie/worse than {rival}": "/".join(
                    str(found.get(word, 0)) for word in ("better", "tie", "worse")
                ),
            }
        rows.append(row)
    table = pd.DataFrame(rows)
    first = [name for name in (*BESIDE, "rad", GOAL) if name in set(table["strategy"])]
    order = {name: k for k, name in enumerate(first)}
    table["order"] = [order.get(name, len(order)) for name in table["strategy"]]
    return _sorted(table, ["order", "minus margin"], [True, False]).drop(columns="order")


def _sorted(table: pd.DataFrame, by: list[str], ascending: list[bool]) -> pd.DataFrame:
    """Sorted by numbers as they are printed, ties by strategy, so that precision moves nothing."""
    keys = (
        table[[*by, "strategy"]]
        .round(3)
        .sort_values([*by, "strategy"], ascending=[*ascending, True])
    )
    return table.loc[keys.index].reset_index(drop=True)


def _seed_means(d: pd.DataFrame) -> Array:
    """Mean over cells, one entry a seed, of the seeds that every cell has."""
    return d.dropna().mean(axis=1).to_numpy()


def goal(results: pd.DataFrame, selector: str = GOAL) -> pd.DataFrame:
    """The goal's figures, one row a noise model, and whether each of its limits is kept.

    The columns named for a strategy are its mean difference to the better of margin and uniform,
    chosen per cell in hindsight.  `low`, `high`: interval of the selector's.  `below` is the share
    of cells under -1 point, `worst` the worst cell's mean.  `kept` is the share of RAD's advantage
    over margin that the selector keeps.

    Parameters
    ----------
    results : pandas.DataFrame
        Rows of the cells of a part, several noise models among them.
    selector : str
        The one that the goal is about.
    """
    rows = []
    for noise, part in results[results["noise"] != ""].groupby("noise", sort=False):
        _, d = differences(part, selector)
        if d.empty:
            continue
        cells = d.mean()
        mean, low, high = _interval(_seed_means(d))
        limit = {EXACT: LIMITS.exact, HIDDEN: LIMITS.hidden}.get(str(noise), LIMITS.exchangeable)
        over = [float(np.nanmean(differences(part, x, "margin")[1])) for x in (selector, "rad")]
        kept = over[0] / over[1] if noise in KEEPS and over[1] > 0 else float("nan")
        row = {"noise": noise, "exchangeable": bool(NOISES[str(noise)].exchangeable)}
        for name in dict.fromkeys((*BESIDE, "rad", "contaminated_0.7")):
            other = differences(part, name)[1]
            row[name] = float(other.mean().mean()) if len(other) else float("nan")
        row |= {
            selector: mean,
            "low": low,
            "high": high,
            "limit": limit,
            "cells": len(cells),
            "below": float(np.mean(cells < LIMITS.cell)),
            "worst": float(cells.min()),
            "kept": kept,
        }
        met = mean >= limit and not kept < LIMITS.kept
        row["reached"] = "no claim" if np.isnan(low) else "yes" if met else "no"
        rows.append(row)
    return pd.DataFrame(rows)


def frontier(results: pd.DataFrame) -> pd.DataFrame:
    """Mean difference to the better of margin and uniform under gain^0 and the hidden adversary.

    Only cells in which all strategies were run are used, so that every point stands for the same
    cells.
    """
    n = results.groupby(CELL, observed=True)["strategy"].transform("nunique")
    common = results[n == n.max()]
    names = list(dict.fromkeys(common["strategy"]))
    rows = []
    for strategy in names:
        row: dict[str, Any] = {"strategy": strategy}
        for noise in ("gain^0", HIDDEN):
            _, d = differences(common[common["noise"] == noise], strategy)
            mean, low, high = _interval(_seed_means(d))
            row |= {noise: mean, f"{noise} low": low, f"{noise} high": high}
        rows.append(row)
    return _sorted(pd.DataFrame(rows), ["gain^0"], [False])


def primary(results: pd.DataFrame) -> pd.DataFrame:
    """The contrasts that were fixed before the run, with Holm's adjustment over all of them.

    Raises
    ------
    ValueError
        With fewer seeds than `statistics.LEAST_SEEDS`.
    """
    natural = results[
        (results["part"] == "natural")
        & (results["rounds"] == 1)
        & np.isclose(results["budget"], PRIMARY_BUDGET)
    ]
    found: list[Comparison] = []
    rows = []
    for contrast in PRIMARY:
        part = natural[natural["labels"] == contrast.labels]
        _, d = differences(part, contrast.selector, contrast.rival)
        comparison = paired(_seed_means(d))
        beside = {
            f"{name} - rival": float(_seed_means(differences(part, name, contrast.rival)[1]).mean())
            for name in BESIDE
        }
        found.append(comparison)
        rows.append(
            {
                "labels": contrast.labels,
                "contrast": f"{contrast.selector} - {contrast.rival}",
                "cells": d.shape[1],
                "seeds": comparison.n_seeds,
                "mean": comparison.mean,
                "low": comparison.low,
                "high": comparison.high,
                "p (t)": comparison.t_pvalue,
                "p (Wilcoxon)": comparison.wilcoxon_pvalue,
            }
            | beside
        )
    table = pd.DataFrame(rows)
    table["p (t, Holm)"] = holm([x.t_pvalue for x in found])
    table["p (Wilcoxon, Holm)"] = holm([x.wilcoxon_pvalue for x in found])
    return table


def losses(results: pd.DataFrame, selector: str = "rad") -> pd.DataFrame:
    """Where the selector loses to margin: one row a noise model and rate, or teacher and labels.

    The mean over the cells is taken within a seed; only rows whose whole interval lies below 0
    are kept, the worst first.
    """
    plain = results[(results["rounds"] == 1) & (results["student"] == "softmax")]
    plain = plain[plain["part"].isin(["noise", "natural"])]
    rows = []
    for (teacher, labels, noise, rate), part in plain.groupby(
        ["teacher", "labels", "noise", "rate"], sort=False, observed=True
    ):
        cells, d = differences(part, selector, "margin")
        if d.empty:
            continue
        mean, low, high = _interval(_seed_means(d))
        worst = int(d.mean().argmin())
        row = {
            "mistakes": f"{noise}, rate {rate:g}" if noise else f"{teacher}, {labels} labels",
            "lift": part.groupby(CELL, observed=True)["lift"].mean().mean(),
            "cells": d.shape[1],
            "low": low,
            "high": high,
            f"{selector} - margin": mean,
        }
        for name in ("uniform", "skip_m", GOAL):
            other = differences(part, name, "margin")[1]
            row[f"{name} - margin"] = float(other.mean().mean()) if len(other) else float("nan")
        row |= {
            "worst cell": f"{cells['data'][worst]}, {cells['budget'][worst]:.0%}",
            "there": float(d.mean().iloc[worst]),
        }
        if high < 0:
            rows.append(row)
    if not rows:
        return pd.DataFrame()
    return pd.DataFrame(rows).sort_values(f"{selector} - margin", ignore_index=True)


def worst_case(results: pd.DataFrame) -> pd.DataFrame:
    """Exact worst-case value of every strategy as a share of RAD's, told the true m.

    On the runs in which that one is positive, one round each; only strategies whose inclusion
    probabilities are known have a worst case.
    """
    place = [*CELL, "seed"]
    single = results[results["rounds"] == 1]
    told = single[single["strategy"] == "rad_true_m"].set_index(place)["worst_case_value"]
    held = single.join(told.rename("best"), on=place)
    held = held[(held["best"] > 0) & held["worst_case_value"].notna()]
    held = held.assign(share=held["worst_case_value"] / held["best"])
    table = held.groupby("strategy", sort=False)["share"].agg(["mean", "max", "count"])
    return _sorted(table.reset_index(), ["mean"], [False])


def by_rate(results: pd.DataFrame, strategies: Sequence[str]) -> pd.DataFrame:
    """Accuracy by noise model and rate; `name ±`: half of the interval of its mean over seeds."""
    part = results[(results["part"] == "noise") & results["strategy"].isin(strategies)]
    rows = []
    for (noise, rate), some in part.groupby(["noise", "rate"], sort=False, observed=True):
        wide = _accuracies(some)[1].unstack("number")
        alone = 100 * some.groupby(CELL, observed=True)["labelled_accuracy"].mean().mean()
        row = {"noise": noise, "rate": rate, ALONE: alone}
        for name in (x for x in strategies if x in wide):
            _, low, high = _interval(_seed_means(wide[name]))
            row |= {name: wide[name].mean().mean(), f"{name} ±": (high - low) / 2}
        rows.append(row)
    return pd.DataFrame(rows)


def forest(results: pd.DataFrame) -> pd.DataFrame:
    """Natural teachers: strategies minus margin, one row a teacher, labels, budget and rounds."""
    natural = results[results["part"] == "natural"]
    rows = []
    for (teacher, labels, budget, rounds), part in natural.groupby(
        ["teacher", "labels", "budget", "rounds"], sort=False, observed=True
    ):
        for strategy in ("uniform", "skip_m", "rad", GOAL):
            _, d = differences(part, strategy, "margin")
            if d.empty:
                continue
            mean, low, high = _interval(_seed_means(d))
            rows.append(
                {
                    "teacher": teacher,
                    "labels": labels,
                    "budget": budget,
                    "rounds": rounds,
                    "strategy": strategy,
                    "minus_margin": mean,
                    "low": low,
                    "high": high,
                    "n_seeds": len(_seed_means(d)),
                    "n_cells": d.shape[1],
                    "lift": part.groupby(CELL, observed=True)["lift"].mean().mean(),
                }
            )
    return pd.DataFrame(rows)
