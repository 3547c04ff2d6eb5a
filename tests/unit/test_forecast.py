"""Forecast of the winner from validation points, and the price map."""

import csv
from importlib.resources import files

import numpy as np
import pytest

from radsim.analysis.prices import price_advice
from radsim.distillation import Setting
from radsim.distillation.forecast import FEATURES, fit_forecast, forecast_features
from radsim.distillation.loop import first_view


def test_features_say_what_they_are_called():
    easy, hard = (
        dict(zip(FEATURES, forecast_features(first_view(Setting(noise=n, rate=r), 0)), strict=True))
        for n, r in (("gain^0", 0.1), ("top-m", 0.4))
    )
    assert easy["error rate"] < hard["error rate"]
    assert easy["error among the largest gains"] < 0 < hard["error among the largest gains"]
    assert easy["classes"] == pytest.approx(np.log(10))
    assert easy["answers a label"] == pytest.approx(np.log(45 / 350))
    plausible = forecast_features(first_view(Setting(noise="plausible gain^0"), 0))
    assert plausible[FEATURES.index("plausible mistakes")] > 0.8


def test_what_v_cannot_show_is_not_foretold():
    """The hidden adversary's V is that of mistakes at random."""
    hidden, chance = (
        first_view(Setting(noise=n, rate=0.3), 1) for n in ("hidden by count", "uniform")
    )
    np.testing.assert_array_equal(hidden.validation_wrong, chance.validation_wrong)
    np.testing.assert_array_equal(forecast_features(hidden), forecast_features(chance))


def test_a_forecast_is_calibrated_where_its_model_holds():
    rng = np.random.default_rng(0)
    x = rng.normal(size=(6000, 2))
    won = rng.random(6000) < 1 / (1 + np.exp(-2 * x[:, 0]))
    found = fit_forecast(x[:3000], np.where(won[:3000], 1.0, -1.0))
    p, mine = found.probability(x[3000:]), won[3000:]
    for low in (0.0, 0.25, 0.5, 0.75):
        here = (p >= low) & (p < low + 0.25)
        error = 4.5 * np.sqrt(0.25 / here.sum())
        assert abs(p[here].mean() - mine[here].mean()) < error + 0.02


def test_ties_say_nothing_and_far_off_features_stay_at_the_border():
    x = np.linspace(-1, 1, 40)[:, None]
    found = fit_forecast(np.concatenate([x, x]), np.concatenate([5 * x[:, 0], np.zeros(40)]))
    alone = fit_forecast(x, 5 * x[:, 0])
    a, b = found.probability([[0.5]]), alone.probability([[0.5]])
    assert abs(a - b) < 0.05
    assert found.probability([[50.0]]) == found.probability([[500.0]])


def test_the_price_map_is_read_at_the_nearest_price_and_rate():
    found = price_advice(8, 0.27)
    assert (found.price, found.rate) == (10, 0.3)
    with files("radsim.analysis").joinpath("prices.csv").open(encoding="utf-8") as text:
        rows = [r for r in csv.DictReader(text) if r["price"] == "10" and r["rate"] == "0.3"]
    assert found.n_models == len(rows)
    assert found.ahead == pytest.approx(np.mean([float(r["goal"]) for r in rows]))
    assert found.n_asking == sum(float(r["ahead"]) > 0 for r in rows)
    assert price_advice(1e300, 1.0).price == 100 and price_advice(1e-300, 0.0).price == 1


@pytest.mark.parametrize(("price", "rate"), [(0, 0.1), (-1, 0.1), (float("nan"), 0.1), (1, 1.5)])
def test_prices_and_rates_that_cannot_be_are_refused(price, rate):
    with pytest.raises(ValueError, match=r"price|rate"):
        price_advice(price, rate)
