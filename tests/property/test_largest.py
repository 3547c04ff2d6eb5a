"""The sum of the k largest of a stream is that of a sort, whatever the stream holds."""

from math import ceil, fsum

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from radsim.solvers.water import largest
from radsim.solvers.water.largest import Largest, settle


def sorted_out(values, k):
    """Sum of the k largest, the last of them, and how many are above it, by a sort."""
    falling, whole = np.sort(values)[::-1], ceil(k)
    if not whole:
        return 0.0, np.inf, 0
    last = float(falling[whole - 1])
    above = [x for x in falling.tolist() if x > last]
    return fsum([*above, (k - len(above)) * last]), last, len(above)


def streamed(values, k, size=5, search=Largest):
    found, passes = search(k), []

    def chunks():
        passes.append(1)
        return ((values[i : i + size],) for i in range(0, len(values), size))

    settle([found], chunks)
    return found, len(passes)


numbers = st.one_of(
    st.sampled_from([0.0, -0.0, 1.0, 1.0, np.nextafter(1, 2), 5e-324, 1e-300, 1e300]),
    st.floats(0, 1e300, allow_subnormal=True),
    st.integers(0, 3).map(float),
    st.floats(0, 1, width=32),
)


@pytest.mark.parametrize("keeps", [1 << 20, 4, 1])
@given(
    values=st.lists(numbers, min_size=1, max_size=60), share=st.floats(0, 1), whole=st.booleans()
)
def test_as_by_a_sort(keeps, values, share, whole):
    values = np.array(values)
    k = share * len(values)
    k = float(round(k)) if whole else k
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(largest, "KEPT", keeps)
        found, n_passes = streamed(values, k)
    total, last, above = sorted_out(values, k)
    assert found.total == pytest.approx(total, rel=1e-13, abs=0)
    assert (found.value, found.above) == (last, above)
    assert n_passes <= 4


@pytest.mark.parametrize("k", [0, 1, 2.5, 3, 4, 6.25, 7, 7.0])
def test_ties_share_what_is_left(k):
    values = np.array([2, 3, 2, 2, 0, 2, 1.0])
    found, _ = streamed(values, k)
    assert found.total == pytest.approx(sorted_out(values, k)[0], rel=1e-15)


def test_two_passes_are_enough_for_a_million_points():
    values = np.random.default_rng(0).random(1_000_000)
    found, n_passes = streamed(values, 123_456.5, 1 << 16)
    assert n_passes == 2
    assert found.total == pytest.approx(sorted_out(values, 123_456.5)[0], rel=1e-13)


class Floored(Largest):
    """The last one is left out where k is not whole."""

    def __init__(self, k):
        super().__init__(float(int(k)))


class Untied(Largest):
    """All that tie with the last one are taken."""

    def turn(self):
        super().turn()
        if self.settled:
            self.total += (self.above + 1 - self.k) * self.value


class Coarse(Largest):
    """Values are told apart by their leading bits only."""

    def take(self, values):
        bits = (values + 0.0).view(np.uint64) >> np.uint64(40) << np.uint64(40)
        super().take(bits.view(np.float64))


class Forgetful(Largest):
    """What lies above the bits that are looked at is forgotten."""

    def turn(self):
        self._sums = []
        super().turn()


@pytest.mark.parametrize("mutant", [Floored, Untied, Coarse, Forgetful])
def test_a_wrong_search_is_seen(mutant):
    values = np.random.default_rng(1).random(400).round(2)
    wrong = 0
    for k in (1, 7.5, 33, 200, 399.5):
        found, _ = streamed(values, k, 64, mutant)
        wrong += found.total != pytest.approx(sorted_out(values, k)[0], rel=1e-13)
    assert wrong
