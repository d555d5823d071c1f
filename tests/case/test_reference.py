"""Claims about looking up a figure by its code: the published value, its source, and what is refused."""

from __future__ import annotations

import math

import pandas as pd
import pytest

from sourcing.case.filling.assumed import (
    FOLDER,
    load_by_country,
    load_starting_figures,
    load_starting_options,
    look_up_by_country,
    read_assumed,
)
from sourcing.case.filling.money import bridge_money
from sourcing.case.filling.reference import (
    find_occupation,
    load_reference,
    look_up_country,
    look_up_load_factor,
    look_up_price,
    look_up_wage,
)
from sourcing.case.filling.running_cost import find_wage_level
from sourcing.errors import InputError


def test_wages_are_those_of_the_national_survey():
    assert look_up_wage("43-3051").value == 49_560
    assert look_up_wage("43-3051 Payroll and Timekeeping Clerks") == look_up_wage("payroll and timekeeping clerks")


def test_load_factors_are_those_on_wages_that_pay_leave_by_group():
    assert look_up_load_factor("43-3051").value == 1.3032
    assert look_up_load_factor("13-2011").value == 1.2915
    assert look_up_load_factor("53-3032").figure.endswith("all workers")


def test_a_price_pools_both_years_and_needs_people_behind_it():
    price, share = look_up_price("D321 IT AND TELECOM- HELP DESK")
    assert price.value == pytest.approx(129_215.5, abs=0.1)
    assert 0 < share < 1
    with pytest.raises(InputError, match=r"10 full-time equivalents.*1\.71.*'AA10'"):
        look_up_price("AA10")
    with pytest.raises(InputError, match="Hint"):
        look_up_price("")


@pytest.mark.parametrize(
    ("column", "unit"),
    [
        ("location_risk", "index"), ("english_pop_percent", "percent"), ("utc_offset_min", "hours"),
        ("public_holidays", "days"), ("earnings_usd_per_month", "USD"), ("xr_2019", "local currency"),
    ],
)  # fmt: skip
def test_a_countrys_figure_carries_source_year_licence_and_unit(column, unit):
    figure = look_up_country("POL", column)
    assert figure.source and figure.year and figure.licence
    assert figure.unit.startswith(unit)
    assert math.isnan(figure.standard_error) == (column != "location_risk")


def test_the_level_of_labor_cost_is_that_of_average_earnings_at_market_rates():
    level, figure = find_wage_level("DEU")
    assert level == pytest.approx(5044 / 5985)
    assert (figure.figure, figure.value) == ("average earnings of DEU", 5044)
    assert find_wage_level("USA")[0] == 1.0


@pytest.mark.parametrize(
    ("country", "level", "source"),
    # earnings say 0.053, 0.051, 0.072, 0.203 and 0.083 of the United States
    [
        ("IND", 0.246, "Cushman & Wakefield"), ("PHL", 0.246, "CTNP"), ("MEX", 0.354, "Site Selection Group"),
        ("POL", 0.3, "Everest Group"), ("ZAF", 0.25, "Cushman & Wakefield"),
    ],
)  # fmt: skip
def test_no_level_is_lower_than_published_costs_and_prices_support(country, level, source):
    found, figure = find_wage_level(country)
    assert found == level
    assert source in figure.source


def test_floors_of_levels_are_worked_from_what_their_sources_print():
    floors = load_by_country().query("figure == 'wage_floor'").set_index("country")["value"].astype(float)
    assert floors["IND"] == pytest.approx(33_000 / 134_400, abs=5e-4)
    home = 19 * look_up_load_factor("43-4051").value
    assert floors["MEX"] == pytest.approx(5.5 * 1.1 * 1.45 / home, abs=5e-4)
    assert floors["COL"] == pytest.approx(4.5 * 1.1 * 1.45 / home, abs=5e-4)
    assert floors["CRI"] == pytest.approx(6.5 * 1.1 * 1.45 / home, abs=5e-4)
    overhead, margin = (read_assumed(name).value for name in ("overhead_share", "provider_margin"))
    assert floors["PHL"] == pytest.approx(7.5 / ((1 + overhead) * (1 + margin)) / home, abs=5e-4)


def test_a_country_without_a_row_takes_that_of_the_others():
    assert look_up_by_country("severance", "KOR") == look_up_by_country("severance", "TWN")
    assert look_up_by_country("severance", "KOR").value == 0.5
    assert look_up_by_country("attrition", "ZAF").value == 0.25


def test_the_cost_of_a_hire_is_worked_from_what_its_source_prints():
    occupations = load_reference("occupations").dropna(subset=["wage_mean"])
    wage = (occupations["wage_mean"] * occupations["employment"]).sum() / occupations["employment"].sum()
    paid = 4129 * bridge_money(1.0, "USD", 2015, "USD", 2021)[0]
    assert read_assumed("hiring_cost_share").value == pytest.approx(
        paid / (wage * look_up_load_factor("").value), abs=5e-4
    )


REFUSED = [
    (look_up_wage, ("43-3501",), "did you mean '43-3051'|Hint"),
    (look_up_wage, ("payroll clerks and timekeeping",), "Hint"),
    (look_up_wage, ("27-2011",), "none a year for 27-2011 Actors"),
    (look_up_country, ("XXX", "location_risk"), "ISO 3166"),
    (look_up_country, ("POL", "risk"), "did you mean|Hint"),
    (find_wage_level, ("CHN",), "none of earnings_usd_per_month for CHN"),
    (read_assumed, ("overhead",), "did you mean 'overhead_share'"),
    (look_up_by_country, ("severence", "POL"), "did you mean 'severance'"),
    (look_up_by_country, ("wage_floor", "ZAF"), "none of wage_floor for ZAF"),
]


@pytest.mark.parametrize(("look_up", "arguments", "message"), REFUSED)
def test_what_is_not_known_is_refused_by_name(look_up, arguments, message):
    with pytest.raises(InputError, match=message):
        look_up(*arguments)


def test_a_code_is_not_found_inside_a_longer_number():
    with pytest.raises(InputError):
        find_occupation("43-30511")


def test_every_assumption_names_its_kind_source_and_unit():
    table = pd.read_csv(FOLDER / "assumed.csv", keep_default_na=False)
    assert set(table["kind"]) <= {"published", "survey", "industry", "house rule"}
    assert (table[["figure", "unit", "source"]] != "").all(axis=None)
    assert ((table["kind"] == "house rule") == table["source"].str.startswith("house rule")).all()
    numbers = table.astype({"value": float, "low": float, "high": float})
    assert numbers["value"].between(numbers["low"], numbers["high"]).all()
    about = load_starting_figures()
    assert set(about["figure"]) == set(load_starting_options().select_dtypes("number"))
    assert (about[["unit", "source"]] != "").all(axis=None)
