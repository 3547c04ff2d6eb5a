"""The loop: fair, paired, without leaks; what RAD must do whatever the data say."""

from dataclasses import replace

import numpy as np
import pytest
from threadpoolctl import threadpool_info, threadpool_limits

from radsim import Game, worst_case
from radsim.distillation import NOISES, STRATEGIES, Setting, Strategy, compare, gaussian_mixture
from radsim.distillation import data as data_module
from radsim.distillation import loop as module
from radsim.selectors import Selection, select


def own(choose):
    return Strategy(choose, "of this test", "none")


def _by(name, mistakes=None):
    def choose(view, rng):
        rest = {} if mistakes is None else {"mistakes": getattr(view, mistakes)}
        return select(name, view.gains, view.budget, rng=rng, **rest)

    return own(choose)


def _by_probabilities(name):
    return own(lambda view, rng: select(name, view.probabilities, view.budget, rng=rng))


def _skip(view, rng):
    order = np.argsort(-view.gains, kind="stable")
    start = min(int(view.mistakes), len(order) - view.budget)
    q = np.zeros(len(order))
    q[order[start : start + view.budget]] = 1
    return Selection(np.flatnonzero(q), q)


ROWS = {
    "uniform": _by("uniform"),
    "margin": _by("margin"),
    "softmax": _by("softmax"),
    "power": _by("power"),
    "rad": _by("rad", "mistakes"),
    "rad_true": _by("rad", "true_mistakes"),
    "skip_m": own(_skip),
}
UNKNOWN = {"unixkd": _by_probabilities("unixkd"), "cdal": _by_probabilities("cdal")}


@pytest.fixture
def table(tmp_path):
    """A table small enough for many runs."""
    data = gaussian_mixture(600, 5, 8, rng=np.random.default_rng(17))
    np.savez(tmp_path / "small.npz", features=data.features, labels=data.labels)
    return str(tmp_path / "small.npz")


def _same(first, second):
    a, b = first.row(), second.row()
    for name in ("strategy", "cpu_seconds"):
        del a[name], b[name]
    return all(a[k] == b[k] or (a[k] != a[k] and b[k] != b[k]) for k in a)


@pytest.mark.parametrize("student", ["softmax", "network"])
@pytest.mark.parametrize("rounds", [1, 5])
def test_without_mistakes_rad_is_margin_exactly(student, rounds):
    for noise in ("gain^3", None, "exact best response"):
        setting = Setting(student=student, rounds=rounds, noise=noise, rate=0, budget=0.15)
        for seed in range(2):
            rad, true, margin, uniform = compare(
                setting, {k: ROWS[k] for k in ("rad", "rad_true", "margin", "uniform")}, seed
            )
            assert _same(rad, margin) and _same(true, margin)
            assert margin.queried_accuracy == 1 and margin.n_mistakes == 0
            assert not _same(uniform, margin)


@pytest.mark.parametrize("noise", list(NOISES))
def test_no_strategy_has_a_better_worst_case_than_rad(table, noise):
    for rate in (0.1, 0.3, 0.6):
        setting = Setting(data=table, noise=noise, rate=rate, budget=0.15)
        outcomes = {o.strategy: o for o in compare(setting, ROWS, 3)}
        best = outcomes["rad_true"].worst_case_value
        assert best >= 0
        for o in outcomes.values():
            assert o.worst_case_value <= best + 1e-9
            assert o.n_mistakes == round(rate * 300)
        assert outcomes["margin"].worst_case_value < best


def test_no_row_of_the_table_has_a_better_worst_case_than_rad():
    known = 0
    for noise in ("gain^3", "uniform"):
        for o in compare(Setting(noise=noise), list(STRATEGIES), 1):
            if o.strategy == "uniform":
                (told,) = compare(Setting(noise=noise), ["rad_true_m"], 1)
            assert not o.worst_case_value > told.worst_case_value + 1e-9
            assert o.n_queried <= 45 and 0 <= o.test_accuracy <= 1
            known += not np.isnan(o.worst_case_value)
    assert known > len(STRATEGIES)


def test_without_mistakes_the_table_s_rad_is_its_margin():
    for budget in (0.05, 0.15):
        first, *rest = compare(
            Setting(rate=0, budget=budget), ["margin", "rad", "rad_true_m", "rad_c0", "skip_m"], 2
        )
        assert all(_same(first, other) for other in rest)


def test_the_worst_case_is_that_of_the_game(table):
    seen = {}

    def choose(view, rng):
        selection = select("power", view.gains, view.budget, rng=rng)
        seen["bound"] = worst_case(Game(view.gains, 90, view.budget), selection.inclusion)[0]
        seen["view"] = view
        return selection

    (o,) = compare(Setting(data=table, noise="uniform", rate=0.3), {"own": own(choose)}, 0)
    assert o.worst_case_value == pytest.approx(seen["bound"], rel=1e-12)
    assert seen["view"].true_mistakes == 90
    wrong = seen["view"].validation_wrong
    assert seen["view"].mistakes == pytest.approx(wrong.mean() * 300)
    assert o.realised_gain <= np.sort(seen["view"].gains)[-seen["view"].budget :].sum()


@pytest.mark.parametrize("noise", ["gain^3", "shared best response", "exact best response"])
def test_an_outcome_does_not_depend_on_the_company(table, noise):
    setting = Setting(data=table, noise=noise, rounds=2, budget=0.1)
    together = {o.strategy: o for o in compare(setting, ROWS | UNKNOWN, 5)}
    for name in ("rad", "unixkd", "uniform"):
        (alone,) = compare(setting, {name: (ROWS | UNKNOWN)[name]}, 5)
        assert _same(alone, together[name])
    (other,) = compare(setting, {"uniform": ROWS["uniform"]}, 6)
    assert not _same(other, together["uniform"])


@pytest.mark.parametrize("noise", [name for name, row in NOISES.items() if row.answers])
def test_best_replies_meet_strategies_that_know_no_probabilities(table, noise):
    setting = Setting(data=table, noise=noise, rate=0.2, budget=0.1)
    for seed in range(3):
        outcomes = {o.strategy: o for o in compare(setting, ROWS | UNKNOWN, seed)}
        for name in UNKNOWN:
            assert np.isnan(outcomes[name].worst_case_value)
        # m >= b: deterministic picks are all wrong, the ones known from draws mostly.
        assert outcomes["margin"].queried_accuracy == 0
        assert outcomes["unixkd"].queried_accuracy < 0.75
        assert outcomes["rad"].queried_accuracy > 0.5


def test_the_adversary_answers_each_round_with_what_is_left(table):
    asked = []

    def choose(view, rng):
        asked.append((len(view.gains), view.true_mistakes))
        return select("margin", view.gains, view.budget, rng=rng)

    setting = Setting(data=table, noise="hidden best response", rate=0.1, budget=0.2, rounds=4)
    (o,) = compare(setting, {"own": own(choose)}, 0)
    # 30 mistakes, 60 queries: the first two rounds of 15 take them all.
    assert asked == [(300, 30), (285, 15), (270, 0), (255, 0)]
    assert o.queried_accuracy == 0.5 and o.n_queried == 60


def _views(setting, seed=0):
    seen = []

    def choose(view, rng):
        seen.append(view)
        return select("uniform", view.gains, view.budget, rng=rng)

    compare(setting, {"own": own(choose)}, seed)
    return seen


def _differ(first, second):
    names = [name for name in first.__dataclass_fields__ if name != "fit"]
    return [n for n in names if not np.array_equal(getattr(first, n), getattr(second, n))]


def _tables_that_differ_unseen(tmp_path):
    """Two tables: other labels on the pool, other points in the test and private sets."""
    data = gaussian_mixture(600, 5, 8, rng=np.random.default_rng(17))
    paths = [str(tmp_path / name) for name in ("one.npz", "two.npz")]
    np.savez(paths[0], features=data.features, labels=data.labels)
    split = module._split(paths[0], data_module.load_data(paths[0])[1], None, 0)
    features, labels = data.features.copy(), data.labels.copy()
    for part in (split.pool, split.private, split.test):
        labels[part] = (labels[part] + 1) % 5
    for part in (split.private, split.test):
        features[part] = 3 * features[part] - 5
    np.savez(paths[1], features=features, labels=labels)
    return paths


def test_a_view_does_not_depend_on_what_is_hidden(tmp_path, monkeypatch):
    one, two = _tables_that_differ_unseen(tmp_path)
    for noise in ("uniform", "gain^3", "top-m", "exact best response"):
        first, second = (_views(Setting(data=path, noise=noise)) for path in (one, two))
        # Those of fictitious play come before that of the round.
        assert len(first) == (9 if NOISES[noise].uses == "reply" else 1)
        assert [_differ(a, b) for a, b in zip(first, second, strict=True)] == [[]] * len(first)
    # The check notices a student that was fitted on the pool's labels.
    honest = module._known

    def leaking(case, asked, answers):
        both = replace(
            case.split, labelled=np.concatenate([case.split.labelled, case.split.pool[:50]])
        )
        return honest(replace(case, split=both), asked, answers)

    monkeypatch.setattr(module, "_known", leaking)
    (first,), (second,) = (_views(Setting(data=path, noise="uniform")) for path in (one, two))
    assert _differ(first, second) == ["labelled_targets"]


def test_rounds_share_the_budget_and_recompute_the_gains(table):
    views = _views(Setting(data=table, budget=0.1, rounds=4))
    assert [v.budget for v in views] == [8, 8, 7, 7]
    assert [len(v.gains) for v in views] == [300, 292, 284, 277]
    assert [len(v.labelled_features) for v in views] == [50, 58, 66, 73]
    assert not np.array_equal(views[0].validation_gains, views[1].validation_gains)
    np.testing.assert_array_equal(views[0].validation_wrong, views[3].validation_wrong)
    with pytest.raises(ValueError, match="rounds = 40 must be at most the 30 queries"):
        _views(Setting(data=table, budget=0.1, rounds=40))


def test_one_source_of_chance_leaves_the_others_alone(table):
    base = Setting(data=table, noise="uniform", rate=0.3, budget=0.1)
    (first,) = _views(base)
    for other in (
        replace(base, noise="gain^3"),
        replace(base, rate=0.1),
        replace(base, teacher="network"),
        replace(base, labels="soft"),
    ):
        (view,) = _views(other)
        assert set(_differ(first, view)) <= {"validation_wrong", "mistakes", "true_mistakes"}
    (view,) = _views(replace(base, n_validation=20))
    np.testing.assert_array_equal(view.gains, first.gains)


@pytest.mark.parametrize("gain", ["margin", "entropy", "least_confidence"])
def test_gains_are_those_of_the_setting(table, gain):
    from radsim.data.gains import gains_from_probabilities

    (view,) = _views(Setting(data=table, gain=gain))
    np.testing.assert_array_equal(view.gains, gains_from_probabilities(view.probabilities, gain))


def test_abstaining_from_everything_leaves_the_first_student(table):
    nothing = own(lambda view, rng: Selection(np.zeros(0, int), np.zeros(len(view.gains))))
    (o,) = compare(Setting(data=table, rounds=2), {"nothing": nothing}, 0)
    assert o.n_queried == 0 and np.isnan(o.queried_accuracy)
    assert o.test_accuracy == o.labelled_accuracy and o.realised_gain == o.worst_case_value == 0


@pytest.mark.parametrize(
    ("picks", "says"),
    [
        ([0, 0], "own picks a point twice"),
        ([0, 300], r"own picks 300, not an index in \[0, 300\)"),
        ([-1], r"own picks -1"),
        (range(16), "own asks about 16 points, the budget is 15"),
    ],
)
def test_picks_that_may_not_be_are_refused(table, picks, says):
    row = own(lambda view, rng: Selection(np.array(picks)))
    with pytest.raises(ValueError, match=says):
        compare(Setting(data=table), {"own": row}, 0)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("student", "softmux"),
        ("gain", "margins"),
        ("labels", "temperature 3"),
        ("noise", "gain^5"),
        ("rate", 1.5),
        ("budget", 0),
        ("rounds", 0),
    ],
)
def test_a_bad_setting_names_its_field(field, value):
    with pytest.raises(ValueError, match=f"{field} = "):
        Setting(**{field: value})


def test_bad_sizes_are_named(table):
    for field, value in (("n_pool", 0), ("n_validation", -1), ("n_test", 10_000)):
        with pytest.raises(ValueError, match=f"{field} = {value}"):
            compare(Setting(data=table, **{field: value}), {"uniform": ROWS["uniform"]}, 0)
    with pytest.raises(ValueError, match=r"strategies\[0\] = 'unifrom' must be one of"):
        compare(Setting(data=table), ["unifrom"], 0)


def test_outcomes_do_not_depend_on_threads():
    """Another number of threads rounds otherwise: strategies and students get one, always."""
    seen = []

    def watching(view, rng):
        seen.append({pool["num_threads"] for pool in threadpool_info()})
        return ROWS["uniform"].choose(view, rng)

    with threadpool_limits(limits=2):
        compare(Setting(), {"watching": own(watching)}, 0)
        outside = {pool["num_threads"] for pool in threadpool_info()}
    assert seen == [{1}]
    assert 2 in outside  # some libraries have one whatever is asked
