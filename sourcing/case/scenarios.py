"""What a scenario changes: the one reading of the table `scenarios`, for its checks and for what the plan is told."""

from __future__ import annotations

from itertools import count
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from sourcing.case.dictionary import load_dictionary
from sourcing.case.reading import is_filled, split_numeral, value_numeral

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

LEVER, RULE, LIFT, LOCK, VETO = "lever", "rule", "lift", "lock", "veto"
NUMBERS = ("quote", "wage", "transition cost", "risk probability")
"""Changes of a number behind options, called as in `value.list_drivers`."""
MATCHED = {
    "process": "process",
    "option": "option",
    "delivered_by": "owner",
    "delivery_model": "delivery_model",
    "is_abroad": "is_abroad",
}
"""Cell of a scenario -> column of the options that it is held against."""
LIMITS = ("rules", "locks", "vetoes")
"""Tables that a scenario may change; levers and numbers stand in none of them."""
NAMED_IN = {"rules": "rule", "locks": "lock", "vetoes": "veto"}


def match_options(row: Mapping[str, Any], options: pd.DataFrame) -> np.ndarray:
    """Find the options that the filled cells of a scenario's row match.

    Parameters
    ----------
    row : mapping
        A row of the table scenarios.
    options : DataFrame
        Columns process, option, owner, delivery_model, is_abroad.

    Returns
    -------
    ndarray of bool, shape (len(options),)

    Examples
    --------
    >>> options = pd.DataFrame({"process": ["pay", "pay"], "option": ["stay", "out"], "owner": ["own", "PayCo"]})
    >>> options = options.assign(delivery_model=["in_house", "outsource"], is_abroad=[False, True])
    >>> match_options(dict.fromkeys(MATCHED, "") | {"delivered_by": "PayCo", "is_abroad": None}, options).tolist()
    [False, True]
    """
    hit = np.ones(len(options), dtype=bool)
    for cell, column in MATCHED.items():
        if is_filled(row[cell]):
            hit &= (options[column] == row[cell]).to_numpy()
    return hit


def read_amount(text: str) -> float:
    """Read a new limit or number as cells of tables are read; NaN where it is none or could be two.

    Examples
    --------
    >>> read_amount("250000"), read_amount("5 %"), read_amount("many")
    (250000.0, 0.05, nan)
    """
    numeral = split_numeral(text)
    if numeral is None or numeral.unclear == "," or numeral.sign not in ("", "%"):
        return float("nan")
    return value_numeral(numeral, numeral.mark or ".")


def change_amount(row: Mapping[str, Any], amount: Any) -> Any:
    """Give an amount, or a Series of amounts, as a row of a scenario changes it."""
    return amount * 0.0 + read_amount(row["value"]) if row["value"] else amount * float(row["times"])


def list_set_levers(rows: pd.DataFrame) -> dict[str, str]:
    """List the levers that the rows of a scenario set: those of the unit before those of all units."""
    levers = rows[rows["change"] == LEVER].sort_values("business_unit", kind="stable")
    return dict(zip(levers["name"], levers["value"], strict=True))


def change_limits(
    tables: Mapping[str, pd.DataFrame], rows: pd.DataFrame, options: pd.DataFrame
) -> dict[str, pd.DataFrame]:
    """Change the rules, locks and bans of a unit as the rows of a scenario say.

    Parameters
    ----------
    tables : mapping of str to DataFrame
        rules, locks and vetoes of one unit.
    rows : DataFrame
        The rows of one scenario that hold for the unit.
    options : DataFrame
        What can be chosen, as for `match_options`, and is_as_is.

    Returns
    -------
    dict of str to DataFrame
        The tables that change. A lock becomes a row `only`, a ban a row for each option that would move there; each is
        named as the scenario, numbered where there are several.
    """
    changed = {name: tables[name] for name in LIMITS}
    for row in rows.to_dict("records"):
        if row["change"] == RULE:
            rules = changed["rules"]
            limit = rules["limit"].astype(float)
            changed["rules"] = rules.assign(limit=limit.where(rules["rule"] != row["name"], change_amount(row, limit)))
        elif row["change"] == LIFT:
            changed |= {name: frame[frame[NAMED_IN[name]] != row["name"]] for name, frame in changed.items()}
        elif row["change"] == LOCK:
            cells = {cell: row[cell] for cell in ("process", "option", "delivered_by", "delivery_model")}
            changed["locks"] = _add_rows("locks", changed["locks"], row, [{**cells, "kind": "only"}])
        elif row["change"] == VETO:
            barred = options[match_options(row, options) & ~options["is_as_is"].to_numpy(bool)]
            bans = [each | {"reason_code": "own"} for each in barred[["process", "option"]].to_dict("records")]
            changed["vetoes"] = _add_rows("vetoes", changed["vetoes"], row, bans)
    return {name: frame for name, frame in changed.items() if frame is not tables[name]}


def _add_rows(
    table: str, frame: pd.DataFrame, row: Mapping[str, Any], cells: Sequence[Mapping[Any, Any]]
) -> pd.DataFrame:
    """Add rows to a table of limits, each named as the scenario."""
    if not cells:
        return frame
    named = NAMED_IN[table]
    used = set(frame[named])
    unused = (name for name in _number_names(row["scenario"]) if name not in used)
    empty = {
        column.name: "" if column.type in ("text", "choice") else None
        for column in load_dictionary()[table].columns.values()
    }
    said = {"business_unit": row["business_unit"], "reason": row["reason"]}
    said["owner"] = row["owner"] or "who asks for the scenario"
    records = [empty | said | {named: next(unused)} | dict(each) for each in cells]
    first = int(frame.index.max()) + 1 if len(frame) else 0
    places = range(first, first + len(records))
    added = pd.DataFrame(records, index=places)[list(frame.columns)].astype(frame.dtypes)
    return pd.concat([frame, added]) if len(frame) else added


def _number_names(name: str) -> Iterator[str]:
    yield name
    yield from (f"{name} ({number})" for number in count(2))
