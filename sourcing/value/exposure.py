"""Expected loss: probability times impact of causes that no cash line holds, one function per cause.

What a loss costs has two parts, days without the work and what mending it costs, in three sizes per process:

    mended    error_cost + recovery_days x loss_per_day           the same team brings the work back
    replaced  replacement_cost + replacement_days x loss_per_day  team or site is gone and others take the work up
    brand     brand_cost                                          customers lost by how they were spoken to

| cause | who and where | a year (or once) | size | what cash holds instead |
|---|---|---|---|---|
| operational | whoever does the work | failure_rate, else operational_rate | mended | service credits |
| structural | a provider; a joint venture | structural_rate; venture_rate | replaced | planned tenders and hand-backs |
| location | any site | location_rate x risk of the site | replaced | nothing |
| move | what moves, once at go-live | move_failure | replaced; mended where owner and site stay | service dip, ramp |
| key_person | whoever does the work | key_person_rate x unready share / people | replaced | replacing who leaves |
| walk_out | an outside owner whose price starves it | walk_out_rate | replaced | nothing |
| brand | an outside owner that speaks to customers | brand_rate | brand | nothing |

Each holds for the option from go-live and for today's delivery until then. The first three kinds are those of Aron and
Singh (2005) and Aron, Clemons and Reddi (2005); the others are house rules. Rates are levers of the Outlook.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from sourcing.case import AS_ASSUMED, Worked, fill_terms, list_cell_figures, read_assumed
from sourcing.value.cash import RUN, count_overseers, discount_quarters, mark_quarter, share_live

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from sourcing.case import Case, Outlook, Policy

    Sizes = Mapping[str, np.ndarray]
    Quarters = np.ndarray

DAYS_PER_YEAR = 365
SIZES = (
    "loss_per_day", "recovery_days", "replacement_days", "error_cost", "replacement_cost", "brand_cost",
)  # fmt: skip
"""Columns of the table losses that hold a size."""


def fill_losses(case: Case, criticality: pd.Series, run_cost: pd.Series) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Fill what the table losses leaves empty, all amounts in the unit's money; an amount that is given stands.

    revenue = the unit's, else assumed multiple x today's yearly running cost of all its processes; loss_per_day =
    criticality ** 2 x revenue / 365 x assumed share, since the middle of the scale, where a day's outage hurts, is far
    from half the business standing still (house rule); brand_cost = contact share x revenue x assumed share; the days
    are assumed. A process without a criticality counts as fully critical, the cautious end; the pack lists it.
    error_cost and replacement_cost stay empty here: they follow `loss_multiple` and today's cost, see `size_losses`.

    Parameters
    ----------
    case : Case
        One unit.
    criticality, run_cost : Series
        Index process: index of criticality (NaN where not scored); today's yearly running cost.

    Returns
    -------
    tuple of DataFrame and DataFrame
        Index process, columns SIZES; and the figures behind what was filled, columns of `fill_options`.
    """
    given, bridged = fill_terms(case, "losses")
    processes = case.processes.set_index("process")
    sizes = given.set_index("process")[list(SIZES)].reindex(processes.index).astype(float)
    rows: list[dict[str, object]] = []
    revenue = float(case.unit["revenue_per_year"])
    if np.isnan(revenue):
        multiple = read_assumed("revenue_multiple")
        revenue = multiple.value * float(run_cost.reindex(processes.index).sum())
        words = ("x today's yearly running cost of all processes of the unit",)
        rows += list_cell_figures("", "", "revenue_per_year", Worked(revenue, (multiple,), words))
    fully = criticality.reindex(processes.index).fillna(1.0)
    shares = {"loss_per_day": fully**2 / DAYS_PER_YEAR, "brand_cost": processes["customer_contact_share"]}
    assumed = {"loss_per_day": "outage_share", "brand_cost": "brand_share"}
    said = {
        "loss_per_day": "x criticality squared x revenue / 365",
        "brand_cost": "x share of customer contact x revenue",
    }
    for column, share in shares.items():
        figure = read_assumed(assumed[column])
        for process in sizes.index[sizes[column].isna()]:
            amount = float(share[process]) * revenue * figure.value
            sizes.at[process, column] = amount
            if amount:
                rows += list_cell_figures(process, "", column, Worked(amount, (figure,), (said[column],)))
    for column in ("recovery_days", "replacement_days"):
        figure = read_assumed(column)
        for process in sizes.index[sizes[column].isna()]:
            sizes.at[process, column] = figure.value
            if sizes.at[process, "loss_per_day"]:
                rows += list_cell_figures(process, "", column, Worked(figure.value, (figure,), (AS_ASSUMED,)))
    made = pd.DataFrame(rows, columns=bridged.columns)
    return sizes, pd.concat([table for table in (bridged, made) if len(table)] or [made], ignore_index=True)


def add_losses(offers: pd.DataFrame, case: Case) -> pd.DataFrame:
    """Add the columns SIZES of `fill_losses` to the offers."""
    today = offers[offers["is_as_is"]].set_index("process")
    sizes, _ = fill_losses(case, today["criticality"], today[list(RUN)].sum(axis=1))
    return offers.merge(sizes, left_on="process", right_index=True, how="left")


def size_losses(offers: pd.DataFrame, outlook: Outlook) -> dict[str, np.ndarray]:
    """Return the loss of one event by size, in price-year currency, each of shape (alternatives, 1).

    mended = error_cost + recovery_days x loss_per_day; replaced = replacement_cost + replacement_days x loss_per_day;
    brand = brand_cost. Where error_cost or replacement_cost is not given it is criticality x today's yearly running
    cost x loss_multiple (house rule).

    Examples
    --------
    Half critical work of 100 a year, 4 a day, 2 days to mend, 10 to replace; replacing costs 30 as given:

    >>> from sourcing.case import Outlook
    >>> offers = pd.DataFrame({"criticality": [0.5], "today_labor": [100.0], "today_overhead": [0.0],
    ...     "today_non_labor": [0.0], "today_price": [0.0], "loss_per_day": [4.0], "recovery_days": [2.0],
    ...     "replacement_days": [10.0], "error_cost": [np.nan], "replacement_cost": [30.0], "brand_cost": [7.0]})
    >>> {name: float(size[0, 0]) for name, size in size_losses(offers, Outlook()).items()}
    {'mended': 58.0, 'replaced': 70.0, 'brand': 7.0}
    """
    today = sum(offers[f"today_{line}"].to_numpy(float) for line in RUN)
    usual = pd.Series(offers["criticality"].fillna(1.0).to_numpy(float) * today * outlook.loss_multiple, offers.index)
    days = {name: offers[f"{name}_days"] * offers["loss_per_day"] for name in ("recovery", "replacement")}
    sizes = {
        "mended": offers["error_cost"].fillna(usual) + days["recovery"],
        "replaced": offers["replacement_cost"].fillna(usual) + days["replacement"],
        "brand": offers["brand_cost"],
    }
    return {name: size.to_numpy(float)[:, None] for name, size in sizes.items()}


def spread_rates(rates: Iterable[pd.Series], live: Quarters) -> Quarters:
    """Return the events expected in each quarter from two yearly rates: the option's from go-live, today's until then.

    Examples
    --------
    Go-live in the middle of the second quarter:

    >>> spread_rates([pd.Series([0.4]), pd.Series([0.8])], np.array([[0.0, 0.5, 1.0]])).round(4).tolist()
    [[0.2, 0.15, 0.1]]
    """
    rate, today = (each.to_numpy(float)[:, None] for each in rates)
    return (rate * live + today * (1 - live)) / 4


def lose_operations(offers: pd.DataFrame, sizes: Sizes, outlook: Outlook, live: Quarters) -> Quarters:
    """Price failures of the work: failure_rate of the option, else operational_rate, x mended.

    Examples
    --------
    Twice in a hundred years a loss of 58, in a quarter: 58 x 0.02 / 4:

    >>> from sourcing.case import Outlook
    >>> offers = pd.DataFrame({"failure_rate": [np.nan], "today_failure_rate": [0.5]})
    >>> lose_operations(offers, {"mended": np.array([[58.0]])}, Outlook(), np.ones((1, 1))).round(4).tolist()
    [[0.29]]
    """
    given = (
        offers[name].astype(float).fillna(outlook.operational_rate) for name in ("failure_rate", "today_failure_rate")
    )
    return sizes["mended"] * spread_rates(given, live)


def lose_owner(offers: pd.DataFrame, sizes: Sizes, outlook: Outlook, live: Quarters) -> Quarters:
    """Price outside owners who fail, end early or exploit the deal: structural_rate or venture_rate x replaced.

    Examples
    --------
    Own staff, a provider (5 % a year) and a joint venture (7 %), a loss of 70, in a quarter:

    >>> from sourcing.case import Outlook
    >>> offers = pd.DataFrame({"owner_type": ["own", "provider", "joint_venture"], "today_owner_type": ["own"] * 3})
    >>> lose_owner(offers, {"replaced": np.full((3, 1), 70.0)}, Outlook(), np.ones((3, 1))).round(4).tolist()
    [[0.0], [0.875], [1.225]]
    """
    rates = {"own": 0.0, "provider": outlook.structural_rate, "joint_venture": outlook.venture_rate}
    ended = (offers[f"{side}owner_type"].map(rates).astype(float) for side in ("", "today_"))
    return sizes["replaced"] * spread_rates(ended, live)


def lose_site(offers: pd.DataFrame, sizes: Sizes, outlook: Outlook, live: Quarters) -> Quarters:
    """Price sites hit by country risk: location_rate x risk of the site x replaced.

    Examples
    --------
    A site of risk 0.4, a loss of 70, in a quarter: 70 x 0.05 x 0.4 / 4:

    >>> from sourcing.case import Outlook
    >>> offers = pd.DataFrame({"location_risk": [0.4], "today_location_risk": [0.1]})
    >>> lose_site(offers, {"replaced": np.array([[70.0]])}, Outlook(), np.ones((1, 1))).round(4).tolist()
    [[0.35]]
    """
    risks = (outlook.location_rate * offers[f"{side}location_risk"] for side in ("", "today_"))
    return sizes["replaced"] * spread_rates(risks, live)


def lose_move(offers: pd.DataFrame, sizes: Sizes, outlook: Outlook, live: Quarters) -> Quarters:
    """Price moves that fail, once in the quarter of go-live: move_failure x replaced; x mended in place.

    In place: owner and site stay, so the team that does the work is still there.

    Examples
    --------
    Staying, improving in place (58) and another site (70), of which one in ten fails:

    >>> from sourcing.case import Outlook
    >>> offers = pd.DataFrame({"is_as_is": [True, False, False], "place": ["own@A", "own@A", "own@B"],
    ...     "today_place": ["own@A"] * 3, "go_live_months": [0.0, 4.0, 4.0]})
    >>> sizes = {"mended": np.full((3, 1), 58.0), "replaced": np.full((3, 1), 70.0)}
    >>> lose_move(offers, sizes, Outlook(), np.ones((3, 2))).round(4).tolist()
    [[0.0, 0.0], [0.0, 5.8], [0.0, 7.0]]
    """
    stays, in_place = offers["is_as_is"].astype(bool), offers["place"] == offers["today_place"]
    size = np.where(in_place.to_numpy()[:, None], sizes["mended"], sizes["replaced"])
    at_go_live = mark_quarter(offers["go_live_months"].to_numpy(float), live.shape[1])
    return np.where(stays.to_numpy()[:, None], 0.0, outlook.move_failure * size * at_go_live)


def lose_key_person(offers: pd.DataFrame, sizes: Sizes, outlook: Outlook, live: Quarters) -> Quarters:
    """Price people who leave with what only they know: key_person_rate x unready share / people x replaced.

    One of the people leaves at the rate; the part of the work that is in no document is 1 - process readiness (all of
    it where that is not scored), and what each holds of it alone is one part in as many as there are people, at least
    one. It counts whoever employs them: the key people of a provider matter as if they were our own.

    Examples
    --------
    Five people, half of whose work is in no document, a loss of 70, in a quarter: 70 x 0.11 x 0.5 / 5 / 4; after
    go-live two of them do it:

    >>> from sourcing.case import Outlook
    >>> offers = pd.DataFrame({"process_readiness": [0.5], "headcount_fte": [5.0], "fte": [2.0]})
    >>> lose_key_person(offers, {"replaced": np.array([[70.0]])}, Outlook(), np.array([[0.0, 1.0]])).round(4).tolist()
    [[0.1925, 0.4812]]
    """
    in_heads = outlook.key_person_rate * (1 - offers["process_readiness"].fillna(0.0))
    held = (in_heads / offers[people].clip(lower=1.0) for people in ("fte", "headcount_fte"))
    return sizes["replaced"] * spread_rates(held, live)


def lose_team(offers: pd.DataFrame, sizes: Sizes, outlook: Outlook, live: Quarters) -> Quarters:
    """Price teams that walk out of a deal which starves the provider: walk_out_rate x replaced.

    The deal goes on and nothing is tendered, so it is another event than the provider's own end.

    Examples
    --------
    A deal that starves (10 % a year), a loss of 70, in a quarter:

    >>> from sourcing.case import Outlook
    >>> offers = pd.DataFrame({"is_starved": [True, False], "today_is_starved": [False, False]})
    >>> lose_team(offers, {"replaced": np.full((2, 1), 70.0)}, Outlook(), np.ones((2, 1))).round(4).tolist()
    [[1.75], [0.0]]
    """
    starved = (outlook.walk_out_rate * offers[f"{side}is_starved"].astype(float) for side in ("", "today_"))
    return sizes["replaced"] * spread_rates(starved, live)


def lose_brand(offers: pd.DataFrame, sizes: Sizes, outlook: Outlook, live: Quarters) -> Quarters:
    """Price harm to the brand where an outside owner speaks to customers: brand_rate x brand.

    Without contact, or with own staff, none.

    Examples
    --------
    A provider speaks to customers worth a loss of 8, once in twenty years, in a quarter:

    >>> from sourcing.case import Outlook
    >>> offers = pd.DataFrame({"owner_type": ["provider", "own"], "today_owner_type": ["own", "own"],
    ...     "customer_contact_share": [0.2, 0.2]})
    >>> lose_brand(offers, {"brand": np.full((2, 1), 8.0)}, Outlook(), np.ones((2, 1))).round(4).tolist()
    [[0.1], [0.0]]
    """
    spoken = (outlook.brand_rate * (expose_brand(offers, side) > 0).astype(float) for side in ("", "today_"))
    return sizes["brand"] * spread_rates(spoken, live)


CAUSES = {
    "operational": lose_operations,
    "structural": lose_owner,
    "location": lose_site,
    "move": lose_move,
    "key_person": lose_key_person,
    "walk_out": lose_team,
    "brand": lose_brand,
}
LOSS_LINES = tuple(CAUSES)


def price_losses(offers: pd.DataFrame, unit: pd.Series, outlook: Outlook) -> dict[str, Quarters]:
    """Price the expected loss of each alternative in each quarter, in price-year money.

    Returns
    -------
    dict of cause to ndarray, shape (alternatives, quarters)
        The causes of CAUSES; see the table above.
    """
    live = share_live(offers["go_live_months"].to_numpy(float), 4 * int(unit["horizon_years"]))
    sizes = size_losses(offers, outlook)
    return {cause: price(offers, sizes, outlook, live) for cause, price in CAUSES.items()}


LASTS = {"mended": "recovery", "replaced": "replacement"}
"""Size of a loss -> days without the work."""
STRIKES = {
    "operational": "process", "structural": "owner", "location": "country", "move": "process",
    "key_person": "process", "walk_out": "owner", "brand": "owner",
}  # fmt: skip
"""Whom an event of each cause strikes at once: all work with the same value of this column."""


def list_events(offers: pd.DataFrame, unit: pd.Series, outlook: Outlook) -> pd.DataFrame:
    """List what may befall each offer over the horizon: how often on average, and what it is expected to cost.

    Each cause strikes the option from go-live and today's delivery until then; the two are rows of their own, since
    another owner or country is struck. Their losses sum to the offer's expected loss.

    Parameters
    ----------
    offers : DataFrame
        From `list_offers`.
    unit : Series
    outlook : Outlook

    Returns
    -------
    DataFrame
        Columns row (index of `offers`), cause, struck (whom it strikes: value of the column that STRIKES names), events
        (expected number), loss (net present value), days (without the work, expected of one event: recovery_days where
        the same team mends it, replacement_days where others take it up, none of harm to the brand); rows without a
        loss are left out.
    """
    growing = discount_quarters(unit)
    live = share_live(offers["go_live_months"].to_numpy(float), len(growing))
    sizes = size_losses(offers, outlook)
    once = {name: np.ones_like(size) for name, size in sizes.items()}
    away = {"brand": np.zeros_like(sizes["brand"])} | {
        name: offers[f"{kind}_days"].to_numpy(float)[:, None] for name, kind in LASTS.items()
    }
    tables = []
    for cause, price in CAUSES.items():
        for side, share in (("", live), ("today_", 1 - live)):
            if cause == "move" and side:
                continue
            phase = np.ones_like(live) if side == "" else np.zeros_like(live)
            part = 1.0 if cause == "move" else share
            events, loss, days = (price(offers, size, outlook, phase) * part for size in (once, sizes, away))
            often = events.sum(axis=1)
            column = STRIKES[cause] if STRIKES[cause] == "process" else f"{side}{STRIKES[cause]}"
            tables.append(
                pd.DataFrame(
                    {"row": offers.index, "cause": cause, "struck": offers[column].to_numpy(),
                     "events": often, "loss": loss @ growing,
                     "days": np.divide(days.sum(axis=1), often, out=np.zeros_like(often), where=often > 0.0)}
                )
            )  # fmt: skip
    table = pd.concat(tables, ignore_index=True)
    return table[(table["loss"] != 0.0) & (table["events"] > 0.0)].reset_index(drop=True)


def expose_brand(offers: pd.DataFrame, side: str = "") -> pd.Series:
    """Measure the share of the unit's customer contact in which an outside owner speaks for us.

    Parameters
    ----------
    offers : DataFrame
    side : str
        "" for the option, "today_" for today's delivery.
    """
    return offers["customer_contact_share"].where(offers[f"{side}owner_type"] != "own", 0.0)


def count_skilled(offers: pd.DataFrame, policy: Policy) -> pd.Series:
    """Count the own people who know the work at steady state, in full-time equivalents.

    With own staff all who do it; with an outside owner those kept to own the outcome (`count_overseers`). Who is
    redeployed does other work and is not counted (house rule).

    Examples
    --------
    >>> from sourcing.case import Policy
    >>> offers = pd.DataFrame({"owner_type": ["own", "provider"], "fte": [8.0, 9.0], "headcount_fte": [10.0, 10.0],
    ...                        "delivery_model": ["in_house", "outsource"], "hours_away": [0.0, 0.0]})
    >>> count_skilled(offers, Policy(retained_share=0.05)).tolist()
    [8.0, 0.5]
    """
    return offers["fte"].where(offers["owner_type"] == "own", count_overseers(offers, "", policy)["retained"])
