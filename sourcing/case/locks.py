"""What a lock bars: the one reading of the table `locks`, for its checks and for what the plan is told."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from collections.abc import Mapping

DELIVERY = {"option": "option", "delivered_by": "owner", "delivery_model": "delivery_model"}
"""Cell of a lock that says how work is delivered -> column of the offers that it is held against."""
WAVES = ("from_wave", "until_wave")


def find_locked(lock: Mapping[str, Any], offers: pd.DataFrame) -> np.ndarray:
    """Find the offers that a lock bars.

    A lock `only` bars what is not delivered as its filled cells say, and moves that start outside its waves; a lock
    `never` bars what is delivered as they say and starts in its waves. What stays as today starts in no wave: a lock
    `never` with waves leaves it alone.

    Parameters
    ----------
    lock : mapping
        A row of the table locks.
    offers : DataFrame
        Columns process, option, owner, delivery_model, is_as_is and, where the lock names waves, wave.

    Returns
    -------
    ndarray of bool, shape (len(offers),)

    Examples
    --------
    >>> offers = pd.DataFrame({"process": "payroll", "option": ["stay", "shared", "shared"], "wave": [0, 1, 3]})
    >>> offers = offers.assign(owner="own", delivery_model="in_house", is_as_is=offers["wave"] == 0)
    >>> not_before = {"process": "payroll", "kind": "only", "from_wave": 3, "until_wave": None}
    >>> not_before |= {"option": "", "delivered_by": "", "delivery_model": ""}
    >>> find_locked(not_before, offers).tolist()
    [False, True, False]
    """
    meant, fits = (np.ones(len(offers), dtype=bool) for _ in range(2))
    if lock["process"]:
        meant &= (offers["process"] == lock["process"]).to_numpy()
    for cell, column in DELIVERY.items():
        if lock[cell]:
            fits &= (offers[column] == lock[cell]).to_numpy()
    first, last = (lock[cell] for cell in WAVES)
    stays = offers["is_as_is"].to_numpy(dtype=bool)
    if pd.isna(first) and pd.isna(last):
        stays, starts = np.zeros(len(offers), dtype=bool), np.ones(len(offers), dtype=bool)
    else:
        starts = ~stays & offers["wave"].between(*_close(first, last)).to_numpy()
    if lock["kind"] == "never":
        return meant & fits & starts
    return meant & ~(fits & (starts | stays))


def _close(first: Any, last: Any) -> tuple[float, float]:
    """Close a range of waves whose ends may be open."""
    return (-np.inf if pd.isna(first) else float(first), np.inf if pd.isna(last) else float(last))
