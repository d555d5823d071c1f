import itertools

import pandas as pd
import pytest

from sourcing.errors import InfeasiblePlanError
from sourcing.plan import choose
from sourcing.plan.infeasible.conflicts import find_conflicts
from sourcing.plan.model.instance import read_instance
from tests.plan.conftest import list_plans, make_instance


@pytest.fixture(scope="module")
def clashing():
    """Two dozen instances without a plan, each with the error that says why."""
    found = []
    for seed in itertools.count(1000):
        instance = make_instance(seed)
        if not list_plans(instance):
            found.append((instance, raise_of(instance)))
        if len(found) == 24:
            return found


def list_minimal(instance, enumerate_plans):
    rules = sorted(instance.rules["rule"])
    locks = sorted({f"lock: {p}" for p in instance.structure["locks"]["process"]}) if instance.structure else []
    minimal = []
    for size in range(len(rules) + len(locks) + 1):
        for names in itertools.combinations(rules + locks, size):
            if any(set(small) <= set(names) for small in minimal):
                continue
            has_lock = any(name in locks for name in names)
            if not enumerate_plans(instance, set(names), has_lock):
                minimal.append(sorted(names))
    return sorted(minimal, key=lambda names: (len(names), names))


def raise_of(instance):
    with pytest.raises(InfeasiblePlanError) as fault:
        choose(*instance.tables, structure=instance.structure, gap=0.0)
    return fault.value


def test_conflicts_are_all_minimal_clashing_sets(clashing, enumerate_plans):
    several = 0
    for instance, error in clashing:
        assert error.conflicts == list_minimal(instance, enumerate_plans)
        assert error.complete
        several += len(error.conflicts) > 1
    assert several > 2


def weigh_changes(rules, limits):
    """Total relative change by priority, 1 first."""
    totals = [0.0] * 4
    for record in rules.to_dict("records"):
        change = abs(limits.get(record["rule"], record["limit"]) - record["limit"])
        if change > 1e-6 * max(1, abs(record["limit"])) and record["priority"] > 0:
            totals[record["priority"] - 1] += change / max(1, abs(record["limit"]))
    return totals


def find_needed(instance, picked):
    """The limits nearest to today's that one plan keeps, by plain enumeration of its use."""
    table = instance.alternatives.reset_index(drop=True)
    needed = {}
    for record in instance.rules.to_dict("records"):
        text, each = record["where"], record["for_each"]
        mask = table.index.isin(table.query(text).index) if isinstance(text, str) and text else table.index >= 0
        values = table.loc[mask, each].unique() if isinstance(each, str) else [None]
        uses = []
        for value in values:
            hit = [k for k in picked if mask[k] and (value is None or table[each].iloc[k] == value)]
            amount = len(hit) if record["measure"] == "count" else table[record["measure"]].iloc[hit].sum()
            base = record["relative_to"]
            if isinstance(base, str):
                amount /= len(picked) if base == "count" else table[base].iloc[picked].sum()
            uses.append(amount)
        if not uses:
            continue
        limit = record["limit"]
        needed[record["rule"]] = {
            "<=": max(limit, *uses, limit),
            ">=": min(limit, *uses, limit),
            "==": uses[0],
        }[record["sense"]]
    return needed


def test_repairs_are_cheapest_by_priority_and_make_a_plan_possible(clashing, enumerate_plans):
    repaired = 0
    for instance, error in clashing:
        hard = set(instance.rules.loc[instance.rules["priority"] == 0, "rule"])
        open_plans = enumerate_plans(instance, hard)
        assert bool(open_plans) == (not error.repairs.empty)
        if not open_plans:
            continue
        best = min(weigh_changes(instance.rules, find_needed(instance, picked)) for _, picked in open_plans)
        limits = dict(zip(error.repairs["rule"], error.repairs["needed"], strict=True))
        assert weigh_changes(instance.rules, limits) == pytest.approx(best, abs=1e-5)
        assert not hard & set(limits)
        mended = instance.rules.assign(
            limit=[
                limits.get(r, limit) for r, limit in zip(instance.rules["rule"], instance.rules["limit"], strict=True)
            ]
        )
        choose(
            instance.alternatives,
            mended,
            instance.links,
            instance.handoff_costs,
            structure=instance.structure,
            gap=0.0,
        )
        repaired += 1
    assert repaired > 10


def test_ways_are_every_rule_that_does_alone_the_cheapest_two_and_the_cheapest_of_all(clashing, enumerate_plans):
    alone = two = 0
    for instance, error in clashing:
        soft = instance.rules[instance.rules["priority"] > 0]
        needed = [find_needed(instance, picked) for _, picked in enumerate_plans(instance, set(), True)]
        kept = instance.rules.set_index("rule")["limit"]
        cheapest = {}
        for limits in needed:
            moved = tuple(
                name
                for name, limit in sorted(limits.items())
                if abs(limit - kept[name]) > 1e-6 * max(1, abs(kept[name]))
            )
            weight = tuple(weigh_changes(instance.rules, limits))
            if set(moved) <= set(soft["rule"]):
                cheapest[moved] = min(weight, cheapest.get(moved, weight))
        told = {
            tuple(sorted(own["rule"])): tuple(
                weigh_changes(instance.rules, dict(zip(own["rule"], own["needed"], strict=True)))
            )
            for _, own in error.ways.groupby("repair")
        }
        singles = {names: weight for names, weight in cheapest.items() if len(names) == 1}
        assert {names for names in told if len(names) == 1} == set(singles)
        assert all(told[names] == pytest.approx(weight, abs=1e-5) for names, weight in singles.items())
        pairs = [weight for names, weight in cheapest.items() if len(names) == 2]
        best = [weight for names, weight in told.items() if len(names) == 2]
        overall = tuple(sorted(error.repairs["rule"]))
        assert bool(best) == bool(pairs) or len(overall) != 2
        if pairs and best:
            assert min(best) == pytest.approx(min(pairs), abs=1e-5)
        if cheapest:
            assert overall in told
            assert len(set(error.ways.loc[error.ways["is_cheapest"], "repair"])) == 1
        alone, two = alone + len(singles), two + bool(pairs)
    assert alone > 5
    assert two > 2


def test_one_rule_that_would_do_alone_comes_before_two_that_change_less(offers, rule):
    """Cash from 17 to 22 alone; or 2 % more of it and one move fewer: which costs less is for the owners to say."""
    rules = pd.concat([rule("few move"), rule("cash", "cost_cash", "", "<=", 17.0)])
    with pytest.raises(InfeasiblePlanError) as fault:
        choose(offers, rules)
    ways = fault.value.ways
    assert ways[["repair", "rule", "needed", "share", "is_cheapest"]].values.tolist() == [
        [1, "cash", 21.0, pytest.approx(4 / 17), True],
        [2, "few move", 2.0, 1.0, False],
    ]


def test_process_without_a_free_alternative_is_named(offers):
    locks = pd.DataFrame({"process": "payroll", "option": ["stay", "move"], "kind": "bar"})
    with pytest.raises(InfeasiblePlanError, match="'lock: payroll'") as fault:
        choose(offers, structure={"locks": locks})
    assert fault.value.conflicts == [["lock: payroll"]]
    assert fault.value.repairs.empty
    assert fault.value.complete


def test_message_names_clashing_rules_and_the_repair(offers, rule):
    rules = pd.concat([rule("few move"), rule("cash", "cost_cash", "", "<=", 17.0, priority=0)])
    with pytest.raises(InfeasiblePlanError, match=r"'cash' with 'few move'.*'few move' from 1 to 2"):
        choose(offers, rules)


def test_relaxed_first_is_the_rule_of_highest_priority_number(offers, rule):
    few, cash = rule("few move"), rule("cash", "cost_cash", "", "<=", 17.0)
    for loose, tight in ((few, cash), (cash, few)):
        with pytest.raises(InfeasiblePlanError) as fault:
            choose(offers, pd.concat([loose.assign(priority=4), tight.assign(priority=1)]))
        assert fault.value.repairs["rule"].tolist() == loose["rule"].tolist()


def test_rule_with_for_each_is_one_member_of_a_conflict(offers, rule):
    rules = pd.concat(
        [
            rule("owner cap", "headcount", "", "<=", 2.0, for_each="owner"),
            rule("one cannot help", "count", "", "<=", 5.0),
        ]
    )
    with pytest.raises(InfeasiblePlanError) as fault:
        choose(offers, rules)
    assert fault.value.conflicts == [["owner cap"]]
    assert fault.value.repairs[["rule", "needed"]].values.tolist() == [["owner cap", 5.0]]


def test_relative_repair_is_exact_where_the_total_depends_on_the_plan(offers, rule):
    limits = rule("share", "headcount", "owner == 'own'", ">=", 0.99, relative_to="headcount", priority=3)
    rules = pd.concat([limits, rule("at least one moves", sense=">=", limit=1.0, priority=0)])
    with pytest.raises(InfeasiblePlanError) as fault:
        choose(offers, rules)
    assert fault.value.repairs.loc[0, "needed"] == pytest.approx(6 / 9)


def test_search_stops_at_the_number_of_sets_asked_and_says_so(offers, rule):
    rules = pd.concat([rule(f"none {k}", where="", limit=1.0) for k in range(5)])
    instance = read_instance(offers, rules, None, None, None)
    assert len(find_conflicts(instance, 30.0, max_sets=3).sets) == 3
    assert not find_conflicts(instance, 30.0, max_sets=3).complete
    assert find_conflicts(instance, 30.0, max_sets=5).complete
    assert not find_conflicts(instance, 0.0).complete
