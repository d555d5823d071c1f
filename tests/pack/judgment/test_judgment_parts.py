"""What a pack says of judgment: weights, questions, confidence, readiness, conflicts, the seal."""

from __future__ import annotations

import shutil

import pandas as pd
import pytest

from sourcing import load_case, pack
from sourcing.assess import load_questions
from sourcing.case import seal_case
from sourcing.decide import decide_unit
from tests.conftest import TINY


@pytest.fixture(scope="module")
def health(shipped):
    """Below the gate; comparisons, partners and scores of two assessors."""
    return shipped("health", judgment_draws=1000)


@pytest.fixture(scope="module")
def telecom(shipped):
    """An owner that competes with the unit, in a service that the unit sells."""
    return shipped("telecom", judgment_draws=1000)


def test_weights_are_shown_by_assessor_with_the_comparison_to_revisit(health):
    shown = pack.show_weights(health.judgment)
    assert "finance and strategy" in shown.html
    assert "compare again" in shown.html
    assert "best-worst" in shown.html
    weights = pack.list_weights(health.judgment).set_index("criterion")
    assert (weights["lowest"] <= weights["highest"]).all()
    assert weights.groupby("index")["weight"].sum().round(9).eq(1).all()


def test_a_closed_gate_is_said_on_page_one_and_no_new_outside_work_is_planned(health):
    limits = " ".join(pack.say_limits(health))
    assert "The gate is closed by" in limits
    chosen = health.plan.choices
    assert (chosen.loc[~chosen["is_as_is"].astype(bool), "owner_type"] == "own").all()
    parts = pack.show_situation(health.judgment).html
    for part in ("Keep.", "Improve.", "Road map."):
        assert part in parts
    assert "readiness gate" in pack.show_set_aside(health).html


def test_the_road_map_mends_first_and_moves_then(health):
    road = pack.list_road_map(health)
    assert road["kind"].drop_duplicates().tolist() == ["mend", "move"]
    assert road["step"].tolist() == list(range(1, len(road) + 1))


def test_the_card_of_a_process_says_how_sure_its_posture_is(health):
    sure = health.judgment.acceptability.confidence
    process = sure["confidence"].idxmin()
    said = pack.say_confidence(health.judgment, process)
    assert "of 1,000 draws" in said
    assert "standard error" in said
    assert said in pack.show_decisions(health).html.replace("&#39;", "'")
    unscored = sure.index[sure["posture"] == "unscored"]
    assert [pack.say_confidence(health.judgment, each) for each in unscored] == [""] * len(unscored)


def test_questions_reach_page_one(health):
    asks = " ".join(pack.say_asks(health))
    assert "contradictions in the scores answered" in asks
    assert "of the draws of weights and scores" in asks


def test_unscored_processes_and_settled_ones_are_folded(health):
    listed = pack.list_confidence(health.judgment)
    shown = pack.show_confidence(health.judgment).html
    assert shown.count("unsettled</span>") == listed["is_unsettled"].sum()


def test_conflicts_are_shown_and_a_sold_service_is_barred(telecom):
    shown = pack.show_conflicts(telecom.judgment, telecom.alternatives).html
    assert "sells the very service we sell" in shown
    assert "barred" in shown
    aside = pack.show_set_aside(telecom).html
    assert "The owner competes with the unit." in aside


def test_what_must_leave_by_a_date_is_listed(shipped):
    decision = shipped("manufacturing", judgment_draws=500)
    [row] = pack.list_exits(decision.judgment, decision.alternatives).to_dict("records")
    assert (row["process"], f"{row['exit_by']:%Y-%m-%d}") == ("servers", "2022-12-31")
    assert "2022-12-31" in pack.show_exits(decision.judgment, decision.alternatives).html


def test_what_nobody_answered_is_said(alpha, decide):
    judgment = decide(alpha).judgment
    assert "was not assessed" in pack.say_gate(judgment)
    assert "What would be asked" in pack.show_situation(judgment).html
    assert "were not sealed" in pack.say_seal(judgment)
    assert "No outside owner was scored" in pack.show_partners(judgment).html
    assert "could not be looked for" in pack.show_contradictions(judgment).html


def test_the_pack_says_when_it_was_sealed_and_what_changed(tmp_path):
    folder = shutil.copytree(TINY, tmp_path / "case")
    seal_case(folder)
    judgment = decide_unit(load_case(folder, "alpha")).judgment
    assert "Nothing of it has changed since." in pack.say_seal(judgment)
    moved = decide_unit(load_case(folder, "alpha"), core_threshold=0.6).judgment
    assert "1 item has changed since." in pack.say_seal(moved)
    assert "core threshold" in pack.show_seal(moved).html
    assert "when costs were there already (options, deals and handoff costs)" in pack.say_seal(moved)


def test_today_is_told_in_one_sentence_and_adds_up(alpha, decide):
    decision = decide(alpha)
    rows = pack.list_as_is(alpha, decision.alternatives)
    assert rows["share_of_cost"].sum() == pytest.approx(1)
    said = pack.say_as_is(alpha, rows)
    assert said == "3 processes, 38 full-time equivalents, USD 2.10 million a year; nothing is outside today."


def test_health_counts_rows_and_sources(alpha):
    health = pack.list_health(alpha).set_index("table")
    assert health.loc["scores", ["rows", "sourced"]].tolist() == [12, 1.0]
    assert health["filled"].dropna().between(0, 1).all()
    assert "Not used:" in pack.show_health(alpha).html


def test_charts_of_judgment_draw_what_their_tables_hold(health):
    charts, judgment = pack.judgment_charts, health.judgment
    drawn = [
        charts.posture_spread(pack.list_spread(judgment), judgment.policy),
        charts.posture_shares(pack.list_shares(judgment)),
        charts.weight_spread(pack.list_weights(judgment)),
        charts.readiness_answers(pack.list_situation(judgment), judgment.policy),
        charts.evidence_gaps(pack.list_gaps(judgment)),
    ]
    for chart in drawn:
        spec = chart.to_dict()
        assert spec["description"]
        assert spec["title"]
    shares = pack.list_shares(judgment).groupby("process_name")["share"].sum()
    assert shares.tolist() == pytest.approx([1.0] * len(shares))


def test_an_answer_between_two_anchors_names_both(alpha, decide):
    questions = load_questions()["question"]
    given = pd.DataFrame({"business_unit": "alpha", "question": questions, "assessor": "board", "score": 2.0})
    judgment = decide(alpha.replace(readiness=given)).judgment
    assert pack.list_situation(judgment)["means"].str.startswith("between: ").all()
