"""From the sources' years, hours and heads to one price year, like with like."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

DATA = Path(__file__).resolve().parent.parent
A76 = "OMB Circular A-76 (2003): a convention, not a measurement"
# figure: value, unit, kind, source
GIVEN = {
    "contractor_hours_per_fte": (
        2088,
        "direct hours per year",
        "published",
        "Army CMRA, definition of a contractor FTE",
    ),
    "employee_hours_per_fte": (1776, "productive hours per year", "published", A76),
    "paid_hours_per_fte": (
        2080,
        "hours per year",
        "published",
        "BLS OEWS technical notes: annual wage = hourly wage x 2,080",
    ),
    "overhead_share": (0.12, "share of labor cost", "published", A76),
    "labor_price_ceiling": (
        2,
        "multiple of the Army's price without non-labor",
        "assumed",
        "assumed: what is paid beyond it is taken as materials, licenses and subcontracts, "
        "needed whoever does the work",
    ),
    "least_fte_behind_price": (
        10,
        "contractor FTE",
        "assumed",
        "assumed: below it the letter of the code stands in",
    ),
    "retender_share_of_gap": (
        0.5,
        "share",
        "assumed",
        "assumed: half of the way from today's price to the Army's; a code covers unlike work",
    ),
    "shared_productivity_gain": (0.10, "share", "assumed", "assumed: pooling at a shared site"),
    "offshore_productivity_loss": (0.15, "share", "assumed", "assumed: distance and hand-over"),
    "discount_rate": (
        0.022,
        "share per year, nominal",
        "assumed",
        "assumed: about the yield of US Treasury notes in 2015",
    ),
    "inflation_rate": (0.02, "share per year", "assumed", "assumed: the Federal Reserve's target"),
}
# option: transition share of yearly cost, transition months, ramp months, start productivity (all assumed)
MOVES = {
    "in_house": (0.10, 6, 6, 0.75),
    "shared_service": (0.15, 9, 6, 0.70),
    "retendered": (0.05, 6, 0, 1.0),
    "offshore_captive": (0.20, 12, 9, 0.60),
}
ABROAD = "POL"


def read_reference(name: str) -> pd.DataFrame:
    """Read one table of data/reference."""
    return pd.read_csv(DATA / "reference" / f"{name}.csv", keep_default_na=False, na_values=[""])


def value_of(figure: str) -> float:
    """Return a given figure."""
    return GIVEN[figure][0]


def build_bridge() -> pd.DataFrame:
    """Return every figure between the sources and the case, with what it is and where it comes from."""
    inflation = read_reference("inflation").query("country == 'USA'").set_index("year")["inflation_share"]
    load = read_reference("load_factors").query("period == '2024-12' and ownership == 'state and local government'")
    countries = read_reference("countries").set_index("country")["earnings_usd_per_month"]
    rows = [(name, value, unit, "", "", kind, source) for name, (value, unit, kind, source) in GIVEN.items()]
    growth = float((1 + inflation.loc[2016:2021]).prod())
    to_2015 = round(1 / growth, 6)
    worked = value_of("employee_hours_per_fte") / value_of("paid_hours_per_fte")
    government = float(load["load_factor"].iloc[0])
    cpi = "World Bank FP.CPI.TOTL.ZG, United States (data/reference/inflation.csv)"
    rows += [
        (
            "contract_price_to_2015",
            1,
            "ratio",
            2015,
            2015,
            "measured",
            "paid in fiscal year 2015; taken as 2015",
        ),
        (
            "army_price_2014_to_2015",
            round(1 + float(inflation[2015]), 6),
            "ratio",
            2014,
            2015,
            "measured",
            cpi,
        ),
        (
            "wage_2021_to_2015",
            to_2015,
            "ratio",
            2021,
            2015,
            "measured",
            f"{cpi}: 1 / product of 2016 to 2021",
        ),
        (
            "load_factor_government",
            government,
            "compensation over wages",
            "",
            "",
            "measured",
            "BLS ECEC December 2024, state and local government (data/reference/load_factors.csv); "
            "a ratio needs no bridge",
        ),
        (
            "labor_cost_over_wage",
            round(to_2015 * worked * government, 6),
            "ratio",
            2021,
            2015,
            "derived",
            "wage_2021_to_2015 x employee_hours_per_fte / paid_hours_per_fte x load_factor_government: "
            "the factor holds "
            "paid leave, so it is laid on the wage of hours worked only",
        ),
        (
            "employee_productivity",
            round(value_of("employee_hours_per_fte") / value_of("contractor_hours_per_fte"), 4),
            "contractor FTE per employee",
            "",
            "",
            "derived",
            "employee_hours_per_fte / contractor_hours_per_fte",
        ),
        (
            "offshore_wage_ratio",
            round(float(countries[ABROAD] / countries["USA"]), 4),
            "ratio",
            "",
            "",
            "measured",
            f"average earnings at market rates, {ABROAD} over USA (data/reference/countries.csv); approximate",
        ),
    ]
    for option, (share, months, ramp, start) in MOVES.items():
        source = "assumed: one simple share for every process"
        rows += [
            (
                f"{option}_transition_share",
                share,
                "share of the option's yearly cost",
                "",
                "",
                "assumed",
                source,
            ),
            (f"{option}_transition_months", months, "months", "", "", "assumed", source),
            (f"{option}_ramp_months", ramp, "months", "", "", "assumed", source),
            (f"{option}_start_productivity", start, "share", "", "", "assumed", source),
        ]
    columns = ["figure", "value", "unit", "from_year", "to_year", "kind", "source"]
    return pd.DataFrame(rows, columns=columns).set_index("figure")


def pool_army_prices(codes: pd.Series, to_2015: float) -> pd.DataFrame:
    """Return the Army's price per FTE without non-labor (2015 prices) and its non-labor share by code.

    Both fiscal years are pooled by contractor FTE. A code with too few FTE behind it takes the figures
    of all codes that share its letter; `army_basis` says which.
    """
    prices = read_reference("service_prices")
    year = prices["fiscal_year"].map({2014: to_2015, 2015: 1.0})
    prices["invoiced"] = prices["price_per_fte"] * prices["contractor_fte"] * year
    prices["non_labor"] = prices["invoiced"] * prices["non_labor_share"]
    sums = ["invoiced", "non_labor", "contractor_fte"]
    by_code = prices.groupby("service_code")[sums].sum().reindex(codes.unique())
    by_letter = prices.groupby(prices["service_code"].str[0])[sums].sum().reindex(by_code.index.str[0])
    own = by_code["contractor_fte"].fillna(0) >= value_of("least_fte_behind_price")
    used = by_code.where(own, by_letter.set_axis(by_code.index))
    return pd.DataFrame(
        {
            "army_basis": np.where(own, "code", "letter"),
            "army_fte": used["contractor_fte"].round(1),
            "army_price_per_fte": ((used["invoiced"] - used["non_labor"]) / used["contractor_fte"]).round(0),
            "army_non_labor_share": (used["non_labor"] / used["invoiced"]).round(4),
        }
    )


def compare_options(functions: pd.DataFrame, bridge: pd.DataFrame) -> pd.DataFrame:
    """Return what each way to deliver costs a year in 2015 prices, like with like; one row per function."""
    factor = bridge["value"].astype(float)
    table = functions.join(
        pool_army_prices(functions["service_code"], factor["army_price_2014_to_2015"]), on="service_code"
    )
    wages = read_reference("occupations").set_index("soc")["wage_mean"]
    fte = table["headcount_fte"]
    price = table["price_per_year"]
    by_share = table["army_non_labor_share"] * price
    beyond_ceiling = price - factor["labor_price_ceiling"] * table["army_price_per_fte"] * fte
    table["non_labor"] = np.maximum(by_share, beyond_ceiling).round(0)
    table["non_labor_rule"] = np.where(beyond_ceiling > by_share, "ceiling", "army share")
    table["wage_2021"] = table["occupation"].map(wages)
    table["labor_cost_per_fte"] = (table["wage_2021"] * factor["labor_cost_over_wage"]).round(0)
    staff = {
        "in_house": (1.0, 1.0),
        "shared_service": (1 + factor["shared_productivity_gain"], 1.0),
        "offshore_captive": (1 - factor["offshore_productivity_loss"], factor["offshore_wage_ratio"]),
    }
    overhead = 1 + factor["overhead_share"]
    table["contracted"] = price
    for option, (gain, wage) in staff.items():
        productivity = round(factor["employee_productivity"] * gain, 4)
        labor = (table["labor_cost_per_fte"] * wage).round(0)
        table[option] = (labor * overhead * fte / productivity + table["non_labor"]).round(0)
    gap = factor["retender_share_of_gap"]
    service = (1 - gap) * (price - table["non_labor"]) + gap * table["army_price_per_fte"] * fte
    table["retendered"] = (service + table["non_labor"]).round(0)
    can_move = table["can_move"] == "yes"
    table.loc[~can_move, ["shared_service", "offshore_captive"]] = np.nan
    table.loc[table["army_basis"] != "code", "retendered"] = np.nan
    return table
