"""Functions of the user's own: FILE.py:NAME, a file that is run because the user named it."""

from __future__ import annotations

import importlib.util
import inspect
import sys
from pathlib import Path
from typing import Any

__all__ = ["own_function"]


def own_function(text: str, option: str = "text") -> tuple[Any, str]:
    """Return what stands under a name in a file of Python, which is run, and that name.

    Parameters
    ----------
    text : str
        ``FILE.py:NAME``.
    option : str
        Where it was given, for the error.

    Returns
    -------
    thing : object
    name : str

    Raises
    ------
    ValueError
        If it is of another form, there is no such file or name, or the file raises.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as place:
    ...     _ = Path(place, "my.py").write_text("def f(x): return 2 * x")
    ...     f, name = own_function(f"{place}/my.py:f")
    >>> f(3), name
    (6, 'f')
    """
    place, _, name = text.rpartition(":")
    if not place.endswith(".py") or not name.isidentifier():
        raise ValueError(f"{option} {text!r} must be FILE.py:NAME")
    file = Path(place)
    if not file.is_file():
        raise ValueError(f"{option} {place}: no such file")
    # Under a name that no other module has; its neighbours are found as `python FILE.py` does.
    spec: Any = importlib.util.spec_from_file_location(f"radsim_own_{file.stem}", file)
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    sys.path.insert(0, str(file.resolve().parent))
    try:
        spec.loader.exec_module(module)
    except (Exception, SystemExit) as error:
        raise ValueError(f"{option} {place}: {type(error).__name__}: {error}") from None
    if not hasattr(module, name):
        known = [key for key, value in vars(module).items() if inspect.isfunction(value)]
        raise ValueError(f"{option} {place}: no {name!r} in it; has {', '.join(known) or 'none'}")
    return getattr(module, name), name
