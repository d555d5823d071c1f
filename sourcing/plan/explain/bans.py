"""What bars alternatives, by name: each ban with its owner, so that it can be set aside by itself."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from sourcing.plan.model import plain_label, read_locks

if TYPE_CHECKING:
    from sourcing.plan.explain.reoptimizer import Reoptimizer


@dataclass(frozen=True)
class Ban:
    """Alternatives barred under one name.

    Attributes
    ----------
    name : str
        The column `name` of the locks, or `lock: process`.
    barred : ndarray of bool, shape (n,)
        What it bars.
    alone : ndarray of int
        Positions that nothing else bars: what setting it aside opens.
    is_for_sale : bool
        False where only the law could lift it.
    owner, reason : str
    """

    name: str
    barred: np.ndarray
    alone: np.ndarray
    is_for_sale: bool
    owner: str
    reason: str


def list_bans(reoptimizer: Reoptimizer) -> list[Ban]:
    """List the bans that the locks of a plan's structure state.

    Locks may have, beside what `choose` reads, the columns `name`, `owner`, `reason` and `for_sale` (no: the law
    bars it).
    """
    locks = (reoptimizer.plan.question.structure or {}).get("locks")
    if locks is None or len(locks) == 0:
        return []
    names = [f"lock: {plain_label(process)}" for process in locks["process"]]
    if "name" in locks:
        names = [str(given) if given else name for given, name in zip(locks["name"], names, strict=True)]
    groups = locks.assign(name=names).groupby("name", sort=True)
    barred = {
        str(name): read_locks(rows.drop(columns="name"), reoptimizer.instance.alternatives).barred
        for name, rows in groups
    }
    times = np.sum(list(barred.values()), axis=0)
    return [
        Ban(
            name=str(name),
            barred=barred[str(name)],
            alone=np.flatnonzero(barred[str(name)] & (times == 1)),
            is_for_sale=bool(_read_first(rows, "for_sale", True)),
            owner=str(_read_first(rows, "owner", "")),
            reason=str(_read_first(rows, "reason", "")),
        )
        for name, rows in groups
    ]


def group_bans(bans: list[Ban]) -> list[Ban]:
    """Put together the bans that bar the same options: one more ban per set of them, all for sale.

    Setting one of such bans aside opens nothing that another still bars; the group opens what its members bar alone
    and between them.
    """
    if not bans:
        return []
    by = np.array([ban.barred for ban in bans])
    for_sale = np.array([ban.is_for_sale for ban in bans])
    sets = np.unique(by[:, by.sum(axis=0) > 1], axis=1).T
    groups = []
    for members in sets[(sets & ~for_sale).sum(axis=1) == 0] if len(sets) else []:
        own = [ban for ban, is_member in zip(bans, members, strict=True) if is_member]
        barred = by[members].any(axis=0)
        groups.append(
            Ban(
                name=" + ".join(ban.name for ban in own),
                barred=barred,
                alone=np.flatnonzero(barred & ~by[~members].any(axis=0)),
                is_for_sale=True,
                owner=", ".join(dict.fromkeys(ban.owner for ban in own if ban.owner)),
                reason="",
            )
        )
    return sorted(groups, key=lambda ban: ban.name)


def _read_first(rows: pd.DataFrame, column: str, default: Any) -> Any:
    value = rows[column].iloc[0] if column in rows else None
    return default if value is None or value != value else value
