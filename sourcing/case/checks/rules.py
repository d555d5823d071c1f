"""Rules measure something, their filters speak of something, and levers can be read."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from sourcing.case.checks.columns import ExpectedColumns
from sourcing.case.checks.group_rules import is_of_group_only
from sourcing.case.dictionary import load_dictionary
from sourcing.case.policy import BUDGET_RULE, GROUP, LEVERS, RISK_RULE, TODAY, read_lever
from sourcing.case.problem import WARNING, Problem, point_at
from sourcing.errors import FilterError, InputError, hint_near
from sourcing.where import find_faults, list_columns, list_texts, parse_where

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    import pandas as pd

    from sourcing.where import Where

    Tables = Mapping[str, pd.DataFrame]

MOST_SHARE = 5.0
"""A share beyond this many times the whole is asked about: per cent are written as a hundredth (house rule)."""
KINDS_OF = {
    "measure": ("number", "truth"),
    "relative_to": ("number", "truth"),
    "for_each": ("text", "number", "truth"),
}
"""Column of a rule that names a column -> kinds that the named one may be of."""


MOST_OF_TODAY = 10.0
"""Largest share of today's amount that is taken for one, and not for per cent."""


def rules_name_measures(tables: Tables) -> Iterator[Problem]:
    """A rule measures numbers or flags of the alternatives, or counts; `for_each` names a column."""
    rules, expected = tables["rules"], ExpectedColumns(tables)
    for column, fitting in KINDS_OF.items():
        free = {"for_each": {""}, "relative_to": {"", "count", TODAY}}.get(column, {"", "count"})
        for row, unit, scope, name in zip(
            rules.index, rules["business_unit"], rules["scope"], rules[column], strict=True
        ):
            is_told = name in free or (scope == GROUP and is_of_group_only(column, name))
            for each in () if is_told else expected.list_units(unit):
                kinds = expected.list_kinds(each, [name])
                if kinds.get(name) not in fitting:
                    known = {known for known, kind in kinds.items() if kind in fitting} | free
                    hint = expected.hint_lack(name, each) or hint_near(name, known - {""})
                    yield Problem("rules", row, column, "a column of the alternatives", name, hint)
                    break


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
    """A rule's `where` is made of comparisons on columns of the alternatives, with texts that they can hold (warning).

    The plan refuses what is an error here, and nothing else: both read through `sourcing.where`.
    """
    rules, expected = tables["rules"], ExpectedColumns(tables)
    for row, unit, text in zip(rules.index, rules["business_unit"], rules["where"], strict=True):
        try:
            where = parse_where(text)
        except FilterError as error:
            yield _tell(error, row)
            continue
        if where is not None:
            found = list(_find_faults(where, text, row, unit, expected))
            found = found or list(_find_strangers(where, row, unit, expected))
            yield from found or _find_idle(where, text, row, unit, expected)


def _tell(error: FilterError, row: int, hint: str = "") -> Problem:
    """Tell an error of the reader as a problem of a rule, with a better hint where there is one."""
    rule, _, rest = str(error).partition("; got ")
    got, _, advice = rest.partition(". Hint: ")
    return Problem("rules", row, "where", rule, got, hint or f"Hint: {advice}")


def _find_faults(where: Where, text: str, row: int, unit: str, expected: ExpectedColumns) -> Iterator[Problem]:
    """Each fault once, of the first unit that has it."""
    told: set[str] = set()
    asked = list_columns(where)
    for each in expected.list_units(unit):
        for fault in find_faults(where, expected.list_kinds(each, asked)):
            if fault.got not in told:
                told.add(fault.got)
                yield _tell(fault.refuse(text), row, expected.hint_lack(fault.name, each))


def _find_strangers(where: Where, row: int, unit: str, expected: ExpectedColumns) -> Iterator[Problem]:
    """Texts that no alternative of the unit can hold, so that the comparison decides nothing."""
    for column, text in list_texts(where):
        if expected.list_units(unit) and not expected.can_hold(column, text, unit):
            has_choices = load_dictionary()["alternatives"].columns[column].type == "choice"
            rule = f"a value that {column} can have" if has_choices else f"a {column} that the case holds"
            yield Problem("rules", row, "where", rule, text, expected.hint_text(column, text, unit), WARNING)


def _find_idle(where: Where, text: str, row: int, unit: str, expected: ExpectedColumns) -> Iterator[Problem]:
    """A filter that keeps no alternative, though each of its values occurs somewhere."""
    if expected.list_units(unit) and not expected.can_match(text, list_columns(where), unit):
        rule = "comparisons that some alternative passes all at once"
        hint = "Hint: the rule counts nothing as it is; loosen the comparisons or drop it."
        yield Problem("rules", row, "where", rule, text, hint, WARNING)


def limits_are_shares(tables: Tables) -> Iterator[Problem]:
    """A limit relative to the same measure of the whole plan is a share from 0 to 1."""
    rules = tables["rules"]
    same = (rules["relative_to"] != "") & (rules["relative_to"] == rules["measure"])
    beyond = same & ((rules["limit"] > 1) | (rules["limit"] < 0))
    for place in np.flatnonzero(beyond):
        limit = rules["limit"].iloc[place]
        hint = f"Hint: {limit:g} per cent is written {limit / 100:g}."
        yield Problem("rules", rules.index[place], "limit", "a share from 0 to 1 with relative_to", f"{limit:g}", hint)


def shares_of_today_are_shares(tables: Tables) -> Iterator[Problem]:
    """A limit that is a share of today's amount is written as a share, and one for all of it."""
    rules = tables["rules"]
    of_today = rules["relative_to"] == TODAY
    each = of_today & (rules["for_each"] != "")
    hint = "Hint: write a rule for each value, with the value in where."
    yield from point_at(rules, each, ("rules", "for_each"), f"no for_each beside relative_to {TODAY}", hint)
    for place in np.flatnonzero(of_today & ((rules["limit"] > MOST_OF_TODAY) | (rules["limit"] < 0))):
        limit = rules["limit"].iloc[place]
        hint = f"Hint: {limit:g} per cent of today's is written {limit / 100:g}."
        hint = hint if limit > 0 else "Hint: 95 per cent of today's is written 0.95."
        rule = f"a share of today's amount, from 0 to {MOST_OF_TODAY:g}, with relative_to {TODAY}"
        yield Problem("rules", rules.index[place], "limit", rule, f"{limit:g}", hint)


def limits_are_not_per_cent(tables: Tables) -> Iterator[Problem]:
    """A limit relative to another measure of the same unit is a share of it, not per cent (warning)."""
    rules, columns = tables["rules"], load_dictionary()["alternatives"].columns
    for row, measure, whole, limit in zip(
        rules.index, rules["measure"], rules["relative_to"], rules["limit"], strict=True
    ):
        known = measure in columns and whole in columns and columns[measure].unit == columns[whole].unit
        if limit > MOST_SHARE and measure != whole and (known or measure == whole == "count"):
            rule, hint = f"a share of {whole}", f"Hint: {limit:g} per cent is written {limit / 100:g}."
            yield Problem("rules", row, "limit", rule, f"{limit:g} times {whole}", hint, WARNING)


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
            continue
        about = LEVERS[name].metadata
        if about["unit"].startswith("share") and math.isinf(about["high"]) and MOST_SHARE < float(value) < math.inf:
            share = float(value)
            hint = f"Hint: {share:g} per cent is written {share / 100:g}."
            yield Problem("policy", row, "value", f"a {about['unit']}", f"{share:g} times", hint, WARNING)
