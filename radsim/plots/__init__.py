"""Pictures of games, verdicts, runs and running times; no other room imports matplotlib."""

from radsim.extras import needed

needed("matplotlib")

from radsim.plots.attack import attack_plot
from radsim.plots.bounds import sides_plot
from radsim.plots.game import slack_plot, water_level_plot
from radsim.plots.objectives import (
    PICTURES,
    budget_plot,
    objectives_plot,
    trade_off_plot,
    wrong_gains_plot,
    wrong_mistakes_plot,
)
from radsim.plots.scaling import scaling_plot
from radsim.plots.scatter import scatter_plot
from radsim.plots.simulation import (
    inclusion_plot,
    realised_plot,
    scorecard_plot,
    tails_plot,
    wrong_count_plot,
)
from radsim.plots.style import Picture

__all__ = [
    "PICTURES",
    "Picture",
    "attack_plot",
    "budget_plot",
    "inclusion_plot",
    "objectives_plot",
    "realised_plot",
    "scaling_plot",
    "scatter_plot",
    "scorecard_plot",
    "sides_plot",
    "slack_plot",
    "tails_plot",
    "trade_off_plot",
    "water_level_plot",
    "wrong_count_plot",
    "wrong_gains_plot",
    "wrong_mistakes_plot",
]
