"""Every picture is written as SVG and PNG, and beside it the numbers that are drawn."""

import numpy as np
import pandas as pd
import pytest

from radsim import Game, plots, solve
from radsim.analysis import attack, side_by_side, timings
from radsim.data.instances import Instance
from radsim.plots.style import plt, save
from radsim.runs.simulate import scorecards, wrong_count
from radsim.sampling.audit import successive_law

GAME = Game([9, 7, 4, 4, 1, 1, 1], 2)
Q = np.array([0.5, 0.75, 0.75])
CAPPED = Game([10, 3, 2], 1, budget=2, harm=0)


def _verdicts():
    return pd.DataFrame(
        {"claim": ["V1", "V1", "V6", "own"], "slack": [-3e-16, 2e-14, 0.2, float("nan")]}
    )


def _results():
    return pd.DataFrame(
        {
            "instance": "one",
            "teacher": ["uniform", "best response"] * 2,
            "selector": ["rad", "rad", "margin", "margin"],
            "realised": [1.0, 0.5, 2.0, -1.0],
            "guarantee": [0.5, 0.5, -1.0, -1.0],
            "budget": 1.0,
            "largest_gain": 9.0,
        }
    )


def _tails():
    columns = ["design", "curve", "deviation", "probability"]
    curves = [("iid", "measured"), ("iid", "Hoeffding"), ("brewer", "measured")]
    return pd.DataFrame(
        [(*curve, t, np.exp(-t)) for curve in curves for t in (0.0, 0.1, 0.2)], columns=columns
    )


# What a plot function takes, and the columns of the table behind it.
CASES = {
    "attack_plot": (
        lambda: (attack("margin", GAME, rng=0),),
        ["selector", "kind", "low", "high"],
    ),
    "budget_plot": (lambda: (CAPPED,), ["budget", "value", "level", "uncapped"]),
    "inclusion_plot": (
        lambda: (Q, {"one by one": successive_law(Q).inclusion()}),
        ["promised", "one by one"],
    ),
    "objectives_plot": (lambda: (GAME,), ["gain", "insured_part", "value", "ratio", "regret"]),
    "realised_plot": (
        lambda: (_results(),),
        ["instance", "teacher", "selector", "realised", "guarantee", "budget", "largest"],
    ),
    "scaling_plot": (
        lambda: (timings(lambda n: Game(np.ones(n), 1), ["closed_form", "linprog"], [5, 9]),),
        ["method", "n", "seconds", "gap", "accepted", "game", "solve", "inclusion", "why"],
    ),
    "scorecard_plot": (
        lambda: (scorecards(["uniform"], 0),),
        ["instance", "selector", "guarantee", "share"],
    ),
    "scatter_plot": (
        lambda: (side_by_side(["V1", "S2"], 2, largest_n=4),),
        "claim game family n label compared kind bound measured slack status".split(),
    ),
    "slack_plot": (lambda: (_verdicts(),), ["claim", "from", "to", "verdicts"]),
    "tails_plot": (lambda: (_tails(),), ["design", "curve", "deviation", "probability"]),
    "trade_off_plot": (
        lambda: (GAME,),
        ["path", "weight", "value", "regret", "ratio", "insured_above"],
    ),
    "water_level_plot": (
        lambda: (solve(GAME),),
        ["gain", "stake", "robust_gain", "inclusion", "level"],
    ),
    "wrong_count_plot": (
        lambda: (wrong_count(Instance("small", GAME)).assign(instance="small"),),
        ["ratio", "kept", "instance"],
    ),
    "wrong_gains_plot": (lambda: (GAME,), ["error", "value", "ratio", "regret"]),
    "wrong_mistakes_plot": (lambda: (GAME,), ["guess", "truth", "value", "guarantee", "price"]),
}
MODULES = (
    plots.attack,
    plots.game,
    plots.objectives,
    plots.scaling,
    plots.scatter,
    plots.simulation,
)


def test_every_plot_is_tested():
    assert {name for module in MODULES for name in module.__all__ if "_plot" in name} == set(CASES)


@pytest.mark.parametrize("name", CASES)
def test_picture_comes_with_its_numbers(name, tmp_path):
    make, columns = CASES[name]
    picture = getattr(plots, name)(*make(), tmp_path / "picture")
    assert "</svg>" in (tmp_path / "picture.svg").read_text()
    assert picture._repr_png_().startswith(b"\x89PNG")
    table = pd.read_csv(tmp_path / "picture.csv")
    assert list(table) == columns
    assert len(table) > 0


def test_one_format_alone_leaves_other_files_in_peace(tmp_path):
    (tmp_path / "gains.csv").write_text("gain\n1\n")
    picture = plots.water_level_plot(solve(GAME), tmp_path / "gains.png")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["gains.csv", "gains.png"]
    assert (tmp_path / "gains.csv").read_text() == "gain\n1\n"
    assert picture._repr_png_() == (tmp_path / "gains.png").read_bytes()
    assert plots.water_level_plot(solve(GAME), tmp_path / "gains.svg")._repr_png_() is None


def test_the_same_numbers_give_the_same_files(tmp_path):
    for name in "ab":
        plots.water_level_plot(solve(GAME), tmp_path / name)
    for suffix in (".svg", ".png", ".csv"):
        first, second = ((tmp_path / name).with_suffix(suffix).read_bytes() for name in "ab")
        assert first == second


def test_a_failed_picture_leaves_nothing(tmp_path):
    with pytest.raises(ValueError):
        save(plt.figure(), tmp_path / "picture.nothing")
    assert not (tmp_path / "picture.nothing").exists()


def test_numbers_behind_the_water_level(tmp_path):
    plots.water_level_plot(solve(Game([0.5, 1, 0.25], 1)), tmp_path / "level")
    table = pd.read_csv(tmp_path / "level.csv")
    assert table["gain"].tolist() == [1, 0.5, 0.25]
    assert table["robust_gain"].to_numpy() == pytest.approx(np.full(3, 1 / 7))
    assert table["inclusion"].to_numpy() == pytest.approx(np.array([1, 2, 4]) / 7)


def test_slack_is_counted_by_sign_and_decade(tmp_path):
    plots.slack_plot(_verdicts(), tmp_path / "slack")
    table = pd.read_csv(tmp_path / "slack.csv").set_index("claim")
    assert table.loc["V1", "verdicts"].tolist() == [1, 1]
    assert table.loc["V1", ["from", "to"]].to_numpy() == pytest.approx(
        np.array([[-1e-15, 1e-15], [1e-14, 1e-13]])
    )
    assert table.loc["V6", ["from", "to"]].tolist() == pytest.approx([0.1, 1])
    assert "own" not in table.index
