"""Flips of single numbers, each tried by solving again with the number changed."""

from itertools import pairwise
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, assume, given
from hypothesis import strategies as st

from sourcing import Case, load_case
from sourcing.decide import decide_unit
from sourcing.errors import InfeasiblePlanError, InputError
from sourcing.plan import choose, flip_numbers, what_if
from tests.conftest import examples

TINY = Path(__file__).parents[3] / "data" / "tiny"

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


@examples(4, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
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


@pytest.mark.parametrize(
    ("of", "jumps_at", "jump", "needed"),
    [
        ("move", 5.0, 0.0, 7.0),  # 6 + (7 - 3) is the 10 of staying
        ("move", 5.0, 1.0, 6.0),
        ("move", 5.0, 2.5, 5.0),  # 4.5 would do, but there is no jump below 5
        ("move", 5.0, -1.0, 8.0),
        ("stay", 2.0, -2.5, 1.5),  # 10 + (1.5 - 3) - 2.5 is the 6 of moving
        ("stay", 2.0, -0.5, None),  # free of charge it still costs 6.5
    ],
)
def test_a_number_whose_cost_jumps_flips_where_rate_and_jump_together_do(offers, of, jumps_at, jump, needed):
    """Moving payroll costs 6, staying 10; the number stands at 3 and counts one for one."""
    ends = [(0.0, jumps_at), (jumps_at, np.inf)]
    rows = pd.DataFrame(
        [
            ("payroll", of, "quote", of, 3.0, 1.0, low, high, jump if not low <= 3.0 <= high else 0.0)
            for low, high in ends
        ],
        columns=[*COLUMNS, "low", "high", "change"],
    )
    plan = choose(offers, drivers=rows)
    number = flip_numbers(plan).iloc[0]
    assert number["flips"] == (needed is not None)
    if needed is not None:
        assert number["needed"] == pytest.approx(needed)
    for value in (1.0, 8.5):
        jumped = jump if (value < jumps_at) != (jumps_at > 3.0) else 0.0
        costs = {"move": 6.0, "stay": 10.0}
        costs[of] += value - 3.0 + jumped
        then = what_if(plan, {"quote": {("payroll", of): value}}).plan.choices.set_index("process")
        assert then.loc["payroll", "option"] == min(costs, key=costs.get)
        assert then.loc["payroll", "cost"] == pytest.approx(min(costs.values()))


def draw_waves(rng):
    """Two processes with an option of today and two moves in one or two waves each; what stays has none."""
    rows = []
    for process in ("p", "q"):
        rows.append((process, "stay", np.nan, float(rng.uniform(18, 22))))
        for option in ("one", "two"):
            rows += [(process, option, float(w), float(rng.uniform(18, 24))) for w in range(1, 2 + rng.integers(0, 2))]
    return pd.DataFrame(rows, columns=["process", "option", "wave", "cost"])


def draw_numbers(rng, table):
    """A quote of each option; a wage and a tariff with a jump, which all follow wave by wave; a score in stretches."""
    of_quotes = table.assign(driver="quote", of=table["option"], value=3.0, rate=rng.uniform(0.5, 2.0, len(table)))
    wages = table.assign(driver="wage", of="stay", value=5.0, rate=rng.uniform(-0.5, 2.0, len(table)))
    wages = wages[rng.random(len(table)) < 0.8]
    stretches = [
        table.assign(driver="score", of="", value=0.5, linear=False, low=low, high=low + 0.15,
                     change=rng.normal(0, 4, len(table)),
                     barred=(rng.random(len(table)) < 0.2) & (table["option"] != "stay"))
        for low in (0.0, 0.2, 0.6, 0.8)
    ]  # fmt: skip
    linear = pd.concat([of_quotes.assign(high=5.0), wages.assign(high=np.inf)]).assign(linear=True, low=0.0)
    tariffs = table.assign(driver="tariff", of="one", value=3.0, rate=rng.uniform(-0.5, 2.0, len(table)), linear=True)
    jumps = [
        tariffs.assign(low=low, high=high, change=0.0 if low == at else rng.normal(0, 4, len(table)), barred=False)
        for at, ends in [(2.0, [0.0, 2.0, 5.0])] for low, high in pairwise(ends)
    ]  # fmt: skip
    return pd.concat([linear.assign(change=np.nan, barred=False), *jumps, *stretches], ignore_index=True).drop(
        columns="cost"
    )


def choose_at(table, drivers, number, values):
    """Give the cheapest option of a process at each of some values of one of its numbers, by plain arithmetic."""
    asked = tuple(number[name] for name in ("process", "driver", "of"))
    rows = [row for row in drivers.to_dict("records") if (row["process"], row["driver"], row["of"]) == asked]
    options = [option for option in table.to_dict("records") if option["process"] == asked[0]]
    costs = []
    for option in options:
        cost = np.full(len(values), option["cost"])
        for row in rows:
            if (row["option"], str(row["wave"])) != (option["option"], str(option["wave"])):
                continue
            there = (row["low"] <= values) & (values <= row["high"])
            change = np.inf if row["barred"] else row["change"]
            if row["linear"]:
                there = (row["low"] <= values) & ((values < row["high"]) | (row["high"] >= 5.0))
                change = row["rate"] * (values - row["value"]) + np.nan_to_num(row["change"])
            cost += np.where(there, change, 0.0)
        costs.append(cost)
    return [options[k]["option"] for k in np.argmin(costs, axis=0)]


@examples(15, deadline=None)
@given(seed=st.integers(0, 10**6))
def test_with_waves_it_surely_flips_at_the_value_stated_and_never_before_the_sooner_one(seed):
    rng = np.random.default_rng(seed)
    table = draw_waves(rng)
    drivers = draw_numbers(rng, table)
    plan = choose(table, drivers=drivers, gap=0.0)
    today = plan.choices.set_index("process")["option"]
    for number in flip_numbers(plan).to_dict("records"):
        now = today[number["process"]]
        values = np.linspace(0, {"score": 1.0, "quote": 5.0, "wage": 60.0, "tariff": 5.0}[number["driver"]], 301)
        if number["flips"]:
            hair = 0.0 if number["driver"] == "score" else 1e-6 * np.sign(number["change"])
            assert choose_at(table, drivers, number, np.array([round(number["needed"] + hair, 9)])) != [now]
            values = values[np.abs(values - number["today"]) < abs(number["needed_sooner"] - number["today"]) - 1e-6]
        if number["flips"] or number["exact"]:
            assert {*choose_at(table, drivers, number, values)} <= {now}


def test_rules_that_count_what_the_number_moves_are_named(offers, rule):
    rules = pd.concat(
        [rule(), rule("heads", "headcount", "", "<=", 99.0), rule("share", "cost", relative_to="headcount")]
    )
    drivers = pd.DataFrame([("payroll", "stay", "wage", "stay", 5.0, 2.0)], columns=COLUMNS)
    numbers = flip_numbers(choose(offers, rules, drivers=drivers.assign(moves="headcount; cost_cash")))
    assert numbers["held"].tolist() == [("heads", "share")]
    assert flip_numbers(choose(offers, rules, drivers=drivers))["held"].tolist() == [()]
    assert flip_numbers(choose(offers, drivers=drivers.assign(moves="headcount")))["held"].tolist() == [()]


CASE_COLUMNS = {
    "quote": "price_per_year", "wage": "labor_cost_per_fte", "risk probability": "failure_rate",
    "transition cost": "transition_cost",
}  # fmt: skip
CRITERIA = {"commoditization score": "commodity", "core score": "core"}


def change_case(case, number, value):
    """Give the case with one number of one process at another value, where the analyst typed it."""
    if number["driver"] in CASE_COLUMNS:
        name, table = CASE_COLUMNS[number["driver"]], case.options
        hit = (table["process"] == number["process"]) & (table["option"] == number["of"])
        return Case({**case.tables, "options": table.assign(**{name: table[name].where(~hit, value)})})
    hit = (case.scores["process"] == number["process"]) & (case.scores["criterion"] == CRITERIA[number["driver"]])
    return Case({**case.tables, "scores": case.scores.assign(score=case.scores["score"].where(~hit, 1 + 4 * value))})


def decide_options(case):
    return decide_unit(case, price_of_fit=2000.0)


@pytest.fixture(scope="module")
def rated():
    """The tiny case, whose rules leave room, with a probability of failure per option; its decision and numbers."""
    alpha = load_case(TINY, "alpha")
    rates = {"provider": 0.02, "shared": 0.03, "stay": 0.01}
    case = Case({**alpha.tables, "options": alpha.options.assign(failure_rate=alpha.options["option"].map(rates))})
    plan = decide_options(case).plan
    return case, plan.choices.set_index("process")["option"], flip_numbers(plan)


@pytest.mark.parametrize("driver", [*CASE_COLUMNS, *CRITERIA])
def test_the_case_decides_otherwise_beyond_the_value_stated_and_not_before(driver, rated):
    """The number is changed in the tables and the unit decided anew."""
    case, today, numbers = rated
    number = numbers[(numbers["driver"] == driver) & numbers["flips"]].iloc[0].to_dict()
    assert number["exact"]
    away = np.sign(number["change"]) * (0.25 if driver in CRITERIA else 1e-3 * number["today"])
    start = 0.25 * np.round(4 * number["needed"]) if driver in CRITERIA else number["needed"]
    for value, flips in ((start + away, True), (start - away, False)):
        if abs(value - number["today"]) > 1e-9:
            options = decide_options(change_case(case, number, value)).plan.choices.set_index("process")["option"]
            assert (options[number["process"]] != today[number["process"]]) == flips


def test_a_driver_of_nothing_is_refused(offers):
    drivers = pd.DataFrame([{"process": "payroll", "option": "moove", "driver": "quote", "value": 1.0, "rate": 1.0}])
    with pytest.raises(InputError, match="did you mean 'move'"):
        flip_numbers(choose(offers, drivers=drivers))
