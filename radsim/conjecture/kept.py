r"""What is kept of a refutation: a file that replays it, a test, an address of the explorer."""

from __future__ import annotations

import json
from collections.abc import Mapping
from fractions import Fraction
from pathlib import Path
from typing import Any

from radsim.conjecture.drawing import MOST_POINTS
from radsim.conjecture.judging import Conjecture, conjecture, sides
from radsim.conjecture.trials import Trial, legal, words
from radsim.writing import write_whole

__all__ = ["explorer_address", "load_refutation", "refutation_test", "save_refutation"]

Q = Fraction
MOST_BYTES = 1_000_000


def save_refutation(asked: Conjecture, trial: Trial, path: Path) -> None:
    """Write a conjecture and the trial that refutes it as JSON.

    Raises
    ------
    OSError
        If the file cannot be written; then nothing is.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    document = {"conjecture": asked.text, "where": asked.conditions} | trial.document()
    write_whole(path, json.dumps(document, indent=1) + "\n")


def load_refutation(path: Path) -> tuple[Conjecture, Trial]:
    """Read what `save_refutation` wrote; the statement is parsed anew, nothing is run.

    Raises
    ------
    ValueError
        If the file is no such refutation; names the file and what is wrong.
    """
    try:
        with path.open("rb") as stream:
            content = stream.read(MOST_BYTES + 1)
        if len(content) > MOST_BYTES:
            raise ValueError(f"more than {MOST_BYTES} bytes")
        document = json.loads(content)
        if not isinstance(document, dict):
            raise ValueError("not a JSON object")
        trial = _trial(document)
        asked = conjecture(_text(document, "conjecture"), _text(document, "where"))
    except OSError as error:
        raise ValueError(f"{path}: {error.strerror}") from error
    except KeyError as error:
        raise ValueError(f"{path}: not a saved conjecture: no {error}") from error
    except (ValueError, RecursionError) as error:
        raise ValueError(f"{path}: not a saved conjecture: {error}") from error
    return asked, trial


def _text(document: Mapping[str, Any], name: str) -> str:
    if not isinstance(document[name], str):
        raise ValueError(f"{name} = {document[name]!r:.40} must be text")
    return str(document[name])


def _fraction(value: Any, name: str) -> Q:
    try:
        if not isinstance(value, str) or len(value) > 200 or "e" in value.lower():
            raise ValueError
        return Q(value)
    except (ValueError, ZeroDivisionError):
        raise ValueError(f"{name} = {value!r:.40} must be a fraction as text") from None


def _row(document: Mapping[str, Any], name: str) -> tuple[Q, ...]:
    values = document[name]
    if not isinstance(values, list) or not 1 <= len(values) <= MOST_POINTS:
        raise ValueError(f"{name} must be a list of 1 to {MOST_POINTS} fractions")
    return tuple(_fraction(x, f"{name}[{k}]") for k, x in enumerate(values))


def _trial(document: Mapping[str, Any]) -> Trial:
    gains, harms = _row(document, "gains"), _row(document, "harms")
    c = document["multiple"]
    multiple = None if c is None else _fraction(c, "multiple")
    for name in ("capped", "abstain"):
        if not isinstance(document[name], bool):
            raise ValueError(f"{name} = {document[name]!r:.40} must be true or false")
    if len(gains) != len(harms):
        raise ValueError(f"harms has {len(harms)} entries, gains has {len(gains)}")
    if multiple is not None and harms != tuple(multiple * x for x in gains):
        raise ValueError("harms are not the multiple of the gains that it gives")
    trial = Trial(
        gains,
        harms,
        _fraction(document["mistakes"], "mistakes"),
        _fraction(document["budget"], "budget"),
        multiple,
        document["capped"],
        document["abstain"],
    )
    if not legal(trial):
        raise ValueError("these numbers are no game")
    return trial


def _fractions(values: tuple[Q, ...]) -> str:
    return f"({', '.join(map(_written, values))}{',' * (len(values) == 1)})"


def _written(x: Q) -> str:
    return f"Q({x.numerator})" if x.denominator == 1 else f"Q({x.numerator}, {x.denominator})"


def refutation_test(asked: Conjecture, trial: Trial) -> str:
    """Text of a test that holds a refutation: it fails when the game refutes no longer."""
    said = "\n".join(
        f"    # {x.left[0]} = {x.left[1]}; {x.right[0]} = {x.right[1]}" for x in sides(asked, trial)
    )
    c = "None" if trial.multiple is None else _written(trial.multiple)
    return f'''"""A conjecture about the game, and a game on which it is false."""

from fractions import Fraction as Q

from radsim.conjecture import Trial, conjecture, judge

STATEMENT = {" ".join(asked.text.split())!r}
WHERE = {" ".join(asked.conditions.split())!r}


def test_the_conjecture_is_false():
    # {words(trial)}
{said}
    trial = Trial(
        gains={_fractions(trial.gains)},
        harms={_fractions(trial.harms)},
        mistakes={_written(trial.mistakes)},
        budget={_written(trial.budget)},
        multiple={c},
        capped={trial.capped},
        abstain={trial.abstain},
    )
    assert judge(conjecture(STATEMENT, WHERE), trial) == "refutes"
'''


def explorer_address(trial: Trial) -> str | None:
    """What to add to the address of the explorer's page to see a trial; None if it cannot be shown.

    The explorer shows abstaining games whose harm is a multiple of the gain or alike at all points.

    Examples
    --------
    >>> explorer_address(Trial((Q(1), Q(0)), (Q(0), Q(0)), Q(1, 2), Q(1), Q(0)))
    '#g=1,0&m=0.5&b=1&harm=0&draws=capped'
    """
    if not trial.abstain or (trial.multiple is None and len(set(trial.harms)) > 1):
        return None
    numbers = [format(float(x), ".12g") for x in (*trial.gains, trial.mistakes, trial.budget)]
    *gains, m, b = numbers
    harm = (
        f"constant:{float(trial.harms[0]):.12g}"
        if trial.multiple is None
        else f"{float(trial.multiple):.12g}"
    )
    draws = "capped" if trial.capped else "uncapped"
    return f"#g={','.join(gains)}&m={m}&b={b}&harm={harm}&draws={draws}"
