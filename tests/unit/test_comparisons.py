"""What claims say beside what is measured: every comparison, and a false claim off the line."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from radsim import CLAIMS, Game, Instance
from radsim.analysis import comparisons, least_slack, side_by_side
from radsim.plots import scatter_plot

THREE = Instance("three", Game([1, 0.5, 0.25], mistakes=1))


def test_both_sides_are_in_units_of_their_scale():
    for unit in (1e-9, 1, 1e9):
        game = THREE.game.replace(gains=unit * THREE.game.gains, harm=1)
        found = comparisons(CLAIMS["V1"], Instance("scaled", game))
        assert np.allclose(found[["bound", "measured"]], 1 / 7, rtol=1e-12)


def test_a_false_claim_is_off_the_line_and_violated():
    def wrong(game, method, rng):
        for item in CLAIMS["V1"].compare(game, method, rng):
            yield item._replace(bound=1.05 * item.bound)

    found = comparisons(replace(CLAIMS["V1"], compare=wrong), THREE)
    assert set(found["status"]) == {"VIOLATED"}
    assert (found["slack"] < -1e-3).all() and (found["measured"] < found["bound"]).all()
    assert least_slack(found)["hold"].tolist() == [0]


def test_a_game_outside_the_hypotheses_gives_no_row():
    assert comparisons(CLAIMS["V1"], Instance("all wrong", Game([1, 1], mistakes=2))).empty


def test_each_claim_has_its_games_and_they_can_be_played_again():
    found = side_by_side(["V1", "R2"], 3, seed=5)
    assert found.groupby("claim")["game"].nunique().to_dict() == {"R2": 3, "V1": 3}
    again = comparisons(CLAIMS["V1"], Instance("again", eval(found["game"].iloc[0])))
    assert np.allclose(again["bound"], found["bound"][: len(again)], rtol=1e-12)
    table = least_slack(found, ("claim", "kind"))
    assert table["comparisons"].sum() == len(found) == table["hold"].sum()


def test_frames_that_were_put_together_keep_their_rows_apart(tmp_path):
    part = comparisons(CLAIMS["V1"], THREE)
    both = pd.concat([part, part])
    assert least_slack(both)["comparisons"].tolist() == [6]
    scatter_plot(both, tmp_path / "both.svg")
    with pytest.raises(ValueError, match="both sides finite"):
        scatter_plot(both.assign(bound=np.nan), tmp_path / "none.svg")


def test_an_unknown_claim_is_named():
    with pytest.raises(ValueError, match="V99"):
        side_by_side(["V99"])
