r"""Price map: whether to ask a teacher or to buy true labels, by what a true label costs.

What the study of distillation found, read off at an error rate and a price.  The file beside this
module is the `prices.csv` of the report in `studies/primary`.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from importlib.resources import files

from radsim.door import number

__all__ = ["PriceAdvice", "price_advice"]


@dataclass(frozen=True)
class PriceAdvice:
    """What the study found at the nearest price and error rate that it has.

    Attributes
    ----------
    price, rate : float
        Those of the study.
    ahead, low, high : float
        Points of accuracy of the audited selector over true labels of the same cost: the mean over
        noise models, the least and the most.
    n_models : int
    n_asking : int
        Noise models under which some strategy that asks the teacher is ahead of true labels.

    Examples
    --------
    >>> price_advice(1, 0.3).n_asking < price_advice(100, 0.3).n_asking
    True
    """

    price: float
    rate: float
    ahead: float
    low: float
    high: float
    n_models: int
    n_asking: int

    @property
    def says(self) -> str:
        """The advice in a sentence."""
        what = "ask the teacher" if 2 * self.n_asking > self.n_models else "buy true labels"
        return (
            f"at {self.price:g} answers a label and {self.rate:.0%} wrong: {what}; in the study of "
            f"distillation asking was ahead under {self.n_asking} of {self.n_models} noise models, "
            f"audited by {self.ahead:+.1f} points on average ({self.low:+.1f} to {self.high:+.1f})"
        )


def price_advice(price: float, rate: float) -> PriceAdvice:
    """Read the price map at a price of a true label and an error rate of the teacher.

    Parameters
    ----------
    price : float
        Of a true label, in answers of the teacher; positive.
    rate : float
        In [0, 1].

    Returns
    -------
    PriceAdvice
        Of the nearest price, by its logarithm, and the nearest rate of the study.

    Raises
    ------
    ValueError
        Naming the number that cannot be.
    """
    price = number(price, "price", open_low=True)
    rate = number(rate, "rate", high=1)
    with files("radsim.analysis").joinpath("prices.csv").open(encoding="utf-8") as text:
        rows = list(csv.DictReader(text))
    near = min({float(row["price"]) for row in rows}, key=lambda x: max(x / price, price / x))
    close = min({float(row["rate"]) for row in rows}, key=lambda x: (abs(x - rate), x))
    mine = [row for row in rows if float(row["price"]) == near and float(row["rate"]) == close]
    gaps = [float(row["goal"]) for row in mine]
    asking = sum(float(row["ahead"]) > 0 for row in mine)
    return PriceAdvice(near, close, sum(gaps) / len(gaps), min(gaps), max(gaps), len(mine), asking)
