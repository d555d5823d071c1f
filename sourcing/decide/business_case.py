"""The business case of a decision, priced once: cash by quarter, moves, both sides of its deals."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from sourcing import value
from sourcing.card import Card, Carded
from sourcing.decide.shared_costs import spread_shared
from sourcing.errors import InputError, hint_near

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sourcing.decide.decide import Decision
    from sourcing.plan import Plan

STATES = ("As-Is", "To-Be")
SMALL = 1e-3
"""Least unavailability that the ladder is drawn with, as a share of what is allowed."""


@dataclass(frozen=True, repr=False)
class BusinessCase(Carded):
    """What both sides pay and earn under a decision.

    Attributes
    ----------
    decision : Decision
    cash : DataFrame
        Nominal cash by quarter: state (As-Is, To-Be), process, option, as_is_option, line, quarter, amount; shares
        counted, at the means of the uncertain figures. Money that processes share stands under the process `(shared)`,
        its option being what it is paid for.
    moves : DataFrame
        From `value.value_moves`.
    providers : DataFrame
        From `value.price_providers`, every deal whose cost is known.
    ranges, outcomes : DataFrame
        Uncertain figures and what was drawn from them.
    deal : Series or None
        The deal looked at from both sides; None where no outside owner's cost is known.
    contracts, zones : DataFrame
        From `value.compare_contracts` and `value.map_win_win` for that deal; empty without one.
    breaks, break_dates : DataFrame
        From `value.price_breaks` and `value.list_breaks_by_date` for that deal; empty without one.
    running : DataFrame
        From `value.list_running_breaks`.
    """

    decision: Decision
    cash: pd.DataFrame
    moves: pd.DataFrame
    providers: pd.DataFrame
    ranges: pd.DataFrame
    outcomes: pd.DataFrame
    deal: pd.Series | None
    contracts: pd.DataFrame
    zones: pd.DataFrame
    breaks: pd.DataFrame
    break_dates: pd.DataFrame
    running: pd.DataFrame

    @property
    def currency(self) -> str:
        """The unit's currency."""
        return str(self.decision.case.unit["currency"])

    def _card(self) -> Card:
        return Card(
            "Business case",
            {
                "business unit": self.decision.case.unit["name"],
                "processes": len(self.decision.case.processes),
                "deals whose cost is known": len(self.providers),
                "uncertain figures": len(self.ranges),
            },
            "pack.show_moves(business)",
        )


def build_business_case(decision: Decision, process: str = "", *, draws: int = 1000) -> BusinessCase:
    """Price the business case of a decision.

    Parameters
    ----------
    decision : Decision
    process : str
        Process whose deal is looked at from both sides; "" for the largest that an outside owner gets in the plan, else
        the largest that one could get.
    draws : int
        Outcomes drawn.

    Raises
    ------
    InputError
        No such process with a deal whose cost is known.
    """
    case, offers, chosen = decision.case, decision.offers, _list_chosen(decision)
    cash = _spread_chosen(decision, offers)
    table = _state_cash(cash, decision)
    providers = value.price_providers(offers, case.unit)
    deal = pick_deal(decision, providers, process)
    ranges, outcomes = draw_ranges(decision, chosen, deal, draws)
    few, premium = outcomes.head(300), decision.policy.risk_premium_share
    return BusinessCase(
        decision=decision,
        cash=table,
        moves=value.value_moves(
            cash, decision.plan.choices, decision.as_is.choices, case.unit, table[table["process"] == value.SHARED]
        ),
        providers=_mark_chosen(providers, decision),
        ranges=ranges,
        outcomes=outcomes,
        deal=deal,
        contracts=pd.DataFrame()
        if deal is None
        else value.compare_contracts(case, deal, outcomes, premium_share=premium),
        zones=pd.DataFrame() if deal is None else value.map_win_win(case, deal, few, premium_share=premium),
        breaks=pd.DataFrame() if deal is None else value.price_breaks(case, offers, deal, outcomes),
        break_dates=pd.DataFrame() if deal is None else value.list_breaks_by_date(case, offers, deal, outcomes),
        running=value.list_running_breaks(case, offers, providers, few),
    )


def spread_states(decision: Decision) -> pd.DataFrame:
    """Spread the nominal cash of both states over quarters; the cash of `build_business_case` alone."""
    return spread_plans(decision, [decision.plan])[0]


def spread_plans(decision: Decision, plans: Sequence[Plan]) -> list[pd.DataFrame]:
    """Spread the nominal cash of today's delivery and of each of several plans over quarters.

    Parameters
    ----------
    decision : Decision
    plans : sequence of Plan
        Plans of the unit, each To-Be in turn.

    Returns
    -------
    list of DataFrame
        One per plan, columns as the cash of `BusinessCase`.
    """
    stated = [replace(decision, plan=plan) for plan in plans]
    return [_state_cash(_spread_chosen(each, decision.offers), each) for each in stated]


def _list_chosen(decision: Decision) -> pd.DataFrame:
    return pd.concat([decision.as_is.choices, decision.plan.choices])


def _spread_chosen(decision: Decision, offers: pd.DataFrame) -> pd.DataFrame:
    keys = [name for name in ("process", "option", "wave") if name in offers]
    kept = offers[offers.set_index(keys).index.isin(_list_chosen(decision).set_index(keys).index)]
    return value.spread_cash(kept, decision.case.unit, decision.policy)


def draw_ranges(
    decision: Decision, chosen: pd.DataFrame, deal: pd.Series | None, draws: int
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """List the ranges of a business case and draw outcomes; the deal looked at is signed at its quote's draws."""
    columns = ["process", "option", "owner_type", "country"]
    pairs = chosen[columns]
    if deal is not None:
        pairs = pd.concat([pairs, decision.alternatives.merge(deal[["process", "option"]].to_frame().T)[columns]])
    ranges = value.list_figures(decision.case, pairs, decision.policy)
    outcomes = value.draw_outcomes(ranges, draws)
    quote = "" if deal is None else value.name_quote(deal["process"], deal["option"])
    if quote in ranges.index:
        told = ["low", "likely", "high", "source"]
        ranges.loc["price", told] = ranges.loc[quote, told]
        outcomes = outcomes.assign(price=outcomes[quote])
    return ranges, outcomes


def take_business(given: BusinessCase | Decision) -> BusinessCase:
    """Return a business case as it is, or the one of a decision."""
    return given if isinstance(given, BusinessCase) else build_business_case(given)


def pick_deal(decision: Decision, providers: pd.DataFrame, process: str = "") -> pd.Series | None:
    """Pick the deal that is looked at from both sides; see `build_business_case`."""
    known = providers.drop_duplicates(["process", "option"])
    if process:
        known = known[known["process"] == process]
        if known.empty:
            names = providers["process"].unique()
            raise InputError(
                f"A deal of the process must have a known cost; got none of {process!r}. {hint_near(process, names)}"
            )
    keys = pd.MultiIndex.from_frame(decision.plan.choices[["process", "option"]])
    in_plan = known[pd.MultiIndex.from_frame(known[["process", "option"]]).isin(keys)]
    admissible = decision.alternatives[decision.alternatives["barred_by"] == ""][["process", "option"]]
    is_open = pd.MultiIndex.from_frame(known[["process", "option"]]).isin(pd.MultiIndex.from_frame(admissible))
    for candidates in (in_plan[~in_plan["is_starved"]], in_plan, known[is_open], known):
        if len(candidates):
            return candidates.sort_values(["price_per_year", "process"], ascending=[False, True]).iloc[0]
    return None


def _state_cash(cash: pd.DataFrame, decision: Decision) -> pd.DataFrame:
    keys = [name for name in ("process", "option", "wave") if name in cash]
    tables = []
    for state, plan in zip(STATES, (decision.as_is, decision.plan), strict=True):
        joined = cash.merge(plan.choices[[*keys, "share"]], on=keys)
        joined["amount"] *= joined["share"].astype(float)
        shared = spread_shared(decision.case, decision.question.presence, plan, cash).rename(columns={"item": "option"})
        for part in (joined, shared.assign(process=value.SHARED)):
            tables.append(part[["process", "option", "line", "quarter", "amount"]].assign(state=state))
    table = pd.concat(tables, ignore_index=True)
    today = decision.as_is.choices.drop_duplicates("process").set_index("process")["option"]
    table["as_is_option"] = table["process"].map(today)
    columns = ["state", "process", "option", "as_is_option", "line", "quarter"]
    return table[[*columns, "amount"]].sort_values(columns, ignore_index=True)


def _mark_chosen(providers: pd.DataFrame, decision: Decision) -> pd.DataFrame:
    keys = pd.MultiIndex.from_frame(decision.plan.choices[["process", "option"]])
    rows = providers.drop_duplicates(["process", "option"])
    return rows.assign(in_plan=pd.MultiIndex.from_frame(rows[["process", "option"]]).isin(keys))


def list_cash_ranges(business: BusinessCase) -> pd.DataFrame:
    """List what is paid in each year of each state, its mean and over the outcomes; see `value.range_cash`.

    Countries and assumptions move it as they move the futures.
    """
    cash, weights = weigh_states(business.decision, business.cash, business.ranges, business.outcomes)
    yearly = cash.assign(year=(cash["quarter"] - 1) // 4 + 1)
    today, planned = (yearly[yearly["state"] == state] for state in STATES)
    return value.range_cash(planned, today, weights)


def weigh_states(
    decision: Decision, cash: pd.DataFrame, ranges: pd.DataFrame, outcomes: pd.DataFrame
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Put the cash of both states beside what moves it: figures by kind and quote, countries, assumptions.

    Parameters
    ----------
    decision : Decision
    cash : DataFrame
        From `spread_states`, or that of a business case.
    ranges, outcomes : DataFrame
        From `value.list_figures` and `value.draw_outcomes`.

    Returns
    -------
    tuple of DataFrame and DataFrame
        The cash with the country of each row and with the changes that assumptions bring, and the weights that
        `value.draw_cash` asks for.
    """
    weights = value.weigh_outcomes(ranges, outcomes)
    placed = value.place_cash(cash, value.find_moving_countries(decision.case, _list_chosen(decision)))
    assumed = list_assumed_cash(decision)
    if len(assumed):
        weights = weights.join(value.name_bends(value.list_assumptions(decision.case, decision.policy), outcomes))
        placed = pd.concat([placed, assumed], ignore_index=True)
    return placed, weights


def list_assumed_cash(decision: Decision) -> pd.DataFrame:
    """List by how much nominal cash of both states changes at the low and high end of each assumption.

    Returns
    -------
    DataFrame
        Columns of `BusinessCase.cash` and moved_by (the bend of `value.name_bends` that multiplies it).
    """
    rows = value.list_assumptions(decision.case, decision.policy)
    if rows.empty:
        return pd.DataFrame()
    case, offers = decision.case, decision.offers
    base = _state_cash(_spread_chosen(decision, offers), decision)
    keys = [name for name in base if name != "amount"]
    before = base.groupby(keys, dropna=False)["amount"].sum()
    changes = []
    for name, row in rows.iterrows():
        for end in value.ENDS:
            shifted = value.shift_assumed(offers, case, dict(row), float(row[end]), decision.outlook)
            after = _state_cash(_spread_chosen(decision, shifted), decision).groupby(keys, dropna=False)["amount"].sum()
            change = after.sub(before, fill_value=0.0)
            changes.append(change[change != 0.0].reset_index().assign(moved_by=value.name_bend(str(name), end)))
    return pd.concat(changes, ignore_index=True)


def list_leans(business: BusinessCase) -> pd.DataFrame:
    """List how much the saving leans on each uncertain figure of cash.

    Returns
    -------
    DataFrame
        figure, meaning, source, spread (tenth to ninetieth of a hundred of the nominal saving over the horizon when
        only that figure varies and the others stay at their mean), largest first.
    """
    decision, signs = business.decision, {STATES[0]: 1.0, STATES[1]: -1.0}
    countries = value.find_moving_countries(decision.case, _list_chosen(decision))
    cash = value.place_cash(business.cash, countries).assign(
        amount=business.cash["amount"] * business.cash["state"].map(signs)
    )
    assumed = list_assumed_cash(decision)
    bends = value.name_bends(value.list_assumptions(decision.case, decision.policy), business.outcomes)
    rows = []
    for figure, about in business.ranges[business.ranges["acts_on"] != "contracts"].iterrows():
        if about["acts_on"] == "assumption":
            own = assumed[assumed["moved_by"].isin([value.name_bend(str(figure), end) for end in value.ENDS])]
            moved = own["amount"] * own["state"].map(signs).astype(float)
            totals = moved.groupby(own["moved_by"]).sum()
            drawn = bends[totals.index] @ totals
        else:
            alone = business.outcomes.copy()
            others = [name for name in business.ranges.index if name != figure]
            alone[others] = value.find_means(business.ranges)[others].to_numpy()
            weights = value.weigh_outcomes(business.ranges, alone)
            named = cash.assign(figure=value.name_figures(cash, weights.columns)).groupby("figure")["amount"].sum()
            drawn = weights @ named.reindex(weights.columns, fill_value=0.0)
        low, high = np.quantile(drawn, [0.1, 0.9])
        rows.append((figure, about["meaning"], about["source"], high - low))
    table = pd.DataFrame(rows, columns=["figure", "meaning", "source", "spread"])
    return table.sort_values(["spread", "figure"], ascending=[False, True], ignore_index=True)


def list_contract_ranges(business: BusinessCase) -> pd.DataFrame:
    """List both sides of each contract form as ranges.

    Returns
    -------
    DataFrame
        Columns side (Buyer's cost, Provider's margin), form_name, low, mean, high, verdict (better for both,
        not for both, baseline, walks away: the provider).
    """
    table, tables = business.contracts, []
    if table.empty:
        return pd.DataFrame(columns=pd.Index(["side", "form_name", "low", "mean", "high", "verdict"]))
    verdict = np.select(
        [table["walks_away"], table["is_win_win"], table["contract_form"] == "time_and_materials"],
        ["walks away", "better for both", "baseline"],
        "not for both",
    )
    for side, low, mean, high in (
        ("Buyer's cost", "buyer_low", "buyer_cost", "buyer_high"),
        ("Provider's margin", "margin_low", "margin", "margin_high"),
    ):
        part = table[["form_name", low, mean, high]].set_axis(["form_name", "low", "mean", "high"], axis=1)
        tables.append(part.assign(side=side, verdict=verdict))
    return pd.concat(tables, ignore_index=True)


def list_ladder(decision: Decision) -> pd.DataFrame:
    """List the service ladder with the room that today's, the planned and the best option leave.

    Returns
    -------
    DataFrame
        One row per (service, measure, process, who): the columns of `value.build_ladder`, who (today, planned, best),
        level and room: how many times over the requirement is met (1 just meets it) as throughput given over needed,
        response allowed over given, unavailability allowed over given.
    """
    ladder, levels = value.build_ladder(decision.case), value.list_levels(decision.case)
    chosen = decision.plan.choices.drop_duplicates("process").set_index("process")["option"]
    planned = levels[levels["option"] == levels["process"].map(chosen)].set_index(["process", "measure"])["expected"]
    keys = pd.MultiIndex.from_frame(ladder[["process", "measure"]])
    ladder = ladder.assign(planned=planned.reindex(keys).to_numpy())
    long = ladder.melt(
        [name for name in ladder if name not in ("today", "planned", "best")],
        ["today", "planned", "best"],
        "who",
        "level",
    )
    missed, allowed = (1 - long[name].astype(float) for name in ("level", "required"))
    kinds = [long["measure"] == "availability", long["measure"] == "throughput_per_day"]
    level, needed = long["level"].astype(float), long["required"].astype(float)
    room = np.select(
        kinds,
        [allowed / missed.clip(lower=SMALL * allowed.abs().clip(lower=1e-9)), level / needed.clip(lower=1e-9)],
        needed / level.clip(lower=1e-9),
    )
    step = long["process_name"] + ", " + long["measure"].str.split("_").str[0]
    if len(ladder["service"].unique()) > 1:
        step = long["service_name"] + ": " + step
    return long.assign(room=np.clip(room, 0.01, 1 / SMALL), step=step).dropna(subset=["level"]).reset_index(drop=True)
