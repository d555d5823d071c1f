"""Settle every lever of a unit, and tell where each value comes from."""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING, Any

import pandas as pd

from sourcing.case.policy import Outlook, Policy, read_lever, require_lever

if TYPE_CHECKING:
    from sourcing.case.load import Case


def settle(case: Case, **levers: Any) -> tuple[Policy, Outlook]:
    """Settle every lever of a unit: default, then the case's policy table, then the levers given here.

    Parameters
    ----------
    case : Case
        A case of one unit.
    **levers : str, int, float or bool
        Fields of Policy or Outlook by name; "" or None means "as the case says".

    Returns
    -------
    tuple of Policy and Outlook

    Raises
    ------
    InputError
        An unknown name, or a value of the wrong type or range.
    """
    chosen = dict(zip(case.policy["name"], case.policy["value"], strict=True))
    for name, value in levers.items():
        require_lever(name)
        if value is not None and value != "":
            chosen[name] = value
    return tuple(  # type: ignore[return-value]
        kind(**{each.name: chosen[each.name] for each in fields(kind) if each.name in chosen})
        for kind in (Policy, Outlook)
    )


def list_levers(case: Case, policy: Policy, outlook: Outlook) -> pd.DataFrame:
    """List every lever with its value and where the value comes from.

    Returns
    -------
    DataFrame
        Index name; columns value, default, origin (default, case, run), unit, meaning, source, reason.
    """
    said = case.policy.drop_duplicates("name", keep="last").set_index("name")
    rows = []
    for kind in (policy, outlook):
        for each in fields(kind):
            value, reason = getattr(kind, each.name), ""
            origin = "default" if value == each.default else "run"
            if each.name in said.index:
                origin = "run"
                if read_lever(each.name, said.at[each.name, "value"]) == value:
                    origin, reason = "case", str(said.at[each.name, "reason"])
            rows.append(
                {
                    "name": each.name,
                    "value": value,
                    "default": each.default,
                    "origin": origin,
                    "unit": each.metadata["unit"],
                    "meaning": each.metadata["meaning"],
                    "source": each.metadata["source"],
                    "reason": reason,
                }
            )
    return pd.DataFrame(rows).set_index("name")
