"""Build the reference tables of `data/reference/` from the public source files.

    python data/build_reference.py SOURCE_FOLDER [--out FOLDER]

The source files, their licences and the traps in them are described in `data/README.md`. Every figure is
selected, renamed, averaged or divided as said there; none is imputed. The same sources give the same bytes.
"""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path

import pandas as pd

RISK_DIMENSIONS = ["pv", "ge", "rq", "rl", "cc"]
ONET = [
    "job_zone",
    "degree_of_automation",
    "importance_repeating",
    "importance_exact",
    "structured_vs_unstructured",
]
FIRST_YEAR = 2010
ADDED_COUNTRY_NAMES = {"XKX": "Kosovo"}


def build_countries(source: Path) -> pd.DataFrame:
    """Return location risk, language, clock, holidays and price level by country; index country."""
    wgi = pd.read_csv(source / "wgi_2019_2023.csv").sort_values("year").groupby("iso3").tail(1).set_index("iso3")
    profile = pd.read_csv(source / "country_profile.csv", keep_default_na=False, na_values=[""]).set_index("iso3")
    ranks = wgi[[f"{d}_pct_rank" for d in RISK_DIMENSIONS]]
    table = pd.DataFrame({"name": profile["country"].reindex(wgi.index).fillna(pd.Series(ADDED_COUNTRY_NAMES))})
    table["currency"] = profile["currency"]
    table["location_risk"] = (1 - ranks.mean(axis=1) / 100).round(4)
    table[list(ranks)] = ranks.round(1)
    errors = wgi[[f"{d}_std_error" for d in RISK_DIMENSIONS]]
    table["mean_std_error"] = errors.mean(axis=1).round(3)
    table["wgi_year"] = wgi["year"]
    table["english_pop_percent"] = profile["english_pop_percent"]
    table["utc_offset_min"] = profile["utc_offset_min_2025"]
    table["utc_offset_max"] = profile["utc_offset_max_2025"]
    table["public_holidays"] = profile["public_holidays_2025"].astype("Int64")
    table["price_level_2019"] = profile["price_level_gdpo_2019"]
    table["xr_2019"] = profile["xr_lcu_per_usd_2019"]
    table["earnings_ppp_per_month"] = profile["ilo_monthly_earnings_ppp2021"].round(0).astype("Int64")
    table["earnings_year"] = profile["ilo_year"].astype("Int64")
    relative = profile["price_level_gdpo_2019"] / profile.loc["USA", "price_level_gdpo_2019"]
    market = profile["ilo_monthly_earnings_ppp2021"] * relative
    table["earnings_usd_per_month"] = market.round(0).astype("Int64")
    return table.rename_axis("country").sort_index()


def build_occupations(source: Path) -> pd.DataFrame:
    """Return wages and routineness by detailed occupation; index soc."""
    wages = pd.read_csv(source / "oews_national_2021.csv")
    wages = wages[wages["o_group"] == "detailed"].set_index("occ_code")
    onet = pd.read_csv(source / "onet_routineness_2021.csv")
    broad = onet["soc"].str[:6] + "0"
    merged_by_oews = ~onet["soc"].isin(wages.index) & broad.isin(wages.index)
    traits = onet.groupby(onet["soc"].mask(merged_by_oews, broad))[ONET].mean()
    names = {
        "occ_title": "name",
        "tot_emp": "employment",
        "a_mean": "wage_mean",
        "a_pct10": "wage_p10",
        "a_median": "wage_median",
        "a_pct90": "wage_p90",
    }
    table = wages[list(names)].rename(columns=names)
    table[list(names.values())[1:]] = table[list(names.values())[1:]].astype("Int64")
    routine = (
        traits["importance_repeating"] + traits["importance_exact"] + 1 - traits["structured_vs_unstructured"]
    ) / 3
    table["routineness"] = routine.round(3)
    table["repetition"] = traits["importance_repeating"].round(3)
    table["exactness"] = traits["importance_exact"].round(3)
    table["freedom"] = traits["structured_vs_unstructured"].round(3)
    table["degree_of_automation"] = traits["degree_of_automation"].round(3)
    table["job_zone"] = traits["job_zone"].round(2)
    return table.rename_axis("soc").sort_index()


def build_load_factors(source: Path) -> pd.DataFrame:
    """Return employer cost over wages by kind of employer and work."""
    ecec = pd.read_csv(source / "ecec_cost_multipliers.csv")
    total, wages = ecec["total_compensation_usd_per_hour"], ecec["wages_usd_per_hour"]
    return pd.DataFrame(
        {
            "period": ecec["reference_period"],
            "ownership": ecec["ownership"],
            "group": ecec["group"],
            "compensation_usd_per_hour": total,
            "wages_usd_per_hour": wages,
            "paid_leave_usd_per_hour": ecec["paid_leave_usd"],
            "load_factor": (total / wages).round(4),
            "load_factor_leave_paid": (total / (wages + ecec["paid_leave_usd"])).round(4),
        }
    ).set_index("period")


def build_inflation(source: Path) -> pd.DataFrame:
    """Return consumer price inflation by country and year, as a share; index country."""
    cpi = pd.read_csv(source / "cpi_inflation_annual.csv")
    profile = pd.read_csv(source / "country_profile.csv", keep_default_na=False)
    real = {*profile["iso3"], *ADDED_COUNTRY_NAMES}
    cpi = cpi[cpi["iso3"].isin(real) & (cpi["year"] >= FIRST_YEAR)].sort_values(["iso3", "year"])
    return pd.DataFrame(
        {
            "country": cpi["iso3"],
            "year": cpi["year"],
            "inflation_share": (cpi["inflation_pct"] / 100).round(5),
        }
    ).set_index("country")


def build_exchange_rates(source: Path) -> pd.DataFrame:
    """Return yearly average local currency per USD; index currency."""
    fx = pd.read_csv(source / "fx_annual_lcu_per_usd.csv")
    fx = fx[fx["year"] >= FIRST_YEAR].sort_values(["currency", "year"])
    return fx[["currency", "year", "lcu_per_usd"]].set_index("currency")


def build_service_prices(source: Path) -> pd.DataFrame:
    """Return what one contractor full-time equivalent cost the Army, by service code and fiscal year."""
    cmra = pd.read_csv(source / "army_cmra_cost_per_fte.csv")
    cmra = cmra[cmra["force"] == "generating"]
    sums = cmra.groupby(["psc", "fiscal_year"])[
        [
            "invoiced_usd",
            "direct_nonlabor_usd",
            "direct_labor_usd",
            "contractor_fte",
            "n_locations_or_data_points",
        ]
    ].sum()
    table = (
        pd.DataFrame(
            {
                "price_per_fte": (sums["invoiced_usd"] / sums["contractor_fte"]).round(0).astype("int64"),
                "direct_labor_per_fte": (sums["direct_labor_usd"] / sums["contractor_fte"]).round(0).astype("int64"),
                "non_labor_share": (sums["direct_nonlabor_usd"] / sums["invoiced_usd"]).round(4),
                "contractor_fte": sums["contractor_fte"].round(3),
                "n": sums["n_locations_or_data_points"],
            }
        )
        .reset_index()
        .rename(columns={"psc": "service_code"})
    )
    return table.set_index("service_code")


def build_service_markets(source: Path) -> pd.DataFrame:
    """Return depth, competition and closeness to government of each service code; index service_code."""
    names = {
        "psc_description": "description",
        "n_actions": "actions",
        "n_vendors": "providers",
        "vendor_hhi": "hhi",
        "share_actions_competed": "competed_share",
        "share_actions_igf_CT": "critical_share",
        "share_actions_igf_CL": "closely_associated_share",
        "share_actions_igf_OT": "other_share",
        "share_actions_igf_missing": "untagged_share",
        "obligated_usd": "obligated_usd",
    }
    table = pd.read_csv(source / "gsa_sci_fy2015_by_psc.csv").set_index("psc")[list(names)].rename(columns=names)
    table["hhi"] = table["hhi"].round(0).astype("int64")
    table["obligated_usd"] = table["obligated_usd"].round(0).astype("int64")
    return table.rename_axis("service_code").sort_index()


BUILDERS = {
    "countries": build_countries,
    "occupations": build_occupations,
    "load_factors": build_load_factors,
    "inflation": build_inflation,
    "exchange_rates": build_exchange_rates,
    "service_prices": build_service_prices,
    "service_markets": build_service_markets,
}


def write_tables(tables: dict[str, pd.DataFrame], folder: Path) -> None:
    """Write the tables aside, then move them into place."""
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder, prefix=".aside-") as aside:
        for name, table in tables.items():
            table.to_csv(Path(aside) / f"{name}.csv", encoding="utf-8", lineterminator="\n")
        for name in tables:
            (Path(aside) / f"{name}.csv").replace(folder / f"{name}.csv")


def main() -> None:
    """Read the arguments and build."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("source", type=Path, help="folder of the public source files")
    parser.add_argument("--out", type=Path, default=Path(__file__).parent / "reference", help="folder to write to")
    arguments = parser.parse_args()
    tables = {name: build(arguments.source) for name, build in BUILDERS.items()}
    write_tables(tables, arguments.out)
    for name, table in tables.items():
        print(f"{name}: {len(table)} rows")


if __name__ == "__main__":
    main()
