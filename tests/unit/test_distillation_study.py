"""Study of distillation: protocol, statistics, tables, report, and what is committed."""

import re
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from radsim.distillation import NOISES, STRATEGIES, Setting, compare
from radsim.distillation.study import tables
from radsim.distillation.study.own import read_study
from radsim.distillation.study.protocol import (
    BESIDE,
    CELL,
    CONFIRMED_ON,
    DEVELOPED_ON,
    DEVELOPMENT,
    EVERY,
    FRESH,
    GOAL,
    KEPT_ASIDE,
    NOBODY,
    STUDIES,
    cell,
)
from radsim.distillation.study.report import write_report
from radsim.distillation.study.running import protocol_digest, run_cell, setting_of
from radsim.distillation.study.statistics import (
    LEAST_SEEDS,
    hindsight,
    holm,
    mean_interval,
    noninferiority,
    over_sets,
    paired,
    simultaneous,
)

SHIFTS = {"uniform": 0.0, "margin": -1.0, NOBODY: -0.5, "guarded": 0.0, GOAL: 0.5}


def made(
    shift=None, noises=("gain^0", "hidden best response"), n_seeds=20, spread=0.5, part="noise"
):
    """Rows of a study whose strategies differ by known points of accuracy."""
    rng, rows = np.random.default_rng(0), []
    points = SHIFTS | (shift or {})
    for data in ("digits", "mixture", "mnist"):
        for noise in noises:
            for rate in (0.1, 0.3):
                for seed in range(n_seeds):
                    level = 80 + rng.normal()
                    for name, plus in points.items():
                        rows.append(
                            {
                                **cell(
                                    part, [name], range(n_seeds), data=data, noise=noise, rate=rate
                                ),
                                "strategy": name,
                                "seed": seed,
                                "test_accuracy": (level + plus + spread * rng.normal()) / 100,
                                "labelled_accuracy": 0.7,
                                "trusted_accuracy": 0.79,
                                "queried_accuracy": 0.8,
                                "realised_gain": 1.0,
                                "worst_case_value": 0.5,
                                "lift": 1.2,
                                "n_mistakes": 90,
                                "n_queried": 0 if name == NOBODY else 45,
                                "n_trusted": 300,
                                "n_checked": 15 if name == GOAL else 0,
                                "n_checked_wrong": 3 if name == GOAL else 0,
                                "alarm": name == GOAL and noise != "gain^0",
                            }
                        )
    return pd.DataFrame(rows)


# ---------------------------------------------------------------- statistics


def test_intervals_cover_as_often_as_they_say():
    """20,000 intervals at 95 %: the count is binomial, the check has error 1e-9."""
    draws = np.random.default_rng(1).normal(2.0, 3.0, size=(20, 20_000))
    _, low, high = mean_interval(draws)
    covered = np.mean((low <= 2) & (2 <= high))
    assert abs(covered - 0.95) <= 6.2 * np.sqrt(0.95 * 0.05 / 20_000)


def test_nothing_is_claimed_on_nineteen_seeds():
    for claim in (mean_interval, paired):
        claim(np.arange(LEAST_SEEDS))
        with pytest.raises(ValueError, match="19 seeds; nothing is claimed on fewer than 20"):
            claim(np.arange(LEAST_SEEDS - 1))
    with pytest.raises(ValueError, match=r"differences\[3\] = nan"):
        paired([0.0, 1, 2, float("nan"), *range(16)])


def test_paired_agrees_with_scipy_on_two_samples():
    from scipy import stats

    rng = np.random.default_rng(2)
    x, y = rng.normal(size=(2, 30))
    found = paired(x - y)
    assert found.t_pvalue == pytest.approx(stats.ttest_rel(x, y).pvalue)
    assert found.wilcoxon_pvalue == pytest.approx(stats.wilcoxon(x, y).pvalue)
    interval = stats.ttest_rel(x, y).confidence_interval(0.95)
    assert (found.low, found.high) == pytest.approx((interval.low, interval.high))


@pytest.mark.parametrize("value", [0.0, 1.0, -2.5])
def test_equal_differences(value):
    found = paired(np.full(20, value))
    assert (found.mean, found.low, found.high) == (value, value, value)
    assert found.t_pvalue == (1.0 if value == 0 else 0.0)
    assert found.verdict == ("tie" if value == 0 else "better" if value > 0 else "worse")


def test_holm_by_hand_and_against_statsmodels():
    # 4 x .005, 3 x .01, then 2 x .03 = .06, and .04 is lifted to the .06 before it.
    assert holm([0.01, 0.04, 0.03, 0.005]) == pytest.approx([0.03, 0.06, 0.06, 0.02])
    assert holm([0.9, 0.8]).tolist() == [1.0, 1.0]
    with pytest.raises(ValueError, match=r"pvalues\[1\] = 1.5"):
        holm([0.1, 1.5])
    multitest = pytest.importorskip("statsmodels.stats.multitest")
    p = np.random.default_rng(3).random(40) ** 3
    assert holm(p) == pytest.approx(multitest.multipletests(p, method="holm")[1])


def test_intervals_that_hold_together_do_so():
    """At 95 % for eight columns: 2,000 tries, at most 139 misses but for an error of 1e-4."""
    rng = np.random.default_rng(5)
    missed = 0
    for _ in range(2000):
        _, low, high = simultaneous(rng.normal(size=(20, 8)))
        missed += bool(((low > 0) | (high < 0)).any())
    assert missed <= stats.binom.ppf(1 - 1e-4, 2000, 0.05)
    one = sum(bool(((a > 0) | (b < 0)).any()) for a, b in _plain_intervals(rng))
    assert one > 3 * stats.binom.ppf(1 - 1e-4, 2000, 0.05)  # each alone is not enough


def _plain_intervals(rng):
    for _ in range(2000):
        yield mean_interval(rng.normal(size=(20, 8)))[1:]


def test_noninferiority_is_a_t_test_of_the_margin():
    d = np.random.default_rng(1).normal(-0.6, 1.0, 25)
    other = stats.ttest_1samp(d, -1.0, alternative="greater")
    assert noninferiority(d, -1.0) == pytest.approx(other.pvalue)
    assert noninferiority(np.full(20, -0.5), -1.0) == 0.0
    assert noninferiority(np.full(20, -1.0), -1.0) == 1.0


def test_data_sets_as_a_random_draw_by_hand():
    d = np.array([1.0, 2.0, 4.0])
    low, high = stats.t.interval(0.95, 2, d.mean(), stats.sem(d))
    assert over_sets(d) == pytest.approx((d.mean(), low, high))
    with pytest.raises(ValueError, match="one data set has no spread"):
        over_sets([1.0])


def _bias(reference, tries=3000):
    """Mean of a reference over tries of two rivals of the same law, true mean 0."""
    rng = np.random.default_rng(2)
    return np.mean([reference(rng.normal(size=(20, 2))) for _ in range(tries)])


def test_the_better_in_hindsight_is_not_the_luckier():
    """Picked on the other half it has no bias; picked on its own it has: the planted fault."""
    error = 4.5 / np.sqrt(3000 * 20)
    assert abs(_bias(lambda x: hindsight(x, np.arange(20)).mean())) < error
    assert _bias(lambda x: x.mean(axis=0).max()) > 5 * error


# ---------------------------------------------------------------- protocol


@pytest.mark.parametrize("name", list(STUDIES))
def test_every_cell_of_every_study_is_a_setting(name):
    cells = STUDIES[name].cells()
    assert len({tuple(row[x] for x in CELL) for row in cells}) == len(cells)
    for row in cells:
        setting_of(row)
        assert set(row["strategies"].split(",")) <= set(STRATEGIES)


def test_what_was_run_is_named_and_does_not_follow_the_tables(monkeypatch):
    before = {name: protocol_digest(STUDIES[name]) for name in STUDIES if name != "smoke"}
    monkeypatch.setitem(STRATEGIES, "one more", STRATEGIES["margin"])
    monkeypatch.setitem(NOISES, "one more", NOISES["gain^0"])
    assert before == {name: protocol_digest(STUDIES[name]) for name in before}
    assert "one more" in STUDIES["smoke"].cells()[3]["strategies"]
    assert len(set(EVERY)) == len(EVERY) and set(EVERY) <= set(STRATEGIES)


def test_the_development_never_saw_what_the_confirmation_keeps():
    first, second = STUDIES["primary"].cells(), STUDIES["confirm"].cells()
    assert {row["first_seed"] for row in first} == {DEVELOPMENT.start}
    assert {row["first_seed"] for row in second} == {FRESH.start}
    assert not set(DEVELOPMENT) & set(FRESH)
    assert {row["data"] for row in first} == set(DEVELOPED_ON) < set(CONFIRMED_ON)
    assert KEPT_ASIDE not in {row["noise"] for row in first}
    assert KEPT_ASIDE in {row["noise"] for row in second}
    assert not {"satimage", "bbc"} & {row["data"].lower() for row in (*first, *second)}


def test_every_noise_model_meets_every_rate_and_both_budgets():
    for name in ("primary", "confirm"):
        rows = [r for r in STUDIES[name].cells() if r["part"] == "noise"]
        plain = [
            r for r in rows if r["noise"] not in ("shared best response", "exact best response")
        ]
        for noise in {r["noise"] for r in plain}:
            mine = [r for r in plain if r["noise"] == noise]
            assert len({r["rate"] for r in mine}) == 4, noise
            assert len({r["budget"] for r in mine}) == 2, noise
            assert all(
                set((NOBODY, *BESIDE, GOAL)) <= set(r["strategies"].split(",")) for r in mine
            )
    seen = {r["noise"] for r in STUDIES["primary"].cells()} | {KEPT_ASIDE, ""}
    assert set(NOISES) - seen <= {"uniform", "gain^2", "gain^4"}


def test_a_cell_is_paired_by_seed_and_needs_no_generator():
    row = cell("noise", ["uniform", "margin"], range(3, 5), data="digits", noise="gain^3", rate=0.3)
    found = run_cell(row, np.random.default_rng(0))
    again = run_cell(row, np.random.default_rng(1))
    drop = {"cpu_seconds"}
    for a, b in zip(found, again, strict=True):
        assert {k: v for k, v in a.items() if k not in drop} == pytest.approx(
            {k: v for k, v in b.items() if k not in drop}, nan_ok=True
        )
    assert [(x["seed"], x["strategy"]) for x in found] == [
        (seed, name) for seed in (3, 4) for name in ("uniform", "margin")
    ]


# ---------------------------------------------------------------- tables


def test_differences_are_what_was_planted():
    table = tables.goal(made())
    assert table["noise"].tolist() == ["gain^0", "hidden best response"]
    assert table["reference"].to_numpy() == pytest.approx([0.5, 0.5], abs=0.3)
    assert table["trusted"].to_numpy() == pytest.approx([1.0, 1.0], abs=0.3)
    assert (table["verdict"] == "kept").all() and (table["verdict of trusted"] == "kept").all()
    assert table["cells"].tolist() == [6, 6]


@pytest.mark.parametrize(("points", "verdict"), [(-0.2, "kept"), (-1.0, "open"), (-2.0, "missed")])
def test_a_limit_is_judged_by_the_whole_interval(points, verdict):
    """By the mean alone -1.0 would be kept or missed by chance: the planted fault is a verdict of
    a point estimate."""
    table = tables.goal(made({GOAL: points}))
    assert table["verdict"].tolist() == [verdict] * 2
    if verdict == "open":
        assert ((table["low"] < -1) & (table["high"] > -1)).all()


def test_nineteen_seeds_get_no_verdict():
    table = tables.goal(made(n_seeds=19))
    assert len(table) == 2 and "verdict" not in table and "low" not in table


def test_single_cells_are_counted_and_the_sure_ones_apart():
    rows = made()
    bad = (rows["data"] == "mnist") & (rows["rate"] == 0.3) & (rows["noise"] == "gain^0")
    rows.loc[bad & (rows["strategy"] == GOAL), "test_accuracy"] -= 0.06
    table = tables.single_cells(rows).set_index("against")
    mine = table.loc["better of margin and uniform"]
    assert mine["cells"] == 12 and mine["below"] == mine["surely below"] == pytest.approx(1 / 12)
    assert mine["below -3"] == pytest.approx(1 / 12) and mine["worst"] == pytest.approx(
        -5.5, abs=0.4
    )


def test_prices_compare_answers_with_labels_of_the_same_cost():
    rows = made()
    sold = [
        made({f"labels/{price}": plus})[lambda x: x["strategy"].str.startswith("labels")]
        for price, plus in ((1, 3.0), (3, 1.0), (10, -1.0), (30, -1.0), (100, -1.0))
    ]
    labels = pd.concat(sold)
    labels = labels[(labels["noise"] == "gain^0") & (labels["rate"] == 0.1)]
    table = tables.prices(rows, labels.assign(part="labels", noise="", rate=0.0))
    by = table.groupby("price")
    assert by["goal"].mean().round(0).tolist() == [-2, 0, 2, 2, 2] or by["goal"].mean()[1] < -2
    assert (table.loc[table["price"] == 1, "best"] == "true labels").all()
    assert (table.loc[table["price"] >= 10, "best"] == GOAL).all()
    assert (table.loc[table["price"] == 1, "buys"] > 0.9).all()


def test_alarms_say_where_one_would_be_false():
    table = tables.alarms(made()).set_index("noise")
    assert table["alarms"].to_dict() == {"gain^0": 0.0, "hidden best response": 100.0}
    assert table["alarm would be"].tolist() == ["false", "right"]


def test_the_frontier_is_of_shared_cells():
    rows = made({GOAL: 1.0, "guarded": -1.0})
    other = rows[rows["noise"] == "gain^0"].assign(budget=0.5, test_accuracy=0.1)
    points = tables.frontier(pd.concat([rows, other]), "gain^0", "hidden best response")
    at = points.set_index("strategy")
    assert at.loc[GOAL].to_numpy() == pytest.approx([1.0, 1.0], abs=0.2)
    assert at.loc["guarded"].to_numpy() == pytest.approx([-1.0, -1.0], abs=0.2)


# ---------------------------------------------------------------- report


@pytest.mark.filterwarnings("error")
def test_the_report_holds_every_question(tmp_path):
    rows = made({f"labels/{p}": 0.0 for p in (1, 3, 10, 30, 100)})
    found = write_report("mine", "What for.", rows, tmp_path)
    assert all(path.is_file() for path in found)
    text = (tmp_path / "report.md").read_text()
    for words in ("## The goal", "## Single cells", "## The frontier", "## What a trusted label"):
        assert words in text
    assert "Against the better of margin and uniform: 2 kept." in text
    assert "nan" not in text.lower().replace("finance", "")
    for block in re.findall(r"(?:^\|.*\n?)+", text, flags=re.M):
        lines = block.splitlines()
        assert len({line.count("|") for line in lines}) == 1


def test_a_report_of_two_seeds_claims_nothing(tmp_path):
    write_report("few", "What for.", made(n_seeds=2), tmp_path)
    text = (tmp_path / "report.md").read_text()
    assert "kept." not in text and "verdict" not in text


# ---------------------------------------------------------------- a study of one's own


def written(tmp_path, text):
    path = tmp_path / "mine.toml"
    path.write_text(text)
    return path


def test_lists_are_crossed_and_a_block_may_have_its_own_strategies(tmp_path):
    name, study = read_study(
        written(
            tmp_path,
            'name = "n"\nn_seeds = 3\nfirst_seed = 5\nstrategies = ["margin + dropped"]\n'
            '[[cells]]\nnoise = ["gain^0", "top-m"]\nrate = [0.1, 0.2, 0.3]\n'
            '[[cells]]\nteacher = "network"\nlabels = ["hard", "soft"]\nstrategies = "uniform"\n',
        )
    )
    cells = study.cells()
    assert name == "n" and len(cells) == 8
    assert {row["strategies"] for row in cells[:6]} == {"margin + dropped"}
    assert {row["strategies"] for row in cells[6:]} == {"uniform"}
    assert {(row["first_seed"], row["n_seeds"]) for row in cells} == {(5, 3)}
    assert cells[-1]["part"] == "natural" and cells[-1]["noise"] == ""
    assert len(run_cell(cells[0], np.random.default_rng(0))) == 3


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[[cells]]\nnoise = [", "no TOML"),
        ("n_seed = 3\n[[cells]]\nrate = 0.1\n", "key = 'n_seed' must be one of"),
        ("n_seeds = 3\n", "needs one or more tables"),
        ("[[cells]]\nnois = 'gain^0'\n", "cells 0: key = 'nois'"),
        ("[[cells]]\nnoise = 'loud'\n", "cells 0: noise = 'loud'"),
        ("[[cells]]\nrate = [0.1, 1.5]\n", "cells 0: rate = 1.5"),
        ("[[cells]]\nrate = 'high'\n", "cells 0: rate"),
        ("[[cells]]\nstrategies = ['magic']\n", "strategies = 'magic'"),
        ("[[cells]]\nteacher = 'forest'\nrate = 0.1\n", "rate is the oracle's"),
        ("[[cells]]\nrate = 0.1\n[[cells]]\nrate = 0.1\n", "a cell stands twice"),
        ("n_seeds = 0\n[[cells]]\nrate = 0.1\n", "n_seeds = 0"),
    ],
)
def test_a_study_that_cannot_be_is_refused_by_name(text, words, tmp_path):
    path = written(tmp_path, text)
    with pytest.raises(ValueError) as caught:
        read_study(path)
    assert str(path) in str(caught.value) and words in str(caught.value)


# ---------------------------------------------------------------- strategies of the theory


@pytest.mark.parametrize("data", ["digits", "mixture"])
def test_without_mistakes_rad_is_margin(data):
    for seed in range(3):
        margin, rad = compare(Setting(data=data, rate=0.0), ["margin", "rad"], seed)
        assert rad.test_accuracy == margin.test_accuracy
        assert rad.realised_gain == margin.realised_gain
        assert rad.n_queried == margin.n_queried


@pytest.mark.parametrize("noise", ["uniform", "gain^3", "top-m"])
@pytest.mark.parametrize("rate", [0.1, 0.4])
def test_no_strategy_guarantees_more_than_rad(noise, rate):
    """With the true m, on the real pools; strategies without inclusion probabilities have none."""
    names = [
        x for x in STRATEGIES if x not in ("cluster_margin", "rad_measured_harm", "rad_true_m")
    ]
    outcomes = compare(Setting(noise=noise, rate=rate), ["rad_true_m", *names], seed=0)
    best, *others = (x.worst_case_value for x in outcomes)
    known = [x for x in others if np.isfinite(x)]
    assert len(known) >= 15
    assert max(known) <= best + 1e-9 * abs(best)
    assert max(known) > min(known)


# ---------------------------------------------------------------- what is committed

STUDIES_FOLDER = Path(__file__).parents[2] / "studies"


@pytest.mark.parametrize("name", ["primary", "confirm", "wide", "deep"])
def test_the_committed_rows_are_all_of_the_plan(name):
    rows = pd.read_parquet(STUDIES_FOLDER / name / "rows.parquet")
    planned = {
        (*(str(c[x]) for x in CELL), strategy, seed)
        for c in STUDIES[name].cells()
        for strategy in c["strategies"].split(",")
        for seed in range(c["first_seed"], c["first_seed"] + c["n_seeds"])
    }
    found = zip(*(rows[x].astype(str) for x in CELL), rows["strategy"], rows["seed"], strict=True)
    found = list(found)
    assert len(found) == len(planned)
    assert set(found) == planned
    report = (STUDIES_FOLDER / name / "report.md").read_text()
    assert f"plan {protocol_digest(STUDIES[name])} of radsim" in report
    assert sum(path.stat().st_size for path in (STUDIES_FOLDER / name).iterdir()) < 2e6


def test_what_the_pages_say_of_the_study_is_what_it_found():
    """The goal: every limit kept in the mean; and the price map is that of the study."""
    rows = pd.read_parquet(STUDIES_FOLDER / "primary" / "rows.parquet")
    table = tables.goal(rows[rows["part"] == "noise"])
    assert len(table) == 17 and (table["verdict"] == "kept").all()
    assert (table["verdict of trusted"] == "kept").all()
    mine = (STUDIES_FOLDER / "primary" / "prices.csv").read_text()
    packaged = Path(__file__).parents[2] / "radsim" / "analysis" / "prices.csv"
    assert packaged.read_text() == mine
