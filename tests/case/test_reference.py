"""Claims about looking up a figure by its code: the published value, its source, and what is refused."""

from __future__ import annotations

import math

import pandas as pd
import pytest

from sourcing.case.filling.assumed import FOLDER, load_starting_options, read_assumed
from sourcing.case.filling.reference import (
    compare_wages,
    find_occupation,
    look_up_country,
    look_up_load_factor,
    look_up_price,
    look_up_wage,
)
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


def test_the_wage_ratio_is_that_of_average_earnings_at_market_rates():
    ratio, figures = compare_wages("POL")
    assert ratio == pytest.approx(1217 / 5985)
    assert [figure.value for figure in figures] == [1217, 5985]
    assert compare_wages("POL", "POL") == (1.0, ())


REFUSED = [
    (look_up_wage, ("43-3501",), "did you mean '43-3051'|Hint"),
    (look_up_wage, ("payroll clerks and timekeeping",), "Hint"),
    (look_up_wage, ("27-2011",), "none a year for 27-2011 Actors"),
    (look_up_country, ("XXX", "location_risk"), "ISO 3166"),
    (look_up_country, ("POL", "risk"), "did you mean|Hint"),
    (compare_wages, ("CHN",), "none of earnings_usd_per_month for CHN"),
    (read_assumed, ("overhead",), "did you mean 'overhead_share'"),
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
    assert set(table["kind"]) <= {"published", "assumed"}
    assert (table[["figure", "unit", "source"]] != "").all(axis=None)
    assert table.loc[table["kind"] == "assumed", "source"].str.startswith("assumed").all()
    assert load_starting_options()["source"].str.startswith("assumed").all()
