"""Self-contained HTML pages: a run's folder as a report, and the explorer."""

from typing import Any

import lazy_loader

from radsim.extras import told

_find, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)


def __getattr__(name: str) -> Any:
    try:
        return _find(name)
    except ModuleNotFoundError as error:
        if words := told(error):
            raise ModuleNotFoundError(words, name=error.name) from None
        raise
