"""`locks`: a part of the answer fixed by the analyst."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from sourcing.errors import InputError, hint_near
from sourcing.plan.model.tables import plain_label, refuse_near_names, require_table

if TYPE_CHECKING:
    from sourcing.plan.model.alternatives import Alternatives

COLUMNS = ("process", "option", "wave", "kind")


@dataclass(frozen=True)
class Locks:
    """What the locks leave.

    Attributes
    ----------
    barred : ndarray of bool, shape (n,)
        Alternatives that may not be chosen.
    processes : tuple of int
        Positions of the processes that have a lock, in order.
    """

    barred: np.ndarray
    processes: tuple[int, ...]


def read_locks(locks: object, alternatives: Alternatives) -> Locks:
    """Turn locks into barred alternatives: `bar` sets rows aside, `take` sets the process's other rows aside.

    Parameters
    ----------
    locks : DataFrame or None
        Columns `process`, `option`, `kind` (`take` or `bar`), optional `wave` (blank = every wave).
    alternatives : Alternatives
        What can be locked.

    Raises
    ------
    InputError
        If a kind is neither, or a lock names no alternative.
    """
    barred = np.zeros(len(alternatives.cost), dtype=bool)
    if locks is None:
        return Locks(barred, ())
    frame = require_table(locks, "locks", ["process", "option", "kind"])
    refuse_near_names(frame, "locks", COLUMNS)
    rows_of: dict[Any, dict[tuple[Any, ...], int]] = {}
    for position, key in enumerate(alternatives.keys):
        rows_of.setdefault(key[0], {})[key[1:]] = position
    has_wave = "wave" in alternatives.table.columns
    waves = frame["wave"] if "wave" in frame.columns else [None] * len(frame)
    locked: set[Any] = set()
    for process, option, kind, wave in zip(
        *(map(plain_label, column) for column in (frame["process"], frame["option"], frame["kind"], waves)),
        strict=True,
    ):
        rows = rows_of.get(process)
        if rows is None:
            raise _refuse_lock("process", process, process, rows_of)
        wanted = [
            position
            for rest, position in rows.items()
            if rest[0] == option and (wave is None or (has_wave and rest[1] == wave))
        ]
        if not wanted:
            shown = option if wave is None else f"{option}, wave {wave}"
            raise _refuse_lock("option", shown, process, [rest[0] for rest in rows])
        if kind not in ("take", "bar"):
            raise InputError(
                f"kind must be take or bar; got {kind!r} at locks, process {process!r}. Hint: write one of the two."
            )
        barred[wanted if kind == "bar" else sorted(set(rows.values()) - set(wanted))] = True
        locked.add(process)
    return Locks(barred, tuple(k for k, process in enumerate(alternatives.processes) if process in locked))


def _refuse_lock(column: str, value: Any, process: Any, known: Any) -> InputError:
    return InputError(
        f"a lock must name an alternative; got {column} {value!r} at locks, process {process!r}. "
        f"{hint_near(str(value), known)}"
    )
