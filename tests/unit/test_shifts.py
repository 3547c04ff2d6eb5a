"""Shifts: the recursion against all patterns of switches, one by one; what checks show."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.special import logit
from switches import SMALL, enumerated

from radsim.distillation.shifts import SHIFTS, Shifts, shift_posterior, shifted
from radsim.game import Array


def drawn(seed: int, n_rounds: int, n: int = 12) -> tuple[Array, Array, Array]:
    rng = np.random.default_rng([41, seed])
    return rng.uniform(0.05, 0.95, n), rng.random(n) < 0.5, rng.integers(0, n_rounds, n)


@pytest.mark.parametrize("n_rounds", [1, 2, 3, 4])
@pytest.mark.parametrize("switch", [0.05, 0.3, 0.999])
def test_the_recursion_is_the_sum_over_all_switches(n_rounds: int, switch: float) -> None:
    shifts = Shifts(none=0.4, spread=2.0, switch=switch, reach=4.0, n_grid=5)
    for seed in range(3):
        seen = drawn(seed, n_rounds)
        np.testing.assert_allclose(
            shift_posterior(*seen, n_rounds, shifts),
            enumerated(*seen, n_rounds, shifts),
            rtol=0,
            atol=1e-12,
        )


def test_the_sum_over_all_switches_tells_a_recursion_that_looks_back_only() -> None:
    """Rounds before the last are moved by what comes after them: a filter alone is refused."""
    profile, wrong = np.full(6, 0.3), np.ones(6, dtype=bool)
    rounds = np.full(6, 2)
    whole = shift_posterior(profile, wrong, rounds, 3, SMALL)
    np.testing.assert_allclose(
        whole, enumerated(profile, wrong, rounds, 3, SMALL), rtol=0, atol=1e-12
    )
    assert np.abs(whole[0] - SMALL.prior).max() > 0.1


def test_the_prior_is_a_distribution_with_its_atom_at_no_shift() -> None:
    for shifts in (SHIFTS, SMALL):
        assert shifts.prior.sum() == pytest.approx(1)
        assert shifts.grid[shifts.prior.argmax()] == 0
        assert shifts.prior[shifts.n_grid // 2] > shifts.none
        np.testing.assert_allclose(shifts.prior, shifts.prior[::-1], rtol=1e-12)


def test_without_checks_the_posterior_is_the_prior() -> None:
    none = np.zeros(0)
    found = shift_posterior(none, none.astype(bool), none.astype(int), 4)
    np.testing.assert_allclose(found, np.tile(SHIFTS.prior, (4, 1)), rtol=0, atol=1e-12)


def test_the_order_of_the_checks_is_irrelevant() -> None:
    seen, turn = drawn(3, 5, 40), np.random.default_rng(0).permutation(40)
    np.testing.assert_allclose(
        shift_posterior(*(part[turn] for part in seen), 5),
        shift_posterior(*seen, 5),
        rtol=0,
        atol=1e-12,
    )


def test_more_wrong_answers_are_a_larger_shift() -> None:
    r, zero = np.full(20, 0.3), np.zeros(20, dtype=int)
    means = [
        float(shift_posterior(r, np.arange(20) < k, zero, 1)[0] @ SHIFTS.grid) for k in range(21)
    ]
    assert np.all(np.diff(means) > 0)
    # Six of twenty is what 0.3 says: most of the posterior is at no shift.
    assert shift_posterior(r, np.arange(20) < 6, zero, 1)[0, SHIFTS.n_grid // 2] > 0.7


def test_a_round_s_shift_says_more_of_itself_than_of_the_next() -> None:
    r, last = np.full(30, 0.2), np.zeros(30, dtype=int)
    found = shift_posterior(r, np.ones(30, dtype=bool), last, 4) @ SHIFTS.grid
    assert np.all(np.diff(found) < 0) and found[-1] > 0.5


def test_impossible_profiles_are_finite() -> None:
    r = np.array([0.0, 1.0, 0.0, 1.0])
    wrong = np.array([True, False, False, True])
    found = shift_posterior(r, wrong, np.zeros(4, dtype=int), 2)
    assert np.isfinite(found).all()
    moved = shifted(r, found, np.zeros(4, dtype=int))
    assert np.all((moved >= 0) & (moved <= 1))


def test_a_shift_moves_every_probability_the_same_way() -> None:
    r, here = np.linspace(0.01, 0.99, 50), np.zeros(50, dtype=int)
    for place, sign in ((10, -1), (60, 1)):
        sure = np.zeros((1, SHIFTS.n_grid))
        sure[0, place] = 1
        moved = shifted(r, sure, here)
        np.testing.assert_allclose(logit(moved) - logit(r), SHIFTS.grid[place], atol=1e-9)
        assert np.all(sign * (moved - r) > 0) and np.all(np.diff(moved) > 0)
    # Each point by its own round.
    two = np.zeros((2, SHIFTS.n_grid))
    two[0, SHIFTS.n_grid // 2] = two[1, 60] = 1
    mixed = shifted(np.array([0.3, 0.3]), two, np.array([0, 1]))
    assert mixed[0] == pytest.approx(0.3) and mixed[1] > 0.3


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("none", 1.5),
        ("spread", 0.0),
        ("switch", 0.0),
        ("switch", 1.0),
        ("reach", -1.0),
        ("n_grid", 4),
    ],
)
def test_shifts_that_cannot_be_are_refused(field: str, value: float) -> None:
    with pytest.raises(ValueError, match=f"{field} = {value} must be"):
        Shifts(**{field: value})
