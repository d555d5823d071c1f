"""What a rule asks, in words: measure, where, sense, limit, share of what, for each of what."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from sourcing.case import load_dictionary, put_article
from sourcing.decide import shares_money
from sourcing.pack.wording.names import MODEL_NAMES, call_members, name_places
from sourcing.pack.wording.numbers import capitalize, say_list, say_money, say_number
from sourcing.value import list_promises
from sourcing.where import And, Column, Comparison, Constant, Membership, Not, Or, parse_where, spell_where

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sourcing.case import Case
    from sourcing.where import Where

MEASURES = {
    "count": "processes",
    "fte": "full-time equivalents",
    "changed_fte": "full-time equivalents whose work changes",
    "moved_fte": "full-time equivalents whose work gets another owner or site",
    "own_fte": "own full-time equivalents",
    "jobs_home": "jobs in the home country",
    "customer_contact_share": "customer contact",
    "contact_moved": "customer contact that changes hands",
    "retained_skills": "own people who know the work",
    "brand_exposure": "customer contact spoken for us by outside owners",
    "one_off_cost": "one-off spending",
    "fit_points": "points of strategic fit",
    "hours_away": "hours of time difference",
}
"""Measures whose words are not their name."""
MEASURED = "money over a set of bad outcomes"
"""What the rules count that an attitude to risk adds."""
PROMISED = {
    "availability": "use of the unavailability allowed",
    "response_seconds": "seconds to respond",
    "throughput_per_day": "throughput of stand-bys a day",
}
SENSES = {"<=": "at most", ">=": "at least", "==": "exactly"}
FACTS: dict[tuple[str, Any], str] = {
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
DENIED: dict[tuple[str, Any], str] = {("owner_type", "own"): "with outside owners"}
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
    "==": "is", "!=": "is not", "<": "is below", "<=": "is at most", ">": "is above", ">=": "is at least",
    "in": "is one of", "not in": "is none of",
}  # fmt: skip
MIRRORED = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}
"""Sign -> the sign with its sides exchanged."""


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
        Such as "Full-time equivalents abroad: at most 25 % of all full-time equivalents". A rule on some of the work
        counts what that work pays itself; where the unit has money that processes share, that is said.
    """
    where, relative_to, for_each = (str(rule.get(name) or "") for name in ("where", "relative_to", "for_each"))
    place = say_where(where, case)
    each = f", for each {say_column(for_each)}" if for_each else ""
    of_all = f" of all {call_measure(relative_to, case)}" if relative_to else ""
    measure = call_measure(str(rule["measure"]), case)
    limit = say_amount(float(rule["limit"]), str(rule["measure"]), relative_to, case)
    aside = (where or for_each) and shares_money(case, str(rule["measure"]))
    left = "; what processes share is left aside" if aside else ""
    return capitalize(f"{measure}{f' {place}' if place else ''}{each}: {SENSES[rule['sense']]} {limit}{of_all}{left}")


def call_measure(measure: str, case: Case) -> str:
    """Call a measure by words: those of promises to customers by the service."""
    for promise in list_promises(case):
        if promise["column"] == measure:
            return f"{PROMISED[promise['measure']]} of {promise['name']}"
    if measure.startswith("measured_"):
        return MEASURED
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
    return "money" if measure.startswith(("cost_", "measured_")) or unit.startswith("currency") else "figure"


def say_use(rule: dict[str, Any], case: Case) -> str:
    """Say how much of a rule's limit is used, such as "20 of at least 25".

    Parameters
    ----------
    rule : dict
        used, limit, sense, measure, relative_to.
    case : Case
        One unit, for its currency.
    """
    used, limit = (say_amount(rule[end], rule["measure"], rule["relative_to"] or "", case) for end in ("used", "limit"))
    return f"{used} of {'at least ' if rule['sense'] == '>=' else ''}{limit}"


def say_change(repair: dict[str, Any], currency: str) -> str:
    """Say a change of a limit in the unit of its measure, rounded so that the changed limit suffices.

    Parameters
    ----------
    repair : dict
        rule, measure, sense, relative_to, limit, needed.
    currency : str

    Examples
    --------
    >>> rule = {"rule": "Budget", "measure": "cash_cost", "sense": "<=", "relative_to": ""}
    >>> say_change(rule | {"limit": 2.1e6, "needed": 3894999.2}, "USD")
    "'Budget' at USD 3,895,000 in place of at most USD 2,100,000"
    """
    needed = _say_limit(repair, repair["needed"], repair["sense"], currency)
    return f"'{repair['rule']}' at {needed} in place of {say_asked(repair, currency)}"


def say_asked(repair: dict[str, Any], currency: str) -> str:
    """Say what a rule asks as it stands, such as "at most USD 2,100,000"."""
    return f"{SENSES[repair['sense']]} {_say_limit(repair, repair['limit'], '==', currency)}"


def say_needed(repair: dict[str, Any], currency: str) -> str:
    """Say what a rule would have to ask, rounded so that it suffices."""
    return f"{SENSES[repair['sense']]} {_say_limit(repair, repair['needed'], repair['sense'], currency)}"


def _say_limit(rule: dict[str, Any], number: float, sense: str, currency: str) -> str:
    return say_outward(number, sense, find_kind(rule["measure"], rule["relative_to"] or ""), currency)


def say_outward(number: float, sense: str, kind: str, currency: str) -> str:
    """Write a limit in its unit, rounded so that it does not get tighter, money to four figures; as it is for `==`.

    Examples
    --------
    >>> say_outward(467991485.2, "<=", "money", "USD"), say_outward(0.2349, ">=", "share", "USD")
    ('USD 468,000,000', '23.4 %')
    """
    if kind == "share":
        return f"{_round_outward(100 * number, sense, 1 if abs(number) >= 0.01 else 4):g} %"
    digits = 0 if abs(number) >= 100 else 2
    if kind == "money" and sense != "==" and abs(number) >= 1e4:
        digits = 3 - math.floor(math.log10(abs(number)))
    whole = _round_outward(number, sense, digits)
    return f"{currency} {whole:,.0f}" if kind == "money" else f"{whole:,.10g}"


def _round_outward(number: float, sense: str, digits: int) -> float:
    """Round so that a limit does not get tighter; a rounding error's breadth is forgiven.

    Examples
    --------
    >>> _round_outward(2.341, "<=", 2), _round_outward(2.349, ">=", 2), _round_outward(20.0000000001, "<=", 0)
    (2.35, 2.34, 20.0)
    """
    scaled = number * 10**digits
    breadth = 1e-6 + 1e-9 * abs(scaled)
    if sense == "<=":
        return math.ceil(scaled - breadth) / 10**digits
    return (math.floor(scaled + breadth) if sense == ">=" else round(scaled)) / 10**digits


def say_where(where: str, case: Case) -> str:
    """Say which work a rule counts; "" where it counts all.

    Examples
    --------
    >>> from sourcing import load_case
    >>> say_where("owner_type != 'own' and is_abroad == True", load_case("data/tiny", "alpha"))
    'with outside owners and abroad'
    """
    read = parse_where(where)
    return "" if read is None else _say_part(read, case)


def _say_part(where: Where, case: Case) -> str:
    if isinstance(where, And | Or):
        joint = " and " if isinstance(where, And) else " or "
        said = [(part, _say_part(part, case)) for part in where.parts]
        return joint.join(f"({words})" if isinstance(part, And | Or) else words for part, words in said)
    if isinstance(where, Not):
        return f"but not ({_say_part(where.part, case)})"
    if isinstance(where, Membership) and isinstance(where.operand, Column):
        members = " or ".join(_say_value(where.operand.name, member.value, case) for member in where.members)
        return _say_compared(where.operand.name, "in" if where.is_among else "not in", members)
    if isinstance(where, Comparison) and len(where.signs) == 1:
        (first, second), sign = where.operands, where.signs[0]
        if isinstance(first, Constant):
            first, second, sign = second, first, MIRRORED.get(sign, sign)
        if isinstance(first, Column) and isinstance(second, Constant):
            return _say_comparison(first.name, sign, second.value, case)
    return f"where {spell_where(where)}"


def _say_comparison(column: str, sign: str, value: str | float | bool, case: Case) -> str:
    """Say a comparison of a column with a value, by a phrase of its own where it has one."""
    if isinstance(value, bool) and sign == "!=":
        sign, value = "==", not value
    if sign == "==" and (column, value) in FACTS:
        return FACTS[column, value]
    if sign == "!=" and (column, value) in DENIED:
        return DENIED[column, value]
    return _say_compared(column, sign, _say_value(column, value, case))


def _say_compared(column: str, sign: str, said: str) -> str:
    """Say how a column compares with what was said."""
    if sign in ("==", "in") and column in PHRASES:
        return PHRASES[column].format(said)
    if sign in ("!=", "not in") and column in PHRASES:
        return f"not {PHRASES[column].format(said)}"
    return f"whose {say_column(column)} {COMPARED[sign]} {said}"


def _say_value(column: str, value: Any, case: Case) -> str:
    """Give a value its name: processes and sites of the case, countries, delivery models."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int | float):
        return say_number(float(value))
    if column == "process":
        return str(case.processes.set_index("process")["name"].get(value, value))
    if column in ("location", "country"):
        return put_article(name_places(case).get(str(value), str(value)))
    if column == "delivery_model":
        return MODEL_NAMES.get(str(value), str(value))
    known = load_dictionary()["alternatives"].columns.get(column)
    return str(value).replace("_", " ") if known is not None and known.type == "choice" else str(value)


def call_rules(names: Iterable[str], case: Case) -> list[str]:
    """Give rules by their name and what has none in words, as they stand in reasons and on page one."""
    words = call_members(case)
    return [words.get(name, name) for name in names]


def say_rules(names: Iterable[str], case: Case, most: int = 2) -> str:
    """List rules and what has no name of its own in quotes."""
    return say_list([f"'{name}'" for name in call_rules(names, case)], most)
