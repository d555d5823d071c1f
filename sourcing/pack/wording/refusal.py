"""Say in a unit's own words why it has no plan."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from sourcing.errors import InfeasiblePlanError
from sourcing.pack.wording.names import call_members, find_kind

if TYPE_CHECKING:
    import pandas as pd

    from sourcing.case import Case

SHOWN_SETS = 2
BARS = {
    "posture": "its posture",
    "unscored": "too few scores",
    "readiness": "too little readiness",
    "goes live after the horizon": "the horizon",
}
SENSES = {"<=": "at most ", ">=": "at least ", "==": "exactly "}


def say_refusal(error: InfeasiblePlanError) -> list[str]:
    """Say why a unit has no plan: names in place of keys, bans by who they ban, limits in their unit.

    Parameters
    ----------
    error : InfeasiblePlanError
        From `decide_unit`: it carries the unit's question.

    Returns
    -------
    list of str
        The clash and the cheapest repair; then one sentence per clashing set that the first leaves out.
    """
    case, alternatives, rules = error.question.case, error.question.alternatives, error.question.rules
    clashes = [_say_clash(names, case, alternatives) for names in error.conflicts]
    shown = "; ".join(clashes[:SHOWN_SETS]) or "the clash was not found in time"
    more = f"; {len(clashes) - SHOWN_SETS} more" if len(clashes) > SHOWN_SETS else ""
    message = f"A plan must keep every rule, ban and order; got none for {case.unit['name']}: {shown}{more}. "
    hint = f"Hint: {_say_repair(error.repairs, rules, case.unit['currency'])}."
    return [message + hint, *(f"Also: {clash}." for clash in clashes[SHOWN_SETS:])]


def _say_clash(names: list[str], case: Case, alternatives: pd.DataFrame) -> str:
    said = [say_member(name, case, alternatives) for name in names]
    if len(said) == 1:
        return f"{said[0]} leaves nothing to choose"
    return f"{', '.join(said[:-1])} and {said[-1]} cannot be kept together"


def say_member(name: str, case: Case, alternatives: pd.DataFrame) -> str:
    """Say what a member of a clashing set is: a rule by its name, what has none by what it does."""
    words = call_members(case).get(name)
    if words is None:
        return f"the rule '{name}'"
    if name.startswith("order: "):
        return f"the order '{words}'"
    bans = [BARS.get(each, f"the ban '{each.replace('_', ' ')}'") for each in list_bans_behind(name, alternatives)]
    return f"{words} (by {', '.join(bans)})" if bans else words


def list_bans_behind(name: str, alternatives: pd.DataFrame) -> list[str]:
    """List the bans behind the lock of a process, by name; none for what is no lock."""
    process = name.removeprefix("lock: ")
    rows = alternatives["process"].astype(str) == process
    barred = "; ".join(alternatives.loc[rows, "barred_by"]) if process != name else ""
    return sorted({each for each in barred.split("; ") if each})


def _say_repair(repairs: pd.DataFrame, rules: pd.DataFrame, currency: str) -> str:
    if repairs.empty:
        return "no change of limits alone makes a plan possible; lift a ban, an order or a rule of priority 0"
    known = rules.drop_duplicates("rule").set_index("rule")
    changes = [_say_change(row, known.loc[row["rule"]], currency) for row in repairs.to_dict("records")]
    return f"a plan is possible with {' and '.join(changes)}"


def _say_change(repair: dict[str, Any], rule: pd.Series, currency: str) -> str:
    """Say a change of a limit in the unit of its measure, rounded so that the changed limit suffices.

    Examples
    --------
    >>> import pandas as pd
    >>> rule = pd.Series({"measure": "cash_cost", "sense": "<=", "relative_to": ""})
    >>> _say_change({"rule": "Budget", "limit": 2.1e6, "needed": 3894999.2}, rule, "USD")
    "'Budget' at USD 3,895,000 in place of at most USD 2,100,000"
    """
    kind = find_kind(rule["measure"], rule["relative_to"])
    needed = say_outward(repair["needed"], rule["sense"], kind, currency)
    limit = say_outward(repair["limit"], "==", kind, currency)
    return f"'{repair['rule']}' at {needed} in place of {SENSES[rule['sense']]}{limit}"


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
