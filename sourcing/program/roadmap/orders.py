"""What the order of moves is worth: the plan's options held, their waves chosen otherwise."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from sourcing.decide import answer_held, find_origin, spread_plans
from sourcing.errors import InfeasiblePlanError, NoPlanFoundError
from sourcing.plan import list_breaks, sum_measure
from sourcing.program.roadmap.money import STATES

if TYPE_CHECKING:
    from sourcing.decide import Decision
    from sourcing.plan import Plan

PLANNED, AT_ONCE, AT_LAST, BEST, FREE = "planned", "all at once", "as late as may be", "best", "best without capacity"
ORDERS = (PLANNED, BEST, FREE, AT_ONCE, AT_LAST)
ORDER_COLUMNS = [
    "order", "cost", "extra_cost", "cash_cost", "expected_loss", "peak_cash", "last_go_live_months", "waves", "moved",
    "breaks",
]  # fmt: skip


def price_orders(decision: Decision) -> pd.DataFrame:
    """Price other orders of the plan's moves, options and shares held.

    planned: the plan's. best: the cheapest order that keeps every rule, bundle and lock; the plan's own where it was
    solved to the end. best without capacity: the same with the hours and budgets of the calendar set aside, so that the
    difference is what they cost. all at once: every move in its first open wave, as late as may be: in its last,
    whatever rules, bundles and locks on others say; what they would break is told.

    Parameters
    ----------
    decision : Decision

    Returns
    -------
    DataFrame
        One row per order, columns ORDER_COLUMNS: cost (the objective), extra_cost (over the plan's), cash_cost,
        expected_loss, peak_cash (nominal), last_go_live_months, waves (in which something starts), moved (processes in
        another wave than planned), breaks (rules, tuple). Without a calendar, or where nothing moves, only the plan's.
    """
    plans = {PLANNED: decision.plan}
    if "wave" in decision.alternatives and not decision.plan.choices["is_as_is"].all():
        plans |= _solve_orders(decision)
    named = [order for order in ORDERS if order in plans]
    cash = spread_plans(decision, [plans[order] for order in named])
    rows = [_measure(decision, order, plans[order], paid) for order, paid in zip(named, cash, strict=True)]
    return pd.DataFrame(rows, columns=ORDER_COLUMNS)


def _solve_orders(decision: Decision) -> dict[str, Plan]:
    table, rules = decision.alternatives, decision.question.rules
    keys = ["process", "option"]
    chosen = pd.MultiIndex.from_frame(decision.plan.choices[keys])
    held = table[pd.MultiIndex.from_frame(table[keys]).isin(chosen)]
    is_open = held[held["barred_by"] == ""].sort_values("wave", kind="stable")
    origins = rules["rule"].map(lambda rule: find_origin(rule, decision.case))
    of_calendar = rules["where"].str.startswith("wave == ") & (origins == "capacity")
    wanted = {
        BEST: (held, rules, True),
        FREE: (held, rules[~of_calendar], True),
        AT_ONCE: (is_open.drop_duplicates(keys, keep="first"), None, False),
        AT_LAST: (is_open.drop_duplicates(keys, keep="last"), None, False),
    }
    plans = {}
    for order, (rows, kept, keeps_orders) in wanted.items():
        try:
            plans[order] = answer_held(decision, rows.sort_index(), kept, keeps_orders=keeps_orders)
        except (InfeasiblePlanError, NoPlanFoundError):
            continue
    return plans


def _measure(decision: Decision, order: str, plan: Plan, cash: pd.DataFrame) -> dict[str, object]:
    moves = plan.choices[~plan.choices["is_as_is"].astype(bool)]
    sign = cash["state"].map(dict(zip(STATES, (1.0, -1.0), strict=True)))
    saved = (cash["amount"] * sign).groupby(cash["quarter"]).sum().sort_index().cumsum()
    waves = moves["wave"] if "wave" in moves else pd.Series(0, moves.index)
    return {
        "order": order,
        "cost": plan.objective,
        "extra_cost": plan.objective - decision.plan.objective,
        "cash_cost": sum_measure(plan, "cash_cost"),
        "expected_loss": sum_measure(plan, "expected_loss"),
        "peak_cash": max(0.0, -float(saved.min())),
        "last_go_live_months": float(moves["go_live_months"].max()) if len(moves) else 0.0,
        "waves": int(waves.nunique()),
        "moved": _count_moved(decision.plan, plan),
        "breaks": () if order in (PLANNED, BEST) else tuple(list_breaks(plan, decision.question.rules)),
    }


def _count_moved(planned: Plan, other: Plan) -> int:
    if "wave" not in planned.choices:
        return 0
    keys = ["process", "option"]
    waves = [plan.choices.set_index(keys)["wave"] for plan in (planned, other)]
    changed = waves[0] != waves[1].reindex(waves[0].index)
    return int(changed.groupby(level="process").any().sum())
