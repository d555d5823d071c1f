"""Spell what was found out about a plan in plain JSON values, and read it back: tables, plans, labels and numbers."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from sourcing.plan.choose import state_plan
from sourcing.plan.lexicographic import draft_plan
from sourcing.plan.plan import Plan, find_shares

if TYPE_CHECKING:
    from sourcing.plan.question import Question

DTYPES = ("float64", "int64", "bool", "object", "str")


def spell_plainly(value: Any) -> Any:
    """Spell a value in JSON values: what is not a text, a finite number, true, false or none gets its kind beside it.

    Raises
    ------
    TypeError
        If it is of a kind that is not spelled.

    Examples
    --------
    >>> spell_plainly(("a", np.float64(0.5), float("inf"), None))
    {'tuple': ['a', 0.5, {'number': 'inf'}, None]}
    """
    if isinstance(value, np.generic):
        value = value.item()
    if value is None or isinstance(value, (bool, int, str)):
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else {"number": repr(value)}
    if isinstance(value, (tuple, list)):
        return {type(value).__name__: [spell_plainly(each) for each in value]}
    if isinstance(value, pd.DataFrame):
        return {"table": _spell_table(value)}
    if isinstance(value, Plan):
        return {"plan": _spell_plan(value)}
    raise TypeError(f"an answer must be of plain values; got {type(value).__name__}")


def _spell_table(table: pd.DataFrame) -> dict[str, Any]:
    unknown = [str(kind) for kind in table.dtypes if str(kind) not in DTYPES]
    if unknown or not isinstance(table.index, pd.RangeIndex):
        raise TypeError(f"a table must have plain columns and no index; got {unknown or type(table.index).__name__}")
    return {
        "columns": [
            [name, str(values.dtype), [spell_plainly(each) for each in values.tolist()]]
            for name, values in table.items()
        ],
        "attrs": [[name, spell_plainly(value)] for name, value in table.attrs.items()],
    }


def _spell_plan(plan: Plan) -> dict[str, Any]:
    """Spell what of a plan does not follow from its question: shares by place, levels reached, multipliers."""
    shares = find_shares(plan, plan.question.instance)
    taken = np.flatnonzero(shares)
    prices = plan.multipliers
    return {
        "taken": taken.tolist(),
        "shares": shares[taken].tolist(),
        "levels": _spell_table(plan.levels),
        "multipliers": None if prices is None else [list(map(str, prices.index)), list(map(spell_plainly, prices))],
    }


def read_plainly(spelled: Any, question: Question) -> Any:
    """Read what `spell_plainly` spelled.

    Parameters
    ----------
    spelled : JSON value
    question : Question
        That of the plans in it.

    Returns
    -------
    The value; plans are worked out from their shares again and certified.

    Raises
    ------
    CertificateError, KeyError, IndexError, TypeError, ValueError
        If it is none.

    Examples
    --------
    >>> read_plainly({"tuple": ["a", 0.5, {"number": "inf"}, None]}, None)
    ('a', 0.5, inf, None)
    """
    if not isinstance(spelled, dict):
        return spelled
    ((kind, held),) = spelled.items()
    if kind == "number":
        return float(held)
    if kind in ("tuple", "list"):
        values = [read_plainly(each, question) for each in held]
        return tuple(values) if kind == "tuple" else values
    return _read_table(held, question) if kind == "table" else _read_plan(held, question)


def _read_table(held: dict[str, Any], question: Question) -> pd.DataFrame:
    columns = {
        name: pd.Series([read_plainly(each, question) for each in values], dtype=kind)
        for name, kind, values in held["columns"]
        if kind in DTYPES
    }
    table = pd.DataFrame(columns, columns=[name for name, _, _ in held["columns"]])
    table.attrs = {name: read_plainly(value, question) for name, value in held["attrs"]}
    return table


def _read_plan(held: dict[str, Any], question: Question) -> Plan:
    instance = question.instance
    shares = np.zeros(len(instance.alternatives.cost))
    shares[held["taken"]] = held["shares"]
    draft = draft_plan(instance, shares)
    if held["multipliers"] is not None:
        names, prices = held["multipliers"]
        prices = [read_plainly(each, question) for each in prices]
        named = dict(zip(names, prices, strict=True))
        draft = replace(draft, multipliers=pd.Series(named, name="multiplier", dtype=float))
    return state_plan(question, draft, _read_table(held["levels"], question))
