"""Say in a unit's own words why it has no plan."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from sourcing.case import load_dictionary
from sourcing.errors import InfeasiblePlanError

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


def word_refusal(
    error: InfeasiblePlanError, case: Case, alternatives: pd.DataFrame, rules: pd.DataFrame
) -> InfeasiblePlanError:
    """Reword an error for those who know the unit: names in place of keys, bans by who they ban, limits in their unit.

    Parameters
    ----------
    error : InfeasiblePlanError
        From `choose`.
    case : Case
        One unit.
    alternatives, rules : DataFrame
        What the plan was sought among, and under.

    Returns
    -------
    InfeasiblePlanError
        The same conflicts and repairs; clashing sets that the message leaves out are its notes.
    """
    clashes = [_say_clash(names, case, alternatives) for names in error.conflicts]
    shown = "; ".join(clashes[:SHOWN_SETS]) or "the clash was not found in time"
    more = f"; {len(clashes) - SHOWN_SETS} more" if len(clashes) > SHOWN_SETS else ""
    message = f"A plan must keep every rule, ban and order; got none for {case.unit['name']}: {shown}{more}. "
    worded = InfeasiblePlanError(
        f"{message}Hint: {_say_way_out(error.repairs, rules, case.unit['currency'])}.",
        error.conflicts,
        error.repairs,
        complete=error.complete,
    )
    for clash in clashes[SHOWN_SETS:]:
        worded.add_note(f"Also: {clash}.")
    return worded


def _say_clash(names: list[str], case: Case, alternatives: pd.DataFrame) -> str:
    said = [_say_member(name, case, alternatives) for name in names]
    if len(said) == 1:
        return f"{said[0]} leaves nothing to choose"
    return f"{', '.join(said[:-1])} and {said[-1]} cannot be kept together"


def _say_member(name: str, case: Case, alternatives: pd.DataFrame) -> str:
    """Say what a member of a clashing set is: a rule by its name, what has none by what it does."""
    kind, typed, rest = name.partition(": ")
    called = case.processes.set_index("process")["name"].to_dict()
    if typed and kind == "lock" and rest in called:
        barred = "; ".join(alternatives.loc[alternatives["process"] == rest, "barred_by"])
        by = sorted({each for each in barred.split("; ") if each})
        bans = [BARS.get(each, f"the ban '{each.replace('_', ' ')}'") for each in by]
        return f"what is barred for {called[rest]} (by {', '.join(bans)})"
    if typed and kind == "item" and rest in called:
        return f"the limits on splitting {called[rest]}"
    if typed and kind == "order":
        return f"the order '{_name_processes(rest, called)}'"
    return f"the rule '{name}'"


def _name_processes(order: str, called: dict[str, str]) -> str:
    """Put names in place of keys in the words of an order."""
    for words in (" apart from ", " not before ", " with "):
        first, found, second = order.partition(words)
        if found and first in called and second in called:
            return f"{called[first]}{words}{called[second]}"
    return order


def _say_way_out(repairs: pd.DataFrame, rules: pd.DataFrame, currency: str) -> str:
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
    column = load_dictionary()["alternatives"].columns.get(rule["measure"])
    is_money = rule["measure"].startswith("cost_") or (column is not None and column.unit.startswith("currency"))

    def say(number: float, sense: str) -> str:
        if rule["relative_to"]:
            return f"{_round_outward(100 * number, sense, 1):g} %"
        whole = _round_outward(number, sense, 0 if abs(number) >= 100 else 2)
        return f"{currency} {whole:,.0f}" if is_money else f"{whole:,.10g}"

    needed, limit = say(repair["needed"], rule["sense"]), say(repair["limit"], "==")
    return f"'{repair['rule']}' at {needed} in place of {SENSES[rule['sense']]}{limit}"


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
