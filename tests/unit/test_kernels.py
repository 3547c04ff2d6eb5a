"""The compiled loops do what NumPy's do."""

import numpy as np
import pytest

from radsim.solvers.water.capped import Box, Sums, bisect, in_order
from radsim.solvers.water.chunks import arrays
from radsim.solvers.water.engines import kernels
from radsim.solvers.water.vectorised import NUMPY

SIZES = (1, 7, 255, 256, 2_047, 2_048, 2_049, 5_000)


@pytest.fixture(scope="module")
def fast():
    pytest.importorskip("numba", reason="compiled loops are an extra: radsim[fast]")
    return kernels("numba")


def _points(n, seed):
    """Ties, zeros and stakes of zero among random numbers."""
    rng = np.random.default_rng(seed)
    gains = rng.choice([0.0, 0.25, 0.5, -1], n)
    gains = np.where(gains < 0, rng.random(n), gains)
    stakes = gains + rng.choice([0.0, 0.5, -1], n)
    return gains, np.where(stakes < gains, rng.random(n), stakes)


def _same(found, wanted, rel=1e-13):
    *numbers, places = found
    assert numbers == pytest.approx(wanted[:-1], rel=rel, abs=1e-300)
    assert (places == wanted[-1]).all()


@pytest.mark.parametrize("n", SIZES)
@pytest.mark.parametrize("ends", [(0.25, 0.5), (-np.inf, np.inf), (0.3, 0.3), (-np.inf, 0.5)])
def test_sums_above_a_bracket_and_places_within(fast, n, ends):
    g, s = _points(n, n)
    with np.errstate(all="ignore"):
        for stakes in (None, s):
            _same(fast.level(g, stakes, *ends), NUMPY.level(g, stakes, *ends))


@pytest.mark.parametrize("n", SIZES)
@pytest.mark.parametrize(
    "box",
    [
        (0.25, 0.5, 0.5, 0.9),
        (0.0, 0.25, 0.3, 0.4),
        (0.1, 0.6, 0.25, 0.25),
        (0.0, np.inf, 0, np.inf),
    ],
)
def test_sums_around_a_box_and_places_within(fast, n, box):
    g, s = _points(n, n)
    with np.errstate(all="ignore"):
        for stakes in (None, s):
            _same(fast.prices(g, stakes, *box), NUMPY.prices(g, stakes, *box))


@pytest.mark.parametrize("capped", [True, False])
@pytest.mark.parametrize("theta", [0.0, 0.4])
def test_inclusion_probabilities(fast, theta, capped):
    g, s = _points(5_000, 1)
    one, two = np.empty(5_000), np.empty(5_000)
    with np.errstate(all="ignore"):
        for level, threshold in ((0.25, 0.5), (0.5, 0.1), (0.3, 0.0)):
            NUMPY.include(one, g, s, level, threshold, theta, capped)
            fast.include(two, g, s, level, threshold, theta, capped)
            assert np.array_equal(one, two)
            at = (g == level) & (s > 0)
            q = threshold / s[at]
            assert np.allclose(one[at], theta * (np.minimum(1, q) if capped else q))
            assert (one[g < level] == 0).all()


def test_small_games_one_after_the_other(fast):
    rng = np.random.default_rng(2)
    sizes = np.array([1, 8, 300, 1, 1_000, 5, 129])
    offsets = np.concatenate(([0], np.cumsum(sizes)))
    g = rng.random(sizes.sum()) + 1e-3
    m, b = rng.uniform(0.05, 0.6, 7) * sizes, np.ones(7)
    room = np.empty((3, len(g)))
    for stakes in (None, g + rng.random(len(g))):
        one, two = np.empty(len(g)), np.empty(len(g))
        wanted = NUMPY.rows(one, g, stakes, offsets, m, b, room)
        found = fast.rows(two, g, stakes, offsets, m, b, room)
        for x, y in zip(found, wanted, strict=True):
            assert x == pytest.approx(y, rel=1e-12)
        assert np.allclose(one, two, rtol=1e-12)


@pytest.mark.parametrize("abstain", [True, False])
def test_what_can_be_spent_at_a_level(fast, abstain):
    rng = np.random.default_rng(3)
    for n in (1, 2, 50, 800):
        g, s = _points(n, n)
        s = np.maximum(s, 0.1)
        h = s - g
        low = 0.0 if abstain else -np.inf
        for box in (Box(low, np.inf, 0.0, np.inf), Box(0.2, 0.6, 0.3, 0.8)):
            base = Sums() if box.high == np.inf else Sums(3.0, 5.0, 2.0, 0.0, 1.0)
            points = in_order((g, h, s), abstain, box)
            for m, b in rng.uniform(0, 0.6, (5, 2)) * n + 0.1:
                with np.errstate(all="ignore"):
                    wanted = bisect(points, m, b, abstain, base, box, NUMPY)
                    found = bisect(points, m, b, abstain, base, box, fast)
                assert found.inside == wanted.inside
                assert found.prices == pytest.approx(wanted.prices, rel=1e-12, abs=1e-14)


def test_a_name_that_is_none_is_refused():
    with pytest.raises(ValueError, match="kernels = 'c' must be"):
        kernels("c")


def test_a_pool_whose_harms_are_a_multiple_gives_the_stakes_of_the_game():
    gains = np.random.default_rng(4).random(1_000)
    harms = 0.3 * gains
    pool = arrays(gains, harms, gains + harms, 0.3)
    for one, two in zip(pool.whole(), (gains, harms, gains + harms), strict=True):
        assert np.array_equal(one, two)
