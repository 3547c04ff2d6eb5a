r"""Games as a person reads them: the simplest fractions that stand for their floats."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

from radsim.conjecture.shrinking import shrink
from radsim.conjecture.trials import Trial, legal, proportional, words
from radsim.game import Game

__all__ = ["in_fractions", "simplest", "smallest_game", "trial_of"]

Q = Fraction
MOST_TRIALS = 400  # of a search for the smallest game: a count, so that it ends the same everywhere


def simplest(x: float) -> Q:
    """The fraction of fewest digits that is this float when it is rounded.

    Examples
    --------
    >>> simplest(1 / 3), simplest(0.1), simplest(3.0)
    (Fraction(1, 3), Fraction(1, 10), Fraction(3, 1))
    """
    exact = Q(x)
    for digits in range(17):
        found = exact.limit_denominator(10**digits)
        if float(found) == x:
            return found
    return exact


def trial_of(game: Game) -> Trial:
    """A game in fractions, whose floats are the game's own.

    Parameters
    ----------
    game : Game

    Returns
    -------
    Trial

    Examples
    --------
    >>> trial_of(Game([1, 1 / 3], mistakes=1)).gains
    (Fraction(1, 1), Fraction(1, 3))
    """
    gains = tuple(map(simplest, game.gains.tolist()))
    trial = Trial(
        gains,
        tuple(map(simplest, game.harms.tolist())),
        simplest(game.mistakes),
        simplest(game.budget),
        None,
        game.capped,
        game.abstain,
    )
    for g, h in zip(trial.gains, trial.harms, strict=True):
        if g:
            # The multiple as it was given, or as the first point has it.
            c = h / g if game.multiple is None else simplest(game.multiple)
            found = proportional(trial, c)
            same = [float(x) for x in found.harms] == game.harms.tolist()
            return found if same else trial
    return trial


def in_fractions(game: Game) -> str:
    """A game in one line of fractions.

    Examples
    --------
    >>> in_fractions(Game([1, 1 / 3], mistakes=1))
    'g = (1, 1/3), c = 1, m = 1, b = 1, capped, abstain'
    """
    return words(trial_of(game))


def smallest_game(game: Game, fails: Callable[[Game], bool], most: int = MOST_TRIALS) -> Game:
    """The smallest game found on which something still fails: few points, small numbers.

    Parameters
    ----------
    game : Game
        On which it fails.
    fails : callable
        Whether it fails on a game; it is asked of the floats.
    most : int
        Games looked at.

    Returns
    -------
    Game

    Examples
    --------
    >>> game = Game([0.7, 3.9, 2.2], mistakes=1.3, budget=2)
    >>> smallest_game(game, lambda game: game.gains.max() > 3)
    Game([4], mistakes=0, harm=0)
    """

    def refutes(trial: Trial) -> bool:
        if not legal(trial):
            return False
        try:
            return fails(trial.game())
        except ValueError:  # no such game in floats, or not one for this question
            return False

    found = shrink(trial_of(game), refutes, lambda changed: changed, most=most)
    if not refutes(found):
        return game  # its floats are not what they are in fractions
    if found.multiple is None:
        return found.game()
    shown = found.game()
    plain = shown.replace(harm=float(found.multiple))
    same = plain.harms.tolist() == shown.harms.tolist()
    return plain if same else shown
