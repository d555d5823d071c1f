"""Sections on what customers, peaks and regions see of a plan: promises, queues, jobs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sourcing import value
from sourcing.pack.block import Block, Shown, fold_table, say_block, say_nothing, show_table
from sourcing.pack.wording import call_places, name_processes, say_count, say_number, say_share
from sourcing.plan import sum_measure

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sourcing.decide import Decision


def show_services(decision: Decision) -> Block:
    """Show each promise against what today's and the planned options deliver, and which options are out."""
    case = decision.case
    if case.services.empty:
        return say_nothing(
            "No service is promised in this case; the tables services and service_parts would say what is."
        )
    sides = {"today": decision.as_is, "planned": decision.plan}
    checked = {
        side: value.check_services(case, plan.choices.drop_duplicates("process").set_index("process")["option"])
        for side, plan in sides.items()
    }
    table = checked["today"].assign(
        planned=checked["planned"]["delivered"],
        title=checked["today"]["measure"].str.replace("_", " "),
        state=[_mark_flag(flag) for flag in checked["planned"]["flag"]],
    )
    columns = [
        Shown("service_name", "Promise"),
        Shown("title", "Measure"),
        Shown("promised", "Promised", "figure"),
        Shown("delivered", "Today's parts deliver", "figure"),
        Shown("planned", "The plan's parts deliver", "figure"),
        Shown("state", "In the plan", "badge"),
    ]
    names = name_processes(case)
    misses = value.list_misses(case)
    misses["name"] = misses["process"].map(names)
    of_misses = [Shown("name", "Process"), Shown("option", "Option"), Shown("reason", "Why it is out", "prose")]
    levels = value.list_levels(case)
    levels["name"] = levels["process"].map(names)
    levels["title"] = levels["measure"].str.replace("_", " ")
    of_levels = [
        Shown("name", "Process"),
        Shown("option", "Option"),
        Shown("title", "Measure"),
        Shown("expected", "Expected", "figure"),
        Shown("band", "Band"),
        Shown("band_at_worst", "Band at worst"),
        Shown("source", "Source", "prose"),
    ]
    out = fold_table(misses, of_misses, f"{say_count(len(misses), 'option')} cannot meet a service")
    return show_table(table, columns) + out + fold_table(levels, of_levels, "Expected service and band of each option")


def _mark_flag(flag: str) -> dict[str, str]:
    return {"text": flag, "tone": "bad"} if flag else {"text": "kept", "tone": "good"}


def show_peaks(decision: Decision) -> Block:
    """Show peaks and queues: people on average and at the peak, waiting, and what each way of carrying it costs."""
    sizes = value.size_capacity(decision.case)
    if sizes.empty:
        return say_nothing("No seasonal peak or queue is stated; the table capacity would size it.")
    columns = [
        Shown("process_name", "Process"),
        Shown("peak_to_average", "Peak over average", "number"),
        Shown("heads_average", "People on average", "number"),
        Shown("heads_peak", "People at the peak", "number"),
        Shown("state", "Staffed today", "badge"),
        Shown("idle_share", "Idle outside the peak", "share"),
        Shown("occupancy_peak", "Busy at the peak", "share"),
        Shown("answer_seconds_wanted", "Answer wanted, seconds", "number"),
    ]
    costs = value.price_peak(decision.offers)
    of_costs = [
        Shown("process_name", "Process"),
        Shown("name", "Option"),
        Shown("delivery_model", "Model", "model"),
        Shown("average_cost", "A year without the peak", "money"),
        Shown("staffed", "Own people all year", "money"),
        Shown("temporary", "People for the peak", "money"),
        Shown("priced", "Priced by volume", "money"),
        Shown("cover", "As the case says"),
    ]
    currency = str(decision.case.unit["currency"])
    title = "What carrying the peak costs a year, on top, in each way"
    sizes["state"] = [_mark_staff(row) for row in sizes.to_dict("records")]
    return show_table(sizes, columns) + fold_table(costs, of_costs, title, currency)


def _mark_staff(size: Mapping[str, Any]) -> dict[str, str]:
    """Mark whether a queue has the people that it asks for; without a queue nothing is known."""
    if size["load_average"] != size["load_average"]:
        return {}
    if size["is_short"]:
        return {"text": "short on average", "tone": "bad"}
    is_short = size["headcount_fte"] < size["heads_peak"] - 1e-9
    return {"text": "short at the peak", "tone": "warn"} if is_short else {"text": "enough", "tone": "good"}


def show_regions(decision: Decision) -> Block:
    """Show jobs by region today and in the plan, weighted by unemployment where the case gives it, and the methods."""
    regions = value.list_regions(decision.case, decision.plan.choices, decision.as_is.choices)
    regions["region"] = call_places(regions["region"], decision.case)
    moved, gained = (sum_measure(decision.plan, measure) for measure in ("contact_moved", "contact_service"))
    service = f"{say_number(gained)} points of availability, weighted by contact" if gained else "nothing that is known"
    columns = [
        Shown("region", "Region"),
        Shown("jobs_today", "Jobs today", "number"),
        Shown("jobs", "Jobs in the plan", "number"),
        Shown("change", "Change", "number"),
        Shown("unemployment_rate", "Unemployment", "share"),
        Shown("weighted_change", "Change, weighted", "number"),
        Shown("source", "Source of the rate", "prose"),
    ]
    said = (
        f"{say_share(moved)} of the unit's customer contact changes hands; customers gain {service}.",
        "Jobs are full-time equivalents at steady state, whoever employs them; a change is weighted by the "
        "unemployment rate of its region where the case gives one.",
    )
    return say_block(*said) + show_table(regions, columns)
