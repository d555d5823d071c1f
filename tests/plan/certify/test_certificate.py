from dataclasses import replace

import pandas as pd
import pytest

from sourcing.errors import CertificateError
from sourcing.plan import certify, choose


@pytest.fixture
def plan(offers, rule):
    """Linked, locked and ruled: every check of the certificate has something to look at."""
    links = pd.DataFrame({"process_a": ["payroll"], "process_b": ["billing"], "traffic": [2.0]})
    pairs = [("own@US", "acme@IN"), ("own@US", "zen@PL"), ("zen@PL", "acme@IN")]
    costs = pd.DataFrame([(*pair, 0.5) for pair in pairs], columns=["place_a", "place_b", "cost"])
    rules = pd.concat(
        [
            rule("heads", "headcount", "owner != 'own'", "<=", 9.0),
            rule("share", "headcount", "owner == 'zen'", "<=", 0.7, relative_to="headcount"),
            rule("each", "count", "", "<=", 2.0, for_each="owner"),
            rule("at least", "count", "owner != 'own'", ">=", 1.0, for_each="option"),
        ],
        ignore_index=True,
    )
    rules = rules[rules["rule"] != "at least"]
    locks = pd.DataFrame({"process": ["payroll"], "option": ["stay"], "kind": ["bar"]})
    return choose(offers, rules, links, costs, structure={"locks": locks})


def test_sound_plan_passes_every_check(plan):
    checks = certify(plan)
    assert checks["holds"].all()
    assert list(checks.columns) == ["check", "stated", "recomputed", "difference", "holds"]
    assert {"objective", "line: handoffs", "used: share", "slack: each [zen]", "locks broken", "gap"} <= set(
        checks["check"]
    )


def alter(table, column, value, row=0):
    changed = table.copy()
    changed[column] = changed[column].astype(object)
    changed.loc[row, column] = value
    return changed


CORRUPTIONS = {
    "chosen rows are alternatives": lambda p: replace(p, choices=alter(p.choices, "option", "nowhere")),
    "cells of chosen rows altered": lambda p: replace(p, choices=alter(p.choices, "headcount", 99)),
    "processes chosen once": lambda p: replace(p, choices=pd.concat([p.choices, p.choices.iloc[:1]])),
    "sum of shares": lambda p: replace(p, choices=alter(p.choices, "share", 0.5)),
    "locks broken": lambda p: replace(
        p,
        question=replace(
            p.question,
            structure={"locks": pd.DataFrame({"process": ["payroll"], "option": ["move"], "kind": ["bar"]})},
        ),
    ),
    "links": lambda p: replace(p, handoffs=p.handoffs.iloc[:0]),
    "hand-off: payroll - billing": lambda p: replace(p, handoffs=alter(p.handoffs, "cost", 7.0)),
    "objective": lambda p: replace(p, objective=p.objective - 1),
    "sum of lines": lambda p: replace(p, lines=p.lines * 1.1),
    "line: cost_cash": lambda p: replace(
        p, lines=p.lines + pd.Series({"cost_cash": 1, "cost_risk": -1, "handoffs": 0})
    ),
    "used: heads": lambda p: replace(p, rules=alter(p.rules, "used", 1.0, 3)),
    "slack: share": lambda p: replace(p, rules=alter(p.rules, "slack", 0.9, 4)),
    "limit: heads": lambda p: replace(p, rules=alter(p.rules, "limit", 99.0, 3)),
    "limits": lambda p: replace(p, rules=pd.concat([p.rules, p.rules.iloc[:1].assign(value="nobody")]).iloc[1:]),
    "bound at most objective": lambda p: replace(p, bound=p.objective + 1),
    "gap": lambda p: replace(p, gap=p.gap + 0.01),
    "status is optimal": lambda p: replace(p, status="feasible"),
}


@pytest.mark.parametrize("check", CORRUPTIONS)
def test_corrupted_plan_fails_the_check(check, plan):
    with pytest.raises(CertificateError, match="plain arithmetic"):
        certify(CORRUPTIONS[check](plan))
    for name in ("heads", "share"):
        assert name in plan.rules["rule"].tolist()


def test_broken_rule_fails_even_if_stated_truthfully(plan):
    rulebook = alter(plan.question.rules, "limit", 7.0)
    heads = plan.rules["rule"] == "heads"
    rules = plan.rules.assign(
        limit=plan.rules["limit"].where(~heads, 7.0), slack=plan.rules["slack"].where(~heads, -1.0)
    )
    with pytest.raises(CertificateError, match="slack: heads"):
        certify(replace(plan, question=replace(plan.question, rules=rulebook), rules=rules))


def test_value_left_out_of_a_floor_for_each_is_found(offers, rule):
    plan = choose(offers, rule("floor", "count", "owner != 'zen'", ">=", 0.0, for_each="owner"))
    assert set(plan.rules["value"]) == {"acme", "own"}
    with pytest.raises(CertificateError, match="own"):
        certify(replace(plan, rules=plan.rules[plan.rules["value"] != "own"]))
