"""What processes share is in the headline, and the parts that a pack shows add up to it."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from sourcing import pack
from sourcing.decide import build_business_case
from sourcing.pack.decision.tables import (
    ALL_CASH,
    CASH_TOTAL,
    PROCESSES,
    list_bridge,
    list_limits,
    list_lines,
    list_scenarios,
    list_shared,
)
from sourcing.pack.wording import say_money, say_rule
from sourcing.plan import sum_measure


@pytest.fixture(scope="module")
def decision(alpha, decide):
    """Alpha with a head office of 10,000 a year, a tender of 2,500 for the help desk's provider and a discount there.

    As-Is 4,200,000 + 20,000; plan 3,895,000 + 20,000 (research stays) + 2,500 - 10 % of 1,050,000.
    """
    sites = alpha.locations.assign(
        fixed_cost_per_year=np.where(alpha.locations["location"] == "head_office", 10_000.0, 0.0)
    )
    about = {"business_unit": "alpha", "provider": "DeskCo"}
    providers = pd.DataFrame([about | {"tender_cost": 2_500.0}])
    tiers = pd.DataFrame([about | {"threshold": 0.0, "discount_share": 0.1, "kind": "all_units"}])
    case = alpha.replace(locations=sites, providers=providers, price_tiers=tiers)
    return decide(case, budget_share=0.99)


def test_headline_is_the_sum_of_the_parts_shown(decision):
    table = list_shared(decision).set_index("line")
    assert table.index.tolist() == [
        PROCESSES,
        "Providers and sites, while used",
        "Tenders, once per provider",
        "Volume discounts",
        ALL_CASH,
    ]
    assert table["from_cash_cost"].tolist() == pytest.approx([4_200_000, 20_000, 0, 0, 4_220_000])
    assert table["cash_cost"].tolist() == pytest.approx([3_895_000, 20_000, 2_500, -105_000, 3_812_500])
    assert table["saving"].drop(ALL_CASH).sum() == pytest.approx(table.at[ALL_CASH, "saving"])
    assert table.at[PROCESSES, "saving"] == pytest.approx(pack.list_decisions(decision)["saving"].sum())
    assert pack.collect(decision)["summary"]["saving"] == pytest.approx(407_500)
    saved = say_money(407_500, decision.case.unit["currency"])
    assert any(saved in sentence for sentence in pack.say_answer(decision))
    assert "Tenders, once per provider" in pack.show_decisions(decision).words


def test_bridge_lines_scenarios_and_limits_hold_what_is_shared(decision):
    bridge = list_bridge(decision)
    assert bridge["amount"].iloc[[0, -1]].tolist() == pytest.approx([4_220_000, 3_812_500])
    assert bridge["amount"].iloc[1:-1].sum() == pytest.approx(-407_500)
    assert {"tenders", "discounts"} <= set(bridge["line"])
    lines = list_lines(decision.plan.lines.to_dict()).set_index("line")["amount"]
    assert lines[CASH_TOTAL] == pytest.approx(sum_measure(decision.plan, "cash_cost"))
    scenarios = list_scenarios(decision).set_index("scenario")
    assert scenarios.loc["Keep as it is", "cash_cost"] == pytest.approx(4_220_000)
    assert scenarios.loc["This plan", "one_off_cost"] == pytest.approx(50_000 + 40_000 + 2_500)
    limits = list_limits(decision).query("measure == 'Cash cost'")
    assert limits["limit"].tolist() == pytest.approx([0.99 * 4_220_000] * len(limits))


def test_moves_name_what_processes_share(decision):
    block = pack.show_moves(build_business_case(decision, draws=10))
    assert "What processes share" in block.words
    assert "All together" in block.words


def test_a_rule_on_some_of_the_work_says_what_it_leaves_aside(decision, alpha):
    rule = {"measure": "cash_cost", "where": "owner_type != 'own'", "sense": "<=", "limit": 0.5,
            "relative_to": "cash_cost", "for_each": ""}  # fmt: skip
    aside = "; what processes share is left aside"
    assert say_rule(rule, decision.case).endswith(f"of all cash cost{aside}")
    assert say_rule(rule | {"where": ""}, decision.case).endswith("of all cash cost")
    assert say_rule(rule | {"measure": "fte", "relative_to": "fte"}, decision.case).endswith(
        "of all full-time equivalents"
    )
    assert aside not in say_rule(rule, alpha)
