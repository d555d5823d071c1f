"""Alternatives considered: as is, this plan, all in-house, without rules, least risk, fit unpriced, the next best."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from sourcing.errors import InfeasiblePlanError, NoPlanFoundError
from sourcing.pack.answers import list_frontier, list_others
from sourcing.pack.block import Block, Shown, find_span, lay_range, scale_money, show_table
from sourcing.pack.parts import Parts, head_block, join_parts
from sourcing.pack.wording import say_rules
from sourcing.plan import list_breaks, sum_measure
from sourcing.uncertainty import range_plan

if TYPE_CHECKING:
    from sourcing.decide import Decision
    from sourcing.plan import Plan
    from sourcing.uncertainty import Study

AS_IS, THIS, IN_HOUSE = "Keep as it is", "This plan", "Everything in-house"
FREE, SAFEST, NEAREST = "Without rules, bans kept", "Least expected loss", "Best clearly different plan"
UNPRICED = "With fit at no price"


def list_considered(decision: Decision, study: Study) -> pd.DataFrame:
    """List the plan beside what else was considered.

    Without rules: the cheapest plan if no rule held, bans and locks kept. Least expected loss: that end of the
    frontier. Best clearly different: the plan within two per cent of the objective that decides most otherwise. With
    fit at no price: what cash and losses alone would choose, where that is another plan.

    Returns
    -------
    DataFrame
        One row per plan that there is: name, cash_cost, saving, saving_low, saving_high (in cash, currency),
        expected_loss, one_off_cost, moved_fte, otherwise (processes decided otherwise than in this plan), breaks (tuple
        of rules).
    """
    plans = {name: plan for name, plan in _gather(decision).items() if plan is not None}
    today = sum_measure(decision.as_is, "cash_cost")
    own = _read_choices(decision.plan)
    rows = [
        {
            "name": name,
            "cash_cost": sum_measure(plan, "cash_cost"),
            "saving": today - sum_measure(plan, "cash_cost"),
            **dict(zip(("saving_low", "saving_high"), range_plan(study.futures, plan), strict=True)),
            **{measure: sum_measure(plan, measure) for measure in ("expected_loss", "one_off_cost", "moved_fte")},
            "otherwise": len({process for process, *_ in own ^ _read_choices(plan)}),
            "breaks": tuple(_find_breaks(decision, name, plan)),
        }
        for name, plan in plans.items()
    ]
    return pd.DataFrame(rows)


def _gather(decision: Decision) -> dict[str, Plan | None]:
    frontier, others = list_frontier(decision), list_others(decision)
    efficient = frontier[frontier["efficient"].astype(bool)]
    safest = efficient.loc[efficient["expected_loss"].idxmin()] if len(efficient) else None
    own_loss = sum_measure(decision.plan, "expected_loss")
    return {
        AS_IS: decision.as_is,
        THIS: decision.plan,
        NEAREST: others[0] if others else None,
        SAFEST: safest["plan"] if safest is not None and safest["expected_loss"] < own_loss - 0.5 else None,
        UNPRICED: _pick_unpriced(decision),
        IN_HOUSE: decision.in_house,
        FREE: _drop_rules(decision),
    }


def _pick_unpriced(decision: Decision) -> Plan | None:
    """Pick the plan that cash and losses alone would choose, where it is another one."""
    free = decision.cash_plan
    return free if free is not None and _read_choices(free) != _read_choices(decision.plan) else None


def _drop_rules(decision: Decision) -> Plan | None:
    """Choose without any rule; None where there is none, or nothing is found in time."""
    rules = decision.plan.rules["belongs_to"].unique()
    if not len(rules):
        return None
    try:
        return decision.explanation.what_if({"rule": dict.fromkeys(rules)}).plan
    except (InfeasiblePlanError, NoPlanFoundError):
        return None


def _read_choices(plan: Plan) -> set[tuple[str, str]]:
    return set(plan.choices[["process", "option"]].itertuples(index=False, name=None))


def _find_breaks(decision: Decision, name: str, plan: Plan) -> list[str]:
    if name in decision.broken_rules:
        return list(decision.broken_rules[name])
    return list_breaks(plan, decision.plan.question.rules) if name == FREE else []


def show_considered(decision: Decision, study: Study) -> Parts:
    """Show the alternatives considered: cash, its range, loss, people, decided otherwise, and the rules broken."""
    return join_parts(head_block("What else was considered?"), _show_table(decision, study))


def _show_table(decision: Decision, study: Study) -> Block:
    table, currency = list_considered(decision, study), decision.case.unit["currency"]
    divisor, _ = scale_money(table, [Shown("cash_cost", "", "money")], currency)
    span = find_span(table["saving_low"], table["saving"], table["saving_high"])
    shown = table.assign(
        saved=[
            lay_range(row["saving"], row["saving_low"], row["saving_high"], span, divisor)
            for row in table.to_dict("records")
        ],
        broken=[say_rules(breaks, decision.case) if breaks else "none" for breaks in table["breaks"]],
        moved_fte=table["moved_fte"].round(),
        otherwise=table["otherwise"].where(table["name"] != THIS),
    )
    columns = [
        Shown("name", "Alternative"),
        Shown("cash_cost", "Cash cost", "money"),
        Shown("saved", "Saved in cash", "range"),
        Shown("expected_loss", "Expected loss", "money"),
        Shown("one_off_cost", "One-off", "money"),
        Shown("moved_fte", "People moved", "number"),
        Shown("otherwise", "Decided otherwise", "number"),
        Shown("broken", "Rules broken"),
    ]
    caption = "Present values over the horizon; the bar spans eight of ten futures, the line is zero."
    return show_table(shown, columns, currency, caption=caption, is_stacked=True)
