r"""Proofs of a value and of picks, made and checked in exact arithmetic."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from operator import add
from typing import Any

import numpy as np

from radsim.door import Array, between, count, number, one_of, typed
from radsim.enclosure import enclose
from radsim.game import Game
from radsim.proof.checked import covers
from radsim.proof.form import (
    FORMAT,
    MOST_CHECKED,
    MOST_PROVED,
    VERSION,
    Proof,
    read_proof,
    text_of,
    written,
)
from radsim.sampling import DESIGNS, sample
from radsim.solution import Certificate, Solution

__all__ = ["Refused", "check_proof", "prove"]

# Widest interval, as a part of the most that could be earned; a wider one says too little.
WIDEST = Fraction(1, 10**6)


class Refused(ValueError):
    """A proof does not prove what it says; the message holds what failed, expected and found."""


def prove(
    solution: Solution,
    harm: tuple[str, Any],
    design: str = "pivotal",
    seed: int = 0,
    *,
    validation: tuple[int, int, float] | None = None,
    ids_at: Callable[[Array], Mapping[str, Sequence[str]]] | None = None,
) -> tuple[Solution, str]:
    r"""Write a proof of a solution and of the picks that are drawn from it, and check it.

    Sums of floats go over by roundings, so both strategies are changed by as much, and are feasible
    to the last bit:

    .. math:: W(q) \le V \le \max_{q'} U(q', l).

    Parameters
    ----------
    solution : Solution
        Of objective "value".
    harm : tuple
        How the harms came about: ("multiple", c), ("constant", h) or ("column", name).
    design : str
        A row of `DESIGNS`.
    seed : int
        The picks are ``sample(inclusion, design, rng=seed)``.
    validation : tuple, optional
        Where the number of mistakes is from: points checked, those that were wrong, and delta, of
        which `mistakes_upper_bound` is the number.
    ids_at : callable, optional
        Rows from 0 -> name of a column to the texts that identify them, as `Reading.ids_at`; those
        of the picks go into the proof.

    Returns
    -------
    solution : Solution
        With the strategies that are proved.
    text : str
        The proof.

    Raises
    ------
    ValueError
        If the objective is another, or the proof would be refused, saying why.

    References
    ----------
    Theory page: the game; S1.

    Examples
    --------
    >>> from radsim import Game, solve
    >>> game = Game([1, 0.5, 0.25], mistakes=1)
    >>> solution, text = prove(solve(game), ("multiple", 1.0), seed=3)
    >>> proof = read_proof(text)
    >>> proved = check_proof(proof, proof.game([1, 0.5, 0.25]))
    >>> proved.lower <= Fraction(1, 7) <= proved.upper
    True
    """
    game, objective = typed(solution, Solution, "solution").game, solution.objective
    one_of(design, DESIGNS, "design")
    seed = count(seed, "seed")
    kind, amount = _harm(harm)
    if objective != "value" or game.kind != "plain":
        raise ValueError(f"a proof proves a value: objective {objective!r} of a {game.kind} game")
    for name, most in (("n", game.n), ("budget", game.budget)):
        if most > MOST_PROVED:
            raise ValueError(f"{name} = {most} is too large for a proof: at most {MOST_PROVED}")
    q = np.asarray(solution.inclusion, dtype=float)
    l = np.asarray(solution.mistake_probabilities, dtype=float)
    solution = replace(
        solution,
        inclusion=_settled(q, game),
        mistake_probabilities=_shrunk(l, Fraction(game.mistakes)),
    )
    bounds = enclose(solution)
    picks = sample(solution.inclusion, design, rng=seed)
    fields = {
        "format": FORMAT,
        "version": VERSION,
        "digest": game.digest(),
        "mistakes": written(game.mistakes),
        "budget": written(game.budget),
        "capped": game.capped,
        "abstain": game.abstain,
        "harm": [kind, amount if kind == "column" else written(amount)],
        "value": written(bounds.interval[0]),
        "lower": written(bounds.lower),
        "upper": written(bounds.upper),
        "inclusion": [*map(written, solution.inclusion.tolist())],
        "mistake_probabilities": [*map(written, solution.mistake_probabilities.tolist())],
        "design": design,
        "seed": str(seed),
        "picks": picks.tolist(),
        "validation": None if validation is None else _checked(validation),
        "ids": [[name, *texts] for name, texts in (ids_at(picks) if ids_at else {}).items()],
    }
    text = text_of(fields)
    proof = read_proof(text)
    try:
        check_proof(proof, proof.game(game.gains, game.harms if kind == "column" else None))
    except Refused as error:
        raise ValueError(f"the proof would be refused: {error}") from None
    return solution, text


def _harm(harm: tuple[str, Any]) -> tuple[str, Any]:
    """How harms came about: a kind, and its number or name."""
    if not isinstance(harm, tuple | list) or len(harm) != 2:
        raise ValueError(f"harm = {harm!r} must be two: its kind, and a number or a name")
    kind = one_of(harm[0], ("multiple", "constant", "column"), "harm[0]")
    if kind == "column":
        return kind, typed(harm[1], str, "harm[1]")
    return kind, number(harm[1], "harm[1]")


def _checked(validation: tuple[int, int, float]) -> list[Any]:
    """Points checked, those wrong, and delta, as a proof writes them."""
    if not isinstance(validation, tuple | list) or len(validation) != 3:
        raise ValueError(f"validation = {validation!r} must be three: checked, wrong, delta")
    checked = count(validation[0], "validation[0]", high=MOST_CHECKED)
    wrong = count(validation[1], "validation[1]", high=checked)
    delta = number(validation[2], "validation[2]", high=1, open_low=True, open_high=True)
    return [checked, wrong, written(delta)]


def _settled(q: Array, game: Game) -> Array:
    """The design with an exact sum: its largest entries take up the rest, and cost b*max(s) of it.

    Sure points stay sure, where there are others, and the draw stays what it was.
    """
    high, most = 1.0 if game.capped else np.inf, Fraction(game.budget)
    found = np.clip(q, 0, high) + 0.0
    total = _total(found)
    for i in np.argsort(-np.where(found < high, found, 0), kind="stable").tolist():
        missing = most - total
        if missing == 0 or (missing > 0 and game.abstain):
            break
        old = float(found[i])
        found[i] = np.clip(float(Fraction(old) + missing), 0, high)
        total += Fraction(float(found[i])) - Fraction(old)
    return found


def _shrunk(l: Array, most: Fraction) -> Array:
    """Mistakes whose exact sum is no more: all in proportion, for each is in that of its gain."""
    found = np.clip(l, 0, 1) + 0.0
    total = _total(found)
    # The quotient, its product and each entry are rounded: three halves of a last place.
    return found if total <= most else found * (float(most / total) * (1 - 2.0**-51))


def _total(values: Array) -> Fraction:
    ratios = [x.as_integer_ratio() for x in values.tolist()]
    unit = max(bottom for _, bottom in ratios)
    return Fraction(sum(top * (unit // bottom) for top, bottom in ratios), unit)


def check_proof(proof: Proof, game: Game) -> Certificate:
    r"""Prove a proof again in exact arithmetic, on a game that came from elsewhere.

    It is the proof of this game (by the digest); :math:`q` and :math:`l` are feasible, exactly;
    :math:`W(q)` and :math:`\max_{q'} U(q', l)` are what it says, exactly; the interval between them
    is no wider than a millionth of the most that could be earned; the picks are those that its
    design and seed draw from :math:`q`; if it names checked points, its number of mistakes covers
    them (S4).  Whether its identifiers are those of the picks only their own file can say.

    Parameters
    ----------
    proof : Proof
    game : Game
        From the reader's own gains, by `Proof.game`.

    Returns
    -------
    Certificate
        `lower` and `upper` enclose the value, and the design guarantees `lower`; all fractions.

    Raises
    ------
    Refused
        Saying in one line what failed, what was expected and what was found.

    References
    ----------
    Theory page: the game; S1; S4.

    Examples
    --------
    >>> from radsim import Game, solve
    >>> _, text = prove(solve(Game([1, 0.5, 0.25], mistakes=1)), ("multiple", 1.0))
    >>> proof = read_proof(text)
    >>> check_proof(proof, proof.game([1, 0.5, 0.125]))  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    ...
    radsim.proof.proving.Refused: digest: the proof is of game b4ecdd564dd3bcdc..., ...
    """
    typed(proof, Proof, "proof")
    if typed(game, Game, "game").digest() != proof.digest:
        raise Refused(
            f"digest: the proof is of game {proof.digest[:16]}..., the gains, harms and rules are "
            f"those of game {game.digest()[:16]}..."
        )
    b, m = Fraction(game.budget), Fraction(game.mistakes)
    least = Fraction(0) if game.abstain else b
    q, l = proof.inclusion, proof.mistake_probabilities
    _feasible("inclusion", q, game.n, 1.0 if game.capped else np.inf, least, b)
    _feasible("mistake_probabilities", l, game.n, 1.0, Fraction(0), m)
    found = enclose(
        Solution(
            game=game,
            value=0.0,
            inclusion=q,
            mistake_probabilities=l,
            level=0.0,
            threshold=0.0,
            method="proof",
        )
    )
    _same("lower", written(found.lower), proof.lower)
    _same("upper", written(found.upper), proof.upper)
    _same("value", written(found.interval[0]), proof.value)
    gains, harms = (list(map(Fraction, values.tolist())) for values in (game.gains, game.harms))
    scale = b * (max(gains) if game.abstain else max(map(add, gains, harms)))
    if found.gap > WIDEST * scale:
        raise Refused(
            f"interval: expected at most {float(WIDEST):g} of the most that could be earned "
            f"({float(scale):.6g}), found {f'{float(found.gap / scale):.3g}' if scale else 'more'}"
        )
    _same("picks", _drawn(proof), proof.picks)
    if proof.validation and not covers(int(m), game.n, *proof.validation):
        checked, wrong, delta = proof.validation
        raise Refused(
            f"validation: {wrong} wrong of {checked} checked points do not make more than "
            f"{float(m)!r} mistakes among {game.n} unlikely at delta {delta!r}"
        )
    _identified(proof)
    return replace(found, value=Fraction(found.interval[0]), scale=scale)


def _same(name: str, expected: Any, found: Any) -> None:
    if expected != found:
        raise Refused(f"{name}: expected {_short(expected)}, found {_short(found)}")


def _short(value: Any) -> str:
    text = str(value)
    return text if len(text) <= 70 else f"{text[:60]}... ({len(text)} characters)"


def _feasible(
    name: str, values: Array, n: int, high: float, least: Fraction, most: Fraction
) -> None:
    if len(values) != n:
        raise Refused(f"{name}: expected {n} entries, found {len(values)}")
    outside = np.flatnonzero((values < 0) | (values > high))
    if outside.size:
        i = int(outside[0])
        raise Refused(
            f"{name}[{i}]: expected a number {between(0, high)}, found {float(values[i])!r}"
        )
    total = _total(values)
    if not least <= total <= most:
        bound = "exactly" if least == most else "at most"
        raise Refused(
            f"{name}: expected a sum of {bound} {float(most)!r}, found {float(total)!r} "
            f"({float(total - most):+.3g})"
        )


def _identified(proof: Proof) -> None:
    names = [column[0] for column in proof.ids]
    if len(set(names)) < len(names):
        raise Refused(f"ids: two columns of one name, {_short(names)}")
    for name, *texts in proof.ids:
        if len(texts) != len(proof.picks):
            raise Refused(
                f"ids: expected {len(proof.picks)} in column {name!r:.60}, found {len(texts)}"
            )


def _drawn(proof: Proof) -> tuple[int, ...]:
    """The picks that design and seed draw."""
    n_draws = len(proof.picks)
    if DESIGNS[proof.design].with_replacement and abs(n_draws - proof.inclusion.sum()) > 1:
        # Counted before it is drawn: b may be any number.
        raise Refused(f"picks: expected {proof.inclusion.sum():.6g} of them, found {n_draws}")
    try:
        with np.errstate(all="ignore"):  # a forger may ask a design for the impossible
            drawn = sample(proof.inclusion, proof.design, rng=proof.seed)
    except (ValueError, ArithmeticError) as error:
        raise Refused(f"picks: {error}") from None
    return tuple(drawn.tolist())
