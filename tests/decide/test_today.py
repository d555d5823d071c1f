"""A rule of the sheet may limit a share of today's figure, as the levers of policy do."""

from __future__ import annotations

import pandas as pd
import pytest

from sourcing import pack
from sourcing.case import BUDGET_RULE
from tests.case.conftest import check, find

RULE = {
    "rule": "cash stays below today's", "business_unit": "", "measure": "cash_cost", "where": "", "sense": "<=",
    "limit": 0.95, "relative_to": "as_is", "step": 0.01, "reason": "The board asks for it.", "owner": "the board",
}  # fmt: skip


def limit(case, **cells):
    return case.replace(rules=pd.DataFrame([RULE | cells]))


def test_a_budget_rule_of_the_sheet_is_the_same_as_the_lever(alpha, decide):
    ruled, levered = decide(limit(alpha)), decide(alpha.replace(rules=alpha.rules[:0]), budget_share=0.95)
    limits = ruled.plan.rules.set_index("rule"), levered.plan.rules.set_index("rule")
    assert limits[0].at[RULE["rule"], "limit"] == limits[1].at[BUDGET_RULE, "limit"] == pytest.approx(3_990_000)
    assert ruled.plan.objective == levered.plan.objective


def test_shared_money_counts_today_as_it_does_in_the_plan(beta, decide):
    case = beta.replace(
        providers=pd.DataFrame([{"business_unit": "beta", "provider": "BillCo", "fixed_cost_per_year": 400}])
    )
    ruled, levered = decide(limit(case, limit=1.2)), decide(case.replace(rules=case.rules[:0]), budget_share=1.2)
    assert ruled.plan.rules["limit"].tolist() == levered.plan.rules["limit"].tolist()


def test_a_share_of_some_of_todays_work_counts_that_work(alpha, decide):
    decision = decide(limit(alpha, measure="fte", where="function in ['IT', 'Finance']", limit=0.9, sense=">="))
    assert decision.plan.rules["limit"].tolist() == [pytest.approx(0.9 * 30)]
    counted = decide(limit(alpha, measure="count", where="owner_type == 'own'", limit=0.5, sense=">="))
    assert counted.plan.rules["limit"].tolist() == [pytest.approx(1.5)]


def test_the_share_is_told_and_the_step_is_one_of_it(alpha, decide):
    decision = decide(limit(alpha))
    said = pack.show_rules(decision).html
    assert "95 % of today&#39;s cash cost; The board asks for it" in said
    prices = decision.explanation.price_rules()
    assert prices.set_index("rule").at[RULE["rule"], "step"] == pytest.approx(42_000)


@pytest.mark.parametrize(
    ("cells", "column", "hint"),
    [
        ({"limit": "95"}, "limit", "written 0.95"),
        ({"limit": "-0.5"}, "limit", "95 per cent of today's is written 0.95"),
        ({"for_each": "owner"}, "for_each", "a rule for each value"),
        ({"relative_to": "as_iss"}, "relative_to", ""),
    ],
)
def test_what_cannot_be_a_share_of_today_is_a_fault_with_a_hint(raw, cells, column, hint):
    row = {name: str(cell) for name, cell in (RULE | {"for_each": ""} | cells).items()}
    assert hint in find(check(raw | {"rules": pd.DataFrame([row])}), "rules", 0, column)["hint"]
    assert check(raw | {"rules": pd.DataFrame([{name: str(cell) for name, cell in RULE.items()}])}).empty
