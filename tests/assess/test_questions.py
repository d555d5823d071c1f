"""Evidence beside opinion, contradictions, conflicts of interest, partners and the readiness gate."""

from __future__ import annotations

import pandas as pd
import pytest

from sourcing import Case, Policy
from sourcing.assess import (
    assess_situation,
    bar_conflicts,
    bar_options,
    bar_transfers,
    find_contradictions,
    list_conflicts,
    list_late_steps,
    list_unasked,
    load_homes,
    load_questions,
    propose_scores,
    rate_partners,
    score_indices,
    score_partners,
    weigh_conflicts,
)
from sourcing.case import load_reference
from sourcing.case.filling.generate import load_criteria
from sourcing.case.filling.market import KINDS, look_up_evidence
from sourcing.errors import InputError
from sourcing.value import build_alternatives


def change(case: Case, **tables: pd.DataFrame) -> Case:
    return case.replace(**tables)


def scored(alpha: Case, **points: dict[str, float]) -> Case:
    """Alpha with the default criteria, each process scored as given."""
    rows = [
        {"business_unit": "alpha", "process": process, "criterion": criterion, "assessor": role, "score": score,
         "evidence": "seen"}
        for process, own in points.items() for criterion, score in own.items() for role in ("finance",)
    ]  # fmt: skip
    return change(alpha, criteria=load_criteria(), scores=pd.DataFrame(rows))


def ask(case: Case, policy: Policy | None = None) -> pd.DataFrame:
    return find_contradictions(case, score_indices(case), policy or Policy())


# evidence


def test_evidence_is_the_share_of_occupations_that_show_less():
    occupations = load_reference("occupations").set_index("soc")["routineness"].dropna()
    found = look_up_evidence("routineness", "43-3051", "")
    below, same = (occupations < found.figure.value).sum(), (occupations == found.figure.value).sum()
    assert found.point == pytest.approx((below + same / 2) / len(occupations))
    assert "O*NET" in found.figure.source


def test_a_concentrated_market_proposes_a_low_score_of_the_supplier_market():
    markets = load_reference("service_markets").query("actions >= 5").sort_values("hhi")
    open_market, closed = (
        look_up_evidence("market_concentration", "", code) for code in markets["service_code"].iloc[[0, -1]]
    )
    assert open_market.point > 0.95
    assert closed.point < 0.5


@pytest.mark.parametrize("kind", KINDS)
def test_evidence_of_no_code_is_refused(kind):
    with pytest.raises(InputError, match="needs an occupation or service code"):
        look_up_evidence(kind, "", "")


def test_evidence_stands_beside_the_score_and_the_gap_is_flagged(alpha):
    processes = alpha.processes.assign(occupation="43-3051 Payroll and Timekeeping Clerks", service_code="R703")
    case = change(scored(alpha, payroll={"routineness": 1, "supplier_market": 5}), processes=processes)
    found = propose_scores(case, Policy()).query("process == 'payroll'").set_index("criterion")
    routine = found.loc["routineness"]
    proposed = look_up_evidence("routineness", "43-3051", "").point
    assert routine["proposed"] == pytest.approx(1 + 4 * proposed)
    assert (routine["score"], routine["gap"], bool(routine["is_apart"])) == (1.0, pytest.approx(-proposed), True)
    assert found["source"].str.len().gt(0).all()
    assert score_indices(case).query("process == 'payroll' and index == 'commoditization'")["value"].item() < 1, (
        "nothing is replaced"
    )


def test_evidence_for_a_criterion_that_runs_down_is_turned(alpha):
    criteria = load_criteria()
    criteria.loc[criteria["criterion"] == "routineness", "direction"] = "down"
    processes = alpha.processes.assign(occupation="43-3051")
    case = change(scored(alpha, payroll={"routineness": 2}), criteria=criteria, processes=processes)
    row = propose_scores(case, Policy()).query("process == 'payroll' and criterion == 'routineness'").iloc[0]
    assert row["proposed"] == pytest.approx(5 - 4 * look_up_evidence("routineness", "43-3051", "").point)
    assert row["point"] == 0.75


# contradictions


CORE = {"customer_value": 5, "rarity": 5, "hard_to_imitate": 5, "embeddedness": 5}


@pytest.mark.parametrize(
    ("points", "contradiction"),
    [
        ({**CORE, "standard_exists": 5}, "core but standardized"),
        ({"rarity": 5, "supplier_market": 4}, "unique but many suppliers"),
        ({"documentation": 1, "measurability": 5}, "undocumented but ready"),
    ],
)
def test_answers_that_do_not_go_together_are_put_as_a_question(alpha, points, contradiction):
    found = ask(scored(alpha, payroll=points))
    assert contradiction in set(found["contradiction"])
    row = found[found["contradiction"] == contradiction].iloc[0]
    assert (row["process"], row["asked"]) == ("payroll", "finance")
    assert row["question"].endswith(("?", "bought."))


def test_answers_that_go_together_raise_no_question(alpha):
    calm = {"standard_exists": 3, "rarity": 5, "supplier_market": 1, "documentation": 5, "measurability": 5}
    assert ask(scored(alpha, payroll=calm)).empty


def test_customers_are_said_to_value_what_none_of_them_meets(alpha):
    contact = alpha.processes.assign(customer_contact_share=[0.5, 0.0, 0.5])
    case = change(scored(alpha, **{name: {"customer_value": 5} for name in contact["process"]}), processes=contact)
    found = ask(case).query("contradiction == 'little contact but valued by customers'")
    assert found["process"].tolist() == [contact["process"].iloc[1]]
    assert ask(change(case, processes=contact.assign(customer_contact_share=0.0))).empty, "no contact is told at all"


def test_a_score_that_moved_is_asked_about_only_without_evidence(alpha):
    scores = alpha.scores.assign(earlier_score=alpha.scores["score"], evidence="")
    scores.loc[0, "earlier_score"] = 1.0 if scores.loc[0, "score"] > 3 else 5.0
    found = ask(change(alpha, scores=scores)).query("contradiction == 'moved without evidence'")
    assert found["asked"].tolist() == [scores.loc[0, "assessor"]]
    scores.loc[0, "evidence"] = "new package bought"
    assert ask(change(alpha, scores=scores)).query("contradiction == 'moved without evidence'").empty


def test_an_assessor_at_the_end_of_the_scale_is_asked(alpha):
    criteria = load_criteria()
    names = criteria.query("index == 'commoditization'")["criterion"]
    points = {name: dict.fromkeys(names, 5) for name in alpha.processes["process"]}
    found = ask(scored(alpha, **points)).query("contradiction == 'always at the end of the scale'")
    assert found["asked"].tolist() == ["finance"]
    assert "100%" in found["says"].item()


def test_comparisons_that_contradict_are_asked_about_by_the_limit_of_policy(alpha):
    criteria = pd.concat(
        [alpha.criteria, *(alpha.criteria.iloc[[0]].assign(criterion=name, name=name) for name in ("market", "tools"))]
    )
    pairs = pd.DataFrame({
        "business_unit": "", "assessor": "finance", "criterion_a": ["commodity", "market", "tools"],
        "criterion_b": ["market", "tools", "commodity"], "ratio": [2.0, 2.0, 2.0],
    })  # fmt: skip
    case = change(alpha, criteria=criteria, pairwise=pairs)
    found = ask(case).query("contradiction == 'comparisons that contradict one another'")
    assert len(found) == 1
    assert ask(case, Policy(consistency_limit=0.5)).empty
    assert "imply" in found["question"].item()


def test_what_could_not_be_asked_is_listed(alpha):
    lacking = list_unasked(alpha).set_index("contradiction")["lacking"]
    assert lacking["unique but many suppliers"] == "rarity, supplier_market"
    full = scored(alpha, payroll={"rarity": 1, "supplier_market": 1, "documentation": 1, "customer_value": 1})
    assert list_unasked(full)["contradiction"].tolist() == ["moved without evidence"]


# conflicts of interest


def offers_of(case: Case) -> pd.DataFrame:
    options = case.options.merge(case.processes[["process", "as_is_option"]], on="process")
    return options.assign(is_as_is=options["option"] == options["as_is_option"], go_live_months=3.0)


def with_provider(case: Case, provider: str, **flags: object) -> Case:
    row = {"business_unit": case.unit["business_unit"], "provider": provider, **flags}
    return change(case, providers=pd.DataFrame([row]))


def test_a_competitor_weighs_on_any_process_and_most_where_we_sell_the_service(alpha):
    case = with_provider(alpha, "DeskCo", competes_with_us=True)
    offers = offers_of(case)
    assert weigh_conflicts(case, offers)["conflict"][offers["owner"] == "DeskCo"].tolist() == [1.0]
    sold = change(case, processes=case.processes.assign(sold_to_customers=True))
    assert weigh_conflicts(sold, offers)["conflict"][offers["owner"] == "DeskCo"].tolist() == [2.0]
    assert weigh_conflicts(sold, offers)["conflict"][offers["owner"] != "DeskCo"].eq(0).all()


@pytest.mark.parametrize(
    ("how", "is_sold", "barred"),
    [("bar", False, True), ("bar_if_sold", False, False), ("bar_if_sold", True, True), ("price", True, False)],
)
def test_policy_says_whether_a_competitor_is_barred_or_priced(alpha, how, is_sold, barred):
    case = with_provider(alpha, "DeskCo", competes_with_us=True)
    case = change(case, processes=case.processes.assign(sold_to_customers=is_sold))
    policy, offers = Policy(competitor_conflict=how), offers_of(case)
    bars = bar_conflicts(case, offers, policy)
    assert (bars[offers["owner"] == "DeskCo"] != "").tolist() == [barred]
    listed = list_conflicts(case, offers, policy)
    assert listed["treatment"].tolist() == ["barred" if barred else "shown, at no price"]


def test_who_serves_a_rival_is_barred_from_customer_data_only(alpha):
    case = with_provider(alpha, "PayCo", serves_rival=True)
    offers = offers_of(case)
    assert bar_conflicts(case, offers, Policy()).eq("").all(), "payroll holds no data of customers"
    held = case.processes.assign(holds_customer_data=True)
    found = bar_conflicts(change(case, processes=held), offers, Policy())
    assert found[offers["owner"] == "PayCo"].tolist() == ["conflict: serves a rival"]
    assert bar_conflicts(change(case, processes=held), offers, Policy(rival_conflict="price")).eq("").all()


def test_work_held_in_conflict_stays_until_its_date_and_is_never_stranded(beta):
    processes = beta.processes.assign(sold_to_customers=True)
    case = change(with_provider(beta, "BillCo", competes_with_us=True), processes=processes)
    offers = offers_of(case)
    today = (offers["owner"] == "BillCo") & offers["is_as_is"]
    assert bar_conflicts(case, offers, Policy())[today].tolist() == [""]
    assert list_conflicts(case, offers, Policy())["treatment"].tolist() == ["stays: no exit date is set"]
    dated = with_provider(case, "BillCo", competes_with_us=True, conflict_exit_by=pd.Timestamp("2025-09-30"))
    assert bar_conflicts(dated, offers, Policy())[today].tolist() == ["conflict: competes with us"]
    late = offers.assign(go_live_months=offers["go_live_months"] + 9)
    others = (late["process"] == "billing") & ~today
    assert bar_conflicts(dated, late, Policy())[others].str.endswith("live only after its exit date").all()
    beyond = with_provider(case, "BillCo", competes_with_us=True, conflict_exit_by=pd.Timestamp("2031-01-01"))
    assert bar_conflicts(beyond, offers, Policy())[today].tolist() == [""]


def test_a_priced_conflict_stands_on_its_own_line(alpha, decide):
    case = with_provider(alpha, "DeskCo", competes_with_us=True)
    free = decide(case).alternatives.set_index(["process", "option"])
    priced = decide(case, competitor_conflict="price", price_of_conflict=5000).alternatives.set_index(
        ["process", "option"]
    )
    desk = ("help_desk", "provider")
    assert priced.loc[desk, "cost_conflict"] == 20 * 5000
    assert priced.loc[desk, "cost"] - free.loc[desk, "cost"] == pytest.approx(100_000)
    assert priced.loc[desk, "cash_cost"] == free.loc[desk, "cash_cost"]
    assert priced["conflict_points"].sum() == 20


# partners


def partner_scores(case: Case, **points: float) -> Case:
    rows = [
        {"business_unit": "alpha", "provider": "PayCo", "criterion": name, "assessor": role, "score": score}
        for name, score in points.items() for role in ("it", "finance")
    ]  # fmt: skip
    criteria = pd.concat([case.criteria, load_criteria().query("index == 'partnership'")])
    return change(case, criteria=criteria, provider_scores=pd.DataFrame(rows))


def test_an_owner_is_scored_as_a_partner_and_own_staff_is_one(alpha):
    full = dict.fromkeys(load_criteria().query("index == 'partnership'")["criterion"], 4.0) | {"behavior": 1.0}
    case = partner_scores(alpha, **full)
    [row] = score_partners(case, Policy()).to_dict("records")
    assert (row["provider"], row["partnership"], row["coverage"]) == ("PayCo", pytest.approx(0.75 * 0.8), 1.0)
    assert row["weakest"] == "Behaves as a partner"
    rated = rate_partners(case, offers_of(case), Policy())
    offers = offers_of(case)
    assert rated[offers["owner"] == "own"].eq(1).all()
    assert rated[offers["owner"] == "DeskCo"].isna().all()


def test_partnership_can_be_priced_floored_and_used_in_a_rule(alpha, decide):
    case = partner_scores(alpha, **dict.fromkeys(load_criteria().query("index == 'partnership'")["criterion"], 2.0))
    priced = decide(case, price_of_partnership=1000).alternatives.set_index(["process", "option"])
    assert priced.loc[("payroll", "provider"), "cost_partnership"] == pytest.approx(-1000 * 10 * (2 * 0.25 - 1))
    assert priced.loc[("help_desk", "provider"), "cost_partnership"] == 0, "nobody scored DeskCo"
    floored = decide(case, partnership_floor=0.5).alternatives.set_index(["process", "option"])["barred_by"]
    assert floored[("payroll", "provider")] == "partnership"
    assert floored[("payroll", "shared")] == ""
    rule = alpha.rules.iloc[[0]].assign(
        rule="partners only", measure="partnership_points", where="", sense=">=", limit=0.0
    )
    assert decide(change(case, rules=rule)).plan.rules["used"].tolist() == [0.0]


# the readiness gate


def answers(scores: dict[str, float], **more: object) -> pd.DataFrame:
    return pd.DataFrame(
        [{"business_unit": "alpha", "question": name, "assessor": "board", "score": score, **more}
         for name, score in scores.items()]
    )  # fmt: skip


ALL = list(load_questions()["question"])


def test_a_unit_above_the_gate_goes_on_and_one_below_takes_no_new_outside_work(alpha, decide):
    ready = change(alpha, readiness=answers(dict.fromkeys(ALL, 4.0)))
    assert assess_situation(ready, Policy()).is_open
    assert decide(ready).plan.choices["owner_type"].eq("provider").any()
    low = change(alpha, readiness=answers(dict.fromkeys(ALL, 2.0)))
    found, plan = assess_situation(low, Policy()), decide(low).plan
    assert (found.is_open, found.index) == (False, 0.25)
    assert plan.choices["owner_type"].eq("own").all()
    assert "readiness gate" in set(decide(low).alternatives["barred_by"])


def test_commitment_and_purpose_must_each_be_met(alpha):
    for must in ("executive_commitment", "purpose_beyond_cost"):
        scores = dict.fromkeys(ALL, 5.0) | {must: 2.0}
        found = assess_situation(change(alpha, readiness=answers(scores)), Policy())
        assert not found.is_open
        assert found.road_map.loc[0, "opens_gate"]
        assert found.road_map["opens_gate"].sum() == 1
    missing = {name: 5.0 for name in ALL if name != "executive_commitment"}
    assert not assess_situation(change(alpha, readiness=answers(missing)), Policy()).is_open


def test_without_answers_the_gate_is_open_and_that_is_said(alpha):
    found = assess_situation(alpha, Policy())
    assert (found.is_assessed, found.is_open, len(found.road_map)) == (False, True, 0)


def test_work_that_is_outside_already_stays_with_its_owner_below_the_gate(beta):
    low = answers(dict.fromkeys(ALL, 1.0)).assign(business_unit="beta")
    case = change(beta, readiness=low)
    offers = offers_of(case)
    barred = bar_transfers(case, offers, Policy())
    today = offers["is_as_is"]
    assert barred[today].eq("").all()
    assert barred[(offers["owner"] == "CollectCo")].tolist() == ["readiness gate"]
    assert barred[offers["owner_type"] == "own"].eq("").all()


def test_what_is_done_by_whom_and_when_comes_from_the_table_and_overdue_steps_are_told(alpha):
    scores = {"program_office": 1.0, "executive_commitment": 5.0, "purpose_beyond_cost": 5.0}
    told = {"action": "An office is set up.", "owner": "chief operating officer", "due": pd.Timestamp("2024-05-01")}
    given = answers(scores, **told)
    case = change(alpha, readiness=given)
    found = assess_situation(case, Policy())
    step = found.road_map.iloc[0]
    assert (step["action"], step["owner"]) == ("An office is set up.", "chief operating officer")
    assert list_late_steps(found, case)["question"].tolist() == ["Program office"]
    assert set(found.answers["standing"]) == {"keep", "mend first", "not answered"}


def test_assessors_of_readiness_are_averaged_and_their_spread_is_shown(alpha):
    two = pd.concat([answers(dict.fromkeys(ALL, 5.0)), answers(dict.fromkeys(ALL, 3.0)).assign(assessor="staff")])
    found = assess_situation(change(alpha, readiness=two), Policy())
    assert (found.index, found.answers["spread"].unique().tolist()) == (0.75, [0.5])


# homes


def test_each_driver_has_one_home_and_every_home_is_there():
    homes, criteria = load_homes(), load_criteria().set_index("criterion")
    assert homes["home"].is_unique
    assert homes["driver"].is_unique
    from sourcing.case import supplied_tables

    for home, kind in zip(homes["home"], homes["kind"], strict=True):
        if "." in home:
            table, column = home.split(".")
            assert column in supplied_tables()[table].columns
        else:
            assert criteria.loc[home, "index"] == kind
    assert criteria.index.is_unique


def test_criticality_never_enters_core_fit(alpha):
    scores = alpha.scores
    low = score_indices(
        change(alpha, scores=scores.assign(score=scores["score"].mask(scores["criterion"] == "critical", 1.0)))
    )
    high = score_indices(
        change(alpha, scores=scores.assign(score=scores["score"].mask(scores["criterion"] == "critical", 5.0)))
    )
    core = [frame.query("index == 'core_competency'")["value"].tolist() for frame in (low, high)]
    assert core[0] == core[1]
    assert (
        low.query("index == 'criticality'")["value"].tolist() != high.query("index == 'criticality'")["value"].tolist()
    )


def test_an_exit_date_of_a_veto_still_bars_what_comes_too_late(beta):
    veto = beta.vetoes.assign(is_abroad=None, owner_type="provider", exit_by=pd.Timestamp("2025-06-30"))
    case = change(beta, vetoes=veto)
    offers = offers_of(case).assign(is_abroad=False, go_live_months=[0.0, 9.0, 3.0, 0.0, 0.0][: len(beta.options)])
    barred = bar_options(case, offers).set_axis(offers["process"] + " " + offers["option"])
    assert barred["billing incumbent"] == "personal_data_stays"
    assert (barred.str.endswith("live only after its exit date")).any()


def test_alternatives_carry_partnership_and_conflict_for_rules(alpha, decide):
    decision = decide(alpha)
    built = build_alternatives(alpha, decision.judgment.postures, decision.policy, decision.outlook)
    assert {"partnership", "partnership_points", "conflict_points"} <= set(built)
    assert built.loc[built["owner_type"] == "own", "partnership"].eq(1).all()
