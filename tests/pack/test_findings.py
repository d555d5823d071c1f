"""Claims about what charts find: each title says what its table holds, worked by hand."""

from __future__ import annotations

import pandas as pd
import pytest

from sourcing.case import Policy
from sourcing.pack.deals.findings import find_best_form, find_first_saving, find_tightest, find_win_win
from sourcing.pack.decision.findings import (
    find_difference,
    find_largest_shift,
    find_plan_against_today,
    find_price_of_safety,
    find_standing,
)
from sourcing.pack.judgment.findings import (
    find_dispute,
    find_most_open,
    find_unready,
    find_unsettled,
    find_widest_gap,
)


def paid(*planned: float) -> pd.DataFrame:
    years = list(range(1, len(planned) + 1))
    today = pd.DataFrame({"state": "As-Is", "year": years, "stated": 10.0})
    return pd.concat([today, pd.DataFrame({"state": "To-Be", "year": years, "stated": planned})])


@pytest.mark.parametrize(
    ("planned", "said"),
    [
        ((9, 9, 9), "The plan pays less than today in every year"),
        ((12, 9, 9), "From year 2 on the plan pays less than today"),
        ((9, 11, 9), "In some years the plan pays less than today"),
        ((9, 9, 10), "In the last year the plan pays no less than today"),
    ],
)
def test_the_year_from_which_the_plan_pays_less_is_told(planned, said):
    assert find_first_saving(paid(*planned)) == said


def test_the_best_form_of_each_side_is_told():
    rows = pd.DataFrame({"form_name": ["Fixed price", "Gain share"], "mean": [3.2e6, 3.1e6]})
    assert find_best_form(rows, "USD", is_cost=True).startswith("Gain share costs the buyer least on average: USD 3.1")
    margins = rows.assign(mean=[0.12, 0.08])
    assert find_best_form(margins, "USD", is_cost=False) == (
        "Fixed price leaves the provider most on average: 12 % of what it is paid"
    )


def test_terms_that_suit_both_are_counted():
    zones = pd.DataFrame({"zone": ["both better off", "neither", "only the buyer", "both better off"]})
    assert find_win_win(zones).startswith("2 of 4 terms tried")
    assert find_win_win(zones.iloc[1:3]).startswith("None of the terms tried")


def test_missed_requirements_are_told_before_the_tightest_of_those_met():
    steps = [f"Shop: {name}, response" for name in ("Hosting", "Network", "Network")]
    ladder = pd.DataFrame(
        {"step": steps, "process_name": ["Hosting", "Network", "Network"], "who": ["planned", "planned", "today"],
         "room": [2.0, 1.5, 0.5]}
    )  # fmt: skip
    assert find_tightest(ladder) == "The plan meets every requirement, most narrowly that of Network (response)"
    assert find_tightest(ladder.iloc[2:]) == "No requirement is asked of the plan"
    assert find_tightest(ladder.assign(room=[2.0, 0.9, 3.0])) == (
        "The plan misses 1 requirement, that of Network (response) among them"
    )


def test_the_delivery_model_that_gains_or_loses_most_people_is_told():
    states = pd.DataFrame(
        {"state": ["As-Is", "As-Is", "To-Be", "To-Be"], "fte": [80.0, 20.0, 50.0, 45.0],
         "delivery_model": ["in_house", "outsource", "in_house", "outsource"]}
    )  # fmt: skip
    assert find_largest_shift(states) == "Work in-house falls from 80 to 50 people"
    assert find_largest_shift(states.iloc[:2]) == "In-house: 80 % of the people today"
    assert find_largest_shift(states.assign(fte=[80.0, 20.0, 80.2, 20.0])) == "Who does the work stays as it is"


def test_what_a_bridge_comes_to_and_its_longest_step_are_told():
    bridge = pd.DataFrame(
        {"label": ["As-Is", "Own labor", "Governance", "To-Be"], "amount": [100e6, -40e6, 10e6, 70e6],
         "kind": ["total", "cheaper", "dearer", "total"]}
    )  # fmt: skip
    assert (
        find_difference(bridge, "EUR")
        == "The plan pays EUR 30.0 million less than today; the largest step is EUR 40.0 million less own labor"
    )
    dearer = bridge.assign(amount=[100e6, -10e6, 30e6, 120e6])
    assert (
        find_difference(dearer, "EUR")
        == "The plan pays EUR 20.0 million more than today; the largest step is EUR 30.0 million more governance"
    )


def test_the_plan_is_held_against_today():
    rows = pd.DataFrame({"amount": [100e6, 90e6, 95e6]})
    assert find_plan_against_today(rows, "Cash cost", "EUR").startswith(
        "Cash cost of the plan lies EUR 10.0 million below"
    )
    assert find_plan_against_today(rows.assign(amount=1.0), "Cash cost", "EUR").endswith("is what it is today")


def test_the_price_of_safety_lies_between_the_cheapest_and_the_safest_plan():
    choices = pd.DataFrame(
        {"first": [True, True, False], "cash_cost": [10e6, 13e6, 1.0], "expected_loss": [5e6, 3e6, 1.0]}
    )
    assert find_price_of_safety(choices, "EUR") == (
        "From the cheapest plan to the safest: EUR 3.00 million more cash, EUR 2.00 million less expected loss"
    )
    assert find_price_of_safety(choices.iloc[:1], "EUR").startswith("No other plan")


def test_what_judgment_finds_is_told():
    postures = pd.DataFrame({"posture": ["release", "release", "retain", "streamline", "partner"]})
    assert find_standing(postures) == "Of 5 processes, 2 could be bought from the market and 2 are core"
    spread = pd.DataFrame({"process_name": ["Tax", "Fleet", "Legal"], "confidence": [0.4, 0.99, 0.7]})
    policy = Policy(confidence_floor=0.8, readiness_gate=0.5)
    assert find_unsettled(spread, policy) == (
        "2 postures are held in fewer than 80 % of the draws, that of Tax in the fewest"
    )
    assert find_unsettled(spread.iloc[1:2], policy) == "No posture is held in fewer than 80 % of the draws"
    shares = pd.DataFrame({"process_name": ["Tax", "Tax", "Legal"], "share": [0.45, 0.55, 0.7]})
    assert find_most_open(shares) == "Most open: Tax, whose likeliest posture holds in 55 % of draws"
    situation = pd.DataFrame({"name": ["Sponsor", "Purpose"], "point": [0.25, 0.75]})
    assert find_unready(situation, policy) == "1 of 2 answers lies below the gate, the lowest: Sponsor"
    gaps = pd.DataFrame(
        {"label": ["Tax: routine", "Fleet: routine"], "point": [0.5, 1.0], "proposed_point": [0.4, 0.06]}
    )
    assert find_widest_gap(gaps.iloc[:0]) == "No published figure proposes another score"
    assert find_unready(situation.iloc[:0], policy) == "No question of the assessment is answered"
    assert find_widest_gap(gaps) == "Furthest apart: Fleet: routine, scored 1.00 where figures say 0.06"


def test_a_dispute_over_weights_is_told_before_the_heaviest():
    weights = pd.DataFrame(
        {"name": ["Rare", "Valued"], "index": "core_competency", "weight": [0.4, 0.6], "lowest": [0.3, 0.6],
         "highest": [0.5, 0.7]}
    )  # fmt: skip
    assert find_dispute(weights) == "Assessors differ most on Rare: 30 % to 50 %"
    assert find_dispute(weights.iloc[:0]) == "No criterion is weighed"
    agreed = weights.assign(lowest=weights["weight"], highest=weights["weight"])
    assert find_dispute(agreed) == "No weight is in dispute; the heaviest is Valued, 60 % of core competency"
