"""Shared money that counts in a measure: every answer against complete enumeration, with arithmetic of its own."""

from __future__ import annotations

import itertools
import math
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from sourcing.errors import CertificateError, InfeasiblePlanError
from sourcing.plan import (
    certify,
    choose,
    explain,
    find_near_optimal_plans,
    list_breaks,
    list_swaps,
    price_rules,
    repair_rules,
    sum_measure,
    sum_shared,
    trace_frontier,
)
from tests.conftest import seeds
from tests.plan.test_structure import Instance, draw_instance

LINES = ("handoffs", "charges", "once", "pools", "discounts")
RULES = ["rule", "measure", "where", "sense", "limit", "relative_to", "for_each", "priority"]


def draw_counted(seed: int) -> Instance:
    """Draw an instance of whole processes in which some lines of shared money count in cash, with rules on cash."""
    rng = np.random.default_rng(seed)
    made = draw_instance(seed)
    table = made.alternatives.assign(cash=made.alternatives["cost"] - 2.0, wave=made.alternatives["wave"].fillna(0.0))
    structure = {name: each for name, each in made.structure.items() if name not in ("items", "orders")}
    given = structure["charges"].itertuples(index=False) if "charges" in structure else []
    charges = [(*row, "", "", str(rng.choice(["charges", "once"]))) for row in given]
    charges.append((None, None, float(rng.integers(-6, 9)), "wave >= 2 or price > 9", "late", "once"))
    columns = ["column", "value", "cost", "where", "charge", "line"]
    structure["charges"] = pd.DataFrame(charges, columns=columns)
    if "pools" in structure and rng.random() < 0.5:
        structure["pools"] = structure["pools"].assign(where="is_as_is == True or owner == 'own'")
    lines = [line for line in LINES if rng.random() < 0.8] or ["once"]
    structure["counts"] = pd.DataFrame({"line": lines, "measure": "cash"})
    made = Instance(table, None, made.links, made.handoff_costs, structure)
    made.rules = draw_rules(rng, made)
    return made


def draw_rules(rng, made: Instance) -> pd.DataFrame:
    """Draw rules on cash near what some plan pays."""
    some = measure(made, [int(rng.choice(rows)) for rows in list_groups(made)])
    records = []
    for k in range(int(rng.integers(1, 4))):
        kind, sense = str(rng.choice(["total", "total", "where", "base", "share"])), str(rng.choice(["<=", ">="]))
        away = float(rng.choice([0.0, 0.5, -0.5]))
        priority = int(rng.integers(1, 5))
        if kind == "total":
            records.append((f"rule {k}", "cash", "", sense, some["cash"] + away, None, None, priority))
        elif kind == "where":
            records.append((f"rule {k}", "cash", "owner != 'own'", "<=", some["outside"] + away, None, None, priority))
        elif kind == "base" and some["cash"] > 0:
            limit = round(some["headcount"] / some["cash"], 3)
            records.append((f"rule {k}", "headcount", "", sense, limit, "cash", None, priority))
        else:
            limit = round(some["cash"] / some["headcount"], 3)
            records.append((f"rule {k}", "cash", "", sense, limit, "headcount", None, priority))
    return pd.DataFrame(records, columns=RULES)


def list_groups(made: Instance) -> list[list[int]]:
    return [list(rows) for _, rows in made.alternatives.groupby("process").groups.items()]


def measure(made: Instance, picked: list[int]) -> dict[str, float]:
    """Measure one plan by plain arithmetic: cost, cash, headcount, and cash of outside owners' rows."""
    rows = made.alternatives.iloc[picked]
    lines = dict.fromkeys(LINES, 0.0)
    for charge in made.structure["charges"].to_dict("records"):
        hit = rows if not charge["where"] else rows.query(charge["where"])
        hit = hit if charge["where"] else hit[hit[charge["column"]] == charge["value"]]
        lines[charge["line"]] += charge["cost"] * (len(hit) > 0)
    pools = made.structure.get("pools")
    if pools is not None:
        users = rows[rows["process"].isin(pools["process"])]
        users = users.query(pools["where"].iloc[0]) if "where" in pools else users[users["is_as_is"].astype(bool)]
        lines["pools"] = float(pools["cost"].max()) * (len(users) > 0)
    tiers = made.structure.get("tiers")
    for _, own in [] if tiers is None else tiers.groupby("value"):
        volume, steps = rows.loc[rows["owner"] == own["value"].iloc[0], "price"].sum(), own.sort_values("threshold")
        lines["discounts"] -= discount(volume, steps)
    if made.links is not None:
        unit = {frozenset(pair): cost for *pair, cost in made.handoff_costs.itertuples(index=False)}
        place = rows.set_index("process")["place"]
        lines["handoffs"] = sum(
            t * unit.get(frozenset((place[a], place[b])), 0.0) for a, b, t in made.links.itertuples(index=False)
        )
    counted = sum(lines[line] for line in made.structure["counts"]["line"])
    return {
        "cost": rows["cost"].sum() + sum(lines.values()),
        "cash": rows["cash"].sum() + counted,
        "headcount": float(rows["headcount"].sum()),
        "outside": rows.loc[rows["owner"] != "own", "cash"].sum(),
    }


def discount(volume: float, steps: pd.DataFrame) -> float:
    if steps["kind"].iloc[0] == "all_units":
        reached = steps[steps["threshold"] <= volume + 1e-6]
        return volume * reached["discount_share"].iloc[-1] if len(reached) else 0.0
    tops = [*steps["threshold"].iloc[1:], math.inf]
    return sum(
        share * max(0.0, min(volume, top) - low)
        for low, share, top in zip(steps["threshold"], steps["discount_share"], tops, strict=True)
    )


def find_use(rule: dict, totals: dict[str, float]) -> float:
    amount = totals["outside" if rule["where"] else rule["measure"]]
    return amount / totals[rule["relative_to"]] if isinstance(rule["relative_to"], str) else amount


def is_kept(rule: dict, totals: dict[str, float]) -> bool:
    """A relative limit is a linear row: amount - limit x base."""
    amount, allowed = totals["outside" if rule["where"] else rule["measure"]], 1e-6 * max(1, abs(rule["limit"]))
    base = totals[rule["relative_to"]] if isinstance(rule["relative_to"], str) else 1.0
    over = (amount - rule["limit"] * base) / abs(base)
    return over <= allowed if rule["sense"] == "<=" else over >= -allowed


def list_plans(made: Instance, kept=None) -> list[tuple[list[int], dict[str, float]]]:
    """List every plan that keeps the locks and the rules, or some of them."""
    rules = [rule for rule in made.rules.to_dict("records") if kept is None or rule["rule"] in kept]
    locks = made.structure.get("locks")
    plans = []
    for combination in itertools.product(*list_groups(made)):
        picked = list(combination)
        if locks is not None and not keeps_lock(locks.iloc[0], made.alternatives.iloc[picked]):
            continue
        totals = measure(made, picked)
        if all(is_kept(rule, totals) for rule in rules):
            plans.append((picked, totals))
    return plans


def keeps_lock(lock, rows) -> bool:
    own = rows[rows["process"] == lock["process"]].iloc[0]
    named = own["option"] == lock["option"] and ("wave" not in lock or lock["wave"] in (own["wave"],))
    named = named or (own["option"] == lock["option"] and lock.get("wave") != lock.get("wave"))
    return named == (lock["kind"] == "take")


def solve(made: Instance):
    try:
        return made.choose()
    except InfeasiblePlanError as fault:
        return fault


@pytest.mark.parametrize("seed", seeds(25, 8))
def test_plan_under_rules_on_counted_money_is_the_best_of_all(seed):
    made = draw_counted(seed)
    plans = list_plans(made)
    plan = solve(made)
    if not plans:
        assert isinstance(plan, InfeasiblePlanError)
        return
    assert plan.objective == pytest.approx(min(totals["cost"] for _, totals in plans), abs=2e-6)
    assert plan.status == "optimal"
    assert certify(plan)["holds"].all()
    picked = [made.alternatives.index[k] for k in find_places(made, plan)]
    totals = measure(made, picked)
    assert sum_measure(plan, "cash") == pytest.approx(totals["cash"])
    assert sum_measure(plan, "headcount") == totals["headcount"]
    for rule in made.rules.to_dict("records"):
        row = plan.rules.set_index("rule").loc[rule["rule"]]
        assert row["used"] == pytest.approx(find_use(rule, totals))


def find_places(made: Instance, plan) -> list[int]:
    keys = [tuple(key) for key in made.alternatives[["process", "option", "wave"]].itertuples(index=False)]
    return sorted(keys.index(tuple(key)) for key in plan.choices[["process", "option", "wave"]].itertuples(index=False))


@pytest.mark.parametrize("seed", seeds(12, 3))
def test_order_of_rows_changes_nothing_where_money_counts(seed):
    made = draw_counted(seed)
    one, two = (
        solve(made),
        solve(made.change(lambda table: table.sample(frac=1, random_state=1).reset_index(drop=True))),
    )
    if isinstance(one, InfeasiblePlanError):
        assert one.conflicts == two.conflicts
        return
    pd.testing.assert_frame_equal(one.rules, two.rules)
    pd.testing.assert_series_equal(one.lines, two.lines)


@pytest.mark.parametrize("seed", seeds(10, 4))
def test_prices_of_rules_on_counted_money_are_those_of_enumeration(seed):
    made = draw_counted(seed)
    plan = solve(made)
    if isinstance(plan, InfeasiblePlanError):
        return
    prices = price_rules(plan).set_index("rule")
    prices = prices[prices["kind"] == "rule"]

    def best(rules: pd.DataFrame) -> float:
        changed = replace(made, rules=rules)
        return min((totals["cost"] for _, totals in list_plans(changed)), default=math.inf)

    for name, row in prices.iterrows():
        own = made.rules["rule"] == name
        step = row["step"] * (1 if made.rules.loc[own, "sense"].iloc[0] == "<=" else -1)
        dropped = best(made.rules[~own])
        tighter = best(made.rules.assign(limit=made.rules["limit"] - step * own))
        looser = best(made.rules.assign(limit=made.rules["limit"] + step * own))
        assert row["drop_saving"] == pytest.approx(plan.objective - dropped, abs=1e-5)
        assert row["looser_saving"] == pytest.approx(max(0.0, plan.objective - looser), abs=1e-5) or name in list_odd(
            made
        )
        assert row["tighter_cost"] == pytest.approx(tighter - plan.objective, abs=1e-5)


def list_odd(made: Instance) -> set[str]:
    """Rules relative to a total that may be 0 or less: a looser limit of theirs is not a wider one."""
    return set(made.rules.loc[made.rules["relative_to"] == "cash", "rule"])


@pytest.mark.parametrize("seed", seeds(12, 3))
def test_frontier_of_counted_money_is_every_efficient_plan(seed):
    made = draw_counted(seed)
    points = {(round(t["cash"], 6), t["headcount"]) for _, t in list_plans(made)}
    if not points:
        return
    efficient = sorted(p for p in points if not any(q != p and q[0] <= p[0] + 1e-9 and q[1] <= p[1] for q in points))
    frontier = trace_frontier(
        made.alternatives, made.rules, ("cash", "headcount"), links=made.links, handoff_costs=made.handoff_costs,
        structure=made.structure,
    )  # fmt: skip
    assert frontier[["cash", "headcount"]].to_numpy() == pytest.approx(np.array(efficient), abs=1e-4)
    for point in frontier.to_dict("records"):
        assert sum_measure(point["plan"], "cash") == pytest.approx(point["cash"], abs=1e-4)


@pytest.mark.parametrize("seed", seeds(12, 3))
def test_a_plan_is_placed_among_efficient_ones_by_all_that_counts(seed):
    made = draw_counted(seed)
    plan = solve(made)
    if isinstance(plan, InfeasiblePlanError):
        return
    around = explain(plan).trace_around(("cash", "headcount"))
    own = around[around["chosen"]].iloc[0]
    totals = measure(made, find_places(made, plan))
    assert (own["cash"], own["headcount"]) == pytest.approx((totals["cash"], totals["headcount"]), abs=1e-4)
    beaten = any(
        other["headcount"] <= totals["headcount"]
        and other["cash"] <= totals["cash"] + 1e-9
        and other["headcount"] + other["cash"] < totals["headcount"] + totals["cash"] - 1e-3
        for _, other in list_plans(made)
    )
    assert bool(own["efficient"]) == (not beaten)


@pytest.mark.parametrize("seed", seeds(12, 3))
@pytest.mark.parametrize("weight", [1.0, -0.4])
def test_counted_money_in_an_objective_is_the_best_of_all(seed, weight):
    made = draw_counted(seed)
    plans = list_plans(made)
    if not plans:
        return
    plan = made.choose(objective=[({"cash": weight, "headcount": 0.5}, 0.5, "absolute"), "cost"])
    first = [weight * totals["cash"] + 0.5 * totals["headcount"] for _, totals in plans]
    within = [totals["cost"] for (_, totals), value in zip(plans, first, strict=True) if value <= min(first) + 0.5]
    assert plan.levels["best"].iloc[0] == pytest.approx(min(first), abs=1e-5)
    assert plan.objective == pytest.approx(min(within), abs=1e-4)


@pytest.mark.parametrize("seed", seeds(10, 4))
def test_swaps_and_breaks_see_counted_money(seed):
    made = draw_counted(seed)
    plan = solve(made)
    if isinstance(plan, InfeasiblePlanError):
        return
    places, groups = find_places(made, plan), list_groups(made)
    before = measure(made, places)
    keys = made.alternatives.set_index(["process", "option", "wave"])
    for swap in list_swaps(plan).to_dict("records"):
        taken = keys.index.get_loc((swap["process"], swap["option"], swap["wave"]))
        own = next(rows for rows in groups if taken in rows)
        after = measure(made, [taken if k in own else k for k in places])
        assert swap["extra_cost"] == pytest.approx(after["cost"] - before["cost"], abs=1e-6)
        broken = sorted(rule["rule"] for rule in made.rules.to_dict("records") if not is_kept(rule, after))
        assert list(swap["breaks"]) == broken
    free = replace(made, rules=None).choose()
    totals = measure(made, find_places(made, free))
    broken = sorted(rule["rule"] for rule in made.rules.to_dict("records") if not is_kept(rule, totals))
    assert list_breaks(free, made.rules) == broken


@pytest.mark.parametrize("seed", seeds(12, 3))
def test_near_optimal_plans_keep_rules_on_counted_money(seed):
    made = draw_counted(seed)
    plan = solve(made)
    if isinstance(plan, InfeasiblePlanError):
        return
    for other in find_near_optimal_plans(plan, slack=0.3, count=3):
        assert certify(other)["holds"].all()
        totals = measure(made, find_places(made, other))
        assert other.objective == pytest.approx(totals["cost"], abs=1e-6)
        assert all(is_kept(rule, totals) for rule in made.rules.to_dict("records"))


def find_clashing(wanted: int) -> list[tuple[Instance, InfeasiblePlanError]]:
    found, seed = [], 5000
    while len(found) < wanted:
        made = draw_counted(seed)
        made.rules = made.rules.assign(limit=made.rules["limit"] + np.where(made.rules["sense"] == "<=", -4.0, 4.0))
        seed += 1
        fault = solve(made)
        if isinstance(fault, InfeasiblePlanError) and list_plans(made, set()):
            found.append((made, fault))
    return found


@pytest.mark.parametrize("count", [4, pytest.param(12, marks=pytest.mark.slow)])
def test_clashes_and_repairs_of_rules_on_counted_money_are_those_of_enumeration(count):
    """Repairs are the cheapest where no total of `relative_to` moves with a limit."""
    kinds = set()
    for made, fault in find_clashing(count):
        names, minimal = list(made.rules["rule"]), []
        for size in range(1, len(names) + 1):
            for kept in itertools.combinations(names, size):
                if not any(set(small) <= set(kept) for small in minimal) and not list_plans(made, set(kept)):
                    minimal.append(sorted(kept))
        with_lock = [sorted([*small, *extra]) for small in minimal for extra in ([],)]
        stated = [[name for name in names if not name.startswith("lock")] for names in fault.conflicts]
        assert sorted(map(sorted, stated)) == sorted(with_lock) or "locks" in made.structure
        assert not fault.repairs.empty
        changed = replace(made, rules=repair_rules(fault, made.rules))
        assert list_plans(changed)
        assert certify(changed.choose())["holds"].all()
        kinds |= set(made.rules["relative_to"].fillna("none"))
        if (made.rules["relative_to"] == "cash").any():
            continue
        assert weigh(made, fault.repairs) == pytest.approx(
            min(weigh_plan(made, totals) for _, totals in list_plans(made, set())), abs=1e-5
        )
    assert {"none", "cash"} <= kinds


def weigh(made: Instance, repairs: pd.DataFrame) -> list[float]:
    needed, totals = dict(zip(repairs["rule"], repairs["needed"], strict=True)), [0.0] * 4
    for rule in made.rules.to_dict("records"):
        change = abs(needed.get(rule["rule"], rule["limit"]) - rule["limit"])
        totals[rule["priority"] - 1] += change / max(1, abs(rule["limit"]))
    return totals


def weigh_plan(made: Instance, of_plan: dict[str, float]) -> list[float]:
    totals = [0.0] * 4
    for rule in made.rules.to_dict("records"):
        if not is_kept(rule, of_plan):
            change = abs(find_use(rule, of_plan) - rule["limit"])
            totals[rule["priority"] - 1] += change / max(1, abs(rule["limit"]))
    return totals


@pytest.mark.parametrize("seed", seeds(18, 4))
def test_tighter_cap_on_counted_money_never_gains_where_processes_are_split(seed):
    made = draw_instance(seed)
    structure = {name: table for name, table in made.structure.items() if name != "locks"}
    counts = pd.DataFrame({"line": ["handoffs", "charges", "pools", "discounts", "splits"], "measure": "cash"})
    made.alternatives["cash"] = made.alternatives["cost"]
    free = replace(made, structure=structure | {"counts": counts})
    plan = solve(free)
    if isinstance(plan, InfeasiblePlanError):
        return
    assert sum_measure(plan, "cash") == pytest.approx(plan.objective)
    assert sum_shared(plan, "cash").sum() == pytest.approx(plan.lines.drop("cost").sum())
    for sense in ("<=", ">="):
        before = plan.objective
        for share in (1.0, 0.5, 2.0):
            limit = plan.objective + (share if sense == ">=" else -share)
            cap = pd.DataFrame([("cap", "cash", "", sense, limit, None, None)], columns=made.rules.columns[:7])
            then = solve(replace(free, rules=pd.concat([made.rules, cap], ignore_index=True)))
            if isinstance(then, InfeasiblePlanError):
                continue
            assert then.objective >= before - 1e-6
            over = sum_measure(then, "cash") - limit
            assert over <= 1e-5 if sense == "<=" else over >= -1e-5


def table(columns: str, *rows: tuple) -> pd.DataFrame:
    return pd.DataFrame(list(rows), columns=columns.split())


@pytest.fixture
def two() -> pd.DataFrame:
    """Two processes: at home 10 and 20 a piece, at acme 6 and 13, of which 1 is a price of judgment."""
    return table(
        "process option cost cash owner place",
        ("billing", "home", 20.0, 20.0, "own", "own@US"),
        ("billing", "acme", 13.0, 12.0, "acme", "acme@IN"),
        ("payroll", "home", 10.0, 10.0, "own", "own@US"),
        ("payroll", "acme", 6.0, 5.0, "acme", "acme@IN"),
    )


@pytest.fixture
def shared() -> dict[str, pd.DataFrame]:
    """Acme costs 8 a horizon and 1 once; only these count in cash, the second in one line of its own."""
    return {
        "charges": table("column value cost line", ("owner", "acme", 8.0, None), ("owner", "acme", 1.0, "tenders")),
        "counts": table("line measure", ("charges", "cash"), ("tenders", "cash")),
    }


def test_a_budget_holds_what_is_paid_once(two, shared):
    # both at acme: cost 19 + 9 = 28, cash 17 + 9 = 26; billing alone: 23 + 9, cash 22 + 9; both at home 30
    cap = table("rule measure sense limit", ("cap", "cash", "<=", 25.0))
    assert choose(two, structure=shared).objective == pytest.approx(28.0)
    with pytest.raises(InfeasiblePlanError) as fault:
        choose(two, cap, structure=shared)
    assert fault.value.repairs["needed"].tolist() == pytest.approx([26.0])
    # without `counts` the same rule sees 17 and holds
    plan = choose(two, cap, structure={"charges": shared["charges"]})
    assert plan.rules["used"].tolist() == pytest.approx([17.0])


def test_lines_of_charges_stand_apart_and_count_as_said(two, shared):
    plan = choose(two, structure=shared)
    assert plan.lines[["charges", "tenders"]].tolist() == pytest.approx([8.0, 1.0])
    assert sum_shared(plan, "cash").to_dict() == pytest.approx({"charges": 8.0, "tenders": 1.0})
    assert sum_measure(plan, "cash") == pytest.approx(26.0)
    assert sum_measure(plan, "cost") == pytest.approx(19.0)


def test_a_rule_that_picks_rows_counts_what_they_carry(two, shared):
    rules = table(
        "rule measure where sense limit relative_to for_each",
        ("outside", "cash", "owner == 'acme'", "<=", 17.0, None, None),
        ("each owner", "cash", "", "<=", 30.0, None, "owner"),
        ("share", "cash", "owner == 'acme'", "<=", 1.0, "cash", None),
    )
    plan = choose(two, rules, structure=shared)
    used = plan.rules.set_index("rule")["used"]
    assert used["outside"] == used["each owner [acme]"] == pytest.approx(17.0)
    assert used["share"] == pytest.approx(17.0 / 26.0)


def test_nothing_is_paid_to_keep_a_rule_that_asks_for_more(two, shared):
    """A floor on cash is kept by what is done, not by paying for what is not used."""
    floor = table("rule measure sense limit", ("floor", "cash", ">=", 30.5))
    plan = choose(two, floor, structure=shared)
    # payroll alone at acme: cash 25 + 9 = 34, cost 35; billing alone: cash 31, cost 32
    assert plan.choices.set_index("process")["option"].to_dict() == {"billing": "acme", "payroll": "home"}
    assert plan.objective == pytest.approx(32.0)


def test_a_charge_may_hold_only_where_a_text_says(two):
    waved = pd.concat([two.assign(wave=1), two[two["option"] == "acme"].assign(wave=2, cost=two["cost"] + 0.5)])
    by_then = {"charges": table("charge where cost", ("early", "owner == 'acme' and wave < 2", 3.0))}
    plan = choose(waved, structure=by_then)
    assert plan.choices["wave"].tolist() == [2, 2]
    assert plan.lines["charges"] == 0.0
    assert plan.shared[["line", "name", "used"]].values.tolist() == [["charges", "early", 0.0]]


def test_a_negative_charge_is_paid_only_where_it_is_used(two):
    back = {"charges": table("column value cost", ("owner", "acme", -2.0), ("owner", "own", 0.5))}
    plan = choose(two[two["option"] == "home"], structure={"charges": back["charges"].iloc[[1]]})
    assert plan.objective == pytest.approx(30.5)
    assert choose(two, structure=back).objective == pytest.approx(17.0)
    barred = table("process option kind", ("billing", "acme", "bar"), ("payroll", "acme", "bar"))
    assert choose(two, structure=back | {"locks": barred}).objective == pytest.approx(30.5)


def test_traffic_between_split_processes_is_not_sent_round_to_keep_a_rule():
    """Halves at both places could hand over crosswise for 4, yet the cheapest way costs nothing."""
    rows = [(p, o, 10.0, 10.0, o, o) for p in ("a", "b") for o in ("x", "y")]
    offers = table("process option cost cash owner place", *rows)
    halves = [(f"{p} {o}", "count", f"process == '{p}' and option == '{o}'", "==", 0.5) for p in "ab" for o in "xy"]
    rules = table("rule measure where sense limit", *halves, ("floor", "cash", "", ">=", 21.0))
    structure = {
        "items": table("process divisible", ("a", True), ("b", True)),
        "counts": table("line measure", ("handoffs", "cash")),
    }
    links = table("process_a process_b traffic", ("a", "b", 1.0))
    costs = table("place_a place_b cost", ("x", "y", 4.0))
    plan = choose(offers, rules.iloc[:-1], links, costs, structure=structure)
    assert sum_measure(plan, "cash") == pytest.approx(20.0)
    with pytest.raises(InfeasiblePlanError):
        choose(offers, rules, links, costs, structure=structure)


def test_a_discount_reached_is_taken_even_where_a_rule_asks_for_more_cash(two):
    structure = {
        "tiers": table(
            "column value measure threshold discount_share kind", ("owner", "acme", "count", 2.0, 0.5, "all_units")
        ),
        "counts": table("line measure", ("discounts", "cash")),
    }
    # two at acme: cash 17 less 0.5 x 2 = 16
    floor = table("rule measure sense limit", ("floor", "cash", ">=", 16.5))
    assert choose(two, structure=structure).objective == pytest.approx(18.0)
    assert choose(two, floor, structure=structure).objective == pytest.approx(23.0)


def test_what_parts_pay_in_full_counts():
    offers = table(
        "process option cost cash fixed_cost", ("a", "x", 10.0, 10.0, 2.0), ("a", "y", 12.0, 12.0, 4.0)
    )  # fmt: skip
    rules = table("rule measure where sense limit", ("half", "count", "option == 'x'", "<=", 0.5))
    structure = {"items": table("process divisible", ("a", True)), "counts": table("line measure", ("splits", "cash"))}
    plan = choose(offers, rules, structure=structure)
    # half of each: 11, and half of 2 + 4 again; y alone 12
    assert plan.objective == pytest.approx(12.0)
    forced = pd.concat([rules, table("rule measure where sense limit", ("least", "count", "option == 'x'", ">=", 0.5))])
    both = choose(offers, forced, structure=structure)
    assert sum_measure(both, "cash") == pytest.approx(14.0)
    cap = table("rule measure where sense limit", ("cap", "cash", "", "<=", 13.0))
    with pytest.raises(InfeasiblePlanError):
        choose(offers, pd.concat([forced, cap]), structure=structure)


def count_less(plan):
    counts = plan.question.structure["counts"].iloc[:1]
    return replace(plan, question=replace(plan.question, structure=dict(plan.question.structure) | {"counts": counts}))


def shift_line(plan):
    return replace(plan, lines=plan.lines.add(pd.Series({"charges": 1.0, "tenders": -1.0}), fill_value=0.0))


CORRUPTIONS = {
    "used: cap": lambda p: replace(p, rules=p.rules.assign(used=17.0)),
    "used: cap ": count_less,
    "line: charges": shift_line,
    "lines missing": lambda p: replace(p, lines=p.lines.drop("tenders")),
    "tenders: owner acme": lambda p: replace(p, shared=p.shared.assign(money=[8.0, 0.0])),
}


@pytest.mark.parametrize("check", CORRUPTIONS)
def test_corrupted_counted_money_fails_its_check(check, two, shared):
    plan = choose(two, table("rule measure sense limit", ("cap", "cash", "<=", 30.0)), structure=shared)
    assert certify(plan)["holds"].all()
    with pytest.raises(CertificateError) as fault:
        certify(CORRUPTIONS[check](plan))
    assert check.strip() in str(fault.value) or "sum of lines" in str(fault.value)
