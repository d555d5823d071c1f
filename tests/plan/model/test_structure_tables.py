"""Each table of `structure` alone, on numbers that can be checked by hand."""

import numpy as np
import pandas as pd
import pytest

from sourcing.errors import InfeasiblePlanError, InputError
from sourcing.plan import choose


def table(columns, *rows):
    return pd.DataFrame(list(rows), columns=columns.split())


@pytest.fixture
def two():
    """Two processes: stay at 10 and 20, or move to acme or zen."""
    return table(
        "process option cost owner price is_as_is wave",
        ("billing", "stay", 20.0, "own", 0.0, True, np.nan),
        ("billing", "acme", 13.0, "acme", 13.0, False, 1.0),
        ("billing", "zen", 14.0, "zen", 14.0, False, 2.0),
        ("payroll", "stay", 10.0, "own", 0.0, True, np.nan),
        ("payroll", "acme", 7.0, "acme", 7.0, False, 1.0),
        ("payroll", "zen", 6.0, "zen", 6.0, False, 2.0),
    )


def options(plan):
    return plan.choices["option"].tolist()


def test_charge_is_paid_once_and_draws_work_together(two):
    free = choose(two, gap=0.0)
    assert (options(free), free.objective) == (["acme", "zen"], 19.0)
    charges = table("column value cost", ("owner", "acme", 5.0), ("owner", "zen", 5.0))
    plan = choose(two, structure={"charges": charges}, gap=0.0)
    assert plan.objective == 25.0
    assert plan.lines.to_dict() == {"cost": 20.0, "charges": 5.0}
    assert len(set(options(plan))) == 1
    assert plan.shared["money"].sum() == 5.0


def test_pool_ends_only_when_its_last_user_has_left(two):
    pools = table("pool process cost", ("site", "billing", 9.0), ("site", "payroll", np.nan))
    plan = choose(two, structure={"pools": pools}, gap=0.0)
    assert plan.lines["pools"] == 0.0
    locks = table("process option kind", ("payroll", "stay", "take"))
    held = choose(two, structure={"pools": pools, "locks": locks}, gap=0.0)
    assert held.lines.to_dict() == {"cost": 23.0, "pools": 9.0}


def test_pool_may_say_who_still_uses_it(two):
    two["late"] = two["is_as_is"] | (two["wave"] == 2)
    pools = table("pool process cost column", ("site", "payroll", 2.0, "late"))
    plan = choose(two, structure={"pools": pools}, gap=0.0)
    assert options(plan) == ["acme", "acme"]
    assert choose(two, structure={"pools": pools.assign(cost=0.5)}, gap=0.0).lines["pools"] == 0.5


def test_all_units_discount_holds_from_its_threshold_on_everything(two):
    tiers = table(
        "column value measure threshold discount_share kind", ("owner", "acme", "price", 20.0, 0.1, "all_units")
    )
    plan = choose(two, structure={"tiers": tiers}, gap=0.0)
    assert options(plan) == ["acme", "acme"]
    assert plan.lines["discounts"] == pytest.approx(-2.0)
    assert plan.shared.loc[0, ["line", "used", "money"]].tolist() == ["discounts", 20.0, -2.0]
    missed = choose(two, structure={"tiers": tiers.assign(threshold=20.001)}, gap=0.0)
    assert missed.objective == 19.0


def test_incremental_discount_holds_for_what_exceeds_its_threshold(two):
    rows = [("owner", "acme", "price", start, share, "incremental") for start, share in ((5.0, 0.1), (15.0, 0.5))]
    tiers = table("column value measure threshold discount_share kind", *rows)
    plan = choose(two, structure={"tiers": tiers}, gap=0.0)
    assert plan.lines["discounts"] == pytest.approx(-(0.1 * 10 + 0.5 * 5))
    assert plan.objective == pytest.approx(20 - 3.5)
    # what is earned below the second threshold counts: both at acme 20 - 0.1 x 10 - 0.3 x 5, apart 19 - 0.1 x 8
    low = choose(two, structure={"tiers": tiers.assign(discount_share=[0.1, 0.3])}, gap=0.0)
    assert low.objective == pytest.approx(17.5)


def test_divisible_process_is_split_where_one_provider_may_not_have_it_all(two):
    two["fixed_cost"] = 0.5
    items = table("process divisible min_share max_parts", ("billing", True, 0.3, 2))
    cap = table(
        "rule measure where sense limit", ("cap", "count", "process == 'billing' and owner == 'acme'", "<=", 0.6)
    )
    plan = choose(two, cap, structure={"items": items}, gap=0.0)
    split = plan.choices[plan.choices["process"] == "billing"]
    assert split["option"].tolist() == ["acme", "zen"]
    assert split["share"].tolist() == pytest.approx([0.6, 0.4])
    # 0.6 x 13 + 0.4 x 14 = 13.4, and the half not scaled of each part: 0.5 x (0.4 + 0.6)
    assert plan.lines.to_dict() == pytest.approx({"cost": 19.4, "splits": 0.5})
    whole = choose(two, cap, structure={"items": items.assign(divisible=False)}, gap=0.0)
    assert whole.objective == 20.0
    larger = choose(two, cap, structure={"items": items.assign(min_share=0.45)}, gap=0.0)
    assert larger.choices.query("process == 'billing'")["share"].tolist() in ([1.0], pytest.approx([0.55, 0.45]))


def test_one_part_is_no_split(two):
    cap = table("rule measure where sense limit", ("cap", "count", "owner != 'own'", "<=", 1.5))
    for cells in ({"max_parts": 1}, {"min_share": 0.6}):
        items = table("process divisible", ("billing", True)).assign(**cells)
        assert choose(two, cap, structure={"items": items}, gap=0.0).choices["share"].eq(1.0).all()


def test_split_traffic_passes_by_share(two):
    two["place"] = two["owner"]
    items = table("process divisible", ("billing", True))
    cap = table(
        "rule measure where sense limit",
        ("cap", "count", "process == 'billing' and owner == 'acme'", "<=", 0.5),
        ("stay", "count", "process == 'payroll' and owner == 'own'", "==", 1.0),
    )
    links = table("process_a process_b traffic", ("billing", "payroll", 2.0))
    costs = table("place_a place_b cost", ("acme", "own", 1.0), ("zen", "own", 1.5), ("acme", "zen", 9.0))
    plan = choose(two, cap, links, costs, structure={"items": items}, gap=0.0)
    assert plan.handoffs[["place_a", "traffic", "cost"]].values.tolist() == [["acme", 1.0, 1.0], ["zen", 1.0, 1.5]]
    assert plan.lines["handoffs"] == 2.5


def test_two_split_processes_route_their_traffic_cheaply(two):
    two["place"] = two["owner"]
    items = table("process divisible", ("billing", True), ("payroll", True))
    rows = [
        (f"{process} {owner}", "count", f"process == '{process}' and owner == '{owner}'", "==", share)
        for process, shares in (("billing", (0.5, 0.5)), ("payroll", (0.25, 0.75)))
        for owner, share in zip(("acme", "zen"), shares, strict=True)
    ]
    cap = table("rule measure where sense limit", *rows)
    links = table("process_a process_b traffic", ("billing", "payroll", 4.0))
    costs = table("place_a place_b cost", ("acme", "zen", 3.0), ("own", "zen", 1.0), ("own", "acme", 1.0))
    plan = choose(two, cap, links, costs, structure={"items": items}, gap=0.0)
    assert plan.lines["handoffs"] == pytest.approx(3.0)
    assert plan.handoffs["traffic"].sum() == pytest.approx(4.0)


def order(kind, column=None, lag=0.0, a="billing", b="payroll"):
    return {"orders": table("kind process_a process_b column lag", (kind, a, b, column, lag))}


def test_orders_keep_processes_together_and_apart(two):
    together = choose(two, structure=order("together", "owner"), gap=0.0)
    assert together.objective == 20.0
    assert len(set(together.choices["owner"])) == 1
    assert choose(two, structure=order("apart", "owner"), gap=0.0).objective == 19.0
    cap = table("rule measure where sense limit", ("cap", "count", "owner == 'zen'", "<=", 0.0))
    assert choose(two, cap, structure=order("apart", "owner"), gap=0.0).objective == 23.0


def test_together_on_wave_lets_both_stay_and_apart_does_too(two):
    cap = table("rule measure where sense limit", ("cap", "count", "owner != 'own'", "<=", 0.0))
    for kind in ("together", "apart"):
        assert choose(two, cap, structure=order(kind, "wave"), gap=0.0).objective == 30.0
    assert choose(two, structure=order("apart", "wave"), gap=0.0).objective == 19.0
    assert choose(two, structure=order("together", "wave"), gap=0.0).objective == 20.0


def test_not_before_waits_for_the_other_and_its_lag(two):
    # payroll first in wave 2 (zen) would make billing wait for wave 2
    assert choose(two, structure=order("not_before"), gap=0.0).objective == 20.0
    assert choose(two, structure=order("not_before", lag=1.0), gap=0.0).objective == 21.0
    assert choose(two, structure=order("not_before", a="payroll", b="billing", lag=1.0), gap=0.0).objective == 19.0


def test_what_waits_for_a_process_that_stays_never_starts(two):
    locks = table("process option kind", ("payroll", "stay", "take"))
    plan = choose(two, structure=order("not_before") | {"locks": locks}, gap=0.0)
    assert options(plan) == ["stay", "stay"]
    numbered = two.assign(wave=two["wave"].fillna(0.0))
    assert options(choose(numbered, structure=order("not_before") | {"locks": locks}, gap=0.0)) == ["stay", "stay"]


def test_conflicts_name_orders_items_and_locks(two):
    locks = table("process option kind", ("billing", "acme", "take"), ("payroll", "acme", "take"))
    with pytest.raises(InfeasiblePlanError) as fault:
        choose(two, structure=order("apart", "owner") | {"locks": locks})
    assert fault.value.conflicts == [["lock: billing", "lock: payroll", "order: billing apart from payroll"]]
    items = table("process divisible min_share max_parts", ("billing", True, 0.4, 2))
    cap = table(
        "rule measure where sense limit priority",
        ("acme", "count", "process == 'billing' and owner == 'acme'", "==", 0.2, 0),
        ("zen", "count", "process == 'billing' and owner == 'zen'", "==", 0.4, 0),
    )
    with pytest.raises(InfeasiblePlanError, match="drop a lock, an order or a rule") as fault:
        choose(two, cap, structure={"items": items})
    assert fault.value.conflicts == [["acme", "item: billing"]]


def test_all_barred_by_locks_names_every_process(two):
    locks = two[["process", "option"]].assign(kind="bar")
    with pytest.raises(InfeasiblePlanError) as fault:
        choose(two, structure={"locks": locks})
    assert fault.value.conflicts == [["lock: billing"], ["lock: payroll"]]


def test_one_option_each_is_a_plan(two):
    only = two[two["is_as_is"]]
    charges = table("column value cost", ("owner", "own", 5.0))
    assert choose(only, structure={"charges": charges}).objective == 35.0


def test_sizes_far_apart_keep_discounts_and_charges_exact(two):
    for scale in (1e-6, 1e12):
        money = two.assign(cost=two["cost"] * scale, price=two["price"] * scale)
        charges = table("column value cost", ("owner", "acme", 5.0 * scale), ("owner", "zen", 5.0 * scale))
        assert choose(money, structure={"charges": charges}, gap=0.0).objective == pytest.approx(25 * scale, rel=1e-9)
    tiers = table(
        "column value measure threshold discount_share kind", ("owner", "acme", "price", 20e12, 0.1, "all_units")
    )
    big = two.assign(cost=two["cost"] * 1e12, price=two["price"] * 1e12)
    assert choose(big, structure={"tiers": tiers}, gap=0.0).objective == pytest.approx(18e12)


CHARGES, TIERS = "column value cost", "column value measure threshold discount_share kind"
GOOD_TIER = ("owner", "acme", "price", 5.0, 0.1, "all_units")


def tier(**cells):
    return table(TIERS, GOOD_TIER).assign(**cells)


UNSOUND = [
    ({"charges": table(CHARGES, ("ownr", "acme", 1.0))}, "did you mean 'owner'"),
    ({"charges": table(CHARGES, ("owner", "acmee", 1.0))}, r"value must occur.*charges, row 0.*did you mean 'acme'"),
    ({"charges": table("cost charge line where", (1.0, "x", "pools", "price > 0"))}, "no line of other money.*row 0"),
    ({"charges": table("cost line where", (1.0, "fixed", "price > 0"))}, "a charge must have a name.*row 0"),
    ({"charges": table("column value cost where", ("owner", "acme", 1.0, "prize > 0"))}, "charge 'owner acme'.*prize"),
    ({"pools": table("pool process cost where", ("x", "billing", 1.0, "prize > 0"))}, "pool 'x'.*prize"),
    ({"counts": table("line measure", ("tenders", "price"))}, r"line must be one of shared money.*counts, row 0"),
    ({"counts": table("line measure", ("pools", "cost"))}, "other than cost, which holds every line; got 'cost'"),
    ({"counts": table("line measure", ("pools", "prise"))}, r"counts, row 0.*did you mean 'price'"),
    ({"counts": table("line measure", ("pools", "price"), ("pools", "price"))}, "a line must count once"),
    ({"charges": table(CHARGES, ("owner", "acme", 1.0), ("owner", "acme", 2.0))}, "must occur once"),
    ({"charges": table("column value", ("owner", "acme"))}, "no 'cost' at charges"),
    ({"pools": table("pool process cost", ("x", "bill", 1.0))}, r"pools, row 0.*did you mean 'billing'"),
    ({"pools": table("pool process cost", ("x", "billing", np.nan))}, "a pool must have a cost"),
    ({"pools": table("pool process cost", (None, "billing", 1.0))}, "a pool must have a name"),
    ({"pools": table("pool process cost", ("x", "billing", 1.0), ("x", "payroll", 2.0))}, "whole pool's cost"),
    ({"pools": table("pool process cost", ("x", "billing", 1.0), ("x", "billing", 1.0))}, "user must occur once"),
    ({"pools": table("pool process cost column", ("x", "billing", 1.0, "owner"))}, "owner must be True or False"),
    ({"tiers": tier(measure="pric")}, "did you mean 'price'"),
    ({"tiers": tier(measure="owner")}, "owner must be a number"),
    ({"tiers": tier(threshold=-1.0)}, "threshold must be at least 0"),
    ({"tiers": tier(discount_share=1.5)}, "discount_share must be from 0 to 1"),
    ({"tiers": tier(kind="all units")}, "did you mean 'all_units'"),
    ({"tiers": pd.concat([tier(), tier(discount_share=0.2)])}, "thresholds .* must differ"),
    ({"tiers": pd.concat([tier(), tier(threshold=9.0, discount_share=0.05)])}, "must not fall"),
    ({"tiers": pd.concat([tier(), tier(threshold=9.0, kind="incremental")])}, "of one kind"),
    ({"items": table("process divisible", ("bill", True))}, "did you mean 'billing'"),
    ({"items": table("process divisible", ("billing", "yes"))}, "divisible must be True or False"),
    ({"items": table("process divisible min_share", ("billing", True, 1.2))}, "min_share must be from 0 to 1"),
    ({"items": table("process divisible max_parts", ("billing", True, 1.5))}, "max_parts must be whole"),
    ({"items": table("process divisible max_parts", ("billing", True, 0))}, "max_parts must be at least 1"),
    ({"items": table("process divisible", ("billing", True), ("billing", True))}, "must occur once"),
    ({"items": table("process divisible Min.Share", ("billing", True, 0.2))}, "did you mean 'min_share'"),
    (order("togther", "owner"), "did you mean 'together'"),
    (order("together"), "column must be a column"),
    (order("together", "ownr"), r"orders, row 0.*did you mean 'owner'"),
    (order("apart", "owner", b="billing"), "must name two processes"),
    (order("not_before", lag=np.inf), "lag must be a finite number"),
    ({"stairs": table("a", (1,))}, "known tables only"),
]


@pytest.mark.parametrize(("structure", "words"), UNSOUND, ids=[words for _, words in UNSOUND])
def test_unsound_structure_is_refused_by_table_row_and_column(structure, words, two):
    with pytest.raises(InputError, match=words) as fault:
        choose(two, structure=structure)
    assert "Hint:" in str(fault.value)


def test_missing_columns_of_alternatives_are_named(two):
    with pytest.raises(InputError, match="no column 'wave'"):
        choose(two.drop(columns="wave"), structure=order("not_before"))
    with pytest.raises(InputError, match="'is_as_is'"):
        choose(two.drop(columns="is_as_is"), structure={"pools": table("pool process cost", ("x", "billing", 1.0))})
    items = {"items": table("process divisible", ("billing", True))}
    with pytest.raises(InputError, match="fixed_cost must be at least 0"):
        choose(two.assign(fixed_cost=-1.0), structure=items)
    negative = two.assign(price=-1.0)
    with pytest.raises(InputError, match="price must be at least 0 where tiers count it"):
        choose(negative, structure={"tiers": tier()})


def test_empty_tables_and_none_change_nothing_but_the_lines(two):
    empty = {
        "items": table("process divisible"), "charges": table(CHARGES), "pools": table("pool process cost"),
        "tiers": table(TIERS), "orders": table("kind process_a process_b"), "locks": None,
    }  # fmt: skip
    plan = choose(two, structure=empty, gap=0.0)
    assert plan.objective == 19.0
    assert plan.lines.to_dict() == {"cost": 19.0, "charges": 0.0, "pools": 0.0, "discounts": 0.0, "splits": 0.0}
