"""The evidence of a decision pack: what stands behind its four pages, a chapter each, in the order of the spine."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sourcing import decide
from sourcing.pack import basis, deals, decision, judgment, roadmap, uncertainty
from sourcing.pack.parts import Parts, head_block, join_parts

if TYPE_CHECKING:
    import pandas as pd

    from sourcing.decide import BusinessCase, Decision
    from sourcing.program import Roadmap
    from sourcing.uncertainty import Study


def show_cards(decided: Decision) -> Parts:
    """Show each process with its reasons and options, and the unit as it is and as planned."""
    return join_parts(
        decision.show_decisions(decided),
        head_block("As it is and as planned", "What changes hands or place, and what does not."),
        decision.charts.headcount_states(decision.list_states(decided)),
        decision.show_states(decided),
    )


def show_judgments(decided: Decision) -> Parts:
    """Show where each process stands, how sure that is, who judged it, and whether the unit is ready."""
    judged, case = decided.judgment, decided.case
    return join_parts(
        head_block(
            "Where each process stands",
            "To the right, work that anyone can buy; to the top, work that makes the unit what it is. Posture says "
            "which owners fit; it does not decide on its own.",
        ),
        decision.charts.posture_map(judgment.list_postures(decided), decided.policy),
        judgment.show_postures(decided),
        head_block(
            "How sure the postures are",
            "Weights and scores are drawn many times within what the assessors gave or would defend. A posture that "
            "few draws keep is a matter of opinion: let money and risk decide there.",
        ),
        judgment.charts.posture_shares(judgment.list_shares(judged)),
        judgment.show_confidence(judged),
        head_block("Who weighed and scored, and how far they agree"),
        judgment.show_contradictions(judged),
        judgment.show_evidence(judged),
        judgment.show_weights(judged),
        judgment.show_agreement(judged),
        judgment.show_criteria(case, decided.policy, is_folded=True),
        judgment.show_homes(),
        head_block("Is the unit ready to hand work to others?", "Below the gate no new work goes to outside owners."),
        judgment.show_situation(judged),
        judgment.show_road_map(decided),
    )


def show_accounts(business: BusinessCase) -> Parts:
    """Show the money line by line: limits, losses, the whole bridge, what each move is worth, the objective."""
    decided, currency = business.decision, business.currency
    limits = decision.list_limits(decided)
    return join_parts(
        decision.show_scenarios(decided),
        decision.charts.scenario_limits(limits, "Cash cost", currency),
        decision.charts.scenario_limits(limits, "Expected loss", currency),
        head_block("What the expected loss is made of", "Each cause counts what no line of cash holds."),
        decision.show_losses(decided),
        head_block("Where the difference in cash comes from", "Every line that differs."),
        decision.charts.cash_bridge(decision.list_bridge(decided), currency),
        head_block("What each move is worth", "Against today's delivery, all moves together on top."),
        deals.show_moves(business),
        decision.say_workbook(),
        head_block("The objective, line by line", "Each cause of money stands on one line; the lines add up."),
        decision.show_lines(decided),
    )


def show_outside(business: BusinessCase) -> Parts:
    """Show the other side of every deal: negotiation, margins, contract forms, the right to leave, today's deals."""
    decided, currency = business.decision, business.currency
    sides = decide.list_contract_ranges(business)
    return join_parts(
        head_block(
            "What to ask for, deal by deal",
            "Left of the walk-away price the provider is better off without the deal; right of our turning price so "
            "are we. What lies between is what can be shared.",
        ),
        deals.show_negotiations(business),
        head_block("What the other side earns", "A deal that starves the provider is unstable, however cheap."),
        deals.show_providers(business),
        head_block(
            "Which contract form suits the largest deal",
            "Every form settled over the same outcomes, at the effort that pays the provider best and the price at "
            "which it would sign, beside the contract that specifies inputs.",
        ),
        deals.show_contracts(business),
        deals.draw_or_say(deals.charts.contract_ranges, sides, "Buyer's cost", currency, empty="No deal to draw."),
        deals.draw_or_say(deals.charts.win_win_zone, business.zones, empty="No deal to draw."),
        deals.show_zone_edges(business),
        head_block("What the right to leave is worth", "The buyer uses it where it pays; the provider prices it in."),
        deals.show_breaks(business),
        head_block("Running contracts", "Leaving early costs the break fee or the minimum owed, whichever is less."),
        basis.show_deals(decided),
        deals.show_running_breaks(business),
        head_block("Uncertain figures behind ranges and contracts"),
        deals.show_ranges(business),
    )


def show_promises(decided: Decision) -> Parts:
    """Show what is promised to customers, peaks and queues, jobs and customers by place."""
    return join_parts(
        head_block("What is promised to customers", "What each promise asks of the processes under it."),
        deals.show_services(decided),
        deals.draw_or_say(deals.charts.service_ladder, decide.list_ladder(decided), empty="No ladder to draw."),
        head_block("Peaks and queues"),
        deals.show_peaks(decided),
        head_block("Jobs and customers"),
        deals.show_regions(decided),
    )


def show_limits(decided: Decision) -> Parts:
    """Show every rule and ban with its price, and what was set aside before optimizing, by whom."""
    judged, table = decided.judgment, decided.alternatives
    return join_parts(
        decision.show_rules(decided),
        head_block(
            "Set aside before optimizing",
            "Vetoes and postures are not weights: what they bar never entered the choice. The gain is what lifting "
            "one bar alone could bring at most, no rule considered.",
        ),
        basis.show_set_aside(decided),
        head_block("Owners in conflict, and what must leave by a date"),
        judgment.show_conflicts(judged, table),
        judgment.show_exits(judged, table),
        judgment.show_partners(judged),
    )


def show_other_plans(decided: Decision) -> Parts:
    """Show the scenarios that the case states, plans nearly as good, and what less risk costs."""
    currency = decided.case.unit["currency"]
    return join_parts(
        decision.show_scenario_cards(decided),
        head_block("Plans nearly as good", "What stands in all of them is the stable core."),
        decision.show_others(decided),
        head_block(
            "What less risk costs",
            "No efficient plan is beaten in both cash and expected loss by another. Pick a point to see what that "
            "plan decides; without a browser that draws, unfold it in the list.",
        ),
        decision.frontier.frontier_picker(decision.list_frontier_choices(decided), currency),
        decision.show_frontier(decided),
    )


def show_outlook(study: Study) -> Parts:
    """Show what may come: chances, what to find out, what waiting costs, firmness, causes, stresses, caution."""
    return join_parts(
        uncertainty.show_chances(study),
        head_block("What to find out first", "The most that knowing a figure before deciding is worth."),
        uncertainty.show_information(study),
        head_block("What waiting a wave costs"),
        uncertainty.show_waiting(study),
        head_block("What the parties expect differently", "Ask who is right before the price is fixed."),
        uncertainty.show_gaps(study),
        head_block("Which decisions are firm", "The plan chosen again in futures whose figures were known."),
        uncertainty.show_firmness(study),
        head_block("What moves the saving, and when the plan fails"),
        uncertainty.draw_causes(study),
        uncertainty.show_causes(study),
        uncertainty.show_failure(study),
        head_block("Under stress"),
        uncertainty.show_stresses(study),
        head_block("What caution costs and buys"),
        uncertainty.show_caution(study),
        head_block("Beside published figures", "A case far outside has something to explain."),
        uncertainty.show_class(study),
    )


def show_program(drawn: Roadmap) -> Parts:
    """Show the plan placed in time: moves, load, people, cash, order, signatures, governance, what is next."""
    return join_parts(
        roadmap.draw_as_is_to_be(drawn),
        roadmap.draw_gantt(drawn),
        roadmap.show_program_moves(drawn),
        head_block("What it asks of our own people"),
        roadmap.draw_load(drawn),
        roadmap.show_waves(drawn),
        roadmap.show_people(drawn),
        roadmap.show_workforce(drawn),
        head_block("What is spent once"),
        roadmap.draw_one_off(drawn),
        head_block("What the order is worth"),
        roadmap.show_order_worth(drawn),
        head_block("Who has to agree first, and what was agreed for afterwards"),
        roadmap.show_signoffs(drawn),
        roadmap.show_governance(drawn),
        head_block("Keep, improve, move, and who decides next"),
        roadmap.show_readout(drawn),
    )


def show_foundations(register: pd.DataFrame, decided: Decision) -> Parts:
    """Show what to ask before relying on the plan, assumptions, odd entries, published figures and the certificate."""
    return join_parts(
        head_block(
            "What to ask before relying on it",
            "Figures and moves that can be right but rarely are; they were taken as they stand.",
        ),
        decision.show_questions(decided),
        head_block("What has to be known first", "What nobody stated is taken as documented."),
        roadmap.show_register(register, decided),
        head_block("Frame and levers"),
        basis.show_assumptions(decided),
        head_block("What looks odd in the data"),
        basis.show_oddities(decided.case),
        head_block("Figures that are not the unit's own", "Where the case left a cell empty."),
        basis.show_figures(decided),
        head_block("Certificate"),
        basis.show_certificate(decided),
    )
