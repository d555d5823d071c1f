import dataclasses
import math

import numpy as np
import pandas as pd
import pytest

from sourcing.errors import FilterError, InputError
from sourcing.plan import InfeasiblePlanError, NoPlanFoundError, answer, certify, choose
from tests.conftest import seeds


def solve(instance, **more):
    return choose(*instance.tables, structure=instance.structure, gap=0.0, **more)


@pytest.mark.parametrize("seed", seeds(200, 50))
def test_choice_costs_what_the_best_of_all_plans_costs(seed, draw, enumerate_plans):
    instance = draw(seed)
    plans = enumerate_plans(instance)
    if not plans:
        with pytest.raises(InfeasiblePlanError):
            solve(instance)
        return
    plan = solve(instance)
    assert plan.objective == pytest.approx(min(cost for cost, _ in plans), abs=1e-6)
    assert plan.status == "optimal"
    assert plan.bound <= plan.objective
    assert plan.lines.sum() == pytest.approx(plan.objective)
    assert (plan.rules["slack"] >= -1e-6 * np.maximum(1, plan.rules["limit"].abs())).all()


@pytest.mark.parametrize("seed", seeds(20, 6))
def test_order_of_rows_changes_nothing(seed, draw, enumerate_plans):
    instance = draw(seed)
    if not enumerate_plans(instance):
        with pytest.raises(InfeasiblePlanError) as one:
            solve(instance)
        with pytest.raises(InfeasiblePlanError) as two:
            solve(instance.shuffled(seed))
        assert str(one.value) == str(two.value)
        pd.testing.assert_frame_equal(one.value.repairs, two.value.repairs)
        return
    one, two = solve(instance), solve(instance.shuffled(seed))
    assert one.objective == two.objective
    assert one.bound == two.bound
    for name in ("choices", "rules", "handoffs"):
        pd.testing.assert_frame_equal(getattr(one, name), getattr(two, name))
    pd.testing.assert_series_equal(one.lines, two.lines)


@pytest.mark.parametrize("seed", range(12))
def test_tightening_a_rule_never_lowers_the_cost(seed, draw, rule):
    instance = draw(seed)
    most = instance.alternatives.groupby("process")["risk"].max().sum()
    costs = []
    for limit in np.linspace(most, 0, 6):
        try:
            plan = choose(instance.alternatives, rule(measure="risk", where="", limit=limit), gap=0.0)
            costs.append(plan.objective)
        except InfeasiblePlanError:
            costs.append(math.inf)
    assert costs == sorted(costs)


def test_arguments_are_left_as_they_were(draw):
    instance = draw(3)
    before = [None if table is None else table.copy() for table in instance.tables]
    solve(instance)
    for table, kept in zip(instance.tables, before, strict=True):
        assert (table is None and kept is None) or table.equals(kept)


def test_lines_are_the_cost_columns_and_the_handoffs(offers):
    links = pd.DataFrame({"process_a": ["payroll"], "process_b": ["billing"], "traffic": [2.0]})
    costs = pd.DataFrame(
        {
            "place_a": ["own@US", "own@US", "zen@PL"],
            "place_b": ["acme@IN", "zen@PL", "acme@IN"],
            "cost": [1.0, 1, 9],
        }
    )
    plan = choose(offers, None, links, costs)
    assert plan.lines.to_dict() == {"cost_cash": 21.0, "cost_risk": 2.0, "handoffs": 2.0}
    assert plan.objective == 25.0
    assert plan.handoffs.loc[0, ["place_a", "place_b", "cost"]].tolist() == ["own@US", "zen@PL", 2.0]
    assert choose(offers.drop(columns=["cost_cash", "cost_risk"])).lines.to_dict() == {"cost": 19.0}
    assert choose(offers, None, links.iloc[:0], costs).lines["handoffs"] == 0.0


def test_one_row_per_value_of_for_each_among_the_rows_counted(offers, rule):
    plan = choose(offers, rule("owner share", "headcount", "owner != 'own'", "<=", 4, for_each="owner"))
    assert plan.rules["rule"].tolist() == ["owner share [acme]", "owner share [zen]"]
    assert plan.rules["belongs_to"].tolist() == ["owner share"] * 2
    assert plan.rules["used"].tolist() == [3.0, 0.0]
    assert plan.objective == 26.0


def test_relative_rule_is_told_as_a_share(offers, rule):
    plan = choose(offers, rule("moved share", "headcount", "option == 'move'", "<=", 0.5, relative_to="headcount"))
    assert plan.choices["option"].tolist() == ["stay", "move"] or plan.objective == 26.0
    assert plan.rules.loc[0, "used"] == pytest.approx(3 / 9)
    assert plan.rules.loc[0, "slack"] == pytest.approx(0.5 - 3 / 9)


def test_locks_hold_and_take_the_named_wave():
    table = pd.DataFrame({"process": ["a"] * 3, "option": ["x", "x", "y"], "wave": [1, 2, 1], "cost": [1.0, 2.0, 3.0]})
    assert choose(table).objective == 1.0

    def lock(**cells):
        return choose(table, structure={"locks": pd.DataFrame([{"process": "a"} | cells])}).objective

    assert lock(option="x", wave=2, kind="take") == 2.0
    assert lock(option="x", kind="take") == 1.0
    assert lock(option="x", kind="bar") == 3.0
    assert lock(option="x", wave=np.nan, kind="bar") == 3.0


def test_carried_columns_of_rules_come_back(offers, rule):
    plan = choose(offers, rule(reason="law 12", owner="board", priority=0))
    assert plan.rules.loc[0, ["reason", "owner", "priority"]].tolist() == ["law 12", "board", 0]


def test_missing_wave_is_a_label_of_its_own():
    table = pd.DataFrame({"process": ["a", "a"], "option": ["as-is", "x"], "wave": [np.nan, 1.0], "cost": [5.0, 9.0]})
    assert choose(table).choices["option"].tolist() == ["as-is"]


@pytest.mark.parametrize(
    "labels",
    [
        [1, 2, 10],
        ["a'b", 'c"d', "e[f]"],
        ["Zürich", "給与", "a b/c-d>e"],
        [1, "1", 2.5],
        ["x", "X", "x "],
        ["long " * 60 + "1", "long " * 60 + "2", ""],
    ],
)
def test_any_label_can_name_a_process(labels, rule):
    table = pd.DataFrame(
        [(label, option, cost) for label in labels for option, cost in (("stay", 2.0), ("move", 1.0))],
        columns=["process", "option", "cost"],
    )
    plan = choose(table, rule('it\'s a "cap" [x]', limit=2))
    assert plan.objective == 4.0
    assert set(plan.choices["process"]) == set(labels)


@pytest.mark.parametrize("scale", [1e-6, 1e-3, 1e6, 1e12])
@pytest.mark.parametrize("seed", [2, 5, 11])
def test_scaling_costs_and_measures_scales_the_answer(scale, seed, draw, enumerate_plans):
    instance = draw(seed)
    instance.rules = pd.DataFrame(
        [("risk", "risk", "", "<=", round(instance.alternatives.groupby("process")["risk"].mean().sum(), 1))],
        columns=["rule", "measure", "where", "sense", "limit"],
    )
    instance.structure = None
    best = min(cost for cost, _ in enumerate_plans(instance))
    for name in ("cost", "risk"):
        instance.alternatives[name] *= scale
    instance.rules["limit"] *= scale
    if instance.handoff_costs is not None:
        instance.handoff_costs["cost"] *= scale
    assert solve(instance).objective == pytest.approx(best * scale, rel=1e-9)


def test_unlike_sizes_in_one_problem_are_decided_by_the_limit(rule):
    table = pd.DataFrame(
        {
            "process": ["a", "a", "b", "b"],
            "option": ["x", "y"] * 2,
            "cost": [1e12, 2e12, 1e-6, 2e-6],
            "use": [1e12, 1e-6, 40.0, 60.0],
        }
    )
    plan = choose(table, rule("use", "use", "", "<=", 50.0), gap=0.0)
    assert plan.choices["option"].tolist() == ["y", "x"]


def test_zero_limit_over_huge_amounts_is_kept_exactly(rule):
    rng = np.random.default_rng(4)
    table = pd.DataFrame(
        [(f"p{i}", o, float(rng.integers(1, 9))) for i in range(8) for o in "xyz"],
        columns=["process", "option", "cost"],
    )
    table["flow"] = np.tile([1e9, -1e9, 3.0], 8) * rng.integers(1, 4, 24)
    plan = choose(table, rule("flow", "flow", "", "==", 0.0), gap=0.0)
    assert abs(plan.rules.loc[0, "used"]) <= 1e-6


@pytest.mark.parametrize("costs", [[0.0, 0.0], [-5.0, -9.0], [3.0]])
def test_zero_negative_and_single_costs_are_chosen_from(costs):
    table = pd.DataFrame({"process": "a", "option": [f"o{k}" for k in range(len(costs))], "cost": costs})
    plan = choose(table, gap=0.0)
    assert (plan.objective, plan.status, plan.gap) == (min(costs), "optimal", 0.0)


def test_objective_near_zero_is_measured_against_the_costs():
    table = pd.DataFrame({"process": ["a", "a", "b", "b"], "option": ["x", "y"] * 2, "cost": [1e6, 2e6, -1e6, -5e5]})
    plan = choose(table)
    assert (plan.objective, plan.status) == (0.0, "optimal")


def hard_instance(processes=120, options=8, seed=1):
    rng = np.random.default_rng(seed)
    table = pd.DataFrame(
        {
            "process": np.repeat([f"p{i:03d}" for i in range(processes)], options),
            "option": np.tile([f"o{k}" for k in range(options)], processes),
            "cost": rng.uniform(10, 100, processes * options),
        }
    )
    names = [f"m{k}" for k in range(6)]
    for name in names:
        table[name] = rng.uniform(0, 10, len(table))
    limits = [0.75 * table[name].mean() * processes for name in names]
    return table, pd.DataFrame({"rule": names, "measure": names, "where": "", "sense": "<=", "limit": limits})


def test_plan_cut_off_by_time_tells_its_honest_gap():
    table, rules = hard_instance()
    try:
        plan = choose(table, rules, gap=0.0, time_limit=1.0)
    except NoPlanFoundError as fault:
        assert fault.bound > table.groupby("process")["cost"].min().sum() - 1e-6
        return
    assert plan.status == "feasible"
    assert 0 < plan.gap < 1
    assert plan.gap == pytest.approx((plan.objective - plan.bound) / plan.objective)
    assert plan.seconds < 10


def test_no_time_at_all_gives_a_proven_bound_but_no_plan():
    table, rules = hard_instance()
    with pytest.raises(NoPlanFoundError, match=r"time_limit.*Hint") as fault:
        choose(table, rules, gap=0.0, time_limit=1e-6)
    assert fault.value.bound >= table.groupby("process")["cost"].min().sum() - 1e-6


def test_plan_carries_what_it_was_made_from(draw):
    instance = draw(7)
    plan = solve(instance)
    again = choose(
        plan.question.alternatives,
        plan.question.rules,
        plan.question.links,
        plan.question.handoff_costs,
        structure=plan.question.structure,
        gap=plan.question.gap,
    )
    assert again.objective == plan.objective == answer(plan.question).objective
    assert len(certify(plan)) == len(certify(again))


def break_offers(offers, **cells):
    table = offers.copy()
    for name, value in cells.items():
        table[name] = table[name].astype(object)
        table.loc[1, name] = value
    return table


@pytest.mark.parametrize(
    ("cells", "words"),
    [
        ({"cost": np.nan}, "cost must be a finite number"),
        ({"cost": np.inf}, "cost must be a finite number"),
        ({"cost": "12"}, "cost must be a number"),
        ({"option": "stay"}, "must be unique"),
        ({"process": None}, "process must be filled in"),
        ({"cost": 6.5}, "must sum to cost"),
    ],
)
def test_unsound_alternatives_are_refused_by_name(offers, cells, words):
    with pytest.raises(InputError, match=words) as fault:
        choose(break_offers(offers, **cells))
    assert "Hint:" in str(fault.value)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"measure": "headcuont"}, "did you mean 'headcount'"),
        ({"measure": "owner"}, "owner must be a number"),
        ({"measure": None}, "measure must be count"),
        ({"sense": "<"}, "sense must be one of"),
        ({"limit": np.nan}, "limit must be a finite number"),
        ({"limit": np.inf}, "limit must be a finite number"),
        ({"limit": "3"}, "limit must be a number"),
        ({"priority": 5}, "priority must be"),
        ({"relative_to": "headcunt"}, "relative_to must be"),
        ({"for_each": "wner"}, "did you mean 'owner'"),
        ({"where": "wner == 'x'"}, "did you mean 'owner'"),
        ({"name": " "}, "rule must be a name"),
        ({"For Each": "owner"}, "did you mean 'for_each'"),
    ],
)
def test_unsound_rules_are_refused_by_name(offers, rule, change, words):
    with pytest.raises(InputError, match=words):
        choose(offers, rule(**change))


def test_other_unsound_input_is_refused_by_name(offers, rule):
    two = pd.concat([rule(), rule()])
    link = pd.DataFrame({"process_a": ["payroll"], "process_b": ["billing"], "traffic": [2.0]})
    costs = pd.DataFrame({"place_a": ["own@US"], "place_b": ["acme@IN"], "cost": [1.0]})
    lock = pd.DataFrame({"process": ["payroll"], "option": ["move"], "kind": ["take"]})
    cases = [
        ("at least one row", lambda: choose(offers.iloc[:0])),
        ("must be a DataFrame", lambda: choose([1])),
        ("rename the column 'proces'", lambda: choose(offers.rename(columns={"process": "proces"}))),
        ("share is the plan's own", lambda: choose(offers.assign(share=1))),
        ("names must be unique", lambda: choose(offers, two)),
        ("'acme@IN' and 'own@US'", lambda: choose(offers, None, link, costs.assign(place_b="zen@PL"))),
        ("must have a place", lambda: choose(offers.drop(columns="place"), None, link, costs)),
        ("join two processes", lambda: choose(offers, None, link.assign(process_b="payroll"), costs)),
        ("did you mean 'billing'", lambda: choose(offers, None, link.assign(process_b="biling"), costs)),
        ("occur once", lambda: choose(offers, None, pd.concat([link, link]), costs)),
        ("traffic must be at least 0", lambda: choose(offers, None, link.assign(traffic=-1), costs)),
        (
            "one cost",
            lambda: choose(offers, None, link, pd.concat([costs, costs.assign(cost=2.0)])),
        ),
        ("did you mean 'locks'", lambda: choose(offers, structure={"lock": lock})),
        ("known tables only", lambda: choose(offers, structure={"stairs": lock})),
        ("dict of tables", lambda: choose(offers, structure=lock)),
        ("take or bar", lambda: choose(offers, structure={"locks": lock.assign(kind="ban")})),
        ("did you mean 'move'", lambda: choose(offers, structure={"locks": lock.assign(option="mov")})),
        ("gap must be", lambda: choose(offers, gap=-1)),
        ("time_limit must be", lambda: choose(offers, time_limit=0)),
        ("gap must be", lambda: choose(offers, gap=math.nan)),
    ]
    for words, call in cases:
        with pytest.raises(InputError, match=words):
            call()


def test_missing_pair_is_no_error_where_the_place_is_barred(offers):
    link = pd.DataFrame({"process_a": ["payroll"], "process_b": ["billing"], "traffic": [2.0]})
    costs = pd.DataFrame({"place_a": ["own@US"], "place_b": ["zen@PL"], "cost": [1.0]})
    lock = pd.DataFrame({"process": ["payroll"], "option": ["move"], "kind": ["bar"]})
    plan = choose(offers, None, link, costs, structure={"locks": lock})
    assert plan.objective == 10 + 13 + 2


def test_filter_error_names_the_rule(offers, rule):
    with pytest.raises(FilterError, match="rule 'cap'"):
        choose(offers, rule(where="owner.upper() == 'X'"))


def test_plan_is_frozen(offers):
    plan = choose(offers)
    with pytest.raises(dataclasses.FrozenInstanceError):
        plan.objective = 0.0
