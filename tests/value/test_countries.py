"""What moves a country: worked by hand from the published series."""

from __future__ import annotations

import dataclasses
import math
from itertools import pairwise
from statistics import stdev

import numpy as np
import pandas as pd
import pytest

from sourcing.pack.uncertainty.words import name_causes
from sourcing.uncertainty import Study, draw_futures
from sourcing.value import (
    draw_figures,
    draw_outcomes,
    find_moving_countries,
    list_country_ranges,
    list_figures,
    spread_exchange,
    spread_wages,
    stretch_spread,
)

# Indian rupees per US dollar, yearly averages of the Federal Reserve, 2010 to 2025
INR = [45.6507, 46.5782, 53.3743, 58.5149, 60.9953, 64.1073, 67.1572, 65.0659, 68.3734, 70.3777, 74.1429, 73.9351,
       78.5792, 82.5708, 83.6566, 87.1468]  # fmt: skip
# consumer prices of India, World Bank, 2010 to 2024
PRICES = [0.11989, 0.08912, 0.09479, 0.10018, 0.06666, 0.04907, 0.04948, 0.03328, 0.03939, 0.03729, 0.06623, 0.05131,
          0.06699, 0.05649, 0.04953]  # fmt: skip


def test_the_spread_of_an_exchange_rate_is_that_of_its_published_history():
    changes = [math.log(after / before) for before, after in pairwise(INR)]
    assert spread_exchange("INR", "USD")[0] == pytest.approx(stdev(changes))
    assert spread_exchange("USD", "INR")[0] == pytest.approx(stdev(changes))


def test_the_spread_of_wages_is_that_of_inflation_about_the_years_before():
    grown = [math.log1p(each) for each in PRICES]
    surprises = [grown[k] - sum(grown[k - 3 : k]) / 3 for k in range(3, len(grown))]
    assert spread_wages("IND")[0] == pytest.approx(stdev(surprises))


@pytest.mark.parametrize(("one", "other"), [("EUR", "EUR"), ("DKK", "EUR"), ("AED", "USD"), ("XOF", "EUR")])
def test_one_money_or_money_held_at_another_has_no_spread(one, other):
    assert spread_exchange(one, other)[0] == 0.0


def test_money_without_a_series_takes_the_median_and_says_so():
    spread, said = spread_exchange("PLN", "EUR")
    assert 0.04 < spread < 0.12
    assert "median" in said and "PLN" in said


def test_the_average_of_a_walk_has_the_spread_of_the_formula():
    # variance of the average of three steps of a walk: (9 + 4 + 1) / 9
    assert stretch_spread(1.0, 3) == pytest.approx(math.sqrt(14 / 9))
    walks = np.random.default_rng(1).standard_normal((40_000, 7)).cumsum(axis=1).mean(axis=1)
    assert stretch_spread(1.0, 7) == pytest.approx(walks.std(), rel=0.02)


def offers(**columns: list) -> pd.DataFrame:
    return pd.DataFrame({"process": "payroll", "option": ["a", "b", "c", "d"]} | columns)


def test_own_work_abroad_moves_with_its_country_and_a_price_with_the_money_it_is_stated_in(alpha, bench):
    table = offers(owner_type=["own", "own", "provider", "provider"], country=["USA", "IND", "IND", "IND"])
    assert find_moving_countries(alpha, table).tolist() == ["", "IND", "IND", "IND"]
    priced = {"process": "payroll", "option": "c", "per": "year", "likely": 1.0, "currency": "", "source": "bid"}
    quotes = pd.DataFrame([priced, priced | {"option": "d", "currency": "EUR"}])
    case = type("Told", (), {"unit": alpha.unit, "options": alpha.options, "quotes": quotes})
    assert find_moving_countries(case, table).tolist() == ["", "IND", "", "DEU"]


def test_country_factors_have_mean_one_and_can_be_switched_off(shipped):
    decision = shipped("utility")
    places = find_moving_countries(decision.case, decision.alternatives)
    ranges = list_country_ranges(decision.case, places, decision.policy)
    assert set(ranges.index) == {"exchange rate of POL", "wages of POL"}
    drawn = draw_outcomes(ranges, 20_000)
    assert drawn.mean().tolist() == pytest.approx([1.0, 1.0], abs=1e-4)
    # the ends shown are one in ten below and above
    assert np.quantile(drawn["exchange rate of POL"], 0.1) == pytest.approx(
        ranges.loc["exchange rate of POL", "low"], rel=1e-3
    )
    off = dataclasses.replace(decision.policy, country_factors=False)
    assert list_country_ranges(decision.case, places, off).empty
    assert set(list_figures(decision.case, decision.alternatives, off)["acts_on"]) == {"cash", "contracts"}


def test_an_exchange_rate_moves_own_cost_abroad_and_nothing_at_home(shipped):
    decision = shipped("utility")
    table = decision.alternatives.reset_index(drop=True)
    drawn = draw_figures(decision.case, table, decision.policy, futures=2_000)
    cash = drawn.factors @ drawn.spread
    rate = drawn.figures["exchange rate of POL"].to_numpy()
    home, abroad = (
        table.index[(table["owner_type"] == "own") & (table["country"] == country) & table["is_as_is"].eq(flag)]
        for country, flag in (("DEU", True), ("POL", False))
    )
    moves = [abs(np.corrcoef(rate, cash[:, k])[0, 1]) for k in abroad]
    stays = [abs(np.corrcoef(rate, cash[:, k])[0, 1]) for k in home]
    assert min(moves) > 0.5 > 0.1 > max(stays)


def test_the_study_names_the_exchange_rate_as_words(shipped):
    futures = draw_futures(shipped("utility"), 200)
    study = Study.__new__(Study)
    object.__setattr__(study, "futures", futures)
    assert name_causes(study)["exchange rate of POL"] == "exchange rate of Poland against its path"
