"""Rules measure something, their filters speak of something, and levers can be read."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sourcing.case.dictionary import load_dictionary
from sourcing.case.filters import Comparison, read_filter
from sourcing.case.policy import BUDGET_RULE, LEVERS, RISK_RULE, read_lever
from sourcing.case.problem import ERROR, WARNING, Problem, point_at
from sourcing.errors import FilterError, InputError, hint_near

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    import pandas as pd

    Tables = Mapping[str, pd.DataFrame]

FROM_TABLES = {
    "process": ("processes", "process"),
    "function": ("processes", "function"),
    "option": ("options", "option"),
    "owner": ("options", "owner"),
    "location": ("options", "location"),
}
"""Column of the alternatives -> the table and column that its values come from."""
_MADE = frozenset({"wave"})
"""Columns that alternatives get with a feature, whatever the dictionary says of the plain ones."""


def rules_name_measures(tables: Tables) -> Iterator[Problem]:
    """A rule measures a numeric column of the alternatives, or counts; `for_each` names a column."""
    columns = load_dictionary()["alternatives"].columns
    numeric = {name for name, column in columns.items() if column.type in ("number", "integer")}
    wanted = {
        "measure": numeric | {"count"},
        "relative_to": numeric | {"count", ""},
        "for_each": {*columns, *_MADE, ""},
    }
    rules = tables["rules"]
    for name, known in wanted.items():
        cells = rules[name]
        # lines of cost are open-ended: a wing may add its own
        wrong = ~cells.isin(known) & ~cells.str.startswith("cost_")
        if name == "measure":
            wrong &= cells != ""
        for value in cells[wrong].unique():
            hint = hint_near(value, known - {""})
            yield from point_at(rules, wrong & (cells == value), ("rules", name), "a column of the alternatives", hint)


def rules_have_names_of_their_own(tables: Tables) -> Iterator[Problem]:
    """No rule of a unit is named as a rule of all units, or as one that a lever makes."""
    rules = tables["rules"]
    of_levers = {BUDGET_RULE: "budget_share", RISK_RULE: "risk_cap_share"}
    for name, lever in of_levers.items():
        rule, hint = "a name that no lever's rule has", f"Hint: rename it, or set {lever} in policy in its place."
        yield from point_at(rules, rules["rule"] == name, ("rules", "rule"), rule, hint)
    shared = rules.loc[rules["business_unit"] == "", "rule"]
    again = (rules["business_unit"] != "") & (rules["rule"] != "") & rules["rule"].isin(shared)
    rule = "a name that no rule of all units has"
    hint = "Hint: rename it; both rules hold for the unit, so the tighter one counts."
    yield from point_at(rules, again, ("rules", "rule"), rule, hint)


def filters_name_columns(tables: Tables) -> Iterator[Problem]:
    """A rule's `where` is made of comparisons on columns of the alternatives with values that they can have."""
    rules = tables["rules"]
    columns = load_dictionary()["alternatives"].columns
    for row, text in zip(rules.index, rules["where"], strict=True):
        try:
            names, comparisons = read_filter(text)
        except FilterError as error:
            rule, _, hint = str(error).partition(" Hint: ")
            yield Problem("rules", row, "where", rule.partition("; got ")[0], text, f"Hint: {hint}")
            continue
        for name in names:
            if name not in columns and name not in _MADE and not name.startswith("cost_"):
                rule = "names of columns of the alternatives"
                yield Problem("rules", row, "where", rule, name, hint_near(name, columns))
        for each in comparisons:
            yield from _check_comparison(each, row, tables)


def _check_comparison(comparison: Comparison, row: int, tables: Tables) -> Iterator[Problem]:
    """A value is of the column's kind, one of its choices, or one that the case holds (warning)."""
    column = load_dictionary()["alternatives"].columns.get(comparison.column)
    value = comparison.value
    if column is None:
        return
    kind = {bool: "flag", int: "number", float: "number", str: "text"}.get(type(value), "")
    wanted = {"choice": "text", "integer": "number"}.get(column.type, column.type)
    if kind != wanted:
        example = {"text": "'text in quotes'", "number": "a number", "flag": "True or False"}.get(wanted, wanted)
        hint = f"Hint: compare {column.name} with {example}."
        yield Problem("rules", row, "where", f"{column.name} compared with {wanted}", repr(value), hint)
        return
    if column.type == "choice" and value not in column.choices:
        hint = hint_near(str(value), column.choices)
        yield Problem("rules", row, "where", f"a value that {column.name} can have", str(value), hint, ERROR)
    elif column.name in FROM_TABLES:
        table, source = FROM_TABLES[column.name]
        if table in tables and value not in set(tables[table][source]):
            hint = hint_near(str(value), set(tables[table][source]) - {""})
            rule = f"a {column.name} that the case holds"
            yield Problem("rules", row, "where", rule, str(value), hint, WARNING)


def limits_are_shares(tables: Tables) -> Iterator[Problem]:
    """A limit relative to the same measure of the whole plan is a share from 0 to 1."""
    rules = tables["rules"]
    same = (rules["relative_to"] != "") & (rules["relative_to"] == rules["measure"])
    beyond = same & ((rules["limit"] > 1) | (rules["limit"] < 0))
    for place in np.flatnonzero(beyond):
        limit = rules["limit"].iloc[place]
        hint = f"Hint: {limit:g} per cent is written {limit / 100:g}."
        yield Problem("rules", rules.index[place], "limit", "a share from 0 to 1 with relative_to", f"{limit:g}", hint)


def levers_can_be_read(tables: Tables) -> Iterator[Problem]:
    """Each row of policy names a lever and gives it a value in range."""
    policy = tables["policy"]
    for row, name, value in zip(policy.index, policy["name"], policy["value"], strict=True):
        if name not in LEVERS:
            rule = "A lever must be a field of Policy or Outlook"
            yield Problem("policy", row, "name", rule, name, hint_near(name, LEVERS))
            continue
        try:
            read_lever(name, value)
        except InputError as error:
            rule, _, hint = str(error).partition(" Hint: ")
            yield Problem("policy", row, "value", rule.partition("; got ")[0], value, f"Hint: {hint}")
