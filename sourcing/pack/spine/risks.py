"""The risk register: what may befall the plan, how likely, what it takes, who watches it, and what to watch for."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from sourcing.pack.block import Shown, show_table
from sourcing.pack.decision import list_decisions
from sourcing.pack.judgment import list_confidence
from sourcing.pack.parts import Parts, head_block, join_parts
from sourcing.pack.spine.recommendation import find_leaving
from sourcing.pack.wording import CAUSES, lower_first, name_places, name_processes, say_list, say_money, say_share
from sourcing.plan import share_amounts

if TYPE_CHECKING:
    from collections.abc import Collection

    from sourcing.decide import BusinessCase, Decision
    from sourcing.uncertainty import Study

EVENTS, DEALS, SCORES, NAMED = 5, 2, 2, 3
CONCENTRATED = 0.1
"""Part of all cash at one outside owner from which it is a risk of its own (house rule)."""
COLUMNS = ["kind", "title", "chance", "loss", "owner", "trigger"]
WATCHERS = {
    "operational": "whoever runs the service",
    "structural": "whoever manages the provider",
    "location": "whoever runs the site",
    "move": "owner of the move",
    "key_person": "head of the process",
    "walk_out": "whoever manages the provider",
    "brand": "whoever answers for customers",
}
"""Cause of an event -> the role that watches it, where it strikes no process for which the case names somebody."""
TRIGGERS = {
    "operational": "promised service missed in two periods running",
    "structural": "late accounts, a sale, key people leaving, claims beyond the contract",
    "location": "travel advice, outages or unrest at the place",
    "move": "a milestone of the move more than a month late",
    "key_person": "notice given by somebody who knows the work alone",
    "walk_out": "staff turnover at the provider, or a request for another price",
    "brand": "complaints about how customers are spoken to",
}


def list_risks(decision: Decision, study: Study, business: BusinessCase) -> pd.DataFrame:
    """List the risks of the plan: events that strike it, concentration, starving deals, unsettled scores.

    Chance and loss of an event are those of the futures: the share in which it strikes at least once over the horizon,
    and the mean saving (cash and losses) where it does not strike less that where it does; events that leave the plan
    no worse than today are none of its risks. A provider that holds CONCENTRATED of the cash is a concentration. A
    starving deal: an owner whose price lies below its walk-away price, by how much over its deals; chance and loss are
    those of its team walking out, which is then no event of its own; loss 0 where today's delivery suffers more. An
    unsettled score: the chance that the posture is another; it is not priced.

    Returns
    -------
    DataFrame
        Columns kind (event, concentration, deal, score), title, chance (NaN where none is known), loss (currency, NaN
        where none is priced), owner (role), trigger.
    """
    deals = _list_deals(business, study)
    told = {("walk_out", row["struck"]) for row in deals}
    rows = [*_list_events(decision, study, told), *deals, *_list_scores(decision)]
    return pd.DataFrame(rows, columns=COLUMNS)


def _list_events(decision: Decision, study: Study, told: Collection[tuple[str, str]]) -> list[dict[str, Any]]:
    """List the events not `told` elsewhere that take most off the saving; a provider with its part of cash."""
    names, causes = name_places(decision.case) | name_processes(decision.case).to_dict(), study.causes
    chosen = share_amounts(decision.plan)
    held = chosen[chosen["owner_type"] != "own"].groupby("owner")["cash_cost"].sum() / chosen["cash_cost"].sum()
    events = causes[(causes["kind"] == "event") & (causes["at_high"] < causes["at_low"])]
    answering = decision.case.processes.set_index("process")["benefit_owner"]
    rows: list[dict[str, Any]] = []
    in_place = _list_in_place(decision)
    for row in events.to_dict("records"):
        cause, struck = row["cause"], row["struck"]
        if (cause, struck) in told:
            continue
        part = float(held.get(struck, 0.0)) if cause == "structural" else 0.0
        rows.append(
            {
                "kind": "concentration" if part >= CONCENTRATED else "event",
                "title": f"{_call_event(cause, struck, in_place)}: {names.get(struck, struck)}"
                + (f", with {say_share(part)} of the cash" if part else ""),
                **_weigh_event(study, cause, struck),
                "owner": answering.get(struck, "") or WATCHERS[cause],
                "trigger": TRIGGERS[cause],
            }
        )
    return sorted(rows, key=lambda risk: -risk["chance"] * risk["loss"])[:EVENTS]


def _list_in_place(decision: Decision) -> set[str]:
    rows = list_decisions(decision)
    return set(rows.loc[rows["moves"].astype(bool), "process"]) - set(rows.loc[find_leaving(rows), "process"])


def _call_event(cause: str, struck: str, in_place: Collection[str]) -> str:
    return "The change in place fails" if cause == "move" and struck in in_place else CAUSES[cause][0]


def _list_deals(business: BusinessCase, study: Study) -> list[dict[str, Any]]:
    """List the outside owners whose deals starve them, with their team walking out as chance and loss."""
    deals, currency = business.providers, business.currency
    if deals.empty:
        return []
    starved = deals[deals["in_plan"].astype(bool) & (deals["verdict"] == "starved")]
    starved = starved.assign(lacking=starved["walk_away_price_per_year"] - starved["price_per_year"])
    rows = []
    for owner, own in starved.groupby("owner", sort=False):
        lacking, price = (say_money(own[name].sum(), currency) for name in ("lacking", "price_per_year"))
        rows.append(
            {
                "kind": "deal",
                "title": f"{owner} lacks {lacking} a year in {say_list(own['process_name'].unique(), NAMED)}",
                **_weigh_walk_out(study, str(owner)),
                "owner": "whoever signs the contract",
                "trigger": f"its staff turn over, or it asks for more than {price} a year",
                "lacking": own["lacking"].sum(),
                "struck": str(owner),
            }
        )
    return sorted(rows, key=lambda row: -row["lacking"])[:DEALS]


def _weigh_walk_out(study: Study, owner: str) -> dict[str, float]:
    """Weigh the team of an owner walking out; it takes nothing off the saving where today's delivery suffers more."""
    weighed = _weigh_event(study, "walk_out", owner)
    return weighed | {"loss": float(np.maximum(weighed["loss"], 0.0))}


def _weigh_event(study: Study, cause: str, struck: str) -> dict[str, float]:
    """Weigh an event in the futures: chance that it strikes at all, and what it takes off the saving then."""
    causes = study.causes
    found = causes[(causes["kind"] == "event") & (causes["cause"] == cause) & (causes["struck"] == struck)]
    if found.empty:
        return {"chance": float("nan"), "loss": float("nan")}
    [row] = found.to_dict("records")
    return {"chance": float((study.futures.events[cause, struck] > 0).mean()), "loss": row["at_low"] - row["at_high"]}


def _list_scores(decision: Decision) -> list[dict[str, Any]]:
    sure = list_confidence(decision.judgment)
    unsettled = sure[[bool(state) and state["text"] == "unsettled" for state in sure["state"]]]
    moving = set(decision.plan.choices.loc[~decision.plan.choices["is_as_is"].astype(bool), "process"])
    unsettled = unsettled[unsettled["process"].isin(moving)]
    return [
        {
            "kind": "score",
            "title": f"{row['process_name']}: its scores leave the posture open",
            "chance": 1.0 - row["confidence"],
            "loss": float("nan"),
            "owner": "whoever scored it",
            "trigger": f"assessors settle on “{lower_first(row['rival_name'])}”",
        }
        for row in unsettled.head(SCORES).to_dict("records")
    ]


def _say_loss(loss: float, currency: str) -> str:
    if math.isnan(loss):
        return "not priced"
    return say_money(loss, currency) if loss else "nothing"


def show_risks(decision: Decision, study: Study, business: BusinessCase) -> Parts:
    """Show the risk register."""
    table, currency = list_risks(decision, study, business), decision.case.unit["currency"]
    shown = table.assign(
        likely=[say_share(chance) if chance == chance else "not known" for chance in table["chance"]],
        costs=[_say_loss(loss, currency) for loss in table["loss"]],
    )
    columns = [
        Shown("title", "What may happen"),
        Shown("likely", "Chance over the horizon"),
        Shown("costs", "Takes off the saving", "short"),
        Shown("owner", "Watched by"),
        Shown("trigger", "Act when", "prose"),
    ]
    caption = (
        "Cash and losses together, against the saving without it, on average. Chance: share of the futures. Roles "
        "stand where the case names nobody."
    )
    caption += " Nothing: today's delivery suffers at least as much." if (table["loss"] == 0.0).any() else ""
    return join_parts(
        head_block("Risk register"),
        show_table(shown, columns, currency, caption=caption, empty="No risk stands out.", is_stacked=True),
    )
