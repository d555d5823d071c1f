"""Build the real case from the contract inventory and the reference tables.

    python data/us_federal_2015/build.py SOURCE_FOLDER [--out FOLDER]

Two steps. `select_functions` reads the contract file of SOURCE_FOLDER and writes what was kept
(functions.csv) and what was left out (exclusions.csv). `build_case` needs no source folder: it makes the
tables of the case from functions.csv, occupation_map.csv and `data/reference/`. The tables criteria.csv,
occupation_map.csv, policy.csv and sources.csv are written by hand.
The same input gives the same bytes.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import pandas as pd

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

from build_reference import write_tables  # noqa: E402  (the script next door)
from us_federal_2015.bridge import ABROAD, MOVES, build_bridge, compare_options, value_of  # noqa: E402
from us_federal_2015.case_tables import build_options, build_rules, build_scores, build_vetoes  # noqa: E402
from us_federal_2015.selection import UNITS, VALUATION_DATE, select_functions  # noqa: E402


def build_case(functions: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """Return every table made from the functions, the occupation map and the reference tables."""
    bridge = build_bridge()
    codes = pd.read_csv(HERE / "occupation_map.csv").set_index("service_code")
    table = functions.join(codes, on="service_code")
    table["headcount_fte"] = (table["contractor_hours"] / value_of("contractor_hours_per_fte")).round(2)
    table["price_per_year"] = (table["invoiced_usd"] * bridge.loc["contract_price_to_2015", "value"]).round(0)
    table = compare_options(table, bridge).sort_values(["business_unit", "process"]).reset_index(drop=True)
    units = pd.DataFrame(
        [
            {
                "business_unit": unit,
                "name": name,
                "home_country": "USA",
                "currency": "USD",
                "price_year": 2015,
                "valuation_date": VALUATION_DATE.date(),
                "discount_rate": value_of("discount_rate"),
                "inflation_rate": value_of("inflation_rate"),
                "horizon_years": 5,
                "author": "sample case from published figures",
            }
            for unit, name in UNITS.values()
        ]
    ).set_index("business_unit")
    processes = (
        table.rename(columns={"contractor_hours": "volume_per_year"})
        .assign(
            volume_unit="direct labor hours",
            as_is_option="contracted",
            employees_per_head=round(1 / float(bridge.loc["employee_productivity", "value"]), 4),
        )[
            [
                "business_unit",
                "process",
                "name",
                "function",
                "service_code",
                "occupation",
                "volume_per_year",
                "volume_unit",
                "headcount_fte",
                "employees_per_head",
                "as_is_option",
            ]
        ]
        .set_index("business_unit")
    )
    deals = table[["business_unit", "process", "months_left"]].copy()
    deals.insert(2, "deal", "orders signed in fiscal year 2015 (" + table["contract_actions"].astype(str) + ")")
    locations = pd.DataFrame(
        [
            ("present_site", "Present site", "USA"),
            ("shared_center", "Shared-service center", "USA"),
            (ABROAD, "Own site in Poland", ABROAD),
        ],
        columns=["location", "name", "country"],
    ).set_index("location")
    compared = table[
        [
            "business_unit",
            "process",
            "service_code",
            "headcount_fte",
            "army_basis",
            "army_fte",
            "army_price_per_fte",
            "army_non_labor_share",
            "non_labor_rule",
            "non_labor",
            "wage_2021",
            "labor_cost_per_fte",
            "contracted",
            *MOVES,
        ]
    ].set_index("business_unit")
    return {
        "units": units,
        "processes": processes,
        "options": build_options(table, bridge),
        "scores": build_scores(table),
        "deals": deals.set_index("business_unit"),
        "locations": locations,
        "vetoes": build_vetoes(),
        "rules": build_rules(table),
        "bridge": bridge,
        "comparison": compared,
    }


def main() -> None:
    """Read the arguments and build."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("source", type=Path, help="folder of the public source files")
    parser.add_argument("--out", type=Path, default=HERE, help="folder to write to")
    arguments = parser.parse_args()
    functions, exclusions = select_functions(arguments.source)
    tables = build_case(functions.reset_index())
    write_tables({"functions": functions, "exclusions": exclusions, **tables}, arguments.out)
    for name, table in tables.items():
        print(f"{name}: {len(table)} rows")


if __name__ == "__main__":
    main()
