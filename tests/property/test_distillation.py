"""Laws of mistakes and best replies on any gains: ties, zeros, sixty orders of magnitude."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from radsim.distillation.noise import NOISES, Points, draw_mistakes
from radsim.distillation.replies import REPLIES, Asked, best_reply

GAINS = st.lists(
    st.sampled_from([0.0, 1e-300, 1e-12, 0.25, 0.5, 1.0, 1e12, 1e300]) | st.floats(0, 1),
    min_size=2,
    max_size=30,
)


@settings(max_examples=60, deadline=None, derandomize=True)
@given(GAINS, st.integers(0, 30), st.integers(0, 5), st.integers(0, 10**6))
@pytest.mark.parametrize("name", list(NOISES))
def test_exactly_m_mistakes_whatever_the_gains(name, gains, m, v, seed):
    rng = np.random.default_rng([23, seed])
    g = np.array(gains + gains[:v])
    n, size = len(gains), len(g)
    m = min(m, n)
    points = Points(
        g,
        rng.integers(0, 3, size),
        rng.integers(0, 4, size),
        rng.random(size),
        rng.normal(size=(size, 2)),
        rng.dirichlet(np.ones(3), size),
    )
    pool, validation = draw_mistakes(NOISES[name].law, points, n, m, rng=rng)
    assert pool.sum() == m and pool.shape == (n,)
    assert validation.shape == (size - n,) and validation.dtype == bool
    if m in (0, n):
        assert validation.all() if m else not validation.any()
    assert np.all(NOISES[name].named(points, rng) != points.classes)


@settings(max_examples=60, deadline=None, derandomize=True)
@given(GAINS, st.integers(0, 30), st.integers(0, 30), st.integers(0, 10**6))
@pytest.mark.parametrize("name", list(REPLIES))
def test_a_reply_is_exactly_m_mistakes_whatever_the_gains(name, gains, m, b, seed):
    rng = np.random.default_rng([31, seed])
    n = len(gains)
    asked = Asked(np.array(gains), rng.random(n), rng.random(n), min(b, n))
    wrong = REPLIES[name](asked, min(m, n), rng)
    assert wrong.sum() == min(m, n) and wrong.shape == (n,)


@settings(max_examples=200, deadline=None, derandomize=True)
@given(GAINS, st.integers(0, 30), st.integers(0, 10**6))
def test_no_m_mistakes_cost_more_than_the_best_reply(gains, m, seed):
    rng = np.random.default_rng([29, seed])
    g, q = np.array(gains), rng.random(len(gains))
    m = min(m, len(g))
    bite = q * g
    reply = best_reply(g, q, m, rng=rng)
    assert reply.sum() == m
    most = np.sort(bite)[len(g) - m :].sum()
    assert bite[reply].sum() >= most - 1e-8 * max(1, m) * bite.max()
    # The unit of the gains is irrelevant.
    again = best_reply(g / 4, q, m, rng=rng)
    assert bite[again].sum() >= most - 1e-8 * max(1, m) * bite.max()
