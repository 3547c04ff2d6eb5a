r"""Libraries that are installed only if they are asked for, and how to ask for each."""

from __future__ import annotations

import importlib
from typing import Any

__all__ = ["EXTRAS", "needed", "told"]

# Library -> the extra of radsim that brings it, and what it is for.
EXTRAS = {
    "matplotlib": ("plots", "pictures need"),
    "pyarrow": ("files", "Parquet, Feather and the folders of a run need"),
    "torch": ("torch", "ConvNets need"),
    "jinja2": ("report", "HTML pages need"),
    "markdown_it": ("report", "HTML pages need"),
}


def told(error: ImportError, extra: str = "") -> str | None:
    """The sentence that names the extra of the library that is missing, if it is one of these.

    Examples
    --------
    >>> told(ModuleNotFoundError("No module named 'pyarrow'", name="pyarrow"))
    "Parquet, Feather and the folders of a run need pyarrow: pip install 'radsim[files]'"
    >>> told(ModuleNotFoundError("No module named 'numpi'", name="numpi"))
    """
    library = str(error.name).partition(".")[0]
    if not isinstance(error, ModuleNotFoundError) or library not in EXTRAS:
        return None
    own, what = EXTRAS[library]
    return f"{what} {library}: pip install 'radsim[{extra or own}]'"


def needed(module: str, extra: str = "") -> Any:
    """Import a module of an extra, or refuse with the sentence that names the extra.

    Parameters
    ----------
    module : str
    extra : str
        Another extra that brings it, and more of what is wanted.

    Raises
    ------
    ImportError
        If it is not installed.

    Examples
    --------
    >>> needed("pyarrow.parquet").__name__
    'pyarrow.parquet'
    """
    try:
        return importlib.import_module(module)
    except ModuleNotFoundError as error:
        if words := told(error, extra):
            raise ModuleNotFoundError(words, name=error.name) from None
        raise
