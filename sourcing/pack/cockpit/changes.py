"""What is changed in a cockpit, as a what-if and as rows of the table `scenarios`."""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import pandas as pd

if TYPE_CHECKING:
    from collections.abc import Mapping

LEVER, RULE, LOCK = "lever", "rule", "lock"
COLUMNS = ("scenario", "business_unit", "change", "name", "process", "option", "value", "reason")


@dataclass(frozen=True)
class Changes:
    """Everything that stands otherwise than in the base plan.

    Attributes
    ----------
    levers, limits : mapping of str to float
        Lever to value; rule to limit, infinite where the rule is lifted.
    forced : mapping of str to str
        Process to the option that is forced.
    """

    levers: Mapping[str, float] = field(default_factory=dict)
    limits: Mapping[str, float] = field(default_factory=dict)
    forced: Mapping[str, str] = field(default_factory=dict)

    def change(self, kind: str, name: str, value: Any) -> Changes:
        """Give the changes with one more, or with one undone where the value is None."""
        attribute = {LEVER: "levers", RULE: "limits", LOCK: "forced"}[kind]
        rest = {each: kept for each, kept in getattr(self, attribute).items() if each != name}
        return replace(self, **{attribute: rest if value is None else rest | {name: value}})

    @property
    def wanted(self) -> dict[str, dict[Any, Any]]:
        """The changes as `decide.what_if` takes them.

        Examples
        --------
        >>> Changes({"price_of_fit": 500.0}, {"no more work abroad": math.inf}, {"payroll": "stay"}).wanted
        {'lever': {'price_of_fit': 500.0}, 'rule': {'no more work abroad': None}, 'lock': {'payroll': 'stay'}}
        """
        limits = {name: None if math.isinf(limit) else limit for name, limit in self.limits.items()}
        every: dict[str, dict[Any, Any]] = {LEVER: dict(self.levers), RULE: limits, LOCK: dict(self.forced)}
        return {kind: named for kind, named in every.items() if named}


def list_scenario_rows(changes: Changes, scenario: str, business_unit: str, reason: str) -> pd.DataFrame:
    """List the rows of the table `scenarios` that make these changes.

    Parameters
    ----------
    changes : Changes
    scenario, business_unit, reason : str
        The scenario's name, its unit, and why it is asked about.

    Returns
    -------
    DataFrame
        Columns COLUMNS; a rule that is lifted is a row `lift`, a forced option a row `lock`.

    Examples
    --------
    >>> rows = list_scenario_rows(Changes({"price_of_fit": 500.0}, {"cap": math.inf}), "fit counts", "alpha", "asked")
    >>> rows[["change", "name", "value"]].values.tolist()
    [['lever', 'price_of_fit', '500'], ['lift', 'cap', '']]
    """
    rows: list[dict[str, Any]] = [
        {"change": LEVER, "name": name, "value": _spell(value)} for name, value in changes.levers.items()
    ]
    for rule, limit in changes.limits.items():
        is_lifted = math.isinf(limit)
        rows.append(
            {"change": "lift" if is_lifted else RULE, "name": rule, "value": "" if is_lifted else _spell(limit)}
        )
    rows += [{"change": LOCK, "process": process, "option": option} for process, option in changes.forced.items()]
    told = dict.fromkeys(COLUMNS, "") | {"scenario": scenario, "business_unit": business_unit, "reason": reason}
    return pd.DataFrame([told | row for row in rows], columns=list(COLUMNS))


def _spell(value: float) -> str:
    return f"{value:.10g}"
