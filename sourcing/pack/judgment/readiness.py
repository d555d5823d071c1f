"""Sections on where a unit stands: ready or not, how it works today, and how sound its tables are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from sourcing.assess import list_late_steps
from sourcing.case import load_dictionary, supplied_tables
from sourcing.pack.basis import show_oddities
from sourcing.pack.block import Block, Shown, fold_table, show_table
from sourcing.pack.wording import (
    call_places,
    lower_first,
    say_count,
    say_day,
    say_list,
    say_money,
    say_number,
    say_share,
)

if TYPE_CHECKING:
    from sourcing.assess import Judgment
    from sourcing.case import Case
    from sourcing.decide import Decision


def say_gate(judgment: Judgment) -> str:
    """Say whether the unit may hand new work to outside owners, and what keeps it from it."""
    found, gate = judgment.situation, judgment.policy.readiness_gate
    if not found.is_assessed:
        return (
            "The unit was not assessed for its readiness to hand work to others: nothing is held back on that account."
        )
    at = f"The unit's readiness is {found.index:.2f}; the gate asks for {say_number(gate)}"
    if found.is_open:
        return f"{at}: new transfers to outside owners are open."
    return (
        f"{at}. The gate is closed by {say_list(map(lower_first, found.closed_by))}: no new work "
        "goes to outside owners until this is mended; what is outside today may stay there."
    )


def list_situation(judgment: Judgment) -> pd.DataFrame:
    """List the answers of the assessment with what each means on its scale.

    Returns
    -------
    DataFrame
        One row per question, in three parts (column part: keep, improve, road map comes apart): name, point, spread,
        part, means (in words of the anchors), evidence, badge.
    """
    answers = judgment.situation.answers
    tones = {"keep": "good", "improve": "plain", "mend first": "warn", "not answered": "warn"}
    return answers.assign(
        means=[_say_answer(row) for row in answers.to_dict("records")],
        part=np.where(answers["standing"] == "keep", "keep", "improve"),
        state=[{"text": standing, "tone": tones[standing]} for standing in answers["standing"]],
    )


def _say_answer(answer: dict[str, Any]) -> str:
    """Say what an answer means by the anchors of its question.

    Examples
    --------
    >>> anchors = {"low_anchor": "none", "mid_anchor": "some", "high_anchor": "all"}
    >>> _say_answer({"point": 0.5, **anchors}), _say_answer({"point": 0.75, **anchors})
    ('some', 'between: some; all')
    """
    if answer["point"] != answer["point"]:
        return "not answered"
    anchors = [answer[name] for name in ("low_anchor", "mid_anchor", "high_anchor")]
    place = 2 * answer["point"]
    if abs(place - round(place)) <= 0.2:
        return str(anchors[round(place)])
    return f"between: {anchors[int(place)]}; {anchors[int(place) + 1]}"


def show_situation(judgment: Judgment) -> Block:
    """Show the situational assessment in three parts: keep, improve, road map."""
    said, found = say_gate(judgment), judgment.situation
    table = list_situation(judgment)
    columns = [
        Shown("name", "Question"),
        Shown("point", "Answer (0–1)", "index"),
        Shown("state", "", "badge"),
        Shown("means", "Which says", "prose"),
        Shown("spread", "Assessors apart by", "index"),
        Shown("evidence", "Evidence", "prose"),
    ]
    if not found.is_assessed:
        asked = [
            Shown("name", "Question"),
            Shown("low_anchor", "Lowest answer", "prose"),
            Shown("high_anchor", "Highest answer", "prose"),
            Shown("source", "Source"),
        ]
        return show_table(table.iloc[:0], columns, empty=said) + fold_table(table, asked, "What would be asked")
    keep, improve = table[table["part"] == "keep"], table[table["part"] == "improve"]
    block = show_table(table.iloc[:0], columns, empty=said)
    block += show_table(keep, columns, caption="Keep.", empty="Keep: no answer is high enough to be kept as it is.")
    block += show_table(improve, columns, caption="Improve.", empty="Nothing has to be improved.")
    steps = found.road_map.assign(shown_due=found.road_map["due"].map(say_day))
    columns = [
        Shown("step", "Step", "number"),
        Shown("action", "What is done", "prose"),
        Shown("question", "For"),
        Shown("owner", "By whom"),
        Shown("shown_due", "By when"),
        Shown("months", "Usual months", "number"),
        Shown("opens_gate", "Opens the gate", "flag"),
    ]
    late = len(list_late_steps(found, judgment.case))
    overdue = f" {say_count(late, 'step is', 'steps are')} past due." if late else ""
    return block + show_table(steps, columns, caption=f"Road map.{overdue}", empty="Nothing is left to mend.")


def list_road_map(decision: Decision) -> pd.DataFrame:
    """List the way ahead: what the unit mends first, then what the plan moves, by go-live.

    Returns
    -------
    DataFrame
        step, kind (mend or move), what, owner, when.
    """
    mend = decision.judgment.situation.road_map
    first = pd.DataFrame(
        {
            "kind": "mend",
            "what": mend["action"],
            "owner": mend["owner"],
            "when": [
                f"about {say_count(months, 'month')}" if pd.isna(day) else f"by {say_day(day)}"
                for day, months in zip(mend["due"], mend["months"], strict=True)
            ],
        }
    )
    chosen = decision.plan.choices[~decision.plan.choices["is_as_is"].astype(bool)].sort_values("go_live_months")
    moves = pd.DataFrame(
        {
            "kind": "move",
            "what": chosen["process_name"] + ": " + chosen["name"],
            "owner": "to be named",
            "when": [f"live after {say_count(round(months), 'month')}" for months in chosen["go_live_months"]],
        }
    )
    table = pd.concat([first, moves], ignore_index=True)
    table.insert(0, "step", np.arange(1, len(table) + 1))
    return table


def show_road_map(decision: Decision) -> Block:
    """Show the way ahead: what is mended first, then what moves."""
    columns = [
        Shown("step", "Step", "number"),
        Shown("kind", "Kind"),
        Shown("what", "What", "prose"),
        Shown("owner", "By whom"),
        Shown("when", "When"),
    ]
    rows = list_road_map(decision)
    return fold_table(
        rows, columns, f"Road map: {say_count(len(rows), 'step')}, what is mended first and then what moves"
    )


def list_as_is(case: Case, alternatives: pd.DataFrame) -> pd.DataFrame:
    """List how each process is delivered today, dearest first.

    Parameters
    ----------
    case : Case
        One unit.
    alternatives : DataFrame
        From `build_alternatives`.

    Returns
    -------
    DataFrame
        process_name, function, delivery_model, owner, site, fte, run_cost_per_year, share_of_cost, deal, months_left,
        state (As-Is, for charts).
    """
    today = alternatives[alternatives["is_as_is"]].merge(
        case.deals[["process", "deal", "months_left"]], on="process", how="left"
    )
    total = today["run_cost_per_year"].sum()
    today = today.assign(
        site=call_places(today["location"], case),
        share_of_cost=today["run_cost_per_year"] / total if total else 0.0,
        deal=today["deal"].fillna(""),
        state="As-Is",
    )
    columns = ["process", "process_name", "function", "delivery_model", "owner", "site", "fte", "run_cost_per_year",
               "share_of_cost", "deal", "months_left", "state"]  # fmt: skip
    return today[columns].sort_values(["run_cost_per_year", "process"], ascending=[False, True], ignore_index=True)


def say_as_is(case: Case, as_is: pd.DataFrame) -> str:
    """Say what is done today by how many people at what yearly cost, and what is outside already."""
    total, people = as_is["run_cost_per_year"].sum(), as_is["fte"].sum()
    outside = as_is[as_is["delivery_model"] == "outsource"]
    share = outside["run_cost_per_year"].sum() / total if total else 0.0
    ahead = (
        f"; {say_count(len(outside), 'process', 'processes')} with {say_share(share)} of the cost are outside already"
    )
    return (
        f"{say_count(len(as_is), 'process', 'processes')}, {say_number(round(people))} full-time equivalents, "
        f"{say_money(total, case.unit['currency'])} a year{ahead if len(outside) else '; nothing is outside today'}."
    )


def show_as_is(case: Case, alternatives: pd.DataFrame) -> Block:
    """Show today's delivery: who does what where, with how many people, at what yearly cost, under which contract."""
    rows = list_as_is(case, alternatives)
    columns = [
        Shown("process_name", "Process"),
        Shown("function", "Function"),
        Shown("delivery_model", "Today", "model"),
        Shown("owner", "Owner"),
        Shown("site", "Site"),
        Shown("fte", "FTE", "number"),
        Shown("run_cost_per_year", "Yearly cost", "money"),
        Shown("share_of_cost", "Of the unit", "share"),
        Shown("deal", "Contract"),
        Shown("months_left", "Months left", "number"),
    ]
    idle = {"deal", "months_left"} if (rows["deal"] == "").all() else set()
    columns = [column for column in columns if column.name not in idle]
    return show_table(rows, columns, case.unit["currency"], caption=say_as_is(case, rows))


def list_health(case: Case) -> pd.DataFrame:
    """List how full the tables of a unit are.

    Returns
    -------
    DataFrame
        One row per table that holds rows: table, rows, filled (share of the cells of optional columns that hold more
        than the default), sourced (share of rows with evidence or source, NaN where the table has no such column).
    """
    rows = []
    for name, table in supplied_tables().items():
        frame = case.tables[name]
        if frame.empty:
            continue
        optional = [column for column in table.columns.values() if not column.is_required]
        filled = [_is_filled(frame[column.name], column.default) for column in optional]
        told = next((column for column in ("evidence", "source", "reason") if column in frame), None)
        rows.append(
            {
                "table": name,
                "rows": len(frame),
                "filled": float(np.mean(filled)) if filled else float("nan"),
                "sourced": float((frame[told] != "").mean()) if told else float("nan"),
                "meaning": table.meaning,
            }
        )
    return pd.DataFrame(rows)


def _is_filled(values: pd.Series, default: str) -> float:
    there = values.notna() & (values.astype("str") != "")
    spelled = values.astype("str").str.removesuffix(".0")
    return float((there & (spelled != default)).mean())


def show_health(case: Case) -> Block:
    """Show how full and how well sourced the tables are, and what looks odd in them."""
    columns = [
        Shown("table", "Table"),
        Shown("rows", "Rows", "number"),
        Shown("filled", "Optional cells used", "share"),
        Shown("sourced", "Rows with a source or reason", "share"),
        Shown("meaning", "A row is", "prose"),
    ]
    lacking = [name for name, table in load_dictionary().items() if not table.is_made and case.tables[name].empty]
    said = f"Not used: {say_list(sorted(name.replace('_', ' ') for name in lacking), 30)}." if lacking else ""
    return show_table(list_health(case), columns, caption=said) + show_oddities(case)
