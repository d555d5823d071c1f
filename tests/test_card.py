"""What is typed at a prompt or in a cell says what it is, its figures and what is usual next, however it is named."""

import pytest

from sourcing import load_case
from sourcing.card import Card
from sourcing.decide import build_business_case, find_no_plan
from sourcing.program import draw_roadmap
from tests.conftest import TINY

HOSTILE = "</td><script>alert(1)</script>"


def test_a_decision_says_its_money_and_what_is_next(alpha, decide):
    """Today costs 4,200,000 in cash and the plan 3,895,000, as the case's README works out."""
    decision = decide(alpha)
    for told in ("moves 2 of 3 processes", "cash today USD 4,200,000", "cash with the plan USD 3,895,000"):
        assert told in repr(decision)
    assert repr(decision.plan).startswith(
        "<Plan: status optimal, processes 3, objective 3,930,000, gap 0.00%, limits 2"
    )
    assert "next</th><td><code>pack.show_answer(decision)</code>" in decision._repr_html_()


def test_a_case_names_its_units_and_no_folder_of_this_machine(alpha):
    assert "business units alpha, beta, processes 5" in repr(load_case(TINY))
    assert "next: decide.decide_unit(case)" in repr(alpha)
    assert str(TINY.parent) not in repr(alpha) + alpha._repr_html_()


def test_a_decision_business_case_and_road_map_stay_short(alpha, decide):
    decision = decide(alpha)
    for each in (decision, decision.judgment, decision.plan, build_business_case(decision), draw_roadmap(decision)):
        assert len(repr(each)) < 300
        assert len(each._repr_html_()) < 1500


def test_a_unit_without_a_plan_says_what_clashes(alpha):
    assert "clashes 1, repaired by changing Cash cost stays within the budget" in repr(
        find_no_plan(alpha, budget_share=0.5)
    )


@pytest.mark.parametrize("card", [Card(HOSTILE, {HOSTILE: HOSTILE}, HOSTILE)])
def test_a_card_escapes_what_it_is_told(card):
    assert "<script" not in card.html
    assert card.html.count("&lt;script&gt;") == 4


def test_a_unit_named_with_markup_is_escaped(alpha, decide):
    case = alpha.replace(units=alpha.units.assign(name=HOSTILE))
    assert "<script" not in decide(case)._repr_html_()
