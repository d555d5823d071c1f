"""Consequences: what each alternative costs, risks and brings, to both sides of a deal."""

from sourcing.value.alternatives import LOSS_LINES, build_alternatives, price_years
from sourcing.value.cash import CASH_LINES, ONE_OFF, discount_flows, grow_flows, price_flows
from sourcing.value.economics import price_providers, price_should_cost
from sourcing.value.exposure import loss_of_one_failure, price_losses
from sourcing.value.hurdle import price_hurdle
from sourcing.value.offers import list_offers, price_year_of_running
from sourcing.value.quarters import discount_fixed, discount_quarters, grow_quarters, share_live
from sourcing.value.queues import (
    find_answer_seconds,
    find_answered_share,
    find_waiting_share,
    price_peak,
    size_agents,
    size_capacity,
)
from sourcing.value.ramp import find_productivity, find_unit_effort
from sourcing.value.returns import find_modified_rate, find_payback, find_rates, list_cash, value_moves, value_stream
from sourcing.value.transition import price_exit
from sourcing.value.waves import list_waves

__all__ = [
    "CASH_LINES",
    "LOSS_LINES",
    "ONE_OFF",
    "build_alternatives",
    "discount_fixed",
    "discount_flows",
    "discount_quarters",
    "find_answer_seconds",
    "find_answered_share",
    "find_modified_rate",
    "find_payback",
    "find_productivity",
    "find_rates",
    "find_unit_effort",
    "find_waiting_share",
    "grow_flows",
    "grow_quarters",
    "list_cash",
    "list_offers",
    "list_waves",
    "loss_of_one_failure",
    "price_exit",
    "price_flows",
    "price_hurdle",
    "price_losses",
    "price_peak",
    "price_providers",
    "price_should_cost",
    "price_year_of_running",
    "price_years",
    "share_live",
    "size_agents",
    "size_capacity",
    "value_moves",
    "value_stream",
]
