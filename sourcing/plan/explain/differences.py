"""Ask "what if": a plan's question with a rule, a number or a lock changed, and what that changes."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from sourcing.card import Card, Carded, list_names
from sourcing.errors import InputError, hint_near
from sourcing.plan.choose import answer
from sourcing.plan.explain.thresholds import EMPTY, list_keys
from sourcing.plan.tolerance import EQUAL, KEPT
from sourcing.where import match_where

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from sourcing.plan.plan import Plan

RULE, LOCK, COST = "rule", "lock", "cost"
COLUMNS = ("process", "option", "option_then", "cost", "cost_then", "change", "why")


@dataclass(frozen=True, repr=False)
class Difference(Carded):
    """What a changed question changes.

    Attributes
    ----------
    plan : Plan
        The answer to the changed question.
    moves : DataFrame
        One row per process that is decided otherwise: process, option, option_then, cost, cost_then (of the process
        itself), change, why (what of the change reaches it, in figures).
    lines : DataFrame
        Index line; columns now, then, change: what it costs, line by line.
    change : float
        The new objective less the old one.
    """

    plan: Plan
    moves: pd.DataFrame
    lines: pd.DataFrame
    change: float

    def _card(self) -> Card:
        return Card(
            "Difference",
            {"change": f"{self.change:,.0f}", "decided otherwise": list_names(self.moves["process"])},
            "difference.moves",
        )


def ask_differently(
    plan: Plan, changes: Mapping[str, Mapping[Any, Any]], read_numbers: Callable[[], pd.DataFrame]
) -> Difference:
    """Answer a plan's question with something changed; see `what_if`."""
    question = replace(plan.question, effort=replace(plan.question.effort, repairs=False))
    table, rules = question.alternatives, question.rules
    structure = dict(question.structure or {})
    touched: dict[Any, str] = {}
    for kind, wanted in changes.items():
        for name, value in wanted.items():
            if kind == RULE:
                rules = change_rule(rules, name, value)
            elif kind == LOCK:
                structure["locks"] = _add_lock(structure.get("locks"), name, value)
                touched[name] = f"locked to {value}"
            else:
                numbers = EMPTY if kind == COST else read_numbers()
                table, shown = _change_number(numbers, table, kind, name, float(value))
                touched[name[0]] = shown
    then = answer(replace(question, alternatives=table, rules=rules, structure=structure or None), plan)
    return tell_difference(plan, then, touched)


def tell_difference(plan: Plan, then: Plan, touched: Mapping[Any, str], otherwise: str = "") -> Difference:
    """Tell what another plan changes.

    Parameters
    ----------
    plan, then : Plan
    touched : mapping of process to str
        What of the change reaches a process itself.
    otherwise : str
        Why processes move that use neither more nor less of any limit.
    """
    lines = pd.DataFrame({"now": plan.lines, "then": then.lines}).fillna(0.0)
    return Difference(
        plan=then,
        moves=_list_moves(plan, then, touched, otherwise or "follows the other changes"),
        lines=lines.assign(change=lines["then"] - lines["now"]).rename_axis("line"),
        change=then.objective - plan.objective,
    )


def change_rule(rules: pd.DataFrame | None, name: Any, limit: Any) -> pd.DataFrame:
    """Give the rules with another limit of one, or without it where the limit is None.

    Raises
    ------
    InputError
        There is no such rule.
    """
    if rules is None or name not in set(rules["rule"]):
        known = [] if rules is None else rules["rule"]
        raise InputError(f"a rule must be one of the plan's; got {name!r} at what_if. {hint_near(str(name), known)}")
    if limit is None:
        return rules[rules["rule"] != name]
    return rules.assign(limit=rules["limit"].astype(float).where(rules["rule"] != name, float(limit)))


def _add_lock(locks: pd.DataFrame | None, process: Any, option: Any) -> pd.DataFrame:
    lock = pd.DataFrame([{"process": process, "option": option, "kind": "take"}])
    return lock if locks is None else pd.concat([locks[locks["process"] != process], lock], ignore_index=True)


def _change_number(
    drivers: pd.DataFrame, table: pd.DataFrame, kind: str, name: tuple[Any, Any], value: float
) -> tuple[pd.DataFrame, str]:
    """Give the alternatives priced with another number, and the change in words."""
    kinds = set(drivers["driver"])
    process, option = name
    if kind in kinds:
        rows = drivers[(drivers["driver"] == kind) & (drivers["process"] == process) & (drivers["of"] == option)]
        if rows.empty:
            raise InputError(
                f"a number must be one of the plan's drivers; got {kind} of {name!r} at what_if. "
                f"{hint_near(str(option), drivers.loc[drivers['process'] == process, 'of'])}"
            )
        return _reprice(
            table, rows, value
        ), f"{kind} of {option or process} from {rows['value'].iloc[0]:g} to {value:g}"
    if kind not in (COST, "quote"):
        raise InputError(
            f"what_if must be asked of rule, lock, cost or a driver; got {kind!r} at what_if. "
            f"{hint_near(kind, [RULE, LOCK, COST, *kinds])}"
        )
    own = (table["process"] == process) & (table["option"] == option)
    if not own.any():
        raise InputError(
            f"a cost must be that of an alternative; got {name!r} at what_if. {hint_near(str(option), table['option'])}"
        )
    return _add_cost(table, own, value - table["cost"]), f"cost of {option} to {value:g}"


def _reprice(table: pd.DataFrame, rows: pd.DataFrame, value: float) -> pd.DataFrame:
    is_linear = rows["linear"].astype(bool)
    within = np.where(is_linear, np.clip(value, rows["low"].min(), rows["high"].max()), value)
    there = (rows["low"] <= within) & (within <= rows["high"])
    if is_linear.any():  # where two stretches of a linear number meet, the upper one holds
        there &= rows["low"] == rows.loc[there, "low"].max()
    change = np.where(is_linear, rows["rate"] * (value - rows["value"]), 0.0) + rows["change"]
    added: dict[tuple[Any, ...], float] = {}
    for key, amount in zip(list_keys(rows[there], table), change[there], strict=True):
        added[key] = added.get(key, 0.0) + float(amount)
    amounts = pd.Series([added.get(key, 0.0) for key in list_keys(table, rows)], index=table.index)
    return _add_cost(table, amounts != 0.0, amounts)


def _add_cost(table: pd.DataFrame, own: pd.Series, change: pd.Series) -> pd.DataFrame:
    """Add to the cost of some alternatives, on a line of its own where there are lines."""
    added = change.where(own, 0.0)
    changed = table.assign(cost=table["cost"] + added)
    if any(str(name).startswith("cost_") for name in table.columns):
        earlier = table.get("cost_what_if", 0.0)
        changed = changed.assign(cost_what_if=earlier + added)
    return changed


def _list_moves(plan: Plan, then: Plan, touched: Mapping[Any, str], otherwise: str) -> pd.DataFrame:
    before, after = (_sum_choices(each) for each in (plan, then))
    moved = [process for process, (option, _) in before.items() if option != after[process][0]]
    uses = _tell_uses(plan, then) if set(moved) - set(touched) else {}
    records = []
    for process in moved:
        (option, cost), (option_then, cost_then) = before[process], after[process]
        why = touched.get(process) or "; ".join(uses.get(process, [])) or otherwise
        records.append((process, option, option_then, cost, cost_then, cost_then - cost, why))
    return pd.DataFrame(records, columns=list(COLUMNS))


def _sum_choices(plan: Plan) -> dict[Any, tuple[str, float]]:
    """Give the options that a process is delivered by and what they cost, by process, ascending."""
    names: dict[Any, set[str]] = {}
    costs: dict[Any, float] = {}
    for process, option, amount in zip(
        plan.choices["process"], plan.choices["option"], plan.choices["cost"] * plan.choices["share"], strict=True
    ):
        names.setdefault(process, set()).add(str(option))
        costs[process] = costs.get(process, 0.0) + float(amount)
    return {process: (" + ".join(sorted(names[process])), costs[process]) for process in sorted(names)}


def _tell_uses(plan: Plan, then: Plan) -> dict[Any, list[str]]:
    """Say of which limits, binding before or after, or changed, each process uses more or less than it did."""
    words: dict[Any, list[str]] = {}
    before, after = (each.rules.set_index("rule").to_dict("index") for each in (plan, then))
    for rule in sorted({*before, *after}):
        told = [rules[rule] for rules in (before, after) if rule in rules]
        is_moved = len(told) < 2 or told[0]["limit"] != told[1]["limit"]
        if not is_moved and not any(abs(each["slack"]) <= KEPT * max(1.0, abs(each["limit"])) for each in told):
            continue
        change = _sum_use(then, told[0]).sub(_sum_use(plan, told[0]), fill_value=0.0)
        for process, amount in change[change.abs() > EQUAL].items():
            word = "more" if amount > 0 else "less"
            words.setdefault(process, []).append(f"uses {abs(amount):g} {word} of {rule!r}")
    return words


def _sum_use(plan: Plan, rule: Mapping[str, Any]) -> pd.Series:
    """Give what each process uses of a limit under a plan, amounts only."""
    rows = plan.choices
    where, measure, each = rule["where"], rule["measure"], rule.get("for_each")
    hit = np.asarray(match_where(where if isinstance(where, str) and where.strip() else None, rows))
    if isinstance(each, str) and each.strip():
        hit = hit & (rows[each] == rule["value"]).to_numpy()
    amounts = np.ones(len(rows)) if measure == "count" else rows[measure].to_numpy(dtype=float)
    use = np.where(hit, amounts * rows["share"].to_numpy(dtype=float), 0.0)
    return pd.Series(use, index=rows["process"].to_numpy()).groupby(level=0).sum()
