"""The group's plan as files: tables, a summary, one page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sourcing
from sourcing.case import write_csv
from sourcing.pack.block import Block
from sourcing.pack.decision import dump_json
from sourcing.pack.page import Section, chart_block, render_page, sanitize
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
from sourcing.pack.theme import use_theme
from sourcing.pack.wording import say_count
from sourcing.portfolio import (
    list_decisions,
    list_differences,
    list_discount_parts,
    list_load,
    list_owners,
    list_rules,
    list_units,
    weigh_center,
)

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd

    from sourcing.portfolio import GroupDecision

SUMMARY, PAGE = "summary.json", "portfolio.html"
PORTFOLIO_FILES = (
    "portfolio.csv", "units.csv", "rules.csv", "differences.csv", "discounts.csv", "load.csv", "owners.csv", SUMMARY,
    PAGE,
)  # fmt: skip


def list_portfolio_tables(decision: GroupDecision) -> dict[str, pd.DataFrame]:
    """List the tables of a group's plan by the name of their file."""
    return {
        "portfolio": list_decisions(decision),
        "units": list_units(decision),
        "rules": list_rules(decision),
        "differences": list_differences(decision),
        "discounts": list_discount_parts(decision),
        "load": list_load(decision),
        "owners": list_owners(decision),
    }


def describe_portfolio(decision: GroupDecision) -> dict[str, Any]:
    """Describe a group's plan: status, objective, bound, gap, what a center is worth, money by unit."""
    joint, group = decision.joint, decision.group
    return {
        "status": joint.status,
        "currency": group.currency,
        "price_year": group.price_year,
        "objective": joint.objective,
        "bound": joint.bound,
        "gap": joint.gap,
        "certified_gap": joint.certified_gap,
        "worth": weigh_center(decision),
        "rates": {name: float(rate) for name, rate in group.rates.items()},
        "units": {
            row["business_unit"]: {name: row[name] for name in ("saving_group", "saving_alone", "gives_up", "changed")}
            for row in list_units(decision).to_dict("records")
        },
        "rules": {
            str(rule): {name: float(rows[name].iloc[0]) for name in ("drop_saving", "drop_lower", "drop_upper")}
            for rule, rows in list_rules(decision).groupby("belongs_to", sort=False)
        } if len(group.rules) else {},
        "fingerprint": group.case.fingerprint,
    }  # fmt: skip


def render_portfolio(decision: GroupDecision) -> str:
    """Render the group's plan as one HTML page in the look of a pack."""
    use_theme()
    page = _Page()
    page.add("", show_group_answer(decision))
    page.add("Units, by what they save", draw_units(decision), show_units(decision))
    page.add("Rules of the group and their price", show_group_rules(decision))
    page.add("Every decision", draw_map(decision), list_unit_rows(decision))
    page.add("Dependence on outside owners", draw_owners(decision), show_discounts(decision))
    page.add("Program load by quarter", draw_group_load(decision))
    page.add("Decided differently", show_differences(decision))
    page.add("How this was decided", show_method(decision))
    provenance = {"Sourcing suite": sourcing.__version__, "Case": decision.group.case.fingerprint}
    units = say_count(len(decision.group.units), "business unit")
    return render_page("Portfolio", f"{units} decided together", page.sections, page.charts, provenance)


class _Page:
    """Collects sections and numbers their charts."""

    def __init__(self) -> None:
        self.sections: list[Section] = []
        self.charts = 0

    def add(self, heading: str, *parts: Any) -> None:
        bodies = [sanitize(part.html) if isinstance(part, Block) else self._draw(part) for part in parts]
        self.sections.append(Section(heading, f"section-{len(self.sections)}", "\n".join(bodies)))

    def _draw(self, chart: Any) -> str:
        self.charts += 1
        return chart_block(dict(chart.to_dict()), self.charts)


def write_portfolio(folder: Path, decision: GroupDecision) -> list[str]:
    """Write tables as CSV, `summary.json` and `portfolio.html`; the same plan gives the same bytes.

    Returns
    -------
    list of str
        Names of the files written.
    """
    tables = list_portfolio_tables(decision)
    for name, table in tables.items():
        write_csv(table, folder / f"{name}.csv")
    (folder / SUMMARY).write_text(dump_json(describe_portfolio(decision)), encoding="utf-8", newline="\n")
    (folder / PAGE).write_text(render_portfolio(decision), encoding="utf-8", newline="\n")
    return [*(f"{name}.csv" for name in tables), SUMMARY, PAGE]
