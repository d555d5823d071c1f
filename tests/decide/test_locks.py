"""What an analyst fixes beforehand holds in the plan, has its price, and is named wherever it limits something."""

from __future__ import annotations

import pandas as pd
import pytest

from sourcing import Case, load_case, pack
from sourcing.decide import decide_unit, find_no_plan
from sourcing.errors import InfeasiblePlanError
from tests.conftest import TINY

STAYS = {"lock": "help desk stays with own staff", "process": "help_desk", "delivered_by": "own"}
WAVES = ({"wave": 1, "start": "2025-01-01"}, {"wave": 2, "start": "2025-07-01"}, {"wave": 3, "start": "2026-01-01"})


def lock(case: Case, *locks: dict, **tables: pd.DataFrame) -> Case:
    """Lock a case of one unit."""
    about = {"business_unit": str(case.unit["business_unit"]), "reason": "So it was agreed.", "owner": "the board"}
    return case.replace(locks=pd.DataFrame([about | each for each in locks]), **tables)


def with_waves(case: Case) -> dict[str, pd.DataFrame]:
    return {"calendar": pd.DataFrame([{"business_unit": str(case.unit["business_unit"])} | wave for wave in WAVES])}


def options(decision) -> dict:
    return decision.plan.choices.set_index("process")["option"].to_dict()


def test_a_lock_keeps_work_with_its_owner_and_has_a_price(alpha, decide):
    free, decision = decide(alpha), decide(lock(alpha, STAYS))
    assert options(free)["help_desk"] == "provider"
    assert options(decision)["help_desk"] == "shared"
    rules = pack.collect(decision)["tables"]["rules"].set_index("rule")
    priced = rules.loc[STAYS["lock"]]
    assert priced["drop_saving"] == pytest.approx(decision.plan.objective - free.plan.objective)
    assert priced["owner"] == "the board"
    assert priced["reason"] == "Help desk: only by own. So it was agreed."


def test_a_lock_is_said_on_the_page_with_what_it_costs_and_who_can_lift_it(alpha, decide):
    decision = decide(lock(alpha, STAYS))
    said = " ".join(pack.say_limits(decision))
    assert "'help desk stays with own staff' costs USD 2,500: without it Help desk and Payroll would be" in said
    shown = pack.show_rules(decision).html
    for words in ("help desk stays with own staff", "Help desk: only by own. So it was agreed.", "the board"):
        assert words in shown


def test_a_lock_to_an_option_and_one_to_a_delivery_model_hold(alpha, decide):
    to_option = lock(alpha, {"lock": "payroll goes to PayCo", "process": "payroll", "option": "provider"})
    assert options(decide(to_option))["payroll"] == "provider"
    no_move = {"lock": "nothing at another site", "kind": "never", "delivery_model": "onshore"}
    assert "shared" not in options(decide(lock(alpha, no_move))).values()


def test_a_lock_can_end_todays_delivery_which_no_veto_without_a_date_does(alpha, decide):
    decision = decide(lock(alpha, {"lock": "payroll leaves", "process": "payroll", "kind": "never", "option": "stay"}))
    assert options(decision)["payroll"] != "stay"
    assert decision.broken_rules["Keep as it is"] == ["payroll leaves"]


def test_everything_in_house_is_compared_whatever_locks_say_and_what_it_breaks_is_told(alpha, decide):
    decision = decide(lock(alpha, {"lock": "help desk at DeskCo", "process": "help_desk", "delivered_by": "DeskCo"}))
    assert decision.in_house is not None
    assert decision.broken_rules["Everything in-house"] == ["help desk at DeskCo"]


def test_a_process_does_not_start_before_its_wave_but_may_stay(alpha, decide):
    waves = with_waves(alpha)
    assert decide(alpha.replace(**waves)).plan.choices.set_index("process").at["help_desk", "wave"] == 1
    late = {"lock": "help desk not before wave 3", "process": "help_desk", "from_wave": 3}
    decision = decide(lock(alpha, late, **waves))
    assert decision.plan.choices.set_index("process").at["help_desk", "wave"] in (0, 3)
    open_waves = decision.alternatives.query("process == 'help_desk' and barred_by == ''")["wave"]
    assert set(open_waves) == {0, 3}


def test_a_start_is_forbidden_in_some_waves_only_where_the_lock_says_so(alpha, decide):
    rest = {"lock": "no provider in 2025", "kind": "never", "delivery_model": "outsource", "until_wave": 2}
    table = decide(lock(alpha, rest, **with_waves(alpha))).alternatives
    barred = table[table["barred_by"].str.contains("no provider in 2025")]
    assert set(barred["wave"]) == {1, 2}
    assert set(barred["delivery_model"]) == {"outsource"}


def test_where_no_plan_keeps_a_lock_the_reason_names_it(alpha):
    wanted = {"rule": "two go outside", "business_unit": "", "measure": "count", "where": "owner_type != 'own'"}
    rule = wanted | {"sense": ">=", "limit": 2.0, "priority": 0, "reason": "So it is.", "owner": "the head"}
    case = lock(alpha.replace(rules=pd.DataFrame([rule])), STAYS)
    with pytest.raises(InfeasiblePlanError) as stop:
        decide_unit(case)
    said = pack.say_refusal(stop.value)[0]
    assert "the lock 'help desk stays with own staff'" in said
    members = pack.list_clash_members(find_no_plan(case))
    asked = members.set_index("member").loc["What is barred for Help desk"]
    assert "Help desk: only by own" in asked["asks"]
    assert asked["owner"] == "the board"


def test_a_lock_of_all_units_holds_in_each_and_one_on_a_process_only_in_its_unit():
    about = {"reason": "So it was agreed.", "owner": "the board"}
    everywhere = {"lock": "nothing at a provider", "kind": "never", "delivery_model": "outsource"}
    case = Case(
        dict(load_case(TINY).tables)
        | {"locks": pd.DataFrame([about | STAYS, about | everywhere | {"until_wave": None}])}
    )
    assert case.select("alpha").locks["lock"].tolist() == [STAYS["lock"], "nothing at a provider"]
    assert case.select("beta").locks["lock"].tolist() == ["nothing at a provider"]


def test_the_engine_of_what_if_still_takes_its_own_lock(alpha, decide):
    decision = decide(lock(alpha, STAYS))
    assert decision.explanation.what_if({"lock": {"payroll": "stay"}}).change > 0
