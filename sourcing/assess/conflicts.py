"""Conflict of interest of outside owners: one that competes with us, and one that serves a rival."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from sourcing.assess.vetoes import bar_leaving, join_reasons

if TYPE_CHECKING:
    from sourcing.case import Case, Policy

COMPETES, SELLS_IT, SERVES_RIVAL = 1.0, 1.0, 1.0
"""Weight of a competitor on any process, what selling that very service adds, weight of serving a rival."""
COMPETITOR, RIVAL = "conflict: competes with us", "conflict: serves a rival"


def find_customer_records(processes: pd.DataFrame) -> pd.Series:
    """Say which processes handle data of customers: as stated, else personal data where customers are met.

    Examples
    --------
    >>> processes = pd.DataFrame({"holds_customer_data": [None, None, True], "customer_contact_share": [0.2, 0, 0],
    ...                           "data_class": ["personal", "personal", "internal"]})
    >>> find_customer_records(processes).tolist()
    [True, False, True]
    """
    stated = processes["holds_customer_data"]
    guessed = (processes["data_class"] == "personal") & (processes["customer_contact_share"] > 0)
    return stated.where(stated.notna(), guessed).astype(bool)


def weigh_conflicts(case: Case, offers: pd.DataFrame) -> pd.DataFrame:
    """Weigh the conflicts of interest of each option's owner.

    An owner that competes with us weighs 1 on any process, and 2 where we sell that very service ourselves; an owner
    that serves a rival weighs 1 on processes with customer data. Own staff has none.

    Parameters
    ----------
    case : Case
        One unit.
    offers : DataFrame
        Columns process, owner, owner_type.

    Returns
    -------
    DataFrame
        Index of `offers`: competes, sells_it, serves_rival (bool), conflict (weight, 0 to 3), conflict_exit_by (date).

    Notes
    -----
    Source: Aron, Clemons and Reddi (2005), Just right outsourcing: understanding and managing risk, Journal of
    Management Information Systems 22; the weights are a house rule.
    """
    processes = case.processes.set_index("process")
    providers = case.providers.set_index("provider")
    outside = (offers["owner_type"] != "own").to_numpy()
    sold = offers["process"].map(processes["sold_to_customers"].astype(bool)).to_numpy(bool)
    held = offers["process"].map(find_customer_records(processes)).to_numpy(bool)
    competes, rival = (
        offers["owner"].isin(providers.index[providers[name].astype(bool)]).to_numpy() & outside
        for name in ("competes_with_us", "serves_rival")
    )
    weight = COMPETES * competes + SELLS_IT * (competes & sold) + SERVES_RIVAL * (rival & held)
    return pd.DataFrame(
        {
            "competes": competes,
            "sells_it": competes & sold,
            "serves_rival": rival & held,
            "conflict": weight.astype(float),
            "conflict_exit_by": pd.to_datetime(offers["owner"].map(providers["conflict_exit_by"].to_dict())),
        },
        index=offers.index,
    )


def bar_conflicts(case: Case, offers: pd.DataFrame, policy: Policy) -> pd.Series:
    """Say which conflicts of interest bar each option, as Policy has it.

    `competitor_conflict` bars a competitor on any process (bar), only where we sell the service (bar_if_sold), or
    nowhere (price); `rival_conflict` bars who serves a rival on processes with customer data. Work that such an owner
    does today stays, unless `conflict_exit_by` gives a day within the horizon: then it must have left by that day.

    Parameters
    ----------
    case : Case
        One unit.
    offers : DataFrame
        Columns process, owner, owner_type, is_as_is, go_live_months.
    policy : Policy

    Returns
    -------
    Series
        Index of `offers`; what bars, joined by "; ", "" where nothing does.
    """
    found = weigh_conflicts(case, offers)
    kinds = {
        COMPETITOR: {"bar": found["competes"], "bar_if_sold": found["sells_it"]}.get(policy.competitor_conflict),
        RIVAL: {"bar": found["serves_rival"]}.get(policy.rival_conflict),
    }
    barred = pd.Series("", index=offers.index)
    for name, hit in kinds.items():
        if hit is not None:
            barred = join_reasons(barred, bar_leaving(case, offers, hit, found["conflict_exit_by"], name))
    return barred


def list_conflicts(case: Case, offers: pd.DataFrame, policy: Policy) -> pd.DataFrame:
    """List the conflicts of interest among the options of a unit.

    Returns
    -------
    DataFrame
        One row per (process, owner): kind (in words), is_today (that owner delivers today), treatment (barred,
        priced, exit by the date, stays until a date is set), weight.
    """
    found = weigh_conflicts(case, offers).join(offers[["process", "owner", "is_as_is"]])
    found["barred"] = bar_conflicts(case, offers, policy)
    found = found[found["conflict"] > 0]
    kind = np.select(
        [found["sells_it"], found["competes"] & found["serves_rival"], found["competes"]],
        ["sells the very service we sell", "competes with us and serves a rival", "competes with us"],
        "serves a rival, and the work holds customer data",
    )
    stays = np.where(
        found["conflict_exit_by"].notna(), "stays: its date is beyond the horizon", "stays: no exit date is set"
    )
    is_today, barred = found["is_as_is"].astype(bool), found["barred"] != ""
    treatment = np.select(
        [is_today & barred, is_today, barred],
        ["must have left by its date", stays, "barred"],
        "priced" if policy.price_of_conflict else "shown, at no price",
    )
    table = found.assign(kind=kind, treatment=treatment, weight=found["conflict"])
    table = table.rename(columns={"is_as_is": "is_today"}).sort_values("is_today", ascending=False, kind="stable")
    table = table.drop_duplicates(["process", "owner"]).sort_values(["process", "owner"])
    return table[["process", "owner", "kind", "is_today", "treatment", "weight"]].reset_index(drop=True)
