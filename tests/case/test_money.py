"""Claims about bridging money: identities, ways there and back, worked sums, what is refused."""

from __future__ import annotations

import math

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from sourcing.case.filling.money import bridge_money, find_home, grow_prices, look_up_exchange_rate
from sourcing.case.filling.reference import load_reference
from sourcing.errors import InputError
from tests.conftest import examples

SERIES = ["USD", "EUR", "AUD", "BRL", "CAD", "CHF", "CNY", "INR", "JPY", "MXN", "SEK", "ZAR"]
TABLE = ["GBP", "PLN", "PHP", "CZK", "HUF", "RON"]
moneys = st.tuples(st.sampled_from(SERIES + TABLE), st.integers(2010, 2030))
amounts = st.floats(-1e12, 1e12, allow_nan=False).filter(lambda amount: amount == 0 or abs(amount) > 1e-6)


def bridge(amount: float, start: tuple[str, int], end: tuple[str, int]) -> float:
    return bridge_money(amount, *start, *end)[0]


@given(amount=amounts, money=moneys)
def test_money_stays_what_it_is_in_its_own_currency_and_year(amount, money):
    assert bridge_money(amount, *money, *money) == (amount, ())


@examples(100)
@given(amount=amounts, start=moneys, end=moneys)
def test_there_and_back_gives_the_amount(amount, start, end):
    assert bridge(bridge(amount, start, end), end, start) == pytest.approx(amount, rel=1e-9)


@examples(100)
@given(amount=amounts, start=moneys, middle=moneys, end=moneys)
def test_a_way_through_a_third_money_gives_the_same(amount, start, middle, end):
    through = bridge(bridge(amount, start, middle), middle, end)
    assert through == pytest.approx(bridge(amount, start, end), rel=1e-9)


@examples(100)
@given(start=moneys, end=moneys)
def test_the_steps_multiply_to_the_bridge_and_each_names_its_source(start, end):
    value, steps = bridge_money(1.0, *start, *end)
    assert math.prod(step.factor for step in steps) == pytest.approx(value)
    assert all(figure.source and figure.year for step in steps for figure in step.figures)
    assume(start != end)
    assert steps


def test_dollars_of_2021_become_euros_of_2024_as_worked_by_hand():
    inflation = load_reference("inflation").set_index(["country", "year"])["inflation_share"]
    rates = load_reference("exchange_rates").set_index(["currency", "year"])["lcu_per_usd"]
    growth = math.prod(1 + inflation[("USA", year)] for year in (2022, 2023, 2024))
    value, steps = bridge_money(100.0, "USD", 2021, "EUR", 2024)
    assert value == pytest.approx(100 * growth * rates[("EUR", 2024)])
    assert [step.words.split(" x ")[0] for step in steps] == ["USD prices 2021 to 2024", "USD to EUR at rates of 2024"]


def test_a_currency_without_a_series_takes_its_rate_of_2019():
    rate, year = look_up_exchange_rate("GBP")
    assert (year, rate.year) == (2019, "2019")
    assert rate.value == pytest.approx(0.7834, abs=1e-3)
    assert look_up_exchange_rate("EUR")[1] == 2024


def test_exchange_rates_follow_the_difference_of_inflation():
    # euros per dollar in a year, as implied: between two years it moves by the ratio of the two growths
    before, after = bridge(1, ("USD", 2019), ("EUR", 2019)), bridge(1, ("USD", 2023), ("EUR", 2023))
    ratio = grow_prices("EUR", 2019, 2023).factor / grow_prices("USD", 2019, 2023).factor
    assert after / before == pytest.approx(ratio)


def test_after_the_last_published_year_an_assumed_inflation_holds_and_rates_stand_still():
    step = grow_prices("USD", 2024, 2026)
    assert step.factor == pytest.approx(1.02**2)
    assert "assumed" in step.words
    assert [figure.year for figure in step.figures] == ["not dated"]
    assert bridge(1, ("USD", 2024), ("JPY", 2024)) == pytest.approx(bridge(1, ("USD", 2030), ("JPY", 2030)))


def test_the_measured_figure_of_a_step_leaves_out_what_is_assumed():
    measured, after = grow_prices("USD", 2023, 2026).figures
    assert measured.year == "2024-2024"
    assert measured.value == pytest.approx(grow_prices("USD", 2023, 2024).factor)
    assert after.value == 0.02


REFUSED = [
    (("XXX", 2020), ("USD", 2020), "ISO 4217.*'XXX'"),
    (("TWD", 2020), ("USD", 2024), r"none of TWD \(TWN\) for 2021"),
    (("VES", 2024), ("USD", 2024), "exchange rate.*none of VES"),
    (("USD", 2005), ("USD", 2024), "none of USD .* for 2006"),
    (("USD", 2024), ("USD", 2099), "none of USD .* for 2041"),
]


@pytest.mark.parametrize(("start", "end", "message"), REFUSED)
def test_a_missing_rate_is_named_by_currency_and_year(start, end, message):
    with pytest.raises(InputError, match=f"{message}.*Hint"):
        bridge(1.0, start, end)


def test_a_shared_currency_has_one_home():
    assert [find_home(each) for each in ("EUR", "USD", "INR", "CHF", "ZAR")] == ["DEU", "USA", "IND", "CHE", "ZAF"]
