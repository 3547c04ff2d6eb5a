"""Whole numbers: of any type and width the same, anything else refused; the bound on mistakes."""

import itertools
import math
import random
import re
import time
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest
from scipy import stats

from radsim import (
    Game,
    Instance,
    audit,
    hypergeometric,
    mistakes_from_rate,
    sample,
    sample_counts,
    select,
    solve,
)
from radsim.analysis import insurance, trade_off
from radsim.data.instances import draw_instance, mixture_instance
from radsim.data.validation import calibration, confidence_slack, error_profile
from radsim.distillation import Setting
from radsim.inference import bet, mean_at_least, mistakes_upper_bound, no_capital
from radsim.teachers import committee_bound, confusion_matrix
from radsim.teachers.committee import Committee
from radsim.teachers.structured import Clustered

GAINS = np.arange(1.0, 151.0)
TABLE = np.column_stack((GAINS, 200 - GAINS)) / 200
POOL = Instance("pool", Game(GAINS, 10), features=GAINS[:, None])
HALVES = np.full(256, 0.5)
WRONG = np.arange(256) % 7 == 0

# Every place where a count is taken: from 100 all that it says.
COUNTS = {
    "n_pool": lambda n: mistakes_upper_bound(n, 50, 3, 0.05),
    "n_validation": lambda n: mistakes_upper_bound(300, n, 3, 0.05),
    "n_wrong": lambda n: mistakes_upper_bound(300, 200, n, 0.05),
    "n": lambda n: mistakes_from_rate(0.7, n),
    "shape[0]": lambda n: no_capital((n,)).log.shape,
    "size": lambda n: sample(HALVES, rng=0, size=n).tolist(),
    "size of counts": lambda n: sample_counts(HALVES, "iid", rng=0, size=n).sum(axis=0).tolist(),
    "max_draws": lambda n: str(audit(HALVES[:3], rng=0, max_draws=n)),
    "n_bins": lambda n: calibration(HALVES, WRONG, n).expected.tolist(),
    "n_bins of slack": lambda n: confidence_slack(HALVES, WRONG, 0.05, n),
    "n_bins of profile": lambda n: error_profile(
        [1], GAINS, WRONG[:150], n_bins=n
    ).calibration.expected.tolist(),
    "folds": lambda n: error_profile([1], GAINS, WRONG[:150], folds=n).probabilities.tolist(),
    "budget of unixkd": lambda n: select("unixkd", TABLE, n, rng=0).indices.tolist(),
    "budget of softmax_top": lambda n: select("softmax_top", GAINS, n, rng=0).indices.tolist(),
    "budget of k_center": lambda n: select("k_center", TABLE, n, rng=0, start=0).indices.tolist(),
    "start": lambda n: select("k_center", TABLE, 2, rng=0, start=n).indices.tolist(),
    "minibatch": lambda n: select("unixkd", TABLE, 50, rng=0, minibatch=n).indices.tolist(),
    "largest_n": lambda n: repr(draw_instance(rng=0, largest_n=n).game),
    "n of a mixture": lambda n: repr(mixture_instance(rng=0, n=n, budget=2).game),
    "n_classes": lambda n: confusion_matrix(n, 0.5, rng=0).tolist(),
    "n_points of trade_off": lambda n: trade_off(Game([3, 2, 1], 1), n).to_csv(),
    "n_points of insurance": lambda n: insurance(Game([3, 2, 1], 1), n).to_csv(),
    "max_steps": lambda n: (
        solve(Game([3, 2, 1], 1), method="hedge", max_steps=n, gap=0.2, certify=False).value
    ),
    "mistakes of a cluster": lambda n: Clustered(n)(POOL, rng=0).wrong.tolist(),
    "n_arbitrary": lambda n: committee_bound([100] * 200, n),
    "honest_mistakes": lambda n: committee_bound([n, n, n], 0),
    "honest mistakes": lambda n: Committee((n, n, n), 0)(POOL, rng=0).wrong.tolist(),
}
# A hundred, in every type that holds it.
HUNDREDS = [
    *(np.dtype(kind).type(100) for kind in ("i1", "u1", "i2", "u2", "i4", "u4", "i8", "u8")),
    *(np.dtype(kind).type(100) for kind in ("f2", "f4", "f8", "g")),
    np.array(100, dtype="u1"),
    np.array(100.0),
    100.0,
    Fraction(200, 2),
    Decimal("1e2"),
]
NONE = [
    100.00000000000001,
    100.5,
    np.float32(100.5),
    -1,
    np.int8(-100),
    np.nan,
    np.inf,
    -np.inf,
    True,
    np.True_,
    "100",
    b"100",
    None,
    [100],
    np.array([100]),
    100 + 0j,
    np.timedelta64(100, "s"),
    np.timedelta64(100, "ns"),
    np.array(np.datetime64(100, "ns")),
    np.ma.masked,
    np.ma.array(100, mask=True),
]


@pytest.mark.parametrize("place", COUNTS)
def test_a_count_of_any_type_is_that_count(place):
    truth = COUNTS[place](100)
    for n in HUNDREDS:
        assert COUNTS[place](n) == truth, repr(n)


@pytest.mark.parametrize("place", COUNTS)
def test_what_is_no_count_is_refused(place):
    name = place.split(" ")[-1] if " of " not in place else place.split(" of ")[0]
    for n in NONE:
        if n is None and name in ("start", "size", "minibatch", "max_steps"):
            continue  # by default
        with pytest.raises(ValueError, match=rf"{re.escape(name)}.* = .* must be a") as found:
            COUNTS[place](n)
        assert "\n" not in str(found.value)


def _likely(n, v, wrong, delta):
    """The bound in whole numbers."""
    least = Fraction(delta) * math.comb(n + v, v)
    fits = [
        sum(math.comb(m, j) * math.comb(n + v - m, v - j) for j in range(wrong + 1)) > least
        for m in range(wrong, wrong + n + 1)
    ]
    return max(k for k, fit in enumerate(fits) if fit)


@pytest.mark.parametrize("delta", [0.5, 0.05, 1 / 3, 0.75, 1e-3, 1e-12])
def test_the_bound_is_that_of_whole_numbers(delta):
    """Also where the probability is delta, to the last digit."""
    for n, v in itertools.product(range(12), range(9)):
        for wrong in range(v + 1):
            assert mistakes_upper_bound(n, v, wrong, delta) == _likely(n, v, wrong, delta)


def test_the_bound_is_that_of_scipy():
    draw = random.Random(0)
    for _ in range(60):
        n, v = draw.randint(1, 5000), draw.randint(1, 2000)
        wrong, delta = draw.randint(0, v), draw.choice([0.05, 0.01, 0.5, 1e-6])
        m = mistakes_upper_bound(n, v, wrong, delta) + wrong
        assert stats.hypergeom.cdf(wrong, n + v, m, v) > delta * (1 - 1e-9)
        if m < n + wrong:
            assert stats.hypergeom.cdf(wrong, n + v, m + 1, v) <= delta * (1 + 1e-9)


def test_laws_of_a_wide_pool_are_summed_as_they_are_integrated(monkeypatch):
    for total, marked, drawn, k in (
        (10**8, 10**7, 10**7, 998_199),
        (10**7, 3 * 10**6, 5 * 10**6, 1_497_826),
        (10**7, 3 * 10**6, 5 * 10**6, 1_490_000),
        (10**9, 5 * 10**6, 10**8, 502_000),
    ):
        integral = hypergeometric._hypergeometric(k, total, marked, drawn)
        with monkeypatch.context() as patch:
            patch.setattr(hypergeometric, "_BLOCK", 10**5)
            summed = hypergeometric._hypergeometric(k, total, marked, drawn)
        assert abs(integral / summed - 1) <= 1e-12


@pytest.mark.parametrize(
    ("n", "v", "wrong", "delta", "least", "most"),
    [
        # For so large a pool the law is the binomial one: 1 - .05^(1/300) of the pool, and so on.
        (10**15, 300, 0, 0.05, 9936081944700, 9936081944800),
        (10**15, 300, 21, 0.05, 99239260990000, 99239260992000),
        (10**15, 10**15, 0, 0.05, 4, 4),  # half of them are seen, each on its own
        (10**15, 10**15, 10**14, 0.05, 100000022000000, 100000022100000),  # 1.645 of 1.34e7
        (10**15, 10**6, 10**6, 0.9999, 10**15, 10**15),
        (10**15, 0, 0, 0.05, 10**15, 10**15),
        (0, 10**15, 5, 0.05, 0, 0),
    ],
)
def test_a_bound_on_any_pool_is_there_at_once(n, v, wrong, delta, least, most):
    began = time.perf_counter()
    assert least <= mistakes_upper_bound(n, v, wrong, delta) <= most
    assert time.perf_counter() - began < 20  # 143 s when it was a sum over the pool


def test_a_pool_beyond_counting_is_refused():
    for arguments in ((10**15 + 1, 5, 0), (10**400, 5, 0), (5, 2**60, 0)):
        with pytest.raises(ValueError, match=r"n_.* must be a whole number in \[0, 1e\+15\]"):
            mistakes_upper_bound(*arguments, 0.05)


def test_a_rate_that_misses_a_whole_number_is_never_no_mistakes():
    with pytest.raises(ValueError, match=r"n_wrong = 21.000000000000004 must be a whole number"):
        mistakes_upper_bound(1000, 300, 0.07 * 300, 0.05)
    assert mistakes_upper_bound(1000, 300, round(0.07 * 300), 0.05) == 103


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: bet(no_capital(), np.array([0.5, 2]), 0.5), "draws[1] = 2.0 must be in [0, 1]"),
        (lambda: bet(no_capital(), np.array([np.nan]), 0.5), "draws[0] = nan"),
        (lambda: bet(no_capital(), np.array([0.5]), np.nan), "null = nan must be in [0, 1]"),
        (lambda: bet(no_capital(), np.array([0.5]), -0.1), "null = -0.1"),
        (lambda: no_capital((2, -1)), "shape[1] = -1"),
        (lambda: no_capital((True,)), "shape[0] = True"),
        (lambda: no_capital(3), "shape = 3 must be of type tuple"),
        (lambda: mean_at_least([], 0, (-1.5e308, 1.5e308), tolerance=1), "width of the support"),
        (lambda: mean_at_least([0.5], np.inf, (0, 1), tolerance=1), "bound = inf"),
        (lambda: mean_at_least([0.5], -np.inf, (0, 1), tolerance=1), "bound = -inf"),
        (lambda: mean_at_least([0.5], 0, (0, np.inf), tolerance=1), "support[1] = inf"),
        (lambda: mean_at_least([0.5], 0, (0, 1), tolerance=0), "tolerance = 0.0"),
        (lambda: mean_at_least([0.5], 0, (0, 1), tolerance=1, error=0), "error = 0.0"),
        (lambda: mean_at_least([0.5], 0, (0, 1), tolerance=1, error=1), "error = 1.0"),
        (lambda: mean_at_least([0.5], 0, (0, 1), tolerance=1, error=np.nan), "error = nan"),
        (lambda: mean_at_least([0.5], 0, (0, 1), tolerance=1, error=True), "error = True"),
    ],
)
def test_inference_refuses_by_name(call, words):
    with pytest.raises(ValueError, match=re.escape(words)):
        call()


def test_a_support_of_one_point_decides_by_the_bound():
    for bound, status in ((0, "HOLDS"), (1, "HOLDS"), (1.5, "VIOLATED")):
        assert mean_at_least([1, 1], bound, (1, 1), tolerance=0.1).status == status
    assert mean_at_least([1, 1], 1, (1, 1), tolerance=1e-30).status == "UNDECIDED"


def test_sizes_of_a_setting_do_not_overflow():
    small = Setting(n_pool=np.uint8(200), n_test=np.uint8(200), rounds=np.int8(2))
    assert small.n_pool + small.n_test == 400
    assert small == Setting(n_pool=200, n_test=200, rounds=2)
