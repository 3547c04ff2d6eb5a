"""A selector of one's own, checked: it fails first, and is mended.

``python examples/own_selector.py`` shows both; ``pytest examples/own_selector.py`` runs the checks.
"""

import numpy as np

from radsim import Selector
from radsim.testing import CheckFailed, check_selector, parametrize_with_checks, standings


def hasty(gains, budget, *, rng):
    """Every point as good as the b-th: more than b of them where it is tied."""
    return np.flatnonzero(gains >= np.sort(gains)[-int(budget)])


def mended(gains, budget, *, rng):
    """The b largest; ties go to the lower index."""
    return np.argsort(-gains, kind="stable")[: int(budget)]


SKIP = {"guarantee": "a sure choice has a negative worst case (V7)"}


@parametrize_with_checks([mended], skip=SKIP)
def test_mended(subject, check):
    check(subject)


if __name__ == "__main__":
    try:
        check_selector(hasty, skip=SKIP)
    except CheckFailed as failure:
        print(failure)
    results = check_selector(mended, skip=SKIP)
    print(f"mended: {sum(result.status == 'passed' for result in results)} checks passed")
    for row in standings(Selector(mended))[:3]:
        print(f"{row.family}: uniform {row.uniform:.3g}, own {row.selector:.3g}, RAD {row.rad:.3g}")
