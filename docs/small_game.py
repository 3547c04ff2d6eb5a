"""A small game as a form on a page, in exact fractions."""

from __future__ import annotations

from fractions import Fraction
from html import escape
from typing import Any

import worked

from radsim import solve

__all__ = ["form"]


def _box(name: str, text: str, says: str) -> str:
    return (
        f'<input name="{name}" value="{escape(text)}" size="4" inputmode="text" disabled '
        f'aria-label="{says}">'
    )


def form(claim: str, kept: dict[str, Any]) -> str:
    """The game as a form, filled in with the exact solver's answer; `theorem.js` keeps it so."""
    game = worked.game_of(kept)
    objective = {"R1": "ratio", "R3": "ratio", "R2": "regret"}.get(claim, "value")
    best = solve(game, objective, method="rational")
    body = ""
    for i, (g, h, q, l) in enumerate(
        zip(kept["gains"], kept["harms"], best.inclusion, best.mistake_probabilities, strict=True)
    ):
        robust = Fraction(g) - (Fraction(g) + Fraction(h)) * l
        body += (
            f"<tr><th scope='row'>{i}</th><td>{_box('g', g, f'gain of point {i}')}</td>"
            f"<td>{_box('h', h, f'harm of point {i}')}</td>"
            f"<td><output class='q'>{q}</output></td><td><output class='l'>{l}</output></td>"
            f"<td><output class='robust'>{robust}</output></td></tr>"
        )
    name = {"value": "V", "regret": "R", "ratio": "ρ"}[objective]
    rules = "".join(
        f'<label><input type="checkbox" name="{key}"{" checked" if on else ""} disabled> {words}'
        "</label> "
        for key, on, words in (
            ("capped", game.capped, "without replacement"),
            ("abstain", game.abstain, "budget may stay unspent"),
        )
    )
    return (
        f'<form class="live" data-claim="{claim}" data-value="{best.value}" '
        'onsubmit="return false">'
        f"<p><label>mistakes m {_box('m', kept['mistakes'], 'mistakes m')}</label> "
        f"<label>budget b {_box('b', kept['budget'], 'budget b')}</label> {rules}</p>"
        '<div class="table-wrapper"><table><thead><tr><th>point</th><th>gain g</th>'
        "<th>harm h</th><th>learner's q</th><th>teacher's l</th><th>g − s l</th></tr></thead>"
        f"<tbody>{body}</tbody></table></div>"
        f'<p class="says" role="status" aria-live="polite">{name} = {best.value}.</p></form>'
    )
