"""What a rule asks, in words: measure, where, sense, limit, share of what, for each of what."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Any

from sourcing.case import load_dictionary, load_reference
from sourcing.pack.wording.names import call_members, find_kind
from sourcing.pack.wording.numbers import MODEL_NAMES, say_list, say_money, say_number
from sourcing.value import list_promises
from sourcing.where import parse_where

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sourcing.case import Case

MEASURES = {
    "count": "processes",
    "fte": "full-time equivalents",
    "moved_fte": "full-time equivalents whose work moves",
    "own_fte": "own full-time equivalents",
    "jobs_home": "jobs in the home country",
    "customer_contact_share": "customer contact",
    "contact_moved": "customer contact that changes hands",
    "one_off_cost": "one-off spending",
    "fit_points": "points of strategic fit",
    "hours_away": "hours of time difference",
}
"""Measures whose words are not their name."""
PROMISED = {
    "availability": "use of the unavailability allowed",
    "response_seconds": "seconds to respond",
    "throughput_per_day": "throughput of stand-bys a day",
}
SENSES = {"<=": "at most", ">=": "at least", "==": "exactly"}
FACTS = {
    ("is_abroad", True): "abroad",
    ("is_abroad", False): "in the home country",
    ("owner_type", "own"): "with own staff",
    ("owner_type", "provider"): "with providers",
    ("owner_type", "joint_venture"): "with joint ventures",
    ("is_as_is", True): "left as today",
    ("is_as_is", False): "that change",
    ("is_starved", True): "in deals that starve the provider",
}
"""What a column's value says of work, where a phrase reads better than the comparison."""
DENIED = {("owner_type", "own"): "with outside owners"}
PHRASES = {
    "owner": "delivered by {}",
    "location": "at {}",
    "country": "in {}",
    "delivery_model": "delivered {}",
    "data_class": "with {} data",
    "function": "in {}",
    "process": "of {}",
    "wave": "that start in wave {}",
    "contract_form": "under the contract form {}",
}
COMPARED = {
    ast.Eq: "is", ast.NotEq: "is not", ast.Lt: "is below", ast.LtE: "is at most", ast.Gt: "is above",
    ast.GtE: "is at least", ast.In: "is one of", ast.NotIn: "is none of",
}  # fmt: skip
MIRRORED: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.Gt, ast.LtE: ast.GtE, ast.Gt: ast.Lt, ast.GtE: ast.LtE,
}  # fmt: skip


def say_rule(rule: dict[str, Any], case: Case) -> str:
    """Say what a rule asks.

    Parameters
    ----------
    rule : dict
        measure, where, sense, limit, relative_to, for_each.
    case : Case
        One unit, for names and currency.

    Returns
    -------
    str
        Such as "Full-time equivalents abroad: at most 25 % of all full-time equivalents".
    """
    where, relative_to, for_each = (str(rule.get(name) or "") for name in ("where", "relative_to", "for_each"))
    place = say_where(where, case)
    each = f", for each {say_column(for_each)}" if for_each else ""
    of_all = f" of all {call_measure(relative_to, case)}" if relative_to else ""
    measure = call_measure(str(rule["measure"]), case)
    limit = say_amount(float(rule["limit"]), str(rule["measure"]), relative_to, case)
    words = f"{measure}{f' {place}' if place else ''}{each}: {SENSES[rule['sense']]} {limit}{of_all}"
    return words[0].upper() + words[1:]


def call_measure(measure: str, case: Case) -> str:
    """Call a measure by words: those of promises to customers by the service."""
    for promise in list_promises(case):
        if promise["column"] == measure:
            return f"{PROMISED[promise['measure']]} of {promise['name']}"
    return MEASURES.get(measure, say_column(measure.removeprefix("cost_")))


def say_column(column: str) -> str:
    """Call a column by its name in words.

    Examples
    --------
    >>> say_column("data_class"), say_column("is_abroad")
    ('data class', 'abroad')
    """
    return column.removeprefix("is_").replace("_", " ")


def say_amount(number: float, measure: str, relative_to: str, case: Case) -> str:
    """Write an amount in the unit of its measure: money, per cent in three figures, or a plain number."""
    kind = find_kind(measure, relative_to)
    if kind == "money":
        return say_money(number, case.unit["currency"])
    return f"{100 * number:.3g} %".replace("-", "−") if kind == "share" else say_number(number)


def say_where(where: str, case: Case) -> str:
    """Say which work a rule counts; "" where it counts all.

    Examples
    --------
    >>> from sourcing import load_case
    >>> say_where("owner_type != 'own' and is_abroad == True", load_case("data/tiny", "alpha"))
    'with outside owners and abroad'
    """
    if not where.strip():
        return ""
    tree, names = parse_where(where)
    return _say_node(tree, names, case)


def _say_node(node: ast.expr, names: dict[str, str], case: Case) -> str:
    if isinstance(node, ast.BoolOp):
        joint = " and " if isinstance(node.op, ast.And) else " or "
        parts = [_say_node(part, names, case) for part in node.values]
        nested = [f"({said})" if isinstance(part, ast.BoolOp) else said
                  for part, said in zip(node.values, parts, strict=True)]  # fmt: skip
        return joint.join(nested)
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        return f"but not ({_say_node(node.operand, names, case)})"
    if isinstance(node, ast.Compare) and len(node.ops) == 1:
        left, kind, right = node.left, type(node.ops[0]), node.comparators[0]
        if isinstance(right, ast.Name) and not isinstance(left, ast.Name):
            left, kind, right = right, MIRRORED.get(kind, kind), left
        if isinstance(left, ast.Name) and not isinstance(right, ast.Name):
            return _say_compared(names.get(left.id, left.id), kind, ast.literal_eval(right), case)
    return f"where {ast.unparse(node)}"


def _say_compared(column: str, kind: type[ast.cmpop], value: Any, case: Case) -> str:
    """Say one comparison of a column with a value or a list of them."""
    if isinstance(value, list | tuple):
        said = " or ".join(_say_value(column, each, case) for each in value)
    else:
        if isinstance(value, bool) and kind is ast.NotEq:
            kind, value = ast.Eq, not value
        if kind is ast.Eq and (column, value) in FACTS:
            return FACTS[column, value]
        if kind is ast.NotEq and (column, value) in DENIED:
            return DENIED[column, value]
        said = _say_value(column, value, case)
    if kind in (ast.Eq, ast.In) and column in PHRASES:
        return PHRASES[column].format(said)
    if kind in (ast.NotEq, ast.NotIn) and column in PHRASES:
        return f"not {PHRASES[column].format(said)}"
    return f"whose {say_column(column)} {COMPARED[kind]} {said}"


def _say_value(column: str, value: Any, case: Case) -> str:
    """Give a value its name: processes and sites of the case, countries, delivery models."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int | float):
        return say_number(float(value))
    if column == "process":
        return str(case.processes.set_index("process")["name"].get(value, value))
    if column in ("location", "country"):
        return name_places(case).get(str(value), str(value))
    if column == "delivery_model":
        return MODEL_NAMES.get(str(value), str(value))
    known = load_dictionary()["alternatives"].columns.get(column)
    return str(value).replace("_", " ") if known is not None and known.type == "choice" else str(value)


def name_places(case: Case) -> dict[str, str]:
    """Name the sites: country codes by the country, sites of the case by their name where they have one."""
    own = case.locations.set_index("location")["name"]
    return load_reference("countries").set_index("country")["name"].to_dict() | own[own != ""].to_dict()


def call_rules(names: Iterable[str], case: Case) -> list[str]:
    """Give rules by their name and what has none in words, as they stand in reasons and on page one."""
    words = call_members(case)
    return [words.get(name, name) for name in names]


def say_rules(names: Iterable[str], case: Case, most: int = 2) -> str:
    """List rules and what has no name of its own in quotes."""
    return say_list([f"'{name}'" for name in call_rules(names, case)], most)
