"""Noise of the oracle: exactly m mistakes, the same law on validation points, best replies."""

import numpy as np
import pytest

from radsim import Game, payoff, worst_case
from radsim.distillation.noise import (
    FOLLOWS,
    NOISES,
    UNRELATED,
    Points,
    any_other,
    draw_mistakes,
    plausible,
)
from radsim.distillation.noise import REPLIES as RESPONSE
from radsim.distillation.replies import REPLIES, Asked, average_reply, best_reply, by_rank


def points_of(gains, classes=None, clusters=None, reply=None, *, features=None, p=None):
    """Points of which a test says what it needs: one class of two and no features elsewhere."""
    k, none = len(gains), np.zeros(len(gains), int)
    return Points(
        np.asarray(gains, dtype=float),
        none if classes is None else classes,
        none if clusters is None else clusters,
        np.zeros(k) if reply is None else reply,
        np.zeros((k, 1)) if features is None else features,
        np.full((k, 2), 0.5) if p is None else p,
    )


def _points(n=200, v=100, seed=0):
    rng = np.random.default_rng([11, seed])
    gains = rng.random(n + v)
    reply = np.clip(2 * (gains - 0.35), 0, 1)
    return points_of(
        gains,
        rng.integers(0, 5, n + v),
        rng.integers(0, 10, n + v),
        reply,
        features=rng.normal(size=(n + v, 3)),
        p=rng.dirichlet(np.ones(5), n + v),
    )


def test_every_noise_model_is_of_a_family():
    assert {row.family for row in NOISES.values()} == {UNRELATED, FOLLOWS, RESPONSE}


@pytest.mark.parametrize("name", list(NOISES))
@pytest.mark.parametrize("m", [0, 1, 60, 199, 200])
def test_the_pool_has_exactly_m_mistakes(name, m):
    pool, validation = draw_mistakes(
        NOISES[name].law, _points(), 200, m, rng=np.random.default_rng(1)
    )
    assert pool.sum() == m and validation.shape == (100,)
    if m in (0, 200):
        assert validation.sum() == m / 2


def test_validation_and_pool_follow_one_law_unless_the_teacher_hides():
    apart = {name for name, row in NOISES.items() if not row.exchangeable}
    assert apart == {name for name, row in NOISES.items() if row.answers}
    hidden = apart - {"exact best response"}
    assert all(NOISES[name].law is NOISES["uniform"].law for name in hidden)
    assert {NOISES[name].answers for name in apart} == set(REPLIES)


def test_top_m_is_the_top():
    points = _points()
    pool, validation = draw_mistakes(NOISES["top-m"].law, points, 200, 60, rng=_rng())
    lowest = points.gains[:200][pool].min()
    assert points.gains[:200][~pool].max() < lowest
    np.testing.assert_array_equal(validation, points.gains[200:] > lowest)


def _rng(seed=0):
    return np.random.default_rng([13, seed])


@pytest.mark.parametrize(("name", "blocks"), [("class", "classes"), ("cluster", "clusters")])
def test_blocks_are_wrong_as_a_whole_but_one(name, blocks):
    points = _points()
    for seed in range(10):
        pool, validation = draw_mistakes(NOISES[name].law, points, 200, 60, rng=_rng(seed))
        block = getattr(points, blocks)
        shares = np.array([pool[block[:200] == b].mean() for b in range(block.max() + 1)])
        assert np.sum((shares > 0) & (shares < 1)) <= 1
        for b, share in enumerate(shares):
            if share in (0, 1):
                assert np.all(validation[block[200:] == b] == bool(share))


def _validation_share(name, law, n_draws=4000):
    """Share of draws in which the twin of the pool's most and least informative point is wrong."""
    gains = np.linspace(0.1, 1, 30)
    both = np.concatenate([gains, gains[[0, -1]]])
    points = points_of(both, np.arange(32) % 3, np.arange(32) % 4, np.clip(both - 0.25, 0, 1))
    wrong = np.array(
        [np.concatenate(law(points, 30, 9, _rng(seed))) for seed in range(n_draws)], dtype=float
    )
    shares = wrong.mean(axis=0)
    return shares[[0, 29]], shares[30:]


# Of the other laws the tests above are exact.
RACES = ["uniform", *(f"gain^{a}" for a in range(5)), "shared best response", "class x gain"]


@pytest.mark.parametrize("name", RACES)
def test_validation_points_follow_the_law_of_the_pool(name):
    # 4,000 draws: a frequency is off by more than 0.05 with probability below 1e-9; a validation
    # point stands outside the count of m, which moves its probability by less than 0.07 here.
    def law(points, n, m, rng):
        return draw_mistakes(NOISES[name].law, points, n, m, rng=rng)

    pool, validation = _validation_share(name, law)
    assert np.abs(pool - validation).max() < 0.12
    if name in ("gain^2", "gain^3", "gain^4", "shared best response"):
        assert validation[1] - validation[0] > 0.3

        # Mistakes at random on validation, whatever those on the pool: refused.
        def broken(points, n, m, rng):
            pool, validation = law(points, n, m, rng)
            return pool, rng.random(len(validation)) < m / n

        pool, validation = _validation_share(name, broken)
        assert np.abs(pool - validation).max() > 0.12


def test_the_number_of_validation_mistakes_varies_as_it_should():
    # One validation point among n + 1 exchangeable ones is above the m-th of the others with
    # probability m/(n + 1) = 0.3; 4,000 draws, off by 0.05 with probability below 1e-9.
    points = points_of(np.ones(10))
    wrong = [
        draw_mistakes(NOISES["uniform"].law, points, 9, 3, rng=_rng(seed))[1][0]
        for seed in range(4000)
    ]
    assert abs(np.mean(wrong) - 0.3) < 0.05


def test_mistakes_follow_the_gain_more_and_more():
    points = _points(2000, 1000)
    shares = []
    for a in range(5):
        pool, _ = draw_mistakes(NOISES[f"gain^{a}"].law, points, 2000, 600, rng=_rng())
        shares.append(pool[np.argsort(-points.gains[:2000])[:200]].mean())
    assert np.all(np.diff(shares) > 0) and shares[0] < 0.4 and shares[4] > 0.75


def test_points_without_gain_are_mislabelled_last():
    gains = np.concatenate([np.zeros(50), np.full(50, 1e-300), np.full(50, 1e300)])
    points = points_of(gains)
    for a in (1, 4):
        pool, _ = draw_mistakes(NOISES[f"gain^{a}"].law, points, 150, 110, rng=_rng())
        assert pool[50:].all() and pool[:50].sum() == 10


def test_middle_gain_is_the_middle():
    points = points_of(np.arange(300.0))
    pool, validation = draw_mistakes(NOISES["middle gain"].law, points, 200, 60, rng=_rng())
    # The median is that of pool and validation points together, 149.5.
    np.testing.assert_array_equal(np.flatnonzero(pool), np.arange(120, 180))
    assert not validation.any()
    shuffled = points_of(_rng().permutation(300.0 + np.arange(300)))
    pool, _ = draw_mistakes(NOISES["middle gain"].law, shuffled, 300, 60, rng=_rng())
    np.testing.assert_array_equal(np.sort(shuffled.gains[pool]), 300.0 + np.arange(120, 180))


def test_a_direction_is_a_half_space():
    """Of one feature there are two directions: the mistakes are at one end."""
    x = _rng().normal(size=(300, 1))
    points = points_of(np.ones(300), features=x)
    for seed in range(5):
        pool, _ = draw_mistakes(NOISES["direction"].law, points, 300, 60, rng=_rng(seed))
        wrong, right = x[pool, 0], x[~pool, 0]
        assert wrong.min() > right.max() or wrong.max() < right.min()


def test_half_of_the_classes_are_bad_by_class_and_gain():
    """At equal gains nine mistakes in ten are in one half of the classes."""
    classes = np.arange(4000) % 4
    points = points_of(np.ones(4000), classes)
    pool, _ = draw_mistakes(NOISES["class x gain"].law, points, 4000, 400, rng=_rng())
    each = np.sort(np.bincount(classes[pool], minlength=4))
    # 400 draws without replacement of which some 0.1 are in the good half: Hoeffding at 1e-9.
    assert each[:2].sum() / 400 < 0.1 + np.sqrt(np.log(1e9) / 800)
    gains = np.where(np.arange(4000) % 8 < 4, 1.0, 0.1)
    pool, _ = draw_mistakes(
        NOISES["class x gain"].law, points_of(gains, classes), 4000, 400, rng=_rng()
    )
    assert (gains[pool] == 1).mean() > 0.95 - 1 / 8


@pytest.mark.parametrize("named", [any_other, plausible])
def test_a_wrong_class_is_never_the_true_one(named):
    for seed in range(20):
        points = _points(seed=seed)
        said = named(points, _rng(seed))
        assert said.min() >= 0 and said.max() < 5
        assert np.all(said != points.classes)
    # Whatever the student says: sure of the truth, of something else, of nothing.
    classes = np.arange(6) % 3
    for p in (np.eye(3)[classes], np.eye(3)[(classes + 1) % 3], np.full((6, 3), 1 / 3)):
        assert np.all(named(points_of(np.ones(6), classes, p=p), _rng()) != classes)


def test_the_plausible_class_is_the_student_s_favourite_among_the_wrong_ones():
    points = _points()
    p = points.probabilities.copy()
    p[np.arange(300), points.classes] = -1
    np.testing.assert_array_equal(plausible(points, _rng()), p.argmax(axis=1))
    assert set(name for name, row in NOISES.items() if row.named is plausible) == {
        "plausible gain^0",
        "plausible gain^3",
        "hidden plausible",
    }


def test_all_other_classes_are_named_alike():
    points = points_of(np.ones(30_000), np.zeros(30_000, int), p=np.full((30_000, 4), 0.25))
    shares = np.bincount(any_other(points, _rng()), minlength=4) / 30_000
    # Hoeffding, three classes, at 1e-9.
    assert shares[0] == 0
    assert np.abs(shares[1:] - 1 / 3).max() < np.sqrt(np.log(6e9) / 60_000)


def asked_of(n=60, b=12, seed=0):
    rng = _rng(seed)
    gains = rng.random(n)
    return Asked(gains, b * rng.dirichlet(np.ones(n)).clip(0, 1 / b), rng.random(n), b)


@pytest.mark.parametrize("name", REPLIES)
@pytest.mark.parametrize("m", [0, 1, 7, 30, 53, 59, 60])
def test_a_reply_is_exactly_m_mistakes(name, m):
    for seed in range(20):
        wrong = REPLIES[name](asked_of(seed=seed), m, _rng(seed))
        assert wrong.dtype == bool and wrong.shape == (60,) and wrong.sum() == m


@pytest.mark.parametrize("b", [0, 1, 2, 59, 60])
def test_a_stealthy_reply_has_m_mistakes_at_any_budget(b):
    rng = _rng()
    for m in range(61):
        asked = Asked(rng.random(60), np.full(60, b / 60), rng.random(60), b)
        assert REPLIES["stealthy"](asked, m, rng).sum() == m


@pytest.mark.parametrize(
    ("name", "bite"),
    [
        ("gain", lambda asked: asked.inclusion * asked.gains),
        ("stakes", lambda asked: asked.inclusion * asked.stakes),
        ("count", lambda asked: asked.inclusion),
    ],
)
def test_a_best_reply_takes_the_points_of_the_largest_bite(name, bite):
    """Each by its own measure, and by that measure more than by the others'."""
    for seed in range(10):
        asked = asked_of(seed=seed)
        lost = bite(asked)
        wrong = REPLIES[name](asked, 15, _rng(seed))
        assert lost[wrong].min() > lost[~wrong].max()
        for other in set(REPLIES) - {name}:
            assert lost[REPLIES[other](asked, 15, _rng(seed))].sum() < lost[wrong].sum()


def test_a_stealthy_teacher_errs_more_often_where_it_is_likely_to_be_asked():
    n, b, m = 1000, 100, 200
    rng = _rng()
    asked = Asked(np.ones(n), np.where(np.arange(n) < b, 0.9, 0.01), np.ones(n), b)
    each = np.array([REPLIES["stealthy"](asked, m, rng)[:b].mean() for _ in range(20)])
    # Rate 0.2 and 0.3 more among the b largest bites, to within one point; at random among them.
    assert np.abs(each - 0.5).max() <= 1 / b
    hits = np.mean([REPLIES["stealthy"](asked, m, rng)[:b] for _ in range(400)], axis=0)
    assert np.abs(hits - 0.5).max() < np.sqrt(np.log(2 * b / 1e-9) / 800)


def test_the_best_reply_costs_as_much_as_the_worst_case():
    for seed in range(20):
        rng = _rng(seed)
        n, m, b = 50, int(rng.integers(1, 50)), int(rng.integers(1, 50))
        game = Game(rng.random(n) ** 2, m, b)
        q = rng.dirichlet(np.ones(n)) * min(b, 1)
        wrong = best_reply(game.gains, q, m, rng=rng)
        assert wrong.sum() == m
        assert payoff(game, q, wrong) == pytest.approx(worst_case(game, q)[0], abs=1e-8)
        # The reply to uniform sampling is another, and costs less.
        other = best_reply(game.gains, np.full(n, 1.0), m, rng=rng)
        assert payoff(game, q, other) >= payoff(game, q, wrong) - 1e-8


def test_an_indifferent_teacher_errs_at_random():
    gains = np.linspace(0.1, 1, 10)
    q = 0.1 / gains * (1 + 1e-14 * np.arange(10))
    drawn = np.array([best_reply(gains, q, 3, rng=_rng(seed)) for seed in range(200)])
    assert drawn.mean(axis=0).min() > 0.1 and drawn.mean(axis=0).max() < 0.55


def test_the_average_reply_sums_to_m_and_finds_what_is_asked():
    rng = _rng()
    gains, checks = rng.random(400), rng.random(100)
    top = np.zeros(400)
    top[np.argsort(-gains)[:80]] = 1
    seen = []

    def margin(wrong, rng):
        seen.append(wrong.mean())
        return top

    reply = average_reply(margin, gains, checks, 120, rng=rng)
    assert reply[:400].sum() == pytest.approx(120)
    assert reply[:400][top == 1].min() == 1
    lowest = gains[top == 1].min()
    assert reply[400:][checks > lowest].min() == 1
    # A strategy that leaves the top alone is met where it asks.
    reply = average_reply(lambda wrong, rng: 1 - top, gains, checks, 120, rng=rng)
    assert reply[:400][top == 1].max() < 0.01
    # The validation mistakes that the strategy was shown follow the replies.
    assert len(seen) == 8 and 0.1 < np.mean(seen) < 0.5


def test_an_average_by_rank_keeps_the_sum():
    rng = _rng()
    gains, values = rng.integers(0, 1000, 400) / 7, rng.random(400)
    assert by_rank(gains, values, np.sort(gains)).mean() == pytest.approx(values.mean(), rel=0.05)
