"""Service: bands, availability of chains, promises to customers, queues and peaks."""

from sourcing.value.service.availability import combine_parallel, combine_series, measure_service, require_levels
from sourcing.value.service.ladder import build_ladder, check_services, list_levels, list_misses, name_bands
from sourcing.value.service.promises import list_promises, price_services
from sourcing.value.service.queues import (
    find_answer_seconds,
    find_waiting_share,
    price_peak,
    size_agents,
    size_capacity,
)

__all__ = [
    "build_ladder",
    "check_services",
    "combine_parallel",
    "combine_series",
    "find_answer_seconds",
    "find_waiting_share",
    "list_levels",
    "list_misses",
    "list_promises",
    "measure_service",
    "name_bands",
    "price_peak",
    "price_services",
    "require_levels",
    "size_agents",
    "size_capacity",
]
