"""What a run keeps of a decision: collected, displayed as a record, read back, and written as files."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import pandas as pd

from sourcing.case import write_csv
from sourcing.decide import range_saving, weigh_materiality
from sourcing.errors import BatchError
from sourcing.pack.answers import join_lists, list_flips, list_rulebook
from sourcing.pack.decision.answer import say_answer
from sourcing.pack.decision.attitude import collect_caution
from sourcing.pack.decision.losses import RISK_COLUMNS, list_risks
from sourcing.pack.decision.questions import QUESTION_COLUMNS, list_questions
from sourcing.pack.decision.reasons import say_reasons
from sourcing.pack.decision.scenarios import collect_scenarios, list_scenario_rows
from sourcing.pack.decision.tables import list_decisions
from sourcing.pack.decision.workbook import collect_frame, list_cash
from sourcing.pack.roadmap import PROGRAM_HEADS, list_program_tables, write_calendar
from sourcing.pack.workbook import WORKBOOK, write_workbook
from sourcing.plan import sum_measure
from sourcing.program import (
    collect_promise,
    date_months,
    describe_inputs,
    draw_roadmap,
    fingerprint_promise,
    number_waves,
    write_inputs,
)

if TYPE_CHECKING:
    from pathlib import Path

    from sourcing.decide import Decision
    from sourcing.program import Roadmap
    from sourcing.uncertainty import Study

HEADS = {
    "questions": QUESTION_COLUMNS,
    "risks": RISK_COLUMNS,
    "causes": ["cause", "kind", "struck", "low", "high", "at_low", "at_high", "share", "error"],
    "information": ["figure", "members", "worth", "error", "owner", "asking_cost", "asking_days", "net"],
    "waiting": ["process", "wave", "delay", "known", "net"],
    **PROGRAM_HEADS,
}
"""Columns of tables that may come back from a record without a row."""
STUDIED = {
    "causes": "causes",
    "firmness": "decisions",
    "information": "information",
    "waiting": "waiting",
    "stresses": "stresses",
}
"""Table of a run -> field of the study."""
BY_COLUMN = ("promise", "cash")
"""Long tables of numbers, which a record holds column by column."""
MIME = "application/vnd.sourcing.decision.v1+json"
PLAN_COLUMNS = [
    "process",
    "process_name",
    "parent_process",
    "function",
    "from_name",
    "from_model",
    "option",
    "name",
    "delivery_model",
    "owner_type",
    "owner",
    "location",
    "country",
    "posture",
    "share",
    "moves",
    "cost",
    "from_cash_cost",
    "cash_cost",
    "saving",
    "expected_loss",
    "fit_points",
    "customer_value",
    "one_off_cost",
    "fte",
    "wave",
    "go_live",
    "go_live_months",
    "reason",
]


def collect(
    decision: Decision,
    study: Study | None = None,
    roadmap: Roadmap | None = None,
    register: pd.DataFrame | None = None,
) -> dict[str, Any]:
    """Collect the summary and the tables of a decision.

    Parameters
    ----------
    decision : Decision
    study : Study, optional
        How far it can be trusted.
    roadmap : Roadmap, optional
        Its road map, where it is drawn already.
    register : DataFrame, optional
        From `program.list_register`.

    Returns
    -------
    dict
        `summary`: JSON-able figures (status, objective, bound, gap, lines, cash, risk, counts, sentences);
        `tables`: plan, rules, flips, questions, scenarios where the case has any, those of the program
        (`list_program_tables`) and what may be adopted (promise, commitments) as DataFrames; of a
        study its figures under `uncertainty` in the summary, and the tables causes, firmness, information, waiting and
        stresses; `inputs`: what it was made from, as CSV texts.
    """
    roadmap = draw_roadmap(decision) if roadmap is None else roadmap
    curve = roadmap.curve
    plan, unit, rows = decision.plan, decision.case.unit, collect_plan(decision)
    saving, promised = range_saving(decision), collect_promise(decision)
    as_is_cash, least = sum_measure(decision.as_is, "cash_cost"), decision.policy.material_share
    weighed = weigh_materiality(saving.mean, saving.low, saving.high, as_is_cash, least)
    summary = {
        "business_unit": unit["business_unit"],
        **collect_frame(decision),
        "status": plan.status,
        "objective": plan.objective,
        "bound": plan.bound,
        "gap": plan.gap,
        "certified_gap": plan.certified_gap,
        "lines": {str(name): float(amount) for name, amount in plan.lines.items()},
        "as_is_lines": {str(name): float(amount) for name, amount in decision.as_is.lines.items()},
        "saving": saving.mean,
        "saving_likely": saving.likely,
        "saving_low": saving.low,
        "saving_high": saving.high,
        "saving_share": weighed.share,
        "materiality": weighed.verdict,
        "material_share": weighed.least_share,
        "expected_loss": sum_measure(plan, "expected_loss"),
        "as_is_expected_loss": sum_measure(decision.as_is, "expected_loss"),
        "in_house_objective": None if decision.in_house is None else decision.in_house.objective,
        "as_is_objective": decision.as_is.objective,
        "one_off_cost": sum_measure(plan, "one_off_cost"),
        "valuation_date": f"{date_months(unit, 0.0):%Y-%m-%d}",
        "break_even": None if pd.isna(curve.break_even) else f"{curve.break_even:%Y-%m-%d}",
        "peak_cash": curve.peak_cash,
        "blocked_waves": [int(wave) for wave in roadmap.blocked["wave"]],
        "processes": len(rows),
        "moves": int(rows["moves"].sum()),
        "moved_fte": sum_measure(plan, "moved_fte"),
        "delivery_models": {str(k): int(v) for k, v in rows["delivery_model"].value_counts().sort_index().items()},
        "answer": say_answer(decision),
        "fingerprint": decision.case.fingerprint,
        "promise": fingerprint_promise(promised),
        **collect_caution(decision),
    }
    scenarios = list_scenario_rows(decision)
    told: dict[str, Any] = {"scenarios": collect_scenarios(scenarios)} if len(scenarios) else {}
    told |= {} if study is None else {"uncertainty": collect_study(study)}
    return {
        "summary": _finite(summary | told),
        "tables": {
            "plan": rows,
            "rules": list_rulebook(decision),
            "flips": join_lists(list_flips(decision)),
            "questions": list_questions(decision),
            **({"scenarios": scenarios} if len(scenarios) else {}),
            "risks": list_risks(decision),
            "cash": list_cash(decision),
            **({} if study is None else {name: getattr(study, field) for name, field in STUDIED.items()}),
            **list_program_tables(roadmap, register),
            **promised,
        },
        "inputs": describe_inputs(decision.question),
    }


def collect_study(study: Study) -> dict[str, Any]:
    """Collect the figures of a study: what is saved over its futures, and what knowing all figures would be worth.

    Returns
    -------
    dict
        futures, resolved (how many were solved again), saving (cash, loss, total, each as `describe_saving` tells it),
        worth_of_knowing, regret (mean over the futures solved again).
    """
    return {
        "futures": len(study.futures.cash),
        "resolved": len(study.hindsight.regret),
        "saving": {str(name): row for name, row in study.saving.to_dict("index").items()},
        "worth_of_knowing": study.worth,
        "regret": float(study.hindsight.regret.mean()),
    }


def collect_plan(decision: Decision) -> pd.DataFrame:
    """Collect what is decided for each process, with its reason: columns PLAN_COLUMNS.

    wave and go_live (a day) are empty for what stays; without a calendar waves are told from go-live dates.
    """
    rows = list_decisions(decision).sort_values("process", ignore_index=True)
    moves, unit = rows[rows["moves"].astype(bool)], decision.case.unit
    rows["wave"] = number_waves(moves).astype(str).reindex(rows.index).fillna("")
    days = [f"{date_months(unit, months):%Y-%m-%d}" for months in moves["go_live_months"]]
    rows["go_live"] = pd.Series(days, moves.index, dtype=object).reindex(rows.index).fillna("")
    rows["reason"] = rows["process"].map(say_reasons(decision))
    rows["parent_process"] = rows["process"].map(decision.case.processes.set_index("process")["parent_process"])
    return rows[PLAN_COLUMNS]


class Record:
    """What a run keeps of a decision: shown as one line, stored as a record beside it."""

    def __init__(self, *collected: Any) -> None:
        self._collected = collect(*collected)

    def _repr_mimebundle_(self, **_: Any) -> dict[str, Any]:
        tables = {
            name: {column: [_plain(value) for value in values] for column, values in table.items()}
            if name in BY_COLUMN
            else write_records(table)
            for name, table in self._collected["tables"].items()
        }
        return {
            MIME: self._collected | {"tables": tables},
            "text/plain": self._collected["summary"]["answer"][0],
        }


def write_records(table: pd.DataFrame) -> list[dict[str, Any]]:
    """Write a table as plain records that JSON holds."""
    plain = table.astype(object).where(table.notna(), None)
    return [{str(key): _plain(value) for key, value in row.items()} for row in plain.to_dict("records")]


def _plain(value: Any) -> Any:
    value = value.item() if hasattr(value, "item") else value
    return _finite(value)


def record_decision(
    decision: Decision,
    study: Study | None = None,
    roadmap: Roadmap | None = None,
    register: pd.DataFrame | None = None,
) -> Record:
    """Record a decision, how far it can be trusted and its program in the notebook's output; as for `collect`."""
    return Record(decision, study, roadmap, register)


def read_decision(notebook: Mapping[str, Any]) -> dict[str, Any] | None:
    """Read the decision that an executed notebook displays.

    Parameters
    ----------
    notebook : mapping
        A notebook of nbformat 4, executed.

    Returns
    -------
    dict or None
        `summary` (a dict), `tables` (name to list of records, or to columns) and, where it was kept, `inputs` (name of
        a file to its text); None where the notebook displays none.

    Raises
    ------
    BatchError
        It displays more than one.
    """
    found = [
        output["data"][MIME]
        for cell in notebook["cells"]
        for output in cell.get("outputs", [])
        if MIME in output.get("data", {})
    ]
    if len(found) > 1:
        raise BatchError(
            f"A notebook must display one decision; got {len(found)}. Hint: display it in the last cell only."
        )
    return found[0] if found else None


def drop_inputs(notebook: Mapping[str, Any]) -> None:
    """Take the inputs out of the decision that an executed notebook displays: they stand in files beside it."""
    for cell in notebook["cells"]:
        for output in cell.get("outputs", []):
            if MIME in output.get("data", {}):
                output["data"][MIME].pop("inputs", None)


def write_decision(
    folder: Path, summary: Mapping[str, Any], tables: Mapping[str, Any], inputs: Mapping[str, str] | None = None
) -> list[str]:
    """Write `summary.json`, a `<table>.csv` per table, the calendar, all of it as one workbook, and the inputs.

    The workbook is written where the cash flows are known, and `inputs` holds what the decision was made from.

    Parameters
    ----------
    folder : Path
    summary : mapping
        JSON values; a number that is not finite becomes null.
    tables : mapping of str to DataFrame, list of records or mapping of columns
    inputs : mapping of str to str, optional
        From `program.describe_inputs`.

    Returns
    -------
    list of str
        Names of what was written.

    Raises
    ------
    BatchError
        A table's name cannot be a file's name.
    """
    for name in tables:
        if not re.fullmatch(r"[a-z][a-z0-9_]*", name):
            raise BatchError(
                f"A table's name must be lower-case letters, digits and underscores; got {name!r}. Hint: rename it."
            )
    frames = {name: _take_frame(name, table) for name, table in tables.items()}
    for name, frame in frames.items():
        write_csv(frame, folder / f"{name}.csv")
    (folder / "summary.json").write_text(dump_json(summary), encoding="utf-8", newline="\n")
    kept = [write_inputs(folder, inputs)] if inputs else []
    if "cash" in frames:
        kept.append(write_workbook(folder / WORKBOOK, summary, frames, inputs).name)
    return [*(f"{name}.csv" for name in frames), "summary.json", *write_calendar(folder, summary, frames), *kept]


def _take_frame(name: str, table: Any) -> pd.DataFrame:
    """Take a table as it was collected, or as it came back from a record, which has no columns where it has no row."""
    if isinstance(table, pd.DataFrame):
        return table
    if isinstance(table, Mapping):
        return pd.DataFrame(dict(table))
    return pd.DataFrame.from_records(table, columns=list(HEADS[name]) if name in HEADS and not len(table) else None)


def dump_json(value: Any) -> str:
    """Return JSON text that every reader accepts: numbers that are not finite become null."""
    return json.dumps(_finite(value), indent=2, ensure_ascii=False, allow_nan=False) + "\n"


def _finite(value: Any) -> Any:
    if isinstance(value, dict):
        return {str(key): _finite(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_finite(item) for item in value]
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value
