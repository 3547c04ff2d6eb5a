"""A small game as a form on a page, in exact fractions."""

from __future__ import annotations

from fractions import Fraction
from html import escape
from typing import Any

import worked

from radsim import constrain, solve

__all__ = ["RULED", "form"]


def _box(name: str, text: str, says: str) -> str:
    return (
        f'<input name="{name}" value="{escape(text)}" size="4" inputmode="text" disabled '
        f'aria-label="{says}">'
    )


OBJECTIVES = {"R1": "ratio", "R2": "regret", "R3": "ratio", "N3": "regret"}
NAMES = {"value": "V", "regret": "R", "ratio": "ρ"}
# Claims about a game with rules of its own: one such, beside the plain game of the search.
RULED: dict[str, dict[str, Any]] = {
    "A1": {
        "gains": ["2", "1", "1"],
        "harms": ["2", "1", "1"],
        "mistakes": ["1/2", "1/4"],
        "group": ["0", "0", "1"],
    },
    "A2": {"gains": ["2", "1"], "harms": ["2", "1"], "mistakes": ["1"], "r": ["1/2", "1/4"]},
}


def ruled(claim: str, kept: dict[str, Any]) -> dict[str, Any]:
    """The game that the form of a claim begins with: mistakes for each group, rules added."""
    plain = {**kept, "mistakes": [kept["mistakes"]]}
    return {**plain, "budget": "1", "capped": False, **RULED[claim]} if claim in RULED else plain


def _answer(claim: str, kept: dict[str, Any]) -> tuple[str, list[str], list[str]]:
    """Value, q and l as fractions, by the exact solver where it takes the game."""
    game = worked.game_of({**kept, "mistakes": kept["mistakes"][0]})
    objective = OBJECTIVES.get(claim, "value")
    if "group" in kept:
        groups = [int(k) for k in kept["group"]]
        mistakes = [float(Fraction(m)) for m in kept["mistakes"]]
        found = solve(constrain(game, groups=groups, mistakes=mistakes), method="rational")
    elif "r" in kept:
        limits = [float(Fraction(r)) for r in kept["r"]]
        found = solve(constrain(game, limits=limits), method="rational")
    else:
        method = "linprog" if claim == "N3" else "rational"
        found = solve(game, objective, method=method)
    q, l = (
        [worked.number(float(x)) for x in xs]
        for xs in (found.inclusion, found.mistake_probabilities)
    )
    return worked.number(float(found.value)), q, l


def form(claim: str, kept: dict[str, Any]) -> str:
    """The game as a form, filled in with the exact solver's answer; `theorem.js` keeps it so."""
    kept = ruled(claim, kept)
    value, q, l = _answer(claim, kept)
    more = {"r": "limit r", "group": "group"}
    columns = [("g", "gain g", kept["gains"]), ("h", "harm h", kept["harms"])]
    columns += [(key, words, kept[key]) for key, words in more.items() if key in kept]
    rows = ""
    for i in range(len(q)):
        cells = "".join(
            f"<td>{_box(key, entries[i], f'{words} of point {i}')}</td>"
            for key, words, entries in columns
        )
        g, h = Fraction(kept["gains"][i]), Fraction(kept["harms"][i])
        robust = g - (g + h) * Fraction(l[i])
        rows += f"<tr><th scope='row'>{i}</th>{cells}" + "".join(
            f"<td><output class='{name}'>{x}</output></td>"
            for name, x in (("q", q[i]), ("l", l[i]), ("robust", robust))
        )
        rows += "</tr>"
    heads = "".join(
        f"<th>{words}</th>"
        for words in ("point", *(w for _, w, _ in columns), "learner's q", "teacher's l", "g − s l")
    )
    mistakes = "".join(
        f"<label>mistakes m{f' of group {k}' if 'group' in kept else ''} "
        f"{_box('m', m, 'mistakes m')}</label> "
        for k, m in enumerate(kept["mistakes"])
    )
    rules = "".join(
        f'<label><input type="checkbox" name="{key}"{" checked" if kept[key] else ""} disabled> '
        f"{words}</label> "
        for key, words in (
            ("capped", "without replacement"),
            ("abstain", "budget may stay unspent"),
        )
    )
    name = NAMES[OBJECTIVES.get(claim, "value")]
    return (
        f'<form class="live" data-claim="{claim}" data-value="{value}" onsubmit="return false">'
        f"<p>{mistakes}<label>budget b {_box('b', kept['budget'], 'budget b')}</label> {rules}</p>"
        f'<div class="table-wrapper"><table><thead><tr>{heads}</tr></thead>'
        f"<tbody>{rows}</tbody></table></div>"
        f'<p class="says" role="status" aria-live="polite">{name} = {value}.</p></form>'
    )
