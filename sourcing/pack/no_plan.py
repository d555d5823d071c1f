"""Where a unit has no plan: what clashes, the cheapest repair, and what would be decided under it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from sourcing.decide import explain_ban, find_origin
from sourcing.pack.block import Block, Shown, answer_block, render_block, show_table
from sourcing.pack.decision import MIME, collect_plan, list_decisions, say_answer, write_records
from sourcing.pack.parts import Parts, head_block, join_parts, open_topic
from sourcing.pack.spine import show_facts
from sourcing.pack.wording import (
    NO_REPAIR,
    call_members,
    capitalize,
    list_bans_behind,
    lower_first,
    name_decider,
    name_owners,
    say_asked,
    say_bans,
    say_change,
    say_count,
    say_list,
    say_money,
    say_needed,
    say_refusal,
    say_rule,
)
from sourcing.plan import list_clashes, sum_measure
from sourcing.program import describe_inputs

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from sourcing.decide import Decision, NoPlan

KINDS = {
    "rule": "Rule of the unit",
    "lever": "Lever of policy",
    "promise": "Promise to customers",
    "capacity": "Capacity",
    "lock": "Bans, vetoes and locks",
    "item": "Limits on splitting",
    "order": "Order between processes",
}
"""Kinds of members of a clashing set, in the order in which they are shown."""
SHOWN_SETS = 3
"""So many clashing sets are shown at once, the others folded."""
PRIORITIES = {0: "0, hard: never", 1: "1: last", 2: "2", 3: "3", 4: "4: first"}
NONE = f"{capitalize(NO_REPAIR)}."


def list_clash_members(no_plan: NoPlan) -> pd.DataFrame:
    """List the members of every clashing set, in words.

    Returns
    -------
    DataFrame
        set (1 first, the smallest), member (in words), asks (what it asks), kind (key of KINDS), hard (bool: no repair
        may change it), priority, owner (who can change it), needed (limit of the cheapest repair; NaN where it stays).
        Within a set by kind.
    """
    question, error = no_plan.question, no_plan.error
    rules, words = question.rules.set_index("rule"), call_members(question.case)
    rows = []
    for row in list_clashes(error, question.rules).to_dict("records"):
        bans = list_bans_behind(row["name"], question.alternatives)
        owners = dict.fromkeys(explain_ban(name, question.case).owner for name in bans)
        is_rule = row["kind"] == "rule"
        rule = rules.loc[row["name"]].to_dict() if is_rule else {}
        rows.append(
            row
            | {
                "member": row["name"] if is_rule else capitalize(words.get(row["name"], row["name"])),
                "asks": say_rule(rule, question.case) if is_rule else say_bans(bans, question.case),
                "kind": find_origin(row["name"], question.case) if is_rule else row["kind"],
                "owner": rule["owner"] if is_rule else ", ".join(owners),
            }
        )
    table = pd.DataFrame(rows, columns=["set", "member", "asks", "kind", "hard", "priority", "owner", "needed"])
    order = {kind: place for place, kind in enumerate(KINDS)}
    return table.sort_values(
        ["set", "kind", "member"],
        key=lambda column: column.map(order) if column.name == "kind" else column,
        kind="stable",
        ignore_index=True,
    )


def list_repairs(no_plan: NoPlan) -> pd.DataFrame:
    """List the cheapest change of limits: rule, asks, limit, needed, change, share (of the limit), priority, owner."""
    rules = no_plan.question.rules.set_index("rule")
    repairs = no_plan.error.repairs
    own = rules.loc[repairs["rule"]].reset_index()
    return repairs.assign(
        asks=[say_rule(rule, no_plan.question.case) for rule in own.to_dict("records")],
        share=(repairs["change"].abs() / repairs["limit"].abs().where(repairs["limit"] != 0)).to_numpy(),
        **{name: own[name].to_numpy() for name in ("measure", "relative_to", "sense", "priority", "owner", "reason")},
    )


def list_ways(no_plan: NoPlan) -> pd.DataFrame:
    """List the ways to repair, fewest rules first, with what each would give.

    Returns
    -------
    DataFrame
        One row per way: repair, rules (how many change), changes (in words), owner (who decides), is_cheapest,
        cash_cost and expected_loss of the plan it gives, moves (processes that change).
    """
    ways, case = no_plan.error.ways, no_plan.question.case
    columns = ["repair", "rules", "changes", "owner", "is_cheapest", "cash_cost", "expected_loss", "moves"]
    if ways is None or ways.empty:
        return pd.DataFrame(columns=columns)
    rules, rows = no_plan.question.rules.set_index("rule"), []
    for number, own in ways.groupby("repair"):
        plan = no_plan.plans[int(str(number))]
        asked = [rules.loc[row["rule"]].to_dict() | row for row in own.to_dict("records")]
        rows.append(
            {
                "repair": number,
                "rules": len(own),
                "changes": say_list([say_change(row, case.unit["currency"]) for row in asked], 4),
                "owner": ", ".join(name_owners([row["owner"] for row in asked], case)),
                "is_cheapest": bool(own["is_cheapest"].all()),
                "cash_cost": sum_measure(plan, "cash_cost"),
                "expected_loss": sum_measure(plan, "expected_loss"),
                "moves": int((~plan.choices["is_as_is"]).groupby(plan.choices["process"]).any().sum()),
            }
        )
    return pd.DataFrame(rows, columns=columns)


def say_no_plan(no_plan: NoPlan) -> list[str]:
    """Say that there is no plan, how many demands clash, the cheapest repair and what it would decide."""
    return [_say_none(no_plan), *_say_clashes(no_plan), *_say_way_out(no_plan)]


def _say_none(no_plan: NoPlan) -> str:
    return f"No plan keeps every rule, ban and order of {no_plan.question.case.unit['name']}. This is not a decision."


def _say_clashes(no_plan: NoPlan) -> list[str]:
    """Say how many demands clash, how far that is proven, and which are hard."""
    error, members = no_plan.error, list_clash_members(no_plan)
    sets = say_count(len(error.conflicts), "minimal set of demands clashes", "minimal sets of demands clash")
    whole = "these are all there are" if error.complete else "the search stopped there, and there may be more"
    words = [f"{sets}; {whole}." if error.conflicts else "Which demands clash was not found in the time given."]
    if members["hard"].any():
        hard = members.loc[members["hard"], "member"].drop_duplicates()
        words.append(f"Hard, so that no repair touches it: {say_list(hard, 3)}.")
    return words


def _say_way_out(no_plan: NoPlan) -> list[str]:
    """Say what would make a plan possible, and what would be decided with it."""
    if no_plan.decision is None:
        return [NONE]
    currency = no_plan.question.case.unit["currency"]
    changes = [say_change(row, currency) for row in list_repairs(no_plan).to_dict("records")]
    way = "The cheapest way out" if no_plan.error.cheapest else "The best way out that was found"
    return [
        f"{way}: {say_list(changes, 4)}. Whether to take it is for the owners of the rules to decide.",
        f"With it: {say_answer(no_plan.decision)[0]}",
    ]


def show_refusal(no_plan: NoPlan) -> Block:
    """Show what heads page one of a unit without a plan: facts, what stands in the way, the cheapest way out."""
    question = no_plan.question
    as_is = question.alternatives[question.alternatives["is_as_is"].astype(bool)].drop_duplicates("process")
    answer, proof = [_say_none(no_plan), *_say_way_out(no_plan)], _say_clashes(no_plan)
    return show_facts(question.case, as_is, "", "no plan keeps every rule: not a decision") + render_block(
        "recommendation.html.j2",
        " ".join([*answer, *proof]),
        answer=answer,
        verdict="Nothing to approve yet.",
        tone="warn",
        proof=" ".join(proof),
        tiles=_list_tiles(no_plan),
    )


def _list_tiles(no_plan: NoPlan) -> list[dict[str, str]]:
    """List the figures of page one: clashes, rules that give way, and what the plan with the cheapest repair does."""
    error, decision = no_plan.error, no_plan.decision
    tiles = [
        {
            "title": "Minimal clashes",
            "value": str(len(error.conflicts)),
            "label": "all there are" if error.complete else "found before the search stopped",
        },
        {
            "title": "Rules that would give way",
            "value": str(len(error.repairs)) if decision is not None else "none can",
            "label": "the least change by priority" if error.cheapest else "the best change found",
        },
    ]
    if decision is None:
        return tiles
    unit, rows = decision.case.unit, list_decisions(decision)
    saved = sum_measure(decision.as_is, "cash_cost") - sum_measure(decision.plan, "cash_cost")
    changing = rows.loc[rows["moves"].astype(bool), "process"].nunique()
    return [
        *tiles,
        {
            "title": "Saved in cash with it",
            "value": say_money(saved, unit["currency"]),
            "label": f"present value over {say_count(int(unit['horizon_years']), 'year')}, figures as stated",
        },
        {
            "title": "Processes that change with it",
            "value": str(changing),
            "label": f"of {rows['process'].nunique()}",
        },
    ]


def list_lifts(no_plan: NoPlan) -> pd.DataFrame:
    """List what is asked of whom, so that there can be a plan: who, what, otherwise.

    Of the owners of what the cheapest repair changes; where no repair of limits will do, of the owners of each demand
    in the first clash. Whoever decides on the unit comes last.
    """
    case, currency = no_plan.question.case, no_plan.question.case.unit["currency"]
    if no_plan.decision is not None:
        asked = [
            (row["owner"], f"Say whether to accept {say_change(row, currency)}.")
            for row in list_repairs(no_plan).to_dict("records")
        ]
    else:
        members = list_clash_members(no_plan)
        asked = [
            (row["owner"], f"Say whether it can be lifted: {lower_first(row['member'])}.")
            for row in members[members["set"] == 1].to_dict("records")
        ]
    owners = _name_owners([owner for owner, _ in asked], no_plan)
    rows = [(owner, what, "It stays, and there is no plan.") for owner, (_, what) in zip(owners, asked, strict=True)]
    last = "Decide which demand gives way, and have the unit decided anew."
    return pd.DataFrame(
        [*rows, (name_decider(case), last, "Today's delivery goes on.")], columns=["who", "what", "otherwise"]
    )


def _name_owners(owners: Iterable[str], no_plan: NoPlan) -> list[str]:
    return [say_list(name_owners(owner.split(", "), no_plan.question.case)) for owner in owners]


def show_lifts(no_plan: NoPlan) -> Block:
    """Show what is asked of whom, so that there can be a plan."""
    columns = [Shown("who", "Who"), Shown("what", "Is asked to", "prose"), Shown("otherwise", "Otherwise", "prose")]
    return show_table(list_lifts(no_plan), columns, caption="What is asked.", is_stacked=True)


def show_way_out(no_plan: NoPlan) -> Parts:
    """Show what would make a plan possible: the cheapest repair, other ways, and what would move under it."""
    decision = no_plan.decision
    return join_parts(
        head_block("The cheapest repair", "In each rule's own unit. Rules that matter most change last."),
        show_repairs(no_plan),
        open_topic(
            "Other ways out",
            show_ways(no_plan),
            hint="One owner who gives way may be easier to find than two who give way a little.",
        ),
        *(
            []
            if decision is None
            else [head_block("What would be decided with it"), answer_block(*say_answer(decision))]
        ),
    )


def show_clashes(no_plan: NoPlan) -> Block:
    """Show each minimal clashing set: its members by kind, the hard ones marked, who can change each."""
    table, currency = list_clash_members(no_plan), no_plan.question.case.unit["currency"]
    rules = no_plan.question.rules.drop_duplicates("rule").set_index("rule")
    rows = table.to_dict("records")
    shown = table.assign(
        clash=[f"Clash {number}" for number in table["set"]],
        said=[{"text": row["member"], "note": row["asks"]} for row in rows],
        kind=table["kind"].map(KINDS),
        owner=_name_owners(table["owner"], no_plan),
        mark=[{"text": "hard", "tone": "bad"} if hard else None for hard in table["hard"]],
        repaired=[
            say_needed(rules.loc[row["member"]].to_dict() | row, currency) if row["needed"] == row["needed"] else ""
            for row in rows
        ],
    )
    columns = [
        Shown("kind", "Kind"),
        Shown("mark", "", "badge"),
        Shown("owner", "Can be changed by"),
        Shown("repaired", "The repair asks"),
    ][: 4 if table["needed"].notna().any() else 3]
    block = Block("", "")
    for number in range(1, min(SHOWN_SETS, len(no_plan.error.conflicts)) + 1):
        own = [Shown("said", f"Clash {number}", "noted"), *columns]
        block += show_table(shown[shown["set"] == number], own, is_stacked=True)
    return block + show_table(
        shown[:0],
        [Shown("said", "Demand", "noted"), Shown("clash", "Set"), *columns],
        empty="" if len(shown) else "No clashing set was found in the time given.",
        folded=shown[shown["set"] > SHOWN_SETS],
        folded_title=say_count(len(no_plan.error.conflicts) - SHOWN_SETS, "further clashing set"),
        is_stacked=True,
    )


def show_repairs(no_plan: NoPlan) -> Block:
    """Show the cheapest change of limits in the rules' own units, with priority and owner."""
    currency = no_plan.question.case.unit["currency"]
    rows = list_repairs(no_plan).to_dict("records")
    shown = pd.DataFrame(rows, columns=["owner", "priority", "share"]).assign(
        said=[{"text": row["rule"], "note": row["asks"]} for row in rows],
        now=[say_asked(row, currency) for row in rows],
        needed=[say_needed(row, currency) for row in rows],
        gives_way=[PRIORITIES[int(row["priority"])] for row in rows],
        owner=_name_owners([row["owner"] for row in rows], no_plan),
    )
    columns = [
        Shown("said", "Rule", "noted"),
        Shown("now", "Asks now"),
        Shown("needed", "Would have to ask"),
        Shown("share", "Change", "share"),
        Shown("gives_way", "Gives way"),
        Shown("owner", "Decided by"),
    ]
    caption = (
        "What stands higher in priority changes least; within a priority the sum of relative changes is least. "
        "Limits are rounded so that they suffice."
    )
    if not no_plan.error.cheapest:
        caption += " It is not proven that no smaller change would do."
    return show_table(shown, columns, caption=caption, empty=NONE, is_stacked=True)


def show_ways(no_plan: NoPlan) -> Block:
    """Show each rule that alone would do, the cheapest change of two and of all, with the plan that each gives."""
    ways, currency = list_ways(no_plan), no_plan.question.case.unit["currency"]
    shown = ways.assign(
        mark=[{"text": "least change", "tone": "good"} if cheapest else None for cheapest in ways["is_cheapest"]]
    )
    columns = [
        Shown("rules", "Rules that change", "number"),
        Shown("changes", "Which, and how far", "prose"),
        Shown("mark", "", "badge"),
        Shown("owner", "Decided by"),
        Shown("cash_cost", "Cash cost then", "money"),
        Shown("expected_loss", "Expected loss then", "money"),
        Shown("moves", "Processes that change", "number"),
    ]
    caption = (
        "Every rule that would do alone, the cheapest change of any two, and the least change of all by priority; each "
        "with the plan chosen under it."
    )
    return show_table(shown, columns, currency, caption=caption, empty=NONE, is_stacked=True)


def show_repaired(show: Callable[[Decision], Block], no_plan: NoPlan) -> Block:
    """Show a section of what would be decided under the repaired rules, or say that there is nothing to show."""
    if no_plan.decision is None:
        return show_table(pd.DataFrame(), [], empty=NONE)
    return show(no_plan.decision)


def collect_refusal(no_plan: NoPlan) -> dict[str, Any]:
    """Collect the summary and the tables of a unit without a plan.

    Returns
    -------
    dict
        `summary`: JSON-able figures (status, sentences, the error); `tables`: conflicts, repairs, ways and, where a
        repair makes a plan possible, repaired_plan as lists of records.
    """
    unit = no_plan.question.case.unit
    summary = {
        "business_unit": unit["business_unit"],
        "name": unit["name"],
        "currency": unit["currency"],
        "status": "infeasible",
        "answer": say_no_plan(no_plan),
        "error": say_refusal(no_plan.error)[0],
        "conflicts_complete": no_plan.error.complete,
        "repaired_objective": None if no_plan.decision is None else no_plan.decision.plan.objective,
    }
    tables = {
        "conflicts": list_clash_members(no_plan),
        "repairs": list_repairs(no_plan),
        "ways": list_ways(no_plan),
    }
    if no_plan.decision is not None:
        tables["repaired_plan"] = collect_plan(no_plan.decision)
    return {
        "summary": summary,
        "tables": {name: write_records(table) for name, table in tables.items()},
        "inputs": describe_inputs(no_plan.question),
    }


class Refusal:
    """What a run keeps of a unit without a plan: shown as one line, stored as a record beside it."""

    def __init__(self, no_plan: NoPlan) -> None:
        self._kept = collect_refusal(no_plan)

    def _repr_mimebundle_(self, **_: Any) -> dict[str, Any]:
        return {MIME: self._kept, "text/plain": self._kept["summary"]["answer"][0]}


def record_refusal(no_plan: NoPlan) -> Refusal:
    """Record in the notebook's output, for the run that executes it, why a unit has no plan."""
    return Refusal(no_plan)
