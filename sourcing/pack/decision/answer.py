"""Sentences computed from a decision's numbers: nothing is said that the numbers do not say."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from sourcing.decide import range_saving
from sourcing.pack.answers import list_open, list_prices
from sourcing.pack.decision.attitude import say_attitude
from sourcing.pack.decision.questions import list_questions, say_doubts
from sourcing.pack.decision.reasons import say_concentration, say_weakest
from sourcing.pack.decision.tables import list_decisions
from sourcing.pack.judgment import say_gate, say_questions
from sourcing.pack.wording import (
    NOTHING,
    call_bans,
    call_line,
    lower_first,
    name_postures,
    name_processes,
    say_count,
    say_list,
    say_money,
    say_number,
    say_rules,
    say_share,
    say_use,
)
from sourcing.plan import sum_measure

if TYPE_CHECKING:
    from sourcing.decide import Decision

NEARLY = 0.05
"""A rule counts as nearly used up when its slack is at most this share of its limit."""
PRICED = ("cost_fit", "cost_customer_value", "cost_partnership", "cost_social_value", "cost_conflict", "cost_hurdle")
"""Lines of the objective that are neither paid nor lost: prices that policy sets."""
OPEN = {
    "options": "what forcing costs is not exact for {0} of {1} options",
    "rules": "the price is not exact for {0} of {1} rules and bans",
    "frontier": "efficient plans may be missing",
}
"""What the safety limit left open, by kind."""
MOVES = {
    "outsourced": ("is outsourced", "are outsourced"),
    "provider": ("changes its outside owner or contract", "change their outside owner or contract"),
    "back": ("is brought in-house", "are brought in-house"),
    "back_onshore": ("is brought to a shared site at home", "are brought to a shared site at home"),
    "back_offshore": ("is brought to a site of ours abroad", "are brought to a site of ours abroad"),
    "onshore": ("moves to another site at home", "move to another site at home"),
    "offshore": ("moves to a site of ours abroad", "move to a site of ours abroad"),
    "in_house": ("is changed in place", "are changed in place"),
}


def say_answer(decision: Decision) -> list[str]:
    """Say what is decided, what it costs in cash, what it risks, and whether staying in-house would win."""
    return [
        _say_moves(decision),
        _say_cash(decision),
        _say_risk(decision),
        *say_attitude(decision),
        *_say_as_is(decision),
        *_say_in_house(decision),
        *_say_fit(decision),
    ]


def _say_moves(decision: Decision) -> str:
    rows = list_decisions(decision)
    moving = rows[rows["moves"]]
    if moving.empty:
        return f"Keep all {say_count(len(rows), 'process', 'processes')} as they are: no move pays under the rules."
    kinds = moving.apply(kind_of_move, axis=1)
    parts = []
    for kind, (one, many) in MOVES.items():
        names = moving.loc[kinds == kind, "process_name"]
        if len(names):
            parts.append(f"{len(names)} {one if len(names) == 1 else many} ({say_list(names, 3)})")
    staying = len(rows) - len(moving)
    if staying:
        parts.append("1 stays as it is" if staying == 1 else f"{staying} stay as they are")
    return f"Change {len(moving)} of {say_count(len(rows), 'process', 'processes')}: {'; '.join(parts)}."


def kind_of_move(row: pd.Series) -> str:
    """Name the kind of a move, a key of MOVES, from the owner and delivery model it leaves and takes.

    Examples
    --------
    >>> kind_of_move(pd.Series({"from_model": "outsource", "delivery_model": "onshore"}))
    'back_onshore'
    >>> kind_of_move(pd.Series({"from_model": "in_house", "delivery_model": "outsource"}))
    'outsourced'
    """
    before, after = row["from_model"], row["delivery_model"]
    if after == "outsource":
        return "provider" if before == "outsource" else "outsourced"
    if before == "outsource":
        return "back" if after == "in_house" else f"back_{after}"
    return str(after)


def _say_cash(decision: Decision) -> str:
    unit = decision.case.unit
    currency, years = unit["currency"], int(unit["horizon_years"])
    today, planned = (sum_measure(plan, "cash_cost") for plan in (decision.as_is, decision.plan))
    saving = today - planned
    basis = "present value, mean of its ranges" if decision.policy.use_ranges else "present value, figures as stated"
    words = f"Over {say_count(years, 'year')} the plan pays {say_money(planned, currency)} ({basis})"
    if round(abs(saving)) == 0:
        return f"{words}, the same as today's delivery."
    compared = (
        f"{say_money(abs(saving), currency)} ({say_share(abs(saving) / today)})"
        if today
        else say_money(abs(saving), currency)
    )
    one_off = sum_measure(decision.plan, "one_off_cost")
    spent = f", after {say_money(one_off, currency)} of one-off spending" if one_off > 0.5 else ""
    said = f"{words}, {compared} {'less' if saving > 0 else 'more'} than keeping everything as it is{spent}."
    return f"{said} {say_spread(decision)}".rstrip()


def say_spread(decision: Decision) -> str:
    """Say how far the saving may lie from its mean, and the likely figure; "" where ranges are switched off."""
    if not decision.policy.use_ranges:
        return ""
    saving, currency = range_saving(decision), decision.case.unit["currency"]
    if min(saving.low, saving.likely) >= 0:
        low, high, likely = (say_money(amount, currency) for amount in (saving.low, saving.high, saving.likely))
        return f"Eight of ten outcomes save {low} to {high}; at the likely figures the saving would be {likely}."
    low, high, likely = (_say_saved(amount, currency) for amount in (saving.low, saving.high, saving.likely))
    return f"Eight of ten outcomes lie between {low} and {high}; at the likely figures {likely}."


def _say_saved(amount: float, currency: str) -> str:
    return f"{say_money(abs(amount), currency)} {'saved' if amount >= 0 else 'lost'}"


def _say_risk(decision: Decision) -> str:
    currency = decision.case.unit["currency"]
    today, planned = (sum_measure(plan, "expected_loss") for plan in (decision.as_is, decision.plan))
    if round(abs(planned - today)) == 0:
        return f"Expected losses stay at {say_money(planned, currency)}."
    verb = "rise" if planned > today else "fall"
    return f"Expected losses {verb} from {say_money(today, currency)} to {say_money(planned, currency)}."


def _say_as_is(decision: Decision) -> list[str]:
    """Say that today's delivery breaks the unit's own rules, where it does."""
    breaks = decision.broken_rules["Keep as it is"]
    if not breaks:
        return []
    return [f"Keeping everything as it is breaks {say_rules(breaks, decision.case)}: something has to change."]


def _say_in_house(decision: Decision) -> list[str]:
    """Say how everything in-house compares, and plainly when it wins."""
    currency = decision.case.unit["currency"]
    today_inside = (decision.as_is.choices["delivery_model"] == "in_house").all()
    verb = "Keeping" if today_inside else "Having"
    if decision.in_house is None:
        return [f"{verb} everything in-house cannot be compared: some process has no in-house option that is open."]
    difference = decision.in_house.objective - decision.plan.objective
    breaks = decision.broken_rules["Everything in-house"]
    broken = f", but would break {say_rules(breaks, decision.case)}" if breaks else ""
    if (decision.plan.choices["delivery_model"] == "in_house").all():
        return [
            f"{verb} everything in-house wins: no permitted move to another site or owner is worth its cost and risk."
        ]
    if difference < -0.5:
        return [
            f"{verb} everything in-house would cost {say_money(-difference, currency)} less than this plan, "
            f"risk included{broken}."
        ]
    return [
        f"{verb} everything in-house would cost {say_money(difference, currency)} more than this plan, "
        f"risk included{broken}."
    ]


def _say_fit(decision: Decision) -> list[str]:
    """Say what the plan does to strategic fit, and what fit and customer value cost in cash where they are priced."""
    today, planned = (sum_measure(plan, "fit_points") for plan in (decision.as_is, decision.plan))
    against = int((decision.plan.choices["fit_points"] < 0).sum())
    words = []
    if abs(planned - today) > 0.5 or against:
        verb = "rises" if planned > today else "falls" if planned < today else "stays"
        one, many = "choice stands against its posture", "choices stand against their posture"
        speaks = f"; {say_count(against, one, many)}" if against else ""
        words.append(
            f"Strategic fit {verb} from {say_number(round(today))} to {say_number(round(planned))} points{speaks}."
        )
    if decision.cash_plan is None:
        return words
    currency = decision.case.unit["currency"]
    extra = sum_measure(decision.plan, "cash_cost") - sum_measure(decision.cash_plan, "cash_cost")
    priced = {"fit_points": "strategic fit", "customer_value": "customer value"}
    names = [
        word
        for (measure, word), price in zip(
            priced.items(), (decision.policy.price_of_fit, decision.policy.price_of_customer_value), strict=True
        )
        if price and abs(sum_measure(decision.plan, measure) - sum_measure(decision.cash_plan, measure)) > 1e-6
    ]
    if not names:
        return [*words, "The prices put on fit and customer value change nothing in the plan."]
    points = sum_measure(decision.plan, "fit_points") - sum_measure(decision.cash_plan, "fit_points")
    bought = f": {say_count(round(points, 1), 'point')} of fit" if names == ["strategic fit"] and points > 0 else ""
    cost = "costs nothing in cash" if extra <= 0 else f"costs {say_money(extra, currency)} in cash"
    return [*words, f"The price put on {say_list(names)} {cost}{bought}."]


def say_limits(decision: Decision) -> list[str]:
    """Say which rules are nearly used up, what each costs, and what was set aside."""
    rules = decision.plan.rules
    near = rules[(rules["slack"].abs() <= NEARLY * rules["limit"].abs()) & (rules["limit"] != 0)]
    words = [f"{rule['rule']}: {say_use(rule, decision.case)} used." for rule in near.to_dict("records")]
    if not len(rules):
        words.append("No rule limits this plan.")
    elif not len(near):
        words.append(f"None of the {say_count(len(rules), 'limit')} is nearly used up.")
    words += _say_held_back(decision)
    if not decision.judgment.situation.is_open:
        words.append(say_gate(decision.judgment))
    barred = decision.alternatives[decision.alternatives["barred_by"] != ""]
    if len(barred):
        by = sorted(set("; ".join(barred["barred_by"]).split("; ")))
        words.append(
            f"{say_count(len(barred), 'alternative was', 'alternatives were')} set aside before optimizing, by "
            f"{say_list(map(call_bans, by), 3)}."
        )
    return words


def _say_held_back(decision: Decision) -> list[str]:
    """Name each rule and lock without which another plan would be cheaper, what that saves, what would be otherwise."""
    prices, names = list_prices(decision), name_processes(decision.case)
    is_set = (prices["kind"] == "rule") | prices["rule"].isin(decision.case.locks["lock"])
    costly = prices[is_set & (prices["drop_saving"] >= NOTHING)]
    currency = decision.case.unit["currency"]
    return [
        f"{say_rules([row['rule']], decision.case)} costs {say_money(row['drop_saving'], currency)}: without it "
        f"{say_list([names[process] for process in row['drop_moves']], 3)} would be decided otherwise."
        for row in costly.to_dict("records")
    ]


def say_asks(decision: Decision) -> list[str]:
    """Say what the reader is asked to decide, and the plan's weakest assumptions."""
    currency = decision.case.unit["currency"]
    rows = list_decisions(decision)
    moving, one_off = rows[rows["moves"]], sum_measure(decision.plan, "one_off_cost")
    asks = []
    if len(moving):
        asks.append(
            f"Approve {say_count(len(moving), 'move')} touching {say_number(round(moving['changed_fte'].sum()))} "
            f"full-time equivalents and {say_money(one_off, currency)} of one-off spending."
        )
        last = moving["go_live_months"].max()
        asks.append(f"Name an owner for each move; the longest takes {say_count(round(last, 1), 'month')} to go-live.")
    else:
        asks.append("Confirm that everything stays as it is; nothing has to be spent.")
    asks += say_concentration(decision)
    names = name_processes(decision.case)
    unscored = names[decision.judgment.postures.index[decision.judgment.postures["posture"] == "unscored"]]
    if len(unscored):
        asks.append(f"Have {say_list(unscored, 3)} scored: below the coverage policy asks, so kept as today.")
    cautious = decision.judgment.postures["cautious"][decision.judgment.postures["cautious"] != ""]
    if len(cautious):
        kinds = sorted({kind.replace("_", " ") for text in cautious for kind in text.split(", ")})
        asks.append(
            f"Complete {say_list(kinds)} of {say_list(names[cautious.index], 3)}: an assumption stands in their place."
        )
    asks += say_doubts(list_questions(decision))
    asks += say_questions(decision.judgment)
    odd = len(decision.case.warnings)
    if odd:
        asks.append(
            f"Have {say_count(odd, 'odd entry', 'odd entries')} of the tables confirmed or mended, listed below."
        )
    return [*asks, say_weakest(decision)]


def say_bounds(decision: Decision) -> str:
    """Say how sure the plan is the best one, and what the safety limit left open of the answers why."""
    plan, currency = decision.plan, decision.case.unit["currency"]
    if plan.status == "optimal" and plan.gap == 0.0:
        priced = [lower_first(call_line(line)) for line in PRICED if round(abs(float(plan.lines.get(line, 0.0))))]
        counted = f", counting cash, losses and {say_list(priced)}" if priced else ""
        words = f"The plan is proven the cheapest that keeps every rule{counted}."
    else:
        margin = max(plan.objective - plan.bound, 0.0)
        ending = "" if plan.status == "optimal" else " The search ran out of time."
        words = f"No plan that keeps every rule can be more than {say_money(margin, currency)} cheaper.{ending}"
    return " ".join([words, *say_cut(decision)])


def say_cut(decision: Decision) -> list[str]:
    """Say on page one what the safety limit left open of the answers why; nothing where it was not hit."""
    said = [OPEN[kind].format(*counts) for kind, counts in list_open(decision).items()]
    return [f"The lever explain time cut the search: {say_list(said)}. That changes no decision."] if said else []


def say_standing(postures: pd.DataFrame) -> str:
    """Say how many processes stand in each posture, and which rests on the least evidence.

    Parameters
    ----------
    postures : DataFrame
        From `map_postures`.
    """
    counts = postures["posture"].map(name_postures()).str.lower().value_counts()
    parts = [f"{number} {name}" for name, number in sorted(counts.items(), key=lambda each: (-each[1], each[0]))]
    least = postures["coverage"].idxmin()
    evidence = (
        "every index that decides is scored in full"
        if postures["coverage"].min() > 1 - 1e-9
        else f"{least} rests on the least: {say_share(postures['coverage'].min())} of its weight is scored"
    )
    return f"{say_count(len(postures), 'process', 'processes')}: {say_list(parts, 6)}; {evidence}."
