"""The gallery: what each strategy, selector and design does with one and the same pool."""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from html import escape
from pathlib import Path

import numpy as np
from choices import a_view

from radsim import DESIGNS, SELECTORS, Game, Instance, joint_inclusion
from radsim.distillation import STRATEGIES
from radsim.selectors import fits, inclusion_on, select_on

__all__ = ["write_gallery"]

_BARS = 30  # of a picture; as many points share a bar as need be
_DRAWS = 60  # of what knows no inclusion probabilities
_Q = np.array([0.2, 0.3, 0.4, 0.5, 0.7, 0.9])  # of the designs' pool


def _estimated(draws: Iterable[np.ndarray], n: int) -> np.ndarray:
    counts = [np.bincount(np.asarray(drawn, dtype=int), minlength=n) for drawn in draws]
    return np.mean(counts, axis=0)


def _bars(q: np.ndarray, order: np.ndarray, budget: float) -> str:
    """Share of the queries that fall on each rank of the gain, largest gain first."""
    shares = [part.sum() / budget for part in np.array_split(q[order], _BARS)]
    most = max(*shares, 4 / _BARS)
    width, ceiling, floor = 240 / _BARS, 14, 98

    def y(share: float) -> float:
        return floor - (floor - ceiling) * share / most

    bars = "".join(
        f'<rect x="{k * width:.1f}" y="{y(share):.1f}" width="{width - 1.5:.1f}" '
        f'height="{floor - y(share):.1f}"/>'
        for k, share in enumerate(shares)
    )
    says = (
        f"{100 * sum(shares[: _BARS // 10]):.0f} percent of the queries go to the tenth of the "
        "points that gain most"
    )
    even = y(1 / _BARS)
    return (
        f'<svg viewBox="0 0 240 114" role="img" aria-label="{says}">{bars}'
        f'<line x1="0" x2="240" y1="{even:.1f}" y2="{even:.1f}"/>'
        f'<line class="floor" x1="0" x2="240" y1="{floor}" y2="{floor}"/>'
        f'<text x="0" y="111">largest gain</text><text x="240" y="111" text-anchor="end">'
        f'smallest</text><text x="240" y="10" text-anchor="end">highest {100 * max(shares):.0f} %'
        "</text></svg>"
    )


def _pairs(joint: np.ndarray) -> str:
    """How often two points come together, beside how often independent ones would."""
    cells, side = [], 26
    for i in range(len(_Q)):
        cells.append(f'<text class="q" x="{26 + i * side + 13}" y="13">{_Q[i]:g}</text>')
        cells.append(f'<text class="q" x="13" y="{20 + i * side + 17}">{_Q[i]:g}</text>')
        for j in range(len(_Q)):
            if i == j:
                continue
            ratio = joint[i, j] / (_Q[i] * _Q[j])
            kind = "more" if ratio > 1 else "fewer"
            part = min(1.0, abs(ratio - 1))
            cells.append(
                f'<rect class="{kind}" x="{26 + j * side}" y="{20 + i * side}" width="{side - 1}" '
                f'height="{side - 1}" fill-opacity="{part:.2f}"/>'
                f'<text x="{26 + j * side + 12.5}" y="{20 + i * side + 17}">{_short(ratio)}</text>'
            )
    away = [joint[i, j] / (_Q[i] * _Q[j]) for i in range(6) for j in range(i)]
    says = f"pairs come together {min(away):.2g} to {max(away):.2g} times as often as independently"
    return (
        f'<svg class="pairs" viewBox="0 0 {26 + 6 * side} {20 + 6 * side}" role="img" '
        f'aria-label="{says}">{"".join(cells)}</svg>'
    )


def _short(x: float) -> str:
    return "0" if x < 0.005 else f"{x:.1f}" if x < 0.95 or x > 1.05 else "1"


def _card(name: str, picture: str, says: str, source: str) -> str:
    line = f"<small>{escape(source)}</small>" if source else ""
    return f"<figure>{picture}<figcaption><code>{escape(name)}</code> {escape(says)}{line}"


def _cards(cards: Iterable[str]) -> list[str]:
    body = "".join(f"{card}</figcaption></figure>\n" for card in cards)
    return ["```{raw} html", f'<div class="gallery">{body}</div>', "```", ""]


def _strategies() -> tuple[list[str], list[str], int, int]:
    """Cards of the strategies, and of the selectors that are none of them."""
    view = a_view()
    n, budget = len(view.gains), view.budget
    order = np.argsort(-view.gains, kind="stable")
    cards, others = [], []
    for name, row in STRATEGIES.items():
        q, says = row.choose(view, np.random.default_rng(0)).inclusion, row.says
        if q is None:
            drawn = (row.choose(view, np.random.default_rng(k)).indices for k in range(_DRAWS))
            q, says = _estimated(drawn, n), f"{says} ({_DRAWS} draws)"
        cards.append(_card(name, _bars(q, order, budget), says, row.source))
    # Mistakes that follow the gain, for the one that is told them.
    p = view.gains**3
    wrong = np.zeros(n, dtype=bool)
    rng = np.random.default_rng(0)
    wrong[rng.choice(n, round(view.mistakes), replace=False, p=p / p.sum())] = True
    instance = Instance(
        name="first round of the default setting",
        game=Game(view.gains, round(view.mistakes), budget),
        probabilities=view.probabilities,
        features=view.embeddings,
        wrong=wrong,
    )
    for name, row in SELECTORS.items():
        if name in STRATEGIES or not fits(row, instance):
            continue
        says = row.says
        if row.inclusion is not None:
            q = inclusion_on(row, instance, wrong)
        else:
            picks = (select_on(row, instance, rng=k) for k in range(_DRAWS))
            q, says = _estimated((found.indices for found in picks), n), f"{says} ({_DRAWS} draws)"
        others.append(_card(name, _bars(q, order, budget), says, ""))
    return cards, others, n, budget


def _designs() -> list[str]:
    cards = []
    for name, row in DESIGNS.items():
        if row.law_n < len(_Q) and row.joint is None:
            continue
        size = "fixed size" if row.fixed_size else "a size left to chance"
        says = f"{size}, with replacement" if row.with_replacement else size
        cards.append(_card(name, _pairs(joint_inclusion(_Q, name)), says, ""))
    return cards


def write_gallery(folder: Path) -> None:
    """One page: a picture, a line and the source of each."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    cards, others, n, budget = _strategies()
    lines = [
        "---",
        "hide-toc: true",
        "---",
        "# Gallery",
        "",
        "Drawn by radsim when this page was built. Which to take, what each costs and what it "
        "refuses: [solvers](../choices/which-solver.md), [designs](../choices/which-design.md), "
        "[strategies](../choices/which-strategy.md).",
        "",
        "## Strategies",
        "",
        f"Each asks about {budget} of the same {n} points: the first round of the default setting. "
        "The points stand in order of their gain, the largest on the left; a bar is the share of "
        f"the queries that falls on {n // _BARS} of them, and the line is an even share.",
        "",
        *_cards(cards),
        "## Selectors that are no strategies",
        "",
        "Rows of `SELECTORS` on the same points; the oracle alone is told the mistakes.",
        "",
        *_cards(others),
        "## Designs",
        "",
        "Six points with the inclusion probabilities at the edges. A number says how often two "
        "points come together, beside independent ones: 0 is never, below 1 they avoid each other.",
        "",
        *_cards(_designs()),
    ]
    (folder / "index.md").write_text("\n".join(lines))
