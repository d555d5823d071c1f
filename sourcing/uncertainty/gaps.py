"""What buyer and provider expect of the same figure, item by item, and what the difference is worth to each."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from sourcing.decide import share_of
from sourcing.value import (
    FORMS,
    find_assumed,
    find_means,
    find_terms,
    list_assumptions,
    list_ranges,
    price_offers,
    settle_year,
    shift_assumed,
    spread_lines,
)

if TYPE_CHECKING:
    from sourcing.decide import Decision

SIDES = ["low", "likely", "high"]
PAID_TO_PROVIDER = ("cost_price", "cost_price_until_go_live")
PRESENT, YEARLY = "net present value", "a year"


def list_expectation_gaps(decision: Decision) -> pd.DataFrame:
    """List the figures of which buyer and provider expect something else, with what that is worth to each.

    A figure of cash: the plan's money that moves with it x (provider's mean / buyer's mean - 1) is what the buyer pays
    more if the provider is right; of prices the provider gets it. A figure of contracts: every deal of the plan is
    settled for a year, without effort, at the means of the buyer's ranges and again with the provider's mean of this
    figure; the differences of payment and of profit, summed. An assumption of the provider: every alternative is priced
    again with the figure where the provider expects it on average, beside where the buyer does (who expects what the
    case states where it has no row of that name); what the plan then pays and is expected to lose more. A price is what
    the provider gets more.

    Returns
    -------
    DataFrame
        One row per figure with a range of the provider, or assumption of it: figure, buyer_low, buyer_likely,
        buyer_high, buyer_mean and the same of the provider, to_buyer (what it pays more), to_provider (what it keeps
        more), basis (net present value, or a year in price-year money), source (of the provider's range).
    """
    case = decision.case
    told = case.ranges[case.ranges["party"] == "provider"]
    ours, theirs = list_ranges(case), list_ranges(case, party="provider")
    means = pd.DataFrame({"buyer": find_means(ours), "provider": find_means(theirs)})
    paid = _sum_plan(decision, means.index)
    rows = []
    for record in told.to_dict("records"):
        figure = record["figure"]
        if ours.at[figure, "acts_on"] == "cash":
            factor = means.at[figure, "provider"] / means.at[figure, "buyer"] - 1
            more = paid[figure] * factor
            worth = {"to_buyer": more, "to_provider": more if figure == "prices" else 0.0, "basis": PRESENT}
        else:
            worth = _settle_both(decision, means, figure)
        sides = {
            f"{party}_{end}": float(table.at[figure, end])
            for party, table in (("buyer", ours), ("provider", theirs))
            for end in SIDES
        }
        rows.append({"figure": figure, **sides, "buyer_mean": means.at[figure, "buyer"],
                     "provider_mean": means.at[figure, "provider"], **worth, "source": record["source"]})  # fmt: skip
    rows += _list_assumed_gaps(decision)
    columns = ["figure", *(f"{party}_{end}" for party in ("buyer", "provider") for end in (*SIDES, "mean")),
               "to_buyer", "to_provider", "basis", "source"]  # fmt: skip
    return pd.DataFrame(rows, columns=columns)


def _list_assumed_gaps(decision: Decision) -> list[dict[str, object]]:
    """List the gaps of assumptions; columns of `list_expectation_gaps`."""
    case, policy, outlook = decision.case, decision.policy, decision.outlook
    theirs = list_assumptions(case, policy, "provider")
    if theirs.empty:
        return []
    ours = list_assumptions(case, policy)
    offers = decision.offers
    shares, rows = share_of(decision, decision.plan), []
    for name, told in theirs.iterrows():
        own = ours.loc[name] if name in ours.index else None
        is_ratio = told["stated_as"] == "ratio"
        spoken = offers.loc[find_assumed(offers, dict(told)) & (shares > 0), told["figure"]].astype(float)
        stated = 1.0 if is_ratio else float(spoken.mean()) if len(spoken) else np.nan
        expected = {end: stated if own is None else float(own[end]) for end in (*SIDES, "mean")}
        moved = dict(told) | {"mean": expected["mean"]}
        shifted = shift_assumed(offers, case, moved, float(told["mean"]), outlook) if len(spoken) else offers
        measures = ["cash_cost", "expected_loss", *PAID_TO_PROVIDER]
        after, before = (price_offers(each, case, policy, outlook)[measures] for each in (shifted, offers))
        more = pd.Series(shares @ (after - before).to_numpy(float), measures)
        kept = float(more[list(PAID_TO_PROVIDER)].sum()) if told["figure"] == "price_per_year" else 0.0
        rows.append(
            {"figure": name, **{f"buyer_{end}": value for end, value in expected.items()},
             **{f"provider_{end}": float(told[end]) for end in (*SIDES, "mean")},
             "to_buyer": float(more["cash_cost"] + more["expected_loss"]), "to_provider": kept, "basis": PRESENT,
             "source": told["source"]}
        )  # fmt: skip
    return rows


def _sum_plan(decision: Decision, figures: pd.Index) -> pd.Series:
    """Sum the plan's money by the figure that moves it."""
    return pd.Series(
        spread_lines(decision.alternatives, figures)[:-1] @ share_of(decision, decision.plan), index=figures
    )


def _settle_both(decision: Decision, means: pd.DataFrame, figure: str) -> dict[str, float | str]:
    """Settle every deal of the plan at what the buyer expects, and with the provider's figure in its place."""
    case, offers = decision.case, decision.offers
    shares = share_of(decision, decision.plan)
    is_deal = (shares > 0) & offers["contract_form"].isin(FORMS) & offers["should_cost_per_year"].notna()
    is_deal &= offers["price_per_year"] > 0
    expected = {name: np.array([value]) for name, value in means["buyer"].items()}
    other = expected | {figure: np.array([means.at[figure, "provider"]])}
    pays, keeps = 0.0, 0.0
    for share, deal in zip(shares[is_deal], offers[is_deal].to_dict("records"), strict=True):
        form = deal["contract_form"]
        terms = find_terms(case, deal["contract"], form)
        before, after = (settle_year(form, deal, terms, outcome, 0.0) for outcome in (expected, other))
        pays += share * float((after["payment"] - before["payment"]).sum())
        keeps += share * float((after["profit"] - before["profit"]).sum())
    return {"to_buyer": pays, "to_provider": keeps, "basis": YEARLY}
