"""Pictures; the only folder that imports matplotlib."""

from radsim.plots.game import slack_plot, water_level_plot
from radsim.plots.simulation import realised_plot, scorecard_plot, tails_plot, wrong_count_plot

__all__ = [
    "realised_plot",
    "scorecard_plot",
    "slack_plot",
    "tails_plot",
    "water_level_plot",
    "wrong_count_plot",
]
