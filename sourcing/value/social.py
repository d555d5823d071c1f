"""Social and customer value as measures, each with its stated method."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

if TYPE_CHECKING:
    from sourcing.case import Case


def price_social(offers: pd.DataFrame, case: Case) -> dict[str, pd.Series]:
    """Measure jobs and customer contact of each alternative.

    Methods (house rules; the figures behind them are the case's own, with the source it names):

    - jobs_home: people at work in the home country at steady state, whoever employs them.
    - social_value: people at the option's site x unemployment rate of its region - today's people x the rate of
      theirs: a job counts more where work is scarce. A region without a rate counts 0 on its side and is listed by
      `list_regions`.
    - contact_moved: share of the unit's customer contact that passes to another owner than today's.
    - contact_service: share of the unit's customer contact x points of availability that the option gives over
      today's (table `service_levels`, which names its source); 0 where either is not known.

    Returns
    -------
    dict of measure to Series, index of `offers`
    """
    rate = case.locations.set_index("location")["unemployment_rate"].astype(float)
    there, before = (offers[column].map(rate).fillna(0.0) for column in ("location", "today_location"))
    heads, home = offers["headcount_fte"], case.unit["home_country"]
    changes = offers["owner"] != offers["process"].map(offers[offers["is_as_is"]].set_index("process")["owner"])
    return {
        "jobs_home": offers["fte"].where(offers["country"] == home, 0.0),
        "social_value": offers["fte"] * there - heads * before,
        "contact_moved": offers["customer_contact_share"].where(changes, 0.0),
        "contact_service": offers["customer_contact_share"] * _gain_points(offers, case),
    }


def _gain_points(offers: pd.DataFrame, case: Case) -> pd.Series:
    """Return the points (hundredths) of availability of each option over today's; 0 where one is not known."""
    levels = case.service_levels
    levels = levels[levels["measure"] == "availability"].set_index(["process", "option"])["expected"]
    given, today = (
        pd.Series(levels.reindex(pd.MultiIndex.from_frame(keys)).to_numpy(float), offers.index)
        for keys in (offers[["process", "option"]], offers[["process", "as_is_option"]])
    )
    return (100 * (given - today)).fillna(0.0)


def list_regions(case: Case, chosen: pd.DataFrame, today: pd.DataFrame) -> pd.DataFrame:
    """List the jobs of each region today and as chosen.

    Parameters
    ----------
    case : Case
    chosen, today : DataFrame
        Alternatives with location, country, fte and share.

    Returns
    -------
    DataFrame
        One row per region (of the site; else its country): region, jobs_today, jobs, change, unemployment_rate (NaN
        where the case gives none), weighted_change (change x rate), source.
    """
    sites = case.locations.set_index("location")
    region = sites["region"][sites["region"] != ""].to_dict()

    def count_jobs(rows: pd.DataFrame) -> pd.Series:
        places = zip(rows["location"], rows["country"], strict=True)
        where = pd.Series([region.get(site, country) for site, country in places], rows.index, dtype=str)
        return (rows["fte"] * rows["share"]).groupby(where).sum()

    table = pd.DataFrame({"jobs_today": count_jobs(today), "jobs": count_jobs(chosen)}).fillna(0.0)
    about = sites.assign(region=sites["region"].where(sites["region"] != "", sites["country"]))
    about = about.dropna(subset=["unemployment_rate"]).drop_duplicates("region").set_index("region")
    rate = about["unemployment_rate"].astype(float).reindex(table.index)
    change = table["jobs"] - table["jobs_today"]
    return (
        table.assign(
            change=change,
            unemployment_rate=rate,
            weighted_change=change * rate,
            source=about["unemployment_source"].reindex(table.index).fillna(""),
        )
        .rename_axis("region")
        .reset_index()
    )
