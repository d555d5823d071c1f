"""Say in a unit's own words why it has no plan."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sourcing.errors import InfeasiblePlanError
from sourcing.pack.wording.bans import list_bans_behind, say_cause
from sourcing.pack.wording.names import call_members
from sourcing.pack.wording.numbers import say_list
from sourcing.pack.wording.rules import say_change

if TYPE_CHECKING:
    import pandas as pd

    from sourcing.case import Case

SHOWN_SETS = 2
NO_REPAIR = "no change of limits alone makes a plan possible; lift a ban, a lock, an order or a rule of priority 0"


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
    case, rules, clashes = error.question.case, error.question.rules, say_clashes(error)
    shown = "; ".join(clashes[:SHOWN_SETS]) or "the clash was not found in time"
    more = f"; {len(clashes) - SHOWN_SETS} more" if len(clashes) > SHOWN_SETS else ""
    message = f"A plan must keep every rule, ban and order; got none for {case.unit['name']}: {shown}{more}. "
    hint = f"Hint: {_say_repair(error.repairs, rules, case.unit['currency'])}."
    return [message + hint, *(f"Also: {clash}." for clash in clashes[SHOWN_SETS:])]


def say_clashes(error: InfeasiblePlanError) -> list[str]:
    """Say which rules, bans and orders clash: a sentence's worth for each minimal set; empty where none was found."""
    case, alternatives = error.question.case, error.question.alternatives
    return [_say_clash(names, case, alternatives) for names in error.conflicts]


def _say_clash(names: list[str], case: Case, alternatives: pd.DataFrame) -> str:
    said = [_say_member(name, case, alternatives) for name in names]
    if len(said) == 1:
        return f"{said[0]} leaves nothing to choose"
    return f"{say_list(said, len(said))} cannot be kept together"


def _say_member(name: str, case: Case, alternatives: pd.DataFrame) -> str:
    """Say what a member of a clashing set is: a rule by its name, what has none by what it does."""
    words = call_members(case).get(name)
    if words is None:
        return f"the rule '{name}'"
    if name.startswith("order: "):
        return f"the order '{words}'"
    causes = [say_cause(ban, case) for ban in list_bans_behind(name, alternatives)]
    return f"{words} (by {', '.join(causes)})" if causes else words


def _say_repair(repairs: pd.DataFrame, rules: pd.DataFrame, currency: str) -> str:
    if repairs.empty:
        return NO_REPAIR
    known = rules.drop_duplicates("rule").set_index("rule")
    changes = [say_change(known.loc[row["rule"]].to_dict() | row, currency) for row in repairs.to_dict("records")]
    return f"a plan is possible with {say_list(changes, len(changes))}"
