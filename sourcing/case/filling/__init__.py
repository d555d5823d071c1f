"""What a case leaves out is filled: criteria, options, prices and wages from reference figures, money bridged."""

from sourcing.case.filling.assumed import (
    load_assumed,
    load_by_country,
    load_starting_figures,
    load_starting_options,
    read_assumed,
)
from sourcing.case.filling.countries import find_country_code
from sourcing.case.filling.generate import BRIDGED, complete_tables, is_place_bound, load_criteria, pick_criteria
from sourcing.case.filling.market import look_up_evidence
from sourcing.case.filling.money import bridge_money, find_home
from sourcing.case.filling.moves import MOVE_CELLS, NOTHING_SAID, ONE_SUM, find_attrition, find_move_cells
from sourcing.case.filling.quotes import OPTION, count_quoted, fill_quotes, is_quoted, price_quotes
from sourcing.case.filling.reference import (
    Figure,
    country_risk,
    find_occupation,
    load_reference,
    look_up_country,
    put_article,
)
from sourcing.case.filling.running_cost import (
    ONE,
    Worked,
    add_countries,
    count_staff,
    find_labor_cost,
    find_non_labor,
    find_price,
    find_running_cost,
    needs_labor_cost,
    needs_price,
)

__all__ = [
    "BRIDGED",
    "MOVE_CELLS",
    "NOTHING_SAID",
    "ONE",
    "ONE_SUM",
    "OPTION",
    "Figure",
    "Worked",
    "add_countries",
    "bridge_money",
    "complete_tables",
    "count_quoted",
    "count_staff",
    "country_risk",
    "fill_quotes",
    "find_attrition",
    "find_country_code",
    "find_home",
    "find_labor_cost",
    "find_move_cells",
    "find_non_labor",
    "find_occupation",
    "find_price",
    "find_running_cost",
    "is_place_bound",
    "is_quoted",
    "load_assumed",
    "load_by_country",
    "load_criteria",
    "load_reference",
    "load_starting_figures",
    "load_starting_options",
    "look_up_country",
    "look_up_evidence",
    "needs_labor_cost",
    "needs_price",
    "pick_criteria",
    "price_quotes",
    "put_article",
    "read_assumed",
]
