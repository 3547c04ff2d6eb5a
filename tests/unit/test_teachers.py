"""Teachers: exact counts, what they need, and how a draw is accounted for."""

import numpy as np
import pytest

from radsim import Game, Instance, solve
from radsim.data.instances import digits_instance, mixture_instance
from radsim.selectors import SELECTORS, inclusion_on
from radsim.teachers import (
    TEACHERS,
    BestResponse,
    Calibrated,
    ClassConditional,
    Clustered,
    Committee,
    ExactCount,
    IndependentRate,
    RankCorrelated,
    TeacherDraw,
    aggregate_wrong,
    audit_draw,
    committee_bound,
    confusion_matrix,
    rank_probabilities,
)

MIXTURE = mixture_instance(rng=np.random.default_rng(0), n=120)
PLAIN = Instance("plain", Game([4, 3, 2, 1], 2))


@pytest.mark.parametrize("name", [name for name in TEACHERS if name != "real"])
def test_every_teacher_returns_zeros_and_ones_and_is_replayable(name):
    q = inclusion_on(SELECTORS["rad"], MIXTURE)
    teacher = TEACHERS[name].make(MIXTURE, q, solve(MIXTURE.game))
    first, second = (teacher(MIXTURE, rng=np.random.default_rng(7)) for _ in range(2))
    assert set(np.unique(first.wrong)) <= {0.0, 1.0}
    assert first.wrong.shape == (MIXTURE.game.n,)
    assert np.array_equal(first.wrong, second.wrong)
    if first.labels is not None:
        assert np.array_equal(first.wrong == 1, first.labels != first.truth)


def test_a_real_teacher_is_the_one_of_the_instance():
    instance = digits_instance(rng=0)
    draw = TEACHERS["real"].make(instance, np.zeros(1000), solve(instance.game))
    assert draw(instance, rng=np.random.default_rng(0)).wrong.sum() == instance.game.mistakes


@pytest.mark.parametrize("count", [0, 1, 17, 120])
def test_exact_counts(count):
    rng = np.random.default_rng(0)
    assert ExactCount(count)(MIXTURE, rng=rng).wrong.sum() == count
    assert Clustered(count)(MIXTURE, rng=rng).wrong.sum() == count
    assert RankCorrelated(0.4, count)(MIXTURE, rng=rng).wrong.sum() == count


def test_a_cluster_is_a_region():
    draw = Clustered(20)(MIXTURE, rng=np.random.default_rng(1))
    inside = MIXTURE.features[draw.wrong == 1]
    centre, reach = inside.mean(axis=0), np.ptp(inside, axis=0).max()
    outside = MIXTURE.features[draw.wrong == 0]
    assert np.mean(np.linalg.norm(outside - centre, axis=1) > reach / 2) > 0.8


def test_the_adversary_replies_best():
    game = Game([4, 3, 2, 1], 2)
    draw = BestResponse(np.array([1, 0, 1, 0]))(Instance("x", game), rng=np.random.default_rng(0))
    assert draw.wrong.tolist() == [1, 0, 1, 0]


@pytest.mark.parametrize("correlation", [-0.9, -0.3, 0.0, 0.5, 0.95])
def test_rank_probabilities_meet_count_and_correlation(correlation):
    gains = np.random.default_rng(0).random(300)
    p = rank_probabilities(gains, correlation, 40)
    rank = np.argsort(np.argsort(gains)) + 1
    assert p.sum() == pytest.approx(40, rel=1e-9)
    assert p @ (2 * rank - 301) / (40 * 260) == pytest.approx(correlation, abs=1e-6)
    assert p.min() >= 0
    assert p.max() <= 1


def test_an_unreachable_correlation_is_refused_with_the_largest():
    with pytest.raises(ValueError, match="the largest is 0"):
        rank_probabilities(np.ones(10), 0.5, 3)


def test_confusion_matrix_has_the_trace():
    for accuracy in (0.0, 0.3, 1.0):
        matrix = confusion_matrix(5, accuracy, rng=np.random.default_rng(0))
        assert np.trace(matrix) == pytest.approx(5 * accuracy)
        assert matrix.sum(axis=1) == pytest.approx(np.ones(5))
        assert matrix.min() >= -1e-15


def test_audit_of_a_draw_by_hand():
    truth, labels = np.array([0, 0, 1, 1]), np.array([0, 1, 1, 0])
    draw = TeacherDraw((truth != labels).astype(float), labels, truth=truth)
    account = audit_draw(PLAIN, draw)
    assert account.n_mistakes == 2
    assert account.rate == 0.5
    assert account.confusion.tolist() == [[1, 1], [1, 1]]
    # Gains 3 and 1 are wrong, 4 and 2 right: one pair of four is won.
    assert account.rank_correlation == pytest.approx(1 / 4 - 3 / 4)
    assert account.lift == 0.0


@pytest.mark.parametrize(
    ("teacher", "words"),
    [
        (ExactCount(5), r"mistakes = 5.0 must be in \[0, 4\]"),
        (IndependentRate(1.5), r"rate = 1.5 must be in \[0, 1\]"),
        (ClassConditional(np.eye(2)), "has no labels"),
        (Clustered(1), "has no features"),
        (Calibrated(0.05), r"accuracy = 0.05 must be in \(0.1, 1\)"),
        (Calibrated(0.5, temperature=0), "temperature = 0.0 must be finite and positive"),
        (RankCorrelated(2.0, 1), r"correlation = 2.0 must be in \[-1, 1\]"),
        (Committee((1,), 0, "vote"), "aggregate = 'vote'"),
    ],
)
def test_what_cannot_be_is_named(teacher, words):
    with pytest.raises(ValueError, match=words):
        teacher(PLAIN, rng=np.random.default_rng(0))


def test_aggregates_by_hand():
    # Three teachers, one point, two classes.
    soft = np.array([[[0.9, 0.1]], [[0.4, 0.6]], [[0.45, 0.55]]])
    truth = np.array([0])
    wrong = {name: aggregate_wrong(soft, truth, name)[0] for name in ("majority", "mean")}
    assert wrong == {"majority": 1.0, "mean": 0.0}
    assert aggregate_wrong(soft, truth, "median")[0] == 1.0  # .45 against .55
    even = np.array([[[1.0, 0.0]], [[0.0, 1.0]]])
    assert aggregate_wrong(even, truth, "median")[0] == 1.0  # lower medians tie at 0


def test_a_flat_median_breaks_the_bound_of_the_majority():
    """The bound of A3 needs correct teachers who put more than half on the true class."""
    soft = np.array([[[0.50, 0.45, 0.05]], [[0.34, 0.33, 0.33]], [[0.0, 1.0, 0.0]]])
    assert committee_bound([0, 0], n_arbitrary=1) == 0
    assert aggregate_wrong(soft, np.array([0]), "majority")[0] == 0.0
    assert aggregate_wrong(soft, np.array([0]), "median")[0] == 1.0


def test_too_many_arbitrary_teachers_are_refused():
    with pytest.raises(ValueError, match="n_arbitrary = 2 of 4"):
        committee_bound([1, 1], 2)
