"""Saved benchmark runs as tables and log-log pictures.

`pytest benchmarks --benchmark-json runs/new.json`, then `python -m benchmarks.report runs/new.json`
writes tables.md, time.png, memory.png and accuracy.png beside it; `--compare runs/old.json` prints
the ratio of the medians, new over old, of what both runs have.
"""

import argparse
import json
from collections import defaultdict
from pathlib import Path
from typing import Any

import numpy as np

from radsim.plots.style import COLOURS, bare, plt, save

Row = dict[str, Any]


def read(path: Path) -> list[Row]:
    """Benchmarks of a run: name, group, median and least seconds, and their extra_info."""
    rows = []
    for item in json.loads(path.read_text())["benchmarks"]:
        stats = {"median": item["stats"]["median"], "least": item["stats"]["min"]}
        rows.append(item["extra_info"] | stats | {"name": item["name"], "group": item["group"]})
    return rows


def tables(rows: list[Row]) -> str:
    """One Markdown table a group; the factor is over the fastest closed form, or the fastest."""
    groups: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        groups[str(row["group"])].append(row)
    out = []
    for group, members in groups.items():
        ours = [x["least"] for x in members if str(x.get("method", "")).startswith("closed form")]
        unit = min(ours or [x["least"] for x in members])
        out += [
            f"### {group}\n",
            "| method | gains | least ms | factor | gap / scale | value | peak MB |",
            "|---|---|---|---|---|---|---|",
        ]
        for x in sorted(members, key=lambda x: x["least"]):
            gap, value, peak = x.get("gap"), x.get("value"), x.get("peak")
            out.append(
                f"| {x.get('method', x['name'])} | {x.get('family', '')} | {1e3 * x['least']:.3g} "
                f"| {x['least'] / unit:.3g} | {'' if gap is None else f'{gap:.0e}'} "
                f"| {'' if value is None else f'{value:.9g}'} "
                f"| {f'{peak / 1e6:.3g}' if peak else ''} |"
            )
        out.append("")
    return "\n".join(out)


def slope(n: Any, y: Any) -> float:
    """Exponent of a power law through points, by least squares of the logarithms."""
    return float(np.polyfit(np.log(n), np.log(y), 1)[0])


def _lines(rows: list[Row], key: str) -> dict[str, list[tuple[float, float]]]:
    lines: dict[str, list[tuple[float, float]]] = defaultdict(list)
    for x in rows:
        if (
            x.get("family") == "uniform"
            and str(x["group"]).startswith("closed form")
            and x.get(key)
        ):
            lines[str(x["method"])].append((x["n"], x[key]))
    return {name: sorted(points) for name, points in lines.items() if len(points) > 1}


def picture(rows: list[Row], key: str, label: str, unit: float, path: Path) -> None:
    """Log-log lines over n, one a method, with the slope from 100,000 points on in the legend."""
    figure, axis = plt.subplots(figsize=(7, 4.5))
    for (name, points), colour in zip(_lines(rows, key).items(), _colours(), strict=False):
        n, y = np.array(points).T
        large = n >= 1e5 if (n >= 1e5).sum() > 1 else n > 0
        text = f"{name}: slope {slope(n[large], y[large]):.2f}"
        axis.loglog(n, y * unit, "o-", color=colour, label=text, lw=1.2, ms=3)
    axis.set_xlabel("points n")
    axis.set_ylabel(label)
    axis.legend(frameon=False, fontsize=7)
    bare(axis)
    figure.tight_layout()
    save(figure, path)


def _colours() -> list[str]:
    return [c for name, c in COLOURS.items() if name != "yellow"] * 2


def accuracy(rows: list[Row], path: Path) -> None:
    """Gap beside time for the peers of one game."""
    figure, axis = plt.subplots(figsize=(7, 4.5))
    peers = [x for x in rows if str(x["group"]).startswith("peers")]
    for x, colour in zip(peers, _colours(), strict=False):
        axis.loglog(x["least"], max(abs(x["gap"]), 1e-17), "o", color=colour, label=x["method"])
    axis.set_xlabel("seconds")
    axis.set_ylabel("what q falls short of the value, relative to b max g")
    axis.legend(frameon=False, fontsize=7)
    bare(axis)
    figure.tight_layout()
    save(figure, path)


def compare(new: list[Row], old: list[Row]) -> str:
    """Ratios of medians, new over old, worst first."""
    before = {(x["group"], x["name"]): x["median"] for x in old}
    pairs = [(x, before.get((x["group"], x["name"]))) for x in new]
    shared = sorted(((x["median"] / y, x["name"]) for x, y in pairs if y), reverse=True)
    lines = ["| benchmark | new / old |", "|---|---|"]
    return "\n".join(lines + [f"| {name} | {ratio:.2f} |" for ratio, name in shared])


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("run", type=Path)
    parser.add_argument("--compare", type=Path)
    given = parser.parse_args()
    rows = read(given.run)
    folder = given.run.parent
    (folder / "tables.md").write_text(tables(rows))
    picture(rows, "least", "milliseconds", 1e3, folder / "time.png")
    picture(rows, "peak", "peak memory during the call, MB", 1e-6, folder / "memory.png")
    accuracy(rows, folder / "accuracy.png")
    print(tables(rows))
    if given.compare:
        print(compare(rows, read(given.compare)))


if __name__ == "__main__":
    main()
