"""Flips of single numbers, each tried by solving again with the number changed."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from sourcing.errors import InfeasiblePlanError, InputError
from sourcing.plan import choose, flip_numbers

COLUMNS = ["process", "option", "driver", "of", "value", "rate"]


def solve_with(instance, drivers, number, value):
    """Solve with one number at another value; give the option of its process."""
    changed = instance.alternatives.copy()
    rows = drivers[(drivers["driver"] == number["driver"]) & (drivers["of"] == number["of"])]
    for row in rows[rows["process"] == number["process"]].to_dict("records"):
        at = (changed["process"] == row["process"]) & (changed["option"] == row["option"])
        changed.loc[at, "cost"] += row["rate"] * (value - row["value"])
    tables = (changed, instance.rules, instance.links, instance.handoff_costs)
    plan = choose(*tables, structure=instance.structure, gap=0.0)
    return plan.choices.set_index("process").loc[number["process"], "option"]


@settings(max_examples=4, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 10**6))
def test_a_number_flips_at_the_value_stated_and_not_before(seed, draw):
    instance = draw(seed)
    rng = np.random.default_rng(seed)
    keys = instance.alternatives[["process", "option"]]
    quotes = keys.assign(driver="quote", of=keys["option"], value=20.0, rate=1.0)
    wages = keys.assign(driver="wage", of="o0", value=3.0, rate=rng.uniform(0.1, 4, len(keys)))
    drivers = pd.concat([quotes, wages], ignore_index=True)[COLUMNS]
    tables = (instance.alternatives, instance.rules, instance.links, instance.handoff_costs)
    try:
        plan = choose(*tables, structure=instance.structure, drivers=drivers.assign(low=0.0), gap=0.0)
    except InfeasiblePlanError:
        assume(False)
    today = plan.choices.set_index("process")["option"]
    for number in flip_numbers(plan).to_dict("records"):
        assert number["exact"]
        if not number["flips"]:
            for value in (0.0, 1e5):
                assert solve_with(instance, drivers, number, value) == today[number["process"]]
            continue
        hair = 1e-4 * np.sign(number["change"])
        assert solve_with(instance, drivers, number, number["needed"] + hair) != today[number["process"]]
        if abs(number["change"]) > 2e-4:
            assert solve_with(instance, drivers, number, number["needed"] - hair) == today[number["process"]]


def test_a_score_flips_where_its_stretch_begins_and_no_value_is_an_answer(offers):
    rows = offers.loc[[0, 1], ["process", "option"]].assign(driver="core score", of="", value=0.3, linear=False)
    stretches = pd.concat([rows.assign(low=0.6, high=1.0, change=[0.0, change]) for change in (3.9,)])
    plan = choose(offers, drivers=stretches)
    assert not flip_numbers(plan)["flips"].any()
    stretches.loc[1, "change"] = 4.1
    flipped = flip_numbers(choose(offers, drivers=stretches)).iloc[0]
    assert flipped[["to_option", "needed", "flips"]].tolist() == ["stay", 0.6, True]
    stretches = stretches.assign(change=0.0, barred=[False, True])
    assert flip_numbers(choose(offers, drivers=lambda: stretches)).iloc[0]["needed"] == 0.6


def test_a_driver_of_nothing_is_refused(offers):
    drivers = pd.DataFrame([{"process": "payroll", "option": "moove", "driver": "quote", "value": 1.0, "rate": 1.0}])
    with pytest.raises(InputError, match="did you mean 'move'"):
        flip_numbers(choose(offers, drivers=drivers))
