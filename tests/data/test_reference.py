"""Claims about the reference tables: published figures, directions, documentation."""

from __future__ import annotations

import re

import pandas as pd
import pytest

TABLES = [
    "countries",
    "exchange_rates",
    "inflation",
    "load_factors",
    "occupations",
    "service_markets",
    "service_prices",
]
KEYS = {
    "countries": ["country"], "exchange_rates": ["currency", "year"], "inflation": ["country", "year"],
    "load_factors": ["period", "ownership", "group"],
    "occupations": ["soc"], "service_markets": ["service_code"],
    "service_prices": ["service_code", "fiscal_year"],
}  # fmt: skip


def read_documented(text: str) -> list[list[str]]:
    """Rows of the markdown tables under `### name.csv`, as in sources.csv."""
    rows = []
    for part in re.split(r"^### ", text, flags=re.M)[1:]:
        name, lines = part.split(".csv", 1)[0], part.splitlines()
        cells = [[cell.strip() for cell in line.strip("|").split(" | ")] for line in lines if line.startswith("|")]
        rows += [[name, *(cell.replace("**assumed**", "assumed") for cell in row)] for row in cells[2:]]
    return rows


def as_texts(table: pd.DataFrame) -> list[list[str]]:
    return [[str(cell).strip() for cell in row] for row in table.fillna("").astype(str).to_numpy().tolist()]


@pytest.mark.parametrize("table", TABLES)
def test_every_key_is_unique_and_filled(reference, table):
    keys = reference(table)[KEYS[table]]
    assert not keys.isna().any().any()
    assert not keys.duplicated().any()


@pytest.mark.parametrize("table", TABLES)
def test_every_column_names_its_source_year_licence_unit_and_transformation(reference, table):
    documented = reference("sources").query("table == @table")
    assert list(documented["column"]) and set(documented["column"]) == set(reference(table).columns)
    assert not documented.isna().any().any()


def test_every_table_of_the_folder_is_known_here(data_folder):
    assert {path.stem for path in (data_folder / "reference").glob("*.csv")} == {*TABLES, "sources"}


@pytest.mark.parametrize(
    ("readme", "sources"),
    [
        ("README.md", "reference/sources.csv"),
        ("us_federal_2015/README.md", "us_federal_2015/sources.csv"),
    ],
)
def test_the_readme_says_of_each_column_what_sources_says(data_folder, readme, sources):
    written = read_documented((data_folder / readme).read_text(encoding="utf-8"))
    wanted = as_texts(pd.read_csv(data_folder / sources, dtype=str, keep_default_na=False))
    assert written == wanted


def test_attribution_lines_of_the_licences_are_given(data_folder):
    text = (data_folder / "README.md").read_text(encoding="utf-8")
    for words in (
        "O*NET Database by the U.S. Department of Labor",
        "Worldwide Governance Indicators, CC BY 4.0",
        "Penn World Table",
        "ILOSTAT, CC BY 4.0",
        "Unicode License v3",
        "ODC Public Domain",
    ):
        assert words in text


def test_the_armys_help_desk_price_is_the_published_one(reference):
    prices = reference("service_prices").set_index(["service_code", "fiscal_year"])["price_per_fte"]
    assert prices["D321", 2015] == 128_181
    assert prices["R703", 2015] == 144_450
    assert prices["R699", 2015] == 65_916


def test_wages_are_the_published_ones(reference):
    wages = reference("occupations").set_index("soc")
    assert wages.loc["13-1111", "wage_mean"] == 100_530
    assert wages.loc["11-1011", "wage_mean"] == 213_020
    assert wages.loc["37-2011", "wage_mean"] == 31_860
    assert pd.isna(wages.loc["11-1011", "wage_p90"])  # top-coded at 208,000


def test_the_load_factor_of_private_industry_is_the_published_ratio(reference):
    loads = reference("load_factors").set_index(["period", "ownership", "group"])
    everyone = loads.loc[("2024-12", "private", "All workers")]
    assert everyone["load_factor"] == pytest.approx(44.67 / 31.47, abs=5e-5)
    assert everyone["load_factor_leave_paid"] == pytest.approx(44.67 / (31.47 + 3.38), abs=5e-5)


def test_chief_executives_are_not_routine_and_telephone_operators_are(reference):
    routine = reference("occupations").set_index("soc")["routineness"]
    assert routine["43-2021"] == pytest.approx((0.97 + 0.93 + 1 - 0.27) / 3, abs=1e-3)
    assert routine["11-1011"] < routine.median() < routine.quantile(0.95) < routine["43-2021"]


def test_routineness_is_the_mean_of_its_parts(reference):
    table = reference("occupations")
    parts = (table["repetition"] + table["exactness"] + 1 - table["freedom"]) / 3
    assert (parts - table["routineness"]).abs().max() < 1.1e-3


def test_location_risk_is_one_minus_the_mean_rank(reference):
    table = reference("countries")
    ranks = table[[f"{d}_pct_rank" for d in ("pv", "ge", "rq", "rl", "cc")]].mean(axis=1)
    assert (1 - ranks / 100 - table["location_risk"]).abs().max() < 1e-3
    risk = table.set_index("country")["location_risk"]
    assert risk.between(0, 1).all()
    assert risk["CHE"] < risk["USA"] < risk["IND"] < risk["AFG"]


def test_every_country_with_indicators_is_kept_even_without_other_figures(reference):
    table = reference("countries").set_index("country")
    assert len(table) == 213
    assert table["location_risk"].notna().all() and table["name"].notna().all()
    assert pd.isna(table.loc["XKX", "currency"]) and pd.isna(table.loc["AFG", "price_level_2019"])


def test_purchasing_power_earnings_are_brought_to_market_rates(reference):
    table = reference("countries").set_index("country")
    level = table["price_level_2019"] / table.loc["USA", "price_level_2019"]
    gap = (table["earnings_ppp_per_month"] * level - table["earnings_usd_per_month"]).abs()
    assert gap.max() < 1.5
    assert table.loc["USA", "earnings_usd_per_month"] == table.loc["USA", "earnings_ppp_per_month"]
    assert table.loc["POL", "earnings_usd_per_month"] < table.loc["POL", "earnings_ppp_per_month"]


def test_inflation_is_a_yearly_share_of_real_countries(reference):
    table = reference("inflation")
    assert table["year"].between(2010, 2024).all()
    assert not {"WLD", "EUU", "HIC", "SSA"} & set(table["country"])
    usa = table[table["country"] == "USA"].set_index("year")["inflation_share"]
    assert usa[2021] == pytest.approx(0.04698)


def test_exchange_rates_are_local_currency_per_dollar(reference):
    rates = reference("exchange_rates").set_index(["currency", "year"])["lcu_per_usd"]
    assert rates["EUR", 2024] == pytest.approx(0.9242)
    assert 80 < rates["INR", 2024] < 90


def test_market_shares_lie_between_zero_and_one_and_money_reconciles(reference):
    table = reference("service_markets")
    for column in [name for name in table if name.endswith("_share")]:
        assert table[column].between(0, 1).all()
    assert table["obligated_usd"].sum() == pytest.approx(3_054_921_912.90, abs=200)
    assert table["actions"].sum() == 6105


def test_all_data_together_is_smaller_than_two_megabytes(data_folder):
    assert sum(path.stat().st_size for path in data_folder.rglob("*.csv")) < 2_000_000
