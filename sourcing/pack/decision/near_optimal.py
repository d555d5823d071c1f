"""What else could be done: plans nearly as good and quite different, and the trade of cash against expected loss."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from sourcing.pack.answers import SLACK, list_frontier, list_others, list_stable
from sourcing.pack.block import Block, Shown, answer_block, fold_table, say_block, show_table
from sourcing.pack.wording import (
    NOTHING,
    call_line,
    call_option,
    lower_first,
    name_processes,
    say_count,
    say_list,
    say_money,
    say_share,
)
from sourcing.plan import sum_measure
from sourcing.value import CASH_LINES, SHARED_LINES

if TYPE_CHECKING:
    from sourcing.decide import Decision
    from sourcing.plan import Plan

POINT = ("cash_cost", "expected_loss", "price_of_next", "chosen", "efficient")
"""What is known of an efficient plan beside what it decides."""


def show_others(decision: Decision) -> Block:
    """Show which decisions stand in every plan within the slack, which are free, and the other plans themselves."""
    others, core = list_others(decision), list_stable(decision)
    currency, names = decision.case.unit["currency"], _name_options(decision)
    free, stands = core[~core["stands"]], core[core["stands"]]
    proven = int(core["proven"].sum())
    sentences = [
        f"Plans were sought that cost at most {say_share(SLACK)} more than this one and decide as much as possible "
        f"otherwise: {say_count(len(others), 'such plan')} found."
        if others
        else f"No plan within {say_share(SLACK)} of this one decides two processes or more otherwise.",
        f"{len(stands)} of {say_count(len(core), 'decision')} {'is' if len(stands) == 1 else 'are'} the same in all of "
        f"them; for {proven} it is proven that no plan so near decides otherwise.",
    ]
    shown = free.assign(
        name=free["process"].map(name_processes(decision.case)),
        met=[
            " or ".join(names.get((process, option), str(option)) for option in met)
            for process, met in zip(free["process"], free["options"], strict=True)
        ],
    )
    columns = [Shown("name", "Free to decide otherwise"), Shown("met", "Options met", "prose")]
    tables = [_show_plan(f"Plan {k}", other, decision, currency) for k, other in enumerate(others, start=2)]
    block = answer_block(*sentences) + show_table(shown, columns, empty="Nothing is free: every decision stands.")
    for table in tables:
        block = block + table
    return block


def list_frontier_choices(decision: Decision) -> pd.DataFrame:
    """List every efficient plan with what it decides, one row per plan and process.

    Returns
    -------
    DataFrame
        Columns plan (1 = least cash), said (the plan in three lines of words), cash_cost, expected_loss,
        price_of_next, chosen, efficient, first (first row of its plan), process_name, delivery_model, differs (from
        the plan chosen).
    """
    frontier, currency = list_frontier(decision), decision.case.unit["currency"]
    taken = decision.plan.choices.drop_duplicates("process").set_index("process")["option"]
    tables = []
    for number, point in enumerate(frontier.to_dict("records"), start=1):
        choices = point["plan"].choices.drop_duplicates("process")
        table = choices[["process", "process_name", "name", "delivery_model", "option"]].assign(
            plan=number, **{name: point[name] for name in POINT}
        )
        table["said"] = (
            f"Plan {number}\n{say_money(point['cash_cost'], currency)} of cash\n"
            f"{say_money(point['expected_loss'], currency)} of expected loss"
        )
        table["differs"] = table["option"] != table["process"].map(taken)
        table["first"] = [True] + [False] * (len(table) - 1)
        tables.append(table.drop(columns="option"))
    return pd.concat(tables, ignore_index=True)


def say_frontier(decision: Decision) -> list[str]:
    """Say how many efficient plans were found, that others may lie between, and why the plan is kept if it is none."""
    frontier = list_frontier(decision)
    count = say_count(int(frontier["efficient"].sum()), "efficient plan")
    if frontier.attrs.get("cut"):
        words = [f"{count} found before the lever explain time cut the search; others are not known."]
    elif frontier.attrs.get("complete"):
        words = [f"{count}: these are all there are."]
    else:
        words = [f"{count}, apart by steps of expected loss; others may lie between."]
    own = frontier[frontier["chosen"]].iloc[0]
    if own["efficient"]:
        return words
    measures = ["cash_cost", "expected_loss"]
    better = frontier[frontier["efficient"] & (frontier[measures] <= own[measures]).all(axis=1)]
    return [*words, _say_kept(decision, better.iloc[0])] if len(better) else words


def _say_kept(decision: Decision, better: pd.Series) -> str:
    """Say on which lines, that these two measures do not count, the plan is the cheaper one."""
    currency, plan = decision.case.unit["currency"], decision.plan
    other = better["plan"].lines
    names = plan.lines.index.union(other.index)
    change = other.reindex(names, fill_value=0.0) - plan.lines.reindex(names, fill_value=0.0)
    counted = [*(f"cost_{line}" for line in (*CASH_LINES, "expected_loss")), *SHARED_LINES]
    beside = change.drop(counted, errors="ignore")
    dearer = beside[beside >= NOTHING].nlargest(3)
    lines = [f"{say_money(amount, currency)} of {lower_first(call_line(str(name)))}" for name, amount in dearer.items()]
    cash, loss = (sum_measure(plan, name) - better[name] for name in ("cash_cost", "expected_loss"))
    return (
        f"This plan is not among them: one pays {say_money(cash, currency)} less cash and risks "
        f"{say_money(loss, currency)} less. It is kept because that one costs more in what these two do not count: "
        f"{say_list(lines)}."
    )


def show_frontier(decision: Decision) -> Block:
    """Show the efficient plans with the price of risk between them, and folded what each decides otherwise."""
    words = say_block(*say_frontier(decision))
    currency, table = decision.case.unit["currency"], list_frontier_choices(decision)
    points = table[table["first"]].assign(
        differs=table.groupby("plan")["differs"].sum().to_numpy(),
        mark=[
            {"text": "this plan", "tone": "good"} if chosen else None for chosen in table.loc[table["first"], "chosen"]
        ],
        next=[f"{price:,.2f}" if price == price else "" for price in table.loc[table["first"], "price_of_next"]],
    )
    columns = [
        Shown("plan", "Plan", "number"),
        Shown("mark", "", "badge"),
        Shown("cash_cost", "Cash cost", "money"),
        Shown("expected_loss", "Expected loss", "money"),
        Shown("next", f"{currency} of cash per {currency} of risk less, to the next efficient plan"),
        Shown("differs", "Decisions otherwise", "number"),
    ]
    caption = "From least cash to least expected loss."
    block = words + show_table(points, columns, currency, caption=caption, is_stacked=True)
    for point in points.to_dict("records"):
        rows = table[(table["plan"] == point["plan"]) & table["differs"]]
        title = ", ".join([*point["said"].split("\n"), f"{say_count(len(rows), 'decision')} otherwise"])
        shown = [Shown("process_name", "Process"), Shown("name", "Option"), Shown("delivery_model", "Model", "model")]
        block = block + fold_table(rows, shown, title)
    return block


def _name_options(decision: Decision) -> dict[tuple[str, str], str]:
    table = decision.alternatives.drop_duplicates(["process", "option"])
    return {
        (process, option): call_option(name, model)
        for process, option, name, model in zip(
            table["process"], table["option"], table["name"], table["delivery_model"], strict=True
        )
    }


def _show_plan(title: str, other: Plan, decision: Decision, currency: str) -> Block:
    """Fold what another plan decides otherwise, with its cost against this plan's."""
    taken = decision.plan.choices.set_index("process")["option"].groupby(level=0).first()
    rows = other.choices[other.choices["option"] != other.choices["process"].map(taken)]
    more = other.objective - decision.plan.objective
    said = say_list(rows["process_name"], 3)
    columns = [Shown("process_name", "Process"), Shown("name", "Option"), Shown("delivery_model", "Model", "model")]
    heading = f"{title}: {say_money(more, currency)} more, {say_count(len(rows), 'decision')} otherwise ({said})"
    return fold_table(rows, columns, heading)
