"""Blocks chosen for together: equal to trying everything, never below the proven bound, the same for any workers."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest

from sourcing.errors import InfeasiblePlanError, InputError
from sourcing.plan import Block, Together, ask, choose_together
from tests.conftest import seeds
from tests.plan.together.groups import find_best, make_group


@pytest.mark.parametrize("structured", [False, True], ids=["plain", "structured"])
@pytest.mark.parametrize("seed", seeds(60, quick=5))
def test_a_group_is_chosen_for_as_trying_every_choice_does(seed, structured):
    group = make_group(seed, structured=structured)
    best = find_best(group)
    if best == math.inf:
        with pytest.raises(InfeasiblePlanError):
            choose_together(group.blocks, group.rules, tiers=group.tiers, counts=group.counts, gap=0.0)
        return
    plan = choose_together(group.blocks, group.rules, tiers=group.tiers, counts=group.counts, gap=0.0)
    assert plan.objective == pytest.approx(best, abs=1e-6)
    assert plan.bound == pytest.approx(best, abs=1e-5)


def move_offers(cost: float) -> pd.DataFrame:
    return pd.DataFrame(
        {"process": ["p", "p"], "option": ["stay", "move"], "cost": [10.0, cost], "price": [0.0, 5.0],
         "owner": ["own", "acme"]}
    )  # fmt: skip


def cap_moves(limit: float) -> pd.DataFrame:
    return pd.DataFrame(
        {"rule": ["moves"], "measure": "count", "where": "option == 'move'", "sense": "<=", "limit": limit}
    )


def test_the_move_that_saves_more_is_made_and_the_other_gives_up_its_own():
    blocks = [Block("north", ask(move_offers(6.0))), Block("south", ask(move_offers(3.0)))]
    with Together(blocks, cap_moves(1.0)) as together:
        plan = together.choose(gap=0.0)
        free = together.choose(gap=0.0, without=["moves"])
        north, south = (together.state_block(plan, name) for name in ("north", "south"))
    assert (plan.objective, free.objective) == (13.0, 9.0)
    assert plan.rules.loc[0, ["used", "slack"]].tolist() == [1.0, 0.0]
    assert free.rules.empty
    assert (north.objective, north.bound, south.objective, south.bound) == (10.0, 6.0, 3.0, 3.0)


def test_a_price_is_what_one_more_move_would_save():
    blocks = [Block(f"b{k}", ask(move_offers(float(k)))) for k in range(5)]
    plan = choose_together(blocks, cap_moves(2.0), gap=0.0)
    assert plan.objective == 0.0 + 1.0 + 10.0 * 3
    assert 7.0 <= plan.rules["price"].iloc[0] <= 9.0


def test_scales_weigh_cost_and_measures_of_a_block():
    blocks = [Block("north", ask(move_offers(6.0)), {"cost": 3.0}), Block("south", ask(move_offers(3.0)))]
    assert choose_together(blocks, cap_moves(1.0), gap=0.0).objective == 3.0 * 6.0 + 10.0
    spend = pd.DataFrame({"rule": ["spend"], "measure": ["price"], "where": "", "sense": "<=", "limit": 9.0})
    twice = [Block("north", ask(move_offers(1.0)), {"price": 2.0}), Block("south", ask(move_offers(3.0)))]
    assert choose_together(twice, spend, gap=0.0).objective == 10.0 + 3.0


def test_a_discount_that_no_block_reaches_alone_is_reached_together():
    blocks = [Block(name, ask(move_offers(10.5))) for name in ("north", "south")]
    tiers = pd.DataFrame({"column": ["owner"], "value": "acme", "measure": "price", "threshold": 10.0,
                          "discount_share": 0.2, "kind": "all_units"})  # fmt: skip
    plan = choose_together(blocks, tiers=tiers, gap=0.0)
    assert plan.objective == 10.5 * 2 - 0.2 * 10.0
    assert plan.discounts["discount"].tolist() == [2.0]
    assert plan.volumes.iloc[:, 0].to_dict() == {"north": 5.0, "south": 5.0}


def test_no_more_owners_are_used_than_there_may_be():
    offers = [move_offers(3.0).assign(owner=["own", owner]) for owner in ("acme", "acme", "other")]
    blocks = [Block(f"b{k}", ask(table)) for k, table in enumerate(offers)]
    rule = pd.DataFrame({"rule": ["one"], "measure": "distinct_owner", "where": "owner != 'own'", "sense": "<=",
                         "limit": 1.0})  # fmt: skip
    plan = choose_together(blocks, rule, gap=0.0)
    assert plan.objective == 3.0 + 3.0 + 10.0
    assert plan.rules["used"].tolist() == [1.0]


def test_any_number_of_workers_gives_the_same():
    group = make_group(3)
    found = [
        choose_together(group.blocks, group.rules, tiers=group.tiers, counts=group.counts, workers=workers)
        for workers in (1, 2)
    ]
    for name, shares in found[0].shares.items():
        np.testing.assert_array_equal(shares, found[1].shares[name])
    pd.testing.assert_frame_equal(found[0].rules, found[1].rules)
    assert (found[0].objective, found[0].bound) == (found[1].objective, found[1].bound)


def test_joint_rules_that_leave_no_choice_are_named_with_how_far_they_are_missed():
    blocks = [Block(name, ask(move_offers(6.0))) for name in ("north", "south")]
    rules = cap_moves(1.0).assign(sense=">=", limit=3.0)
    with pytest.raises(InfeasiblePlanError, match="'moves' by 1") as caught:
        choose_together(blocks, rules)
    assert caught.value.conflicts == [["moves"]]


def test_a_block_without_a_plan_of_its_own_says_which_of_its_rules_clash():
    own = pd.DataFrame({"rule": ["none"], "measure": "count", "where": "", "sense": "<=", "limit": 0.0})
    blocks = [Block("north", ask(move_offers(6.0))), Block("south", ask(move_offers(6.0), own))]
    with pytest.raises(InfeasiblePlanError) as caught:
        choose_together(blocks, cap_moves(1.0))
    assert caught.value.conflicts == [["none"]]


@pytest.mark.parametrize(
    ("rules", "told"),
    [
        (cap_moves(1.0).assign(measure="heads"), "block 'north': .*got 'heads'"),
        (cap_moves(1.0).assign(measure="distinct_ower"), "got 'distinct_ower'.*did you mean 'owner'"),
        (cap_moves(1.0).assign(measure="distinct_owner", sense=">="), "must have the sense <="),
        (cap_moves(1.0).assign(where="option = 'move'"), "block 'north': rule 'moves'"),
        (pd.concat([cap_moves(1.0)] * 2), "rule names must be unique"),
    ],
)
def test_a_joint_rule_that_cannot_be_read_is_refused(rules, told):
    with pytest.raises(InputError, match=told):
        choose_together([Block("north", ask(move_offers(6.0)))], rules)


def test_blocks_have_names_of_their_own_and_minimize_cost():
    block = Block("north", ask(move_offers(6.0)))
    with pytest.raises(InputError, match="names of their own; got 'north'"):
        choose_together([block, block])
    with pytest.raises(InputError, match="must minimize its cost; got 'price' at block 'north'"):
        choose_together([Block("north", ask(move_offers(6.0), objective="price"))])
