"""Events: how hard they strike, for how long, and how sure their rate is."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
from scipy.stats import norm, poisson

from sourcing.case import load_reference
from sourcing.value import (
    count_days,
    count_events,
    draw_chances,
    draw_rates,
    draw_sizes,
    draw_strikes,
    load_event_sizes,
    price_loss,
    price_strikes,
)

DRAWS = 20_000


def list_exposures(*rows: tuple) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["row", "cause", "struck", "events", "loss", "days"])


def test_the_spreads_of_sizes_are_those_of_their_sources():
    spreads = load_event_sizes()["spread"]
    # Uptime Institute: 54 % above 100,000 and 16 % above 1,000,000; half of the variance is taken
    whole = math.log(10) / (norm.isf(0.16) - norm.isf(0.54))
    assert spreads["operational"] == pytest.approx(whole / math.sqrt(2), abs=0.02)
    # Flyvbjerg and Budzier: mean 1.27 of the budget, the dearest sixth 3.0
    worst_sixth = 1.27 * 6 * norm.cdf(spreads["move"] - norm.ppf(5 / 6))
    assert worst_sixth == pytest.approx(3.0, abs=0.02)


def test_sizes_have_mean_one_and_the_spread_of_their_cause():
    chances = draw_chances(
        list_exposures((0, "operational", "p", 0.5, 1.0, 0.0), (0, "move", "p", 0.5, 1.0, 0.0)), DRAWS
    )
    sizes = draw_sizes(chances)
    assert sizes.mean().tolist() == pytest.approx([1.0, 1.0])
    for cause, struck in sizes:
        assert np.log(sizes[cause, struck]).std() == pytest.approx(load_event_sizes().at[cause, "spread"], rel=0.01)


def test_the_mean_loss_stays_the_expected_one():
    listed = list_exposures(
        (0, "operational", "p", 0.4, 40.0, 3.0), (1, "operational", "p", 0.1, 20.0, 3.0),
        (1, "brand", "o", 0.2, 10.0, 0.0), (2, "location", "IND", 0.3, 30.0, 60.0),
        (2, "location", "XXX", 0.3, 30.0, 60.0),
    )  # fmt: skip
    loss = price_strikes(draw_strikes(listed, DRAWS), 3).astype(float)
    error = loss.std(axis=0) / math.sqrt(DRAWS)
    assert (np.abs(loss.mean(axis=0) - [40.0, 30.0, 60.0]) <= 4 * error).all()


def test_counting_by_event_is_counting_each_exposure_alone():
    random = np.random.default_rng(3)
    rows = [(k % 7, "structural", f"o{k % 4}", round(random.uniform(0.05, 3), 2), 10.0, 1.0) for k in range(60)]
    listed = list_exposures(*rows)
    chances = draw_chances(listed, 700)
    expected = np.zeros((700, 7))
    for row, cause, struck, events, loss, _ in rows:
        expected[:, row] += poisson.ppf(chances[cause, struck], events) * loss / events
    np.testing.assert_allclose(price_loss(chances, listed, 7), expected, rtol=1e-4)


def test_rates_follow_the_standard_error_of_governance():
    chances = draw_chances(
        list_exposures((0, "location", "IND", 0.1, 1.0, 0.0), (0, "move", "p", 0.1, 1.0, 0.0)), DRAWS
    )
    rates = draw_rates(chances)
    assert list(rates) == [("location", "IND")]
    drawn = rates["location", "IND"]
    assert drawn.mean() == pytest.approx(1.0, abs=1e-3)
    risk, error = load_reference("countries").set_index("country").loc["IND", ["location_risk", "mean_std_error"]]
    # one standard error up: risk 0.5319 is the score 0.080, and 0.080 + 0.194 is the risk 0.608
    assert (risk, error) == (0.5319, 0.194)
    mean = norm.cdf(norm.ppf(0.5319) / math.sqrt(1 + 0.194**2))
    assert np.quantile(drawn, norm.cdf(1.0)) == pytest.approx(norm.cdf(norm.ppf(0.5319) + 0.194) / mean, rel=2e-3)


def test_a_rate_that_is_not_known_strikes_together_more_often():
    steady = count_events(np.linspace(0.0005, 0.9995, 1000)[:, None], np.array([2.0]))
    assert steady.mean() == pytest.approx(2.0, abs=0.01)
    varied = count_events(np.full((2, 1), 0.6), np.array([[1.0], [3.0]]))
    assert varied.ravel().tolist() == [1, 3]


def test_days_are_counted_by_share_and_size():
    listed = list_exposures(
        (0, "move", "p", 0.5, 100.0, 20.0), (1, "move", "p", 0.5, 50.0, 20.0), (2, "brand", "o", 1.0, 9.0, 0.0)
    )
    strikes = draw_strikes(listed, 4_000)
    half = count_days(strikes, np.array([0.5, 0.0, 1.0]))
    # half a move that fails half a time and lasts 20 days
    assert half.mean() == pytest.approx(0.5 * 0.5 * 20.0, rel=0.1)
    np.testing.assert_allclose(count_days(strikes, np.array([1.0, 0.0, 0.0])), 2 * half, rtol=1e-5)
    assert not count_days(strikes, np.array([0.0, 0.0, 1.0])).any()
