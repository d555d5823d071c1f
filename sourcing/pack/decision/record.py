"""Collect a decision as plain records: what runs keep, compare and list."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import pandas as pd

from sourcing.pack.answers import join_lists, list_flips, list_rulebook
from sourcing.pack.decision.answer import say_answer
from sourcing.pack.decision.reasons import say_reasons
from sourcing.pack.decision.tables import list_decisions
from sourcing.plan import sum_measure

if TYPE_CHECKING:
    from sourcing.decide import Decision

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
    "go_live_months",
    "reason",
]


def collect(decision: Decision) -> dict[str, Any]:
    """Collect the summary and the tables of a decision.

    Returns
    -------
    dict
        `summary`: JSON-able figures (status, objective, bound, gap, lines, cash, risk, counts, sentences);
        `tables`: plan, rules and flips as DataFrames.
    """
    plan, unit, rows = decision.plan, decision.case.unit, collect_plan(decision)
    summary = {
        "business_unit": unit["business_unit"],
        "name": unit["name"],
        "currency": unit["currency"],
        "status": plan.status,
        "objective": plan.objective,
        "bound": plan.bound,
        "gap": plan.gap,
        "certified_gap": plan.certified_gap,
        "lines": {str(name): float(amount) for name, amount in plan.lines.items()},
        "cash_cost": sum_measure(plan, "cash_cost"),
        "as_is_cash_cost": sum_measure(decision.as_is, "cash_cost"),
        "saving": sum_measure(decision.as_is, "cash_cost") - sum_measure(plan, "cash_cost"),
        "expected_loss": sum_measure(plan, "expected_loss"),
        "as_is_expected_loss": sum_measure(decision.as_is, "expected_loss"),
        "in_house_objective": None if decision.in_house is None else decision.in_house.objective,
        "as_is_objective": decision.as_is.objective,
        "one_off_cost": sum_measure(plan, "one_off_cost"),
        "processes": len(rows),
        "moves": int(rows["moves"].sum()),
        "delivery_models": {str(k): int(v) for k, v in rows["delivery_model"].value_counts().sort_index().items()},
        "answer": say_answer(decision),
        "fingerprint": decision.case.fingerprint,
    }
    return {
        "summary": _finite(summary),
        "tables": {
            "plan": rows,
            "rules": list_rulebook(decision),
            "flips": join_lists(list_flips(decision)),
        },
    }


def _finite(value: Any) -> Any:
    """JSON has no infinity: None in its place."""
    if isinstance(value, dict):
        return {key: _finite(each) for key, each in value.items()}
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value


def collect_plan(decision: Decision) -> pd.DataFrame:
    """Collect what is decided for each process, with its reason: columns PLAN_COLUMNS."""
    rows = list_decisions(decision).sort_values("process", ignore_index=True)
    rows["reason"] = rows["process"].map(say_reasons(decision))
    rows["parent_process"] = rows["process"].map(decision.case.processes.set_index("process")["parent_process"])
    return rows[PLAN_COLUMNS]


class Record:
    """What a run keeps of a decision: shown as one line, stored as a record beside it."""

    def __init__(self, decision: Decision) -> None:
        self._collected = collect(decision)

    def _repr_mimebundle_(self, **_: Any) -> dict[str, Any]:
        tables = {name: write_records(table) for name, table in self._collected["tables"].items()}
        return {
            MIME: {"summary": self._collected["summary"], "tables": tables},
            "text/plain": self._collected["summary"]["answer"][0],
        }


def write_records(table: pd.DataFrame) -> list[dict[str, Any]]:
    """Write a table as plain records that JSON holds."""
    plain = table.astype(object).where(table.notna(), None)
    return [{str(key): _plain(value) for key, value in row.items()} for row in plain.to_dict("records")]


def _plain(value: Any) -> Any:
    value = value.item() if hasattr(value, "item") else value
    return _finite(value)


def record_decision(decision: Decision) -> Record:
    """Record a decision in the notebook's output, for the run that executes it."""
    return Record(decision)
