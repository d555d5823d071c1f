"""Consequences: what each alternative costs, risks and brings, to both sides of a deal."""

from sourcing.value.alternatives import LOSS_LINES, build_alternatives, price_offers, price_years
from sourcing.value.availability import combine_parallel, combine_series, measure_service, require_levels
from sourcing.value.breaks import (
    Exits,
    find_exits,
    list_breaks_by_date,
    list_running_breaks,
    price_breaks,
    settle_term,
    value_break,
)
from sourcing.value.cash import CASH_LINES, ONE_OFF, discount_flows, grow_flows, price_flows
from sourcing.value.contracts import (
    compare_contracts,
    find_best_effort,
    find_terms,
    find_walk_away,
    load_forms,
    map_win_win,
)
from sourcing.value.drivers import list_drivers
from sourcing.value.economics import price_providers, price_should_cost
from sourcing.value.exposure import loss_of_one_failure, price_losses
from sourcing.value.hurdle import price_hurdle
from sourcing.value.ladder import (
    build_ladder,
    check_services,
    list_levels,
    list_misses,
    name_bands,
)
from sourcing.value.offers import list_offers, price_year_of_running
from sourcing.value.outcomes import draw_outcomes, draw_savings, list_ranges, name_quote, range_cash
from sourcing.value.payments import settle_year
from sourcing.value.promises import list_promises, price_services
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
from sourcing.value.returns import (
    find_modified_rate,
    find_payback,
    find_rates,
    list_cash,
    spread_cash,
    value_moves,
    value_stream,
)
from sourcing.value.social import list_regions, price_social
from sourcing.value.transition import price_exit
from sourcing.value.waves import list_waves

__all__ = [
    "CASH_LINES",
    "LOSS_LINES",
    "ONE_OFF",
    "Exits",
    "build_alternatives",
    "build_ladder",
    "check_services",
    "combine_parallel",
    "combine_series",
    "compare_contracts",
    "discount_fixed",
    "discount_flows",
    "discount_quarters",
    "draw_outcomes",
    "draw_savings",
    "find_answer_seconds",
    "find_answered_share",
    "find_best_effort",
    "find_exits",
    "find_modified_rate",
    "find_payback",
    "find_productivity",
    "find_rates",
    "find_terms",
    "find_unit_effort",
    "find_waiting_share",
    "find_walk_away",
    "grow_flows",
    "grow_quarters",
    "list_breaks_by_date",
    "list_cash",
    "list_drivers",
    "list_levels",
    "list_misses",
    "list_offers",
    "list_promises",
    "list_ranges",
    "list_regions",
    "list_running_breaks",
    "list_waves",
    "load_forms",
    "loss_of_one_failure",
    "map_win_win",
    "measure_service",
    "name_bands",
    "name_quote",
    "price_breaks",
    "price_exit",
    "price_flows",
    "price_hurdle",
    "price_losses",
    "price_offers",
    "price_peak",
    "price_providers",
    "price_services",
    "price_should_cost",
    "price_social",
    "price_year_of_running",
    "price_years",
    "range_cash",
    "require_levels",
    "settle_term",
    "settle_year",
    "share_live",
    "size_agents",
    "size_capacity",
    "spread_cash",
    "value_break",
    "value_moves",
    "value_stream",
]
