"""Picture of an attack: what a selector guarantees and earns, beside its rivals."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from radsim.analysis.attack import Attack
from radsim.plots.style import COLOURS, Picture, bare, in_our_style, plt, save, takeaway

__all__ = ["attack_plot"]

# Each with its shape, so that a print in grey is read as well.
_KINDS = {
    "guarantee": ("guaranteed, whatever the mistakes", COLOURS["blue"], "o"),
    "typical": ("against mistakes made anywhere", COLOURS["orange"], "s"),
}


def _verdict(found: Attack, name: str) -> str:
    """The selector's guarantee beside that of uniform sampling."""
    least = found.rivals["uniform"][0]
    own = found.guarantee
    if own is None:
        return f"Uniform sampling guarantees {least:.3g}; nothing is known of {name}."
    low, high = (f"{x:.3g}" for x in (own.low, own.high))
    interval = low if low == high else f"{low} to {high}"
    if own.low > least:
        said = "more than"
    elif own.high < least - found.tolerance:
        said = "less, by more than the tolerance, than"
    else:
        said = "within the tolerance or the interval of"
    return f"{name} guarantees {interval}: {said} the {least:.3g} of uniform sampling."


def _table(found: Attack, name: str) -> pd.DataFrame:
    rows = []
    for rival, (least, usual) in found.rivals.items():
        rows.append((rival, "guarantee", least, least))
        rows.append((rival, "typical", usual, usual))
        if rival == "uniform" and found.guarantee is not None:
            own = found.guarantee
            rows.append((name, "guarantee", own.low, own.high))
            rows.append((name, "typical", *own.typical))
    return pd.DataFrame(rows, columns=["selector", "kind", "low", "high"])


@in_our_style
def attack_plot(found: Attack, path: str | Path, name: str = "yours") -> Picture:
    """Guarantee and typical earnings of uniform sampling, the selector, margin and RAD.

    A bar is an interval, a mark alone is exact.  A line stands at the guarantee of uniform
    sampling, and the tolerance is shaded below it.
    """
    table = _table(found, name)
    names = list(dict.fromkeys(table["selector"]))
    figure, axis = plt.subplots(figsize=(7, 0.55 * len(names) + 1.5), layout="constrained")
    least = found.rivals["uniform"][0]
    axis.axvline(least, color=COLOURS["green"], lw=1)
    axis.axvspan(least - found.tolerance, least, color=COLOURS["green"], alpha=0.15, lw=0)
    axis.axvline(0, color=COLOURS["black"], lw=0.6, ls=":")
    for k, (kind, (words, colour, marker)) in enumerate(_KINDS.items()):
        part = table[table["kind"] == kind]
        y = part["selector"].map(names.index) + (0.14 if k else -0.14)
        middle = (part["low"] + part["high"]) / 2
        half = (part["high"] - part["low"]) / 2
        axis.errorbar(
            middle,
            y,
            xerr=half,
            fmt=marker,
            color=colour,
            ms=5,
            capsize=4,
            label=words,
        )
    axis.set_yticks(range(len(names)), names)
    axis.set_ylim(len(names) - 0.5, -0.5)
    axis.set_xlabel("mean robust gain of a sample")
    axis.grid(axis="x", lw=0.4, alpha=0.5)
    figure.legend(loc="outside upper center", ncols=2, frameon=False)
    bare(axis)
    takeaway(figure, _verdict(found, name))
    return save(figure, path, table)
