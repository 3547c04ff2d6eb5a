"""The compiled loops do what NumPy's do."""

import numpy as np
import pytest

from radsim.solvers.water.capped import Box, Points, Sums, bisect, in_order
from radsim.solvers.water.chunks import arrays
from radsim.solvers.water.engines import kernels
from radsim.solvers.water.kernels import PIECE
from radsim.solvers.water.proportional import in_proportion
from radsim.solvers.water.vectorised import NUMPY

NOTHING = np.empty(0), np.empty(0)
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
    """Sums agree to rounding, numbers and places exactly."""
    for one, two in zip(found, wanted, strict=True):
        if np.asarray(two).dtype == np.float64:
            assert np.sum(one) == pytest.approx(np.sum(two), rel=rel, abs=1e-300)
        else:
            assert np.array_equal(one, two)


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
            for ties in (NOTHING, (np.array([0.25, 0.5]), np.array([0.25, 0.5]))):
                _same(fast.prices(g, stakes, *box, ties), NUMPY.prices(g, stakes, *box, ties))


@pytest.mark.parametrize("name", ["numpy", "numba"])
def test_repeated_points_are_counted_and_not_kept(name):
    if name == "numba":
        pytest.importorskip("numba", reason="compiled loops are an extra: radsim[fast]")
    g = np.array([0.5, 0.2, 0.5, 0.9, 0.5, 0.3])
    s = np.array([1.0, 1.0, 2.0, 1.0, 1.0, 1.0])
    box = (0.2, 0.6, 0.5, 1.5)
    ties = (np.array([0.5, 0.9]), np.array([1.0, 1.0]))
    *_, places, counts = kernels(name).prices(g, s, *box, ties)
    assert (places.tolist(), counts.tolist()) == ([1, 2, 5], [2, 1])
    *_, places, counts = kernels(name).prices(g, s, *box, NOTHING)
    assert (places.tolist(), counts.tolist()) == ([0, 1, 2, 3, 4, 5], [])


@pytest.mark.parametrize("name", ["numpy", "numba"])
def test_a_pool_may_be_cut_between_any_two_pieces(name):
    if name == "numba":
        pytest.importorskip("numba", reason="compiled loops are an extra: radsim[fast]")
    loops = kernels(name)
    g, s = _points(9 * PIECE + 100, 5)

    def sums(part, step, own):
        cut = [slice(k, k + step) for k in range(0, len(g), step)]
        with np.errstate(all="ignore"):
            found = [loops.level(g[p], s[p] if own else None, 0.25, 0.5)[part] for p in cut]
        return np.concatenate(found)

    for part, own in ((1, False), (0, True), (1, True)):
        for step in (PIECE, 4 * PIECE):
            assert np.array_equal(sums(part, step, own), sums(part, len(g), own))


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


def test_small_games_row_by_row(fast):
    rng = np.random.default_rng(2)
    for n in (1, 8, 300, 1_000):
        g = rng.random((5, n)) + 1e-3
        m, b = rng.uniform(0.05, 0.6, 5) * n, np.ones(5)
        for stakes in (None, g + rng.random((5, n))):
            one, two = np.empty((5, n)), np.empty((5, n))
            wanted, found = NUMPY.rows(one, g, stakes, m, b), fast.rows(two, g, stakes, m, b)
            for x, y in zip(found, wanted, strict=True):
                assert x == pytest.approx(y, rel=1e-12)
            assert np.allclose(one, two, rtol=1e-12)


@pytest.mark.parametrize("abstain", [True, False])
def test_a_point_that_stands_for_many_is_as_good_as_they_are(abstain):
    rng = np.random.default_rng(3)
    for n in (1, 2, 50, 800):
        g, s = _points(n, n)
        s = np.maximum(s, 0.1)
        count = rng.integers(1, 5, n)
        one = Points(g, s - g, s, count.astype(np.float64))
        many = Points(*(np.repeat(x, count) for x in (*one[:3], np.ones(n))))
        low = 0.0 if abstain else -np.inf
        for box in (Box(low, np.inf, 0.0, np.inf), Box(0.2, 0.6, 0.3, 0.8)):
            base = Sums() if box.high == np.inf else Sums(3.0, 5.0, 2.0, 0.0, 1.0)
            for m, b in rng.uniform(0, 0.6, (5, 2)) * n + 0.1:
                with np.errstate(all="ignore"):
                    found, wanted = (
                        bisect(in_order(x, abstain, box), m, b, abstain, base, box)
                        for x in (one, many)
                    )
                assert found.inside == wanted.inside
                assert found.prices == pytest.approx(wanted.prices, rel=1e-12, abs=1e-14)


@pytest.mark.parametrize("multiple", [0.0, 1.0])
def test_running_sums_find_the_prices_that_bisection_finds(multiple):
    rng = np.random.default_rng(6)
    box = Box(0.0, np.inf, 0.0, np.inf)
    for n in (50, 800):
        g = np.sort(rng.random(n))[::-1]
        points = Points(g, multiple * g, g + multiple * g, np.ones(n))
        nobody = points.at(np.zeros(n, dtype=bool))
        quick = in_proportion(g, nobody, Sums(), 1 + multiple, box)
        for m, b in ((0.05 * n, n / 2), (0.2 * n, n / 4), (0.01 * n, 2.0), (0.02 * n, 0.9 * n)):
            with np.errstate(all="ignore"):
                wanted = bisect(in_order(points, True, box), m, b, True, Sums(), box).prices
            assert quick(m, b) == pytest.approx(wanted[:2], rel=2 / n)


def test_a_name_that_is_none_is_refused():
    with pytest.raises(ValueError, match="kernels = 'c' must be"):
        kernels("c")


def test_a_pool_whose_harms_are_a_multiple_gives_the_stakes_of_the_game():
    gains = np.random.default_rng(4).random(1_000)
    harms = 0.3 * gains
    pool = arrays(gains, harms, gains + harms, 0.3)
    for one, two in zip(pool.whole(), (gains, harms, gains + harms), strict=True):
        assert np.array_equal(one, two)
