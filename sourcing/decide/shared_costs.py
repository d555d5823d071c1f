"""Money that processes share: fixed costs and tenders of providers, sites, cost pools; each a stream over quarters.

What is paid once, whoever causes it, belongs to no single alternative. Each such cost has a stream of nominal payments
and a `where` text: it is paid if any chosen alternative meets it. Its cost in the plan is the stream discounted, so
that the plan and the cash by quarter cannot disagree.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from sourcing.plan import name_schedule
from sourcing.value import UNSPLIT, discount_fixed, discount_quarters, grow_quarters

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from sourcing.case import Case
    from sourcing.plan import Plan

    Presence = Mapping[str, pd.Series]

COLUMNS = ["line", "item", "quarter", "amount"]
FIXED, TENDERS, POOLS = "charges", "tenders", "pools"
"""Lines of the plan: fixed cost of providers and sites, what finding a provider costs once, cost pools."""
NEEDS = {
    "owner": "owner == today_owner",
    "site": "owner == today_owner and location == today_location",
    "any_move": "is_as_is == True",
}
"""Which of a process's alternatives still need a pool after go-live, by what ends the need (`cost_pools.ends_with`)."""


def stream_shared(case: Case, alternatives: pd.DataFrame, presence: Presence) -> pd.DataFrame:
    """Spread every shared cost over quarters.

    Fixed cost of a provider or site: paid from the quarter of the first go-live there, and where today's delivery uses
    it already from the first quarter until that of the last go-live elsewhere. Tender: paid in the quarter in which the
    first move to the provider starts; what stays as it is pays none. Cost pool: paid in each year that begins while a
    user needs it.

    Parameters
    ----------
    case : Case
        One unit.
    alternatives : DataFrame
        From `build_alternatives`, all or some of its rows.
    presence : mapping of str to Series
        From `price_presence`.

    Returns
    -------
    DataFrame
        One row per cost that some alternative causes; columns line, item (provider, site or pool), name (of the cost),
        process (of a pool's user, one row each; else ""), where, cost (net present value of the whole), and 1 ...
        quarters: nominal payments.
    """
    quarters = 4 * int(case.unit["horizon_years"])
    rows = [*_stream_fixed(alternatives, presence, quarters), *_stream_tenders(case, alternatives, quarters),
            *_stream_pools(case, quarters)]  # fmt: skip
    table = pd.DataFrame([row[:5] for row in rows], columns=["line", "item", "name", "process", "where"])
    streams = np.array([row[5] for row in rows]).reshape(len(rows), quarters) * grow_quarters(case.unit)
    nominal = pd.DataFrame(streams, columns=range(1, quarters + 1))
    return pd.concat([table, nominal], axis=1).assign(cost=streams @ discount_fixed(case.unit))


def _stream_fixed(alternatives: pd.DataFrame, presence: Presence, quarters: int) -> Iterator[tuple]:
    """Give one stream per stretch of quarters in which the same alternatives use a provider or site."""
    months = alternatives["go_live_months"].to_numpy(float)
    for column, costs in presence.items():
        for value, yearly in costs.items():
            here, before = ((alternatives[name] == value).to_numpy()[:, None] for name in (column, f"today_{column}"))
            if yearly == 0.0 or not (here | before).any():
                continue
            ends = 3.0 * np.arange(1, quarters + 1)
            uses = here & (months[:, None] < ends) | before & (months[:, None] > ends - 3.0)
            starts = [0, *(np.flatnonzero((uses[:, 1:] != uses[:, :-1]).any(axis=0)) + 1).tolist(), quarters]
            for first, last in pairwise(starts):
                if not uses[:, first].any():
                    continue
                stream = np.zeros(quarters)
                stream[first:last] = yearly / 4
                where = (
                    f"{column} == {value!r} and go_live_months < {3 * first + 3} or "
                    f"today_{column} == {value!r} and go_live_months > {3 * first}"
                )
                name = f"{column} {value}, {_name_quarters(first + 1, last)}"
                yield FIXED, value, name, "", where, stream


def _name_quarters(first: int, last: int) -> str:
    """Name a stretch of quarters.

    Examples
    --------
    >>> _name_quarters(2, 8), _name_quarters(3, 3)
    ('quarters 2 to 8', 'quarter 3')
    """
    return f"quarter {first}" if first == last else f"quarters {first} to {last}"


def _stream_tenders(case: Case, alternatives: pd.DataFrame, quarters: int) -> Iterator[tuple]:
    """Give one stream per quarter in which moves to a provider may start: what a first start by then pays there.

    The stream of a quarter pays the tender in it and takes it back in the next one, so that those from the first start
    on sum to one tender.
    """
    moves = alternatives[~alternatives["is_as_is"].astype(bool)]
    for provider, amount in zip(case.providers["provider"], case.providers["tender_cost"].astype(float), strict=True):
        months = moves.loc[moves["owner"] == provider, "start_months"].to_numpy(float)
        if amount == 0.0 or not len(months):
            continue
        starts = sorted(set(np.minimum(months // 3, quarters - 1).astype(int).tolist()))
        for start, following in zip(starts, [*starts[1:], None], strict=True):
            stream = np.zeros(quarters)
            stream[start] = amount
            where, until = f"owner == {provider!r} and is_as_is == False", ""
            if following is not None:
                stream[following] = -amount
                where, until = f"{where} and start_months < {3 * start + 3}", f", quarter {start + 1}"
            yield TENDERS, provider, f"{provider}{until}", "", where, stream


def _stream_pools(case: Case, quarters: int) -> Iterator[tuple]:
    """Give one stream per year and user of a pool."""
    users = case.processes[["process", "cost_pool"]].merge(case.cost_pools, left_on="cost_pool", right_on="pool")
    for year in range(quarters // 4):
        for user in users.to_dict("records"):
            stream = np.zeros(quarters)
            stream[4 * year : 4 * year + 4] = float(user["cost_per_year"]) / 4
            where = f"is_today_in_year_{year + 1} == True or {NEEDS[user['ends_with']]}"
            yield POOLS, user["pool"], f"{user['pool']}, year {year + 1}", user["process"], where, stream


def spread_shared(case: Case, presence: Presence, plan: Plan, cash: pd.DataFrame) -> pd.DataFrame:
    """Spread the money that processes share under a plan over quarters; discounted, each line is that of the plan.

    Charges, tenders and pools as `stream_shared` says. Hand-offs: their present value as one amount a year in
    price-year money. Discounts: with the prices they reduce. Splits: with the spending that each part pays in full.

    Parameters
    ----------
    case : Case
        One unit.
    plan : Plan
    cash : DataFrame
        From `spread_cash`, with the alternatives that the plan chooses.

    Returns
    -------
    DataFrame
        Columns line, item (provider, site, pool, process, or the two ends of a link), quarter (1 = first), amount;
        nominal.
    """
    keys = [name for name in ("process", "option", "wave") if name in cash]
    paid = cash.merge(plan.choices[[*keys, "owner", "share"]], on=keys)
    tables = [_spread_streams(case, presence, plan), _spread_handoffs(case, plan), _spread_discounts(plan, paid)]
    if "splits" in plan.lines:
        tables.append(_spread_splits(paid))
    filled = [table for table in tables if len(table)]
    if not filled:
        return pd.DataFrame({"line": "", "item": "", "quarter": 0, "amount": 0.0}, index=range(0))
    return pd.concat(filled, ignore_index=True).groupby(COLUMNS[:3], as_index=False)["amount"].sum()


def _spread_streams(case: Case, presence: Presence, plan: Plan) -> pd.DataFrame:
    streams = stream_shared(case, plan.question.alternatives, presence).drop_duplicates(["line", "name"])
    used = plan.shared.loc[plan.shared["used"] > 0.0, ["line", "name"]]
    quarters = [name for name in streams.columns if isinstance(name, int)]
    long = streams.merge(used, on=["line", "name"]).melt(["line", "item"], quarters, "quarter", "amount")
    return long[long["amount"] != 0.0]


def _spread_handoffs(case: Case, plan: Plan) -> pd.DataFrame:
    growth = grow_quarters(case.unit)
    evenly = growth / discount_quarters(case.unit).sum()
    costs = plan.handoffs.groupby(["process_a", "process_b"], as_index=False)["cost"].sum()
    costs = costs[costs["cost"] != 0.0]
    return pd.DataFrame(
        {
            "line": "handoffs",
            "item": (costs["process_a"] + " and " + costs["process_b"]).repeat(len(growth)),
            "quarter": np.tile(np.arange(1, len(growth) + 1), len(costs)),
            "amount": np.outer(costs["cost"].to_numpy(float), evenly).ravel(),
        }
    )


def _spread_discounts(plan: Plan, paid: pd.DataFrame) -> pd.DataFrame:
    """Take off the prices paid to each provider the share of them that its discount is."""
    given = plan.shared[(plan.shared["line"] == "discounts") & (plan.shared["money"] != 0.0)].set_index("name")
    prices = paid[paid["line"] == "price"]
    names = prices["owner"].map(lambda owner: name_schedule("cost_price", "owner", owner))
    rate = names.map(given["money"] / given["used"]).astype(float).fillna(0.0)
    return prices.assign(line="discounts", item=prices["owner"], amount=rate * prices["share"] * prices["amount"])[
        COLUMNS
    ]


def _spread_splits(paid: pd.DataFrame) -> pd.DataFrame:
    full = paid[paid["line"].isin(UNSPLIT) & (paid["share"] < 1.0)]
    return full.assign(line="splits", item=full["process"], amount=(1.0 - full["share"]) * full["amount"])[COLUMNS]
