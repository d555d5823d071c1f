"""A saving is material where it is a stated share of today's cash and surer than its own range."""

import math

import pytest

from sourcing import pack
from sourcing.decide import MATERIAL, SMALL, UNSURE, weigh_materiality


@pytest.mark.parametrize(
    ("mean", "low", "high", "verdict"),
    [
        (10.0, 9.0, 11.0, MATERIAL),
        (9.9, 9.0, 11.0, SMALL),
        (-30.0, -40.0, -20.0, MATERIAL),
        (-30.0, -70.0, 10.0, UNSURE),
        (30.0, 0.0, 60.0, UNSURE),
        (5.0, -10.0, 20.0, SMALL),
        (0.0, 0.0, 0.0, SMALL),
    ],
)
def test_a_change_counts_from_its_share_on_and_where_its_range_has_one_sign(mean, low, high, verdict):
    weighed = weigh_materiality(mean, low, high, 1_000.0, 0.01)
    assert weighed.verdict == verdict
    assert weighed.is_material == (verdict == MATERIAL)
    assert weighed.share == pytest.approx(mean / 1_000)


def test_a_unit_that_pays_nothing_today_has_no_share_to_divide_by():
    weighed = weigh_materiality(-5.0, -6.0, -4.0, 0.0, 0.01)
    assert (weighed.verdict, weighed.share) == (MATERIAL, 0.0)


def test_a_run_keeps_the_verdict_on_its_own_saving(alpha, decide):
    """Worked by hand: alpha saves 305,000 of 4,200,000 paid today, 7.26 %, without a range."""
    kept = pack.collect(decide(alpha))["summary"]
    assert (kept["materiality"], kept["material_share"]) == (MATERIAL, 0.01)
    assert kept["saving_share"] == pytest.approx(305_000 / 4_200_000)
    strict = pack.collect(decide(alpha, material_share=0.5))["summary"]
    assert strict["materiality"] == SMALL
    assert math.isclose(strict["objective"], kept["objective"])
