"""The fewest redundancies that a road map asks for, by how many people leave by themselves."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from sourcing.program.roadmap.workforce import Workforce, plan_workforce

if TYPE_CHECKING:
    from sourcing.program.roadmap.roadmap import Roadmap

HOME, ABROAD, OVERSIGHT, PASSED = "own staff at home", "own staff abroad", "own the outcome", "pass to new owners"
TURNOVERS = (0.0, 0.05, 0.1)
"""Shares of own staff who leave by themselves in a year that the road map looks at (house rule)."""


def staff_program(roadmap: Roadmap, turnover: float = 0.0) -> Workforce:
    """Plan the unit's own people under a road map: the fewest redundancies, given who leaves by themselves.

    Skills: own staff at home, own staff abroad, those who govern work and own its outcome, those who pass to new
    owners. Needed is what the road map says of the last quarter of each year. Own staff at home may be retrained to own
    the outcome and pass to new owners; anybody may be hired but those who pass.

    Parameters
    ----------
    roadmap : Roadmap
    turnover : float
        Share of own staff who leave by themselves in a year; the case does not say it.
    """
    places = roadmap.places[roadmap.places["owner"] == "own"]
    by_side = places.groupby(["quarter", "is_abroad"])["fte"].sum().unstack(fill_value=0.0)
    by_side = by_side.reindex(index=roadmap.retained["quarter"], columns=[False, True], fill_value=0.0)
    overseers = roadmap.retained.set_index("quarter")[["governance_fte", "retained_fte"]].sum(axis=1)
    passed = roadmap.retained.set_index("quarter")["transferred"].cumsum()
    whole = pd.DataFrame({HOME: by_side[False], ABROAD: by_side[True], OVERSIGHT: overseers, PASSED: passed})
    choices = roadmap.decision.as_is.choices
    own = choices[choices["owner"] == "own"]
    now = own.groupby(own["is_abroad"].astype(bool))["fte"].sum().reindex([False, True], fill_value=0.0)
    today = [now[False], now[True], choices[["governance_fte", "retained_fte"]].sum().sum(), 0.0]
    skills = pd.DataFrame(
        {
            "today": today,
            "leave_share": [turnover, turnover, turnover, 0.0],
            "leave_first_share": [turnover, turnover, turnover, 0.0],
            "most_hired": [np.inf, np.inf, np.inf, 0.0],
        },
        index=[HOME, ABROAD, OVERSIGHT, PASSED],
    )
    paths = pd.DataFrame({"from_skill": [HOME, HOME], "skill": [OVERSIGHT, PASSED]})
    ends = whole[whole.index % 4 == 0]
    return plan_workforce(skills, ends.set_axis(ends.index // 4), paths)


def list_redundancies(roadmap: Roadmap) -> pd.DataFrame:
    """List the fewest redundancies by yearly turnover, beside what the plan pays for.

    Returns
    -------
    DataFrame
        One row per turnover of TURNOVERS: turnover, redundant (fewest), retrained (into owning the outcome), hired,
        paid (people whose severance the plan pays), unplaced = max(0, redundant - paid): redeployed people for whom the
        processes of the unit have no work.
    """
    paid, rows = float(roadmap.moves["leavers"].sum()), []
    for turnover in TURNOVERS:
        found = staff_program(roadmap, turnover)
        kept = found.retrained[found.retrained["skill"] == OVERSIGHT]
        rows.append(
            {"turnover": turnover, "redundant": found.redundant, "retrained": float(kept["people"].sum()),
             "hired": float(found.people["hired"].sum()), "paid": paid, "unplaced": max(0.0, found.redundant - paid)}
        )  # fmt: skip
    return pd.DataFrame(rows)
