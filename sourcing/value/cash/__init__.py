"""Cash by cause: running, transition, ramp, payments by contract, quarters, waves and hurdles."""

from sourcing.value.cash.cash import (
    CASH_LINES,
    FIGURE_OF,
    ONE_OFF,
    SHARED_LINES,
    SHARED_ONE_OFF,
    discount_flows,
    grow_flows,
    price_flows,
)
from sourcing.value.cash.hurdle import price_hurdle
from sourcing.value.cash.payments import BASELINE, FIGURES, FORMS, Outcomes, settle_year
from sourcing.value.cash.prices import follow_ratios
from sourcing.value.cash.quarters import (
    discount_fixed,
    discount_quarters,
    drift_quarters,
    grow_quarters,
    grow_volume,
    list_times,
    mark_quarter,
    share_live,
    spread_between,
)
from sourcing.value.cash.ramp import find_productivity, work_lost_in_ramp
from sourcing.value.cash.running import RUN, count_overseers
from sourcing.value.cash.shares import spread_should_cost
from sourcing.value.cash.transition import UNTIL_GO_LIVE, count_leavers, count_transferred, price_exit
from sourcing.value.cash.waves import list_waves, spread_waves

__all__ = [
    "BASELINE",
    "CASH_LINES",
    "FIGURES",
    "FIGURE_OF",
    "FORMS",
    "ONE_OFF",
    "RUN",
    "SHARED_LINES",
    "SHARED_ONE_OFF",
    "UNTIL_GO_LIVE",
    "Outcomes",
    "count_leavers",
    "count_overseers",
    "count_transferred",
    "discount_fixed",
    "discount_flows",
    "discount_quarters",
    "drift_quarters",
    "find_productivity",
    "follow_ratios",
    "grow_flows",
    "grow_quarters",
    "grow_volume",
    "list_times",
    "list_waves",
    "mark_quarter",
    "price_exit",
    "price_flows",
    "price_hurdle",
    "settle_year",
    "share_live",
    "spread_between",
    "spread_should_cost",
    "spread_waves",
    "work_lost_in_ramp",
]
