"""The cash flows of a decision, by quarter, and as a workbook whose formulas reckon the net present value again."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from openpyxl import Workbook

from sourcing.case import replacing, require_no_inputs
from sourcing.decide import BusinessCase, spread_states
from sourcing.pack.block import render_block, say_block
from sourcing.pack.workbook import CASH_KEYS, QUARTER, WORKBOOK, add_cash, save_timeless
from sourcing.plan import sum_measure

if TYPE_CHECKING:
    import pandas as pd

    from sourcing.decide import Decision
    from sourcing.pack.block import Block

HOLDS = (
    "holds every payment by quarter and line, with live formulas: change the discount rate or a line on its first "
    "sheet and the net present values follow."
)


KEPT = (
    "holds this decision for a spreadsheet: recommendation, moves, rules with their prices, what would flip each "
    "choice, cash flows with live formulas, risks and assumptions."
)


def list_cash(given: BusinessCase | Decision) -> pd.DataFrame:
    """List nominal cash of both states: columns CASH_KEYS and quarter_1, quarter_2 … to the end of the horizon."""
    decision = given.decision if isinstance(given, BusinessCase) else given
    cash = given.cash if isinstance(given, BusinessCase) else spread_states(given)
    rows = cash.pivot_table(
        index=list(CASH_KEYS), columns="quarter", values="amount", aggfunc="sum", fill_value=0.0
    ).reindex(columns=range(1, 4 * int(decision.case.unit["horizon_years"]) + 1), fill_value=0.0)
    return rows.add_prefix(QUARTER).rename_axis(columns=None).reset_index()


def collect_frame(decision: Decision) -> dict[str, Any]:
    """Collect what the formulas of the cash flows rest on, for the summary of a decision."""
    return {
        "name": decision.case.unit["name"],
        "currency": decision.case.unit["currency"],
        "discount_rate": float(decision.case.unit["discount_rate"]),
        "cash_cost": sum_measure(decision.plan, "cash_cost"),
        "as_is_cash_cost": sum_measure(decision.as_is, "cash_cost"),
    }


def write_cash_workbook(given: BusinessCase | Decision, path: str | Path) -> Path:
    """Write the cash flows by quarter with live formulas; the same flows give the same bytes.

    The sheets are those of `add_cash`.

    Parameters
    ----------
    given : BusinessCase or Decision
    path : path
        Ends in .xlsx; overwritten, unless it lies among the tables of a case.

    Returns
    -------
    Path
    """
    target, book = Path(path), Workbook()
    decision = given.decision if isinstance(given, BusinessCase) else given
    book.remove(book.active)
    add_cash(book, list_cash(given), collect_frame(decision))
    require_no_inputs(target.parent, decision.case.source, [target.name])
    target.parent.mkdir(parents=True, exist_ok=True)
    with replacing(target) as aside:
        save_timeless(book, aside)
    return target


def say_workbook() -> Block:
    """Say what the workbook beside a pack holds."""
    return render_block("workbook.html.j2", f"{WORKBOOK} {KEPT}", file=WORKBOOK, holds=KEPT)


def export_cash(business: BusinessCase, path: str) -> Block:
    """Write the workbook where a path is given, and say what it holds."""
    if not path:
        return say_block("Name a file ending in .xlsx to get these cash flows with live formulas.")
    file = write_cash_workbook(business, path).name
    return render_block("workbook.html.j2", f"{file} {HOLDS}", file=file, holds=HOLDS)
