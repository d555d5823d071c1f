"""Why each process is delivered as planned, said from its own numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from sourcing.assess import load_postures
from sourcing.pack.answers import list_flips, list_prices
from sourcing.pack.wording import (
    MODEL_NAMES,
    NOTHING,
    call_bans,
    call_line,
    call_option,
    lower_first,
    name_options,
    name_processes,
    say_count,
    say_interval,
    say_list,
    say_money,
    say_rules,
    say_share,
)
from sourcing.plan import share_amounts, sum_measure
from sourcing.value import CASH_LINES

if TYPE_CHECKING:
    from sourcing.case import Case
    from sourcing.decide import Decision

MOST_OF_IT = 0.4
"""A process that carries at least this share of the net saving is named."""
SIZABLE = 0.01
"""A closest call is looked for among processes with at least this share of the cash cost."""

TELLING = 0.1
"""A cost line is named from this share of the largest difference on."""


def say_concentration(decision: Decision) -> list[str]:
    """Name the process that carries most of the saving, its share, and where its figures come from."""
    moved = decision.plan.choices.set_index("process")
    planned = share_amounts(decision.plan).groupby("process")["cash_cost"].sum()
    saving = decision.as_is.choices.groupby("process")["cash_cost"].sum() - planned
    total = sum_measure(decision.as_is, "cash_cost") - sum_measure(decision.plan, "cash_cost")
    if total <= 0.5 or saving.max() < MOST_OF_IT * total:
        return []
    process = saving.idxmax()
    sources = decision.case.options.set_index(["process", "option"])["source"]
    source = sources.get((process, moved.loc[[process], "option"].iloc[0]), "")
    rests = f" Its figures: {source.rstrip('.')}." if source else " No source is given for its figures."
    return [
        f"{say_share(min(saving.max() / total, 1.0))} of the net saving comes from "
        f"{moved.loc[[process], 'process_name'].iloc[0]}: have its figures checked first.{rests}"
    ]


def say_weakest(decision: Decision) -> str:
    """Name the sizable decision that is nearest to another one: the least forcing cost against its own cash cost."""
    flips = list_flips(decision)
    costs = decision.plan.choices.groupby("process")["cash_cost"].sum()
    sizable = costs.index[costs >= SIZABLE * costs.sum()]
    rivals = flips[flips["runner_up"] & flips["process"].isin(sizable)]
    if rivals.empty:
        return "No sizable process has a second choice under the rules and bans."
    relative = rivals["forcing_cost"] / rivals["process"].map(costs)
    nearest = rivals.loc[relative.idxmin()]
    called = name_options(decision.alternatives)[nearest["process"], nearest["option"]]
    behind = say_interval(max(nearest["lower"], 0.0), nearest["upper"], decision.case.unit["currency"])
    return (
        f"Closest call: {name_processes(decision.case)[nearest['process']]}, where {called} is only {behind} "
        f"({say_share(max(relative.min(), 0))} of its cash cost) behind the choice made, all else free to follow."
    )


def say_reasons(decision: Decision) -> pd.Series:
    """Say why each process is delivered as planned, from its own numbers.

    Returns
    -------
    Series
        Index process; the sentences of `list_reasons`.
    """
    reasons = list_reasons(decision)
    return (reasons["why"] + " " + reasons["further"]).rename("reason")


def list_reasons(decision: Decision) -> pd.DataFrame:
    """List why each process is delivered as planned, from its own numbers.

    Returns
    -------
    DataFrame
        Index process; columns why (what is chosen, the money and the cost lines that make the difference, the scores
        and the posture they give) and further (the rules that hold cheaper choices off, the next best that keeps every
        rule, hand-offs, what was set aside), both in sentences.
    """
    parts = share_amounts(decision.plan).groupby("process", sort=False)
    prices, flips = list_prices(decision), list_flips(decision)
    records = [
        (
            process,
            " ".join(
                part
                for part in (
                    _say_place(str(process), rows, decision),
                    _say_beside(str(process), rows, decision),
                    _say_scores(str(process), rows, decision),
                )
                if part
            ),
            _say_further(str(process), rows, decision, prices, flips),
        )
        for process, rows in parts
    ]
    return pd.DataFrame(records, columns=["process", "why", "further"]).set_index("process")


def _say_further(
    process: str, parts: pd.DataFrame, decision: Decision, prices: pd.DataFrame, flips: pd.DataFrame
) -> str:
    currency = decision.case.unit["currency"]
    swaps = decision.swaps[decision.swaps["process"] == process].sort_values("extra_cost")
    allowed = swaps[~swaps["is_barred"]]
    cheaper = allowed[allowed["extra_cost"] < -NOTHING]
    words = []
    if not len(allowed):
        words.append("No other option is open.")
    elif not (allowed["breaks"].map(len) == 0).any():
        words.append("No other option keeps every rule while all else stays as planned.")
    named: tuple[str, ...] = ()
    if len(cheaper):
        words.append(_say_cheaper(cheaper, decision.case))
        named = cheaper["breaks"].iloc[0]
    words += _say_bound(process, prices, named, decision.case)
    rival = flips[(flips["process"] == process) & flips["runner_up"]]
    if len(rival):
        words.append(_say_next(rival.iloc[0], swaps, parts, decision))
    links = decision.plan.handoffs
    own = links.loc[(links["process_a"] == process) | (links["process_b"] == process), "cost"].sum()
    if abs(own) >= NOTHING:
        words.append(f"Hand-offs to linked work {'cost' if own > 0 else 'save'} {say_money(abs(own), currency)}.")
    barred = _name_bars(swaps[swaps["is_barred"]], decision)
    if barred:
        words.append(f"Set aside: {say_list(barred, 3)}.")
    return " ".join(words)


def _say_place(process: str, parts: pd.DataFrame, decision: Decision) -> str:
    """Say what is chosen, what it saves or costs in cash against today, and on which lines."""
    today = decision.as_is.choices.set_index("process").loc[process]
    if parts["is_as_is"].all():
        return f"Stays {MODEL_NAMES[parts['delivery_model'].iloc[0]]} as today."
    currency, saving = decision.case.unit["currency"], float(today["cash_cost"] - parts["cash_cost"].sum())
    lines = [f"cost_{line}" for line in CASH_LINES]
    compared = (
        f"saves {say_money(saving, currency)} in cash against today"
        if saving >= NOTHING
        else f"costs {say_money(-saving, currency)} more in cash than today"
        if saving <= -NOTHING
        else "costs the same in cash as today"
    )
    changed = _say_lines(parts[lines].sum() - today[lines].astype(float), currency)
    return f"{_name_parts(parts)} {compared}{f': {changed}' if changed else ''}."


def _say_beside(process: str, parts: pd.DataFrame, decision: Decision) -> str:
    """Say what staying would change beside the work's own cash: shared costs; where moving costs cash, the rest too."""
    if parts["is_as_is"].all():
        return ""
    today = decision.as_is.choices.set_index("process").loc[process]
    stay = decision.swaps[(decision.swaps["process"] == process) & (decision.swaps["option"] == today["option"])]
    saving = float(today["cash_cost"] - parts["cash_cost"].sum())
    added = {"costs that processes share": 0.0 if stay.empty else float(stay["shared_change"].iloc[0])}
    if saving <= -NOTHING:
        added["expected losses"] = float(today["expected_loss"] - parts["expected_loss"].sum())
        added["what lacks in strategic fit"] = float(today["cost_fit"] - parts["cost_fit"].sum())
    least, currency = max(NOTHING, TELLING * abs(saving)), decision.case.unit["currency"]
    said = [
        f"{line} would be {say_money(abs(amount), currency)} {'higher' if amount > 0 else 'lower'}"
        for line, amount in added.items()
        if abs(amount) >= least
    ]
    return f"If it alone stayed, {say_list(said)}." if said else ""


def _name_parts(parts: pd.DataFrame) -> str:
    """Name the option chosen with its delivery model; of a split process every part with its share."""
    names = list(map(call_option, parts["name"], parts["delivery_model"]))
    if len(parts) == 1:
        return names[0]
    return f"Split into {say_list([f'{say_share(s)} {n}' for s, n in zip(parts['share'], names, strict=True)])}, it"


def _say_lines(changes: pd.Series, currency: str) -> str:
    """Say which cost lines fall and rise most, at most two each, leaving out what is small beside the largest.

    Examples
    --------
    >>> _say_lines(pd.Series({"cost_labor": -9e4, "cost_overhead": -3e4, "cost_price": 5e4, "cost_vat": 100.0}), "USD")
    'USD 90,000 less own labor, USD 30,000 less own overhead, USD 50,000 more paid to outside owners'
    """
    large = changes[changes.abs() >= max(NOTHING, TELLING * float(changes.abs().max()))]
    sides = ((large[large < 0].nsmallest(2), "less"), (large[large > 0].nlargest(2), "more"))
    return ", ".join(
        f"{say_money(abs(change), currency)} {word} {lower_first(call_line(str(line)))}"
        for side, word in sides
        for line, change in side.items()
    )


def _say_scores(process: str, parts: pd.DataFrame, decision: Decision) -> str:
    """Say the two indices, the posture they give, and whether it speaks for the owner chosen."""
    scored = decision.judgment.postures.loc[process]
    postures = load_postures().set_index(["posture", "owner_type"])
    if scored["posture"] not in postures.index.get_level_values("posture"):
        return "Too little is scored to give it a posture."
    indices = f"commoditization {scored['commoditization']:.2f}, core fit {scored['core_competency']:.2f}"
    key = (scored["posture"], parts.sort_values("share", kind="stable")["owner_type"].iloc[-1])
    fit, name = postures.at[key, "fit"], postures.at[key, "name"].lower()
    if fit < 0:
        return f"Scores ({indices}): chosen although its posture ({name}) speaks for other owners."
    return (
        f"Scores ({indices}) give the posture '{name}', which {'speaks for' if fit > 0 else 'is open to'} this owner."
    )


def _say_cheaper(cheaper: pd.DataFrame, case: Case) -> str:
    """Name the cheapest choice that was not taken, and what keeps it out."""
    first = cheaper.iloc[0]
    more = f" ({say_count(len(cheaper) - 1, 'further cheaper option')} below)" if len(cheaper) > 1 else ""
    saving = say_money(-first["extra_cost"], case.unit["currency"])
    if first["breaks"]:
        return f"{first['name']} would save {saving} more, but breaks {say_rules(first['breaks'], case)}{more}."
    return f"{first['name']} would save {saving} more; the search was allowed to leave that."


def _say_bound(process: str, prices: pd.DataFrame, named: tuple[str, ...], case: Case) -> list[str]:
    """Name the rules without which the cheapest plan would decide this process otherwise, those already named aside."""
    would = prices["drop_moves"].map(lambda moves: process in moves) & (prices["drop_saving"] >= NOTHING)
    rules = prices.loc[would & (prices["kind"] == "rule") & ~prices["rule"].isin(named), "rule"]
    said = " or without ".join(say_rules([rule], case) for rule in rules)
    return [f"It would be decided otherwise without {said}."] if len(rules) else []


def _say_next(rival: pd.Series, swaps: pd.DataFrame, parts: pd.DataFrame, decision: Decision) -> str:
    """Name the next best with what forcing it costs, and for work that stays on which of its own lines it is dearer."""
    currency = decision.case.unit["currency"]
    called = name_options(decision.alternatives)[rival["process"], rival["option"]]
    cost = say_interval(max(rival["lower"], 0.0), rival["upper"], currency)
    words = f"Next best: {called}, {cost} more"
    if rival["moves"]:
        names = name_processes(decision.case)
        return f"{words}, with {say_list([names[process] for process in rival['moves']], 3)} decided otherwise too."
    own = swaps[swaps["option"] == rival["option"]]
    if len(own) and abs(own["handoff_change"].iloc[0]) >= NOTHING:
        change = own["handoff_change"].iloc[0]
        words += f" (hand-offs {'add' if change > 0 else 'save'} {say_money(abs(change), currency)})"
    if not parts["is_as_is"].all():
        return f"{words}."
    keys = [name for name in ("process", "option", "wave") if name in rival.index and name in decision.alternatives]
    at = np.logical_and.reduce([decision.alternatives[name] == rival[name] for name in keys])
    lines = [name for name in decision.alternatives if name.startswith("cost_")]
    changed = _say_lines(decision.alternatives.loc[at, lines].iloc[0] - parts[lines].sum(), currency)
    return f"{words}{f': {changed}' if changed else ''}."


def _name_bars(barred: pd.DataFrame, decision: Decision) -> list[str]:
    """Name what is set aside, each with the bans that do it."""
    by = decision.alternatives[["process", "option", "barred_by"]].drop_duplicates(["process", "option"])
    rows = barred.merge(by, on=["process", "option"])
    return [f"{name} ({call_bans(bans)})" for name, bans in zip(rows["name"], rows["barred_by"], strict=True)]
