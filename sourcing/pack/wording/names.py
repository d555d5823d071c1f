"""What typed names are called by those who know the unit: locks, splits and orders in readers' words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sourcing.case import load_dictionary
from sourcing.plan import name_order

if TYPE_CHECKING:
    from sourcing.case import Case


def call_members(case: Case) -> dict[str, str]:
    """Give each lock, split and order of a unit a name in words.

    Parameters
    ----------
    case : Case
        One unit.

    Returns
    -------
    dict of str to str
        Name as plans, conflicts and flips give it (`lock: payroll`, `item: payroll`, `order: payroll with billing`) to
        words; rules are called by their own name and are not in it.
    """
    called = case.processes.set_index("process")["name"].astype(str).to_dict()
    words = {f"lock: {process}": f"what is barred for {name}" for process, name in called.items()}
    words |= {f"item: {process}": f"the limits on splitting {name}" for process, name in called.items()}
    demands: dict[str, list[str]] = {}
    for order in case.orders.to_dict("records"):
        name = name_order(order["kind"], order["process_a"], order["process_b"])
        first, second = (str(called.get(order[end], order[end])) for end in ("process_a", "process_b"))
        demands.setdefault(name, []).append(say_order(order["kind"], first, second, order["column"], order["lag"]))
    return words | {name: " and ".join(dict.fromkeys(said)) for name, said in demands.items()}


def say_order(kind: str, first: str, second: str, column: Any, lag: Any) -> str:
    """Say an order as a claim.

    Examples
    --------
    >>> say_order("together", "Payroll", "Billing", "owner", None)
    'Payroll and Billing have the same owner'
    >>> say_order("apart", "Payroll", "Audit", "place", None), say_order("not_before", "Porting", "Billing", "", 2.0)
    ('Payroll and Audit differ in place', 'Porting starts at least 2 waves after Billing')
    """
    column = str(column).replace("_", " ")
    if kind == "together":
        return f"{first} and {second} have the same {column}"
    if kind == "apart":
        return f"{first} and {second} differ in {column}"
    waves = 0.0 if lag is None or lag != lag else float(lag)
    if waves == 0.0:
        return f"{first} does not start before {second}"
    count = f"{abs(waves):g} {'wave' if abs(waves) == 1 else 'waves'}"
    return f"{first} starts {f'at least {count} after' if waves > 0 else f'at most {count} before'} {second}"


def find_kind(measure: str, relative_to: str = "") -> str:
    """Tell whether a limit on a measure reads as money, as a share, or as a plain figure.

    Examples
    --------
    >>> find_kind("cash_cost"), find_kind("cash_cost", "cash_cost"), find_kind("fte"), find_kind("unavailability_shop")
    ('money', 'share', 'figure', 'share')
    """
    column = load_dictionary()["alternatives"].columns.get(measure)
    unit = "" if column is None else column.unit
    if relative_to or unit == "share" or measure.startswith("unavailability_"):
        return "share"
    return "money" if measure.startswith("cost_") or unit.startswith("currency") else "figure"
