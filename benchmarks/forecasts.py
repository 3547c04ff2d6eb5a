"""Forecasts of the winner from validation points alone, scored on cells of fresh seeds.

`python -m benchmarks.forecasts [seeds of a cell]`: fitted to the development seeds in
studies/primary, scored on studies/confirm, whose cells it has not seen.
"""

import sys
from itertools import combinations
from pathlib import Path

import numpy as np
import pandas as pd
from joblib import Parallel, delayed

from radsim.distillation.forecast import FEATURES, fit_forecast, forecast_features
from radsim.distillation.loop import first_view
from radsim.distillation.study.protocol import CELL, FEW
from radsim.distillation.study.running import setting_of

STUDIES = Path(__file__).parents[1] / "studies"
PARTS = ("noise", "validation 100", "network", "natural")


def _runs(name: str, n_seeds: int) -> pd.DataFrame:
    """One row a cell and seed: accuracy of every strategy in points, of rounds of one."""
    rows = pd.read_parquet(STUDIES / name / "rows.parquet")
    rows = rows[rows["part"].isin(PARTS) & rows["strategy"].isin(FEW)]
    rows = rows[rows["seed"] < rows["seed"].min() + n_seeds]
    wide = rows.pivot_table(
        index=[*CELL, "seed"], columns="strategy", values="test_accuracy", observed=True
    )
    return (100 * wide).reset_index()


def _features(row: dict) -> np.ndarray:
    cell = {**row, "rate": round(row["rate"], 6), "budget": round(row["budget"], 6)}
    return forecast_features(first_view(setting_of(cell), int(row["seed"])))


def _seen(runs: pd.DataFrame) -> np.ndarray:
    rows = runs[[*CELL, "seed"]].to_dict("records")
    return np.stack(Parallel(n_jobs=-1)(delayed(_features)(row) for row in rows))


def main(n_seeds: int = 6) -> None:
    first, second = _runs("primary", n_seeds), _runs("confirm", n_seeds)
    x, z = _seen(first), _seen(second)
    print(f"{len(first)} runs to learn from, {len(second)} to foretell; {len(FEATURES)} features")
    head = ("contest", "cells", "right", "sure", "right of sure", "Brier", "base")
    print(("{:<20}" + "{:>14}" * 6).format(*head))
    kept = []
    for a, b in combinations(FEW, 2):
        found = fit_forecast(x, (first[a] - first[b]).to_numpy())
        p = found.probability(z)
        table = second[CELL].assign(p=p, d=(second[a] - second[b]).to_numpy())
        cells = table.groupby(CELL, observed=True)[["p", "d"]].mean()
        decided = cells[cells["d"].abs() > 1]
        right = (decided["p"] > 0.5) == (decided["d"] > 0)
        sure = (decided["p"] - 0.5).abs() > 0.4
        clear = table[table["d"].abs() > 1]
        won = clear["d"] > 0
        brier = float(((clear["p"] - won) ** 2).mean())
        base = float(won.mean() * (1 - won.mean()))
        best = right[sure].mean() if sure.any() else float("nan")
        line = f"{a + ' or ' + b:<20}{len(decided):>14}{right.mean():>14.1%}{sure.mean():>14.1%}"
        print(f"{line}{best:>14.1%}{brier:>14.3f}{base:>14.3f}")
        kept.append(pd.DataFrame({"p": clear["p"], "won": won, "noise": clear["noise"]}))
    every = pd.concat(kept)
    both = pd.concat([every, every.assign(p=1 - every["p"], won=~every["won"])])
    bins = pd.cut(both["p"], np.linspace(0, 1, 11))
    print("\ncalibration, runs that differ by more than a point, every contest both ways:")
    print(
        both.groupby(bins, observed=True)
        .agg(foretold=("p", "mean"), happened=("won", "mean"), runs=("won", "size"))
        .to_string(float_format="%.2f")
    )
    hidden = every["noise"].str.startswith(("hidden", "exact", "stealthy"))
    for words, part in (("V tells the truth", ~hidden), ("V does not", hidden)):
        mine = every[part]
        print(
            f"{words}: right in {((mine['p'] > 0.5) == mine['won']).mean():.1%} of {len(mine)} runs"
        )


if __name__ == "__main__":
    main(*(int(x) for x in sys.argv[1:2]))
