"""Locks: what an analyst fixes beforehand is set aside as bans are, so that it can be priced."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from sourcing.assess.vetoes import join_reasons
from sourcing.case import find_locked

if TYPE_CHECKING:
    from sourcing.case import Case


def bar_locked(case: Case, offers: pd.DataFrame) -> pd.Series:
    """Say which locks bar each offer; unlike other bans they bar today's delivery as well.

    Parameters
    ----------
    case : Case
        One unit.
    offers : DataFrame
        Columns process, option, owner, delivery_model, is_as_is and, where the case has a calendar, wave.

    Returns
    -------
    Series
        Index of `offers`; names of the locks, joined by "; ", "" where none bars.
    """
    barred = pd.Series("", index=offers.index)
    for lock in case.locks.to_dict("records"):
        named = pd.Series("", index=offers.index).mask(find_locked(lock, offers), lock["lock"])
        barred = join_reasons(barred, named)
    return barred
