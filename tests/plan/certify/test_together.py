"""The certificate of a joint plan catches what is not so, and proves its bound from the prices alone."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest

from sourcing.errors import CertificateError
from sourcing.plan import Block, ask, choose_together
from sourcing.plan.certify import certify_together, recount_block
from sourcing.plan.together.state import state_shares

OFFERS = pd.DataFrame(
    {"process": ["p", "p"], "option": ["stay", "move"], "cost": [10.0, 6.0], "price": [0.0, 8.0],
     "owner": ["own", "acme"]}
)  # fmt: skip
RULES = pd.DataFrame({"rule": ["moves"], "measure": "count", "where": "option == 'move'", "sense": "<=", "limit": 1.0})
TIERS = pd.DataFrame({"column": ["owner"], "value": "acme", "measure": "price", "threshold": 5.0,
                      "discount_share": 0.25, "kind": "all_units"})  # fmt: skip
BLOCKS = [Block("north", ask(OFFERS)), Block("south", ask(OFFERS.assign(cost=[10.0, 3.0])))]


@pytest.fixture(scope="module")
def plan():
    return choose_together(BLOCKS, RULES, tiers=TIERS, gap=0.0)


def recount(plan, price, volume):
    priced = [("moves", None, price)]
    volumes = {("owner", "acme", "price"): volume}
    counted = [
        recount_block(
            state_shares(block.question, plan.shares[block.name], -1e9), {}, RULES, TIERS, priced, volumes, []
        )
        for block in BLOCKS
    ]
    return certify_together(plan, counted, RULES, TIERS, (), priced, volumes)


def test_the_bound_is_what_prices_prove_by_hand(plan):
    """South moves for 3 and gets 2 of 8 back; north stays: 11.

    At a price of -4 of a move and 0.25 of the volume a block pays 6 + 4 - 2 = 8 or 3 + 4 - 2 = 5 for moving; the limit
    gives back 4 and the discount costs nothing at 0 or from 5 on: 8 + 5 - 4 = 9. At -6 the blocks pay 10 and 7, less 6.
    """
    assert plan.objective == 11.0
    assert recount(plan, -4.0, 0.25) == pytest.approx(9.0)
    assert recount(plan, -6.0, 0.25) == pytest.approx(11.0)
    assert recount(plan, 0.0, 0.0) <= 11.0


def test_prices_of_the_wrong_sign_prove_nothing(plan):
    assert recount(plan, 4.0, 0.25) == -float("inf")


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda plan: replace(plan, objective=10.0), "joint objective"),
        (lambda plan: replace(plan, discounts=plan.discounts.assign(discount=1.0)), "joint discounts"),
        (lambda plan: replace(plan, rules=plan.rules.assign(used=0.0)), "used: moves"),
        (lambda plan: replace(plan, rules=plan.rules.assign(slack=1.0)), "slack: moves"),
        (lambda plan: replace(plan, rules=plan.rules.head(0)), "every joint limit must be stated"),
    ],
)
def test_a_joint_plan_that_states_what_is_not_so_is_refused(plan, change, told):
    with pytest.raises(CertificateError, match=told):
        recount(change(plan), -6.0, 0.25)


def test_a_broken_limit_is_refused():
    both = choose_together(BLOCKS, RULES.assign(limit=2.0), tiers=TIERS, gap=0.0)
    with pytest.raises(CertificateError, match=r"slack: moves|keep every limit"):
        recount(both, -6.0, 0.25)
