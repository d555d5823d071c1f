"""The tables a pack shows, each made from a decision; charts and sections only draw them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from sourcing.pack.wording import LINE_NAMES, call_line, call_places
from sourcing.plan import share_amounts, sum_measure, sum_shared
from sourcing.value import CASH_LINES, SHARED_LINES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sourcing.decide import Decision

STATES = ("As-Is", "To-Be")
SMALLEST = 1e-6
"""Least change of a cost line that is shown, in currency."""
PROCESSES, ALL_CASH = "The processes' own", "All cash"
CASH_TOTAL, TOTAL = "Cash cost, the sum of the lines above", "Objective, cash cost and the lines below it"


def list_states(decision: Decision) -> pd.DataFrame:
    """List how each process is delivered today and in the plan.

    Returns
    -------
    DataFrame
        One row per (process, state), state As-Is or To-Be: process_name, function, option, name,
        delivery_model, owner, location, site (its name), fte, run_cost_per_year, share.
    """
    columns = [
        "process", "process_name", "function", "option", "name", "delivery_model", "owner", "location", "fte",
        "run_cost_per_year", "share",
    ]  # fmt: skip
    tables = [
        chosen[columns].assign(state=state, site=call_places(chosen["location"], decision.case))
        for state, chosen in zip(STATES, map(share_amounts, (decision.as_is, decision.plan)), strict=True)
    ]
    return pd.concat(tables, ignore_index=True).sort_values(["process", "state"], ignore_index=True)


def list_decisions(decision: Decision) -> pd.DataFrame:
    """List what is decided for each process.

    Returns
    -------
    DataFrame
        One row per process, or part of a split one, dearest as-is first: the chosen alternative's columns, amounts
        times share, and from_name, from_model, from_owner, from_cash_cost, from_expected_loss, moves (bool), saving
        (as-is cash cost - cash cost).
    """
    today = decision.as_is.choices.set_index("process")
    chosen = share_amounts(decision.plan)
    for column in ("name", "delivery_model", "owner", "location", "cash_cost", "expected_loss", "fte"):
        short = column.replace("delivery_", "")
        chosen[f"from_{short}"] = chosen["process"].map(today[column])
    chosen["moves"] = ~chosen["is_as_is"].astype(bool)
    chosen["saving"] = chosen["from_cash_cost"] * chosen["share"] - chosen["cash_cost"]
    return chosen.sort_values(["from_cash_cost", "process"], ascending=[False, True], ignore_index=True)


def list_shared(decision: Decision) -> pd.DataFrame:
    """List what is paid whoever causes it, beside what all processes pay themselves.

    Returns
    -------
    DataFrame
        Columns line (in words), from_cash_cost, cash_cost, saving (as-is less planned), is_total: the processes' own
        cash, each line of shared money that is paid in either state, and their sum; only the sum where nothing is
        shared.
    """
    states = decision.as_is, decision.plan
    today, planned = (sum_shared(plan, "cash_cost") for plan in states)
    lines = pd.DataFrame({"from_cash_cost": today, "cash_cost": planned}).fillna(0.0)
    lines = lines[(lines.abs() > SMALLEST).any(axis=1)]
    lines = lines.loc[[name for name in SHARED_LINES if name in lines.index]]
    lines.index = lines.index.map(call_line)
    whole = [sum_measure(plan, "cash_cost") for plan in states]
    own = [float(share_amounts(plan)["cash_cost"].sum()) for plan in states]
    rows = [(PROCESSES, *own), *lines.itertuples(name=None), (ALL_CASH, *whole)] if len(lines) else [(ALL_CASH, *whole)]
    table = pd.DataFrame(rows, columns=["line", "from_cash_cost", "cash_cost"])
    return table.assign(saving=table["from_cash_cost"] - table["cash_cost"], is_total=table["line"] == ALL_CASH)


def list_options(decision: Decision, process: str) -> pd.DataFrame:
    """List the alternatives of a process, one per option: the chosen ones, and the others in their cheapest wave."""
    rows = decision.alternatives[decision.alternatives["process"] == process]
    if "wave" not in rows:
        return rows
    kept = pd.concat([decision.plan.choices, decision.swaps])[["option", "wave", "process"]]
    kept = kept.loc[kept["process"] == process, ["option", "wave"]]
    return rows[pd.MultiIndex.from_frame(rows[["option", "wave"]]).isin(pd.MultiIndex.from_frame(kept))]


def list_lines(lines: Mapping[str, float]) -> pd.DataFrame:
    """List the lines of an objective in the order they are read, with the sum of what is paid and of all.

    Lines that round to nothing are left out.

    Parameters
    ----------
    lines : mapping of str to float
        Of a plan: `cost_labor`, `handoffs` and so on to money.

    Returns
    -------
    DataFrame
        Columns line (in words), amount.

    Examples
    --------
    >>> list_lines({"handoffs": 5.0, "cost_fit": -2.0, "cost_price": 20.0, "cost_labor": 10.0})["amount"].tolist()
    [10.0, 20.0, 5.0, 35.0, -2.0, 33.0]
    """
    plain = {name.removeprefix("cost_"): float(amount) for name, amount in lines.items()}
    cash = (*CASH_LINES, *SHARED_LINES)
    order = [*cash, *LINE_NAMES, *plain]
    shown = sorted((name for name, amount in plain.items() if round(amount)), key=order.index)
    paid = [name for name in shown if name in cash]
    priced = [name for name in shown if name not in cash]
    rows = [
        *((call_line(name), plain[name]) for name in paid),
        (CASH_TOTAL, sum(plain.get(name, 0.0) for name in cash)),
        *((call_line(name), plain[name]) for name in priced),
        (TOTAL, sum(plain.values())),
    ]
    return pd.DataFrame(rows, columns=pd.Index(["line", "amount"]))


def list_bridge(decision: Decision) -> pd.DataFrame:
    """List how cash cost gets from As-Is to To-Be, line by line.

    Returns
    -------
    DataFrame
        Columns line, amount, start, end, kind (total, dearer, cheaper); currency, net present value. The first
        row is As-Is, the last To-Be, the others the lines that differ, shared ones included; the amounts between sum to
        the difference.
    """
    lines = [f"cost_{line}" for line in CASH_LINES]
    change = share_amounts(decision.plan)[lines].sum() - decision.as_is.choices[lines].sum()
    today, planned = (sum_shared(plan, "cash_cost") for plan in (decision.as_is, decision.plan))
    change = pd.concat([change, planned.sub(today, fill_value=0.0)])
    change = change[change.abs() > SMALLEST]
    first = sum_measure(decision.as_is, "cash_cost")
    ends = first + change.cumsum()
    starts = ends - change
    kinds = np.where(change > 0, "dearer", "cheaper")
    middle = pd.DataFrame(
        {
            "line": change.index.str.removeprefix("cost_"),
            "amount": change.to_numpy(),
            "start": starts.to_numpy(),
            "end": ends.to_numpy(),
            "kind": kinds,
        }
    )
    last = sum_measure(decision.plan, "cash_cost")
    totals = pd.DataFrame(
        {"line": list(STATES), "amount": [first, last], "start": 0.0, "end": [first, last], "kind": "total"}
    )
    return pd.concat([totals.iloc[:1], middle, totals.iloc[1:]], ignore_index=True)


def list_scenarios(decision: Decision) -> pd.DataFrame:
    """List the plan beside what it is compared with.

    Returns
    -------
    DataFrame
        One row per scenario (As-Is, plan, everything in-house, plan at price 0 of fit, plan at the mean where
        this one looks at risk): cash_cost, expected_loss, fit_points, customer_value, one_off_cost, cost (hand-offs
        included), moved_fte, breaks (rules broken).
    """
    scenarios = {
        "Keep as it is": decision.as_is,
        "This plan": decision.plan,
        "Everything in-house": decision.in_house,
        "Plan with fit at no price": decision.cash_plan,
        "Plan at the mean": None if decision.caution is None else decision.caution.plain,
    }
    measures = [
        "cash_cost",
        "expected_loss",
        "fit_points",
        "customer_value",
        "one_off_cost",
        "changed_fte",
        "moved_fte",
    ]
    rows = [
        {"scenario": name, "cost": plan.objective, "breaks": ", ".join(decision.broken_rules[name])}
        | {measure: sum_measure(plan, measure) for measure in measures}
        for name, plan in scenarios.items()
        if plan is not None
    ]
    return pd.DataFrame(rows, columns=["scenario", *measures, "cost", "breaks"])


def list_limits(decision: Decision) -> pd.DataFrame:
    """List cash cost and expected loss of each scenario beside the limits that policy sets.

    Returns
    -------
    DataFrame
        Columns scenario, measure (Cash cost, Expected loss), amount, limit (NaN where policy sets none).
    """
    limits = {
        "Cash cost": ("cash_cost", decision.policy.budget_share),
        "Expected loss": ("expected_loss", decision.policy.risk_cap_share),
    }
    scenarios, tables = list_scenarios(decision), []
    for name, (measure, share) in limits.items():
        limit = share * sum_measure(decision.as_is, measure) if np.isfinite(share) else np.nan
        tables.append(
            pd.DataFrame(
                {
                    "scenario": scenarios["scenario"],
                    "measure": name,
                    "amount": scenarios[measure],
                    "limit": limit,
                }
            )
        )
    return pd.concat(tables, ignore_index=True)
