"""Where no plan keeps every rule: what clashes, what is hard in it, and the plan that the cheapest repair gives."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from sourcing.plan.model import DEFAULT_PRIORITY

if TYPE_CHECKING:
    from sourcing.errors import InfeasiblePlanError

KINDS = ("lock", "item", "order")


def list_clashes(error: InfeasiblePlanError, rules: pd.DataFrame | None = None) -> pd.DataFrame:
    """List the clashing sets of an error, one row per member.

    Parameters
    ----------
    error : InfeasiblePlanError
        From `choose`.
    rules : DataFrame, optional
        The rules asked, for priority and owner.

    Returns
    -------
    DataFrame
        set (1 first, the smallest), name, kind (rule, lock, item, order), hard (bool: a rule of priority 0, or
        anything that is no rule), priority, owner, needed (the limit that the cheapest repair gives a rule; NaN where
        it leaves it alone).
    """
    given = {} if rules is None else {str(row["rule"]): row for row in rules.to_dict("records")}
    needed = dict(zip(error.repairs.get("rule", []), error.repairs.get("needed", []), strict=True))
    records = []
    for number, names in enumerate(error.conflicts, start=1):
        for name in names:
            kind = next((kind for kind in KINDS if name.startswith(f"{kind}: ") and name not in given), "rule")
            rule = given.get(name, {})
            priority = rule.get("priority", DEFAULT_PRIORITY)
            priority = DEFAULT_PRIORITY if priority is None or priority != priority else int(priority)
            is_hard = kind != "rule" or priority == 0
            records.append((number, name, kind, is_hard, priority if kind == "rule" else 0, rule.get("owner", ""),
                            needed.get(name, float("nan"))))  # fmt: skip
    return pd.DataFrame(records, columns=["set", "name", "kind", "hard", "priority", "owner", "needed"])


def repair_rules(error: InfeasiblePlanError, rules: pd.DataFrame, repairs: pd.DataFrame | None = None) -> pd.DataFrame:
    """Give the rules with the limits that a repair needs: some rows of `error.ways`, or the cheapest if None."""
    chosen = error.repairs if repairs is None else repairs
    needed = dict(zip(chosen["rule"], chosen["needed"], strict=True))
    limit = rules["rule"].astype(str).map(needed).fillna(rules["limit"]).astype(float)
    return rules.assign(limit=limit)
