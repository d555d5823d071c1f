"""Claims about figures that stand in for empty cells: what they are, that own figures win, that each is listed."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest

from sourcing import Case, pack, settle
from sourcing.assess import Judgment
from sourcing.case import fill_deals, fill_options, load_reference
from sourcing.case.filling.assumed import load_place_bound
from sourcing.case.filling.generate import complete_tables, pick_criteria
from sourcing.case.filling.money import bridge_money
from sourcing.case.filling.reference import look_up_price, look_up_wage
from sourcing.errors import CaseError
from sourcing.value import list_offers

UNIT = {
    "business_unit": "u", "name": "Unit (fictional)", "home_country": "USA", "currency": "USD", "price_year": "2021",
    "discount_rate": "0.05", "country_abroad": "POL",
}  # fmt: skip
PROCESS = {
    "business_unit": "u", "process": "pay", "name": "Payroll", "headcount_fte": "10", "occupation": "43-3051",
}  # fmt: skip
WAGE, LOAD = 49_560, 1.3032
POLAND = 0.3
"""Least level of labor cost: average earnings are lower, 1,217 / 5,985."""


def score(*processes: str) -> pd.DataFrame:
    rows = [
        {"business_unit": "u", "process": each, "criterion": name, "assessor": "a", "score": points}
        for each in processes
        for name, points in (("commoditization", "4"), ("core_competency", "2"))
    ]
    return pd.DataFrame(rows)


def make_case(*, unit: dict | None = None, process: dict | None = None, **tables: list[dict]) -> Case:
    made = {name: pd.DataFrame(rows) for name, rows in tables.items()}
    frames = {"units": pd.DataFrame([UNIT | (unit or {})]), "processes": pd.DataFrame([PROCESS | (process or {})])}
    return Case({**frames, "scores": score("pay"), **made})


def option(**cells: str) -> dict:
    base = {"business_unit": "u", "process": "pay", "option": "stay", "delivery_model": "in_house",
            "owner_type": "own", "location": "USA"}  # fmt: skip
    return base | cells


def fill(case: Case) -> pd.DataFrame:
    return fill_options(case)[0].set_index("option")


def test_own_staff_cost_the_wage_times_the_load_factor():
    assert fill(make_case()).at["in_house", "labor_cost_per_fte"] == pytest.approx(WAGE * LOAD)


def test_own_staff_abroad_cost_the_ratio_of_average_earnings():
    filled = fill(make_case(unit={"country_abroad": "PRT"}))
    assert filled.at["offshore", "labor_cost_per_fte"] == pytest.approx(WAGE * LOAD * 2420 / 5985)


def test_an_outside_owner_charges_labor_overhead_and_margin():
    filled = fill(make_case())
    assert filled.at["provider", "price_per_year"] == pytest.approx(10 * WAGE * LOAD * 1.12 * 1.1)
    abroad = 10 / 0.85 * WAGE * LOAD * POLAND * 1.12 * 1.1
    assert filled.at["provider_abroad", "price_per_year"] == pytest.approx(abroad)


def test_a_price_of_the_service_stands_before_the_should_cost():
    filled = fill(make_case(process={"service_code": "D321 help desk"}))
    price, non_labor = look_up_price("D321")
    growth = bridge_money(1.0, "USD", 2015, "USD", 2021)[0]
    home = price.value * 10 * 1776 / 2088 * growth
    assert filled.at["provider", "price_per_year"] == pytest.approx(home)
    moved = home / 0.85 * ((1 - non_labor) * POLAND + non_labor)
    assert filled.at["provider_abroad", "price_per_year"] == pytest.approx(moved)


def test_amounts_come_in_the_units_currency_and_price_year():
    filled = fill(make_case(unit={"home_country": "DEU", "currency": "EUR", "price_year": "2026"}))
    wanted = bridge_money(WAGE * LOAD * 5044 / 5985, "USD", 2021, "EUR", 2026)[0]
    assert filled.at["in_house", "labor_cost_per_fte"] == pytest.approx(wanted)


@pytest.mark.parametrize(
    ("country", "floor", "named"), [("IND", 0.246, "wage floor of IND"), ("ZAF", 0.25, "least wage ratio")]
)
def test_a_country_of_informal_work_takes_the_floor_and_says_so(country, floor, named):
    figures = fill_options(make_case(unit={"country_abroad": country}))[1]
    row = figures[(figures["option"] == "offshore") & (figures["column"] == "labor_cost_per_fte")]
    assert row["value"].iloc[0] == pytest.approx(WAGE * LOAD * floor)
    assert named in set(row["figure"])
    assert f"(level of {country} raised to the floor)" in row["bridge"].iloc[0]


def test_a_home_country_of_informal_work_is_raised_as_well_so_that_a_ratio_compares_like_with_like():
    own = {"labor_cost_today_per_fte": "10000"}
    filled = fill(make_case(unit={"home_country": "ZAF", "currency": "ZAR", "country_abroad": "IND"}, process=own))
    assert filled.at["offshore", "labor_cost_per_fte"] == pytest.approx(10_000 * 0.246 / 0.25)


def test_labor_cost_today_wins_over_the_wage_and_moves_abroad_with_it():
    filled = fill(make_case(process={"labor_cost_today_per_fte": "90000"}))
    assert filled.at["in_house", "labor_cost_per_fte"] == 90_000
    assert filled.at["offshore", "labor_cost_per_fte"] == pytest.approx(90_000 * POLAND)


def test_price_today_is_that_of_todays_provider_only():
    case = make_case(process={"as_is_option": "provider", "price_today_per_year": "500000"})
    filled = fill(case)
    assert filled.at["provider", "price_per_year"] == 500_000
    assert filled.at["provider_abroad", "price_per_year"] != 500_000
    assert filled.at["in_house", "labor_cost_per_fte"] > 0


@pytest.mark.parametrize(("typed", "wanted"), [("70000", 70_000), ("0", 0)])
def test_an_analysts_own_figure_always_wins_zero_included(typed, wanted):
    own = option(labor_cost_per_fte=typed, non_labor_cost_per_year="5")
    options, figures = fill_options(make_case(process={"as_is_option": "stay"}, options=[own]))
    assert options["labor_cost_per_fte"].tolist() == [wanted]
    assert set(figures["column"]) <= {"overhead_share"}


def test_a_wage_costs_the_same_wherever_it_is_typed():
    """90,000 a head takes the overhead of 12 % beside it in either table, and none where 0 is typed."""

    def cost(process: dict | None = None, **cells: str) -> float:
        case = make_case(process={"as_is_option": "stay"} | (process or {}), options=[option(**cells)])
        row = fill(case).loc["stay"]
        return row["labor_cost_per_fte"] * (1 + row["overhead_share"])

    typed_today = {"labor_cost_today_per_fte": "90000"}
    assert cost(labor_cost_per_fte="90000") == pytest.approx(100_800)
    assert cost(typed_today) == pytest.approx(100_800)
    assert cost(labor_cost_per_fte="90000", overhead_share="0") == cost(typed_today, overhead_share="0") == 90_000


def test_an_overhead_that_stands_in_is_shown_as_a_figure_that_is_not_the_units_own():
    own = option(labor_cost_per_fte="90000")
    figures = fill_options(make_case(process={"as_is_option": "stay"}, options=[own]))[1]
    [row] = figures.to_dict("records")
    assert (row["column"], row["value"], row["figure"]) == ("overhead_share", 0.12, "overhead share")


OWN_HEADS, CONTRACTORS = 20.88, 17.76
"""The same work: 20.88 x 1,776 hours of own staff, 17.76 x 2,088 hours of contractors."""


def staff(case: Case, name: str) -> float:
    """Return what own staff costs a year by an option: heads x labor cost."""
    row = fill(case).loc[name]
    return float(case.processes["headcount_fte"].iloc[0]) / row["productivity"] * row["labor_cost_per_fte"]


@pytest.mark.parametrize("service_code", ["D321", ""], ids=["a price per contractor FTE", "should-cost"])
def test_the_way_to_a_provider_and_back_changes_no_heads(service_code):
    own = make_case(process={"service_code": service_code, "headcount_fte": str(OWN_HEADS)})
    there = {"service_code": service_code, "headcount_fte": str(CONTRACTORS), "as_is_option": "provider"}
    back = make_case(process=there)
    assert fill(back).at["in_house", "productivity"] == pytest.approx(1776 / 2088)
    for name in ("provider", "provider_abroad"):
        assert fill(back).at[name, "price_per_year"] == pytest.approx(fill(own).at[name, "price_per_year"])
    for name in ("in_house", "onshore", "offshore"):
        assert staff(back, name) == pytest.approx(staff(own, name))
    assert staff(back, "in_house") == pytest.approx(OWN_HEADS * WAGE * LOAD)


def test_hours_of_contractors_are_listed_with_their_source_and_the_productivity_assumed():
    figures = fill_options(make_case(process={"as_is_option": "provider"}))[1]
    rows = figures[(figures["option"] == "onshore") & (figures["column"] == "productivity")]
    assert rows["value"].iloc[0] == pytest.approx(1.1 * 1776 / 2088)
    assert {"employee hours per fte", "contractor hours per fte"} <= set(rows["figure"])
    assert rows["bridge"].iloc[0] == "1.1 of one as-is; hours of own over contractor staff x 0.8506"


def out(**cells: str) -> dict:
    return option(option="out", delivery_model="outsource", owner_type="provider", **cells)


@pytest.mark.parametrize(
    ("process", "own", "today", "wanted"),
    [
        ({}, {"labor_cost_per_fte": "90000"}, {"price_per_year": "7"}, 1),
        ({"labor_cost_today_per_fte": "90000"}, {}, {"price_per_year": "7"}, 1),
        ({"service_code": "D321"}, {"labor_cost_per_fte": "90000"}, {}, 1776 / 2088),
        ({"service_code": "D321", "labor_cost_today_per_fte": "90000"}, {}, {}, 1776 / 2088),
        ({"service_code": "D321", "labor_cost_today_per_fte": "90000", "price_today_per_year": "7"}, {}, {}, 1),
        ({}, {}, {"price_per_year": "7"}, 1776 / 2088),
        ({}, {"productivity": "1"}, {"price_per_year": "7"}, 1),
        ({}, {"productivity": "1.25"}, {}, 1.25),
    ],
    ids=["typed in options", "typed in processes", "price of reference", "price of reference, typed in processes",
         "both typed in processes", "wage of reference", "productivity typed as 1", "productivity typed"],
)  # fmt: skip
def test_heads_are_contractors_where_a_reference_figure_is_laid_on_them(process, own, today, wanted):
    case = make_case(process={"as_is_option": "out"} | process, options=[option(**own), out(**today)])
    assert fill(case).at["stay", "productivity"] == pytest.approx(wanted)
    assert fill(case).at["out", "productivity"] == 1


@pytest.mark.parametrize("as_is", ["in_house", "provider"])
def test_a_should_cost_price_earns_the_margin_it_was_made_with_whoever_does_the_work_today(as_is):
    case = make_case(process={"as_is_option": as_is})
    policy, _ = settle(case)
    offers = list_offers(case, Judgment(case, policy).postures, policy).set_index("option")
    assert offers.at["provider", "price_per_year"] / offers.at["provider", "should_cost_per_year"] == pytest.approx(1.1)


def test_a_should_cost_price_pays_for_what_the_work_costs_beside_labor():
    today = option(labor_cost_per_fte="90000", overhead_share="0.1", non_labor_cost_per_year="200000")
    options = [today, out(), out(non_labor_cost_per_year="50000") | {"option": "part"}]
    case = make_case(process={"as_is_option": "stay", "labor_cost_today_per_fte": "90000"}, options=options)
    filled = fill(case)
    # ten heads at 90,000 and 12 % overhead, a margin of a tenth on cost; what is listed beside the price is not in it
    assert filled.at["out", "price_per_year"] == pytest.approx((1_008_000 + 200_000) * 1.1)
    assert filled.at["part", "price_per_year"] == pytest.approx((1_008_000 + 150_000) * 1.1)
    policy, _ = settle(case)
    offers = list_offers(case, Judgment(case, policy).postures, policy).set_index("option")
    for name in ("out", "part"):
        assert offers.at[name, "price_per_year"] == pytest.approx(1.1 * offers.at[name, "should_cost_per_year"])


def test_employees_behind_a_head_are_counted_as_stated_whoever_typed_the_price():
    today = out(price_per_year="2000000")
    process = {"as_is_option": "out", "labor_cost_today_per_fte": "90000"}
    plain, stated = (
        make_case(process=process | cell, options=[today, option()]) for cell in ({}, {"employees_per_head": "1.25"})
    )
    costs = []
    for case in (plain, stated):
        policy, _ = settle(case)
        offers = list_offers(case, Judgment(case, policy).postures, policy).set_index("option")
        costs.append(offers.at["out", "should_cost_per_year"])
    # ten heads at 90,000 and 12 % overhead; a quarter more employees
    assert costs == pytest.approx([1_008_000, 1_260_000])
    assert fill(stated).at["stay", "productivity"] == pytest.approx(0.8)


def test_a_typed_option_without_a_cost_takes_the_default_and_its_overhead():
    outside = option(option="out", delivery_model="outsource", owner_type="provider")
    filled = fill(make_case(process={"as_is_option": "stay"}, options=[option(), outside]))
    assert filled.at["stay", "labor_cost_per_fte"] == pytest.approx(WAGE * LOAD)
    assert filled.at["stay", "overhead_share"] == 0.12
    assert filled.at["out", "price_per_year"] == pytest.approx(10 * WAGE * LOAD * 1.12 * 1.1)
    assert filled.at["out", "labor_cost_per_fte"] == 0
    assert filled["transition_cost"].tolist() == [0, 0], "only generated options take an assumed transition"


def test_a_price_is_not_counted_beside_a_wage():
    priced = option(price_per_year="400000")
    filled = fill(make_case(process={"as_is_option": "stay"}, options=[priced]))
    assert filled.loc["stay", ["labor_cost_per_fte", "price_per_year"]].tolist() == [0, 400_000]


def test_options_are_generated_by_model_and_place():
    case = make_case()
    table = case.options.set_index("option")
    assert table["delivery_model"].to_dict() == {
        "in_house": "in_house", "onshore": "onshore", "offshore": "offshore",
        "provider": "outsource", "provider_abroad": "outsource",
    }  # fmt: skip
    assert table["location"].to_dict() == {
        "in_house": "USA", "onshore": "USA", "offshore": "POL", "provider": "USA", "provider_abroad": "POL",
    }  # fmt: skip
    assert table["is_generated"].all()
    assert case.processes["as_is_option"].tolist() == ["in_house"]
    home = make_case(unit={"country_abroad": ""})
    assert set(home.options["option"]) == {"in_house", "onshore", "provider"}


def test_rows_of_a_process_stop_generation_for_it_alone():
    more = PROCESS | {"process": "bill", "name": "Billing"}
    first = PROCESS | {"as_is_option": "stay"}
    tables = {"units": [UNIT], "processes": [first, more], "options": [option(labor_cost_per_fte="5")]}
    case = Case({**{name: pd.DataFrame(rows) for name, rows in tables.items()}, "scores": score("pay", "bill")})
    assert case.options.groupby("process").size().to_dict() == {"bill": 5, "pay": 1}


def test_completing_twice_gives_the_same():
    case = make_case()
    assert Case(case.tables).fingerprint == case.fingerprint
    again = complete_tables(case.tables)
    pd.testing.assert_frame_equal(again["options"], case.tables["options"])


def test_a_generated_move_costs_the_assumed_share_of_today():
    filled = fill(make_case())
    today = 10 * WAGE * LOAD * 1.12
    shares = {"in_house": 0, "onshore": 0.15, "offshore": 0.2, "provider": 0.1, "provider_abroad": 0.15}
    assert filled["transition_cost"].to_dict() == pytest.approx({key: share * today for key, share in shares.items()})


def test_every_filled_cell_lists_its_figures_with_source_year_licence_and_way():
    options, figures = fill_options(make_case(process={"service_code": "D321"}))
    assert (figures[["figure", "source", "year", "licence", "bridge"]] != "").all(axis=None)
    given = make_case(process={"service_code": "D321"}).options.set_index("option")
    for column in ("labor_cost_per_fte", "overhead_share", "price_per_year", "transition_cost"):
        filled = options.set_index("option")[column]
        made = filled[given[column].isna() & (filled != 0)]
        listed = figures[figures["column"] == column].drop_duplicates("option").set_index("option")["value"]
        pd.testing.assert_series_equal(listed.sort_index(), made.sort_index(), check_names=False)


def test_the_case_keeps_its_cells_empty():
    case = make_case()
    fill_options(case)
    assert case.options["labor_cost_per_fte"].isna().all()


def test_amounts_in_another_money_are_bridged_and_the_way_is_listed():
    bill = option(option="out", delivery_model="outsource", owner_type="provider", price_per_year="100000",
                  transition_cost="1000", currency="EUR", price_year="2024")  # fmt: skip
    own = option(labor_cost_per_fte="5", overhead_share="0")
    options, figures = fill_options(make_case(process={"as_is_option": "stay"}, options=[own, bill]))
    row = options.set_index("option").loc["out"]
    factor = bridge_money(1.0, "EUR", 2024, "USD", 2021)[0]
    assert row["price_per_year"] == pytest.approx(100_000 * factor)
    assert row["transition_cost"] == pytest.approx(1000 * factor)
    assert (row["currency"], math.isnan(row["price_year"])) == ("", True)
    ways = figures.drop_duplicates("column").set_index("column")["bridge"]
    assert set(ways.index) == {"price_per_year", "transition_cost"}
    assert ways["price_per_year"].startswith("your own 100,000 EUR of 2024; EUR to USD at rates of 2024")


def test_deals_are_bridged_too():
    incumbent = option(delivery_model="outsource", owner_type="provider", price_per_year="7")
    deal = {"business_unit": "u", "process": "pay", "deal": "old", "months_left": "6", "break_fee": "100",
            "currency": "EUR", "price_year": "2024"}  # fmt: skip
    deals, figures = fill_deals(make_case(process={"as_is_option": "stay"}, options=[incumbent], deals=[deal]))
    assert deals["break_fee"].tolist() == pytest.approx([100 * bridge_money(1.0, "EUR", 2024, "USD", 2021)[0]])
    assert set(figures["column"]) == {"break_fee"}
    assert deals["retender_price_per_year"].isna().all()


def test_a_bridged_option_costs_what_the_same_option_in_own_money_costs(decide):
    def cost(**cells: str) -> np.ndarray:
        bill = option(option="out", delivery_model="outsource", owner_type="provider", **cells)
        case = make_case(process={"as_is_option": "stay"}, options=[option(labor_cost_per_fte="5"), bill])
        return decide(case).alternatives["cash_cost"].to_numpy(float)

    amount = bridge_money(100_000.0, "GBP", 2019, "USD", 2021)[0]
    np.testing.assert_allclose(
        cost(price_per_year="100000", currency="GBP", price_year="2019"), cost(price_per_year=repr(amount))
    )


def problems_of(**given: object) -> pd.DataFrame:
    with pytest.raises(CaseError) as caught:
        make_case(**given)
    return caught.value.problems


FAULTS = [
    ({"process": {"occupation": ""}}, "processes", "occupation", "a cost of in_house", "labor_cost_today_per_fte"),
    ({"unit": {"home_country": "CHN", "currency": "CNY", "country_abroad": ""}}, "processes", "occupation",
     "a cost of in_house", "none of earnings_usd_per_month for CHN"),
    ({"process": {"occupation": "Payrol and Timekeeping Clerks"}}, "processes", "occupation", "SOC",
     "did you mean 'Payroll"),
    ({"process": {"as_is_option": "in-house"}}, "processes", "as_is_option", "an option of the process",
     "did you mean 'in_house'"),
    ({"unit": {"country_abroad": "USA"}}, "units", "country_abroad", "other than home_country", "leave it empty"),
    ({"process": {"as_is_option": "stay", "occupation": ""}, "options": [option()]}, "options", "labor_cost_per_fte",
     "some running cost", "fill labor_cost_per_fte"),
    ({"process": {"as_is_option": "stay"},
      "options": [option(labor_cost_per_fte="1", currency="TWD", price_year="2020")]},
     "options", "currency", "none of TWD", "Hint"),
]  # fmt: skip


@pytest.mark.parametrize(("given", "table", "column", "rule", "hint"), FAULTS)
def test_what_no_default_can_mend_is_said_where_it_is_typed(given, table, column, rule, hint):
    problems = problems_of(**given)
    found = problems[(problems["table"] == table) & (problems["column"] == column) & (problems["row"].isin([0, 2]))]
    assert found["rule"].str.contains(rule, regex=False).any(), problems.to_string()
    assert found["hint"].str.contains(hint, regex=False).any(), problems.to_string()


def test_an_index_scored_in_one_number_has_one_criterion_and_the_others_their_set():
    criteria = pick_criteria(pd.DataFrame({"criterion": ["commoditization", "documentation"]}))
    counts = criteria.groupby("index").size()
    assert counts["commoditization"] == 1
    assert counts["core_competency"] == 4
    assert criteria["criterion"].is_unique


def test_wages_are_looked_up_by_the_name_that_the_drop_down_offers():
    by_name = make_case(process={"occupation": "43-3051 Payroll and Timekeeping Clerks"})
    assert fill(by_name)["labor_cost_per_fte"].equals(fill(make_case())["labor_cost_per_fte"])
    assert look_up_wage("43-3051").value == WAGE


@pytest.mark.parametrize(
    "occupation",
    ["37-2011", "33-9032", "53-7065", "11-3013", "Security Guards", "43-9051", "43-5021", "43-5052", "43-4171",
     "25-4022", "43-4121", "49-9071", "25-2021", "51-8031"],
)  # fmt: skip
def test_work_done_on_the_spot_gets_no_generated_option_abroad(occupation):
    case = make_case(process={"occupation": occupation})
    assert set(case.options["option"]) == {"in_house", "onshore", "provider"}


def test_work_done_on_the_spot_is_said_to_be_offered_at_home_only(decide):
    caption = pack.show_figures(decide(make_case(process={"occupation": "37-2011"}))).html
    assert "Work done on the spot was offered at home only: Payroll." in caption


def test_an_analyst_may_offer_work_abroad_that_is_usually_done_on_the_spot():
    cleaning = {"occupation": "37-2011"}
    assert "offshore" in set(make_case(process=cleaning | {"as_is_option": "offshore"}).options["option"])
    own = [option(), option(option="far", delivery_model="offshore", location="POL")]
    typed = make_case(process=cleaning | {"as_is_option": "stay"}, options=own)
    assert set(typed.options["option"]) == {"stay", "far"}


FAR = option(option="far", delivery_model="offshore", location="POL")


@pytest.mark.parametrize(
    ("process", "asked"),
    [
        ({"occupation": "43-9051"}, ["POL"]),
        ({"occupation": "43-9051", "is_place_bound": "no"}, []),
        ({"is_place_bound": "yes"}, ["POL"]),
        ({}, []),
        ({"occupation": "43-9051", "as_is_option": "far"}, []),
    ],
    ids=["by its occupation", "meant by the analyst", "said by the analyst", "work that travels", "done there today"],
)
def test_work_on_the_spot_that_is_typed_abroad_is_asked_about(process, asked):
    case = make_case(process={"as_is_option": "stay"} | process, options=[option(), FAR])
    found = case.warnings
    assert found["value"].tolist() == asked
    assert set(found["column"]) <= {"location"}
    assert found["hint"].str.contains("write no in processes.is_place_bound").all()


def test_what_the_analyst_says_of_the_place_decides_what_is_generated():
    assert set(make_case(process={"is_place_bound": "yes"}).options["option"]) == {"in_house", "onshore", "provider"}
    travels = make_case(process={"occupation": "43-9051", "is_place_bound": "no"})
    assert {"offshore", "provider_abroad"} <= set(travels.options["option"])


def test_each_occupation_on_the_spot_is_one_that_the_reference_knows():
    codes = load_reference("occupations")["soc"]
    for code in load_place_bound()["occupations"]:
        assert codes.str.startswith(code).any(), code


def test_work_that_can_be_done_anywhere_says_nothing_of_the_spot(decide):
    case = make_case()
    assert {"offshore", "provider_abroad"} <= set(case.options["option"])
    assert "on the spot" not in pack.show_figures(decide(case)).html


@pytest.mark.parametrize(
    ("table", "column", "value", "rule"),
    [
        ("unit", "home_country", "Germany", "a country of countries"),
        ("process", "occupation", "99-9999", "a US SOC code or its name"),
    ],
)
def test_one_wrong_name_behind_generated_options_is_one_fault(table, column, value, rule):
    with pytest.raises(CaseError) as caught:
        make_case(**{table: {column: value}})
    [problem] = caught.value.problems.to_dict("records")
    assert (problem["column"], problem["value"], problem["rule"]) == (column, value, rule)
    assert "Hint: did you mean" in problem["hint"] or "Hint: known are" in problem["hint"]
