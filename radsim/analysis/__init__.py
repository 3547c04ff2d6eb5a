"""Analysis of games: sensitivity, trade-offs, the worst group, running times of solvers."""

import lazy_loader

# Names are those of __init__.pyi, and are imported when they are first used.
__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
