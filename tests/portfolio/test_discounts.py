"""Joint discounts are split by the Shapley value: the whole, alike for alike, nothing for nothing."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sourcing.portfolio import split_discount
from tests.conftest import examples


def all_units(volume):
    return np.where(volume >= 25.0, 0.04, np.where(volume >= 10.0, 0.02, 0.0)) * volume


def incremental(volume):
    return 0.02 * np.clip(volume - 10.0, 0.0, 15.0) + 0.04 * np.clip(volume - 25.0, 0.0, None)


VOLUMES = st.lists(st.integers(0, 20).map(float), min_size=1, max_size=6)
SCHEDULES = st.sampled_from([all_units, incremental])


def name_buyers(volumes):
    return pd.Series(volumes, [f"u{k}" for k in range(len(volumes))])


@examples(100)
@given(VOLUMES, SCHEDULES)
def test_the_parts_are_the_whole_discount(volumes, discount):
    parts = split_discount(name_buyers(volumes), discount)
    assert parts["part"].sum() == pytest.approx(float(discount(np.array([sum(volumes)]))[0]), abs=1e-9)


@examples(100)
@given(VOLUMES, SCHEDULES)
def test_equal_volumes_get_equal_parts_and_none_gets_none(volumes, discount):
    parts = split_discount(name_buyers([*volumes, volumes[0], 0.0]), discount)["part"]
    assert parts.iloc[-2] == pytest.approx(parts.iloc[0], abs=1e-9)
    assert parts.iloc[-1] == 0.0


@examples(60)
@given(VOLUMES)
def test_parts_of_two_schedules_add_up(volumes):
    buyers = name_buyers(volumes)
    both = split_discount(buyers, lambda volume: all_units(volume) + incremental(volume))["part"]
    apart = split_discount(buyers, all_units)["part"] + split_discount(buyers, incremental)["part"]
    np.testing.assert_allclose(both, apart, atol=1e-9)


def test_three_buyers_by_hand():
    """Volumes 8, 4, 2 and 10 % from 10 on: v(8, 4) = 1.2, v(8, 2) = 1, v(4, 2) = 0, v(all) = 1.4.

    The first adds 0, 0 of two orders in which it comes first, 1.2 and 1 as second, 1.4 twice as third: 5 / 6.
    """
    parts = split_discount(name_buyers([8.0, 4.0, 2.0]), lambda volume: np.where(volume >= 10.0, 0.1 * volume, 0.0))
    np.testing.assert_allclose(parts["part"], [5.0 / 6.0, (1.2 + 0.4 * 2) / 6.0, (1.0 + 0.2 * 2) / 6.0])
    assert parts["error"].tolist() == [0.0, 0.0, 0.0]


def test_drawn_orders_lie_within_their_error_of_the_exact_parts():
    buyers = name_buyers([1.0, 2.0, 3.0, 5.0, 8.0, 9.0, 4.0, 2.0])
    exact = split_discount(buyers, all_units)
    drawn = split_discount(buyers, all_units, exact=0)
    assert (drawn["error"] > 0.0).all()
    assert ((drawn["part"] - exact["part"]).abs() <= 4.0 * drawn["error"] + 1e-9).all()
    assert drawn["part"].sum() == pytest.approx(exact["part"].sum())
    pd.testing.assert_frame_equal(drawn, split_discount(buyers, all_units, exact=0))
