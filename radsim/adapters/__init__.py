r"""Selectors for other libraries: scikit-learn, PyTorch, modAL and scikit-activeml.

The scikit-activeml strategy is in `radsim.adapters.skactiveml`; it alone imports its library.
"""

from radsim.adapters.arrays import select_from_logits, select_from_model, select_from_probabilities
from radsim.adapters.modal import modal_query

__all__ = [
    "modal_query",
    "select_from_logits",
    "select_from_model",
    "select_from_probabilities",
]
