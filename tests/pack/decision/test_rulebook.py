"""The rulebook reads in words and in the unit of each measure, and what has no name of its own gets one."""

from __future__ import annotations

import re

import pandas as pd
import pytest

from sourcing import Case, pack
from sourcing.pack.wording.names import call_members
from sourcing.pack.wording.rules import say_rule, say_where

TOGETHER = {"business_unit": "alpha", "kind": "together", "process_a": "help_desk", "process_b": "research",
            "column": "owner", "lag": 0}  # fmt: skip


@pytest.fixture
def unit(alpha) -> Case:
    return alpha


@pytest.fixture
def decision(unit, decide):
    return decide(unit)


@pytest.mark.parametrize(
    ("where", "said"),
    [
        ("", ""),
        ("is_abroad == True", "abroad"),
        ("is_abroad != True", "in the home country"),
        ("owner_type != 'own'", "with outside owners"),
        ("data_class == 'personal' and owner_type == 'provider'", "with personal data and with providers"),
        ("process == 'help_desk' or wave == 2", "of Help desk or that start in wave 2"),
        ("country in ['IND', 'POL']", "in India or Poland"),
        ("owner not in ['DeskCo']", "not delivered by DeskCo"),
        ("not (is_abroad == True)", "but not (abroad)"),
        ("3 < go_live_months", "whose go live months is above 3"),
        ("is_abroad == True and (fte > 5 or `my own label` == 'x')",
         "abroad and (whose fte is above 5 or whose my own label is x)"),
        ("wave < 2 < fte", "where wave < 2 < fte"),
    ],
)  # fmt: skip
def test_what_a_rule_counts_is_said_in_words(unit, where, said):
    assert say_where(where, unit) == said


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        ({"measure": "fte", "where": "is_abroad == True", "sense": "<=", "limit": 0.25, "relative_to": "fte"},
         "Full-time equivalents abroad: at most 25 % of all full-time equivalents"),
        ({"measure": "cash_cost", "where": "owner_type != 'own'", "sense": "<=", "limit": 0.2,
          "relative_to": "cash_cost", "for_each": "owner"},
         "Cash cost with outside owners, for each owner: at most 20 % of all cash cost"),
        ({"measure": "expected_loss", "where": "", "sense": "<=", "limit": 13800662.7},
         "Expected loss: at most USD 13.8 million"),
        ({"measure": "count", "where": None, "sense": ">=", "limit": 2}, "Processes: at least 2"),
        ({"measure": "customer_contact_share", "where": "", "sense": "==", "limit": 0.2},
         "Customer contact: exactly 20 %"),
    ],
)  # fmt: skip
def test_a_rule_is_said_with_its_limit_in_the_unit_of_its_measure(unit, rule, said):
    assert say_rule(rule, unit) == said


@pytest.mark.parametrize("name", ["retail", "agriculture"])
def test_every_rule_of_a_shipped_case_is_said_without_computer_signs(take_unit, name):
    case = take_unit(name)
    for rule in case.rules.to_dict("records"):
        assert not re.search(r"[<>=_']|True|nan", say_rule(rule, case)), say_rule(rule, case)


def test_each_step_says_where_it_leads_what_it_costs_and_who_would_change(decision):
    shown = pack.show_rules(decision).words
    assert "20 of 20 (used up)" in shown
    assert "USD 57,500 (Would change: Payroll)" in shown
    assert "USD 2,500 (at 15; the same from 10 to 20. Would change: Help desk and Payroll)" in shown
    assert "nothing (at 25; the same from 20 to 30)" in shown
    assert not re.search(r"[<>]=", shown)


def test_a_price_the_search_left_open_is_never_said_to_be_below_nothing(unit, monkeypatch, decide):
    open_ends = {"tighter_cost": 0.0, "tighter_cost_lower": -39500.0, "tighter_cost_upper": 0.0, "exact": False,
                 "drop_saving": 0.0, "drop_saving_lower": 0.0, "drop_saving_upper": 39500.0}  # fmt: skip
    prices = pack.list_prices(decide(unit)).assign(**open_ends)
    monkeypatch.setattr("sourcing.pack.decision.rulebook.list_prices", lambda _: prices)
    shown = pack.show_rules(decide(unit)).html
    assert "−USD" not in shown
    assert "at most USD 39,500" in shown
    assert "both proven ends" in shown
    assert "No cost of any rule was found." in shown
    assert "no saving was found if dropped" in shown
    assert "nothing if dropped" not in shown
    assert "costs anything now" not in shown


def test_what_has_no_name_is_called_in_words_wherever_it_limits(unit, decide):
    case = unit.replace(orders=pd.DataFrame([TOGETHER]))
    assert call_members(case)["order: help_desk with research"] == "Help desk and Product research have the same owner"
    decision = decide(case)
    everything = [*pack.say_limits(decision), *pack.say_reasons(decision), pack.show_decisions(decision).html]
    assert any("'Help desk and Product research have the same owner'" in said for said in everything[:-1])
    for said in everything:
        assert not re.search(r"(order|lock|item): ", said), said
    assert "Help desk and Product research have the same owner" in everything[-1].replace("&#39;", "'")


def test_what_it_would_take_to_save_more_is_told_with_who_can_lift_it(decision):
    """Posture alone saves 457,500, the cap alone 57,500, both 517,500: 2,500 more than their sum."""
    shown = pack.show_rules(decision).words
    assert "What it would take to save more" in pack.show_rules(decision).html
    assert "USD 458,000" in shown
    assert "USD 518,000" in shown
    assert "posture and no more than 20 people move to outside owners" in shown
    assert "the unit's leadership and head of operations" in shown
    assert "1 pair whose saving is not the sum of the two" in pack.show_rules(decision).html
    assert "USD 2,500 more than each alone, added up" in pack.show_rules(decision).html


def test_bans_on_the_same_options_are_priced_together_and_said_to_do_nothing_alone(unit, decide):
    one = {"process": "payroll", "option": "provider", "reason_code": "own", "reason": "So it is."}
    vetoes = pd.DataFrame([one | {"veto": name, "owner": name.title()} for name in ("audit", "works_council")])
    rules = unit.rules[unit.rules["rule"] != "no more than 20 people move to outside owners"]
    banned = decide(unit.replace(vetoes=vetoes, rules=rules))
    priced = pack.list_prices(banned).set_index("rule")
    assert priced.loc[["audit", "works_council"], "drop_saving"].tolist() == [0.0, 0.0]
    assert priced.at["audit + works_council", "drop_saving"] == 57_500.0
    shown = pack.show_rules(banned).words
    assert shown.count("nothing by itself") == 2
    assert "audit + works council" in shown
    assert "These bar the same options" in shown
