"""The group's plan as people see it: sections, charts, files, one page."""

from sourcing.pack.portfolio.files import (
    PORTFOLIO_FILES,
    describe_portfolio,
    list_portfolio_tables,
    render_portfolio,
    write_portfolio,
)
from sourcing.pack.portfolio.sections import (
    draw_group_load,
    draw_map,
    draw_owners,
    draw_units,
    list_unit_rows,
    show_differences,
    show_discounts,
    show_group_answer,
    show_group_rules,
    show_method,
    show_units,
)

__all__ = [
    "PORTFOLIO_FILES",
    "describe_portfolio",
    "draw_group_load",
    "draw_map",
    "draw_owners",
    "draw_units",
    "list_portfolio_tables",
    "list_unit_rows",
    "render_portfolio",
    "show_differences",
    "show_discounts",
    "show_group_answer",
    "show_group_rules",
    "show_method",
    "show_units",
    "write_portfolio",
]
