"""Manpower planning against the published model, and the fewest redundancies of a road map."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from sourcing.errors import InputError
from sourcing.program import draw_roadmap, list_redundancies, plan_workforce, staff_program

SKILLS = ["unskilled", "semi-skilled", "skilled"]


@pytest.fixture(scope="module")
def published():
    """Williams, Model Building in Mathematical Programming, 5th edition, 12.5: three grades, three years."""
    skills = pd.DataFrame(
        {
            "today": [2000.0, 1500.0, 1000.0],
            "leave_share": [0.1, 0.05, 0.05],
            "leave_first_share": [0.25, 0.2, 0.1],
            "most_hired": [500.0, 800.0, 500.0],
            "redundancy_cost": [200.0, 500.0, 500.0],
            "over_cost": [1500.0, 2000.0, 3000.0],
            "most_short_time": 50.0,
            "short_time_cost": [500.0, 400.0, 400.0],
        },
        index=SKILLS,
    )
    needs = pd.DataFrame([[1000, 1400, 1000], [500, 2000, 1500], [0, 2500, 2000]], [1, 2, 3], SKILLS, dtype=float)
    paths = pd.DataFrame(
        [
            ("unskilled", "semi-skilled", 200.0, np.inf, 0.95, 400.0),
            ("semi-skilled", "skilled", np.inf, 0.25, 0.95, 500.0),
            ("skilled", "semi-skilled", np.inf, np.inf, 0.5, 0.0),
            ("skilled", "unskilled", np.inf, np.inf, 0.5, 0.0),
            ("semi-skilled", "unskilled", np.inf, np.inf, 0.5, 0.0),
        ],
        columns=["from_skill", "skill", "most_people", "most_share", "kept_share", "cost"],
    )
    return skills, needs, paths


def test_the_fewest_redundancies_are_the_published_842(published):
    assert plan_workforce(*published, most_over=150).redundant == pytest.approx(841.797, abs=5e-4)


def test_the_least_cost_is_the_published_498_677_with_1424_redundancies(published):
    found = plan_workforce(*published, most_over=150, minimize="cost")
    assert found.cost == pytest.approx(498_677.29, abs=0.01)
    assert found.redundant == pytest.approx(1423.7, abs=0.05)


def test_people_less_those_over_and_half_of_those_on_short_time_are_those_needed(published):
    people = plan_workforce(*published, most_over=150).people
    at_work = people["people"] - people["over"] - people["short_time"] / 2
    assert at_work.to_numpy() == pytest.approx(people["needed"].to_numpy(), abs=1e-4)
    assert (people.groupby("period")["over"].sum() <= 150 + 1e-6).all()


def test_more_overmanning_never_costs_more_redundancies(published):
    found = [plan_workforce(*published, most_over=most).redundant for most in (0, 75, 150, 300)]
    assert found == sorted(found, reverse=True)


def test_what_cannot_be_staffed_is_refused(published):
    skills, needs, paths = published
    with pytest.raises(InputError, match="people needed must be within reach"):
        plan_workforce(skills.assign(most_hired=0.0), needs, paths)
    with pytest.raises(InputError, match="got 'clerk'"):
        plan_workforce(skills, needs.rename(columns={"skilled": "clerk"}))
    with pytest.raises(InputError, match="minimize must be"):
        plan_workforce(skills, needs, minimize="money")


def test_the_own_people_of_a_road_map_are_let_go_as_their_work_leaves(alpha, decide):
    """20 of the help desk leave with it; the 10 of payroll have work in the center, though the plan pays for 30."""
    table = list_redundancies(draw_roadmap(decide(alpha))).set_index("turnover")
    assert table.loc[0.0, ["redundant", "paid", "unplaced"]].tolist() == pytest.approx([20, 30, 0])
    assert table["redundant"].is_monotonic_decreasing


def test_people_are_retrained_to_own_the_outcome_before_anybody_is_hired_for_it(shipped):
    found = staff_program(draw_roadmap(shipped("telecom")))
    hired = found.people.groupby("skill")["hired"].sum()
    assert hired["own the outcome"] == 0.0
    assert found.retrained["people"].sum() > 0
