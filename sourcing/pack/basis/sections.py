"""Sections on what an answer rests on: rules, bars, deals, assumptions, what could be added, provenance."""

from __future__ import annotations

import math
import platform
from importlib.metadata import version
from typing import TYPE_CHECKING

import pandas as pd

import sourcing
from sourcing.assess import list_vetoes
from sourcing.pack.basis.tables import (
    list_additions,
    list_assumptions,
    list_bars,
    list_deals,
    list_given,
    list_set_aside,
)
from sourcing.pack.block import Block, Shown, fold_table, show_table
from sourcing.pack.wording import call_bans, say_count, say_value

if TYPE_CHECKING:
    from sourcing.decide import Decision


def show_set_aside(decision: Decision) -> Block:
    """Show what set alternatives aside, who can lift it, the most it could cost, and folded each alternative."""
    currency = decision.case.unit["currency"]
    expired = list_vetoes(decision.case)
    expired = expired[~expired["in_force"]]
    caption = f"Expired, so not applied: {', '.join(expired['veto'])}." if len(expired) else ""
    bars = list_bars(decision).assign(title=lambda table: table["barred_by"].map(call_bans))
    columns = [
        Shown("title", "Set aside by"),
        Shown("reason", "Reason", "prose"),
        Shown("owner", "Can be lifted by"),
        Shown("alternatives", "Alternatives", "number"),
        Shown("processes", "Processes", "number"),
        Shown("gain_alone", "Gain if lifted alone, at most", "money"),
    ]
    summary = show_table(bars, columns, currency, caption=caption, empty="Nothing was set aside.")
    columns = [
        Shown("process_name", "Process"),
        Shown("name", "Option"),
        Shown("delivery_model", "Model", "model"),
        Shown("bars", "Set aside by"),
        Shown("difference", "Cost against the choice", "money"),
    ]
    rows = list_set_aside(decision).assign(bars=lambda table: table["barred_by"].map(call_bans))
    rows = rows.sort_values("difference")
    return summary + fold_table(rows, columns, f"{say_count(len(rows), 'alternative')} set aside", currency)


def show_assumptions(decision: Decision) -> Block:
    """Show the unit's frame and every lever: those set for this unit, and folded those left at their default."""
    levers = list_assumptions(decision)
    for column in ("value", "default"):
        levers[column] = [_show_value(value) for value in levers[column]]
    levers["title"] = levers["name"].str.replace("_", " ")
    name, value, unit = Shown("title", "Lever"), Shown("value", "Value"), Shown("unit", "Unit")
    meaning, source = Shown("meaning", "Meaning", "prose"), Shown("source", "Source", "prose")
    why = [Shown("origin", "Set by"), Shown("reason", "Reason", "prose")]
    at_default = levers["origin"] == "default"
    given = show_table(
        list_given(decision).astype({"value": str}),
        [Shown("what", "Frame of the unit"), Shown("value", "Value"), Shown("meaning", "Meaning", "prose")],
    )
    changed = show_table(
        levers[~at_default],
        [name, value, Shown("default", "Default"), unit, meaning, *why, source],
        empty="Every lever is at its default.",
        is_stacked=True,
    )
    left = levers[at_default]
    title = f"{len(left)} levers left at their default"
    return given + changed + fold_table(left, [name, value, unit, meaning, source], title, is_stacked=True)


def _show_value(value: bool | float | str) -> str:
    """Show a lever's value to the last digit that was given, since it is what a run was given."""
    if isinstance(value, bool | str) or math.isinf(value):
        return say_value(value)
    return f"{value:,.12g}"


def show_deals(decision: Decision) -> Block:
    """Show the running contracts: what is left of each, what leaving costs, whether the plan leaves it."""
    columns = [
        Shown("process_name", "Process"),
        Shown("deal", "Deal"),
        Shown("months_left", "Months left", "number"),
        Shown("break_fee", "Break fee", "money"),
        Shown("minimum_per_year", "Minimum a year", "money"),
        Shown("retender_price_per_year", "Yearly price at re-tender", "money"),
        Shown("leaves", "Plan leaves it", "flag"),
        Shown("cost_exit", "Cost of leaving", "money"),
    ]
    deals = list_deals(decision)
    currency = decision.case.unit["currency"]
    if deals.empty:
        return show_table(deals, columns, empty="No running contract is recorded.")
    return fold_table(deals, columns, say_count(len(deals), "running contract"), currency)


def show_additions(decision: Decision) -> Block:
    """Show what the case could add, and what each table would buy."""
    columns = [Shown("table", "Table"), Shown("meaning", "A row is"), Shown("buys", "Buys")]
    return show_table(list_additions(decision), columns, empty="Every table the suite reads is filled.")


def show_certificate(decision: Decision) -> Block:
    """Show what the answer rests on: the tables' fingerprint, how far the search proved it, what was re-checked."""
    return _show_items(collect_certificate(decision))


def show_provenance(decision: Decision) -> Block:
    """Show what a run was made with, beside its certificate: the suite, Python and the libraries."""
    names = ("pandas", "pulp", "highspy", "altair", "papermill")
    made_with = {
        "Suite": f"sourcing {sourcing.__version__}, Python {platform.python_version()}",
        "Libraries": ", ".join(f"{name} {version(name)}" for name in names),
    }
    return _show_items(collect_certificate(decision) | made_with)


def _show_items(items: dict[str, str]) -> Block:
    rows = pd.DataFrame(list(items.items()), columns=pd.Index(["item", "value"]))
    return show_table(rows.astype(str), [Shown("item", "Item"), Shown("value", "Value")])


def collect_certificate(decision: Decision) -> dict[str, str]:
    """Collect what the answer rests on: item to value, as text."""
    plan, case = decision.plan, decision.case
    alone = plan.certified_gap
    proof = (
        f"prices of rules prove {alone:.2g} by arithmetic alone"
        if math.isfinite(alone)
        else "bound is the solver's own"
    )
    return {
        "Case": f"business unit {case.unit['business_unit']}",
        "Fingerprint of this unit's tables": case.fingerprint,
        "Search": (
            f"{plan.status}, gap {plan.gap:.2g} (asked {decision.policy.gap:g}), "
            f"objective {plan.objective:,.2f}, bound {plan.bound:,.2f}; {proof}"
        ),
        "Certificate": "choices, rules, hand-offs, lines and objective recomputed by plain arithmetic; all agree",
    }
