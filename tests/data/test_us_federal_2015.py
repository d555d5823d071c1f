"""Claims about the real case: what was kept, the bridge, like with like, and that it loads soundly."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd
import pytest

from sourcing.assess import map_postures, score_indices
from sourcing.case import load_case, settle

UNITS = ["agriculture", "defense", "general_services", "housing"]
EVIDENCE = ["functions", "exclusions", "occupation_map", "bridge", "comparison"]
TABLES = [
    "units",
    "processes",
    "criteria",
    "scores",
    "options",
    "deals",
    "locations",
    "vetoes",
    "rules",
    "policy",
    *EVIDENCE,
]


@pytest.fixture(scope="module")
def bridge(federal):
    return federal("bridge").set_index("figure")["value"].astype(float)


@pytest.fixture(scope="module")
def compared(federal):
    return federal("comparison").set_index(["business_unit", "process"])


def test_the_case_loads_soundly(data_folder):
    case = load_case(data_folder / "us_federal_2015")
    assert list(case.units["business_unit"]) == UNITS
    for unit in UNITS:
        assert len(case.select(unit).processes) >= 6


def test_every_column_of_every_table_is_documented(data_folder, federal):
    found = {path.stem for path in (data_folder / "us_federal_2015").glob("*.csv")} - {"sources"}
    assert found == set(TABLES)
    documented = federal("sources").groupby("table")["column"].agg(set)
    for table in TABLES:
        assert documented[table] == set(federal(table).columns), table


def test_kept_and_excluded_rows_sum_to_the_source(federal):
    sums = federal("exclusions")[["rows", "invoiced_usd", "contractor_hours"]].sum()
    assert sums["rows"] == 544
    assert sums["invoiced_usd"] == pytest.approx(812_491_066.46, abs=0.5)
    assert sums["contractor_hours"] == pytest.approx(5_787_028.73, abs=0.5)


def test_the_kept_rows_are_the_functions(federal):
    kept = federal("exclusions").query("reason == 'kept'")
    functions = (
        federal("functions")
        .groupby("business_unit")
        .agg(
            rows=("contract_actions", "sum"),
            functions=("service_code", "size"),
            invoiced_usd=("invoiced_usd", "sum"),
            contractor_hours=("contractor_hours", "sum"),
        )
    )
    for column in functions:
        assert functions[column].to_numpy() == pytest.approx(kept[column].to_numpy(), abs=0.5)


def test_the_readme_shows_the_counts_of_the_exclusions(data_folder, federal):
    text = (data_folder / "us_federal_2015" / "README.md").read_text(encoding="utf-8")
    for reason, part in federal("exclusions").groupby("reason"):
        assert f"| {reason} | {part['rows'].sum():,} | {part['invoiced_usd'].sum():,.2f} |" in text


def test_every_function_meets_the_selection(federal):
    functions = federal("functions")
    fte = functions["contractor_hours"] / 2088
    assert (fte >= 1).all()
    assert (functions["invoiced_usd"] / fte).between(25_000, 750_000).all()
    assert not functions["service_code"].str[0].isin(["Y", "Z"]).any()
    assert (functions.groupby("business_unit").size() >= 6).all()


def test_the_bridge_recomputes_from_the_reference_tables(bridge, reference):
    usa = reference("inflation").query("country == 'USA'").set_index("year")["inflation_share"]
    assert bridge["wage_2021_to_2015"] == pytest.approx(
        1 / np.prod([1 + usa[year] for year in range(2016, 2022)]), abs=1e-6
    )
    assert bridge["army_price_2014_to_2015"] == pytest.approx(1 + usa[2015], abs=1e-6)
    assert bridge["labor_cost_over_wage"] == pytest.approx(bridge["wage_2021_to_2015"] * 1776 / 2080 * 1.6181, abs=1e-6)
    assert bridge["employee_productivity"] == pytest.approx(1776 / 2088, abs=5e-5)
    earnings = reference("countries").set_index("country")["earnings_usd_per_month"]
    assert bridge["offshore_wage_ratio"] == pytest.approx(earnings["POL"] / earnings["USA"], abs=5e-5)


def test_every_figure_of_the_bridge_says_what_it_is(federal):
    table = federal("bridge")
    assert set(table["kind"]) == {"published", "measured", "derived", "assumed"}
    assert table[["value", "unit", "kind", "source"]].notna().all().all()
    assert table.loc[table["kind"] == "assumed", "source"].str.startswith("assumed").all()


def test_as_is_costs_what_was_paid(federal):
    paid = federal("functions").groupby("business_unit")["invoiced_usd"].sum()
    options = federal("options")
    price = options[options["option"] == "contracted"].groupby("business_unit")["price_per_year"].sum()
    assert (paid - price).abs().max() < 20  # whole dollars per function


def test_a_head_is_two_thousand_and_eighty_eight_hours(federal):
    processes = federal("processes")
    assert (processes["volume_per_year"] / 2088 - processes["headcount_fte"]).abs().max() < 0.0051
    assert (processes["volume_unit"] == "direct labor hours").all()


@pytest.mark.parametrize(
    ("option", "gain", "wage"),
    [
        ("in_house", 1.0, 1.0),
        ("shared_service", 1.1, 1.0),
        ("offshore_captive", 0.85, None),
    ],
)
def test_own_staff_costs_recompute_by_hand(federal, bridge, compared, option, gain, wage):
    part = federal("options").query("option == @option").set_index(["business_unit", "process"])
    heads = federal("processes").set_index(["business_unit", "process"])["headcount_fte"]
    year = (
        part["labor_cost_per_fte"] * 1.12 * heads.reindex(part.index) / part["productivity"]
        + part["non_labor_cost_per_year"]
    )
    assert (year / compared[option].reindex(part.index) - 1).abs().max() < 1e-4
    wages = compared["wage_2021"].reindex(part.index) * 0.87469 * 1776 / 2080 * 1.6181
    wages *= bridge["offshore_wage_ratio"] if wage is None else wage
    assert (part["labor_cost_per_fte"] / wages - 1).abs().max() < 1e-3
    assert part["productivity"].iloc[0] == pytest.approx(1776 / 2088 * gain, abs=1e-4)


def test_non_labor_is_the_same_in_every_option_of_a_process(federal, compared):
    own = federal("options").query("owner_type == 'own'")
    per_process = own.groupby(["business_unit", "process"])["non_labor_cost_per_year"]
    assert (per_process.max() == per_process.min()).all()
    assert (compared["non_labor"] < compared["contracted"]).all()


def test_retendering_goes_half_way_to_the_armys_price(compared, federal):
    heads = federal("processes").set_index(["business_unit", "process"])["headcount_fte"]
    part = compared[compared["retendered"].notna()]
    service = part["contracted"] - part["non_labor"]
    half = (service + part["army_price_per_fte"] * heads.reindex(part.index)) / 2 + part["non_labor"]
    assert (half - part["retendered"]).abs().max() < 2
    assert (part["army_basis"] == "code").all() and (part["army_fte"] >= 10).all()


def test_the_armys_pooled_price_of_the_help_desk_is_worked_by_hand(compared, reference):
    prices = reference("service_prices").query("service_code == 'D321'").set_index("fiscal_year")
    paid = prices["price_per_fte"] * prices["contractor_fte"] * (1 - prices["non_labor_share"])
    by_hand = (paid[2014] * 1.00119 + paid[2015]) / prices["contractor_fte"].sum()
    assert compared.loc[("defense", "help_desk"), "army_price_per_fte"] == pytest.approx(by_hand, abs=1)


def test_offshore_is_barred_and_the_bar_is_called_an_assumption(federal):
    vetoes = federal("vetoes").set_index("veto")
    assert vetoes.loc["no_offshore", "delivery_model"] == "offshore"
    assert vetoes.loc["no_work_abroad", "is_abroad"] == "yes"
    assert vetoes["reason"].str.contains("assumption").all()
    assert set(federal("options").query("delivery_model == 'offshore'")["location"]) == {"POL"}


def test_every_process_can_stay_as_it_is_or_come_in_house(federal):
    offered = federal("options").groupby(["business_unit", "process"])["option"].agg(set)
    assert offered.map({"contracted", "in_house"}.issubset).all()


def test_scores_are_figures_with_evidence_and_missing_ones_stay_empty(federal):
    scores = federal("scores")
    assert set(scores["assessor"]) == {"reference"}
    assert scores["evidence"].str.contains("GSA FY2015|O\\*NET").all()
    market = scores[scores["criterion"].isin(["market_depth", "competition", "concentration"])]
    without = market[market["score"].isna()]
    assert len(without) == 3 * 7
    assert without["evidence"].str.contains("not in the inventory").all()
    counted = market[market["score"].notna()]["evidence"].str.contains(r"\d+ actions")
    assert counted.all()


@pytest.mark.parametrize("unit", UNITS)
def test_every_process_has_a_posture_at_default_levers(take_unit, unit):
    case = take_unit(unit)
    policy, _ = settle(case)
    postures = map_postures(score_indices(case), policy)["posture"]
    assert set(postures.index) == set(case.processes["process"])
    assert "unscored" not in set(postures)
    assert postures.nunique() >= 3


def test_no_indicator_feeds_two_indices(federal):
    criteria = federal("criteria")
    assert not criteria["criterion"].duplicated().any()
    assert not criteria["source"].duplicated().any()


def test_depth_of_market_is_the_logarithm_of_its_providers(federal, reference):
    scores = federal("scores").query("criterion == 'market_depth' and process == 'help_desk'")["score"]
    providers = reference("service_markets").set_index("service_code").loc["D321", "providers"]
    assert scores.to_numpy() == pytest.approx(np.log10(providers), abs=1e-3)


def test_no_company_is_named(data_folder, federal):
    assert set(federal("options")["owner"]) == {"own", "incumbent contractors", "market provider"}
    corporate = re.compile(r"\b(INC|LLC|CORP|CORPORATION|L\.P|LTD|COMPANY)\b")
    for path in (data_folder / "us_federal_2015").glob("*.csv"):
        assert not corporate.search(path.read_text(encoding="utf-8")), path.name


def test_the_tables_are_what_the_script_makes_of_the_functions(data_folder, federal, build):
    folder = data_folder / "us_federal_2015"
    made = build.build_case(federal("functions"))
    for name, table in made.items():
        assert table.to_csv(lineterminator="\n") == (folder / f"{name}.csv").read_text(encoding="utf-8"), name


def test_the_screen_drops_each_row_under_its_first_reason(build, tmp_path):
    row = {
        "psc": "D302",
        "funding_department": "DEPT OF DEFENSE",
        "country": "USA",
        "date_signed": "2015-01-01",
        "contract_type": "FIRM FIXED PRICE",
        "vendor": "A",
        "invoiced_usd": 200_000.0,
        "contractor_hours": 2088.0,
        "igf_class": "OT",
    }
    codes = ["D302", "D307", "D308", "D310", "D316", "D321"]
    rows = [row | {"psc": code} for code in codes]
    rows += [
        row | {"psc": "Z2AA"},
        row | {"country": "DEU"},
        row | {"contractor_hours": 0.0},
        row | {"contractor_hours": 200.0},
        row | {"invoiced_usd": 20_000.0},
        row | {"invoiced_usd": 800_000.0},
        row | {"psc": "R408", "contractor_hours": 1000.0},
        row | {"funding_department": "STATE, DEPARTMENT OF"},
    ]
    pd.DataFrame(rows).to_csv(tmp_path / "gsa_sci_fy2015_contractor_fte.csv", index=False)
    functions, exclusions = build.select_functions(tmp_path)
    assert list(functions.index.get_level_values("service_code")) == codes
    assert list(exclusions.index) == [
        "construction (PSC Y or Z)",
        "performed abroad",
        "no hours reported",
        "less than 0.16 contractor FTE",
        "price below 25,000 USD per FTE",
        "price above 750,000 USD per FTE",
        "function under one FTE",
        "department with fewer than six functions",
        "kept",
    ]
    assert exclusions["rows"].tolist() == [1] * 8 + [6]
    assert functions["months_left"].tolist() == [3.0] * 6
