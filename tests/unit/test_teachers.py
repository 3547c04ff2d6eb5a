"""Teachers: exact counts, what they need, and how a draw is accounted for."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from radsim import Game, Instance, solve
from radsim.data.instances import digits_instance, mixture_instance
from radsim.runs.simulate import run_cell
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
DIGITS = digits_instance(rng=0)
PLAIN = Instance("plain", Game([4, 3, 2, 1], 2))


def _fitting(row):
    """The first instance that has all that the teacher needs; digits has everything."""
    return next(instance for instance in (MIXTURE, DIGITS) if row.fits(instance))


@pytest.mark.parametrize("name", TEACHERS)
def test_every_teacher_returns_zeros_and_ones_and_is_replayable(name):
    instance = _fitting(TEACHERS[name])
    q = inclusion_on(SELECTORS["rad"], instance)
    teacher = TEACHERS[name].make(instance, q, solve(instance.game))
    first, second = (teacher(instance, rng=np.random.default_rng(7)) for _ in range(2))
    assert set(np.unique(first.wrong)) <= {0.0, 1.0}
    assert first.wrong.shape == (instance.game.n,)
    assert np.array_equal(first.wrong, second.wrong)
    if first.labels is not None:
        assert np.array_equal(first.wrong == 1, first.labels != first.truth)


@pytest.mark.parametrize("name", TEACHERS)
def test_every_teacher_needs_and_replies_as_its_row_says(name):
    """Without a field it needs it is refused; a reply changes with q, and nothing else does."""
    row, instance = TEACHERS[name], _fitting(TEACHERS[name])
    assert row.says
    for field in row.needs:
        without = replace(instance, **{field: None})
        assert not row.fits(without)
        with pytest.raises(ValueError, match=f"has no {field}"):
            row.make(without, np.zeros(instance.game.n), None)(without, rng=0)
    solution = solve(instance.game)
    q = np.asarray(solution.inclusion)
    drawn = [
        row.make(instance, x, solution)(instance, rng=np.random.default_rng(7)).wrong
        for x in (q, q[::-1])
    ]
    assert row.replies != np.array_equal(*drawn)


def _simulated(teacher):
    cell = {
        "instance": "mixture",
        "teacher": teacher,
        "selectors": "rad,margin,entropy,uniform,oracle",
        "designs": "pivotal,systematic",
        "draws": 30,
        "seed": 0,
    }
    return run_cell(cell, np.random.default_rng(5))


def test_a_teacher_is_what_its_row_says_whatever_its_name(monkeypatch):
    """A twin of the best response under another name: the same numbers, asked by each selector."""
    row, met = TEACHERS["best response"], []

    def make(instance, q, solution):
        met.append(q)
        return row.make(instance, q, solution)

    monkeypatch.setitem(TEACHERS, "twin", replace(row, make=make))
    original, twin = _simulated("best response"), _simulated("twin")
    pd.testing.assert_frame_equal(pd.DataFrame(original), pd.DataFrame(twin))
    selectors = list(dict.fromkeys(found["selector"] for found in twin))
    assert selectors == ["rad", "margin", "entropy", "uniform"]  # none answers who sees the answer
    assert len(met) == len(selectors)
    assert len({q.tobytes() for q in met}) == len(selectors)
    # One that does not reply is asked once for all of them, and meets the oracle too.
    met.clear()
    monkeypatch.setitem(TEACHERS, "twin", replace(row, make=make, replies=False))
    assert {found["selector"] for found in _simulated("twin")} == {*selectors, "oracle"}
    assert len(met) == 1


def test_a_real_teacher_is_the_one_of_the_instance():
    draw = TEACHERS["real"].make(DIGITS, np.zeros(1000), solve(DIGITS.game))
    assert draw(DIGITS, rng=np.random.default_rng(0)).wrong.sum() == DIGITS.game.mistakes


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
