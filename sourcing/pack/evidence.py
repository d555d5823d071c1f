"""The evidence of a decision pack: what stands behind its four pages, a chapter each, in the order of the spine."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sourcing import decide
from sourcing.pack import basis, deals, decision, judgment, roadmap, uncertainty
from sourcing.pack.parts import Parts, join_chapter, open_topic

if TYPE_CHECKING:
    import pandas as pd

    from sourcing.decide import BusinessCase, Decision
    from sourcing.program import Roadmap
    from sourcing.uncertainty import Study


def show_cards(decided: Decision) -> Parts:
    """Show each process with its reasons and options, and the unit as it is and as planned."""
    return join_chapter(
        decision.show_decisions(decided),
        open_topic(
            "As it is and as planned",
            decision.charts.headcount_states(decision.list_states(decided)),
            decision.show_states(decided),
            hint="What changes hands or place, and what does not.",
        ),
    )


def show_judgments(decided: Decision) -> Parts:
    """Show where each process stands, how sure that is, who judged it, and whether the unit is ready."""
    judged, case = decided.judgment, decided.case
    return join_chapter(
        open_topic(
            "Where each process stands",
            decision.charts.posture_map(judgment.list_postures(decided), decided.policy),
            judgment.show_postures(decided),
            hint=(
                "To the right, work that anyone can buy; to the top, work that makes the unit what it is. Posture "
                "says which owners fit; it does not decide on its own."
            ),
        ),
        open_topic(
            "How sure the postures are",
            judgment.charts.posture_shares(judgment.list_shares(judged)),
            judgment.show_confidence(judged),
            hint=(
                "Weights and scores are drawn many times within what the assessors gave or would defend. A posture "
                "that few draws keep is a matter of opinion: let money and risk decide there."
            ),
        ),
        open_topic(
            "Who weighed and scored, and how far they agree",
            judgment.show_contradictions(judged),
            judgment.show_evidence(judged),
            judgment.show_weights(judged),
            judgment.show_agreement(judged),
            judgment.show_criteria(case, decided.policy, is_folded=True),
            judgment.show_homes(),
        ),
        open_topic(
            "Is the unit ready to hand work to others?",
            judgment.show_situation(judged),
            judgment.show_road_map(decided),
            hint="Below the gate no new work goes to outside owners.",
        ),
    )


def show_accounts(business: BusinessCase) -> Parts:
    """Show the money line by line: limits, losses, the whole bridge, what each move is worth, the objective."""
    decided, currency = business.decision, business.currency
    limits = decision.list_limits(decided)
    return join_chapter(
        decision.show_scenarios(decided),
        decision.charts.scenario_limits(limits, "Cash cost", currency),
        decision.charts.scenario_limits(limits, "Expected loss", currency),
        open_topic(
            "What the expected loss is made of",
            decision.show_losses(decided),
            hint="Each cause counts what no line of cash holds.",
        ),
        open_topic(
            "Where the difference in cash comes from",
            decision.charts.cash_bridge(decision.list_bridge(decided), currency),
            hint="Every line that differs.",
        ),
        open_topic(
            "What each move is worth",
            deals.show_moves(business),
            decision.say_workbook(),
            hint="Against today's delivery, all moves together on top.",
        ),
        open_topic(
            "The objective, line by line",
            decision.show_lines(decided),
            hint="Each cause of money stands on one line; the lines add up.",
        ),
    )


def show_outside(business: BusinessCase) -> Parts:
    """Show the other side of every deal: negotiation, margins, contract forms, the right to leave, today's deals."""
    decided, currency = business.decision, business.currency
    sides = decide.list_contract_ranges(business)
    return join_chapter(
        open_topic(
            "What to ask for, deal by deal",
            deals.show_negotiations(business),
            hint=(
                "Left of the walk-away price the provider is better off without the deal; right of our turning price "
                "so are we. What lies between is what can be shared."
            ),
        ),
        open_topic(
            "What the other side earns",
            deals.show_providers(business),
            hint="A deal that starves the provider is unstable, however cheap.",
        ),
        open_topic(
            "Which contract form suits the largest deal",
            deals.show_contracts(business),
            deals.draw_or_say(deals.charts.contract_ranges, sides, "Buyer's cost", currency, empty="No deal to draw."),
            deals.draw_or_say(deals.charts.win_win_zone, business.zones, empty="No deal to draw."),
            deals.show_zone_edges(business),
            hint=(
                "Every form settled over the same outcomes, at the effort that pays the provider best and the price "
                "at which it would sign, beside the contract that specifies inputs."
            ),
        ),
        open_topic(
            "What the right to leave is worth",
            deals.show_breaks(business),
            hint="The buyer uses it where it pays; the provider prices it in.",
        ),
        open_topic(
            "Running contracts",
            basis.show_deals(decided),
            deals.show_running_breaks(business),
            hint="Leaving early costs the break fee or the minimum owed, whichever is less.",
        ),
        open_topic(
            "Uncertain figures behind ranges and contracts",
            deals.show_ranges(business),
        ),
    )


def show_promises(decided: Decision) -> Parts:
    """Show what is promised to customers, peaks and queues, jobs and customers by place."""
    return join_chapter(
        open_topic(
            "What is promised to customers",
            deals.show_services(decided),
            deals.draw_or_say(deals.charts.service_ladder, decide.list_ladder(decided), empty="No ladder to draw."),
            hint="What each promise asks of the processes under it.",
        ),
        open_topic(
            "Peaks and queues",
            deals.show_peaks(decided),
        ),
        open_topic(
            "Jobs and customers",
            deals.show_regions(decided),
        ),
    )


def show_limits(decided: Decision) -> Parts:
    """Show every rule and ban with its price, and what was set aside before optimizing, by whom."""
    judged, table = decided.judgment, decided.alternatives
    return join_chapter(
        decision.show_rules(decided),
        open_topic(
            "Set aside before optimizing",
            basis.show_set_aside(decided),
            hint=(
                "Vetoes and postures are not weights: what they bar never entered the choice. The gain is what "
                "lifting one bar alone could bring at most, no rule considered."
            ),
        ),
        open_topic("Owners in conflict", judgment.show_conflicts(judged, table)),
        open_topic("What must leave by a date", judgment.show_exits(judged, table)),
        open_topic("Outside owners as partners", judgment.show_partners(judged)),
    )


def show_other_plans(decided: Decision) -> Parts:
    """Show the scenarios that the case states, plans nearly as good, and what less risk costs."""
    currency = decided.case.unit["currency"]
    return join_chapter(
        decision.show_scenario_cards(decided),
        open_topic(
            "Plans nearly as good",
            decision.show_others(decided),
            hint="What stands in all of them is the stable core.",
        ),
        open_topic(
            "What less risk costs",
            decision.frontier.frontier_picker(decision.list_frontier_choices(decided), currency),
            decision.show_frontier(decided),
            hint=(
                "No efficient plan is beaten in both cash and expected loss by another. Pick a point to see what that "
                "plan decides; without a browser that draws, unfold it in the list."
            ),
        ),
    )


def show_outlook(study: Study) -> Parts:
    """Show what may come: chances, what to find out, what waiting costs, firmness, causes, stresses, caution."""
    return join_chapter(
        uncertainty.show_chances(study),
        open_topic(
            "What to find out first",
            uncertainty.show_information(study),
            hint="The most that knowing a figure before deciding is worth.",
        ),
        open_topic(
            "What waiting a wave costs",
            uncertainty.show_waiting(study),
        ),
        open_topic(
            "What the parties expect differently",
            uncertainty.show_gaps(study),
            hint="Ask who is right before the price is fixed.",
        ),
        open_topic(
            "Which decisions are firm",
            uncertainty.show_firmness(study),
            hint="The plan chosen again in futures whose figures were known.",
        ),
        open_topic(
            "What moves the saving, and when the plan fails",
            uncertainty.draw_causes(study),
            uncertainty.show_causes(study),
            uncertainty.show_failure(study),
        ),
        open_topic(
            "Under stress",
            uncertainty.show_stresses(study),
        ),
        open_topic(
            "What caution costs and buys",
            uncertainty.show_caution(study),
        ),
        open_topic(
            "Beside published figures",
            uncertainty.show_class(study),
            hint="A case far outside has something to explain.",
        ),
    )


def show_program(drawn: Roadmap) -> Parts:
    """Show the plan placed in time: moves, load, people, cash, order, signatures, governance, what is next."""
    return join_chapter(
        roadmap.draw_as_is_to_be(drawn),
        roadmap.draw_gantt(drawn),
        roadmap.show_program_moves(drawn),
        open_topic(
            "What it asks of our own people",
            roadmap.draw_load(drawn),
            roadmap.show_waves(drawn),
            roadmap.show_people(drawn),
            roadmap.show_workforce(drawn),
        ),
        open_topic(
            "What is spent once",
            roadmap.draw_one_off(drawn),
        ),
        open_topic(
            "What the order is worth",
            roadmap.show_order_worth(drawn),
        ),
        open_topic(
            "Who has to agree first, and what was agreed for afterwards",
            roadmap.show_signoffs(drawn),
            roadmap.show_governance(drawn),
        ),
        open_topic(
            "Keep, improve, move, and who decides next",
            roadmap.show_readout(drawn),
        ),
    )


def show_foundations(register: pd.DataFrame, decided: Decision) -> Parts:
    """Show what to ask before relying on the plan, assumptions, odd entries, published figures and the certificate."""
    return join_chapter(
        open_topic(
            "What to ask before relying on it",
            decision.show_questions(decided),
            hint="Figures and moves that can be right but rarely are; they were taken as they stand.",
        ),
        open_topic(
            "What has to be known first",
            roadmap.show_register(register, decided),
            hint="What nobody stated is taken as documented.",
        ),
        open_topic(
            "Frame and levers",
            basis.show_assumptions(decided),
        ),
        open_topic(
            "What looks odd in the data",
            basis.show_oddities(decided.case),
        ),
        open_topic(
            "Figures that are not the unit's own",
            basis.show_figures(decided),
            hint="Where the case left a cell empty.",
        ),
        open_topic(
            "Certificate",
            basis.show_certificate(decided),
        ),
    )
