"""A unit without a plan is told why in its own words: names, bans, and limits in their unit."""

from __future__ import annotations

import pandas as pd
import pytest

from sourcing import Case
from sourcing.cli import main
from sourcing.console import format_error
from sourcing.decide import decide_unit
from sourcing.errors import InfeasiblePlanError
from sourcing.pack import say_refusal
from tests.conftest import TINY


def refuse(case: Case, **levers: object) -> InfeasiblePlanError:
    with pytest.raises(InfeasiblePlanError) as caught:
        decide_unit(case, **levers)
    return caught.value


def say(error: InfeasiblePlanError) -> str:
    return say_refusal(error)[0]


def limit(case: Case, *rows: dict) -> Case:
    """Put rules in place of the case's own."""
    return Case({**case.tables, "rules": pd.DataFrame([{"business_unit": "", **row} for row in rows])})


def test_a_budget_nobody_keeps_is_told_in_money_that_suffices(alpha):
    error = refuse(alpha, budget_share=0.5)
    assert say(error) == (
        "A plan must keep every rule, ban and order; got none for Alpha Services (fictional): the rule 'Cash cost "
        "stays within the budget' leaves nothing to choose. Hint: a plan is possible with 'Cash cost "
        "stays within the budget' at USD 3,895,000 in place of at most USD 2,100,000."
    )
    assert error.conflicts == [["Cash cost stays within the budget"]]
    assert "e+" not in format_error(error)


def test_a_ban_that_clashes_is_told_by_what_it_bars_not_by_its_key(alpha):
    everyone = {"rule": "all three go outside", "measure": "count", "where": "owner_type != 'own'", "sense": ">=",
                "limit": 3.0, "priority": 2}  # fmt: skip
    error = refuse(limit(alpha, everyone))
    assert error.conflicts == [["all three go outside", "lock: research"]]
    assert "lock" not in say(error)
    assert (
        "the rule 'all three go outside' and what is barred for Product research (by its posture) cannot be kept "
        "together. Hint: a plan is possible with 'all three go outside' at 2 in place of at least 3."
    ) in say(error)


def test_a_veto_is_named_as_a_ban(beta):
    abroad = {"rule": "billing goes abroad", "measure": "count", "where": "process == 'billing' and is_abroad == True",
              "sense": "==", "limit": 1.0, "priority": 0}  # fmt: skip
    error = refuse(limit(beta, abroad))
    assert "what is barred for Billing (by the ban 'personal data stays')" in say(error)
    assert "no change of limits alone makes a plan possible; lift a ban" in say(error)


def test_a_share_is_told_in_per_cent(alpha):
    share = {"rule": "most cash goes outside", "measure": "cash_cost", "where": "owner_type != 'own'", "sense": ">=",
             "limit": 0.9, "relative_to": "cash_cost", "priority": 2}  # fmt: skip
    assert "in place of at least 90 %" in say(refuse(limit(alpha, share)))


def test_the_repaired_limit_as_it_is_told_makes_a_plan(alpha):
    needed = float(say(refuse(alpha, budget_share=0.5)).split("at USD ")[1].split(" ")[0].replace(",", ""))
    assert decide_unit(alpha, budget_share=needed / 4_200_000).plan.status == "optimal"
    assert refuse(alpha, budget_share=(needed - 100) / 4_200_000)


def test_orders_are_told_with_names_and_further_clashes_stand_below(alpha):
    both = pd.DataFrame(
        [
            {"business_unit": "alpha", "kind": kind, "process_a": a, "process_b": b, "column": "owner"}
            for a, b in (("payroll", "help_desk"), ("help_desk", "research"), ("payroll", "research"))
            for kind in ("together", "apart")
        ]
    )
    error = refuse(Case({**alpha.tables, "orders": both}))
    shown = format_error(error)
    assert (
        "the order 'Payroll and Help desk differ in owner' and the order 'Payroll and Help desk have the same owner'"
        in shown
    )
    assert shown.count("cannot be kept together") == len(error.conflicts) > 2
    assert len(shown.splitlines()) == len(error.conflicts) - 1


def test_the_command_tells_it_once_and_exits_with_one(capsys, tmp_path):
    arguments = ["plan", str(TINY), "--unit", "alpha", "--out", str(tmp_path / "out"), "--set", "budget_share=0.5"]
    assert main(arguments) == 1
    said = capsys.readouterr().err
    assert said.count("USD 3,895,000") == 1
    assert "Traceback" not in said
