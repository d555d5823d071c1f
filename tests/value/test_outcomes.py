"""Figures drawn together keep their own range and move together as much as the copula says."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy.stats import kstest, rankdata, triang

from sourcing.case import load_reference
from sourcing.errors import CaseError
from sourcing.value import (
    draw_outcomes,
    find_means,
    find_terms,
    list_ranges,
    name_quote,
    range_cash,
    settle_year,
    weigh_outcomes,
)

DRAWS = 20_000


def make_ranges(*rows: tuple) -> pd.DataFrame:
    columns = ["figure", "low", "likely", "high", "correlation_group", "loading"]
    return pd.DataFrame(rows, columns=columns).set_index("figure")


def rank(drawn: pd.DataFrame, first: str, second: str) -> float:
    return float(np.corrcoef(rankdata(drawn[first]), rankdata(drawn[second]))[0, 1])


@pytest.mark.parametrize("loading", [0.0, 0.6, -0.9, 1.0])
def test_each_figure_keeps_its_triangle_whatever_it_moves_with(loading):
    drawn = draw_outcomes(make_ranges(("a", 1.0, 2.0, 5.0, "g", loading)), DRAWS)
    assert kstest(drawn["a"], triang(0.25, loc=1.0, scale=4.0).cdf).pvalue > 0.001


@pytest.mark.parametrize(("one", "two"), [(0.7, 0.7), (0.9, -0.5), (0.5, 0.0), (1.0, 1.0)])
def test_two_figures_of_a_group_have_the_rank_correlation_of_the_copula(one, two):
    # Kruskal (1958): Spearman's rho of a normal pair is 6 / pi x asin(rho / 2); quantiles keep ranks
    drawn = draw_outcomes(make_ranges(("a", 1.0, 2.0, 5.0, "g", one), ("b", 0.0, 0.0, 9.0, "g", two)), DRAWS)
    assert rank(drawn, "a", "b") == pytest.approx(6 / np.pi * np.arcsin(one * two / 2), abs=0.02)


def test_figures_of_no_common_group_move_alone():
    drawn = draw_outcomes(
        make_ranges(("a", 1.0, 2.0, 5.0, "g", 0.9), ("b", 1.0, 2.0, 5.0, "h", 0.9), ("c", 1.0, 2.0, 5.0, "", 0.9)),
        DRAWS,
    )
    for pair in (("a", "b"), ("a", "c"), ("b", "c")):
        assert abs(rank(drawn, *pair)) < 0.03


def test_the_case_says_what_moves_with_what(bench, alpha):
    row = {"figure": "volume", "low": 0.8, "likely": 1.0, "high": 1.25, "source": "plan"}
    case = bench.add(alpha, "ranges", row | {"correlation_group": "price level", "loading": -0.7},
                     {"figure": "wages", "low": 0.9, "likely": 1.0, "high": 1.1, "loading": 0.0})  # fmt: skip
    documented, ranges = list_ranges(alpha), list_ranges(case)
    assert documented.loc["wages", "loading"] == 0.7 and documented.loc["volume", "correlation_group"] == ""
    assert ranges.loc["wages", ["correlation_group", "loading"]].tolist() == ["price level", 0.0]
    drawn = draw_outcomes(ranges, DRAWS)
    assert rank(drawn, "volume", "inflation") == pytest.approx(6 / np.pi * np.arcsin(-0.49 / 2), abs=0.02)
    assert abs(rank(drawn, "wages", "inflation")) < 0.03
    with pytest.raises(CaseError):
        bench.add(alpha, "ranges", row | {"loading": 1.5})


def test_the_range_of_inflation_is_that_of_its_source(alpha):
    yearly = load_reference("inflation").pivot_table(index="year", columns="country", values="inflation_share")
    earnings = load_reference("countries").set_index("country")["earnings_usd_per_month"].astype(float)
    best = earnings.dropna().nlargest(30).index
    surprise = ((1 + yearly) / (1 + yearly.shift(1).rolling(3).mean())).loc[2013:, best].stack()
    told, ranges = surprise.quantile([0.05, 0.95]).tolist(), list_ranges(alpha)
    assert told == pytest.approx([0.970, 1.065], abs=6e-4)
    low, likely, high = ranges.loc["inflation", ["low", "likely", "high"]].astype(float)
    shape = triang((likely - low) / (high - low), loc=low, scale=high - low)
    assert shape.ppf([0.05, 0.95]).tolist() == pytest.approx(told, abs=0.002)
    assert "between 0.970 and 1.065" in ranges.loc["inflation", "source"]


@pytest.fixture(scope="module")
def quoted(alpha):
    """Payroll's provider quotes 270,000 to 390,000, 300,000 likely."""
    options = alpha.options.copy()
    options.loc[(options["process"] == "payroll") & (options["option"] == "provider"), "price_per_year"] = np.nan
    quote = {"business_unit": "alpha", "process": "payroll", "option": "provider", "per": "year", "low": 270_000.0,
             "likely": 300_000.0, "high": 390_000.0, "source": "bid"}  # fmt: skip
    quotes = pd.concat([alpha.quotes, pd.DataFrame([quote])], ignore_index=True)
    return alpha.replace(options=options, quotes=quotes)


def test_a_quote_lends_its_range_to_its_price_and_to_no_other(quoted):
    chosen = pd.DataFrame({"process": ["payroll", "help_desk"], "option": ["provider", "provider"]})
    ranges, name = list_ranges(quoted, chosen), name_quote("payroll", "provider")
    assert ranges.loc[name, ["low", "likely", "high"]].tolist() == pytest.approx([0.9, 1.0, 1.3])
    assert ranges.loc[name, "source"] == "bid"
    assert list_ranges(quoted, chosen.tail(1)).index.equals(list_ranges(quoted).index)
    flat = list_ranges(quoted, chosen, use_ranges=False)
    assert find_means(flat)[name] == 1.0 and find_means(flat)["invoice_errors"] == 0.0
    flat.loc[name, ["low", "likely", "high"]] = ranges.loc[name, ["low", "likely", "high"]]
    mean = 3.2 / 3  # of the triangle 0.9, 1, 1.3, whose tenth of a hundred is:
    tenth = 0.9 + np.sqrt(0.1 * 0.4 * 0.1)
    rows = chosen.assign(year=1, line="price", amount=[300_000.0 * mean, 600_000.0])
    table = range_cash(rows, rows, weigh_outcomes(flat, draw_outcomes(flat, DRAWS))).set_index("state")
    assert table.loc["To-Be", "low"] == pytest.approx(600_000 + 300_000 * tenth, rel=0.002)
    assert table.loc["To-Be", "stated"] == pytest.approx(300_000 * mean + 600_000)


def test_the_price_until_go_live_is_drawn_by_the_quote_of_todays_option():
    weights = pd.DataFrame({"prices": [2.0], "wages": [3.0], "price of p by old": [5.0]})
    cash = pd.DataFrame({"process": "p", "option": "new", "as_is_option": "old", "year": 1, "amount": 1.0,
                         "line": ["price", "price_until_go_live", "labor", "exit"]})  # fmt: skip
    drawn = range_cash(cash, cash.head(0), weights).set_index("state")
    assert drawn.loc["To-Be", "middle"] == 2 + 5 + 3 + 1


def test_a_deal_is_signed_at_the_price_drawn(alpha):
    outcomes = draw_outcomes(list_ranges(alpha), 5)
    deal, terms = {"price_per_year": 100.0, "should_cost_per_year": 80.0}, find_terms(alpha, "", "fixed_price")
    plain = settle_year("fixed_price", deal, terms, outcomes, 0.0)
    dear = settle_year("fixed_price", deal, terms, outcomes.assign(price=1.5), 0.0)
    np.testing.assert_allclose(dear["payment"], 1.5 * plain["payment"], atol=0.02)
    np.testing.assert_allclose(dear["cost"], plain["cost"])
