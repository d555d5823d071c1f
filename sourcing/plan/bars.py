"""The bans of a unit as locks, each with its name, owner and reason, so that it can be priced by itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from sourcing.assess import list_vetoes

if TYPE_CHECKING:
    from sourcing.case import Case

LAW = "statutory"
OF_JUDGMENT = {
    "posture": ("Core and not commoditized: outside providers do not fit this posture.", True),
    "unscored": ("Too little is scored to say where the process stands.", True),
    "readiness": ("Less ready than policy asks of a process that moves.", True),
    "goes live after the horizon": ("The move would not be finished within the horizon.", False),
}
"""What bars beside vetoes: its reason, and whether its owner, policy, could set it aside."""


def list_bars(alternatives: pd.DataFrame, case: Case) -> pd.DataFrame:
    """List the locks that keep barred alternatives out, one row per alternative and ban.

    Parameters
    ----------
    alternatives : DataFrame
        From `build_alternatives`.
    case : Case
        One unit.

    Returns
    -------
    DataFrame
        process, option, wave where there are waves, kind (bar), name (of the ban), owner, reason, for_sale (False
        where the law bars, or the calendar does).
    """
    keys = [name for name in ("process", "option", "wave") if name in alternatives]
    rows = alternatives.loc[alternatives["barred_by"] != "", [*keys, "barred_by"]]
    rows = rows.assign(kind="bar", name=rows["barred_by"].str.split("; ")).explode("name", ignore_index=True)
    vetoes = list_vetoes(case).set_index("veto")
    veto = rows["name"].str.removesuffix(": live only after its exit date")
    of_judgment = pd.DataFrame.from_dict(OF_JUDGMENT, orient="index", columns=["reason", "for_sale"])
    known = pd.concat(
        [
            vetoes[["reason", "owner"]].assign(for_sale=vetoes["reason_code"] != LAW),
            of_judgment.assign(owner="policy"),
        ]
    )
    return rows.drop(columns="barred_by").join(known[["owner", "reason", "for_sale"]], on=veto.rename("veto"))
