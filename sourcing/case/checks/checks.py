"""The checks that hold rows and tables together: each is a function whose name is the claim."""

from collections.abc import Callable, Iterator, Mapping

import pandas as pd

from sourcing.case.checks import (
    assumptions,
    columns,
    defaults,
    group_rules,
    judgment,
    keys,
    links,
    locks,
    offers,
    options,
    order,
    plausible,
    results,
    rules,
    scenarios,
    scores,
    signoffs,
    terms,
    units,
)
from sourcing.case.filling import BRIDGED
from sourcing.case.problem import Problem

Check = Callable[[Mapping[str, pd.DataFrame]], Iterator[Problem]]
_OFFERS = frozenset({"units", "processes", "options", "locations"})
_LOCKS = frozenset({"processes", "options", "calendar", "vetoes", "rules", "services", "locks"})
_TERMS = frozenset(
    {
        "processes",
        "options",
        "quotes",
        "transitions",
        "contracts",
        "capacity",
        "service_levels",
        "ranges",
        "stresses",
        "assumptions",
        "improvements",
        "bands",
        "actuals",
    }
)

EACH_ALONE: tuple[Check, ...] = (keys.keys_are_unique, units.currencies_are_known)
"""Checks that hold every table by itself, whichever tables there are."""

CHECKS: tuple[tuple[Check, frozenset[str]], ...] = (
    (options.as_is_is_offered, _OFFERS),
    (options.no_process_is_part_of_itself, frozenset({"processes"})),
    (options.owners_fit_models, _OFFERS),
    (options.outside_owners_have_names, frozenset({"options"})),
    (options.outside_owners_are_offered_once, frozenset({"options", "processes"})),
    (options.work_on_the_spot_stays, _OFFERS),
    (options.price_or_labor, frozenset({"options"})),
    (options.as_is_costs_nothing_to_start, frozenset({"processes", "options"})),
    (options.customer_value_has_a_source, frozenset({"options"})),
    (offers.an_option_is_left, _OFFERS | {"vetoes"}),
    (offers.vetoes_match_something, _OFFERS | {"vetoes"}),
    (offers.shared_rows_are_used, _OFFERS | {"cost_pools", "services", "service_parts", "wage_paths"}),
    (offers.vetoes_are_in_force, frozenset({"units", "vetoes"})),
    (offers.providers_own_an_option, _OFFERS | {"providers", "price_tiers"}),
    (offers.deals_serve_outside_work, frozenset({"processes", "options", "deals"})),
    (offers.fees_are_not_void, frozenset({"deals"})),
    (offers.what_stays_behind_is_on_one_line, frozenset({"processes", "deals"})),
    (scores.scores_lie_on_scale, frozenset({"scores", "criteria"})),
    (scores.processes_are_scored, frozenset({"processes", "scores", "criteria", "policy"})),
    (scores.provider_scores_lie_on_scale, frozenset({"provider_scores", "criteria"})),
    (scores.weights_say_something, frozenset({"criteria"})),
    (scores.criteria_are_in_measure, frozenset({"criteria"})),
    (scores.shares_add_up, frozenset({"criteria"})),
    *judgment.CHECKS,
    (rules.rules_name_measures, columns.READ | {"rules"}),
    (rules.rules_have_names_of_their_own, frozenset({"rules"})),
    (rules.filters_name_columns, columns.READ | {"rules"}),
    (rules.limits_are_shares, frozenset({"rules"})),
    (rules.shares_of_today_are_shares, frozenset({"rules"})),
    (rules.limits_are_not_per_cent, frozenset({"rules"})),
    *((check, columns.READ | {"rules"}) for check in group_rules.CHECKS),
    (group_rules.shared_discounts_have_a_provider, _OFFERS | {"price_tiers"}),
    (rules.levers_can_be_read, frozenset({"policy"})),
    (plausible.rates_are_plausible, frozenset({"units"})),
    (plausible.wages_are_plausible, _OFFERS),
    (plausible.prices_are_plausible, _OFFERS),
    (plausible.moves_end_within_the_horizon, frozenset({"units", "options"})),
    (plausible.queues_have_people, frozenset({"capacity", "processes"})),
    (units.units_have_processes, frozenset({"units", "processes"})),
    (units.units_have_people, frozenset({"processes"})),
    (units.days_fit_the_price_year, frozenset({"units"})),
    (units.contact_adds_up, frozenset({"processes"})),
    (links.links_join_two_processes, frozenset({"links"})),
    (links.handoffs_have_a_cost, _OFFERS | {"links", "handoff_costs", "vetoes"}),
    (links.pairs_have_one_cost, frozenset({"handoff_costs"})),
    (links.places_are_known, _OFFERS | {"handoff_costs", "providers"}),
    (order.waves_start_after_the_valuation, frozenset({"units", "calendar"})),
    (order.orders_name_two_processes, frozenset({"orders"})),
    (order.orders_can_be_read, columns.READ | {"orders"}),
    (order.tiers_rise, frozenset({"price_tiers"})),
    *signoffs.CHECKS,
    *((check, _TERMS) for check in terms.CHECKS),
    (results.months_are_reported_once, frozenset({"actuals"})),
    (results.parts_of_a_month_have_volumes, frozenset({"actuals"})),
    (results.accepted_suggestions_have_a_start, frozenset({"suggestions"})),
    *((check, _LOCKS) for check in locks.CHECKS),
    *((check, scenarios.READ) for check in scenarios.CHECKS),
    *((check, _OFFERS | {"losses", "quotes", "calendar", "assumptions"}) for check in assumptions.CHECKS),
    (defaults.explain_missing_cost, _OFFERS | {"quotes"}),
    (defaults.shared_profit_has_a_cost, _OFFERS | {"contracts"}),
    (defaults.codes_are_known, frozenset({"processes"})),
    (defaults.abroad_is_abroad, frozenset({"units"})),
    (defaults.amounts_can_be_bridged, frozenset({"units", *BRIDGED})),
)
"""Each check with the tables it needs; `keys.references_are_known` holds every table with those it refers to."""

ALSO_READ: dict[Check, frozenset[str]] = {rules.filters_name_columns: frozenset({"processes", "options"})}
"""Tables that a check reads where they are there, and does without otherwise."""
