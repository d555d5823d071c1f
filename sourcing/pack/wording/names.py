"""What keys are called by those who know the unit: processes, options, sites, lines, postures, locks, orders."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sourcing.assess import load_postures
from sourcing.case import load_reference, once_a_case
from sourcing.pack.wording.numbers import say_count
from sourcing.plan import name_order

if TYPE_CHECKING:
    import pandas as pd

    from sourcing.case import Case

MODEL_NAMES = {
    "in_house": "in-house",
    "onshore": "onshore",
    "offshore": "offshore",
    "outsource": "outsourced",
}
LINE_NAMES = {
    "labor": "Own labor",
    "overhead": "Own overhead",
    "non_labor": "Non-labor cost",
    "price": "Paid to outside owners",
    "until_go_live": "Today's own staff until go-live",
    "non_labor_until_go_live": "Today's non-labor cost until go-live",
    "price_until_go_live": "Today's price until go-live",
    "ramp": "Learning after go-live",
    "peak": "Carrying the seasonal peak",
    "attrition": "Replacing own staff who leave",
    "vat": "Tax that cannot be reclaimed",
    "invoice_errors": "Wrong invoices not found",
    "value_lost": "Lost to weak governance",
    "stranded": "Cost left behind",
    "governance": "Governance",
    "retained": "Retained organization",
    "incentives": "Outcome fees, credits, shared gains and volume charges, expected",
    "profit_share": "Our part of a joint venture's profit",
    "venture_capital": "Our part of a joint venture's capital",
    "terminal": "After the horizon",
    "income_tax": "Income tax saved",
    "transition": "Transition",
    "knowledge_transfer": "Knowledge transfer",
    "travel": "Travel of the transition",
    "training": "Training of the new team",
    "set_up": "Set-up",
    "recruitment": "Recruitment",
    "parallel": "Parallel running",
    "severance": "Severance",
    "staff_transfer": "Transfer of staff",
    "service_dip": "Service dip, caught up",
    "tender": "Tender and negotiation",
    "investment": "Investment",
    "exit": "Leaving deals and handing back",
    "expected_loss": "Expected loss",
    "fit": "Strategic fit, priced",
    "customer_value": "Customer value, priced",
    "partnership": "Partnership, priced",
    "social_value": "Social value, priced",
    "conflict": "Conflicts of interest, priced",
    "hurdle": "Switching hurdle (no payment)",
    "handoffs": "Hand-offs",
    "charges": "Providers and sites, while used",
    "tenders": "Tenders, once per provider",
    "pools": "Shared cost pools",
    "discounts": "Volume discounts",
    "splits": "Paid twice by splitting",
}
CAUSES = {
    "operational": (
        "The work fails",
        "outages and serious errors of whoever does it: days lost, claims and repair. Service credits are cash.",
    ),
    "structural": (
        "A provider or joint venture ends",
        "it fails, leaves early or exploits the deal: emergency cover, a new tender and hand-over, days lost. Tenders "
        "and hand-backs at planned ends are cash.",
    ),
    "location": (
        "A site is lost",
        "the risk of its country: days lost until others do the work. No line of cash holds it.",
    ),
    "move": (
        "A move fails",
        "it is undone or done again, and the days lost in it. The dip and the learning of a move that works are cash.",
    ),
    "key_person": (
        "People leave with what only they know",
        "days lost until others know it: more where few do the work and little is written down. Replacing who leaves "
        "is cash.",
    ),
    "walk_out": (
        "A starved provider's team walks out",
        "days lost and emergency cover while the deal goes on: where the price leaves less than the margin floor.",
    ),
    "brand": (
        "The brand is harmed",
        "customers lost by how an outside owner's people spoke to them. What an option gains is customer value.",
    ),
}
"""Cause of loss -> what it is called, and what it counts and cash does not."""


@once_a_case
def name_processes(case: Case) -> pd.Series:
    """Name the processes of a unit: index process."""
    return case.processes.set_index("process")["name"].astype(str)


def name_options(alternatives: pd.DataFrame) -> dict[tuple[str, str], str]:
    """Name the options of a unit: (process, option) to name."""
    rows = alternatives.drop_duplicates(["process", "option"])
    return rows.set_index(["process", "option"])["name"].to_dict()


@once_a_case
def name_places(case: Case) -> dict[str, str]:
    """Name the sites: country codes by the country, sites of the case by their name where they have one."""
    own = case.locations.set_index("location")["name"]
    return load_reference("countries").set_index("country")["name"].to_dict() | own[own != ""].to_dict()


def call_places(places: pd.Series, case: Case) -> pd.Series:
    """Call sites and countries by their names; what has none stays as it is written."""
    return places.map(name_places(case)).fillna(places)


def name_postures() -> dict[str, str]:
    """Name the postures, and that of a process which is not scored enough to have one."""
    named = load_postures().drop_duplicates("posture").set_index("posture")["name"]
    return named.to_dict() | {"unscored": "Not scored enough"}


def call_option(name: str, model: str) -> str:
    """Call an option by its name, with the delivery model where the name does not say it.

    Examples
    --------
    >>> call_option("Shared-service center", "onshore"), call_option("Stay in-house", "in_house")
    ('Shared-service center (onshore)', 'Stay in-house')
    """
    words = MODEL_NAMES[model]
    return name if words in name.lower() else f"{name} ({words})"


def call_line(line: str) -> str:
    """Call a line of cost by its name.

    Examples
    --------
    >>> call_line("cost_price"), call_line("handoffs"), call_line("cost_of_own")
    ('Paid to outside owners', 'Hand-offs', 'of own')
    """
    plain = line.removeprefix("cost_")
    return LINE_NAMES.get(plain, plain.replace("_", " "))


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
    called = name_processes(case)
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
    count = say_count(abs(waves), "wave")
    return f"{first} starts {f'at least {count} after' if waves > 0 else f'at most {count} before'} {second}"
