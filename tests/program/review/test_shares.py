"""Shares of a change: worked by hand, adding up always, and told where they cannot be had."""

from __future__ import annotations

import math
from itertools import islice, permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sourcing.program.review.shares import draw_orders, share_by_orders, share_exactly
from tests.conftest import examples


def exact(amounts):
    """Make the worth of sets whose amounts are known exactly; None where there is no plan."""
    return lambda part: None if amounts[part] is None else (amounts[part], amounts[part])


def test_three_changes_share_as_worked_by_hand():
    # alone 47, 7.5 less and 2.5 more; in pairs 57, 47, 7.5 less; all three 57 less: the case of test_compare
    amounts = [0.0, -47.0, -7.5, -57.0, 2.5, -47.0, -7.5, -57.0]
    shares = share_exactly(3, exact(amounts))
    assert [share.amount for share in shares] == pytest.approx([-146 / 3, -55 / 6, 5 / 6])
    assert [(share.lower, share.upper) for share in shares] == [(share.amount, share.amount) for share in shares]


@given(st.integers(1, 5).flatmap(lambda count: st.lists(st.floats(-1e9, 1e9), min_size=2**count, max_size=2**count)))
@examples(60)
def test_shares_add_up_to_the_whole_change_and_are_the_mean_over_all_orders(amounts):
    count = len(amounts).bit_length() - 1
    shares = [share.amount for share in share_exactly(count, exact(amounts))]
    scale = max(map(abs, amounts)) + 1.0
    assert math.isclose(math.fsum(shares), amounts[-1] - amounts[0], abs_tol=1e-12 * scale)
    orders = list(permutations(range(count)))
    by_orders = [share.amount for share in share_by_orders(count, orders, exact(amounts))]
    assert shares == pytest.approx(by_orders, abs=1e-9 * scale)


@given(st.lists(st.none() | st.floats(-1e6, 1e6), min_size=16, max_size=16))
@examples(100)
def test_sets_without_a_plan_are_left_out_and_shares_still_add_up(amounts):
    amounts[0], amounts[-1] = amounts[0] or 0.0, amounts[-1] or 0.0
    orders = list(permutations(range(4)))
    exactly, counted = share_exactly(4, exact(amounts)), share_by_orders(4, orders, exact(amounts))
    assert (exactly is None) == (counted is None)
    if exactly is not None:
        assert math.isclose(math.fsum(share.amount for share in exactly), amounts[-1] - amounts[0], abs_tol=1e-6)
        assert [share.amount for share in exactly] == pytest.approx([share.amount for share in counted], abs=1e-6)


def test_one_order_alone_keeps_a_plan():
    # the second alone has no plan: only the order first, second counts
    shares = share_exactly(2, exact([0.0, 4.0, None, 10.0]))
    assert [share.amount for share in shares] == [4.0, 6.0]
    assert share_exactly(2, exact([0.0, None, None, 10.0])) is None


def test_a_gap_that_is_left_widens_the_interval_of_each_share():
    # v(none) lies in 9 to 10, v(all) in 12 to 15: the one group adds 2 to 6, 5 by the plans at hand
    (share,) = share_exactly(1, {0: (9.0, 10.0), 1: (12.0, 15.0)}.get)
    assert (share.lower, share.amount, share.upper) == (2.0, 5.0, 6.0)


def test_a_sample_adds_up_and_tells_its_error():
    amounts = [float(part.bit_count() ** 2) for part in range(64)]
    orders = list(islice(draw_orders(6), 20))
    shares = share_by_orders(6, orders, exact(amounts))
    assert math.fsum(share.amount for share in shares) == 36.0
    # an order and its reverse put a group at places that mirror each other: squares make every pair's mean the same
    assert [share.error for share in shares] == [0.0] * 6
    assert math.isnan(share_by_orders(6, orders[:2], exact(amounts))[0].error)


def test_the_error_of_a_sample_holds_the_exact_share_almost_always():
    amounts = [float((part * 7919) % 1000) for part in range(64)]
    exactly = share_exactly(6, exact(amounts))
    hits = 0
    for seed in range(20):
        sampled = share_by_orders(6, list(islice(draw_orders(6, seed), 40)), exact(amounts))
        hits += sum(abs(one.amount - other.amount) <= one.error for one, other in zip(sampled, exactly, strict=True))
    assert hits >= 0.88 * 120


def test_orders_are_the_same_each_time():
    assert list(islice(draw_orders(5), 6)) == list(islice(draw_orders(5), 6))
    first, second = islice(draw_orders(5), 2)
    assert first == second[::-1]
