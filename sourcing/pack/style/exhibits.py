"""Every chart of the suite on one unit, each with the question that it answers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from sourcing.decide import build_business_case, decide_unit, list_cash_ranges, list_contract_ranges, list_ladder
from sourcing.pack.deals import charts as deal_charts
from sourcing.pack.deals import list_negotiations
from sourcing.pack.decision import (
    charts,
    frontier,
    list_bridge,
    list_frontier_choices,
    list_limits,
    list_states,
)
from sourcing.pack.judgment import charts as judgment_charts
from sourcing.pack.judgment import list_gaps, list_postures, list_shares, list_situation, list_spread, list_weights
from sourcing.pack.portfolio import draw_group_load, draw_map, draw_owners, draw_units
from sourcing.pack.program import draw_benefits, draw_causes_of_change, draw_leakage
from sourcing.pack.roadmap import (
    draw_as_is_to_be,
    draw_cash_curve,
    draw_gantt,
    draw_load,
    draw_one_off,
    draw_people,
)
from sourcing.pack.uncertainty import draw_causes, draw_caution, draw_saving
from sourcing.portfolio import decide_group
from sourcing.program import compare_decisions, draw_roadmap, find_ledger
from sourcing.uncertainty import study_unit

if TYPE_CHECKING:
    from sourcing.case import Case

QUESTIONS = {
    "posture_map": "Which owners suit which process?",
    "headcount_states": "Who does the work today, and who will?",
    "cash_bridge": "Where does the difference in cash come from?",
    "scenario_limits": "How does the plan lie to its limits, and to what else could be done?",
    "frontier_picker": "What does less risk cost?",
    "index_map": "How does each process score?",
    "posture_spread": "How far may judgment shift each process?",
    "posture_shares": "How sure is each posture?",
    "weight_spread": "What does each criterion weigh, and do assessors agree?",
    "readiness_answers": "Is the unit ready to hand work to others?",
    "evidence_gaps": "Where do opinion and published figures differ most?",
    "cash_ranges": "What is paid in each year, and how sure is it?",
    "contract_ranges": "Which contract form suits the largest deal?",
    "win_win_zone": "Which terms leave both sides better off?",
    "negotiation_prices": "What is there to ask for, deal by deal?",
    "service_ladder": "Are promises to customers kept?",
    "as_is_to_be": "What goes from where to where?",
    "gantt": "What moves when?",
    "load_by_quarter": "Are there enough own experts?",
    "people_by_place": "Where do people work, quarter by quarter?",
    "cash_curve": "How much is out, and when is it back?",
    "one_off_by_quarter": "When is one-off money spent?",
    "saving_spread": "How often does the plan save how much?",
    "cause_tornado": "What moves the saving most?",
    "caution_curve": "What does caution cost, and what does it buy?",
    "leakage_waterfall": "Why did the cost come otherwise than promised?",
    "benefit_curve": "Does the benefit come as promised?",
    "decision_map": "Which unit delivers which process how?",
    "unit_savings": "Which unit saves most, alone and together?",
    "owner_shares": "How much hangs on each owner in the group?",
    "group_load": "Are there enough own experts in the group?",
    "causes_of_change": "Which change between two runs moved the objective?",
}
"""Chart function -> what a reader asks of it; in the order of a pack, then of the notebooks."""
LOOSER = 1.5
"""How many times its limits a run has that the shown one is compared with."""


class Exhibit(NamedTuple):
    """A chart by the name of its function, what it is for, and the chart itself."""

    name: str
    question: str
    chart: Any


def draw_exhibits(case: Case, simple: Case, group: Case) -> list[Exhibit]:
    """Draw every chart of the suite.

    Parameters
    ----------
    case : Case
        One unit that has what every chart asks for: services, actuals, deals, weights.
    simple : Case
        One unit with rules, that is decided twice and compared.
    group : Case
        Several units that are decided together.

    Returns
    -------
    list of Exhibit
        In the order of QUESTIONS.
    """
    drawn = {**_draw_decision(case), **_draw_comparison(simple), **_draw_group(group)}
    return [Exhibit(name, question, drawn[name]) for name, question in QUESTIONS.items()]


def _draw_decision(case: Case) -> dict[str, Any]:
    decision, currency = decide_unit(case), str(case.unit["currency"])
    judgment, policy = decision.judgment, decision.policy
    business, study, roadmap = build_business_case(decision), study_unit(decision), draw_roadmap(decision)
    ledger = find_ledger("", decision)
    return {
        "posture_map": charts.posture_map(list_postures(decision), policy),
        "headcount_states": charts.headcount_states(list_states(decision)),
        "cash_bridge": charts.cash_bridge(list_bridge(decision), currency),
        "scenario_limits": charts.scenario_limits(list_limits(decision), "Cash cost", currency),
        "frontier_picker": frontier.frontier_picker(list_frontier_choices(decision), currency),
        "index_map": charts.index_map(judgment.indices, case.processes),
        "posture_spread": judgment_charts.posture_spread(list_spread(judgment), policy),
        "posture_shares": judgment_charts.posture_shares(list_shares(judgment)),
        "weight_spread": judgment_charts.weight_spread(list_weights(judgment)),
        "readiness_answers": judgment_charts.readiness_answers(list_situation(judgment), policy),
        "evidence_gaps": judgment_charts.evidence_gaps(list_gaps(judgment)),
        "cash_ranges": deal_charts.cash_ranges(list_cash_ranges(business), currency),
        "contract_ranges": deal_charts.contract_ranges(list_contract_ranges(business), "Buyer's cost", currency),
        "win_win_zone": deal_charts.win_win_zone(business.zones),
        "negotiation_prices": deal_charts.negotiation_prices(list_negotiations(business), currency),
        "service_ladder": deal_charts.service_ladder(list_ladder(decision)),
        "as_is_to_be": draw_as_is_to_be(roadmap),
        "gantt": draw_gantt(roadmap),
        "load_by_quarter": draw_load(roadmap),
        "people_by_place": draw_people(roadmap),
        "cash_curve": draw_cash_curve(roadmap),
        "one_off_by_quarter": draw_one_off(roadmap),
        "saving_spread": draw_saving(study),
        "cause_tornado": draw_causes(study),
        "caution_curve": draw_caution(study),
        "leakage_waterfall": draw_leakage(ledger),
        "benefit_curve": draw_benefits(ledger),
    }


def _draw_comparison(case: Case) -> dict[str, Any]:
    looser = case.replace(rules=case.rules.assign(limit=LOOSER * case.rules["limit"]))
    return {"causes_of_change": draw_causes_of_change(compare_decisions(decide_unit(case), decide_unit(looser)))}


def _draw_group(case: Case) -> dict[str, Any]:
    decision = decide_group(case)
    return {
        "decision_map": draw_map(decision),
        "unit_savings": draw_units(decision),
        "owner_shares": draw_owners(decision),
        "group_load": draw_group_load(decision),
    }
