"""Teachers err as often, and where, as they say."""

from dataclasses import replace

import numpy as np
import pytest

from radsim import Game, Instance, solve
from radsim.data.instances import digits_instance, mixture_instance
from radsim.inference import mean_at_least
from radsim.sampling.audit import audit
from radsim.teachers import (
    TEACHERS,
    Calibrated,
    ClassConditional,
    Equilibrium,
    IndependentRate,
    RankCorrelated,
    confusion_matrix,
    rank_biserial,
)

INSTANCE = mixture_instance(rng=np.random.default_rng(5), n=200)
DIGITS = digits_instance(rng=0)


def _close(draws, target, support, tolerance):
    """The mean is neither below target - tolerance nor above target + tolerance."""
    x = np.asarray(draws, dtype=float)
    low, high = support
    assert mean_at_least(x, target, support, tolerance=tolerance).status == "HOLDS"
    assert mean_at_least(-x, -target, (-high, -low), tolerance=tolerance).status == "HOLDS"


def _made(row, extra=0):
    """The row's teacher on an instance that has all that it needs, and for how many mistakes."""
    game = INSTANCE.game.replace(mistakes=INSTANCE.game.mistakes + extra)
    instance = next(x for x in (replace(INSTANCE, game=game), DIGITS) if row.fits(x))
    solution = solve(instance.game)
    return row.make(instance, np.asarray(solution.inclusion), solution), instance


def _at_most_m(teacher, instance, m, rng):
    counts = np.array([teacher(instance, rng=rng).wrong.sum() for _ in range(1000)])
    n = instance.game.n
    return mean_at_least(-counts, -m, (-n, 0), tolerance=0.05 * n).status


@pytest.mark.parametrize("name", TEACHERS)
def test_every_teacher_errs_at_most_m_times_on_average(name, rng):
    teacher, instance = _made(TEACHERS[name])
    assert _at_most_m(teacher, instance, instance.game.mistakes, rng) == "HOLDS"


@pytest.mark.parametrize("name", ["uniform", "independent", "cluster", "equilibrium"])
def test_a_teacher_made_for_more_mistakes_is_seen(name, rng):
    teacher, instance = _made(TEACHERS[name], extra=16)
    assert _at_most_m(teacher, instance, INSTANCE.game.mistakes, rng) == "VIOLATED"


def test_independent_rate(rng):
    draws = [IndependentRate(0.2)(INSTANCE, rng=rng).wrong.mean() for _ in range(1500)]
    _close(draws, 0.2, (0, 1), 0.05)


@pytest.mark.parametrize("correlation", [-0.5, 0.3, 0.8])
@pytest.mark.parametrize("design", ["pivotal", "poisson"])
def test_rank_correlation_and_count(correlation, design, rng):
    teacher = RankCorrelated(correlation, 30, design)
    draws = [teacher(INSTANCE, rng=rng).wrong for _ in range(1500)]
    if design == "pivotal":
        assert {float(l.sum()) for l in draws} == {30.0}
        found = [rank_biserial(INSTANCE.game.gains, l) for l in draws]
        _close(found, correlation, (-1, 1), 0.1)
    _close([l.mean() for l in draws], 0.15, (0, 1), 0.05)


def test_class_conditional_confusion(rng):
    matrix = confusion_matrix(4, 0.7, rng=np.random.default_rng(1))
    teacher = ClassConditional(matrix)
    draws = [teacher(INSTANCE, rng=rng) for _ in range(1500)]
    for k in range(4):
        own = INSTANCE.labels == k
        for c in range(4):
            share = [float((draw.labels[own] == c).mean()) for draw in draws]
            _close(share, matrix[k, c], (0, 1), 0.06)


def test_calibrated_confidence_is_the_chance_of_being_right(rng):
    draws = [Calibrated(0.8)(INSTANCE, rng=rng) for _ in range(1500)]
    excess = [float(np.mean(x.soft_labels.max(axis=1) - (1 - x.wrong))) for x in draws]
    _close(excess, 0.0, (-1, 1), 0.06)
    # Sharper statements of the same teacher are overconfident.
    sharp = [Calibrated(0.8, temperature=0.3)(INSTANCE, rng=rng) for _ in range(1500)]
    excess = [float(np.mean((1 - x.wrong) - x.soft_labels.max(axis=1))) for x in sharp]
    assert mean_at_least(excess, 0.0, (-1, 1), tolerance=0.01).status == "VIOLATED"


def test_equilibrium_draws_m_points_with_the_marginals(rng):
    game = Game(np.random.default_rng(2).random(80), 9, 5)
    l = np.asarray(solve(game).mistake_probabilities)
    instance, teacher = Instance("pool", game), Equilibrium(l)

    often = l >= 0.1  # what is rarer takes longer

    def draw(q, *, rng, size):
        return np.array([teacher(instance, rng=rng).wrong[often] for _ in range(size)])

    assert {float(teacher(instance, rng=rng).wrong.sum()) for _ in range(50)} == {9.0}
    finding = audit(l[often], draw, rng=rng, tolerance=0.3, max_draws=60_000)
    assert finding.status == "HOLDS", finding.words
