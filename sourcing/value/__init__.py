"""Consequences: what each alternative costs, risks and brings."""

from sourcing.value.alternatives import CASH_LINES, LOSS_LINES, build_alternatives, price_years
from sourcing.value.cash import discount_fixed, discount_quarters, price_exit, price_flows, share_live
from sourcing.value.exposure import loss_of_one_failure, price_losses
from sourcing.value.hurdle import price_hurdle
from sourcing.value.offers import list_offers, price_year_of_running
from sourcing.value.waves import list_waves

__all__ = [
    "CASH_LINES",
    "LOSS_LINES",
    "build_alternatives",
    "discount_fixed",
    "discount_quarters",
    "list_offers",
    "list_waves",
    "loss_of_one_failure",
    "price_exit",
    "price_flows",
    "price_hurdle",
    "price_losses",
    "price_year_of_running",
    "price_years",
    "share_live",
]
