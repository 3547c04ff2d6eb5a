r"""Logs of answers as APIs of language models write them: the likeliest answers of each request."""

from __future__ import annotations

from typing import Any

__all__ = ["TOP", "answered"]

# The key of the likeliest answers, and what is written where there are fewer than elsewhere: as
# such logs write what is too unlikely to be told.
TOP, NEVER = "top_logprobs", "-9999.0"


def answered(rows: list[dict[str, Any]]) -> tuple[list[dict[str, Any]], tuple[str, ...]]:
    """Rows that hold `top_logprobs`, at whatever depth, as one list of log-probabilities each.

    Of several tokens of an answer the first one counts.  Beside it only the row's own texts and
    numbers are kept, such as `custom_id`.

    Parameters
    ----------
    rows : list of dict
        Of JSON.  The key holds a list of objects with `logprob`, an object of token and
        log-probability, a list of numbers, or a list of these, one a token.

    Returns
    -------
    rows : list of dict
    notes : tuple of str

    Raises
    ------
    ValueError
        Naming the row that holds none.

    Examples
    --------
    >>> top = [{"token": "cat", "logprob": "-0.1"}, {"token": "dog", "logprob": "-2.4"}]
    >>> row = {"id": "7", "choices": [{"logprobs": {"content": [{"top_logprobs": top}]}}]}
    >>> answered([row])[0]
    [{'id': '7', 'top_logprobs': ['-0.1', '-2.4']}]
    """
    found: list[dict[str, Any]] = []
    several = False
    for k, row in enumerate(rows):
        top, tokens = _numbers(_top(row))
        if not top:
            raise ValueError(f"row {k}: no {TOP} of an answer")
        several |= tokens > 1 or _tokens(row) > 1
        own = {name: cell for name, cell in row.items() if isinstance(cell, str | int) and cell}
        found.append({**own, TOP: top})
    widest = max((len(row[TOP]) for row in found), default=0)
    for row in found:
        row[TOP] = row[TOP] + [NEVER] * (widest - len(row[TOP]))
    words = f"{TOP} of the first token of each answer, of which there are more"
    return found, (words,) * several


def _top(value: Any) -> Any:
    """What stands under the key, first in the order of the text."""
    if isinstance(value, dict):
        if TOP in value:
            return value[TOP]
        value = list(value.values())
    for part in value if isinstance(value, list) else ():
        found = _top(part)
        if found is not None:
            return found
    return None


def _tokens(value: Any) -> int:
    """The most tokens side by side that have the key."""
    parts = list(value.values()) if isinstance(value, dict) else value
    if not isinstance(parts, list):
        return 0
    here = sum(isinstance(part, dict) and TOP in part for part in parts)
    return max([here if isinstance(value, list) else 0, *map(_tokens, parts)])


def _numbers(top: Any) -> tuple[list[Any], int]:
    """Log-probabilities of one token, and of how many tokens there are some."""
    if isinstance(top, dict):
        return list(top.values()), 1
    if not isinstance(top, list) or not top:
        return [], 0
    if all(isinstance(part, dict) and "logprob" in part for part in top):
        return [part["logprob"] for part in top], 1
    if isinstance(top[0], dict | list):
        return _numbers(top[0])[0], len(top)
    return list(top), 1
