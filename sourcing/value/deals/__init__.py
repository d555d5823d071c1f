"""Deals with outside owners: terms, should-cost, both sides of a contract, ways out, uncertain outcomes."""

from sourcing.value.deals.breaks import (
    Exits,
    find_exits,
    list_breaks_by_date,
    list_running_breaks,
    price_breaks,
    settle_term,
    value_break,
)
from sourcing.value.deals.comparison import compare_contracts, find_walk_away, map_win_win
from sourcing.value.deals.contracts import find_best_effort, find_terms, load_forms
from sourcing.value.deals.economics import price_providers, price_should_cost
from sourcing.value.deals.incentives import price_incentives, rate_incentives
from sourcing.value.deals.outcomes import (
    draw_cash,
    draw_normal,
    draw_outcomes,
    find_means,
    list_ranges,
    load_ranges,
    name_exchange,
    name_figures,
    name_quote,
    name_wages,
    range_cash,
    shape_rows,
    stratify,
    weigh_outcomes,
)
from sourcing.value.deals.signing import find_signing_price, value_certain
from sourcing.value.deals.terms import add_terms, apply_staff_law

__all__ = [
    "Exits",
    "add_terms",
    "apply_staff_law",
    "compare_contracts",
    "draw_cash",
    "draw_normal",
    "draw_outcomes",
    "find_best_effort",
    "find_exits",
    "find_means",
    "find_signing_price",
    "find_terms",
    "find_walk_away",
    "list_breaks_by_date",
    "list_ranges",
    "list_running_breaks",
    "load_forms",
    "load_ranges",
    "map_win_win",
    "name_exchange",
    "name_figures",
    "name_quote",
    "name_wages",
    "price_breaks",
    "price_incentives",
    "price_providers",
    "price_should_cost",
    "range_cash",
    "rate_incentives",
    "settle_term",
    "shape_rows",
    "stratify",
    "value_break",
    "value_certain",
    "weigh_outcomes",
]
