r"""Columns of a file by their names: letter case and blanks around a name say nothing."""

from __future__ import annotations

from collections.abc import Iterable

from radsim.data.text import InputError

__all__ = ["asked_column", "listed_names", "named_column"]


def named_column(
    path: str, columns: Iterable[str], names: Iterable[str], option: str = ""
) -> str | None:
    """The column of one of these names, as it is written or else alike; None if there is none.

    `option` is the one that gave the name, if one did.

    Examples
    --------
    >>> named_column("gains.csv", ["ID", " Gain"], ["gain", "gains"])
    ' Gain'
    """
    names, columns = tuple(names), tuple(columns)
    plain = {name.strip().casefold() for name in names}
    like = [name for name in columns if name.strip().casefold() in plain]
    like += [name for name in columns if name.rpartition(".")[0] in like]  # named twice
    exact = [name for name in names if name in like]
    if len(like) > 1 and not (exact and f"{exact[0]}.1" not in like):
        words = " or ".join(map(repr, like))
        way_on = "--gain-column NAME says which of gains"
        if option and exact:
            way_on = f"two columns have the name {exact[0]!r}: rename one"
        elif option:
            way_on = f"{option} needs the name as it is written"
        raise InputError(f"{path}: which column, {words}? {way_on}")
    return exact[0] if exact else like[0] if like else None


def asked_column(path: str, columns: Iterable[str], name: str, option: str) -> str:
    """The column that an option names; refused if there is none, or two.

    Examples
    --------
    >>> asked_column("gains.csv", ["ID", "gain"], "id", "--id")
    'ID'
    """
    columns = tuple(columns)
    found = named_column(path, columns, [name], option)
    if found is None:
        raise InputError(f"{path}: {option}: no column {name!r}; has {listed_names(columns)}")
    return found


def listed_names(names: Iterable[str], *, counted: bool = True) -> str:
    """Some names; `counted` says how many there are, if not all are told.

    Examples
    --------
    >>> listed_names("abcdefgh")
    'a, b, c, d, e, f, ... (8 in all)'
    """
    words = [" ".join(name.split())[:40] for name in names]
    more = (f", ... ({len(words)} in all)" if counted else ", ...") if len(words) > 6 else ""
    return ", ".join(words[:6]) + more
