"""Every picture is written as SVG and PNG, and beside it the numbers that are drawn."""

from itertools import combinations

import numpy as np
import pandas as pd
import pytest
from picture_layout import cut, overlaps, told_by_hue_alone

from radsim import Game, plots, solve
from radsim.analysis import attack, side_by_side, timings
from radsim.data.instances import Instance
from radsim.distillation.noise import NOISES
from radsim.distillation.strategies import STRATEGIES
from radsim.distillation.study import pictures
from radsim.pages.pictures import said_of
from radsim.plots import labels, style
from radsim.plots.labels import label_points
from radsim.plots.scales import squeeze, squeezed
from radsim.plots.style import plt, save, takeaway
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
    "sides_plot": (
        lambda: (np.array([[1.0, 2.0], [2.0, 2.0]]), "V", "max(g)"),
        ["left", "right"],
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
    plots.bounds,
    plots.game,
    plots.objectives,
    plots.scaling,
    plots.scatter,
    plots.simulation,
)


def _goal():
    names = list(NOISES)
    k = np.arange(len(names))
    table = pd.DataFrame({"noise": names, "reference": k / 4 - 0.5, "trusted": 1.0 - k / 9})
    return table.assign(low=table["reference"] - 0.3, high=table["reference"] + 0.3)


def _frontier():
    """As in the study: points in two crowds, and two at one place."""
    rng = np.random.default_rng(0)
    at = np.where(np.arange(len(STRATEGIES))[:, None] % 2, [-4.0, -1.0], [0.0, -17.0])
    at = at + rng.normal(scale=[1.5, 1.5], size=at.shape)
    at[1] = at[0]
    return pd.DataFrame({"strategy": list(STRATEGIES), "random": at[:, 0], "hidden": at[:, 1]})


def _prices():
    rows = [
        {"price": price, "noise": noise, "rate": rate, "goal": np.log(price) - 2 + 3 * rate}
        for noise in NOISES
        for rate in (0.1, 0.3)
        for price in (1, 3, 10, 30, 100)
    ]
    return pd.DataFrame(rows)


STUDY = {
    "goal_plot": lambda path: pictures.goal_plot(_goal(), path),
    "frontier_plot": lambda path: pictures.frontier_plot(_frontier(), path),
    "price_plot": lambda path: pictures.price_plot(_prices(), path),
}


@pytest.fixture
def figures(monkeypatch):
    """The figures that were saved, kept from being closed until the test is over."""
    kept = []
    with monkeypatch.context() as patch:
        patch.setattr(style.plt, "close", kept.append)
        yield kept
    for figure in kept:
        plt.close(figure)


def _draw(name, path):
    if name in STUDY:
        STUDY[name](path)
    else:
        getattr(plots, name)(*CASES[name][0](), path)


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


def test_every_picture_of_a_study_is_tested():
    assert set(pictures.__all__) == set(STUDY)


@pytest.mark.parametrize("name", [*CASES, *STUDY])
def test_layout(name, figures, tmp_path):
    _draw(name, tmp_path / "picture.png")
    (figure,) = figures
    assert overlaps(figure) == []
    assert cut(figure) == []
    assert told_by_hue_alone(figure) == []


def test_one_panel_alone_has_room_for_its_legend(figures, tmp_path):
    """Constrained layout warns, an error here, where nothing is left for the axes."""
    pictures.goal_plot(_goal().iloc[:1], tmp_path / "a.png")
    pictures.price_plot(_prices().iloc[:5], tmp_path / "b.png")
    plots.tails_plot(_tails().iloc[:3], tmp_path / "c.png")
    for figure in figures:
        assert overlaps(figure) == [] and cut(figure) == []


def test_names_on_each_other_are_found(figures):
    figure, axis = plt.subplots()
    figures.append(figure)
    axis.text(0.5, 0.5, "one")
    assert overlaps(figure) == []
    axis.text(0.51, 0.5, "two")
    assert overlaps(figure) == [("one", "two")]


def test_what_is_cut_is_found(figures):
    figure, axis = plt.subplots()
    figures.append(figure)
    axis.plot([1, 2], [1, 2])
    assert cut(figure) == []
    axis.set_xlabel("a label that is far too long for any picture " * 4)
    assert cut(figure)[0] == axis.get_xlabel()
    axis.set_xlabel("")
    axis.plot([1, 9], [1, 1], transform=axis.transData, clip_on=False)
    axis.set_xlim(1, 2)
    assert cut(figure)[0].endswith("inches")


def test_lines_told_by_hue_alone_are_found(figures):
    figure, axis = plt.subplots()
    figures.append(figure)
    axis.plot([1, 2], [1, 2], "o", color="blue")
    axis.plot([1, 2], [2, 1], "s", color="red")
    assert told_by_hue_alone(figure) == []
    axis.plot([1, 2], [3, 1], "o", color="red")
    assert len(told_by_hue_alone(figure)) == 1


@pytest.mark.parametrize("name", [*CASES, *STUDY])
def test_a_sentence_is_below_every_picture_and_in_its_files(name, figures, tmp_path):
    for suffix, kind in ((".png", "image/png"), (".svg", "image/svg+xml")):
        path = tmp_path / f"picture{suffix}"
        _draw(name, path)
        said = " ".join(figures[-1].get_supxlabel().split())
        assert said.endswith(".") and " " in said and "nan" not in said.split()
        assert said_of(path.read_bytes(), kind) == said


def test_the_sentence_follows_the_numbers(figures, tmp_path):
    """One that were always the same could lie."""
    worse = _results().assign(realised=[1.0, 0.5, -2.0, -1.0])
    said = []
    for results in (_results(), worse):
        plots.realised_plot(results, tmp_path / "picture.png")
        said.append(figures[-1].get_supxlabel())
    assert "more than RAD in 1 of 2" in said[0] and "more than RAD in 0 of 2" in said[1]
    points = _frontier()
    for k, table in enumerate([points, points.assign(random=2.0, hidden=1.0 + points.index)]):
        pictures.frontier_plot(table, tmp_path / f"{k}.png")
        said.append(" ".join(figures[-1].get_supxlabel().split()))
    n = len(points)
    assert said[2].startswith("0 of") and said[3].startswith(f"{n} of {n}")


def test_a_picture_without_a_sentence_has_none(tmp_path):
    for suffix, kind in ((".png", "image/png"), (".svg", "image/svg+xml")):
        figure = plt.figure()
        save(figure, tmp_path / f"plain{suffix}")
        assert said_of((tmp_path / f"plain{suffix}").read_bytes(), kind) == ""


def test_long_sentences_stay_in_the_picture(figures):
    figure, axis = plt.subplots(figsize=(4, 3), layout="constrained")
    figures.append(figure)
    axis.plot([1, 2])
    takeaway(figure, "Many wide WORDS MADE OF MMMM and WWWW " * 8)
    assert cut(figure) == []


def test_lines_to_names_do_not_cross(figures):
    """Points close together: their names stand around them."""
    figure, axis = plt.subplots(figsize=(7, 5), layout="constrained")
    figures.append(figure)
    at = np.random.default_rng(1).normal(scale=0.06, size=(12, 2))
    axis.plot(*at.T, "o")
    axis.set_xlim(-1, 1)
    axis.set_ylim(-1, 1)
    names = [f"name {k}" for k in range(len(at))]
    label_points(axis, at, names, ["black"] * len(at), [3.0] * len(at))
    assert overlaps(figure) == []
    lines = [path.vertices for x in axis.collections for path in x.get_paths()]
    assert len(lines) > 3
    crossing = [x for x in combinations(lines, 2) if labels.cross(*x[0], *x[1])]
    assert crossing == []
    assert labels.cross(*np.array([[0, 0], [1, 1], [0, 1], [1, 0]]))


def test_no_room_for_a_name_is_said(figures):
    figure, axis = plt.subplots(figsize=(2, 2), layout="constrained")
    figures.append(figure)
    axis.plot(0, 0, "o")
    with pytest.raises(ValueError, match="no room for the name 'xxx"):
        label_points(axis, np.zeros((1, 2)), ["x" * 90], ["black"], [4.0])


def test_a_squeezed_axis_keeps_every_value_and_says_where(figures):
    x = np.linspace(-13, 1, 29)
    assert squeezed(squeezed(x, -1.0, 5.0), -1.0, 1 / 5.0) == pytest.approx(x)
    assert np.all(np.diff(squeezed(x, -1.0, 5.0)) > 0)
    figure, (plain, far) = plt.subplots(2)
    figures.append(figure)
    squeeze(plain, np.array([-0.5, 1.0]), -1.0)
    squeeze(far, np.array([-13.0, 1.0]), -1.0)
    assert plain.get_xscale() == "linear" and not plain.patches
    assert far.get_xscale() == "function" and len(far.patches) == 1
    assert far.get_xlim()[0] < -13 and far.get_xticks()[0] == -13


def test_colours_keep_their_hue_when_packed(tmp_path):
    """A mark of a rare colour among many pixels of others."""
    path = tmp_path / "frontier.png"
    STUDY["frontier_plot"](path)
    seen = np.asarray(style.Image.open(path).convert("RGB")).reshape(-1, 3).astype(int)
    for name in ("blue", "vermilion", "green"):
        wanted = [int(style.COLOURS[name][k : k + 2], 16) for k in (1, 3, 5)]
        assert np.abs(seen - wanted).sum(axis=1).min() < 25
